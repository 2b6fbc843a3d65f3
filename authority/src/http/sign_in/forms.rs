//! The forms of a sign-in, and the pages between them.

use axum::extract::{Request, State};
use axum::response::Response;

use super::language::Language;
use super::page::{self, Way};
use super::visit::{Form, Visit};
use crate::http::Shared;
use crate::register::accounts::{Accounts as _, Asked, Choice, Stepped, Wanted};
use crate::rules::account_steps::FormFault;
use crate::rules::passphrase as rules;

/// A page, or the one that says why not.
type Answer = Result<Response, Box<Response>>;

fn settle(answer: Answer) -> Response {
    answer.unwrap_or_else(|response| *response)
}

/// `GET /sign-in`: the page of the present step.
pub(super) async fn present(State(server): State<Shared>, request: Request) -> Response {
    let visit = Visit::of(server, &request);
    settle(visit.present(Way::Present).await)
}

/// `GET /sign-in/number`: another number, before the driver is signed in.
pub(super) async fn number_page(State(server): State<Shared>, request: Request) -> Response {
    let visit = Visit::of(server, &request);
    settle(visit.present(Way::Number).await)
}

/// `GET /sign-in/passphrase`
pub(super) async fn passphrase_page(State(server): State<Shared>, request: Request) -> Response {
    let visit = Visit::of(server, &request);
    settle(visit.present(Way::Passphrase).await)
}

/// `GET /sign-in/letter`
pub(super) async fn letter_page(State(server): State<Shared>, request: Request) -> Response {
    let visit = Visit::of(server, &request);
    settle(visit.present(Way::Letter).await)
}

/// Runs a form's step with what it says.
async fn with_form<F, Fut>(server: Shared, request: Request, step: F) -> Response
where
    F: FnOnce(Visit, Form) -> Fut,
    Fut: Future<Output = Answer>,
{
    let visit = Visit::of(server, &request);
    match visit.form(request).await {
        Ok(form) => settle(step(visit, form).await),
        Err(response) => *response,
    }
}

/// `POST /sign-in/number`
pub(super) async fn number(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        if !visit.server.pages.builtin {
            return Ok(visit.answer(Stepped::Gone, ""));
        }
        let number = form.take("number");
        let stepped = visit
            .work(move |server| {
                let register = server.authority.register();
                register.give_number(&form.session, &number, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}

/// `POST /sign-in/passphrase`. For a number without an account the same is hashed.
pub(super) async fn passphrase(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        // One that is longer than any is wrong like another.
        let typed = rules::prepare(&form.take("passphrase")).unwrap_or_default();
        let asked = typed.clone();
        let asked = visit
            .attempt(&form.session, move |server, attempt| {
                let register = server.authority.register();
                register.ask_passphrase(attempt, &asked, server.now())
            })
            .await?;
        let compared = match asked {
            Asked::Answer(stepped) => return Ok(visit.answer(stepped, "/sign-in")),
            Asked::Compare(hash) => hash,
        };
        let hasher = &visit.server.pages.hasher;
        let right = match hasher.verify(typed.clone(), compared.clone()).await {
            Ok(right) => right,
            Err(error) => return Ok(page::failed(&visit.server, &visit.headers, &error)),
        };
        let stepped = visit
            .attempt(&form.session, move |server, attempt| {
                let compared = compared.as_ref().map(|hash| hash.as_str());
                let register = server.authority.register();
                register.give_passphrase(attempt, &typed, compared, right, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}

/// `POST /sign-in/letter`
pub(super) async fn letter(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        let typed = form.take("code");
        let stepped = visit
            .attempt(&form.session, move |server, attempt| {
                let register = server.authority.register();
                register.give_letter(attempt, &typed, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in/letter"))
    })
    .await
}

/// `POST /sign-in/new-passphrase`
pub(super) async fn new_passphrase(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        let (typed, again) = (form.take("passphrase"), form.take("again"));
        let session = form.session;
        let prepared = rules::prepare(&typed);
        let (judged, asked) = (prepared.clone(), session.clone());
        let wanted = visit
            .work(move |server| {
                let weak = |number: &str| {
                    let Some(judged) = &judged else {
                        return Err(FormFault::Long);
                    };
                    if typed != again {
                        return Err(FormFault::Differ);
                    }
                    rules::check(judged, number).map_err(FormFault::from)
                };
                let register = server.authority.register();
                register.ask_new_passphrase(&asked, &weak, server.now())
            })
            .await?;
        if let Wanted::Answer(stepped) = wanted {
            return Ok(visit.answer(stepped, "/sign-in"));
        }
        let hasher = &visit.server.pages.hasher;
        let hash = match hasher.hash(prepared.unwrap_or_default()).await {
            Ok(hash) => hash,
            Err(error) => return Ok(page::failed(&visit.server, &visit.headers, &error)),
        };
        let stepped = visit
            .work(move |server| {
                let register = server.authority.register();
                register.give_new_passphrase(&session, &hash, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}

/// `POST /sign-in/new-code`
pub(super) async fn new_code(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        let code = form.take("code");
        let stepped = visit
            .attempt(&form.session, move |server, attempt| {
                let register = server.authority.register();
                register.give_new_code(attempt, &code, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}

/// `POST /sign-in/code`
pub(super) async fn code(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        let code = form.take("code");
        let stepped = visit
            .attempt(&form.session, move |server, attempt| {
                let register = server.authority.register();
                register.give_code(attempt, &code, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}

/// `POST /sign-in/consent`: to the app, with a code.
pub(super) async fn consent(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        let choice = match form.take("phone").as_str() {
            "first" => Some(Choice::First),
            "beside" => Some(Choice::Beside),
            "all" => Some(Choice::ReplaceAll),
            id => id.parse().ok().map(Choice::Replace),
        };
        let stepped = visit
            .work(move |server| {
                let register = server.authority.register();
                register.agree(&form.session, choice, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}

/// `POST /sign-in/refuse`: to the app, with `access_denied`.
pub(super) async fn refuse(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, form: Form| {
        let stepped = visit
            .work(move |server| {
                let register = server.authority.register();
                register.refuse(&form.session, server.now())
            })
            .await?;
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}

/// `POST /sign-in/language`
pub(super) async fn language(State(server): State<Shared>, request: Request) -> Response {
    with_form(server, request, async |visit: Visit, mut form: Form| {
        let Some(language) = Language::of_tag(&form.take("language")) else {
            return visit.present(Way::Present).await;
        };
        let known = visit
            .work(move |server| {
                let register = server.authority.register();
                register.choose_language(&form.session, language.tag(), server.now())
            })
            .await?;
        let stepped = if known {
            Stepped::On(crate::register::accounts::Cookies::default())
        } else {
            Stepped::Gone
        };
        Ok(visit.answer(stepped, "/sign-in"))
    })
    .await
}
