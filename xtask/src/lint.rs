//! The checks that read the sources.

mod decided;
mod words;

use crate::bindings::library::WITHOUT_APP;
use crate::shell::{cargo, output, program, say, succeeds};
use crate::tools::{self, Tool, find_or_install};
use std::path::Path;
use std::process::Command;

/// The crate outside the workspace that is built all the same.
const BINDGEN: &str = "--manifest-path=bindings/bindgen/Cargo.toml";

/// What a browser runs. `core/credential` must build for it, for the readers to come.
const WEB: &str = "wasm32-unknown-unknown";

/// How the checks went.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The names of those that failed.
    failed: Vec<&'static str>,
    /// Why some could not run, a line each.
    missing: Vec<String>,
}

impl Outcome {
    fn check(&mut self, name: &'static str, command: &mut Command) {
        say(name);
        if !succeeds(command) {
            self.failed.push(name);
        }
    }

    /// A check of ours: the faults that it found are said, a line each.
    fn check_faults(&mut self, name: &'static str, faults: Result<Vec<String>, String>) {
        say(name);
        let faults = faults.unwrap_or_else(|why| vec![why]);
        for fault in &faults {
            say(fault);
        }
        if !faults.is_empty() {
            self.failed.push(name);
        }
    }

    fn check_with(&mut self, tool: &Tool, arguments: &str) {
        match find_or_install(tool) {
            Ok(path) => self.check(tool.name, program(path).args(arguments.split_whitespace())),
            Err(why) => self.missing.push(why),
        }
    }

    fn check_component(&mut self, name: &'static str, component: &str, arguments: &str) {
        match component_here(component) {
            Ok(()) => self.check(name, &mut cargo(arguments)),
            Err(why) => self.missing.push(why),
        }
    }

    /// The failed checks in a few words, or nothing.
    pub(crate) fn failures(&self) -> Option<String> {
        let failed = self.failed.join(", ");
        (!failed.is_empty()).then(|| format!("failed checks: {failed}"))
    }

    /// Why some could not run.
    pub(crate) fn into_missing(self) -> Vec<String> {
        self.missing
    }

    /// Names loudly what could not run. It must be the last thing said.
    fn name_missing(&self) {
        for why in &self.missing {
            eprintln!("\nxtask: NOT CHECKED: {why}");
        }
        if !self.missing.is_empty() && strict() {
            eprintln!("xtask: CI is set, so a check that cannot run has failed");
        }
    }

    /// Whether all is well. A check that could not run is a failure where CI is set.
    fn good(&self) -> bool {
        self.failed.is_empty() && (self.missing.is_empty() || !strict())
    }
}

/// Whether what cannot run is a failure.
pub(crate) fn strict() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// `cargo xtask lint`.
pub(crate) fn command() -> bool {
    let outcome = run();
    match outcome.failures() {
        Some(failures) => say(&failures),
        None => say("no check failed"),
    }
    outcome.name_missing();
    outcome.good()
}

/// `cargo xtask words [FOLDER...]`: lists the faults of comments and Markdown below some folders.
pub(crate) fn words(folders: &[&str]) -> bool {
    let mut outcome = Outcome::default();
    outcome.check_faults("words", words::faults(folders));
    outcome.good()
}

/// Runs every check, also behind one that failed.
pub(crate) fn run() -> Outcome {
    let mut outcome = Outcome::default();
    outcome.check_component("format", "fmt", "fmt --all --check");
    let bindgen = format!("fmt {BINDGEN} --check");
    outcome.check_component("format of bindgen", "fmt", &bindgen);
    outcome.check_faults("what the phones decide", decided::faults());
    outcome.check_faults("words", words::faults(&[]));
    let clippy = "clippy --workspace --all-targets --all-features --locked --keep-going --quiet \
        -- --deny=warnings";
    outcome.check_component("clippy", "clippy", clippy);
    // The tests build it with the driver's app; apps with their own screens take it without.
    let mut without_app = cargo("check --quiet --locked --package=vidimus-ffi");
    without_app.args(WITHOUT_APP);
    outcome.check("the library without the driver's app", &mut without_app);
    match web_here() {
        Ok(()) => {
            let web = format!("check --quiet --locked --package=vidimus-credential --target={WEB}");
            outcome.check("core/credential for the web", &mut cargo(&web));
        }
        Err(why) => outcome.missing.push(why),
    }
    // The graph of all platforms is looked at, so their crates must be here: then nothing needs the
    // network any more.
    let fetch = "fetch --locked --quiet";
    outcome.check("fetched crates", &mut cargo(fetch));
    outcome.check("fetched crates of bindgen", cargo(fetch).arg(BINDGEN));
    let deny = "--config=deny.toml --offline --all-features --log-level=warn";
    let what = "check bans licenses sources";
    outcome.check_with(&tools::DENY, &format!("{deny} {what}"));
    outcome.check_with(&tools::DENY, &format!("{deny} {BINDGEN} {what}"));
    outcome.check_with(&tools::SHEAR, "");
    // As the workspace's tests are built: by itself it would build every dependency with other
    // features, minutes of it.
    let order = "test --quiet --locked --workspace --all-features --test=import_order";
    outcome.check("import order", &mut cargo(order));
    outcome
}

/// Whether cargo has this component of the Rust distribution; rustup is asked to add it.
fn component_here(name: &str) -> Result<(), String> {
    let here = || output(&mut cargo(&format!("{name} --version"))).is_some();
    if here() {
        return Ok(());
    }
    let component = if name == "fmt" { "rustfmt" } else { name };
    say(&format!("installing {component} with rustup"));
    succeeds(program("rustup").args(["component", "add", component]));
    if here() {
        Ok(())
    } else {
        Err(format!(
            "cargo {name} is not here; type: rustup component add {component}"
        ))
    }
}

/// Whether Rust's library for [`WEB`] is here; rustup is asked to add it.
fn web_here() -> Result<(), String> {
    let here = || {
        let mut ask = program("rustc");
        let folder = output(ask.args(["--print=target-libdir", "--target", WEB]));
        folder.is_some_and(|folder| Path::new(folder.trim()).exists())
    };
    if here() {
        return Ok(());
    }
    say(&format!("installing Rust for {WEB} with rustup"));
    succeeds(program("rustup").args(["target", "add", WEB]));
    here().then_some(()).ok_or_else(|| {
        format!("core/credential for {WEB}: no Rust for it; type: rustup target add {WEB}")
    })
}
