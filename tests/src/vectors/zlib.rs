//! A zlib writer (RFC 1950, RFC 1951) of one block with the fixed codes, in which a run of equal
//! bytes becomes one match. Its bytes are the same for ever, which no compressor's are.

/// Compresses into one stream.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = Bits::default();
    out.put(0b011, 3); // the last block, fixed codes
    let mut at = 0;
    while at < bytes.len() {
        literal(&mut out, u32::from(bytes[at]));
        let run = bytes[at + 1..]
            .iter()
            .take_while(|byte| **byte == bytes[at])
            .count();
        at += 1;
        let mut left = run;
        while left >= 3 {
            let length = left.min(258);
            repeat(&mut out, length);
            left -= length;
            at += length;
        }
    }
    literal(&mut out, 256);
    [
        &[0x78, 0x01][..],
        &out.finish(),
        &adler32(bytes).to_be_bytes(),
    ]
    .concat()
}

/// A stream of stored blocks, as long as the bytes and some.
pub fn store(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let count = bytes.len().div_ceil(0xffff).max(1);
    for index in 0..count {
        let block = &bytes[index * 0xffff..bytes.len().min((index + 1) * 0xffff)];
        out.push(u8::from(index + 1 == count));
        let length = u16::try_from(block.len()).unwrap();
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(bytes).to_be_bytes());
    out
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

/// The fixed code of a literal or length symbol (RFC 1951, section 3.2.6).
fn literal(out: &mut Bits, symbol: u32) {
    match symbol {
        0..=143 => out.put_code(0x30 + symbol, 8),
        144..=255 => out.put_code(0x190 + symbol - 144, 9),
        256..=279 => out.put_code(symbol - 256, 7),
        _ => out.put_code(0xc0 + symbol - 280, 8),
    }
}

/// A match of this length, 3 to 258, one byte back.
fn repeat(out: &mut Bits, length: usize) {
    const BASES: [u32; 29] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ];
    let length = u32::try_from(length).unwrap();
    let index = BASES.iter().rposition(|base| *base <= length).unwrap();
    let extra = match index {
        0..=7 | 28 => 0,
        _ => u32::try_from(index / 4 - 1).unwrap(),
    };
    literal(out, 257 + u32::try_from(index).unwrap());
    out.put(length - BASES[index], extra);
    out.put_code(0, 5);
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    /// Least significant bit first.
    fn put(&mut self, value: u32, count: u32) {
        for bit in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= u8::from(value >> bit & 1 == 1) << (self.used % 8);
            self.used += 1;
        }
    }

    /// A Huffman code: most significant bit first.
    fn put_code(&mut self, code: u32, count: u32) {
        (0..count)
            .rev()
            .for_each(|bit| self.put(code >> bit & 1, 1));
    }

    fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
