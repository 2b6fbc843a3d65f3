//! The languages of the pages, and which one a browser gets.

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
    Arabic,
    Bengali,
    Spanish,
}

impl Language {
    /// In the order of the table's columns.
    pub(super) const ALL: [Self; 5] = [
        Self::English,
        Self::Chinese,
        Self::Arabic,
        Self::Bengali,
        Self::Spanish,
    ];

    /// The primary subtag, such as `en`.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
            Self::Arabic => "ar",
            Self::Bengali => "bn",
            Self::Spanish => "es",
        }
    }

    /// What its speakers call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
            Self::Arabic => "العربية",
            Self::Bengali => "বাংলা",
            Self::Spanish => "Español",
        }
    }

    /// `rtl` where it is written from right to left.
    pub(super) const fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// Its place in the table.
    pub(super) fn column(self) -> usize {
        let place = Self::ALL.iter().position(|language| *language == self);
        place.unwrap_or(0)
    }

    /// The language of a tag such as `es-419`, by its primary subtag.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
        let same = |language: &Self| language.tag().eq_ignore_ascii_case(primary);
        Self::ALL.into_iter().find(same)
    }

    /// The first language of a list of tags, as in `ui_locales`, that the pages speak.
    pub(super) fn of_locales(locales: &str) -> Option<Self> {
        locales.split_ascii_whitespace().find_map(Self::of_tag)
    }

    /// The language that a browser wants most (RFC 9110, section 12.5.4).
    pub(super) fn of_accepted(accepted: &str) -> Option<Self> {
        let mut wanted: Vec<(u32, Self)> = accepted.split(',').take(32).filter_map(weigh).collect();
        // Stable: of two that are wanted alike, the first.
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.first().map(|(_, language)| *language)
    }
}

/// A tag with its weight in thousandths; `None` where it is not spoken or not wanted.
fn weigh(part: &str) -> Option<(u32, Language)> {
    let mut parts = part.split(';');
    let language = Language::of_tag(parts.next()?.trim())?;
    let quality = parts.find_map(|part| part.trim().strip_prefix("q="));
    let weight = match quality {
        None => 1_000,
        Some(text) => {
            let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
            let digits: String = rest.chars().chain("000".chars()).take(3).collect();
            whole.parse::<u32>().ok()? * 1_000 + digits.parse::<u32>().ok()?
        }
    };
    (weight > 0).then_some((weight.min(1_000), language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_that_it_wants_most_of_those_that_are_spoken() {
        let of = Language::of_accepted;
        assert_eq!(of("ar-EG,ar;q=0.9,en;q=0.5"), Some(Language::Arabic));
        assert_eq!(of("fr, en;q=0.4, es;q=0.75"), Some(Language::Spanish));
        assert_eq!(of("de,fr;q=0.9"), None);
        assert_eq!(of("zh;q=0, bn;q=0.1"), Some(Language::Bengali));
        for odd in ["", ";;,q=", "en;q=x", "*"] {
            assert_eq!(of(odd), None, "{odd}");
        }
        assert_eq!(
            Language::of_locales("de zh-Hant-TW en"),
            Some(Language::Chinese)
        );
        assert_eq!(Language::of_tag("ES_419"), Some(Language::Spanish));
        assert_eq!(super::super::LOCALES, Language::ALL.map(Language::tag));
    }
}
