//! The driver's face, by camera alone (profile, section 10): the portrait's disclosure, cut into
//! frames that a phone shows as QRs in turn with the token.
//!
//! No frame is signed. The joined bytes must hash to the digest that the authority signed in the
//! license, so a [`FaceCollector`] gives a picture only for a verdict.
//!
//! ```
//! use vidimus_credential::face::{FaceCollector, FaceFrames};
//! use vidimus_credential::sd_cwt::Portrait;
//!
//! let portrait = Portrait::new([8; 16], &[7; 3000]);
//! // The version of the token's QR, so that the picture on the glass does not change its size.
//! let frames = FaceFrames::new(&portrait, 22)?;
//! let mut collector = FaceCollector::new();
//! for text in frames.texts() {
//!     collector.take(text)?;
//! }
//! # Ok::<(), vidimus_credential::Error>(())
//! ```

use crate::cbor::{self, CborReader, CborWriter, MapOrder};
use crate::qr::{self, FACE_PREFIX};
use crate::sd_cwt::Portrait;
use crate::{Error, Field};
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;

/// The longest disclosure that is cut into frames, in bytes: a roadside portrait of 4,096, its salt
/// and its CBOR.
pub const MAX_DISCLOSURE: usize = 4_160;
/// The most frames of a face.
pub const MAX_FRAMES: usize = 16;
/// The shortest chunk of a frame that is not the last, in bytes.
pub const MIN_CHUNK: usize = 64;
/// The longest chunk of a frame, in bytes.
pub const MAX_CHUNK: usize = 1_200;
/// How many faces are collected at once.
pub const MAX_SETS: usize = 4;

/// The texts of a face's QRs. Personal data: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct FaceFrames {
    texts: Vec<String>,
    version: u8,
}

impl FaceFrames {
    /// Cuts a portrait's disclosure into the fewest frames that fit a QR of `version` at level M,
    /// of equal lengths as far as possible. A version that would need more than 16 frames is
    /// raised.
    ///
    /// # Errors
    /// [`Error::TooLong`] where the disclosure is over 4,160 bytes.
    pub fn new(portrait: &Portrait, version: u8) -> Result<Self, Error> {
        let disclosure = portrait.disclosure();
        if disclosure.len() > MAX_DISCLOSURE {
            return Err(Error::too_long(MAX_DISCLOSURE));
        }
        let first = usize::from(version.clamp(1, qr::MAX_VERSION)) - 1;
        let (version, chunk) = (first..CAPACITIES.len())
            .find_map(|index| Some((index + 1, chunk_for(disclosure.len(), index)?)))
            .ok_or(Error::too_long(MAX_DISCLOSURE))?;
        let chunks: Vec<_> = disclosure.chunks(chunk).collect();
        let digest = short_digest(&Sha256::digest(disclosure).into());
        let texts = (0_u64..)
            .zip(&chunks)
            .map(|(index, chunk)| frame_text(digest, index, chunks.len(), chunk))
            .collect();
        Ok(Self {
            texts,
            version: u8::try_from(version).unwrap_or(qr::MAX_VERSION),
        })
    }

    /// The texts of the QRs, 1 to 16, in order. A reader takes them in any.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The QR version that holds each of them at level M: at least the one that was asked for.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }
}

/// Characters that a QR of versions 1 to 25 holds in alphanumeric mode at level M (ISO/IEC 18004,
/// table 7).
const CAPACITIES: [usize; 25] = [
    20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909, 970,
    1035, 1134, 1248, 1326, 1451,
];

/// The most bytes that a frame has beside its chunk: array, digest, index, count, and the chunk's
/// head.
const AROUND: usize = 1 + 9 + 1 + 1 + 3;

/// The chunk length for a QR of the version after `index`; none where it would need too many
/// frames.
fn chunk_for(disclosure: usize, index: usize) -> Option<usize> {
    let characters = CAPACITIES.get(index)?.checked_sub(FACE_PREFIX.len())?;
    let bytes = characters / 3 * 2 + usize::from(characters % 3 == 2);
    let largest = bytes.checked_sub(AROUND)?.min(MAX_CHUNK);
    if largest < MIN_CHUNK {
        return None;
    }
    let count = disclosure.div_ceil(largest);
    (count <= MAX_FRAMES).then(|| disclosure.div_ceil(count).max(MIN_CHUNK))
}

fn frame_text(digest: [u8; 8], index: u64, count: usize, chunk: &[u8]) -> String {
    let mut writer = CborWriter::with_capacity(chunk.len() + AROUND);
    writer.array(4).bytes(&digest).uint(index);
    writer.uint(u64::try_from(count).unwrap_or(u64::MAX));
    writer.bytes(chunk);
    qr::encode_text(FACE_PREFIX, &writer.into_bytes())
}

pub(crate) fn short_digest(digest: &[u8; 32]) -> [u8; 8] {
    digest.first_chunk().copied().unwrap_or_default()
}

/// One frame, as it was read. Anyone may have made it.
struct Frame<'b> {
    digest: [u8; 8],
    index: usize,
    count: usize,
    chunk: &'b [u8],
}

impl<'b> Frame<'b> {
    fn parse(bytes: &'b [u8]) -> Result<Self, Error> {
        cbor::check(bytes, MapOrder::Sorted)?;
        let mut reader = CborReader::new(bytes, Field::FaceFrame);
        reader.array_of(4)?;
        let digest = reader.bytes_of()?;
        let mut number =
            || usize::try_from(reader.uint()?).map_err(|_| Error::OutOfBounds(Field::FaceFrame));
        let (index, count) = (number()?, number()?);
        // Checked before they are calculated with: they may be any number.
        if index >= count || count > MAX_FRAMES {
            return Err(Error::OutOfBounds(Field::FaceFrame));
        }
        let chunk = reader.bytes()?;
        let frame = Self {
            digest,
            index,
            count,
            chunk,
        };
        if frame.is_in_bounds() {
            Ok(frame)
        } else {
            Err(Error::OutOfBounds(Field::FaceFrame))
        }
    }

    fn is_last(&self) -> bool {
        self.index + 1 == self.count
    }

    fn is_in_bounds(&self) -> bool {
        let shortest = if self.is_last() { 1 } else { MIN_CHUNK };
        let others = self.count - 1;
        // The shortest that the whole can be: the last chunk has a byte, the others are as long as
        // this one.
        let least = if self.is_last() {
            others * MIN_CHUNK.max(self.chunk.len()) + self.chunk.len()
        } else {
            others * self.chunk.len() + 1
        };
        (shortest..=MAX_CHUNK).contains(&self.chunk.len()) && least <= MAX_DISCLOSURE
    }
}

/// How much of a face was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many frames were read.
    pub read: usize,
    /// How many frames the face has.
    pub count: usize,
}

impl Progress {
    /// Whether every frame was read.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.read == self.count
    }
}

/// Joins faces from frames in any order, repeated, mixed with others and with gaps. Personal data:
/// no `Debug`.
///
/// Anyone can show frames, so a picture is given only for a verdict, by
/// [`join`](Self::join). At
/// most four faces are kept, of at most 4,160 bytes each; a fifth replaces the oldest. Frames that
/// do not fit together or do not hash to their digest are dropped.
///
/// The caller must drop the collector when the check of one driver ends: it keeps faces until then.
#[derive(Default)]
pub struct FaceCollector {
    /// Sorted by age, the oldest first.
    sets: VecDeque<Set>,
}

impl FaceCollector {
    /// A collector that has read nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the text of a QR (`DLF1:`), without what wrapping and pasting added. A frame that
    /// contradicts frames of the same face replaces them.
    ///
    /// # Errors
    /// [`Error::WrongPrefix`] for any other text, [`Error::TooLong`], [`Error::Base45`],
    /// [`Error::Cbor`], [`Error::Layout`], [`Error::OutOfBounds`]; [`Error::DisclosureMismatch`]
    /// where this was the last frame that was missing and the whole is not what its digest says, or
    /// no portrait.
    pub fn take(&mut self, text: &str) -> Result<Progress, Error> {
        self.take_frame(text).map(|(_, progress)| progress)
    }

    /// [`take`](Self::take), with the short digest that the frame names.
    pub(crate) fn take_frame(&mut self, text: &str) -> Result<([u8; 8], Progress), Error> {
        let whole = |bytes: &[u8]| Frame::parse(bytes).map(|_| bytes.to_vec());
        let bytes = qr::read_text(text, FACE_PREFIX, qr::MAX_CHARACTERS, whole)?;
        let frame = Frame::parse(&bytes)?;
        self.sets.retain(|set| set.fit(&frame) != Fit::Contradicts);
        if !self.sets.iter().any(|set| set.fit(&frame) == Fit::Belongs) {
            if self.sets.len() >= MAX_SETS {
                self.sets.pop_front();
            }
            self.sets.push_back(Set::new(&frame));
        }
        let mut outcome = Err(Error::DisclosureMismatch);
        self.sets.retain_mut(|set| {
            if set.fit(&frame) != Fit::Belongs {
                return true;
            }
            let kept = set.put(&frame);
            if kept {
                outcome = Ok((set.digest, set.progress()));
            }
            kept
        });
        outcome
    }

    /// How much was read of the face with this digest; none before its first frame. The caller must
    /// take the digest from a verdict or a [`Credential`](crate::sd_cwt::Credential).
    #[must_use]
    pub fn progress_of(&self, portrait_digest: &[u8; 32]) -> Option<Progress> {
        let digest = short_digest(portrait_digest);
        let of_license = self.sets.iter().filter(|set| set.digest == digest);
        of_license
            .map(Set::progress)
            .max_by_key(|progress| progress.read)
    }

    /// The face with this digest, once it is whole. The caller must take the digest from a verdict
    /// or a [`Credential`](crate::sd_cwt::Credential): any other was signed by no authority.
    #[must_use]
    pub fn join_digest(&self, portrait_digest: &[u8; 32]) -> Option<Portrait> {
        let mut whole = self.sets.iter().filter_map(|set| set.whole.as_ref());
        whole
            .find(|portrait| portrait.digest() == *portrait_digest)
            .cloned()
    }

    /// Forgets what was read of the faces with this short digest.
    pub(crate) fn forget(&mut self, digest: [u8; 8]) {
        self.sets.retain(|set| set.digest != digest);
    }
}

/// Whether a frame fits a set.
#[derive(PartialEq, Eq)]
enum Fit {
    Belongs,
    Foreign,
    Contradicts,
}

/// The frames of one digest, count and chunk length.
struct Set {
    digest: [u8; 8],
    /// None while only the last frame was read, which may be shorter than the others.
    length: Option<usize>,
    chunks: Vec<Option<Vec<u8>>>,
    whole: Option<Portrait>,
}

impl Set {
    fn new(frame: &Frame<'_>) -> Self {
        Self {
            digest: frame.digest,
            length: None,
            chunks: vec![None; frame.count],
            whole: None,
        }
    }

    fn progress(&self) -> Progress {
        Progress {
            read: self.chunks.iter().flatten().count(),
            count: self.chunks.len(),
        }
    }

    fn fit(&self, frame: &Frame<'_>) -> Fit {
        if self.digest != frame.digest || self.chunks.len() != frame.count {
            return Fit::Foreign;
        }
        let last = self.chunks.last().and_then(Option::as_ref).map(Vec::len);
        let longest = match (self.length, frame.is_last()) {
            // Another chunk length is another set.
            (Some(length), false) if length != frame.chunk.len() => return Fit::Foreign,
            (Some(length), true) if length < frame.chunk.len() => return Fit::Foreign,
            (None, false) => frame.chunk.len(),
            (length, _) => length.unwrap_or(MAX_CHUNK),
        };
        if last.is_some_and(|last| last > longest) {
            return Fit::Foreign;
        }
        match self.chunks.get(frame.index) {
            Some(Some(held)) if held != frame.chunk => Fit::Contradicts,
            _ => Fit::Belongs,
        }
    }

    /// Adds a frame that belongs. `false` where the set is whole and does not hash to its digest.
    fn put(&mut self, frame: &Frame<'_>) -> bool {
        if !frame.is_last() {
            self.length = Some(frame.chunk.len());
        }
        if let Some(place) = self.chunks.get_mut(frame.index) {
            *place = Some(frame.chunk.to_vec());
        }
        if self.whole.is_some() || self.chunks.iter().any(Option::is_none) {
            return true;
        }
        let joined: Vec<u8> = self.chunks.iter().flatten().flatten().copied().collect();
        self.whole = Portrait::parse(&joined)
            .ok()
            .filter(|portrait| short_digest(&portrait.digest()) == self.digest);
        self.whole.is_some()
    }
}
