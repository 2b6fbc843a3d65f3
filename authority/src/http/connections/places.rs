//! Places: how many connections there may be, and how many of one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::address::{Origin, is_near};
use super::limits::Limits;

/// All places, and who has them.
pub(super) struct Places {
    all: usize,
    share: usize,
    near_share: usize,
    taken: Mutex<Occupied>,
}

#[derive(Default)]
struct Occupied {
    all: usize,
    by_origin: HashMap<Origin, usize>,
}

/// A place; dropping it gives it back.
pub(super) struct Place {
    places: Arc<Places>,
    origin: Origin,
}

impl Places {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            all: limits.places,
            share: limits.share,
            near_share: limits.near_share,
            taken: Mutex::new(Occupied::default()),
        }
    }

    /// A place for a connection from this address; `None` where it has its share, or all are taken.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let origin = Origin::of(address);
        let share = if is_near(address) {
            self.near_share
        } else {
            self.share
        };
        let mut taken = self.lock();
        let held = taken.by_origin.get(&origin).copied().unwrap_or(0);
        if taken.all >= self.all || held >= share {
            return None;
        }
        taken.all += 1;
        taken.by_origin.insert(origin, held + 1);
        drop(taken);
        Some(Place {
            places: Arc::clone(self),
            origin,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Occupied> {
        // Numbers alone stand behind it, and nothing that holds it can stop half-way.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        if let Some(held) = taken.by_origin.get_mut(&self.origin) {
            *held -= 1;
            if *held == 0 {
                taken.by_origin.remove(&self.origin);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn places() -> Arc<Places> {
        let limits = Limits {
            places: 16,
            share: 2,
            near_share: 12,
            ..Limits::of(0)
        };
        Arc::new(Places::new(&limits))
    }

    #[test]
    fn an_address_gets_its_share_and_a_place_that_is_given_back_is_free() {
        let places = places();
        let take = |text: &str| places.take(ip(text));
        let (first, second) = (take("203.0.113.7"), take("203.0.113.7"));
        assert!(first.is_some() && second.is_some());
        assert!(take("203.0.113.7").is_none());
        assert!(take("::ffff:203.0.113.7").is_none());
        assert!(take("203.0.113.8").is_some());
        drop(first);
        assert!(take("203.0.113.7").is_some());
        drop(second);
        let one_customer: Vec<_> = (1..=3)
            .map(|host| take(&format!("2001:db8:0:1::{host}")))
            .collect();
        assert!(one_customer[1].is_some() && one_customer[2].is_none());
        assert!(take("2001:db8:0:2::1").is_some());
    }

    #[test]
    fn a_proxy_leaves_places_for_others_and_all_are_counted_together() {
        let places = places();
        let take = |text: &str| places.take(ip(text));
        let proxy: Vec<_> = (0..20).map_while(|_| take("127.0.0.1")).collect();
        assert_eq!(proxy.len(), 12);
        let others: Vec<_> = (0..20)
            .map_while(|host| take(&format!("203.0.113.{host}")))
            .collect();
        assert_eq!(others.len(), 4);
        assert!(take("127.0.0.1").is_none());
        drop((proxy, others));
        let taken = places.lock();
        assert!(taken.all == 0 && taken.by_origin.is_empty());
    }
}
