//! The whole run behind `docs/legibility.md`: the pictures and `rqrr` in Rust, ZXing on a JVM.

use crate::files::At;
use crate::kotlin::{Maven, android};
use crate::shell::{cargo, said, say, succeeds};
use std::path::Path;

/// The pictures of each case. With one the run takes ten minutes on two processors.
const PICTURES: &str = "1";

/// `cargo xtask bench legibility`: prints the tables. `docs/legibility.png` is drawn from the
/// page, once they stand there.
pub(crate) fn command() -> bool {
    said(measure()).is_some()
}

fn measure() -> Result<(), String> {
    let maven = Maven::find_or_install()?;
    say("ZXing");
    let words = ["--projects", ":vidimus-legibility", "package"];
    let mut package = maven.command(&android(), &words);
    // Its format is looked at by `cargo xtask phones`.
    package.arg("-Dmaven.antrun.skip");
    if !succeeds(&mut package) {
        return Err("ZXing's reader is not built".to_owned());
    }
    say("pictures, each shown to both readers");
    let mut run = cargo("run --locked --all-features --package=vidimus-legibility --");
    run.arg(PICTURES).args(reader()?);
    if succeeds(&mut run) {
        Ok(())
    } else {
        Err("the run failed".to_owned())
    }
}

/// The words that start ZXing's reader.
fn reader() -> Result<Vec<String>, String> {
    let built = android().join("legibility/target/ship");
    let classes = built.join("classes").canonicalize().at(&built)?;
    let path = format!("{}:{}", shown(&classes), shown(&built.join("libraries/*")));
    let java = "java -XX:+UseSerialGC -Xmx256m -classpath";
    let words = java
        .split(' ')
        .chain([path.as_str(), "org.vidimus.legibility.BatchKt"]);
    Ok(words.map(str::to_owned).collect())
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
