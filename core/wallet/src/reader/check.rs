//! One check: a verdict, and what is kept of it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use vidimus_credential::UnixTime;
use vidimus_credential::verify::Verdict;

use super::state::Judged;
use super::{AuthorityId, ChallengeId, ReaderError, Shared};
use crate::context::Learned;
use crate::error::{Error, StorageError};
use crate::vault::{Tx, Weight};

/// What is asked beside a token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// A category that the holder must hold now.
    pub category: Option<String>,
    /// The challenge that the token must answer.
    pub challenge: Option<ChallengeId>,
}

/// A verdict, and what is wrong with the reader beside it. Personal data; no `Debug`.
pub struct Checked {
    /// What may be believed of the token.
    pub verdict: Verdict,
    /// When it was judged, by the reader's best time.
    pub at: UnixTime,
    /// What the officer should know beside it; mostly nothing.
    pub troubles: Vec<Trouble>,
}

/// What is wrong with a reader and does not keep it from a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The book could not be read: the verdict is by what this process held already.
    NotRead(ReaderError),
    /// The book could not be written: token and check are kept by this process alone, until they can be.
    NotKept(ReaderError),
    /// What was seen before this process was started cannot be read: a token of the last two minutes may be taken twice.
    SeenLost,
    /// The device's clock shows a time that is past.
    ClockSetBack,
}

/// How long a verdict waits for the book, to read and to write it. One that another process holds, a disk that is slow, or a
/// key store that is, does not keep an officer waiting.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// Checks a token by the authority that is responsible for it.
///
/// # Errors
/// Where no verdict can be given.
pub(super) async fn check(
    shared: &Arc<Shared>,
    text: &str,
    asking: Asking,
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
        // It goes on, and may still be committed.
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
    })
}

/// The book is in other hands.
const LATE: ReaderError = ReaderError::Storage(StorageError::Busy);

/// Reads what is new in the book, on a thread where waiting for another write of this process holds up nobody.
async fn read(shared: Arc<Shared>) -> Result<(), Error> {
    let patience = shared.setup.patience;
    let reading = tokio::task::spawn_blocking(move || shared.read());
    match tokio::time::timeout(patience, reading).await {
        Ok(Ok(read)) => read,
        // The closures of this crate do not panic: the runtime is being shut down.
        Ok(Err(_)) => Err(Error::Cancelled),
        Err(_) => Err(StorageError::Busy.into()),
    }
}

/// One check.
struct Job {
    shared: Arc<Shared>,
    number: u64,
    authority: AuthorityId,
    text: String,
    asking: Asking,
    /// The verdict. A token is judged once: inside the transaction, or without it where that does not begin in time. What
    /// becomes of the transaction does not take the verdict away.
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
                self.shared.setup.keeping,
            )
        })
    }

    /// Judges, and writes what is to be kept of it.
    fn judge_and_keep(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        // Another process may have seen the token since.
        self.shared.state().read_seen(tx)?;
        self.judged();
        self.shared.state().write(tx, self.number)
    }
}
