//! What is in a static library for Apple's linker, read from what LLVM's tools write.

use std::collections::BTreeSet;

/// The objects that are not of a platform, by name, out of
/// `llvm-objdump --macho --private-headers`.
///
/// # Errors
/// Where there is no object: then it was no library.
pub(super) fn of_another_platform(headers: &str, platform: u32) -> Result<Vec<String>, String> {
    let mut objects: Vec<(&str, Option<u32>)> = Vec::new();
    let mut in_version = false;
    for line in headers.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match *words.as_slice() {
            ["cmd", command] => in_version = command == "LC_BUILD_VERSION",
            ["platform", number] if in_version => {
                if let Some((_, of)) = objects.last_mut() {
                    *of = platform_number(number);
                }
            }
            _ => objects.extend(object(line).map(|name| (name, None))),
        }
    }
    if objects.is_empty() {
        return Err("llvm-objdump shows no object".to_owned());
    }
    let others = objects.into_iter().filter(|(_, of)| *of != Some(platform));
    Ok(others.map(|(name, _)| name.to_owned()).collect())
}

/// The name of the object that a line is the heading of: `libx.a(name.o):`.
fn object(line: &str) -> Option<&str> {
    let (_, name) = line.strip_suffix("):")?.rsplit_once('(')?;
    Some(name)
}

/// LLVM's tools write the number or its name.
fn platform_number(word: &str) -> Option<u32> {
    match word {
        "macos" => Some(1),
        "ios" => Some(2),
        "iossimulator" => Some(7),
        number => number.parse().ok(),
    }
}

/// The functions that a header declares and a library lacks. Both are texts: the header that UniFFI
/// made, and `llvm-nm --defined-only --extern-only --format=posix`.
///
/// # Errors
/// Where the header declares none: then it was another header.
pub(super) fn missing_functions(header: &str, nm: &str) -> Result<Vec<String>, String> {
    let declared = header.lines().filter_map(declared).collect::<BTreeSet<_>>();
    if declared.is_empty() {
        return Err("the header declares no function of UniFFI".to_owned());
    }
    // Apple's C puts a line before each name.
    let exported: BTreeSet<&str> = nm
        .lines()
        .filter_map(|line| line.split_whitespace().next()?.strip_prefix('_'))
        .collect();
    let missing = declared.difference(&exported);
    Ok(missing.map(|name| (*name).to_owned()).collect())
}

/// The function that a line of the header declares.
fn declared(line: &str) -> Option<&str> {
    let (before, _) = line.split_once('(')?;
    let name = before.split_whitespace().last()?;
    let name_of = name.strip_prefix("uniffi_").unwrap_or(name);
    let crates = ["vidimus_ffi_", "vidimus_app_"];
    // UniFFI's own begin with `ffi_`, those of a crate's items with its name.
    let rest = name_of.strip_prefix("ffi_").unwrap_or(name_of);
    let ours = crates.iter().any(|of| rest.starts_with(of)) && rest != name;
    ours.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str = "libvidimus_ffi.a(vidimus.o):
Load command 1
      cmd LC_BUILD_VERSION
  cmdsize 24
 platform ios
      sdk n/a
    minos 17.0
libvidimus_ffi.a(sqlite3.o):
Load command 0
      cmd LC_BUILD_VERSION
 platform 2
    minos 17.0
";

    #[test]
    fn objects_of_a_phone_are_none_of_the_simulator() {
        assert_eq!(of_another_platform(HEADERS, 2), Ok(vec![]));
        assert_eq!(of_another_platform(HEADERS, 7).unwrap().len(), 2);
        let mixed = HEADERS.replace("platform 2", "platform 7");
        assert_eq!(
            of_another_platform(&mixed, 2),
            Ok(vec!["sqlite3.o".to_owned()])
        );
    }

    #[test]
    fn an_object_that_names_no_platform_is_of_another() {
        let silent = HEADERS.replace(" platform ios\n", "");
        assert_eq!(
            of_another_platform(&silent, 2),
            Ok(vec!["vidimus.o".to_owned()])
        );
        assert!(of_another_platform("", 2).is_err());
    }

    #[test]
    fn a_function_that_is_declared_and_not_exported_is_missing() {
        let header = "#define X(a)\nuint64_t uniffi_vidimus_ffi_fn_clone(uint64_t handle\n\
            void ffi_vidimus_ffi_rustbuffer_free(RustBuffer buf\n);\n";
        let both = "_uniffi_vidimus_ffi_fn_clone T 0 0\n_ffi_vidimus_ffi_rustbuffer_free T 8 0\n";
        assert_eq!(missing_functions(header, both), Ok(vec![]));
        let one = "_uniffi_vidimus_ffi_fn_clone T 0 0\n";
        assert_eq!(
            missing_functions(header, one),
            Ok(vec!["ffi_vidimus_ffi_rustbuffer_free".to_owned()])
        );
        assert!(missing_functions("int other(void);", both).is_err());
        let app = "void ffi_vidimus_app_rustbuffer_free(RustBuffer buf\n";
        let missing = missing_functions(app, both).unwrap();
        assert_eq!(missing, ["ffi_vidimus_app_rustbuffer_free"]);
    }
}
