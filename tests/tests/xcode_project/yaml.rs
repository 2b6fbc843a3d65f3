//! As much YAML as an XcodeGen file has: maps and lists by indentation, lists in brackets, quotes
//! and comments. Anything else is an error and not a guess.

use serde_json::{Map, Value};

/// The whole of a document, as JSON has its values.
pub(super) fn read(text: &str) -> Value {
    let mut lines: Vec<Line> = Vec::new();
    for line in text.lines() {
        let content = without_comment(line).trim_end();
        if !content.trim().is_empty() {
            let indent = content.len() - content.trim_start().len();
            lines.push((indent, content.trim_start().to_owned()));
        }
    }
    let mut rest = lines.as_slice();
    let value = block(&mut rest, 0);
    assert!(rest.is_empty(), "cannot read: {}", rest[0].1);
    value
}

/// How far a line is indented, and what it says.
type Line = (usize, String);

fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '#' if !quoted && before == ' ' => return &line[..at],
            _ => {}
        }
        before = letter;
    }
    line
}

/// The map or list of the lines that are indented by `indent`.
fn block(lines: &mut &[Line], indent: usize) -> Value {
    match lines.first() {
        Some((at, text)) if *at == indent && text.starts_with("- ") => list(lines, indent),
        _ => map(lines, indent),
    }
}

fn list(lines: &mut &[Line], indent: usize) -> Value {
    let mut items = Vec::new();
    while let Some((at, text)) = lines.first()
        && *at == indent
        && let Some(item) = text.strip_prefix("- ")
    {
        if key_and_rest(item).is_some() {
            // The first line of a map, which goes on below it.
            let mut inner = vec![(indent + 2, item.to_owned())];
            let below = lines[1..].iter().take_while(|(at, _)| *at > indent);
            inner.extend(below.cloned());
            *lines = &lines[inner.len()..];
            let mut inner = inner.as_slice();
            items.push(map(&mut inner, indent + 2));
            assert!(inner.is_empty(), "cannot read: {}", inner[0].1);
        } else {
            items.push(scalar(item));
            *lines = &lines[1..];
        }
    }
    Value::Array(items)
}

fn map(lines: &mut &[Line], indent: usize) -> Value {
    let mut members = Map::new();
    while let Some((at, text)) = lines.first()
        && *at == indent
    {
        let (key, rest) = key_and_rest(text).unwrap_or_else(|| panic!("cannot read: {text}"));
        *lines = &lines[1..];
        let value = if rest.is_empty() {
            let deeper = lines.first().map_or(0, |(at, _)| *at);
            assert!(deeper > indent, "{key} has no value");
            block(lines, deeper)
        } else {
            scalar(rest)
        };
        let before = members.insert(key.to_owned(), value);
        assert!(before.is_none(), "{key} is there twice");
    }
    Value::Object(members)
}

fn key_and_rest(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (key, rest) = quoted.split_once('"')?;
        return Some((key, rest.strip_prefix(':')?.trim()));
    }
    let (key, rest) = text.split_once(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| (key, rest.trim()))
}

fn scalar(text: &str) -> Value {
    if let Some(inside) = text.strip_prefix('[') {
        let inside = inside.strip_suffix(']').expect("a list ends on its line");
        return inside.split(',').map(|item| scalar(item.trim())).collect();
    }
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    Value::String(bare.unwrap_or(text).to_owned())
}

#[test]
fn maps_lists_quotes_and_comments_are_read() {
    let text =
        "# all of it\na:\n  b: \"1 # 2\" # why\n  c: [x, \"y\"]\nd:\n  - p: q\n    r: s\n  - t\n";
    let expected = serde_json::json!({
        "a": { "b": "1 # 2", "c": ["x", "y"] },
        "d": [{ "p": "q", "r": "s" }, "t"],
    });
    assert_eq!(read(text), expected);
}
