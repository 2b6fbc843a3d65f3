//! JSON whose objects name each key once, and, where the fields are known, no other keys.
//!
//! Of two values under one key each reader takes one, so a file that has them says two things. A
//! key that no one reads is a typing error, or data that its author believes was taken.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What the objects of a file may be named: the file's own fields, and those of the objects in the
/// array under one of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The fields of the file's one object.
    pub(crate) fields: &'static [&'static str],
    /// The field that holds an array of objects.
    pub(crate) rows: &'static str,
    /// The fields of those objects.
    pub(crate) row_fields: &'static [&'static str],
}

/// Where a file is wrong: line and column from 1, as the JSON reader counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) kind: Kind,
}

/// How it is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The text is not JSON.
    Syntax,
    /// Half of a character: a surrogate without its other half (RFC 8259, section 8.2).
    HalfCharacter,
    /// This key is twice in its object.
    Twice(String),
    /// The shape has no such key.
    Stranger(String),
}

/// Reads a file of this shape.
pub(crate) fn read(json: &str, shape: Shape) -> Result<Value, Fault> {
    let found = RefCell::new(None);
    let walk = Walk {
        shape,
        place: Place::File,
        path: String::new(),
        found: &found,
    };
    let mut reader = serde_json::Deserializer::from_str(json);
    let walked = walk.deserialize(&mut reader).and_then(|()| reader.end());
    walked
        .and_then(|()| serde_json::from_str(json))
        .map_err(|error| Fault {
            line: error.line(),
            column: error.column(),
            kind: found.take().unwrap_or_else(|| kind(&error)),
        })
}

fn kind(error: &serde_json::Error) -> Kind {
    // The library does not say this otherwise; a test holds its words.
    let words = error.to_string();
    let half = ["lone leading surrogate", "unexpected end of hex escape"];
    if half.iter().any(|half| words.starts_with(half)) {
        Kind::HalfCharacter
    } else {
        Kind::Syntax
    }
}

/// Which object the walk is in.
#[derive(Clone, Copy)]
enum Place {
    File,
    Rows,
    Row,
    Elsewhere,
}

/// Any JSON value; its content is not kept.
struct Walk<'a> {
    shape: Shape,
    place: Place,
    path: String,
    found: &'a RefCell<Option<Kind>>,
}

impl Walk<'_> {
    fn fields(&self) -> Option<&'static [&'static str]> {
        match self.place {
            Place::File => Some(self.shape.fields),
            Place::Row => Some(self.shape.row_fields),
            Place::Rows | Place::Elsewhere => None,
        }
    }

    fn child(&self, place: Place, path: String) -> Self {
        Self {
            shape: self.shape,
            place,
            path,
            found: self.found,
        }
    }

    /// The path of a key, for a message. A key is shown where it looks like one; anything else
    /// could be a person's data in the wrong place.
    fn named(&self, key: &str) -> String {
        let plain = (1..=32).contains(&key.len())
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        format!("{}{}", self.path, if plain { key } else { "?" })
    }

    fn stop<E: Error>(&self, kind: Kind) -> E {
        self.found.replace(Some(kind));
        E::custom("a key that cannot stand there")
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let place = match self.place {
            Place::Rows => Place::Row,
            _ => Place::Elsewhere,
        };
        let below = self.path.trim_end_matches('.');
        for index in 0_usize.. {
            let item = self.child(place, format!("{below}[{index}]."));
            if list.next_element_seed(item)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = object.next_key::<String>()? {
            let named = self.named(&key);
            if self
                .fields()
                .is_some_and(|known| !known.contains(&key.as_str()))
            {
                return Err(self.stop(Kind::Stranger(named)));
            }
            if keys.contains(&key) {
                return Err(self.stop(Kind::Twice(named)));
            }
            let place = match self.place {
                Place::File if key == self.shape.rows => Place::Rows,
                _ => Place::Elsewhere,
            };
            object.next_value_seed(self.child(place, format!("{named}.")))?;
            keys.insert(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        fields: &["a", "b", "rows"],
        rows: "rows",
        row_fields: &["c"],
    };

    fn kind_of(json: &str) -> Option<Kind> {
        read(json, SHAPE).err().map(|fault| fault.kind)
    }

    #[test]
    fn a_file_of_the_shape_is_read_whatever_its_values_are() {
        for json in [
            r#"{"a": 1, "b": [{"x": {"y": null}}, 1.5, -1, true], "rows": [{"c": "x"}, {"c": {"z": 1}}, 7, [{"q": 1}]]}"#,
            r#"[{"a": 1}]"#,
            "\"text\"",
            "1e400",
        ] {
            let same = serde_json::from_str::<Value>(json).ok();
            assert_eq!(read(json, SHAPE).ok(), same, "{json}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_named_with_its_path() {
        for (json, path) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"{"a": 1, "\u0061": 1}"#, "a"),
            (r#"{"rows": [{"c": 1}, {"c": 1, "c": 2}]}"#, "rows[1].c"),
            (r#"{"b": [[{"x": 1, "x": 2}]]}"#, "b[0][0].x"),
        ] {
            assert_eq!(kind_of(json), Some(Kind::Twice(path.to_owned())), "{json}");
        }
    }

    #[test]
    fn a_key_of_no_field_is_named_with_its_path_where_it_looks_like_one() {
        for (json, path) in [
            (r#"{"d": 1}"#, "d"),
            (r#"{"rows": [{"c": 1, "a": 1}]}"#, "rows[0].a"),
            (r#"{"Adaeze 愛": 1}"#, "?"),
            (r#"{"": 1}"#, "?"),
        ] {
            assert_eq!(
                kind_of(json),
                Some(Kind::Stranger(path.to_owned())),
                "{json}"
            );
        }
        let fault = read("{\n  \"a\": 1,\n  \"d\": 2\n}", SHAPE).err().unwrap();
        assert_eq!((fault.line, fault.column), (3, 5));
    }

    #[test]
    fn half_a_character_is_told_apart_from_other_faults() {
        for json in [
            r#"{"a": "\ud842"}"#,
            r#"{"a": "\ud842x"}"#,
            r#"{"a": "\udfb7"}"#,
            r#"{"a": "\ud842\u0041"}"#,
        ] {
            assert_eq!(kind_of(json), Some(Kind::HalfCharacter), "{json}");
        }
        assert_eq!(kind_of(r#"{"a": "\ud842\udfb7"}"#), None);
        for json in ["{", "", "{\"a\": 1}\u{1a}", "{'a': 1}", "{\"a\": 1,}"] {
            assert_eq!(kind_of(json), Some(Kind::Syntax), "{json}");
        }
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(kind_of(&deep), Some(Kind::Syntax));
    }
}
