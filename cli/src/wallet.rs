//! `vidimus wallet`: the driver's commands.

mod activity;
mod apply;
mod callback;
mod refresh;
mod show;
#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use vidimus_credential::UnixTime;
use vidimus_credential::meaning::Standing;
use vidimus_wallet::error::StorageError;
use vidimus_wallet::keys::FileKeyStore;
use vidimus_wallet::ports::{Random, SystemClock, SystemRandom};
use vidimus_wallet::transport::{NetworkTransport, Roots};
use vidimus_wallet::{Application, CancelToken, Config, Error, HeldLicense, Ports, Wallet};

use self::apply::{application_json, application_words};

use crate::args::{WalletAction, WalletArguments};
use crate::failure::{Failure, Outcome};
use crate::output::Style;
pub(crate) use crate::wallet_failure::failure;
use crate::wallet_failure::not_enrolled;
use crate::{output, report, runtime, verify};

/// Where an older copy of a wallet was put in place.
const OLDER_COPY: &str = "an older copy was put in place; refresh before you rely on it";

/// Where an older copy of a wallet, or one that follows another, holds no license.
const MISSING: &str = "this wallet had a license that is missing: an older copy was put in place, or the wallet was made anew; \
                       ask the authority for a new offer";

/// Runs one command of a wallet.
pub(crate) fn run(asked: WalletArguments, json: bool) -> Outcome {
    let home = asked
        .home
        .ok_or_else(|| Failure::usage("--home DIR is missing: the folder of the wallet"))?;
    runtime::block_on(async {
        match asked.action {
            WalletAction::Init { root, authority } => init(&home, &root, authority, json).await,
            WalletAction::Enroll { offer, tx_code } => {
                enroll(&home, &offer, tx_code.as_deref(), json).await
            }
            WalletAction::Apply {
                no_browser,
                language,
            } => apply::run(&home, no_browser, language, json).await,
            WalletAction::List => list(&home, json).await,
            WalletAction::Show(asked) => show::run(&home, asked, json).await,
            WalletAction::Refresh { force } => refresh::refresh(&home, force, json).await,
            WalletAction::Status => activity::status(&home, json).await,
            WalletAction::Log => activity::log(&home, json).await,
            WalletAction::Remove { license } => remove(&home, license, json).await,
        }
    })
}

/// Where the library keeps the vault of a home; the keys are beside it, never in it.
pub(crate) fn vault_folder(home: &Path) -> PathBuf {
    home.join("vault")
}

/// The folder of a wallet's keys in its home.
pub(crate) fn key_folder(home: &Path) -> PathBuf {
    home.join("keys")
}

/// This machine as a phone: its network, its clock, and keys in files.
pub(crate) fn ports(home: &Path) -> Result<Ports, Error> {
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    Ok(Ports {
        transport: Arc::new(NetworkTransport::new(Roots::Public)?),
        keys: Arc::new(FileKeyStore::open(&key_folder(home), Arc::clone(&random))?),
        clock: Arc::new(SystemClock::new()),
        random,
    })
}

/// Opens the wallet of a home.
async fn open(home: &Path) -> Outcome<Wallet> {
    // Looked for first: the key store would make its folder.
    if !is_there(&vault_folder(home))? && !is_there(&key_folder(home))? {
        let home = home.display();
        return Err(Failure::not_done(format!(
            "there is no wallet in {home}; make one with `vidimus wallet --home {home} init --root FILE --authority URL`"
        )));
    }
    let ports = ports(home).map_err(|error| failure(&error))?;
    Wallet::open(home.to_owned(), ports)
        .await
        .map_err(|error| failure(&error))
}

/// Whether something is there. A folder that may not be entered is no folder without a wallet.
fn is_there(path: &Path) -> Outcome<bool> {
    // A look that fails once is no answer.
    match std::fs::metadata(path).or_else(|_| std::fs::metadata(path)) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failure(&StorageError::of(&error).into())),
    }
}

/// The license that is meant: the one named, or the only one.
fn pick(wallet: &Wallet, named: Option<String>) -> Outcome<HeldLicense> {
    let mut held = wallet.licenses().map_err(|error| failure(&error))?;
    if let Some(name) = named {
        held.retain(|license| license.id.as_str() == name);
        return held.pop().ok_or_else(|| failure(&Error::NoSuchLicense));
    }
    only(wallet, held)
}

/// The license to show: the one whose id begins as named, else the only one that no other has
/// replaced. Nothing is lost where that is not the one that was meant.
fn pick_to_show(wallet: &Wallet, named: Option<String>) -> Outcome<HeldLicense> {
    let mut held = wallet.licenses().map_err(|error| failure(&error))?;
    if let Some(name) = named {
        held.retain(|license| !name.is_empty() && license.id.as_str().starts_with(&name));
        return match (held.pop(), held.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(failure(&Error::NoSuchLicense)),
            (Some(_), false) => Err(Failure::usage(
                "more than one id begins like this; write more of it",
            )),
        };
    }
    let is_current = |license: &HeldLicense| license.standing() != Standing::Superseded;
    if held.iter().any(is_current) {
        held.retain(is_current);
    }
    only(wallet, held)
}

fn only(wallet: &Wallet, mut held: Vec<HeldLicense>) -> Outcome<HeldLicense> {
    match (held.pop(), held.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => {
            let misses = wallet.misses_a_license().map_err(|error| failure(&error))?;
            Err(Failure::not_done(if misses {
                MISSING
            } else {
                "this wallet holds no license yet; take one up with `enroll OFFER` or `apply`"
            }))
        }
        (Some(_), false) => Err(Failure::usage(
            "this wallet holds several licenses; name one as `list` prints it",
        )),
    }
}

async fn init(home: &Path, root: &Path, authority: String, json: bool) -> Outcome {
    // Both have a folder `keys`, and each would take the other's for its own. A root.cose alone may
    // be the file that this wallet was given.
    if is_there(&home.join("root.cose"))?
        && is_there(&key_folder(home))?
        && !is_there(&vault_folder(home))?
    {
        return Err(Failure::not_done(
            "this folder holds an authority: choose another --home for the wallet",
        ));
    }
    let root = verify::read_root(root)?;
    let ports = ports(home).map_err(|error| failure(&error))?;
    let config = Config {
        directory: home.to_owned(),
        root,
        authority,
        ports,
    };
    let wallet = Wallet::create(config)
        .await
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "home": home, "authority": wallet.authority() }));
    }
    output::line(&format!(
        "A wallet is ready in {}; its keys are files here, where a phone has hardware.\n\
         Next: vidimus wallet --home {} enroll OFFER --tx-code CODE, or `apply` to sign in",
        home.display(),
        home.display()
    ))
}

async fn enroll(home: &Path, offer: &str, tx_code: Option<&str>, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let offer = wallet
        .read_offer(offer)
        .await
        .map_err(|error| failure(&error))?;
    if let Err(error) = offer.check_issuer() {
        // Who it is, before anything is typed or sent.
        let (issuer, why) = (offer.issuer(), failure(&error));
        return Err(Failure::not_done(format!("{issuer}: {why}")));
    }
    let before = wallet.licenses().map_err(|error| failure(&error))?;
    let id = wallet
        .enroll(&offer, tx_code, &CancelToken::new())
        .await
        .map_err(|error| not_enrolled(&error))?;
    // The wallet gives the license that this offer brought before: an offer is good once.
    if before.iter().any(|license| license.id == id) {
        return Err(Failure::not_done(format!(
            "this offer was taken up before: it brought license {id}, which is in this wallet"
        )));
    }
    let held = pick(&wallet, Some(id.to_string()))?;
    if json {
        output::json(&license_json(&held, latest(&wallet)?))?;
    } else {
        output::line(&format!(
            "The license is in this wallet.\n{}",
            license_words(&held, latest(&wallet)?)
        ))?;
    }
    if held.status.as_of.is_none() {
        return Err(Failure::not_done(
            "the license is kept, but its first status could not be fetched; try `vidimus wallet refresh --force`",
        ));
    }
    Ok(())
}

async fn list(home: &Path, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let held = wallet.licenses().map_err(|error| failure(&error))?;
    let rolled_back = wallet
        .health()
        .map_err(|error| failure(&error))?
        .rolled_back;
    let misses = wallet.misses_a_license().map_err(|error| failure(&error))?;
    let applications = wallet.applications().map_err(|error| failure(&error))?;
    let now = latest(&wallet)?;
    let is_empty = held.is_empty() && applications.is_empty();
    if json {
        let mut listed: Vec<_> = held
            .iter()
            .map(|held| listed_json(held, rolled_back, now))
            .collect();
        listed.extend(applications.iter().map(|application| {
            json!({ "id": application.id.as_str(), "application": application_json(application) })
        }));
        output::json(&listed)?;
    } else if is_empty && !misses {
        output::line("No licenses yet: vidimus wallet enroll OFFER, or vidimus wallet apply")?;
    } else if !is_empty {
        let mut blocks: Vec<_> = held.iter().map(|held| license_words(held, now)).collect();
        let applications = applications.iter();
        blocks.extend(applications.map(|application| application_words(application, now)));
        if rolled_back {
            blocks.push(report::row("vault", OLDER_COPY));
        }
        output::line(&blocks.join("\n\n"))?;
    }
    if misses {
        return Err(Failure::not_done(MISSING));
    }
    Ok(())
}

/// The time by which a wallet judges how its licenses stand: a clock that was set back makes no
/// status younger.
fn latest(wallet: &Wallet) -> Outcome<UnixTime> {
    let time = wallet.time().map_err(|error| failure(&error))?;
    Ok(time.latest)
}

/// `{"id", "license", "status", "rolled_back", "problem"}`: as [`license_json`], and what is wrong
/// with it.
fn listed_json(held: &HeldLicense, rolled_back: bool, now: UnixTime) -> Value {
    let mut value = license_json(held, now);
    let problem = held.problem.map(|problem| problem.to_string());
    let problem = problem.or_else(|| rolled_back.then(|| OLDER_COPY.to_owned()));
    if let Value::Object(value) = &mut value {
        value.insert("rolled_back".to_owned(), json!(rolled_back));
        value.insert("problem".to_owned(), json!(problem));
    }
    value
}

/// `{"id", "license", "status", "standing", "tone"}`: license and status as `verify` writes them,
/// then how the license stands by all that is known of it.
fn license_json(held: &HeldLicense, now: UnixTime) -> Value {
    let age = held.status.age_s(now);
    json!({
        "id": held.id.as_str(),
        "license": held.license.as_ref().map(report::license_json),
        "status": report::status_json(&held.status, age),
        "standing": held.standing().name(),
        "tone": held.standing().tone().name(),
    })
}

fn license_words(held: &HeldLicense, now: UnixTime) -> String {
    let age = held.status.age_s(now);
    let mut lines = vec![
        held.id.to_string(),
        report::row(
            "standing",
            &report::standing_words(held.standing(), Style::detect()),
        ),
        report::row("status", &report::status_words(&held.status, age)),
    ];
    lines.extend(held.license.iter().flat_map(report::license_lines));
    if let Some(expires) = held.expires {
        lines.push(report::row("renewed before", &expires.to_rfc3339()));
    }
    if let Some(problem) = held.problem {
        lines.push(report::row("problem", &problem.to_string()));
    }
    lines.join("\n")
}

async fn remove(home: &Path, license: Option<String>, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let applications = wallet.applications().map_err(|error| failure(&error))?;
    let is_named = |application: &&Application| {
        let name = license.as_deref();
        name.is_some_and(|name| application.id.as_str() == name)
    };
    if let Some(application) = applications.iter().find(is_named) {
        let id = &application.id;
        wallet.dismiss(id).await.map_err(|error| failure(&error))?;
        if json {
            return output::json(&json!({ "removed": id.as_str() }));
        }
        return output::line(&format!(
            "The application {id} is removed from this wallet; the authority was not told."
        ));
    }
    let id = pick(&wallet, license)?.id;
    wallet.remove(&id).await.map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "removed": id.as_str() }));
    }
    output::line(&format!(
        "{id} is removed from this wallet; the authority still has it."
    ))
}
