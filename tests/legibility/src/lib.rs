//! What cameras see of a QR on a phone's glass, and which programs can read it:
//! `docs/legibility.md`.
//!
//! Everything is calculated: no camera and no phone takes part. The tokens are real, each is
//! signed; the glass has the whole pixels that the driver's app draws; the camera is a lens, a
//! sensor and what goes wrong before them. All of it hangs on seeds, so that a run can be repeated.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a measuring program, run by hand and by a test: a fault in it must stop it"
)]

pub mod camera;
pub mod chart;
mod damage;
pub mod glass;
mod letters;
pub mod luck;
pub mod measure;
mod plane;
pub mod readers;
pub mod report;
pub mod tokens;
mod view;
