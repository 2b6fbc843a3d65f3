//! How often one address may ask one route: so many at once, and then evenly.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::address::Origin;
use super::limits::Rate;

/// More addresses than this are not told apart; further ones share one count.
const MOST_ADDRESSES: usize = 65_536;
/// More routes than this, the server does not have.
const MOST_ROUTES: usize = 64;

/// Judges one request by the generic cell rate algorithm: `next` is when the address would be even
/// again. Gives the new `next`, or how long to wait.
pub(super) fn admit(next: Duration, now: Duration, rate: Rate) -> Result<Duration, Duration> {
    let then = next.max(now) + rate.every;
    let may_run_ahead = rate.every * rate.burst;
    match (then - now).checked_sub(may_run_ahead) {
        Some(wait) if !wait.is_zero() => Err(wait),
        _ => Ok(then),
    }
}

/// When each address is even again with each route.
pub(super) struct Rates {
    begun: Instant,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    routes: Vec<String>,
    next: HashMap<(Option<Origin>, usize), Duration>,
}

impl Rates {
    pub(super) fn new() -> Self {
        Self {
            begun: Instant::now(),
            table: Mutex::new(Table::default()),
        }
    }

    /// Counts one request of this address to this route.
    ///
    /// # Errors
    /// How long to wait, where it has used up its rate.
    pub(super) fn count(&self, origin: Origin, route: &str, rate: Rate) -> Result<(), Duration> {
        let now = self.begun.elapsed();
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let key = table.key(origin, route, now);
        let next = table.next.get(&key).copied().unwrap_or_default();
        table.next.insert(key, admit(next, now, rate)?);
        Ok(())
    }
}

impl Table {
    fn key(&mut self, origin: Origin, route: &str, now: Duration) -> (Option<Origin>, usize) {
        let known = self.routes.iter().position(|known| known == route);
        let route = known.unwrap_or_else(|| {
            let new = self.routes.len();
            if new < MOST_ROUTES {
                self.routes.push(route.to_owned());
            }
            new
        });
        let key = (Some(origin), route);
        if self.next.len() >= MOST_ADDRESSES && !self.next.contains_key(&key) {
            // An address that is even again need not be remembered.
            self.next.retain(|_, next| *next > now);
        }
        if self.next.len() >= MOST_ADDRESSES && !self.next.contains_key(&key) {
            return (None, route);
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::time::advance;

    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        every: Duration::from_secs(2),
    };

    fn origin(number: u32) -> Origin {
        Origin::V4(Ipv4Addr::from(number))
    }

    #[test]
    fn a_burst_is_taken_and_then_one_at_a_time() {
        let s = Duration::from_secs;
        let mut next = Duration::ZERO;
        for _ in 0..3 {
            next = admit(next, s(100), RATE).unwrap();
        }
        assert_eq!(admit(next, s(100), RATE), Err(s(2)));
        assert_eq!(admit(next, s(101), RATE), Err(s(1)));
        next = admit(next, s(102), RATE).unwrap();
        assert_eq!(admit(next, s(102), RATE), Err(s(2)));
        // After a long rest the burst is whole again, and no larger.
        for _ in 0..3 {
            next = admit(next, s(1_000), RATE).unwrap();
        }
        assert!(admit(next, s(1_000), RATE).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_and_routes_are_counted_apart() {
        let rates = Rates::new();
        for _ in 0..3 {
            assert_eq!(rates.count(origin(1), "/token", RATE), Ok(()));
        }
        let wait = rates.count(origin(1), "/token", RATE).err();
        assert_eq!(wait, Some(Duration::from_secs(2)));
        assert_eq!(rates.count(origin(2), "/token", RATE), Ok(()));
        assert_eq!(rates.count(origin(1), "/nonce", RATE), Ok(()));
        advance(Duration::from_secs(2)).await;
        assert_eq!(rates.count(origin(1), "/token", RATE), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn the_table_stays_small_and_forgets_who_is_even() {
        let rates = Rates::new();
        let full = u32::try_from(MOST_ADDRESSES).unwrap();
        for number in 0..full + 3 {
            assert_eq!(rates.count(origin(number), "/token", RATE), Ok(()));
        }
        // The three that came too late share one count with all that follow.
        assert!(rates.count(origin(full + 9), "/token", RATE).is_err());
        assert_eq!(rates.table.lock().unwrap().next.len(), MOST_ADDRESSES + 1);
        advance(Duration::from_secs(60)).await;
        assert_eq!(rates.count(origin(full + 9), "/token", RATE), Ok(()));
        assert_eq!(rates.table.lock().unwrap().next.len(), 1);
    }
}
