//! A reader's book: what it keeps, what it forgets, and what it does where it can keep nothing.

mod book;
#[cfg(unix)]
mod disks;
mod log;
mod look;
mod processes;
mod refresh;
mod seen;

use std::path::{Path, PathBuf};
use std::time::Duration;

use vidimus_credential::bundle;
use vidimus_credential::key::{Algorithm, Signer, SigningKey};
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::qr;
use vidimus_credential::sd_cwt::UnverifiedCredential;
use vidimus_credential::status_list::Bits;
use vidimus_credential::trust::TrustList;
use vidimus_credential::verify::Outcome;

use super::{Asking, AuthorityId, Checked, Keeping, ReaderBook, ReaderError, Report, When};
use crate::Ports;
use crate::cancel::CancelToken;
use crate::testing::{Authority, NOW, Phone, Reply, Server, key, time};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// The statuses of a license in lists and bundles.
const VALID: u8 = 0;
const SUSPENDED: u8 = 2;

/// An officer's phone, and an authority that serves it.
struct Desk {
    phone: Phone,
    server: Server,
    authority: &'static Authority,
}

impl Desk {
    async fn new() -> Self {
        let server = Server::start().await;
        let authority = Authority::at(&server).serve(&server);
        let desk = Self {
            phone: Phone::new(),
            server,
            authority,
        };
        desk.serve_bundle(desk.bundle(VALID, NOW - HOUR));
        desk
    }

    /// A desk whose book holds the authority's list and bundle.
    async fn with_book() -> (Self, ReaderBook) {
        let desk = Self::new().await;
        let book = desk.open(Keeping::Officer).await;
        desk.add(&book).await;
        assert_eq!(desk.refresh(&book).await.failures, []);
        (desk, book)
    }

    async fn open(&self, keeping: Keeping) -> ReaderBook {
        open_at(self.phone.folder(), self.phone.ports(), keeping)
            .await
            .unwrap()
    }

    async fn add(&self, book: &ReaderBook) -> AuthorityId {
        let root = self.authority.root.verifying_key().clone();
        let added = book.add_authority(root, &self.authority.issuer, &[]);
        added.await.unwrap()
    }

    async fn refresh(&self, book: &ReaderBook) -> Report {
        refreshed(book, When::Now).await
    }

    fn bundle(&self, value: u8, iat: u64) -> Vec<u8> {
        bundle_by(self.authority, "/status/", value, iat)
    }

    fn serve_bundle(&self, bytes: Vec<u8>) {
        self.server
            .at("/status/bundle", Reply::new(200).body(bytes));
    }

    /// What a driver shows at this time, with a status of an hour before [`NOW`].
    fn token(&self, iat: u64) -> String {
        self.shown(iat, ANYONE, None)
    }

    fn shown(&self, iat: u64, aud: &str, cnonce: Option<Vec<u8>>) -> String {
        token_of(self.authority, iat, (aud, cnonce))
    }

    fn file(&self) -> PathBuf {
        file_in(self.phone.folder())
    }
}

/// A book that waits for a machine that has much else to do.
async fn open_at(home: &Path, ports: Ports, keeping: Keeping) -> Result<ReaderBook, ReaderError> {
    ReaderBook::open_with(home, ports, keeping, Duration::from_secs(60)).await
}

fn file_in(home: &Path) -> PathBuf {
    home.join("reader/vault/wallet.sqlite")
}

async fn refreshed(book: &ReaderBook, when: When) -> Report {
    let budget = Duration::from_secs(5);
    let cancel = CancelToken::new();
    book.refresh(when, budget, &cancel).await.unwrap()
}

/// A bundle of one list, in which the test's license has this value.
fn bundle_by(authority: &Authority, prefix: &str, value: u8, iat: u64) -> Vec<u8> {
    let mut values = [0; 256];
    values[5] = value;
    let issuer = &authority.issuer;
    bundle::issue(
        issuer,
        &format!("{issuer}{prefix}"),
        &values,
        Bits::Four,
        time(iat),
        time(iat + 7 * DAY),
        &authority.status,
    )
    .unwrap()
}

fn holder() -> SigningKey {
    key("holder")
}

fn token_of(authority: &Authority, iat: u64, (aud, cnonce): (&str, Option<Vec<u8>>)) -> String {
    let holder = holder();
    let list = authority.trust_list(NOW);
    let trust = TrustList::verify(&list, authority.root.verifying_key()).unwrap();
    let issued = authority.license(holder.verifying_key(), NOW - 10 * DAY);
    let credential = UnverifiedCredential::parse(&issued).unwrap();
    let credential = credential.authenticate(&trust).unwrap();
    let claims = PresentationClaims {
        aud: aud.to_owned(),
        exp: time(iat + 30),
        iat: time(iat),
        cnonce,
        staple: Some(authority.status(VALID, NOW - 2 * HOUR)),
    };
    let bytes = credential.bytes_without_disclosure();
    let draft = Draft::new(bytes, Algorithm::Ed25519, &claims).unwrap();
    qr::token_text(&draft.sign(&holder).unwrap())
}

async fn check(book: &ReaderBook, text: &str) -> Checked {
    book.check(text, Asking::default()).await.unwrap()
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    let reasons = checked.verdict.reasons.iter();
    reasons.map(|reason| reason.code()).collect()
}

/// Taken, with nothing wrong beside it.
fn accepted(checked: &Checked) -> bool {
    checked.verdict.outcome == Outcome::Accept && checked.troubles.is_empty()
}
