//! UniFFI's own command line, with cheaper calls in the Kotlin that it makes, and one verb more:
//!
//! ```text
//! vidimus-bindgen docs LIBRARY     what the library's exports say of themselves, a line each
//! ```

mod docs;
mod statuses;

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [verb, library] = arguments.as_slice()
        && verb == "docs"
    {
        return docs::print(library);
    }
    uniffi::uniffi_bindgen_main();
    match (
        value_of(&arguments, "--language"),
        value_of(&arguments, "--out-dir"),
    ) {
        (Some("kotlin"), Some(folder)) => statuses::keep(Path::new(folder)),
        _ => Ok(()),
    }
}

/// What follows a flag.
fn value_of<'a>(arguments: &'a [String], flag: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|argument| argument == flag)?;
    arguments.get(at + 1).map(String::as_str)
}
