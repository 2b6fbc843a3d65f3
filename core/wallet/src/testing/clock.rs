//! A clock that tests set by hand.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use vidimus_credential::time::UnixTime;

use crate::ports::{Clock, Reading};

/// A clock for tests, which set it by hand.
pub struct TestClock {
    reading: Mutex<Reading>,
    built: Option<UnixTime>,
}

impl TestClock {
    /// Starts at a wall time, one hour after the device's first start.
    pub fn at(wall: UnixTime) -> Self {
        let reading = Reading {
            wall,
            boot: Duration::from_secs(3600),
            boot_id: Some([1; 16]),
        };
        Self {
            reading: Mutex::new(reading),
            built: None,
        }
    }

    /// The same clock in an app that was built at this time.
    #[must_use]
    pub fn built_at(self, time: UnixTime) -> Self {
        Self {
            built: Some(time),
            ..self
        }
    }

    /// Moves both clocks forward.
    pub fn advance(&self, by: Duration) {
        let mut reading = self.lock();
        reading.wall = reading.wall.saturating_add(by.as_secs());
        reading.boot = reading.boot.saturating_add(by);
    }

    /// Sets the wall clock alone, like a user in the settings.
    pub fn set_wall(&self, wall: UnixTime) {
        self.lock().wall = wall;
    }

    /// Restarts the device after it was off for this long.
    pub fn restart(&self, off: Duration) {
        let mut reading = self.lock();
        reading.wall = reading.wall.saturating_add(off.as_secs());
        reading.boot = Duration::from_secs(30);
        let id = reading.boot_id.map_or(0, u128::from_be_bytes);
        reading.boot_id = Some(id.wrapping_add(1).to_be_bytes());
    }

    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn read(&self) -> Reading {
        *self.lock()
    }

    fn built(&self) -> Option<UnixTime> {
        self.built
    }
}
