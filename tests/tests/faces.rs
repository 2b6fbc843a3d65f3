//! The Kotlin and the Swift face are one design: their hand-written sources have the same public
//! members, but for those that `bindings/faces.tsv` names with a reason.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const KOTLIN: [&str; 2] = [
    "bindings/kotlin/vidimus/src/main/kotlin/org/vidimus",
    "bindings/kotlin/vidimus/src/app/kotlin/org/vidimus/app",
];
const SWIFT: [&str; 2] = [
    "bindings/swift/Sources/Vidimus",
    "bindings/swift/Sources/VidimusApp",
];

/// Members that a language asks for in its own form: printing, and making.
const OF_THE_LANGUAGE: [&str; 5] = [
    "customMirror",
    "debugDescription",
    "description",
    "init",
    "toString",
];

#[test]
fn both_faces_have_the_same_members_but_for_those_with_a_reason() {
    let kotlin = members(&KOTLIN, "kt", kotlin_members);
    let swift = members(&SWIFT, "swift", swift_members);
    for (face, member) in [
        (&kotlin, "Wallet.keepFresh"),
        (&swift, "Wallet.keepFresh"),
        (&kotlin, "KeyStore.readAnchor"),
        (&swift, "KeyStore.readAnchor"),
        (&kotlin, "WalletStatus.lastRefresh"),
        (&swift, "WalletStatus.lastRefresh"),
        (&kotlin, "QrSymbol.isDark"),
        (&swift, "QrSymbol.isDark"),
        (&kotlin, "DriverApp.updates"),
        (&swift, "DriverApp.updates"),
    ] {
        assert!(face.contains(member), "{member} was not found");
    }
    let reasons = reasons();
    for (language, one, other) in [("kotlin", &kotlin, &swift), ("swift", &swift, &kotlin)] {
        let alone: BTreeSet<&String> = one.difference(other).collect();
        let excused = |member: &str| {
            reasons.iter().any(|(face, named)| {
                let in_type = named.strip_suffix('*');
                face == language
                    && (named == member || in_type.is_some_and(|start| member.starts_with(start)))
            })
        };
        let without: Vec<_> = alone.iter().filter(|member| !excused(member)).collect();
        assert_eq!(
            without, [&&""; 0],
            "only {language} has them: add them to the other face, or a reason to faces.tsv"
        );
        for (_, named) in reasons.iter().filter(|(face, _)| face == language) {
            let start = named.strip_suffix('*').unwrap_or(named);
            assert!(
                alone.iter().any(|member| member.starts_with(start)),
                "{named} of {language} needs no reason any more"
            );
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows of the table: a language, and a member that the other has not.
fn reasons() -> Vec<(String, String)> {
    let table = fs::read_to_string(root().join("bindings/faces.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 3, "{line}");
        assert!(cells[2].len() > 8, "{line} has no reason");
        (cells[0].to_owned(), cells[1].to_owned())
    });
    rows.collect()
}

fn members(
    folders: &[&str],
    extension: &str,
    read: fn(&str, &mut BTreeSet<String>),
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in folders {
        for file in fs::read_dir(root().join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|it| it == extension) {
                read(&fs::read_to_string(path).unwrap(), &mut found);
            }
        }
    }
    found
}

/// Adds a member. The two languages write HTTP and QR as their habit is.
fn add(to: &mut BTreeSet<String>, of: &str, member: &str) {
    if !OF_THE_LANGUAGE.contains(&member) {
        let of = of.replace("HTTP", "Http").replace("QR", "Qr");
        to.insert(format!("{of}.{member}"));
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    &text[..end.unwrap_or(text.len())]
}

/// Takes these words from the front, in any order; says which.
fn without<'a>(mut text: &'a str, words: &[&str]) -> (&'a str, Vec<String>) {
    let mut taken = Vec::new();
    while let Some(first) = words.iter().find(|it| text.starts_with(**it)) {
        taken.push((*first).to_owned());
        text = &text[first.len()..];
    }
    (text, taken)
}

fn kotlin_members(source: &str, found: &mut BTreeSet<String>) {
    let mut open: Option<&str> = None;
    for line in source.lines() {
        let text = line.trim_start();
        let modifiers = [
            "public ",
            "override ",
            "suspend ",
            "data ",
            "sealed ",
            "const ",
        ];
        let (rest, taken) = without(text, &modifiers);
        let seen = taken.iter().any(|it| it == "public " || it == "override ");
        let declared = ["fun ", "val ", "var "]
            .iter()
            .find_map(|it| rest.strip_prefix(it));
        let kind = ["class ", "interface "]
            .iter()
            .find_map(|it| rest.strip_prefix(it));
        match line.len() - text.len() {
            0 if line.starts_with("internal ") || line.starts_with("private ") => open = None,
            0 => {
                if let Some(name) = kind {
                    open = seen.then_some(word(name));
                } else if let Some(path) = declared.filter(|_| seen) {
                    // Of a type: `val Reason.code`, `fun QrSymbol.png(`.
                    let end = path.find(|it: char| !(it.is_alphanumeric() || it == '.'));
                    let path = &path[..end.unwrap_or(path.len())];
                    match path.rsplit_once('.') {
                        Some((of, member)) => add(found, of, member),
                        None => add(found, "", path),
                    }
                }
            }
            4 | 8 => {
                let Some(of) = open else { continue };
                if let Some(name) = declared {
                    // A value's fields are in its head.
                    if seen || (line.starts_with("    val ") && line.ends_with(',')) {
                        add(found, of, word(name));
                    }
                } else if let Some(name) = kind.filter(|_| seen) {
                    add(found, of, word(name));
                }
            }
            _ => {}
        }
    }
}

fn swift_members(source: &str, found: &mut BTreeSet<String>) {
    let mut open: Option<(&str, bool)> = None;
    for line in source.lines() {
        let text = line.trim_start();
        let modifiers = ["public ", "final ", "static ", "mutating "];
        let (rest, taken) = without(text, &modifiers);
        let seen = taken.iter().any(|it| it == "public ");
        let kind = ["class ", "struct ", "enum ", "protocol ", "extension "]
            .iter()
            .find_map(|it| rest.strip_prefix(it).map(|name| (*it, word(name))));
        let declared = ["func ", "var ", "let ", "case "].iter().find_map(|it| {
            rest.strip_prefix(it)
                .map(|name| (*it, word(name.trim_start_matches('`'))))
        });
        match line.len() - text.len() {
            0 => {
                if let Some((kind, name)) = kind {
                    let shown = seen || kind == "extension ";
                    open = shown.then_some((name, kind == "protocol "));
                } else if let Some((_, name)) = declared.filter(|_| seen) {
                    add(found, "", name);
                }
            }
            4 => {
                let Some((of, is_protocol)) = open else {
                    continue;
                };
                match (declared, kind) {
                    (Some((how, name)), _) if seen || is_protocol || how == "case " => {
                        add(found, of, name);
                    }
                    (None, Some((_, name))) if seen => add(found, of, name),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}
