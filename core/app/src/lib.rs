//! The driver's app without its pictures: what is on the screen, and what comes of each tap.
//!
//! ```text
//!   shell: send(action) ->  +--------+  state, event, now -> state, effects   +--------+
//!                           | runner |  ------------------------------------> | driver |   pure
//!   shell: next(after)  <-  +--------+  <- screen(state, now)                 +--------+
//!                               |
//!                               v   opens, reads, enrolls, refreshes, shows, removes
//!                           vidimus-wallet
//! ```
//!
//! [`driver::update`] decides everything: which page follows, what is asked of the world, and what an answer means that
//! comes late, twice or never. [`driver::screen`] says what is on the screen. Both are pure: no clock, no network, no
//! randomness. [`runner::App`] is the one task that owns the state, and does what Rust can do itself against the wallet;
//! what only a phone can do it hands out as effects.
//!
//! A [`screen::Screen`] has keys of the table of texts and what goes into their places, tones with their shapes, and what
//! may be done now. No text for people stands in this crate, and nothing about a license is judged here: that is
//! [`vidimus_credential::meaning`].

pub mod driver;
pub mod effect;
pub mod event;
pub mod runner;
pub mod screen;
pub mod tone;
pub mod trouble;
pub mod words;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!("vidimus_app");
