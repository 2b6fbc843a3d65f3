//! The pages, each from its template.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use qrcodegen::{QrCode, QrCodeEcc};
use zeroize::Zeroizing;

use super::frame::{Frame, Progress};
use super::guard::policy;
use super::language::Language;
use super::texts::text;
use crate::accounts::totp;
use crate::error::Error;
use crate::http::Server;
use crate::register::accounts::{Consent, Phone, View};
use crate::rules::account_steps::{FormFault, Step};
use crate::rules::passphrase;

/// Which of the pages of one step is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The page of the present step.
    Present,
    Number,
    Passphrase,
    Letter,
}

#[derive(Template)]
#[template(path = "sign_in/number.html")]
struct NumberPage {
    frame: Frame,
    client: String,
    builtin: bool,
    provider: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in/passphrase.html")]
struct PassphrasePage {
    frame: Frame,
    number: String,
}

#[derive(Template)]
#[template(path = "sign_in/letter.html")]
struct LetterPage {
    frame: Frame,
    number: String,
}

#[derive(Template)]
#[template(path = "sign_in/new_passphrase.html")]
struct NewPassphrasePage {
    frame: Frame,
    number: String,
    fewest: usize,
}

#[derive(Template)]
#[template(path = "sign_in/new_code.html")]
struct NewCodePage {
    frame: Frame,
    qr: String,
    link: Zeroizing<String>,
    secret: Zeroizing<String>,
}

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage {
    frame: Frame,
    number: String,
}

#[derive(Template)]
#[template(path = "sign_in/consent.html")]
struct ConsentPage {
    frame: Frame,
    client: String,
    consent: Consent,
}

impl ConsentPage {
    /// What a phone's choice says, with the day in the way that all languages read.
    fn replaced(&self, phone: &Phone) -> String {
        let added = phone.added.to_rfc3339();
        let day = added.split('T').next().unwrap_or_default();
        self.frame.t2("consent.replace", day, &phone.id)
    }
}

#[derive(Template)]
#[template(path = "sign_in/message.html")]
struct MessagePage {
    frame: Frame,
    body: String,
    /// Where to go on: a path, and the key of its words.
    go: Option<(&'static str, &'static str)>,
    /// Whether the app can be opened again.
    reopens: bool,
    /// Whether the driver can still refuse.
    cancels: bool,
}

/// The language of a page: the driver's, the app's, or the browser's choice.
pub(super) fn language_of(view: Option<&View>, headers: &HeaderMap) -> Language {
    let chosen = view.and_then(|view| Language::of_tag(view.language.as_deref()?));
    let wanted = || view.and_then(|view| Language::of_locales(view.locales.as_deref()?));
    let accepted = || Language::of_accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen
        .or_else(wanted)
        .or_else(accepted)
        .unwrap_or(Language::English)
}

/// The page of a sign-in.
pub(super) fn of_view(
    server: &Server,
    headers: &HeaderMap,
    view: View,
    form: &str,
    way: Way,
) -> Response {
    let language = language_of(Some(&view), headers);
    let redirect_uri = view.redirect_uri.clone();
    let builtin = server.pages.builtin;
    let provider = server.pages.provider_name();
    let frame = |heading, progress, faults: fn(FormFault) -> bool| Frame {
        language,
        authority: server.name.clone(),
        base: server.issuer.path().to_owned(),
        heading,
        progress,
        form: Some(form.to_owned()),
        fault: view.fault.filter(|fault| faults(*fault)),
    };
    let number = view.number.clone().unwrap_or_default();
    let message = |heading, body: String| MessagePage {
        frame: frame(heading, Progress::None, |_| false),
        body,
        go: None,
        reopens: false,
        cancels: false,
    };
    let asks_number = view.step == Step::Number || (way == Way::Number && view.step.takes_number());
    let html = match view.step {
        _ if asks_number => NumberPage {
            frame: frame(
                if builtin {
                    "number.title"
                } else {
                    "provider.title"
                },
                if builtin {
                    Progress::Step(1, 4)
                } else {
                    Progress::Step(1, 2)
                },
                of_number,
            ),
            client: view.client,
            builtin,
            provider,
        }
        .render(),
        Step::Proof if is_letter(way, view.fault) => LetterPage {
            frame: frame("letter.title", Progress::Step(2, 5), of_letter),
            number,
        }
        .render(),
        Step::Proof | Step::Number => PassphrasePage {
            frame: frame("passphrase.title", Progress::Step(2, 4), of_passphrase),
            number,
        }
        .render(),
        Step::NewPassphrase => NewPassphrasePage {
            frame: frame("new.title", Progress::Step(3, 5), |_| true),
            number,
            fewest: passphrase::MIN,
        }
        .render(),
        Step::NewCode => match enrollment(server, &view, &number, language) {
            Some((qr, made)) => NewCodePage {
                frame: frame("setup.title", Progress::Step(4, 5), |_| true),
                qr,
                link: made.link,
                secret: made.text,
            }
            .render(),
            None => return failed(server, headers, &Error::Random),
        },
        Step::Code => CodePage {
            frame: frame("code.title", Progress::Step(3, 4), |_| true),
            number,
        }
        .render(),
        Step::Consent => match view.consent {
            Some(consent) if consent.issuable => ConsentPage {
                frame: frame("consent.title", Progress::Last, |_| true),
                client: view.client,
                consent,
            }
            .render(),
            Some(_) => {
                let page = message("impossible.title", String::new());
                let body = page.frame.t1("impossible.body", &server.name);
                MessagePage {
                    body,
                    cancels: true,
                    ..page
                }
                .render()
            }
            // The license has ended since.
            None => return over(server, headers),
        },
        Step::Agreed => MessagePage {
            reopens: true,
            ..message("done.title", text(language, "done.body").to_owned())
        }
        .render(),
        Step::Refused => MessagePage {
            cancels: true,
            ..message("refused.title", text(language, "refused.body").to_owned())
        }
        .render(),
    };
    html_of(html, StatusCode::OK, Some(&redirect_uri))
}

fn of_number(fault: FormFault) -> bool {
    matches!(
        fault,
        FormFault::Number
            | FormFault::Provider
            | FormFault::ProviderRefused
            | FormFault::ProviderUnknown
            | FormFault::ProviderWeak
            | FormFault::ProviderSecond
    )
}

fn of_letter(fault: FormFault) -> bool {
    matches!(
        fault,
        FormFault::Letter | FormFault::LetterSlip | FormFault::Slow(_)
    )
}

fn of_passphrase(fault: FormFault) -> bool {
    matches!(fault, FormFault::Passphrase | FormFault::Slow(_))
}

/// Whether the letter's page is meant: it is asked for, or the letter's form was wrong.
fn is_letter(way: Way, fault: Option<FormFault>) -> bool {
    let was = fault.is_some_and(|fault| matches!(fault, FormFault::Letter | FormFault::LetterSlip));
    way == Way::Letter || (way == Way::Present && was)
}

/// The QR and what it holds, of a new secret.
fn enrollment(
    server: &Server,
    view: &View,
    number: &str,
    language: Language,
) -> Option<(String, totp::Enrollment)> {
    let made = totp::enrollment(view.totp.as_ref()?, &server.name, number)?;
    let code = QrCode::encode_text(&made.link, QrCodeEcc::Medium).ok()?;
    Some((svg(&code, text(language, "setup.qr")), made))
}

/// A QR as an image of one path, with its quiet zone of four modules.
fn svg(code: &QrCode, title: &str) -> String {
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + 4, y + 4));
        }
    }
    // The title is of the table of texts, and has nothing to escape.
    format!(
        r##"<svg role="img" aria-labelledby="qr-title" viewBox="0 0 {side} {side}" width="224" height="224" shape-rendering="crispEdges"><title id="qr-title">{title}</title><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##,
        side = size + 8
    )
}

/// A page that tells something, outside of any sign-in.
fn tell(
    server: &Server,
    headers: &HeaderMap,
    status: StatusCode,
    (heading, body): (&'static str, &'static str),
    go: Option<(&'static str, &'static str)>,
) -> Response {
    let language = language_of(None, headers);
    let page = MessagePage {
        frame: Frame {
            language,
            authority: server.name.clone(),
            base: server.issuer.path().to_owned(),
            heading,
            progress: Progress::None,
            form: None,
            fault: None,
        },
        body: text(language, body).to_owned(),
        go,
        reopens: false,
        cancels: false,
    };
    html_of(page.render(), status, None)
}

/// There is no sign-in in this browser, or it is over.
pub(super) fn over(server: &Server, headers: &HeaderMap) -> Response {
    tell(
        server,
        headers,
        StatusCode::GONE,
        ("over.title", "over.body"),
        None,
    )
}

/// The app's link was used, is over, or is none.
pub(super) fn bad_link(server: &Server, headers: &HeaderMap) -> Response {
    tell(
        server,
        headers,
        StatusCode::BAD_REQUEST,
        ("link.title", "link.body"),
        None,
    )
}

/// A form of an earlier page, or a forged one.
pub(super) fn stale(server: &Server, headers: &HeaderMap) -> Response {
    tell(
        server,
        headers,
        StatusCode::FORBIDDEN,
        ("stale.title", "stale.body"),
        Some(("/sign-in", "stale.go")),
    )
}

/// A request for another host, or from another site.
pub(super) fn foreign(server: &Server, headers: &HeaderMap, status: StatusCode) -> Response {
    tell(
        server,
        headers,
        status,
        ("foreign.title", "foreign.body"),
        None,
    )
}

/// This server could not answer.
pub(super) fn failed(server: &Server, headers: &HeaderMap, error: &Error) -> Response {
    tracing::error!(%error, "a page failed");
    let mut response = tell(
        server,
        headers,
        StatusCode::SERVICE_UNAVAILABLE,
        ("busy.title", "busy.body"),
        Some(("/sign-in", "stale.go")),
    );
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    response
}

fn html_of(
    html: Result<String, askama::Error>,
    status: StatusCode,
    redirect_uri: Option<&str>,
) -> Response {
    let Ok(html) = html else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let html_type = HeaderValue::from_static("text/html; charset=utf-8");
    let mut response = (status, [(header::CONTENT_TYPE, html_type)], html).into_response();
    if let Some(policy) = policy(redirect_uri) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
