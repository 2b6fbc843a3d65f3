//! The one error of this crate: closed, small, and free of personal data.

use thiserror::Error as ThisError;

/// What can be wrong with an object of the profile, or with a wish to make one.
///
/// It carries no bytes of the input: an error may stand in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ThisError)]
pub enum Error {
    /// The text does not begin with `DL1:` (or, for a challenge, `DLQ1:`).
    #[error("the text does not begin with the profile's prefix")]
    WrongPrefix,
    /// Not Base45 (RFC 9285): a foreign character, a dangling one, or a group over its range.
    #[error("the text is not Base45")]
    Base45,
    /// Not deterministic CBOR (RFC 8949, section 4.2.1), or more than the profile's depth of 16.
    #[error("the bytes are not deterministic CBOR")]
    Cbor,
    /// Well-formed CBOR that is not laid out as the profile says: a key, a type, a `typ`, a `vct`.
    #[error("the object is not laid out as the profile says")]
    Layout,
    /// A text is not NFC, holds a refused character, is empty, or is too long.
    #[error("a text is empty, too long, not in Unicode NFC, or holds a character that is refused")]
    Text,
    /// A number, a date or a count is outside its bounds, or two dates are out of order.
    #[error("a number, a date or a count is out of bounds")]
    OutOfBounds,
    /// A key is off its curve, of small order, not canonical, or of a kind not allowed there.
    #[error("a key is not a good one for its place")]
    Key,
    /// The object is longer than the profile allows, or the text fits no symbol.
    #[error("the object is too long")]
    TooLong,
    /// A zlib stream is broken, cut short, followed by something, or larger than its cap.
    #[error("the compressed part cannot be inflated within its limit")]
    Inflate,
    /// No key of the trust list has this `kid`.
    #[error("the key is not in the trust list")]
    UnknownKey,
    /// The key is trusted, but not for this purpose.
    #[error("the key is not trusted for this purpose")]
    WrongKeyPurpose,
    /// The key is trusted, but speaks for another issuer, reader or country.
    #[error("the key speaks for another name")]
    WrongIssuer,
    /// The object was signed outside the key's time or after the key was retired, or the key's time has ended.
    #[error("the key is not in force")]
    KeyNotInForce,
    /// The signature does not verify, or the header's algorithm is not the key's.
    #[error("the signature does not verify")]
    BadSignature,
    /// A disclosure that matches no digest of its credential.
    #[error("a disclosure matches no digest")]
    DisclosureMismatch,
    /// Two signed times that cannot both be true.
    #[error("two signed times contradict each other")]
    TimesInconsistent,
    /// The license's index lies beyond the end of the status list.
    #[error("the status list does not reach this index")]
    IndexOutOfRange,
    /// The status token or bundle speaks of another list.
    #[error("the status is of another list")]
    OtherList,
    /// An object that comes before the one that is held: an older `iat`, or a trust list with a lower serial.
    #[error("a newer one is held already")]
    OlderThanHeld,
    /// A reader holds 64 bundles, or 256 MiB of them inflated, and this one is not for a list that it holds.
    #[error("as many bundles are held as fit: forget those that are not needed")]
    TooManyBundles,
    /// A reader that calls itself by a reserved name (`dl1:...`).
    #[error("the reader's name is reserved")]
    ReservedReader,
    /// A signed challenge more than 60 seconds old.
    #[error("the challenge is not recent")]
    ChallengeNotRecent,
    /// The signer (a phone's key store, say) did not sign.
    #[error("the signer did not sign")]
    Signer,
}
