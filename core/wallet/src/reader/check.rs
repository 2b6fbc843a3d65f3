//! One check: a verdict, and what is kept of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vidimus_credential::UnixTime;
use vidimus_credential::verify::Verdict;

use super::state::Judged;
use super::{AuthorityId, ChallengeId, ReaderError, Shared};
use crate::error::Error;
use crate::parts::Learned;
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
    if let Err(error) = shared.read() {
        troubles.push(Trouble::NotRead(error.into()));
    }
    let (job, parts) = {
        let mut state = shared.state();
        let number = state.next_number();
        let held = state.responsible(text).ok_or(ReaderError::NoAuthority)?;
        let job = Job {
            shared: Arc::clone(shared),
            number,
            authority: held.id.clone(),
            text: text.to_owned(),
            asking,
            judged: Mutex::default(),
        };
        (Arc::new(job), Arc::clone(&held.parts))
    };
    let inside = Arc::clone(&job);
    let change = move |tx: &mut Tx<'_>| inside.judge_and_keep(tx);
    let kept = parts.write(Weight::Light, Learned::default(), change).await;
    // Where there is none the transaction did not even begin.
    let judged = job.verdict().take().unwrap_or_else(|| job.judge())?;
    if let Err(error) = kept {
        shared.state().did_not_write(job.number);
        troubles.push(Trouble::NotKept(error.into()));
    }
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

/// One check.
struct Job {
    shared: Arc<Shared>,
    number: u64,
    authority: AuthorityId,
    text: String,
    asking: Asking,
    /// The verdict, as soon as there is one: a transaction that fails behind it does not take it away.
    judged: Mutex<Option<Result<Judged, ReaderError>>>,
}

impl Job {
    fn verdict(&self) -> MutexGuard<'_, Option<Result<Judged, ReaderError>>> {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn judge(&self) -> Result<Judged, ReaderError> {
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
    }

    /// Judges, and writes what is to be kept of it.
    fn judge_and_keep(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        // Another process may have seen the token since.
        self.shared.state().read_seen(tx)?;
        *self.verdict() = Some(self.judge());
        self.shared.state().write(tx, self.number)
    }
}
