//! What the README's "By hand" and "Checking a license" say, line by line, as somebody would type
//! it.

use super::{Tree, readme};
use crate::shell::{say, succeeds_silently};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Where the authority of the README listens.
const AUTHORITY: &str = "127.0.0.1:8080";

/// How long it may take to listen.
const START: Duration = Duration::from_secs(30);

/// How long the license is shown, in seconds: two codes.
const SHOWING: &str = "timeout --foreground --signal=INT 13";

/// The programs that the first line builds.
const PROGRAMS: &str = "export PATH=\"$PWD/target/release:$PATH\"; ";

/// An authority that serves until this is dropped.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Types each line; what a line asks for that only an earlier one knows, the offer and its code, is
/// put into it.
///
/// # Errors
/// The first line that failed.
pub(super) fn run(tree: &Tree, text: &str) -> Result<(), String> {
    if TcpStream::connect(AUTHORITY).is_ok() {
        return Err(format!(
            "something listens at {AUTHORITY} already, where the README's authority would"
        ));
    }
    let mut served = None;
    let (mut offer, mut code) = (String::new(), String::new());
    for line in readme::lines(text, "By hand") {
        say(line);
        if line.contains(" serve ") {
            served = Some(serve(tree, line)?);
        } else if line.ends_with(" show") {
            shown(tree, line)?;
        } else {
            let line = line
                .replace("openid-credential-offer://…", &offer)
                .replace("123456", &code);
            let said = typed(tree, &line)?;
            if line.contains(" license add ") {
                offer = word(&said, |word| word.starts_with("openid-credential-offer://"))?;
                code = word(&said, |word| {
                    word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit())
                })?;
            }
        }
    }
    check(tree, text)?;
    for command in readme::subcommands(text) {
        typed(
            tree,
            &format!("vidimus authority --home auth {command} --help"),
        )?;
    }
    drop(served);
    Ok(())
}

/// Checks the license as the README does; each line has to accept it.
fn check(tree: &Tree, text: &str) -> Result<(), String> {
    // What a clerk has changed since, the phone fetches.
    typed(tree, "vidimus wallet --home phone refresh --force")?;
    typed(
        tree,
        "vidimus wallet --home phone show --once --png photo.png",
    )?;
    let token = typed(tree, "vidimus wallet --home phone show --once --text")?;
    let token = token.trim();
    typed(
        tree,
        &format!("echo '{{\"text\": \"{token}\"}}' > tokens.ndjson"),
    )?;
    for line in readme::lines(text, "Checking a license") {
        say(line);
        typed(tree, &line.replace("DL1:…", token))?;
    }
    Ok(())
}

fn typed(tree: &Tree, line: &str) -> Result<String, String> {
    let output = tree
        .line(&format!("{PROGRAMS}{line}"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("bash: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(format!("{line}: {}\n{said}", output.status))
    }
}

fn serve(tree: &Tree, line: &str) -> Result<Served, String> {
    let child = tree
        .line(&format!("{PROGRAMS}exec {line}"))
        .stdout(Stdio::null())
        .spawn();
    let mut served = Served(child.map_err(|error| format!("bash: {error}"))?);
    let start = Instant::now();
    while TcpStream::connect(AUTHORITY).is_err() {
        if start.elapsed() > START || served.0.try_wait().is_ok_and(|ended| ended.is_some()) {
            return Err(format!("{line}: nothing listens at {AUTHORITY}"));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(served)
}

/// Shows the license for two codes, then presses Ctrl-C.
fn shown(tree: &Tree, line: &str) -> Result<(), String> {
    // In a separate terminal, for elsewhere it is one code; `timeout` tells by 124 that it was
    // the one who pressed.
    let pressed = format!(
        "{PROGRAMS}script --quiet --return --command \"{SHOWING} {line}\" /dev/null; test $? -eq 124"
    );
    if succeeds_silently(&mut tree.line(&pressed)) {
        Ok(())
    } else {
        Err(format!("{line}: it ended before Ctrl-C was pressed"))
    }
}

fn word(said: &str, is: impl Fn(&str) -> bool) -> Result<String, String> {
    said.split(|letter: char| letter.is_whitespace() || letter == '\'')
        .find(|word| is(word))
        .map(str::to_owned)
        .ok_or_else(|| format!("no offer, or no code, in:\n{said}"))
}
