//! The commands of a clerk by the office's address: the program against its own server.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use support::{Run, World, command, run};

const ROLES: [&str; 6] = ["clerk", "officer", "judge", "chief", "auditor", "system"];

/// A served authority with an office, and a user of each role, whose name is the role's.
struct Office {
    world: World,
}

impl Office {
    fn open() -> Self {
        Self::with("--office 127.0.0.1:0")
    }

    fn with(more: &str) -> Self {
        let world = World::start_with(more);
        let office = Self { world };
        for role in ROLES {
            office.user(role, role);
        }
        office
    }

    /// Another user, with a token in a file of the same name.
    fn user(&self, name: &str, role: &str) {
        let world = &self.world;
        world
            .authority(&format!("user add {name} --role {role}"))
            .done();
        let made = world.authority(&format!("user token {name} --json"));
        write_token(&self.token(name), &made.done().json());
    }

    fn token(&self, name: &str) -> PathBuf {
        self.world.path(&format!("{name}.token"))
    }

    fn url(&self) -> &str {
        self.world.office.as_deref().unwrap()
    }

    /// Runs a command by the office, as the user of this name.
    fn by(&self, name: &str, words: &str) -> Run {
        self.from(self.url(), &self.token(name), words)
    }

    fn from(&self, url: &str, token: &Path, words: &str) -> Run {
        let token = token.to_str().unwrap();
        let before = ["authority", "--server", url, "--token-file", token];
        run(before.into_iter().chain(words.split_whitespace()))
    }

    /// Writes the driver of the demo under another number.
    fn driver(&self, number: &str) -> String {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let driver = std::fs::read_to_string(assets.join("driver.json")).unwrap();
        let file = self.world.path(&format!("{number}.json"));
        std::fs::write(&file, driver.replace("ZZ-2091-7734", number)).unwrap();
        file.display().to_string()
    }
}

/// Keeps what `user token --json` said.
fn write_token(file: &Path, made: &Value) {
    std::fs::write(file, made["token"].as_str().unwrap()).unwrap();
    std::fs::set_permissions(file, PermissionsExt::from_mode(0o600)).unwrap();
}

fn portrait() -> String {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    assets.join("portrait.jpg").display().to_string()
}

/// What two runs print, without what differs by its nature: ids, codes, times and who it was.
fn alike(text: &str) -> String {
    let mut told = String::new();
    let mut run = String::new();
    let is_id = |run: &str| {
        (run.len() >= 16 && run.bytes().all(|byte| byte.is_ascii_hexdigit()))
            || (run.len() >= 6 && run.bytes().all(|byte| byte.is_ascii_digit()))
            || run.len() >= 40
    };
    for c in without_codes(text).chars().chain([' ']) {
        if c.is_ascii_alphanumeric() || c == '_' || c == '%' {
            run.push(c);
            continue;
        }
        told.push_str(if is_id(&run) { "ID" } else { &run });
        run.clear();
        told.push(c);
    }
    told
}

/// Without offers, their drawing, and codes.
fn without_codes(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.contains('\u{1b}')) {
        let line = match line.split_once("openid-credential-offer://") {
            Some((before, _)) => before.to_owned(),
            None => line.to_owned(),
        };
        let mut words: Vec<_> = line.split(' ').collect();
        if let ["Code", rest @ ..] = &mut words[..]
            && let Some(code) = rest.iter_mut().find(|word| !word.is_empty())
        {
            *code = "CODE";
        }
        let words = words.into_iter().map(|word| match word.find('Z') {
            // A time of this test, and none that it names.
            Some(end) if word.get(10..11) == Some("T") && !word.starts_with("2031") => {
                format!("TIME{}", &word[end..])
            }
            _ => word.to_owned(),
        });
        lines.push(words.collect::<Vec<_>>().join(" "));
    }
    lines.join("\n")
}

/// The fields of a JSON value, at every depth.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), shape(value)))
            .collect(),
        Value::Array(rows) => rows.iter().map(shape).collect(),
        Value::Null => json!(null),
        Value::Bool(told) => json!(told),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("text"),
    }
}

#[test]
fn a_session_prints_the_same_by_home_and_by_server() {
    let office = Office::open();
    let world = &office.world;
    let (one, other) = (office.driver("ZZ-1001"), office.driver("ZZ-1002"));
    let home = |words: &str| world.authority(&words.replace("NUMBER", "ZZ-1001"));
    let server = |role: &str, words: &str| office.by(role, &words.replace("NUMBER", "ZZ-1002"));
    let both = |role: &str, words: &str| {
        let (home, server) = (home(words), server(role, words));
        let of = |run: &Run| {
            let told = alike(&run.stdout).replace("ZZ-1002", "ZZ-1001");
            let told = told.replace("in review 2", "in review 1");
            let noted = alike(&run.stderr).replace("ZZ-1002", "ZZ-1001");
            (run.code, told, noted)
        };
        assert_eq!(of(&home), of(&server), "{words}");
        (home, server)
    };
    let add = |file: &str| format!("license add --file {file} --portrait {}", portrait());
    let (local, far) = (home(&add(&one)), server("clerk", &add(&other)));
    assert_eq!((local.code, far.code), (0, 0), "{}", far.stderr);
    assert_eq!(alike(&local.stdout), alike(&far.stdout));
    assert!(
        local.stderr.starts_with("the portrait was cut"),
        "{}",
        local.stderr
    );
    assert_eq!(local.stderr, far.stderr);
    both("clerk", "license find NUMBER");
    both("clerk", "license offer NUMBER");
    both("clerk", "license offer NUMBER --replace");
    both("clerk", "license edit NUMBER --expiry-date 2034-01-31");
    both("clerk", "license edit NUMBER --expiry-date 2034-01-31");
    both("clerk", "license edit NUMBER --expiry-date 1904-01-31");
    both("clerk", "license edit NUMBER --expiry-date soon");
    both("clerk", "device list NUMBER");
    both("clerk", "device end 9 --reason lost");
    both("clerk", "letter NUMBER");
    both("clerk", "license find ZZ-7777");
    both("clerk", "license find ..");
    both(
        "clerk",
        "license list --after ffffffffffffffffffffffffffffffff",
    );
    both(
        "judge",
        "status set NUMBER suspended --reason speeding --event e-NUMBER",
    );
    both(
        "judge",
        "status set NUMBER suspended --reason speeding --event e-NUMBER",
    );
    both(
        "judge",
        "status set NUMBER lapsed --from 2031-05-01T00:00:00Z",
    );
    both("judge", "status set NUMBER valid --event l-NUMBER");
    both("judge", "status set NUMBER valid --until 2031-05-01");
    both("judge", "status set NUMBER lapsed --until 2020-05-01");
    both("officer", "status set NUMBER unresolved");
    let (local, far) = both("auditor", "reader list");
    assert_eq!((local.code, far.code), (0, 0));
    both("chief", "reader revoke nobody");
    both("auditor", "client list");
    both("chief", "client remove nobody");
    both(
        "chief",
        "client add a_b --redirect http://office.example/back",
    );
    both("chief", "settings");
    both("chief", "settings --devices 3 --retention forever");
    both("chief", "settings --devices 0");
    both("clerk", "review list");
    both("clerk", "license edit NUMBER --review photo");
    both("auditor", "user list");
    both("chief", "user disable nobody");
    both("chief", "user add Wrong --role clerk");
    // In JSON the same fields of the same kinds, also where they say who it was.
    for (role, words) in [
        ("clerk", "license find NUMBER --json"),
        ("clerk", "license list --limit 1 --json"),
        ("clerk", "license offer NUMBER --json"),
        ("clerk", "device list NUMBER --json"),
        ("clerk", "letter NUMBER --json"),
        (
            "clerk",
            "license edit NUMBER --issue-date 2021-01-01 --json",
        ),
        ("judge", "status set NUMBER lapsed --json"),
        ("clerk", "review list --json"),
        ("clerk", "review list NUMBER --json"),
        ("chief", "settings --json"),
        ("auditor", "client list --json"),
        ("auditor", "user list --json"),
    ] {
        let (home, server) = (home(words).done(), server(role, words).done());
        assert_eq!(shape(&home.json()), shape(&server.json()), "{words}");
    }
    let (local, far) = both("clerk", "license end NUMBER --reason moved");
    assert!(local.stdout.contains("has ended") && far.stdout.contains("has ended"));
    both("clerk", "license end NUMBER --reason death");
    both("clerk", "license edit NUMBER --review photo");
}

#[test]
fn notes_and_faults_of_a_file_name_the_file_by_server_too() {
    let office = Office::open();
    let file = office.driver("ZZ-1003");
    let add = format!("license add --json --file {file} --portrait {}", portrait());
    let text = std::fs::read_to_string(&file).unwrap();
    // With blanks, which are left out and noted.
    std::fs::write(&file, text.replace("ZZ-1003", " ZZ-1003 ")).unwrap();
    let notes = office.by("clerk", &add).done().json()["notes"][0].clone();
    let notes = notes.as_str().unwrap().to_owned();
    assert!(
        notes.starts_with(&format!("{file}: `license_number`: blanks")),
        "{notes}"
    );
    let faults = [
        text.replace("ZZ-1003", ""),
        text.replace('{', "{,"),
        text.replacen('{', "{\"license_number\": \"ZZ-9\",", 1),
        text.replacen('{', "{\"age\": 7,", 1),
        String::new(),
    ];
    for fault in faults {
        std::fs::write(&file, fault).unwrap();
        let far = office.by("clerk", &add);
        let near = office.world.authority(&add);
        assert_eq!(far.refused(65), near.refused(65));
        assert!(
            far.stderr.starts_with(&format!("vidimus: {file}: ")),
            "{}",
            far.stderr
        );
    }
}

#[test]
fn a_role_does_its_own_and_is_told_whose_the_rest_is() {
    let office = Office::open();
    let file = office.driver("ZZ-1004");
    let add = format!("license add --json --file {file} --portrait {}", portrait());
    office.by("clerk", &add).done();
    let key = office.world.path("reader.key");
    let reader = format!("reader add Patrol --out {}", key.display());
    for (words, roles) in [
        ("license find ZZ-1004", "clerk officer judge chief auditor"),
        ("license offer ZZ-1004", "clerk"),
        ("license edit ZZ-1004 --issue-date 2021-01-01", "clerk"),
        ("letter ZZ-1004", "clerk"),
        ("status set ZZ-1004 unresolved", "officer judge system"),
        ("status set ZZ-1004 suspended", "judge system"),
        ("status set ZZ-1004 valid", "judge system"),
        ("proposal list", "chief auditor"),
        ("reader list", "clerk officer judge chief auditor"),
        ("client list", "chief auditor"),
        ("review list", "clerk"),
        ("settings", "clerk chief auditor"),
        ("user list", "chief auditor"),
        ("audit export", "chief auditor"),
    ] {
        for role in ROLES {
            let told = office.by(role, words);
            if roles.split(' ').any(|may| may == role) {
                assert_eq!(told.code, 0, "{role} {words}: {}", told.stderr);
            } else {
                let words = told.refused(1);
                assert!(words.contains("you may not do this"), "{words}");
                assert!(words.contains("Ask someone who has that role"), "{words}");
            }
        }
    }
    // A key that no list names is not left behind.
    office.by("clerk", &reader).refused(1);
    assert!(!key.exists());
    office.by("chief", &reader).done();
    assert!(key.exists());
    let listed = office.by("auditor", "reader list").done().stdout;
    assert!(listed.ends_with("Patrol\n"), "{listed}");
    office.by("chief", "reader revoke Patrol").done();
    office
        .by("chief", "user add second --role chief")
        .refused(1);
    office.by("chief", "user disable chief").refused(1);
    let out = office.world.path("new.token");
    let made = office.by("chief", "user token clerk --label more --json");
    write_token(&out, &made.done().json());
    office.from(office.url(), &out, "review list").done();
    office.by("chief", "user disable clerk").done();
    let told = office.from(office.url(), &out, "review list");
    assert!(told.refused(1).contains("its user is disabled"));
}

#[test]
fn what_is_final_is_proposed_and_another_chief_approves_it() {
    let office = Office::open();
    office.user("second", "chief");
    let file = office.driver("ZZ-1005");
    let add = format!("license add --json --file {file} --portrait {}", portrait());
    office.by("clerk", &add).done();
    let revoke = "status set ZZ-1005 revoked --reason forged";
    let told = office.by("chief", revoke).done().stdout;
    assert!(
        told.starts_with("Proposal 1: ") && told.contains("waits for another chief"),
        "{told}"
    );
    let again = office.by("chief", &format!("{revoke} --json"));
    assert!(
        again.refused(65).contains("waits already (1)"),
        "{}",
        again.stderr
    );
    let found = office
        .by("auditor", "license find ZZ-1005 --json")
        .done()
        .json();
    assert_eq!(found["status"], "valid");
    let own = office.by("chief", "proposal approve 1");
    assert!(own.refused(1).contains("you proposed this yourself"));
    let listed = office.by("second", "proposal list").done().stdout;
    assert!(
        listed.starts_with("1  ") && listed.contains("revoked, forged; proposed"),
        "{listed}"
    );
    let approved = office.by("second", "proposal approve 1").done().stdout;
    assert!(
        approved.starts_with("Proposal 1 is approved: "),
        "{approved}"
    );
    let found = office
        .by("auditor", "license find ZZ-1005 --json")
        .done()
        .json();
    assert_eq!(found["status"], "revoked");
    office.by("second", "proposal refuse 1").refused(65);
    office.by("second", "proposal approve 7").refused(65);
    assert_eq!(
        office.by("chief", "proposal list").done().stdout,
        "No proposal waits.\n"
    );
    let closed = office
        .by("chief", "proposal list --all --json")
        .done()
        .json();
    assert_eq!(closed[0]["outcome"], "approved");
    office.world.authority("proposal list").refused(64);
}

#[test]
fn a_token_that_is_wrong_or_open_to_others_is_refused_and_never_told() {
    let office = Office::open();
    let file = office.token("clerk");
    let token = std::fs::read_to_string(&file).unwrap();
    let token = token.trim();
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let chatty = office.by("clerk", "-v -v license find ZZ-7777");
    assert_eq!(chatty.code, 65);
    assert!(!chatty.stderr.contains(token) && !chatty.stderr.contains("vdo_"));
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
    let told = office.by("clerk", "review list");
    assert!(told.refused(65).contains("chmod 600"), "{}", told.stderr);
    assert!(!told.stderr.contains(token));
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    office.by("clerk", "review list").done();
    office.by("chief", "user revoke-token clerk 1").done();
    let told = office.by("clerk", "review list");
    let words = told.refused(1);
    assert!(
        words.contains("does not take the token") && !words.contains(token),
        "{words}"
    );
    std::fs::write(&file, "two words\n").unwrap();
    assert!(
        office
            .by("clerk", "review list")
            .refused(65)
            .contains("holds no token")
    );
    std::fs::remove_file(&file).unwrap();
    assert!(
        office
            .by("clerk", "review list")
            .refused(65)
            .contains("cannot read")
    );
}

#[test]
fn one_of_home_and_server_is_named_and_the_machine_does_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "vdo_x").unwrap();
    std::fs::set_permissions(&token, PermissionsExt::from_mode(0o600)).unwrap();
    let line = |words: &str| {
        let words = words.replace("TOKEN", token.to_str().unwrap());
        run(["authority"].into_iter().chain(words.split_whitespace()))
    };
    let at = "--server http://127.0.0.1:1 --token-file TOKEN";
    for (words, told) in [
        (
            "license list --home h --server http://127.0.0.1:1",
            "exclude each other",
        ),
        (
            "license list --home h --token-file TOKEN",
            "go with --server",
        ),
        (
            "license list --server http://127.0.0.1:1",
            "--token-file FILE is missing",
        ),
        ("license list --token-file TOKEN", "--server URL is missing"),
        ("license list", "or --server URL"),
        (
            "license list --server http://office.example --token-file TOKEN",
            "https",
        ),
        (
            "license list --server https://office.example/a --token-file TOKEN",
            "without a path",
        ),
    ] {
        let run = line(words);
        assert!(run.refused(64).contains(told), "{words}: {}", run.stderr);
    }
    for words in [
        "init",
        "serve",
        "serve --demo",
        "publish",
        "rotate-keys",
        "clock show",
        "backup b",
        "restore b",
        "reconcile",
        "forget",
        "decide --file f",
    ] {
        let run = line(&format!("{words} {at}"));
        assert!(
            run.refused(64).contains("on the authority's machine"),
            "{words}"
        );
    }
    let told = line(&format!("license list {at}"));
    let words = told.refused(1);
    assert!(
        words.contains("no connection to http://127.0.0.1:1"),
        "{words}"
    );
    // The environment counts where no folder is named.
    let by_environment = |words: &[&str]| {
        command()
            .args(["authority"].iter().chain(words))
            .env("VIDIMUS_OFFICE_SERVER", "http://127.0.0.1:1")
            .env("VIDIMUS_OFFICE_TOKEN_FILE", &token)
            .output()
            .unwrap()
    };
    let told = by_environment(&["license", "list"]);
    let words = String::from_utf8(told.stderr).unwrap();
    assert!(words.contains("no connection"), "{words}");
    let home = folder.path().join("none");
    let told = by_environment(&["license", "list", "--home", home.to_str().unwrap()]);
    let words = String::from_utf8(told.stderr).unwrap();
    assert!(words.contains("holds no authority"), "{words}");
}

#[test]
fn a_server_that_is_gone_or_no_office_is_told_from_one_that_refuses() {
    let mut office = Office::open();
    let clerk = office.token("clerk");
    // The public listener is no office.
    let told = office.from(&office.world.issuer, &clerk, "license list");
    assert!(told.refused(1).contains("is no office"), "{}", told.stderr);
    // TLS is not spoken there.
    let wrong = office.url().replace("http:", "https:");
    let told = office.from(&wrong, &clerk, "license list");
    assert!(
        told.refused(1).contains("does not speak TLS"),
        "{}",
        told.stderr
    );
    office.world.stop();
    let told = office.by("clerk", "license list");
    assert!(told.refused(1).contains("no connection"), "{}", told.stderr);
}

/// A file of the wallet's tests, as PEM.
fn pem(name: &str, kind: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder.join("../core/wallet/src/testing/servers/tls");
    let text = STANDARD.encode(std::fs::read(folder.join(name)).unwrap());
    format!("-----BEGIN {kind}-----\n{text}\n-----END {kind}-----\n")
}

#[test]
fn an_office_by_tls_is_known_by_its_certificate_authority_alone() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let certificate = write("server.pem", pem("server.der", "CERTIFICATE"));
    let key = write("server.key", pem("server.key.der", "PRIVATE KEY"));
    let ca = write("ca.pem", pem("root.der", "CERTIFICATE"));
    let nothing = write("nothing.pem", "nothing".to_owned());
    let office = Office::with(&format!(
        "--office 127.0.0.1:0 --tls-cert {certificate} --tls-key {key}"
    ));
    let url = office.url().replace("127.0.0.1", "localhost");
    assert!(url.starts_with("https://"), "{url}");
    let list = |words: &str| office.from(&url, &office.token("clerk"), words);
    let told = list(&format!("license list --ca {ca}")).done().stdout;
    assert!(told.starts_with("No licenses yet"), "{told}");
    for (words, told) in [
        ("license list".to_owned(), "no public authority vouches"),
        (format!("license list --ca {certificate}"), "--ca"),
    ] {
        let run = list(&words);
        assert!(run.refused(1).contains(told), "{}", run.stderr);
        assert!(run.stderr.contains("nothing was sent"), "{}", run.stderr);
    }
    let run = list(&format!("license list --ca {nothing}"));
    assert!(run.refused(65).contains("no certificate in PEM"));
}
