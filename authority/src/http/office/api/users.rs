//! Users of the office.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::Office;
use super::super::caller::Caller;
use super::super::problem::Problem;
use super::licenses::number;
use super::{
    AddToken, AddUser, Body, ChangeUser, Done, NewTokenView, Nothing, SetUpView, UserPage,
    UserView, answer, ok,
};
use crate::authority::{Authority, fingerprint_of};
use crate::clock::Moment;
use crate::error::Error;
use crate::office::{Call, Role, Roles};
use crate::register::office::UserChange;

fn roles_of(names: &[String]) -> Result<Roles, Problem> {
    let roles: Option<Roles> = names.iter().map(|name| Role::from_name(name)).collect();
    roles.ok_or(Problem::request(
        "a role is clerk, officer, judge, chief, auditor or system",
    ))
}

/// `GET /v1/users`
pub(super) async fn list(
    State(office): State<Office>,
    Caller(user): Caller,
) -> Result<Response, Problem> {
    let users = office
        .call(&user, Call::ListUsers, |authority, _| authority.users())
        .await?;
    ok(&UserPage {
        users: users.iter().map(UserView::of).collect(),
    })
}

/// `POST /v1/users`
pub(super) async fn add(
    State(office): State<Office>,
    Caller(user): Caller,
    Body(asked): Body<AddUser>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::AddUser).await?;
    let roles = roles_of(&asked.roles)?;
    let added = office
        .call(&user, Call::AddUser, move |authority, now| {
            authority.add_user(&asked.user, roles, now)
        })
        .await?;
    answer(StatusCode::CREATED, &UserView::of(&added))
}

/// `PATCH /v1/users/{user}`
pub(super) async fn change(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(name): Path<String>,
    Body(asked): Body<ChangeUser>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::ChangeUser).await?;
    let certificate = match asked.certificate.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(fingerprint_of(text)?)),
    };
    let change = UserChange {
        roles: asked.roles.as_deref().map(roles_of).transpose()?,
        disabled: asked.disabled,
        certificate,
    };
    let changed = office
        .call(&user, Call::ChangeUser, move |authority, now| {
            authority.change_user(&name, change, now)
        })
        .await?;
    ok(&UserView::of(&changed))
}

/// `POST /v1/users/{user}/set-up`
pub(super) async fn set_up(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(name): Path<String>,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Response, Problem> {
    let made = office
        .call(&user, Call::SetUpUser, move |authority, now| {
            set_up_code(authority, name, now)
        })
        .await?;
    answer(StatusCode::CREATED, &made)
}

fn set_up_code(authority: &Authority, user: String, now: Moment) -> Result<SetUpView, Error> {
    let made = authority.allow_set_up(&user, now)?;
    Ok(SetUpView {
        user,
        code: (*made.code).clone(),
        expires: made.ends.seconds(),
    })
}

/// `POST /v1/users/{user}/tokens`
pub(super) async fn add_token(
    State(office): State<Office>,
    Caller(user): Caller,
    Path(name): Path<String>,
    Body(asked): Body<AddToken>,
) -> Result<Response, Problem> {
    let made = office
        .call(&user, Call::AddToken, move |authority, now| {
            let made = authority.add_token(&name, &asked.label, now)?;
            Ok(NewTokenView {
                user: name,
                token_id: made.id,
                token: (*made.token).clone(),
            })
        })
        .await?;
    answer(StatusCode::CREATED, &made)
}

/// `DELETE /v1/users/{user}/tokens/{token}`
pub(super) async fn revoke_token(
    State(office): State<Office>,
    Caller(user): Caller,
    Path((name, token)): Path<(String, String)>,
) -> Result<Response, Problem> {
    office.allow(&user, Call::RevokeToken).await?;
    let token = number(&token)?;
    office
        .call(&user, Call::RevokeToken, move |authority, now| {
            authority.revoke_token(&name, token, now)
        })
        .await?;
    ok(&Done::YES)
}
