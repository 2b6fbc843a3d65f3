//! A QR as modules.

use vidimus_credential::qr::Symbol;

use crate::units::Count;

/// A square of dark and light modules, without its quiet zone of four light modules.
#[derive(uniffi::Record)]
pub struct QrSymbol {
    /// Modules a side: 21 to 117.
    pub size: Count,
    /// Row by row from the top, each padded to whole bytes; the leftmost module is the highest bit,
    /// and 1 is dark.
    pub modules: Vec<u8>,
}

impl From<&Symbol> for QrSymbol {
    fn from(symbol: &Symbol) -> Self {
        let row_bytes = symbol.size().div_ceil(8);
        let rows = symbol.rows().iter();
        Self {
            size: Count::of(symbol.size()),
            // Bit x of a row is column x; so the row's lowest byte, mirrored, is its first one.
            modules: rows
                .flat_map(|row| row.to_le_bytes().into_iter().take(row_bytes))
                .map(u8::reverse_bits)
                .collect(),
        }
    }
}

impl QrSymbol {
    /// The rows as numbers, bit x for column x; none where the bytes are not as many as the size
    /// says.
    pub(crate) fn rows(&self) -> Option<Vec<u128>> {
        let size = self
            .size
            .to_usize()
            .ok()
            .filter(|size| (21..=117).contains(size))?;
        let row_bytes = size.div_ceil(8);
        let row = |bytes: &[u8]| {
            let bytes = bytes.iter().rev();
            bytes.fold(0, |row, byte| row << 8 | u128::from(byte.reverse_bits()))
        };
        (self.modules.len() == row_bytes * size)
            .then(|| self.modules.chunks(row_bytes).map(row).collect())
    }
}

#[cfg(test)]
mod tests {
    use vidimus_credential::qr::SymbolOptions;

    use super::*;

    #[test]
    fn a_symbol_crosses_module_by_module_and_comes_back() {
        for length in [1, 40, 700, 1853] {
            let symbol = Symbol::encode(&"A".repeat(length), SymbolOptions::default()).unwrap();
            let crossed = QrSymbol::from(&symbol);
            let row_bytes = symbol.size().div_ceil(8);
            for y in 0..symbol.size() {
                for x in 0..symbol.size() {
                    let byte = crossed.modules[y * row_bytes + x / 8];
                    assert_eq!(byte >> (7 - x % 8) & 1 == 1, symbol.module(x, y), "{x} {y}");
                }
            }
            assert_eq!(crossed.rows().unwrap(), symbol.rows());
        }
    }

    #[test]
    fn a_symbol_of_another_length_than_its_size_is_none() {
        let symbol = |size, bytes| QrSymbol {
            size: Count(size),
            modules: vec![0; bytes],
        };
        assert!(symbol(21, 63).rows().is_some());
        for (size, bytes) in [(21, 62), (21, 64), (20, 60), (-1, 0), (118, 1770), (0, 0)] {
            assert!(symbol(size, bytes).rows().is_none(), "{size} {bytes}");
        }
    }
}
