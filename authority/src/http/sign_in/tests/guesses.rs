//! Guessing, finding out who has an account, and locking others out.

use std::collections::BTreeSet;

use super::*;

/// A code of a letter that is not this one.
fn other_letter(number: u8) -> String {
    let bytes = std::array::from_fn(|place| number.wrapping_add(u8::try_from(place).unwrap()));
    let code = crate::rules::short_code::ShortCode::of(&bytes);
    code.printed().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_parallel_guesses_at_a_letter_exactly_five_count() {
    let town = Arc::new(Town::new());
    town.add(NUMBER);
    let letter = town.letter(NUMBER);
    let mut browsers = Vec::new();
    for _ in 0..4 {
        let mut browser = town.opened().await;
        browser.post(&town, "number", &[("number", NUMBER)]).await;
        browser.get(&town, "/sign-in").await;
        browsers.push(browser);
    }
    let guesses: Vec<_> = (0..200_u8)
        .map(|guess| {
            let (town, mut browser) = (Arc::clone(&town), browsers[usize::from(guess) % 4].clone());
            browser.turn = usize::from(guess / 4);
            tokio::spawn(async move {
                let code = other_letter(guess);
                let answer = browser.send_form(&town, "letter", &[("code", &code)]).await;
                assert_eq!(answer.leads_to(), "/sign-in/letter");
            })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap();
    }
    // No more are compared: the right code is wrong too.
    assert_eq!(town.count("SELECT wrong FROM letters"), 5);
    let browser = &mut browsers[0];
    browser.post(&town, "letter", &[("code", &letter)]).await;
    let page = browser.get(&town, "/sign-in/letter").await;
    assert!(page.fault().is_some());

    // Four wrong ones leave the fifth try; a slip of the hand is none.
    let letter = town.letter(NUMBER);
    let slip = format!(
        "{}{}",
        &letter[..10],
        if letter.ends_with('0') { '1' } else { '0' }
    );
    for code in [slip.clone(), slip]
        .into_iter()
        .chain((0..4).map(other_letter))
    {
        browser.post(&town, "letter", &[("code", &code)]).await;
    }
    assert_eq!(town.count("SELECT wrong FROM letters"), 4);
    browser.post(&town, "letter", &[("code", &letter)]).await;
    let page = browser.get(&town, "/sign-in").await;
    assert_eq!(page.heading(), "Choose a passphrase");
}

#[tokio::test]
async fn a_letter_cannot_be_used_after_thirty_days_nor_twice() {
    let town = Town::new();
    town.add(NUMBER);
    let letter = town.letter(NUMBER);
    let (mut one, mut other) = (town.opened().await, town.opened().await);
    for browser in [&mut one, &mut other] {
        browser.post(&town, "number", &[("number", NUMBER)]).await;
        browser.post(&town, "letter", &[("code", &letter)]).await;
        let both = [("passphrase", PASSPHRASE), ("again", PASSPHRASE)];
        browser.post(&town, "new-passphrase", &both).await;
    }
    // Both have come as far as that, and one is the first.
    for (browser, heading) in [
        (&mut one, "Give your license to the app?"),
        (&mut other, "Enter the code from your letter"),
    ] {
        let page = browser.get(&town, "/sign-in").await;
        if page.status == StatusCode::GONE {
            continue;
        }
        let code = totp::code_at(&page.totp(), town.now());
        browser.post(&town, "new-code", &[("code", &code)]).await;
        let page = browser.get(&town, "/sign-in").await;
        assert_eq!(page.heading(), heading);
    }
    assert_eq!(
        town.count("SELECT count(*) FROM events WHERE kind LIKE 'account%'"),
        1
    );
    let late = town.letter(NUMBER);
    town.pass(30 * 86_400 + 1);
    let mut browser = town.opened().await;
    browser.post(&town, "number", &[("number", NUMBER)]).await;
    browser.post(&town, "letter", &[("code", &late)]).await;
    let page = browser.get(&town, "/sign-in").await;
    assert!(page.fault().is_some());
}

/// The page without what differs by itself: the token and the number.
fn bare(page: &Answer, number: &str) -> String {
    let token = page.token().unwrap_or_default();
    page.body.replace(&token, "TOKEN").replace(number, "NUMBER")
}

#[tokio::test]
async fn no_page_and_no_work_tells_whether_a_number_has_an_account_or_is_one() {
    let town = Town::new();
    let numbers = ["ZZ-1000001", "ZZ-1000002", "ZZ-1000003"];
    // An account, a license with a letter and no account, and no license.
    town.add(numbers[0]);
    town.add(numbers[1]);
    town.enroll(numbers[0]).await;
    town.letter(numbers[0]);
    town.letter(numbers[1]);
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    for number in numbers {
        let mut browser = town.opened().await;
        let mut pages = Vec::new();
        let before = (town.runs(), town.count("SELECT max(epoch) FROM authority"));
        browser.post(&town, "number", &[("number", number)]).await;
        pages.push(bare(&browser.get(&town, "/sign-in").await, number));
        pages.push(bare(&browser.get(&town, "/sign-in/letter").await, number));
        let fields = [("code", &*other_letter(9))];
        browser.post(&town, "letter", &fields).await;
        pages.push(bare(&browser.get(&town, "/sign-in").await, number));
        for _ in 0..7 {
            let fields = [("passphrase", "not the passphrase")];
            let answer = browser.post(&town, "passphrase", &fields).await;
            pages.push(answer.leads_to().to_owned());
            pages.push(bare(&browser.get(&town, "/sign-in").await, number));
        }
        let after = (town.runs(), town.count("SELECT max(epoch) FROM authority"));
        // As many runs of argon2, and as many transactions that write.
        pages.push(format!("{} {}", after.0 - before.0, after.1 - before.1));
        seen.insert(pages);
    }
    let only: Vec<_> = seen.iter().collect();
    assert_eq!(only.len(), 1);
    assert!(
        only[0].last().unwrap().starts_with("5 "),
        "five runs, then it is slowed"
    );
}

#[tokio::test]
async fn others_tries_slow_no_browser_that_is_known_and_no_other_number() {
    let town = Town::new();
    let id = town.add(NUMBER);
    town.add("ZZ-77");
    let driver = town.enroll(NUMBER).await;
    let neighbor = town.enroll("ZZ-77").await;
    town.pass(3_600);
    let slow = |page: &Answer| {
        page.fault()
            .is_some_and(|fault| fault.contains("Too many tries"))
    };
    let mut attacker = town.opened().await;
    for _ in 0..5 {
        let page = attacker
            .try_passphrase(&town, NUMBER, "guess after guess")
            .await;
        assert!(!slow(&page));
    }
    let runs = town.runs();
    let page = attacker.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    assert!(slow(&page), "also the right one");
    assert_eq!(town.runs(), runs, "and nothing is hashed");
    // A browser that is known for another number is a stranger to this one.
    let mut other = neighbor.only_known().open(&town).await;
    assert!(slow(&other.try_passphrase(&town, NUMBER, PASSPHRASE).await));
    let page = other.try_passphrase(&town, "ZZ-77", PASSPHRASE).await;
    assert_eq!(page.heading(), "Enter your one-time code");
    // The driver's own is not slowed, at both steps.
    let mut own = driver.only_known().open(&town).await;
    let page = own.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    assert_eq!(page.heading(), "Enter your one-time code");
    let code = town.code(&id);
    own.post(&town, "code", &[("code", &code)]).await;
    let page = own.get(&town, "/sign-in").await;
    assert_eq!(page.heading(), "Give your license to the app?");
    // In time the number is even again: five minutes for each try.
    town.pass(300);
    let mut stranger = town.opened().await;
    let page = stranger.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    assert_eq!(page.heading(), "Enter your one-time code");
}

#[tokio::test]
async fn a_known_browser_guesses_slowly_too_and_a_stolen_cookie_of_another_account_is_none() {
    let town = Town::new();
    town.add(NUMBER);
    let driver = town.enroll(NUMBER).await;
    town.pass(3_600);
    let mut thief = driver.only_known().open(&town).await;
    for _ in 0..10 {
        thief
            .try_passphrase(&town, NUMBER, "guess after guess")
            .await;
    }
    let page = thief.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    assert!(page.fault().unwrap().contains("Too many tries"));
}

#[tokio::test]
async fn one_address_is_slowed_over_all_numbers_and_others_are_not() {
    let town = Town::new();
    town.add(NUMBER);
    let mut attacker = Browser::from("203.0.113.7").open(&town).await;
    for number in 0..30 {
        let number = format!("ZZ-{number}");
        let page = attacker.try_passphrase(&town, &number, "autumn 2026").await;
        assert!(page.fault().unwrap().contains("do not belong together"));
    }
    let page = attacker.try_passphrase(&town, "ZZ-99", "autumn 2026").await;
    assert!(page.fault().unwrap().contains("Too many tries"));
    // A letter's code counts against the address as well.
    attacker
        .post(&town, "letter", &[("code", &other_letter(1))])
        .await;
    let page = attacker.get(&town, "/sign-in/letter").await;
    assert!(page.fault().unwrap().contains("Too many tries"));
    let mut other = Browser::from("203.0.113.8").open(&town).await;
    let page = other.try_passphrase(&town, "ZZ-98", "autumn 2026").await;
    assert!(page.fault().unwrap().contains("do not belong together"));
}

#[tokio::test]
async fn a_one_time_code_is_taken_once_by_any_server() {
    let town = Town::new();
    let id = town.add(NUMBER);
    town.enroll(NUMBER).await;
    let code = town.code(&id);
    let (mut one, mut other) = (town.opened().await, town.opened().await);
    for browser in [&mut one, &mut other] {
        browser.try_passphrase(&town, NUMBER, PASSPHRASE).await;
        // The code that set the account up is used already.
        browser.post(&town, "code", &[("code", &code)]).await;
        let page = browser.get(&town, "/sign-in").await;
        assert!(page.fault().is_some());
    }
    town.pass(30);
    let code = town.code(&id);
    one.get(&town, "/sign-in").await;
    other.get(&town, "/sign-in").await;
    let fields = [("code", &*code)];
    let (first, second) = tokio::join!(
        one.send_form(&town, "code", &fields),
        other.send_form(&town, "code", &fields)
    );
    let renewed = |answer: &Answer| answer.headers.contains_key(header::SET_COOKIE);
    assert_eq!(
        u8::from(renewed(&first)) + u8::from(renewed(&second)),
        1,
        "one of both"
    );
    // Of six digits not many can be tried.
    town.pass(30);
    let mut thief = town.opened().await;
    thief.try_passphrase(&town, NUMBER, PASSPHRASE).await;
    for guess in 0..6 {
        let guess = format!("00000{guess}");
        thief.post(&town, "code", &[("code", &guess)]).await;
    }
    let code = town.code(&id);
    thief.post(&town, "code", &[("code", &code)]).await;
    let page = thief.get(&town, "/sign-in").await;
    assert!(page.fault().unwrap().contains("Too many tries"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_forty_parallel_guesses_at_a_passphrase_five_are_hashed() {
    let town = Arc::new(Town::new());
    town.add(NUMBER);
    town.enroll(NUMBER).await;
    let mut browser = town.opened().await;
    browser.post(&town, "number", &[("number", NUMBER)]).await;
    browser.get(&town, "/sign-in").await;
    let before = town.runs();
    let guesses: Vec<_> = (0..40)
        .map(|turn| {
            let (town, mut browser) = (Arc::clone(&town), browser.clone());
            browser.turn = turn;
            tokio::spawn(async move {
                let guess = format!("guess number {turn}");
                let fields = [("passphrase", &*guess)];
                browser.send_form(&town, "passphrase", &fields).await
            })
        })
        .collect();
    for guess in guesses {
        assert_eq!(guess.await.unwrap().leads_to(), "/sign-in");
    }
    assert_eq!(town.runs() - before, 5);
}
