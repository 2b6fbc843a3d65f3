//! The table for pages: a module of JavaScript, which every browser reads as it is, and its types
//! for TypeScript.

use super::kotlin::by_language;
use super::languages::LANGUAGES;
use super::table::Table;

const HEAD: &str = "// Made by cargo xtask texts from texts/texts.tsv. Change that.\n";

/// What the module does with the table.
const FUNCTIONS: &str = r#"
/** The language of a tag such as zh-Hans-CN, by its first part; English where the apps do not speak it. */
export function languageOf(tag) {
  const primary = tag.split(/[-_]/)[0].toLowerCase();
  return languages.includes(primary) ? primary : languages[0];
}

/** A word, with its places filled in one pass: braces in a value mean nothing. */
export function text(word, language, ...values) {
  return fill(words[word][languages.indexOf(language)], isolated(language, values));
}

/** A number with its noun. */
export function count(plural, language, number) {
  const forms = plurals[plural][languages.indexOf(language)];
  const form = new Intl.PluralRules(language).select(Math.abs(number));
  return fill(forms[categories.indexOf(form)], [String(number)]);
}

/** A name in another script must not tear a line that runs from right to left. */
function isolated(language, values) {
  return rightToLeft.includes(language) ? values.map((value) => `\u2068${value}\u2069`) : values;
}

function fill(text, values) {
  return text.replace(/\{(\d)\}/g, (place, index) => values[Number(index)] ?? place);
}
"#;

/// `words.mjs`.
pub(crate) fn module(table: &Table) -> String {
    let tags = LANGUAGES.iter().map(|language| language.tag);
    let from_the_right = LANGUAGES.iter().filter(|language| language.right_to_left);
    let from_the_right = from_the_right.map(|language| language.tag);
    let mut code = HEAD.to_owned();
    code.push_str(&format!("export const languages = [{}];\n", list(tags)));
    code.push_str(&format!(
        "export const rightToLeft = [{}];\n",
        list(from_the_right)
    ));
    code.push_str(&format!(
        "const categories = [{}];\n\nexport const words = {{\n",
        list(super::table::CATEGORIES.into_iter())
    ));
    for row in table.words() {
        let texts = list(row.texts.iter().map(String::as_str));
        code.push_str(&format!("  {}: [{texts}],\n", quoted(&row.key)));
    }
    code.push_str("};\n\nexport const plurals = {\n");
    for group in table.plurals() {
        code.push_str(&format!("  {}: [\n", quoted(group)));
        for (_, texts) in by_language(&table.forms(group)) {
            code.push_str(&format!("    [{}],\n", list(texts.into_iter())));
        }
        code.push_str("  ],\n");
    }
    code.push_str("};\n");
    code.push_str(FUNCTIONS);
    code
}

/// `words.d.mts`: which words there are.
pub(crate) fn types(table: &Table) -> String {
    let mut code = HEAD.to_owned();
    let mut union = |name: &str, texts: Vec<&str>| {
        let texts: Vec<String> = texts.into_iter().map(quoted).collect();
        code.push_str(&format!("export type {name} = {};\n", texts.join(" | ")));
    };
    union(
        "Language",
        LANGUAGES.iter().map(|language| language.tag).collect(),
    );
    union("Word", table.words().map(|row| row.key.as_str()).collect());
    union("Plural", table.plurals());
    code.push_str(
        "\
export declare const languages: readonly Language[];
export declare const rightToLeft: readonly Language[];
export declare const words: Readonly<Record<Word, readonly string[]>>;
export declare const plurals: Readonly<Record<Plural, readonly (readonly string[])[]>>;
export declare function languageOf(tag: string): Language;
export declare function text(word: Word, language: Language, ...values: string[]): string;
export declare function count(plural: Plural, language: Language, number: number): string;
",
    );
    code
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(quoted).collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::folders::root;

    /// What a page says of the lines of `expected.tsv` that it has functions for.
    const CHECK: &str = r#"
        const [folder, expected] = process.argv.slice(1);
        const { text, count, languageOf, rightToLeft } = await import(`${folder}/words.mjs`);
        const { readFileSync } = await import("node:fs");
        let looked = 0;
        for (const line of readFileSync(expected, "utf8").trimEnd().split("\n").slice(1)) {
          const [kind, language, input, output] = line.split("\t");
          let said;
          if (kind === "language") {
            const found = languageOf(input);
            said = found !== language ? found : rightToLeft.includes(found) ? "rtl" : "ltr";
          } else if (kind === "count") {
            const [plural, number] = input.split(" ");
            said = count(plural, language, Number(number));
          } else if (kind === "word") {
            const [word, ...values] = input.split("|");
            said = text(word, language, ...values);
          } else continue;
          said = said.replaceAll("\u2068", "⟦").replaceAll("\u2069", "⟧");
          if (said !== output) throw new Error(`${line}: ${said}`);
          looked += 1;
        }
        console.log(looked);
    "#;

    fn table() -> Table {
        let file = root().join("texts/texts.tsv");
        Table::read(&std::fs::read_to_string(file).unwrap()).0
    }

    #[test]
    fn a_page_has_every_word_and_its_types_name_them() {
        let table = table();
        let (module, types) = (module(&table), types(&table));
        for row in table.words() {
            let key = quoted(&row.key);
            assert_eq!(module.matches(&format!("\n  {key}: [")).count(), 1, "{key}");
            assert_eq!(types.matches(&format!(" {key}")).count(), 1, "{key}");
        }
        assert!(types.contains(r#"export type Language = "en" | "zh" | "ar" | "bn" | "es";"#));
        assert!(module.contains(r#"export const rightToLeft = ["ar"];"#));
        assert_eq!(quoted(r#"a "b" \n"#), r#""a \"b\" \\n""#);
    }

    #[test]
    fn a_page_says_what_the_phones_say() {
        let name = format!("vidimus-words-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("words.mjs"), module(&table())).unwrap();
        let mut node = Command::new("node");
        node.args(["--input-type=module", "--eval", CHECK, "--"]);
        node.arg(&folder).arg(root().join("texts/expected.tsv"));
        // Nothing else here needs Node. Where it is not installed, the form alone is looked at.
        let output = node.output();
        std::fs::remove_dir_all(&folder).unwrap();
        let Ok(output) = output else { return };
        let said = String::from_utf8_lossy(&output.stdout);
        let why = String::from_utf8_lossy(&output.stderr);
        let looked: u32 = said.trim().parse().unwrap_or(0);
        assert!(output.status.success() && looked > 40, "{looked}: {why}");
    }
}
