//! `vidimus authority review` and `vidimus authority client`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use vidimus_authority::{Crop, ReviewKind, ReviewReason};

/// The arguments of `vidimus authority review`.
#[derive(Debug, Subcommand)]
pub(crate) enum ReviewAction {
    /// The reviews that wait, or all of one license
    List {
        /// The license: its number or its id
        license: Option<String>,
        /// Go on after this review
        #[arg(long, value_name = "ID", conflicts_with = "license")]
        after: Option<i64>,
    },
    /// Write the picture of a review to a new file
    Picture {
        /// The review, as `review list` prints it
        review: i64,
        /// Where to write it; no file is there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Accept: the driver's phone gets the license
    Accept {
        /// The review, as `review list` prints it
        review: i64,
        /// Cut this part out of the upright picture, in pixels; about 3 wide by 4 high
        #[arg(long, value_name = "LEFT,TOP,WIDTH,HEIGHT", value_parser = crop)]
        crop: Option<Crop>,
        /// Who decides, in 1 to 64 bytes
        #[arg(long, value_name = "TEXT", default_value = "clerk")]
        by: String,
    },
    /// Refuse: the driver is told why, and can hand in another photo or the papers
    Refuse {
        /// The review, as `review list` prints it
        review: i64,
        /// Why: photo_unclear, photo_not_recent, photo_other_person, papers_missing or other
        #[arg(long, value_parser = review_reason)]
        reason: ReviewReason,
        /// Your own words to the driver, in at most 256 bytes
        #[arg(long, value_name = "TEXT")]
        words: Option<String>,
        /// Who decides, in 1 to 64 bytes
        #[arg(long, value_name = "TEXT", default_value = "clerk")]
        by: String,
    },
}

/// The arguments of `vidimus authority client`.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientAction {
    /// Register an app in which drivers may sign in, or change what is registered
    #[command(after_help = "\
With --json: {\"client\", \"redirects\", \"android\", \"apple\"}.")]
    Add(ClientArguments),
    /// The apps in which drivers may sign in
    List,
    /// Remove an app; its drivers keep the licenses that they have
    Remove {
        /// The app, as `client list` prints it
        client: String,
    },
}

/// The arguments of `vidimus authority client add`.
#[derive(Args, Debug)]
pub(crate) struct ClientArguments {
    /// What the app calls itself: letters, digits, hyphens, dots and underscores
    pub(crate) client: String,
    /// Where its drivers are sent back to; may be given several times
    #[arg(long, value_name = "URI", required = true)]
    pub(crate) redirect: Vec<String>,
    /// An Android app that opens this authority's https addresses, by its certificate's SHA-256
    #[arg(long, value_name = "PACKAGE=SHA256", value_parser = android)]
    pub(crate) android: Vec<(String, String)>,
    /// An app of Apple's that does
    #[arg(long, value_name = "TEAM.BUNDLE")]
    pub(crate) apple: Vec<String>,
    /// Take addresses of the app's own scheme, which another app on the phone may claim too
    #[arg(long)]
    pub(crate) allow_private_scheme: bool,
}

/// What a clerk has to look at.
pub(super) fn review_kind(text: &str) -> Result<ReviewKind, String> {
    ReviewKind::from_name(text).ok_or_else(|| {
        format!(
            "a review is of {}",
            ReviewKind::ALL.map(ReviewKind::name).join(" or ")
        )
    })
}

fn review_reason(text: &str) -> Result<ReviewReason, String> {
    ReviewReason::from_name(text).ok_or_else(|| {
        format!(
            "a reason is one of {}",
            ReviewReason::ALL.map(ReviewReason::name).join(", ")
        )
    })
}

fn android(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(package, digest)| (package.to_owned(), digest.to_owned()))
        .ok_or_else(|| "write PACKAGE=SHA256".to_owned())
}

fn crop(text: &str) -> Result<Crop, String> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|number| number.parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[left, top, width, height]) => Ok(Crop {
            left,
            top,
            width,
            height,
        }),
        _ => Err("write four numbers: LEFT,TOP,WIDTH,HEIGHT".to_owned()),
    }
}
