//! The driver's app and the officer's in a window of this desktop, on the real core and an
//! authority that serves on this machine alone.

mod stage;

use crate::apt;
use crate::bindings::{self, Flavor};
use crate::files::At;
use crate::folders::{root, target};
use crate::fonts;
use crate::kotlin::{Maven, built, maven_package};
use crate::shell::{cargo, program, said, say, succeeds};
use stage::Stage;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// What Java draws windows with on Linux; Debian's headless packages leave it out.
const WINDOWS: &str = "lib/libawt_xawt.so";

/// `cargo xtask app [--home DIR]`.
pub(crate) fn command(home: Option<&str>) -> bool {
    said(open(home.map(Path::new))).is_some()
}

fn open(home: Option<&Path>) -> Result<(), String> {
    if std::env::var_os("DISPLAY").is_none_or(|display| display.is_empty()) {
        return Err("no display is here (DISPLAY is not set); where there is no screen, type: xvfb-run --auto-servernum cargo xtask app".to_owned());
    }
    let maven = Maven::find_or_install()?;
    let java = find_or_install_java()?;
    fonts::install_what_can_be()?;
    bindings::make(Flavor::Ship)?;
    say("building the command line");
    // As the README's first command builds it.
    if !succeeds(&mut cargo(
        "build --release --quiet --locked --package=vidimus --bin=vidimus",
    )) {
        return Err("the command line does not build".to_owned());
    }
    say("compiling the app; the first time Maven fetches some 100 MB");
    maven_package(&maven, "desktop")?;
    let stage = Stage::set(&target().join("release/vidimus"), home)?;
    println!(
        "\nThe authority serves at {}.\nThe offer, for the driver: {}\nThe code, by another way:  {}\n\n\
        In the window: \"Open the link\", type the code, take the license, then \"Show\" on the driver's phone and \"Check\" on\n\
        the officer's beside it. \"Suspend\" it, refresh on the phone, and check once more. Close the window to end it all.\n",
        stage.issuer, stage.offer, stage.code
    );
    let mut window = program(java);
    window.arg("-classpath").arg(class_path()?);
    window
        .arg("org.vidimus.desktop.MainKt")
        .args(stage.arguments());
    if succeeds(&mut window) {
        Ok(())
    } else {
        Err("the window broke off".to_owned())
    }
}

fn class_path() -> Result<OsString, String> {
    let built = built("desktop");
    let mut jars = vec![built.join("classes")];
    let libraries = built.join("libraries");
    let found = fs::read_dir(&libraries).at(&libraries)?;
    jars.extend(found.flatten().map(|entry| entry.path()));
    jars.sort();
    std::env::join_paths(jars).map_err(|error| error.to_string())
}

/// A Java that can open windows: the one that `JAVA_HOME` names, or where Debian keeps them.
fn find_or_install_java() -> Result<PathBuf, String> {
    if java().is_none() {
        apt::install(&["openjdk-17-jre", "libgl1"], "a Java that opens windows")?;
    }
    java()
        .ok_or_else(|| "no Java here can open a window; let JAVA_HOME name one that can".to_owned())
}

fn java() -> Option<PathBuf> {
    let named = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let installed = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = installed.map(|entry| entry.path()).collect();
    folders.sort();
    let all = named.into_iter().chain(folders);
    let folder = all
        .into_iter()
        .find(|folder| folder.join(WINDOWS).exists())?;
    Some(folder.join("bin/java"))
}

/// As people know it: by its path in the workspace, where it is in there.
fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
