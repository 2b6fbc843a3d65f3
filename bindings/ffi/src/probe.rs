//! What tests see and provoke inside the library. In what ships all of it is empty.

#[cfg(feature = "contract")]
pub(crate) use watched::*;

#[cfg(feature = "contract")]
mod watched {
    use std::sync::atomic::{AtomicI32, Ordering};

    /// Objects that the other language has not let go of.
    static ALIVE: AtomicI32 = AtomicI32::new(0);

    /// A part of each object: tests count with it what the other language still holds.
    pub(crate) struct Counted(());

    impl Counted {
        pub(crate) fn new() -> Self {
            ALIVE.fetch_add(1, Ordering::SeqCst);
            Self(())
        }
    }

    impl Drop for Counted {
        fn drop(&mut self) {
            ALIVE.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// How many objects are alive.
    pub(crate) fn alive() -> i32 {
        ALIVE.load(Ordering::SeqCst)
    }
}

/// A part of each object: in a library for tests it is counted.
#[cfg(not(feature = "contract"))]
pub(crate) struct Counted(());

#[cfg(not(feature = "contract"))]
impl Counted {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}
