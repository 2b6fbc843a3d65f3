//! The XcodeGen file of the iPhone apps against the tree: no Mac is here to run it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "xcode_project/yaml.rs"]
mod yaml;

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the XcodeGen file, from which its paths begin.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ios/App")
}

fn text(path: &str) -> String {
    fs::read_to_string(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn project() -> Value {
    yaml::read(&text("project.yml"))
}

/// The targets with their names.
fn targets(project: &Value) -> Vec<(&String, &Value)> {
    project["targets"].as_object().unwrap().iter().collect()
}

fn words(list: &Value) -> BTreeSet<&str> {
    let items = list.as_array().unwrap();
    items.iter().map(|item| item.as_str().unwrap()).collect()
}

/// The base settings of a target, which must be there.
fn setting<'target>(target: &'target Value, key: &str) -> &'target str {
    let value = &target["settings"]["base"][key];
    value.as_str().unwrap_or_else(|| panic!("no {key}"))
}

/// The quoted names after each `prefix` in a Package.swift.
fn named<'text>(manifest: &'text str, prefix: &str) -> BTreeSet<&'text str> {
    let parts = manifest.split(prefix).skip(1);
    parts.map(|part| part.split('"').next().unwrap()).collect()
}

#[test]
fn each_source_and_resource_of_a_target_is_in_the_tree() {
    let project = project();
    for (name, target) in targets(&project) {
        for source in target["sources"].as_array().unwrap() {
            let path = source["path"].as_str().unwrap();
            let at = folder().join(path);
            assert!(at.exists(), "{name}: {path} is not there");
            // What is left out must be there too: else the list says what is no longer true.
            let Some(left_out) = source["excludes"].as_array() else {
                continue;
            };
            for item in left_out {
                let item = item.as_str().unwrap();
                // The project itself is made by XcodeGen, and is not kept.
                let is_there = item == "*.xcodeproj" || matches_a_file(&at, item);
                assert!(is_there, "{name} leaves out {item}, which is not there");
            }
        }
        for key in ["INFOPLIST_FILE", "CODE_SIGN_ENTITLEMENTS"] {
            let file = setting(target, key);
            assert!(folder().join(file).is_file(), "{name}: {key} is {file}");
        }
    }
}

fn matches_a_file(folder: &Path, pattern: &str) -> bool {
    let Some(ending) = pattern.strip_prefix('*') else {
        return folder.join(pattern).exists();
    };
    let mut names = fs::read_dir(folder).unwrap().map(|entry| {
        let name = entry.unwrap().file_name();
        name.into_string().unwrap()
    });
    names.any(|name| name.ends_with(ending))
}

#[test]
fn each_folder_with_an_entry_of_an_app_is_a_target() {
    let project = project();
    let listed: BTreeSet<PathBuf> = targets(&project)
        .iter()
        .flat_map(|(_, target)| target["sources"].as_array().unwrap())
        .map(|source| folder().join(source["path"].as_str().unwrap()))
        .filter(|path| path.is_dir())
        .map(|path| path.canonicalize().unwrap())
        .collect();
    let mut entries = 0;
    for entry in fs::read_dir(folder().join("..")).unwrap() {
        let at = entry.unwrap().path().canonicalize().unwrap();
        if !at.is_dir() || !has_an_entry(&at) {
            continue;
        }
        entries += 1;
        assert!(listed.contains(&at), "{} is in no target", at.display());
    }
    assert_eq!(entries, listed.len(), "each target has an entry");
}

/// Whether a file right in the folder says `@main`.
fn has_an_entry(folder: &Path) -> bool {
    let mut files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files.any(|file| {
        let is_swift = file.extension().is_some_and(|ending| ending == "swift");
        is_swift
            && fs::read_to_string(file)
                .unwrap()
                .contains("\n@main struct ")
    })
}

#[test]
fn the_products_that_a_target_takes_are_those_of_the_package() {
    let project = project();
    let path = project["packages"]["VidimusPhone"]["path"]
        .as_str()
        .unwrap();
    let manifest = text(&format!("{path}/Package.swift"));
    assert!(manifest.contains("name: \"VidimusPhone\""));
    let products = named(&manifest, ".library(name: \"");
    for (name, target) in targets(&project) {
        for dependency in target["dependencies"].as_array().unwrap() {
            assert_eq!(dependency["package"], "VidimusPhone", "{name}");
            let taken = words(&dependency["products"]);
            assert!(taken.is_subset(&products), "{name} takes {taken:?}");
        }
    }
}

#[test]
fn every_test_target_of_the_package_is_in_the_schemes_test_action() {
    let project = project();
    let path = project["packages"]["VidimusPhone"]["path"]
        .as_str()
        .unwrap();
    let tests = folder().join(path).join("Tests");
    let expected: BTreeSet<String> = fs::read_dir(tests)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| format!("VidimusPhone/{name}"))
        .collect();
    let scheme = &project["schemes"]["Vidimus"]["test"]["targets"];
    let tested: BTreeSet<String> = scheme
        .as_array()
        .unwrap()
        .iter()
        .map(|target| target["package"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(tested, expected);
}

#[test]
fn each_target_has_a_scheme_of_its_name_that_builds_it() {
    let project = project();
    for (name, _) in targets(&project) {
        let built = &project["schemes"][name]["build"]["targets"];
        assert!(built[name].is_string(), "{name} has no scheme");
    }
}

/// Android's `applicationId` is the name of the app in its store, as the bundle identifier is in
/// Apple's: an authority that publishes both registers one name.
#[test]
fn the_apps_have_one_name_on_both_systems() {
    let project = project();
    let driver = &project["targets"]["Vidimus"];
    let id = setting(driver, "PRODUCT_BUNDLE_IDENTIFIER");
    let gradle = text("../../android/app/build.gradle.kts");
    assert_eq!(
        named(&gradle, "applicationId = \""),
        BTreeSet::from([id]),
        "Android's"
    );
    let maven = text("../../android/app/pom.xml");
    assert!(maven.contains(&format!("<application>{id}</application>")));
    // The keychain's group, the service of its items and the background task begin with it.
    assert!(text("Vidimus.entitlements").contains(&format!("$(AppIdentifierPrefix){id}<")));
    assert!(text("ThisPhone.swift").contains(&format!("service: \"{id}\"")));
    assert!(text("Info.plist").contains(&format!("<string>{id}.refresh</string>")));
}

/// The store refuses an app without it.
#[test]
fn the_privacy_manifest_is_a_resource() {
    let project = project();
    let kind = &project["options"]["fileTypes"]["xcprivacy"]["buildPhase"];
    assert_eq!(kind, "resources");
    for (name, target) in targets(&project) {
        let mut folders = target["sources"].as_array().unwrap().iter();
        let has_one = folders.any(|source| {
            let folder = folder().join(source["path"].as_str().unwrap());
            folder.join("PrivacyInfo.xcprivacy").is_file()
        });
        assert!(has_one, "{name}");
    }
}

#[test]
fn no_two_targets_have_one_name_in_the_store() {
    let project = project();
    let all = targets(&project);
    let ids = all
        .iter()
        .map(|(_, target)| setting(target, "PRODUCT_BUNDLE_IDENTIFIER"));
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn the_version_and_the_oldest_system_are_those_of_the_workspace() {
    let project = project();
    let base = &project["settings"]["base"];
    let workspace = text("../../Cargo.toml");
    let version = workspace.split("[workspace.package]\n").nth(1).unwrap();
    let version = named(version, "version = \"");
    assert!(version.contains(base["MARKETING_VERSION"].as_str().unwrap()));
    let oldest = project["options"]["deploymentTarget"]["iOS"]
        .as_str()
        .unwrap();
    let major = oldest.strip_suffix(".0").unwrap();
    for manifest in ["../Package.swift", "../../bindings/swift/Package.swift"] {
        assert!(
            text(manifest).contains(&format!(".iOS(.v{major})")),
            "{manifest}"
        );
    }
    let script = text("../build-xcframework.sh");
    assert!(script.contains(&format!("IPHONEOS_DEPLOYMENT_TARGET={oldest}")));
    assert_eq!(base["SWIFT_VERSION"], "6.0");
    assert_eq!(base["SWIFT_TREAT_WARNINGS_AS_ERRORS"], "YES");
}
