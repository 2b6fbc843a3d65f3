//! Cookies of the office's pages, and who is signed in.
//!
//! There are two cookies. `…-form` is drawn for a browser that opens a page without
//! a session, so that its forms can be told from another site's. `…-session` is drawn at each
//! sign-in, and never taken from the browser: who planted one before gains nothing.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use zeroize::Zeroizing;

use super::super::problem::Problem;
use super::super::{Desk, Office};
use super::forms::Fields;
use super::frame;
use crate::error::Error;
use crate::http::connections::{Certificate, Peer, client};
use crate::register::office::{Office as _, SessionRow};
use crate::secret::{Label, base64url, digest, hex, random};
use crate::store::office_sessions::LIFE;

/// After a sign-in, passphrase and code are not asked again for so long, in seconds.
const FRESH: u64 = 60;

/// Which of the cookies it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cookie {
    Session,
    Form,
    SetUp,
}

impl Cookie {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-vidimus-office-session",
            (Self::Session, false) => "vidimus-office-session",
            (Self::Form, true) => "__Host-vidimus-office-form",
            (Self::Form, false) => "vidimus-office-form",
            (Self::SetUp, true) => "__Host-vidimus-office-set-up",
            (Self::SetUp, false) => "vidimus-office-set-up",
        }
    }

    /// What a request has of it.
    pub(super) fn of(self, office: &Desk, headers: &HeaderMap) -> Option<Zeroizing<String>> {
        let name = self.name(office.secure);
        headers
            .get_all(header::COOKIE)
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, value)| *known == name && value.len() == 43)
            .map(|(_, value)| Zeroizing::new(value.to_owned()))
    }

    /// The header that sets it, or with `None` takes it away.
    pub(super) fn set(self, office: &Desk, value: Option<&str>) -> Result<HeaderValue, Problem> {
        let secure = if office.secure { "; Secure" } else { "" };
        let life = if value.is_some() { LIFE } else { 0 };
        let text = Zeroizing::new(format!(
            "{}={}; Path=/; Max-Age={life}; HttpOnly; SameSite=Strict{secure}",
            self.name(office.secure),
            value.unwrap_or_default(),
        ));
        let mut value = HeaderValue::from_str(&text).map_err(|_| Problem::SERVER)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// What the database has of it.
    pub(super) fn digest(self, value: &str) -> [u8; 32] {
        let label = match self {
            Self::Session => Label::OfficeSession,
            Self::Form => Label::OfficeForm,
            Self::SetUp => Label::SetUp,
        };
        digest(label, &[value])
    }
}

/// Draws a cookie's value.
pub(super) fn draw() -> Result<Zeroizing<String>, Error> {
    Ok(Zeroizing::new(base64url(&random::<32>()?)))
}

/// What the forms of a browser with this cookie carry.
pub(super) fn form_token(cookie: &str) -> String {
    hex(&digest(Label::OfficeForm, &["form", cookie]))
}

/// Where a sign-in comes from, as far as wrong ones are counted.
pub(super) fn place_of(parts: &Parts) -> String {
    let Some(peer) = parts.extensions.get::<Peer>() else {
        return String::new();
    };
    match client(peer.address, &parts.headers) {
        Some(origin) => format!("{origin:?}"),
        None => peer.address.to_string(),
    }
}

/// A browser that is signed in.
pub(super) struct Session {
    pub(super) row: SessionRow,
    /// What the database has of its cookie.
    pub(super) digest: [u8; 32],
    /// What its forms carry.
    pub(super) form: String,
    /// Whether it shows the certificate of the same user.
    pub(super) by_certificate: bool,
}

impl Session {
    async fn of(parts: &Parts, office: &Office) -> Result<Option<Self>, Problem> {
        let Some(cookie) = Cookie::Session.of(office, &parts.headers) else {
            return Ok(None);
        };
        let kept = Cookie::Session.digest(&cookie);
        let row = office
            .work(move |authority, now| authority.register().session(&kept, now.wall()))
            .await?;
        let shown = parts.extensions.get::<Certificate>();
        let shown = shown.map(|shown| hex(&shown.0));
        Ok(row.map(|row| Self {
            by_certificate: shown.is_some() && shown == row.user.certificate,
            row,
            digest: kept,
            form: form_token(&cookie),
        }))
    }

    /// Whether passphrase and code were just given.
    pub(super) fn is_fresh(&self, now: u64) -> bool {
        self.by_certificate || now < self.row.confirmed.seconds().saturating_add(FRESH)
    }
}

/// Sends a browser that is not signed in to the sign-in, and back from there.
fn to_sign_in(parts: &Parts) -> Response {
    let path = parts.uri.path();
    let to: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
    match parts.method == axum::http::Method::GET && path != "/" {
        true => Redirect::to(&format!("/sign-in?to={to}")).into_response(),
        false => Redirect::to("/sign-in").into_response(),
    }
}

impl FromRequestParts<Office> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Response> {
        match Self::of(parts, office).await {
            Ok(Some(session)) => Ok(session),
            Ok(None) => Err(to_sign_in(parts)),
            Err(problem) => Err(frame::problem(office, None, &problem, "/sign-in")),
        }
    }
}

/// A form that a signed-in browser sent, and that is its own.
pub(super) struct Posted {
    pub(super) session: Session,
    pub(super) fields: Fields,
    /// Where it comes from, as far as wrong sign-ins are counted.
    pub(super) place: String,
}

impl FromRequest<Office> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, office: &Office) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = Session::from_request_parts(&mut parts, office).await?;
        let place = place_of(&parts);
        let fields = fields(parts, body, office).await?;
        if !is_own(&fields, &session.form) {
            return Err(frame::problem(office, Some(&session), &Problem::FORM, "/"));
        }
        Ok(Self {
            session,
            fields,
            place,
        })
    }
}

/// A form of a browser that is not signed in.
pub(super) struct Before {
    pub(super) fields: Fields,
    pub(super) headers: HeaderMap,
    pub(super) certificate: Option<Certificate>,
    pub(super) place: String,
    /// What its forms carry.
    pub(super) form: String,
}

impl FromRequest<Office> for Before {
    type Rejection = Response;

    async fn from_request(request: Request, office: &Office) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let form = Cookie::Form
            .of(office, &parts.headers)
            .map(|cookie| form_token(&cookie));
        let headers = parts.headers.clone();
        let certificate = parts.extensions.get::<Certificate>().copied();
        let place = place_of(&parts);
        let fields = fields(parts, body, office).await?;
        match form {
            Some(form) if is_own(&fields, &form) => Ok(Self {
                fields,
                headers,
                certificate,
                place,
                form,
            }),
            _ => Err(frame::problem(office, None, &Problem::FORM, "/sign-in")),
        }
    }
}

async fn fields(parts: Parts, body: axum::body::Body, office: &Office) -> Result<Fields, Response> {
    let refused = |problem: &Problem| frame::problem(office, None, problem, "/");
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_owned();
    let bytes = Bytes::from_request(Request::from_parts(parts, body), office)
        .await
        .map_err(|_| refused(&Problem::TOO_LARGE))?;
    Fields::read(&kind, &bytes).ok_or_else(|| refused(&Problem::FORM))
}

fn is_own(fields: &Fields, form: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    fields.text("form").as_bytes().ct_eq(form.as_bytes()).into()
}
