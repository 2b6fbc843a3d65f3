//! Whole ways, every step by the other one of two servers.

use super::*;

#[tokio::test]
async fn a_driver_sets_up_an_account_by_a_letter_and_signs_in_with_it_every_step_at_another_server()
{
    let town = Town::new();
    let id = town.add(NUMBER);
    let mut first = town.enroll(NUMBER).await;
    let page = first.get(&town, "/sign-in").await;
    assert_eq!(page.heading(), "Give your license to the app?");
    assert!(page.body.contains("Adaeze Okonkwo") && page.body.contains(NUMBER));
    let answer = first.post(&town, "consent", &[("phone", "first")]).await;
    assert_eq!(
        issued(&town, &answer.code()),
        Some((id.clone(), OfferKind::First))
    );

    // The next time, in another browser, with the passphrase and a code.
    town.pass(3_600);
    let mut second = town.opened().await;
    let page = second
        .try_passphrase(&town, "zz 1029384756", PASSPHRASE)
        .await;
    assert_eq!(page.heading(), "Enter your one-time code");
    let code = town.code(&id);
    second.post(&town, "code", &[("code", &code)]).await;
    let answer = second.post(&town, "consent", &[("phone", "first")]).await;
    assert!(issued(&town, &answer.code()).is_some());
    let kinds = "SELECT group_concat(kind) FROM events WHERE license IS NOT NULL
        AND kind IN ('letter_made', 'account_made', 'signed_in')";
    let connection = rusqlite::Connection::open(town.home().join("authority.sqlite")).unwrap();
    let kinds: String = connection.query_row(kinds, [], |row| row.get(0)).unwrap();
    assert_eq!(kinds, "letter_made,account_made,signed_in");
}
