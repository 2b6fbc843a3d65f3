//! Makes the screen of a state.

use vidimus_credential::meaning::{Outcome, Reason, Tone};
use vidimus_credential::status::StatusSource;
use vidimus_credential::text::shown as visible;
use vidimus_wallet::ports::Reading;
use vidimus_wallet::reader::{CheckEntry, Trouble as BookTrouble};

use super::OfficerState;
use super::book::{OpenBook, Trust};
use super::event::{Face, Judged};
use super::looking::age;
use super::pages::{DoubtPage, LogPage, LookPage, Miss, Page, Problem, Shown};
use super::verdict::note_of;
use crate::driver::status;
use crate::screen::Field;
use crate::screen::officer::{
    BookBlockedScreen, CheckLogScreen, CheckRow, DoubtScreen, FaceView, LookScreen, OfficerScreen,
    ReasonRow, StartScreen, TrustRow, TwoScreen, VerdictScreen,
};
use crate::time::{left, minutes, whole};
use crate::tone::Note;
use crate::words::{Value, Words};

/// What is on the screen.
#[must_use]
pub fn screen(state: &OfficerState, now: Reading) -> OfficerScreen {
    match &state.page {
        Page::Opening => OfficerScreen::Opening,
        Page::Blocked(blocked) => {
            OfficerScreen::Blocked(BookBlockedScreen::new(blocked.trouble, blocked.working))
        }
        Page::Start => match &state.book {
            Some(book) => OfficerScreen::Start(start(book, now)),
            None => OfficerScreen::Opening,
        },
        Page::Look(look) if look.two => OfficerScreen::Two(TwoScreen {
            note: Note::new(Tone::Caution, "officer.both"),
            torch: look.torch.is_some(),
        }),
        Page::Look(look) => match &look.shown {
            Some(shown) => OfficerScreen::Verdict(verdict(look, shown, now)),
            None => OfficerScreen::Look(looking(look, state.edit)),
        },
        Page::Doubt(doubt) => OfficerScreen::Doubt(question(doubt, now)),
        Page::Log(log) => OfficerScreen::Log(checks(log, state.log_days)),
    }
}

fn start(book: &OpenBook, now: Reading) -> StartScreen {
    let trusted = book.trusted(now);
    let worst = trusted.iter().map(|it| it.trust).max();
    let note = worst.and_then(|trust| {
        let key = match trust {
            Trust::New => return None,
            Trust::Old => "officer.trust.old",
            Trust::TooOld => "officer.trust.too_old",
            Trust::Missing => "officer.trust.missing",
        };
        Some(Note::new(trust.tone(), key))
    });
    let rows = trusted.iter().map(|it| {
        let (list, statuses) = (it.list.map(minutes), it.statuses.map(minutes));
        TrustRow::new(it.name, it.trust.tone().into(), list, statuses)
    });
    let trouble = book.trouble.map(|trouble| Note {
        sign: trouble.tone().into(),
        words: Words::of(&format!("trouble.{}.title", trouble.code())),
    });
    StartScreen {
        trust: rows.collect(),
        note,
        trouble,
        refreshing: book.is_awaited,
        may_check: book.may_check(),
    }
}

fn looking(look: &LookPage, edit: u64) -> LookScreen {
    let title = if look.answers.is_some() {
        "officer.look.answer"
    } else {
        "officer.look.title"
    };
    let looks = look.camera.is_some();
    let typing = look.typing.as_ref();
    LookScreen {
        title: Words::of(title),
        hint: looks.then(|| Words::of("officer.look.hint")),
        miss: look.miss.map(|miss| {
            let key = match miss {
                Miss::NoLicense => "officer.look.unreadable",
                Miss::NoAnswerYet => "officer.look.not_yet",
            };
            Note::new(Tone::Unknown, key)
        }),
        torch: looks.then_some(look.torch.is_some()),
        refused: (!looks && typing.is_none()).then(|| Note::new(Tone::Caution, "scan.no_camera")),
        typing: typing.map(|text| Field {
            text: text.clone(),
            edit,
        }),
        may_read: typing.is_some_and(|text| !text.trim().is_empty()) && look.taking.is_none(),
    }
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accept => "officer.accept",
        Outcome::Caution => "officer.caution",
        Outcome::Refuse => "officer.refuse",
    }
}

fn verdict(look: &LookPage, shown: &Shown, now: Reading) -> VerdictScreen {
    let judged = &shown.judged;
    let age = age(shown, now).map(minutes);
    let standing = judged.standing;
    let (face, face_hint) = face(shown);
    VerdictScreen {
        word: Words::of(word(judged.outcome)),
        sign: judged.outcome.tone().into(),
        announcement: shown.announced,
        spoken: spoken(judged, age),
        holder: judged.holder.clone(),
        authority: judged
            .authority
            .as_deref()
            .map(|it| visible(it).into_owned()),
        standing: standing.map(|standing| status(standing, judged.as_of, age)),
        source: standing.and_then(|_| source(judged.source)),
        reasons: judged.reasons.iter().map(|it| reason(*it)).collect(),
        face,
        face_hint,
        notes: notes(shown),
        clock: judged
            .clock_difference_s
            .map(|it| clock(it, &judged.troubles)),
        first_seen: judged
            .first_seen
            .map(|seconds| Words::with("officer.first_seen", vec![Value::Clock { seconds }])),
        doubtful: judged.doubtful && !shown.is_answer,
        is_answer: shown.is_answer,
        torch: look.camera.map(|_| look.torch.is_some()),
    }
}

/// One sentence: the word, whose license it is, how it stands, and how old that is.
fn spoken(judged: &Judged, age: Option<u32>) -> Words {
    let word = Value::word(word(judged.outcome));
    match (&judged.holder, judged.standing) {
        (Some(holder), Some(standing)) => Words::with(
            "officer.spoken",
            vec![
                word,
                Value::text(&holder.name),
                Value::word(standing.word()),
                Value::Confirmed { minutes: age },
            ],
        ),
        _ => {
            let first = judged.reasons.first().map(|it| reason_key(*it));
            let why = first.map_or_else(|| Value::word("common.unknown"), |key| Value::word(&key));
            Words::with("officer.spoken_unproven", vec![word, why])
        }
    }
}

fn face(shown: &Shown) -> (FaceView, Option<Words>) {
    let hint = |key: &str| Some(Words::of(key));
    match (&shown.judged.face, shown.ring) {
        (Face::Here(id), _) => (
            FaceView::Picture { id: id.clone() },
            hint("officer.face.compare"),
        ),
        (Face::Expected, Some((read, count))) => {
            (FaceView::Ring { read, count }, hint("officer.face.reading"))
        }
        (Face::Expected, None) => (FaceView::Awaited, hint("officer.face.awaited")),
        (Face::None, _) => {
            let is_proven = shown.judged.holder.is_some();
            let hint = is_proven.then(|| Words::of("officer.face.none"));
            (FaceView::None, hint)
        }
    }
}

fn source(source: StatusSource) -> Option<Words> {
    let key = match source {
        StatusSource::Staple => "officer.source.staple",
        StatusSource::Bundle => "officer.source.bundle",
        StatusSource::Online => "officer.source.online",
        _ => return None,
    };
    Some(Words::of(key))
}

fn reason_key(reason: Reason) -> String {
    format!("reason.{}", reason.code())
}

fn reason(reason: Reason) -> ReasonRow {
    let key = reason_key(reason);
    let tone = reason.outcome().map_or(Tone::Unknown, Outcome::tone);
    ReasonRow {
        code: reason.code().to_owned(),
        sign: tone.into(),
        words: Words::of(&key),
        what_to_do: Words::of(&format!("{key}.do")),
    }
}

fn notes(shown: &Shown) -> Vec<Note> {
    let another = shown
        .is_another
        .then(|| Note::new(Tone::Bad, "officer.note.another"));
    let troubles = shown.judged.troubles.iter().map(|it| note_of(*it));
    another.into_iter().chain(troubles).collect()
}

/// Whose clock is wrong, and by how much.
fn clock(difference: i64, troubles: &[BookTrouble]) -> Words {
    let key = if troubles.contains(&BookTrouble::ClockSetBack) {
        "officer.clock.own"
    } else if difference < 0 {
        "officer.clock.behind"
    } else {
        "officer.clock.ahead"
    };
    let seconds = u32::try_from(difference.unsigned_abs()).unwrap_or(u32::MAX);
    Words::with(key, vec![Value::Countdown { seconds }])
}

fn question(doubt: &DoubtPage, now: Reading) -> DoubtScreen {
    let question = doubt.question.as_ref();
    let digits = question.and_then(|asked| asked.digits.clone());
    let hint = match (doubt.by_digits, question.is_some()) {
        (true, true) => "officer.doubt.digits",
        (false, true) => "officer.doubt.qr",
        (_, false) => "officer.doubt.ask",
    };
    let problem = doubt.problem.map(|problem| match problem {
        Problem::NoAnswer => Note::new(Tone::Bad, "officer.doubt.no_answer"),
        Problem::Over => Note::new(Tone::Caution, "officer.doubt.over"),
        Problem::NotMade => Note::new(Tone::Caution, "officer.doubt.not_made"),
    });
    DoubtScreen {
        hint: Words::of(hint),
        qr: question
            .filter(|asked| asked.digits.is_none())
            .map(|asked| asked.id),
        digits,
        ends: question.map(|asked| {
            let seconds = whole(left(asked.ends, now));
            Words::with("officer.doubt.ends", vec![Value::Countdown { seconds }])
        }),
        problem,
        asking: doubt.asking.is_some(),
        may_look: question.is_some(),
    }
}

fn checks(page: &LogPage, log_days: u16) -> CheckLogScreen {
    let is_busy = page.exporting.is_some() || page.sharing.is_some();
    CheckLogScreen {
        broken: (!page.log.intact).then(|| Note::new(Tone::Bad, "history.broken")),
        kept: Words::with(
            "officer.log.kept",
            vec![Value::Number {
                number: u32::from(log_days),
            }],
        ),
        rows: page.log.entries.iter().map(check).collect(),
        may_export: !is_busy && !page.log.entries.is_empty(),
        failed: page
            .failed
            .then(|| Note::new(Tone::Bad, "officer.log.failed")),
    }
}

fn check(entry: &CheckEntry) -> CheckRow {
    let seconds = entry.at.seconds();
    CheckRow {
        day: Value::DayOf { seconds },
        at: Value::Moment { seconds },
        word: Words::of(word(entry.outcome)),
        sign: entry.outcome.tone().into(),
        reasons: entry
            .reasons
            .iter()
            .map(|it| Words::of(&reason_key(*it)))
            .collect(),
        number: entry.number.as_deref().map(|it| visible(it).into_owned()),
    }
}
