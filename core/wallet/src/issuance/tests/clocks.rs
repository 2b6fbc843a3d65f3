//! Phones whose clock is wrong when a license is fetched.

use super::*;
use crate::testing::time;

const DAY: u64 = 86_400;

#[tokio::test]
async fn a_phone_whose_clock_is_minutes_ahead_dates_its_proof_by_the_servers() {
    let (phone, server, authority, wallet) = scene().await;
    server.say_the_time(NOW);
    server.script(|request| {
        let is_ahead =
            request.path == "/credential" && proof(request).1["iat"].as_u64().unwrap() > NOW + 300;
        is_ahead.then(|| Reply::error(400, "invalid_proof"))
    });
    phone.set_clock(NOW + 600);
    enroll(&wallet, &authority.offer()).await.unwrap();
    let requests = server.requests_to("/credential");
    let dates: Vec<Value> = requests
        .iter()
        .map(|it| proof(it).1["iat"].clone())
        .collect();
    assert_eq!(dates, [NOW + 600, NOW]);
    // Without TLS nothing is learned by it.
    assert_eq!(wallet.time().unwrap().sureness, Sureness::Unsure);
}

#[tokio::test]
async fn a_proof_that_is_refused_for_another_reason_is_not_sent_again() {
    let (_phone, server, authority, wallet) = scene().await;
    server.say_the_time(NOW);
    server.at("/credential", Reply::error(400, "invalid_proof"));
    let refused = enroll(&wallet, &authority.offer()).await.err();
    assert_eq!(refused, Some(Error::Refused(OAuthError::InvalidProof)));
    assert_eq!(server.requests_to("/credential").len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_days_wrong_is_named_before_the_code_is_spent_and_forgiven_once_it_is_right()
 {
    for days in [2, 31, 400] {
        let (phone, server, authority, wallet) = scene().await;
        server.say_the_time(NOW);
        phone.set_clock(NOW + days * DAY);
        let wrong = Error::ServerTimeWrong {
            server: time(NOW),
            device: time(NOW + days * DAY),
        };
        let named = enroll(&wallet, &authority.offer()).await.err();
        assert_eq!(named, Some(wrong), "{days}");
        assert!(server.requests_to("/token").is_empty(), "{days}");

        phone.set_clock(NOW + 60);
        assert!(wallet.time().unwrap().set_back, "until now nobody knows");
        enroll(&wallet, &authority.offer()).await.unwrap();
        let known = wallet.time().unwrap();
        assert_eq!((known.latest, known.set_back), (time(NOW + 60), false));
        assert!(wallet.licenses().unwrap()[0].status.state.may_drive());
    }
}

#[tokio::test]
async fn a_clock_that_is_days_behind_is_named_before_the_code_is_spent() {
    let (phone, server, authority, wallet) = scene().await;
    // A list is held and not due.
    let (budget, cancel) = (Duration::from_secs(9), CancelToken::new());
    wallet.refresh(Refresh::Now, budget, &cancel).await.unwrap();
    let now = NOW + 3 * DAY;
    server.say_the_time(now);
    server.at("/trust", Reply::new(200).body(authority.trust_list(now)));
    let wrong = Error::ServerTimeWrong {
        server: time(now),
        device: time(NOW),
    };
    assert_eq!(enroll(&wallet, &authority.offer()).await.err(), Some(wrong));
    assert!(server.requests_to("/token").is_empty());
    phone.set_clock(now);
    server.script(move |request| {
        (request.path == "/credential")
            .then(|| credential_reply(&authority.license(&proven_key(request), now)))
    });
    enroll(&wallet, &authority.offer()).await.unwrap();
}

#[tokio::test]
async fn where_the_list_or_every_key_of_it_is_over_by_this_phones_clock_no_code_is_spent() {
    // The list itself is over after 30 days, and with it what is issued now.
    for days in [31, 900] {
        let (phone, server, authority, wallet) = scene().await;
        phone.set_clock(NOW + days * DAY);
        let wrong = Error::ServerTimeWrong {
            server: time(NOW),
            device: time(NOW + days * DAY),
        };
        // It is the time of the list that is told where the server says none.
        assert_eq!(enroll(&wallet, &authority.offer()).await.err(), Some(wrong));
        assert!(server.requests_to("/token").is_empty());
    }
}
