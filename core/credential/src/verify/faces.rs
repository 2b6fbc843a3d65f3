//! The face of a verdict's license.

use super::Verdict;
use crate::face::{FaceCollector, Progress};
use crate::sd_cwt::Portrait;

impl FaceCollector {
    /// How much of the face of a verdict's license was read; none before its first frame.
    #[must_use]
    pub fn progress(&self, verdict: &Verdict) -> Option<Progress> {
        self.progress_of(&verdict.portrait_digest?)
    }

    /// The face of the license that a verdict is about, once it is whole: the authority signed the
    /// SHA-256 of these bytes. A verdict without an authentic license joins none.
    ///
    /// The caller must still compare the picture with the person, and must obey the verdict's
    /// outcome: the face of a revoked license is joined too.
    #[must_use]
    pub fn join(&self, verdict: &Verdict) -> Option<Portrait> {
        self.join_digest(&verdict.portrait_digest?)
    }
}
