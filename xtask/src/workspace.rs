//! The folder that holds the workspace.

use std::path::PathBuf;

/// The folder that holds the workspace.
///
/// Cargo tells it to the program that it runs, so that one which was built in another clone does
/// not work in that clone's tree. A test program that is started by hand knows where it was built.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().unwrap_or(&here).to_path_buf()
}
