//! Nothing lost, nothing doubled: an enrollment and a renewal, cut at each byte and killed at each
//! step, end with one license on the phone and one live issuance in the register.

mod applying;
mod handset;
mod life;
mod line;

use std::sync::Arc;
use std::time::Duration;

use vidimus_credential::key::Algorithm;
use vidimus_credential::sd_cwt::UnverifiedCredential;

use crate::cancel::CancelToken;
use crate::error::Error;
use crate::issuance::Enrollment;
use crate::keys::HolderKey;
use crate::refresh::Refresh;
use crate::testing::{Offered, Register};
use crate::vault::records::{LicenseRecord, NextLicenseRecord};
use crate::{LicenseId, Wallet};
use handset::Handset;
use life::Life;
use line::{Cut, Went};

const DAY: u64 = 86_400;
const OFFERED: [Offered; 3] = [
    Offered::Value,
    Offered::Reference,
    Offered::ReferenceUntilSpent,
];
const BUDGET: Duration = Duration::from_secs(30);

/// Every `step`th byte of a body whose answer spends nothing is cut at; of the others each.
const STEP: usize = 64;

async fn enroll(
    wallet: &Wallet,
    register: &Register,
    reference: Offered,
) -> Result<LicenseId, Error> {
    let offer = wallet.read_offer(&register.offer(reference)).await?;
    // After a cut the address of an offer may answer no more, and then no code is asked for.
    let code = offer.tx_code().map(|_| "123456");
    wallet.enroll(&offer, code, &CancelToken::new()).await
}

async fn refresh(wallet: &Wallet, what: Refresh) {
    let report = wallet.refresh(what, BUDGET, &CancelToken::new()).await;
    assert_eq!(report.unwrap().failures, []);
}

/// One license here, one live issuance there, and they are the same; after a refresh the register
/// knows it, too.
async fn check(wallet: &Wallet, register: &Register, id: &LicenseId, issued: usize, what: &str) {
    refresh(wallet, Refresh::Now).await;
    let held = wallet.licenses().unwrap();
    assert_eq!(held.len(), 1, "{what}");
    assert_eq!(held[0].id, *id, "{what}");
    assert_eq!(held[0].problem, None, "{what}");
    assert!(held[0].portrait.is_some(), "{what}");
    assert!(
        held[0].status.state.may_drive(),
        "{what}: {:?}",
        held[0].status
    );
    let vault = &wallet.context().vault;
    let rows = |count: usize| assert_eq!(count, 1, "{what}");
    rows(vault.list::<Enrollment>().unwrap().len());
    rows(vault.list::<HolderKey>().unwrap().len());
    assert!(
        vault.list::<NextLicenseRecord>().unwrap().is_empty(),
        "{what}"
    );
    let record: LicenseRecord = vault.get(id.as_str()).unwrap().unwrap();
    let issuances = register.issuances();
    assert_eq!(issuances.len(), issued, "{what}");
    assert!(
        issuances.iter().all(|issuance| !issuance.superseded),
        "{what}"
    );
    let last = issuances.last().unwrap();
    assert!(last.acknowledged, "{what}");
    let last = UnverifiedCredential::parse(&last.credential).unwrap();
    let held = record.parse().unwrap();
    assert_eq!(last.claims().status.idx, held.claims().status.idx, "{what}");
    assert!(vault.health().unwrap().damaged.is_empty(), "{what}");
}

/// Each place where a conversation may be cut, from one that was not.
fn cuts(went: &[Went]) -> Vec<(usize, Cut)> {
    let mut cuts = Vec::new();
    for (index, went) in went.iter().enumerate() {
        let spends = matches!(
            went.path.as_str(),
            "/token" | "/credential" | "/notification"
        );
        let step = if spends { 1 } else { STEP };
        cuts.extend([Cut::Request, Cut::Answer].map(|cut| (index, cut)));
        cuts.extend(
            (0..went.body)
                .step_by(step)
                .map(|at| (index, Cut::Body(at))),
        );
    }
    cuts
}

#[tokio::test]
async fn an_enrollment_that_is_cut_at_any_byte_ends_with_one_license() {
    let template = Handset::new(None).await;
    for reference in OFFERED {
        let whole = template.fork();
        let (wallet, line) = whole.open(None).await;
        enroll(&wallet, &whole.register, reference).await.unwrap();
        let cuts = cuts(&line.went());
        assert!(cuts.len() > 700, "{}", cuts.len());
        // The third way differs from the second in what the address says, not in where it may be
        // cut.
        let every = if reference == Offered::ReferenceUntilSpent {
            8
        } else {
            1
        };
        for (number, cut) in cuts.into_iter().step_by(every).enumerate() {
            let what = format!("{reference:?}, cut {cut:?}");
            let handset = template.fork();
            let (mut wallet, line) = handset.open(Some(cut)).await;
            let first = enroll(&wallet, &handset.register, reference).await;
            // By the same process over the same line, which is cut but once, or by the next one.
            if number % 2 == 0 {
                drop(wallet);
                (wallet, _) = handset.open(None).await;
            }
            drop(line);
            let id = enroll(&wallet, &handset.register, reference).await;
            let id = id.unwrap_or_else(|error| panic!("{what}: {error}, first {first:?}"));
            check(&wallet, &handset.register, &id, 1, &what).await;
        }
    }
}

#[tokio::test]
async fn an_enrollment_whose_phone_is_killed_at_any_step_ends_with_one_license() {
    for (hardware, reference) in [
        (None, Offered::Value),
        (None, Offered::Reference),
        (None, Offered::ReferenceUntilSpent),
        (Some(Algorithm::Esp256), Offered::Reference),
    ] {
        let template = Handset::new(hardware).await;
        let mut killed = 0;
        loop {
            let what = format!("{hardware:?}, {reference:?}, killed at {killed}");
            let (handset, life) = (template.fork(), Life::of(killed));
            let wallet = handset.open_for(&life).await;
            let lived = lives(&life, enroll(&wallet, &handset.register, reference)).await;
            drop(wallet);
            let (wallet, _) = handset.open(None).await;
            let id = enroll(&wallet, &handset.register, reference).await;
            let id = id.unwrap_or_else(|error| panic!("{what}: {error}"));
            check(&wallet, &handset.register, &id, 1, &what).await;
            if lived {
                break;
            }
            killed += 1;
        }
        assert!(killed > 40, "{killed}");
    }
}

/// Whether a call came to its end before the process died.
async fn lives<T>(life: &Arc<Life>, call: impl Future<Output = Result<T, Error>>) -> bool {
    tokio::select! {
        biased;
        () = life.end() => false,
        done = call => done.is_ok(),
    }
}

/// A phone with a license, two thirds of whose life are over.
async fn at_two_thirds() -> (Handset, LicenseId) {
    let handset = Handset::new(None).await;
    let (wallet, _) = handset.open(None).await;
    let id = enroll(&wallet, &handset.register, Offered::Value)
        .await
        .unwrap();
    drop(wallet);
    (handset.later(20 * DAY), id)
}

#[tokio::test]
async fn a_renewal_that_is_cut_at_any_byte_ends_with_one_license() {
    let (template, id) = at_two_thirds().await;
    let whole = template.fork();
    let (wallet, line) = whole.open(None).await;
    refresh(&wallet, Refresh::Due).await;
    let cuts = cuts(&line.went());
    assert!(cuts.len() > 700, "{}", cuts.len());
    for (number, cut) in cuts.into_iter().enumerate() {
        let what = format!("renewal, cut {cut:?}");
        let handset = template.fork();
        let (mut wallet, _) = handset.open(Some(cut)).await;
        let cancel = CancelToken::new();
        let cut_short = wallet.refresh(Refresh::Due, BUDGET, &cancel);
        cut_short.await.unwrap();
        if number % 2 == 0 {
            drop(wallet);
            (wallet, _) = handset.open(None).await;
        }
        check(&wallet, &handset.register, &id, 2, &what).await;
    }
}

#[tokio::test]
async fn a_renewal_whose_phone_is_killed_at_any_step_ends_with_one_license() {
    let (template, id) = at_two_thirds().await;
    let mut killed = 0;
    loop {
        let what = format!("renewal, killed at {killed}");
        let (handset, life) = (template.fork(), Life::of(killed));
        let wallet = handset.open_for(&life).await;
        let cancel = CancelToken::new();
        let dying = wallet.refresh(Refresh::Due, BUDGET, &cancel);
        let lived = lives(&life, dying).await;
        drop(wallet);
        let (wallet, _) = handset.open(None).await;
        check(&wallet, &handset.register, &id, 2, &what).await;
        if lived {
            break;
        }
        killed += 1;
    }
    assert!(killed > 40, "{killed}");
}
