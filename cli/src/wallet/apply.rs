//! `vidimus wallet apply`: the driver signs in with a browser, and the wallet gets the license.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use vidimus_credential::UnixTime;
use vidimus_wallet::{
    Application, ApplicationState, Applied, CancelToken, Error, ReviewReason, SignIn, SignInClient,
    Wallet,
};

use super::callback::{Answer, Callback};
use super::{failure, latest, license_json, license_words, open, pick};
use crate::failure::{Failure, Outcome};
use crate::wallet_failure::not_enrolled;
use crate::{output, report};

/// This program at an authority.
const CLIENT: &str = "vidimus-cli";

/// How long the browser is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// Signs in with a browser and fetches the license.
pub(super) async fn run(
    home: &Path,
    no_browser: bool,
    language: Option<String>,
    json: bool,
) -> Outcome {
    let wallet = open(home).await?;
    let mut callback = Callback::open().await?;
    let client = SignInClient {
        client_id: CLIENT.to_owned(),
        redirect_uri: callback.address(),
        languages: language.into_iter().collect(),
    };
    let cancel = CancelToken::new();
    let sign_in = wallet
        .apply(&client, &cancel)
        .await
        .map_err(|error| failure(&error))?;
    let opened = !no_browser && open_browser(&sign_in.url);
    announce(&wallet, &sign_in, opened, json)?;
    tokio::select! {
        done = await_answer(&wallet, &mut callback, &cancel) => {
            let applied = done?;
            tell(&wallet, &applied, json)
        }
        _ = tokio::signal::ctrl_c() => stopped(&wallet, "stopped").await,
        () = tokio::time::sleep(PATIENCE) => stopped(&wallet, "the browser did not come back").await,
    }
}

/// Nothing but a sign-in without a code is forgotten: a code that came goes on with a refresh.
async fn stopped(wallet: &Wallet, why: &str) -> Outcome {
    wallet
        .abandon_sign_in()
        .await
        .map_err(|error| failure(&error))?;
    let waits = wallet.applications().map_err(|error| failure(&error))?;
    let next = if waits.is_empty() {
        "give the same command again to begin anew"
    } else {
        "`vidimus wallet refresh` goes on"
    };
    Err(Failure::not_done(format!("{why}; {next}")))
}

/// Waits for the right answer of a browser, and fetches the license.
async fn await_answer(
    wallet: &Wallet,
    callback: &mut Callback,
    cancel: &CancelToken,
) -> Outcome<Applied> {
    while let Some(answer) = callback.next().await {
        let done = wallet.resume(&answer.address, cancel).await;
        show_page(answer, &done).await;
        match done {
            Err(Error::OtherSignIn) => {
                output::note("vidimus: a browser came back from another sign-in; still waiting");
            }
            Err(error @ (Error::NoSignIn | Error::SignInRefused(_) | Error::Refused(_))) => {
                return Err(failure(&error));
            }
            Err(error) => {
                let words = not_enrolled(&error);
                return Err(Failure::not_done(format!(
                    "{words}; you are signed in, and `vidimus wallet refresh` goes on"
                )));
            }
            Ok(applied) => return Ok(applied),
        }
    }
    Err(Failure::not_done("cannot listen for the browser any more"))
}

/// What the browser shows, in plain words and without anything of the license.
async fn show_page(answer: Answer, done: &Result<Applied, Error>) {
    let (title, words) = match done {
        Ok(Applied::Received(_)) => (
            "Your license is in the wallet",
            "Close this page and go back to the terminal.",
        ),
        Ok(Applied::Waiting(application)) => match application.state {
            ApplicationState::Refused { .. } => (
                "The authority refused",
                "The terminal says why. Close this page and go back to it.",
            ),
            _ => (
                "You have applied",
                "The authority has to look at your photo or your papers first. \
                 Your wallet asks again by itself. Close this page.",
            ),
        },
        Err(Error::OtherSignIn) => (
            "This was another sign-in",
            "Nothing has changed. Finish the sign-in that the terminal opened.",
        ),
        Err(Error::NoSignIn) => (
            "This sign-in is over",
            "Go back to the terminal and begin again.",
        ),
        Err(Error::SignInRefused(_) | Error::Refused(_)) => (
            "You are not signed in",
            "The terminal says why. Close this page and go back to it.",
        ),
        Err(_) => (
            "You are signed in",
            "The license could not be fetched yet. The terminal says how it goes on.",
        ),
    };
    answer.show(title, words).await;
}

/// Says where to sign in, and how long that may take.
fn announce(wallet: &Wallet, sign_in: &SignIn, opened: bool, json: bool) -> Outcome {
    if json {
        return output::json(&json!({
            "event": "sign_in",
            "url": sign_in.url,
            "opened": opened,
            "expires": sign_in.expires.seconds(),
        }));
    }
    let authority = wallet.authority();
    let address = &sign_in.url;
    output::line(&if opened {
        format!(
            "Sign in at {authority} in the browser that opens; this waits for ten minutes.\n\
             Where none opens, open this address within a minute:\n{address}"
        )
    } else {
        format!(
            "Open this address in a browser of this machine within a minute, and sign in at \
             {authority}; this waits for ten minutes:\n{address}"
        )
    })
}

/// Opens the system's browser. Returns whether there is a program for it.
fn open_browser(url: &str) -> bool {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .is_ok()
}

fn tell(wallet: &Wallet, applied: &Applied, json: bool) -> Outcome {
    match applied {
        Applied::Received(id) => {
            let held = pick(wallet, Some(id.to_string()))?;
            let now = latest(wallet)?;
            if json {
                let license = license_json(&held, now);
                return output::json(&json!({ "event": "received", "license": license }));
            }
            let words = license_words(&held, now);
            output::line(&format!("The license is in this wallet.\n{words}"))
        }
        Applied::Waiting(application) => {
            let now = latest(wallet)?;
            if json {
                output::json(&json!({
                    "event": event(application),
                    "application": application_json(application),
                }))?;
            } else {
                output::line(&application_words(application, now))?;
            }
            if matches!(application.state, ApplicationState::Refused { .. }) {
                return Err(Failure::not_done(
                    "the authority refused; `vidimus wallet apply` applies again",
                ));
            }
            if !json {
                output::line("`vidimus wallet refresh` asks again when it is due.")?;
            }
            Ok(())
        }
    }
}

const fn event(application: &Application) -> &'static str {
    match application.state {
        ApplicationState::SigningIn { .. } => "signing_in",
        ApplicationState::Waiting { .. } => "waiting",
        ApplicationState::Refused { .. } => "refused",
    }
}

/// `{"id", "since", "state", …}`: with `expires` while the driver signs in, `next` while it waits,
/// `reason` and `words` where it was refused.
pub(super) fn application_json(application: &Application) -> Value {
    let mut value = json!({
        "id": application.id.as_str(),
        "since": application.since.seconds(),
        "state": event(application),
    });
    let more = match &application.state {
        ApplicationState::SigningIn { expires } => json!({ "expires": expires.seconds() }),
        ApplicationState::Waiting { next } => json!({ "next": next.seconds() }),
        ApplicationState::Refused { reason, words } => {
            json!({ "reason": reason.name(), "words": words })
        }
    };
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}

/// The application in words: what it waits for, or why it was refused.
pub(super) fn application_words(application: &Application, now: UnixTime) -> String {
    let mut lines = vec![application.id.to_string()];
    let row = |words: &str| report::row("application", words);
    match &application.state {
        ApplicationState::SigningIn { expires } => {
            let left = seconds_until(*expires, now);
            let left = report::duration_words(left);
            lines.push(row(&format!(
                "signing in with the browser, for {left} more"
            )));
        }
        ApplicationState::Waiting { next } => {
            lines.push(row(
                "waits for the authority, which has to look at the photo or the papers",
            ));
            let when = match seconds_until(*next, now) {
                0 => "now".to_owned(),
                seconds => format!("in {}", report::duration_words(seconds)),
            };
            lines.push(report::row("asked again", &when));
        }
        ApplicationState::Refused { reason, words } => {
            lines.push(row(&format!("refused: {}", reason_words(*reason))));
            if let Some(words) = words {
                lines.push(report::row("clerk", &output::plain(words)));
            }
        }
    }
    lines.push(report::row("since", &application.since.to_rfc3339()));
    lines.join("\n")
}

fn seconds_until(time: UnixTime, now: UnixTime) -> u64 {
    time.seconds().saturating_sub(now.seconds())
}

const fn reason_words(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::PhotoUnclear => "the photo is not clear enough",
        ReviewReason::PhotoNotRecent => "the photo is too old",
        ReviewReason::PhotoOtherPerson => "the photo shows another person",
        ReviewReason::PapersMissing => "papers are missing",
        _ => "the authority gave no reason that this program knows",
    }
}

#[cfg(test)]
mod tests {
    use vidimus_wallet::LicenseId;

    use super::*;

    fn application(state: ApplicationState) -> Application {
        Application {
            id: LicenseId::new("one"),
            since: UnixTime::new(1_795_000_000).unwrap(),
            state,
        }
    }

    #[test]
    fn an_application_says_what_it_waits_for_and_why_it_was_refused() {
        let now = UnixTime::new(1_795_000_000).unwrap();
        let next = now.saturating_add(300);
        let waits = application(ApplicationState::Waiting { next });
        let words = application_words(&waits, now);
        assert!(words.contains("photo or the papers") && words.contains("in 5 min"));
        assert_eq!(application_json(&waits)["next"], 1_795_000_300);
        let refused = application(ApplicationState::Refused {
            reason: ReviewReason::PhotoUnclear,
            words: Some("Look\u{1b}[2J here".to_owned()),
        });
        let words = application_words(&refused, now);
        assert!(words.contains("not clear enough") && words.contains("Look[U+001B]"));
        assert_eq!(application_json(&refused)["reason"], "photo_unclear");
    }
}
