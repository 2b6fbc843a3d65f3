//! Whole ways, every step by the other one of two servers.

use vidimus_credential::Signer as _;

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

/// The steps of a first sign-in: the form, and the page that it leads to.
const STEPS: [(&str, &str); 5] = [
    ("number", "Enter your passphrase"),
    ("letter", "Choose a passphrase"),
    ("new-passphrase", "Set up one-time codes"),
    ("new-code", "Give your license to the app?"),
    ("consent", "Go back to the app"),
];

/// What a driver types into a form, by the page that shows it.
async fn typed(
    town: &Town,
    browser: &mut Browser,
    form: &str,
    letter: &str,
) -> Vec<(String, String)> {
    let page = browser.get(town, "/sign-in").await;
    let fields: Vec<(&str, String)> = match form {
        "number" => vec![("number", NUMBER.to_owned())],
        "letter" => vec![("code", letter.to_owned())],
        "new-passphrase" => vec![
            ("passphrase", PASSPHRASE.to_owned()),
            ("again", PASSPHRASE.to_owned()),
        ],
        "new-code" => vec![("code", totp::code_at(&page.totp(), town.now()))],
        _ => vec![("phone", "first".to_owned())],
    };
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    fields.into_iter().map(owned).collect()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn a_form_that_is_sent_twice_and_a_browser_that_dies_at_any_step_go_on() {
    let town = Town::new();
    town.add(NUMBER);
    let letter = town.letter(NUMBER);
    let mut browser = town.opened().await;
    for (form, heading) in STEPS {
        let fields = typed(&town, &mut browser, form, &letter).await;
        let fields = borrowed(&fields);
        // Twice at once: the second one has the old cookie, and is answered like the first.
        let mut twin = browser.clone();
        let first = browser.send_form(&town, form, &fields).await;
        let second = twin.send_form(&town, form, &fields).await;
        assert_eq!(first.leads_to(), second.leads_to(), "{form}");
        assert_eq!(browser.session(), twin.session(), "{form}");
        // The browser dies, and its cookies live.
        let mut reborn = browser.clone();
        reborn.token = String::new();
        let page = reborn.get(&town, "/sign-in").await;
        assert_eq!(page.heading(), heading);
        // One that has lost them is told what to do.
        let page = Browser::new().get(&town, "/sign-in").await;
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.body.contains("Begin anew in the app"));
    }
    // To go back and send an earlier form again changes nothing.
    for (form, _) in STEPS.into_iter().take(4) {
        let fields = [
            ("number", "ZZ-9"),
            ("code", "0"),
            ("passphrase", "x"),
            ("again", "x"),
        ];
        let answer = browser.post(&town, form, &fields).await;
        assert!(answer.leads_to().starts_with("/sign-in"), "{form}");
        let page = browser.get(&town, "/sign-in").await;
        assert_eq!(page.heading(), "Go back to the app");
    }
    let answer = browser.post(&town, "consent", &[("phone", "first")]).await;
    assert!(issued(&town, &answer.code()).is_some());
    assert_eq!(town.count("SELECT count(*) FROM codes"), 1);
    assert_eq!(town.count("SELECT count(*) FROM accounts"), 1);
}

#[tokio::test]
async fn a_sign_in_lasts_ten_minutes_and_what_was_set_up_stays() {
    let town = Town::new();
    let id = town.add(NUMBER);
    let mut browser = town.enroll(NUMBER).await;
    browser.get(&town, "/sign-in").await;
    town.pass(601);
    let answer = browser.get(&town, "/sign-in").await;
    assert_eq!(answer.status, StatusCode::GONE);
    let answer = browser
        .send_form(&town, "consent", &[("phone", "first")])
        .await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert_eq!(town.count("SELECT count(*) FROM codes"), 0);
    let mut again = browser.only_known().open(&town).await;
    let page = again.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    assert_eq!(page.heading(), "Enter your one-time code");
    let code = town.code(&id);
    again.post(&town, "code", &[("code", &code)]).await;
    let page = again.get(&town, "/sign-in").await;
    assert_eq!(page.heading(), "Give your license to the app?");
}

#[tokio::test]
async fn the_same_browser_opens_the_link_again_and_another_is_told_to_begin_anew() {
    let town = Town::new();
    let link = town.push();
    let mut browser = Browser::new();
    browser.get(&town, &link).await;
    let session = browser.session();
    assert_eq!(browser.get(&town, &link).await.leads_to(), "/sign-in");
    assert_eq!(browser.session(), session, "the same sign-in");
    let answer = Browser::new().get(&town, &link).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.heading(), "This link cannot be used");
    // One that was not opened in its minute.
    let late = town.push();
    town.pass(61);
    let answer = Browser::new().get(&town, &late).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_driver_who_refuses_goes_back_to_the_app_with_nothing() {
    let town = Town::new();
    town.add(NUMBER);
    let mut browser = town.enroll(NUMBER).await;
    let answer = browser.post(&town, "refuse", &[]).await;
    let address = answer.leads_to().to_owned();
    assert!(address.starts_with(CALLBACK) && address.contains("error=access_denied"));
    let again = browser.post(&town, "refuse", &[]).await;
    assert_eq!(again.leads_to(), address);
    let answer = browser.post(&town, "consent", &[("phone", "first")]).await;
    assert_eq!(answer.leads_to(), "/sign-in");
    assert_eq!(town.count("SELECT count(*) FROM codes"), 0);
}

#[tokio::test]
async fn a_new_letter_sets_passphrase_and_codes_anew_and_forgets_what_knew_the_old_ones() {
    let town = Town::new();
    let id = town.add(NUMBER);
    let old = town.enroll(NUMBER).await;
    let old_secret = town.totp(&id);
    town.pass(3_600);
    // A sign-in under way, with the old passphrase.
    let mut under_way = old.only_known().open(&town).await;
    under_way.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    let (first, second) = (town.letter(NUMBER), town.letter(NUMBER));
    let mut browser = town.opened().await;
    browser.post(&town, "number", &[("number", NUMBER)]).await;
    browser.post(&town, "letter", &[("code", &first)]).await;
    let page = browser.get(&town, "/sign-in").await;
    assert!(page.fault().is_some(), "an older letter is void");
    browser.post(&town, "letter", &[("code", &second)]).await;
    let other = "seven trains by the sea";
    let both = [("passphrase", other), ("again", other)];
    browser.post(&town, "new-passphrase", &both).await;
    let page = browser.get(&town, "/sign-in").await;
    // Until the end of it the old ones go on.
    assert_eq!(town.totp(&id), old_secret);
    let code = totp::code_at(&page.totp(), town.now());
    browser.post(&town, "new-code", &[("code", &code)]).await;
    assert_ne!(town.totp(&id), old_secret);
    assert_eq!(
        under_way.get(&town, "/sign-in").await.status,
        StatusCode::GONE
    );
    assert_eq!(town.count("SELECT count(*) FROM known_browsers"), 1);
    assert_eq!(town.count("SELECT count(*) FROM letters"), 0);
    let mut third = town.opened().await;
    let page = third.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    assert!(page.fault().is_some());
    let page = third.try_passphrase(&town, NUMBER, other).await;
    assert_eq!(page.heading(), "Enter your one-time code");
}

#[tokio::test]
async fn the_driver_says_which_phone_the_new_one_replaces_or_that_it_comes_beside() {
    let town = Town::new();
    let id = town.add(NUMBER);
    let mut browser = town.enroll(NUMBER).await;
    let phone = |town: &Town| {
        let key = crate::tests::new_key().verifying_key().to_cose_key();
        let connection = rusqlite::Connection::open(town.home().join("authority.sqlite"));
        let connection = connection.unwrap();
        let insert = "INSERT INTO grants (license, mode, made) VALUES (?, 'first', 1)";
        connection.execute(insert, [&id]).unwrap();
        let insert = "INSERT INTO devices (license, holder_key, grant_id, added, replaceable_until)
            VALUES (?1, ?2, 1, 1799000000, 0)";
        let values = rusqlite::params![id, key];
        connection.execute(insert, values).unwrap();
        connection.last_insert_rowid()
    };
    // Asked without a phone, and one has come meanwhile.
    browser.get(&town, "/sign-in").await;
    let one = phone(&town);
    browser
        .send_form(&town, "consent", &[("phone", "first")])
        .await;
    let page = browser.get(&town, "/sign-in").await;
    assert!(page.fault().is_some());
    assert!(page.body.contains("value=\"beside\""));
    assert!(page.body.contains("added on 2027-01-03"), "{}", page.body);
    let two = phone(&town);
    let page = browser.get(&town, "/sign-in").await;
    assert!(!page.body.contains("value=\"beside\""), "two may hold it");
    assert!(page.body.contains("There is no room for one more phone"));
    for wrong in ["beside", "first", "4711", "", "x"] {
        let answer = browser.post(&town, "consent", &[("phone", wrong)]).await;
        assert_eq!(answer.leads_to(), "/sign-in", "{wrong}");
    }
    assert_eq!(town.count("SELECT count(*) FROM codes"), 0);
    let fields = [("phone", &*two.to_string())];
    let answer = browser.post(&town, "consent", &fields).await;
    let kind = OfferKind::Replace(Some(two));
    assert_eq!(issued(&town, &answer.code()), Some((id.clone(), kind)));
    assert_ne!(one, two);
}

#[tokio::test]
async fn nothing_is_given_of_a_license_that_is_revoked_and_the_end_of_one_ends_its_account() {
    let town = Town::new();
    let id = town.add(NUMBER);
    let mut browser = town.enroll(NUMBER).await;
    browser.get(&town, "/sign-in").await;
    let status = vidimus_credential::LicenseStatus::Revoked;
    town.authority()
        .set_status(&id, status, town.now())
        .unwrap();
    let answer = browser
        .send_form(&town, "consent", &[("phone", "first")])
        .await;
    assert_eq!(answer.leads_to(), "/sign-in");
    let page = browser.get(&town, "/sign-in").await;
    assert_eq!(page.heading(), "This license cannot be given now");
    assert_eq!(town.count("SELECT count(*) FROM codes"), 0);
    town.letter(NUMBER);
    let reason = crate::register::EndReason::from_name("surrendered").unwrap();
    town.authority()
        .end_license(&id, reason, town.now())
        .unwrap();
    for table in ["accounts", "letters", "sign_ins", "known_browsers"] {
        assert_eq!(town.count(&format!("SELECT count(*) FROM {table}")), 0);
    }
    assert_eq!(
        browser.get(&town, "/sign-in").await.status,
        StatusCode::GONE
    );
    assert!(town.authority().make_letter(&id, town.now()).is_err());
}

#[tokio::test]
async fn pages_speak_the_drivers_language_from_right_to_left_where_it_is_written_so() {
    let town = Town::new();
    let mut browser = Browser::new();
    browser
        .extra
        .push(("accept-language", "ar,en;q=0.5".to_owned()));
    browser.get(&town, &town.push()).await;
    let page = browser.get(&town, "/sign-in").await;
    assert!(page.body.contains("<html lang=\"ar\" dir=\"rtl\">"));
    // A name or a number within it keeps its own direction.
    assert!(page.body.contains("\u{2068}vidimus-cli\u{2069}"));
    assert!(page.body.contains("<bdi>Licensing Authority</bdi>"));
    let fields = [("language", "es")];
    assert_eq!(
        browser.post(&town, "language", &fields).await.leads_to(),
        "/sign-in"
    );
    let page = browser.get(&town, "/sign-in").await;
    assert!(page.body.contains("<html lang=\"es\" dir=\"ltr\">"));
    assert_eq!(page.heading(), "¿Cuál es su permiso?");
    let page = Browser::new().get(&town, "/sign-in").await;
    assert!(page.body.contains("<html lang=\"en\" dir=\"ltr\">"));
}

#[tokio::test]
async fn a_new_passphrase_is_long_enough_not_simple_and_typed_twice() {
    let town = Town::new();
    town.add(NUMBER);
    let letter = town.letter(NUMBER);
    let mut browser = town.opened().await;
    browser.post(&town, "number", &[("number", NUMBER)]).await;
    browser.post(&town, "letter", &[("code", &letter)]).await;
    let long = "x y z ".repeat(100);
    for (one, other) in [
        ("brief", "brief"),
        (PASSPHRASE, "four horses in the rein"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"),
        ("zz 1029384756!", "zz 1029384756!"),
        (&*long, &*long),
    ] {
        let both = [("passphrase", one), ("again", other)];
        browser.post(&town, "new-passphrase", &both).await;
        let page = browser.get(&town, "/sign-in").await;
        assert_eq!(page.heading(), "Choose a passphrase");
        assert!(page.fault().is_some(), "{one}");
        assert!(
            page.body
                .contains("aria-describedby=\"passphrase-hint fault\"")
        );
        assert!(page.body.contains("aria-invalid=\"true\" autofocus"));
        assert!(page.body.contains("<title>Please check:"));
        assert!(!page.body.contains(one), "what was typed is in no page");
    }
    assert_eq!(town.runs(), 0);
}
