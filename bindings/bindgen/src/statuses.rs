//! Makes the generated Kotlin cheaper to call: one place a thread for the status of a call.
//!
//! UniFFI makes a JNA `Structure` for each call, which allocates native memory, registers it with a
//! cleaner, and reads and writes its fields by reflection: 2 to 6 us of each call, where the rest
//! takes half a microsecond. The native side writes a status only where a call failed. So each
//! thread keeps one piece of memory for it, and the structure is made only for a call that failed.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

/// What is replaced, each with how often it must be there.
const CHANGES: [(&str, &str, Count); 5] = [
    (
        "uniffi_out_err: UniffiRustCallStatus",
        "uniffi_out_err: Pointer",
        Count::Often,
    ),
    (
        "callback: (UniffiRustCallStatus) -> U): U {
    var status = UniffiRustCallStatus()
    val return_value = callback(status)
    uniffiCheckCallStatus(errorHandler, status)
    return return_value
}
",
        "callback: (Pointer) -> U): U {
    val status = uniffiCallStatus.get()
    val return_value = callback(status)
    if (status.getByte(0) != UNIFFI_CALL_SUCCESS) {
        uniffiCheckCallStatus(errorHandler, uniffiTakeCallStatus(status))
    }
    return return_value
}

/** Where the native side leaves the status of a call that failed; all zero between two calls. */
private val uniffiCallStatus: ThreadLocal<Memory> =
    ThreadLocal.withInitial { Memory(UniffiRustCallStatus().size().toLong()).apply { clear() } }

/** Takes a status out before anything else is called, which may use the same memory. */
private fun uniffiTakeCallStatus(status: Memory): UniffiRustCallStatus {
    val taken = UniffiRustCallStatus()
    val bytes = status.getByteArray(0, taken.size())
    status.clear()
    taken.pointer.write(0, bytes, 0, bytes.size)
    taken.read()
    return taken
}
",
        Count::Once,
    ),
    (
        "private inline fun <U> uniffiRustCall(callback: (UniffiRustCallStatus) -> U): U {",
        "private inline fun <U> uniffiRustCall(callback: (Pointer) -> U): U {",
        Count::Once,
    ),
    (
        "completeFunc: (Long, UniffiRustCallStatus) -> F",
        "completeFunc: (Long, Pointer) -> F",
        Count::OnceOrNever,
    ),
    (
        "import com.sun.jna.Pointer\n",
        "import com.sun.jna.Memory\nimport com.sun.jna.Pointer\n",
        Count::Once,
    ),
];

/// How often a text must be there. Another count means that UniFFI writes something else by now.
#[derive(Clone, Copy)]
enum Count {
    Once,
    OnceOrNever,
    Often,
}

impl Count {
    fn holds(self, count: usize) -> bool {
        match self {
            Self::Once => count == 1,
            Self::OnceOrNever => count <= 1,
            Self::Often => count > 0,
        }
    }
}

/// Changes every Kotlin file below a folder.
///
/// # Errors
/// A file that cannot be read or written, or one that UniFFI wrote differently.
pub(crate) fn keep(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            keep(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "kt") {
            let why = || format!("changing {}", path.display());
            let source = fs::read_to_string(&path).with_context(why)?;
            fs::write(&path, kept(source).with_context(why)?).with_context(why)?;
        }
    }
    Ok(())
}

fn kept(mut source: String) -> anyhow::Result<String> {
    for (from, to, count) in CHANGES {
        let found = source.matches(from).count();
        if !count.holds(found) {
            bail!("UniFFI wrote this {found} times: {from}");
        }
        source = source.replace(from, to);
    }
    Ok(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a generated file that are changed.
    fn generated() -> String {
        CHANGES.map(|(from, _, _)| from).concat()
    }

    #[test]
    fn a_generated_file_has_one_status_a_thread() {
        let source = kept(generated()).unwrap();
        assert!(!source.contains("var status = UniffiRustCallStatus()"));
        assert!(source.contains("uniffi_out_err: Pointer"));
        assert!(source.contains("uniffiCallStatus.get()"));
    }

    #[test]
    fn a_file_that_uniffi_wrote_differently_is_an_error() {
        for (from, _, count) in CHANGES {
            let changed = kept(generated().replacen(from, "", 1));
            assert_eq!(changed.is_ok(), count.holds(0), "{from}");
        }
    }
}
