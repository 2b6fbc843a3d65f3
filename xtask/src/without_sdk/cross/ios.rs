//! The static libraries for iPhone and simulator, and the XCFramework that holds both.

use super::cargo::{Effort, build, folder};
use super::targets::{IPHONE, IPHONE_SIMULATOR, System, Target};
use super::toolchain::{Clang, Rust};
use super::{Step, macho};
use crate::bindings::{self, Flavor};
use crate::files::At;
use crate::folders::root;
use crate::shell::{output, program, say, succeeds};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the Swift package looks for it. `cargo xtask bindings` empties that folder when the
/// library has changed: an old framework must not stand beside new sources.
const FRAMEWORK: &str = "bindings/swift/Generated/ship/VidimusFFI.xcframework";

/// The C header that UniFFI made, with its module map.
const HEADERS: &str = "bindings/swift/Generated/ship/CVidimusFFI";

/// What the framework's Info.plist must say of its libraries, as `xtask/cross/framework.py` reads
/// it.
const LIBRARIES: [&str; 2] = [
    "ios-arm64 libvidimus_ffi.a Headers ios device arm64",
    "ios-arm64-simulator libvidimus_ffi.a Headers ios simulator arm64",
];

/// Builds both static libraries, puts them into the framework by the script that a Mac uses too,
/// and looks at it.
///
/// # Errors
/// Where something does not build, or a tool does not run.
pub(super) fn framework(rust: &Rust, clang: &Clang, effort: Effort) -> Result<Vec<Step>, String> {
    bindings::make(Flavor::Ship)?;
    let device = static_library(rust, clang, &IPHONE, effort)?;
    let simulator = static_library(rust, clang, &IPHONE_SIMULATOR, effort)?;
    let mut assemble = program(root().join("ios/build-xcframework.sh"));
    if !succeeds(assemble.arg(&device).arg(&simulator)) {
        return Err("ios/build-xcframework.sh makes no framework".to_owned());
    }
    let mut steps = vec![info_plist()?];
    for target in [&IPHONE, &IPHONE_SIMULATOR] {
        steps.extend(look(clang, target)?);
    }
    Ok(steps)
}

fn static_library(
    rust: &Rust,
    clang: &Clang,
    target: &Target,
    effort: Effort,
) -> Result<PathBuf, String> {
    say(&format!(
        "building the static library for {}",
        target.triple
    ));
    if !succeeds(&mut build(rust, clang, target, "staticlib", effort)) {
        return Err(format!(
            "the static library does not build for {}",
            target.triple
        ));
    }
    Ok(folder().join(target.triple).join("ffi/libvidimus_ffi.a"))
}

/// Whether the framework's list names both libraries, each for its system.
fn info_plist() -> Result<Step, String> {
    let mut read = program("python3");
    read.arg("xtask/cross/framework.py")
        .arg(format!("{FRAMEWORK}/Info.plist"));
    let named = output(&mut read).ok_or("the framework's Info.plist cannot be read")?;
    let good = names_both(&named);
    if !good {
        say(&format!("the framework's Info.plist names: {named}"));
    }
    Ok(("Info.plist names both libraries".to_owned(), good))
}

fn names_both(lines: &str) -> bool {
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable();
    lines == LIBRARIES
}

/// Whether a library in the framework is of its platform and has what the header beside it
/// declares.
fn look(clang: &Clang, target: &Target) -> Result<Vec<Step>, String> {
    let System::Ios { folder, platform } = target.system else {
        return Err(format!("{} is not iOS", target.triple));
    };
    let library = root().join(FRAMEWORK).join(folder).join("libvidimus_ffi.a");
    let headers = library.with_file_name("Headers");
    let bytes = fs::metadata(&library).at(&library)?;
    say(&format!(
        "{}: {} bytes, before Apple's linker drops what an app does not call",
        target.triple,
        bytes.len()
    ));
    let mut steps = Vec::new();
    let mut step = |what: &str, why: &[String]| {
        let name = format!("{}: {what}", target.triple);
        if !why.is_empty() {
            say(&format!("{name}: {}", why.join(", ")));
        }
        steps.push((name, why.is_empty()));
    };
    let commands = read(
        clang,
        "llvm-objdump",
        &["--macho", "--private-headers"],
        &library,
    )?;
    step(
        "every object is of its platform",
        &macho::of_another_platform(&commands, platform)?,
    );
    let names = ["--defined-only", "--extern-only", "--format=posix"];
    let symbols = read(clang, "llvm-nm", &names, &library)?;
    let of_sources = root().join(HEADERS);
    let linux = text(&of_sources.join("module.modulemap"))?;
    let map = text(&headers.join("module.modulemap"))?;
    let (mut missing, mut others) = (Vec::new(), Vec::new());
    for name in headers_of(&linux) {
        let header = text(&of_sources.join(name))?;
        missing.extend(macho::missing_functions(&header, &symbols)?);
        if text(&headers.join(name)).ok().as_ref() != Some(&header) {
            others.push(name.to_owned());
        }
    }
    step("every function of the headers is there", &missing);
    if !is_for_apple(&map, &linux) {
        others.push(map.trim().to_owned());
    }
    step(
        "headers and module map are those of the Swift sources",
        &others,
    );
    Ok(steps)
}

/// The headers that a module map names.
fn headers_of(map: &str) -> Vec<&str> {
    let names = map.lines().filter_map(|line| {
        let name = line.trim().strip_prefix("header \"")?;
        name.strip_suffix('"')
    });
    names.collect()
}

/// Whether a module map names each header that the one for Linux does, and no library to link:
/// Xcode takes that out of the framework.
fn is_for_apple(map: &str, linux: &str) -> bool {
    let headers = headers_of(linux);
    !headers.is_empty() && headers == headers_of(map) && !map.contains("link ")
}

fn read(clang: &Clang, tool: &str, words: &[&str], library: &Path) -> Result<String, String> {
    output(program(clang.tool(tool)).args(words).arg(library))
        .ok_or_else(|| format!("{tool} cannot read {}", library.display()))
}

fn text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).at(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_libraries_are_named_in_any_order_and_neither_may_lack() {
        let [device, simulator] = LIBRARIES;
        assert!(names_both(&format!("{simulator}\n{device}\n")));
        assert!(!names_both(&format!("{device}\n")));
        let twice = format!(
            "{device}\n{}\n",
            simulator.replace("simulator arm64", "device arm64")
        );
        assert!(!names_both(&twice));
    }

    #[test]
    fn a_module_map_for_linux_is_none_for_apple_and_each_header_must_be_named() {
        let linux = "module VidimusFFI {\n    header \"A.h\"\n    header \"B.h\"\n    link \"vidimus_ffi\"\n}\n";
        assert!(!is_for_apple(linux, linux));
        let apple = linux.replace("    link \"vidimus_ffi\"\n", "");
        assert!(is_for_apple(&apple, linux));
        assert!(!is_for_apple(
            &apple.replace("    header \"A.h\"\n", ""),
            linux
        ));
        assert!(!is_for_apple("", ""));
    }
}
