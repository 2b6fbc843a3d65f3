//! `vidimus authority rotate-keys` and `publish`.

use std::path::Path;

use serde_json::json;
use vidimus_authority::{Rotated, Rotation};

use super::{failure, open};
use crate::args::RotateKeysArguments;
use crate::failure::Outcome;
use crate::{output, runtime};

/// Runs `vidimus authority rotate-keys`.
pub(super) fn rotate(home: &Path, asked: RotateKeysArguments, json: bool) -> Outcome {
    let names: Vec<_> = asked.compromised.iter().map(|use_| use_.name()).collect();
    let dropped = names.join(" and ");
    let rotation = Rotation {
        at_once: asked.now,
        compromised: asked.compromised,
        next_is_safe: asked.next_is_safe,
    };
    let rotated = open(home)?
        .rotate_keys(&rotation, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&json!({ "rotated": rotated == Rotated::Anew }));
    }
    if rotated == Rotated::Finished {
        return output::line(
            "An earlier rotation was stored, and its publication had failed: everything is signed and published now. Nothing was rotated again.",
        );
    }
    if dropped.is_empty() {
        return output::line(
            "The next credential and status keys are in force; the trust list names the old ones for what they signed, and new next ones.",
        );
    }
    output::line(&format!(
        "The {dropped} key is dropped: nothing that it signed counts for who has the new trust list. Give that list to readers now; wallets fetch it by themselves."
    ))
}

/// Runs `vidimus authority publish`.
pub(super) fn publish(home: &Path, json: bool) -> Outcome {
    let authority = open(home)?;
    authority
        .publish(runtime::moment())
        .map_err(|error| failure(&error))?;
    super::clock::note_waits(&authority)?;
    if json {
        return output::json(&json!({ "published": true }));
    }
    output::line("Trust list, status lists and bundles are signed from the register of now.")
}
