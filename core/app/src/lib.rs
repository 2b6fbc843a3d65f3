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
//! [`driver::update`] decides everything: which page follows, which effects begin, and what an
//! answer means that comes late, twice or never. [`driver::screen`] gives what is on the screen.
//! Both are pure: no clock, no network, no randomness. [`runner::App`] is the one task that owns
//! the state. It runs the effects that Rust can run against the wallet, and hands those to the
//! shell that only a phone can do.
//!
//! A [`screen::Screen`] has keys of the table of texts with the values for their places, tones with
//! their shapes, and what may be done now. This crate has no text for people, and it does not judge
//! a license: [`vidimus_credential::meaning`] does.

pub mod driver;
pub mod effect;
pub mod event;
pub mod notices;
pub mod officer;
pub mod place;
pub mod runner;
pub mod screen;
mod time;
pub mod tone;
pub mod trouble;
pub mod words;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!("vidimus_app");
