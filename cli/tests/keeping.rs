//! What a wallet says of itself where its files are older, gone, refused, or open to others, and
//! where the system gives it too little.

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;
use support::{World, run};

#[allow(clippy::unwrap_used, reason = "helpers of tests")]
fn copy(from: &Path, to: &Path) {
    fs::remove_dir_all(to).ok();
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn an_older_copy_of_a_wallet_is_named_wherever_its_licenses_are_listed() {
    let world = World::start();
    let added = world.add();
    world.init("w").done();
    let vault = world.path("w/vault");
    let (bare, older) = (world.path("bare"), world.path("older"));
    copy(&vault, &bare);
    let (offer, code) = (
        added["offer"].as_str().unwrap(),
        added["tx_code"].as_str().unwrap(),
    );
    world
        .wallet("w", &format!("enroll {offer} --tx-code {code}"))
        .done();
    let sound = world.wallet("w", "list --json").done().json();
    assert_eq!(
        (&sound[0]["rolled_back"], &sound[0]["problem"]),
        (&json!(false), &json!(null))
    );
    copy(&vault, &older);
    // The end of a showing raises the anchor.
    world.wallet("w", "show --once --text").done();
    let whole = world.wallet("w", "log --json").done().json();

    // With a license: the list goes on, and says so.
    copy(&older, &vault);
    let listed = world.wallet("w", "list").done().stdout;
    assert!(listed.contains("older copy"), "{listed}");
    let listed = world.wallet("w", "list --json").done().json();
    assert_eq!(listed[0]["rolled_back"], true);
    assert!(
        listed[0]["problem"]
            .as_str()
            .unwrap()
            .contains("older copy")
    );
    let status = world.wallet("w", "status --json").done().json();
    assert_eq!(status["licenses"][0]["problem"], listed[0]["problem"]);
    // The log has lost its end, and says so; who shows the license learns why its status is
    // unknown.
    for words in ["log", "log --json", "show --once --text"] {
        let shown = world.wallet("w", words);
        assert_eq!(shown.code, 0, "{words}: {}", shown.stderr);
        assert!(shown.stderr.contains("older copy"), "{words}");
    }
    copy(&older, &vault);
    let listed = world.wallet("w", "log --json").json();
    assert!(listed.as_array().unwrap().len() < whole.as_array().unwrap().len());

    // Without: "no licenses yet" would be wrong, also once a trust list was fetched.
    copy(&bare, &vault);
    for _ in 0..2 {
        let refused = world.wallet("w", "list");
        assert!(
            !refused.stdout.contains("No licenses"),
            "{}",
            refused.stdout
        );
        let said = refused.refused(1);
        assert!(said.contains("license that is missing"), "{said}");
        let said = world.wallet("w", "show --once").refused(1).to_owned();
        assert!(said.contains("license that is missing"), "{said}");
        let listed = world.wallet("w", "list --json");
        assert_eq!((listed.code, listed.json()), (1, json!([])));
        let said = world.wallet("w", "status").done().stdout;
        assert!(
            said.contains("license that is missing") && !said.contains("none yet"),
            "{said}"
        );
        world.wallet("w", "refresh --force").done();
    }
}

#[test]
fn a_wallet_whose_vault_is_gone_is_damaged_and_none_is_made_over_it() {
    let world = World::start();
    world.enroll("w");
    let file = world.path("w/vault/wallet.sqlite");
    let whole = fs::read(&file).unwrap();
    for (what, left) in [
        ("deleted", None),
        ("emptied", Some(&whole[..0])),
        ("cut", Some(&whole[..60])),
    ] {
        match left {
            None => fs::remove_file(&file).unwrap(),
            Some(left) => fs::write(&file, left).unwrap(),
        }
        for words in ["list", "show --once", "status"] {
            let said = world.wallet("w", words).refused(1).to_owned();
            assert!(
                said.contains("damaged") && !said.contains("init"),
                "{what}: {said}"
            );
        }
        let said = world.init("w").refused(1).to_owned();
        assert!(
            said.contains("damaged") || said.contains("already"),
            "{what}: {said}"
        );
        assert_eq!(fs::read(&file).ok().as_deref(), left, "{what}");
        fs::write(&file, &whole).unwrap();
    }
    world.wallet("w", "show --once --text").done();
    // The whole folder, as a careless hand deletes it.
    fs::remove_dir_all(world.path("w/vault")).unwrap();
    let said = world.wallet("w", "list").refused(1).to_owned();
    assert!(said.contains("damaged"), "{said}");
}

#[test]
fn a_home_that_all_may_write_to_is_set_right() {
    let world = World::start();
    world.enroll("w");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let set = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    for (home, database) in [
        ("w", "w/vault/wallet.sqlite"),
        ("authority", "authority/authority.sqlite"),
    ] {
        let (home, database) = (world.path(home), world.path(database));
        set(&home, 0o777);
        set(&database, 0o666);
        world.wallet("w", "list").done();
        world.authority("license list").done();
        assert_eq!(mode(&home) & 0o022, 0, "{}", home.display());
        assert_eq!(mode(&database), 0o600, "{}", database.display());
    }
}

/// Runs `vidimus` under limits of the shell's, and says how it ended and how long it took.
#[allow(clippy::unwrap_used, reason = "helpers of tests")]
fn limited(limits: &str, arguments: &[&str]) -> (Option<i32>, String, String, Duration) {
    let begun = Instant::now();
    let output = Command::new("sh")
        .args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_vidimus"))
        .args(arguments)
        .env_remove("VIDIMUS_LOG")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
        begun.elapsed(),
    )
}

#[test]
fn a_limit_that_is_too_low_is_named_and_neither_hangs_nor_panics_nor_kills() {
    let world = World::start();
    world.enroll("w");
    let home = world.path("w");
    let home = home.to_str().unwrap();
    let list = ["wallet", "--home", home, "list"];
    let show = ["wallet", "--home", home, "show", "--once", "--text"];

    // The first thread's stack, in KiB.
    for kibibytes in [64, 100, 200, 1024] {
        let (code, out, said, _) = limited(&format!("ulimit -Ss {kibibytes}"), &show);
        let at = format!("{kibibytes} KiB of stack: {code:?} {out} {said}");
        match code {
            Some(0) => assert!(said.is_empty() && kibibytes > 200, "{at}"),
            Some(1) => assert!(said.contains("not enough memory"), "{at}"),
            _ => panic!("{at}"),
        }
    }

    // Files that may be open. Below four not even the program's own libraries are loaded.
    for files in 5..24 {
        for arguments in [&list[..], &show[..]] {
            let (code, out, said, _) = limited(&format!("ulimit -n {files}"), arguments);
            let at = format!("{files} files, {arguments:?}: {out} {said}");
            match code {
                Some(0) => assert!(said.is_empty(), "{at}"),
                Some(1) => assert!(
                    said.contains("too many files are open") && said.lines().count() == 1,
                    "{at}"
                ),
                _ => panic!("{at}"),
            }
        }
    }

    // The size of files, in blocks of 512 bytes: the frame is not lost, and what could not be kept
    // is named.
    let authority = world.path("authority");
    let authority = authority.to_str().unwrap();
    for blocks in [0, 1, 8, 16, 60] {
        let limits = format!("ulimit -f {blocks}");
        let (code, out, said, _) = limited(&limits, &show);
        let at = format!("{blocks} blocks: {code:?} {out} {said}");
        assert!(out.starts_with("DL"), "{at}");
        assert!(
            code == Some(0) || (code == Some(1) && said.contains("limit")),
            "{at}"
        );
        let settings = [
            "authority",
            "--home",
            authority,
            "settings",
            "--devices",
            "3",
        ];
        let (code, _, said, _) = limited(&limits, &settings);
        assert!(
            code == Some(0) || (code == Some(1) && said.starts_with("vidimus: ")),
            "{blocks} blocks: {code:?} {said}"
        );
    }
    world.wallet("w", "status").done();
    run(list).done();
}

/// Whether the system's loader finds room for the program and its libraries: then the program's own
/// first line is reached. Asked so, the loader says which libraries it has loaded, and ends.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn is_loaded(limits: &str) -> bool {
    let asked = Command::new("sh")
        .args([
            "-c",
            &format!("{limits}; exec env LD_TRACE_LOADED_OBJECTS=1 \"$0\""),
        ])
        .arg(env!("CARGO_BIN_EXE_vidimus"))
        .output()
        .unwrap();
    asked.status.success()
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn too_little_memory_is_named_wherever_the_program_is_started_at_all() {
    let world = World::start();
    world.enroll("w");
    let home = world.path("w");
    let list = ["wallet", "--home", home.to_str().unwrap(), "list"];
    let (mut named, mut done) = (0, 0);
    // In quarters of a MiB up to where there is enough.
    for kibibytes in (4_096..131_072).step_by(256) {
        let limits = format!("ulimit -v {kibibytes}");
        let (code, out, said, took) = limited(&limits, &list);
        let at = format!("{kibibytes} KiB: {code:?} {out} {said}");
        assert!(took < Duration::from_secs(20), "{at}");
        match code {
            Some(0) => {
                assert!(said.is_empty(), "{at}");
                done += 1;
            }
            Some(1) => {
                assert!(
                    said.contains("not enough memory") && said.lines().count() == 1,
                    "{at}"
                );
                named += 1;
            }
            // The system ends a program that it cannot map; the loader says which library it
            // cannot.
            Some(127) | None if !is_loaded(&limits) => {
                assert!(out.is_empty() && !said.starts_with("vidimus: "), "{at}");
            }
            // Rust's runtime, before the program's first line: in some 16 KiB between the two.
            None => assert!(said.contains("alternative stack"), "{at}"),
            _ => panic!("{at}"),
        }
        if done > 8 {
            break;
        }
    }
    assert!(named > 40 && done > 8, "{named} {done}");
}

/// Root is not counted, so it becomes someone else, who may open all files. `None` where there is
/// no way to.
#[cfg(target_os = "linux")]
fn with_threads(threads: u32, arguments: &[&str]) -> Option<(Option<i32>, String)> {
    let mut command = Command::new("setpriv");
    if rustix::process::geteuid().is_root() {
        let rights = "+dac_override";
        command.args(["--reuid", "64271", "--clear-groups"]);
        command.args(["--inh-caps", rights, "--ambient-caps", rights]);
    }
    command.args(["prlimit", &format!("--nproc={threads}")]);
    command.arg(env!("CARGO_BIN_EXE_vidimus")).args(arguments);
    match command.env_remove("VIDIMUS_LOG").output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            assert!(std::env::var_os("CI").is_none(), "there is no setpriv");
            None
        }
        ended => {
            let ended = ended.ok()?;
            Some((ended.status.code(), String::from_utf8(ended.stderr).ok()?))
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn threads_that_cannot_be_started_are_named_and_nothing_waits_for_them() {
    let world = World::start();
    world.enroll("w");
    let home = world.path("w");
    let home = ["wallet", "--home", home.to_str().unwrap()];
    for words in ["list", "show --once --text", "refresh --force"] {
        let arguments: Vec<_> = home.into_iter().chain(words.split(' ')).collect();
        // With the first one it is one less than needed at most.
        for threads in 1..5 {
            let Some((code, said)) = with_threads(threads, &arguments) else {
                return;
            };
            let at = format!("{threads} threads, {words}: {said}");
            assert_eq!(code, Some(1), "{at}");
            assert!(
                said.contains("no more threads") && said.lines().count() == 1,
                "{at}"
            );
        }
    }
}
