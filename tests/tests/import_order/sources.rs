//! Which modules of a crate use which: read out of its sources by `syn`, without tests.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// The sources of one crate, by path, without tests.
pub(crate) struct Sources {
    files: BTreeMap<PathBuf, Found>,
    /// Names that the crate's root imports or re-exports, and the module each comes from.
    exports: BTreeMap<String, String>,
}

impl Sources {
    /// The sources below a folder of the workspace.
    pub(crate) fn of(folder: &str) -> Self {
        let folder = root().join(folder);
        let mut files = Vec::new();
        collect(&folder, &mut files);
        Self::new(files.iter().map(|path| {
            let name = path.strip_prefix(&folder).unwrap().to_path_buf();
            (name, fs::read_to_string(path).unwrap())
        }))
    }

    /// Sources that a test makes up.
    pub(crate) fn from<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self::new(
            files
                .map(|(path, text)| (path.into(), text.to_owned()))
                .into_iter(),
        )
    }

    fn new(files: impl Iterator<Item = (PathBuf, String)>) -> Self {
        let mut files: BTreeMap<PathBuf, Found> = files
            .filter(|(path, _)| {
                !path
                    .iter()
                    .any(|part| part == "tests" || part == "tests.rs")
            })
            .map(|(path, text)| {
                let found = Found::read(&text, depth_of(&path));
                (path, found)
            })
            .collect();
        let crate_root = ["lib.rs", "main.rs"].map(Path::new);
        let crate_root = crate_root
            .into_iter()
            .find_map(|name| files.remove(name))
            .unwrap();
        // A module for tests alone is declared so where it is named, and may be a file of its
        // crate.
        let for_tests: Vec<PathBuf> = files
            .iter()
            .chain([(&PathBuf::from("mod.rs"), &crate_root)])
            .flat_map(|(path, found)| {
                let inside = match path.file_name() {
                    Some(name) if name == "mod.rs" => path.with_file_name(""),
                    _ => path.with_extension(""),
                };
                found.tests.iter().map(move |name| inside.join(name))
            })
            .collect();
        files.retain(|path, _| {
            let module = path.with_extension("");
            !for_tests.iter().any(|tests| module.starts_with(tests))
        });
        Self {
            files,
            exports: crate_root.imports,
        }
    }

    /// The modules at the crate's root, without those of tests.
    pub(crate) fn modules(&self) -> BTreeSet<String> {
        self.files.keys().map(|path| module_of(path)).collect()
    }

    pub(crate) fn has(&self, module: &str) -> bool {
        self.modules().contains(module)
    }

    /// Each use of a module that is not to the left, in words.
    pub(crate) fn out_of_order(&self, order: &[String]) -> Vec<String> {
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
    pub(crate) fn uses(&self, module: &str, wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let files = self.files.keys().filter(|path| module_of(path) == module);
        files
            .flat_map(|path| self.uses_in(path, |used| used != module && wrong(used)))
            .collect()
    }

    fn uses_in(&self, path: &Path, wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let used = self.used_in(path);
        let wrong = used.iter().filter(|used| wrong(used));
        wrong
            .map(|used| format!("{} uses {used}", path.display()))
            .collect()
    }

    fn used_in(&self, path: &Path) -> BTreeSet<String> {
        let used = self.files[path].used.iter();
        used.map(|name| self.exports.get(name).unwrap_or(name).clone())
            .collect()
    }

    /// What each module at the crate's root uses of the others.
    fn graph(&self) -> BTreeMap<String, BTreeSet<String>> {
        let modules = self.modules();
        let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in self.files.keys() {
            let module = module_of(path);
            let mut used = self.used_in(path);
            used.retain(|name| modules.contains(name) && *name != module);
            graph.entry(module).or_default().extend(used);
        }
        graph
    }

    /// Pairs of modules at the crate's root that use each other, directly or through others.
    pub(crate) fn circles(&self) -> Vec<String> {
        let mut reached = self.graph();
        loop {
            let before = reached.clone();
            for used in reached.values_mut() {
                let further: Vec<String> =
                    used.iter().flat_map(|name| before[name].clone()).collect();
                used.extend(further);
            }
            if reached == before {
                return mutual(&reached);
            }
        }
    }

    /// Each file outside of `module` that has a name in its code, in words.
    pub(crate) fn naming_outside(&self, name: &str, module: &str) -> Vec<String> {
        let elsewhere = self
            .files
            .iter()
            .filter(|(path, _)| module_of(path) != module);
        elsewhere
            .filter(|(_, found)| found.names.contains(name))
            .map(|(path, _)| format!("{} names {name}", path.display()))
            .collect()
    }
}

/// What one file has, outside of its tests.
#[derive(Default)]
struct Found {
    /// How many `super` lead to the crate's root.
    depth: usize,
    /// The first names of all paths that start at the crate's root.
    used: BTreeSet<String>,
    names: BTreeSet<String>,
    /// What the file's own `use` brings in: each name, and the first part of its path.
    imports: BTreeMap<String, String>,
    /// Modules that are declared for tests alone.
    tests: BTreeSet<String>,
}

impl Found {
    fn read(text: &str, depth: usize) -> Self {
        let mut found = Self {
            depth,
            ..Self::default()
        };
        found.visit_file(&syn::parse_file(text).unwrap());
        found
    }

    /// Takes a path such as `crate::a::b` or `super::super::a`.
    fn path(&mut self, parts: &[String]) {
        let supers = parts.iter().take_while(|part| *part == "super").count();
        let at_root = parts.first().is_some_and(|part| part == "crate");
        let start = if at_root { 1 } else { supers };
        if (at_root || supers > 0 && supers == self.depth)
            && let Some(name) = parts.get(start)
        {
            self.used.insert(name.clone());
        }
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let mut parts = before.to_vec();
        match tree {
            syn::UseTree::Path(path) => {
                parts.push(path.ident.to_string());
                self.tree(&parts, &path.tree);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.tree(&parts, tree));
            }
            syn::UseTree::Name(name) => self.import(parts, &name.ident, &name.ident),
            syn::UseTree::Rename(name) => self.import(parts, &name.ident, &name.rename),
            syn::UseTree::Glob(_) => self.path(&parts),
        }
    }

    fn import(&mut self, mut parts: Vec<String>, name: &syn::Ident, named: &syn::Ident) {
        parts.push(name.to_string());
        self.path(&parts);
        if let Some(first) = parts
            .iter()
            .find(|part| !["self", "crate"].contains(&part.as_str()))
        {
            self.imports.insert(named.to_string(), first.clone());
        }
    }

    /// The inside of a macro, which `syn` leaves as it is written.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    self.names.insert(name.to_string());
                    if colons != 2 {
                        self.path(&path);
                        path.clear();
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    self.path(&path);
                    path.clear();
                }
                _ => {
                    self.path(&path);
                    path.clear();
                    colons = 0;
                }
            }
        }
        self.path(&path);
    }
}

impl Visit<'_> for Found {
    fn visit_item(&mut self, item: &syn::Item) {
        let attributes = match item {
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Struct(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if !attributes.iter().any(is_for_tests) {
            visit::visit_item(self, item);
        } else if let syn::Item::Mod(item) = item {
            self.tests.insert(item.ident.to_string());
        }
    }

    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        self.depth += 1;
        visit::visit_item_mod(self, item);
        self.depth -= 1;
    }

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.tree(&[], &item.tree);
        visit::visit_item_use(self, item);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let parts = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        let parts: Vec<String> = parts.collect();
        self.path(&parts);
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &syn::Visibility) {
        // `pub(in super::super)` is no use of a module.
    }

    fn visit_macro(&mut self, item: &syn::Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    fn visit_ident(&mut self, name: &proc_macro2::Ident) {
        self.names.insert(name.to_string());
    }
}

/// The pairs of which each has the other.
fn mutual(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let pairs = graph
        .iter()
        .flat_map(|(one, used)| used.iter().map(move |other| (one, other)));
    let mutual = pairs.filter(|(one, other)| one < other && graph[*other].contains(*one));
    mutual
        .map(|(one, other)| format!("{one} {other}"))
        .collect()
}

/// `#[cfg(test)]`, or that and the feature `testing`, which only other crates' tests switch on.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let condition = attribute.meta.require_list();
    attribute.path().is_ident("cfg")
        && condition.is_ok_and(|list| {
            let condition = list.tokens.to_string();
            condition == "test" || condition.contains("\"testing\"")
        })
}

/// The module at the crate's root that a file belongs to.
fn module_of(path: &Path) -> String {
    let first = path.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// How many modules are between a file and the crate's root: how many `super` lead there.
fn depth_of(path: &Path) -> usize {
    let parts = path.iter().count();
    if path.ends_with("mod.rs") {
        parts - 1
    } else {
        parts
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

/// The workspace's folder. It holds every crate.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}
