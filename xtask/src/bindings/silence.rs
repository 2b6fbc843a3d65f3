//! Makes the values of the driver's app print nothing but their name.
//!
//! Nearly all of them are personal: a screen has a license on it. A record of Kotlin and a value of
//! Swift print their fields by themselves. UniFFI has a way to say otherwise, but it hands the
//! whole value back to Rust, in code for each type.

/// Kotlin: each `data class` of this source that stands by itself gets its own `toString`, and
/// each `sealed class` one that is final, so that its variants have it too.
pub(super) fn kotlin(source: &str) -> String {
    let mut silent = String::with_capacity(source.len());
    let mut record: Option<&str> = None;
    for line in source.lines() {
        let name = |rest: &'static str| {
            let rest = line.strip_prefix(rest)?;
            rest.split([' ', '(', '{']).next()
        };
        if let Some(name) = name("data class ") {
            record = Some(name);
        }
        // A record ends with its companion.
        if let Some(name) = record.take_if(|_| line.trim() == "companion object") {
            silent.push_str(&to_string("override", name));
        }
        silent.push_str(line);
        silent.push('\n');
        if let Some(name) = name("sealed class ") {
            silent.push_str(&to_string("final override", name));
        }
    }
    silent
}

fn to_string(modifiers: &str, name: &str) -> String {
    format!("    {modifiers} fun toString(): String = \"{name}(…)\"\n")
}

/// Swift: a source beside this one with an extension for each `struct`, and for each `enum` with
/// values in it.
pub(super) fn swift(source: &str) -> String {
    let mut extensions = String::from("// Made by cargo xtask bindings.\n");
    let mut kind: Option<(&str, bool)> = None;
    for line in source.lines() {
        // Types stand at the left; `public` may stand on a separate line before.
        let text = line.strip_prefix("public ").unwrap_or(line);
        let name = |rest: &'static str| {
            let rest = text.strip_prefix(rest)?;
            rest.split([':', '{', ' ']).next()
        };
        if let Some(name) = name("struct ") {
            kind = Some((name, true));
        } else if let Some(name) = name("enum ") {
            kind = Some((name, false));
        } else if text == "}" {
            if let Some((name, true)) = kind.take()
                && !name.starts_with("FfiConverter")
            {
                extensions.push_str(&extension(name));
            }
        } else if let Some((_, has_values)) = &mut kind
            && text.starts_with("    case ")
            && text.contains('(')
        {
            *has_values = true;
        }
    }
    extensions
}

fn extension(name: &str) -> String {
    format!(
        "\nextension {name}: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {{\n    \
         /// The type's name alone.\n    \
         public var description: String {{ \"{name}(…)\" }}\n    \
         /// The same as `description`.\n    \
         public var debugDescription: String {{ description }}\n    \
         /// Nothing, so that `dump` shows nothing either.\n    \
         public var customMirror: Mirror {{ Mirror(self, children: []) }}\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_kotlin_prints_its_name_and_a_variant_that_of_its_class() {
        let source = "data class Field (\n    val `text`: String\n){\n\n    companion object\n}\n\
                      sealed class Value {\n    data class Text(\n        val `text`: String) : Value()\n    {\n\n        companion object\n    }\n}\n";
        let silent = kotlin(source);
        for to_string in [
            "    override fun toString(): String = \"Field(…)\"\n    companion object",
            "sealed class Value {\n    final override fun toString(): String = \"Value(…)\"\n",
        ] {
            assert_eq!(silent.matches(to_string).count(), 1, "{silent}");
        }
        assert_eq!(silent.matches("toString").count(), 2, "{silent}");
        assert_eq!(silent.matches("companion object").count(), 2);
    }

    #[test]
    fn a_struct_and_an_enum_with_values_of_swift_print_their_name_and_a_plain_one_its_case() {
        let source = "public struct Field: Equatable {\n    public let text: String\n}\n\npublic enum Value {\n    \n    case text(text: String\n    )\n}\n\
                      \npublic enum Tone {\n    case good\n}\n\nfileprivate struct FfiConverterString: FfiConverter {\n}\n";
        let silent = swift(source);
        assert_eq!(silent.matches("extension").count(), 2, "{silent}");
        assert!(silent.contains("extension Field: CustomStringConvertible"));
        assert!(silent.contains("\"Value(…)\""));
    }
}
