//! Attacks on the pages.

use super::*;

#[tokio::test]
async fn a_cookie_that_an_attacker_has_fixed_is_worth_nothing_after_each_proof() {
    let town = Town::new();
    let id = town.add(NUMBER);
    town.enroll(NUMBER).await;
    town.pass(3_600);
    // The attacker's own sign-in, planted into the driver's browser.
    let mut driver = town.opened().await;
    let mut attacker = driver.clone();
    attacker.get(&town, "/sign-in").await;
    driver.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    assert_ne!(driver.session(), attacker.session());
    let page = attacker.get(&town, "/sign-in").await;
    assert_eq!(page.status, StatusCode::GONE);
    // Who saw the cookie between the two proofs has nothing after the second.
    let mut second = driver.clone();
    let code = town.code(&id);
    driver.post(&town, "code", &[("code", &code)]).await;
    assert_eq!(second.get(&town, "/sign-in").await.status, StatusCode::GONE);
    // And cannot send the proof again without knowing it.
    for (form, name) in [
        ("passphrase", "passphrase"),
        ("code", "code"),
        ("letter", "code"),
    ] {
        for browser in [&mut attacker, &mut second] {
            let answer = browser.send_form(&town, form, &[(name, "123456")]).await;
            assert_eq!(answer.status, StatusCode::GONE, "{form}");
        }
    }
    let page = driver.get(&town, "/sign-in").await;
    assert_eq!(page.heading(), "Give your license to the app?");
}

#[tokio::test]
async fn the_letters_proof_renews_the_cookie_too() {
    let town = Town::new();
    town.add(NUMBER);
    let letter = town.letter(NUMBER);
    let mut driver = town.opened().await;
    driver.post(&town, "number", &[("number", NUMBER)]).await;
    let mut attacker = driver.clone();
    driver.post(&town, "letter", &[("code", &letter)]).await;
    let page = attacker.get(&town, "/sign-in").await;
    assert_eq!(page.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_form_without_this_browsers_token_or_from_another_site_changes_nothing() {
    let town = Town::new();
    town.add(NUMBER);
    let mut browser = town.enroll(NUMBER).await;
    browser.get(&town, "/sign-in").await;
    let right = browser.token.clone();
    let mut other = town.opened().await;
    other.get(&town, "/sign-in").await;
    for forged in ["", "x", &other.token, &right[1..]] {
        browser.token = forged.to_owned();
        let answer = browser
            .send_form(&town, "consent", &[("phone", "first")])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.heading().contains("earlier step"));
    }
    browser.token = right;
    for foreign in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        browser.extra = vec![(foreign.0, foreign.1.to_owned())];
        let answer = browser
            .send_form(&town, "consent", &[("phone", "first")])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{foreign:?}");
    }
    assert_eq!(town.count("SELECT count(*) FROM codes"), 0);
    // Another type of body, which a page of another site can send without asking.
    browser.extra = vec![("content-type", "text/plain".to_owned())];
    let answer = browser
        .send_form(&town, "consent", &[("phone", "first")])
        .await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    browser.extra.clear();
    let answer = browser
        .send_form(&town, "consent", &[("phone", "first")])
        .await;
    assert!(issued(&town, &answer.code()).is_some());
}

#[tokio::test]
async fn no_address_sends_a_browser_where_no_app_has_registered() {
    let town = Town::new();
    let link = town.push();
    let evil = "redirect_uri=https%3A%2F%2Fevil.example";
    let (_, query) = link.split_once('?').unwrap();
    let (_, uri) = query.split_once("request_uri=").unwrap();
    for link in [
        format!("{link}&{evil}"),
        format!("/authorize?{evil}"),
        format!("/authorize?client_id=vidimus-cli&{evil}"),
        format!("/authorize?client_id=other&request_uri={uri}"),
        "/authorize?client_id=vidimus-cli&request_uri=urn:ietf:params:oauth:request_uri:x"
            .to_owned(),
        "/authorize?client_id=vidimus-cli&request_uri=https://evil.example/r".to_owned(),
        "/authorize".to_owned(),
    ] {
        let answer = Browser::new().get(&town, &link).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{link}");
        assert!(!answer.headers.contains_key(header::LOCATION), "{link}");
        assert!(!answer.body.contains("evil"), "{link}");
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
    // None of it has used the link up.
    let answer = Browser::new().get(&town, &link).await;
    assert_eq!(answer.leads_to(), "/sign-in");
}

#[tokio::test]
async fn no_page_is_framed_stored_or_loads_anything_and_none_leaks_a_referrer() {
    let town = Town::new();
    town.add(NUMBER);
    let mut browser = town.opened().await;
    let mut answers = vec![
        browser.get(&town, "/sign-in").await,
        browser.get(&town, "/authorize").await,
        Browser::new().get(&town, "/sign-in").await,
        Browser::new().get(&town, &town.push()).await,
        browser
            .send_form(&town, "number", &[("number", NUMBER)])
            .await,
        browser.get(&town, "/sign-in").await,
        browser.get(&town, "/sign-in/letter").await,
        browser.get(&town, "/sign-in/number").await,
    ];
    browser.token.clear();
    answers.push(browser.send_form(&town, "letter", &[]).await);
    browser.extra = vec![("host", "evil.example".to_owned())];
    answers.push(browser.get(&town, "/sign-in").await);
    for answer in answers {
        let header = |name: &str| answer.headers[name].to_str().unwrap();
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"));
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        for loaded in [
            "<script",
            "src=",
            "javascript:",
            "style=",
            "onclick",
            "<link",
            "@import",
        ] {
            assert!(!answer.body.contains(loaded), "{loaded}");
        }
    }
}

#[tokio::test]
async fn a_name_that_leads_here_gets_no_page_and_no_cookie() {
    let town = Town::of("http://127.0.0.1:18080", &ServeOptions::default());
    let link = town.push();
    for host in [
        "evil.example",
        "evil.example:18080",
        "localhost:18080",
        "127.0.0.1",
    ] {
        let mut browser = Browser::new();
        browser.extra = vec![("host", host.to_owned())];
        let answer = browser.get(&town, &link).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(browser.cookies.is_empty());
    }
    let mut browser = Browser::new();
    assert_eq!(browser.get(&town, &link).await.leads_to(), "/sign-in");
    // Plain http on this machine has no `__Host-` cookies.
    let (name, _) = browser.cookies.first_key_value().unwrap();
    assert!(name.starts_with("vidimus-sign-in-"), "{name}");
}

#[tokio::test]
async fn a_forms_answer_may_lead_to_the_app_that_asked_and_to_no_other() {
    let town = Town::new();
    let mut browser = town.opened().await;
    let page = browser.get(&town, "/sign-in").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("form-action 'self' http://127.0.0.1:4711; base-uri"),
        "{policy}"
    );
}

#[tokio::test]
async fn no_secret_stands_in_an_address_of_the_pages() {
    let town = Town::new();
    let id = town.add(NUMBER);
    let letter = town.letter(NUMBER);
    let mut browser = town.opened().await;
    let mut addresses = Vec::new();
    for (form, fields) in [
        ("number", vec![("number", NUMBER)]),
        ("letter", vec![("code", &*letter)]),
        (
            "new-passphrase",
            vec![("passphrase", PASSPHRASE), ("again", PASSPHRASE)],
        ),
        ("new-code", vec![("code", "000000")]),
    ] {
        let answer = browser.post(&town, form, &fields).await;
        addresses.push(answer.leads_to().to_owned());
    }
    let page = browser.get(&town, "/sign-in").await;
    let code = totp::code_at(&page.totp(), town.now());
    let answer = browser.post(&town, "new-code", &[("code", &code)]).await;
    addresses.push(answer.leads_to().to_owned());
    assert!(addresses.iter().all(|address| address == "/sign-in"));
    // Nor in the database, but for the secret of the codes.
    let mut stored = std::fs::read(town.home().join("authority.sqlite")).unwrap();
    stored.extend(std::fs::read(town.home().join("authority.sqlite-wal")).unwrap_or_default());
    let plain = letter.replace('-', "");
    for secret in [&*plain, PASSPHRASE, &*browser.session()] {
        let found = stored
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{secret}");
    }
    assert_eq!(town.totp(&id).len(), 20);
}
