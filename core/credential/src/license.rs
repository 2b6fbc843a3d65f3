//! The license: who the holder is, what they may drive, and until when.

use crate::birth_date::BirthDate;
use crate::discreet::debug_name_alone;
use crate::time::{Day, UnixTime, UtcOffset};
use crate::{Error, Field, text};
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
            _ => Err(Error::OutOfBounds(Field::Country)),
        }
    }

    /// The two letters of the code.
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

/// One row of what the holder may drive: one or more category codes that share dates and
/// restrictions.
#[derive(Clone, PartialEq, Eq)]
pub struct Category {
    codes: Vec<String>,
    from: Option<Day>,
    until: Option<Day>,
    restrictions: Vec<String>,
}

impl Category {
    /// At most this many restrictions a row.
    pub const MAX_RESTRICTIONS: usize = 8;

    /// A row of one code of 1 to 8 bytes, with at most 8 restrictions of 1 to 16 bytes,
    /// `from <= until`.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::OutOfBounds`].
    pub fn new(
        code: String,
        from: Option<Day>,
        until: Option<Day>,
        restrictions: Vec<String>,
    ) -> Result<Self, Error> {
        Self::of_codes(vec![code], from, until, restrictions)
    }

    /// A row of 1 to 24 codes, none twice, that share dates and restrictions.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::OutOfBounds`].
    pub fn of_codes(
        codes: Vec<String>,
        from: Option<Day>,
        until: Option<Day>,
        restrictions: Vec<String>,
    ) -> Result<Self, Error> {
        if codes.is_empty() || codes.len() > License::MAX_CATEGORIES {
            return Err(Error::OutOfBounds(Field::Categories));
        }
        for (index, code) in codes.iter().enumerate() {
            text::check_field(Field::CategoryCode, code, text::MAX_CATEGORY, false)?;
            if codes.iter().skip(index + 1).any(|later| later == code) {
                return Err(Error::OutOfBounds(Field::CategoryCode));
            }
        }
        if restrictions.len() > Self::MAX_RESTRICTIONS {
            return Err(Error::OutOfBounds(Field::Restrictions));
        }
        for restriction in &restrictions {
            text::check_field(
                Field::Restriction,
                restriction,
                text::MAX_RESTRICTION,
                false,
            )?;
        }
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            return Err(Error::OutOfBounds(Field::CategoryDates));
        }
        Ok(Self {
            codes,
            from,
            until,
            restrictions,
        })
    }

    /// The rows that an authority writes: rows of equal dates and restrictions become one, at the
    /// place of the first, with each code once. Their meaning stays the same.
    #[must_use]
    pub fn group(rows: &[Self]) -> Vec<Self> {
        let mut grouped: Vec<Self> = Vec::new();
        for row in rows {
            let same = |held: &&mut Self| {
                (held.from, held.until, &held.restrictions)
                    == (row.from, row.until, &row.restrictions)
            };
            let Some(held) = grouped.iter_mut().find(same) else {
                grouped.push(row.clone());
                continue;
            };
            for code in &row.codes {
                if !held.codes.contains(code) {
                    held.codes.push(code.clone());
                }
            }
        }
        grouped
    }

    /// The category codes, such as `B` (ISO/IEC 18013-1): at least one, in the authority's order.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// The first day of these categories.
    #[must_use]
    pub const fn from(&self) -> Option<Day> {
        self.from
    }

    /// The last day of these categories.
    #[must_use]
    pub const fn until(&self) -> Option<Day> {
        self.until
    }

    /// Restriction and information codes.
    #[must_use]
    pub fn restrictions(&self) -> &[String] {
        &self.restrictions
    }

    /// Whether `now` lies within this row's dates at the license's place, give or take `skew_s`
    /// seconds.
    #[must_use]
    pub fn is_in_force(&self, now: UnixTime, offset: UtcOffset, skew_s: u64) -> bool {
        self.from
            .is_none_or(|day| day.has_begun(now, offset, skew_s))
            && self
                .until
                .is_none_or(|day| !day.is_over(now, offset, skew_s))
    }
}

/// The fields of a license before [`License::new`] checks them together. Personal data: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct LicenseFields {
    /// Family name; at most 128 bytes. Personal data.
    pub family_name: String,
    /// Given names; at most 128 bytes. Personal data.
    pub given_names: String,
    /// Date of birth. Personal data.
    pub birth_date: BirthDate,
    /// License number; 1 to 32 bytes. Personal data.
    pub license_number: String,
    /// 1 to 24 rows, with 24 codes in all.
    pub categories: Vec<Category>,
    /// First day of the license.
    pub issue_date: Day,
    /// Last day of the license; none where it has no end.
    pub expiry_date: Option<Day>,
    /// The country that issued it.
    pub issuing_country: Country,
    /// How far the clocks of the authority's seat are ahead of UTC. All days are days of that
    /// place.
    pub utc_offset: UtcOffset,
}

/// A license whose fields all hold to the profile. Personal data: its `Debug` is its name alone.
///
/// That a `License` exists does not mean that an authority signed it: that is what a
/// [`Credential`](crate::sd_cwt::Credential) or a verdict says.
#[derive(Clone, PartialEq, Eq)]
pub struct License(LicenseFields);

impl License {
    /// At most this many rows of categories, and this many codes in all rows together.
    pub const MAX_CATEGORIES: usize = 24;

    /// Checks texts, counts and the order of dates: birth, by the first day that it can mean, then
    /// issue, then expiry where there is one.
    ///
    /// # Errors
    /// [`Error::Text`] or [`Error::OutOfBounds`].
    pub fn new(fields: LicenseFields) -> Result<Self, Error> {
        text::check_field(Field::FamilyName, &fields.family_name, text::MAX_NAME, true)?;
        text::check_field(Field::GivenNames, &fields.given_names, text::MAX_NAME, true)?;
        if fields.family_name.is_empty() && fields.given_names.is_empty() {
            return Err(Error::Text(Field::FamilyName));
        }
        text::check_field(
            Field::LicenseNumber,
            &fields.license_number,
            text::MAX_LICENSE_NUMBER,
            false,
        )?;
        let codes: usize = fields.categories.iter().map(|row| row.codes.len()).sum();
        if fields.categories.is_empty() || codes > Self::MAX_CATEGORIES {
            return Err(Error::OutOfBounds(Field::Categories));
        }
        let (birth, issue) = (fields.birth_date.first_day(), fields.issue_date);
        if birth > issue || fields.expiry_date.is_some_and(|expiry| issue > expiry) {
            return Err(Error::OutOfBounds(Field::LicenseDates));
        }
        Ok(Self(fields))
    }

    /// All fields at once. Personal data.
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
    pub const fn birth_date(&self) -> BirthDate {
        self.0.birth_date
    }

    /// License number. Personal data.
    #[must_use]
    pub fn license_number(&self) -> &str {
        &self.0.license_number
    }

    /// The rows of categories, in the authority's order and grouping.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.0.categories
    }

    /// Every code with its row, in the authority's order. A code may come more than once.
    pub fn codes(&self) -> impl Iterator<Item = (&str, &Category)> {
        let rows = self.0.categories.iter();
        rows.flat_map(|row| row.codes.iter().map(move |code| (code.as_str(), row)))
    }

    /// First day of the license.
    #[must_use]
    pub const fn issue_date(&self) -> Day {
        self.0.issue_date
    }

    /// Last day of the license; none where it has no end.
    #[must_use]
    pub const fn expiry_date(&self) -> Option<Day> {
        self.0.expiry_date
    }

    /// The country that issued it.
    #[must_use]
    pub const fn issuing_country(&self) -> Country {
        self.0.issuing_country
    }

    /// How far the clocks of the authority's seat are ahead of UTC.
    #[must_use]
    pub const fn utc_offset(&self) -> UtcOffset {
        self.0.utc_offset
    }

    /// The second at which the last day ends at the authority's seat; none where the license has no
    /// end. A day that ended before 1970 gives 1970.
    #[must_use]
    pub fn end(&self) -> Option<UnixTime> {
        let expiry = self.0.expiry_date?;
        Some(UnixTime::clamped(expiry.end_at(self.0.utc_offset)))
    }

    /// Whether the first day has begun at the authority's seat by `now`, which may be `skew_s`
    /// seconds slow. It begins an hour before midnight of its standard time.
    #[must_use]
    pub fn has_begun(&self, now: UnixTime, skew_s: u64) -> bool {
        let fields = &self.0;
        fields.issue_date.has_begun(now, fields.utc_offset, skew_s)
    }

    /// Whether the last day is over at the authority's seat by `now`, which may be `skew_s` seconds
    /// fast. Never true where the license has no end.
    #[must_use]
    pub fn is_over(&self, now: UnixTime, skew_s: u64) -> bool {
        let offset = self.0.utc_offset;
        self.0
            .expiry_date
            .is_some_and(|day| day.is_over(now, offset, skew_s))
    }

    /// The whole years that the holder has surely lived at `now`, by the day at the authority's
    /// seat.
    #[must_use]
    pub fn age(&self, now: UnixTime) -> u16 {
        self.0.birth_date.age_on(now.day_at(self.0.utc_offset))
    }

    /// Whether a category of this code is in force at `now`, give or take `skew_s` seconds. One row
    /// in force is enough, where several have the code.
    #[must_use]
    pub fn holds(&self, code: &str, now: UnixTime, skew_s: u64) -> bool {
        let offset = self.0.utc_offset;
        self.codes()
            .any(|(held, row)| held == code && row.is_in_force(now, offset, skew_s))
    }
}

debug_name_alone!(License);

#[cfg(test)]
mod tests {
    use super::*;

    fn row(codes: &[&str], from: Option<&str>, restrictions: &[&str]) -> Category {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let from = from.map(|day| Day::parse_iso(day).unwrap());
        Category::of_codes(owned(codes), from, None, owned(restrictions)).unwrap()
    }

    fn fields() -> LicenseFields {
        let day = |text| Day::parse_iso(text).unwrap();
        LicenseFields {
            family_name: "Ngata".to_owned(),
            given_names: String::new(),
            birth_date: day("1991-02-28").into(),
            license_number: "1".to_owned(),
            categories: vec![row(&["B"], None, &[])],
            issue_date: day("2026-11-22"),
            expiry_date: Some(day("2026-11-22")),
            issuing_country: Country::parse("NZ").unwrap(),
            utc_offset: UtcOffset::parse("+12:00").unwrap(),
        }
    }

    /// RFC 3339 time of a moment on 22 November 2026 UTC, or around it.
    fn at(seconds: i64) -> UnixTime {
        UnixTime::clamped(Day::parse_iso("2026-11-22").unwrap().start() + seconds)
    }

    const HOUR: i64 = 3_600;

    #[test]
    fn a_license_lives_by_the_days_of_its_place() {
        let license = License::new(fields()).unwrap();
        assert!(license.has_begun(at(-13 * HOUR), 0) && !license.has_begun(at(-13 * HOUR - 1), 0));
        assert!(license.is_over(at(12 * HOUR + 1), 0) && !license.is_over(at(12 * HOUR), 0));
        assert!(!license.is_over(at(12 * HOUR + 30), 30));
        assert_eq!(license.end(), Some(at(12 * HOUR)));
        let birthday = Day::parse_iso("2026-02-28").unwrap();
        let midnight = UnixTime::clamped(birthday.start() - 12 * HOUR);
        assert_eq!(license.age(midnight), 35);
        assert_eq!(license.age(midnight.saturating_sub(1)), 34);
    }

    #[test]
    fn a_license_without_end_is_never_over() {
        let expiry_date = None;
        let license = License::new(LicenseFields {
            expiry_date,
            ..fields()
        })
        .unwrap();
        assert!(!license.is_over(UnixTime::MAX, 0));
        assert_eq!(license.end(), None);
    }

    #[test]
    fn a_license_that_ended_before_1970_ended_then() {
        let day = |text| Day::parse_iso(text).unwrap();
        let license = License::new(LicenseFields {
            birth_date: BirthDate::parse_iso("1900").unwrap(),
            issue_date: day("1900-01-01"),
            expiry_date: Some(day("1969-12-31")),
            ..fields()
        });
        assert_eq!(license.unwrap().end(), Some(UnixTime::EPOCH));
    }

    #[test]
    fn birth_comes_before_issue_by_the_first_day_that_it_can_mean() {
        for (birth, good) in [
            ("2026-11-22", true),
            ("2026-11-23", false),
            ("2026-11", true),
            ("2026-12", false),
            ("2026", true),
            ("2027", false),
        ] {
            let birth_date = BirthDate::parse_iso(birth).unwrap();
            let license = License::new(LicenseFields {
                birth_date,
                ..fields()
            });
            assert_eq!(license.is_ok(), good, "{birth}");
        }
    }

    #[test]
    fn rows_and_codes_are_counted_together() {
        let codes: Vec<String> = (0..24).map(|number| format!("C{number}")).collect();
        let row = |codes: &[String]| Category::of_codes(codes.to_vec(), None, None, Vec::new());
        let with = |categories| {
            License::new(LicenseFields {
                categories,
                ..fields()
            })
        };
        let good = with(vec![row(&codes).unwrap()]).unwrap();
        assert_eq!(good.codes().count(), 24);
        let again = with(vec![row(&codes[..23]).unwrap(), row(&codes[..1]).unwrap()]);
        assert_eq!(
            again
                .unwrap()
                .codes()
                .last()
                .map(|(code, _)| code.to_owned())
                .as_deref(),
            Some("C0")
        );
        for categories in [
            vec![],
            vec![row(&codes).unwrap(), row(&codes[..1]).unwrap()],
        ] {
            assert_eq!(
                with(categories).err(),
                Some(Error::OutOfBounds(Field::Categories))
            );
        }
        let more: Vec<String> = (0..25).map(|number| format!("C{number}")).collect();
        let twice = ["B".to_owned(), "C".to_owned(), "B".to_owned()];
        for (codes, field) in [
            (&[][..], Field::Categories),
            (&more, Field::Categories),
            (&twice, Field::CategoryCode),
        ] {
            assert_eq!(row(codes).err(), Some(Error::OutOfBounds(field)));
        }
    }

    #[test]
    fn a_category_is_held_while_any_of_its_rows_is_in_force() {
        let categories = vec![
            row(&["A", "B"], Some("2026-11-23"), &[]),
            row(&["B"], Some("2026-11-21"), &["70"]),
        ];
        let license = License::new(LicenseFields {
            categories,
            ..fields()
        })
        .unwrap();
        assert!(license.holds("B", at(0), 0) && !license.holds("A", at(0), 0));
        // The 23rd begins in Auckland at 11:00 UTC of the 22nd, an hour before standard midnight.
        assert!(license.holds("A", at(11 * HOUR), 0) && !license.holds("A", at(11 * HOUR - 1), 0));
        assert!(!license.holds("a", at(0), 0));
    }

    #[test]
    fn the_issuer_joins_rows_of_equal_dates_and_restrictions() {
        let rows = [
            row(&["AM"], None, &[]),
            row(&["B"], None, &["01.06"]),
            row(&["L", "AM"], None, &[]),
            row(&["BE"], None, &["01.06"]),
            row(&["C"], Some("2020-01-01"), &["01.06"]),
            row(&["D"], None, &["95", "01.06"]),
        ];
        let grouped = Category::group(&rows);
        let codes: Vec<_> = grouped.iter().map(|row| row.codes().join(" ")).collect();
        assert_eq!(codes, ["AM L", "B BE", "C", "D"]);
        assert_eq!(grouped[1].restrictions(), ["01.06"]);
        assert!(Category::group(&grouped) == grouped);
        assert!(Category::group(&[]).is_empty());
    }
}
