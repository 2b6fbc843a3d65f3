//! What a presentation shows, as it was last read from the vault.

use vidimus_credential::meaning::{Grounds, Standing, Statement};
use vidimus_credential::presentation::LIFE_S;
use vidimus_credential::sd_cwt::{Portrait, StatusRef};
use vidimus_credential::{License, UnixTime};

use crate::error::Error;
use crate::keys::HolderKey;
use crate::succession;
use crate::vault::View;

/// The credential on the screen, its key and its portrait. It is personal data and has no `Debug`.
pub(super) struct Shown {
    pub(super) credential: Vec<u8>,
    pub(super) license: License,
    pub(super) issued_at: UnixTime,
    pub(super) expires: UnixTime,
    pub(super) status: StatusRef,
    pub(super) holder_key: HolderKey,
    /// The picture whose digest the credential carries; `None` where the wallet has none.
    pub(super) portrait: Option<Portrait>,
}

impl Shown {
    /// When the token expires: a reader refuses a token that outlives its credential. An expired
    /// credential gets a token of the full length, so that the reader can name the reason for its
    /// refusal.
    pub(super) fn end_of(&self, issued_at: UnixTime) -> UnixTime {
        let end = issued_at.saturating_add(LIFE_S);
        if self.expires > issued_at {
            end.min(self.expires)
        } else {
            end
        }
    }

    pub(super) fn standing(&self, status: Option<Statement>, now: UnixTime) -> Standing {
        let grounds = Grounds {
            license: &self.license,
            credential_ends: self.expires,
            status,
        };
        grounds.standings(now).worst()
    }

    pub(super) fn read(view: &View<'_>, license: &str, now: UnixTime) -> Result<Self, Error> {
        let shown = succession::shown(view, license, now)?.ok_or(Error::NoSuchLicense)?;
        // A damaged picture does not prevent showing the license: the token does not carry it.
        let portrait = shown.portrait(view, license).ok().flatten();
        let record = shown.into_record();
        let held = record.sd_cwt()?;
        let holder_key = view.get(&held.holder_key)?.ok_or(Error::NoSuchLicense)?;
        let parsed = record.parse()?;
        let claims = parsed.claims();
        Ok(Self {
            issued_at: claims.iat,
            expires: claims.exp,
            status: claims.status.clone(),
            license: claims.license.clone(),
            portrait: portrait.filter(|held| held.digest() == *parsed.portrait_digest()),
            credential: held.credential.clone(),
            holder_key,
        })
    }
}

/// A row of the vault as it was last read, and its version then.
pub(super) struct Cached<T> {
    pub(super) version: Option<i64>,
    pub(super) value: Option<T>,
}

impl<T> Cached<T> {
    pub(super) const fn empty() -> Self {
        Self {
            version: None,
            value: None,
        }
    }

    pub(super) fn refresh(&mut self, version: Option<i64>, read: impl FnOnce() -> Option<T>) {
        if self.version != version {
            self.value = version.and_then(|_| read());
            self.version = version;
        }
    }
}
