//! `vidimus authority license`: the register, for a clerk.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_authority::application_form::{self, Application, TextNote};
use vidimus_authority::portrait::PortraitNote;
use vidimus_authority::{
    AddOptions, AddedLicense, Authority, DecisionRow, EndReason, Error, Found, LicenseRow,
    LicenseStage, MAX_PORTRAIT, OfferKind, advice,
};
use vidimus_credential::UnixTime;
use vidimus_credential::meaning::Standing;

use super::{failure, open};
use crate::args::{AddArguments, EditArguments, OfferArguments};
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::terminal::{Canvas, Drawing, Inline, Window};
use crate::{files, output, report, runtime};

/// More than any license's JSON needs.
const MAX_DRIVER: u64 = 256 * 1024;

/// Lines printed beside an offer's QR.
const WORDS: u16 = 8;

/// Runs `vidimus authority license add`.
pub(super) fn add(home: &Path, asked: &AddArguments, json: bool) -> Outcome {
    let file = files::read_up_to(&asked.file, MAX_DRIVER)?;
    let portrait = read_portrait(&asked.portrait)?;
    let (authority, now) = (open(home)?, runtime::moment());
    let entry = read_form(&authority, &asked.file, &file)?;
    let options = AddOptions {
        after_revocation: asked.after_revocation.as_deref(),
        review: asked.review,
    };
    let added = authority.add_license_with(&entry.license, &portrait, options, now);
    let added = added.map_err(|error| failure_of(&asked.file, &error))?;
    super::clock::note_offer(&authority)?;
    let notes = notes_of(Some(&asked.file), &entry.notes, &added.portrait_notes);
    print_offer(&added, &notes, json)
}

/// A clerk's file, by the rules of the desk.
fn read_form(authority: &Authority, path: &Path, file: &[u8]) -> Outcome<Application> {
    let desk = authority
        .desk(runtime::moment())
        .map_err(|error| failure(&error))?;
    application_form::from_clerk(file, &desk).map_err(|error| failure_of(path, &Error::from(error)))
}

/// A failure that names the clerk's file where the library names it by its format.
fn failure_of(path: &Path, error: &Error) -> Failure {
    match error.to_string().strip_prefix("driver.json: ") {
        Some(fault) => Failure::bad_input(format!("{}: {fault}", path.display())),
        None => failure(error),
    }
}

fn read_portrait(file: &Path) -> Outcome<Vec<u8>> {
    let limit = u64::try_from(MAX_PORTRAIT).unwrap_or(u64::MAX);
    files::read_up_to(file, limit)
}

/// What was changed in what the clerk brought, in words.
fn notes_of(file: Option<&Path>, texts: &[TextNote], pictures: &[PortraitNote]) -> Vec<String> {
    let file = file.unwrap_or(Path::new("the license")).display();
    let pictures = pictures.iter().map(PortraitNote::to_string);
    texts
        .iter()
        .map(|note| format!("{file}: {note}"))
        .chain(pictures)
        .collect()
}

/// Runs `vidimus authority license offer`.
pub(super) fn offer(home: &Path, asked: &OfferArguments, json: bool) -> Outcome {
    let kind = match (asked.replace, asked.beside) {
        (true, _) => OfferKind::Replace(asked.device),
        (false, true) => OfferKind::Beside,
        (false, false) => OfferKind::First,
    };
    let authority = open(home)?;
    let offer = authority.offer(&asked.license, kind, runtime::moment());
    let offer = offer.map_err(|error| failure(&error))?;
    super::clock::note_offer(&authority)?;
    print_offer(&offer, &[], json)
}

fn print_offer(added: &AddedLicense, notes: &[String], json: bool) -> Outcome {
    if json {
        return output::json(&json!({
            "license_id": added.license_id,
            "offer": added.offer,
            "offer_by_reference": added.offer_by_reference,
            "tx_code": added.tx_code,
            "expires": added.expires.seconds(),
            "notes": notes,
        }));
    }
    notes.iter().for_each(|note| output::note(note));
    let style = Style::detect();
    if let Some(canvas) = Canvas::of_link(&added.offer_by_reference) {
        let drawing = Drawing::choose(&canvas, Window::measure(), WORDS);
        if drawing != Drawing::File {
            Inline::new(drawing).draw(&canvas)?;
        }
    }
    output::line(&format!(
        "License  {}\n\
         Code     {}   give it to the driver by another way than the offer\n\
         Offer    {}\n\
         Or       {}\n\
         The driver: vidimus wallet --home DIR enroll OFFER --tx-code {}",
        added.license_id,
        style.bold(&added.tx_code),
        added.offer_by_reference,
        added.offer,
        added.tx_code
    ))
}

/// Runs `vidimus authority license edit`.
pub(super) fn edit(home: &Path, asked: &EditArguments, json: bool) -> Outcome {
    let (authority, now) = (open(home)?, runtime::moment());
    let entry = match &asked.file {
        Some(path) => {
            let file = files::read_up_to(path, MAX_DRIVER)?;
            Some(read_form(&authority, path, &file)?)
        }
        None => with_dates(&authority, asked)?,
    };
    let portrait = asked.portrait.as_deref().map(read_portrait).transpose()?;
    let edited = authority
        .edit_license_for_review(
            &asked.license,
            entry.as_ref().map(|entry| &entry.license),
            portrait.as_deref(),
            asked.review,
            now,
        )
        .map_err(|error| {
            failure_of(
                asked.file.as_deref().unwrap_or(Path::new("the license")),
                &error,
            )
        })?;
    let texts = entry.as_ref().map_or(&[][..], |entry| &entry.notes);
    let notes = notes_of(asked.file.as_deref(), texts, &edited.portrait_notes);
    if json {
        return output::json(&json!({
            "license_id": edited.license_id,
            "changed": edited.changed,
            "takes_away": edited.takes_away,
            "devices": edited.devices,
            "review": edited.review,
            "notes": notes,
        }));
    }
    notes.iter().for_each(|note| output::note(note));
    let words = match (edited.changed, edited.takes_away) {
        (false, _) if edited.review.is_some() => "nothing else is different.",
        (false, _) => "nothing is different, so nothing was done.",
        (true, false) => {
            "changed; wallets fetch the new license by themselves, and the old one runs out."
        }
        (true, true) => {
            "changed, and something was taken away; wallets fetch the new license by themselves, and the old one is refused in 24 hours at the latest."
        }
    };
    if let Some(review) = edited.review {
        output::line(&format!(
            "A clerk has to look, in review {review}: vidimus authority review list {}",
            edited.license_id
        ))?;
    }
    output::line(&format!("{}: {words}", edited.license_id))
}

/// The license as it is, with other dates; `None` where none is to change.
fn with_dates(authority: &Authority, asked: &EditArguments) -> Outcome<Option<Application>> {
    let dates = [
        ("issue_date", &asked.issue_date),
        ("expiry_date", &asked.expiry_date),
    ];
    if dates.iter().all(|(_, date)| date.is_none()) {
        return Ok(None);
    }
    let held = authority
        .find_license(&asked.license, runtime::moment())
        .map_err(|error| failure(&error))?;
    // The edit says why not, where it has ended.
    let Some(license) = held.row.license() else {
        return Err(failure(&Error::RowEnded));
    };
    let mut file = application_form::to_json(license);
    for (name, date) in dates {
        if let (Some(date), Some(file)) = (date, file.as_object_mut()) {
            file.insert(name.to_owned(), json!(date));
        }
    }
    read_form(
        authority,
        Path::new("the license"),
        file.to_string().as_bytes(),
    )
    .map(Some)
}

/// Runs `vidimus authority license list`.
pub(super) fn list(home: &Path, after: Option<&str>, limit: u32, json: bool) -> Outcome {
    let moment = runtime::moment();
    let now = moment.wall();
    // One more than a page, to know whether there is another.
    let mut rows = open(home)?
        .licenses(after, limit.saturating_add(1), moment)
        .map_err(|error| failure(&error))?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    if json {
        let rows: Vec<_> = rows.iter().map(|row| row_json(row, now)).collect();
        return output::json(&rows);
    }
    let Some(last) = rows.last() else {
        return output::line(match after {
            None => "No licenses yet: vidimus authority license add",
            Some(_) => "No more licenses.",
        });
    };
    let lines: Vec<_> = rows.iter().map(|row| row_line(row, now)).collect();
    output::line(&lines.join("\n"))?;
    if more {
        output::note(&format!(
            "There are more: go on with `license list --after {}`",
            last.id
        ));
    }
    Ok(())
}

/// How a license stands today: its state in the register and its days together.
fn standing(row: &LicenseRow, now: UnixTime) -> Standing {
    match row.license() {
        Some(license) => vidimus_authority::standing_of(license, row.status, now),
        None => Standing::of_status(row.status),
    }
}

fn row_json(row: &LicenseRow, now: UnixTime) -> Value {
    json!({
        "license_id": row.id,
        "license": row.license().map(report::license_json),
        "status": row.status.name(),
        "standing": standing(row, now).name(),
        "added_at": row.added_at.seconds(),
        "ended_at": row.end().map(|end| end.at.seconds()),
        "end_reason": row.end().map(|end| &end.reason),
    })
}

fn row_line(row: &LicenseRow, now: UnixTime) -> String {
    let (state, license) = match &row.stage {
        LicenseStage::Live(license) => (standing(row, now).name(), license),
        LicenseStage::Ended(_, license) => ("ended", license),
        LicenseStage::Forgotten(end) => {
            let at = end.at.to_rfc3339();
            return format!("{}  {:<12}  {at}, its data is deleted", row.id, "ended");
        }
    };
    format!(
        "{}  {:<12}  {}  {} {}",
        row.id,
        state,
        license.license_number(),
        license.given_names(),
        license.family_name()
    )
}

/// Runs `vidimus authority license find`.
pub(super) fn find(home: &Path, license: &str, json: bool) -> Outcome {
    let moment = runtime::moment();
    let now = moment.wall();
    let found = open(home)?
        .find_license(license, moment)
        .map_err(|error| failure(&error))?;
    if json {
        let mut value = row_json(&found.row, now);
        if let Some(value) = value.as_object_mut() {
            let decisions: Vec<_> = found.decisions.iter().map(decision_json).collect();
            let devices: Vec<_> = found
                .devices
                .iter()
                .map(super::device::device_json)
                .collect();
            value.insert(
                "what_to_do".to_owned(),
                json!(advice(standing(&found.row, now))),
            );
            value.insert("decisions".to_owned(), json!(decisions));
            value.insert("devices".to_owned(), json!(devices));
            let until = found.offer_until.map(UnixTime::seconds);
            value.insert("offer_until".to_owned(), json!(until));
            let reviews = found.reviews.iter().map(super::review::review_json);
            value.insert("reviews".to_owned(), json!(reviews.collect::<Vec<_>>()));
        }
        return output::json(&value);
    }
    output::line(&found_words(&found, now))
}

fn found_words(found: &Found, now: UnixTime) -> String {
    let row = &found.row;
    let mut lines = match row.license() {
        Some(license) => vec![
            format!("License  {}  {}", row.id, license.license_number()),
            format!(
                "Driver   {} {}, born {}",
                license.given_names(),
                license.family_name(),
                license.birth_date()
            ),
        ],
        None => vec![
            format!("License  {}", row.id),
            "Driver   deleted after the retention, and so is the number".to_owned(),
        ],
    };
    match row.end() {
        Some(end) => lines.push(format!("Ended    {} ({})", end.at.to_rfc3339(), end.reason)),
        None => {
            lines.push(format!("Status   {}", row.status.name().replace('_', " ")));
            lines.push(format!("         {}", advice(standing(row, now))));
        }
    }
    lines.extend(
        found
            .decisions
            .iter()
            .map(|decision| format!("Decided  {}", decision_words(decision))),
    );
    lines.extend(
        found
            .devices
            .iter()
            .map(|device| format!("Phone    {}", super::device::device_words(device))),
    );
    lines.extend(
        found
            .reviews
            .iter()
            .map(|review| format!("Review   {}", super::review::review_words(review))),
    );
    if let Some(until) = found.offer_until {
        lines.push(format!(
            "Offer    waits to be redeemed until {}",
            until.to_rfc3339()
        ));
    }
    lines.join("\n")
}

fn decision_json(decision: &DecisionRow) -> Value {
    json!({
        "event": decision.event,
        "state": decision.state.name(),
        "reason": decision.reason,
        "from": decision.from.seconds(),
        "until": decision.until.map(UnixTime::seconds),
        "by": decision.by,
        "decided_at": decision.made.seconds(),
        "lifted_at": decision.lifted.map(UnixTime::seconds),
        "in_force": decision.in_force,
    })
}

fn decision_words(decision: &DecisionRow) -> String {
    let mut words = format!(
        "{} from {}",
        decision.state.name().replace('_', " "),
        decision.from.to_rfc3339()
    );
    if let Some(until) = decision.until {
        words.push_str(&format!(" until {}", until.to_rfc3339()));
    }
    if let Some(reason) = &decision.reason {
        words.push_str(&format!(", {}", output::plain(reason)));
    }
    if let Some(lifted) = decision.lifted {
        words.push_str(&format!(", lifted {}", lifted.to_rfc3339()));
    }
    words.push_str(&format!(
        "; by {}, event {}",
        output::plain(&decision.by),
        output::plain(&decision.event)
    ));
    if decision.in_force {
        words.push_str("; in force");
    }
    words
}

/// Runs `vidimus authority license end`.
pub(super) fn end(home: &Path, license: &str, reason: EndReason, json: bool) -> Outcome {
    let ended = open(home)?
        .end_license(license, reason, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({
            "license_id": ended.license_id,
            "ended": ended.reason,
            "changed": ended.changed,
        }));
    }
    let (id, reason) = (&ended.license_id, &ended.reason);
    if !ended.changed {
        return output::line(&format!(
            "{id} had ended before ({reason}), and nothing was changed."
        ));
    }
    output::line(&format!(
        "{id} has ended ({reason}): its number is free, and what its phones show is refused from now on."
    ))
}
