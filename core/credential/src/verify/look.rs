//! A look: what a reader's camera sees, from picture to picture (profile, section 8).
//!
//! A camera reads the same code many times a second, a phone changes its code every 10 seconds, and
//! the face comes between. A [`Look`] makes one verdict of it: a text is judged once for as long as
//! it is held before the camera, and a text that comes back later is judged anew, and is then
//! `replayed`.

use super::{Policy, Reason, Verdict};
use crate::Error;
use crate::face::{self, FaceCollector, Progress};
use crate::meaning::Outcome;
use crate::presentation::UnverifiedToken;
use crate::sd_cwt::Portrait;
use crate::time::UnixTime;
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;

/// A look ends when nothing of it was seen for longer than this, in milliseconds.
pub const UNSEEN_MS: u64 = 10_000;
/// How many looks are followed at once, so that two phones held in turn are one look each.
pub const MAX_LOOKS: usize = 4;
/// How many texts of one picture are read.
pub const MAX_TEXTS: usize = 16;
/// How many texts of one look are known again: the newest, and the one before it, which a picture
/// may still bring when the newest was read already.
const TEXTS: usize = 2;

/// When a picture was taken, by the two clocks of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The reader's time, which the caller must set as well as it can.
    pub now: UnixTime,
    /// Milliseconds by a clock that no one can set, such as the time since the device started.
    pub clock_ms: u64,
}

/// What a picture showed. Personal data: no `Debug`.
///
/// `V` is what the caller keeps of a verdict.
#[derive(Clone)]
#[non_exhaustive]
pub enum Sight<V = Verdict> {
    /// A verdict: the caller must show this one now, in place of any other.
    Verdict {
        /// What the reader thinks of the license now.
        verdict: Box<V>,
        /// Seconds since the look began; 0 for a new one.
        first_seen_s: u64,
        /// Whether it is news, to be told by sound or touch. No look accepts twice.
        announce: bool,
    },
    /// The license on the screen is still held there, and its verdict stands.
    Same {
        /// Seconds since the look began.
        first_seen_s: u64,
    },
    /// More was read of the face of the license on the screen.
    Face(Progress),
    /// The face of the license on the screen is whole: the authority signed its SHA-256.
    Portrait(Portrait),
    /// Two licenses are in one picture, and none was judged. The caller must take the last verdict
    /// off the screen: it is not known whose it is.
    TwoLicenses,
    /// The phone does not show the answer to the challenge yet. Nothing was judged, and no attempt
    /// was spent.
    NotAnAnswer,
    /// A code was read that is none of the profile.
    OtherCode,
}

/// What must be done about a picture.
pub enum Glance<V = Verdict> {
    /// The caller must have this text judged, and give the verdict to [`Look::judged`].
    Judge(Candidate),
    /// All that the picture showed; nothing where it showed nothing new.
    Sights(Vec<Sight<V>>),
}

/// A token that must be judged: [`text`](Self::text). Personal data: no `Debug`.
pub struct Candidate {
    text: String,
    code: [u8; 32],
    /// The credential inside; none where the token cannot be read.
    credential: Option<[u8; 32]>,
    cnonce: Option<Vec<u8>>,
}

impl Candidate {
    /// The text, for [`Verifier::check_with`](super::Verifier::check_with).
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn read(text: &str) -> Option<Self> {
        let (credential, cnonce) = match UnverifiedToken::from_text(text) {
            Ok(token) => (
                Some(token.credential.fingerprint()),
                token.envelope.claims().cnonce.clone(),
            ),
            Err(Error::WrongPrefix) => return None,
            Err(_) => (None, None),
        };
        Some(Self {
            text: text.to_owned(),
            // With its signature: a forged copy of a token is another text.
            code: Sha256::digest(text).into(),
            credential,
            cnonce,
        })
    }
}

/// What is held before one camera. Personal data: no `Debug`.
///
/// One look follows one credential: its codes, which the phone changes, and the frames of its face.
/// All that no authority or no phone vouches for is one look together, so that a screen that
/// flickers through a thousand false codes is one thing and not a thousand. A look ends when
/// neither its text nor its face was seen for 10 seconds, and when its newest token ends.
///
/// The caller must keep one for each camera, must drop it when the camera closes, and must use
/// another for each question: an answer to a challenge is another look.
pub struct Look<V = Verdict> {
    skew_s: u64,
    longest_s: u64,
    wants_answer: bool,
    /// In the order in which they began.
    looks: VecDeque<One<V>>,
    faces: FaceCollector,
    last_frame_ms: u64,
    /// The credential of the verdict on the screen, and how much of its face was told.
    shown: Option<Shown>,
}

/// What is on the screen.
struct Shown {
    who: Option<[u8; 32]>,
    told: Option<Progress>,
    has_portrait: bool,
}

/// The look at one credential, or at all that is not vouched for.
struct One<V> {
    who: Option<[u8; 32]>,
    codes: VecDeque<[u8; 32]>,
    /// The challenge that was answered, rightly or not.
    cnonce: Option<Vec<u8>>,
    digest: Option<[u8; 32]>,
    began_ms: u64,
    seen_ms: u64,
    ends_ms: u64,
    ends: Option<UnixTime>,
    has_accepted: bool,
    /// What the reader thinks of the license now.
    verdict: V,
}

impl<V> One<V> {
    const fn is_over(&self, at: Moment) -> bool {
        // A clock that no one can set and that went back is another one.
        let went_back = at.clock_ms < self.seen_ms;
        let unseen = at.clock_ms.saturating_sub(self.seen_ms) > UNSEEN_MS;
        let ended = match self.ends {
            Some(end) => at.now.seconds() > end.seconds(),
            None => false,
        };
        went_back || unseen || ended || at.clock_ms > self.ends_ms
    }

    const fn first_seen_s(&self, at: Moment) -> u64 {
        at.clock_ms.saturating_sub(self.began_ms) / 1000
    }

    fn shows(&self, candidate: &Candidate) -> bool {
        // The phone shows its answer by several tokens, and a challenge counts one: the others
        // are neither replays nor further attempts.
        let is_answer = self.who.is_some()
            && self.who == candidate.credential
            && candidate.cnonce.is_some()
            && self.cnonce == candidate.cnonce;
        is_answer || self.codes.contains(&candidate.code)
    }
}

/// Whether both the authority and the phone have signed what a verdict is about.
#[must_use]
pub fn is_vouched_for(verdict: &Verdict) -> bool {
    verdict.license.is_some() && !verdict.reasons.contains(&Reason::NotBoundToDevice)
}

/// The verdict inside of what a caller keeps.
pub trait HasVerdict: Clone {
    /// The verdict that a look compares with the last one.
    fn verdict(&self) -> &Verdict;
}

impl HasVerdict for Verdict {
    fn verdict(&self) -> &Verdict {
        self
    }
}

impl<V: HasVerdict> Look<V> {
    /// A look of a reader with this policy. `wants_answer` is true where the reader waits for the
    /// answer to a challenge: a token that answers none is then not judged.
    #[must_use]
    pub fn new(policy: &Policy, wants_answer: bool) -> Self {
        Self {
            skew_s: policy.skew_s,
            longest_s: policy.longest_s(),
            wants_answer,
            looks: VecDeque::new(),
            faces: FaceCollector::new(),
            last_frame_ms: 0,
            shown: None,
        }
    }

    /// Takes all codes of one picture. The order of the texts does not count.
    pub fn glance<S: AsRef<str>>(&mut self, texts: &[S], at: Moment) -> Glance<V> {
        self.end_looks(at);
        let mut tokens: Vec<Candidate> = Vec::new();
        let mut has_other = false;
        for text in texts.iter().take(MAX_TEXTS).map(AsRef::as_ref) {
            if self.take_frame(text, at) {
                continue;
            }
            match Candidate::read(text) {
                Some(token) if tokens.iter().any(|it| it.code == token.code) => {}
                Some(token) => tokens.push(token),
                None => has_other = true,
            }
        }
        for one in &mut self.looks {
            if tokens.iter().any(|token| one.shows(token)) {
                one.seen_ms = at.clock_ms;
            }
        }
        let only = match tokens.pop() {
            Some(_) if !tokens.is_empty() => {
                self.shown = None;
                return Glance::Sights(vec![Sight::TwoLicenses]);
            }
            Some(token) => token,
            None if has_other && self.shown.is_none() => {
                return Glance::Sights(vec![Sight::OtherCode]);
            }
            None => return Glance::Sights(self.face_sights()),
        };
        let known = self.looks.iter().position(|one| one.shows(&only));
        if let Some(known) = known {
            let mut sights: Vec<_> = self.show(known, false, at).into_iter().collect();
            sights.extend(self.face_sights());
            return Glance::Sights(sights);
        }
        if self.wants_answer && only.credential.is_some() && only.cnonce.is_none() {
            return Glance::Sights(vec![Sight::NotAnAnswer]);
        }
        Glance::Judge(only)
    }

    /// Takes the verdict on a text that [`glance`](Self::glance) gave. `at` must be the moment at
    /// which it was judged.
    pub fn judged(&mut self, candidate: Candidate, verdict: V, at: Moment) -> Vec<Sight<V>> {
        let judged = verdict.verdict();
        let who = Self::who(&candidate, judged);
        let digest = who.and(judged.portrait_digest);
        let (ends, ends_ms) = self.end_of(judged, at);
        let place = self.looks.iter().position(|one| one.who == who);
        let (place, changed) = match place {
            Some(place) => (place, self.goes_on(place, candidate, verdict, at)),
            None => {
                if self.looks.len() >= MAX_LOOKS
                    && let Some(oldest) = self.looks.pop_front()
                {
                    self.forget_face(&oldest);
                }
                self.looks.push_back(One {
                    who,
                    codes: VecDeque::from([candidate.code]),
                    cnonce: candidate.cnonce,
                    digest,
                    began_ms: at.clock_ms,
                    seen_ms: at.clock_ms,
                    ends_ms,
                    ends,
                    has_accepted: false,
                    verdict,
                });
                (self.looks.len().saturating_sub(1), true)
            }
        };
        if let Some(one) = self.looks.get_mut(place) {
            (one.ends, one.ends_ms) = (ends, ends_ms);
        }
        let mut sights: Vec<_> = self.show(place, changed, at).into_iter().collect();
        sights.extend(self.face_sights());
        sights
    }

    /// Takes the verdict off the screen, for a caller that cannot know whether it was shown: it is
    /// given once more with the next picture of its license, and not announced again.
    pub fn forget_shown(&mut self) {
        self.shown = None;
    }

    /// The verdict so far of the look that a text goes on with, if the authority and the phone
    /// [vouch for it](is_vouched_for), or if they do not; none where it begins a look. A caller
    /// that keeps a log writes one entry a look by it.
    #[must_use]
    pub fn so_far(&self, candidate: &Candidate, is_vouched_for: bool) -> Option<&V> {
        let who = candidate.credential.filter(|_| is_vouched_for);
        if who.is_none() && is_vouched_for {
            return None;
        }
        let one = self.looks.iter().find(|one| one.who == who)?;
        Some(&one.verdict)
    }

    /// Whom a token speaks for: its credential, where the authority and the phone have signed.
    fn who(candidate: &Candidate, judged: &Verdict) -> Option<[u8; 32]> {
        candidate.credential.filter(|_| is_vouched_for(judged))
    }

    /// Adds a text to its look. Gives whether the verdict has changed.
    fn goes_on(&mut self, place: usize, candidate: Candidate, verdict: V, at: Moment) -> bool {
        let Some(one) = self.looks.get_mut(place) else {
            return false;
        };
        if one.codes.len() >= TEXTS {
            one.codes.pop_front();
        }
        one.codes.push_back(candidate.code);
        one.cnonce = candidate.cnonce;
        one.seen_ms = at.clock_ms;
        let (before, now) = (one.verdict.verdict(), verdict.verdict());
        let changed = before.outcome != now.outcome || before.reasons != now.reasons;
        one.verdict = verdict;
        changed
    }

    /// Until when a text is not judged anew: the end of its token, by either clock. A token that
    /// was over before it was judged has no end to wait for.
    fn end_of(&self, judged: &Verdict, at: Moment) -> (Option<UnixTime>, u64) {
        let end = judged.token.map(|token| token.exp);
        let end = end.map(|end| end.saturating_add(self.skew_s));
        let end = end.filter(|end| *end >= at.now);
        let left_s = end.map_or(self.longest_s, |end| {
            end.seconds().saturating_sub(at.now.seconds())
        });
        let left_ms = left_s.min(self.longest_s).saturating_mul(1000);
        (end, at.clock_ms.saturating_add(left_ms))
    }

    /// Puts a look on the screen.
    fn show(&mut self, place: usize, changed: bool, at: Moment) -> Option<Sight<V>> {
        let one = self.looks.get_mut(place)?;
        one.seen_ms = at.clock_ms;
        let first_seen_s = one.first_seen_s(at);
        let is_shown = self.shown.as_ref().is_some_and(|it| it.who == one.who);
        if is_shown && !changed {
            return Some(Sight::Same { first_seen_s });
        }
        if !is_shown {
            self.shown = Some(Shown {
                who: one.who,
                told: None,
                has_portrait: false,
            });
        }
        let accepts = one.verdict.verdict().outcome == Outcome::Accept;
        let announce = !(accepts && one.has_accepted);
        one.has_accepted |= accepts;
        Some(Sight::Verdict {
            verdict: Box::new(one.verdict.clone()),
            first_seen_s,
            announce,
        })
    }

    /// Takes a frame of a face; `false` for any other text.
    fn take_frame(&mut self, text: &str, at: Moment) -> bool {
        match self.faces.take_frame(text) {
            Err(Error::WrongPrefix) => false,
            Err(_) => true,
            Ok((digest, _)) => {
                self.last_frame_ms = at.clock_ms;
                for one in &mut self.looks {
                    let own = one.digest.as_ref().map(face::short_digest);
                    if own == Some(digest) {
                        one.seen_ms = at.clock_ms;
                    }
                }
                true
            }
        }
    }

    /// What is new of the face of the license on the screen.
    fn face_sights(&mut self) -> Vec<Sight<V>> {
        let mut sights = Vec::new();
        let Some(shown) = &mut self.shown else {
            return sights;
        };
        let one = self.looks.iter().find(|one| one.who == shown.who);
        let Some(digest) = one.and_then(|one| one.digest) else {
            return sights;
        };
        if shown.has_portrait {
            return sights;
        }
        let progress = self.faces.progress_of(&digest);
        if let Some(progress) = progress
            && shown.told != Some(progress)
        {
            shown.told = Some(progress);
            sights.push(Sight::Face(progress));
        }
        if let Some(portrait) = self.faces.join_digest(&digest) {
            shown.has_portrait = true;
            sights.push(Sight::Portrait(portrait));
        }
        sights
    }

    /// Ends the looks that are over, and forgets their faces.
    fn end_looks(&mut self, at: Moment) {
        let (over, kept) = std::mem::take(&mut self.looks)
            .into_iter()
            .partition::<Vec<_>, _>(|one| one.is_over(at));
        self.looks = kept.into();
        for one in &over {
            self.forget_face(one);
            if self.shown.as_ref().is_some_and(|it| it.who == one.who) {
                self.shown = None;
            }
        }
        let since_frame = at.clock_ms.abs_diff(self.last_frame_ms);
        if self.looks.is_empty() && since_frame > UNSEEN_MS {
            self.faces = FaceCollector::new();
        }
    }

    fn forget_face(&mut self, one: &One<V>) {
        if let Some(digest) = &one.digest {
            self.faces.forget(face::short_digest(digest));
        }
    }
}

impl Look {
    /// [`glance`](Self::glance) and [`judged`](Self::judged) in one, for a reader that has its
    /// verifier at hand. `question` is asked only where a text must be judged; its `clock_s` is
    /// taken from `at` where there is none.
    pub fn take<S: AsRef<str>>(
        &mut self,
        verifier: &mut super::Verifier,
        texts: &[S],
        question: super::Question<'_>,
        at: Moment,
    ) -> Vec<Sight> {
        match self.glance(texts, at) {
            Glance::Sights(sights) => sights,
            Glance::Judge(candidate) => {
                let question = super::Question {
                    clock_s: question.clock_s.or(Some(at.clock_ms / 1000)),
                    ..question
                };
                let verdict = verifier.check_with(candidate.text(), question, at.now);
                self.judged(candidate, verdict, at)
            }
        }
    }
}
