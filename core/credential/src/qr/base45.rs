//! Base45 (RFC 9285), strict: it decodes only texts that it would itself encode.

use crate::Error;

/// The alphabet of RFC 9285, which is that of a QR's alphanumeric mode (ISO/IEC 18004, table 5).
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// The digit of a byte outside the alphabet. It is so large that no sum with it fits 16 bits, so
/// one check finds both a foreign character and a number that is too large.
const FOREIGN: u32 = 1 << 16;

/// The digit of each byte.
const DIGITS: [u32; 256] = digits();

#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "runs in the compiler, which has no `From` and reports an index out of bounds"
)]
const fn digits() -> [u32; 256] {
    let mut table = [FOREIGN; 256];
    let mut digit = 0;
    while digit < ALPHABET.len() {
        table[ALPHABET[digit] as usize] = digit as u32;
        digit += 1;
    }
    table
}

/// How many characters [`encode`] makes of `bytes` bytes.
#[must_use]
pub const fn encoded_len(bytes: usize) -> usize {
    bytes / 2 * 3 + bytes % 2 * 2
}

/// Encodes bytes: two become three characters, a single last one becomes two (RFC 9285, section 4).
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(encoded_len(bytes.len()));
    encode_into(bytes, &mut text);
    text
}

/// Appends the Base45 of `bytes` to `text`.
pub(super) fn encode_into(bytes: &[u8], text: &mut String) {
    let (pairs, last) = bytes.as_chunks::<2>();
    for pair in pairs {
        let number = u16::from_be_bytes(*pair);
        text.extend([
            character(number % 45),
            character(number / 45 % 45),
            character(number / 2025),
        ]);
    }
    if let [byte] = last {
        let number = u16::from(*byte);
        text.extend([character(number % 45), character(number / 45)]);
    }
}

/// The character of a digit below 45.
fn character(digit: u16) -> char {
    ALPHABET
        .get(usize::from(digit))
        .copied()
        .map_or('0', char::from)
}

/// Decodes text.
///
/// # Errors
/// [`Error::Base45`] for a character outside the alphabet (lower case is outside), three characters
/// worth more than 65,535, two worth more than 255, or a single last character.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let (triples, last) = text.as_bytes().as_chunks::<3>();
    let mut bytes = Vec::with_capacity(triples.len() * 2 + 1);
    for &[low, middle, high] in triples {
        let number = digit(low) + digit(middle) * 45 + digit(high) * 2025;
        let number = u16::try_from(number).map_err(|_| Error::Base45)?;
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    match *last {
        [] => {}
        [low, high] => {
            let number = digit(low) + digit(high) * 45;
            bytes.push(u8::try_from(number).map_err(|_| Error::Base45)?);
        }
        _ => return Err(Error::Base45),
    }
    Ok(bytes)
}

/// The digit of one byte of text, or [`FOREIGN`].
fn digit(byte: u8) -> u32 {
    DIGITS.get(usize::from(byte)).copied().unwrap_or(FOREIGN)
}

/// Whether each character is in the alphabet, which is that of a QR's alphanumeric mode.
pub(super) fn is_alphabet(text: &str) -> bool {
    text.bytes().all(|byte| digit(byte) != FOREIGN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_rfc_9285_hold_both_ways() {
        for (bytes, text) in [
            (&b"AB"[..], "BB8"),
            (b"Hello!!", "%69 VD92EX0"),
            (b"base-45", "UJCLQE7W581"),
            (b"ietf!", "QED8WEX0"),
            (b"", ""),
            (&[0xff, 0xff], "FGW"),
            (&[0], "00"),
            (&[255], "U5"),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).unwrap(), bytes);
            assert_eq!(encoded_len(bytes.len()), text.len());
        }
    }

    #[test]
    fn what_is_not_base45_is_refused() {
        for text in [
            "A",         // a single character
            "BB8A",      // one left over
            "GGW",       // 65,536
            ":::",       // 91,124
            "V5",        // 256
            "::",        // 2,024
            "bb8",       // lower case
            "B\u{ff22}", // a full-width letter, three bytes long
            "BB_",
            "BB8\n",
            "BB\0",
        ] {
            assert_eq!(decode(text), Err(Error::Base45), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_byte_string_survives_the_way_there_and_back(bytes: Vec<u8>) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), encoded_len(bytes.len()));
            prop_assert_eq!(decode(&text).unwrap(), bytes);
        }

        #[test]
        fn a_text_that_decodes_is_the_one_that_its_bytes_encode_to(
            text in "[0-9A-Z $%*+\\-./:]{0,40}"
        ) {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn no_text_makes_the_decoder_panic(text: String) {
            let _ = decode(&text);
        }
    }
}
