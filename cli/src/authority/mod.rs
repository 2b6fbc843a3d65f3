//! `vidimus authority`: a clerk's commands, and the server.

mod account;
mod audit;
mod backup;
mod client;
mod clock;
mod decide;
mod demo;
mod device;
mod keys;
mod license;
mod proposal;
mod reader;
mod register;
mod retention;
mod review;
mod status;
mod user;

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use vidimus_authority::{
    Authority, Error, InitOptions, OfficeListener, Retention, ServeOptions, TlsFiles,
};

use crate::args::{
    Accounts, AuditAction, AuthorityAction, AuthorityArguments, Command, DeviceAction,
    LicenseAction, OfficeArguments, ServeArguments, StatusAction,
};
use crate::failure::{Failure, Outcome};
use crate::{output, runtime, wallet};
use register::Place;

/// Whether a command is the server, which runs for days without anybody who watches it.
pub(crate) fn serves(command: &Command) -> bool {
    matches!(command, Command::Authority(asked) if matches!(asked.action, AuthorityAction::Serve(_)))
}

/// Runs one command of an authority.
pub(crate) fn run(asked: AuthorityArguments, json: bool) -> Outcome {
    let place = Place::of(asked.home, asked.server)?;
    // A demonstration without a folder makes one, which ends with it.
    let mut folder = None;
    let place = match (place, &asked.action) {
        (Place::Nowhere, AuthorityAction::Serve(ServeArguments { demo: true, .. })) => {
            let (home, made) = demo::folder()?;
            folder = Some(made);
            Place::Home(home)
        }
        (place, _) => place,
    };
    let done = command(place, asked.action, json);
    drop(folder);
    done
}

fn command(place: Place, action: AuthorityAction, json: bool) -> Outcome {
    match action {
        AuthorityAction::Letter { license } => account::letter(&place, &license, json),
        AuthorityAction::License(action) => licenses(&place, action, json),
        AuthorityAction::Device(DeviceAction::List { license }) => {
            device::list(&place, &license, json)
        }
        AuthorityAction::Device(DeviceAction::End { device, reason }) => {
            device::end(&place, device, reason, json)
        }
        AuthorityAction::Status(StatusAction::Set(asked)) => status::set(&place, asked, json),
        AuthorityAction::Settings { devices, retention } => {
            settings(&place, devices, retention, json)
        }
        AuthorityAction::Reader(action) => reader::run(&place, &action, json),
        AuthorityAction::Review(action) => review::run(&place, &action, json),
        AuthorityAction::Client(action) => client::run(&place, &action, json),
        AuthorityAction::User(action) => user::run(&place, action, json),
        AuthorityAction::Proposal(action) => proposal::run(&place, &action, json),
        AuthorityAction::Audit(AuditAction::Export { from }) => audit::export(&place, from),
        AuthorityAction::Audit(AuditAction::Verify { file, key }) => {
            audit::verify(place.folder(), &file, key, json)
        }
        AuthorityAction::Audit(AuditAction::Key) => audit::key(&place.home()?, json),
        AuthorityAction::Code { key } => account::code(&key.concat(), json),
        AuthorityAction::Init {
            issuer,
            country,
            name,
            utc_offset,
            retention,
        } => init(
            &place.home()?,
            InitOptions {
                issuer,
                country,
                name,
                utc_offset,
                retention: retention.unwrap_or_default(),
            },
            json,
        ),
        AuthorityAction::Serve(asked) => {
            let home = place.home()?;
            if asked.demo {
                demo::prepare(&home)?;
            }
            runtime::block_on(serve(home, asked, json))
        }
        AuthorityAction::Link(action) => account::link(&place.home()?, &action, json),
        AuthorityAction::Decide { file, by } => decide::decide(&place.home()?, &file, &by, json),
        AuthorityAction::Forget { dry_run } => retention::forget(&place.home()?, dry_run, json),
        AuthorityAction::Publish => keys::publish(&place.home()?, json),
        AuthorityAction::RotateKeys(asked) => keys::rotate(&place.home()?, asked, json),
        AuthorityAction::Clock(action) => clock::run(&place.home()?, &action, json),
        AuthorityAction::Backup(asked) => backup::make(&place.home()?, &asked, json),
        AuthorityAction::Restore(asked) => backup::restore(&place.home()?, &asked, json),
        AuthorityAction::Reconcile(asked) => backup::reconcile(&place.home()?, &asked, json),
    }
}

fn licenses(place: &Place, action: LicenseAction, json: bool) -> Outcome {
    match action {
        LicenseAction::Add(asked) => license::add(place, &asked, json),
        LicenseAction::Offer(asked) => license::offer(place, &asked, json),
        LicenseAction::Find { license } => license::find(place, &license, json),
        LicenseAction::Edit(asked) => license::edit(place, &asked, json),
        LicenseAction::List { after, limit } => license::list(place, after.as_deref(), limit, json),
        LicenseAction::End { license, reason } => license::end(place, &license, reason, json),
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
    // Both have a folder `keys`, and each would take the other's for its own.
    if wallet::vault_folder(home).exists() {
        return Err(Failure::not_done(
            "this folder holds a wallet: choose another --home for the authority",
        ));
    }
    vidimus_authority::init(home, options, runtime::moment()).map_err(|error| failure(&error))?;
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

async fn serve(home: PathBuf, asked: ServeArguments, json: bool) -> Outcome {
    let (listen, demo) = (asked.listen, asked.demo);
    let mut options = ServeOptions {
        sign_in: asked.accounts == Accounts::Builtin,
        oidc: account::provider(asked.oidc)?,
        ..ServeOptions::default()
    };
    let mut office = asked.office;
    if demo {
        options.sign_in = true;
        options.deferral_interval = demo::INTERVAL;
        office.office = office.office.or(Some(demo::OFFICE));
    }
    // Opened first: a folder without an authority is a plainer fault than a port that is taken.
    let authority = open(&home)?;
    let office = office_of(&office)?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| Failure::not_done(format!("cannot listen on {listen}: {error}")))?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::not_done(format!("cannot listen on {listen}: {error}")))?;
    let issuer = authority
        .fix_issuer(address, runtime::moment())
        .map_err(|error| failure(&error))?;
    if demo {
        demo::fill(&authority)?;
    }
    let stop = stop_signal()?;
    if vidimus_authority::served_in_plain(&issuer, address) {
        output::note(&format!(
            "vidimus: {issuer} is served here as plain http on {address}, which strangers may reach: \
             end TLS in a proxy before it, and listen on an address that only the proxy reaches"
        ));
    }
    let at = office.as_ref().map(OfficeListener::url);
    if json {
        let listen = address.to_string();
        output::json(&json!({ "issuer": issuer, "listen": listen, "office": at }))?;
    } else {
        if let (true, Some(at)) = (demo, &at) {
            demo::guide(&home, &authority, &issuer, at)?;
        }
        let office = at.map(|at| format!(", the office at {at}"));
        output::line(&format!(
            "Serving {issuer} on {address}{}; Ctrl-C stops.",
            office.unwrap_or_default()
        ))?;
    }
    let options = ServeOptions { office, ..options };
    vidimus_authority::serve_with(&home, listener, options, stop)
        .await
        .map_err(|error| failure(&error))
}

/// The office's listener, where one is asked for.
fn office_of(asked: &OfficeArguments) -> Outcome<Option<OfficeListener>> {
    let Some(address) = asked.office else {
        return Ok(None);
    };
    let tls = match (&asked.tls_cert, &asked.tls_key) {
        (Some(certificate), Some(key)) => Some(TlsFiles {
            certificate: certificate.clone(),
            key: key.clone(),
            client_authorities: asked.client_ca.clone(),
        }),
        _ => None,
    };
    OfficeListener::bind(address, tls.as_ref(), &asked.office_name)
        .map(Some)
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

fn settings(
    place: &Place,
    devices: Option<u8>,
    retention: Option<Retention>,
    json: bool,
) -> Outcome {
    let settings = place.open()?.settings(devices, retention)?;
    if json {
        return output::json(&in_order(&settings)?);
    }
    output::line(&format!(
        "Up to {} phones may hold a license.\n{}",
        settings.devices,
        retention::words(settings.retention_days)
    ))
}

/// As JSON, with the fields in the order of their names.
fn in_order<T: Serialize + ?Sized>(value: &T) -> Outcome<Value> {
    serde_json::to_value(value)
        .map_err(|error| Failure::not_done(format!("cannot write JSON: {error}")))
}

fn open(home: &Path) -> Outcome<Authority> {
    Authority::open(home).map_err(|error| failure(&error))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_command_takes_all_clocks_and_none_the_wall_clock_alone() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/authority");
        let alone = concat!("runtime::", "now");
        let register = concat!(env!("CARGO_MANIFEST_DIR"), "/src/authority/register");
        let files = [folder, register].map(|folder| std::fs::read_dir(folder).unwrap());
        for file in files.into_iter().flatten() {
            let path = file.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            assert!(!source.contains(alone), "{}", path.display());
        }
    }
}
