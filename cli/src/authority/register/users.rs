//! Users of the office, and their tokens.

use serde::Deserialize;
use serde_json::{Value, json};
use vidimus_authority::{Role, Roles};
use zeroize::Zeroizing;

use super::Register;
use super::client::{Call, Client, nothing};
use super::views::{SetUpView, UserView};
use crate::authority::failure;
use crate::failure::Outcome;
use crate::runtime;

#[derive(Deserialize)]
struct UserPage {
    users: Vec<UserView>,
}

#[derive(Deserialize)]
struct Token {
    token_id: i64,
    token: String,
}

fn names(roles: &[Role]) -> Vec<&'static str> {
    Roles::of(roles).iter().map(Role::name).collect()
}

impl Register {
    /// Adds a user of the office.
    pub(crate) fn add_user(&self, user: &str, roles: &[Role]) -> Outcome<UserView> {
        match self {
            Self::Local(authority) => {
                let added = authority.add_user(user, Roles::of(roles), runtime::moment());
                let added = added.map_err(|error| failure(&error))?;
                Ok(UserView::of(&added))
            }
            Self::Remote(office) => {
                let body = json!({ "user": user, "roles": names(roles) });
                let again = "look with `user list`".to_owned();
                office.ask(&Call::post(&["users"], body).or_again(again))
            }
        }
    }

    /// The users of the office.
    pub(crate) fn users(&self) -> Outcome<Vec<UserView>> {
        match self {
            Self::Local(authority) => {
                let users = authority.users().map_err(|error| failure(&error))?;
                Ok(users.iter().map(UserView::of).collect())
            }
            Self::Remote(office) => {
                let page: UserPage = office.ask(&Call::get(&["users"]))?;
                Ok(page.users)
            }
        }
    }

    /// Gives a user other roles.
    pub(crate) fn set_user_roles(&self, user: &str, roles: &[Role]) -> Outcome<UserView> {
        match self {
            Self::Local(authority) => {
                let changed = authority.set_user_roles(user, Roles::of(roles), runtime::moment());
                let changed = changed.map_err(|error| failure(&error))?;
                Ok(UserView::of(&changed))
            }
            Self::Remote(office) => patch(office, user, json!({ "roles": names(roles) })),
        }
    }

    /// Lets a user be known by a client certificate; `None` takes it away.
    pub(crate) fn set_certificate(&self, user: &str, sha256: Option<&str>) -> Outcome<UserView> {
        match self {
            Self::Local(authority) => {
                let changed = authority.set_user_certificate(user, sha256, runtime::moment());
                let changed = changed.map_err(|error| failure(&error))?;
                Ok(UserView::of(&changed))
            }
            Self::Remote(office) => {
                let body = json!({ "certificate": sha256.unwrap_or_default() });
                patch(office, user, body)
            }
        }
    }

    /// Disables or enables a user.
    pub(crate) fn disable_user(&self, user: &str, disabled: bool) -> Outcome<UserView> {
        match self {
            Self::Local(authority) => {
                let changed = authority.disable_user(user, disabled, runtime::moment());
                let changed = changed.map_err(|error| failure(&error))?;
                Ok(UserView::of(&changed))
            }
            Self::Remote(office) => patch(office, user, json!({ "disabled": disabled })),
        }
    }

    /// Makes a code with which a user sets up sign-in in the browser.
    pub(crate) fn set_up(&self, user: &str) -> Outcome<SetUpView> {
        match self {
            Self::Local(authority) => {
                let made = authority.allow_set_up(user, runtime::moment());
                let made = made.map_err(|error| failure(&error))?;
                Ok(SetUpView {
                    user: user.to_owned(),
                    code: (*made.code).clone(),
                    expires: made.ends.seconds(),
                })
            }
            Self::Remote(office) => {
                let path = ["users", user, "set-up"];
                let again = "give it again; the newest code is the one that counts".to_owned();
                office.ask(&Call::post(&path, nothing()).or_again(again))
            }
        }
    }

    /// Makes a token: its number and its text.
    pub(crate) fn add_token(&self, user: &str, label: &str) -> Outcome<(i64, Zeroizing<String>)> {
        match self {
            Self::Local(authority) => {
                let made = authority.add_token(user, label, runtime::moment());
                let made = made.map_err(|error| failure(&error))?;
                Ok((made.id, made.token))
            }
            Self::Remote(office) => {
                let path = ["users", user, "tokens"];
                let again =
                    "look with `user list`, and revoke the token that nobody has".to_owned();
                let body = json!({ "label": label });
                let made: Token = office.ask(&Call::post(&path, body).or_again(again))?;
                Ok((made.token_id, Zeroizing::new(made.token)))
            }
        }
    }

    /// Ends a token of a user.
    pub(crate) fn revoke_token(&self, user: &str, token: i64) -> Outcome {
        match self {
            Self::Local(authority) => authority
                .revoke_token(user, token, runtime::moment())
                .map_err(|error| failure(&error)),
            Self::Remote(office) => {
                let token = token.to_string();
                let path = ["users", user, "tokens", &token];
                let call = Call::delete(&path).or_again("look with `user list`".to_owned());
                office.ask(&call).map(|_: Value| ())
            }
        }
    }
}

fn patch(office: &Client, user: &str, body: Value) -> Outcome<UserView> {
    let path = ["users", user];
    let again = "give it again, and nothing is done twice".to_owned();
    office.ask(&Call::patch(&path, body).or_again(again))
}
