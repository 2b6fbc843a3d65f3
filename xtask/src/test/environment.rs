//! What the tests of Kotlin and Swift are told, and the pictures that they leave for each other.

use crate::bindings::Flavor;
use crate::files::At;
use crate::folders::{root, target};
use std::fs;
use std::path::PathBuf;

/// The variables for tests on one flavor.
pub(crate) fn variables(flavor: Flavor) -> Vec<(&'static str, String)> {
    let path = |path: PathBuf| path.to_string_lossy().into_owned();
    vec![
        ("VIDIMUS_CLI", path(target().join("debug/vidimus"))),
        ("VIDIMUS_VECTORS", path(root().join("tests/vectors"))),
        ("VIDIMUS_EXCHANGE", path(exchange())),
        ("VIDIMUS_FLAVOUR", flavor.name().to_owned()),
    ]
}

/// Tells the tests to read the picture of another language, which must be there.
pub(crate) fn expecting_picture_of(language: &str) -> (&'static str, String) {
    ("VIDIMUS_EXPECT_PICTURE_OF", language.to_owned())
}

/// Takes away what an earlier run left for the other language: it must not pass for this run's.
///
/// # Errors
/// Where it stays.
pub(crate) fn forget_pictures() -> Result<(), String> {
    let folder = exchange();
    if folder.exists() {
        fs::remove_dir_all(&folder).at(&folder)?;
    }
    fs::create_dir_all(&folder).at(&folder)
}

fn exchange() -> PathBuf {
    target().join("exchange")
}
