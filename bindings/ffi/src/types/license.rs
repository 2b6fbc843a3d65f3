//! A driver's license.

use vidimus_credential::{birth_date, license};

use super::macros::discreet;
use crate::units::{Instant, LocalDate, UtcOffset};

discreet!(License BirthDate Category);

/// A driver's license, as the authority signed it. Personal data.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct License {
    /// The family name, as the authority writes it.
    pub family_name: String,
    /// The given names; may be empty.
    pub given_names: String,
    /// When the holder was born, as exactly as the authority knows.
    pub birth_date: BirthDate,
    /// The number of the license, as the authority writes it.
    pub license_number: String,
    /// What may be driven.
    pub categories: Vec<Category>,
    /// The license's first day, at the authority's seat.
    pub issue_date: LocalDate,
    /// The license's last day, at the authority's seat; none where it has no end.
    pub expiry_date: Option<LocalDate>,
    /// The country that issued it, two capital letters (ISO 3166-1).
    pub issuing_country: String,
    /// How far the clocks of the authority's seat are ahead of universal time, without summer time.
    /// All days of the license are days of that place.
    pub utc_offset: UtcOffset,
    /// When its last day ends at the authority's seat; none where it has no end.
    pub ends: Option<Instant>,
}

/// A date of birth, as exactly as the authority knows it. Personal data.
// Plain numbers: in the variant of an enum the generated Kotlin cannot name a type of
// `uniffi.toml`.
#[derive(uniffi::Enum)]
#[uniffi::export(Display)]
pub enum BirthDate {
    /// The day is known.
    Day {
        /// The year, 1800 to 2199.
        year: i32,
        /// The month, 1 to 12.
        month: i32,
        /// The day of the month, from 1.
        day: i32,
    },
    /// The year and the month are known.
    YearMonth {
        /// The year, 1800 to 2199.
        year: i32,
        /// The month, 1 to 12.
        month: i32,
    },
    /// The year alone is known.
    Year {
        /// The year, 1800 to 2199.
        year: i32,
    },
}

impl From<birth_date::BirthDate> for BirthDate {
    fn from(date: birth_date::BirthDate) -> Self {
        match date {
            birth_date::BirthDate::Day(day) => {
                let (year, month, day) = day.ymd();
                Self::Day {
                    year,
                    month: month.into(),
                    day: day.into(),
                }
            }
            birth_date::BirthDate::YearMonth(month) => Self::YearMonth {
                year: month.year().get().into(),
                month: month.month().into(),
            },
            birth_date::BirthDate::Year(year) => Self::Year {
                year: year.get().into(),
            },
        }
    }
}

/// What may be driven, and when.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct Category {
    /// The category's code, such as B.
    pub code: String,
    /// Its first day, where that is not the license's.
    pub valid_from: Option<LocalDate>,
    /// Its last day, where that is not the license's.
    pub valid_until: Option<LocalDate>,
    /// Codes of its restrictions and conditions.
    pub restrictions: Vec<String>,
}

impl From<&license::License> for License {
    fn from(license: &license::License) -> Self {
        Self {
            family_name: license.family_name().to_owned(),
            given_names: license.given_names().to_owned(),
            birth_date: license.birth_date().into(),
            license_number: license.license_number().to_owned(),
            categories: license
                .codes()
                .map(|(code, row)| Category::new(code, row))
                .collect(),
            issue_date: license.issue_date().into(),
            expiry_date: license.expiry_date().map(LocalDate::from),
            issuing_country: license.issuing_country().as_str().to_owned(),
            utc_offset: UtcOffset(license.utc_offset().minutes().into()),
            ends: license.end().map(Instant::from),
        }
    }
}

impl Category {
    fn new(code: &str, category: &license::Category) -> Self {
        Self {
            code: code.to_owned(),
            valid_from: category.from().map(LocalDate::from),
            valid_until: category.until().map(LocalDate::from),
            restrictions: category.restrictions().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_license_crosses_with_its_place_its_birth_and_one_entry_for_each_code() {
        use vidimus_credential::{
            BirthDate as Birth, Category as Row, Country, Day, LicenseFields,
        };
        let row = |codes: &[&str]| {
            let codes = codes.iter().map(|code| (*code).to_owned()).collect();
            Row::of_codes(codes, None, None, Vec::new()).unwrap()
        };
        let fields = |expiry: Option<&str>| LicenseFields {
            family_name: "A".to_owned(),
            given_names: String::new(),
            birth_date: Birth::parse_iso("1991-02").unwrap(),
            license_number: "1".to_owned(),
            categories: vec![row(&["AM", "B"]), row(&["C"])],
            issue_date: Day::parse_iso("2020-06-01").unwrap(),
            expiry_date: expiry.map(|day| Day::parse_iso(day).unwrap()),
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: vidimus_credential::UtcOffset::parse("+12:00").unwrap(),
        };
        let crossed = License::from(&license::License::new(fields(Some("2020-06-01"))).unwrap());
        let codes: Vec<_> = crossed
            .categories
            .iter()
            .map(|it| it.code.as_str())
            .collect();
        assert_eq!(
            (codes, crossed.utc_offset),
            (vec!["AM", "B", "C"], UtcOffset(720))
        );
        // 1 June ends in Auckland at noon of universal time.
        assert_eq!(crossed.ends, Some(Instant(1_591_012_800)));
        assert!(matches!(
            crossed.birth_date,
            BirthDate::YearMonth {
                year: 1991,
                month: 2
            }
        ));
        let endless = License::from(&license::License::new(fields(None)).unwrap());
        assert!(endless.ends.is_none() && endless.expiry_date.is_none());
    }
}
