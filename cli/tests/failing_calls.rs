//! Each call on a wallet's files fails once, in turn: what is shown is right or the fault has its name, nothing is called
//! damage or "no wallet" that is neither, and afterwards everything is there.
//!
//! Some calls of each command; `VIDIMUS_FAILING_CALLS=all` takes all of them, with more kinds of errors. The C library's
//! calls are replaced with LD_PRELOAD, so it takes Linux and a C compiler, which the build of SQLite takes, too.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::World;

/// Input or output error, no space left, too many open files, permission refused, no locks available.
const ERRORS: [i32; 5] = [5, 28, 24, 13, 37];

/// What each of them may be called beside what any may be: SQLite does not say why a call failed, opens for reading alone
/// what it cannot open otherwise, and takes a lock that could not be given back for another process's.
const NAMES: [&str; 5] = [
    "the disk failed",
    "the disk is full",
    "too many files are open",
    "permission for the wallet's files was refused",
    "could not be locked",
];
const ANY: [&str; 4] = [
    "the disk failed",
    "could not be locked",
    "the disk is read-only",
    "another process is using the vault",
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

/// The calls that are replaced, compiled where this test runs.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn library(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/failing/calls.c");
    let library = folder.join("calls.so");
    let built = Command::new("cc")
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .status()
        .unwrap();
    assert!(built.success());
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

#[allow(clippy::unwrap_used, reason = "helpers of tests")]
impl Failing {
    /// Runs a command of the wallet, whose call of this number fails; 0 for none.
    fn run(&self, words: &str, call: u64, error: i32) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_vidimus"))
            .args(["wallet", "--home"])
            .arg(&self.home)
            .args(words.split_whitespace())
            .env("LD_PRELOAD", &self.library)
            .env("FAILING_FOLDER", &self.home)
            .env("FAILING_CALL", call.to_string())
            .env("FAILING_ERROR", error.to_string())
            .env("FAILING_COUNT", &self.count)
            .env_remove("VIDIMUS_LOG")
            .output()
            .unwrap();
        Said {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// How many calls the command makes where none fails.
    fn calls(&self, words: &str) -> u64 {
        assert_eq!(self.run(words, 0, 0).code, Some(0), "{words}");
        let count = std::fs::read_to_string(&self.count).unwrap();
        count.trim().parse().unwrap()
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
    for (words, right) in [
        ("list", id),
        ("status --json", id),
        ("show --once --text", "DL"),
    ] {
        let calls = failing.calls(words);
        assert!(calls > 30, "{words}: {calls} calls are watched");
        let step = if all { 1 } else { calls / 12 };
        for (kind, error) in ERRORS.into_iter().enumerate() {
            // Each kind of error takes calls of its own.
            for call in
                (1 + u64::try_from(kind).unwrap()..=calls).step_by(usize::try_from(step).unwrap())
            {
                let said = failing.run(words, call, error);
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
                        assert_eq!(said.stderr.lines().count(), 1, "{at}");
                        let mut names = ANY.into_iter().chain([NAMES[kind]]);
                        assert!(names.any(|name| said.stderr.contains(name)), "{at}");
                    }
                    _ => panic!("{at}"),
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
