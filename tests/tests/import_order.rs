//! The arrows of `docs/architecture.md`: who may use whom. Cargo enforces those between crates,
//! once their manifests are right; here the rest is read out of the sources.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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
    assert_eq!(order.len(), 8, "{order:?}");
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
        for name in ours {
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

/// The sources of one crate as tokens, by path, without comments, strings and tests.
struct Sources {
    files: BTreeMap<PathBuf, Vec<String>>,
    /// Names that `lib.rs` re-exports, and the module each comes from.
    exports: BTreeMap<String, String>,
}

impl Sources {
    fn of(folder: &str) -> Self {
        let folder = root().join(folder);
        let mut files = Vec::new();
        collect(&folder, &mut files);
        let relative = files.iter().map(|path| {
            let name = path.strip_prefix(&folder).unwrap().to_path_buf();
            (name, fs::read_to_string(path).unwrap())
        });
        Self::new(relative)
    }

    fn from<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self::new(
            files
                .into_iter()
                .map(|(path, text)| (path.into(), text.to_owned())),
        )
    }

    fn new(files: impl Iterator<Item = (PathBuf, String)>) -> Self {
        let mut files: BTreeMap<PathBuf, Vec<String>> = files
            .filter(|(path, _)| {
                !path
                    .iter()
                    .any(|part| part == "tests" || part == "tests.rs")
            })
            .map(|(path, text)| (path, tokens(&text)))
            .collect();
        let lib = files.remove(Path::new("lib.rs")).unwrap();
        let mut exports = BTreeMap::new();
        for statement in lib.split(|token| token == ";") {
            if let Some(at) = statement.iter().position(|token| token == "use") {
                let module = &statement[at + 1];
                for name in &statement[at + 2..] {
                    exports.insert(name.clone(), module.clone());
                }
            }
        }
        Self { files, exports }
    }

    fn has(&self, module: &str) -> bool {
        self.files.keys().any(|path| module_of(path) == module)
    }

    /// Each use of a module that does not stand to the left, in words.
    fn out_of_order(&self, order: &[String]) -> Vec<String> {
        let place = |module: &str| order.iter().position(|name| name == module);
        let mut found = Vec::new();
        for path in self.files.keys() {
            let module = module_of(path);
            let Some(own) = place(&module) else {
                found.push(format!("{} has no place in the order", path.display()));
                continue;
            };
            let wrong = |used: &str| place(used).is_some_and(|place| place > own);
            found.extend(self.uses_in(path, wrong));
        }
        found
    }

    /// Each use of a module for which `wrong` holds in the files of `module`, in words.
    fn uses(&self, module: &str, wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let files = self.files.keys().filter(|path| module_of(path) == module);
        files
            .flat_map(|path| self.uses_in(path, |used| used != module && wrong(used)))
            .collect()
    }

    fn uses_in(&self, path: &Path, wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let depth = depth_of(path);
        let used = roots(&self.files[path], depth).into_iter().map(|name| {
            let module = self.exports.get(&name).cloned();
            module.unwrap_or(name)
        });
        let wrong = used.filter(|used| wrong(used));
        wrong
            .map(|used| format!("{} uses {used}", path.display()))
            .collect()
    }

    fn naming_outside(&self, name: &str, module: &str) -> Vec<String> {
        let elsewhere = self
            .files
            .iter()
            .filter(|(path, _)| module_of(path) != module);
        elsewhere
            .filter(|(_, tokens)| tokens.iter().any(|token| token == name))
            .map(|(path, _)| format!("{} names {name}", path.display()))
            .collect()
    }
}

/// The module at the crate's root that a file belongs to.
fn module_of(path: &Path) -> String {
    let first = path.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// How many modules lie between a file and the crate's root: how many `super` lead there.
fn depth_of(path: &Path) -> usize {
    let parts = path.iter().count();
    if path.ends_with("mod.rs") {
        parts - 1
    } else {
        parts
    }
}

/// The first names of all paths that start at the crate's root.
fn roots(tokens: &[String], depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut supers = 0;
    for (at, token) in tokens.iter().enumerate() {
        let follows = |text: &str| tokens.get(at + 1).is_some_and(|next| next == text);
        supers = match token.as_str() {
            "super" => supers + 1,
            "::" => supers,
            _ => 0,
        };
        let at_root = token == "crate" || token == "super" && supers == depth;
        if at_root && follows("::") {
            found.extend(heads(&tokens[at + 2..]));
        }
    }
    found.retain(|name| name != "super" && name != "self");
    found
}

/// The first name of a path, or those of a braced group of paths.
fn heads(tokens: &[String]) -> Vec<String> {
    if tokens[0] != "{" {
        return vec![tokens[0].clone()];
    }
    let mut found = Vec::new();
    let mut braces = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => braces += 1,
            "}" => braces -= 1,
            _ if braces == 1 && (tokens[at - 1] == "," || at == 1) => found.push(token.clone()),
            _ => {}
        }
        if braces == 0 {
            break;
        }
    }
    found
}

/// Names, `::` and single signs of the text up to its `mod tests {`, without comments and literals.
fn tokens(text: &str) -> Vec<String> {
    let text = match text.split_once("#[cfg(test)]\nmod tests {") {
        Some((code, _)) => code,
        None => text,
    };
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            quoted(rest)
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            let fence = rest[1..].find('"').unwrap_or(0);
            let end = format!("\"{}", "#".repeat(fence));
            let start = fence + 2;
            rest[start..]
                .find(&end)
                .map_or(rest.len(), |at| start + at + end.len())
        } else if first == '\'' {
            character(rest)
        } else if first.is_alphanumeric() || first == '_' {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            found.push(rest[..end].to_owned());
            end
        } else if rest.starts_with("::") {
            found.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                found.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// The length of a string literal with its quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal, or of the sign that begins a lifetime.
fn character(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    match (signs.next(), signs.next()) {
        (Some((_, '\\')), Some(_)) => signs.find(|&(_, c)| c == '\'').map_or(1, |(at, _)| at + 1),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}
