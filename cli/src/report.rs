//! A license, its status and a verdict, for people and as JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vidimus_authority::application_form;
use vidimus_credential::meaning::{category_word, restriction_word};
use vidimus_credential::text::shown;
use vidimus_credential::verify::{Outcome as Class, Verdict};
use vidimus_credential::{
    Category, Day, License, Reason, Standing, StatusReport, StatusSource, Tone, UnixTime,
};
use vidimus_wallet::present::Frame;

use crate::output::{self, Style};
use crate::words::{english, find};

/// What a person should know or do beside a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// What it is about, as JSON names it.
    pub(crate) about: &'static str,
    /// A stable name of the problem, for programs.
    pub(crate) problem: &'static str,
    /// What was wrong and what to do.
    pub(crate) say: String,
    /// The reason that it explains, where the verdict has it.
    pub(crate) explains: Option<Reason>,
}

/// `{"state", "as_of", "age_s", "source"}`.
pub(crate) fn status_json(status: &StatusReport, age_s: Option<u64>) -> Value {
    json!({
        "state": status.state.name(),
        "as_of": status.as_of.map(UnixTime::seconds),
        "age_s": age_s,
        "source": status.source.name(),
    })
}

/// The keys of `driver.json`.
pub(crate) fn license_json(license: &License) -> Value {
    application_form::to_json(license)
}

/// What `verify --json` prints; `notes` only where there are some.
pub(crate) fn verdict_json(verdict: &Verdict, notes: &[Note]) -> Value {
    let token = verdict.token.as_ref().map(|token| {
        json!({
            "iat": token.iat.seconds(),
            "exp": token.exp.seconds(),
            "challenged": token.challenged,
        })
    });
    let mut json = json!({
        "verdict": verdict.outcome.name(),
        "reasons": verdict.reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>(),
        "license": verdict.license.as_ref().map(license_json),
        "status": status_json(&verdict.status, verdict.age_s),
        "token": token,
    });
    if let Some(object) = json.as_object_mut()
        && !notes.is_empty()
    {
        let notes = notes
            .iter()
            .map(|note| json!({ "about": note.about, "problem": note.problem, "say": note.say }));
        object.insert("notes".to_owned(), notes.collect());
    }
    json
}

/// `{"text", "issued_at", "rotates_at", "expires_at", "status", "standing", "tone"}`.
pub(crate) fn frame_json(frame: &Frame) -> Value {
    let mut json = json!({
        "text": frame.text,
        "issued_at": frame.issued_at.seconds(),
        "rotates_at": frame.rotates_at.seconds(),
        "expires_at": frame.expires_at.seconds(),
        "status": status_json(&frame.status, frame.age_s),
        "standing": frame.standing.name(),
        "tone": frame.standing.tone().name(),
    });
    if let Some(object) = json.as_object_mut()
        && let Some(face) = &frame.face
    {
        object.insert("face".to_owned(), face.texts().into());
    }
    json
}

/// The verdict's word with a sign, so that color is never the only difference.
pub(crate) fn verdict_word(outcome: Class, style: Style) -> String {
    toned(outcome.tone(), &outcome.name().to_uppercase(), style)
}

/// How a license stands, with the sign and the color of its tone.
pub(crate) fn standing_words(standing: Standing, style: Style) -> String {
    toned(standing.tone(), english(standing.word()), style)
}

fn toned(tone: Tone, words: &str, style: Style) -> String {
    let words = format!("{} {words}", tone.mark().sign());
    match tone {
        Tone::Good => style.green(&words),
        Tone::Caution | Tone::Unknown => style.amber(&words),
        Tone::Bad => style.red(&words),
    }
}

/// The lines of a verdict for people, without a final line break.
pub(crate) fn verdict_lines(verdict: &Verdict, notes: &[Note], style: Style) -> Vec<String> {
    let mut lines = vec![verdict_word(verdict.outcome, style)];
    for reason in &verdict.reasons {
        let note = notes.iter().find(|note| note.explains == Some(*reason));
        let words = note.map_or_else(|| explain(reason.code()), |note| note.say.as_str());
        lines.push(format!("  {:<22} {}", reason.code(), output::plain(words)));
    }
    for note in notes {
        let said = |reason| verdict.reasons.contains(&reason);
        if !note.explains.is_some_and(said) {
            lines.push(row(
                &note.about.replace('_', " "),
                &output::plain(&note.say),
            ));
        }
    }
    if let Some(difference) = verdict.clock_difference_s {
        lines.push(row("clocks", &clock_words(difference)));
    }
    if verdict.offer_challenge {
        lines.push(row(
            "next",
            "ask the phone anew with `vidimus challenge`: its answer needs no clock",
        ));
    }
    lines.push(row("status", &status_words(&verdict.status, verdict.age_s)));
    if let Some(license) = &verdict.license {
        lines.extend(license_lines(license));
    }
    if let Some(name) = &verdict.display_name {
        lines.push(row("issued by", &shown(name)));
    }
    if let Some(token) = &verdict.token {
        let mode = if token.challenged {
            "answer to your challenge"
        } else {
            "shown to anyone"
        };
        let words = format!(
            "{mode}, signed {}, good until {}",
            token.iat.to_rfc3339(),
            token.exp.to_rfc3339()
        );
        lines.push(row("proof", &words));
    }
    lines
}

/// A license's fields, one a line.
pub(crate) fn license_lines(license: &License) -> Vec<String> {
    let mut lines = vec![
        row("family name", &shown(license.family_name())),
        row("given names", &shown(license.given_names())),
        row("born", &license.birth_date().to_string()),
        row("license number", &shown(license.license_number())),
        row(
            "issued",
            &format!(
                "{} in {}",
                license.issue_date(),
                license.issuing_country().as_str()
            ),
        ),
        row("expires", &end_words(license.expiry_date())),
    ];
    lines.extend(
        license
            .categories()
            .iter()
            .map(|category| row("category", &category_words(category))),
    );
    lines.extend(meaning_lines(license));
    lines
}

/// What the codes mean that the license's country gives a meaning, each once.
fn meaning_lines(license: &License) -> Vec<String> {
    let country = license.issuing_country();
    let categories = license
        .codes()
        .map(|(code, _)| (code, category_word(country, code)));
    let restrictions = license.categories().iter().flat_map(Category::restrictions);
    let restrictions = restrictions.map(|code| (code.as_str(), restriction_word(country, code)));
    let mut seen = BTreeSet::new();
    categories
        .chain(restrictions)
        .filter_map(|(code, key)| Some((code, key?)))
        .filter(|(code, _)| seen.insert(*code))
        .map(|(code, key)| row(&shown(code), english(key)))
        .collect()
}

/// How a source is told that this version does not know. A test makes sure that none of today is.
const LATER_SOURCE: &str = "from a source that this version does not know";

/// `valid, dated 3 min ago and carried by the phone`. An authority dates what it signs 150 s back,
/// so it is never fresher than that.
pub(crate) fn status_words(status: &StatusReport, age_s: Option<u64>) -> String {
    let state = status.state.name().replace('_', " ");
    let source = match status.source {
        StatusSource::Staple => "carried by the phone",
        StatusSource::Bundle => "from the reader's bundle",
        StatusSource::Online => "fetched online",
        StatusSource::None => "from no one",
        _ => LATER_SOURCE,
    };
    match age_s {
        Some(age) => format!("{state}, dated {} ago and {source}", duration_words(age)),
        None => format!("{state}: there is no usable statement of the authority"),
    }
}

/// Seconds in the unit that people use for that much.
pub(crate) fn duration_words(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// One line with its label on the left.
pub(crate) fn row(label: &str, words: &str) -> String {
    format!("  {label:<16} {words}")
}

fn clock_words(difference: i64) -> String {
    let amount = duration_words(difference.unsigned_abs());
    if difference >= 0 {
        format!("the phone's proof is {amount} ahead of this clock")
    } else {
        format!("the phone's proof is {amount} behind this clock")
    }
}

pub(crate) fn category_words(category: &Category) -> String {
    let mut words = category.codes().join(", ");
    if let Some(from) = category.from() {
        words.push_str(&format!(" from {from}"));
    }
    if let Some(until) = category.until() {
        words.push_str(&format!(" until {until}"));
    }
    if !category.restrictions().is_empty() {
        words.push_str(&format!(" with {}", category.restrictions().join(", ")));
    }
    shown(&words).into_owned()
}

/// The last day, or that there is none.
fn end_words(last: Option<Day>) -> String {
    last.map_or_else(|| "never: it has no end".to_owned(), |day| day.to_string())
}

/// What a reason of the profile's section 9 means to the person who reads it.
pub(crate) fn explain(code: &str) -> &'static str {
    find(&format!("reason.{code}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use vidimus_credential::{BirthDate, Country, LicenseFields, UtcOffset};

    use super::*;

    fn license() -> License {
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let row = |all: &[&str], until| {
            let until: Option<&str> = until;
            let until = until.map(|day| Day::parse_iso(day).unwrap());
            Category::of_codes(codes(all), None, until, codes(&["01.06"])).unwrap()
        };
        License::new(LicenseFields {
            family_name: "王\u{323b0}".to_owned(),
            given_names: "Zoë".to_owned(),
            birth_date: BirthDate::parse_iso("1991-02").unwrap(),
            license_number: "ZZ-1".to_owned(),
            categories: vec![row(&["AM", "B"], None), row(&["C"], Some("2031-11-17"))],
            issue_date: Day::parse_iso("2020-06-01").unwrap(),
            expiry_date: None,
            issuing_country: Country::parse("ZZ").unwrap(),
            utc_offset: UtcOffset::parse("+08:00").unwrap(),
        })
        .unwrap()
    }

    #[test]
    fn each_source_of_a_status_is_told_by_its_own_words() {
        for source in StatusSource::ALL {
            let status = StatusReport {
                source,
                ..StatusReport::NONE
            };
            assert!(!status_words(&status, Some(60)).contains(LATER_SOURCE));
        }
    }

    #[test]
    fn people_read_rows_a_birth_as_it_is_known_and_that_there_is_no_end() {
        let lines = license_lines(&license());
        for line in [
            row("family name", "王[U+323B0]"),
            row("born", "1991-02"),
            row("issued", "2020-06-01 in ZZ"),
            row("expires", "never: it has no end"),
            row("category", "AM, B with 01.06"),
            row("category", "C until 2031-11-17 with 01.06"),
        ] {
            assert!(lines.contains(&line), "{line} in {lines:?}");
        }
    }

    #[test]
    fn people_read_what_each_code_means_once_where_the_country_gives_it_a_meaning() {
        let lines = license_lines(&license());
        let meanings = [
            row("AM", "Mopeds and light quadricycles up to 45 km/h"),
            row("B", "Cars and vans up to 3.5 t"),
            row("C", "Trucks over 3.5 t"),
            row("01.06", "Glasses or contact lenses"),
        ];
        assert!(lines.ends_with(&meanings), "{lines:?}");
        let mut fields = license().fields().clone();
        fields.issuing_country = Country::parse("US").unwrap();
        let lines = license_lines(&License::new(fields).unwrap());
        assert!(!lines.iter().any(|line| line.contains("Cars")), "{lines:?}");
    }

    #[test]
    fn every_reason_has_its_own_words() {
        let words = Reason::ALL.map(|reason| explain(reason.code()));
        for (reason, said) in Reason::ALL.into_iter().zip(words) {
            assert!(!said.is_empty(), "{}", reason.code());
            let alike = words.iter().filter(|other| **other == said).count();
            assert_eq!(alike, 1, "{}", reason.code());
        }
    }

    #[test]
    fn json_has_the_text_as_it_was_signed_and_an_entry_for_each_code() {
        let json = license_json(&license());
        assert_eq!(json["family_name"], "王\u{323b0}");
        assert_eq!(json["birth_date"], "1991-02");
        assert_eq!(json["expiry_date"], Value::Null);
        assert_eq!(json["utc_offset"], "+08:00");
        let codes: Vec<_> = (0..3)
            .map(|index| &json["categories"][index]["code"])
            .collect();
        assert_eq!(codes, ["AM", "B", "C"]);
    }
}
