//! The pages' one stylesheet. It is in each page, and their policy allows it by its digest.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const SHEET: &str = include_str!("../../../templates/sign_in/style.css");

static DIGEST: LazyLock<String> =
    LazyLock::new(|| format!("sha256-{}", STANDARD.encode(Sha256::digest(SHEET))));

/// What stands between the tags.
pub(super) const fn sheet() -> &'static str {
    SHEET
}

/// Its digest as a source expression.
pub(super) fn digest() -> &'static str {
    &DIGEST
}
