//! The documentation that is in a library's metadata. What is good enough is judged elsewhere.

use anyhow::Context;
use std::io::Write;
use uniffi_bindgen::macro_metadata::extract_from_bytes;
use uniffi_meta::{FieldMetadata, Metadata};

/// An exported item: its Rust module, its name under that, and its documentation.
type Item = (String, String, Option<String>);

/// Prints `MODULE`, `NAME` and `DOCUMENTATION` of each export, apart by tabs; line ends as `\n`.
pub(crate) fn print(library: &str) -> anyhow::Result<()> {
    let bytes = std::fs::read(library).with_context(|| format!("reading {library}"))?;
    let mut items: Vec<Item> = extract_from_bytes(&bytes)?
        .into_iter()
        .flat_map(items)
        .collect();
    items.sort();
    let mut stdout = std::io::stdout().lock();
    for (module, name, documentation) in items {
        let line = documentation.unwrap_or_default().replace('\n', "\\n");
        writeln!(stdout, "{module}\t{name}\t{line}")?;
    }
    Ok(())
}

fn items(metadata: Metadata) -> Vec<Item> {
    match metadata {
        Metadata::Func(it) => vec![(it.module_path, it.name, it.docstring)],
        Metadata::Object(it) => vec![(it.module_path, it.name, it.docstring)],
        Metadata::CallbackInterface(it) => vec![(it.module_path, it.name, it.docstring)],
        Metadata::Constructor(it) => {
            let name = format!("{}.{}", it.self_name, it.name);
            vec![(it.module_path, name, it.docstring)]
        }
        Metadata::Method(it) => {
            let name = format!("{}.{}", it.self_name, it.name);
            vec![(it.module_path, name, it.docstring)]
        }
        Metadata::TraitMethod(it) => {
            let name = format!("{}.{}", it.trait_name, it.name);
            vec![(it.module_path, name, it.docstring)]
        }
        Metadata::Record(it) => {
            let mut all = fields(&it.module_path, &it.name, it.fields);
            all.push((it.module_path, it.name, it.docstring));
            all
        }
        Metadata::Enum(it) => {
            let mut all = Vec::new();
            for variant in it.variants {
                let name = format!("{}.{}", it.name, variant.name);
                all.extend(fields(&it.module_path, &name, variant.fields));
                all.push((it.module_path.clone(), name, variant.docstring));
            }
            all.push((it.module_path, it.name, it.docstring));
            all
        }
        // A custom type is in both languages as a type of theirs, which says itself what it is.
        Metadata::CustomType(_)
        | Metadata::Namespace(_)
        | Metadata::UdlFile(_)
        | Metadata::UniffiTrait(_)
        | Metadata::ObjectTraitImpl(_) => Vec::new(),
    }
}

fn fields(module: &str, owner: &str, fields: Vec<FieldMetadata>) -> Vec<Item> {
    let named = fields.into_iter().filter(|field| !field.name.is_empty());
    named
        .map(|it| {
            (
                module.to_owned(),
                format!("{owner}.{}", it.name),
                it.docstring,
            )
        })
        .collect()
}
