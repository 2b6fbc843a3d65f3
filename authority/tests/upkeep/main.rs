//! What keeps an authority sound for years: keys that are withdrawn, clocks that are mended, files
//! that are published, as drivers and officers see it.

#[cfg(test)]
mod clock;
#[cfg(test)]
#[path = "../authority/common.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod common;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod publication;
#[cfg(test)]
mod roadside;
