//! What an Android library may ask of the phone, and what it does ask.

use std::collections::BTreeSet;

/// The symbols that a library needs from others, out of
/// `llvm-nm --dynamic --undefined-only --format=posix`. A weak one may be absent, so it is none.
pub(super) fn needed(nm: &str) -> BTreeSet<String> {
    let strong = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, kind) = (words.next()?, words.next()?);
        // Some tools write the version behind the name.
        let name = name.split('@').next()?;
        (kind == "U").then(|| name.to_owned())
    };
    nm.lines().filter_map(strong).collect()
}

/// A symbol that the committed list allows: everywhere, or for the named ABIs.
#[derive(Debug, PartialEq, Eq)]
struct Allowed<'a> {
    name: &'a str,
    abis: Vec<&'a str>,
}

impl Allowed<'_> {
    fn holds_for(&self, abi: &str) -> bool {
        self.abis.is_empty() || self.abis.contains(&abi)
    }
}

/// The list: a symbol a line, with the ABIs that alone need it; `#` starts a comment, `[` names a
/// library.
fn allowed(list: &str) -> Vec<Allowed<'_>> {
    list.lines()
        .filter(|line| !line.starts_with(['#', '[']))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            Some(Allowed {
                name,
                abis: words.collect(),
            })
        })
        .collect()
}

/// The needed symbols that the list does not have for this ABI.
pub(super) fn foreign(list: &str, abi: &str, needed: &BTreeSet<String>) -> Vec<String> {
    let allowed = allowed(list);
    let stands = |name: &str| {
        let mut known = allowed.iter();
        known.any(|known| known.name == name && known.holds_for(abi))
    };
    needed
        .iter()
        .filter(|name| !stands(name))
        .cloned()
        .collect()
}

/// What the list has although no library needs it, where it says that one does.
pub(super) fn idle(list: &str, needed: &[(&str, BTreeSet<String>)]) -> Vec<String> {
    let wanted = |known: &Allowed<'_>, abi: &str| {
        let mut of_abi = needed.iter().filter(|(name, _)| *name == abi);
        of_abi.any(|(_, names)| names.contains(known.name))
    };
    let mut idle = Vec::new();
    for known in allowed(list) {
        let everywhere = needed.iter().map(|(abi, _)| *abi);
        if known.abis.is_empty() {
            if !everywhere.into_iter().any(|abi| wanted(&known, abi)) {
                idle.push(known.name.to_owned());
            }
        } else {
            let unused = known.abis.iter().filter(|abi| !wanted(&known, abi));
            idle.extend(unused.map(|abi| format!("{} {abi}", known.name)));
        }
    }
    idle
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "# Source.\n[libc.so]\nabort\nlseek64\nmmap64 armeabi-v7a x86\n\n[libm.so]\nexp\n";

    fn names(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn weak_symbols_and_versions_are_left_out() {
        let nm = "abort U 0 0\n__cxa_thread_atexit_impl w 0 0\nexp@LIBC U 0 0\nours T 0 0\n\n";
        assert_eq!(needed(nm), names(&["abort", "exp"]));
    }

    #[test]
    fn a_symbol_that_is_not_in_the_list_is_foreign() {
        let of = |abi: &str, words: &[&str]| foreign(LIST, abi, &names(words));
        assert!(of("arm64-v8a", &["abort", "exp"]).is_empty());
        assert_eq!(
            of("arm64-v8a", &["abort", "memfd_create"]),
            ["memfd_create"]
        );
        // Part of a name is no name, and neither is a comment or a heading.
        assert_eq!(of("arm64-v8a", &["abor", "#", "[libc.so]"]).len(), 3);
    }

    #[test]
    fn a_symbol_of_one_abi_is_foreign_to_another() {
        assert!(foreign(LIST, "armeabi-v7a", &names(&["mmap64"])).is_empty());
        assert_eq!(foreign(LIST, "arm64-v8a", &names(&["mmap64"])), ["mmap64"]);
    }

    #[test]
    fn what_nobody_needs_is_idle() {
        let all = [
            ("arm64-v8a", names(&["abort", "exp"])),
            ("armeabi-v7a", names(&["abort", "lseek64", "mmap64"])),
        ];
        assert_eq!(idle(LIST, &all), ["mmap64 x86"]);
        let fewer = [("arm64-v8a", names(&["abort", "exp"]))];
        assert_eq!(
            idle(LIST, &fewer),
            ["lseek64", "mmap64 armeabi-v7a", "mmap64 x86"]
        );
    }
}
