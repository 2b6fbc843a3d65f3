//! A line of a scenario, word by word.

use std::time::Duration;

pub(super) type Parsed<T> = Result<T, String>;

/// Words, and texts in quotes, one after another.
pub(super) struct Tokens(pub(super) std::collections::VecDeque<String>);

impl Tokens {
    pub(super) fn of(line: &str) -> Self {
        let mut tokens = std::collections::VecDeque::new();
        let mut rest = line.trim();
        while !rest.is_empty() {
            let (token, after) = match rest.strip_prefix('"').and_then(|rest| rest.split_once('"'))
            {
                Some((text, after)) => (format!("\"{text}"), after),
                None => {
                    let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
                    (word.to_owned(), after)
                }
            };
            tokens.push_back(token);
            rest = after.trim_start();
        }
        Self(tokens)
    }

    pub(super) fn next(&mut self) -> Parsed<String> {
        self.0
            .pop_front()
            .ok_or_else(|| "something is missing".to_owned())
    }

    pub(super) fn text(&mut self) -> Parsed<String> {
        let token = self.next()?;
        let text = token
            .strip_prefix('"')
            .ok_or_else(|| format!("{token} is no text"))?;
        Ok(text.replace("\\n", "\n"))
    }

    /// Takes the next words where they are these.
    pub(super) fn is(&mut self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        let is_so = self.0.len() >= words.len()
            && words.iter().zip(&self.0).all(|(word, token)| word == token);
        if is_so {
            self.0.drain(..words.len());
        }
        is_so
    }

    pub(super) fn number<T: std::str::FromStr>(&mut self) -> Parsed<T> {
        let token = self.next()?;
        token.parse().map_err(|_| format!("{token} is no number"))
    }

    pub(super) fn span(&mut self) -> Parsed<Duration> {
        span(&self.next()?)
    }

    pub(super) fn end(self) -> Parsed<()> {
        let left: Vec<String> = self.0.into();
        if left.is_empty() {
            Ok(())
        } else {
            Err(format!("what is this? {}", left.join(" ")))
        }
    }
}

pub(super) fn span(text: &str) -> Parsed<Duration> {
    let number = |digits: &str| {
        digits
            .parse::<u64>()
            .map_err(|_| format!("{text} is no span"))
    };
    for (unit, millis) in [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ] {
        if let Some(digits) = text.strip_suffix(unit)
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Ok(Duration::from_millis(number(digits)? * millis));
        }
    }
    Err(format!("{text} is no span"))
}
