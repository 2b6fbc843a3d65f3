//! Starting other programs. None of them reads from the terminal.

use crate::folders::root;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// A program that runs in the workspace's folder and asks nobody.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = program(cargo);
    command.args(arguments);
    command
}

/// Says in a line what comes next.
pub(crate) fn say(line: &str) {
    eprintln!("xtask: {line}");
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
            // Whoever listened to us may have gone; the child is still waited for.
            let _ = ours.write_all(&line).and_then(|()| ours.write_all(b"\n"));
            let _ = ours.flush();
            each(&String::from_utf8_lossy(&line));
        }
    }
    child.wait().is_ok_and(|status| status.success())
}
