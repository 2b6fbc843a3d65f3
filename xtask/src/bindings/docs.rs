//! Every export says what it is, in words that read well in KDoc and in DocC.
//!
//! `missing_docs` of the compiler sees what is public in Rust; this sees what the metadata carries
//! over, private methods of exported objects and the fields of variants among them.

use crate::folders::root;
use crate::shell::{output, program};
use std::path::Path;

/// What only rustdoc or only Rust understands, and why it may not stand in a comment.
const OUT_OF_PLACE: [(&str, &str); 8] = [
    ("/*", "breaks the generated comment"),
    ("*/", "breaks the generated comment"),
    ("[`", "is a link of rustdoc's"),
    ("::", "is a path of Rust's"),
    ("`None`", "is Rust's word for nothing"),
    ("`Some", "is Rust's word"),
    ("`Ok", "is Rust's word"),
    ("Vec<", "is a type of Rust's"),
];

/// Checks the comments of everything that `library` exports.
///
/// # Errors
/// A line for each export with none or a bad one: its file, its name, and what is wrong.
pub(crate) fn check(bindgen: &Path, library: &Path) -> Result<(), String> {
    let listed = output(program(bindgen).arg("docs").arg(library))
        .ok_or("bindgen cannot read what the library exports")?;
    if listed.lines().count() == 0 {
        return Err("the library exports nothing that bindgen could see".to_owned());
    }
    let faults: Vec<String> = listed.lines().filter_map(fault).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        let count = faults.len();
        Err(format!(
            "{}\nxtask: {count} comments to mend",
            faults.join("\n")
        ))
    }
}

/// What is wrong with a line `MODULE`, `NAME`, `DOCUMENTATION`, apart by tabs.
fn fault(line: &str) -> Option<String> {
    let mut parts = line.splitn(3, '\t');
    let (module, name) = (parts.next()?, parts.next()?);
    let wrong = wrong_with(parts.next().unwrap_or_default().trim())?;
    Some(format!("{}: {name}: {wrong}", file_of(module)))
}

fn wrong_with(documentation: &str) -> Option<String> {
    if documentation.is_empty() {
        return Some("has no comment".to_owned());
    }
    if let Some((found, why)) = OUT_OF_PLACE
        .iter()
        .find(|(text, _)| documentation.contains(text))
    {
        return Some(format!("`{found}` {why}"));
    }
    // A heading would stand above the whole page of the item in both languages' pages.
    if documentation
        .split("\\n")
        .any(|line| line.starts_with("# "))
    {
        return Some("has a heading of rustdoc's".to_owned());
    }
    let first = documentation.split("\\n\\n").next().unwrap_or_default();
    (!first.ends_with(['.', ':'])).then(|| "does not begin with a sentence".to_owned())
}

/// The file of a module such as `vidimus_ffi::types`.
fn file_of(module: &str) -> String {
    let mut path = module.split("::");
    let folder = match path.next() {
        Some("vidimus_app") => "core/app/src",
        _ => "bindings/ffi/src",
    };
    let path = path.collect::<Vec<_>>().join("/");
    let file = format!("{folder}/{path}.rs");
    if path.is_empty() || !root().join(&file).exists() {
        folder.to_owned()
    } else {
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_in_plain_words_passes() {
        assert_eq!(
            fault("vidimus_ffi\tFrame.text\tWhat the QR says.\\n\\nAt most 1,852 characters"),
            None
        );
    }

    #[test]
    fn a_missing_comment_is_named_with_its_place() {
        let fault = fault("vidimus_ffi\tFrame.text\t").unwrap();
        assert_eq!(fault, "bindings/ffi/src: Frame.text: has no comment");
    }

    #[test]
    fn what_only_rustdoc_reads_is_refused() {
        for comment in [
            "Ends as [`Wallet`] does.",
            "See Self::end.",
            "Takes application/*.",
            "The reader, or `None`.",
            "Ends.\\n\\n# Errors\\nNever.",
            "the text",
        ] {
            assert!(
                fault(&format!("vidimus_ffi\tWallet\t{comment}")).is_some(),
                "{comment}"
            );
        }
    }
}
