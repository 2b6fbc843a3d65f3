//! The Android library as it ships, linked against libraries without content: no NDK is needed to
//! see whether a phone would load it, and how large it is.

use super::cargo::{Effort, build, folder};
use super::targets::{System, Target};
use super::toolchain::{Clang, Rust};
use super::{Step, elf, symbols};
use crate::bindings::size;
use crate::files::At;
use crate::folders::root;
use crate::shell::{output, program, say, succeeds};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries that rustc names. `unwind` is the one that the NDK links in, the others are the
/// phone's.
const STUBS: [&str; 5] = ["c", "m", "dl", "log", "unwind"];

/// What Android 8.0 has of what our library needs.
const ALLOWED: &str = "xtask/cross/bionic-api-26.txt";

/// What is known of one linked library.
pub(super) struct Linked {
    pub(super) steps: Vec<Step>,
    /// The name of its folder in an APK, and the symbols that it needs.
    pub(super) needed: (&'static str, BTreeSet<String>),
    pub(super) library: PathBuf,
}

/// Links the library for a target and looks at it.
///
/// # Errors
/// Where it does not link, or a tool does not run.
pub(super) fn link(rust: &Rust, clang: &Clang, target: &Target) -> Result<Linked, String> {
    let System::Android {
        abi, large_pages, ..
    } = target.system
    else {
        return Err(format!("{} is not Android", target.triple));
    };
    say(&format!("linking the library for {}", target.triple));
    let stubs = make_stubs(clang, target)?;
    let mut link = build(rust, clang, target, "cdylib", Effort::Shipped);
    link.args(["--", "-Clink-arg=-nostdlib"])
        .arg(format!("-Clink-arg=--target={}", target.clang))
        .arg(format!(
            "-Clink-arg=-fuse-ld={}",
            clang.tool("ld.lld").display()
        ))
        .arg(format!("-Clink-arg=-L{}", stubs.display()))
        .arg("-Clink-arg=-Wl,-z,max-page-size=16384")
        .arg("-Clink-arg=-Wl,--icf=all");
    if !succeeds(&mut link) {
        return Err(format!("the library does not link for {}", target.triple));
    }
    let built = folder().join(target.triple).join("ffi/libvidimus_ffi.so");
    let library = folder().join(format!("libvidimus_ffi-{abi}.so"));
    read(
        program(clang.tool("llvm-strip"))
            .args(["--strip-all", "-o"])
            .arg(&library)
            .arg(&built),
    )?;

    let mut steps = Vec::new();
    let mut step = |what: &str, why: &[String]| {
        let name = format!("{}: {what}", target.triple);
        if !why.is_empty() {
            say(&format!("{name}: {}", why.join(", ")));
        }
        steps.push((name, why.is_empty()));
    };
    if large_pages {
        let segments = readelf(clang, "--program-headers", &library)?;
        step(
            "every segment starts on a page of 16 KB",
            &elf::badly_aligned(&segments)?,
        );
    }
    let relocated = elf::has_text_relocations(&readelf(clang, "--dynamic-table", &library)?)?;
    let why = relocated.then(|| "the loader would have to write into code".to_owned());
    step("no text relocations", why.as_slice());
    let needed = symbols::needed(&read(
        program(clang.tool("llvm-nm"))
            .args(["--dynamic", "--undefined-only", "--format=posix"])
            .arg(&library),
    )?);
    let foreign = symbols::foreign(&list()?, abi, &needed);
    step(
        &format!("asks for nothing that {ALLOWED} has not"),
        &foreign,
    );
    let kept = size::check_for_phone(target.triple, &library)?;
    steps.push((
        format!("{}: size within bindings/size.json", target.triple),
        kept,
    ));
    Ok(Linked {
        steps,
        needed: (abi, needed),
        library,
    })
}

/// What the committed list has and none of the libraries needs. It is a finding only when all are
/// linked.
///
/// # Errors
/// Where the list cannot be read.
pub(super) fn idle(linked: &[Linked]) -> Result<Step, String> {
    let needed: Vec<_> = linked.iter().map(|linked| linked.needed.clone()).collect();
    let idle = symbols::idle(&list()?, &needed);
    if !idle.is_empty() {
        say(&format!("{ALLOWED}: nothing needs {}", idle.join(", ")));
    }
    Ok((format!("{ALLOWED} has nothing unneeded"), idle.is_empty()))
}

fn list() -> Result<String, String> {
    fs::read_to_string(root().join(ALLOWED)).at(ALLOWED)
}

/// Makes a library without content under each of the names, so that the linker has something to
/// open.
fn make_stubs(clang: &Clang, target: &Target) -> Result<PathBuf, String> {
    let stubs = folder().join(target.triple).join("stubs");
    fs::create_dir_all(&stubs).at(&stubs)?;
    for name in STUBS {
        let library = stubs.join(format!("lib{name}.so"));
        if library.exists() {
            continue;
        }
        let mut make = program(clang.tool("clang"));
        make.arg(format!("--target={}", target.clang))
            .arg(format!("-fuse-ld={}", clang.tool("ld.lld").display()))
            .args(["-shared", "-nostdlib", "-x", "c", "/dev/null", "-o"])
            .arg(&library);
        if !succeeds(&mut make) {
            return Err(format!("clang makes no {}", library.display()));
        }
    }
    Ok(stubs)
}

fn readelf(clang: &Clang, what: &str, library: &Path) -> Result<String, String> {
    read(
        program(clang.tool("llvm-readelf"))
            .args([what, "--wide"])
            .arg(library),
    )
}

fn read(tool: &mut Command) -> Result<String, String> {
    output(tool).ok_or_else(|| format!("this fails: {tool:?}"))
}
