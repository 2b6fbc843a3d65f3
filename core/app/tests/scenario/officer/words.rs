//! Every word of a screen, to be looked up in the table of texts.

use vidimus_app::screen::officer::OfficerScreen;
use vidimus_app::words::Words;

use super::super::words::Keys;

/// The keys of a screen's words, each with how many values go into it.
pub(super) fn of(screen: &OfficerScreen) -> Vec<(String, usize)> {
    let mut keys = Keys::default();
    let all = |keys: &mut Keys, words: &[&Option<Words>]| {
        words
            .iter()
            .copied()
            .flatten()
            .for_each(|it| keys.words(it));
    };
    match screen {
        OfficerScreen::Opening => {}
        OfficerScreen::Start(start) => {
            for row in &start.trust {
                keys.words(&row.list);
                keys.words(&row.statuses);
            }
            keys.notes(start.note.iter().chain(&start.trouble));
        }
        OfficerScreen::Look(look) => {
            keys.words(&look.title);
            all(&mut keys, &[&look.hint]);
            keys.notes(look.miss.iter().chain(&look.refused));
        }
        OfficerScreen::Verdict(verdict) => {
            keys.words(&verdict.word);
            keys.words(&verdict.spoken);
            verdict.holder.iter().for_each(|it| keys.holder(it));
            verdict.standing.iter().for_each(|it| keys.status(it));
            for reason in &verdict.reasons {
                keys.words(&reason.words);
                keys.words(&reason.what_to_do);
            }
            keys.notes(verdict.notes.iter());
            all(
                &mut keys,
                &[
                    &verdict.source,
                    &verdict.face_hint,
                    &verdict.clock,
                    &verdict.first_seen,
                ],
            );
        }
        OfficerScreen::Two(two) => keys.notes([&two.note].into_iter()),
        OfficerScreen::Doubt(doubt) => {
            keys.words(&doubt.hint);
            all(&mut keys, &[&doubt.ends]);
            keys.notes(doubt.problem.iter());
        }
        OfficerScreen::Log(log) => {
            keys.words(&log.kept);
            keys.notes(log.broken.iter().chain(&log.failed));
            for row in &log.rows {
                keys.words(&row.word);
                row.reasons.iter().for_each(|it| keys.words(it));
            }
        }
        OfficerScreen::Blocked(blocked) => {
            for words in [&blocked.title, &blocked.happened, &blocked.button] {
                keys.words(words);
            }
        }
    }
    keys.0
}
