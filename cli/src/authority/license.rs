//! `vidimus authority license`: the register, for a clerk.

use std::path::Path;

use serde_json::json;
use vidimus_authority::{EndReason, Error, MAX_PORTRAIT, OfferKind};

use super::device::device_words;
use super::register::{
    DecisionView, Form, LicenseDetail, LicenseView, NewLicense, OfferView, Place, Register, time,
};
use super::review::review_words;
use super::{failure, in_order};
use crate::args::{AddArguments, EditArguments, OfferArguments};
use crate::failure::Outcome;
use crate::output::{Style, plain};
use crate::terminal::{Canvas, Drawing, Inline, Window};
use crate::{files, output};

/// More than any license's JSON needs.
const MAX_DRIVER: u64 = 256 * 1024;

/// Lines printed beside an offer's QR.
const WORDS: u16 = 8;

/// Runs `vidimus authority license add`.
pub(super) fn add(place: &Place, asked: &AddArguments, json: bool) -> Outcome {
    let new = NewLicense {
        form: Form {
            path: Some(&asked.file),
            bytes: files::read_up_to(&asked.file, MAX_DRIVER)?,
        },
        portrait: read_portrait(&asked.portrait)?,
        after_revocation: asked.after_revocation.as_deref(),
        review: asked.review,
    };
    print_offer(&place.open()?.add(&new)?, json)
}

fn read_portrait(file: &Path) -> Outcome<Vec<u8>> {
    let limit = u64::try_from(MAX_PORTRAIT).unwrap_or(u64::MAX);
    files::read_up_to(file, limit)
}

/// Runs `vidimus authority license offer`.
pub(super) fn offer(place: &Place, asked: &OfferArguments, json: bool) -> Outcome {
    let kind = match (asked.replace, asked.beside) {
        (true, _) => OfferKind::Replace(asked.device),
        (false, true) => OfferKind::Beside,
        (false, false) => OfferKind::First,
    };
    print_offer(&place.open()?.offer(&asked.license, kind)?, json)
}

fn print_offer(added: &OfferView, json: bool) -> Outcome {
    if json {
        return output::json(&in_order(added)?);
    }
    added.notes.iter().for_each(|note| output::note(note));
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
pub(super) fn edit(place: &Place, asked: &EditArguments, json: bool) -> Outcome {
    let register = place.open()?;
    let form = match &asked.file {
        Some(path) => Some(Form {
            path: Some(path),
            bytes: files::read_up_to(path, MAX_DRIVER)?,
        }),
        None => with_dates(&register, asked)?,
    };
    let portrait = asked.portrait.as_deref().map(read_portrait).transpose()?;
    let edited = register.edit(
        &asked.license,
        form.as_ref(),
        portrait.as_deref(),
        asked.review,
    )?;
    if json {
        return output::json(&in_order(&edited)?);
    }
    edited.notes.iter().for_each(|note| output::note(note));
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
fn with_dates(register: &Register, asked: &EditArguments) -> Outcome<Option<Form<'static>>> {
    let dates = [
        ("issue_date", &asked.issue_date),
        ("expiry_date", &asked.expiry_date),
    ];
    if dates.iter().all(|(_, date)| date.is_none()) {
        return Ok(None);
    }
    // The edit says why not, where it has ended.
    let held = register.find(&asked.license)?.row.license;
    let mut file = held.ok_or_else(|| failure(&Error::RowEnded))?;
    for (name, date) in dates {
        if let (Some(date), Some(file)) = (date, file.as_object_mut()) {
            file.insert(name.to_owned(), json!(date));
        }
    }
    Ok(Some(Form {
        path: None,
        bytes: file.to_string().into_bytes(),
    }))
}

/// Runs `vidimus authority license list`.
pub(super) fn list(place: &Place, after: Option<&str>, limit: u32, json: bool) -> Outcome {
    let (rows, more) = place.open()?.list(after, limit)?;
    if json {
        return output::json(&in_order(&rows)?);
    }
    let Some(last) = rows.last() else {
        return output::line(match after {
            None => "No licenses yet: vidimus authority license add",
            Some(_) => "No more licenses.",
        });
    };
    let lines: Vec<_> = rows.iter().map(row_line).collect();
    output::line(&lines.join("\n"))?;
    if more {
        output::note(&format!(
            "There are more: go on with `license list --after {}`",
            plain(&last.license_id)
        ));
    }
    Ok(())
}

fn row_line(row: &LicenseView) -> String {
    let id = plain(&row.license_id);
    let Some(ended) = row.ended_at.filter(|_| row.license.is_none()) else {
        let state = match row.ended_at {
            Some(_) => "ended",
            None => &row.standing,
        };
        return format!(
            "{id}  {:<12}  {}  {} {}",
            plain(state),
            plain(row.text("license_number")),
            plain(row.text("given_names")),
            plain(row.text("family_name"))
        );
    };
    let at = time(ended);
    format!("{id}  {:<12}  {at}, its data is deleted", "ended")
}

/// Runs `vidimus authority license find`.
pub(super) fn find(place: &Place, license: &str, json: bool) -> Outcome {
    let found = place.open()?.find(license)?;
    if json {
        return output::json(&in_order(&found)?);
    }
    output::line(&found_words(&found))
}

fn found_words(found: &LicenseDetail) -> String {
    let row = &found.row;
    let mut lines = match &row.license {
        Some(_) => vec![
            format!(
                "License  {}  {}",
                plain(&row.license_id),
                plain(row.text("license_number"))
            ),
            format!(
                "Driver   {} {}, born {}",
                plain(row.text("given_names")),
                plain(row.text("family_name")),
                plain(row.text("birth_date"))
            ),
        ],
        None => vec![
            format!("License  {}", plain(&row.license_id)),
            "Driver   deleted after the retention, and so is the number".to_owned(),
        ],
    };
    match row.ended_at {
        Some(at) => {
            let reason = row.end_reason.as_deref().unwrap_or("ended");
            lines.push(format!("Ended    {} ({})", time(at), plain(reason)));
        }
        None => {
            let status = plain(&row.status).replace('_', " ");
            lines.push(format!("Status   {status}"));
            lines.push(format!("         {}", plain(&found.what_to_do)));
        }
    }
    let decisions = found.decisions.iter();
    lines.extend(decisions.map(|decision| format!("Decided  {}", decision_words(decision))));
    let devices = found.devices.iter();
    lines.extend(devices.map(|device| format!("Phone    {}", device_words(device))));
    let reviews = found.reviews.iter();
    lines.extend(reviews.map(|review| format!("Review   {}", review_words(review))));
    if let Some(until) = found.offer_until {
        lines.push(format!(
            "Offer    waits to be redeemed until {}",
            time(until)
        ));
    }
    lines.join("\n")
}

fn decision_words(decision: &DecisionView) -> String {
    let mut words = format!(
        "{} from {}",
        plain(&decision.state).replace('_', " "),
        time(decision.from)
    );
    if let Some(until) = decision.until {
        words.push_str(&format!(" until {}", time(until)));
    }
    if let Some(reason) = &decision.reason {
        words.push_str(&format!(", {}", plain(reason)));
    }
    if let Some(lifted) = decision.lifted_at {
        words.push_str(&format!(", lifted {}", time(lifted)));
    }
    words.push_str(&format!(
        "; by {}, event {}",
        plain(&decision.by),
        plain(&decision.event)
    ));
    if decision.in_force {
        words.push_str("; in force");
    }
    words
}

/// Runs `vidimus authority license end`.
pub(super) fn end(place: &Place, license: &str, reason: EndReason, json: bool) -> Outcome {
    let ended = place.open()?.end(license, reason)?;
    if json {
        return output::json(&in_order(&ended)?);
    }
    let (id, reason) = (plain(&ended.license_id), plain(&ended.ended));
    if !ended.changed {
        return output::line(&format!(
            "{id} had ended before ({reason}), and nothing was changed."
        ));
    }
    output::line(&format!(
        "{id} has ended ({reason}): its number is free, and what its phones show is refused from now on."
    ))
}
