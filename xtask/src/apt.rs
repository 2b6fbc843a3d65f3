//! Debian's packages, where we run as root on a system that has them.

use crate::shell::{output, program, say, succeeds, succeeds_silently};
use std::path::Path;
use std::process::Stdio;

/// Installs packages, saying first how much that downloads.
///
/// # Errors
/// Why not, and what to type, in a line.
pub(crate) fn install(packages: &[&str], what: &str) -> Result<(), String> {
    let list = packages.join(" ");
    let to_type = format!("sudo apt-get install --yes --no-install-recommends {list}");
    if !available() {
        return Err(format!("{what} is not here; type: {to_type}"));
    }
    // Stale lists are no reason to stop: the package may be in them.
    apt(&["update", "--quiet=2"]);
    let mut arguments = vec!["install", "--quiet=2", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    let uris = output(program("apt-get").arg("--print-uris").args(&arguments));
    let size = megabytes(&uris.unwrap_or_default());
    say(&format!(
        "{what}: installing {list} with apt-get, {size} MB to download"
    ));
    if apt(&arguments) {
        Ok(())
    } else {
        Err(format!("apt-get could not install {list}; type: {to_type}"))
    }
}

/// Installs the packages of which a file that tells it is not here. `packages` has file and
/// package, pair by pair.
///
/// # Errors
/// As [`install`].
pub(crate) fn install_what_lacks(packages: &[(&str, &str)], what: &str) -> Result<(), String> {
    let lacking: Vec<&str> = packages
        .iter()
        .filter(|(file, _)| !Path::new(file).exists())
        .map(|(_, package)| *package)
        .collect();
    if lacking.is_empty() {
        Ok(())
    } else {
        install(&lacking, what)
    }
}

/// Whether this is a Debian-like system whose administrator we are.
pub(crate) fn available() -> bool {
    let root = output(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    root && succeeds_silently(program("apt-get").arg("--version"))
}

fn apt(arguments: &[&str]) -> bool {
    let mut apt = program("apt-get");
    // What it unpacks is of no interest; what goes wrong comes on stderr.
    apt.env("DEBIAN_FRONTEND", "noninteractive")
        .args(arguments)
        .stdout(Stdio::null());
    succeeds(&mut apt)
}

/// The sum of the sizes in `apt-get --print-uris`, a line `'URL' FILE BYTES HASH` each.
fn megabytes(uris: &str) -> u64 {
    let sizes = uris
        .lines()
        .filter_map(|line| line.split(' ').nth(2)?.parse::<u64>().ok());
    sizes.sum::<u64>().div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_of_all_packages_are_added_up() {
        let uris = "'http://deb.debian.org/m.deb' maven_3.8.7-1_all.deb 18000 MD5Sum:00\n\
            'http://deb.debian.org/j.deb' openjdk-17_amd64.deb 240000000 SHA256:00\n";
        assert_eq!(megabytes(uris), 241);
        assert_eq!(megabytes(""), 0);
    }
}
