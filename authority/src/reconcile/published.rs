//! What was published, read back: only what keys of the newest trust list have signed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use vidimus_credential::bundle::Bundle;
use vidimus_credential::sd_cwt::StatusRef;
use vidimus_credential::status_list::{LIST_LENGTH, UnverifiedStatusToken};
use vidimus_credential::trust::TrustList;
use vidimus_credential::{Signer as _, UnixTime, VerifyingKey};

use super::Folder;
use crate::epoch::Head;
use crate::error::{Error, damaged};
use crate::evidence::{Published, PublishedList};
use crate::home::{Home, read_published};
use crate::issued_log::Entry;
use crate::issuer::PACK;
use crate::issuer::{IssuerUrl, MAX_LISTS};
use crate::rules::reconcile::UNEXPLAINED;
use crate::rules::slots::States;
use crate::store::settings::Settings;

/// How many lists there were, by everything that is known.
pub(super) fn count(published: &Published, issued: &[Entry], heads: &[Head]) -> u32 {
    let found = published.lists.keys().next_back().copied();
    let last = found
        .into_iter()
        .chain(issued.iter().map(|entry| entry.list))
        .filter(|list| *list < MAX_LISTS)
        .map(|list| list + 1);
    heads
        .iter()
        .map(|head| head.lists.min(MAX_LISTS))
        .chain(last)
        .max()
        .unwrap_or(0)
}

/// Reads what these folders hold.
pub(super) fn gather(
    home: &Home,
    settings: &Settings,
    folders: &[&Folder],
) -> Result<Published, Error> {
    let root = root_key(home, settings)?;
    let mut published = Published::default();
    for folder in folders {
        let found = read_published(&folder.path.join("trust"))?
            .and_then(|bytes| TrustList::verify(&bytes, &root).ok());
        if let Some(found) = found {
            let newer = published
                .trust
                .as_ref()
                .is_none_or(|held| found.is_newer_than(held));
            if newer {
                published.trust = Some(found);
            }
        }
    }
    let Some(trust) = published.trust.clone() else {
        return Ok(published);
    };
    let issuer = match &settings.issuer {
        Some(issuer) => issuer.clone(),
        None => IssuerUrl::parse(trust.issuer())?,
    };
    let mut collector = Collector {
        trust: &trust,
        issuer: &issuer,
        as_of: 0,
        published,
    };
    for folder in folders {
        collector.as_of = folder.head.as_ref().map_or(0, |head| head.published);
        for (pack, folder) in numbered(&folder.path.join("s"), MAX_LISTS / PACK)? {
            for (n, path) in numbered(&folder, PACK)? {
                collector.list(pack * PACK + n, &path)?;
            }
            collector.bundle(pack, &folder)?;
        }
    }
    Ok(collector.published)
}

/// The root's public key, which readers pin.
fn root_key(home: &Home, settings: &Settings) -> Result<VerifyingKey, Error> {
    match read_published(&home.root_key())? {
        Some(bytes) => VerifyingKey::from_cose_key(&bytes).map_err(|_| Error::ForeignRegister),
        None => Ok(home.read_key(settings.root)?.verifying_key().clone()),
    }
}

/// The files of a folder whose names are canonical numbers below `limit`.
fn numbered(folder: &Path, limit: u32) -> Result<Vec<(u32, PathBuf)>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::io("list the published files"))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::io("list the published files"))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let number = name.and_then(|name| {
            let number: u32 = name.parse().ok()?;
            (number < limit && number.to_string() == name).then_some(number)
        });
        found.extend(number.map(|number| (number, path)));
    }
    Ok(found)
}

/// Reads the files of one folder.
struct Collector<'a> {
    trust: &'a TrustList,
    issuer: &'a IssuerUrl,
    /// What the folder's head says.
    as_of: u64,
    published: Published,
}

impl Collector<'_> {
    fn list(&mut self, number: u32, path: &Path) -> Result<(), Error> {
        let Some(bytes) = read_published(path)? else {
            return Ok(());
        };
        // What no key of the trust list has signed says nothing.
        let Ok(token) = UnverifiedStatusToken::parse(&bytes) else {
            return Ok(());
        };
        let kid = token.kid();
        let Ok(token) = token.authenticate(self.trust, self.issuer.as_str()) else {
            return Ok(());
        };
        if token.uri() != self.issuer.status_uri(number) {
            return Ok(());
        }
        let mut states = [0; LIST_LENGTH];
        for (idx, state) in states.iter_mut().enumerate() {
            *state = token.raw_value(idx).unwrap_or(UNEXPLAINED);
        }
        let iat = token.issued_at();
        if self.published.last.is_none_or(|(last, _)| last < iat) {
            self.published.last = Some((iat, kid));
        }
        self.take(number, iat, states);
        Ok(())
    }

    fn bundle(&mut self, pack: u32, folder: &Path) -> Result<(), Error> {
        let Some(bytes) = read_published(&folder.join("bundle"))? else {
            return Ok(());
        };
        let Ok(bundle) = Bundle::verify(&bytes, self.trust) else {
            return Ok(());
        };
        let iat = bundle.issued_at();
        let held = self
            .published
            .bundles
            .entry(pack)
            .or_insert(UnixTime::EPOCH);
        *held = iat.max(*held);
        for n in 0..PACK {
            let number = pack * PACK + n;
            let uri = self.issuer.status_uri(number);
            let mut states = [0; LIST_LENGTH];
            for (idx, state) in states.iter_mut().enumerate() {
                let place = StatusRef {
                    uri: uri.clone(),
                    idx: u8::try_from(idx).map_err(damaged)?,
                };
                match bundle.status(self.issuer.as_str(), &place) {
                    Some(status) => *state = status.value().unwrap_or(UNEXPLAINED),
                    None => return Ok(()),
                }
            }
            self.take(number, iat, states);
        }
        Ok(())
    }

    fn take(&mut self, number: u32, iat: UnixTime, states: States) {
        let as_of = self.as_of;
        let list = PublishedList { iat, states, as_of };
        self.published.take(number, list);
    }
}
