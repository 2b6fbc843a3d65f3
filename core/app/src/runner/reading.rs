//! Turns the values of the wallet into those of the app.

use std::sync::Arc;
use std::time::Duration;

use vidimus_credential::meaning::{category_word, restriction_word};
use vidimus_credential::text::shown;
use vidimus_credential::time::UnixTime;
use vidimus_credential::{BirthDate, Category, Country, License};
use vidimus_wallet::present::{Frame, ReaderRequest};
use vidimus_wallet::refresh::{Failure as Missing, RefreshReport, Subject};
use vidimus_wallet::{Application, ApplicationState, HeldLicense, Offer, Wallet};

use crate::driver::reader_name;
use crate::event::{
    ApplicationStage, Applied, CodeAsked, Framed, FramedFace, Held, Missed, OfferRead, Outlook,
    Overview, QuestionRead, Refreshed, Resumed,
};
use crate::screen::{CategoryRow, Condition, Holder};
use crate::trouble::Failure;
use crate::words::{Value, Words};

/// The portraits of a wallet, each by its id.
pub(super) type Pictures = Vec<(String, Arc<[u8]>)>;

/// The licenses and the health of a wallet now.
pub(super) fn overview(wallet: &Wallet) -> Result<(Overview, Pictures), Failure> {
    let time = wallet.time()?;
    let licenses = wallet.licenses()?;
    let applications = wallet.applications()?;
    let health = wallet.health()?;
    let pictures = licenses.iter().filter_map(|license| {
        let portrait = license.portrait.as_ref()?;
        Some((picture_id(license), Arc::from(portrait.jpeg())))
    });
    let pictures = pictures.collect();
    let overview = Overview {
        licenses: licenses.iter().map(|one| held(one, time.latest)).collect(),
        applications: applications
            .into_iter()
            .map(|one| applied(one, time.latest))
            .collect(),
        rolled_back: health.rolled_back,
        damaged: !health.damaged.is_empty(),
        misses_license: wallet.misses_a_license()?,
        clock_set_back: time.set_back,
    };
    Ok((overview, pictures))
}

/// The id of a portrait, which changes when its license is renewed.
fn picture_id(license: &HeldLicense) -> String {
    let issued_at = license.issued_at.map_or(0, UnixTime::seconds);
    format!("{}-{issued_at}", license.id)
}

fn held(license: &HeldLicense, now: UnixTime) -> Held {
    // The first span is of the moment when it was read, which may be another than now.
    let read_at = license.outlook.first().map_or(now, |span| span.from);
    let outlook = license.outlook.iter().map(|span| Outlook {
        after: Duration::from_secs(span.from.seconds().saturating_sub(read_at.seconds())),
        standings: span.standings.iter().collect(),
    });
    Held {
        id: license.id.as_str().to_owned(),
        holder: license.license.as_ref().map(holder),
        outlook: outlook.collect(),
        as_of: license.status.as_of.map(UnixTime::seconds),
        age: license.status.age_s(now).map(Duration::from_secs),
        portrait: license.portrait.as_ref().map(|_| picture_id(license)),
        damaged: license.problem.is_some(),
    }
}

fn applied(application: Application, now: UnixTime) -> Applied {
    let stage = match application.state {
        ApplicationState::SigningIn { expires } => {
            let left = expires.seconds().saturating_sub(now.seconds());
            ApplicationStage::SigningIn {
                until: expires.seconds(),
                left: Duration::from_secs(left),
            }
        }
        ApplicationState::Waiting { next } => ApplicationStage::Waiting {
            next: next.seconds(),
        },
        ApplicationState::Refused { reason, words } => ApplicationStage::Refused { reason, words },
    };
    Applied {
        id: application.id.into(),
        since: application.since.seconds(),
        stage,
    }
}

pub(super) fn resumed(applied: vidimus_wallet::Applied) -> Resumed {
    match applied {
        vidimus_wallet::Applied::Received(license) => Resumed::Received(license.into()),
        vidimus_wallet::Applied::Waiting(application) => Resumed::Waiting(application.id.into()),
    }
}

fn visible(text: &str) -> String {
    shown(text).into_owned()
}

pub(super) fn holder(license: &License) -> Holder {
    let (given, family) = (
        visible(license.given_names()),
        visible(license.family_name()),
    );
    let parts = [given.as_str(), family.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Holder {
        name: parts.join(" "),
        born: born(license.birth_date()),
        number: visible(license.license_number()),
        country: license.issuing_country().as_str().to_owned(),
        issued: license.issue_date().into(),
        expires: license.expiry_date().map_or_else(
            || Value::word("license.no_end"),
            |day| Value::Day { day: day.into() },
        ),
        categories: license
            .codes()
            .map(|(code, category)| row(license.issuing_country(), code, category))
            .collect(),
        family_name: family,
        given_names: given,
    }
}

fn born(date: BirthDate) -> Value {
    match date {
        BirthDate::Day(day) => Value::Day { day: day.into() },
        BirthDate::YearMonth(month) => Value::Month {
            year: month.year().get(),
            month: month.month(),
        },
        BirthDate::Year(year) => Value::Year { year: year.get() },
    }
}

/// A row of the card: each code has its own.
fn row(country: Country, code: &str, category: &Category) -> CategoryRow {
    let day = |key: &str, day: vidimus_credential::Day| {
        Words::with(key, vec![Value::Day { day: day.into() }])
    };
    let conditions = category.restrictions().iter().map(|one| Condition {
        code: visible(one),
        meaning: restriction_word(country, one).map(Words::of),
    });
    CategoryRow {
        code: visible(code),
        meaning: category_word(country, code).map(Words::of),
        from: category
            .from()
            .map(|from| day("license.category.from", from)),
        until: category
            .until()
            .map(|until| day("license.category.until", until)),
        conditions: conditions.collect(),
    }
}

pub(super) fn offer(offer: &Offer) -> OfferRead {
    let code = offer.tx_code().map(|code| CodeAsked {
        numeric: code.numeric,
        length: code.length,
        hint: code
            .description
            .as_deref()
            .map(visible)
            .filter(|hint| !hint.trim().is_empty()),
    });
    OfferRead {
        issuer: offer.issuer().to_owned(),
        name: offer.display_name().map(visible),
        standing: offer.standing(),
        code,
    }
}

pub(super) fn question(request: &ReaderRequest) -> QuestionRead {
    let proven = request.proven_name();
    QuestionRead {
        name: reader_name(proven.unwrap_or_else(|| request.reader())),
        proven: proven.is_some(),
        wants_face: request.wants_face(),
    }
}

pub(super) fn refreshed(report: RefreshReport) -> Refreshed {
    let failures = report.failures.into_iter();
    let missed = |Missing { subject, error }| Missed {
        license: match subject {
            Subject::TrustList => None,
            Subject::Status(license)
            | Subject::Renewal(license)
            | Subject::Application(license) => Some(license.into()),
        },
        failure: error.into(),
    };
    Refreshed {
        requests: report.requests,
        failures: failures.map(missed).collect(),
        next_in: report.next_in,
    }
}

pub(super) fn framed(frame: &Frame, number: u64, has_face: bool) -> Framed {
    let lasts = frame
        .rotates_at
        .seconds()
        .saturating_sub(frame.issued_at.seconds());
    Framed {
        number,
        lasts: Duration::from_secs(lasts),
        signed_at: frame.issued_at.seconds(),
        standing: frame.standing,
        as_of: frame.status.as_of.map(UnixTime::seconds),
        age: frame.age_s.map(Duration::from_secs),
        status_left_out: frame.staple_left_out,
        face: match &frame.face {
            Some(face) => FramedFace::Drawn {
                count: u32::try_from(face.count()).unwrap_or(u32::MAX),
            },
            None if has_face => FramedFace::NotAsked,
            None => FramedFace::None,
        },
    }
}

#[cfg(test)]
mod tests {
    use vidimus_credential::{Day, LicenseFields, UtcOffset};

    use super::*;

    fn license(born: &str, expires: Option<&str>) -> License {
        let day = |text| Day::parse_iso(text).unwrap();
        let row = Category::of_codes(
            vec!["AM".to_owned(), "B".to_owned()],
            Some(day("2010-03-01")),
            None,
            vec!["01.02".to_owned()],
        );
        License::new(LicenseFields {
            family_name: "王\u{323b0}".to_owned(),
            given_names: String::new(),
            birth_date: BirthDate::parse_iso(born).unwrap(),
            license_number: "ZZ-1".to_owned(),
            categories: vec![row.unwrap()],
            issue_date: day("2020-06-01"),
            expiry_date: expires.map(day),
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: UtcOffset::UTC,
        })
        .unwrap()
    }

    #[test]
    fn what_is_not_known_or_has_no_end_is_told_so() {
        let month = holder(&license("1991-02", None));
        assert!(
            month.born
                == Value::Month {
                    year: 1991,
                    month: 2
                }
        );
        assert!(month.expires == Value::word("license.no_end"));
        assert_eq!(
            month.name, "王[U+323B0]",
            "what has no shape is written out"
        );
        let year = holder(&license("1991", Some("2035-05-31")));
        assert!(year.born == Value::Year { year: 1991 });
        let end = crate::words::CalendarDay {
            year: 2035,
            month: 5,
            day: 31,
        };
        assert!(year.expires == Value::Day { day: end });
        let codes: Vec<&str> = year
            .categories
            .iter()
            .map(|row| row.code.as_str())
            .collect();
        assert_eq!(codes, ["AM", "B"]);
        let row = &year.categories[1];
        assert!(row.until.is_none() && row.from.is_some() && row.conditions.len() == 1);
    }

    #[test]
    fn codes_have_their_meaning_beside_them_where_the_country_that_issued_them_gives_them_one() {
        let key = |words: &Option<Words>| words.as_ref().map(|words| words.key.clone());
        let zz = holder(&license("1991", None));
        let row = &zz.categories[1];
        assert_eq!(key(&row.meaning).as_deref(), Some("category.eu.b"));
        let condition = &row.conditions[0];
        assert_eq!(condition.code, "01.02");
        assert_eq!(
            key(&condition.meaning).as_deref(),
            Some("restriction.01.02")
        );
        let mut fields = license("1991", None).fields().clone();
        fields.issuing_country = Country::parse("US").unwrap();
        let us = holder(&License::new(fields).unwrap());
        let row = &us.categories[1];
        assert_eq!(row.code, "B");
        assert!(row.meaning.is_none() && row.conditions[0].meaning.is_none());
    }
}
