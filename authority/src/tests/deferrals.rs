//! Licenses that wait for a clerk, with two servers that answer in turn.

use super::town::{App, Reply, Tokens, Town, refused};
use super::*;
use crate::portrait::{Crop, roadside_of};
use crate::register::{ReviewKind, ReviewReason};
use crate::rules::offers::Mode;

/// Another picture than [`PORTRAIT`].
fn other_picture() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(300, 400, |x, y| {
        let shade = u8::try_from((x * 3 + y * 5) % 256).unwrap();
        image::Rgb([shade, shade / 2, 255 - shade])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, image::ImageFormat::Jpeg)
        .unwrap();
    file.into_inner()
}

/// The transaction id of an answer that says to wait.
fn waits(reply: &Reply) -> String {
    let told = reply.json();
    assert_eq!(
        (reply.status, &told["interval"]),
        (202, &json!(30)),
        "{told}"
    );
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    reply.text("transaction_id")
}

/// The review of a license that waits.
fn review_of(town: &Town, license: &str) -> i64 {
    let reviews = town.open().reviews_of(license).unwrap();
    reviews.last().unwrap().id
}

fn accept(town: &Town, license: &str) {
    let review = review_of(town, license);
    let accepted = town
        .open()
        .accept_review(review, "clerk 7", None, town.now());
    accepted.unwrap();
}

/// A driver who has signed in, and whose license waits.
async fn waiting<'t>(app: &App<'t>, license: &str) -> (Tokens, String) {
    let code = app.code(license, Mode::First).await;
    let tokens = Tokens::of(&app.redeem(&code).await);
    let id = waits(&app.credential(&tokens.access).await);
    (tokens, id)
}

#[tokio::test]
async fn a_license_that_a_clerk_has_to_look_at_waits_and_comes_once_it_is_accepted() {
    let town = Town::new().await;
    let license = town.add(Some(ReviewKind::Photo)).license_id;
    let app = App::new(&town);
    let (tokens, id) = waiting(&app, &license).await;
    // Asked for again by the same key it is the same.
    assert_eq!(waits(&app.credential(&tokens.access).await), id);
    assert_eq!(waits(&app.ask_again(&tokens.access, &id).await), id);
    assert_eq!(town.count("SELECT count(*) FROM issuances"), 0);
    accept(&town, &license);
    let first = app.ask_again(&tokens.access, &id).await;
    let credential = app.credential_in(&first);
    assert_eq!(&credential.claims().holder_key, app.holder.verifying_key());
    // The answer was lost.
    let again = app.ask_again(&tokens.access, &id).await;
    assert_eq!(first.text("notification_id"), again.text("notification_id"));
    app.acknowledge(&tokens.access, &again).await;
    let over = app.ask_again(&tokens.access, &id).await;
    assert_eq!(over.refusal(), refused(400, "invalid_transaction_id"));
    assert_eq!(town.count("SELECT count(*) FROM devices"), 1);
    assert_eq!(town.count("SELECT count(*) FROM issuances"), 1);
}

#[tokio::test]
async fn a_license_waits_for_weeks_by_refresh_tokens_and_the_same_transaction_id() {
    let town = Town::new().await;
    let license = town.add(Some(ReviewKind::Papers)).license_id;
    let app = App::new(&town);
    let (mut tokens, id) = waiting(&app, &license).await;
    for _ in 0..3 {
        town.pass(40 * DAY);
        let late = app.ask_again(&tokens.access, &id).await;
        assert_eq!(late.refusal(), refused(401, "invalid_token"));
        tokens = Tokens::of(&app.refresh(&tokens.refresh).await);
        assert_eq!(waits(&app.ask_again(&tokens.access, &id).await), id);
    }
    accept(&town, &license);
    app.credential_in(&app.ask_again(&tokens.access, &id).await);
}

#[tokio::test]
async fn a_license_waits_for_the_phone_that_asked_and_no_other() {
    let town = Town::new().await;
    let (mine, yours) = (App::new(&town), App::new(&town));
    let one = town.add(Some(ReviewKind::Photo)).license_id;
    let other = town.add(Some(ReviewKind::Photo)).license_id;
    let (tokens, id) = waiting(&mine, &one).await;
    let (theirs, their_id) = waiting(&yours, &other).await;
    accept(&town, &one);
    let unknown = refused(400, "invalid_transaction_id");
    assert_eq!(
        yours.ask_again(&theirs.access, &id).await.refusal(),
        unknown
    );
    assert_eq!(
        mine.ask_again(&tokens.access, &their_id).await.refusal(),
        unknown
    );
    assert_eq!(mine.ask_again(&tokens.access, "x").await.refusal(), unknown);
    // With the right id and the token, and another key for proofs.
    let thief = App::new(&town);
    let reply = thief.ask_again(&tokens.access, &id).await;
    assert_eq!(reply.refusal(), refused(401, "invalid_token"));
    mine.credential_in(&mine.ask_again(&tokens.access, &id).await);
}

#[tokio::test]
async fn another_holder_key_takes_the_place_of_the_first_while_the_license_waits() {
    let town = Town::new().await;
    let license = town.add(Some(ReviewKind::Photo)).license_id;
    let mut app = App::new(&town);
    let (tokens, id) = waiting(&app, &license).await;
    app.holder = new_key();
    let next = waits(&app.credential(&tokens.access).await);
    assert_ne!(next, id);
    accept(&town, &license);
    let old = app.ask_again(&tokens.access, &id).await;
    assert_eq!(old.refusal(), refused(400, "invalid_transaction_id"));
    let credential = app.credential_in(&app.ask_again(&tokens.access, &next).await);
    assert_eq!(&credential.claims().holder_key, app.holder.verifying_key());
}

#[tokio::test]
async fn a_refused_license_says_why_and_goes_on_with_another_photo() {
    let town = Town::new().await;
    let license = town.add(Some(ReviewKind::Photo)).license_id;
    let app = App::new(&town);
    let (tokens, id) = waiting(&app, &license).await;
    let words = "Bitte ohne Sonnenbrille \u{2013} \u{7167}\u{7247}";
    let review = review_of(&town, &license);
    town.open()
        .refuse_review(
            review,
            ReviewReason::PhotoUnclear,
            Some(words),
            "clerk 7",
            town.now(),
        )
        .unwrap();
    for reply in [
        app.ask_again(&tokens.access, &id).await,
        app.credential(&tokens.access).await,
    ] {
        assert_eq!(reply.refusal(), refused(400, "credential_request_denied"));
        assert!(reply.text("error_description").is_ascii());
        let told = &reply.json()["reason"];
        assert_eq!(*told, json!({ "code": "photo_unclear", "text": words }));
        assert_eq!(reply.text("transaction_id"), id);
    }
    // A new photo is looked at without being asked for.
    let picture = other_picture();
    let edited = town
        .open()
        .edit_license(&license, None, Some(&picture), town.now())
        .unwrap();
    assert!(!edited.changed && edited.review > Some(review));
    assert_eq!(waits(&app.ask_again(&tokens.access, &id).await), id);
    let part = Crop {
        left: 30,
        top: 40,
        width: 240,
        height: 320,
    };
    let review = edited.review.unwrap();
    let authority = town.open();
    for _ in 0..2 {
        authority
            .accept_review(review, "clerk 7", Some(part), town.now())
            .unwrap();
    }
    let reply = app.ask_again(&tokens.access, &id).await;
    let credential = app.credential_in(&reply);
    let roadside = roadside_of(&picture, part).unwrap().jpeg;
    assert_eq!(credential.portrait().unwrap().jpeg(), roadside);
}

#[tokio::test]
async fn a_phone_keeps_and_renews_its_license_while_a_new_photo_waits_and_a_new_phone_waits() {
    let town = Town::new().await;
    let license = town.add(None).license_id;
    let (old, new) = (App::new(&town), App::new(&town));
    let tokens = old.license(&license, Mode::First).await;
    let picture = other_picture();
    let edited = town
        .open()
        .edit_license_for_review(
            &license,
            None,
            Some(&picture),
            Some(ReviewKind::Photo),
            town.now(),
        )
        .unwrap();
    assert_eq!(edited.devices, 0, "nothing to fetch yet");
    town.pass(2 * DAY);
    let tokens = Tokens::of(&old.refresh(&tokens.refresh).await);
    let before = old.credential(&tokens.access).await;
    let before = old
        .credential_in(&before)
        .portrait()
        .unwrap()
        .jpeg()
        .to_vec();
    let code = new.code(&license, Mode::Beside).await;
    let theirs = Tokens::of(&new.redeem(&code).await);
    let id = waits(&new.credential(&theirs.access).await);
    accept(&town, &license);
    let after = new.credential_in(&new.ask_again(&theirs.access, &id).await);
    assert_ne!(after.portrait().unwrap().jpeg(), before);
    let renewed = old.credential_in(&old.credential(&tokens.access).await);
    let pictures = [&renewed, &after].map(|one| one.portrait().unwrap().jpeg());
    assert_eq!(pictures[0], pictures[1]);
}

#[tokio::test]
async fn who_could_not_get_the_license_is_told_so_before_waiting() {
    let town = Town::new().await;
    let license = town.add(None).license_id;
    let (old, new) = (App::new(&town), App::new(&town));
    old.license(&license, Mode::First).await;
    town.open()
        .edit_license_for_review(&license, None, None, Some(ReviewKind::Papers), town.now())
        .unwrap();
    let code = new.code(&license, Mode::First).await;
    let tokens = Tokens::of(&new.redeem(&code).await);
    let reply = new.credential(&tokens.access).await;
    assert_eq!(reply.refusal(), refused(400, "credential_request_denied"));
    assert_eq!(reply.json()["reason"], Value::Null);
}

#[tokio::test]
async fn what_waits_ends_with_its_grant_and_its_license() {
    let town = Town::new().await;
    let license = town.add(Some(ReviewKind::Photo)).license_id;
    let app = App::new(&town);
    let (tokens, id) = waiting(&app, &license).await;
    let review = review_of(&town, &license);
    let reason = crate::register::EndReason::Mistake;
    town.open()
        .end_license(&license, reason, town.now())
        .unwrap();
    let reply = app.ask_again(&tokens.access, &id).await;
    assert_eq!(reply.refusal(), refused(401, "invalid_token"));
    let accepted = town
        .open()
        .accept_review(review, "clerk 7", None, town.now());
    assert_eq!(accepted, Err(Error::ReviewOver));
    assert_eq!(town.open().reviews_waiting(None, 10).unwrap(), []);
}

#[tokio::test]
async fn a_bearer_token_of_an_offer_waits_too_and_malformed_requests_are_named() {
    let town = Town::with(false).await;
    let added = town.add(Some(ReviewKind::Papers));
    let app = App::new(&town);
    let tokens = Tokens::of(&app.redeem_offer(&added).await);
    let id = waits(&app.credential(&tokens.access).await);
    for (body, error) in [
        ("[]", "invalid_credential_request"),
        ("{}", "invalid_credential_request"),
        (r#"{"transaction_id":7}"#, "invalid_credential_request"),
        (
            r#"{"transaction_id":"x","credential_response_encryption":{}}"#,
            "invalid_encryption_parameters",
        ),
    ] {
        let reply = app
            .post(
                "/deferred_credential",
                "application/json",
                Some(&tokens.access),
                body,
            )
            .await;
        assert_eq!(reply.refusal(), refused(400, error), "{body}");
    }
    accept(&town, &added.license_id);
    app.credential_in(&app.ask_again(&tokens.access, &id).await);
    let told = town.get("/.well-known/openid-credential-issuer").await;
    let endpoint = format!("{ISSUER}/deferred_credential");
    assert_eq!(told.text("deferred_credential_endpoint"), endpoint);
}
