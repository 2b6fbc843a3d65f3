//! What the facts of a license mean to the person who looks at it (profile, sections 2, 8 and 9).
//!
//! The driver's phone, the reader and the command line must not judge the same license differently.
//! So each rule is here, once:
//!
//! - [`Ageing`]: how an authority's statement of a status ages. Readers and wallets age it alike.
//! - [`Grounds`]: everything that decides how a license stands: its status, its days, the days of
//!   its categories, and the end of its credential. Of these the worst counts.
//! - [`Standing`]: how a license stands, with its [`Tone`], its [`Mark`] and the key of its words.
//! - [`Reason`] and [`Outcome`]: what a reader says of a presentation, of which a license's
//!   standing is one part.
//! - [`category_word`] and [`restriction_word`]: what the codes on a license mean in words.
//! - [`Span`]: how it will stand later, so that a screen can change by itself without a second set
//!   of rules.
//!
//! ```
//! use vidimus_credential::meaning::{Standing, Tone};
//! assert_eq!(Standing::LicenseExpired.tone(), Tone::Bad);
//! assert!(Standing::LicenseExpired > Standing::Valid, "the later is the worse");
//! ```

mod ageing;
mod category;
mod grounds;
mod reason;
mod standing;
mod tone;

pub use ageing::{Aged, Ageing, FRESH_S, Freshness, STALE_S, Statement};
pub use category::{category_word, restriction_word};
pub use grounds::{Grounds, Span, Standings};
pub use reason::{Outcome, Reason};
pub use standing::Standing;
pub use tone::{Mark, Tone};

#[cfg(test)]
mod tests;
