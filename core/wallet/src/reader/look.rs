//! Looks: a camera's pictures, checked by the book.

use std::sync::Arc;

use tokio::task::JoinHandle;
use vidimus_credential::verify::{self, Candidate, Glance, Moment, Policy};

use super::check::{self, Asking, Checked, Logged};
use super::{ReaderError, Shared};

/// What one picture of a camera showed. Personal data: no `Debug`.
pub type Sight = verify::Sight<Checked>;

/// What is held before one camera, checked by a book. Personal data: no `Debug`.
///
/// Call [`take`](Self::take) with each picture. Drop it when the camera closes, and make another
/// for another question: an answer to a challenge is another look.
pub struct Look {
    shared: Arc<Shared>,
    asking: Asking,
    look: verify::Look<Checked>,
    /// A check that goes on when its caller no longer waits.
    under_way: Option<(Candidate, JoinHandle<Result<Checked, ReaderError>>)>,
    /// What was seen and not given yet, because the call that saw it was dropped.
    seen: Vec<Sight>,
}

impl Look {
    pub(super) fn new(shared: Arc<Shared>, asking: Asking) -> Self {
        let look = verify::Look::new(&Policy::default(), asking.challenge.is_some());
        Self {
            shared,
            asking,
            look,
            under_way: None,
            seen: Vec::new(),
        }
    }

    /// Takes the texts of all codes in one picture, in any order, and gives what is new; nothing
    /// for a picture that showed nothing new. A text is judged and remembered once for as long as
    /// it is held before the camera, and the log has one entry for a look.
    ///
    /// A call that is dropped loses no verdict: the next one gives it.
    ///
    /// # Errors
    /// Those of [`ReaderBook::check`](super::ReaderBook::check). The text is judged with the next
    /// picture again.
    pub async fn take<S: AsRef<str>>(&mut self, texts: &[S]) -> Result<Vec<Sight>, ReaderError> {
        self.finish().await?;
        match self.look.glance(texts, self.moment()) {
            Glance::Sights(seen) => self.seen.extend(seen),
            Glance::Judge(candidate) => {
                let entry = |checked: &Checked| checked.entry.clone();
                let logged = Logged {
                    vouched: self.look.so_far(&candidate, true).and_then(entry),
                    doubtful: self.look.so_far(&candidate, false).and_then(entry),
                };
                let (shared, asking) = (Arc::clone(&self.shared), self.asking.clone());
                let text = candidate.text().to_owned();
                let checking =
                    tokio::spawn(async move { check::check(&shared, &text, asking, logged).await });
                self.under_way = Some((candidate, checking));
                self.finish().await?;
            }
        }
        Ok(std::mem::take(&mut self.seen))
    }

    /// Gives the verdict that was last given once more, with the next picture of its license: for
    /// a caller whose answer may have been lost on its way.
    pub fn tell_again(&mut self) {
        self.look.forget_shown();
    }

    /// Waits for the check that is under way.
    async fn finish(&mut self) -> Result<(), ReaderError> {
        let Some((_, checking)) = &mut self.under_way else {
            return Ok(());
        };
        // This crate does not panic, so the runtime is shutting down.
        let checked = checking.await.unwrap_or(Err(ReaderError::Cancelled));
        let candidate = self.under_way.take().map(|(candidate, _)| candidate);
        let checked = checked?;
        let at = Moment {
            now: checked.at,
            ..self.moment()
        };
        if let Some(candidate) = candidate {
            self.seen.extend(self.look.judged(candidate, checked, at));
        }
        Ok(())
    }

    fn moment(&self) -> Moment {
        let setup = &self.shared.setup;
        let boot = setup.ports.clock.read().boot;
        Moment {
            now: self.shared.state().now(setup),
            clock_ms: u64::try_from(boot.as_millis()).unwrap_or(u64::MAX),
        }
    }
}
