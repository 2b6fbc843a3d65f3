//! Licenses and their phones.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use vidimus_authority::application_form::{self, Application, Desk, FormFault, TextNote};
use vidimus_authority::portrait::PortraitNote;
use vidimus_authority::{
    AddOptions, Authority, DeviceEnd, EndReason, Error, OfferKind, ReviewKind,
};
use vidimus_credential::UtcOffset;

use super::client::{Call, Client, nothing};
use super::views::{
    EditedView, EndedView, LetterView, LicenseDetail, LicensePage, LicenseView, OfferView,
};
use super::{Register, named};
use crate::authority::failure;
use crate::failure::{Failure, Outcome};
use crate::runtime;

/// Licenses that an office gives in one page.
const PAGE: usize = 500;

/// A driver's file as a clerk brought it. It has no `Debug`: it is personal data.
pub(crate) struct Form<'a> {
    /// Its name; `None` where it was made from what is registered.
    pub(crate) path: Option<&'a Path>,
    pub(crate) bytes: Vec<u8>,
}

/// A driver to be registered.
pub(crate) struct NewLicense<'a> {
    pub(crate) form: Form<'a>,
    pub(crate) portrait: Vec<u8>,
    pub(crate) after_revocation: Option<&'a str>,
    pub(crate) review: Option<ReviewKind>,
}

impl Register {
    /// Registers a driver and makes an offer.
    pub(crate) fn add(&self, new: &NewLicense<'_>) -> Outcome<OfferView> {
        match self {
            Self::Local(authority) => {
                let entry = read_form(authority, &new.form)?;
                let options = AddOptions {
                    after_revocation: new.after_revocation,
                    review: new.review,
                };
                let now = runtime::moment();
                let added = authority
                    .add_license_with(&entry.license, &new.portrait, options, now)
                    .map_err(|error| failure_of(new.form.path, &error))?;
                crate::authority::clock::note_offer(authority)?;
                let notes = notes_of(new.form.path, &entry.notes, &added.portrait_notes);
                Ok(OfferView::of(&added, notes))
            }
            Self::Remote(office) => {
                let body = json!({
                    "license": json_of(&new.form)?,
                    "portrait": STANDARD.encode(&new.portrait),
                    "after_revocation": new.after_revocation,
                    "review": new.review.map(ReviewKind::name),
                });
                let call = Call::post(&["licenses"], body).or_again(
                    "look with `license find NUMBER`; where it is there, `license offer` makes another offer"
                        .to_owned(),
                );
                let mut offer: OfferView = office
                    .ask(&call)
                    .map_err(|failure| failure.of_file(new.form.path))?;
                offer.notes = with_file(offer.notes, new.form.path);
                Ok(offer)
            }
        }
    }

    /// Changes what a license says, or its picture.
    pub(crate) fn edit(
        &self,
        license: &str,
        form: Option<&Form<'_>>,
        portrait: Option<&[u8]>,
        review: Option<ReviewKind>,
    ) -> Outcome<EditedView> {
        let path = form.and_then(|form| form.path);
        match self {
            Self::Local(authority) => {
                let entry = form.map(|form| read_form(authority, form)).transpose()?;
                let changed = entry.as_ref().map(|entry| &entry.license);
                let now = runtime::moment();
                let edited = authority
                    .edit_license_for_review(license, changed, portrait, review, now)
                    .map_err(|error| failure_of(path, &error))?;
                let texts = entry.as_ref().map_or(&[][..], |entry| &entry.notes);
                let notes = notes_of(path, texts, &edited.portrait_notes);
                Ok(EditedView::of(edited, notes))
            }
            Self::Remote(office) => {
                let body = json!({
                    "license": form.map(json_of).transpose()?,
                    "portrait": portrait.map(|bytes| STANDARD.encode(bytes)),
                    "review": review.map(ReviewKind::name),
                });
                let path_of = ["licenses", known(license)?];
                let call = Call::patch(&path_of, body)
                    .or_again("give it again, and nothing is done twice".to_owned());
                let mut edited: EditedView =
                    office.ask(&call).map_err(|failure| failure.of_file(path))?;
                edited.notes = with_file(edited.notes, path);
                Ok(edited)
            }
        }
    }

    /// Makes another offer of a license.
    pub(crate) fn offer(&self, license: &str, kind: OfferKind) -> Outcome<OfferView> {
        match self {
            Self::Local(authority) => {
                let offer = authority.offer(license, kind, runtime::moment());
                let offer = offer.map_err(|error| failure(&error))?;
                crate::authority::clock::note_offer(authority)?;
                Ok(OfferView::of(&offer, Vec::new()))
            }
            Self::Remote(office) => {
                let body = match kind {
                    OfferKind::First => nothing(),
                    OfferKind::Beside => json!({ "beside": true }),
                    OfferKind::Replace(device) => json!({ "replace": true, "device": device }),
                };
                let path = ["licenses", known(license)?, "offers"];
                let call = Call::post(&path, body)
                    .or_again("give it again; the newest offer is the one that counts".to_owned());
                office.ask(&call)
            }
        }
    }

    /// Makes the letter with which a driver opens an account.
    pub(crate) fn letter(&self, license: &str) -> Outcome<LetterView> {
        match self {
            Self::Local(authority) => {
                let made = authority.make_letter(license, runtime::moment());
                let made = made.map_err(|error| failure(&error))?;
                Ok(LetterView {
                    license_id: made.license_id,
                    code: (*made.code).clone(),
                    expires: made.expires.seconds(),
                    replaced: made.replaced,
                    renews: made.renews,
                })
            }
            Self::Remote(office) => {
                let path = ["licenses", known(license)?, "letters"];
                let call = Call::post(&path, nothing())
                    .or_again("give it again; the newest letter is the one that counts".to_owned());
                office.ask(&call)
            }
        }
    }

    /// A license with all that is known of it.
    pub(crate) fn find(&self, license: &str) -> Outcome<LicenseDetail> {
        match self {
            Self::Local(authority) => {
                let now = runtime::moment();
                let found = authority.find_license(license, now);
                let found = found.map_err(|error| failure(&error))?;
                Ok(LicenseDetail::of(&found, now.wall()))
            }
            Self::Remote(office) => office.ask(&Call::get(&["licenses", known(license)?])),
        }
    }

    /// At most so many licenses, the oldest first, and whether there are more.
    pub(crate) fn list(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Outcome<(Vec<LicenseView>, bool)> {
        let count = usize::try_from(limit).unwrap_or(usize::MAX);
        match self {
            Self::Local(authority) => {
                let now = runtime::moment();
                // One more than a page, to know whether there is another.
                let rows = authority.licenses(after, limit.saturating_add(1), now);
                let rows = rows.map_err(|error| failure(&error))?;
                let views = rows.iter().take(count);
                let views = views.map(|row| LicenseView::of(row, now.wall())).collect();
                Ok((views, rows.len() > count))
            }
            Self::Remote(office) => pages(office, after, count),
        }
    }

    /// Ends a license, for this reason.
    pub(crate) fn end(&self, license: &str, reason: EndReason) -> Outcome<EndedView> {
        match self {
            Self::Local(authority) => {
                let ended = authority.end_license(license, reason, runtime::moment());
                ended.map(EndedView::of).map_err(|error| failure(&error))
            }
            Self::Remote(office) => {
                let path = ["licenses", known(license)?, "end"];
                ended_again(office, &path, reason.name())
            }
        }
    }

    /// Ends one phone, for this reason.
    pub(crate) fn end_device(&self, device: i64, reason: DeviceEnd) -> Outcome<EndedView> {
        match self {
            Self::Local(authority) => {
                let ended = authority.end_device(device, reason, runtime::moment());
                ended.map(EndedView::of).map_err(|error| failure(&error))
            }
            Self::Remote(office) => {
                let device = device.to_string();
                ended_again(office, &["devices", &device, "end"], reason.name())
            }
        }
    }

    /// Minutes east of UTC of the seat, by which the days of a decision are meant.
    pub(crate) fn seat(&self, license: &str) -> Outcome<i64> {
        match self {
            Self::Local(authority) => crate::authority::status::seat(authority),
            // The license has the offset of the seat, where it is not UTC.
            Self::Remote(_) => {
                let row = self.find(license)?.row;
                let offset = UtcOffset::parse(row.text("utc_offset")).unwrap_or(UtcOffset::UTC);
                Ok(i64::from(offset.minutes()))
            }
        }
    }
}

fn ended_again(office: &Client, path: &[&str], reason: &str) -> Outcome<EndedView> {
    let again = "give it again, and nothing is done twice".to_owned();
    office.ask(&Call::post(path, json!({ "reason": reason })).or_again(again))
}

fn pages(office: &Client, after: Option<&str>, count: usize) -> Outcome<(Vec<LicenseView>, bool)> {
    let mut rows = Vec::new();
    let mut after = after.map(str::to_owned);
    loop {
        let limit = PAGE.min(count.saturating_sub(rows.len()));
        let mut query = vec![("limit", limit.to_string())];
        query.extend(after.take().map(|after| ("after", after)));
        let page: LicensePage = office.ask(&Call::get(&["licenses"]).asking(&query))?;
        let is_empty = page.licenses.is_empty();
        rows.extend(page.licenses);
        if page.next.is_none() || is_empty || rows.len() >= count {
            return Ok((rows, page.next.is_some()));
        }
        after = page.next;
    }
}

/// A license's number or id, where it can be one.
fn known(license: &str) -> Outcome<&str> {
    // The register leaves blanks, hyphens and dots out of a number.
    match license.trim().trim_matches(['.', '-']).is_empty() {
        false => Ok(license),
        true => Err(failure(&Error::UnknownLicense)),
    }
}

/// A clerk's file, by the rules of the desk.
fn read_form(authority: &Authority, form: &Form<'_>) -> Outcome<Application> {
    let desk = authority.desk(runtime::moment());
    let desk = desk.map_err(|error| failure(&error))?;
    application_form::from_clerk(&form.bytes, &desk)
        .map_err(|error| failure_of(form.path, &Error::from(error)))
}

/// A clerk's file as JSON. What can only be seen in the file itself is refused here; the office
/// judges all else.
fn json_of(form: &Form<'_>) -> Outcome<Value> {
    let desk = Desk {
        utc_offset: UtcOffset::UTC,
        now: runtime::moment().wall(),
    };
    if let Err(error) = application_form::from_clerk(&form.bytes, &desk)
        && matches!(
            error.fault,
            FormFault::Nothing
                | FormFault::Utf16
                | FormFault::NotUtf8 { .. }
                | FormFault::NotJson { .. }
                | FormFault::HalfCharacter { .. }
                | FormFault::Twice { .. }
                | FormFault::NotAField { .. }
        )
    {
        return Err(failure_of(form.path, &Error::from(error)));
    }
    let bytes = form.bytes.strip_prefix(b"\xef\xbb\xbf");
    serde_json::from_slice(bytes.unwrap_or(&form.bytes)).map_err(|_| {
        let file = named(form.path).display();
        Failure::bad_input(format!("{file}: the file is not JSON"))
    })
}

/// A failure that names the clerk's file where the library names it by its format.
fn failure_of(path: Option<&Path>, error: &Error) -> Failure {
    failure(error).of_file(path)
}

impl Failure {
    fn of_file(self, path: Option<&Path>) -> Self {
        match self.to_string().strip_prefix("driver.json: ") {
            Some(fault) => Self::bad_input(format!("{}: {fault}", named(path).display())),
            None => self,
        }
    }
}

/// What was changed in what the clerk brought, in words.
fn notes_of(path: Option<&Path>, texts: &[TextNote], pictures: &[PortraitNote]) -> Vec<String> {
    let file = named(path).display();
    let pictures = pictures.iter().map(PortraitNote::to_string);
    texts
        .iter()
        .map(|note| format!("{file}: {note}"))
        .chain(pictures)
        .collect()
}

/// The same of an office's notes, in which a field of the file stands in marks.
fn with_file(notes: Vec<String>, path: Option<&Path>) -> Vec<String> {
    let file = named(path).display();
    let notes = notes.into_iter().map(|note| match note.starts_with('`') {
        true => format!("{file}: {note}"),
        false => note,
    });
    notes.collect()
}
