//! The bundles that a reader holds: one for each issuer and prefix, bounded in number and in
//! memory.

use crate::Error;
use crate::bundle::{Bundle, MAX_INFLATED, UnverifiedBundle, split_uri};
use crate::trust::TrustList;

/// How many bundles are held at once.
pub(super) const MAX_BUNDLES: usize = 64;

/// The bundles of a verifier.
pub(super) struct Bundles {
    held: Vec<Bundle>,
    /// Whether a bundle was given that cannot be used, and no other is held.
    unusable: bool,
}

impl Bundles {
    pub(super) const fn new() -> Self {
        Self {
            held: Vec::new(),
            unusable: false,
        }
    }

    /// Takes a bundle; it replaces the one of the same issuer and prefix, unless that one is newer.
    /// Bundles whose key `trust` does not name any more count as not held. A bundle that is refused
    /// changes nothing, but where none is held, it is noted that one was given.
    pub(super) fn take(&mut self, bytes: &[u8], trust: Option<&TrustList>) -> Result<(), Error> {
        let taken = self.try_take(bytes, trust);
        self.unusable = taken.is_err() && self.held.is_empty();
        taken
    }

    fn try_take(&mut self, bytes: &[u8], trust: Option<&TrustList>) -> Result<(), Error> {
        let trust = trust.ok_or(Error::UnknownKey)?;
        let offered = UnverifiedBundle::parse(bytes)?;
        let (mut others, mut taken) = (0, 0_u64);
        for held in self.held.iter().filter(|held| held.is_vouched_for(trust)) {
            if is_of(held, offered.issuer(), offered.prefix()) {
                if offered.issued_at() < held.issued_at() {
                    return Err(Error::OlderThanHeld);
                }
                continue;
            }
            others += 1;
            taken = taken.saturating_add(length(held.inflated_length()));
        }
        if !has_room(others, taken, length(offered.inflated_length())) {
            return Err(Error::TooManyBundles);
        }
        let bundle = offered.authenticate(trust)?;
        self.held.retain(|held| {
            held.is_vouched_for(trust) && !is_of(held, bundle.issuer(), bundle.prefix())
        });
        self.held.push(bundle);
        Ok(())
    }

    pub(super) fn forget(&mut self) {
        *self = Self::new();
    }

    /// Whether one was given that cannot be used, and no other is held.
    pub(super) const fn is_unusable(&self) -> bool {
        self.unusable
    }

    pub(super) fn held(&self) -> &[Bundle] {
        &self.held
    }

    /// The bundle that would hold the list `uri` of `iss`.
    pub(super) fn find(&self, iss: &str, uri: &str) -> Option<&Bundle> {
        let (prefix, _) = split_uri(uri)?;
        self.held.iter().find(|held| is_of(held, iss, prefix))
    }
}

fn is_of(bundle: &Bundle, iss: &str, prefix: &str) -> bool {
    bundle.prefix() == prefix && bundle.issuer() == iss
}

/// Whether one of `bytes` inflated fits beside `others` that take `taken` bytes together.
const fn has_room(others: usize, taken: u64, bytes: u64) -> bool {
    others < MAX_BUNDLES && taken.saturating_add(bytes) <= MAX_INFLATED
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_64_bundles_of_256_mib_together() {
        assert!(has_room(63, 0, MAX_INFLATED));
        assert!(has_room(1, MAX_INFLATED - 1, 1));
        assert!(!has_room(64, 0, 1));
        assert!(!has_room(1, MAX_INFLATED, 1));
        assert!(!has_room(1, u64::MAX, u64::MAX));
    }
}
