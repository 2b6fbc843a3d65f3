//! How a license stands while it is shown: its status is one part of that, its days are another.
#![allow(clippy::unwrap_used, reason = "what helps a test may panic as it does")]

mod scene;

use std::sync::Arc;

use scene::{Authority, LICENSE, noon};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::time::SKEW_S;
use vidimus_credential::{Algorithm, License, LicenseStatus, Signer, Standing, Tone, UnixTime};
use vidimus_credential::{Outcome, Policy, Reason, Verifier};
use vidimus_wallet::activity_log::Event;
use vidimus_wallet::ports::{Clock, SystemRandom};
use vidimus_wallet::present::{Frame, Presentation};
use vidimus_wallet::testing::MemoryKeyStore;
use vidimus_wallet::testing::TestClock;

/// What a phone shows of a license at some moment, with a status list or that of an hour before
/// noon, and what an officer says of it.
async fn shown_at(
    license: License,
    list: Option<&[u8]>,
    now: UnixTime,
) -> (Frame, Outcome, Vec<Reason>, Event) {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(MemoryKeyStore::new(None, Arc::new(SystemRandom)));
    let algorithm = Algorithm::Ed25519;
    let vault = authority
        .enroll_license(folder.path(), keys.clone(), algorithm, license)
        .await;
    if let Some(list) = list {
        authority.refresh(&vault, list).await;
    }
    let clock = TestClock::at(now);
    let mut presentation = Presentation::start(&vault, keys, LICENSE, None, clock.read()).unwrap();
    let frame = presentation.frame(clock.read()).await.unwrap();
    presentation.end().await.unwrap();
    let entry = vault
        .read(|view| view.activity(1))
        .unwrap()
        .entries
        .remove(0);
    let root = authority.root.verifying_key().clone();
    let mut officer = Verifier::new(root, Policy::default());
    officer.set_trust_list(&authority.trust_list()).unwrap();
    let verdict = officer.check(&frame.text, now);
    (frame, verdict.outcome, verdict.reasons, entry.event)
}

fn ending(day: &str) -> License {
    let mut fields = scene::license().fields().clone();
    fields.expiry_date = Some(vidimus_credential::Day::parse_iso(day).unwrap());
    License::new(fields).unwrap()
}

#[tokio::test]
async fn an_expired_license_is_bad_on_the_screen_as_it_is_for_the_officer() {
    let (frame, outcome, reasons, event) = shown_at(ending("2026-02-28"), None, noon()).await;
    assert_eq!(frame.status.state, LicenseStatus::Valid);
    assert_eq!(
        (frame.standing, frame.standing.tone()),
        (Standing::LicenseExpired, Tone::Bad)
    );
    assert_eq!(
        (outcome, reasons),
        (Outcome::Refuse, vec![Reason::LicenseExpired])
    );
    let Event::Shown {
        status, standing, ..
    } = event
    else {
        unreachable!("it was shown")
    };
    assert_eq!(
        (status, standing),
        (LicenseStatus::Valid, Standing::LicenseExpired)
    );
}

#[tokio::test]
async fn a_statement_ends_for_the_wallet_in_the_second_in_which_it_ends_for_the_officer() {
    let authority = Authority::new();
    let (iat, end) = (noon().saturating_sub(3600), noon().saturating_add(3600));
    let list = status_list::issue(
        &authority.uri,
        &[0; 256],
        Bits::Four,
        iat,
        end,
        3600,
        &authority.status,
    );
    let list = list.unwrap();
    for (later, standing, reason) in [
        (SKEW_S, Standing::Valid, None),
        (SKEW_S + 1, Standing::Unknown, Some(Reason::StatusUnknown)),
    ] {
        let now = end.saturating_add(later);
        let (frame, _, reasons, _) = shown_at(scene::license(), Some(&list), now).await;
        assert_eq!(frame.standing, standing, "{later}");
        assert_eq!(reasons.first().copied(), reason, "{later}");
    }
}
