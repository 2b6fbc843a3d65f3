//! What is published, over HTTP, beside commands of other processes.

use vidimus_authority::Authority;
use vidimus_credential::LicenseStatus;
use vidimus_credential::bundle::Bundle;

use crate::common::{START, Town, trust_of};
use crate::roadside::{Driver, Officer, accepted};

/// Runs a command beside the server.
async fn publish(town: &Town) {
    let (home, now) = (town.home().to_owned(), town.now());
    let run = move || Authority::open(&home).unwrap().publish(now).unwrap();
    tokio::task::spawn_blocking(run).await.unwrap();
}

async fn suspend(town: &Town, driver: &Driver) {
    let (home, now, id) = (town.home().to_owned(), town.now(), driver.id.clone());
    let run = move || {
        Authority::open(&home)
            .unwrap()
            .set_status(&id, LicenseStatus::Suspended, now)
            .unwrap();
    };
    tokio::task::spawn_blocking(run).await.unwrap();
}

#[tokio::test]
async fn lists_and_bundles_say_until_when_they_may_be_kept_and_are_never_sent_encoded() {
    let town = Town::new().await;
    let driver = Driver::enroll(&town, 1).await;
    publish(&town).await;
    let list = driver.claims.status.uri.strip_prefix(&town.issuer).unwrap();
    for (path, media_type, life) in [
        (list, "application/statuslist+cwt", 3_000),
        ("/s/0/bundle", "application/cwt", 600),
        ("/status/bundle", "application/cwt", 600),
    ] {
        let asked = [("Accept-Encoding", "gzip, br, zstd, identity;q=0")];
        let reply = town.send("GET", path, &asked, b"").await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, Some(media_type)),
            "{path}"
        );
        assert_eq!(reply.header("content-encoding"), None);
        let cache = reply.header("cache-control").unwrap();
        let age: u64 = cache
            .strip_prefix("max-age=")
            .and_then(|rest| rest.strip_suffix(", s-maxage=30"))
            .unwrap()
            .parse()
            .unwrap();
        assert!((life - 10..=life).contains(&age), "{path}: {cache}");
        let tag = reply.header("etag").unwrap();
        let again = town.send("GET", path, &[("If-None-Match", tag)], b"").await;
        assert_eq!(
            (
                again.status,
                again.body.len(),
                again.header("cache-control")
            ),
            (304, 0, Some(cache))
        );
    }
    assert_eq!(
        town.get("/trust").await.header("cache-control"),
        Some("no-cache")
    );
    assert!(town.get("/s/0/bundle").await.body == town.get("/status/bundle").await.body);
    for miss in [
        "/s/0/4095",
        "/s/0/4096",
        "/s/0/00",
        "/s/00/0",
        "/s/0/-1",
        "/s/1/0",
        "/s/1/bundle",
        "/s/100000/0",
        "/s/0",
        "/s/0/..%2F..%2F..%2Froot.cose",
        "/s/..%2F..%2Fkeys/bundle",
        "/s/0/0.tmp",
    ] {
        assert_eq!(town.get(miss).await.status, 404, "{miss}");
    }
}

#[tokio::test]
async fn a_decision_of_another_process_is_served_at_once_and_bundled_on_demand() {
    let town = Town::new().await;
    let driver = Driver::enroll(&town, 1).await;
    publish(&town).await;
    let before = town.get("/s/0/bundle").await.body;
    let mut officer = Officer::new(&town);
    let text = driver.show(Some(driver.staple(&town).await), town.now());
    assert_eq!(officer.words(&text, town.now()), accepted());
    suspend(&town, &driver).await;
    let text = driver.show(Some(driver.staple(&town).await), town.now());
    assert_eq!(
        officer.words(&text, town.now()),
        ("refuse", vec!["suspended"])
    );
    assert!(town.get("/s/0/bundle").await.body == before);
    publish(&town).await;
    let bundle = town.get("/s/0/bundle").await.body;
    let trust = trust_of(town.home());
    let state = Bundle::verify(&bundle, &trust)
        .unwrap()
        .status(&town.issuer, &driver.claims.status);
    assert_eq!(state, Some(LicenseStatus::Suspended));
}

#[tokio::test]
async fn a_list_that_is_missed_is_written_again_with_the_same_bytes() {
    let town = Town::new().await;
    let driver = Driver::enroll(&town, 1).await;
    let before = driver.staple(&town).await;
    let path = driver.claims.status.uri.strip_prefix(&town.issuer).unwrap();
    std::fs::remove_file(
        town.home()
            .join("public")
            .join(path.trim_start_matches('/')),
    )
    .unwrap();
    assert!(driver.staple(&town).await == before);
}

#[tokio::test]
async fn a_start_answers_from_what_is_published_and_signs_what_is_old_beside() {
    let town = Town::new().await;
    let driver = Driver::enroll(&town, 1).await;
    let before = driver.staple(&town).await;
    let address = town.address.to_string();
    let home = town.stop().await;
    // Two hours later: the list is old, and is served until it is signed again.
    let town = Town::on(home, &address, START + 7_200).await;
    let mut turns = 0;
    while driver.staple(&town).await == before {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        turns += 1;
        assert!(turns < 500, "it is signed again within ten seconds");
    }
}
