//! Codes that people copy from paper: nine random Crockford characters and a check character.
//!
//! The check is a sum over the field of 32 elements, each character weighted by another power of a
//! generator. So one wrong character, and any two that changed places, are noticed before they
//! count as a try.

use zeroize::Zeroizing;

use super::number;

/// Crockford's characters in the order of their values.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code without its check character: 45 bits.
pub(crate) const RANDOM: usize = 9;
/// The polynomial x^5 + x^2 + 1, by which the field is made.
const POLYNOMIAL: u8 = 0b10_0101;

/// A code whose check character is right.
#[derive(PartialEq, Eq)]
pub(crate) struct ShortCode(Zeroizing<String>);

impl ShortCode {
    /// The code of these random bytes, of which the lowest five bits count.
    pub(crate) fn of(random: &[u8; RANDOM]) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(RANDOM + 1));
        let mut values = Zeroizing::new([0; RANDOM]);
        for (value, byte) in values.iter_mut().zip(random) {
            *value = byte & 31;
        }
        values.iter().for_each(|value| text.push(character(*value)));
        text.push(character(check(&*values)));
        Self(text)
    }

    /// Reads what somebody typed: case, blanks and dashes do not count, and letters that look like
    /// digits are those. `None` where it is no code or its check character is wrong.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        // Long before a code of ten characters is that long with blanks and dashes.
        if typed.len() > 128 {
            return None;
        }
        let plain = Zeroizing::new(number::key(typed));
        let values: Option<Vec<u8>> = plain.chars().map(value).collect();
        let values = Zeroizing::new(values?);
        let (last, random) = values.split_last()?;
        (random.len() == RANDOM && check(random) == *last).then(|| {
            let text = values.iter().map(|value| character(*value)).collect();
            Self(Zeroizing::new(text))
        })
    }

    /// The ten characters without a dash, which are hashed.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as it is printed: two groups of five.
    pub(crate) fn printed(&self) -> Zeroizing<String> {
        let (first, last) = self.0.split_at_checked(5).unwrap_or((&self.0, ""));
        Zeroizing::new(format!("{first}-{last}"))
    }
}

fn character(value: u8) -> char {
    let byte = ALPHABET.get(usize::from(value & 31)).copied();
    char::from(byte.unwrap_or(b'0'))
}

fn value(character: char) -> Option<u8> {
    let read = match character {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let byte = u8::try_from(read).ok()?;
    let place = ALPHABET.iter().position(|known| *known == byte)?;
    u8::try_from(place).ok()
}

/// The check value: the sum of the values, each times the generator to the power of its place from
/// the right, counted from one.
fn check(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| double(sum ^ value))
}

/// Times the generator x.
const fn double(value: u8) -> u8 {
    let moved = value << 1;
    if moved & 32 == 0 {
        moved
    } else {
        moved ^ POLYNOMIAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(byte: u8) -> ShortCode {
        ShortCode::of(&std::array::from_fn(|place| {
            byte.wrapping_mul(u8::try_from(place * 7 + 3).unwrap())
        }))
    }

    #[test]
    fn what_is_printed_is_read_again_however_it_is_typed() {
        for byte in 0..=255 {
            let made = code(byte);
            let printed = made.printed();
            assert_eq!((made.as_str().len(), printed.len()), (10, 11));
            let spaced: String = printed.chars().flat_map(|c| [c, ' ']).collect();
            let alike = printed.replace('0', "o").replace('1', "l");
            for typed in [&printed, &printed.to_lowercase(), &spaced, &alike] {
                assert!(ShortCode::read(typed) == Some(code(byte)), "{typed}");
            }
        }
    }

    #[test]
    fn one_wrong_character_and_two_that_changed_places_are_noticed() {
        let all = std::str::from_utf8(ALPHABET).unwrap();
        for byte in 0..64 {
            let right: Vec<char> = code(byte).as_str().chars().collect();
            for place in 0..right.len() {
                for other in all.chars().filter(|other| *other != right[place]) {
                    let mut wrong = right.clone();
                    wrong[place] = other;
                    assert!(ShortCode::read(&wrong.iter().collect::<String>()).is_none());
                }
                for with in (0..right.len()).filter(|with| right[*with] != right[place]) {
                    let mut wrong = right.clone();
                    wrong.swap(place, with);
                    assert!(ShortCode::read(&wrong.iter().collect::<String>()).is_none());
                }
            }
        }
    }

    #[test]
    fn what_is_no_code_is_not_read() {
        for text in ["", "ABCDE", "UUUUU-UUUUU", "00000-000000", &"0".repeat(200)] {
            assert!(ShortCode::read(text).is_none(), "{text}");
        }
    }
}
