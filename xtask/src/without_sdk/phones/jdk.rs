//! The JDK that Robolectric needs: newer than the one that Maven runs on.

use std::fs;
use std::path::{Path, PathBuf};

/// The oldest that runs Android's framework classes, which are Java 21's.
const OLDEST: u32 = 21;

/// The folder of a JDK that is new enough, where Linux systems keep them or where `JDK_HOME` says.
///
/// # Errors
/// What to install, in a line.
pub(super) fn find() -> Result<PathBuf, String> {
    let named = ["JDK_HOME", "JAVA_HOME"].into_iter();
    let named = named.filter_map(std::env::var_os).map(PathBuf::from);
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/jvm")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    installed.sort();
    named
        .chain(installed)
        .find(|folder| is_new_enough(folder))
        .ok_or_else(|| {
            format!(
                "Robolectric needs a JDK {OLDEST} or newer; install one (openjdk-{OLDEST}-jdk-headless, or Temurin's from https://adoptium.net) below /usr/lib/jvm, or let JDK_HOME name its folder"
            )
        })
}

fn is_new_enough(folder: &Path) -> bool {
    let release = fs::read_to_string(folder.join("release")).unwrap_or_default();
    folder.join("bin/java").exists() && major(&release) >= Some(OLDEST)
}

/// The major version out of a JDK's file `release`.
fn major(release: &str) -> Option<u32> {
    let (_, version) = release.split_once("JAVA_VERSION=\"")?;
    version.split(['.', '"', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_where_a_jdk_says_it() {
        assert_eq!(
            major("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.1\"\n"),
            Some(25)
        );
        assert_eq!(major("JAVA_VERSION=\"21\"\n"), Some(21));
        assert_eq!(major("JAVA_VERSION=\"1.8.0_372\"\n"), Some(1));
        assert_eq!(major(""), None);
    }
}
