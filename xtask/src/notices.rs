//! The code inside of the apps, by its licenses: one table for both systems, from what cargo knows
//! of the library that ships, and the lists that the apps show.

use crate::files::{self, At};
use crate::folders::root;
use crate::shell::{cargo, output, said};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The table, from the workspace.
const TABLE: &str = "phones/notices.tsv";
const KOTLIN: &str = "android/shell/generated/org/vidimus/shell/Notices.kt";
const SWIFT: &str = "ios/Sources/VidimusShell/Generated/Notices.swift";
const HEAD: &str = "name\tversion\tlicence\tsystem";

/// Each system as the table calls it, and the processor whose library has the most crates in it.
const SYSTEMS: [(&str, &str); 2] = [
    ("android", "aarch64-linux-android"),
    ("ios", "aarch64-apple-ios"),
];
const BOTH: &str = "both";

/// What cargo does not know of.
const BY_HAND: [(&str, &str, &str); 12] = [
    ("Vidimus", "Apache-2.0 OR MIT", BOTH),
    ("Rust's standard library", "Apache-2.0 OR MIT", BOTH),
    ("SQLite", "Public domain", BOTH),
    (
        "AndroidX, Jetpack Compose, WorkManager",
        "Apache-2.0",
        "android",
    ),
    ("Guava's ListenableFuture", "Apache-2.0", "android"),
    ("JSpecify", "Apache-2.0", "android"),
    ("Kotlin's standard library", "Apache-2.0", "android"),
    ("kotlinx.coroutines", "Apache-2.0", "android"),
    ("kotlinx.serialization", "Apache-2.0", "android"),
    ("ZXing", "Apache-2.0", "android"),
    ("JNA", "Apache-2.0 OR LGPL-2.1-or-later", "android"),
    // JNA's native part is made with it.
    ("libffi", "MIT", "android"),
];

/// `cargo xtask notices`.
pub(crate) fn command() -> bool {
    let made = table().and_then(|table| {
        let file = root().join(TABLE);
        files::write(&file, table.as_bytes()).at(TABLE)?;
        make_lists()
    });
    said(made).is_some()
}

/// Makes the apps' lists of the table, in Kotlin and in Swift.
///
/// # Errors
/// What is wrong with the table, or which file could not be read or written.
pub(crate) fn make_lists() -> Result<(), String> {
    let table = fs::read_to_string(root().join(TABLE)).at(TABLE)?;
    for (file, source) in [
        (KOTLIN, kotlin(&by_licence(&table, "android")?)),
        (SWIFT, swift(&by_licence(&table, "ios")?)),
    ] {
        files::write(&root().join(file), source.as_bytes()).at(file)?;
    }
    Ok(())
}

/// The table as it must be now.
fn table() -> Result<String, String> {
    let mut rows: BTreeMap<[String; 3], BTreeSet<&str>> = BTreeMap::new();
    for (system, triple) in SYSTEMS {
        for part in crates(triple)? {
            rows.entry(part).or_default().insert(system);
        }
    }
    let mut table = vec![HEAD.to_owned()];
    for (name, licence, system) in BY_HAND {
        table.push(format!("{name}\t\t{licence}\t{system}"));
    }
    for ([name, version, licence], systems) in rows {
        let one = systems.first().filter(|_| systems.len() == 1);
        table.push(format!(
            "{name}\t{version}\t{licence}\t{}",
            one.unwrap_or(&BOTH)
        ));
    }
    table.push(String::new());
    Ok(table.join("\n"))
}

/// The crates in a system's library that are not ours. What only builds it, macros too, is not in
/// it.
fn crates(triple: &str) -> Result<Vec<[String; 3]>, String> {
    let tree = format!(
        "tree --quiet --locked --package=vidimus-ffi --no-default-features --features=http \
        --edges=normal,no-proc-macro --target={triple} --prefix=none --no-dedupe --format={{p}}|{{l}}"
    );
    let listed = output(&mut cargo(&tree))
        .ok_or_else(|| format!("cargo tree of vidimus-ffi for {triple} fails"))?;
    let others = listed.lines().filter(|line| !line.starts_with("vidimus-"));
    others.map(part).collect()
}

/// `ring v0.17.14|Apache-2.0 AND ISC` as name, version and license.
fn part(line: &str) -> Result<[String; 3], String> {
    let odd = || format!("cargo tree says {line:?}");
    let (what, licence) = line.split_once('|').ok_or_else(odd)?;
    let mut words = what.split(' ');
    let name = words.next().ok_or_else(odd)?;
    let version = words
        .next()
        .and_then(|word| word.strip_prefix('v'))
        .ok_or_else(odd)?;
    if licence.is_empty() {
        return Err(format!("{name} names no licence"));
    }
    Ok([name.to_owned(), version.to_owned(), in_order(licence)])
}

/// A plain choice in the order of the alphabet, so that one license has one name. `MIT/Apache-2.0`
/// is an old way to write one.
fn in_order(licence: &str) -> String {
    if licence.contains(" AND ") || licence.contains('(') {
        return licence.to_owned();
    }
    let plain = licence.replace('/', " OR ");
    let mut choices: Vec<&str> = plain.split(" OR ").map(str::trim).collect();
    choices.sort_unstable();
    choices.join(" OR ")
}

/// What is in a system's app, under its license, ours first.
fn by_licence(table: &str, system: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut lines = table.lines();
    if lines.next() != Some(HEAD) {
        return Err(format!("{TABLE} begins otherwise than {HEAD:?}"));
    }
    let mut list: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, version, licence, on] = fields[..] else {
            return Err(format!("{TABLE}: {line:?} has not four fields"));
        };
        if on != BOTH && on != system {
            continue;
        }
        let named = format!("{name} {version}").trim_end().to_owned();
        match list.iter_mut().find(|(there, _)| there == licence) {
            Some((_, names)) => names.push(named),
            None => list.push((licence.to_owned(), vec![named])),
        }
    }
    Ok(list)
}

fn kotlin(list: &[(String, Vec<String>)]) -> String {
    let mut code = String::from(
        "\
// Made by cargo xtask texts from phones/notices.tsv, which cargo xtask notices makes.
package org.vidimus.shell

/** What is inside of the app for Android, by its licences. */
public val SHIPPED_NOTICES: List<Notice> =
    listOf(
",
    );
    for (licence, names) in list {
        code.push_str(&format!(
            "        Notice({:?}, {licence:?}),\n",
            names.join(", ")
        ));
    }
    code.push_str("    )\n");
    code
}

fn swift(list: &[(String, Vec<String>)]) -> String {
    let mut code = String::from(
        "\
// Made by cargo xtask texts from phones/notices.tsv, which cargo xtask notices makes.
// swift-format-ignore-file

extension [Notice] {
    /// What is inside of the app for iPhones, by its licenses.
    public static var shipped: [Notice] {
        [
",
    );
    for (licence, names) in list {
        let names = names.join(", ");
        code.push_str(&format!(
            "            Notice(name: {names:?}, licence: {licence:?}),\n"
        ));
    }
    code.push_str("        ]\n    }\n}\n");
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_is_in_the_library_now() {
        let written = fs::read_to_string(root().join(TABLE)).unwrap();
        assert!(
            written == table().unwrap(),
            "{TABLE} is not what Cargo.lock says: cargo xtask notices"
        );
    }

    #[test]
    fn what_is_in_the_library_of_one_system_alone_is_in_its_list_alone() {
        let table = table().unwrap();
        for (with, without, name) in [
            ("android", "ios", "ZXing"),
            ("ios", "android", "security-framework "),
        ] {
            let has = |system| {
                let list = by_licence(&table, system).unwrap();
                list.iter()
                    .flat_map(|(_, names)| names)
                    .any(|there| there.starts_with(name))
            };
            assert!(has(with) && !has(without), "{name}");
        }
        assert!(
            !table.contains("\nsyn\t"),
            "a macro's parser ships in nothing"
        );
    }

    #[test]
    fn one_licence_has_one_name() {
        for (written, named) in [
            ("MIT/Apache-2.0", "Apache-2.0 OR MIT"),
            ("MIT OR Apache-2.0", "Apache-2.0 OR MIT"),
            ("Apache-2.0 AND ISC", "Apache-2.0 AND ISC"),
            (
                "(MIT OR Apache-2.0) AND Unicode-3.0",
                "(MIT OR Apache-2.0) AND Unicode-3.0",
            ),
        ] {
            assert_eq!(in_order(written), named);
        }
    }

    #[test]
    fn a_crate_without_a_licence_is_a_fault() {
        assert_eq!(
            part("ring v0.17.14|Apache-2.0 AND ISC").unwrap()[1],
            "0.17.14"
        );
        assert_eq!(part("odd v1.0.0|").unwrap_err(), "odd names no licence");
        assert!(part("odd").is_err());
    }

    #[test]
    fn parts_of_one_licence_stand_together_in_code() {
        let table = format!(
            "{HEAD}\nOurs\t\tMIT\tboth\nring\t0.17.14\tISC\tboth\ntokio\t1.54.1\tMIT\tandroid\n"
        );
        let list = by_licence(&table, "android").unwrap();
        assert!(
            kotlin(&list).contains(
                "        Notice(\"Ours, tokio 1.54.1\", \"MIT\"),\n        Notice(\"ring"
            )
        );
        let list = by_licence(&table, "ios").unwrap();
        assert!(swift(&list).contains("            Notice(name: \"Ours\", licence: \"MIT\"),\n"));
        assert!(by_licence("name\n", "ios").is_err());
        assert!(by_licence(&format!("{HEAD}\nring\n"), "ios").is_err());
    }
}
