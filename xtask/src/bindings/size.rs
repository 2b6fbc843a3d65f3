//! How large the library is that apps carry: beside its limit, and beside what was recorded.

use super::library::{FILE, WITHOUT_APP as WITHOUT_THE_APP, build_to_ship, strip, to_ship};
use super::{Flavor, libraries, make};
use crate::files::At;
use crate::folders::root;
use crate::shell::{program, said, say};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// The file that records the sizes.
const RECORD: &str = "bindings/size.json";

/// The target of the library that tests and back offices load.
const HERE: &str = "x86_64-unknown-linux-gnu";

/// By how much a library may grow before the growth must be recorded.
const GROWTH_PERCENT: u64 = 3;

/// Exports of the feature `contract`, as their symbols end. None may ship.
const FOR_TESTS_ALONE: [&str; 6] = [
    "_check_key_store_contract",
    "_live_objects",
    "_memory_key_store",
    "_provoke_async_panic",
    "_provoke_panic",
    "_verifier_ask_with",
];

/// A way to build what ships.
struct Build {
    /// Its name in the record.
    name: &'static str,
    what: &'static str,
    features: &'static [&'static str],
    /// The most that it may have, in bytes.
    limit: u64,
}

const WITH_HTTP: Build = Build {
    name: "http",
    what: "with HTTP in Rust",
    features: &[],
    limit: 4_000_000,
};
const WITHOUT_APP: Build = Build {
    name: "without_app",
    what: "with HTTP in Rust, without the driver's app",
    features: &WITHOUT_THE_APP,
    limit: 4_000_000,
};
const WITHOUT_HTTP: Build = Build {
    name: "without_http",
    what: "with the app's own HTTP, without the driver's app",
    features: &["--no-default-features"],
    limit: 2_000_000,
};

/// A stripped library's size in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    bytes: u64,
    /// What a store's download takes.
    gzip: u64,
}

/// `cargo xtask size [--record]`.
pub(crate) fn command(record: bool) -> bool {
    said(measure(record)).unwrap_or(false)
}

/// Checks the library that ships alone, which the tests have built anyway.
pub(crate) fn check_what_ships() -> bool {
    let library = Flavor::Ship.library_folder().join(FILE);
    let checked = make(Flavor::Ship).and_then(|()| check(&WITH_HTTP, &library, &recorded()));
    said(checked).unwrap_or(false)
}

fn measure(record: bool) -> Result<bool, String> {
    let folder = libraries().join("size");
    fs::create_dir_all(&folder).at(&folder)?;
    let mut stripped: Vec<(&Build, PathBuf)> = Vec::new();
    // What ships comes last: then it is what cargo leaves in its folder.
    for build in [&WITHOUT_HTTP, &WITHOUT_APP, &WITH_HTTP] {
        say(&format!("building the library {}", build.what));
        let library = folder.join(format!("{}.so", build.name));
        strip(&to_ship(&build_to_ship(build.features)?), &library)?;
        stripped.push((build, library));
    }
    stripped.reverse();
    if record {
        let sizes: Vec<(&str, Size)> = stripped
            .iter()
            .map(|(build, library)| Ok((build.name, size(library)?)))
            .collect::<Result<_, String>>()?;
        write_record(HERE, &sizes)?;
    }
    let recorded = recorded();
    let mut good = true;
    for (build, library) in &stripped {
        good &= check(build, library, &recorded)?;
    }
    Ok(good)
}

/// Prints a line about a library for a phone, with HTTP in Rust, and says whether it has kept its
/// size.
///
/// # Errors
/// What cannot be read.
pub(crate) fn check_for_phone(target: &str, library: &Path) -> Result<bool, String> {
    let size = size(library)?;
    let before = bytes_of(&recorded(), target, WITH_HTTP.name);
    println!(
        "        {:5.2} MB  the library for {target}: {} bytes, {} gzipped; recorded: {}",
        megabytes(size.bytes),
        size.bytes,
        size.gzip,
        before.map_or("nothing".to_owned(), |before| before.to_string()),
    );
    let grown = before.is_none_or(|before| has_grown(size.bytes, before));
    if grown {
        say(&format!(
            "{RECORD} records less, by more than {GROWTH_PERCENT} %: make it smaller, or type: cargo xtask cross-check --record"
        ));
    }
    Ok(!grown)
}

/// Writes the size of a library for a phone into the record.
///
/// # Errors
/// What cannot be read or written.
pub(crate) fn record_for_phone(target: &str, library: &Path) -> Result<(), String> {
    write_record(target, &[(WITH_HTTP.name, size(library)?)])
}

/// The name of a package's size in the record.
const PACKAGE: &str = "package";

/// Writes the size of a package, an APK, into the record.
///
/// # Errors
/// What cannot be read or written.
pub(crate) fn record_package(package: &Path) -> Result<(), String> {
    write_record(&file_name(package), &[(PACKAGE, size(package)?)])
}

/// Whether a package, an APK, has kept its recorded size.
///
/// # Errors
/// What cannot be read; where it has grown, what to do.
pub(crate) fn check_package(package: &Path) -> Result<(), String> {
    let (name, size) = (file_name(package), size(package)?);
    let before = bytes_of(&recorded(), &name, PACKAGE);
    let said = before.map_or("nothing".to_owned(), |before| before.to_string());
    let bytes = size.bytes;
    say(&format!("{name}: {bytes} bytes; recorded: {said}"));
    if before.is_some_and(|before| !has_grown(bytes, before)) {
        return Ok(());
    }
    Err(format!(
        "{RECORD} records less of {name}, by more than {GROWTH_PERCENT} %: make it smaller, or type: cargo xtask apk --record"
    ))
}

fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Prints a line about one library and says whether it has kept its size and is free of what tests
/// need.
fn check(build: &Build, library: &Path, recorded: &str) -> Result<bool, String> {
    let size = size(library)?;
    let before = bytes_of(recorded, HERE, build.name);
    let grown = before.is_none_or(|before| has_grown(size.bytes, before));
    let met = size.bytes <= build.limit;
    println!(
        "{}  {:5.2} of at most {:.2} MB  the library {}: {} bytes, {} gzipped; recorded: {}",
        if met { "met   " } else { "MISSED" },
        megabytes(size.bytes),
        megabytes(build.limit),
        build.what,
        size.bytes,
        size.gzip,
        before.map_or("nothing".to_owned(), |before| before.to_string()),
    );
    if grown {
        say(&format!(
            "{RECORD} records less, by more than {GROWTH_PERCENT} %: make it smaller, or type: cargo xtask size --record"
        ));
    }
    let foreign = symbols_for_tests(library)?;
    if !foreign.is_empty() {
        say(&format!(
            "what ships exports what only tests need: {}",
            foreign.join(", ")
        ));
    }
    let for_tests = Flavor::Contract.library_folder().join(FILE);
    if for_tests.exists() && symbols_for_tests(&for_tests)?.len() < FOR_TESTS_ALONE.len() {
        return Err("the library for tests lacks an export that size.rs looks for".to_owned());
    }
    // A limit that is missed is named, above and in docs/performance.md; what fails is what got
    // worse.
    Ok(!grown && foreign.is_empty())
}

/// The names of test-only exports that stand in a library.
fn symbols_for_tests(library: &Path) -> Result<Vec<&'static str>, String> {
    let bytes = fs::read(library).at(library)?;
    let stands = |name: &&str| {
        bytes
            .windows(name.len())
            .any(|window| window == name.as_bytes())
    };
    Ok(FOR_TESTS_ALONE.into_iter().filter(stands).collect())
}

fn size(library: &Path) -> Result<Size, String> {
    let bytes = fs::metadata(library).at(library)?.len();
    let packed = program("gzip")
        .args(["-9", "--no-name", "--stdout"])
        .arg(library)
        .output();
    let packed = packed.map_err(|_| "gzip is not here; type: sudo apt-get install --yes gzip")?;
    let gzip = packed.stdout.len().try_into().unwrap_or(u64::MAX);
    Ok(Size { bytes, gzip })
}

fn recorded() -> String {
    fs::read_to_string(root().join(RECORD)).unwrap_or_default()
}

fn has_grown(bytes: u64, before: u64) -> bool {
    bytes * 100 > before * (100 + GROWTH_PERCENT)
}

/// For a person: rounded up, so that a limit never looks met that is not.
fn megabytes(bytes: u64) -> f64 {
    let hundredths = u32::try_from(bytes.div_ceil(10_000)).unwrap_or(u32::MAX);
    f64::from(hundredths) / 100.0
}

/// Puts the sizes for one target into the record, and leaves the other targets'.
fn write_record(target: &str, sizes: &[(&str, Size)]) -> Result<(), String> {
    let file = root().join(RECORD);
    let record = with(&recorded(), target, sizes);
    fs::write(&file, record).at(&file)
}

/// A record with the sizes for one target instead of those it had, and the other targets' as
/// before.
fn with(record: &str, target: &str, sizes: &[(&str, Size)]) -> String {
    let mut record: serde_json::Value = serde_json::from_str(record).unwrap_or_else(|_| json!({}));
    let of = |(name, Size { bytes, gzip }): &(&str, Size)| {
        ((*name).to_owned(), json!({ "bytes": bytes, "gzip": gzip }))
    };
    if let Some(targets) = record.as_object_mut() {
        let sizes = sizes.iter().map(of).collect::<serde_json::Map<_, _>>();
        targets.insert(target.to_owned(), sizes.into());
    }
    format!("{record:#}\n")
}

/// What the record says of one build for one target.
fn bytes_of(record: &str, target: &str, name: &str) -> Option<u64> {
    let record: serde_json::Value = serde_json::from_str(record).ok()?;
    record.get(target)?.get(name)?.get("bytes")?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_read_back() {
        let sizes = [
            (
                "http",
                Size {
                    bytes: 3_561_234,
                    gzip: 1_700_000,
                },
            ),
            (
                "without_http",
                Size {
                    bytes: 1_800_000,
                    gzip: 900_000,
                },
            ),
        ];
        let record = with("", HERE, &sizes);
        assert_eq!(bytes_of(&record, HERE, "http"), Some(3_561_234));
        assert_eq!(bytes_of(&record, HERE, "without_http"), Some(1_800_000));
        assert_eq!(bytes_of(&record, "aarch64-linux-android", "http"), None);
        assert_eq!(bytes_of("", HERE, "http"), None);
    }

    #[test]
    fn a_target_that_is_recorded_leaves_the_others() {
        let of = |bytes| [("http", Size { bytes, gzip: 1 })];
        let one = with("", HERE, &of(10));
        let two = with(&one, "aarch64-linux-android", &of(20));
        assert_eq!(bytes_of(&two, HERE, "http"), Some(10));
        assert_eq!(bytes_of(&two, "aarch64-linux-android", "http"), Some(20));
        assert_eq!(with(&two, HERE, &of(10)), two);
        let again = with(&two, HERE, &of(30));
        assert_eq!(bytes_of(&again, HERE, "http"), Some(30));
        assert_eq!(bytes_of(&again, "aarch64-linux-android", "http"), Some(20));
    }

    #[test]
    fn three_percent_is_no_growth_and_a_byte_more_is() {
        assert!(!has_grown(1_030_000, 1_000_000));
        assert!(has_grown(1_030_001, 1_000_000));
        assert!(!has_grown(10, 1_000_000));
    }

    #[test]
    fn a_size_just_over_its_limit_does_not_look_like_it() {
        assert!((megabytes(4_000_001) - 4.01).abs() < 1e-9);
        assert!((megabytes(4_000_000) - 4.0).abs() < 1e-9);
    }
}
