//! The arrows of `docs/architecture.md`: who may use whom. Cargo enforces those between crates,
//! once their manifests are right; here the rest is read out of the sources.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "import_order/sources.rs"]
mod sources;

use sources::{Sources, root};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn inside_credential_each_module_uses_only_those_to_its_left() {
    let order = order_of(
        &read("docs/architecture.md"),
        "each file may use only those to its left",
    );
    assert!(order.len() >= 16, "{order:?}");
    let sources = Sources::of("core/credential/src");
    assert_eq!(sources.out_of_order(&order), [""; 0]);
    for module in &order {
        assert!(
            sources.has(module),
            "the page names {module}, which is not there"
        );
    }
}

#[test]
fn inside_app_each_module_uses_only_those_to_its_left_and_the_runner_alone_waits() {
    let order = order_of(
        &read("docs/architecture.md"),
        "each module may use only those to its left",
    );
    assert_eq!(order.len(), 12, "{order:?}");
    let sources = Sources::of("core/app/src");
    assert_eq!(sources.out_of_order(&order), [""; 0]);
    for module in &order {
        assert!(sources.has(module), "{module} is not there");
    }
    for of_the_runner in ["tokio", "tracing"] {
        let outside = sources.naming_outside(of_the_runner, "runner");
        assert_eq!(outside, [""; 0]);
    }
}

#[test]
fn inside_wallet_only_the_vault_knows_sqlite_and_only_the_network_knows_reqwest() {
    let sources = Sources::of("core/wallet/src");
    assert!(sources.has("vault") && sources.has("network"));
    assert_eq!(sources.naming_outside("rusqlite", "vault"), [""; 0]);
    assert_eq!(sources.naming_outside("reqwest", "network"), [""; 0]);
}

#[test]
fn inside_authority_only_the_store_knows_sqlite_and_the_rules_know_no_store() {
    let sources = Sources::of("authority/src");
    assert!(sources.has("store") && sources.has("rules"));
    assert_eq!(sources.naming_outside("rusqlite", "store"), [""; 0]);
    let engine = |used: &str| ["store", "http", "home", "publish"].contains(&used);
    assert_eq!(sources.uses("rules", engine), [""; 0]);
}

#[test]
fn inside_wallet_the_ports_know_no_other_module_and_the_use_cases_not_each_other() {
    let sources = Sources::of("core/wallet/src");
    assert_eq!(sources.uses("ports", |_| true), [""; 0]);
    let cases = ["issuance", "refresh", "present", "reader", "wallet"];
    for module in &cases[..4] {
        assert!(sources.has(module));
        let other = |used: &str| used != *module && cases.contains(&used);
        assert_eq!(sources.uses(module, other), [""; 0]);
    }
    for module in ["vault", "network", "timekeeper"] {
        assert_eq!(sources.uses(module, |used| cases.contains(&used)), [""; 0]);
    }
}

#[test]
fn no_two_modules_of_a_crates_root_use_each_other() {
    for folder in [
        "core/credential/src",
        "core/wallet/src",
        "core/app/src",
        "bindings/ffi/src",
        "authority/src",
        "cli/src",
        "xtask/src",
    ] {
        assert_eq!(Sources::of(folder).circles(), [""; 0], "{folder}");
    }
}

#[test]
fn the_architecture_page_lists_each_module_of_wallet_and_authority_and_no_other() {
    let page = read("docs/architecture.md");
    for (heading, folder) in [
        ("core/wallet", "core/wallet/src"),
        ("authority", "authority/src"),
    ] {
        let listed = listed_in(&page, heading);
        assert_eq!(listed, Sources::of(folder).modules(), "{folder}");
    }
}

#[test]
fn the_crates_depend_on_each_other_only_along_the_arrows() {
    for (folder, allowed) in [
        ("core/credential", &[][..]),
        ("core/wallet", &["vidimus-credential"]),
        ("core/app", &["vidimus-credential", "vidimus-wallet"]),
        ("authority", &["vidimus-credential"]),
        ("xtask", &[]),
    ] {
        let manifest = read(&format!("{folder}/Cargo.toml"));
        let ours = manifest.lines().filter_map(|line| {
            let (name, _) = line.split_once(['.', ' ', '='])?;
            name.starts_with("vidimus-").then_some(name)
        });
        // For its tests alone a crate may name itself, with another feature.
        let itself = manifest
            .lines()
            .find_map(|line| line.strip_prefix("name = "));
        for name in ours.filter(|name| itself != Some(&*format!("{name:?}"))) {
            assert!(allowed.contains(&name), "{folder} must not know {name}");
        }
    }
}

#[test]
fn an_import_against_the_order_is_noticed_in_each_way_one_can_write_it() {
    let order = ["error", "key", "verify"].map(str::to_owned);
    let lib =
        "pub mod key; pub use key::{SigningKey, VerifyingKey as Key}; pub use verify::Verdict;";
    for (path, source) in [
        ("key.rs", "use crate::verify::Verifier;"),
        ("key.rs", "use crate::{error::Error, verify};"),
        (
            "key.rs",
            "use crate::{\n    error::{self, Error},\n    verify::{A, B},\n};",
        ),
        ("key.rs", "fn f() -> crate::verify::Verdict {}"),
        ("key.rs", "fn f() -> super::verify::Verdict {}"),
        ("key.rs", "use crate::Verdict;"),
        ("key.rs", "/* a comment */ use super::{error, Verdict};"),
        ("key/mod.rs", "use super::verify;"),
        ("key/inner.rs", "use super::super::verify;"),
        ("error.rs", "use crate::Key;"),
        (
            "error.rs",
            "const QUOTE: char = '\"'; use crate::SigningKey; const A: &str = \"\";",
        ),
    ] {
        let sources = Sources::from([("lib.rs", lib), (path, source)]);
        assert_eq!(sources.out_of_order(&order).len(), 1, "{path}: {source}");
    }
}

#[test]
fn what_is_no_import_against_the_order_is_left_alone() {
    let order = ["error", "key", "verify"].map(str::to_owned);
    let lib = "pub mod key; pub use key::SigningKey; pub use verify::Verdict;";
    for (path, source) in [
        (
            "verify.rs",
            "use crate::{Error, key::{SigningKey}}; pub(crate) fn verify() {}",
        ),
        (
            "key.rs",
            "//! See [`crate::verify`].\nconst A: &str = \"crate::verify\";",
        ),
        (
            "key.rs",
            "const A: &str = r#\"\"crate::verify\"#; fn f<'a>(a: &'a str) {}",
        ),
        ("key/inner.rs", "use super::verify;"),
        ("key.rs", "use crate::key::Other;"),
        (
            "key.rs",
            "#[cfg(test)]\nmod tests {\n use crate::verify::Verifier;\n}",
        ),
        ("key/tests.rs", "use crate::verify::Verifier;"),
    ] {
        let sources = Sources::from([("lib.rs", lib), (path, source)]);
        assert_eq!(sources.out_of_order(&order), [""; 0], "{path}: {source}");
    }
}

#[test]
fn a_crate_named_outside_its_place_is_noticed() {
    let sources = Sources::from([
        ("lib.rs", ""),
        ("vault/mod.rs", "use rusqlite::Connection;"),
        ("wallet.rs", "use rusqlite::Connection;"),
        ("refresh.rs", "// rusqlite is not named here"),
    ]);
    assert_eq!(
        sources.naming_outside("rusqlite", "vault"),
        ["wallet.rs names rusqlite"]
    );
}

#[test]
fn a_circle_is_noticed_directly_through_others_and_inside_of_a_macro() {
    for (files, circles) in [
        (
            [
                ("a.rs", "use crate::b;"),
                ("b.rs", "use crate::A;"),
                ("c.rs", ""),
            ],
            &["a b"][..],
        ),
        (
            [
                ("a.rs", "use crate::b;"),
                ("b.rs", "use crate::c;"),
                ("c.rs", "use super::a;"),
            ],
            &["a b", "a c", "b c"],
        ),
        (
            [
                ("a.rs", "use crate::b;"),
                ("b.rs", "fn f() { x!(1, crate::a::f()) }"),
                ("c.rs", ""),
            ],
            &["a b"],
        ),
        (
            [
                ("a.rs", "use crate::b;"),
                ("b.rs", "#[cfg(test)] mod tests { use crate::a; }"),
                ("c.rs", "use crate::{a, b};"),
            ],
            &[],
        ),
    ] {
        let [a, b, c] = files;
        let sources = Sources::from([("lib.rs", "mod a; pub use a::A;"), a, b, c]);
        assert_eq!(sources.circles(), circles, "{files:?}");
    }
}

#[test]
fn the_order_is_read_from_the_page() {
    let page =
        "Inside `credential`, each file may use only those to its left:\n`error time | key`.\n";
    let sentence = "each file may use only those to its left";
    assert_eq!(order_of(page, sentence), ["error", "time", "key"]);
}

/// The modules that the architecture page puts in order.
fn order_of(page: &str, sentence: &str) -> Vec<String> {
    let (_, rest) = page.split_once(sentence).unwrap();
    let line = rest.split('`').nth(1).unwrap();
    let modules = line.split_whitespace().filter(|&word| word != "|");
    modules.map(str::to_owned).collect()
}

/// The modules that the architecture page lists for a crate: the first cells of the table in its
/// section.
fn listed_in(page: &str, heading: &str) -> BTreeSet<String> {
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let (_, table) = section
        .split_once("| module | what it is |\n|---|---|\n")
        .unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).unwrap().to_owned())
        .collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}
