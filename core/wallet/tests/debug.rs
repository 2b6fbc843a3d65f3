//! What may be printed: nothing of a driver or a license, no key, no token.
//!
//! Types that hold such things have no `Debug` at all. A public type that is in neither list fails
//! the last test.
#![cfg(all(feature = "http", feature = "testing"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::marker::PhantomData;
use std::path::Path;

use vidimus_wallet::activity_log::{Activity, ActivityEntry, Audience, Event};
use vidimus_wallet::issuance::Offer;
use vidimus_wallet::keys::{FileKeyStore, HolderKey};
use vidimus_wallet::ports::{DataKey, HttpRequest, HttpResponse};
use vidimus_wallet::present::{Face, Frame, Presentation, ReaderRequest};
use vidimus_wallet::reader::{Challenge, CheckEntry, CheckLog, Checked, Look, ReaderBook};
use vidimus_wallet::testing::records::{
    CredentialRecord, LicenseRecord, PortraitRecord, Settings, StatusRecord, TrustListRecord,
};
use vidimus_wallet::testing::vault::{Tx, Vault, View};
use vidimus_wallet::testing::{MemoryKeyStore, TestRandom};
use vidimus_wallet::timekeeper::Timekeeper;
use vidimus_wallet::transport::{NetworkTransport, Roots};
use vidimus_wallet::{Config, HeldLicense, Ports, SignIn, Wallet};

/// `DEBUG` is true where a type has a `Debug`: then the constant of the type itself hides the
/// trait's.
struct Probe<T>(PhantomData<T>);

trait Otherwise {
    const DEBUG: bool = false;
}

impl<T> Otherwise for Probe<T> {}

impl<T: Debug> Probe<T> {
    const DEBUG: bool = true;
}

macro_rules! debugs {
    ($($name:ident $(<$life:lifetime>)?),+ $(,)?) => {
        [$((stringify!($name), Probe::<$name $(<$life>)?>::DEBUG)),+]
    };
}

/// Types with personal data, with tokens or with keys, and those through which one gets them.
fn without_debug() -> Vec<(&'static str, bool)> {
    debugs![
        Activity,
        ActivityEntry,
        Audience,
        Challenge,
        CheckEntry,
        CheckLog,
        Checked,
        Config,
        CredentialRecord,
        DataKey,
        Event,
        Face,
        FileKeyStore,
        Frame,
        HeldLicense,
        HolderKey,
        HttpRequest,
        HttpResponse,
        LicenseRecord,
        Look,
        MemoryKeyStore,
        NetworkTransport,
        Offer,
        PortraitRecord,
        Ports,
        Presentation,
        ReaderBook,
        ReaderRequest,
        Roots,
        Settings,
        SignIn,
        StatusRecord,
        TestRandom,
        Timekeeper,
        TrustListRecord,
        Tx<'static>,
        Vault,
        View<'static>,
        Wallet,
    ]
    .to_vec()
}

/// Types that hold nothing of a driver or a license: errors, settings, times, the authority's
/// addresses, and ids that are random.
const HARMLESS: [&str; 50] = [
    "Application",
    "ApplicationState",
    "Applied",
    "Asking",
    "AuthorityId",
    "CancelToken",
    "ChallengeId",
    "Change",
    "CredentialFormat",
    "Damage",
    "Error",
    "Estimate",
    "Evidence",
    "Failure",
    "Fields",
    "Health",
    "HeldAuthority",
    "IssuerStanding",
    "Keeping",
    "KeyStoreError",
    "LicenseId",
    "MetadataFault",
    "Method",
    "NoRandomness",
    "OAuthError",
    "OfferFault",
    "ReaderError",
    "Reading",
    "Refresh",
    "RefreshReport",
    "Report",
    "ReviewReason",
    "SignInClient",
    "StorageError",
    "Subject",
    "Sureness",
    "SystemClock",
    "SystemRandom",
    "Table",
    "TableSet",
    "Term",
    "TestClock",
    "TransportError",
    "Trouble",
    "Turn",
    "Turns",
    "TxCode",
    "Unsupported",
    "Weight",
    "When",
];

#[test]
fn types_with_personal_data_or_secrets_have_no_debug() {
    const { assert!(Probe::<u8>::DEBUG, "the probe sees a Debug") };
    for (name, has_debug) in without_debug() {
        assert!(!has_debug, "{name}");
    }
}

#[test]
fn each_public_type_is_in_one_list() {
    let mut listed: BTreeSet<String> = HARMLESS.map(str::to_owned).into();
    assert_eq!(listed.len(), HARMLESS.len(), "no name is listed twice");
    for (name, _) in without_debug() {
        assert!(listed.insert(name.to_owned()), "{name} is in two lists");
    }
    let mut found = BTreeSet::new();
    public_types(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert_eq!(found, listed);
}

/// The names of the public structs and enums under a folder.
fn public_types(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            public_types(&path, found);
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            let rest = line
                .strip_prefix("pub struct ")
                .or(line.strip_prefix("pub enum "));
            if let Some(rest) = rest {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(rest.len());
                found.insert(rest[..end].to_owned());
            }
        }
    }
}
