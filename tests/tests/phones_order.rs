//! The arrows of the phones in `docs/architecture.md`, read out of the imports.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of sources, what its imports may not begin with, and what they may all the same.
const RULES: [(&str, &[&str], &[&str]); 7] = [
    (
        "android/shell/src/main",
        &[
            "android.",
            "androidx.",
            "java.awt.",
            "javax.swing.",
            "org.vidimus.android.",
            "org.vidimus.driver.",
            "org.vidimus.officer.",
            "org.vidimus.reader.",
            "org.vidimus.screens.",
            "org.vidimus.Wallet",
        ],
        // What the start of an app may throw.
        &["org.vidimus.WalletException"],
    ),
    (
        "android/screens/src/main",
        &[
            "android.",
            "androidx.",
            "java.awt.",
            "javax.swing.",
            "org.vidimus.android.",
            "org.vidimus.driver.",
            "org.vidimus.officer.",
            "org.vidimus.reader.",
            "org.vidimus.Wallet",
        ],
        &["androidx.compose."],
    ),
    (
        "android/reader/src/main",
        &[
            "java.awt.",
            "javax.swing.",
            "org.vidimus.android.WalletHome",
            "org.vidimus.app.DriverApp",
            "org.vidimus.driver.",
            "org.vidimus.officer.",
            "org.vidimus.Wallet",
        ],
        &[],
    ),
    (
        "android/wallet/src/main",
        &[
            "org.vidimus.app.",
            "org.vidimus.driver.",
            "org.vidimus.officer.",
            "org.vidimus.reader.",
            "org.vidimus.screens.",
            "org.vidimus.shell.",
        ],
        &[],
    ),
    (
        "ios/Sources/VidimusShell",
        &[
            "AVFoundation",
            "BackgroundTasks",
            "Combine",
            "LocalAuthentication",
            "Security",
            "SwiftUI",
            "UIKit",
            "VidimusDevice",
            "VidimusScreens",
        ],
        &[],
    ),
    (
        "ios/Sources/VidimusScreens",
        &["BackgroundTasks", "LocalAuthentication", "Security"],
        &[],
    ),
    (
        "ios/Sources/VidimusDevice",
        &["SwiftUI", "VidimusApp", "VidimusScreens", "VidimusShell"],
        &[],
    ),
];

#[test]
fn the_parts_of_the_phones_know_each_other_only_along_the_arrows() {
    for (folder, never, but) in RULES {
        let files = sources(
            &Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("..")
                .join(folder),
        );
        assert!(files.len() >= 3, "{folder} has hardly a source");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let wrong = wrong_imports(&text, never, but);
            assert!(wrong.is_empty(), "{} imports {wrong:?}", file.display());
        }
    }
}

#[test]
fn an_import_against_the_arrows_is_noticed() {
    let (_, never, but) = RULES[1];
    let text = "package a\n\nimport androidx.compose.ui.Modifier\nimport androidx.work.Worker\nimport android.os.Build\n";
    assert_eq!(
        wrong_imports(text, never, but),
        ["androidx.work.Worker", "android.os.Build"]
    );
    let (_, never, but) = RULES[4];
    let text = "@testable import SwiftUI\nimport struct Security.Key\nimport Foundation\n";
    assert_eq!(wrong_imports(text, never, but), ["SwiftUI", "Security.Key"]);
}

fn wrong_imports<'text>(text: &'text str, never: &[&str], but: &[&str]) -> Vec<&'text str> {
    let begins = |name: &str, list: &[&str]| list.iter().any(|start| name.starts_with(start));
    text.lines()
        .filter_map(|line| line.trim().split_once("import "))
        .filter(|(before, _)| before.is_empty() || before.starts_with('@'))
        .filter_map(|(_, name)| name.split_whitespace().last())
        .filter(|name| begins(name, never) && !begins(name, but))
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end == "kt" || end == "swift")
            {
                files.push(path);
            }
        }
    }
    files
}
