//! `vidimus authority letter` and `authority link`: how drivers come to their accounts.

use std::path::Path;

use serde_json::json;
use vidimus_authority::OidcOptions;
use zeroize::Zeroizing;

use super::register::{Place, time};
use super::{failure, in_order, open};
use crate::args::{LinkAction, OidcArguments};
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::{files, output, runtime};

/// More than any secret has.
const MAX_SECRET: u64 = 4 * 1024;

/// Runs `vidimus authority letter`.
pub(super) fn letter(place: &Place, license: &str, json: bool) -> Outcome {
    let made = place.open()?.letter(license)?;
    if json {
        return output::json(&in_order(&made)?);
    }
    let mut lines = vec![
        format!("License  {}", output::plain(&made.license_id)),
        format!(
            "Code     {}   shown once: for the letter, and for nobody else",
            Style::detect().bold(&output::plain(&made.code))
        ),
        format!("Until    {}", time(made.expires)),
    ];
    if made.replaced {
        lines.push("An earlier letter could still be used, and is void from now on.".to_owned());
    }
    lines.push(match made.renews {
        true => {
            "The driver has an account: with this code it gets a new passphrase and new one-time codes."
        }
        false => "With number and code the driver sets up an account when the app asks to sign in.",
    }
    .to_owned());
    output::line(&lines.join("\n"))
}

/// Runs `vidimus authority code`.
pub(super) fn code(key: &str, json: bool) -> Outcome {
    let code =
        vidimus_authority::one_time_code(key, runtime::moment().wall()).ok_or_else(|| {
            Failure::bad_input(
                "this is not a key of one-time codes: it has letters A to Z and 2 to 7",
            )
        })?;
    if json {
        return output::json(&json!({ "code": code }));
    }
    output::line(&code)
}

/// Runs `vidimus authority link`.
pub(super) fn link(home: &Path, action: &LinkAction, json: bool) -> Outcome {
    let LinkAction::Allow { license, by } = action;
    let id = open(home)?
        .allow_link(license, by, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "license_id": id }));
    }
    output::line(&format!(
        "{id}: one more account may be linked within 30 days; the one before is told."
    ))
}

/// The provider that the arguments name.
pub(super) fn provider(asked: OidcArguments) -> Outcome<Option<OidcOptions>> {
    let (Some(issuer), Some(client), Some(claim)) =
        (asked.oidc, asked.oidc_client, asked.oidc_claim)
    else {
        return Ok(None);
    };
    let secret = match &asked.oidc_secret_file {
        None => None,
        Some(path) => {
            let bytes = Zeroizing::new(files::read_up_to(path, MAX_SECRET)?);
            let text = std::str::from_utf8(&bytes)
                .map(str::trim)
                .unwrap_or_default();
            if text.is_empty() || bytes.len() > 4_096 {
                return Err(Failure::bad_input(format!(
                    "{}: this is no client secret, which is a line of text",
                    path.display()
                )));
            }
            Some(Zeroizing::new(text.to_owned()))
        }
    };
    Ok(Some(OidcOptions {
        issuer,
        client,
        secret,
        claim,
        acr: asked.oidc_acr,
    }))
}
