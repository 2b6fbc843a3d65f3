//! Finding a QR in a picture: a clean PNG, or a photo taken by hand.
//!
//! The picture is scaled down while it is read. The finder wants a module to be some three pixels
//! wide and loses its way in noise, so the picture is looked at in several ways, the likely ones
//! first. What is no license is judged only when every look found none: a poster hangs in many
//! photos. All of it has two seconds of the processor.

mod attempts;
mod finder;
mod load;
mod resize;
mod search;

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use vidimus_credential::UnixTime;
use vidimus_credential::face::FaceCollector;
use vidimus_credential::presentation::UnverifiedToken;
use vidimus_credential::qr::TOKEN_PREFIX;

use crate::runtime;
use finder::Seen;

/// The largest file that is read.
pub(crate) const MAX_FILE: u64 = 64 * 1024 * 1024;

/// The most time of the processor that one picture may take.
const MAX_PROCESSOR: Duration = Duration::from_millis(1_500);

/// How often the time is looked at.
const POLL: Duration = Duration::from_millis(10);

/// Why a picture gave no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureError {
    /// Neither PNG nor JPEG, or broken.
    NotAPicture,
    /// More bytes or pixels than are read.
    TooLarge,
    /// No QR was found, or none that can be read.
    NoQr,
    /// Only a QR that is no license was read; another one, as large as a license's, cannot be read.
    Unread,
    /// The time was over before every look was taken, and no license was found.
    TooSlow,
    /// Two different licenses: no one can say which one is meant.
    TwoLicenses,
}

impl PictureError {
    /// What was wrong and what to do.
    pub(crate) const fn explain(self) -> &'static str {
        match self {
            Self::NotAPicture => {
                "is no PNG or JPEG that can be read; save the picture as one of them"
            }
            Self::TooLarge => {
                "is too large: at most 64 MiB and 64 megapixels are read, and 24 of a progressive \
                 JPEG; make it smaller"
            }
            Self::NoQr => {
                "has no QR that can be read; take the picture closer, sharper and without glare"
            }
            Self::Unread => {
                "has a QR that is no license, and a larger one that cannot be read; take the picture \
                 closer, sharper and without glare"
            }
            Self::TooSlow => {
                "has so much in it that no license was found in 2 seconds; cut out the QR, or take \
                 the picture closer"
            }
            Self::TwoLicenses => {
                "holds two licenses, and none is judged; take a picture of one alone"
            }
        }
    }
}

/// The content of the QR in a picture: that of the one license. Where every look found none, it is
/// the content of another QR, first a frame of a face or one that begins with `DL1:`. Of several
/// codes of one license it is the one that answers what was `asked`, else the newest.
///
/// # Errors
/// [`PictureError::TwoLicenses`] where two different ones are in the picture, and the others of
/// that list.
pub(crate) fn read_qr(file: Vec<u8>, asked: Option<&[u8]>) -> Result<Vec<u8>, PictureError> {
    read_within(file, asked, runtime::processor_time)
}

/// The one license in the contents of several pictures: of several codes of it the one that answers
/// what was `asked`, else the newest. Where there is none, another content.
///
/// # Errors
/// [`PictureError::TwoLicenses`], and [`PictureError::NoQr`] for no content.
pub(crate) fn one_license(
    contents: &[Vec<u8>],
    asked: Option<&[u8]>,
) -> Result<Vec<u8>, PictureError> {
    let mut found = Found::default();
    for content in contents {
        found.add(Seen::Text {
            content: content.clone(),
            is_large: false,
        });
    }
    found.settle(asked, PictureError::NoQr, true)
}

/// The same by any clock.
fn read_within(
    file: Vec<u8>,
    asked: Option<&[u8]>,
    clock: impl Fn() -> Duration,
) -> Result<Vec<u8>, PictureError> {
    if u64::try_from(file.len()).unwrap_or(u64::MAX) > MAX_FILE {
        return Err(PictureError::TooLarge);
    }
    let begun = clock();
    let (say, heard) = channel();
    // On its own thread: neither the decoders nor the finder can be told to stop. One that is given
    // up ends with the process.
    let worker = thread::Builder::new().spawn(move || {
        let end = search::search(&file, |seen| {
            // No one listens any more where the time is over.
            let _ = say.send(SearchMessage::Seen(seen));
        });
        let _ = say.send(SearchMessage::End(end));
    });
    if worker.is_err() {
        return Err(PictureError::TooSlow);
    }
    let mut found = Found::default();
    loop {
        match heard.recv_timeout(POLL) {
            Ok(SearchMessage::Seen(seen)) => found.add(seen),
            Ok(SearchMessage::End(Ok(()))) => return found.settle(asked, PictureError::NoQr, true),
            Ok(SearchMessage::End(Err(error))) => return Err(error),
            // The thread broke down: what it had found by then holds.
            Err(RecvTimeoutError::Disconnected) => {
                return found.settle(asked, PictureError::NotAPicture, false);
            }
            Err(RecvTimeoutError::Timeout) => {
                if clock().saturating_sub(begun) > MAX_PROCESSOR {
                    return found.settle(asked, PictureError::TooSlow, false);
                }
            }
        }
    }
}

/// What the thread that looks says.
enum SearchMessage {
    Seen(Seen),
    End(Result<(), PictureError>),
}

/// What was seen so far.
#[derive(Default)]
struct Found {
    codes: Vec<Code>,
    other: Option<Vec<u8>>,
    /// A code as large as a license's was seen and not read.
    unread: bool,
    /// One was read, and is no license: it may be the one that some looks could not read.
    large: bool,
}

impl Found {
    fn add(&mut self, seen: Seen) {
        let (text, is_large) = match seen {
            Seen::Unread => {
                self.unread = true;
                return;
            }
            Seen::Text { content, is_large } => (content, is_large),
        };
        if let Some(code) = Code::read(&text) {
            self.codes.push(code);
            return;
        }
        self.large |= is_large;
        let is_ours = |text: &[u8]| text.starts_with(TOKEN_PREFIX.as_bytes()) || is_frame(text);
        if self
            .other
            .as_ref()
            .is_none_or(|other| is_ours(&text) && !is_ours(other))
        {
            self.other = Some(text);
        }
    }

    /// The one text, or `nothing`. What is no license counts only where all looks are `spent`, and
    /// never in place of a code that may be one.
    fn settle(
        self,
        asked: Option<&[u8]>,
        nothing: PictureError,
        spent: bool,
    ) -> Result<Vec<u8>, PictureError> {
        let mut licenses = self.codes.iter().map(|code| &code.license);
        let first = licenses.next();
        if licenses.any(|license| Some(license) != first) {
            return Err(PictureError::TwoLicenses);
        }
        let meant = |code: &Code| (code.cnonce.as_deref() == asked, code.issued_at);
        if let Some(code) = self.codes.into_iter().max_by_key(meant) {
            return Ok(code.text);
        }
        let is_sure = |other: &Vec<u8>| spent || is_frame(other);
        let other = self.other.filter(is_sure).ok_or(nothing)?;
        if self.unread && !self.large {
            return Err(PictureError::Unread);
        }
        Ok(other)
    }
}

/// Whether this is a frame of a face: no other code looks like one.
pub(crate) fn is_frame(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| FaceCollector::new().take(text).is_ok())
}

/// A code that is laid out as one of a license is. Whether it is a good one is the verifier's
/// question.
struct Code {
    text: Vec<u8>,
    /// Issuer, number, names and birth: codes with the same are of one license, old or new. The
    /// person counts too, so that two people under one number are two licenses.
    license: [String; 5],
    issued_at: UnixTime,
    cnonce: Option<Vec<u8>>,
}

impl Code {
    fn read(text: &[u8]) -> Option<Self> {
        let token = UnverifiedToken::from_text(std::str::from_utf8(text).ok()?).ok()?;
        let credential = token.credential.claims();
        let license = &credential.license;
        let claims = token.envelope.claims();
        Some(Self {
            text: text.to_vec(),
            license: [
                credential.iss.clone(),
                license.license_number().to_owned(),
                license.family_name().to_owned(),
                license.given_names().to_owned(),
                license.birth_date().to_string(),
            ],
            issued_at: claims.iat,
            cnonce: claims.cnonce.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
