//! The driver's face, shown in turn with a code: whether it is on, and whose turn it is.

use vidimus_wallet::ports::Reading;
use vidimus_wallet::present::Turn;

use super::pages::{AnswerPage, Page, ShowPage, ShowStep, Showing, ShownCode};
use super::transition::Transition;
use crate::event::{FramedFace, Held};
use crate::screen::FaceTurn;

/// Whose turn it is, and the number of the picture that is on.
pub(super) fn turn(
    show: &ShowPage,
    showing: &Showing,
    code: &ShownCode,
    now: Reading,
) -> (FaceTurn, u64) {
    let turn = match code.face {
        FramedFace::None => return (FaceTurn::None, code.number),
        _ if !show.face => return (FaceTurn::Off, code.number),
        FramedFace::NotAsked | FramedFace::Drawn { .. } => showing.turn(now),
    };
    match (turn, code.face) {
        (Some((Turn::Face(index), _)), FramedFace::Drawn { count }) => {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let number = code.number.saturating_add(1 + u64::from(index));
            (FaceTurn::Frame { index, count }, number)
        }
        _ => (FaceTurn::Token, code.number),
    }
}

/// Whether who asks wants the face, and there is one to show.
pub(super) fn may_agree(answer: &AnswerPage, held: &Held) -> bool {
    answer.wants_face() && held.portrait.is_some()
}

impl Transition {
    /// Turns the face on or off: of a showing that is on, or of the answer to a reader who wants
    /// it.
    pub(super) fn show_face(&mut self, on: bool) {
        let open = self.state.open.as_ref();
        let held = open.and_then(|open| open.shown());
        match &mut self.state.page {
            Page::Show(show) => {
                let has_face = match &show.step {
                    ShowStep::On(showing) => showing.has_face(),
                    _ => false,
                };
                if has_face {
                    show.face = on;
                    self.take_turns();
                }
            }
            Page::Answer(answer) if held.is_some_and(|held| may_agree(answer, held)) => {
                answer.face = on;
            }
            _ => {}
        }
    }

    /// Begins the turns of code and face where the face is wanted and drawn, and ends them where it
    /// is not wanted. A face that is wanted and not drawn comes with a new code, at once.
    pub(super) fn take_turns(&mut self) {
        let now = self.now.boot;
        let Page::Show(show) = &mut self.state.page else {
            return;
        };
        let ShowStep::On(showing) = &mut show.step else {
            return;
        };
        let Some(code) = &showing.code else {
            return;
        };
        match code.face {
            FramedFace::Drawn { .. } if show.face => {
                showing.turns_since.get_or_insert(now);
            }
            FramedFace::NotAsked if show.face => self.sign_next(),
            FramedFace::None | FramedFace::NotAsked | FramedFace::Drawn { .. } => {
                showing.turns_since = None;
            }
        }
    }
}
