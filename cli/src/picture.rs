//! Finding a QR in a picture: a clean PNG, or a photo taken by hand.
//!
//! The picture is scaled down while it is read. The finder wants a module to be some three pixels wide
//! and loses its way in noise, so the picture is looked at in several ways, the likely ones first. What is
//! no license is judged only when every look found none: a poster hangs in many photos. All of it has
//! two seconds of the processor.

mod finder;
mod load;
mod looks;
mod resize;
mod search;

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use vidimus_credential::presentation::UnverifiedToken;
use vidimus_credential::qr::TOKEN_PREFIX;

use crate::runtime;

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
    /// The time was over before every look was taken, and no license was found.
    TooSlow,
    /// Two different licenses: nobody can say which one is meant.
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

/// The content of the QR in a picture: the one license, or where every look found none, whatever stands
/// in a QR, what begins with `DL1:` first.
///
/// # Errors
/// [`PictureError::TwoLicenses`] where two different ones are in the picture, and the others of that list.
pub(crate) fn read_qr(file: Vec<u8>) -> Result<Vec<u8>, PictureError> {
    read_within(file, runtime::processor_time)
}

/// The same by any clock.
fn read_within(file: Vec<u8>, clock: impl Fn() -> Duration) -> Result<Vec<u8>, PictureError> {
    if u64::try_from(file.len()).unwrap_or(u64::MAX) > MAX_FILE {
        return Err(PictureError::TooLarge);
    }
    let begun = clock();
    let (say, heard) = channel();
    // On a thread of its own: neither the decoders nor the finder can be told to stop. One that is given
    // up ends with the process.
    let worker = thread::Builder::new().spawn(move || {
        let end = search::search(&file, is_license, |text| {
            // Nobody listens any more where the time is over.
            let _ = say.send(Said::Text(text));
        });
        let _ = say.send(Said::End(end));
    });
    if worker.is_err() {
        return Err(PictureError::TooSlow);
    }
    let mut found = Found::default();
    loop {
        match heard.recv_timeout(POLL) {
            Ok(Said::Text(text)) => found.add(text),
            Ok(Said::End(Ok(()))) => return found.settle(PictureError::NoQr, true),
            Ok(Said::End(Err(error))) => return Err(error),
            Err(RecvTimeoutError::Disconnected) => return Err(PictureError::NotAPicture),
            Err(RecvTimeoutError::Timeout) => {
                if clock().saturating_sub(begun) > MAX_PROCESSOR {
                    return found.settle(PictureError::TooSlow, false);
                }
            }
        }
    }
}

/// What the thread that looks says.
enum Said {
    Text(Vec<u8>),
    End(Result<(), PictureError>),
}

/// What was read so far.
#[derive(Default)]
struct Found {
    licenses: Vec<Vec<u8>>,
    other: Option<Vec<u8>>,
}

impl Found {
    fn add(&mut self, text: Vec<u8>) {
        if is_license(&text) {
            if !self.licenses.contains(&text) {
                self.licenses.push(text);
            }
        } else if self.other.as_ref().is_none_or(|other| {
            text.starts_with(TOKEN_PREFIX.as_bytes()) && !other.starts_with(TOKEN_PREFIX.as_bytes())
        }) {
            self.other = Some(text);
        }
    }

    /// The one text, or `nothing`. What is no license counts only where all looks are `spent`.
    fn settle(mut self, nothing: PictureError, spent: bool) -> Result<Vec<u8>, PictureError> {
        match (self.licenses.pop(), self.licenses.len()) {
            (Some(license), 0) => Ok(license),
            (Some(_), _) => Err(PictureError::TwoLicenses),
            (None, _) => self.other.filter(|_| spent).ok_or(nothing),
        }
    }
}

/// Whether a text is laid out as a license is. Whether it is a good one is the verifier's question.
fn is_license(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| UnverifiedToken::from_text(text).is_ok())
}

#[cfg(test)]
mod tests;
