//! What may be printed: nothing that a driver typed, and nothing of a license or of who asked for
//! one.
//!
//! Types that hold such things have no `Debug` at all. A public type that is in neither list fails
//! the last test.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::marker::PhantomData;
use std::path::Path;

use vidimus_app::driver::{Snapshot, State};
use vidimus_app::effect::{Effect, Task};
use vidimus_app::event::{
    Action, Answer, ApplicationStage, Applied, CodeAsked, Event, Framed, Held, Missed, OfferRead,
    Opened, Outcome, Outlook, Overview, QuestionRead, Refreshed, Resumed,
};
use vidimus_app::notices::{Known, Told};
use vidimus_app::officer::OfficerState;
use vidimus_app::officer::effect::OfficerTask;
use vidimus_app::officer::event::{
    Authority, Challenged, Face, Fetched, Judged, OfficerAction, OfficerAnswer, OfficerEvent,
    OfficerOutcome, Sighting,
};
use vidimus_app::runner::officer::{
    OfficerApp, OfficerNews, OfficerSetup, OfficerUpdate, TrustedAuthority,
};
use vidimus_app::runner::{App, KeySealer, News, Setup, Update};
use vidimus_app::screen::officer::{
    BookBlockedScreen, CheckLogScreen, CheckRow, DoubtScreen, FaceView, LookScreen, OfficerScreen,
    ReasonRow, StartScreen, TrustRow, TwoScreen, VerdictScreen,
};
use vidimus_app::screen::{
    AnswerScreen, ApplicationButton, ApplicationCard, Asker, BlockedScreen, CardStatus,
    CategoryRow, CodeField, CodeLength, Condition, Field, HistoryRow, HistoryScreen, Holder,
    LicenseCard, LicenseScreen, LiveCode, OfferScreen, Pager, RemovableLicense, ScanScreen, Screen,
    SettingsLink, SettingsScreen, ShowButton, ShowPhase, ShowScreen, SignInScreen, WelcomeScreen,
};
use vidimus_app::tone::Note;
use vidimus_app::trouble::Story;
use vidimus_app::words::{CalendarDay, Value, Words};

/// `DEBUG` is true where a type has a `Debug`: then the constant of the type itself hides the
/// trait's.
struct Probe<T>(PhantomData<T>);

trait Otherwise {
    const DEBUG: bool = false;
}

impl<T> Otherwise for Probe<T> {}

impl<T: Debug> Probe<T> {
    const DEBUG: bool = true;
}

macro_rules! debugs {
    ($($type:ty),+ $(,)?) => {
        [$((stringify!($type), Probe::<$type>::DEBUG)),+]
    };
}

/// Types with personal data, with what was typed, or with keys.
fn without_debug() -> Vec<(&'static str, bool)> {
    debugs![
        Action,
        Answer,
        AnswerScreen,
        App,
        ApplicationButton,
        ApplicationCard,
        ApplicationStage,
        Applied,
        Asker,
        Authority,
        BlockedScreen,
        BookBlockedScreen,
        CalendarDay,
        CardStatus,
        CategoryRow,
        Challenged,
        CheckLogScreen,
        CheckRow,
        CodeAsked,
        CodeField,
        CodeLength,
        Condition,
        DoubtScreen,
        Effect,
        Event,
        Face,
        FaceView,
        Fetched,
        Field,
        Framed,
        Held,
        HistoryRow,
        HistoryScreen,
        Holder,
        Judged,
        KeySealer,
        Known,
        LicenseCard,
        LicenseScreen,
        LiveCode,
        LookScreen,
        Missed,
        News,
        Note,
        OfferRead,
        OfferScreen,
        OfficerAction,
        OfficerApp,
        OfficerAnswer,
        OfficerEvent,
        OfficerNews,
        OfficerOutcome,
        OfficerScreen,
        OfficerSetup,
        OfficerState,
        OfficerTask,
        OfficerUpdate,
        Opened,
        Outcome,
        Outlook,
        Overview,
        Pager,
        QuestionRead,
        ReasonRow,
        Refreshed,
        RemovableLicense,
        Resumed,
        ScanScreen,
        Screen,
        SettingsLink,
        SettingsScreen,
        Setup,
        ShowButton,
        ShowPhase,
        ShowScreen,
        SignInScreen,
        Sighting,
        Snapshot,
        StartScreen,
        State,
        Story,
        Task,
        Told,
        TrustRow,
        TrustedAuthority,
        TwoScreen,
        Update,
        Value,
        VerdictScreen,
        WelcomeScreen,
        Words,
    ]
    .to_vec()
}

/// Types that hold nothing of a driver or a license.
const HARMLESS: [&str; 32] = [
    "AnswerTrouble",
    "ApplicationOffer",
    "Ask",
    "BookFailure",
    "DueNotices",
    "End",
    "FaceAsked",
    "FaceTurn",
    "Failure",
    "FramedFace",
    "HistoryKind",
    "LicenseNotice",
    "KeyList",
    "KnownApplication",
    "LockOutcome",
    "Mark",
    "NoticeKind",
    "OfferTrouble",
    "Offered",
    "OfficerAsk",
    "OfficerShellEffect",
    "Place",
    "PlannedNotice",
    "Planning",
    "Scope",
    "ShellEffect",
    "Sign",
    "SnapshotPage",
    "Tone",
    "Trouble",
    "TroubleAction",
    "UnlockReason",
];

#[test]
fn types_with_personal_data_have_no_debug() {
    const { assert!(Probe::<u8>::DEBUG, "the probe sees a Debug") };
    for (name, has_debug) in without_debug() {
        assert!(!has_debug, "{name}");
    }
}

#[test]
fn each_public_type_is_in_one_list() {
    let mut listed: BTreeSet<String> = HARMLESS.map(str::to_owned).into();
    for (name, _) in without_debug() {
        assert!(listed.insert(name.to_owned()), "{name} is in two lists");
    }
    let mut found = BTreeSet::new();
    public_types(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert_eq!(found, listed);
}

/// The names of the public structs and enums under a folder.
fn public_types(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            public_types(&path, found);
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            let rest = line
                .strip_prefix("pub struct ")
                .or(line.strip_prefix("pub enum "));
            if let Some(rest) = rest {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(rest.len());
                found.insert(rest[..end].to_owned());
            }
        }
    }
}
