//! `vidimus authority serve --demo`: a register of made-up drivers, to look around in.
//!
//! The folder of a demonstration has a mark. A folder without it is never filled: what a real
//! authority holds stays alone.

mod people;

use std::path::{Path, PathBuf};

use vidimus_authority::application_form;
use vidimus_authority::{Authority, Decision, InitOptions, NewEntry, ReviewKind};
use vidimus_credential::{LicenseStatus, UnixTime};

use super::{failure, open};
use crate::failure::{Failure, Outcome};
use crate::runtime;
use people::{DRIVERS, made_up, number};

/// The file that marks the folder of a demonstration.
const MARK: &str = "demonstration";
/// Seconds of a day.
const DAY: u64 = 86_400;

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
