//! What Gradle would say of the versions in its catalog, were it here: Maven takes a library
//! without looking at what that asks for.

use crate::folders::root;
use std::fs;
use std::path::{Path, PathBuf};

/// The catalog of Gradle's build.
const CATALOG: &str = "android/gradle/libs.versions.toml";

/// Where Maven unpacks what an app takes of androidx.
const UNPACKED: &str = "android/androidx/app/target/contract/unpacked";

/// In an unpacked library: what it asks of those who build with it.
const METADATA: &str = "META-INF/com/android/build/gradle/aar-metadata.properties";

/// Holds the catalog against the libraries that Maven has just unpacked.
///
/// # Errors
/// Names each library that Gradle would refuse, and why.
pub(super) fn check() -> Result<(), String> {
    let catalog = read(&root().join(CATALOG))?;
    let mut libraries = Vec::new();
    for folder in folders(&root().join(UNPACKED))? {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let metadata = folder.join(METADATA);
        // Old libraries have none, and ask for nothing.
        if metadata.exists() {
            libraries.push((name, read(&metadata)?));
        }
    }
    if libraries.is_empty() {
        return Err(format!(
            "{UNPACKED} has no library that says what it asks for"
        ));
    }
    let faults = faults(&catalog, &libraries)?;
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

/// Where a library, given by name and metadata, asks for more than the catalog has.
fn faults(catalog: &str, libraries: &[(String, String)]) -> Result<Vec<String>, String> {
    let sdk: u32 = number(value(catalog, "sdk-compile")?)?;
    let plugin = version(value(catalog, "agp")?)?;
    let mut faults = Vec::new();
    for (name, metadata) in libraries {
        if let Ok(least) = value(metadata, "minCompileSdk")
            && number(least)? > sdk
        {
            faults.push(format!(
                "{name} asks for compileSdk {least}, {CATALOG} has {sdk}"
            ));
        }
        if let Ok(least) = value(metadata, "minAndroidGradlePluginVersion")
            && version(least)? > plugin
        {
            faults.push(format!(
                "{name} asks for an Android plugin {least}, {CATALOG} has an older one"
            ));
        }
    }
    Ok(faults)
}

/// What a line `key = "value"` of a catalog or `key=value` of properties says.
fn value<'text>(text: &'text str, key: &str) -> Result<&'text str, String> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == key)
        .map(|(_, value)| value.trim().trim_matches('"'))
        .ok_or_else(|| format!("{key} is said nowhere"))
}

/// `9.1.1`, to be compared.
fn version(text: &str) -> Result<Vec<u32>, String> {
    text.split('.').map(number).collect()
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

fn folders(parent: &Path) -> Result<Vec<PathBuf>, String> {
    let told = |error| format!("{}: {error}", shown(parent));
    let entries = fs::read_dir(parent).map_err(told)?;
    let mut folders = Vec::new();
    for entry in entries {
        folders.push(entry.map_err(told)?.path());
    }
    folders.sort();
    Ok(folders)
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", shown(file)))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBRARY: &str =
        "aarFormatVersion=1.0\nminCompileSdk=37\nminAndroidGradlePluginVersion=9.1.0\n";

    fn told(sdk: &str, agp: &str) -> Vec<String> {
        let catalog = format!("[versions]\nsdk-compile = \"{sdk}\"\nagp = \"{agp}\"\n");
        faults(&catalog, &[("ui-android".to_owned(), LIBRARY.to_owned())]).unwrap()
    }

    #[test]
    fn a_library_that_asks_for_more_than_the_catalog_has_is_named() {
        assert_eq!(told("37", "9.1.0"), Vec::<String>::new());
        assert_eq!(told("38", "10.0.0"), Vec::<String>::new());
        assert_eq!(
            told("36", "9.0.1"),
            [
                "ui-android asks for compileSdk 37, android/gradle/libs.versions.toml has 36",
                "ui-android asks for an Android plugin 9.1.0, android/gradle/libs.versions.toml has an older one",
            ]
        );
    }

    /// The value of a property of a pom.
    fn property(pom: &str, name: &str) -> String {
        let (_, rest) = pom.split_once(&format!("<{name}>")).unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    }

    #[test]
    fn both_builds_take_the_same_versions() {
        let catalog = read(&root().join(CATALOG)).unwrap();
        for (pom, names) in [
            (
                "bindings/kotlin/pom.xml",
                &[
                    ("kotlin", "kotlin"),
                    ("coroutines", "coroutines"),
                    ("jna", "jna"),
                    ("zxing", "zxing"),
                ][..],
            ),
            ("android/pom.xml", &[("work", "work")]),
            (
                "android/androidx/app/pom.xml",
                &[
                    ("compose", "compose-android"),
                    ("activity", "activity"),
                    ("lifecycle", "lifecycle-app"),
                ],
            ),
        ] {
            let text = read(&root().join(pom)).unwrap();
            for (ours, theirs) in names {
                assert_eq!(
                    value(&catalog, ours),
                    Ok(property(&text, &format!("{theirs}.version")).as_str()),
                    "{ours} of the catalog, {theirs}.version of {pom}"
                );
            }
        }
    }
}
