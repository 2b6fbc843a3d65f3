//! A driver is registered, or what their license says is changed.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::super::Office;
use super::super::api::{read_file, review_of};
use super::call;
use super::forms::Fields;
use super::frame::{Frame, page_with, to, words_of};
use super::license::offer_page;
use super::rows::Words;
use super::session::{Posted, Session};
use crate::application_form;
use crate::authority::AddOptions;
use crate::error::Error;
use crate::office::Call;

/// Rows for categories that a form has at least.
const ROWS: usize = 6;

#[derive(Template)]
#[template(path = "office/edit.html")]
struct EditPage {
    frame: Frame,
    new: bool,
    action: String,
    back: String,
    entry: Entry,
    review: String,
    after_revocation: String,
}

/// One row of the form: a category and its days, still as text.
#[derive(Default)]
struct Row {
    code: String,
    from: String,
    until: String,
    restrictions: String,
}

/// What the form says of a driver. Personal data.
#[derive(Default)]
struct Entry {
    family_name: String,
    given_names: String,
    birth_date: String,
    license_number: String,
    issue_date: String,
    expiry_date: String,
    issuing_country: String,
    utc_offset: String,
    categories: Vec<Row>,
}

impl Entry {
    fn new(country: String) -> Self {
        Self {
            issuing_country: country,
            ..Self::default()
        }
        .with_rows()
    }

    /// What a license says now.
    fn of(file: &Value) -> Self {
        let text = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
        let categories = file.get("categories").and_then(Value::as_array);
        let categories = categories.into_iter().flatten().map(|row| {
            let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
            let restrictions = row.get("restrictions").and_then(Value::as_array);
            let restrictions = restrictions.into_iter().flatten().map(|restriction| {
                let text = restriction.as_str().map(str::to_owned);
                text.unwrap_or_else(|| restriction.to_string())
            });
            Row {
                code: text("code").to_owned(),
                from: text("from").to_owned(),
                until: text("until").to_owned(),
                restrictions: restrictions.collect::<Vec<_>>().join(", "),
            }
        });
        Self {
            family_name: text("family_name").to_owned(),
            given_names: text("given_names").to_owned(),
            birth_date: text("birth_date").to_owned(),
            license_number: text("license_number").to_owned(),
            issue_date: text("issue_date").to_owned(),
            expiry_date: text("expiry_date").to_owned(),
            issuing_country: text("issuing_country").to_owned(),
            utc_offset: text("utc_offset").to_owned(),
            categories: categories.collect(),
        }
        .with_rows()
    }

    /// What was typed into the form.
    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        let codes = fields.all("code");
        let rest = fields
            .all("from")
            .zip(fields.all("until"))
            .zip(fields.all("restrictions"));
        let rows = codes
            .zip(rest)
            .map(|(code, ((from, until), restrictions))| Row {
                code: code.to_owned(),
                from: from.to_owned(),
                until: until.to_owned(),
                restrictions: restrictions.to_owned(),
            });
        Self {
            family_name: text("family_name"),
            given_names: text("given_names"),
            birth_date: text("birth_date"),
            license_number: text("license_number"),
            issue_date: text("issue_date"),
            expiry_date: text("expiry_date"),
            issuing_country: text("issuing_country"),
            utc_offset: text("utc_offset"),
            categories: rows.filter(|row| !row.code.is_empty()).collect(),
        }
        .with_rows()
    }

    /// With empty rows for more.
    fn with_rows(mut self) -> Self {
        let rows = ROWS.max(self.categories.len() + 2);
        self.categories.resize_with(rows, Row::default);
        self
    }

    /// As `driver.json` has it.
    fn to_file(&self) -> Value {
        let some = |text: &str| match text {
            "" => Value::Null,
            text => json!(text),
        };
        let rows = self.categories.iter().filter(|row| !row.code.is_empty());
        let rows = rows.map(|row| {
            let mut file = Map::new();
            file.insert("code".to_owned(), json!(row.code));
            file.insert("from".to_owned(), some(&row.from));
            file.insert("until".to_owned(), some(&row.until));
            let restrictions: Vec<_> = row
                .restrictions
                .split(',')
                .map(str::trim)
                .filter(|code| !code.is_empty())
                .collect();
            if !restrictions.is_empty() {
                file.insert("restrictions".to_owned(), json!(restrictions));
            }
            Value::Object(file)
        });
        let rows: Vec<_> = rows.collect();
        let mut file = json!({
            "family_name": self.family_name,
            "given_names": self.given_names,
            "birth_date": self.birth_date,
            "license_number": self.license_number,
            "issue_date": self.issue_date,
            "expiry_date": some(&self.expiry_date),
            "issuing_country": self.issuing_country,
            "categories": rows,
        });
        if let (Value::Object(file), false) = (&mut file, self.utc_offset.is_empty()) {
            file.insert("utc_offset".to_owned(), json!(self.utc_offset));
        }
        file
    }
}

/// `GET /licenses/new`
pub(super) async fn new_page(
    State(office): State<Office>,
    session: Session,
) -> Result<Response, Response> {
    let country = call(&office, &session, Call::AddLicense, "/", |authority, _| {
        Ok(Words::read(authority)?.country)
    })
    .await?;
    let frame = Frame::of(&office, &session, "/licenses/new", "Register a driver");
    Ok(page_with(
        StatusCode::OK,
        &EditPage {
            frame,
            new: true,
            action: "/licenses/new".to_owned(),
            back: "/".to_owned(),
            entry: Entry::new(country),
            review: String::new(),
            after_revocation: String::new(),
        },
    ))
}

/// `POST /licenses/new`
pub(super) async fn add(State(office): State<Office>, asked: Posted) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let entry = Entry::typed(&fields);
    let file = entry.to_file();
    let portrait = fields.bytes("portrait").to_vec();
    let review = fields.text("review").to_owned();
    let after = fields.text("after_revocation").to_owned();
    let kind = review_of(Some(&*review).filter(|review| !review.is_empty())).unwrap_or(None);
    let event = after.clone();
    let done = office
        .call(
            &session.row.user,
            Call::AddLicense,
            move |authority, now| {
                let words = Words::read(authority)?;
                let (license, mut notes) = read_file(authority, &file, now)?;
                let options = AddOptions {
                    after_revocation: Some(&*event).filter(|event| !event.is_empty()),
                    review: kind,
                };
                let made = authority.add_license_with(&license, &portrait, options, now)?;
                notes.extend(made.portrait_notes.iter().map(ToString::to_string));
                let until = words.when(made.expires);
                Ok((made, notes, until))
            },
        )
        .await;
    match done {
        Ok((made, notes, until)) => Ok(offer_page(&office, &session, &made, (notes, until))),
        Err(problem) => {
            let frame = Frame::of(&office, &session, "/licenses/new", "Register a driver");
            let page = EditPage {
                frame: frame.with_fault(Some(words_of(&problem))),
                new: true,
                action: "/licenses/new".to_owned(),
                back: "/".to_owned(),
                entry,
                review,
                after_revocation: after,
            };
            Err(page_with(problem.status, &page))
        }
    }
}

/// `GET /licenses/{license}/edit`
pub(super) async fn edit_page(
    State(office): State<Office>,
    session: Session,
    Path(license): Path<String>,
) -> Result<Response, Response> {
    let (id, file) = call(
        &office,
        &session,
        Call::EditLicense,
        "/",
        move |authority, now| {
            let found = authority.find_license(&license, now)?;
            let license = found.row.license().filter(|_| found.row.end().is_none());
            let file = license.map(application_form::to_json);
            Ok((found.row.id.clone(), file.ok_or(Error::RowEnded)?))
        },
    )
    .await?;
    let frame = Frame::of(&office, &session, "", "Edit a license");
    Ok(page_with(
        StatusCode::OK,
        &EditPage {
            frame,
            new: false,
            action: format!("/licenses/{id}/edit"),
            back: format!("/licenses/{id}"),
            entry: Entry::of(&file),
            review: String::new(),
            after_revocation: String::new(),
        },
    ))
}

/// `POST /licenses/{license}/edit`
pub(super) async fn edit(
    State(office): State<Office>,
    Path(license): Path<String>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let back = format!("/licenses/{license}");
    let entry = Entry::typed(&fields);
    let file = entry.to_file();
    let portrait = Some(fields.bytes("portrait").to_vec()).filter(|bytes| !bytes.is_empty());
    let review = fields.text("review").to_owned();
    let kind = review_of(Some(&*review).filter(|review| !review.is_empty())).unwrap_or(None);
    let of = license.clone();
    let done = office
        .call(
            &session.row.user,
            Call::EditLicense,
            move |authority, now| {
                let (license, _) = read_file(authority, &file, now)?;
                let portrait = portrait.as_deref();
                authority.edit_license_for_review(&of, Some(&license), portrait, kind, now)
            },
        )
        .await;
    match done {
        Ok(_) => Ok(to(&back)),
        Err(problem) => {
            let frame = Frame::of(&office, &session, "", "Edit a license");
            let page = EditPage {
                frame: frame.with_fault(Some(words_of(&problem))),
                new: false,
                action: format!("/licenses/{license}/edit"),
                back,
                entry,
                review,
                after_revocation: String::new(),
            };
            Err(page_with(problem.status, &page))
        }
    }
}
