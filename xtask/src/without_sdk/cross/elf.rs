//! What Android's loader asks of a library's file, read from what `llvm-readelf` writes.

/// A page of memory on newer phones.
const PAGE: u64 = 16 * 1024;

/// The alignments of the segments to load that a phone with pages of 16 KB refuses, out of
/// `llvm-readelf --program-headers`.
///
/// # Errors
/// Where there is no segment: then it was no library.
pub(super) fn badly_aligned(headers: &str) -> Result<Vec<String>, String> {
    let alignments: Vec<&str> = headers
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("LOAD "))
        .map(|line| line.split_whitespace().last().unwrap_or_default())
        .collect();
    if alignments.is_empty() {
        return Err("llvm-readelf shows no segment to load".to_owned());
    }
    let bad = |alignment: &&str| {
        let digits = alignment.strip_prefix("0x").unwrap_or_default();
        let bytes = u64::from_str_radix(digits, 16).unwrap_or(0);
        bytes == 0 || !bytes.is_multiple_of(PAGE)
    };
    let bad = alignments.into_iter().filter(bad);
    Ok(bad.map(str::to_owned).collect())
}

/// Whether the loader must write into code, which Android refuses, out of
/// `llvm-readelf --dynamic-table`.
///
/// # Errors
/// Where there is no dynamic table: then it was no library.
pub(super) fn has_text_relocations(dynamic: &str) -> Result<bool, String> {
    if !dynamic.lines().any(|line| line.contains("(SYMTAB)")) {
        return Err("llvm-readelf shows no dynamic table".to_owned());
    }
    let entry = |line: &str| line.contains("(TEXTREL)");
    let flag = |line: &str| line.contains("(FLAGS)") && line.contains("TEXTREL");
    Ok(dynamic.lines().any(|line| entry(line) || flag(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str = "
Program Headers:
  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align
  PHDR           0x000040 0x0000000000000040 0x0000000000000040 0x000230 0x000230 R   0x8
  LOAD           0x000000 0x0000000000000000 0x0000000000000000 0x0b5a10 0x0b5a10 R   0x4000
  LOAD           0x0b5a10 0x00000000000b9a10 0x00000000000b9a10 0x22f5d0 0x22f5d0 R E 0x4000
";

    #[test]
    fn segments_of_16_kb_are_good_and_of_4_kb_are_not() {
        assert_eq!(badly_aligned(HEADERS), Ok(vec![]));
        let large = HEADERS.replace("R E 0x4000", "R E 0x10000");
        assert_eq!(badly_aligned(&large), Ok(vec![]));
        let small = HEADERS.replace("R E 0x4000", "R E 0x1000");
        assert_eq!(badly_aligned(&small), Ok(vec!["0x1000".to_owned()]));
        let none = HEADERS.replace("R E 0x4000", "R E 0x0");
        assert_eq!(badly_aligned(&none), Ok(vec!["0x0".to_owned()]));
        assert!(badly_aligned("").is_err());
    }

    #[test]
    fn text_relocations_are_seen_as_an_entry_and_as_a_flag() {
        let table = "  0x0000000000000006 (SYMTAB) 0x308\n  0x000000000000001e (FLAGS) BIND_NOW\n";
        assert_eq!(has_text_relocations(table), Ok(false));
        let entry = format!("{table}  0x0000000000000016 (TEXTREL) 0x0\n");
        assert_eq!(has_text_relocations(&entry), Ok(true));
        let flag = table.replace("BIND_NOW", "TEXTREL BIND_NOW");
        assert_eq!(has_text_relocations(&flag), Ok(true));
        assert!(has_text_relocations("").is_err());
    }
}
