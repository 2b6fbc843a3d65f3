//! UniFFI's own command line, and one verb more:
//!
//! ```text
//! vidimus-bindgen docs LIBRARY     what the library's exports say of themselves, a line each
//! ```

mod docs;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [verb, library] = arguments.as_slice()
        && verb == "docs"
    {
        return docs::print(library);
    }
    uniffi::uniffi_bindgen_main();
    Ok(())
}
