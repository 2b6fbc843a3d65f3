//! The library for the other languages, in its flavours, and the Kotlin and Swift made from it.

mod docs;
mod generate;
pub(crate) mod library;
mod silence;
pub(crate) mod size;
mod visibility;

use crate::folders::{root, target};
use crate::shell::{said, say};
use std::path::PathBuf;

/// What a library is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// What apps get: small, stripped.
    Ship,
    /// What apps get that have screens of their own: the same without the driver's app.
    Wallet,
    /// What tests get: quick to build, with the feature `contract`.
    Contract,
}

impl Flavour {
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

/// The folder that holds a folder for each flavour.
pub(crate) fn libraries() -> PathBuf {
    target().join("ffi")
}

/// `cargo xtask bindings [ship|wallet|contract]`. It makes the apps' texts too: what needs the one
/// needs the other.
pub(crate) fn command(flavours: &[Flavour]) -> bool {
    crate::texts::command()
        && flavours
            .iter()
            .all(|flavour| said(make(*flavour)).is_some_and(|()| comments_are_good(*flavour)))
}

/// `cargo xtask bindings swift LIBRARY`: the Swift sources of what ships, from a library that is
/// built already, for any machine. `ios/build-xcframework.sh` calls it on a Mac.
pub(crate) fn swift_of(library: &str) -> bool {
    let made = generate::bindgen()
        .and_then(|bindgen| generate::swift_alone(&bindgen, &root().join(library), Flavour::Ship));
    said(made).is_some()
}

/// Whether everything that a flavour, which is made already, exports has a comment that reads well.
pub(crate) fn comments_are_good(flavour: Flavour) -> bool {
    let library = library::built(flavour);
    let checked = generate::bindgen().and_then(|bindgen| docs::check(&bindgen, &library));
    said(checked).is_some()
}

/// Builds a library and, where it is another than the last one, makes everything that hangs on it.
///
/// # Errors
/// What went wrong, in a line or a few.
pub(crate) fn make(flavour: Flavour) -> Result<(), String> {
    let built = library::build(flavour)?;
    let stamp = flavour.library_folder().join("stamp");
    let state = generate::state(&built)?;
    if generate::is_there(flavour) && std::fs::read_to_string(&stamp).is_ok_and(|was| was == state)
    {
        return Ok(());
    }
    // Half of a run must not pass for a whole one.
    let _ = std::fs::remove_file(&stamp);
    let bindgen = generate::bindgen()?;
    library::place(flavour, &built)?;
    generate::both_languages(&bindgen, &built, flavour)?;
    std::fs::write(&stamp, state).map_err(|error| format!("{}: {error}", stamp.display()))?;
    let folder = flavour.library_folder();
    let folder = folder.strip_prefix(root()).unwrap_or(&folder);
    say(&format!(
        "the {} library stands in {}",
        flavour.name(),
        folder.display()
    ));
    Ok(())
}
