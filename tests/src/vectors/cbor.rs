//! A writer of CBOR that can also write what no one should: it puts down what it is told, in the
//! order in which it is told. It shares no line with the product's own writer, and so checks it.

use std::iter;

/// A head: major type and argument in its shortest form.
pub fn head(major: u8, argument: u64) -> Vec<u8> {
    let major = major << 5;
    let bytes = argument.to_be_bytes();
    match argument {
        0..=23 => vec![major | bytes[7]],
        24..=0xff => vec![major | 24, bytes[7]],
        0x100..=0xffff => [&[major | 25], &bytes[6..]].concat(),
        0x1_0000..=0xffff_ffff => [&[major | 26], &bytes[4..]].concat(),
        _ => [&[major | 27], &bytes[..]].concat(),
    }
}

/// An integer of either sign.
pub fn int(value: i64) -> Vec<u8> {
    match u64::try_from(value) {
        Ok(value) => head(0, value),
        Err(_) => head(1, value.unsigned_abs() - 1),
    }
}

/// A byte string, in its shortest form.
pub fn bytes(value: &[u8]) -> Vec<u8> {
    [&head(2, value.len() as u64), value].concat()
}

/// A text string, in its shortest form.
pub fn text(value: &str) -> Vec<u8> {
    [&head(3, value.len() as u64), value.as_bytes()].concat()
}

/// An array of encoded items.
pub fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [head(4, items.len() as u64), items.concat()].concat()
}

/// An item with a tag before it.
pub fn tag(number: u64, item: &[u8]) -> Vec<u8> {
    [&head(6, number), item].concat()
}

/// `true`, `false` and `null`.
pub const TRUE: u8 = 0xf5;
/// See [`TRUE`].
pub const FALSE: u8 = 0xf4;
/// See [`TRUE`].
pub const NULL: u8 = 0xf6;

/// The key `simple(59)`, under which redacted claims are.
pub fn redacted_keys() -> Vec<u8> {
    vec![0xf8, 59]
}

/// `depth` arrays in one another, the innermost empty.
pub fn nested(depth: usize) -> Vec<u8> {
    iter::repeat_n(0x81, depth - 1).chain([0x80]).collect()
}

/// A map, its entries encoded already.
#[derive(Clone, Default)]
pub struct Map(pub Vec<(Vec<u8>, Vec<u8>)>);

impl Map {
    /// Puts a value under a key, in place of the one there.
    #[must_use]
    pub fn with(mut self, key: Vec<u8>, value: Vec<u8>) -> Self {
        match self.0.iter_mut().find(|entry| entry.0 == key) {
            Some(entry) => entry.1 = value,
            None => self.0.push((key, value)),
        }
        self
    }

    /// The same for a whole number as key.
    #[must_use]
    pub fn at(self, key: i64, value: Vec<u8>) -> Self {
        self.with(int(key), value)
    }

    /// The same map without this key.
    #[must_use]
    pub fn without(mut self, key: i64) -> Self {
        self.0.retain(|entry| entry.0 != int(key));
        self
    }

    /// In bytewise order of the keys.
    pub fn encode(&self) -> Vec<u8> {
        let mut sorted = self.clone();
        sorted.0.sort();
        sorted.encode_as_is()
    }

    /// In the order in which the entries came, and with every double.
    pub fn encode_as_is(&self) -> Vec<u8> {
        let mut map = head(5, self.0.len() as u64);
        for (key, value) in &self.0 {
            map.extend([&key[..], value].concat());
        }
        map
    }

    /// The map with its keys in reverse order, which is not deterministic.
    pub fn encode_backwards(&self) -> Vec<u8> {
        let mut sorted = self.clone();
        sorted.0.sort();
        sorted.0.reverse();
        sorted.encode_as_is()
    }
}
