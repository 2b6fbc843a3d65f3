//! Looks: one verdict for what is held before a camera, and none that an attack makes better.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{NOW, World, at, key};
use vidimus_credential::challenge::Asked;
use vidimus_credential::face::FaceFrames;
use vidimus_credential::presentation::{CODE, PresentationClaims};
use vidimus_credential::sd_cwt::{self, Portrait};
use vidimus_credential::verify::{Look, MAX_LOOKS, Moment, Policy, Question, Sight};
use vidimus_credential::{LicenseStatus, Outcome, SigningKey, Verifier, qr};

/// A reader whose clocks run together until a test sets one.
struct Reader {
    world: World,
    verifier: Verifier,
    look: Look,
    now: u64,
    clock_ms: u64,
}

impl Reader {
    fn new() -> Self {
        let world = World::new();
        Self {
            verifier: world.verifier(),
            look: Look::new(&Policy::default(), false),
            world,
            now: NOW,
            clock_ms: 5_000_000,
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            now: at(self.now),
            clock_ms: self.clock_ms,
        }
    }

    fn wait_ms(&mut self, ms: u64) {
        self.clock_ms += ms;
        self.now = NOW + (self.clock_ms - 5_000_000) / 1000;
    }

    fn take(&mut self, texts: &[&str]) -> Vec<Sight> {
        let moment = self.moment();
        let question = Question::default();
        self.look.take(&mut self.verifier, texts, question, moment)
    }

    /// What a picture of these codes shows, in short.
    fn sees(&mut self, texts: &[&str]) -> Vec<String> {
        self.take(texts).iter().map(told).collect()
    }

    fn token(&self, iat: u64) -> String {
        self.token_by(&self.world.holder, iat)
    }

    fn token_by(&self, holder: &SigningKey, iat: u64) -> String {
        let claims = PresentationClaims {
            exp: at(iat + 30),
            iat: at(iat),
            ..self.claims()
        };
        qr::token_text(&self.world.signed(holder, &claims))
    }

    fn claims(&self) -> PresentationClaims {
        let staple = self.world.staple(LicenseStatus::Valid, 3600);
        self.world.claims_of_token(Some(staple))
    }
}

fn told(sight: &Sight) -> String {
    match sight {
        Sight::Verdict {
            verdict,
            first_seen_s,
            announce,
        } => {
            let codes: Vec<_> = verdict.reasons.iter().map(|it| it.code()).collect();
            let news = if *announce { "!" } else { "" };
            format!("{} {codes:?} {first_seen_s}s{news}", verdict.outcome.name())
        }
        Sight::Same { first_seen_s } => format!("same {first_seen_s}s"),
        Sight::Face(progress) => format!("face {}/{}", progress.read, progress.count),
        Sight::Portrait(portrait) => format!("portrait {}", portrait.jpeg().len()),
        Sight::TwoLicenses => "two".to_owned(),
        Sight::NotAnAnswer => "no answer".to_owned(),
        Sight::OtherCode => "other".to_owned(),
        _ => "?".to_owned(),
    }
}

fn face_of(portrait: &Portrait) -> Vec<String> {
    FaceFrames::new(portrait, 6).unwrap().texts().to_vec()
}

/// The portrait of the test's license.
fn own_face() -> Vec<String> {
    face_of(&common::portrait())
}

#[test]
fn a_code_that_stays_before_the_camera_is_judged_once() {
    let mut reader = Reader::new();
    let token = reader.token(NOW);
    assert_eq!(reader.sees(&[&token]), ["accept [] 0s!"]);
    for second in 1..=9 {
        reader.wait_ms(1000);
        assert_eq!(reader.sees(&[&token]), [format!("same {second}s")]);
    }
    assert_eq!(reader.sees(&[]), [""; 0]);
    assert_eq!(reader.sees(&["https://holiday.example"]), [""; 0]);
}

#[test]
fn the_phones_next_code_goes_on_with_the_look_and_accepts_no_second_time() {
    let mut reader = Reader::new();
    for number in 0..12 {
        let token = reader.token(NOW + 10 * number);
        let expected = match number {
            0 => "accept [] 0s!".to_owned(),
            _ => format!("same {}s", 10 * number),
        };
        assert_eq!(reader.sees(&[&token]), [expected]);
        reader.wait_ms(10_000);
    }
}

#[test]
fn a_look_ends_ten_seconds_after_its_code_and_its_second_look_is_replayed() {
    let mut reader = Reader::new();
    let token = reader.token(NOW);
    reader.sees(&[&token]);
    reader.wait_ms(10_000);
    assert_eq!(reader.sees(&[&token]), ["same 10s"]);
    reader.wait_ms(10_001);
    assert_eq!(reader.sees(&[&token]), ["refuse [\"replayed\"] 0s!"]);
    reader.wait_ms(1000);
    assert_eq!(reader.sees(&[&token]), ["same 1s"]);
}

#[test]
fn a_face_keeps_a_look_up_but_not_past_the_tokens_end() {
    let mut reader = Reader::new();
    let token = reader.token(NOW);
    let face = own_face();
    reader.sees(&[&token]);
    for _ in 0..6 {
        reader.wait_ms(9_000);
        reader.sees(&[&face[0]]);
    }
    assert_eq!(reader.sees(&[&token]), ["same 54s"]);
    reader.wait_ms(6_000);
    assert_eq!(reader.sees(&[&token]), ["same 60s"]);
    reader.wait_ms(1_000);
    assert_eq!(reader.sees(&[&token]), ["refuse [\"expired\"] 0s!"]);
    // It is judged once again, and not with each picture.
    reader.wait_ms(1_000);
    assert_eq!(reader.sees(&[&token]), ["same 1s"]);
}

#[test]
fn a_verdict_that_changes_within_a_look_is_told_and_a_second_accept_is_not() {
    let mut reader = Reader::new();
    let first = reader.token(NOW);
    assert_eq!(reader.sees(&[&first]), ["accept [] 0s!"]);
    reader.wait_ms(3_000);
    let suspended = reader.world.staple(LicenseStatus::Suspended, 0);
    let claims = PresentationClaims {
        iat: at(NOW),
        exp: at(NOW + 30),
        staple: Some(suspended),
        ..reader.claims()
    };
    let second = reader.world.text(&claims);
    assert_eq!(reader.sees(&[&second]), ["refuse [\"suspended\"] 3s!"]);
    reader.wait_ms(2_000);
    let third = reader.token(NOW + 5);
    assert_eq!(reader.sees(&[&third]), ["accept [] 5s"]);
}

#[test]
fn two_phones_held_in_turn_are_a_look_each_and_each_accepts_once() {
    let mut reader = Reader::new();
    let (one, other) = (reader.token(NOW), reader.token_by(&key(9), NOW));
    assert_eq!(reader.sees(&[&one]), ["accept [] 0s!"]);
    reader.wait_ms(1_000);
    assert_eq!(reader.sees(&[&other]), ["accept [] 0s!"]);
    for turn in 1..20_u64 {
        reader.wait_ms(500);
        let seconds = (1_000 + 500 * (2 * turn - 1)) / 1000;
        assert_eq!(reader.sees(&[&one]), [format!("accept [] {seconds}s")]);
        reader.wait_ms(500);
        assert_eq!(reader.sees(&[&other]), [format!("accept [] {turn}s")]);
    }
}

#[test]
fn two_licenses_in_one_picture_are_not_judged_and_take_the_verdict_off_the_screen() {
    let mut reader = Reader::new();
    let (one, other) = (reader.token(NOW), reader.token_by(&key(9), NOW));
    assert_eq!(reader.sees(&[&one, &other]), ["two"]);
    assert!(reader.verifier.remembered().tokens.is_empty());
    // The same code twice, as a mirror shows it, is one.
    assert_eq!(reader.sees(&[&one, &one]), ["accept [] 0s!"]);
    reader.wait_ms(1_000);
    assert_eq!(reader.sees(&[&other, &one]), ["two"]);
    assert_eq!(reader.sees(&[&one]), ["accept [] 1s"]);
    // Also a recorded code of the same license beside the phone.
    let newer = reader.token(NOW + 1);
    assert_eq!(reader.sees(&[&one, &newer]), ["two"]);
}

#[test]
fn a_screenshot_within_a_look_adds_nothing_and_in_a_second_look_is_refused() {
    let mut reader = Reader::new();
    let token = reader.token(NOW);
    reader.sees(&[&token]);
    reader.wait_ms(8_000);
    // A bystander's picture of it: the officer sees since when, and no second accept.
    assert_eq!(reader.sees(&[&token]), ["same 8s"]);
    reader.wait_ms(20_000);
    assert_eq!(reader.sees(&[&token]), ["refuse [\"replayed\"] 0s!"]);
    let mut later = Look::new(&Policy::default(), false);
    let moment = reader.moment();
    let seen = later.take(&mut reader.verifier, &[&token], Question::default(), moment);
    assert_eq!(told(&seen[0]), "refuse [\"replayed\"] 0s!");
}

#[test]
fn the_face_is_joined_to_the_verdict_on_the_screen_in_any_order() {
    let mut reader = Reader::new();
    let (token, face) = (reader.token(NOW), own_face());
    assert_eq!(face.len(), 1);
    assert_eq!(
        reader.sees(&[&face[0]]),
        [""; 0],
        "no face without a verdict"
    );
    let seen = reader.sees(&[&token]);
    assert_eq!(seen, ["accept [] 0s!", "face 1/1", "portrait 9"]);
    assert_eq!(reader.sees(&[&face[0]]), [""; 0], "it is given once");
    // When another license was on the screen, it is given again.
    let other = reader.token_by(&key(9), NOW);
    reader.take(&[&other]);
    let seen = reader.sees(&[&token]);
    assert_eq!(seen, ["accept [] 0s", "face 1/1", "portrait 9"]);
}

/// A license with another portrait.
fn other_portrait(reader: &Reader, portrait: &Portrait) -> String {
    let holder = key(9);
    let claims = reader.world.claims(&holder);
    let issued = sd_cwt::issue(&claims, portrait, &reader.world.credential).unwrap();
    let trust = reader.verifier.trust_list().unwrap();
    let credential = sd_cwt::UnverifiedCredential::parse(&issued).unwrap();
    let credential = credential.authenticate(trust).unwrap();
    let draft = vidimus_credential::presentation::Draft::new(
        credential.bytes_without_disclosure(),
        vidimus_credential::Algorithm::Ed25519,
        &reader.claims(),
    );
    qr::token_text(&draft.unwrap().sign(&holder).unwrap())
}

#[test]
fn a_bystanders_face_and_the_face_of_another_license_are_joined_to_nothing() {
    let mut reader = Reader::new();
    let others = Portrait::new([3; 16], &[7; 900]);
    let frames = face_of(&others);
    let token = reader.token(NOW);
    reader.sees(&[&token]);
    for frame in &frames {
        assert_eq!(reader.sees(&[&token, frame]), ["same 0s"]);
    }
    // The other license is refused nothing, but its face is its own.
    let other = other_portrait(&reader, &others);
    let seen = reader.sees(&[&other]);
    let count = frames.len();
    let whole = format!("face {count}/{count}");
    assert_eq!(seen, ["accept [] 0s!", whole.as_str(), "portrait 900"]);
    assert_eq!(reader.sees(&[&token]), ["accept [] 0s"]);
}

#[test]
fn a_face_is_forgotten_when_its_look_ends() {
    let mut reader = Reader::new();
    let (token, face) = (reader.token(NOW), own_face());
    reader.sees(&[&face[0]]);
    assert_eq!(reader.sees(&[&token]).len(), 3);
    reader.wait_ms(10_001);
    let next = reader.token(NOW + 10);
    assert_eq!(reader.sees(&[&next]), ["accept [] 0s!"]);
    // And one that never had a verdict.
    let mut reader = Reader::new();
    reader.sees(&[&face[0]]);
    reader.wait_ms(10_001);
    assert_eq!(reader.sees(&[&token]), ["accept [] 0s!"]);
}

#[test]
fn a_flood_of_false_codes_is_one_look_and_loses_no_honest_one() {
    let mut reader = Reader::new();
    let token = reader.token(NOW);
    assert_eq!(reader.sees(&[&token]), ["accept [] 0s!"]);
    let forged = |iat: u64| {
        let mut token = reader.world.signed(
            &reader.world.holder,
            &PresentationClaims {
                iat: at(NOW + iat),
                exp: at(NOW + 30),
                ..reader.claims()
            },
        );
        *token.last_mut().unwrap() ^= 1;
        qr::token_text(&token)
    };
    let forged: Vec<String> = (0..20).map(forged).collect();
    let mut announced = 0;
    for number in 0..600_usize {
        reader.wait_ms(10);
        let garbage = format!("DL1:{number:06}");
        let text = if number % 2 == 0 {
            &forged[number / 2 % 20]
        } else {
            &garbage
        };
        for sight in reader.take(&[text]) {
            if let Sight::Verdict { verdict, .. } = sight {
                assert_eq!(verdict.outcome, Outcome::Refuse);
                announced += 1;
            }
        }
    }
    assert!(announced >= 2, "malformed and not bound are told apart");
    assert_eq!(reader.sees(&[&token]), ["accept [] 6s"]);
    assert_eq!(reader.verifier.remembered().tokens.len(), 1);
}

#[test]
fn a_forged_copy_of_a_code_that_is_seen_first_spoils_no_honest_one() {
    let mut reader = Reader::new();
    let claims = PresentationClaims {
        iat: at(NOW),
        exp: at(NOW + 30),
        ..reader.claims()
    };
    let mut copy = reader.world.signed(&reader.world.holder, &claims);
    *copy.last_mut().unwrap() ^= 1;
    let copy = qr::token_text(&copy);
    let refused = "refuse [\"not_bound_to_device\"] 0s!";
    assert_eq!(reader.sees(&[&copy]), [refused]);
    let token = reader.token(NOW);
    assert_eq!(reader.sees(&[&token]), ["accept [] 0s!"]);
    assert_eq!(reader.sees(&[&copy]), [refused]);
}

#[test]
fn more_phones_than_are_followed_make_the_oldest_look_end_and_never_accept_twice() {
    let mut reader = Reader::new();
    let holders: Vec<SigningKey> = (20..26).map(key).collect();
    assert!(holders.len() > MAX_LOOKS);
    let tokens: Vec<String> = holders.iter().map(|it| reader.token_by(it, NOW)).collect();
    for token in &tokens {
        assert_eq!(reader.sees(&[token]), ["accept [] 0s!"]);
    }
    assert_eq!(reader.sees(&[&tokens[0]]), ["refuse [\"replayed\"] 0s!"]);
    assert_eq!(reader.sees(&[&tokens[5]]), ["accept [] 0s"]);
}

#[test]
fn a_clock_that_is_set_back_within_a_look_keeps_no_token_alive() {
    let mut reader = Reader::new();
    let token = reader.token(NOW);
    reader.sees(&[&token]);
    for _ in 0..6 {
        reader.clock_ms += 10_000;
        reader.now = NOW;
        assert!(reader.sees(&[&token])[0].starts_with("same"));
    }
    reader.clock_ms += 1_000;
    assert_eq!(reader.sees(&[&token]), ["refuse [\"replayed\"] 0s!"]);
    // A boot clock that goes back is another one: what was seen is judged anew.
    let fresh = reader.token(NOW + 1);
    assert_eq!(reader.sees(&[&fresh]), ["accept [] 0s!"]);
    reader.clock_ms = 10;
    assert_eq!(reader.sees(&[&fresh]), ["refuse [\"replayed\"] 0s!"]);
}

#[test]
fn an_answer_is_waited_for_and_counts_once_though_its_phone_shows_it_by_several_codes() {
    let mut reader = Reader::new();
    let mut asked = Asked::digits("12345678").unwrap().at(5_000);
    let mut look = Look::new(&Policy::default(), true);
    let answer = |reader: &Reader, digits: &str, iat: u64| {
        reader.world.text(&PresentationClaims {
            aud: CODE.to_owned(),
            cnonce: Some(digits.as_bytes().to_vec()),
            iat: at(iat),
            exp: at(iat + 30),
            ..reader.claims()
        })
    };
    let mut sees = |reader: &mut Reader, text: &str| {
        let question = Question {
            challenge: Some(&mut asked),
            ..Question::default()
        };
        let moment = reader.moment();
        let seen = look.take(&mut reader.verifier, &[text], question, moment);
        seen.iter().map(told).collect::<Vec<_>>()
    };
    for number in 0..5 {
        let one_way = reader.token(NOW + number);
        assert_eq!(sees(&mut reader, &one_way), ["no answer"]);
    }
    // Digits that were typed wrong cost one attempt, however often the phone changes its code.
    for number in 0..5 {
        let wrong = answer(&reader, "12345679", NOW + number);
        let seen = sees(&mut reader, &wrong);
        let first = number == 0;
        assert_eq!(seen[0].starts_with("refuse [\"wrong_challenge\"]"), first);
        reader.wait_ms(500);
    }
    let right = answer(&reader, "12345678", NOW);
    assert_eq!(sees(&mut reader, &right), ["accept [] 2s!"]);
    reader.wait_ms(1_000);
    let rotated = answer(&reader, "12345678", NOW + 3);
    assert_eq!(sees(&mut reader, &rotated), ["same 3s"]);
}

#[test]
fn no_order_of_codes_in_a_picture_changes_what_it_shows() {
    let face = own_face();
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let mut reader = Reader::new();
        let token = reader.token(NOW);
        let texts = [token.as_str(), face[0].as_str(), "https://holiday.example"];
        let seen = reader.sees(&order.map(|place| texts[place]));
        assert_eq!(seen, ["accept [] 0s!", "face 1/1", "portrait 9"]);
    }
    let mut reader = Reader::new();
    assert_eq!(reader.sees(&["https://holiday.example"]), ["other"]);
}
