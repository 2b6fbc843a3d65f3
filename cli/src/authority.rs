//! `vidimus authority`: a clerk's commands, and the server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use vidimus_authority::{AddedLicense, Authority, Error, InitOptions, MAX_PORTRAIT, driver};
use vidimus_credential::LicenseStatus;

use crate::args::{AuthorityAction, AuthorityArguments, LicenseAction, StatusAction};
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::terminal::{self, Canvas, Drawing, Inline, Window};
use crate::{files, output, report, runtime};

/// More than any license's JSON needs.
const MAX_DRIVER: u64 = 256 * 1024;

/// Lines printed beside an offer's QR.
const WORDS: u16 = 8;

/// Runs one command of an authority.
pub(crate) fn run(asked: AuthorityArguments, json: bool) -> Outcome {
    let home = asked
        .home
        .ok_or_else(|| Failure::usage("--home DIR is missing: the folder of the authority"))?;
    match asked.action {
        AuthorityAction::Init {
            issuer,
            country,
            name,
        } => init(
            &home,
            InitOptions {
                issuer,
                country,
                name,
            },
            json,
        ),
        AuthorityAction::Serve { listen } => runtime::block_on(serve(home, listen, json)),
        AuthorityAction::License(LicenseAction::Add { file, portrait }) => {
            add(&home, &file, &portrait, json)
        }
        AuthorityAction::License(LicenseAction::List) => list(&home, json),
        AuthorityAction::Status(StatusAction::Set { license_id, state }) => {
            set_status(&home, &license_id, state, json)
        }
        AuthorityAction::RotateKeys => rotate_keys(&home, json),
    }
}

/// The library's words, with the exit code that fits them.
pub(crate) fn failure(error: &Error) -> Failure {
    if error.is_bad_input() {
        Failure::bad_input(error)
    } else {
        Failure::not_done(error)
    }
}

fn init(home: &Path, options: InitOptions, json: bool) -> Outcome {
    vidimus_authority::init(home, options, runtime::now()).map_err(|error| failure(&error))?;
    let root = home.join("root.cose");
    let issuer = open(home)?.issuer().map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "home": home, "root": root, "issuer": issuer }));
    }
    output::line(&format!(
        "A licensing authority is ready in {}.\n\
         {} is the root's public key: give it to wallets and readers.\n\
         Next: vidimus authority --home {} serve",
        home.display(),
        root.display(),
        home.display()
    ))
}

async fn serve(home: PathBuf, listen: SocketAddr, json: bool) -> Outcome {
    // Opened first: a folder without an authority is a plainer fault than a port that is taken.
    let authority = open(&home)?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| Failure::not_done(format!("cannot listen on {listen}: {error}")))?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::not_done(format!("cannot listen on {listen}: {error}")))?;
    let issuer = authority
        .fix_issuer(address, runtime::now())
        .map_err(|error| failure(&error))?;
    let stop = stop_signal()?;
    if vidimus_authority::served_in_plain(&issuer, address) {
        output::note(&format!(
            "vidimus: {issuer} is served here as plain http on {address}, which strangers may reach: \
             end TLS in a proxy before it, and listen on an address that only the proxy reaches"
        ));
    }
    if json {
        output::json(&json!({ "issuer": issuer, "listen": address.to_string() }))?;
    } else {
        output::line(&format!("Serving {issuer} on {address}; Ctrl-C stops."))?;
    }
    vidimus_authority::serve(&home, listener, stop)
        .await
        .map_err(|error| failure(&error))
}

/// Ends on Ctrl-C and on a polite kill.
fn stop_signal() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    let refused = |error| Failure::not_done(format!("cannot wait for signals: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(refused)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(refused)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn add(home: &Path, file: &Path, portrait: &Path, json: bool) -> Outcome {
    let license = files::read_up_to(file, MAX_DRIVER)?;
    let limit = u64::try_from(MAX_PORTRAIT).unwrap_or(u64::MAX);
    let portrait = files::read_up_to(portrait, limit)?;
    let license = driver::parse(&license).map_err(|error| failure(&Error::from(error)))?;
    let added = open(home)?
        .add_license(&license, &portrait, runtime::now())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({
            "license_id": added.license_id,
            "offer": added.offer,
            "offer_by_reference": added.offer_by_reference,
            "tx_code": added.tx_code,
        }));
    }
    print_offer(&added)
}

fn print_offer(added: &AddedLicense) -> Outcome {
    let style = Style::detect();
    if let Some(canvas) = Canvas::of_link(&added.offer_by_reference) {
        let drawing = Drawing::choose(&canvas, Window::measure(), WORDS, terminal::probe);
        if drawing != Drawing::File {
            Inline::new(drawing).draw(&canvas)?;
        }
    }
    output::line(&format!(
        "License  {}\n\
         Code     {}   give it to the driver by another way than the offer\n\
         Offer    {}\n\
         Or       {}\n\
         The driver: vidimus wallet --home DIR enroll OFFER --tx-code {}",
        added.license_id,
        style.bold(&added.tx_code),
        added.offer_by_reference,
        added.offer,
        added.tx_code
    ))
}

fn list(home: &Path, json: bool) -> Outcome {
    let rows = open(home)?.licenses().map_err(|error| failure(&error))?;
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({
                    "license_id": row.id,
                    "license": report::license_json(&row.license),
                    "status": row.status.name(),
                    "added_at": row.added_at.seconds(),
                })
            })
            .collect();
        return output::json(&rows);
    }
    if rows.is_empty() {
        return output::line("No licenses yet: vidimus authority license add");
    }
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let license = &row.license;
            format!(
                "{}  {:<12}  {}  {} {}",
                row.id,
                row.status.name(),
                license.license_number(),
                license.given_names(),
                license.family_name()
            )
        })
        .collect();
    output::line(&lines.join("\n"))
}

fn set_status(home: &Path, id: &str, state: LicenseStatus, json: bool) -> Outcome {
    open(home)?
        .set_status(id, state, runtime::now())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "license_id": id, "status": state.name() }));
    }
    output::line(&format!(
        "{id} is {} from now on; the status list and the bundle are signed.",
        state.name()
    ))
}

fn rotate_keys(home: &Path, json: bool) -> Outcome {
    open(home)?
        .rotate_keys(runtime::now())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "rotated": true }));
    }
    output::line(
        "New credential and status keys are in force; the trust list names old and new ones.",
    )
}

fn open(home: &Path) -> Outcome<Authority> {
    Authority::open(home).map_err(|error| failure(&error))
}
