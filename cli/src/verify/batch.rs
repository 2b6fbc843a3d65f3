//! `verify --batch`: one JSON value a line in, one verdict a line out.

use std::io::{self, BufRead, Read};

use serde_json::{Map, Value, json};
use vidimus_credential::UnixTime;

use super::second;
use super::verifier::LoadedVerifier;
use crate::args::parse_category;
use crate::failure::{Failure, Outcome};
use crate::{output, report, runtime};

/// A text of the most characters, each written as six.
const MAX_LINE: u64 = 512 * 1024;

/// Some line got an error instead of a verdict: `EX_DATAERR`.
const SOME_LINE_IS_BAD: u8 = 65;

/// Judges line by line; a bad line gets its own error and the next one is read. Empty lines are
/// passed over.
pub(super) fn run(
    loaded: &mut LoadedVerifier,
    category: Option<&str>,
    now: Option<UnixTime>,
) -> Outcome<u8> {
    let mut input = io::stdin().lock();
    let mut code = 0;
    for number in 1_u64.. {
        let Some(line) = read_line(&mut input)? else {
            break;
        };
        if line
            .as_ref()
            .is_some_and(|line| line.trim_ascii().is_empty())
        {
            continue;
        }
        let mut id = Value::Null;
        let request = line
            .ok_or("the line is longer than 512 KiB")
            .and_then(|line| BatchRequest::read(&line, &mut id));
        let mut answer = match request {
            Ok(request) => {
                let now = request.now.or(now).unwrap_or_else(runtime::now);
                let category = request.category.as_deref().or(category);
                let (verdict, notes) = loaded.judge(&request.text, None, category, now)?;
                report::verdict_json(&verdict, &notes)
            }
            Err(error) => {
                code = SOME_LINE_IS_BAD;
                json!({ "error": error })
            }
        };
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("line".to_owned(), number.into());
            answer.insert("id".to_owned(), id);
        }
        output::json(&answer)?;
        if output::reader_is_gone() {
            break;
        }
    }
    Ok(code)
}

/// The next line without its end; `Some(None)` for one that is too long, `None` after the last.
fn read_line(input: &mut impl BufRead) -> Outcome<Option<Option<Vec<u8>>>> {
    let failed = |error| Failure::bad_input(format!("cannot read standard input: {error}"));
    let mut line = Vec::new();
    let read = input
        .by_ref()
        .take(MAX_LINE)
        .read_until(b'\n', &mut line)
        .map_err(failed)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') || !is_full(read) {
        return Ok(Some(Some(line)));
    }
    // The rest is passed over, a part at a time.
    loop {
        let mut rest = Vec::new();
        let read = input
            .by_ref()
            .take(MAX_LINE)
            .read_until(b'\n', &mut rest)
            .map_err(failed)?;
        if rest.last() == Some(&b'\n') || !is_full(read) {
            return Ok(Some(None));
        }
    }
}

fn is_full(read: usize) -> bool {
    u64::try_from(read).is_ok_and(|read| read >= MAX_LINE)
}

/// What one line asks.
struct BatchRequest {
    text: String,
    now: Option<UnixTime>,
    category: Option<String>,
}

impl BatchRequest {
    /// Reads a line; its `id` is taken even where something else is wrong.
    fn read(line: &[u8], id: &mut Value) -> Result<Self, &'static str> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        match serde_json::from_slice(line) {
            Ok(Value::String(text)) => Ok(Self {
                text,
                now: None,
                category: None,
            }),
            Ok(Value::Object(mut fields)) => {
                *id = fields.remove("id").unwrap_or(Value::Null);
                Self::of_fields(fields)
            }
            Ok(_) => Err("give a JSON string, or an object with `text`"),
            Err(_) => Err("the line is no JSON value"),
        }
    }

    fn of_fields(mut fields: Map<String, Value>) -> Result<Self, &'static str> {
        let Some(Value::String(text)) = fields.remove("text") else {
            return Err("`text` is missing, or no string");
        };
        let now = match fields.remove("now") {
            None | Some(Value::Null) => None,
            Some(value) => Some(
                value
                    .as_u64()
                    .and_then(|seconds| second(seconds).ok())
                    .ok_or("`now` is no second since 1970 up to the end of 9999")?,
            ),
        };
        let category = match fields.remove("category") {
            None | Some(Value::Null) => None,
            Some(value) => Some(
                value
                    .as_str()
                    .and_then(|code| parse_category(code).ok())
                    .ok_or("`category` is no code of 1 to 8 characters")?,
            ),
        };
        if !fields.is_empty() {
            return Err("only `text`, `id`, `now` and `category` are known");
        }
        Ok(Self {
            text,
            now,
            category,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_too_long_is_passed_over_and_the_next_one_is_read() {
        let long = usize::try_from(MAX_LINE).unwrap();
        for length in [long, long + 1, 3 * long] {
            let input = [vec![b'x'; length], b"\nnext\nlast".to_vec()].concat();
            let mut input = io::Cursor::new(input);
            assert_eq!(read_line(&mut input).unwrap(), Some(None), "{length}");
            let next = read_line(&mut input).unwrap();
            assert_eq!(next, Some(Some(b"next\n".to_vec())));
            let last = read_line(&mut input).unwrap();
            assert_eq!(last, Some(Some(b"last".to_vec())));
            assert_eq!(read_line(&mut input).unwrap(), None);
        }
    }

    #[test]
    fn what_a_line_may_hold_is_a_closed_list() {
        let mut id = Value::Null;
        let mut read =
            |line: &str| BatchRequest::read(line.as_bytes(), &mut id).map(|request| request.text);
        assert_eq!(read("\"DL1:A\"").as_deref(), Ok("DL1:A"));
        assert_eq!(read("\u{feff}{\"text\": \"x\"}\r").as_deref(), Ok("x"));
        for bad in [
            "DL1:A",
            "5",
            "{}",
            "{\"text\": 5}",
            "{\"text\": \"x\", \"now\": -1}",
            "{\"text\": \"x\", \"now\": 253402300800}",
            "{\"text\": \"x\", \"category\": \"\"}",
            "{\"text\": \"x\", \"more\": 1}",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read("{\"id\": 7}").is_err());
        assert_eq!(id, 7);
    }
}
