//! Signing in and out, and setting up what one signs in by.

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::super::Office;
use super::super::problem::Problem;
use super::frame::{Frame, page_with, problem, qr, words_of};
use super::session::{Before, Cookie, Posted, Session, draw, form_token};
use crate::accounts::totp;
use crate::authority::set_up_digest;
use crate::error::Error;
use crate::http::connections::Certificate;
use crate::office::OfficeFault;
use crate::register::office::{Office as _, SignInCheck, Try};
use crate::rules::passphrase::{self, Weak};

#[derive(Template)]
#[template(path = "office/sign_in.html")]
struct SignInPage {
    frame: Frame,
    /// The user of the certificate that the browser shows.
    certificate: Option<String>,
    name: String,
    /// Where to go afterwards.
    to: String,
}

#[derive(Template)]
#[template(path = "office/set_up.html")]
struct SetUpPage {
    frame: Frame,
    name: String,
}

#[derive(Template)]
#[template(path = "office/set_up_new.html")]
struct NewPage {
    frame: Frame,
    name: String,
    qr: String,
    secret: Zeroizing<String>,
    fewest: usize,
}

/// Where to go after the sign-in, and what to say.
#[derive(Deserialize)]
pub(in super::super) struct To {
    to: Option<String>,
    ready: Option<String>,
}

/// A path of this office; anything else is the first page.
fn own_path(text: &str) -> &str {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    match plain && text.starts_with('/') && !text.starts_with("//") && !text.contains('\\') {
        true => text,
        false => "/",
    }
}

/// A page for a browser that may have no cookie yet.
#[expect(clippy::result_large_err, reason = "what refuses a page is a page")]
fn with_form_cookie(
    office: &Office,
    headers: &HeaderMap,
    page: impl FnOnce(&str) -> Response,
) -> Result<Response, Response> {
    let failed = |fault: Problem| problem(office, None, &fault, "/sign-in");
    if let Some(cookie) = Cookie::Form.of(office, headers) {
        return Ok(page(&form_token(&cookie)));
    }
    let cookie = draw().map_err(|error| failed(error.into()))?;
    let mut response = page(&form_token(&cookie));
    let set = Cookie::Form.set(office, Some(&cookie)).map_err(failed)?;
    response.headers_mut().append(header::SET_COOKIE, set);
    Ok(response)
}

/// The name of the user whose certificate the browser shows.
async fn shown(office: &Office, certificate: Option<Certificate>) -> Option<String> {
    let Certificate(digest) = certificate?;
    let user = office
        .work(move |authority, _| authority.register().user_of_certificate(&digest))
        .await;
    user.ok().flatten().map(|user| user.name)
}

/// `GET /sign-in`
pub(super) async fn page(
    State(office): State<Office>,
    Query(to): Query<To>,
    request: Request,
) -> Result<Response, Response> {
    let certificate = request.extensions().get::<Certificate>().copied();
    let certificate = shown(&office, certificate).await;
    let notice = to
        .ready
        .map(|_| "Your sign-in is set up: use it now.".to_owned());
    with_form_cookie(&office, request.headers(), |form| {
        let frame = Frame::outside(&office, form, "Sign in").narrow();
        page_with(
            StatusCode::OK,
            &SignInPage {
                frame: frame.with_notice(notice),
                certificate,
                name: String::new(),
                to: own_path(to.to.as_deref().unwrap_or("/")).to_owned(),
            },
        )
    })
}

/// `POST /sign-in`
pub(super) async fn sign_in(
    State(office): State<Office>,
    asked: Before,
) -> Result<Response, Response> {
    let name = asked.fields.text("name").to_lowercase();
    let to = own_path(asked.fields.text("to")).to_owned();
    let again = |fault: Problem, certificate| {
        let frame = Frame::outside(&office, &asked.form, "Sign in").narrow();
        let page = SignInPage {
            frame: frame.with_fault(Some(words_of(&fault))),
            certificate,
            name: name.clone(),
            to: to.clone(),
        };
        page_with(fault.status, &page)
    };
    let certificate = shown(&office, asked.certificate).await;
    let checked = check(&office, &name, &asked.place, &asked.fields).await;
    let (check, step) = match checked {
        Ok(checked) => checked,
        Err(fault) => return Err(again(fault, certificate)),
    };
    let cookie = match draw() {
        Ok(cookie) => cookie,
        Err(error) => return Err(again(error.into(), certificate)),
    };
    let (kept, place) = (Cookie::Session.digest(&cookie), asked.place.clone());
    let done = office
        .work(move |authority, now| {
            let register = authority.register();
            register.sign_in(&check, step, &place, &kept, now.wall())
        })
        .await;
    match done {
        Ok(true) => signed_in(&office, &asked.headers, &cookie, &to).await,
        Ok(false) => Err(again(OfficeFault::SignIn.into(), certificate)),
        Err(fault) => Err(again(fault, certificate)),
    }
}

/// Whether passphrase and code of a form are those of this user: what the sign-in is made by, and
/// the step of the code. Each try counts as wrong before it is looked at.
pub(super) async fn check(
    office: &Office,
    name: &str,
    place: &str,
    fields: &super::forms::Fields,
) -> Result<(SignInCheck, i64), Problem> {
    let wrong = || Problem::from(OfficeFault::SignIn);
    let (who, from) = (name.to_owned(), place.to_owned());
    let (tried, now) = office
        .work(move |authority, now| {
            let tried = authority.register().try_sign_in(&who, &from, now.wall())?;
            Ok((tried, now.wall()))
        })
        .await?;
    let check = match tried {
        Try::SlowDown(seconds) => {
            let minutes = seconds / 60 + 1;
            return Err(OfficeFault::SlowDown { minutes }.into());
        }
        Try::Counted(check) => check,
    };
    let typed = passphrase::prepare(&fields.secret("passphrase")).ok_or_else(wrong)?;
    let kept = check.as_ref().map(|check| check.passphrase.clone());
    let is_right = office.hasher.verify(typed, kept).await?;
    let check = check.filter(|_| is_right).ok_or_else(wrong)?;
    let code = totp::plain(fields.text("code"));
    let step = totp::step_of(&check.totp, &code, now).filter(|step| *step > check.last_step);
    Ok((check, step.ok_or_else(wrong)?))
}

/// A browser's cookies after a sign-in. An earlier session of it ends.
async fn signed_in(
    office: &Office,
    headers: &HeaderMap,
    cookie: &str,
    to: &str,
) -> Result<Response, Response> {
    let failed = |fault: Problem| problem(office, None, &fault, "/sign-in");
    if let Some(former) = Cookie::Session.of(office, headers) {
        let kept = Cookie::Session.digest(&former);
        office
            .work(move |authority, now| authority.register().sign_out(&kept, now.wall()))
            .await
            .map_err(failed)?;
    }
    let mut response = Redirect::to(to).into_response();
    let headers = response.headers_mut();
    for set in [
        Cookie::Session.set(office, Some(cookie)),
        Cookie::Form.set(office, None),
    ] {
        headers.append(header::SET_COOKIE, set.map_err(failed)?);
    }
    Ok(response)
}

/// `POST /sign-in/certificate`
pub(super) async fn by_certificate(
    State(office): State<Office>,
    asked: Before,
) -> Result<Response, Response> {
    let failed = |fault: Problem| problem(&office, None, &fault, "/sign-in");
    let shown = asked.certificate.ok_or_else(|| failed(Problem::TOKEN))?;
    let cookie = draw().map_err(|error| failed(error.into()))?;
    let kept = Cookie::Session.digest(&cookie);
    let user = office
        .work(move |authority, now| {
            let register = authority.register();
            register.sign_in_by_certificate(&shown.0, &kept, now.wall())
        })
        .await
        .map_err(failed)?;
    match user {
        Some(_) => signed_in(&office, &asked.headers, &cookie, "/").await,
        None => Err(failed(Problem::TOKEN)),
    }
}

/// `POST /sign-out`
pub(super) async fn sign_out(
    State(office): State<Office>,
    asked: Posted,
) -> Result<Response, Response> {
    let failed = |fault: Problem| problem(&office, None, &fault, "/sign-in");
    let kept = asked.session.digest;
    office
        .work(move |authority, now| authority.register().sign_out(&kept, now.wall()))
        .await
        .map_err(failed)?;
    let mut response = Redirect::to("/sign-in").into_response();
    let set = Cookie::Session.set(&office, None).map_err(failed)?;
    response.headers_mut().append(header::SET_COOKIE, set);
    Ok(response)
}

/// Asks for passphrase and code again, where they were not just given.
pub(super) async fn confirm(
    office: &Office,
    session: &Session,
    place: &str,
    fields: &super::forms::Fields,
) -> Result<(), Problem> {
    let now = office.server.now().seconds();
    if session.is_fresh(now) && (session.by_certificate || fields.text("code").is_empty()) {
        return Ok(());
    }
    if fields.text("code").is_empty() {
        return Err(OfficeFault::Confirm.into());
    }
    let (check, step) = check(office, &session.row.user.name, place, fields).await?;
    let (kept, from) = (session.digest, place.to_owned());
    let done = office
        .work(move |authority, now| {
            let register = authority.register();
            register.confirm(&check, step, &from, &kept, now.wall())
        })
        .await?;
    done.then_some(()).ok_or(OfficeFault::SignIn.into())
}

/// `GET /set-up`
pub(super) async fn set_up_page(
    State(office): State<Office>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    with_form_cookie(&office, &headers, |form| {
        let frame = Frame::outside(&office, form, "Set up your sign-in").narrow();
        let name = String::new();
        page_with(StatusCode::OK, &SetUpPage { frame, name })
    })
}

/// `POST /set-up`
pub(super) async fn set_up(
    State(office): State<Office>,
    asked: Before,
) -> Result<Response, Response> {
    let name = asked.fields.text("name").to_lowercase();
    let again = |fault: Problem| {
        let frame = Frame::outside(&office, &asked.form, "Set up your sign-in").narrow();
        let page = SetUpPage {
            frame: frame.with_fault(Some(words_of(&fault))),
            name: name.clone(),
        };
        page_with(fault.status, &page)
    };
    let begun = begin(&office, name.clone(), asked.fields.text("code")).await;
    let cookie = begun.map_err(again)?;
    let mut response = Redirect::to("/set-up/new").into_response();
    let set = Cookie::SetUp.set(&office, Some(&cookie)).map_err(again)?;
    response.headers_mut().append(header::SET_COOKIE, set);
    Ok(response)
}

async fn begin(office: &Office, name: String, code: &str) -> Result<Zeroizing<String>, Problem> {
    let cookie = draw()?;
    let (code, kept) = (set_up_digest(code), Cookie::SetUp.digest(&cookie));
    let secret = Zeroizing::new(crate::secret::random::<{ totp::SECRET }>()?);
    let begun = office
        .work(move |authority, now| {
            let register = authority.register();
            register.begin_set_up(&name, &code, &kept, &*secret, now.wall())
        })
        .await?;
    match begun {
        true => Ok(cookie),
        false => Err(OfficeFault::SetUpCode.into()),
    }
}

/// What a browser sets up, by its cookie.
async fn begun(
    office: &Office,
    headers: &HeaderMap,
) -> Result<([u8; 32], crate::register::office::SetUpRow), Problem> {
    let over = || Problem::from(OfficeFault::SetUpOver);
    let cookie = Cookie::SetUp.of(office, headers).ok_or_else(over)?;
    let kept = Cookie::SetUp.digest(&cookie);
    let row = office
        .work(move |authority, now| authority.register().set_up(&kept, now.wall()))
        .await?;
    Ok((kept, row.ok_or_else(over)?))
}

fn new_page_of(
    office: &Office,
    form: &str,
    row: &crate::register::office::SetUpRow,
    fault: Option<&Problem>,
) -> Response {
    let issuer = format!("{} office", office.server.name);
    let Some(made) = totp::enrollment(&row.totp, &issuer, &row.name) else {
        return problem(office, None, &Problem::SERVER, "/set-up");
    };
    let frame = Frame::outside(office, form, "Set up your sign-in").narrow();
    let page = NewPage {
        frame: frame.with_fault(fault.map(words_of)),
        name: row.name.clone(),
        qr: qr(&made.link),
        secret: made.text,
        fewest: passphrase::MIN,
    };
    page_with(fault.map_or(StatusCode::OK, |fault| fault.status), &page)
}

/// `GET /set-up/new`
pub(super) async fn new_page(
    State(office): State<Office>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let row = begun(&office, &headers).await;
    let (_, row) = row.map_err(|fault| problem(&office, None, &fault, "/set-up"))?;
    with_form_cookie(&office, &headers, |form| {
        new_page_of(&office, form, &row, None)
    })
}

/// `POST /set-up/new`
pub(super) async fn finish(
    State(office): State<Office>,
    asked: Before,
) -> Result<Response, Response> {
    let failed = |fault: Problem| problem(&office, None, &fault, "/set-up");
    let (kept, row) = begun(&office, &asked.headers).await.map_err(failed)?;
    let again = |fault: Problem| new_page_of(&office, &asked.form, &row, Some(&fault));
    let typed = asked.fields.secret("passphrase");
    let refused = |fault: OfficeFault| again(fault.into());
    let prepared = passphrase::prepare(&typed);
    let prepared = prepared.ok_or_else(|| refused(OfficeFault::PassphraseLong))?;
    match passphrase::check(&prepared, &row.name) {
        Ok(()) => {}
        Err(Weak::Short) => return Err(refused(OfficeFault::PassphraseShort)),
        Err(Weak::Simple) => return Err(refused(OfficeFault::PassphraseSimple)),
    }
    if typed != asked.fields.secret("again") {
        return Err(refused(OfficeFault::PassphraseTwice));
    }
    let code = totp::plain(asked.fields.text("code"));
    let step = totp::step_of(&row.totp, &code, office.server.now());
    let step = step.ok_or_else(|| refused(OfficeFault::FirstCode))?;
    let hash = office.hasher.hash(prepared).await;
    let hash = hash.map_err(|error: Error| again(error.into()))?;
    let done = office
        .work(move |authority, now| {
            let register = authority.register();
            register.finish_set_up(&kept, &hash, step, now.wall())
        })
        .await
        .map_err(again)?;
    if done.is_none() {
        return Err(failed(OfficeFault::SetUpOver.into()));
    }
    let mut response = Redirect::to("/sign-in?ready=1").into_response();
    let set = Cookie::SetUp.set(&office, None).map_err(failed)?;
    response.headers_mut().append(header::SET_COOKIE, set);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn a_sign_in_leads_to_pages_of_this_office_alone() {
        for own in ["/", "/licenses/00ff", "/?q=1"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/a b",
            "x",
        ] {
            assert_eq!(own_path(other), "/", "{other}");
        }
    }
}
