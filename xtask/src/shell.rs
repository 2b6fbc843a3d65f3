//! Starting other programs. None of them reads from the terminal.

use crate::workspace::root;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

/// A program that runs in the workspace's folder and reads no input.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    // What cargo says of this program to it alone. A build script that looks at such a name, as
    // ring's does, would run again, with all that hangs on it, each time that a build is started by
    // hand and then from here.
    for (name, _) in std::env::vars_os() {
        if is_of_one_package(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    // Cargo lets the programs that it runs find libraries in its own folders. A JVM would load the
    // library built for tests from there, in place of the one that ships in its jar.
    if let Some(folders) = std::env::var_os(LIBRARY_PATH) {
        let theirs = without_ours(&folders, &built_in());
        if theirs.is_empty() {
            command.env_remove(LIBRARY_PATH);
        } else {
            command.env(LIBRARY_PATH, theirs);
        }
    }
    command
}

/// Where the system's loader, and JNA, look for libraries first.
const LIBRARY_PATH: &str = "LD_LIBRARY_PATH";

/// The folder in which cargo has built this program and the libraries for tests.
fn built_in() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().and_then(Path::parent);
    folder.map(Path::to_path_buf).unwrap_or_else(root)
}

/// A list of folders without those below `target`.
fn without_ours(folders: &OsStr, target: &Path) -> OsString {
    let theirs = std::env::split_paths(folders).filter(|folder| !folder.starts_with(target));
    std::env::join_paths(theirs).unwrap_or_default()
}

/// Whether cargo sets this variable for the program that it runs, by the package that it is of.
fn is_of_one_package(variable: &str) -> bool {
    [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
    ]
    .iter()
    .any(|start| variable.starts_with(start))
}

/// The cargo that runs this, with arguments that blanks separate.
pub(crate) fn cargo(arguments: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = program(cargo);
    command.args(arguments.split_whitespace());
    command
}

/// Says in a line what comes next, with the time since the start, and the processor's time of all
/// that ended by now: two lines tell what a step took, on a busy machine too.
pub(crate) fn say(line: &str) {
    static START: OnceLock<Instant> = OnceLock::new();
    let passed = START.get_or_init(Instant::now).elapsed().as_secs();
    let used = fs::read_to_string("/proc/self/stat").ok();
    let used = used.and_then(|stat| processor_seconds(&stat));
    let used = used.map(|seconds| format!(", processor {}", minutes(seconds)));
    eprintln!(
        "xtask {}{}: {line}",
        minutes(passed),
        used.unwrap_or_default()
    );
}

fn minutes(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// What the children of a process used that it has waited for, of its line in `/proc`: the fields
/// `cutime` and `cstime` of proc(5), in ticks, of which Linux has 100 a second.
fn processor_seconds(stat: &str) -> Option<u64> {
    // The name of the program is in parentheses and may hold blanks.
    let (_, behind_the_name) = stat.rsplit_once(')')?;
    let mut fields = behind_the_name.split_whitespace().skip(13);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100)
}

/// What was made, or nothing: then the reason is said.
pub(crate) fn said<T>(made: Result<T, String>) -> Option<T> {
    made.map_err(|why| say(&why)).ok()
}

/// Runs to the end, with its output where ours goes.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// Runs to the end in silence.
pub(crate) fn succeeds_silently(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// What it writes to stdout, where it succeeds.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

/// Runs to the end; passes each line of stdout on and shows it to `each`.
pub(crate) fn stream(command: &mut Command, mut each: impl FnMut(&str)) -> bool {
    let Ok(mut child) = command.stdout(Stdio::piped()).spawn() else {
        return false;
    };
    if let Some(stdout) = child.stdout.take() {
        let mut ours = std::io::stdout().lock();
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            // The reader of our output may have gone; the child is still waited for.
            let _ = ours.write_all(&line).and_then(|()| ours.write_all(b"\n"));
            let _ = ours.flush();
            each(&String::from_utf8_lossy(&line));
        }
    }
    child.wait().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_nothing_of_this_package_and_all_that_the_caller_set() {
        assert!(is_of_one_package("CARGO_PKG_NAME") && is_of_one_package("CARGO_MANIFEST_DIR"));
        assert!(!is_of_one_package("CARGO_HOME") && !is_of_one_package("CARGO_TARGET_DIR"));
        let said = output(program("env").env("VIDIMUS_CACHE", "x")).unwrap();
        assert!(!said.contains("CARGO_PKG_NAME="), "{said}");
        assert!(said.contains("VIDIMUS_CACHE=x"), "{said}");
    }

    #[test]
    fn a_program_finds_no_library_in_the_folders_of_cargo() {
        let folders = "/house/target/debug/deps:/opt/lib:/house/target/debug";
        let theirs = without_ours(folders.as_ref(), Path::new("/house/target"));
        assert_eq!(theirs, "/opt/lib");
        let none = without_ours("/house/target/debug".as_ref(), Path::new("/house/target"));
        assert!(none.is_empty());
        let said = output(&mut program("env")).unwrap();
        let ours = built_in().display().to_string();
        let path = said
            .lines()
            .find(|line| line.starts_with("LD_LIBRARY_PATH="));
        assert!(!path.is_some_and(|path| path.contains(&ours)), "{path:?}");
    }

    #[test]
    fn the_processor_time_of_ended_children_is_read() {
        let line = "7 (a ) b) S 1 7 7 0 -1 4194560 1 2 3 4 10 20 30000 605 20 0 1 0 9 8 7";
        assert_eq!(processor_seconds(line), Some(306));
        assert_eq!(processor_seconds("7 (cut) S 1"), None);
        assert_eq!(minutes(306), "5:06");
    }
}
