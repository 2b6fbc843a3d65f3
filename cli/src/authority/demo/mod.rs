//! `vidimus authority serve --demo`: a register of made-up drivers, to look around in.
//!
//! The folder of a demonstration has a mark. A folder without it is never filled: what a real
//! authority holds stays alone.

mod people;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use vidimus_authority::application_form;
use vidimus_authority::{
    Authority, Decision, InitOptions, LicenseStage, NewEntry, ReviewKind, Role, Roles,
};
use vidimus_credential::{LicenseStatus, UnixTime};

use super::{failure, open};
use crate::failure::{Failure, Outcome};
use crate::output::Style;
use crate::{output, runtime};
use people::{DRIVERS, made_up, number};

/// The file that marks the folder of a demonstration.
const MARK: &str = "demonstration";
/// Seconds of a day.
const DAY: u64 = 86_400;
/// After how many seconds a wallet asks again for a license that waits for a clerk: few, for
/// somebody looks on.
pub(super) const INTERVAL: u32 = 10;
/// Where the office of a demonstration listens unless another address is named.
pub(super) const OFFICE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8090);

/// Who works in the office of the demonstration.
const USERS: [(&str, &[Role], &str); 2] = [
    (
        "demo",
        &[
            Role::Clerk,
            Role::Officer,
            Role::Judge,
            Role::Chief,
            Role::Auditor,
        ],
        "may do everything, but revoke alone",
    ),
    (
        "second",
        &[Role::Chief],
        "approves a revocation that demo proposes",
    ),
];

/// Drivers who are named to the visitor, and what is to be seen with them.
const INVITED: [(usize, &str); 2] = [
    (0, "gets the license at once"),
    (7, "waits until a clerk has looked at the photo"),
];

/// Makes the authority of a demonstration where the folder is empty.
pub(super) fn prepare(home: &Path) -> Outcome {
    let mark = home.join(MARK);
    if mark.exists() {
        // A start that died before `init` ended is made good.
        if open(home).is_ok() {
            return Ok(());
        }
    } else if home.exists() && std::fs::read_dir(home).is_ok_and(|mut found| found.next().is_some())
    {
        return Err(Failure::not_done(format!(
            "{} is not the folder of a demonstration: choose another --home, or an empty folder",
            home.display()
        )));
    }
    let failed = |error| Failure::not_done(format!("cannot write to {}: {error}", home.display()));
    std::fs::create_dir_all(home).map_err(failed)?;
    std::fs::write(&mark, "Made-up drivers. Nothing in this folder is real.\n").map_err(failed)?;
    let options = InitOptions {
        name: Some("Demonstration Authority".to_owned()),
        ..InitOptions::default()
    };
    vidimus_authority::init(home, options, runtime::moment()).map_err(|error| failure(&error))
}

/// Registers the drivers and makes decisions about some of them, unless that was done before. The
/// issuer must be fixed.
pub(super) fn fill(authority: &Authority) -> Outcome {
    let now = runtime::moment();
    let page = authority.licenses(None, 1, now);
    if page.map_err(|error| failure(&error))?.is_empty() {
        register_drivers(authority)?;
    }
    let decisions: Vec<Decision> = (0..DRIVERS)
        .filter_map(|driver| decision(driver, now.wall()))
        .collect();
    // All were made in one step, so one of them tells whether they were.
    let Some(first) = decisions.first() else {
        return Ok(());
    };
    let found = authority.find_license(&first.license, now);
    let found = found.map_err(|error| failure(&error))?;
    if found.decisions.iter().any(|made| made.event == first.event) {
        return Ok(());
    }
    let made = authority.decide(&decisions, "demonstration", now);
    made.map(drop).map_err(|error| failure(&error))
}

fn register_drivers(authority: &Authority) -> Outcome {
    let now = runtime::moment();
    let desk = authority.desk(now).map_err(|error| failure(&error))?;
    let today = now.wall().day();
    let mut entries = Vec::with_capacity(DRIVERS);
    for driver in (0..DRIVERS).filter_map(|driver| made_up(driver, today)) {
        let form = driver.form.to_string();
        let read = application_form::from_clerk(form.as_bytes(), &desk)
            .map_err(|error| failure(&error.into()))?;
        entries.push((read.license, driver.portrait));
    }
    let entries: Vec<NewEntry<'_>> = entries
        .iter()
        .zip(0..)
        .map(|((license, portrait), driver)| NewEntry {
            license,
            portrait,
            review: review(driver),
        })
        .collect();
    let added = authority.add_licenses(&entries, now);
    added.map(drop).map_err(|error| failure(&error))
}

/// What a clerk has to look at before a phone gets the license of this driver: for one in fifty
/// the photo, for one in a hundred the papers.
const fn review(driver: usize) -> Option<ReviewKind> {
    match driver % 100 {
        7 | 57 => Some(ReviewKind::Photo),
        83 => Some(ReviewKind::Papers),
        _ => None,
    }
}

/// What was decided about this driver: nothing for most.
fn decision(driver: usize, now: UnixTime) -> Option<Decision> {
    let in_days = |days: u64| Some(now.saturating_add(days * DAY));
    let (state, reason, until) = match driver % 40 {
        3 => (
            LicenseStatus::Suspended,
            "excess speed on a school street",
            in_days(60),
        ),
        11 => (LicenseStatus::PointsLimit, "12 points in 12 months", None),
        19 => (LicenseStatus::Unresolved, "a fine is not paid", None),
        27 => (
            LicenseStatus::Lapsed,
            "the medical certificate has run out",
            None,
        ),
        35 if driver < 200 => (
            LicenseStatus::Revoked,
            "driving under the influence, second time",
            in_days(365),
        ),
        _ => return None,
    };
    Some(Decision {
        event: format!("demonstration-{driver}"),
        license: number(driver),
        state,
        reason: Some(reason.to_owned()),
        from: None,
        until,
        lifts: None,
    })
}

/// Tells the visitor where to look, and the secrets of this demonstration.
///
/// # Errors
/// Why letters and users cannot be made.
pub(super) fn guide(home: &Path, authority: &Authority, issuer: &str, office: &str) -> Outcome {
    let (now, style) = (runtime::moment(), Style::detect());
    let told = |error| failure(&error);
    let mut text = format!(
        "{DRIVERS} made-up drivers are in {}; nothing here is real.\n\n\
         {}  in a second terminal:\n  \
         vidimus wallet --home phone init --root {} --authority {issuer}\n  \
         vidimus wallet --home phone apply\n",
        home.display(),
        style.bold("A driver applies"),
        home.join("root.cose").display(),
    );
    for (driver, what) in INVITED {
        let number = number(driver);
        let letter = authority.make_letter(&number, now).map_err(told)?;
        let found = authority.find_license(&number, now).map_err(told)?;
        let name = match &found.row.stage {
            LicenseStage::Live(license) => {
                format!("{} {}", license.given_names(), license.family_name())
            }
            _ => String::new(),
        };
        let code = style.bold(&letter.code);
        text.push_str(&format!("  {number}   letter {code}   {name} {what}\n"));
    }
    text.push_str(&format!(
        "\n{}  {office}/set-up\n",
        style.bold("The office")
    ));
    let users = authority.users().map_err(told)?;
    for (name, roles, what) in USERS {
        let user = match users.iter().find(|user| user.name == name) {
            Some(user) => user.clone(),
            None => authority
                .add_user(name, Roles::of(roles), now)
                .map_err(told)?,
        };
        if user.can_sign_in {
            text.push_str(&format!("  {name:<7} was set up before; {what}\n"));
            continue;
        }
        let code = authority.allow_set_up(name, now).map_err(told)?.code;
        text.push_str(&format!(
            "  {name:<7} code {}   {what}\n",
            style.bold(&code)
        ));
    }
    text.push_str(
        "\nWithout an authenticator app: vidimus authority code KEY, with the key that the page \
         shows\n",
    );
    output::line(&text)
}

/// Where a demonstration without `--home` keeps its folder.
pub(super) fn folder() -> Outcome<(PathBuf, tempfile::TempDir)> {
    let folder = tempfile::Builder::new()
        .prefix("vidimus-demonstration-")
        .tempdir()
        .map_err(|error| Failure::not_done(format!("cannot make a folder: {error}")))?;
    Ok((folder.path().join("authority"), folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_hundred_drivers_are_registered_once_and_some_may_not_drive() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("authority");
        let now = runtime::moment();
        for _ in 0..2 {
            prepare(&home).unwrap();
            let authority = open(&home).unwrap();
            authority
                .fix_issuer("127.0.0.1:8080".parse().unwrap(), now)
                .unwrap();
            fill(&authority).unwrap();
            let rows = authority.licenses(None, 1_000, now).unwrap();
            assert_eq!(rows.len(), DRIVERS);
            let found = authority.find_license(&number(3), now).unwrap();
            assert_eq!(found.decisions.len(), 1);
        }
    }

    #[test]
    fn a_folder_that_is_no_demonstration_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        vidimus_authority::init(folder.path(), InitOptions::default(), runtime::moment()).unwrap();
        let error = prepare(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("not the folder of a demonstration"),
            "{error}"
        );
        assert!(!folder.path().join(MARK).exists());
    }
}
