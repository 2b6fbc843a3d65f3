//! Publication without a register: lists, keys and clocks alone.

mod clock;
mod readers;
mod rotations;
mod signing;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vidimus_credential::bundle::Bundle;
use vidimus_credential::sd_cwt::StatusRef;
use vidimus_credential::status_list::{StatusToken, UnverifiedStatusToken};
use vidimus_credential::trust::{Purpose, TrustEntry, TrustList};
use vidimus_credential::{Day, Error as Fault, LicenseStatus, UnixTime, VerifyingKey};

use super::{BUNDLE_REISSUE, STATUS_REISSUE, TRUST_LIFE, sign_list};
use crate::authority::{Authority, InitOptions, init};
use crate::clock::{Boot, BootId, Moment};
use crate::error::Error;
use crate::issuer::PACK;
use crate::key_use::{KeyUse, STATUS_LIFE};
use crate::keys::{Rotated, Rotation};
use crate::rules::signing_time::{LEAD, MAX_AHEAD};
use crate::store::keys::{Role, Signers as _};
use crate::store::lists;

const START: u64 = 1_800_000_000;
const DAY: u64 = 86_400;
const ISSUER: &str = "https://license.example";
const SUSPENDED: u8 = 2;

fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

/// A wall clock and a boot clock, in one start of the machine or another.
fn moment(wall: u64, start: u128, since: u64) -> Moment {
    Moment::new(
        at(wall),
        Some(Boot {
            id: BootId::new(start),
            since: Duration::from_secs(since),
        }),
    )
}

struct Office {
    folder: TempDir,
    authority: Authority,
}

impl Office {
    fn new() -> Self {
        Self::at(at(START).into())
    }

    fn at(now: Moment) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issuer = Some(ISSUER.to_owned());
        let options = InitOptions {
            issuer,
            ..InitOptions::default()
        };
        init(folder.path(), options, now).unwrap();
        let authority = Authority::open(folder.path()).unwrap();
        Self { folder, authority }
    }

    /// Makes lists and signs them.
    fn lists(&self, count: u32, now: impl Into<Moment>) -> Vec<u32> {
        let numbers: Vec<u32> = self
            .authority
            .store
            .write(|transaction| (0..count).map(|_| lists::create(transaction)).collect())
            .unwrap();
        self.authority
            .publisher()
            .sign_lists(&numbers, now.into())
            .unwrap();
        numbers
    }

    fn change(&self, number: u32, idx: usize, state: u8) {
        let edit = |states: &mut lists::States| states[idx] = state;
        self.authority
            .store
            .write(|transaction| lists::change(transaction, number, edit, None))
            .unwrap();
    }

    /// Changes one state and signs.
    fn set(&self, number: u32, idx: usize, state: u8, now: impl Into<Moment>) -> Result<(), Error> {
        self.change(number, idx, state);
        self.authority.publisher().sign_lists(&[number], now.into())
    }

    fn root(&self) -> VerifyingKey {
        VerifyingKey::from_cose_key(&fs::read(self.folder.path().join("root.cose")).unwrap())
            .unwrap()
    }

    fn trust(&self) -> TrustList {
        let bytes = fs::read(self.authority.home.trust_list()).unwrap();
        TrustList::verify(&bytes, &self.root()).unwrap()
    }

    fn list_bytes(&self, number: u32) -> Vec<u8> {
        fs::read(self.authority.home.status_list(number)).unwrap()
    }

    fn list(&self, number: u32) -> StatusToken {
        self.read_list(&self.list_bytes(number)).unwrap()
    }

    fn read_list(&self, bytes: &[u8]) -> Result<StatusToken, Fault> {
        UnverifiedStatusToken::parse(bytes)
            .unwrap()
            .authenticate(&self.trust(), ISSUER)
    }

    fn bundle(&self, pack: u32) -> Bundle {
        let bytes = fs::read(self.authority.home.bundle(pack)).unwrap();
        Bundle::verify(&bytes, &self.trust()).unwrap()
    }

    fn keys(&self) -> usize {
        self.authority.home.key_files().unwrap().len()
    }
}

fn of(trust: &TrustList, purpose: Purpose) -> Vec<TrustEntry> {
    let mut entries: Vec<_> = trust
        .entries()
        .filter(|entry| entry.purposes == [purpose])
        .cloned()
        .collect();
    entries.sort_by_key(|entry| entry.not_before);
    entries
}

fn today() -> Day {
    at(START).day()
}
