//! `vidimus wallet`: the driver's commands.

mod activity;
pub(crate) mod show;
#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vidimus_credential::meaning::Standing;
use vidimus_credential::{Error as CredentialError, UnixTime};
use vidimus_wallet::error::StorageError;
use vidimus_wallet::issuance::OAuthError;
use vidimus_wallet::keys::FileKeyStore;
use vidimus_wallet::ports::{Random, SystemClock, SystemRandom};
use vidimus_wallet::refresh::{Change, Refresh, Subject};
use vidimus_wallet::transport::{NetworkTransport, Roots};
use vidimus_wallet::{CancelToken, Config, Error, HeldLicense, Ports, Wallet};

use crate::args::{WalletAction, WalletArguments};
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::{output, report, runtime, verify};

/// Time for all requests of one refresh.
const BUDGET: Duration = Duration::from_secs(60);

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
            WalletAction::List => list(&home, json).await,
            WalletAction::Show(asked) => show::run(&home, asked, json).await,
            WalletAction::Refresh { force } => refresh(&home, force, json).await,
            WalletAction::Status => activity::status(&home, json).await,
            WalletAction::Log => activity::log(&home, json).await,
            WalletAction::Remove { license } => remove(&home, license, json).await,
        }
    })
}

/// Where the library keeps the vault of a home; the keys stand beside it, never in it.
pub(crate) fn vault_folder(home: &Path) -> PathBuf {
    home.join("vault")
}

/// Where a wallet's keys stand in its home.
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

/// The library's words with what to do, and the exit code that fits them.
pub(crate) fn failure(error: &Error) -> Failure {
    use vidimus_wallet::ports::{KeyStoreError, TransportError};
    let advice = match error {
        Error::AlreadyExists => "choose another --home",
        Error::OtherDevice => {
            "its keys are not in the folder `keys` of this --home: ask the authority for a new offer"
        }
        Error::KeyStore(KeyStoreError::Refused) => {
            "others may read the folder `keys` of this --home: if no one has, `chmod -R go= DIR/keys`; if someone has, ask the authority to end this copy"
        }
        Error::KeyStore(KeyStoreError::Io) | Error::Storage(StorageError::CannotOpen) => {
            "see that --home is a folder that you may write to"
        }
        Error::Storage(StorageError::Permission) => {
            "see that the files of --home are yours, and that you may enter each folder above it"
        }
        Error::Storage(StorageError::OpenToOthers) => {
            "if no one has changed them, their owner may set them right: `chmod -R go-w`"
        }
        Error::Storage(StorageError::TooManyFiles) => {
            "raise the limit (`ulimit -n`), or end other programs"
        }
        Error::Storage(StorageError::Lock) => {
            "see that --home is on a disk whose files can be locked"
        }
        Error::Storage(StorageError::FileTooLarge) => "raise the limit (`ulimit -f`)",
        Error::Storage(StorageError::Memory) => {
            "raise the limit (`ulimit -v`), or end other programs"
        }
        Error::Storage(StorageError::ReadOnly) => {
            "what is in this wallet can be shown, and nothing new can be kept"
        }
        Error::Storage(StorageError::Io) => "try again; what was stored before is safe",
        Error::VaultDamaged { .. } | Error::KeyInvalidated => {
            "keep this folder as it is, and make a new wallet in another --home"
        }
        Error::HadWallet => {
            "`vidimus wallet --home DIR init --root FILE --authority URL` makes one; then ask the authority for a new offer"
        }
        Error::Credential(CredentialError::UnknownKey) => {
            "is this offer of the authority whose root.cose the wallet was made with?"
        }
        Error::NoWallet => {
            "make one with `vidimus wallet --home DIR init --root FILE --authority URL`"
        }
        Error::NoSuchLicense => "`vidimus wallet list` shows their ids",
        Error::OfferMalformed => {
            "copy the whole text that begins with openid-credential-offer://; a web address alone is read at the wallet's own authority"
        }
        Error::IssuerUnknown => {
            "`wallet status` names the authority of this wallet; no code was sent"
        }
        Error::Busy { .. } => "the offer is not used up",
        Error::Server { .. } => "the offer is not used up; try again later, or ask the authority",
        Error::AuthorityAddress => "write it as https://host or http://127.0.0.1:port",
        Error::TxCodeRequired => "add --tx-code with the code that the authority gave beside it",
        Error::Transport(TransportError::InsecureUrl) => {
            "use https; http is for this machine alone"
        }
        Error::Transport(TransportError::RedirectToHttps) => {
            "make the wallet with the https address that the server redirects to"
        }
        Error::Transport(TransportError::ThisDevice) => {
            "only a wallet whose --authority is on this machine asks it"
        }
        Error::Transport(TransportError::BadUrl) => {
            "write it as https://host or http://127.0.0.1:port"
        }
        Error::Transport(TransportError::Unreachable) => {
            "check that the authority runs and the network is there"
        }
        Error::Refused(OAuthError::InvalidGrant) => {
            "check the code; five wrong ones end an offer, and an offer is good once"
        }
        Error::Refused(OAuthError::InvalidProof) => {
            "is this machine's date right? The same offer goes on once it is"
        }
        Error::Refused(OAuthError::InvalidNonce | OAuthError::InvalidToken) => {
            "try the same offer again; where that is refused, too, ask the authority for a new one"
        }
        Error::Refused(_) => "ask the authority why; the offer may still be good",
        _ => "",
    };
    let words = if advice.is_empty() {
        error.to_string()
    } else {
        format!("{error}; {advice}")
    };
    match error {
        Error::TxCodeRequired => Failure::usage(words),
        Error::NoSuchLicense
        | Error::OfferMalformed
        | Error::OfferUnsupported
        | Error::TxCodeMalformed
        | Error::AuthorityAddress
        | Error::Transport(TransportError::InsecureUrl | TransportError::BadUrl) => {
            Failure::bad_input(words)
        }
        _ => Failure::not_done(words),
    }
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

/// Whether something stands there. A folder that may not be entered is no folder without a wallet.
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
                "this wallet holds no license yet; take one up with `enroll OFFER`"
            }))
        }
        (Some(_), false) => Err(Failure::usage(
            "this wallet holds several licenses; name one as `list` prints it",
        )),
    }
}

async fn init(home: &Path, root: &Path, authority: String, json: bool) -> Outcome {
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
         Next: vidimus wallet --home {} enroll OFFER --tx-code CODE",
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
        .map_err(|error| failure(&error))?;
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
    let now = latest(&wallet)?;
    if json {
        let listed: Vec<_> = held
            .iter()
            .map(|held| listed_json(held, rolled_back, now))
            .collect();
        output::json(&listed)?;
    } else if held.is_empty() && !misses {
        output::line("No licenses yet: vidimus wallet enroll OFFER")?;
    } else if !held.is_empty() {
        let mut blocks: Vec<_> = held.iter().map(|held| license_words(held, now)).collect();
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

async fn refresh(home: &Path, force: bool, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let what = if force { Refresh::Now } else { Refresh::Due };
    let done = wallet
        .refresh(what, BUDGET, &CancelToken::new())
        .await
        .map_err(|error| failure(&error))?;
    let now = runtime::now();
    let next = now.saturating_add(done.next_in.as_secs());
    if json {
        let failures: Vec<_> = done
            .failures
            .iter()
            .map(|failed| json!({ "subject": subject(&failed.subject), "error": failed.error.to_string() }))
            .collect();
        output::json(&json!({
            "changed": done.changed.iter().map(change_json).collect::<Vec<_>>(),
            "failures": failures,
            "requests": done.requests,
            "next": next.seconds(),
        }))?;
    } else {
        let mut lines: Vec<_> = done.changed.iter().map(change_words).collect();
        if lines.is_empty() && done.failures.is_empty() {
            lines.push(
                if done.requests == 0 {
                    "Nothing was due."
                } else {
                    "Nothing is new."
                }
                .to_owned(),
            );
        }
        let wait = report::duration_words(done.next_in.as_secs());
        let requests = match done.requests {
            1 => "1 request".to_owned(),
            many => format!("{many} requests"),
        };
        lines.push(format!("{requests}; the next is due in {wait}."));
        output::line(&lines.join("\n"))?;
    }
    let mut failed = done.failures.iter().map(|failed| {
        let subject = subject(&failed.subject);
        format!(
            "{subject} was not refreshed: {}",
            not_refreshed(&failed.error)
        )
    });
    let Some(first) = failed.next() else {
        return Ok(());
    };
    if !json {
        failed.for_each(|words| output::note(&words));
    }
    Err(Failure::not_done(first))
}

/// Why something was not refreshed, and what to do. No offer and no code is at stake here.
fn not_refreshed(error: &Error) -> String {
    let advice = match error {
        Error::Busy { .. } | Error::Server { .. } => {
            "what is here can be shown; the next refresh asks again"
        }
        Error::Refused(OAuthError::InvalidGrant) => {
            "this copy is not renewed any more: the license was given to another phone, or it has ended; ask the authority"
        }
        _ => return failure(error).to_string(),
    };
    format!("{error}; {advice}")
}

fn change_json(change: &Change) -> Value {
    match change {
        Change::TrustList => json!({ "what": "trust_list" }),
        Change::Status { license, from, to } => {
            json!({ "what": "status", "id": license.as_str(), "from": from.name(), "to": to.name() })
        }
        Change::Renewed { license } => json!({ "what": "license", "id": license.as_str() }),
    }
}

fn change_words(change: &Change) -> String {
    match change {
        Change::TrustList => "A newer trust list.".to_owned(),
        Change::Status { license, from, to } if from == to => {
            format!("A newer status of {license}: still {}.", to.name())
        }
        Change::Status { license, from, to } => format!(
            "A newer status of {license}: {} became {}.",
            from.name(),
            to.name()
        ),
        Change::Renewed { license } => format!("{license} was renewed."),
    }
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::TrustList => "the trust list".to_owned(),
        Subject::Status(license) => format!("the status of {license}"),
        Subject::Renewal(license) => format!("the license {license}"),
    }
}

async fn remove(home: &Path, license: Option<String>, json: bool) -> Outcome {
    let wallet = open(home).await?;
    let id = pick(&wallet, license)?.id;
    wallet.remove(&id).await.map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "removed": id.as_str() }));
    }
    output::line(&format!(
        "{id} is removed from this wallet; the authority still has it."
    ))
}
