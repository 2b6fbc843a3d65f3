//! Compilers for phones, of Debian's own packages, unpacked into the cache: no root, nothing
//! installed.
//!
//! A developer of apps needs none of it. With `rustup target add` and Android's NDK,
//! `cargo ndk -t arm64-v8a build --profile ffi --package vidimus-ffi` makes a library that runs,
//! and on a Mac `ios/build-xcframework.sh` makes the framework. This is for machines that have
//! neither, and makes libraries to check, not to load.

use crate::apt;
use crate::files::At;
use crate::folders::{cache, root};
use crate::shell::{output, program, say, succeeds, succeeds_silently};
use crate::tools::pip;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Rust 1.96 with the source of its library, which is compiled for each phone.
const RUST: [&str; 5] = [
    "rustc-web",
    "libllvm22",
    "libstd-rust-web-1.96",
    "libstd-rust-web-dev",
    "rust-web-src",
];

/// Clang with its own headers, lld, and the tools that read what they make. LLVM itself comes with
/// Rust.
const C: [&str; 5] = [
    "clang-22",
    "libclang-common-22-dev",
    "libclang-cpp22",
    "lld-22",
    "llvm-22",
];

/// The tools that are called. Debian keeps their shared libraries where only a wrapper finds them.
const TOOLS: [&str; 7] = [
    "clang",
    "ld.lld",
    "llvm-ar",
    "llvm-nm",
    "llvm-objdump",
    "llvm-readelf",
    "llvm-strip",
];

/// The wheel whose `lib/libc/include` has headers for every system. Its compiler stays unused.
const HEADERS: &str = "ziglang==0.17.1";

/// The folders of headers that our targets need.
const HEADER_FOLDERS: [&str; 9] = [
    "aarch64-linux-any",
    "aarch64-linux-musl",
    "any-darwin-any",
    "any-linux-any",
    "arm-linux-any",
    "arm-linux-musl",
    "generic-musl",
    "x86-linux-any",
    "x86_64-linux-musl",
];

/// A C compiler that writes empty objects: a check links nothing.
const STAND_IN: &str = "#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in -E) exit 1 ;; -o) : >\"$2\" ;; esac; shift; done\n";

/// Rust for phones, enough for `cargo check`.
#[derive(Debug)]
pub(crate) struct Rust {
    pub(super) rustc: PathBuf,
    /// Stands for a C compiler.
    pub(super) stand_in: PathBuf,
    /// The source of Rust's library.
    pub(super) sources: PathBuf,
    folder: PathBuf,
}

/// C for phones, which linking needs.
#[derive(Debug)]
pub(crate) struct Clang {
    folder: PathBuf,
    /// Clang's own headers, which stand before all others.
    pub(super) own_headers: PathBuf,
}

impl Rust {
    /// # Errors
    /// What this machine lacks, in a line.
    pub(crate) fn find_or_install() -> Result<Self, String> {
        let folder = cache().join("cross").join("rust");
        let _alone = lock()?;
        // Its scripts name the folder: a cache that was moved is made anew.
        let have = format!("{} in {}", RUST.join(" "), folder.display());
        if !is_there(&folder, &have) {
            unpack(&folder, &RUST, "Rust 1.96 for phones", 137)?;
            wrap(&folder, "rustc", "usr/bin/rustc", &[&folder])?;
            script(&folder.join("cc"), STAND_IN)?;
            finish(&folder, &have)?;
        }
        Ok(Self {
            rustc: folder.join("rustc"),
            stand_in: folder.join("cc"),
            sources: folder.join("usr/lib/rustlib/src/rust"),
            folder,
        })
    }
}

impl Clang {
    /// # Errors
    /// What this machine lacks, in a line.
    pub(crate) fn find_or_install(rust: &Rust) -> Result<Self, String> {
        let folder = cache().join("cross").join("clang");
        let _alone = lock()?;
        let place = folder.display();
        let have = format!(
            "{} {HEADERS} {} in {place}",
            C.join(" "),
            HEADER_FOLDERS.join(" ")
        );
        if !is_there(&folder, &have) {
            unpack(&folder, &C, "clang and lld", 35)?;
            for tool in TOOLS {
                let path = format!("usr/lib/llvm-22/bin/{tool}");
                wrap(&folder, tool, &path, &[&folder, &rust.folder])?;
            }
            take_headers(&folder)?;
            finish(&folder, &have)?;
        }
        let clang = folder.join("clang");
        let own = output(program(&clang).arg("-print-resource-dir"));
        let own = own.ok_or_else(|| format!("{} does not run", clang.display()))?;
        Ok(Self {
            folder,
            own_headers: PathBuf::from(own.trim()).join("include"),
        })
    }

    /// One of clang's or LLVM's programs.
    pub(super) fn tool(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The C headers of one of [`HEADER_FOLDERS`].
    pub(super) fn headers(&self, folder: &str) -> PathBuf {
        self.folder.join("include").join(folder)
    }
}

/// Keeps a second run out while one unpacks, until the file is dropped.
fn lock() -> Result<File, String> {
    let folder = cache().join("cross");
    let file = fs::create_dir_all(&folder).and_then(|()| File::create(folder.join("lock")));
    let locked = file.and_then(|file| file.lock().map(|()| file));
    locked.at(&folder)
}

/// Whether all of `have` was put there to the end.
fn is_there(folder: &Path, have: &str) -> bool {
    fs::read_to_string(folder.join("have")).is_ok_and(|text| text == have)
}

fn finish(folder: &Path, have: &str) -> Result<(), String> {
    fs::write(folder.join("have"), have).at(folder)
}

/// Downloads packages of Debian and unpacks them into a new folder.
fn unpack(folder: &Path, packages: &[&str], what: &str, megabytes: u64) -> Result<(), String> {
    let debs = folder.join("debs");
    let list = packages.join(" ");
    let else_do = "on another system the checks for phones need: rustup target add, and an NDK";
    if !succeeds_silently(program("dpkg").arg("--version")) {
        return Err(format!("{what}: this is not Debian; {else_do}"));
    }
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(&debs).at(&debs)?;
    let known = || {
        let mut ask = program("apt-get");
        ask.args(["download", "--print-uris"]).args(packages);
        succeeds_silently(&mut ask)
    };
    if !known() && apt::available() {
        say("reading Debian's lists of packages: apt-get update");
        succeeds_silently(program("apt-get").args(["update", "--quiet=2"]));
    }
    say(&format!(
        "{what}: unpacking {list} into {}, some {megabytes} MB to download",
        shown(folder)
    ));
    let mut download = program("apt-get");
    // Apt's own user may not read the cache's folder, and warns of it.
    download.args(["download", "--quiet=2", "-o", "APT::Sandbox::User=root"]);
    if !succeeds(download.args(packages).current_dir(&debs)) {
        return Err(format!(
            "{what}: apt-get downloads no {list}; type: sudo apt-get update; {else_do}"
        ));
    }
    let entries = fs::read_dir(&debs).at(&debs)?;
    for deb in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if !unpack_one(&deb, folder) {
            return Err(format!("{} cannot be unpacked", deb.display()));
        }
    }
    fs::remove_dir_all(&debs).at(&debs)
}

/// Unpacks a package without the compiler's own source, which is most of all files and which
/// nothing reads.
fn unpack_one(deb: &Path, folder: &Path) -> bool {
    let mut read = program("dpkg-deb");
    let read = read.arg("--fsys-tarfile").arg(deb).stdout(Stdio::piped());
    let Ok(mut read) = read.spawn() else {
        return false;
    };
    let files = read.stdout.take().map_or_else(Stdio::null, Stdio::from);
    let mut write = program("tar");
    write.arg("--extract").arg("--directory").arg(folder);
    write.args([
        "--no-same-owner",
        "--exclude=./usr/share",
        "--exclude=./usr/lib/rustlib/src/rust/compiler",
        "--exclude=./usr/lib/rustlib/src/rust/src",
    ]);
    let written = succeeds(write.stdin(files));
    read.wait().is_ok_and(|status| status.success()) && written
}

fn take_headers(folder: &Path) -> Result<(), String> {
    let wheel = folder.join("wheel");
    say(&format!(
        "C headers for phones: taking them out of {HEADERS} from PyPI, some 101 MB to download"
    ));
    let mut download = program(pip()?);
    download.args([
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--no-cache-dir",
        HEADERS,
        "--dest",
    ]);
    if !succeeds(download.arg(&wheel)) {
        return Err(format!("pip downloads no {HEADERS}"));
    }
    let mut entries = fs::read_dir(&wheel).map_err(|error| error.to_string())?;
    let file = entries.find_map(|entry| Some(entry.ok()?.path()));
    let mut take = program("python3");
    take.arg("xtask/cross/headers.py")
        .arg(file.unwrap_or_default())
        .arg(folder.join("include"))
        .args(HEADER_FOLDERS);
    let taken = succeeds(&mut take);
    let _ = fs::remove_dir_all(&wheel);
    if taken {
        Ok(())
    } else {
        Err(format!("{HEADERS} has not the headers that it had"))
    }
}

/// Makes a script `name` that starts a program of an unpacked package with the shared libraries of
/// some folders.
fn wrap(folder: &Path, name: &str, path: &str, with: &[&Path]) -> Result<(), String> {
    let libraries: Vec<String> = with
        .iter()
        .map(|folder| libraries(folder))
        .collect::<Result<_, String>>()?;
    let text = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH='{}' exec '{}' \"$@\"\n",
        libraries.join(":"),
        folder.join(path).display()
    );
    script(&folder.join(name), &text)
}

/// Where the shared libraries of unpacked packages are, on any processor.
fn libraries(folder: &Path) -> Result<String, String> {
    let folder = folder.join("usr/lib");
    let entries = fs::read_dir(&folder).at(&folder)?;
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path().display().to_string()));
    let found = paths.find(|path| path.ends_with("-linux-gnu"));
    found.ok_or_else(|| format!("{} has no shared libraries", folder.display()))
}

fn script(file: &Path, text: &str) -> Result<(), String> {
    let written = fs::write(file, text).map_err(|error| error.to_string());
    let runs = succeeds(program("chmod").arg("755").arg(file));
    match written {
        Ok(()) if runs => Ok(()),
        other => Err(format!("{}: {other:?}", file.display())),
    }
}

/// A folder's path as a person sees it from the workspace.
fn shown(folder: &Path) -> String {
    let short = folder.strip_prefix(root()).unwrap_or(folder);
    short.display().to_string()
}
