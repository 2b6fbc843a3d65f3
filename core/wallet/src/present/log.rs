//! The entries of a showing in the activity log: one with its first frame, and one more when the
//! face is shown from a later moment on.

use tokio::task::JoinHandle;

use super::timekeeper;
use crate::error::Error;
use crate::ports::Reading;
use crate::vault::activity_log::ActivityEntry;
use crate::vault::records::ONLY;
use crate::vault::{Tx, Vault, Weight};

/// What a presentation has shown so far, and what of it is not yet written.
#[derive(Default)]
pub(super) struct Log {
    /// The fields that an entry names, written or not; the token's come first.
    noted: Noted,
    /// The entries that are not written, and the times of their frames.
    pending: Vec<(ActivityEntry, Reading)>,
    /// The running write of so many entries. It continues even if its caller stops waiting.
    writing: Option<(usize, JoinHandle<Result<(), Error>>)>,
}

/// What the entries of a showing say that was shown.
#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noted {
    #[default]
    Nothing,
    License,
    Portrait,
}

impl Log {
    /// Whether a frame was shown.
    pub(super) fn has_entry(&self) -> bool {
        self.noted > Noted::Nothing
    }

    /// Takes up the entry of a frame, unless an earlier one says as much.
    pub(super) fn note(
        &mut self,
        shown: Noted,
        reading: Reading,
        entry: impl FnOnce() -> ActivityEntry,
    ) {
        if shown > self.noted {
            self.noted = shown;
            self.pending.push((entry(), reading));
        }
    }

    /// Writes the entries that are not written, and waits for the write.
    pub(super) async fn write(&mut self, vault: &Vault) -> Result<(), Error> {
        while !self.pending.is_empty() {
            let (count, writing) = self.writing.get_or_insert_with(|| {
                let entries = self.pending.clone();
                (entries.len(), tokio::spawn(write(vault.clone(), entries)))
            });
            let count = *count;
            let result = writing.await.unwrap_or(Err(Error::Cancelled));
            self.writing = None;
            if let Err(error) = result {
                tracing::warn!(%error, "a presentation could not be logged");
                return Err(error);
            }
            self.pending.drain(..count);
        }
        Ok(())
    }
}

async fn write(vault: Vault, entries: Vec<(ActivityEntry, Reading)>) -> Result<(), Error> {
    let change = move |tx: &mut Tx<'_>| {
        let mut keeper = timekeeper(tx);
        for (entry, reading) in &entries {
            if keeper.note(*reading) {
                tx.put(ONLY, &keeper)?;
            }
            tx.log(entry)?;
        }
        Ok(())
    };
    vault.write(Weight::Light, change).await
}
