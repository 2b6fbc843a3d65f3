//! Leaves the values public in the Kotlin that bindgen makes, and makes the rest internal.
//!
//! An app sees the hand-written layer and the values that it hands on. What bindgen needs beside
//! them (converters, buffers, the objects behind the layer, their functions) is for the module of
//! that layer, which is compiled as a friend of this one. UniFFI 0.32 has no setting for it.

/// Records that only cross between the hand-written layer and the library.
const INSIDE: [&str; 7] = [
    "DriverSetup",
    "OfferDetails",
    "OfficerSetup",
    "Overview",
    "Question",
    "ReaderRequestDetails",
    "WalletConfig",
];

/// Kinds of declarations that are no values, as they begin at the left.
const NO_VALUES: [&str; 8] = [
    "abstract class ",
    "class ",
    "fun ",
    "inline fun ",
    "interface ",
    "object ",
    "open class ",
    "suspend fun ",
];

/// Makes all but the values of a generated source internal.
pub(super) fn kotlin(source: &str) -> String {
    let mut hidden = String::with_capacity(source.len());
    for line in source.lines() {
        hidden.push_str(&declaration(line).unwrap_or_else(|| line.to_owned()));
        hidden.push('\n');
    }
    hidden
}

/// The line with its declaration internal; none where it declares nothing to hide.
fn declaration(line: &str) -> Option<String> {
    // What an exception is lifted by.
    if let Some(rest) = line.strip_prefix("    companion object ErrorHandler") {
        return Some(format!("    internal companion object ErrorHandler{rest}"));
    }
    // Functions of no class are indented like members; those have `override` or stand in a class of
    // another indentation.
    for start in ["    @Throws(WalletException::class) ", "     "] {
        if let Some(rest) = line.strip_prefix(start)
            && (rest.starts_with("fun `") || rest.starts_with("suspend fun `"))
        {
            return Some(format!("{start}internal {rest}"));
        }
    }
    let text = line.strip_prefix("public ").unwrap_or(line);
    let name = |rest: &'static str| text.strip_prefix(rest)?.split([' ', '(']).next();
    let inside = name("data class ").is_some_and(|name| INSIDE.contains(&name));
    let no_value = NO_VALUES.iter().any(|kind| text.starts_with(kind));
    (inside || no_value).then(|| format!("internal {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_public_and_what_carries_them_becomes_internal() {
        let source = "data class License (\n    val `id`: kotlin.String\n){\n    companion object\n}\n\
            sealed class WalletException: kotlin.Exception() {\n    class Closed(\n        ) : WalletException()\n\
            \x20   companion object ErrorHandler : Handler<WalletException> {\n    }\n}\nenum class Tone {\n}\n";
        let hidden = kotlin(source);
        assert!(hidden.contains("\n    internal companion object ErrorHandler : "));
        assert_eq!(hidden.matches("internal").count(), 1, "{hidden}");

        for declared in [
            "public object FfiConverterTypeLicense : FfiConverter {",
            "public interface CoreWalletInterface {",
            "open class CoreWallet: Disposable {",
            "interface Disposable {",
            "class InternalException(message: String)",
            "inline fun <T : Disposable?, R> T.use(block: (T) -> R) =",
            "public fun uniffiEnsureInitialized() {",
            "data class Overview (",
            "    @Throws(WalletException::class) fun `coreSetAside`(`directory`: kotlin.String) {",
            "     suspend fun `coreOpenWallet`(`directory`: kotlin.String) : CoreWallet {",
        ] {
            assert!(kotlin(declared).contains("internal "), "{declared}");
        }
        for left in [
            "    @Throws(WalletException::class)override fun `check`(`text`: kotlin.String)",
            "    fun `check`(`text`: kotlin.String)",
            "    suspend fun `frame`(`cancel`: CoreCancelToken): Frame",
            "internal object UniffiLib {",
            "private fun findLibraryName(componentName: String): String {",
        ] {
            assert_eq!(kotlin(left), format!("{left}\n"));
        }
    }
}
