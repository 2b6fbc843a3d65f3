//! The activity log's chain: each sealed entry holds the number and hash of the entry before it,
//! and the manifest those of the newest. So appending and opening read one entry, however long the
//! log is.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::View;
use super::manifest::LogHead;
use super::seal::Place;
use crate::error::{Damage, Error};
use crate::ports::Random;
use crate::vault::activity_log::{Activity, ActivityEntry};

/// Seals an entry, appends it, and returns the new head.
pub(super) fn append(
    view: &View<'_>,
    entry: &ActivityEntry,
    random: &dyn Random,
) -> Result<LogHead, Error> {
    let before = view.manifest.log;
    let mut plain = Zeroizing::new(Vec::with_capacity(256));
    plain.extend_from_slice(&before.sequence.to_be_bytes());
    plain.extend_from_slice(&before.hash);
    plain.extend_from_slice(&entry.encode());
    // Its number is also above those of foreign entries, which are kept.
    let sequence = view
        .database
        .last_activity()?
        .max(before.sequence)
        .checked_add(1)
        .ok_or(Error::VaultDamaged {
            what: Damage::ActivityLog,
        })?;
    let (sealed, _) = view
        .sealer
        .seal(Place::Activity { sequence }, &plain, random)?;
    view.database.append_activity(sequence, &sealed)?;
    Ok(LogHead {
        sequence,
        hash: hash(sequence, &plain),
    })
}

/// Reads entries back from the head until the chain is broken.
pub(super) fn read(view: &View<'_>, limit: usize) -> Result<Activity, Error> {
    let mut activity = Activity {
        entries: Vec::new(),
        intact: ends_at_head(view)?,
    };
    let mut head = view.manifest.log;
    while head.sequence > 0 && activity.entries.len() < limit {
        let Some((entry, before)) = step(view, head)? else {
            activity.intact = false;
            break;
        };
        activity.entries.push(entry);
        head = before;
    }
    Ok(activity)
}

/// Whether the newest entry is the one in the manifest. Reads only that one.
pub(super) fn ends_at_head(view: &View<'_>) -> Result<bool, Error> {
    let head = view.manifest.log;
    let ends = match view.database.last_activity() {
        Ok(last) => last == head.sequence,
        Err(Error::VaultDamaged { .. }) => false,
        Err(error) => return Err(error),
    };
    Ok(ends && (head.sequence == 0 || step(view, head)?.is_some()))
}

/// The entry that `head` names, and the head before it; `None` where the stored entry is not the
/// one that was written.
fn step(view: &View<'_>, head: LogHead) -> Result<Option<(ActivityEntry, LogHead)>, Error> {
    let opened = view.database.activity(head.sequence, |sealed| {
        let place = Place::Activity {
            sequence: head.sequence,
        };
        let plain = view.sealer.open(place, sealed)?;
        if hash(head.sequence, &plain) != head.hash {
            return None;
        }
        let (sequence, rest) = plain.split_first_chunk::<8>()?;
        let (hash, entry) = rest.split_first_chunk::<32>()?;
        let before = LogHead {
            sequence: i64::from_be_bytes(*sequence),
            hash: *hash,
        };
        // Numbers must decrease, so that the loop ends.
        (before.sequence < head.sequence).then_some(())?;
        Some((ActivityEntry::decode(entry)?, before))
    });
    match opened {
        Ok(found) => Ok(found.flatten()),
        Err(Error::VaultDamaged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn hash(sequence: i64, plain: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"vidimus activity 1")
        .chain_update(sequence.to_be_bytes())
        .chain_update(plain)
        .finalize()
        .into()
}
