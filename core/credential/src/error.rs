//! The error of this crate: closed, small, and free of personal data.

use crate::all_variants;
use core::fmt;
use thiserror::Error as ThisError;

/// Why parsing, verifying or building an object of the profile failed.
///
/// It says which field and which bound, and carries no byte of the input, so it may be logged.
/// The caller must not show its text to people: it is English and for support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The text does not begin with `DL1:` (or, for a challenge, `DLQ1:`; for a face, `DLF1:`).
    #[error("the text does not begin with the profile's prefix")]
    WrongPrefix,
    /// Not Base45 (RFC 9285): a foreign character, a dangling one, or a group over its range.
    #[error("the text is not Base45")]
    Base45,
    /// Not deterministic CBOR (RFC 8949, section 4.2.1), or more than the profile's depth of 16.
    #[error("the bytes are not deterministic CBOR")]
    Cbor,
    /// Well-formed CBOR that is not laid out as the profile says: a key, a type, a `typ`, a `vct`.
    #[error("not laid out as the profile says: {0}")]
    Layout(Field),
    /// A text is not NFC, holds a refused character, is empty, or is too long.
    #[error("empty, too long, not in Unicode NFC, or with a refused character: {0}")]
    Text(Field),
    /// A number, a date or a count is outside its bounds, or two dates are out of order.
    #[error("out of bounds: {0}")]
    OutOfBounds(Field),
    /// A key is off its curve, of small order, not canonical, or of a kind not allowed there.
    #[error("a key is malformed or not allowed here")]
    Key,
    /// The object is longer than the profile allows, or the text fits no QR symbol.
    #[error("longer than {at_most} bytes or characters")]
    TooLong {
        /// The limit, in bytes of an object or characters of a text.
        at_most: u32,
    },
    /// A zlib stream is broken, cut short, followed by something, or larger than its limit.
    #[error("the compressed part cannot be inflated to at most {at_most} bytes")]
    Inflate {
        /// The most bytes that it may inflate to.
        at_most: u32,
    },
    /// No key of the trust list has this `kid`.
    #[error("the key is not in the trust list")]
    UnknownKey,
    /// The key is trusted, but not for this purpose.
    #[error("the key is not trusted for this purpose")]
    WrongKeyPurpose,
    /// The key is trusted, but for another issuer, reader or country.
    #[error("the key is trusted for another name")]
    WrongIssuer,
    /// The object was signed outside the key's time or after the key was retired, or the key's time
    /// has ended.
    #[error("the key is not in force")]
    KeyNotInForce,
    /// The signature does not verify, or the header's algorithm is not the key's.
    #[error("the signature does not verify")]
    BadSignature,
    /// A disclosure matches no digest of its credential.
    #[error("a disclosure matches no digest")]
    DisclosureMismatch,
    /// Two signed times cannot both be true.
    #[error("two signed times contradict each other")]
    TimesInconsistent,
    /// The license's index lies beyond the end of the status list.
    #[error("the status list does not reach this index")]
    IndexOutOfRange,
    /// The status token or bundle is of another list than the credential names.
    #[error("the status is of another list")]
    OtherList,
    /// The object comes before the one that is held: an older `iat`, or a trust list with a lower
    /// serial.
    #[error("a newer one is held already")]
    OlderThanHeld,
    /// A reader holds 64 bundles, or 256 MiB of them inflated, and this one is not for a list that
    /// it holds.
    #[error("no room for another bundle: forget those that are not needed")]
    TooManyBundles,
    /// A reader's name begins with the reserved `dl1:`.
    #[error("the reader's name is reserved")]
    ReservedReader,
    /// A signed challenge is more than 60 seconds old.
    #[error("the challenge is not recent")]
    ChallengeNotRecent,
    /// The signer (a phone's key store, say) did not sign.
    #[error("the signer did not sign")]
    Signer,
}

all_variants! {
    /// Every error, those with a field or a limit with an example of it.
    Error {
        WrongPrefix,
        Base45,
        Cbor,
        Layout(Field::Credential),
        Text(Field::FamilyName),
        OutOfBounds(Field::Day),
        Key,
        TooLong { at_most: 672 },
        Inflate { at_most: 65_536 },
        UnknownKey,
        WrongKeyPurpose,
        WrongIssuer,
        KeyNotInForce,
        BadSignature,
        DisclosureMismatch,
        TimesInconsistent,
        IndexOutOfRange,
        OtherList,
        OlderThanHeld,
        TooManyBundles,
        ReservedReader,
        ChallengeNotRecent,
        Signer,
    }
}

impl Error {
    /// An object of more than `at_most` bytes, or a text of more characters.
    pub(crate) fn too_long(at_most: usize) -> Self {
        Self::TooLong {
            at_most: u32::try_from(at_most).unwrap_or(u32::MAX),
        }
    }
}

/// What an [`Error`] is about: an object of the profile, or a field in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Field {
    /// The credential or one of its claims.
    Credential,
    /// The disclosure with the portrait.
    Portrait,
    /// The presentation token or one of its claims.
    Token,
    /// The status token or one of its claims.
    StatusToken,
    /// The trust list or one of its entries.
    TrustList,
    /// The bundle or one of its claims.
    Bundle,
    /// The challenge or one of its claims.
    Challenge,
    /// A frame of a face.
    FaceFrame,
    /// The saved memory of the tokens that a reader has seen.
    ReplayMemory,
    /// A key in the form of a COSE_Key.
    Key,
    /// A moment, to the end of the year 9999.
    Time,
    /// A day of 1800 to 2199.
    Day,
    /// A year of 1800 to 2199.
    Year,
    /// A month of 1 to 12.
    Month,
    /// The date of birth.
    BirthDate,
    /// An offset from UTC of -12:00 to +14:00.
    UtcOffset,
    /// The order of birth, issue and expiry.
    LicenseDates,
    /// The order of a category's two dates.
    CategoryDates,
    /// A country: two letters A to Z.
    Country,
    /// The family name: at most 128 bytes.
    FamilyName,
    /// The given names: at most 128 bytes.
    GivenNames,
    /// The license number: 1 to 32 bytes.
    LicenseNumber,
    /// A category code: 1 to 8 bytes, once in its row.
    CategoryCode,
    /// The categories of a license or the codes of a row: 1 to 24.
    Categories,
    /// A restriction code: 1 to 16 bytes.
    Restriction,
    /// The restrictions of a row: at most 8.
    Restrictions,
    /// An issuer's name: 1 to 128 bytes.
    Issuer,
    /// The `uri` of a status list: 1 to 64 bytes.
    StatusUri,
    /// A bundle's prefix: 1 to 64 bytes, not ending in a digit.
    BundlePrefix,
    /// A reader's name: 1 to 64 bytes.
    Reader,
    /// A display name: 1 to 64 bytes.
    DisplayName,
    /// What an answer repeats: 16 bytes, or 8 digits.
    Nonce,
    /// A license's index in its status list: 0 to 255.
    StatusIndex,
    /// Bits of an entry of a status list: 1, 2, 4 or 8.
    Bits,
    /// A value of a status list that does not fit its bits.
    StatusValue,
    /// The entries of a bundle: at most 256 MiB.
    BundleCount,
    /// A text that the caller has given a limit for.
    Text,
}

all_variants! {
    /// Every field that an error can name.
    Field {
        Credential,
        Portrait,
        Token,
        StatusToken,
        TrustList,
        Bundle,
        Challenge,
        FaceFrame,
        ReplayMemory,
        Key,
        Time,
        Day,
        Year,
        Month,
        BirthDate,
        UtcOffset,
        LicenseDates,
        CategoryDates,
        Country,
        FamilyName,
        GivenNames,
        LicenseNumber,
        CategoryCode,
        Categories,
        Restriction,
        Restrictions,
        Issuer,
        StatusUri,
        BundlePrefix,
        Reader,
        DisplayName,
        Nonce,
        StatusIndex,
        Bits,
        StatusValue,
        BundleCount,
        Text,
    }
}

impl Field {
    /// What it is called in a log, with its bounds where it has some.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Portrait => "portrait",
            Self::Token => "presentation token",
            Self::StatusToken => "status token",
            Self::TrustList => "trust list",
            Self::Bundle => "bundle",
            Self::Challenge => "challenge",
            Self::FaceFrame => "face frame",
            Self::ReplayMemory => "replay memory",
            Self::Key => "COSE_Key",
            Self::Time => "time (to the end of 9999)",
            Self::Day => "day (1800 to 2199)",
            Self::Year => "year (1800 to 2199)",
            Self::Month => "month (1 to 12)",
            Self::BirthDate => "date of birth",
            Self::UtcOffset => "UTC offset (-12:00 to +14:00)",
            Self::LicenseDates => "order of birth, issue and expiry",
            Self::CategoryDates => "order of a category's dates",
            Self::Country => "country (two letters A to Z)",
            Self::FamilyName => "family name (128 bytes)",
            Self::GivenNames => "given names (128 bytes)",
            Self::LicenseNumber => "license number (1 to 32 bytes)",
            Self::CategoryCode => "category code (1 to 8 bytes, once)",
            Self::Categories => "categories (1 to 24)",
            Self::Restriction => "restriction (1 to 16 bytes)",
            Self::Restrictions => "restrictions (8 a row)",
            Self::Issuer => "issuer (1 to 128 bytes)",
            Self::StatusUri => "status list uri (1 to 64 bytes)",
            Self::BundlePrefix => "bundle prefix (1 to 64 bytes)",
            Self::Reader => "reader (1 to 64 bytes)",
            Self::DisplayName => "display name (1 to 64 bytes)",
            Self::Nonce => "nonce (16 bytes or 8 digits)",
            Self::StatusIndex => "status index (0 to 255)",
            Self::Bits => "bits (1, 2, 4 or 8)",
            Self::StatusValue => "status value",
            Self::BundleCount => "bundle count (256 MiB)",
            Self::Text => "text",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_error_and_each_field_has_its_own_text_and_an_error_stays_small() {
        let texts: BTreeSet<String> = Error::ALL.iter().map(Error::to_string).collect();
        assert_eq!(texts.len(), Error::ALL.len());
        let names: BTreeSet<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        assert_eq!(names.len(), Field::ALL.len());
        assert_eq!(size_of::<Error>(), 8);
    }

    #[test]
    fn an_error_names_the_field_and_the_bound() {
        for (error, text) in [
            (
                Error::OutOfBounds(Field::UtcOffset),
                "out of bounds: UTC offset (-12:00 to +14:00)",
            ),
            (Error::too_long(672), "longer than 672 bytes or characters"),
            (
                Error::Layout(Field::TrustList),
                "not laid out as the profile says: trust list",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}
