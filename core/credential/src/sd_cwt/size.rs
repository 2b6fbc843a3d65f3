//! How long a credential will be, before it is signed, so that a clerk can shorten a license that
//! does not fit.

use super::{CredentialClaims, MAX_BYTES, PROFILE, wire};
use crate::all_variants;
use crate::cbor::CborWriter;
use crate::cose;
use crate::key::{Algorithm, KeyId};

/// A part of a license that the authority can shorten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LicensePart {
    /// The family name, as encoded.
    FamilyName,
    /// The given names, as encoded.
    GivenNames,
    /// The license number, as encoded.
    LicenseNumber,
    /// The categories with their dates and restrictions, as encoded.
    Categories,
}

all_variants! {
    /// Every part, in the license's order.
    LicensePart {
        FamilyName,
        GivenNames,
        LicenseNumber,
        Categories,
    }
}

/// The bytes of a credential, as [`measure`] counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    bytes: usize,
    parts: [(LicensePart, usize); 4],
}

impl Measure {
    /// The length of the whole credential without disclosures, in bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many bytes the credential is too long; 0 where it fits.
    #[must_use]
    pub const fn excess(&self) -> usize {
        self.bytes.saturating_sub(MAX_BYTES)
    }

    /// What each part of the license takes of it, in the license's order.
    #[must_use]
    pub const fn parts(&self) -> [(LicensePart, usize); 4] {
        self.parts
    }

    /// The part that takes most: the one to shorten first.
    #[must_use]
    pub fn largest(&self) -> LicensePart {
        let largest = self.parts.iter().max_by_key(|(_, bytes)| *bytes);
        largest.map_or(LicensePart::Categories, |(part, _)| *part)
    }
}

/// The length of the credential that [`issue`](super::issue) would sign, also where it is too long.
#[must_use]
pub fn measure(claims: &CredentialClaims) -> Measure {
    let payload = wire::write_claims(claims, &[0; 32]);
    let protected = cose::protected_with_kid(Algorithm::Ed25519, KeyId::new([0; 8]), &PROFILE);
    let license = &claims.license;
    let text = |text: &str| {
        let mut writer = CborWriter::with_capacity(text.len() + 2);
        writer.text(text);
        writer.into_bytes().len()
    };
    let mut categories = CborWriter::with_capacity(MAX_BYTES);
    wire::write_categories(&mut categories, license.categories());
    Measure {
        bytes: cose::assemble(&protected, None, &payload, &[0; 64]).len(),
        parts: [
            (LicensePart::FamilyName, text(license.family_name())),
            (LicensePart::GivenNames, text(license.given_names())),
            (LicensePart::LicenseNumber, text(license.license_number())),
            (LicensePart::Categories, categories.into_bytes().len()),
        ],
    }
}
