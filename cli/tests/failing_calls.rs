//! Each call on a wallet's files fails once, in turn: what is shown is right or the fault has its
//! name, nothing is called damage or "no wallet" that is neither, and afterwards everything is
//! there.
//!
//! Some calls of each command; `VIDIMUS_FAILING_CALLS=all` takes all of them, with more kinds of
//! errors. The C library's calls are replaced with LD_PRELOAD, so it takes Linux and a C compiler,
//! which the build of SQLite takes, too.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::World;

/// Input or output error, no space left, too many open files, permission refused, no locks
/// available.
const ERRORS: [i32; 5] = [5, 28, 24, 13, 37];

/// What each of them may be called beside what any may be: SQLite does not say why a call failed,
/// and opens for reading alone what it cannot open otherwise. A disk that fails once, the first of
/// them, keeps nothing from being shown.
const NAMES: [&str; 5] = [
    "the disk failed",
    "the disk is full",
    "too many files are open",
    "permission for the wallet's files was refused",
    "could not be locked",
];
const ANY: [&str; 3] = [
    "the disk failed",
    "could not be locked",
    "the disk is read-only",
];

/// Words that no failing call may bring about.
const WRONG: [&str; 6] = [
    "damaged",
    "no wallet",
    "had a wallet before",
    "internal fault",
    "holds no license",
    "another device",
];

/// Compiles a helper in C where this test runs.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn build(source: &str, into: &Path, more: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/failing");
    let mut command = Command::new("cc");
    command.arg("-O1").arg("-o").arg(into);
    command.arg(folder.join(source)).args(more);
    assert!(command.status().unwrap().success());
}

/// The calls that are replaced.
fn library(folder: &Path) -> PathBuf {
    let library = folder.join("calls.so");
    build("calls.c", &library, &["-shared", "-fPIC", "-ldl"]);
    library
}

struct Failing {
    library: PathBuf,
    home: PathBuf,
    count: PathBuf,
}

struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[allow(clippy::unwrap_used, reason = "helpers of tests")]
impl Failing {
    /// Runs a command of the wallet, whose call of this number fails; 0 for none.
    fn run(&self, words: &str, call: u64, error: i32) -> Said {
        said(&mut self.command(words, call, error))
    }

    fn command(&self, words: &str, call: u64, error: i32) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vidimus"));
        command
            .args(["wallet", "--home"])
            .arg(&self.home)
            .args(words.split_whitespace())
            .env("LD_PRELOAD", &self.library)
            .env("FAILING_FOLDER", &self.home)
            .env("FAILING_CALL", call.to_string())
            .env("FAILING_ERROR", error.to_string())
            .env("FAILING_COUNT", &self.count)
            .env_remove("VIDIMUS_LOG");
        command
    }

    /// How many calls the command makes where none fails.
    fn calls(&self, words: &str) -> u64 {
        assert_eq!(self.run(words, 0, 0).code, Some(0), "{words}");
        self.counted()
    }

    fn counted(&self) -> u64 {
        let count = std::fs::read_to_string(&self.count).unwrap();
        count.trim().parse().unwrap()
    }

    /// The same wallet in its own folder.
    fn copy(&self, name: &str) -> Self {
        let beside = |path: &Path, end: &str| path.with_file_name(format!("{name}{end}"));
        let home = beside(&self.home, "");
        // One of an earlier call may be there.
        std::fs::remove_dir_all(&home).ok();
        let copied = Command::new("cp")
            .arg("-a")
            .arg(&self.home)
            .arg(&home)
            .status();
        assert!(copied.unwrap().success());
        Self {
            library: self.library.clone(),
            home,
            count: beside(&self.count, ".count"),
        }
    }
}

#[test]
fn whichever_call_on_its_files_fails_a_wallet_shows_what_is_right_or_says_what_failed() {
    let all = std::env::var("VIDIMUS_FAILING_CALLS").is_ok_and(|calls| calls == "all");
    let world = World::start();
    world.enroll("w");
    let failing = Failing {
        library: library(world.folder.path()),
        home: world.path("w"),
        count: world.path("count"),
    };
    let license = world.wallet("w", "list --json").done().json()[0]["id"].clone();
    let id = license.as_str().unwrap();
    let mut tried = 0;
    for (words, right, writes) in [
        ("list", id, false),
        ("status --json", id, false),
        ("show --once --text", "DL", false),
        ("log", "enrolled", false),
        ("refresh --force", "requests", true),
        ("remove", "is removed", true),
    ] {
        let calls = failing.copy("counted").calls(words);
        assert!(calls > 30, "{words}: {calls} calls are watched");
        let some = if writes { 6 } else { 12 };
        let step = if all { 1 } else { calls / some };
        for (kind, error) in ERRORS.into_iter().enumerate() {
            // Each kind of error takes its own calls.
            for call in
                (1 + u64::try_from(kind).unwrap()..=calls).step_by(usize::try_from(step).unwrap())
            {
                let copy = writes.then(|| failing.copy("copied"));
                let said = copy.as_ref().unwrap_or(&failing).run(words, call, error);
                let at = format!(
                    "{words}, call {call}, error {error}: {} {}",
                    said.stdout, said.stderr
                );
                for wrong in WRONG {
                    assert!(
                        !said.stderr.contains(wrong) && !said.stdout.contains("damaged\":[\""),
                        "{at}"
                    );
                }
                assert!(!said.stdout.contains("No licenses yet"), "{at}");
                match said.code {
                    Some(0) => assert!(said.stdout.contains(right), "{at}"),
                    Some(1) => {
                        assert!(kind > 0 || writes, "{at}");
                        assert_eq!(said.stderr.lines().count(), 1, "{at}");
                        let mut names = ANY.into_iter().chain([NAMES[kind]]);
                        assert!(names.any(|name| said.stderr.contains(name)), "{at}");
                    }
                    _ => panic!("{at}"),
                }
                if writes {
                    // All of it was done, or nothing.
                    let after = world.wallet("copied", "status --json").done().json();
                    let held = after["licenses"].as_array().unwrap().len();
                    let expected = usize::from(words != "remove" || said.code != Some(0));
                    assert_eq!(held, expected, "{at}");
                    assert_eq!(after["damaged"], serde_json::json!([]), "{at}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried} calls were tried");
    // Nothing was lost.
    let status = world.wallet("w", "status --json").done().json();
    assert_eq!(status["licenses"][0]["id"], license);
    assert_eq!(status["rolled_back"], false);
    assert_eq!(status["damaged"], serde_json::json!([]));
    world.wallet("w", "log").done();
}

#[test]
fn a_lock_that_is_not_given_back_once_is_not_waited_for_as_if_another_held_it() {
    let world = World::start();
    world.enroll("w");
    let failing = Failing {
        library: library(world.folder.path()),
        home: world.path("w"),
        count: world.path("count"),
    };
    let show = |failing: &Failing, call| {
        let mut command = failing.command("show --once --text", call, 37);
        said(command.env("FAILING_UNLOCKS", "1"))
    };
    let first = failing.copy("first");
    assert_eq!(show(&first, 0).code, Some(0));
    let calls = first.counted();
    assert!(calls > 10, "{calls} calls are watched");
    // Each waits some seconds for the lock, so all wait at once.
    std::thread::scope(|scope| {
        for call in 1..=calls {
            let (world, failing) = (&world, &failing);
            scope.spawn(move || {
                let name = format!("w-{call}");
                let said = show(&failing.copy(&name), call);
                let at = format!("call {call} of {calls}: {}", said.stderr);
                assert!(said.stdout.starts_with("DL"), "{at}");
                assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{at}");
                let log = world.wallet(&name, "log").done().stdout;
                assert!(log.contains("shown"), "{at}: {log}");
            });
        }
    });
}

#[test]
fn a_disk_that_locks_nothing_is_named_and_not_called_another_process() {
    let world = World::start();
    world.enroll("w");
    let program = world.path("no_locks");
    build("no_locks.c", &program, &[]);
    // Permission refused and no locks available: SQLite calls both busy, which it says of another
    // process's lock, too.
    for error in ["13", "37"] {
        let mut command = Command::new(&program);
        command.args([error, env!("CARGO_BIN_EXE_vidimus"), "wallet", "--home"]);
        let said = said(command.arg(world.path("w")).arg("list"));
        if said.code == Some(77) {
            assert!(std::env::var_os("CI").is_none(), "no calls can be refused");
            return;
        }
        assert_eq!(said.code, Some(1), "{}", said.stdout);
        assert!(
            said.stderr.contains("could not be locked"),
            "{}",
            said.stderr
        );
    }
    world.wallet("w", "list").done();
}
