//! A zip, as far as a package needs it: its entries' sizes, and a copy in which everything stored
//! without compression begins where a phone can map it. Debian's `zipalign` knows no pages of 16
//! KB.

/// Where a library must begin: the larger of the pages that phones have.
const PAGE: usize = 16 * 1024;

/// Where anything else that is stored must begin.
const WORD: usize = 4;

/// The extra field in which Android's tools write down an alignment, so that signing keeps it.
const ALIGNMENT: u16 = 0xd935;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;

/// Of an entry's flags: sizes stand behind the data. We know them before, so it is taken away.
const SIZES_BEHIND: u16 = 1 << 3;

/// The entries of a zip.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    name: &'a str,
    /// From the version needed to the name's length: the same in both headers.
    common: &'a [u8],
    flags: u16,
    is_stored: bool,
    size: usize,
    /// Where its data begins.
    data: usize,
}

impl<'a> Archive<'a> {
    /// # Errors
    /// Where it is no zip, or one of the kinds that no tool here makes.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        entries(bytes)
            .map(|entries| Self { bytes, entries })
            .ok_or_else(|| "the package is no zip that could be read".to_owned())
    }

    /// The bytes that the named entries take, compressed.
    pub(super) fn size_of(&self, named: impl Fn(&str) -> bool) -> u64 {
        let sizes = self.entries.iter().filter(|entry| named(entry.name));
        sizes
            .map(|entry| u64::try_from(entry.size).unwrap_or(u64::MAX))
            .sum()
    }

    /// # Errors
    /// Names an entry that a phone could not map, or a library that is compressed.
    pub(super) fn check_alignment(&self) -> Result<(), String> {
        for entry in &self.entries {
            if entry.name.ends_with(".so") && !entry.is_stored {
                return Err(format!("{} is compressed", entry.name));
            }
            if entry.is_stored && entry.data % entry.alignment() != 0 {
                return Err(format!(
                    "{} does not begin at {}",
                    entry.name,
                    entry.alignment()
                ));
            }
        }
        Ok(())
    }

    /// The same entries, each where it must begin.
    ///
    /// # Errors
    /// Where it is larger than a zip can be.
    pub(super) fn aligned(&self) -> Result<Vec<u8>, String> {
        self.rewritten()
            .ok_or_else(|| "the package is larger than a zip can be".to_owned())
    }

    fn rewritten(&self) -> Option<Vec<u8>> {
        let (mut out, mut central) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            let offset = u32::try_from(out.len()).ok()?;
            let common = entry.common_without_sizes_behind()?;
            let extra = entry.padding(out.len())?;
            out.extend(LOCAL.to_le_bytes());
            out.extend(&common);
            out.extend(u16::try_from(extra.len()).ok()?.to_le_bytes());
            out.extend(entry.name.as_bytes());
            out.extend(extra);
            out.extend(self.bytes.get(entry.data..entry.data + entry.size)?);

            central.extend(CENTRAL.to_le_bytes());
            // Made by a system without file modes.
            central.extend(20_u16.to_le_bytes());
            central.extend(&common);
            // No extra field, no comment, one disk, no attributes.
            central.extend([0; 12]);
            central.extend(offset.to_le_bytes());
            central.extend(entry.name.as_bytes());
        }
        let count = u16::try_from(self.entries.len()).ok()?.to_le_bytes();
        let start = u32::try_from(out.len()).ok()?.to_le_bytes();
        let size = u32::try_from(central.len()).ok()?.to_le_bytes();
        out.extend(central);
        out.extend(END.to_le_bytes());
        out.extend([0; 4]);
        out.extend(count);
        out.extend(count);
        out.extend(size);
        out.extend(start);
        out.extend([0; 2]);
        Some(out)
    }
}

impl Entry<'_> {
    fn alignment(&self) -> usize {
        if self.name.ends_with(".so") {
            PAGE
        } else {
            WORD
        }
    }

    /// An extra field after which the data begins where it must.
    fn padding(&self, at: usize) -> Option<Vec<u8>> {
        if !self.is_stored {
            return Some(Vec::new());
        }
        let alignment = self.alignment();
        let before = at + LOCAL_SIZE + self.name.len() + 6;
        let zeros = before.next_multiple_of(alignment) - before;
        let mut field = ALIGNMENT.to_le_bytes().to_vec();
        field.extend(u16::try_from(2 + zeros).ok()?.to_le_bytes());
        field.extend(u16::try_from(alignment).ok()?.to_le_bytes());
        field.resize(6 + zeros, 0);
        Some(field)
    }

    fn common_without_sizes_behind(&self) -> Option<Vec<u8>> {
        let mut common = self.common.to_vec();
        let flags = (self.flags & !SIZES_BEHIND).to_le_bytes();
        common.get_mut(2..4)?.copy_from_slice(&flags);
        Some(common)
    }
}

fn entries(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    let end = bytes.len().checked_sub(END_SIZE)?;
    // No tool here writes a comment, so the end is the last thing.
    (u32_at(bytes, end)? == END).then_some(())?;
    let count = u16_at(bytes, end + 10)?;
    let mut at = size_at(bytes, end + 16)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        (u32_at(bytes, at)? == CENTRAL).then_some(())?;
        let name = usize::from(u16_at(bytes, at + 28)?);
        let behind = usize::from(u16_at(bytes, at + 30)?) + usize::from(u16_at(bytes, at + 32)?);
        let local = size_at(bytes, at + 42)?;
        (u32_at(bytes, local)? == LOCAL).then_some(())?;
        let skipped =
            usize::from(u16_at(bytes, local + 26)?) + usize::from(u16_at(bytes, local + 28)?);
        entries.push(Entry {
            name: std::str::from_utf8(bytes.get(at + CENTRAL_SIZE..at + CENTRAL_SIZE + name)?)
                .ok()?,
            common: bytes.get(at + 6..at + 30)?,
            flags: u16_at(bytes, at + 8)?,
            is_stored: u16_at(bytes, at + 10)? == 0,
            size: size_at(bytes, at + 20)?,
            data: local + LOCAL_SIZE + skipped,
        });
        at += CENTRAL_SIZE + name + behind;
    }
    Some(entries)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zip as other tools make it: stored entries, and one whose sizes stand behind the data.
    fn zip() -> Vec<u8> {
        let (mut out, mut central) = (Vec::new(), Vec::new());
        for (name, method, data) in [
            ("a.txt", 8_u16, b"xy".as_slice()),
            ("resources.arsc", 0, b"table"),
            ("lib/arm64-v8a/libx.so", 0, b"code of it"),
        ] {
            let offset = u32::try_from(out.len()).unwrap();
            let size = u32::try_from(data.len()).unwrap().to_le_bytes();
            let mut common = vec![20, 0, u8::from(method == 8) << 3, 0];
            common.extend(method.to_le_bytes());
            common.extend([0; 4]);
            common.extend([7; 4]);
            common.extend(size);
            common.extend(size);
            common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            out.extend(LOCAL.to_le_bytes());
            out.extend(&common);
            out.extend([0; 2]);
            out.extend(name.as_bytes());
            out.extend(data);
            central.extend(CENTRAL.to_le_bytes());
            central.extend([20, 3]);
            central.extend(&common);
            central.extend([0; 12]);
            central.extend(offset.to_le_bytes());
            central.extend(name.as_bytes());
        }
        let start = u32::try_from(out.len()).unwrap();
        let size = u32::try_from(central.len()).unwrap();
        out.extend(central);
        out.extend(END.to_le_bytes());
        out.extend([0, 0, 0, 0, 3, 0, 3, 0]);
        out.extend(size.to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend([0; 2]);
        out
    }

    #[test]
    fn what_is_stored_begins_where_a_phone_can_map_it_and_its_bytes_stay() {
        let before = zip();
        let before = Archive::read(&before).unwrap();
        let fault = before.check_alignment().unwrap_err();
        assert_eq!(fault, "resources.arsc does not begin at 4");

        let after = before.aligned().unwrap();

        let after = Archive::read(&after).unwrap();
        after.check_alignment().unwrap();
        let data = |archive: &Archive<'_>| -> Vec<(String, Vec<u8>)> {
            let entries = archive.entries.iter();
            entries
                .map(|it| {
                    (
                        it.name.to_owned(),
                        archive.bytes[it.data..it.data + it.size].to_vec(),
                    )
                })
                .collect()
        };
        assert_eq!(data(&after), data(&before));
        assert_eq!(after.entries[2].data % PAGE, 0);
        assert_eq!(after.entries[0].flags & SIZES_BEHIND, 0);
    }

    #[test]
    fn sizes_are_added_up_by_name() {
        let zip = zip();
        let archive = Archive::read(&zip).unwrap();
        assert_eq!(archive.size_of(|name| name.ends_with(".so")), 10);
        assert_eq!(archive.size_of(|_| true), 17);
    }

    #[test]
    fn anything_else_is_refused() {
        assert!(Archive::read(b"").is_err());
        let zip = zip();
        assert!(Archive::read(&zip[..zip.len() - 1]).is_err());
    }
}
