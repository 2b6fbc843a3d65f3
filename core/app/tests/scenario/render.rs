//! Screens and effects as a few lines of text.

use vidimus_app::driver::{Snapshot, SnapshotPage};
use vidimus_app::effect::{Ask, Effect, Place, ShellEffect, Task, UnlockReason};
use vidimus_app::event::Scope;
use vidimus_app::screen::{
    AnswerScreen, ApplicationCard, ApplicationOffer, Asker, CardStatus, FaceTurn, Field,
    HistoryScreen, LicenseScreen, LiveCode, OfferScreen, Offered, ScanScreen, Screen,
    SettingsScreen, ShowPhase, ShowScreen, SignInScreen, WelcomeScreen,
};
use vidimus_app::tone::{Note, Sign, Tone};
use vidimus_app::trouble::Story;
use vidimus_app::words::{Value, Words};

pub(super) fn screen(screen: &Screen, edit: u64) -> Vec<String> {
    let mut drawn = Vec::new();
    match screen {
        Screen::Opening => drawn.push("opening".to_owned()),
        Screen::Blocked(blocked) => {
            drawn.push(format!("blocked: {}", story(&blocked.story)));
            flag(&mut drawn, blocked.working, "working");
        }
        Screen::Welcome(state) => welcome(&mut drawn, state, edit),
        Screen::Scan(state) => scan(&mut drawn, state),
        Screen::Offer(state) => offer(&mut drawn, state, edit),
        Screen::SignIn(state) => sign_in(&mut drawn, state),
        Screen::License(state) => license(&mut drawn, state),
        Screen::Show(state) => show(&mut drawn, state),
        Screen::Answer(state) => answer(&mut drawn, state, edit),
        Screen::History(state) => history(&mut drawn, state),
        Screen::Settings(state) => settings(&mut drawn, state),
    }
    drawn
}

pub(super) fn heard(screen: &Screen) -> Option<String> {
    match screen {
        Screen::License(license) => Some(words(&license.card.spoken)),
        Screen::Show(show) => match &show.phase {
            ShowPhase::Live { code } => Some(words(&code.spoken)),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn flag(drawn: &mut Vec<String>, is_so: bool, told: &str) {
    if is_so {
        drawn.push(format!("  {told}"));
    }
}

pub(super) fn line(drawn: &mut Vec<String>, told: Option<String>) {
    drawn.extend(told.map(|told| format!("  {told}")));
}

/// What may be done now.
pub(super) fn can(drawn: &mut Vec<String>, may: &[(bool, &str)]) {
    let may: Vec<&str> = may
        .iter()
        .filter(|(may, _)| *may)
        .map(|(_, it)| *it)
        .collect();
    if !may.is_empty() {
        drawn.push(format!("  can {}", may.join(", ")));
    }
}

fn welcome(drawn: &mut Vec<String>, state: &WelcomeScreen, edit: u64) {
    let (title, body) = (words(&state.title), words(&state.body));
    drawn.push(format!("welcome: {title}, {body}"));
    applications(drawn, &state.applications);
    line(drawn, state.lock.as_ref().map(note));
    let offer = field("offer", &state.offer, edit);
    let closed = if state.typing { "" } else { " closed" };
    line(drawn, offer.map(|offer| format!("{offer}{closed}")));
    flag(drawn, state.reading, "reading");
    line(drawn, state.refusal.as_ref().map(note));
    state
        .troubles
        .iter()
        .for_each(|one| line(drawn, Some(format!("trouble {}", story(one)))));
    let is_first = !state.may_go_back && !state.reading;
    can(
        drawn,
        &[
            (state.may_go_back, "back"),
            (state.may_sign_in, "sign in"),
            (!state.reading, "scan"),
            (state.may_read, "read"),
            (is_first, "history"),
            (is_first, "settings"),
        ],
    );
}

fn scan(drawn: &mut Vec<String>, state: &ScanScreen) {
    let (title, instead) = (words(&state.title), words(&state.instead));
    drawn.push(format!("scan: {title}, or {instead}"));
    line(drawn, state.hint.as_ref().map(words));
    line(drawn, state.refused.as_ref().map(note));
}

fn offer(drawn: &mut Vec<String>, state: &OfferScreen, edit: u64) {
    let name = state.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!(" {name:?}"));
    drawn.push(format!("offer: {}{name}", state.issuer));
    line(drawn, Some(note(&state.proof)));
    if let Some(code) = &state.code {
        let kind = if code.numeric { "digits" } else { "letters" };
        line(drawn, field(&format!("code of {kind}"), &code.field, edit));
        let theirs = code.issuer_hint.as_ref();
        let theirs = theirs.map_or_else(String::new, |hint| format!(", they say {hint:?}"));
        line(drawn, Some(format!("{}{theirs}", words(&code.hint))));
        if let Some(length) = &code.length {
            let told = length.words.as_ref().map(words).unwrap_or_default();
            let complete = if length.complete { "complete" } else { "" };
            let told = [told.as_str(), complete].join(" ");
            line(
                drawn,
                Some(told.trim().to_owned()).filter(|told| !told.is_empty()),
            );
        }
    }
    flag(drawn, state.issuing, "issuing");
    line(drawn, state.refusal.as_ref().map(note));
    can(
        drawn,
        &[(state.may_take, "take"), (state.wants_lock, "set a lock")],
    );
}

fn sign_in(drawn: &mut Vec<String>, state: &SignInScreen) {
    drawn.push(format!("sign in: {}", state.authority));
    let told: Vec<String> = state.told.iter().map(words).collect();
    line(drawn, Some(told.join(", ")));
    line(drawn, state.until.as_ref().map(words));
    flag(drawn, state.working, "working");
    line(drawn, state.refusal.as_ref().map(note));
    let button = state.button.as_ref();
    line(drawn, button.map(|it| format!("button {}", words(it))));
    can(
        drawn,
        &[
            (state.may_cancel, "cancel the sign-in"),
            (state.wants_lock, "set a lock"),
        ],
    );
}

fn applications(drawn: &mut Vec<String>, cards: &[ApplicationCard]) {
    for card in cards {
        line(
            drawn,
            Some(format!("application {} {}", card.id, note(&card.stage))),
        );
        let told: Vec<String> = card.told.iter().map(words).collect();
        line(drawn, Some(format!("  {}", told.join(", "))));
        let says = card.authority_says.as_ref();
        line(drawn, says.map(|says| format!("  they say {says:?}")));
        flag(drawn, card.asking, "  asking");
        let button = card.button.as_ref().map(|button| {
            let does = match button.does {
                ApplicationOffer::SignIn => "sign in",
                ApplicationOffer::Refresh => "refresh",
                ApplicationOffer::Dismiss => "dismiss",
            };
            format!("  button {} -> {does}", words(&button.words))
        });
        line(drawn, button);
    }
}

fn license(drawn: &mut Vec<String>, state: &LicenseScreen) {
    drawn.push(format!("license: {}", words(&state.title)));
    if let Some(pager) = &state.pager {
        let to = |to: Option<u32>| to.map_or("-".to_owned(), |to| to.to_string());
        let (previous, next) = (to(pager.previous), to(pager.next));
        line(
            drawn,
            Some(format!("{}, {previous} < > {next}", words(&pager.place))),
        );
    }
    applications(drawn, &state.applications);
    for trouble in &state.troubles {
        line(drawn, Some(format!("trouble {}", story(trouble))));
    }
    let card = &state.card;
    let name = card
        .holder
        .as_ref()
        .map_or("-".to_owned(), |holder| format!("{:?}", holder.name));
    line(
        drawn,
        Some(format!("card {} {name}: {}", card.id, status(&card.status))),
    );
    line(
        drawn,
        card.portrait
            .as_ref()
            .map(|portrait| format!("portrait {portrait}")),
    );
    line(drawn, card.damaged.as_ref().map(note));
    flag(drawn, state.refreshing, "refreshing");
    can(
        drawn,
        &[(state.may_show, "show"), (state.may_show, "answer")],
    );
}

pub(super) fn status(status: &CardStatus) -> String {
    let age = status.age.as_ref();
    let age = age.map_or_else(String::new, |age| format!(", {}", value(age)));
    let as_of = status.as_of.as_ref();
    let as_of = as_of.map_or_else(String::new, |words| format!(", {}", self::words(words)));
    format!("{} {}{age}{as_of}", sign(status.sign), words(&status.state))
}

fn show(drawn: &mut Vec<String>, state: &ShowScreen) {
    match &state.phase {
        ShowPhase::Unlocking { words } => drawn.push(format!("show: {}", self::words(words))),
        ShowPhase::Locked { note } => drawn.push(format!("show: {}", self::note(note))),
        ShowPhase::Starting { words } => drawn.push(format!("show: {}", self::words(words))),
        ShowPhase::Live { code } => live(drawn, code),
        ShowPhase::Over { words } => {
            let words: Vec<String> = words.iter().map(self::words).collect();
            drawn.push(format!("show: {}", words.join(", ")));
        }
        ShowPhase::Failed { story } => drawn.push(format!("show: trouble {}", self::story(story))),
    }
    line(
        drawn,
        state.button.as_ref().map(|button| {
            let does = match button.does {
                Offered::Show => "show".to_owned(),
                Offered::Answer => "answer".to_owned(),
                Offered::Act { action } => format!("act {}", action.code()),
            };
            format!("button {} -> {does}", words(&button.words))
        }),
    );
}

fn live(drawn: &mut Vec<String>, code: &LiveCode) {
    let LiveCode {
        showing,
        frame,
        holder,
        ..
    } = code;
    let codes = code.categories.join(" ");
    let portrait = code.portrait.as_ref();
    let portrait = portrait.map_or_else(String::new, |id| format!(", portrait {id}"));
    drawn.push(format!(
        "show: code {frame} of #{showing}, {holder:?} {} {codes}{portrait}",
        code.number
    ));
    line(drawn, Some(status(&code.status)));
    let (next, ends) = (words(&code.next), words(&code.ends));
    let now = value(&code.now);
    line(
        drawn,
        Some(format!("{now}, {next} of {}, {ends}", code.period_s)),
    );
    line(
        drawn,
        code.audience
            .as_ref()
            .map(|who| format!("for {}", asker(who))),
    );
    line(drawn, code.status_left_out.as_ref().map(note));
    line(
        drawn,
        match code.face {
            FaceTurn::None => None,
            FaceTurn::Off => Some("face off".to_owned()),
            FaceTurn::Token => Some("face on, the code's turn".to_owned()),
            FaceTurn::Frame { index, count } => Some(format!("face on, part {index} of {count}")),
        },
    );
}

fn asker(asker: &Asker) -> String {
    format!("{}, {}", value(&asker.name), note(&asker.proof))
}

fn answer(drawn: &mut Vec<String>, state: &AnswerScreen, edit: u64) {
    drawn.push("answer".to_owned());
    line(drawn, field("digits", &state.digits, edit));
    line(drawn, state.problem.as_ref().map(note));
    line(
        drawn,
        state
            .asker
            .as_ref()
            .map(|who| format!("asker {}", asker(who))),
    );
    line(drawn, state.license.as_ref().map(words));
    let shares: Vec<String> = state.shares.iter().map(words).collect();
    line(
        drawn,
        Some(shares.join(", ")).filter(|shares| !shares.is_empty()),
    );
    line(
        drawn,
        state.face.map(|face| {
            let on = if face.on { "on" } else { "off" };
            format!("wants the face: {on}")
        }),
    );
    can(
        drawn,
        &[
            (state.may_read, "read"),
            (state.asker.is_some(), "answer now"),
        ],
    );
}

fn history(drawn: &mut Vec<String>, state: &HistoryScreen) {
    drawn.push("history".to_owned());
    line(drawn, state.broken.as_ref().map(note));
    for row in &state.rows {
        let status = row.status.as_ref().map(words);
        let details = row.details.iter().map(words);
        let more: Vec<String> = status.into_iter().chain(details).collect();
        let more = if more.is_empty() {
            String::new()
        } else {
            format!(": {}", more.join(", "))
        };
        let kind = format!("{:?}", row.kind).to_lowercase();
        line(
            drawn,
            Some(format!("{kind} {}{more}", words(&row.headline))),
        );
    }
}

fn settings(drawn: &mut Vec<String>, state: &SettingsScreen) {
    drawn.push(format!("settings: {}", state.authority));
    let links: Vec<String> = state.links.iter().map(|link| words(&link.words)).collect();
    line(drawn, Some(links.join(", ")));
    for license in &state.licenses {
        let number = license.number.as_deref().unwrap_or("-");
        let asked = if license.asked { ", asked" } else { "" };
        let removing = if license.removing { ", busy" } else { "" };
        let told = format!(
            "{} {} {number}{asked}{removing}",
            license.id,
            value(&license.name)
        );
        line(drawn, Some(told));
    }
}

/// A field; the number of the last typing that it has heard stands there where that is not the
/// newest.
pub(super) fn field(name: &str, field: &Field, edit: u64) -> Option<String> {
    let heard = if field.edit == edit {
        String::new()
    } else {
        format!(" as of typing {}", field.edit)
    };
    Some(format!("{name} {:?}{heard}", field.text))
}

fn story(story: &Story) -> String {
    let (code, action) = (story.trouble.code(), story.action.code());
    format!("{code} {} -> {action}", sign(story.sign))
}

pub(super) fn note(note: &Note) -> String {
    format!("{} {}", sign(note.sign), words(&note.words))
}

pub(super) fn sign(sign: Sign) -> &'static str {
    match sign.tone {
        Tone::Good => "good",
        Tone::Caution => "caution",
        Tone::Bad => "bad",
        Tone::Unknown => "unknown",
    }
}

pub(super) fn words(words: &Words) -> String {
    if words.values.is_empty() {
        return words.key.clone();
    }
    let values: Vec<String> = words.values.iter().map(value).collect();
    format!("{}({})", words.key, values.join(", "))
}

pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Text { text } => format!("{text:?}"),
        Value::Word { key } => key.clone(),
        Value::Number { number } => number.to_string(),
        Value::Count { key, number } => format!("{key} {number}"),
        Value::Day { day } => format!("{}-{:02}-{:02}", day.year, day.month, day.day),
        Value::Month { year, month } => format!("{year}-{month:02}"),
        Value::Year { year } => year.to_string(),
        Value::Moment { seconds } => format!("at {seconds}"),
        Value::Clock { seconds } => format!("clock {seconds}"),
        Value::DayOf { seconds } => format!("day of {seconds}"),
        Value::Age { minutes } => format!("{minutes} min old"),
        Value::Confirmed {
            minutes: Some(minutes),
        } => format!("confirmed {minutes} min ago"),
        Value::Confirmed { minutes: None } => "never confirmed".to_owned(),
        Value::Countdown { seconds } => format!("{}:{:02}", seconds / 60, seconds % 60),
        Value::Several { items } => items.join("+"),
    }
}

pub(super) fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Do { id, task } => format!("#{id} {}", self::task(task)),
        Effect::Ask { id, ask } => shell_effect(ShellEffect { id: *id, ask: *ask }),
        Effect::Stop { id } => format!("stop #{id}"),
    }
}

fn task(task: &Task) -> String {
    match task {
        Task::Open => "open the wallet".to_owned(),
        Task::BeginAnew => "begin anew".to_owned(),
        Task::Reread => "read the licenses".to_owned(),
        Task::ReadOffer { text } => format!("read the offer {text:?}"),
        Task::Enroll { offer, code: None } => format!("enroll by #{offer}"),
        Task::Enroll {
            offer,
            code: Some(code),
        } => format!("enroll by #{offer} with {code:?}"),
        Task::Refresh {
            scope: Scope::Opened,
        } => "refresh what is due at the opening".to_owned(),
        Task::Refresh { scope: Scope::Due } => "refresh what is due".to_owned(),
        Task::Refresh { scope: Scope::Now } => "refresh now".to_owned(),
        Task::Present { license } => format!("begin to show {license}"),
        Task::ReadQuestion { text } => format!("read the question {text:?}"),
        Task::Answer { question, license } => format!("begin to answer #{question} with {license}"),
        Task::NextFrame { showing, face } => {
            let face = if *face { " with the face" } else { "" };
            format!("sign a code of #{showing}{face}")
        }
        Task::EndShowing { showing } => format!("end #{showing}"),
        Task::ReadHistory => "read the history".to_owned(),
        Task::Apply => "ask for a sign-in".to_owned(),
        Task::Resume { redirect } => format!("go on with {redirect:?}"),
        Task::Abandon => "give the sign-in up".to_owned(),
        Task::Dismiss { application } => format!("dismiss {application}"),
        Task::Remove { license } => format!("remove {license}"),
    }
}

pub(super) fn shell_effect(effect: ShellEffect) -> String {
    let ask = match effect.ask {
        Ask::Unlock {
            reason: UnlockReason::Showing,
        } => "unlock to show",
        Ask::Unlock {
            reason: UnlockReason::Removing,
        } => "unlock to remove",
        Ask::Camera => "camera",
        Ask::Leave { to: Place::Clock } => "leave for the clock",
        Ask::Leave { to: Place::Lock } => "leave for the lock",
        Ask::Leave { to: Place::Storage } => "leave for the storage",
        Ask::Leave { to: Place::Store } => "leave for the store",
        Ask::Leave {
            to: Place::Authority,
        } => "leave for the authority",
        Ask::Leave { to: Place::App } => "leave for the app's settings",
        Ask::Leave {
            to: Place::Language,
        } => "leave for the language",
        Ask::Leave {
            to: Place::Notifications,
        } => "leave for the notifications",
        Ask::Leave { to: Place::Check } => "leave for checking",
        Ask::OpenBrowser => "open the browser",
        Ask::Save => "save",
        Ask::StayAwake => "stay awake",
    };
    format!("#{} {ask}", effect.id)
}

pub(super) fn kept(kept: &Snapshot) -> String {
    let page = match kept.page {
        SnapshotPage::Home => "home",
        SnapshotPage::Welcome => "welcome",
        SnapshotPage::Offer => "offer",
        SnapshotPage::SignIn => "sign-in",
        SnapshotPage::Answer => "answer",
        SnapshotPage::History => "history",
        SnapshotPage::Settings => "settings",
    };
    let mut told = page.to_owned();
    let code = kept.code.as_ref().map(|(code, _)| code);
    for (name, part) in [
        ("front", kept.front.as_ref()),
        ("asked", kept.asked.as_ref()),
        ("text", Some(&kept.text).filter(|text| !text.is_empty())),
        ("code", code),
        ("link", kept.link.as_ref()),
    ] {
        if let Some(part) = part {
            told.push_str(&format!(", {name} {part:?}"));
        }
    }
    told
}
