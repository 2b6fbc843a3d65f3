//! What anyone may fetch, and how the server starts and stops.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vidimus_authority::{Authority, Error, InitOptions, init, serve};
use vidimus_credential::LicenseStatus;
use vidimus_credential::bundle::Bundle;
use vidimus_credential::status_list::{StatusToken, UnverifiedStatusToken};
use vidimus_credential::trust::TrustList;

use crate::common::{Reply, START, Town, at, offer_of, root_of, trust_of};

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
    town.add_license();
    for (path, media_type, cache) in [
        ("/status/0", "application/statuslist+cwt", "max-age=3600"),
        ("/status/bundle", "application/cwt", "no-cache"),
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
        "/status/1",
        "/status/00",
        "/status/+0",
        "/status/-1",
        "/status/..%2F..%2Froot.cose",
        "/status/4294967296",
        "/status/0.tmp",
    ] {
        assert_eq!(town.get(miss).await.status, 404, "{miss}");
    }
}

#[tokio::test]
async fn a_status_set_by_another_process_is_served_at_once() {
    let town = Town::new().await;
    let id = town.add_license().license_id;
    let before = town.get("/status/0").await;
    let beside = Authority::open(town.home()).unwrap();
    beside
        .set_status(&id, LicenseStatus::Suspended, town.now())
        .unwrap();
    let tag = before.header("etag").unwrap();
    let after = town
        .send("GET", "/status/0", &[("If-None-Match", tag)], b"")
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
    let bundle = town.get("/status/bundle").await;
    let bundle = Bundle::verify(&bundle.body, &trust_of(town.home())).unwrap();
    assert!(bundle.issued_at() > at(START));
}

#[tokio::test]
async fn what_has_become_old_is_signed_again_before_its_time_has_passed() {
    let town = Town::new().await;
    town.add_license();
    let first = town.get("/status/0").await;
    let (first, address) = (token(&town, &first), town.address.to_string());
    let home = town.stop().await;
    // Young: the very same bytes. Past 50 minutes: a new one. Past a week: a new trust list.
    for (passed, renewed) in [(60, false), (3_100, true), (8 * 86_400, true)] {
        let town = Town::on(home_of(&home), &address, START + passed).await;
        let reply = town.get("/status/0").await;
        let now = token(&town, &reply);
        assert_eq!(now.issued_at() > first.issued_at(), renewed, "{passed}");
        let trust =
            TrustList::verify(&town.get("/trust").await.body, &root_of(town.home())).unwrap();
        assert_eq!(trust.issued_at() > at(START + 8), passed > 86_400);
        town.stop().await;
    }
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
    town.add_license();
    let address = town.address.to_string();
    let before = town.get("/status/0").await.body;
    let home = town.stop().await;
    std::fs::remove_file(home.path().join("public/status/0")).unwrap();
    std::fs::write(home.path().join("public/trust"), b"").unwrap();
    let town = Town::on(home, &address, START).await;
    assert_eq!(
        town.get("/status/0").await.body,
        before,
        "the same content has the same time and signature"
    );
    assert!(TrustList::verify(&town.get("/trust").await.body, &root_of(town.home())).is_ok());
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
        Err(Error::OtherPort {
            issuer: "http://127.0.0.1:1".to_owned(),
            port: 1
        })
    );
}

#[tokio::test]
async fn an_offer_by_reference_is_the_same_offer_until_it_is_redeemed_or_ends() {
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
    assert_eq!(town.redeem(&added).await.status, 200);
    assert_eq!(town.get(&path(&added)).await.status, 404);
    let late = town.add_license();
    town.pass(901);
    assert_eq!(town.get(&path(&late)).await.status, 404);
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
