//! What screens are drawn with on a desktop: fonts for the five languages, and what finds and draws
//! them.

use crate::apt;
use crate::shell::{output, program, say};

/// A file that tells whether a package of Debian is here, and the package.
const PACKAGES: [(&str, &str); 4] = [
    (
        "/usr/share/fonts/truetype/noto/NotoSansBengali-Regular.ttf",
        "fonts-noto-core",
    ),
    (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "fonts-noto-cjk",
    ),
    ("/usr/bin/fc-list", "fontconfig"),
    ("/usr/lib/x86_64-linux-gnu/libGL.so.1", "libgl1"),
];

/// Installs what lacks, for pictures that must look the same everywhere.
///
/// # Errors
/// What to type, where it cannot be installed.
pub(crate) fn install_what_lacks() -> Result<(), String> {
    apt::install_what_lacks(&PACKAGES, "what screens are drawn with")
}

/// Installs what lacks, for a window that somebody looks at: with some font it opens, and says
/// which packages the other languages need.
///
/// # Errors
/// What to type, where there is no font at all: nothing can be drawn then.
pub(crate) fn install_what_can_be() -> Result<(), String> {
    match install_what_lacks() {
        Err(why) if any() => {
            say(&format!("some languages will show as empty boxes: {why}"));
            Ok(())
        }
        other => other,
    }
}

/// Whether there is a font at all.
fn any() -> bool {
    output(&mut program("fc-list")).is_some_and(|list| !list.trim().is_empty())
}
