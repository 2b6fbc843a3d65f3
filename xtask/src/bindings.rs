//! The library for the other languages, in its flavors, and the Kotlin and Swift made from it.

mod docs;
mod generate;
pub(crate) mod library;
mod silence;
pub(crate) mod size;
mod visibility;

use crate::files::At;
use crate::folders::{root, target};
use crate::shell::{said, say};
use std::path::PathBuf;

/// What a library is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    /// What apps get: small, stripped.
    Ship,
    /// What apps get that have screens of their own: the same without the driver's app.
    Wallet,
    /// What tests get: quick to build, with the feature `contract`.
    Contract,
}

impl Flavor {
    /// Those that the project's own apps and tests take.
    pub(crate) const OURS: [Self; 2] = [Self::Contract, Self::Ship];

    /// Its name, which is that of its folders too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ship => "ship",
            Self::Wallet => "wallet",
            Self::Contract => "contract",
        }
    }

    /// The folder of its library and of nothing else that a linker could take.
    pub(crate) fn library_folder(self) -> PathBuf {
        libraries().join(self.name())
    }
}

/// The folder that holds a folder for each flavor.
pub(crate) fn libraries() -> PathBuf {
    target().join("ffi")
}

/// `cargo xtask bindings [ship|wallet|contract]`. It makes the apps' texts too: what needs the one
/// needs the other.
pub(crate) fn command(flavors: &[Flavor]) -> bool {
    crate::texts::command()
        && flavors
            .iter()
            .all(|flavor| said(make(*flavor)).is_some_and(|()| comments_are_good(*flavor)))
}

/// `cargo xtask bindings swift LIBRARY`: the Swift sources of what ships, from a library that is
/// built already, for any machine. `ios/build-xcframework.sh` calls it on a Mac.
pub(crate) fn swift_of(library: &str) -> bool {
    let made = generate::bindgen()
        .and_then(|bindgen| generate::swift_alone(&bindgen, &root().join(library), Flavor::Ship));
    said(made).is_some()
}

/// Whether everything that a flavor, which is made already, exports has a comment that reads well.
pub(crate) fn comments_are_good(flavor: Flavor) -> bool {
    let library = library::built(flavor);
    let checked = generate::bindgen().and_then(|bindgen| docs::check(&bindgen, &library));
    said(checked).is_some()
}

/// Builds a library and, where it is another than the last one, makes everything that hangs on it.
///
/// # Errors
/// What went wrong, in a line or a few.
pub(crate) fn make(flavor: Flavor) -> Result<(), String> {
    let built = library::build(flavor)?;
    let stamp = flavor.library_folder().join("stamp");
    let state = generate::state(&built)?;
    if generate::is_there(flavor) && std::fs::read_to_string(&stamp).is_ok_and(|was| was == state) {
        return Ok(());
    }
    // Half of a run must not pass for a whole one.
    let _ = std::fs::remove_file(&stamp);
    let bindgen = generate::bindgen()?;
    library::place(flavor, &built)?;
    generate::both_languages(&bindgen, &built, flavor)?;
    std::fs::write(&stamp, state).at(&stamp)?;
    let folder = flavor.library_folder();
    let folder = folder.strip_prefix(root()).unwrap_or(&folder);
    say(&format!(
        "the {} library is in {}",
        flavor.name(),
        folder.display()
    ));
    Ok(())
}
