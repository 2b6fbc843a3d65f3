//! The table as Kotlin.

use super::languages::LANGUAGES;
use super::names::upper;
use super::table::{Row, Table};

/// `Word.kt`.
pub(crate) fn source(table: &Table) -> String {
    let mut code = String::from(
        "// Made by cargo xtask texts from texts/texts.tsv. Change that.\npackage org.vidimus.shell\n\n",
    );
    languages(&mut code);
    words(table, &mut code);
    plurals(table, &mut code);
    code
}

fn languages(code: &mut String) {
    let entries: Vec<String> = LANGUAGES
        .iter()
        .map(|language| {
            let direction = if language.right_to_left { ", true" } else { "" };
            format!(
                "    {}({}{direction}),\n",
                upper(language.name),
                quoted(language.tag)
            )
        })
        .collect();
    code.push_str(&format!(
        "\
/**
 * A language that the apps speak.
 *
 * @property tag its primary subtag of BCP 47
 * @property rightToLeft whether its lines run from right to left
 */
public enum class Language(
    public val tag: String,
    public val rightToLeft: Boolean = false,
) {{
{}    ;

    /** Finds a language. */
    public companion object {{
        /** The language of a tag such as `zh-Hans-CN`, by its first part; English where the apps do not speak it. */
        public fun of(languageTag: String): Language {{
            val primary = languageTag.substringBefore('-').substringBefore('_')
            return entries.firstOrNull {{ it.tag.equals(primary, ignoreCase = true) }} ?: ENGLISH
        }}
    }}
}}

",
        entries.concat()
    ));
}

fn words(table: &Table, code: &mut String) {
    code.push_str(
        "\
/**
 * A text of the apps: a row of the table.
 *
 * @property key its key there
 */
public enum class Word(
    public val key: String,
",
    );
    fields("String", code);
    code.push_str(") {\n");
    for row in table.words() {
        let texts: Vec<String> = row.texts.iter().map(|text| quoted(text)).collect();
        let (name, key) = (upper(&row.key), quoted(&row.key));
        code.push_str(&format!("    {name}({key}, {}),\n", texts.join(", ")));
    }
    code.push_str("    ;\n\n    /** The text in a language, its placeholders not filled. */\n");
    choice("text", "String", code);
    code.push_str("}\n\n");
}

fn plurals(table: &Table, code: &mut String) {
    code.push_str(
        "\
/**
 * A text that hangs on a number.
 *
 * @property key the beginning of its rows' keys in the table
 */
public enum class Plural(
    public val key: String,
",
    );
    fields("List<String>", code);
    code.push_str(") {\n");
    for group in table.plurals() {
        let forms = table.forms(group);
        code.push_str(&format!(
            "    {}(\n        {},\n",
            upper(group),
            quoted(group)
        ));
        for (tag, texts) in by_language(&forms) {
            let texts: Vec<String> = texts.into_iter().map(quoted).collect();
            code.push_str(&format!(
                "        // {tag}\n        listOf({}),\n",
                texts.join(", ")
            ));
        }
        code.push_str("    ),\n");
    }
    code.push_str(
        "    ;\n\n    /** The forms of a language: zero, one, two, few, many, other. */\n",
    );
    choice("forms", "List<String>", code);
    code.push_str("}\n");
}

/// The forms of a plural, language by language.
pub(super) fn by_language<'a>(forms: &[&'a Row]) -> Vec<(&'static str, Vec<&'a str>)> {
    LANGUAGES
        .iter()
        .map(|language| {
            let cells = forms.iter().flat_map(|row| row.cells());
            let own = cells.filter(|(tag, _)| *tag == language.tag);
            (language.tag, own.map(|(_, text)| text).collect())
        })
        .collect()
}

/// A field of the constructor for each language.
fn fields(class: &str, code: &mut String) {
    for language in &LANGUAGES {
        code.push_str(&format!("    private val {}: {class},\n", language.name));
    }
}

/// The function that takes one of these fields.
fn choice(name: &str, class: &str, code: &mut String) {
    code.push_str(&format!(
        "    internal fun {name}(language: Language): {class} =\n        when (language) {{\n"
    ));
    for language in &LANGUAGES {
        let entry = upper(language.name);
        code.push_str(&format!(
            "            Language.{entry} -> {}\n",
            language.name
        ));
    }
    code.push_str("        }\n");
}

fn quoted(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('$', "\\$");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_plurals_become_entries() {
        let mut text = "\nshow.to\tFor {0}\tz\ta\tb\te\n".to_owned();
        for form in super::super::table::CATEGORIES {
            text.push_str(&format!("age.days.{form}\t{form}\tz\ta\tb\te\n"));
        }
        let (table, _) = Table::read(&text);
        let code = source(&table);
        assert!(code.contains(r#"    SHOW_TO("show.to", "For {0}", "z", "a", "b", "e"),"#));
        assert!(code.contains(r#"        listOf("zero", "one", "two", "few", "many", "other"),"#));
        assert!(code.contains("    AGE_DAYS(\n        \"age.days\",\n"));
        assert!(code.contains("    ARABIC(\"ar\", true),\n"));
        assert!(!code.contains("AGE_DAYS_ONE"));
    }

    #[test]
    fn what_kotlin_would_read_as_code_is_escaped() {
        assert_eq!(quoted(r#"a "b" $c \d"#), r#""a \"b\" \$c \\d""#);
    }
}
