//! The tokens that a reader has seen, bounded in time and in number.

use crate::discreet::debug_name_alone;
use crate::time::UnixTime;
use crate::{Error, Field};
use std::collections::{BTreeSet, HashMap};

/// A token that a reader has seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The token, by its [fingerprint](crate::presentation::Envelope::fingerprint).
    pub token: [u8; 32],
    /// Until when it could be accepted a second time.
    pub until: UnixTime,
}

debug_name_alone!(Seen);

/// The tokens that a reader remembers, in a form that can be kept over a restart.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    /// The tokens, sorted by their ends.
    pub tokens: Vec<Seen>,
    /// The latest end of a token that was forgotten; none before the first.
    pub forgotten: Option<UnixTime>,
}

debug_name_alone!(Remembered);

/// The version of the saved form.
const VERSION: u8 = 1;
/// The most tokens in the saved form.
const MAX_SAVED: usize = 4_096;
/// Bytes of a token in the saved form: its SHA-256 and its end.
const SAVED: usize = 40;

impl Remembered {
    /// The saved form (profile, section 8), for a reader that keeps it in a separate file. Of
    /// more than 4,096 tokens those that end last are kept, and the others count as forgotten.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tokens = self.tokens.clone();
        tokens.sort_by_key(|seen| (seen.until, seen.token));
        let kept = tokens.split_off(tokens.len().saturating_sub(MAX_SAVED));
        let dropped = tokens.last().map(|seen| seen.until);
        let forgotten = self.forgotten.max(dropped);
        let mut bytes = vec![VERSION];
        bytes.extend(forgotten.map_or(0, UnixTime::seconds).to_be_bytes());
        bytes.extend(u16::try_from(kept.len()).unwrap_or(u16::MAX).to_be_bytes());
        for seen in &kept {
            bytes.extend(seen.token);
            bytes.extend(seen.until.seconds().to_be_bytes());
        }
        bytes
    }

    /// Reads the saved form.
    ///
    /// # Errors
    /// [`Error::Layout`] and [`Error::OutOfBounds`] of
    /// [`Field::ReplayMemory`](crate::Field::ReplayMemory) for a broken one. The caller must then
    /// go on with an empty one, and say that a token of the last two minutes could be taken twice.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let broken = Error::Layout(Field::ReplayMemory);
        let (version, rest) = bytes.split_first().ok_or(broken)?;
        let (forgotten, rest) = rest.split_first_chunk().ok_or(broken)?;
        let (count, rest) = rest.split_first_chunk().ok_or(broken)?;
        let count = usize::from(u16::from_be_bytes(*count));
        let is_whole = rest.len() == count.saturating_mul(SAVED);
        if *version != VERSION || !is_whole {
            return Err(broken);
        }
        if count > MAX_SAVED {
            return Err(Error::OutOfBounds(Field::ReplayMemory));
        }
        let time = |seconds: &[u8; 8]| {
            UnixTime::new(u64::from_be_bytes(*seconds))
                .map_err(|_| Error::OutOfBounds(Field::ReplayMemory))
        };
        let seen = |bytes: &[u8]| {
            let (token, until) = bytes.split_first_chunk().ok_or(broken)?;
            let until = until.first_chunk().ok_or(broken)?;
            Ok(Seen {
                token: *token,
                until: time(until)?,
            })
        };
        let tokens: Result<Vec<Seen>, Error> = rest.chunks(SAVED).map(seen).collect();
        let tokens = tokens?;
        let is_sorted = tokens.windows(2).all(|pair| match pair {
            [one, next] => (one.until, one.token) < (next.until, next.token),
            _ => true,
        });
        if !is_sorted {
            return Err(broken);
        }
        let forgotten = time(forgotten)?;
        Ok(Self {
            tokens,
            forgotten: (forgotten.seconds() > 0).then_some(forgotten),
        })
    }
}

/// Remembers a token until it would be refused for its age anyway.
pub(super) struct ReplayMemory {
    capacity: usize,
    until: HashMap<[u8; 32], UnixTime>,
    /// The same, in the order of their ends, so that forgetting costs what is forgotten.
    by_end: BTreeSet<(UnixTime, [u8; 32])>,
    /// The latest end of a token that was forgotten.
    forgotten: Option<UnixTime>,
}

impl ReplayMemory {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            until: HashMap::new(),
            by_end: BTreeSet::new(),
            forgotten: None,
        }
    }

    /// Notes a token, to be kept while `now <= until`. Gives whether it was seen before, or may
    /// have been.
    ///
    /// The caller must only note a token that its holder signed, so that no stranger fills the
    /// memory. When it is full it forgets the token that ends first. A token that ends no later
    /// than a forgotten one may have been forgotten too: the clock went ahead and back, or the
    /// memory was full.
    pub(super) fn saw(&mut self, token: [u8; 32], until: UnixTime, now: UnixTime) -> bool {
        while let Some((end, oldest)) = self.by_end.first().copied()
            && end < now
        {
            self.forget(end, oldest);
        }
        if self.until.contains_key(&token) {
            return true;
        }
        // A token that has ended is fresh only by its challenge, which counts once.
        if until >= now && self.forgotten >= Some(until) {
            return true;
        }
        self.insert(token, until);
        false
    }

    /// The tokens that are remembered now.
    pub(super) fn remembered(&self) -> Remembered {
        let seen = |(until, token): &(UnixTime, [u8; 32])| Seen {
            token: *token,
            until: *until,
        };
        Remembered {
            tokens: self.by_end.iter().map(seen).collect(),
            forgotten: self.forgotten,
        }
    }

    /// Adds the tokens of another memory to those here.
    pub(super) fn take(&mut self, other: &Remembered) {
        self.forgotten = self.forgotten.max(other.forgotten);
        for seen in &other.tokens {
            if !self.until.contains_key(&seen.token) {
                self.insert(seen.token, seen.until);
            }
        }
    }

    fn insert(&mut self, token: [u8; 32], until: UnixTime) {
        self.until.insert(token, until);
        self.by_end.insert((until, token));
        while self.until.len() > self.capacity
            && let Some((end, oldest)) = self.by_end.first().copied()
        {
            self.forget(end, oldest);
        }
    }

    fn forget(&mut self, end: UnixTime, token: [u8; 32]) {
        self.by_end.remove(&(end, token));
        self.until.remove(&token);
        self.forgotten = self.forgotten.max(Some(end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::new(seconds).unwrap()
    }

    #[test]
    fn a_token_is_remembered_until_its_end_inclusive_and_then_forgotten() {
        let mut memory = ReplayMemory::new(10);
        assert!(!memory.saw([1; 32], at(60), at(0)));
        assert!(memory.saw([1; 32], at(60), at(60)));
        assert!(!memory.saw([1; 32], at(60), at(61)));
    }

    #[test]
    fn a_flood_leaves_the_memory_at_its_capacity() {
        let mut memory = ReplayMemory::new(100);
        for number in 0..10_000_u64 {
            let mut token = [0; 32];
            token[..8].copy_from_slice(&number.to_be_bytes());
            assert!(!memory.saw(token, at(60 + number), at(0)));
            assert!(memory.until.len() <= 100 && memory.by_end.len() == memory.until.len());
        }
        let mut last = [0; 32];
        last[..8].copy_from_slice(&9_999_u64.to_be_bytes());
        assert!(memory.saw(last, at(60), at(0)));
    }

    #[test]
    fn a_clock_that_went_ahead_and_back_makes_no_token_new() {
        let mut memory = ReplayMemory::new(10);
        assert!(!memory.saw([1; 32], at(60), at(0)));
        // An hour ahead, and another token is looked at.
        assert!(!memory.saw([2; 32], at(3_660), at(3_600)));
        assert!(memory.saw([1; 32], at(60), at(5)), "it may have been seen");
        assert!(!memory.saw([3; 32], at(70), at(10)), "it cannot have been");
    }

    #[test]
    fn a_full_memory_lets_no_token_pass_that_it_may_have_forgotten() {
        let mut memory = ReplayMemory::new(2);
        for (token, end) in [([1; 32], 60), ([2; 32], 70), ([3; 32], 80)] {
            assert!(!memory.saw(token, at(end), at(0)));
        }
        assert!(memory.saw([1; 32], at(60), at(1)));
    }

    /// The answer of a phone whose clock is behind ends before the reader's now. It is still fresh.
    #[test]
    fn an_answer_that_is_dated_back_is_new_though_later_ones_were_forgotten() {
        let mut memory = ReplayMemory::new(10);
        assert!(!memory.saw([1; 32], at(60), at(0)));
        assert!(!memory.saw([2; 32], at(50), at(100)));
    }

    #[test]
    fn what_was_remembered_is_remembered_by_the_next_one_too() {
        let mut before = ReplayMemory::new(10);
        assert!(!before.saw([1; 32], at(60), at(0)));
        assert!(!before.saw([2; 32], at(200), at(100)));
        let mut after = ReplayMemory::new(10);
        assert!(!after.saw([3; 32], at(210), at(100)));
        after.take(&before.remembered());
        after.take(&before.remembered());
        assert!(after.saw([2; 32], at(200), at(100)));
        assert!(after.saw([3; 32], at(210), at(100)));
        assert!(
            after.saw([1; 32], at(60), at(5)),
            "also what that one forgot"
        );
        assert_eq!(after.remembered().tokens.len(), 2);
        let mut small = ReplayMemory::new(1);
        small.take(&after.remembered());
        assert_eq!(small.remembered().tokens.len(), 1);
        assert!(
            small.saw([2; 32], at(200), at(100)),
            "it may have been seen"
        );
    }
}
