//! A window that opens on a screen without a monitor: whether something is drawn in it.

use super::Tree;
use crate::apt;
use crate::files::At;
use crate::folders::target;
use crate::shell::program;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A screen without a monitor.
const SERVER: [(&str, &str); 1] = [("/usr/bin/Xvfb", "xvfb")];

/// How long building and drawing may take: twice what two slow cores need for the first time, when
/// every crate is compiled and Maven fetches libraries.
const AT_MOST: Duration = Duration::from_secs(1800);

/// How long a window may take to end when its screen has gone.
const END: Duration = Duration::from_secs(30);

/// Colors on a screen on which words stand: letters have soft edges. An empty window has one or
/// two.
const COLORS: usize = 64;

/// Ends with what it holds, and all that it started: a compiler that goes on would write into the
/// tree behind the next command's back.
pub(super) struct Running(pub(super) Child);

impl Running {
    pub(super) fn start(command: &mut Command) -> Result<Self, String> {
        let child = command.process_group(0).spawn();
        let name = command.get_program().display().to_string();
        child.map(Self).map_err(|error| format!("{name}: {error}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            let kill = format!("kill -KILL -- -{}", self.0.id());
            let _ = program("bash").args(["-c", &kill]).status();
        }
        let _ = self.0.wait();
    }
}

/// Opens the app on a separate screen, waits until words are drawn, and takes the screen away.
///
/// # Errors
/// What lacks, or that nothing was drawn.
pub(super) fn look(tree: &Tree) -> Result<(), String> {
    apt::install_what_lacks(&SERVER, "a screen without a monitor")?;
    let folder = target().join("fresh/screen");
    fs::create_dir_all(&folder).at(&folder)?;
    let pixels = folder.join("Xvfb_screen0");
    let mut server = program("Xvfb");
    server.args("-displayfd 1 -screen 0 1280x960x24 -nolisten tcp -fbdir".split(' '));
    server.arg(&folder).stdout(Stdio::piped());
    server.stderr(Stdio::null());
    let mut server = Running::start(&mut server)?;
    let display = first_line(&mut server.0)?;
    let mut app = tree.line("exec cargo xtask app");
    app.env("DISPLAY", format!(":{display}"));
    let mut app = Running::start(&mut app)?;
    let start = Instant::now();
    let drawn = loop {
        thread::sleep(Duration::from_secs(1));
        if let Ok(Some(status)) = app.0.try_wait() {
            break Err(format!("it ended before a window was drawn, with {status}"));
        }
        if colors(&pixels) >= COLORS {
            break Ok(());
        }
        if start.elapsed() > AT_MOST {
            break Err(format!(
                "no window with words in it after {} s",
                AT_MOST.as_secs()
            ));
        }
    };
    // What was seen stays to be looked at.
    let _ = fs::copy(&pixels, folder.join("window.xwd"));
    drop(server);
    // Without a window the command is at something else, and its end says nothing.
    drawn?;
    let gone = Instant::now();
    while app.0.try_wait().is_ok_and(|ended| ended.is_none()) {
        if gone.elapsed() > END {
            return Err("it does not end when its screen has gone".to_owned());
        }
        thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn first_line(server: &mut Child) -> Result<String, String> {
    let mut line = String::new();
    if let Some(stdout) = server.stdout.take() {
        BufReader::new(stdout)
            .read_line(&mut line)
            .map_err(|error| format!("Xvfb: {error}"))?;
    }
    let line = line.trim();
    if line.is_empty() {
        Err("Xvfb names no display".to_owned())
    } else {
        Ok(line.to_owned())
    }
}

/// How many colors a screen has. Its file is a header and then four bytes a pixel.
fn colors(pixels: &Path) -> usize {
    let bytes = fs::read(pixels).unwrap_or_default();
    let distinct: BTreeSet<&[u8]> = bytes.chunks_exact(4).skip(1024).collect();
    distinct.len()
}
