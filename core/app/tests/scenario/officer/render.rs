//! Screens and effects of the app that checks licenses as a few lines of text.

use vidimus_app::effect::{Effect, Place};
use vidimus_app::officer::effect::{OfficerAsk, OfficerShellEffect, OfficerTask};
use vidimus_app::screen::officer::{
    CheckLogScreen, DoubtScreen, FaceView, LookScreen, OfficerScreen, StartScreen, VerdictScreen,
};

use super::super::render::{can, field, flag, line, note, sign, status, value, words};

pub(super) fn screen(screen: &OfficerScreen, edit: u64) -> Vec<String> {
    let mut drawn = Vec::new();
    match screen {
        OfficerScreen::Opening => drawn.push("opening".to_owned()),
        OfficerScreen::Start(state) => start(&mut drawn, state),
        OfficerScreen::Look(state) => look(&mut drawn, state, edit),
        OfficerScreen::Verdict(state) => verdict(&mut drawn, state),
        OfficerScreen::Two(two) => {
            drawn.push(format!("two: {}", note(&two.note)));
            flag(&mut drawn, two.torch, "torch on");
        }
        OfficerScreen::Doubt(state) => doubt(&mut drawn, state),
        OfficerScreen::Log(state) => log(&mut drawn, state),
        OfficerScreen::Blocked(blocked) => {
            let (code, action) = (blocked.trouble.code(), blocked.action.code());
            drawn.push(format!(
                "blocked: {code} {} -> {action}",
                sign(blocked.sign)
            ));
            flag(&mut drawn, blocked.working, "working");
        }
    }
    drawn
}

fn start(drawn: &mut Vec<String>, state: &StartScreen) {
    drawn.push("start".to_owned());
    for row in &state.trust {
        let (list, statuses) = (words(&row.list), words(&row.statuses));
        let told = format!("{} {}: {list}, {statuses}", sign(row.sign), row.name);
        line(drawn, Some(told));
    }
    line(drawn, state.note.as_ref().map(note));
    let trouble = state.trouble.as_ref();
    line(drawn, trouble.map(|it| format!("trouble {}", note(it))));
    flag(drawn, state.refreshing, "refreshing");
    can(drawn, &[(state.may_check, "check")]);
}

fn torch(drawn: &mut Vec<String>, torch: Option<bool>) {
    let told = torch.map(|on| if on { "torch on" } else { "torch off" });
    line(drawn, told.map(str::to_owned));
}

fn look(drawn: &mut Vec<String>, state: &LookScreen, edit: u64) {
    drawn.push(format!("look: {}", words(&state.title)));
    line(drawn, state.hint.as_ref().map(words));
    line(drawn, state.miss.as_ref().map(note));
    torch(drawn, state.torch);
    line(drawn, state.refused.as_ref().map(note));
    let typing = state.typing.as_ref();
    line(drawn, typing.and_then(|it| field("text", it, edit)));
    can(drawn, &[(state.may_read, "read")]);
}

fn verdict(drawn: &mut Vec<String>, state: &VerdictScreen) {
    let (tone, word) = (sign(state.sign), words(&state.word));
    drawn.push(format!("verdict {}: {tone} {word}", state.announcement));
    line(drawn, Some(format!("spoken {}", words(&state.spoken))));
    if let Some(holder) = &state.holder {
        let by = state.authority.as_deref().unwrap_or("-");
        let told = format!("license {} {:?} by {by:?}", holder.number, holder.name);
        line(drawn, Some(told));
    }
    if let Some(standing) = &state.standing {
        let source = state.source.as_ref().map(words);
        let source = source.map_or_else(String::new, |it| format!(", {it}"));
        line(drawn, Some(format!("{}{source}", status(standing))));
    }
    for reason in &state.reasons {
        let (what, to_do) = (words(&reason.words), words(&reason.what_to_do));
        let told = format!("{} {what} -> {to_do}", sign(reason.sign));
        line(drawn, Some(told));
    }
    let hint = state.face_hint.as_ref().map(words);
    let hint = hint.map_or_else(String::new, |it| format!(", {it}"));
    let face = match &state.face {
        FaceView::None => "no face".to_owned(),
        FaceView::Awaited => "face awaited".to_owned(),
        FaceView::Ring { read, count } => format!("face {read} of {count}"),
        FaceView::Picture { id } => format!("face {id}"),
    };
    line(drawn, Some(format!("{face}{hint}")));
    state
        .notes
        .iter()
        .for_each(|it| line(drawn, Some(note(it))));
    line(drawn, state.clock.as_ref().map(words));
    line(drawn, state.first_seen.as_ref().map(words));
    flag(drawn, state.doubtful, "doubtful");
    flag(drawn, state.is_answer, "an answer");
    torch(drawn, state.torch);
}

fn doubt(drawn: &mut Vec<String>, state: &DoubtScreen) {
    drawn.push(format!("doubt: {}", words(&state.hint)));
    line(drawn, state.qr.map(|id| format!("QR of #{id}")));
    line(
        drawn,
        state.digits.as_ref().map(|it| format!("digits {it}")),
    );
    line(drawn, state.ends.as_ref().map(words));
    line(drawn, state.problem.as_ref().map(note));
    flag(drawn, state.asking, "asking");
    can(drawn, &[(state.may_look, "look")]);
}

fn log(drawn: &mut Vec<String>, state: &CheckLogScreen) {
    drawn.push(format!("log: {}", words(&state.kept)));
    line(drawn, state.broken.as_ref().map(note));
    for row in &state.rows {
        let reasons: Vec<String> = row.reasons.iter().map(words).collect();
        let reasons = reasons.join(", ");
        let number = row.number.as_deref().unwrap_or("-");
        let (tone, word, at) = (sign(row.sign), words(&row.word), value(&row.at));
        let told = format!("{at} {tone} {word} {number}: {reasons}");
        line(drawn, Some(told.trim_end_matches([' ', ':']).to_owned()));
    }
    line(drawn, state.failed.as_ref().map(note));
    can(drawn, &[(state.may_export, "export")]);
}

pub(super) fn effect(effect: &Effect<OfficerTask, OfficerAsk>) -> String {
    match effect {
        Effect::Do { id, task } => format!("#{id} {}", self::task(task)),
        Effect::Ask { id, ask } => shell_effect(OfficerShellEffect { id: *id, ask: *ask }),
        Effect::Stop { id } => format!("stop #{id}"),
    }
}

fn task(task: &OfficerTask) -> String {
    match task {
        OfficerTask::Open => "open the book".to_owned(),
        OfficerTask::BeginAnew => "begin anew".to_owned(),
        OfficerTask::Refresh { all: true } => "refresh all".to_owned(),
        OfficerTask::Refresh { all: false } => "refresh what is due".to_owned(),
        OfficerTask::Take {
            look,
            answers,
            texts,
        } => {
            let answers = answers.map_or_else(String::new, |id| format!(" for #{id}"));
            format!("take {} in look {look}{answers}", texts.join("+"))
        }
        OfficerTask::Ask { digits: true } => "ask by digits".to_owned(),
        OfficerTask::Ask { digits: false } => "ask by QR".to_owned(),
        OfficerTask::ReadLog => "read the log".to_owned(),
        OfficerTask::Export => "write the log".to_owned(),
    }
}

pub(super) fn shell_effect(effect: OfficerShellEffect) -> String {
    let ask = match effect.ask {
        OfficerAsk::Camera => "camera",
        OfficerAsk::Torch => "torch",
        OfficerAsk::Share => "share",
        OfficerAsk::Leave { to } => match to {
            Place::App => "leave for the app's settings",
            Place::Store => "leave for the store",
            Place::Storage => "leave for the storage",
            _ => "leave for elsewhere",
        },
    };
    format!("#{} {ask}", effect.id)
}
