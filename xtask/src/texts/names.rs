//! What a key is called in code.

/// `offer.code.hint` as `OFFER_CODE_HINT`.
pub(crate) fn upper(key: &str) -> String {
    key.replace('.', "_").to_uppercase()
}

/// `offer.code.hint` as `offerCodeHint`.
pub(crate) fn camel(key: &str) -> String {
    let mut name = String::new();
    for part in key.split(['.', '_']) {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if !name.is_empty() => name.extend(first.to_uppercase()),
            Some(first) => name.push(first),
            None => {}
        }
        name.push_str(letters.as_str());
    }
    name
}

/// Whether it is small letters, digits and `_` in parts that dots separate, and begins with a
/// letter.
pub(crate) fn is_key(key: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '_'))
    };
    key.starts_with(|first: char| first.is_ascii_lowercase()) && key.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_names() {
        assert_eq!(upper("trouble.no_network.what"), "TROUBLE_NO_NETWORK_WHAT");
        assert_eq!(camel("trouble.no_network.what"), "troubleNoNetworkWhat");
        assert_eq!(camel("month.1"), "month1");
        assert_eq!(camel("date_time"), "dateTime");
    }

    #[test]
    fn what_is_no_key_is_told_apart() {
        assert!(is_key("month.1"));
        assert!(is_key("offer.code_hint"));
        for not in [
            "",
            "Offer",
            "offer..code",
            "offer.",
            "offer code",
            "1.month",
        ] {
            assert!(!is_key(not), "{not}");
        }
    }
}
