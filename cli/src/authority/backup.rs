//! The commands `vidimus authority backup`, `restore` and `reconcile`.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use vidimus_authority::{Authority, Error, ReconcileOptions, Reconciled, Restored};
use vidimus_wallet::ports::{HttpRequest, HttpTransport as _, Method, TransportError};
use vidimus_wallet::transport::{NetworkTransport, Roots};

use super::{failure, open};
use crate::args::{BackupArguments, ReconcileArguments, RestoreArguments};
use crate::failure::{Failure, Outcome};
use crate::{files, output, runtime};

/// More than any head.
const MAX_HEAD: u64 = 1_024;
/// More than any file that is fetched from a mirror: a bundle of a million licenses.
const MAX_FETCHED: usize = 4 << 20;
/// Lists that share a bundle.
const PACK: u64 = 4_096;
const TIMEOUT: Duration = Duration::from_secs(20);

/// Runs `vidimus authority backup`.
pub(super) fn make(home: &Path, asked: &BackupArguments, json: bool) -> Outcome {
    let made = open(home)?
        .backup(&asked.folder, !asked.without_keys)
        .map_err(|error| failure(&error))?;
    let folder = asked.folder.display();
    if json {
        return output::json(&json!({
            "folder": asked.folder, "epoch": made.epoch, "keys": made.keys,
        }));
    }
    let keys = if asked.without_keys {
        "The private keys are not in it: keep HOME/keys elsewhere.".to_owned()
    } else {
        format!(
            "{} private keys are in it: keep it as you keep them.",
            made.keys
        )
    };
    output::line(&format!(
        "The register up to change {} is in {folder}, checked page by page.\n\
         {keys}\n\
         Keep HOME/issued.log and HOME/public on another disk, too: they say what comes after it. Copy HOME/public/head first, then the rest of HOME/public.",
        made.epoch
    ))
}

/// Puts a backup back.
pub(super) fn restore(home: &Path, asked: &RestoreArguments, json: bool) -> Outcome {
    let issued = asked.issued.as_deref();
    let restored = vidimus_authority::restore(home, &asked.folder, issued, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({
            "epoch": restored.epoch,
            "known": restored.known,
            "set_aside": restored.set_aside,
            "keys": restored.keys,
            "keys_missing": restored.keys_missing,
        "root_missing": restored.root_missing,
            "issued_log": restored.has_issued_log,
            "published": restored.has_published,
        }));
    }
    output::line(&restored_words(home, &restored))
}

fn restored_words(home: &Path, restored: &Restored) -> String {
    let mut lines = vec![match restored.known {
        Some(known) => format!(
            "The register is back as it was at change {} of {known}.",
            restored.epoch
        ),
        None => format!(
            "The register is back as it was at change {}. How far it had come since is not known here.",
            restored.epoch
        ),
    }];
    if let Some(name) = &restored.set_aside {
        lines.push(format!("The database that was there is kept as {name}."));
    }
    if restored.keys > 0 {
        lines.push(format!("{} private keys were put back.", restored.keys));
    }
    if restored.keys_missing > 0 {
        lines.push(format!(
            "{} private keys are missing: copy them (KID.key) into HOME/keys before `reconcile`.",
            restored.keys_missing
        ));
        lines.push(if restored.root_missing {
            "The root's is one of them. Nothing can be signed without it, and no other one can be made: `reconcile` needs root.cose in HOME and the root's key in HOME/keys."
                .to_owned()
        } else {
            "Where a copy of the published trust list is there, `reconcile` makes new ones in place of those that are lost."
                .to_owned()
        });
    }
    if !restored.has_issued_log {
        lines.push(
            "There is no issued.log: to whom credentials were issued after the backup is lost. Where it was saved, copy it into HOME now."
                .to_owned(),
        );
    }
    if !restored.has_published {
        lines.push(
            "There is no folder `public`: what was decided after the backup is known only to who has a copy of it (`reconcile --published DIR` or `--head URL`)."
                .to_owned(),
        );
    }
    lines.push(format!(
        "Nothing is served before: vidimus authority --home {} reconcile",
        home.display()
    ));
    lines.join("\n")
}

/// Brings an older register up to what was published.
pub(super) fn reconcile(home: &Path, asked: &ReconcileArguments, json: bool) -> Outcome {
    if let Some(license) = &asked.refuse {
        return refuse(home, license, json);
    }
    let mut options = ReconcileOptions {
        head: None,
        published: asked.published.clone(),
        without_lists: asked.without_lists,
    };
    // Held until the end: its files are read.
    let mut fetched = None;
    match &asked.head {
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
            let mirror = tempfile::tempdir()
                .map_err(|error| Failure::not_done(format!("cannot make a folder: {error}")))?;
            options.head = Some(runtime::block_on(fetch(url, mirror.path()))?);
            options.published.push(mirror.path().to_owned());
            fetched = Some(mirror);
        }
        Some(file) => options.head = Some(files::read_up_to(Path::new(file), MAX_HEAD)?),
        None => {}
    }
    let told =
        Authority::reconcile(home, &options, runtime::moment()).map_err(|error| failure(&error))?;
    drop(fetched);
    if json {
        output::json(&told_json(&told))?;
    } else {
        output::line(&told_words(&told))?;
    }
    match &told.not_signed {
        Some(error) => Err(failure(error)),
        None => Ok(()),
    }
}

fn refuse(home: &Path, license: &str, json: bool) -> Outcome {
    let credentials = open(home)?
        .refuse_lost(license, runtime::moment())
        .map_err(|error| match error {
            Error::UnknownLicense => Failure::bad_input(
                "nothing is held for a license of this id: `license find` shows whether the register knows it",
            ),
            error => failure(&error),
        })?;
    if json {
        return output::json(&json!({ "license_id": license, "credentials": credentials }));
    }
    output::line(&format!(
        "{license} is refused from now on, on {credentials} credentials, until they end."
    ))
}

/// Fetches a head and what is published beside it into a folder; returns the head.
async fn fetch(url: &str, folder: &Path) -> Outcome<Vec<u8>> {
    let base = url
        .strip_suffix("/head")
        .ok_or_else(|| Failure::usage("the URL of a head ends with /head"))?;
    let transport = NetworkTransport::new(Roots::Public)
        .map_err(|error| Failure::not_done(format!("cannot use the network: {error}")))?;
    let head = get(&transport, url)
        .await?
        .ok_or_else(|| Failure::bad_input("there is no head at this URL"))?;
    let lists = serde_json::from_slice::<serde_json::Value>(&head)
        .ok()
        .and_then(|head| head.get("lists")?.as_u64())
        .ok_or_else(|| failure(&Error::NoHead))?;
    // Fetched first, so what lies beside it is as new.
    let path = folder.join("head");
    std::fs::write(&path, &head).map_err(|error| Failure::unwritable(&path, &error))?;
    let mut names = vec!["trust".to_owned()];
    names.extend((0..lists.div_ceil(PACK)).map(|pack| format!("s/{pack}/bundle")));
    names.extend((0..lists).map(|list| format!("s/{}/{}", list / PACK, list % PACK)));
    for name in names {
        if let Some(bytes) = get(&transport, &format!("{base}/{name}")).await? {
            let path = folder.join(&name);
            let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            made.and_then(|()| std::fs::write(&path, bytes))
                .map_err(|error| Failure::unwritable(&path, &error))?;
        }
    }
    Ok(head)
}

/// A file of a mirror; `None` where it has none.
async fn get(transport: &NetworkTransport, url: &str) -> Outcome<Option<Vec<u8>>> {
    let request = HttpRequest {
        method: Method::Get,
        url: url.to_owned(),
        // A shared cache may hold a list that is older than the head.
        headers: [
            ("accept-encoding", "identity"),
            ("cache-control", "no-cache"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: Vec::new(),
        timeout: TIMEOUT,
        max_body: MAX_FETCHED,
        elsewhere: false,
    };
    let answer = transport
        .send(request)
        .await
        .map_err(|error| Failure::not_done(format!("cannot fetch {url}: {error}")))?;
    match answer.status {
        200 if answer.is_packed() => Err(Failure::not_done(format!(
            "cannot fetch {url}: {}",
            TransportError::Encoded
        ))),
        200 => Ok(Some(answer.body)),
        404 => Ok(None),
        status => Err(Failure::not_done(format!(
            "cannot fetch {url}: the server answered {status}"
        ))),
    }
}

fn told_json(told: &Reconciled) -> serde_json::Value {
    let states = |found: &[(String, vidimus_credential::LicenseStatus)]| -> Vec<_> {
        found
            .iter()
            .map(|(license, state)| json!({ "license_id": license, "status": state.name() }))
            .collect()
    };
    let lost: Vec<_> = told
        .lost
        .iter()
        .map(|(license, until)| json!({ "license_id": license, "until": until.seconds() }))
        .collect();
    json!({
        "was_newest": told.was_newest,
        "epoch": told.epoch,
        "known": told.known,
        "lists_up_to": told.lists_up_to,
        "gap": told.gap.map(|(lists, known)| json!({ "lists_up_to": lists, "known": known })),
        "lists": told.lists,
        "lists_missing": told.lists_missing,
        "lists_old": told.lists_old,
        "mended": told.mended,
        "without_head": told.without_head,
        "without_phone": told.without_phone,
        "issued_log": told.has_issued_log,
        "damaged_lines": told.damaged_lines,
        "issued": told.issued,
        "decided": states(&told.decided),
        "lifted": states(&told.lifted),
        "devices_ended": told.devices_ended,
        "edited": told.edited,
        "lost": lost,
        "unexplained": told.unexplained,
        "keys": told.keys,
        "lists_from": told.lists_from,
        "signed": told.not_signed.is_none(),
    })
}

fn told_words(told: &Reconciled) -> String {
    let mut lines = Vec::new();
    if told.was_older {
        lines.push(format!(
            "The register had come to change {} of {}; {} published lists were newer.",
            told.epoch, told.known, told.lists
        ));
    }
    if told.mended {
        lines.push(
            "An earlier `reconcile` went on without the newest lists. Newer ones are here now, and what was decided by them is taken over."
                .to_owned(),
        );
    }
    if told.was_newest {
        lines.push(if told.lists > 0 {
            format!(
                "{} published lists are newer than those that an earlier `reconcile` used, and decide nothing else: nothing was changed.",
                told.lists
            )
        } else {
            format!(
                "The register is the newest that is known (change {}): nothing was changed.",
                told.epoch
            )
        });
    }
    if told.issued > 0 {
        lines.push(format!(
            "{} credentials that were issued after it are in the register again. Their phones show them, and cannot renew: `license offer` makes them another offer.",
            told.issued
        ));
    }
    for (license, state) in &told.decided {
        lines.push(format!(
            "{license} is {} by what was published. Reason and term are lost: decide it again.",
            state.name()
        ));
    }
    for (license, state) in &told.lifted {
        lines.push(format!(
            "{license} is {} again, as was published.",
            state.name()
        ));
    }
    for license in &told.devices_ended {
        lines.push(format!(
            "A phone of {license} was lost or replaced: it is ended."
        ));
    }
    for license in &told.edited {
        lines.push(format!(
            "{license} was edited after the backup, and that is lost: `license edit` it again."
        ));
    }
    for (license, until) in &told.lost {
        lines.push(format!(
            "{license} was registered after the backup and is not in the register: `license add` the driver again. What is published of it stays until {}; `reconcile --refuse {license}` ends that.",
            until.to_rfc3339()
        ));
    }
    if told.unexplained > 0 {
        lines.push(format!(
            "{} places of the lists are explained by nothing: readers show them as unknown for 37 days.",
            told.unexplained
        ));
    }
    if told.keys > 0 {
        lines.push(format!(
            "{} keys do again what the published trust list says of them.",
            told.keys
        ));
    }
    if told.damaged_lines > 0 {
        lines.push(format!(
            "{} lines of issued.log are damaged.",
            told.damaged_lines
        ));
    }
    if !told.has_issued_log && told.was_older {
        lines.push(
            "There is no issued.log: credentials that were issued after the backup cannot be changed until they end."
                .to_owned(),
        );
    }
    if told.lists_missing > 0 {
        lines.push(format!(
            "{} published lists are nowhere: what was decided about their drivers after the backup is lost.",
            told.lists_missing
        ));
    }
    if told.lists_old > 0 {
        lines.push(format!(
            "{} published lists are here only as they were before: what was decided about their drivers since then may be lost.",
            told.lists_old
        ));
    }
    if told.lists_up_to < told.known {
        lines.push(format!(
            "The lists say what was decided up to change {} of {}: what was decided in between may be lost, and who was revoked in it is accepted. Where a newer copy of the published files is found, `reconcile --published DIR` takes over what was decided by it, also later.",
            told.lists_up_to, told.known
        ));
    }
    if let Some((lists, known)) = told.gap {
        lines.push(format!(
            "The lists that an earlier `reconcile` used say what was decided up to change {lists} of {known}: what was decided in between may be lost. `reconcile --published DIR` takes it over from a newer copy of the published files."
        ));
    }
    if told.without_head > 0 {
        lines.push(format!(
            "{} of the folders that were given have no `head`, so it is not known how new their lists are: an earlier `reconcile` is mended only by a copy with its `head`.",
            told.without_head
        ));
    }
    if told.without_phone > 0 {
        lines.push(format!(
            "{} licenses have no phone, and are in no list: what was decided about them after the backup is lost. Decide it again.",
            told.without_phone
        ));
    }
    if !told.was_older {
        return lines.join("\n");
    }
    lines.push(format!(
        "Open offers are void. New credentials are in lists from {} on.",
        told.lists_from
    ));
    lines.join("\n")
}
