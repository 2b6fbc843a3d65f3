//! A JDK 17 or newer and Maven: those that are here, or Debian's.

use crate::apt;
use crate::bindings::{Flavor, libraries};
use crate::folders::root;
use crate::shell::{output, program, say, succeeds};
use crate::texts;
use std::path::{Path, PathBuf};
use std::process::Command;

const MAVEN: &str = "mvn";

/// The oldest JDK that runs what we build.
const JDK: u32 = 17;

/// What Maven fetches at first; measured with an empty repository.
const FIRST_DOWNLOAD: &str = "some 300 MB";

/// Maven with its JDK, which are here.
#[derive(Debug)]
pub(crate) struct Maven {
    program: &'static str,
}

impl Maven {
    /// # Errors
    /// What to install, in a line.
    pub(crate) fn find_or_install() -> Result<Self, String> {
        if !is_here() {
            apt::install(
                &["openjdk-17-jdk-headless", "maven"],
                "Maven with a JDK 17 or newer",
            )?;
        }
        if !is_here() {
            return Err(format!(
                "mvn --version names no Java {JDK} or newer; let JAVA_HOME name such a JDK's folder"
            ));
        }
        if !repository()
            .join("org/jetbrains/kotlin/kotlin-maven-plugin")
            .exists()
        {
            say(&format!(
                "Maven will fetch the Kotlin compiler and libraries into {}, {FIRST_DOWNLOAD}",
                repository().display()
            ));
        }
        Ok(Self { program: MAVEN })
    }

    /// A run of Maven in a folder that asks no questions and shows no progress bars.
    pub(crate) fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = program(self.program);
        command.args(["-B", "-ntp", "-q"]).args(arguments);
        command.current_dir(folder);
        command
    }
}

/// Which library a run of Maven takes, and where it is.
pub(crate) fn with_library(flavor: Flavor) -> [String; 2] {
    [
        format!("-Dvidimus.flavour={}", flavor.name()),
        format!("-Dvidimus.libraries={}", libraries().display()),
    ]
}

/// The Maven project of the Kotlin package.
pub(crate) fn folder() -> PathBuf {
    root().join("bindings/kotlin")
}

/// Packages a module of `android` and all that it is made of, as it ships.
///
/// # Errors
/// What is wrong with the apps' words, which are made first; or that Maven fails, which has said
/// why.
pub(crate) fn maven_package(maven: &Maven, module: &str) -> Result<(), String> {
    texts::make()?;
    let mut package = maven.command(
        &android(),
        &["--also-make", "--projects", module, "package"],
    );
    package.args(with_library(Flavor::Ship));
    if succeeds(&mut package) {
        Ok(())
    } else {
        Err(format!("mvn package of {module} fails"))
    }
}

/// Where Maven has built a module of `android`, as it ships.
pub(crate) fn built(module: &str) -> PathBuf {
    android()
        .join(module)
        .join("target")
        .join(Flavor::Ship.name())
}

/// The Gradle project, which Maven builds too.
pub(crate) fn android() -> PathBuf {
    root().join("android")
}

/// Where Maven keeps what it has fetched.
pub(crate) fn repository() -> PathBuf {
    let home = std::env::var_os("HOME").unwrap_or_default();
    PathBuf::from(home).join(".m2").join("repository")
}

fn is_here() -> bool {
    output(program(MAVEN).arg("--version")).is_some_and(|text| java(&text) >= Some(JDK))
}

/// Java's major version out of `mvn --version`.
fn java(answer: &str) -> Option<u32> {
    let (_, version) = answer.split_once("Java version: ")?;
    version
        .split(['.', ',', '-', '+'])
        .next()?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_java_that_maven_runs_on_is_read() {
        let answer = "Apache Maven 3.8.7\nMaven home: /usr/share/maven\nJava version: 17.0.15, vendor: Debian\n";
        assert_eq!(java(answer), Some(17));
        assert_eq!(java("Java version: 25-ea, vendor: Debian"), Some(25));
        assert_eq!(java("Java version: 1.8.0_372, vendor: Debian"), Some(1));
        assert_eq!(java("Apache Maven 3.8.7"), None);
    }
}
