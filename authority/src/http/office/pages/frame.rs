//! What every page has around it, and how one is answered.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use qrcodegen::{QrCode, QrCodeEcc};
use vidimus_credential::UnixTime;

use super::super::Desk;
use super::super::problem::Problem;
use super::session::Session;
use crate::office::Call;

/// A link to a part of the office.
pub(super) struct Place {
    pub(super) path: &'static str,
    pub(super) name: &'static str,
    /// Whether this page is it.
    pub(super) here: bool,
}

/// The parts of the office, each with the call that opens it.
const PLACES: [(&str, &str, Call); 7] = [
    ("/", "Search", Call::FindLicenses),
    ("/licenses/new", "Add", Call::AddLicense),
    ("/reviews", "Photos", Call::ListReviews),
    ("/proposals", "Approvals", Call::ListProposals),
    ("/readers", "Readers", Call::ListReaders),
    ("/users", "Users", Call::ListUsers),
    ("/audit", "Audit", Call::ExportAudit),
];

/// What stands around a page's own content.
pub(super) struct Frame {
    pub(super) authority: String,
    pub(super) title: String,
    pub(super) narrow: bool,
    pub(super) places: Vec<Place>,
    pub(super) user: Option<String>,
    pub(super) roles: String,
    /// What each form carries.
    pub(super) form: String,
    pub(super) fault: Option<String>,
    pub(super) notice: Option<String>,
}

impl Frame {
    /// Around a page of someone who is signed in.
    pub(super) fn of(office: &Desk, session: &Session, here: &str, title: &str) -> Self {
        let user = &session.row.user;
        let places = PLACES
            .into_iter()
            .filter(|(_, _, call)| user.roles.meets(call.roles()))
            .map(|(path, name, _)| Place {
                path,
                name,
                here: path == here,
            });
        Self {
            places: places.collect(),
            user: Some(user.name.clone()),
            roles: user.roles.to_string(),
            form: session.form.clone(),
            ..Self::outside(office, "", title)
        }
    }

    /// Around a page of someone who is not.
    pub(super) fn outside(office: &Desk, form: &str, title: &str) -> Self {
        Self {
            authority: office.server.name.clone(),
            title: title.to_owned(),
            narrow: false,
            places: Vec::new(),
            user: None,
            roles: String::new(),
            form: form.to_owned(),
            fault: None,
            notice: None,
        }
    }

    pub(super) fn narrow(self) -> Self {
        Self {
            narrow: true,
            ..self
        }
    }

    pub(super) fn with_fault(self, fault: Option<String>) -> Self {
        Self { fault, ..self }
    }

    pub(super) fn with_notice(self, notice: Option<String>) -> Self {
        Self { notice, ..self }
    }
}

/// A page as an answer.
pub(super) fn page(template: &impl Template) -> Response {
    page_with(StatusCode::OK, template)
}

pub(super) fn page_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => Problem::SERVER.into_response(),
    }
}

#[derive(Template)]
#[template(path = "office/message.html")]
struct MessagePage {
    frame: Frame,
    words: String,
    back: String,
}

/// The page that says why something was not done.
pub(super) fn problem(
    office: &Desk,
    session: Option<&Session>,
    problem: &Problem,
    back: &str,
) -> Response {
    let title = match problem.status {
        StatusCode::NOT_FOUND => "This is not here",
        StatusCode::FORBIDDEN => "This may not be done",
        _ => "This was not done",
    };
    let frame = match session {
        Some(session) => Frame::of(office, session, "", title),
        None => Frame::outside(office, "", title),
    };
    let page = MessagePage {
        frame: frame.narrow(),
        words: words_of(problem),
        back: back.to_owned(),
    };
    page_with(problem.status, &page)
}

/// The words of a problem for someone at a page: commands are for those at the machine.
pub(super) fn words_of(problem: &Problem) -> String {
    let plain = match problem.code() {
        "has_devices" => {
            "A phone holds this license already: choose whether the new one is beside it or takes its place."
        }
        "too_many_devices" | "too_many_stay" => {
            "As many phones hold this license as may: choose one whose place the new one takes, or end one first."
        }
        "number_taken" => {
            "A license with this number is registered already: search for it and edit it."
        }
        "number_revoked" | "other_revocation" => {
            "The license with this number is revoked. Once the term of the revocation is over, name its event: the old license's page shows it."
        }
        "unknown_license" => "No license has this number or id.",
        "unknown_device" => "No phone of a license has this number.",
        "unknown_reader" => "The trust list names no such reader.",
        "unknown_user" => "No user has this name.",
        "row_ended" => "This license has ended: register the driver anew.",
        "past_last_day" => "This license is past its last day: edit the dates first.",
        "revoked" => "This license is revoked, which is final.",
        "superseded" => "This license is superseded, which is final.",
        "clock_in_doubt" => {
            "The clock of the authority's machine is in doubt. What was asked for is stored where it could be, and is signed once the clock was looked at."
        }
        "signing_waits" | "stored_unsigned" => {
            "It is stored, and is signed in a moment or once a key is back."
        }
        "until_before_from" => "The end must be later than the begin.",
        "until_passed" => "The end is in the past.",
        "chief_on_machine" => {
            "Who is a chief, or becomes one, is changed on the authority's machine alone."
        }
        _ => {
            let words = problem.words();
            let mut letters = words.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            let end = if words.ends_with(['.', '!']) { "" } else { "." };
            return format!("{}{}{end}", first.unwrap_or_default(), letters.as_str());
        }
    };
    plain.to_owned()
}

/// To another page, once something was done.
pub(super) fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// The stylesheet of all pages.
pub(super) async fn style() -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let keep = HeaderValue::from_static("private, max-age=300");
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)],
        include_str!("../../../../templates/office/style.css"),
    )
        .into_response()
}

/// A time for people, in minutes, at the seat of the authority.
pub(super) fn when(time: UnixTime, east: i16) -> String {
    let minutes = u64::from(east.unsigned_abs()) * 60;
    let there = match east < 0 {
        true => time.saturating_sub(minutes),
        false => time.saturating_add(minutes),
    };
    let text = there.to_rfc3339();
    let (day, clock) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {}", clock.get(..5).unwrap_or_default())
}

/// A QR as a picture in the page.
pub(super) fn qr(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Low) else {
        return String::new();
    };
    let side = code.size();
    let mut path = String::new();
    for y in 0..side {
        for x in 0..side {
            if code.get_module(x, y) {
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-4 -4 {0} {0}\" role=\"img\" aria-label=\"QR\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>",
        side + 8
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_seat() {
        let noon = UnixTime::new(1_800_000_000).unwrap();
        assert_eq!(when(noon, 0), "2027-01-15 08:00");
        assert_eq!(when(noon, 480), "2027-01-15 16:00");
        assert_eq!(when(noon, -210), "2027-01-15 04:30");
    }
}
