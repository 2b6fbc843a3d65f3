//! `vidimus authority user`: who works in the office.

use serde_json::json;

use super::in_order;
use super::register::{Place, SetUpView, UserView, time};
use crate::args::UserAction;
use crate::failure::Outcome;
use crate::output::{self, Style, plain};

/// Runs `vidimus authority user`.
pub(super) fn run(place: &Place, action: UserAction, json: bool) -> Outcome {
    let register = place.open()?;
    match action {
        UserAction::Add { name, role } => {
            let user = register.add_user(&name, &role)?;
            print_code(&user, &register.set_up(&name)?, json)
        }
        UserAction::List => list(&register.users()?, json),
        UserAction::Roles { name, role } => {
            print_user(&register.set_user_roles(&name, &role)?, json)
        }
        UserAction::Disable { name } => print_user(&register.disable_user(&name, true)?, json),
        UserAction::Enable { name } => print_user(&register.disable_user(&name, false)?, json),
        UserAction::SetUp { name } => {
            let code = register.set_up(&name)?;
            let users = register.users()?;
            match users.iter().find(|user| user.user == name) {
                Some(user) => print_code(user, &code, json),
                None => Ok(()),
            }
        }
        UserAction::Token { name, label } => {
            let (id, token) = register.add_token(&name, &label)?;
            if json {
                let token = json!({ "user": name, "token_id": id, "token": *token });
                return output::json(&token);
            }
            output::note(&format!(
                "Token {id} of {name}. Keep it in a file that its program alone reads; it is shown once."
            ));
            output::line(&plain(&token))
        }
        UserAction::RevokeToken { name, token } => {
            register.revoke_token(&name, token)?;
            if json {
                return output::json(&json!({ "user": name, "revoked": token }));
            }
            output::line(&format!("Token {token} of {name} is refused from now on."))
        }
        UserAction::Certificate { name, sha256, .. } => {
            print_user(&register.set_certificate(&name, sha256.as_deref())?, json)
        }
    }
}

fn list(users: &[UserView], json: bool) -> Outcome {
    if json {
        return output::json(&in_order(users)?);
    }
    if users.is_empty() {
        return output::line("No users yet: vidimus authority user add NAME --role chief");
    }
    let lines: Vec<_> = users.iter().map(words).collect();
    output::line(&lines.join("\n"))
}

fn words(user: &UserView) -> String {
    let roles = plain(&user.roles.join(", "));
    let mut words = format!("u{:<4} {:<20} {roles}", user.id, plain(&user.user));
    if let Some(at) = user.disabled_at {
        words.push_str(&format!(", disabled {}", time(at)));
    } else if !user.can_sign_in && user.certificate.is_none() {
        words.push_str(", sign-in not set up");
    }
    for token in &user.tokens {
        let label = plain(&token.label);
        words.push_str(&format!("\n      token {} for {label}", token.token_id));
    }
    words
}

fn print_user(user: &UserView, json: bool) -> Outcome {
    match json {
        true => output::json(&in_order(user)?),
        false => output::line(&words(user)),
    }
}

fn print_code(user: &UserView, code: &SetUpView, json: bool) -> Outcome {
    if json {
        return output::json(&json!({
            "user": user.user,
            "id": user.id,
            "roles": user.roles,
            "set_up_code": code.code,
            "expires": code.expires,
        }));
    }
    output::line(&format!(
        "User     {} ({})\n\
         Code     {}   give it to the user by another way than the name\n\
         Until    {}, once\n\
         The user opens /set-up on the office's pages.",
        plain(&user.user),
        plain(&user.roles.join(", ")),
        Style::detect().bold(&plain(&code.code)),
        time(code.expires)
    ))
}
