//! What anyone may fetch, and how the server starts and stops.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vidimus_authority::{Error, InitOptions, init, serve};
use vidimus_credential::LicenseStatus;
use vidimus_credential::bundle::Bundle;
use vidimus_credential::status_list::{StatusToken, UnverifiedStatusToken};
use vidimus_credential::trust::TrustList;

use crate::common::{Reply, START, Town, at, key, offer_of, root_of, trust_of};

fn token(town: &Town, reply: &Reply) -> StatusToken {
    UnverifiedStatusToken::parse(&reply.body)
        .unwrap()
        .authenticate(&trust_of(town.home()), &town.issuer)
        .unwrap()
}

#[tokio::test]
async fn the_issuer_metadata_is_what_readers_of_the_final_specification_expect() {
    let town = Town::with(InitOptions {
        name: Some("Zedland Roads".to_owned()),
        ..InitOptions::default()
    })
    .await;
    let metadata = town
        .get("/.well-known/openid-credential-issuer")
        .await
        .json();
    let issuer = &town.issuer;
    assert_eq!(
        metadata,
        json!({
            "credential_issuer": issuer,
            "credential_endpoint": format!("{issuer}/credential"),
            "deferred_credential_endpoint": format!("{issuer}/deferred_credential"),
            "nonce_endpoint": format!("{issuer}/nonce"),
            "notification_endpoint": format!("{issuer}/notification"),
            "display": [{ "name": "Zedland Roads" }],
            "credential_configurations_supported": { "dl": {
                "format": "dc+sd-cwt", "scope": "dl",
                "cryptographic_binding_methods_supported": ["cose_key"],
                "credential_signing_alg_values_supported": [-19],
                "proof_types_supported": { "jwt": { "proof_signing_alg_values_supported": ["ES256", "EdDSA", "Ed25519"] } },
                "credential_metadata": { "display": [{ "name": "Driver's license", "locale": "en" }] }
            } },
            "trust_list_uri": format!("{issuer}/trust"),
            "status_bundle_uri": format!("{issuer}/status/bundle"),
        })
    );
    let server = town
        .get("/.well-known/oauth-authorization-server")
        .await
        .json();
    assert_eq!(server["issuer"], json!(issuer));
    assert_eq!(server["token_endpoint"], json!(format!("{issuer}/token")));
    assert_eq!(
        server["token_endpoint_auth_methods_supported"],
        json!(["none"])
    );
    assert_eq!(
        server["pre-authorized_grant_anonymous_access_supported"],
        json!(true)
    );
    for miss in [
        "/",
        "/.well-known/openid-configuration",
        "/.well-known/openid-credential-issuer/x",
        "/trust/",
        "/status",
    ] {
        assert_eq!(town.get(miss).await.status, 404, "{miss}");
    }
}

#[tokio::test]
async fn an_issuer_with_a_path_has_its_metadata_before_the_path_and_the_rest_under_it() {
    let town = Town::with(InitOptions {
        issuer: Some("https://roads.example/zz/dl/".to_owned()),
        ..InitOptions::default()
    })
    .await;
    let metadata = town
        .get("/.well-known/openid-credential-issuer/zz/dl")
        .await
        .json();
    assert_eq!(
        metadata["credential_issuer"],
        json!("https://roads.example/zz/dl")
    );
    assert_eq!(
        metadata["credential_endpoint"],
        json!("https://roads.example/zz/dl/credential")
    );
    assert_eq!(
        town.get("/.well-known/oauth-authorization-server/zz/dl")
            .await
            .json()["issuer"],
        json!("https://roads.example/zz/dl")
    );
    assert_eq!(town.get("/zz/dl/trust").await.status, 200);
    assert_eq!(
        town.send("POST", "/zz/dl/nonce", &[], b"").await.status,
        200
    );
    for miss in [
        "/trust",
        "/.well-known/openid-credential-issuer",
        "/zz/dl/.well-known/openid-credential-issuer",
    ] {
        assert_eq!(town.get(miss).await.status, 404, "{miss}");
    }
}

#[tokio::test]
async fn signed_files_have_strong_validators_and_answer_304_without_a_body() {
    let town = Town::new().await;
    town.enroll(&town.add_license(), &key(0)).await;
    town.authority().publish(town.now()).unwrap();
    for (path, media_type, cache) in [
        (
            "/s/0/0",
            "application/statuslist+cwt",
            "max-age=3000, s-maxage=30",
        ),
        (
            "/status/bundle",
            "application/cwt",
            "max-age=600, s-maxage=30",
        ),
        ("/trust", "application/cwt", "no-cache"),
    ] {
        let reply = town.get(path).await;
        assert_eq!(
            (
                reply.status,
                reply.header("content-type"),
                reply.header("cache-control")
            ),
            (200, Some(media_type), Some(cache))
        );
        let tag = reply.header("etag").unwrap();
        assert!(tag.starts_with('"') && tag.ends_with('"'));
        for held in [tag.to_owned(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let again = town
                .send("GET", path, &[("If-None-Match", &held)], b"")
                .await;
            assert_eq!(
                (
                    again.status,
                    again.body.len(),
                    again.header("etag"),
                    again.header("cache-control")
                ),
                (304, 0, Some(tag), Some(cache))
            );
        }
        assert_eq!(
            town.send("GET", path, &[("If-None-Match", "\"x\"")], b"")
                .await
                .status,
            200
        );
        let head = town.send("HEAD", path, &[], b"").await;
        assert_eq!(
            (head.status, head.body.len(), head.header("etag")),
            (200, 0, Some(tag))
        );
    }
    for miss in [
        "/s/0/1",
        "/s/0/00",
        "/s/00/0",
        "/s/0/+0",
        "/s/0/-1",
        "/s/0/4096",
        "/s/0/..%2F..%2Froot.cose",
        "/s/0/4294967296",
        "/s/0/0.tmp",
        "/status/0",
    ] {
        assert_eq!(town.get(miss).await.status, 404, "{miss}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_says_how_far_the_register_has_come_and_only_rises() {
    let town = Town::new().await;
    let mut last = 0;
    for turn in 0..3 {
        if turn > 0 {
            town.add_license();
        }
        let reply = town.get("/head").await;
        assert_eq!(
            (
                reply.status,
                reply.header("content-type"),
                reply.header("cache-control")
            ),
            (200, Some("application/json"), Some("no-cache"))
        );
        let epoch = reply.json()["epoch"].as_u64().unwrap();
        assert!(epoch > last, "{epoch} {last}");
        last = epoch;
    }
}

#[tokio::test]
async fn a_status_set_by_another_process_is_served_at_once() {
    let town = Town::new().await;
    let added = town.add_license();
    town.enroll(&added, &key(0)).await;
    let before = town.get("/s/0/0").await;
    let beside = town.authority();
    beside
        .set_status(&added.license_id, LicenseStatus::Suspended, town.now())
        .unwrap();
    let tag = before.header("etag").unwrap();
    let after = town
        .send("GET", "/s/0/0", &[("If-None-Match", tag)], b"")
        .await;
    assert_eq!(after.status, 200);
    let (before, after) = (token(&town, &before), token(&town, &after));
    assert!(after.issued_at() > before.issued_at());
    assert_eq!(
        (0..=255)
            .filter(|idx| after.status(*idx) == Ok(LicenseStatus::Suspended))
            .count(),
        1
    );
    // The bundle has its own timer, and is made at once on demand.
    beside.publish(town.now()).unwrap();
    let bundle = town.get("/status/bundle").await;
    let bundle = Bundle::verify(&bundle.body, &trust_of(town.home())).unwrap();
    assert!(bundle.issued_at() >= after.issued_at());
}

/// What a path serves once it serves something else: a server answers at once, and signs
/// afterwards.
async fn changed(town: &Town, path: &str, before: &[u8]) -> Vec<u8> {
    for _ in 0..400 {
        let body = town.get(path).await.body;
        if body != before {
            return body;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{path} stays as it was");
}

#[tokio::test]
async fn what_has_become_old_is_signed_again_before_its_time_has_passed() {
    let town = Town::new().await;
    town.enroll(&town.add_license(), &key(0)).await;
    let (list, trust) = (town.get("/s/0/0").await.body, town.get("/trust").await.body);
    let address = town.address.to_string();
    let home = town.stop().await;
    // Young: the very same bytes. Past 50 minutes: a new list. Past a day: a new trust list.
    let young = Town::on(home_of(&home), &address, START + 60).await;
    young.authority().publish(young.now()).unwrap();
    assert_eq!(young.get("/s/0/0").await.body, list);
    young.stop().await;
    let old = Town::on(home_of(&home), &address, START + 3_100).await;
    changed(&old, "/s/0/0", &list).await;
    old.stop().await;
    let older = Town::on(home_of(&home), &address, START + 2 * 86_400).await;
    let bytes = changed(&older, "/trust", &trust).await;
    let trust = TrustList::verify(&bytes, &root_of(older.home())).unwrap();
    assert!(trust.issued_at() > at(START + 86_400));
    older.stop().await;
}

/// The same home for one server after another.
fn home_of(home: &tempfile::TempDir) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(home.path(), copy.path());
    copy
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn files_that_were_lost_are_written_again_at_the_next_start() {
    let town = Town::new().await;
    town.enroll(&town.add_license(), &key(0)).await;
    let address = town.address.to_string();
    let before = town.get("/s/0/0").await.body;
    let home = town.stop().await;
    std::fs::remove_file(home.path().join("public/s/0/0")).unwrap();
    std::fs::write(home.path().join("public/trust"), b"").unwrap();
    let town = Town::on(home, &address, START).await;
    let bytes = changed(&town, "/trust", b"").await;
    assert!(TrustList::verify(&bytes, &root_of(town.home())).is_ok());
    let again = changed(&town, "/s/0/0", b"").await;
    assert_eq!(
        again, before,
        "the same content has the same time and signature"
    );
}

#[tokio::test]
async fn serve_on_another_port_or_in_an_empty_home_says_so_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let listener = || async { TcpListener::bind("127.0.0.1:0").await.unwrap() };
    assert_eq!(
        serve(folder.path(), listener().await, std::future::pending()).await,
        Err(Error::NotInitialised)
    );
    init(
        folder.path(),
        InitOptions {
            issuer: Some("http://127.0.0.1:1".to_owned()),
            ..InitOptions::default()
        },
        at(START),
    )
    .unwrap();
    let other = serve(folder.path(), listener().await, std::future::pending()).await;
    assert_eq!(
        other,
        Err(Error::OtherAddress {
            issuer: "http://127.0.0.1:1".to_owned(),
            listen: "127.0.0.1:1".parse().unwrap()
        })
    );
}

#[tokio::test]
async fn an_offer_by_reference_is_the_same_offer_until_it_ends() {
    let town = Town::new().await;
    let added = town.add_license();
    let path = |added: &vidimus_authority::AddedLicense| {
        let url = url::Url::parse(&added.offer_by_reference).unwrap();
        let (_, value) = url.query_pairs().next().unwrap();
        value.strip_prefix(town.issuer.as_str()).unwrap().to_owned()
    };
    let reply = town.get(&path(&added)).await;
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, Some("no-store"))
    );
    assert_eq!(reply.json(), offer_of(&added));
    town.pass(901);
    assert_eq!(town.get(&path(&added)).await.status, 404);
    assert_eq!(town.get("/offers/AAAAAAAAAAAAAAAAAAAAAA").await.status, 404);
}

#[tokio::test]
async fn a_graceful_stop_lets_the_request_under_way_end() {
    let town = Town::new().await;
    let mut stream = TcpStream::connect(town.address).await.unwrap();
    let body = b"grant_type=refresh_token&refresh_token=x";
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let address = town.address;
    let stopping = tokio::spawn(town.stop());
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(
        TcpStream::connect(address).await.is_err(),
        "no new connections"
    );
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"));
    stopping.await.unwrap();
}

#[tokio::test]
async fn an_oversized_head_and_an_unknown_path_are_refused() {
    let town = Town::new().await;
    let long = "x".repeat(20_000);
    assert_eq!(
        town.send("GET", "/trust", &[("X-Long", &long)], b"")
            .await
            .status,
        431
    );
    assert_eq!(town.get("/nothing").await.status, 404);
}
