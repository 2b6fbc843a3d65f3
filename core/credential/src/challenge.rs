//! Challenges: an officer's phone asks a driver's phone to answer (profile, section 5).
//!
//! The driver's side is [`Challenge`], read from a QR or from 8 digits that the officer reads out.
//! The officer's side is [`Asked`], which one answer can satisfy, once.

use crate::cbor::{self, CborReader, CborWriter, MapKey, MapOrder};
use crate::cose::{self, Profile, Sign1, Typ};
use crate::discreet::debug_name_alone;
use crate::key::{KeyId, Signer};
use crate::presentation::{CODE, is_code};
use crate::qr::{self, CHALLENGE_PREFIX};
use crate::text::{self, check_field, is_visible};
use crate::time::{SKEW_S, UnixTime};
use crate::trust::{Purpose, TrustList};
use crate::{Error, Field};
use core::fmt;

/// A signed challenge older than this, by a clock that is sure, is refused.
pub const MAX_AGE_S: u64 = 60;
/// An answer that comes later than this after the challenge was asked is refused.
pub const ANSWER_WITHIN_S: u64 = 120;
/// Wrong answers to 8 digits before they are void.
pub const DIGIT_ATTEMPTS: u8 = 3;

const RESERVED: &str = "dl1:";
const PROFILE: Profile = Profile::dl1(Field::Challenge, Typ::Text("application/dl1-challenge+cwt"));
const CLAIM_CNONCE: i64 = 39;
const CLAIM_FACE: i64 = -70_040;

/// A challenge that a wallet has read.
///
/// Anyone may have written it: before a wallet answers, it must call [`prove`](Self::prove) and
/// show the driver who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    reader: String,
    cnonce: Vec<u8>,
    issued_at: Option<UnixTime>,
    wants_face: bool,
    signed: Option<Signed>,
}

debug_name_alone!(Challenge);

#[derive(Clone, PartialEq, Eq)]
struct Signed {
    kid: KeyId,
    bytes: Vec<u8>,
}

/// Whether the name of who asks is proven. Closed: it is, or it is not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Proof {
    /// A key that the trust list marks as this reader's has signed it.
    Proven {
        /// The reader's name for people, from the trust list.
        display_name: String,
    },
    /// Anyone may have written this name.
    Unproven,
}

impl Challenge {
    /// Reads the text of a challenge QR (`DLQ1:`), signed or not. What wrapping and pasting added
    /// is dropped (profile, section 4).
    ///
    /// # Errors
    /// [`Error::WrongPrefix`], [`Error::Base45`], [`Error::Cbor`], [`Error::Layout`],
    /// [`Error::Text`], [`Error::OutOfBounds`]; [`Error::ReservedReader`] for a reader that begins
    /// with `dl1:`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        qr::read_text(text, CHALLENGE_PREFIX, qr::MAX_TEXT, Self::parse_bytes)
    }

    fn parse_bytes(bytes: &[u8]) -> Result<Self, Error> {
        cbor::check(bytes, MapOrder::Sorted)?;
        if CborReader::new(bytes, Field::Challenge).is_map() {
            return read_claims(bytes, None);
        }
        let signed = Sign1::parse(bytes, &PROFILE)?;
        let kid = signed.kid()?;
        read_claims(
            signed.payload,
            Some(Signed {
                kid,
                bytes: bytes.to_vec(),
            }),
        )
    }

    /// The challenge of 8 digits that an officer read out.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for anything but 8 ASCII digits.
    pub fn from_digits(digits: &str) -> Result<Self, Error> {
        if !is_code(digits.as_bytes()) {
            return Err(Error::OutOfBounds(Field::Nonce));
        }
        Ok(Self {
            reader: CODE.to_owned(),
            cnonce: digits.as_bytes().to_vec(),
            issued_at: None,
            wants_face: false,
            signed: None,
        })
    }

    /// The reader's name, not proven. It becomes the answer's `aud`.
    #[must_use]
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// What the answer must repeat: 16 bytes, or the 8 digits' ASCII.
    #[must_use]
    pub fn cnonce(&self) -> &[u8] {
        &self.cnonce
    }

    /// When it says that it was made; none for digits.
    #[must_use]
    pub const fn issued_at(&self) -> Option<UnixTime> {
        self.issued_at
    }

    /// Whether the reader asks for the driver's face beside the token. The wallet shows face frames
    /// only where the driver agrees.
    #[must_use]
    pub const fn wants_face(&self) -> bool {
        self.wants_face
    }

    /// Looks for the reader's key in the trust list. The caller gives `now` only where its clock is
    /// sure.
    ///
    /// # Errors
    /// [`Error::BadSignature`] where it names a reader's key that did not sign it;
    /// [`Error::ChallengeNotRecent`] where it is signed and over 60 s old by `now`: someone
    /// recorded it. One from the future is accepted, because an officer's clock may be ahead.
    pub fn prove(&self, trust: &TrustList, now: Option<UnixTime>) -> Result<Proof, Error> {
        let (Some(signed), Some(issued_at)) = (&self.signed, self.issued_at) else {
            return Ok(Proof::Unproven);
        };
        if let Some(now) = now
            && now.seconds() > issued_at.saturating_add(MAX_AGE_S).seconds()
        {
            return Err(Error::ChallengeNotRecent);
        }
        let Ok(entry) = trust.key_for(signed.kid, Purpose::Reader, &self.reader, issued_at) else {
            return Ok(Proof::Unproven);
        };
        if now.is_some_and(|now| !entry.is_in_force(now, SKEW_S)) {
            return Ok(Proof::Unproven);
        }
        Sign1::parse(&signed.bytes, &PROFILE)?.verify(&entry.key)?;
        Ok(Proof::Proven {
            display_name: entry.display_name.clone(),
        })
    }
}

fn read_claims(payload: &[u8], signed: Option<Signed>) -> Result<Challenge, Error> {
    let (mut reader_name, mut iat, mut cnonce, mut wants_face) = (None, None, None, false);
    CborReader::new(payload, Field::Challenge).map(|key, reader| {
        match key {
            MapKey::Int(3) => reader_name = Some(reader.text()?),
            MapKey::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(CLAIM_CNONCE) => cnonce = Some(reader.bytes_of::<16>()?),
            // Absent means no: any other value would be a second way to say so, or would mean
            // nothing.
            MapKey::Int(CLAIM_FACE) if reader.uint()? == 1 => wants_face = true,
            _ => return Err(Error::Layout(Field::Challenge)),
        }
        Ok(())
    })?;
    let (Some(reader), Some(iat), Some(cnonce)) = (reader_name, iat, cnonce) else {
        return Err(Error::Layout(Field::Challenge));
    };
    check_reader(reader)?;
    Ok(Challenge {
        reader: reader.to_owned(),
        cnonce: cnonce.to_vec(),
        issued_at: Some(iat),
        wants_face,
        signed,
    })
}

fn check_reader(reader: &str) -> Result<(), Error> {
    check_field(Field::Reader, reader, text::MAX_READER, false)?;
    // A driver must be able to read who asks.
    if !is_visible(reader) {
        return Err(Error::Text(Field::Reader));
    }
    if reader.starts_with(RESERVED) {
        Err(Error::ReservedReader)
    } else {
        Ok(())
    }
}

/// A challenge that a reader makes. The caller must draw [`cnonce`](Self::cnonce) for each, and
/// must keep an [`Asked`] of it to check the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Request<'r> {
    /// The reader's name: 1 to 64 bytes, not beginning with `dl1:`. An answer's `aud` repeats it.
    pub reader: &'r str,
    /// 16 random bytes, new for each challenge.
    pub cnonce: [u8; 16],
    /// The time at which it is made.
    pub iat: UnixTime,
    /// Whether the driver is asked for the face too.
    pub wants_face: bool,
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Request(..)")
    }
}

impl Request<'_> {
    fn write(&self) -> Result<Vec<u8>, Error> {
        check_reader(self.reader)?;
        let mut writer = CborWriter::with_capacity(self.reader.len() + 46);
        writer.map(if self.wants_face { 4 } else { 3 });
        writer.int(3).text(self.reader);
        writer.int(6).uint(self.iat.seconds());
        writer.int(CLAIM_CNONCE).bytes(&self.cnonce);
        if self.wants_face {
            writer.int(CLAIM_FACE).uint(1);
        }
        Ok(writer.into_bytes())
    }

    /// The text of a challenge that no one signed.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::ReservedReader`] for the reader's name.
    pub fn unsigned(&self) -> Result<String, Error> {
        Ok(qr::encode_text(CHALLENGE_PREFIX, &self.write()?))
    }

    /// The text of a challenge that the reader's key signed.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::ReservedReader`] for the reader's name; [`Error::Signer`].
    pub fn signed(&self, signer: &dyn Signer) -> Result<String, Error> {
        let bytes = cose::sign(&PROFILE, None, &self.write()?, signer)?;
        Ok(qr::encode_text(CHALLENGE_PREFIX, &bytes))
    }
}

/// The text of a challenge that no one signed, for a token alone.
///
/// # Errors
/// [`Error::Text`] or [`Error::ReservedReader`] for the reader's name.
pub fn build_unsigned(reader: &str, cnonce: &[u8; 16], iat: UnixTime) -> Result<String, Error> {
    request(reader, cnonce, iat).unsigned()
}

/// The text of a challenge that the reader's key signed, for a token alone.
///
/// # Errors
/// [`Error::Text`] or [`Error::ReservedReader`] for the reader's name; [`Error::Signer`].
pub fn build_signed(
    reader: &str,
    cnonce: &[u8; 16],
    iat: UnixTime,
    signer: &dyn Signer,
) -> Result<String, Error> {
    request(reader, cnonce, iat).signed(signer)
}

const fn request<'r>(reader: &'r str, cnonce: &[u8; 16], iat: UnixTime) -> Request<'r> {
    Request {
        reader,
        cnonce: *cnonce,
        iat,
        wants_face: false,
    }
}

/// A challenge that a reader waits to have answered: once, and for digits within 3 attempts.
///
/// The caller must say [when it was asked](Self::at): only then does an answer after 120 seconds
/// count as too late. It must also draw the digits or the nonce at random, new for each challenge.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    reader: String,
    cnonce: Vec<u8>,
    /// By the clock of [`Question::clock_s`](crate::Question::clock_s), in seconds.
    asked_at_s: Option<u64>,
    /// None: attempts are not counted, because 16 random bytes cannot be guessed.
    attempts_left: Option<u8>,
    answered: bool,
}

debug_name_alone!(Asked);

impl Asked {
    /// A challenge that is shown as a QR, with this reader's name and 16 random bytes.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::ReservedReader`] for the reader's name.
    pub fn qr(reader: &str, cnonce: [u8; 16]) -> Result<Self, Error> {
        check_reader(reader)?;
        let reader = reader.to_owned();
        Ok(Self {
            reader,
            cnonce: cnonce.to_vec(),
            asked_at_s: None,
            attempts_left: None,
            answered: false,
        })
    }

    /// A challenge that is read out: 8 random digits.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for anything but 8 ASCII digits.
    pub fn digits(digits: &str) -> Result<Self, Error> {
        let Challenge { reader, cnonce, .. } = Challenge::from_digits(digits)?;
        Ok(Self {
            reader,
            cnonce,
            asked_at_s: None,
            attempts_left: Some(DIGIT_ATTEMPTS),
            answered: false,
        })
    }

    /// Notes when it was asked, in seconds of a clock that no one can set, such as the time since
    /// the device started. The caller must give the same clock as
    /// [`Question::clock_s`](crate::Question::clock_s) when an answer comes. A caller without such
    /// a clock gives Unix seconds here, and nothing there.
    #[must_use]
    pub const fn at(mut self, clock_s: u64) -> Self {
        self.asked_at_s = Some(clock_s);
        self
    }

    /// The reader's name, as an answer's `aud` repeats it.
    #[must_use]
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// What an answer's `cnonce` repeats.
    #[must_use]
    pub fn cnonce(&self) -> &[u8] {
        &self.cnonce
    }

    /// Whether no further answer counts: it was answered, or its attempts are used up.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.answered || matches!(self.attempts_left, Some(0))
    }

    /// Whether an answer at `clock_s`, by the clock of [`at`](Self::at), comes too late: more than
    /// 120 seconds after it was asked, or as long before it, where the clock went back.
    #[must_use]
    pub fn is_past(&self, clock_s: u64) -> bool {
        self.asked_at_s
            .is_some_and(|asked_at_s| clock_s.abs_diff(asked_at_s) > ANSWER_WITHIN_S)
    }

    pub(crate) const fn is_answered(&self) -> bool {
        self.answered
    }

    pub(crate) const fn answer(&mut self) {
        self.answered = true;
    }

    /// Counts a wrong answer as an attempt.
    pub(crate) const fn spend(&mut self) {
        if let Some(left) = self.attempts_left {
            self.attempts_left = Some(left.saturating_sub(1));
        }
    }
}
