//! The XcodeGen files of the iPhone apps against the tree: no Mac is here to run them.
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

/// The folders of the XcodeGen files: the driver's app and the officer's.
const APPS: [&str; 2] = ["App", "Officer"];

/// The folder of an XcodeGen file, from which its paths begin.
fn folder(app: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../ios")
        .join(app)
}

fn text(app: &str, path: &str) -> String {
    fs::read_to_string(folder(app).join(path))
        .unwrap_or_else(|error| panic!("{app}/{path}: {error}"))
}

fn project(app: &str) -> Value {
    yaml::read(&text(app, "project.yml"))
}

/// Each XcodeGen file with the folder that it is in.
fn projects() -> [(&'static str, Value); 2] {
    APPS.map(|app| (app, project(app)))
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
    for (app, project) in &projects() {
        for (name, target) in targets(project) {
            for source in target["sources"].as_array().unwrap() {
                is_in_the_tree(app, name, source);
            }
            for key in ["INFOPLIST_FILE", "CODE_SIGN_ENTITLEMENTS"] {
                let file = setting(target, key);
                assert!(folder(app).join(file).is_file(), "{name}: {key} is {file}");
            }
        }
    }
}

fn is_in_the_tree(app: &str, name: &str, source: &Value) {
    let path = source["path"].as_str().unwrap();
    let at = folder(app).join(path);
    assert!(at.exists(), "{name}: {path} is not there");
    // What is left out must be there too: else the list says what is no longer true.
    for item in source["excludes"].as_array().into_iter().flatten() {
        let item = item.as_str().unwrap();
        // The project itself is made by XcodeGen, and is not kept.
        let is_there = item == "*.xcodeproj" || matches_a_file(&at, item);
        assert!(is_there, "{name} leaves out {item}, which is not there");
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
    let mut listed: BTreeSet<PathBuf> = BTreeSet::new();
    for (app, project) in &projects() {
        for (_, target) in targets(project) {
            let sources = target["sources"].as_array().unwrap().iter();
            let paths = sources.map(|source| folder(app).join(source["path"].as_str().unwrap()));
            let folders = paths.filter(|path| path.is_dir());
            listed.extend(folders.map(|path| path.canonicalize().unwrap()));
        }
    }
    let mut entries = 0;
    for entry in fs::read_dir(folder("App").join("..")).unwrap() {
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
    for (app, project) in &projects() {
        let path = project["packages"]["VidimusPhone"]["path"]
            .as_str()
            .unwrap();
        let manifest = text(app, &format!("{path}/Package.swift"));
        assert!(manifest.contains("name: \"VidimusPhone\""));
        let products = named(&manifest, ".library(name: \"");
        for (name, target) in targets(project) {
            for dependency in target["dependencies"].as_array().unwrap() {
                assert_eq!(dependency["package"], "VidimusPhone", "{name}");
                let taken = words(&dependency["products"]);
                assert!(taken.is_subset(&products), "{name} takes {taken:?}");
                assert!(imports(app).is_subset(&taken), "{name} takes {taken:?}");
            }
        }
    }
}

/// The products of the phone's package that the files of an app import.
fn imports(app: &str) -> BTreeSet<&'static str> {
    let all = [
        "VidimusDevice",
        "VidimusReader",
        "VidimusScreens",
        "VidimusShell",
    ];
    let mut imported = BTreeSet::new();
    for entry in fs::read_dir(folder(app)).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|ending| ending == "swift") {
            let text = fs::read_to_string(file).unwrap();
            let is_imported = |product: &&str| text.contains(&format!("import {product}\n"));
            imported.extend(all.into_iter().filter(is_imported));
        }
    }
    imported
}

#[test]
fn every_test_target_of_the_package_is_in_the_schemes_test_action() {
    for (app, project) in &projects() {
        let path = project["packages"]["VidimusPhone"]["path"]
            .as_str()
            .unwrap();
        let tests = folder(app).join(path).join("Tests");
        let expected: BTreeSet<String> = fs::read_dir(tests)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| format!("VidimusPhone/{name}"))
            .collect();
        for (name, _) in targets(project) {
            let scheme = &project["schemes"][name]["test"]["targets"];
            let tested: BTreeSet<String> = scheme
                .as_array()
                .unwrap()
                .iter()
                .map(|target| target["package"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(tested, expected, "{name}");
        }
    }
}

#[test]
fn each_target_has_a_scheme_of_its_name_that_builds_it() {
    for (_, project) in &projects() {
        for (name, _) in targets(project) {
            let built = &project["schemes"][name]["build"]["targets"];
            assert!(built[name].is_string(), "{name} has no scheme");
        }
    }
}

/// Android's `applicationId` is the name of the app in its store, as the bundle identifier is in
/// Apple's: an authority that publishes both registers one name.
#[test]
fn the_apps_have_one_name_on_both_systems() {
    for (app, target, android) in [
        ("App", "Vidimus", "app"),
        ("Officer", "VidimusOfficer", "officer"),
    ] {
        let project = project(app);
        let id = setting(&project["targets"][target], "PRODUCT_BUNDLE_IDENTIFIER");
        let gradle = text(app, &format!("../../android/{android}/build.gradle.kts"));
        assert_eq!(
            named(&gradle, "applicationId = \""),
            BTreeSet::from([id]),
            "Android's {android}"
        );
        let maven = text(app, &format!("../../android/{android}/pom.xml"));
        assert!(maven.contains(&format!("<application>{id}</application>")));
    }
}

/// The keychain's group, the service of its items and the background task begin with it.
#[test]
fn the_drivers_app_has_one_name_for_itself_and_its_keys() {
    let project = project("App");
    let id = setting(&project["targets"]["Vidimus"], "PRODUCT_BUNDLE_IDENTIFIER");
    assert!(text("App", "Vidimus.entitlements").contains(&format!("$(AppIdentifierPrefix){id}<")));
    assert!(text("App", "ThisPhone.swift").contains(&format!("service: \"{id}\"")));
    assert!(text("App", "Info.plist").contains(&format!("<string>{id}.refresh</string>")));
}

/// The keychain's group and the service of the officer's keys are the app's, and no wallet's.
#[test]
fn the_officers_app_has_one_name_for_itself_and_its_keys() {
    let project = project("Officer");
    let id = setting(
        &project["targets"]["VidimusOfficer"],
        "PRODUCT_BUNDLE_IDENTIFIER",
    );
    let entitlements = text("Officer", "Officer.entitlements");
    assert!(entitlements.contains(&format!("$(AppIdentifierPrefix){id}<")));
    let settings = text("Officer", "OfficerSettings.swift");
    assert!(settings.contains(&format!("service: \"{id}\"")));
}

/// The store refuses an app without it.
#[test]
fn the_privacy_manifest_is_a_resource() {
    for (app, project) in &projects() {
        let kind = &project["options"]["fileTypes"]["xcprivacy"]["buildPhase"];
        assert_eq!(kind, "resources");
        for (name, target) in targets(project) {
            let mut folders = target["sources"].as_array().unwrap().iter();
            let has_one = folders.any(|source| {
                let folder = folder(app).join(source["path"].as_str().unwrap());
                folder.join("PrivacyInfo.xcprivacy").is_file()
            });
            assert!(has_one, "{name}");
        }
    }
}

#[test]
fn no_two_targets_have_one_name_in_the_store() {
    let projects = projects();
    let all: Vec<_> = projects
        .iter()
        .flat_map(|(_, project)| targets(project))
        .collect();
    let ids = all
        .iter()
        .map(|(_, target)| setting(target, "PRODUCT_BUNDLE_IDENTIFIER"));
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn the_version_and_the_oldest_system_are_those_of_the_workspace() {
    let workspace = text("App", "../../Cargo.toml");
    let version = workspace.split("[workspace.package]\n").nth(1).unwrap();
    let version = named(version, "version = \"");
    for (app, project) in &projects() {
        let base = &project["settings"]["base"];
        assert!(version.contains(base["MARKETING_VERSION"].as_str().unwrap()));
        let oldest = project["options"]["deploymentTarget"]["iOS"]
            .as_str()
            .unwrap();
        let major = oldest.strip_suffix(".0").unwrap();
        for manifest in ["../Package.swift", "../../bindings/swift/Package.swift"] {
            assert!(
                text(app, manifest).contains(&format!(".iOS(.v{major})")),
                "{manifest}"
            );
        }
        let script = text(app, "../build-xcframework.sh");
        assert!(script.contains(&format!("IPHONEOS_DEPLOYMENT_TARGET={oldest}")));
        assert_eq!(base["SWIFT_VERSION"], "6.0");
        assert_eq!(base["SWIFT_TREAT_WARNINGS_AS_ERRORS"], "YES");
    }
}
