//! The challenges of a reader that are not answered yet. They are kept in memory alone, since an
//! answer counts for only 120 seconds.

use std::collections::VecDeque;

use vidimus_credential::challenge::{Asked, Request};
use vidimus_credential::key::Signer;
use vidimus_credential::time::UnixTime;

use super::ReaderError;
use crate::error::Error;
use crate::ports::Random;

/// Most challenges that are kept at once; the oldest is dropped first.
const WAITING: usize = 64;

/// The id of a challenge in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeId([u8; 16]);

impl ChallengeId {
    /// The id's bytes, which a shell passes back.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<[u8; 16]> for ChallengeId {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// A challenge for a driver's phone. Show or read out [`text`](Self::text), and give
/// [`id`](Self::id) to [`ReaderBook::check`](super::ReaderBook::check) with the answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The id to give with the answer, in [`Asking::challenge`](super::Asking::challenge).
    pub id: ChallengeId,
    /// The text to show as a QR (`DLQ1:`), or the 8 digits to read out.
    pub text: String,
}

/// The waiting challenges, oldest first.
#[derive(Default)]
pub(super) struct Challenges(VecDeque<(ChallengeId, Asked)>);

impl Challenges {
    /// Makes a challenge for a QR, with the reader's name, signed where the reader has a key.
    pub(super) fn ask(
        &mut self,
        (reader, wants_face): (&str, bool),
        signer: Option<&dyn Signer>,
        random: &dyn Random,
        (now, clock_s): (UnixTime, u64),
    ) -> Result<Challenge, ReaderError> {
        let mut cnonce = [0; 16];
        random.fill(&mut cnonce).map_err(Error::from)?;
        let request = Request {
            reader,
            cnonce,
            iat: now,
            wants_face,
        };
        let text = match signer {
            Some(signer) => request.signed(signer),
            None => request.unsigned(),
        };
        let asked = Asked::qr(reader, cnonce).map_err(Error::from)?;
        self.add(asked.at(clock_s), text.map_err(Error::from)?, random)
    }

    /// Makes a challenge of 8 digits, to be read out.
    pub(super) fn ask_by_digits(
        &mut self,
        random: &dyn Random,
        clock_s: u64,
    ) -> Result<Challenge, ReaderError> {
        let digits = digits(random)?;
        let asked = Asked::digits(&digits).map_err(Error::from)?;
        self.add(asked.at(clock_s), digits, random)
    }

    /// The waiting challenge of this id.
    pub(super) fn find(&mut self, id: &ChallengeId) -> Option<&mut Asked> {
        let mut waiting = self.0.iter_mut();
        let found = waiting.find(|(name, _)| name == id);
        found.map(|(_, asked)| asked)
    }

    fn add(
        &mut self,
        asked: Asked,
        text: String,
        random: &dyn Random,
    ) -> Result<Challenge, ReaderError> {
        let mut id = [0; 16];
        random.fill(&mut id).map_err(Error::from)?;
        let id = ChallengeId(id);
        if self.0.len() >= WAITING {
            self.0.pop_front();
        }
        self.0.push_back((id.clone(), asked));
        Ok(Challenge { id, text })
    }
}

/// Eight random digits, all values with the same probability.
fn digits(random: &dyn Random) -> Result<String, ReaderError> {
    const NUMBERS: u32 = 100_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % NUMBERS;
    loop {
        let mut bytes = [0; 4];
        random.fill(&mut bytes).map_err(Error::from)?;
        let number = u32::from_be_bytes(bytes);
        if number < FAIR {
            return Ok(format!("{:08}", number % NUMBERS));
        }
    }
}
