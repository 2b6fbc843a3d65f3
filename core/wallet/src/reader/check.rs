//! One check: the verdict, and what the book keeps of it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use vidimus_credential::verify::{HasVerdict, Verdict, is_vouched_for};
use vidimus_credential::{UnixTime, all_variants};

use super::log::CheckEntry;
use super::state::Judged;
use super::{AuthorityId, ChallengeId, ReaderError, Shared};
use crate::context::Learned;
use crate::error::{Error, StorageError};
use crate::vault::{Tx, Weight};

/// What the license must fulfill beside being valid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// The category that the holder must have now.
    pub category: Option<String>,
    /// The challenge that the token must answer.
    pub challenge: Option<ChallengeId>,
}

/// A verdict, with the problems of the reader itself. It holds personal data and has no `Debug`.
#[derive(Clone)]
pub struct Checked {
    /// The verdict on the token.
    pub verdict: Verdict,
    /// The time of the verdict, by the reader's best time.
    pub at: UnixTime,
    /// Problems of the reader to show beside the verdict; empty where there are none.
    pub troubles: Vec<Trouble>,
    /// The entry in the log; none for a text that is no token.
    pub(super) entry: Option<CheckEntry>,
}

impl HasVerdict for Checked {
    fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

/// What the log has of the look that a text may go on with.
#[derive(Default)]
pub(super) struct Logged {
    /// The entry where the authority and the phone have signed.
    pub(super) vouched: Option<CheckEntry>,
    /// The entry where they have not.
    pub(super) doubtful: Option<CheckEntry>,
}

/// A problem of the reader that does not prevent a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// The book could not be read. The verdict uses what this process had read before.
    NotRead(ReaderError),
    /// The book could not be written. Only this process remembers the token and the check, and
    /// writes them with a later check. Do not stop the app before.
    NotKept(ReaderError),
    /// The tokens seen before this process started cannot be read: one of the last two minutes
    /// could be accepted twice.
    SeenLost,
    /// The device's clock shows a time that has certainly passed: set it.
    ClockSetBack,
}

all_variants! {
    /// Every trouble, those with an error with an example of it.
    Trouble {
        NotRead(ReaderError::Storage(StorageError::Io)),
        NotKept(ReaderError::Storage(StorageError::Full)),
        SeenLost,
        ClockSetBack,
    }
}

impl Logged {
    /// The entry of the look that a text with this verdict goes on with.
    pub(super) fn before(&self, verdict: &Verdict) -> Option<&CheckEntry> {
        if is_vouched_for(verdict) {
            self.vouched.as_ref()
        } else {
            self.doubtful.as_ref()
        }
    }
}

/// The longest time that a verdict waits for reading or writing the book, so that another process,
/// a slow disk or a slow key store does not keep an officer waiting.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// Checks a token with the lists of the authority that issued its license.
///
/// # Errors
/// Those after which no verdict can be given.
pub(super) async fn check(
    shared: &Arc<Shared>,
    text: &str,
    asking: Asking,
    logged: Logged,
) -> Result<Checked, ReaderError> {
    let mut troubles = Vec::new();
    if let Err(error) = read(Arc::clone(shared)).await {
        troubles.push(Trouble::NotRead(error.into()));
    }
    let (job, context) = {
        let mut state = shared.state();
        let number = state.next_number();
        let held = state.responsible(text).ok_or(ReaderError::NoAuthority)?;
        let job = Job {
            shared: Arc::clone(shared),
            number,
            authority: held.id.clone(),
            text: text.to_owned(),
            asking,
            logged,
            judged: OnceLock::new(),
        };
        (Arc::new(job), Arc::clone(&held.context))
    };
    let inside = Arc::clone(&job);
    let change = move |tx: &mut Tx<'_>| inside.judge_and_keep(tx);
    let kept = context.write(Weight::Light, Learned::default(), change);
    match tokio::time::timeout(shared.setup.patience, kept).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            shared.state().did_not_write(job.number);
            troubles.push(Trouble::NotKept(error.into()));
        }
        // The write continues and may still be committed.
        Err(_) => troubles.push(Trouble::NotKept(LATE)),
    }
    let judged = job.judged().clone()?;
    if judged.lost_memory {
        troubles.push(Trouble::SeenLost);
    }
    if judged.set_back {
        troubles.push(Trouble::ClockSetBack);
    }
    Ok(Checked {
        verdict: judged.verdict,
        at: judged.at,
        troubles,
        entry: judged.entry,
    })
}

/// The error where the book was not available in time.
const LATE: ReaderError = ReaderError::Storage(StorageError::Busy);

/// Reads what is new in the book, on a thread that may block while another write of this process
/// runs.
async fn read(shared: Arc<Shared>) -> Result<(), Error> {
    let patience = shared.setup.patience;
    let reading = tokio::task::spawn_blocking(move || shared.read());
    match tokio::time::timeout(patience, reading).await {
        Ok(Ok(read)) => read,
        // The closures of this crate do not panic, so the runtime is shutting down.
        Ok(Err(_)) => Err(Error::Cancelled),
        Err(_) => Err(StorageError::Busy.into()),
    }
}

/// The work of one check, for a thread that may block.
struct Job {
    shared: Arc<Shared>,
    number: u64,
    authority: AuthorityId,
    text: String,
    asking: Asking,
    logged: Logged,
    /// The verdict. A token is judged once: inside the transaction, or without it where that does
    /// not begin in time. The verdict stands even if the transaction fails.
    judged: OnceLock<Result<Judged, ReaderError>>,
}

impl Job {
    fn judged(&self) -> &Result<Judged, ReaderError> {
        self.judged.get_or_init(|| {
            let Asking {
                category,
                challenge,
            } = &self.asking;
            self.shared.state().judge(
                &self.authority,
                &self.text,
                (category.as_deref(), challenge.as_ref()),
                (self.shared.setup.keeping, &self.logged),
            )
        })
    }

    /// Judges the token, and writes the token and the log entry.
    fn judge_and_keep(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        // Another process may have accepted the token since.
        self.shared.state().read_seen(tx)?;
        self.judged();
        self.shared.state().write(tx, self.number)
    }
}
