//! Readers' keys and the office's users.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use vidimus_credential::VerifyingKey;

use super::super::Office;
use super::super::problem::Problem;
use super::frame::{self, Frame, page as answer, to};
use super::rows::Words;
use super::session::{Posted, Session};
use super::{call, may, number};
use crate::office::{Call, Role, Roles};
use crate::register::office::{UserChange, UserRow};

/// A reader in a table.
struct ReaderLine {
    name: String,
    kid: String,
    added: String,
    expires: String,
}

#[derive(Template)]
#[template(path = "office/readers.html")]
struct ReadersPage {
    frame: Frame,
    rows: Vec<ReaderLine>,
    may: bool,
}

/// `GET /readers`
pub(super) async fn readers(
    State(office): State<Office>,
    session: Session,
) -> Result<Response, Response> {
    let rows = call(&office, &session, Call::ListReaders, "/", |authority, _| {
        let words = Words::read(authority)?;
        let readers = authority.readers()?.into_iter();
        Ok(readers
            .map(|reader| ReaderLine {
                added: words.when(reader.added),
                expires: words.when(reader.expires),
                name: reader.name,
                kid: reader.kid,
            })
            .collect())
    })
    .await?;
    Ok(answer(&ReadersPage {
        frame: Frame::of(&office, &session, "/readers", "Readers' keys"),
        rows,
        may: may(&session, Call::AddReader),
    }))
}

/// `POST /readers`
pub(super) async fn add_reader(
    State(office): State<Office>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let key = VerifyingKey::from_cose_key(fields.bytes("key")).map_err(|_| {
        let problem = Problem::request("the file is no public key of a reader: a COSE_Key");
        frame::problem(&office, Some(&session), &problem, "/readers")
    })?;
    call(
        &office,
        &session,
        Call::AddReader,
        "/readers",
        move |authority, now| {
            let days = fields.number("days").unwrap_or(0);
            authority.add_reader(fields.text("name"), &key, days, now)
        },
    )
    .await?;
    Ok(to("/readers"))
}

/// `POST /readers/revoke`
pub(super) async fn revoke_reader(
    State(office): State<Office>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    call(
        &office,
        &session,
        Call::RevokeReader,
        "/readers",
        move |authority, now| authority.revoke_reader(fields.text("reader"), now),
    )
    .await?;
    Ok(to("/readers"))
}

/// A token in a list.
struct TokenLine {
    id: i64,
    label: String,
    made: String,
}

/// A user in a list.
struct UserLine {
    id: i64,
    name: String,
    roles: String,
    added: String,
    sign_in: &'static str,
    disabled: bool,
    tokens: Vec<TokenLine>,
    choices: Vec<(&'static str, bool)>,
    can_change: bool,
    own: bool,
    open: bool,
}

#[derive(Template)]
#[template(path = "office/users.html")]
struct UsersPage {
    frame: Frame,
    /// What is told once: title, secret, and what to do with it.
    told: Option<(String, String, &'static str)>,
    rows: Vec<UserLine>,
    may: bool,
    new_roles: Vec<&'static str>,
}

/// The roles that can be given in the office.
fn given() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::Chief)
}

fn line(user: &UserRow, words: &Words, session: &Session, open: &str) -> UserLine {
    let own = user.id == session.row.user.id;
    let tokens = user.tokens.iter().map(|token| TokenLine {
        id: token.id,
        label: token.label.clone(),
        made: words.when(token.made),
    });
    UserLine {
        id: user.id,
        name: user.name.clone(),
        roles: user.roles.to_string(),
        added: words.when(user.added),
        sign_in: match (user.can_sign_in, user.certificate.is_some()) {
            (true, true) => "passphrase and code, or certificate",
            (true, false) => "passphrase and code",
            (false, true) => "certificate",
            (false, false) => "not set up",
        },
        disabled: user.disabled.is_some(),
        tokens: tokens.collect(),
        choices: given()
            .map(|role| (role.name(), user.roles.has(role)))
            .collect(),
        can_change: !own && !user.roles.has(Role::Chief),
        own,
        open: user.name == open,
    }
}

async fn show(
    office: &Office,
    session: &Session,
    open: &str,
    told: Option<(String, String, &'static str)>,
) -> Result<Response, Response> {
    let (users, words) = call(office, session, Call::ListUsers, "/", |authority, _| {
        Ok((authority.users()?, Words::read(authority)?))
    })
    .await?;
    let rows = users.iter().map(|user| line(user, &words, session, open));
    Ok(answer(&UsersPage {
        frame: Frame::of(office, session, "/users", "Users of the office"),
        told,
        rows: rows.collect(),
        may: may(session, Call::AddUser),
        new_roles: given().map(Role::name).collect(),
    }))
}

/// `GET /users`
pub(super) async fn users(
    State(office): State<Office>,
    session: Session,
) -> Result<Response, Response> {
    show(&office, &session, "", None).await
}

/// What to do with a code that is told once.
const CODE: &str = "Give it to the user by another way than their name. With it they set up passphrase and one-time codes at /set-up, once, within three days. It is shown here only now.";
const TOKEN: &str = "For the program, as a bearer token. It is shown here only now.";

/// `POST /users`
pub(super) async fn add_user(
    State(office): State<Office>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let roles = fields.all("role").filter_map(Role::from_name);
    let roles: Roles = roles.collect();
    let name = fields.text("user").to_owned();
    let of = name.clone();
    let code = call(
        &office,
        &session,
        Call::AddUser,
        "/users",
        move |authority, now| {
            authority.add_user(&of, roles, now)?;
            Ok((*authority.allow_set_up(&of, now)?.code).clone())
        },
    )
    .await?;
    let title = format!("The set-up code of {name}");
    show(&office, &session, &name, Some((title, code, CODE))).await
}

/// `POST /users/{user}/{what}`
pub(super) async fn change_user(
    State(office): State<Office>,
    Path((name, what)): Path<(String, String)>,
    asked: Posted,
) -> Result<Response, Response> {
    let (session, fields) = (asked.session, asked.fields);
    let of = name.clone();
    let told = match &*what {
        "roles" => {
            let roles = fields.all("role").filter_map(Role::from_name).collect();
            let change = UserChange {
                roles: Some(roles),
                ..UserChange::default()
            };
            call(
                &office,
                &session,
                Call::ChangeUser,
                "/users",
                move |authority, now| authority.change_user(&of, change, now),
            )
            .await?;
            None
        }
        "disable" => {
            let change = UserChange {
                disabled: Some(fields.text("disabled") == "yes"),
                ..UserChange::default()
            };
            call(
                &office,
                &session,
                Call::ChangeUser,
                "/users",
                move |authority, now| authority.change_user(&of, change, now),
            )
            .await?;
            None
        }
        "set-up" => {
            let code = call(
                &office,
                &session,
                Call::SetUpUser,
                "/users",
                move |authority, now| Ok((*authority.allow_set_up(&of, now)?.code).clone()),
            )
            .await?;
            Some((format!("The set-up code of {name}"), code, CODE))
        }
        "token" => {
            let token = call(
                &office,
                &session,
                Call::AddToken,
                "/users",
                move |authority, now| {
                    let made = authority.add_token(&of, fields.text("label"), now)?;
                    Ok((*made.token).clone())
                },
            )
            .await?;
            Some((format!("A token of {name}"), token, TOKEN))
        }
        "revoke-token" => {
            let token = number(&office, &session, fields.text("token"))?;
            call(
                &office,
                &session,
                Call::RevokeToken,
                "/users",
                move |authority, now| authority.revoke_token(&of, token, now),
            )
            .await?;
            None
        }
        _ => {
            let problem = Problem::NO_PAGE;
            return Err(frame::problem(&office, Some(&session), &problem, "/users"));
        }
    };
    show(&office, &session, &name, told).await
}
