//! Makes the Kotlin and Swift sources out of a library with bindgen. They are never committed.

use super::{Flavor, silence, visibility};
use crate::files::{At, below, mirror, write};
use crate::folders::{cache, root};
use crate::shell::{cargo, program, say, succeeds};
use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// The bindgen program, which is built once into the cache.
///
/// # Errors
/// Where it does not build.
pub(crate) fn bindgen() -> Result<PathBuf, String> {
    let folder = cache().join("bindgen");
    let program = folder.join("debug").join("vidimus-bindgen");
    if !program.exists() {
        say("building bindgen, once: a minute or two");
    }
    let mut build = cargo("build --quiet --locked");
    build.args([
        "--manifest-path",
        "bindings/bindgen/Cargo.toml",
        "--target-dir",
    ]);
    if succeeds(build.arg(&folder)) {
        Ok(program)
    } else {
        Err("bindings/bindgen does not build".to_owned())
    }
}

/// What everything made from a library depends on, in a short text.
///
/// # Errors
/// What cannot be read.
pub(crate) fn state(library: &Path) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    let bindgen = root().join("bindings/bindgen");
    let lock = bindgen.join("Cargo.lock");
    let statuses = bindgen.join("src/statuses.rs");
    for file in [library, &config(), &lock, &statuses] {
        let bytes = fs::read(file).at(file)?;
        bytes.hash(&mut hasher);
    }
    // What is changed in the sources afterwards.
    include_str!("generate.rs").hash(&mut hasher);
    // One target folder may serve several clones, each with its own generated sources.
    root().hash(&mut hasher);
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// Whether both languages' sources are there.
pub(crate) fn is_there(flavor: Flavor) -> bool {
    let has = |folder: PathBuf| below(&folder).is_ok_and(|files| !files.is_empty());
    has(kotlin(flavor)) && has(swift(flavor).join("VidimusCore"))
}

/// Makes the sources of both languages.
///
/// # Errors
/// What failed.
pub(crate) fn both_languages(bindgen: &Path, library: &Path, flavor: Flavor) -> Result<(), String> {
    let made = flavor.library_folder().join("made");
    generate(bindgen, library, "kotlin", &made)?;
    silence_kotlin(&made.join("kotlin"))
        .and_then(|()| mirror(&made.join("kotlin"), &kotlin(flavor)))
        .map_err(|error| format!("the generated Kotlin cannot be placed: {error}"))?;
    swift_alone(bindgen, library, flavor)
}

/// Makes the Swift sources and the C headers, of a library for any machine.
///
/// # Errors
/// What failed.
pub(crate) fn swift_alone(bindgen: &Path, library: &Path, flavor: Flavor) -> Result<(), String> {
    let made = flavor.library_folder().join("made");
    generate(bindgen, library, "swift", &made)?;
    let (swift_made, sorted) = (made.join("swift"), made.join("sorted"));
    // What an earlier run left there must not be taken for new.
    let _ = fs::remove_dir_all(&sorted);
    silence_swift(&swift_made)
        .and_then(|()| sort_swift(&swift_made, &sorted))
        .and_then(|()| mirror(&sorted, &swift(flavor)))
        .map_err(|error| format!("the generated Swift cannot be placed: {error}"))
}

fn generate(bindgen: &Path, library: &Path, language: &str, made: &Path) -> Result<(), String> {
    let to = made.join(language);
    // What an earlier run left there must not be taken for new.
    let _ = fs::remove_dir_all(&to);
    let mut command = program(bindgen);
    command.args(["generate", "--no-format", "--language", language]);
    command.arg("--config").arg(config());
    command.arg("--out-dir").arg(to).arg(library);
    if succeeds(&mut command) {
        Ok(())
    } else {
        Err(format!("bindgen makes no {language}"))
    }
}

/// The values of the driver's app print nothing, where it is inside; and values alone are public.
fn silence_kotlin(made: &Path) -> std::io::Result<()> {
    let app = made.join("org/vidimus/app/vidimus_app.kt");
    if app.exists() {
        let source = fs::read_to_string(&app)?;
        fs::write(&app, visibility::kotlin(&silence::kotlin(&source)))?;
    }
    let wallet = made.join("org/vidimus/vidimus_ffi.kt");
    let source = fs::read_to_string(&wallet)?;
    // In a variant bindgen 0.32 looks for a type of another package in its own.
    let source = source.replace("org.vidimus.Instant", "Instant");
    fs::write(&wallet, visibility::kotlin(&source))
}

/// As [`silence_kotlin`].
fn silence_swift(made: &Path) -> std::io::Result<()> {
    let app = made.join("VidimusAppCore.swift");
    if app.exists() {
        let source = fs::read_to_string(&app)?;
        fs::write(
            made.join("VidimusAppSilence.swift"),
            silence::swift(&source),
        )?;
    }
    Ok(())
}

/// Swift's sources in one folder, the C headers in another, beside a module map of ours: bindgen's
/// own is for Apple's linker, and has one header.
fn sort_swift(made: &Path, to: &Path) -> std::io::Result<()> {
    let module = to.join("CVidimusFFI");
    let mut headers = Vec::new();
    for file in below(made)? {
        let bytes = fs::read(made.join(&file))?;
        match file.extension().and_then(OsStr::to_str) {
            Some("swift") => write(&to.join("VidimusCore").join(&file), &bytes)?,
            Some("h") => {
                write(&module.join(&file), &bytes)?;
                headers.push(file);
            }
            _ => {}
        }
    }
    headers.sort();
    write(
        &module.join("module.modulemap"),
        module_map(&headers).as_bytes(),
    )
}

/// One module for all crates: the types that they share are the same type then.
fn module_map(headers: &[PathBuf]) -> String {
    let headers: String = headers
        .iter()
        .map(|header| format!("    header \"{}\"\n", header.display()))
        .collect();
    format!("module VidimusFFI {{\n{headers}    link \"vidimus_ffi\"\n    export *\n}}\n")
}

fn config() -> PathBuf {
    root().join("uniffi.toml")
}

fn kotlin(flavor: Flavor) -> PathBuf {
    root().join("bindings/kotlin/generated").join(flavor.name())
}

fn swift(flavor: Flavor) -> PathBuf {
    root().join("bindings/swift/Generated").join(flavor.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_map_names_each_header_and_the_library() {
        let map = module_map(&["VidimusAppFFI.h", "VidimusFFI.h"].map(PathBuf::from));
        assert!(
            map.starts_with(
                "module VidimusFFI {\n    header \"VidimusAppFFI.h\"\n    header \"VidimusFFI.h\"\n"
            ),
            "{map}"
        );
        assert!(map.contains("link \"vidimus_ffi\""), "{map}");
    }
}
