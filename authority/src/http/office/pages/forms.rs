//! What a page's form sends: urlencoded, or multipart where a file is among it (RFC 7578).

use zeroize::Zeroizing;

/// More fields than any form has.
const MOST_FIELDS: usize = 256;

/// The fields of a form, in the order in which they were sent.
pub(super) struct Fields(Vec<(String, Zeroizing<Vec<u8>>)>);

impl Fields {
    /// Reads a body of this content type; `None` where it is no form.
    pub(super) fn read(content_type: &str, body: &[u8]) -> Option<Self> {
        let mut parts = content_type.split(';');
        let kind = parts.next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let pairs = url::form_urlencoded::parse(body).take(MOST_FIELDS);
            return Some(Self(
                pairs
                    .map(|(name, value)| {
                        let value = Zeroizing::new(value.into_owned().into_bytes());
                        (name.into_owned(), value)
                    })
                    .collect(),
            ));
        }
        if !kind.eq_ignore_ascii_case("multipart/form-data") {
            return None;
        }
        let boundary = parts.find_map(|part| part.trim().strip_prefix("boundary="))?;
        multipart(boundary.trim_matches('"'), body).map(Self)
    }

    /// The text of a field without blanks around it; empty where it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.exact(name).trim()
    }

    /// The text of a field as it was typed.
    pub(super) fn exact(&self, name: &str) -> &str {
        let bytes = self.bytes(name);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// A secret that was typed.
    pub(super) fn secret(&self, name: &str) -> Zeroizing<String> {
        Zeroizing::new(self.exact(name).to_owned())
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, name: &str) -> &[u8] {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, value)| value)
    }

    /// Each value of a field that is there several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| std::str::from_utf8(value).unwrap_or_default().trim())
    }

    /// A number; `None` where nothing or none was typed.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).parse().ok()
    }
}

/// The parts of a multipart body.
fn multipart(boundary: &str, body: &[u8]) -> Option<Vec<(String, Zeroizing<Vec<u8>>)>> {
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may stand at the very beginning.
    let first = delimiter.strip_prefix("\r\n")?;
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut fields = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(fields);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head_end = find(rest, b"\r\n\r\n")?;
        let (head, after) = rest.split_at_checked(head_end)?;
        let content = after.get(4..)?;
        let end = find(content, delimiter.as_bytes())?;
        let (value, after) = content.split_at_checked(end)?;
        rest = after.get(delimiter.len()..)?;
        let name = name_of(std::str::from_utf8(head).ok()?)?;
        if fields.len() >= MOST_FIELDS {
            return None;
        }
        fields.push((name, Zeroizing::new(value.to_vec())));
    }
}

/// The name in `Content-Disposition: form-data; name="…"`.
fn name_of(head: &str) -> Option<String> {
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let (_, named) = line.split_once("name=\"")?;
    let (name, _) = named.split_once('"')?;
    Some(name.to_owned())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URLENCODED: &str = "application/x-www-form-urlencoded";

    #[test]
    fn an_urlencoded_form_is_read() {
        let fields = Fields::read(URLENCODED, b"a=1&b=+x%26+&a=2").unwrap();
        assert_eq!((fields.text("a"), fields.text("b")), ("1", "x&"));
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.number::<u32>("a"), Some(1));
        assert_eq!((fields.text("none"), fields.bytes("none")), ("", &[][..]));
        assert!(Fields::read("text/plain", b"a=1").is_none());
    }

    #[test]
    fn a_multipart_form_is_read_with_its_files_and_a_cut_one_is_none() {
        let kind = "multipart/form-data; boundary=XyZ";
        let body = b"--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
            --XyZ\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.jpg\"\r\n\
            Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--Xy\r\n\r\n--XyZ--\r\n";
        let fields = Fields::read(kind, body).unwrap();
        assert_eq!(fields.text("a"), "1");
        assert_eq!(fields.bytes("file"), b"\xff\xd8\r\n--Xy\r\n");
        for end in 0..body.len() - 4 {
            assert!(Fields::read(kind, &body[..end]).is_none(), "{end}");
        }
        assert!(Fields::read("multipart/form-data", body).is_none());
        let none = Fields::read("multipart/form-data; boundary=\"\"", body);
        assert!(none.is_none());
    }
}
