//! The tokens that a reader has seen, bounded in time and in number.

use crate::time::UnixTime;
use std::collections::{BTreeSet, HashMap};

/// Remembers a token until it would be refused for its age anyway.
pub(super) struct ReplayMemory {
    capacity: usize,
    until: HashMap<[u8; 32], UnixTime>,
    /// The same, in the order of their ends, so that forgetting costs what is forgotten.
    by_end: BTreeSet<(UnixTime, [u8; 32])>,
}

impl ReplayMemory {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            until: HashMap::new(),
            by_end: BTreeSet::new(),
        }
    }

    /// Notes a token, to be kept while `now <= until`; whether it was there before.
    ///
    /// Only what its holder signed is noted, so no stranger fills the memory. Once full it forgets the
    /// token that ends first.
    pub(super) fn saw(&mut self, token: [u8; 32], until: UnixTime, now: UnixTime) -> bool {
        while let Some((end, oldest)) = self.by_end.first().copied()
            && end < now
        {
            self.forget(end, oldest);
        }
        if self.until.contains_key(&token) {
            return true;
        }
        while self.until.len() >= self.capacity
            && let Some((end, oldest)) = self.by_end.first().copied()
        {
            self.forget(end, oldest);
        }
        if self.capacity > 0 {
            self.until.insert(token, until);
            self.by_end.insert((until, token));
        }
        false
    }

    fn forget(&mut self, end: UnixTime, token: [u8; 32]) {
        self.by_end.remove(&(end, token));
        self.until.remove(&token);
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
}
