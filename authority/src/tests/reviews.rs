//! Reviews in the register: one at a time, decided once, and no picture kept longer than it counts.

use super::*;
use crate::authority::AddOptions;
use crate::register::{EndReason, Review, ReviewKind, ReviewReason, ReviewState};
use crate::rules::retention::Retention;

const BY: &str = "clerk 7";

impl Office {
    fn add_for(&self, number: &str, kind: ReviewKind) -> (String, Review) {
        let options = AddOptions {
            review: Some(kind),
            ..AddOptions::default()
        };
        let added = self
            .open()
            .add_license_with(&license(number), PORTRAIT, options, self.now())
            .unwrap();
        let reviews = self.open().reviews_of(number).unwrap();
        assert_eq!(reviews.len(), 1);
        (added.license_id, reviews[0].clone())
    }

    fn pictures(&self) -> i64 {
        let count = |transaction: &crate::store::Transaction<'_>| {
            Ok(transaction.query_row("SELECT count(*) FROM blobs", [], |row| row.get(0))?)
        };
        self.open().store.read(count).unwrap()
    }

    fn ask(&self, license: &str, picture: Option<&[u8]>, kind: ReviewKind) -> Result<i64, Error> {
        let edited =
            self.open()
                .edit_license_for_review(license, None, picture, Some(kind), self.now());
        edited.map(|edited| edited.review.unwrap())
    }
}

fn picture(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(180, 240, image::Rgb([shade, 80, 90]));
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, image::ImageFormat::Jpeg)
        .unwrap();
    file.into_inner()
}

#[test]
fn a_review_is_decided_once_and_repeating_the_decision_changes_nothing() {
    let office = Office::new();
    let (_, review) = office.add_for("ZZ-1", ReviewKind::Photo);
    let (_, other) = office.add_for("ZZ-2", ReviewKind::Papers);
    let authority = office.open();
    assert_eq!(
        authority.reviews_waiting(None, 10).unwrap(),
        [review.clone(), other.clone()]
    );
    assert_eq!(
        authority.reviews_waiting(Some(review.id), 10).unwrap(),
        std::slice::from_ref(&other)
    );
    assert_eq!(authority.review_picture(review.id).unwrap(), PORTRAIT);
    assert_eq!(
        authority.review_picture(other.id),
        Err(Error::UnknownReview)
    );
    let accepted = authority.accept_review(review.id, BY, None, office.now());
    let accepted = accepted.unwrap();
    assert_eq!(accepted.state, ReviewState::Accepted);
    assert_eq!(accepted.by.as_deref(), Some(BY));
    office.pass(5);
    let again = authority.accept_review(review.id, "other", None, office.now());
    assert_eq!(again, Ok(accepted));
    let (missing, words) = (ReviewReason::PapersMissing, Some("No address."));
    let refuse = |id, reason, words| authority.refuse_review(id, reason, words, BY, office.now());
    let refused = refuse(other.id, missing, words).unwrap();
    assert_eq!(refuse(other.id, missing, words), Ok(refused));
    for (id, reason, words) in [
        (review.id, missing, words),
        (other.id, missing, None),
        (other.id, ReviewReason::Other, words),
    ] {
        assert_eq!(refuse(id, reason, words), Err(Error::ReviewOver));
    }
    let accepted = authority.accept_review(other.id, BY, None, office.now());
    assert_eq!(accepted, Err(Error::ReviewOver));
    assert_eq!(refuse(99, missing, None), Err(Error::UnknownReview));
}

#[test]
fn a_clerks_words_and_office_keep_to_the_rules_of_text() {
    let office = Office::new();
    let (_, review) = office.add_for("ZZ-1", ReviewKind::Photo);
    let authority = office.open();
    let long = "x".repeat(257);
    for words in ["", "a\nb", "\u{202e}x", &long] {
        let refused = authority.refuse_review(
            review.id,
            ReviewReason::Other,
            Some(words),
            BY,
            office.now(),
        );
        assert_eq!(refused, Err(Error::Reason), "{words:?}");
    }
    for by in ["", "a\nb"] {
        let refused =
            authority.refuse_review(review.id, ReviewReason::Other, None, by, office.now());
        assert_eq!(refused, Err(Error::Office));
        let accepted = authority.accept_review(review.id, by, None, office.now());
        assert_eq!(accepted, Err(Error::Office));
    }
    assert_eq!(authority.reviews_waiting(None, 10).unwrap(), [review]);
}

#[test]
fn a_license_has_one_review_that_waits_and_a_new_photo_takes_its_place() {
    let office = Office::new();
    let (license, first) = office.add_for("ZZ-1", ReviewKind::Photo);
    assert_eq!(office.ask("ZZ-1", None, ReviewKind::Photo), Ok(first.id));
    let papers = office.ask("ZZ-1", None, ReviewKind::Papers);
    assert_eq!(papers, Err(Error::ReviewWaits { review: first.id }));
    let held = office.pictures();
    let (one, two) = (picture(10), picture(200));
    let second = office.ask("ZZ-1", Some(&one), ReviewKind::Photo).unwrap();
    assert!(second > first.id);
    // The same command again, and an edit that does not ask for a review.
    assert_eq!(
        office.ask("ZZ-1", Some(&one), ReviewKind::Photo),
        Ok(second)
    );
    let edited = office
        .open()
        .edit_license("ZZ-1", None, Some(&two), office.now())
        .unwrap();
    let third = edited.review.unwrap();
    assert!(third > second);
    let authority = office.open();
    let states: Vec<_> = authority.reviews_of(&license).unwrap();
    let states: Vec<_> = states.iter().map(|review| review.state.name()).collect();
    assert_eq!(states, ["closed", "closed", "waiting"]);
    for over in [first.id, second] {
        assert_eq!(
            authority.accept_review(over, BY, None, office.now()),
            Err(Error::ReviewOver)
        );
    }
    assert_eq!(authority.review_picture(third).unwrap(), two);
    authority
        .accept_review(third, BY, None, office.now())
        .unwrap();
    assert_eq!(
        office.pictures(),
        held,
        "two of each: roadside and submitted"
    );
    // Repeated after it was accepted.
    assert_eq!(office.ask("ZZ-1", Some(&two), ReviewKind::Photo), Ok(third));
    let papers = office.ask("ZZ-1", None, ReviewKind::Papers).unwrap();
    assert!(papers > third);
}

#[test]
fn a_refused_photo_is_looked_at_once_more_and_goes_with_its_license() {
    let office = Office::new();
    office
        .open()
        .set_retention(Retention::of_days(1).unwrap(), office.now())
        .unwrap();
    let (license, first) = office.add_for("ZZ-1", ReviewKind::Photo);
    let one = picture(10);
    let review = office.ask("ZZ-1", Some(&one), ReviewKind::Photo).unwrap();
    assert!(review > first.id);
    let refuse = |review| {
        let words = Some("an illness that is private");
        let reason = ReviewReason::PhotoNotRecent;
        let authority = office.open();
        let refused = authority.refuse_review(review, reason, words, BY, office.now());
        refused.unwrap();
    };
    refuse(review);
    let again = office.ask("ZZ-1", None, ReviewKind::Photo).unwrap();
    assert!(again > review);
    assert_eq!(office.open().review_picture(again).unwrap(), one);
    refuse(again);
    office
        .open()
        .end_license("ZZ-1", EndReason::Moved, office.now())
        .unwrap();
    for _ in 0..4 {
        office.pass(DAY / 2);
        office.publish();
    }
    let forgot = office.open().forget(office.now()).unwrap();
    assert_eq!(forgot.licenses, std::slice::from_ref(&license));
    assert_eq!(office.pictures(), 0);
    let database = fs::read(office.home().join("authority.sqlite")).unwrap();
    assert!(!database.windows(10).any(|window| window == b"an illness"));
    let reviews = office.open().reviews_of(&license).unwrap();
    assert!(
        reviews
            .iter()
            .all(|review| !matches!(&review.state, ReviewState::Refused { words: Some(_), .. }))
    );
}

#[test]
fn a_review_prints_no_words_of_a_clerk() {
    let state = ReviewState::Refused {
        reason: ReviewReason::Other,
        words: Some("an illness that is private".to_owned()),
    };
    assert_eq!(format!("{state:?}"), "refused");
}
