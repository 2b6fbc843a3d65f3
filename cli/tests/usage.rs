//! Wrong usage, help, and bad input: one exit code each, one clear line, never a backtrace.

mod support;

use support::{line, run};

#[test]
fn help_and_version_are_answers() {
    for words in [
        "--help",
        "--version",
        "help wallet",
        "wallet show --help",
        "verify --help",
        "demo --help",
        "authority license add --help",
    ] {
        let run = line(words).done();
        assert!(!run.stdout.is_empty(), "{words}");
    }
}

#[test]
fn wrong_usage_is_64_in_one_line_and_never_2() {
    for words in [
        "nonsense",
        "--nonsense",
        "demo --nonsense",
        "verify",
        "verify --root a --trust b",
        "verify --rooot a --trust b c",
        "verify --root a --trust b c d",
        "verify --root a --trust b --image c d",
        "verify --root a --trust b --now soon c",
        "verify --root a --trust b --now 253402300800 c",
        "verify --root a --trust b --now -1 c",
        "verify --root a --trust b --challenge 00 c",
        "verify --root a --trust b --reader r c",
        "verify --root a --trust b --challenge 3132333435363738 --reader r c",
        "verify --root a --trust b --challenge 3132333435363738 --reader dl1:me c",
        "verify --root a --trust b --challenge 31323334353637 --reader dl1:code c",
        "verify --root a --trust b --challenge 313233343536373x --reader dl1:code c",
        "verify --root a --trust b --challenge 313233343536370a --reader dl1:code c",
        "verify --root a --trust b --challenge 00112233445566778899aabbccddeeff --reader dl1:code c",
        "verify --root a --trust b --challenge 00112233445566778899aabbccddeeff --reader dl1:me c",
        "verify --root a --trust b --batch c",
        "verify --root a --trust b --batch --image c",
        "verify --root a --trust b --batch --challenge 3132333435363738 --reader dl1:code",
        "verify --root a --trust b --category NINECHARS c",
        "challenge --reader dl1:me",
        "wallet list",
        "wallet --home h init",
        "wallet --home h enroll",
        "wallet --home h remove a b",
        "wallet --home h show a b",
        "wallet --home h list --nonsense",
        "authority init",
        "authority --home h serve --listen nowhere",
        "authority --home h license add",
        "authority --home h license",
        "authority --home h status set id sleepy",
        "authority --home h status set id unknown",
    ] {
        let run = line(words);
        if words.ends_with("license") {
            assert_eq!(run.code, 64, "a group alone shows its help");
            continue;
        }
        let said = run.refused(64);
        assert!(said.len() > 30, "{words}: {said}");
    }
    assert_eq!(line("").code, 64);
    run(["challenge", "--reader", ""]).refused(64);
    run(["challenge", "--reader", "two\nlines"]).refused(64);
}

#[test]
fn a_mistyped_option_is_answered_with_the_right_one() {
    let run = line("verify --rooot a --trust b c");
    assert!(
        run.refused(64)
            .contains("a similar argument exists: '--root'")
    );
}

#[test]
fn what_cannot_be_read_is_65_and_what_is_not_there_is_1() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "{").unwrap();
    let file = file.to_str().unwrap();

    let missing = line("verify --root /no/such --trust /no/such x");
    assert!(missing.refused(65).contains("/no/such"));
    line(&format!("verify --root {file} --trust {file} x")).refused(65);
    line(&format!("verify --root {home} --trust {file} x")).refused(65);
    line(&format!(
        "wallet --home {home}/w init --root {file} --authority http://127.0.0.1:1"
    ))
    .refused(65);
    line(&format!("wallet --home {home}/w list")).refused(1);
    line(&format!("authority --home {home}/a license list")).refused(1);
    line(&format!(
        "authority --home {home}/a init --issuer http://a.example"
    ))
    .refused(65);
    line(&format!("authority --home {home}/a init --country germany")).refused(65);

    line(&format!("authority --home {home}/a init")).done();
    line(&format!("authority --home {home}/a init")).refused(1);
    line(&format!(
        "authority --home {home}/a license add --file {file} --portrait {file}"
    ))
    .refused(65);
    line(&format!(
        "authority --home {home}/a license add --file /no/such --portrait {file}"
    ))
    .refused(65);
    line(&format!(
        "authority --home {home}/a status set 0011223344556677 valid"
    ))
    .refused(65);

    let root = format!("{home}/a/root.cose");
    line(&format!(
        "wallet --home {home}/w init --root {root} --authority http://a.example"
    ))
    .refused(65);
    line(&format!(
        "wallet --home {home}/w init --root {root} --authority nonsense"
    ))
    .refused(65);
    for behind in [
        "/?a=b",
        "/#top",
        "/trust",
        "/.well-known/openid-credential-issuer",
    ] {
        let said = line(&format!(
            "wallet --home {home}/w init --root {root} --authority http://127.0.0.1:1{behind}"
        ));
        assert!(said.refused(65).contains("endpoint"), "{}", said.stderr);
    }
    line(&format!(
        "wallet --home {home}/w init --root {root} --authority http://127.0.0.1:1"
    ))
    .done();
    line(&format!(
        "wallet --home {home}/w init --root {root} --authority http://127.0.0.1:1"
    ))
    .refused(1);
    line(&format!("wallet --home {home}/w show --once")).refused(1);
    line(&format!("wallet --home {home}/w show nobody --once")).refused(65);
    line(&format!("wallet --home {home}/w show --once --text --json")).refused(64);
    line(&format!("wallet --home {home}/w remove nobody")).refused(65);
    line(&format!("wallet --home {home}/w enroll nonsense")).refused(65);
    assert_eq!(
        line(&format!("wallet --home {home}/w list --json"))
            .done()
            .json(),
        serde_json::json!([])
    );
}

#[test]
fn neither_kind_of_home_is_made_in_the_others_folder() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    line(&format!("authority --home {home}/a init")).done();
    let init = format!("init --root {home}/a/root.cose --authority http://127.0.0.1:1");
    line(&format!("wallet --home {home}/w {init}")).done();
    let said = line(&format!("wallet --home {home}/a {init}"));
    assert!(said.refused(1).contains("holds an authority"));
    let said = line(&format!("authority --home {home}/w init"));
    assert!(said.refused(1).contains("holds a wallet"));
    line(&format!("wallet --home {home}/w list")).done();
    line(&format!("authority --home {home}/a license list")).done();

    // The root's public key alone makes no authority of a folder.
    std::fs::create_dir(folder.path().join("own")).unwrap();
    std::fs::copy(
        folder.path().join("a/root.cose"),
        folder.path().join("own/root.cose"),
    )
    .unwrap();
    let init = format!("init --root {home}/own/root.cose --authority http://127.0.0.1:1");
    line(&format!("wallet --home {home}/own {init}")).done();
    let again = line(&format!("wallet --home {home}/own {init}"));
    assert!(!again.refused(1).contains("holds an authority"));
}

#[cfg(unix)]
#[test]
fn keys_that_others_may_read_are_named_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().to_str().unwrap();
    line(&format!("authority --home {home}/a init")).done();
    let init = format!("init --root {home}/a/root.cose --authority http://127.0.0.1:1");
    line(&format!("wallet --home {home}/w {init}")).done();
    let key = folder.path().join("w/keys/wrapping.key");
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let list = line(&format!("wallet --home {home}/w list"));
    assert!(list.refused(1).contains("chmod"), "{}", list.stderr);

    let file = line(&format!("wallet --home {home}/a/root.cose/w {init}"));
    assert!(file.refused(1).contains("--home"), "{}", file.stderr);
}

#[test]
fn a_challenge_is_16_bytes_for_a_reader_and_8_digits_without_one() {
    let digits = line("challenge --json").done().json();
    assert_eq!(digits["text"], serde_json::Value::Null);
    assert_eq!(digits["reader"], "dl1:code");
    let cnonce = digits["cnonce"].as_str().unwrap();
    assert_eq!(cnonce.len(), 16);
    assert!(
        cnonce
            .as_bytes()
            .chunks(2)
            .all(|pair| pair[0] == b'3' && pair[1].is_ascii_digit())
    );

    let asked = run(["--json", "challenge", "--reader", "Patrol 7"])
        .done()
        .json();
    assert_eq!(asked["reader"], "Patrol 7");
    assert_eq!(asked["cnonce"].as_str().unwrap().len(), 32);
    assert!(asked["text"].as_str().unwrap().starts_with("DLQ1:"));

    let drawn = run(["challenge", "--reader", "Patrol 7"]).done();
    assert!(drawn.stdout.contains('\u{2580}') && drawn.stdout.contains("DLQ1:"));
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_vidimus"))
        .arg("--help")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn a_story_that_nobody_reads_ends() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_vidimus"))
        .args(["demo", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = std::time::Instant::now();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    assert!(begun.elapsed().as_secs() < 8, "it went on");
}
