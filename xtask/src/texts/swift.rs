//! The table as Swift. A switch of literals: a large array would keep the type checker busy for
//! minutes.

use super::kotlin::by_language;
use super::languages::LANGUAGES;
use super::names::camel;
use super::table::Table;

/// `Word.swift`.
pub(crate) fn source(table: &Table) -> String {
    let mut code = String::from(
        "// Made by cargo xtask texts from texts/texts.tsv. Change that.\n// swift-format-ignore-file\n\n",
    );
    languages(&mut code);
    words(table, &mut code);
    plurals(table, &mut code);
    code
}

fn languages(code: &mut String) {
    code.push_str(
        "\
/// A language that the apps speak. Its raw value is its primary subtag of BCP 47.
public enum Language: String, CaseIterable, Sendable {
",
    );
    for language in &LANGUAGES {
        code.push_str(&format!(
            "    case {} = {}\n",
            language.name,
            quoted(language.tag)
        ));
    }
    code.push_str(
        "
    /// Its primary subtag of BCP 47.
    public var tag: String { rawValue }

    /// Whether its lines run from right to left.
    public var rightToLeft: Bool {
        switch self {
",
    );
    for language in &LANGUAGES {
        code.push_str(&format!(
            "        case .{}: {}\n",
            language.name, language.right_to_left
        ));
    }
    code.push_str(
        "        }
    }

    /// The language of a tag such as `zh-Hans-CN`, by its first part; English where the apps do not
    /// speak it.
    public static func of(_ languageTag: String) -> Language {
        let primary = languageTag.prefix { $0 != \"-\" && $0 != \"_\" }
        return Language(rawValue: primary.lowercased()) ?? .english
    }

    /// The one of these that is of this language.
",
    );
    let parameters: Vec<String> = LANGUAGES
        .iter()
        .map(|language| format!("_ {}: Choice", language.name))
        .collect();
    code.push_str(&format!(
        "    func choose<Choice>({}) -> Choice {{\n        switch self {{\n",
        parameters.join(", ")
    ));
    for language in &LANGUAGES {
        code.push_str(&format!("        case .{0}: {0}\n", language.name));
    }
    code.push_str("        }\n    }\n}\n\n");
}

fn words(table: &Table, code: &mut String) {
    code.push_str(
        "\
/// A text of the apps: a row of the table. Its raw value is its key there.
public enum Word: String, CaseIterable, Sendable {
",
    );
    for row in table.words() {
        code.push_str(&format!(
            "    case {} = {}\n",
            camel(&row.key),
            quoted(&row.key)
        ));
    }
    code.push_str(
        "
    /// Its key in the table.
    public var key: String { rawValue }

    /// The text in a language, its placeholders not filled.
    func text(_ language: Language) -> String {
        switch self {
",
    );
    for row in table.words() {
        let texts: Vec<String> = row.texts.iter().map(|text| quoted(text)).collect();
        let name = camel(&row.key);
        code.push_str(&format!(
            "        case .{name}: language.choose({})\n",
            texts.join(", ")
        ));
    }
    code.push_str("        }\n    }\n}\n\n");
}

fn plurals(table: &Table, code: &mut String) {
    code.push_str(
        "\
/// A text that hangs on a number. Its raw value is the beginning of its rows' keys in the table.
public enum Plural: String, CaseIterable, Sendable {
",
    );
    for group in table.plurals() {
        code.push_str(&format!("    case {} = {}\n", camel(group), quoted(group)));
    }
    code.push_str(
        "
    /// The beginning of its rows' keys in the table.
    public var key: String { rawValue }

    /// The forms of a language: zero, one, two, few, many, other.
    func forms(_ language: Language) -> [String] {
        switch (self, language) {
",
    );
    for group in table.plurals() {
        let name = camel(group);
        let forms = table.forms(group);
        for (language, (_, texts)) in LANGUAGES.iter().zip(by_language(&forms)) {
            let texts: Vec<String> = texts.into_iter().map(quoted).collect();
            code.push_str(&format!(
                "        case (.{name}, .{}): [{}]\n",
                language.name,
                texts.join(", ")
            ));
        }
    }
    code.push_str("        }\n    }\n}\n");
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_plurals_become_cases() {
        let mut text = "\nshow.to\tFor {0}\tz\ta\tb\te\n".to_owned();
        for form in super::super::table::CATEGORIES {
            text.push_str(&format!("age.days.{form}\t{form}\tz\ta\tb\te\n"));
        }
        let (table, _) = Table::read(&text);
        let code = source(&table);
        assert!(code.contains("    case showTo = \"show.to\"\n"));
        assert!(code.contains(
            "        case .showTo: language.choose(\"For {0}\", \"z\", \"a\", \"b\", \"e\")\n"
        ));
        assert!(code.contains(
            r#"case (.ageDays, .english): ["zero", "one", "two", "few", "many", "other"]"#
        ));
        assert!(code.contains("        case .arabic: true\n"));
        assert!(!code.contains("ageDaysOne"));
    }

    #[test]
    fn what_swift_would_read_as_code_is_escaped() {
        assert_eq!(quoted(r#"a "b" \(c)"#), r#""a \"b\" \\(c)""#);
    }
}
