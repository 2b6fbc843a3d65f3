//! The verifier, with what the command line gave it.

use std::path::Path;

use vidimus_credential::challenge::Asked;
use vidimus_credential::verify::{Policy, Question, Verdict, Verifier};
use vidimus_credential::{Error, UnixTime};

use super::notes::{self, TrustFault};
use super::online::{Fetched, Online};
use super::read_root;
use super::remembering::SavedMemory;
use crate::args::VerifyArguments;
use crate::failure::Outcome;
use crate::files;
use crate::report::Note;

/// One byte more than a trust list may have is read, so that it is judged and not cut.
const MAX_TRUST: u64 = 1 << 20;

/// Bundles inflate to at most 256 MiB, and noise does not shrink.
const MAX_BUNDLE: u64 = 260 << 20;

/// What texts are judged with. It remembers the tokens that it has seen.
pub(super) struct LoadedVerifier {
    verifier: Verifier,
    trust_fault: Option<TrustFault>,
    /// What is to be said of the files for every text.
    standing: Vec<Note>,
    online: Option<Online>,
    memory: Option<SavedMemory>,
}

impl LoadedVerifier {
    /// Reads root, trust list and bundles. What can be read and not used is named in each verdict.
    pub(super) fn open(asked: &VerifyArguments) -> Outcome<Self> {
        let mut verifier = Verifier::new(read_root(&asked.root)?, Policy::default());
        let trust = files::read_up_to(&asked.trust, MAX_TRUST)?;
        let taken = verifier.set_trust_list(&trust);
        let trust_fault = taken.err().map(|error| TrustFault::new(&trust, error));
        let mut loaded = Self {
            verifier,
            trust_fault,
            standing: Vec::new(),
            online: asked.online.then(Online::start).transpose()?,
            memory: None,
        };
        if let Some(path) = &asked.replay_memory {
            let (memory, remembered, note) = SavedMemory::open(path)?;
            loaded.verifier.remember(&remembered);
            loaded.standing.extend(note);
            loaded.memory = Some(memory);
        }
        for path in &asked.bundles {
            loaded.take_bundle(path)?;
        }
        Ok(loaded)
    }

    /// Saves the tokens that were seen, where a file was named for them.
    pub(super) fn save(&self) -> Outcome {
        match &self.memory {
            Some(memory) => memory.save(&self.verifier.remembered()),
            None => Ok(()),
        }
    }

    /// One bundle at a time is held as a file.
    fn take_bundle(&mut self, path: &Path) -> Outcome {
        let bundle = files::read_up_to(path, MAX_BUNDLE)?;
        match self.verifier.set_bundle(&bundle) {
            // The newer of two for the same licenses is held, and it is no fault to give both.
            Ok(()) | Err(Error::OlderThanHeld) => {}
            // Without a trust list no bundle can be used, and the trust list is what is named.
            Err(_) if self.trust_fault.is_some() => {}
            Err(error) => self.standing.push(notes::of_bundle(path, error)),
        }
        Ok(())
    }

    /// A verdict, and what there is to say to it.
    pub(super) fn judge(
        &mut self,
        text: &str,
        challenge: Option<&mut Asked>,
        category: Option<&str>,
        now: UnixTime,
    ) -> Outcome<(Verdict, Vec<Note>)> {
        let mut notes = self.standing.clone();
        let fetched = match &mut self.online {
            Some(online) => online.fetch(&self.verifier, text),
            None => Fetched::Nothing,
        };
        let online = match &fetched {
            Fetched::Nothing => None,
            Fetched::Token(token) => Some(token.as_slice()),
            Fetched::Failed(note) => {
                notes.push(note.clone());
                // A status that was asked for and is not there counts as one that cannot be used.
                Some(&[][..])
            }
        };
        let question = Question {
            challenge,
            online,
            category,
            ..Question::default()
        };
        let verdict = self.verifier.check_with(text, question, now);
        let trust = self.verifier.trust_list();
        notes.extend(notes::of_trust_list(self.trust_fault, trust, &verdict, now));
        notes.extend(notes::of_category(category, &verdict));
        if matches!(fetched, Fetched::Token(_)) {
            notes.extend(notes::of_answer(&verdict));
        }
        Ok((verdict, notes))
    }
}
