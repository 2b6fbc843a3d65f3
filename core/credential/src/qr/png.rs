//! A PNG (ISO/IEC 15948) of one bit a pixel, as small as a QR needs it.
//!
//! A general encoder adds 80 KB to a library whose limit is 4 MB. In a QR's picture most rows
//! repeat the one above. So this writes one deflate block with the fixed codes (RFC 1951, section
//! 3.2.6): a row that differs from the one above is written out, any other is a reference to it.

use super::QUIET_ZONE;

/// The largest scale: 32 pixels a module make 4,000 pixels a side.
const MAX_SCALE: u32 = 32;

/// A PNG of a square symbol with its quiet zone of four modules. `rows` is that of
/// [`Symbol::rows`](super::Symbol::rows): one number a row from the top, whose bit x is column x. A
/// module is `scale` pixels wide, clamped to 1 to 32.
#[must_use]
pub fn png_of(rows: &[u128], scale: u32) -> Vec<u8> {
    let scale = usize::try_from(scale.clamp(1, MAX_SCALE)).unwrap_or(1);
    let side = (rows.len() + 2 * QUIET_ZONE) * scale;
    let mut lines = Lines::new(side.div_ceil(8));
    let light = [(0, QUIET_ZONE)];
    let module_rows = rows.iter().map(|row| (*row, 1));
    for (row, times) in light.into_iter().chain(module_rows).chain(light) {
        lines.add(&line(row, rows.len(), scale, side), times * scale);
    }

    let size = u32::try_from(side).unwrap_or(u32::MAX).to_be_bytes();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    // One bit of gray; compression, filter and interlace methods 0.
    chunk(
        &mut file,
        b"IHDR",
        &[&size, &size, &[1, 0, 0, 0, 0][..]].concat(),
    );
    chunk(&mut file, b"IDAT", &lines.finish());
    chunk(&mut file, b"IEND", &[]);
    file
}

/// A row's pixels, light as 1, after the filter byte 0.
fn line(row: u128, columns: usize, scale: usize, side: usize) -> Vec<u8> {
    let mut line = vec![0xff; 1 + side.div_ceil(8)];
    if let Some(filter) = line.first_mut() {
        *filter = 0;
    }
    for x in (0..columns.min(128)).filter(|x| row >> x & 1 == 1) {
        let left = (x + QUIET_ZONE) * scale;
        for pixel in left..left + scale {
            if let Some(byte) = line.get_mut(1 + pixel / 8) {
                *byte &= !(0x80 >> (pixel % 8));
            }
        }
    }
    line
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    file.extend_from_slice(kind);
    file.extend_from_slice(data);
    let checked = kind.iter().chain(data);
    file.extend_from_slice(&crc32(checked).to_be_bytes());
}

/// CRC-32 as PNG wants it (annex D), bit by bit: a picture has a few kilobytes.
fn crc32<'d>(bytes: impl Iterator<Item = &'d u8>) -> u32 {
    let crc = bytes.fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    !crc
}

/// A zlib stream (RFC 1950) of lines of one length.
struct Lines {
    bits: Bits,
    distance: usize,
    before: Vec<u8>,
    adler: (u32, u32),
}

impl Lines {
    /// `width`: bytes a line without its filter byte.
    fn new(width: usize) -> Self {
        // A window of 32 KiB and no dictionary; then one block, the last, with fixed codes.
        let mut bits = Bits {
            bytes: vec![0x78, 0x01],
            word: 0,
            filled: 0,
        };
        bits.push(0b011, 3);
        Self {
            bits,
            distance: width + 1,
            before: Vec::new(),
            adler: (1, 0),
        }
    }

    fn add(&mut self, line: &[u8], times: usize) {
        let mut repeats = times;
        if self.before != line && repeats > 0 {
            line.iter().for_each(|byte| self.bits.literal(*byte));
            self.before = line.to_vec();
            repeats -= 1;
        }
        self.bits.repeat(line.len() * repeats, self.distance);
        for byte in std::iter::repeat_n(line, times).flatten() {
            self.adler.0 = (self.adler.0 + u32::from(*byte)) % 65_521;
            self.adler.1 = (self.adler.1 + self.adler.0) % 65_521;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.bits.push(0, 7);
        self.bits.push(0, 7);
        let (low, high) = self.adler;
        self.bits
            .bytes
            .extend_from_slice(&(high << 16 | low).to_be_bytes());
        self.bits.bytes
    }
}

/// Bits, the lowest first.
struct Bits {
    bytes: Vec<u8>,
    word: u32,
    filled: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.word |= value << self.filled;
        self.filled += count;
        while self.filled >= 8 {
            let [lowest, ..] = self.word.to_le_bytes();
            self.bytes.push(lowest);
            self.word >>= 8;
            self.filled -= 8;
        }
    }

    /// Writes a Huffman code, its highest bit first.
    fn code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    fn literal(&mut self, byte: u8) {
        match u32::from(byte) {
            byte @ 0..144 => self.code(0x30 + byte, 8),
            byte => self.code(0x190 + byte - 144, 9),
        }
    }

    /// Repeats at least 3 bytes from `distance` bytes before. It uses the longest reference, of 258
    /// bytes, and short ones of 3 to 10, which need no extra bits, and never leaves a rest of 1 or
    /// 2 bytes.
    fn repeat(&mut self, mut bytes: usize, distance: usize) {
        while bytes >= 3 {
            let length = match bytes {
                258 | 261.. => 258,
                0..=10 => bytes,
                11 | 12 => bytes - 3,
                _ => 10,
            };
            match u32::try_from(length) {
                Ok(short @ 3..=10) => self.code(short - 2, 7),
                _ => self.code(0xc5, 8),
            }
            self.distance(u32::try_from(distance - 1).unwrap_or(0));
            bytes -= length;
        }
    }

    /// Writes a distance less one (RFC 1951, section 3.2.5): its highest two bits by a code, the
    /// others after it.
    fn distance(&mut self, less_one: u32) {
        let extra = less_one.checked_ilog2().unwrap_or(0).saturating_sub(1);
        let code = if extra == 0 {
            less_one
        } else {
            2 * extra + (less_one >> extra)
        };
        self.code(code, 5);
        self.push(less_one & ((1 << extra) - 1), extra);
    }
}
