//! The license itself: whose it is, what they may drive, and until when.

use crate::time::{Day, UnixTime};
use crate::{Error, text};
use core::fmt;

/// A country, ISO 3166-1 alpha-2: two letters A to Z.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads two letters A to Z.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`] for anything else.
    pub fn parse(code: &str) -> Result<Self, Error> {
        match code.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([a, b])),
            _ => Err(Error::OutOfBounds),
        }
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One category that the holder may drive, with its own dates and restrictions.
#[derive(Clone, PartialEq, Eq)]
pub struct Category {
    code: String,
    from: Option<Day>,
    until: Option<Day>,
    restrictions: Vec<String>,
}

impl Category {
    /// At most this many restrictions a category.
    pub const MAX_RESTRICTIONS: usize = 8;

    /// A category of 1 to 8 bytes, with at most 8 restrictions of 1 to 16 bytes, `from <= until`.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::OutOfBounds`].
    pub fn new(
        code: String,
        from: Option<Day>,
        until: Option<Day>,
        restrictions: Vec<String>,
    ) -> Result<Self, Error> {
        text::check_text(&code, text::MAX_CATEGORY, false)?;
        if restrictions.len() > Self::MAX_RESTRICTIONS {
            return Err(Error::OutOfBounds);
        }
        for restriction in &restrictions {
            text::check_text(restriction, text::MAX_RESTRICTION, false)?;
        }
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            return Err(Error::OutOfBounds);
        }
        Ok(Self {
            code,
            from,
            until,
            restrictions,
        })
    }

    /// The category code, such as `B` (ISO/IEC 18013-1).
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The first day of this category.
    #[must_use]
    pub const fn from(&self) -> Option<Day> {
        self.from
    }

    /// The last day of this category.
    #[must_use]
    pub const fn until(&self) -> Option<Day> {
        self.until
    }

    /// Restriction and information codes.
    #[must_use]
    pub fn restrictions(&self) -> &[String] {
        &self.restrictions
    }

    /// Whether `now` lies within this category's dates, give or take `skew_s` seconds.
    #[must_use]
    pub fn is_in_force(&self, now: UnixTime, skew_s: u64) -> bool {
        self.from.is_none_or(|day| day.has_begun(now, skew_s))
            && self.until.is_none_or(|day| !day.is_over(now, skew_s))
    }
}

/// The parts of a license before they are checked together by [`License::new`].
#[derive(Clone, PartialEq, Eq)]
pub struct LicenseFields {
    /// Family name; at most 64 bytes. Personal data.
    pub family_name: String,
    /// Given names; at most 64 bytes. Personal data.
    pub given_names: String,
    /// Date of birth. Personal data.
    pub birth_date: Day,
    /// License number; 1 to 32 bytes. Personal data.
    pub license_number: String,
    /// 1 to 24 categories.
    pub categories: Vec<Category>,
    /// First day of the license.
    pub issue_date: Day,
    /// Last day of the license.
    pub expiry_date: Day,
    /// The country that issued it.
    pub issuing_country: Country,
}

/// A license whose every part holds to the profile. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct License(LicenseFields);

impl License {
    /// At most this many categories.
    pub const MAX_CATEGORIES: usize = 24;

    /// Checks texts, counts and the order of dates (birth, issue, expiry).
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::OutOfBounds`].
    pub fn new(fields: LicenseFields) -> Result<Self, Error> {
        text::check_text(&fields.family_name, text::MAX_NAME, true)?;
        text::check_text(&fields.given_names, text::MAX_NAME, true)?;
        if fields.family_name.is_empty() && fields.given_names.is_empty() {
            return Err(Error::Text);
        }
        text::check_text(&fields.license_number, text::MAX_LICENSE_NUMBER, false)?;
        if fields.categories.is_empty() || fields.categories.len() > Self::MAX_CATEGORIES {
            return Err(Error::OutOfBounds);
        }
        if fields.birth_date > fields.issue_date || fields.issue_date > fields.expiry_date {
            return Err(Error::OutOfBounds);
        }
        Ok(Self(fields))
    }

    /// All parts at once.
    #[must_use]
    pub const fn fields(&self) -> &LicenseFields {
        &self.0
    }

    /// Family name; may be empty. Personal data.
    #[must_use]
    pub fn family_name(&self) -> &str {
        &self.0.family_name
    }

    /// Given names; may be empty. Personal data.
    #[must_use]
    pub fn given_names(&self) -> &str {
        &self.0.given_names
    }

    /// Date of birth. Personal data.
    #[must_use]
    pub const fn birth_date(&self) -> Day {
        self.0.birth_date
    }

    /// License number. Personal data.
    #[must_use]
    pub fn license_number(&self) -> &str {
        &self.0.license_number
    }

    /// The categories, in the authority's order.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.0.categories
    }

    /// First day of the license.
    #[must_use]
    pub const fn issue_date(&self) -> Day {
        self.0.issue_date
    }

    /// Last day of the license.
    #[must_use]
    pub const fn expiry_date(&self) -> Day {
        self.0.expiry_date
    }

    /// The country that issued it.
    #[must_use]
    pub const fn issuing_country(&self) -> Country {
        self.0.issuing_country
    }

    /// Whether a category of this code is in force at `now`, give or take `skew_s` seconds.
    #[must_use]
    pub fn holds(&self, code: &str, now: UnixTime, skew_s: u64) -> bool {
        self.0
            .categories
            .iter()
            .any(|held| held.code == code && held.is_in_force(now, skew_s))
    }
}

impl fmt::Debug for License {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("License(..)")
    }
}
