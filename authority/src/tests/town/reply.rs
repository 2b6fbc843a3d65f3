//! What a server answers.

use std::collections::BTreeMap;

use serde_json::Value;

pub(in crate::tests) struct Reply {
    pub(in crate::tests) status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    pub(super) fn parse(answer: &[u8]) -> Self {
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("an HTTP head");
        let head = std::str::from_utf8(&answer[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        Self {
            status: status.parse().unwrap(),
            headers: headers.collect(),
            body: answer[end + 4..].to_vec(),
        }
    }

    pub(in crate::tests) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(in crate::tests) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub(in crate::tests) fn text(&self, name: &str) -> String {
        let json = self.json();
        let text = json[name].as_str();
        text.unwrap_or_else(|| panic!("{} {json}", self.status))
            .to_owned()
    }

    /// The status and the error of a refusal.
    pub(in crate::tests) fn refusal(&self) -> (u16, String) {
        (self.status, self.text("error"))
    }
}

pub(in crate::tests) fn refused(status: u16, error: &str) -> (u16, String) {
    (status, error.to_owned())
}
