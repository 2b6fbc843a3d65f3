//! `vidimus authority user`: who works in the office.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_authority::{Authority, Role, SetUpCode, UserRow};

use super::{failure, open};
use crate::args::UserAction;
use crate::failure::Outcome;
use crate::output::Style;
use crate::{output, runtime};

/// Runs `vidimus authority user`.
pub(super) fn run(home: &Path, action: UserAction, json: bool) -> Outcome {
    let (authority, now) = (open(home)?, runtime::moment());
    let told = |error| failure(&error);
    match action {
        UserAction::Add { name, role } => {
            let user = authority
                .add_user(&name, role.into_iter().collect(), now)
                .map_err(told)?;
            let code = authority.allow_set_up(&name, now).map_err(told)?;
            print_code(&user, &code, json)
        }
        UserAction::List => list(&authority, json),
        UserAction::Roles { name, role } => {
            let user = authority
                .set_user_roles(&name, role.into_iter().collect(), now)
                .map_err(told)?;
            print_user(&user, json)
        }
        UserAction::Disable { name } => {
            let user = authority.disable_user(&name, true, now).map_err(told)?;
            print_user(&user, json)
        }
        UserAction::Enable { name } => {
            let user = authority.disable_user(&name, false, now).map_err(told)?;
            print_user(&user, json)
        }
        UserAction::SetUp { name } => {
            let code = authority.allow_set_up(&name, now).map_err(told)?;
            let users = authority.users().map_err(told)?;
            match users.iter().find(|user| user.name == name) {
                Some(user) => print_code(user, &code, json),
                None => Ok(()),
            }
        }
        UserAction::Token { name, label } => {
            let made = authority.add_token(&name, &label, now).map_err(told)?;
            if json {
                let token = json!({ "user": name, "token_id": made.id, "token": *made.token });
                return output::json(&token);
            }
            output::note(&format!(
                "Token {} of {name}. Keep it in a file that its program alone reads; it is shown once.",
                made.id
            ));
            output::line(&made.token)
        }
        UserAction::RevokeToken { name, token } => {
            authority.revoke_token(&name, token, now).map_err(told)?;
            if json {
                return output::json(&json!({ "user": name, "revoked": token }));
            }
            output::line(&format!("Token {token} of {name} is refused from now on."))
        }
        UserAction::Certificate { name, sha256, .. } => {
            let user = authority
                .set_user_certificate(&name, sha256.as_deref(), now)
                .map_err(told)?;
            print_user(&user, json)
        }
    }
}

fn list(authority: &Authority, json: bool) -> Outcome {
    let users = authority.users().map_err(|error| failure(&error))?;
    if json {
        return output::json(&users.iter().map(user_json).collect::<Vec<_>>());
    }
    if users.is_empty() {
        return output::line("No users yet: vidimus authority user add NAME --role chief");
    }
    let lines: Vec<_> = users.iter().map(words).collect();
    output::line(&lines.join("\n"))
}

fn user_json(user: &UserRow) -> Value {
    let tokens: Vec<_> = user
        .tokens
        .iter()
        .map(|token| {
            json!({
                "token_id": token.id,
                "label": token.label,
                "made": token.made.seconds(),
            })
        })
        .collect();
    json!({
        "user": user.name,
        "id": user.id,
        "roles": user.roles.iter().map(Role::name).collect::<Vec<_>>(),
        "added_at": user.added.seconds(),
        "disabled_at": user.disabled.map(|at| at.seconds()),
        "can_sign_in": user.can_sign_in,
        "certificate": user.certificate,
        "tokens": tokens,
    })
}

fn words(user: &UserRow) -> String {
    let mut words = format!("u{:<4} {:<20} {}", user.id, user.name, user.roles);
    if let Some(at) = user.disabled {
        words.push_str(&format!(", disabled {}", at.to_rfc3339()));
    } else if !user.can_sign_in && user.certificate.is_none() {
        words.push_str(", sign-in not set up");
    }
    for token in &user.tokens {
        let label = output::plain(&token.label);
        words.push_str(&format!("\n      token {} for {label}", token.id));
    }
    words
}

fn print_user(user: &UserRow, json: bool) -> Outcome {
    match json {
        true => output::json(&user_json(user)),
        false => output::line(&words(user)),
    }
}

fn print_code(user: &UserRow, code: &SetUpCode, json: bool) -> Outcome {
    if json {
        return output::json(&json!({
            "user": user.name,
            "id": user.id,
            "roles": user.roles.iter().map(Role::name).collect::<Vec<_>>(),
            "set_up_code": *code.code,
            "expires": code.ends.seconds(),
        }));
    }
    output::line(&format!(
        "User     {} ({})\n\
         Code     {}   give it to the user by another way than the name\n\
         Until    {}, once\n\
         The user opens /set-up on the office's pages.",
        user.name,
        user.roles,
        Style::detect().bold(&code.code),
        code.ends.to_rfc3339()
    ))
}
