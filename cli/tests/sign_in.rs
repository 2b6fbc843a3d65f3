//! `wallet apply` against a served authority: the pages are filled in as a driver would, and the
//! browser comes back to the port that the command listens on.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "../../tests/tests/support/browser.rs"]
mod browser;
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout};
use std::time::{SystemTime, UNIX_EPOCH};

use browser::Browser;
use serde_json::Value;
use support::World;
use vidimus_authority::{Authority, ReviewKind};
use vidimus_credential::UnixTime;

/// The number of the demo's driver.
const NUMBER: &str = "ZZ-2091-7734";

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UnixTime::new(since.as_secs()).unwrap()
}

/// `wallet apply` while it waits for the browser.
struct Applying {
    child: Child,
    said: BufReader<ChildStdout>,
    url: String,
}

impl Applying {
    fn begin(world: &World) -> Self {
        let mut child = world.begin("wallet", "apply --no-browser --language en --json");
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let begun = next(&mut said);
        assert_eq!(begun["event"], "sign_in");
        let url = begun["url"].as_str().unwrap().to_owned();
        Self { child, said, url }
    }

    /// The last event, once the browser has come back, and the exit code.
    fn end(mut self) -> (Value, i32) {
        let event = next(&mut self.said);
        (event, self.child.wait().unwrap().code().unwrap())
    }
}

fn next(said: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"))
}

/// What a browser shows at the address that it is sent back to.
fn come_back(address: &str) -> String {
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

/// A served authority with the demo's driver, a wallet, and the code of the driver's letter.
fn world(review: Option<ReviewKind>) -> (World, String) {
    let world = World::start_with("--accounts builtin");
    world.add();
    if review.is_some() {
        let authority = Authority::open(&world.path("authority")).unwrap();
        let portrait = include_bytes!("../assets/portrait.jpg");
        authority
            .edit_license_for_review(NUMBER, None, Some(portrait), review, now())
            .unwrap();
    }
    let letter = world.authority(&format!("letter --json {NUMBER}")).done();
    world.init("wallet").done();
    (world, letter.json()["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_driver_applies_and_has_the_license() {
    let (world, letter) = world(None);
    let applying = Applying::begin(&world);
    let mut browser = Browser::at(&world.issuer);
    browser.open(&applying.url).await;
    browser.set_up(NUMBER, &letter, now()).await;
    let back = browser.agree().await;
    // Another program's request changes nothing.
    let (host, _) = back["http://".len()..].split_once('/').unwrap();
    let stranger = come_back(&format!("http://{host}/callback?code=x&state=y&iss=z"));
    assert!(stranger.contains("This was another sign-in"), "{stranger}");
    let page = come_back(&back);
    assert!(page.contains("Your license is in the wallet"), "{page}");
    let (event, code) = applying.end();
    assert_eq!((event["event"].as_str(), code), (Some("received"), 0));
    let listed = world.wallet("wallet", "list --json").done().json();
    assert_eq!(listed[0]["standing"], "valid");
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_driver_whose_photo_a_clerk_must_see_waits_and_is_told_so() {
    let (world, letter) = world(Some(ReviewKind::Photo));
    let applying = Applying::begin(&world);
    let mut browser = Browser::at(&world.issuer);
    browser.open(&applying.url).await;
    browser.set_up(NUMBER, &letter, now()).await;
    let page = come_back(&browser.agree().await);
    assert!(page.contains("You have applied"), "{page}");
    let (event, code) = applying.end();
    assert_eq!((event["event"].as_str(), code), (Some("waiting"), 0));
    let id = event["application"]["id"].as_str().unwrap();
    let listed = world.wallet("wallet", "list").done().stdout;
    assert!(listed.contains(id) && listed.contains("photo or the papers"));
    let status = world.wallet("wallet", "status --json").done().json();
    assert_eq!(status["applications"][0]["state"], "waiting");
    world.wallet("wallet", "refresh --force").done();
    let again = world.wallet("wallet", "apply --no-browser");
    assert!(again.refused(1).contains("an application is under way"));
    world.wallet("wallet", &format!("remove {id}")).done();
    let status = world.wallet("wallet", "status --json").done().json();
    assert_eq!(status["applications"], serde_json::json!([]));
}

#[test]
fn a_command_that_is_stopped_forgets_its_sign_in() {
    let (world, _) = world(None);
    let mut applying = Applying::begin(&world);
    let status = world.wallet("wallet", "status --json").done().json();
    assert_eq!(status["applications"][0]["state"], "signing_in");
    let process = i32::try_from(applying.child.id()).unwrap();
    let process = rustix::process::Pid::from_raw(process).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    assert_eq!(applying.child.wait().unwrap().code(), Some(1));
    let status = world.wallet("wallet", "status --json").done().json();
    assert_eq!(status["applications"], serde_json::json!([]));
}

#[test]
fn an_authority_without_accounts_is_named_before_any_browser_opens() {
    let world = World::start();
    world.init("wallet").done();
    let refused = world.wallet("wallet", "apply");
    assert!(
        refused
            .refused(1)
            .contains("no sign-in that this wallet can use")
    );
}
