//! Where things stand: the workspace, cargo's target folder, and what is kept between runs.

use crate::shell::{cargo, output};
pub(crate) use crate::workspace::root;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Cargo's target folder, wherever it was put.
pub(crate) fn target() -> PathBuf {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    TARGET
        .get_or_init(|| {
            output(&mut cargo(
                "metadata --no-deps --offline --format-version=1",
            ))
            .and_then(|json| target_of(&json))
            .unwrap_or_else(|| root().join("target"))
        })
        .clone()
}

/// What is heavy to get and stays good: tools, the Debian 13 root, bindgen. `.cache` of the
/// workspace, or what `VIDIMUS_CACHE` names, so that several clones share one.
pub(crate) fn cache() -> PathBuf {
    match std::env::var_os("VIDIMUS_CACHE") {
        Some(folder) if !folder.is_empty() => root().join(folder),
        _ => root().join(".cache"),
    }
}

/// The target folder out of `cargo metadata`'s answer.
fn target_of(json: &str) -> Option<PathBuf> {
    let metadata: serde_json::Value = serde_json::from_str(json).ok()?;
    Some(PathBuf::from(metadata.get("target_directory")?.as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_is_the_one_that_cargo_names() {
        let json = r#"{"packages":[],"target_directory":"/builds/vidimus","version":1}"#;
        assert_eq!(target_of(json), Some(PathBuf::from("/builds/vidimus")));
        assert_eq!(target_of("{}"), None);
    }

    #[test]
    fn the_target_folder_of_this_very_build_is_found() {
        let test = std::env::current_exe().unwrap();
        assert!(test.starts_with(target()), "{test:?} {:?}", target());
    }
}
