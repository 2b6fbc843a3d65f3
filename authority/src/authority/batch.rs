//! Many licenses at once.

use std::collections::HashMap;

use vidimus_credential::License;

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::portrait::{self, Roadside};
use crate::register::{NewLicense, Register as _, ReviewKind};
use crate::store;

/// A license to be registered with others, and its driver's picture. Personal data.
pub struct NewEntry<'a> {
    /// What the license says.
    pub license: &'a License,
    /// The picture as it was handed in: a JPEG.
    pub portrait: &'a [u8],
    /// What a clerk has to look at before a phone gets the license.
    pub review: Option<ReviewKind>,
}

impl Authority {
    /// Registers all of these licenses, or none, in one transaction, and returns their ids. It
    /// makes no offers. Of pictures with the same bytes the roadside portrait is made once.
    ///
    /// # Errors
    /// Those of [`add_license`](Self::add_license).
    pub fn add_licenses(
        &self,
        entries: &[NewEntry<'_>],
        now: impl Into<Moment>,
    ) -> Result<Vec<String>, Error> {
        let now = now.into();
        let mut roadside: HashMap<&[u8], Roadside> = HashMap::new();
        for entry in entries {
            self.check_license(entry.license, now)?;
            if !roadside.contains_key(entry.portrait) {
                roadside.insert(entry.portrait, portrait::roadside(entry.portrait)?);
            }
        }
        let terms_wait_until = self
            .store
            .read(|transaction| store::clock::steady_from(transaction, now))?;
        let new: Vec<NewLicense<'_>> = entries
            .iter()
            .filter_map(|entry| {
                Some(NewLicense {
                    license: entry.license,
                    roadside: &roadside.get(entry.portrait)?.jpeg,
                    submitted: entry.portrait,
                    after_revocation: None,
                    terms_wait_until,
                    review: entry.review,
                })
            })
            .collect();
        let (ids, due) = self.register().add_all(&new, self.believed(now)?)?;
        self.settle(&due, now)?;
        Ok(ids)
    }
}
