//! Makes the screen of a state.

use std::time::Duration;

use vidimus_credential::meaning::{Standing, Tone};
use vidimus_credential::text::shown;
use vidimus_wallet::activity_log::{ActivityEntry, Audience, Event as Happened, Fields};
use vidimus_wallet::issuance::IssuerStanding;
use vidimus_wallet::ports::Reading;

use super::State;
use super::face;
use super::pages::{
    AnswerPage, OfferPage, Page, Question, Scan, SettingsPage, ShowPage, ShowStep, Showing,
    ShownCode, Welcome, characters,
};
use super::pages::{Blocked, ScanOrigin};
use super::sign_in_view;
use super::wallet::{OpenWallet, may_show, standings};
use crate::event::{CodeAsked, Held, LockOutcome, QuestionRead, Scope};
use crate::screen::{
    AnswerScreen, Asker, BlockedScreen, CardStatus, CodeField, CodeLength, FaceAsked, Field,
    HistoryKind, HistoryRow, HistoryScreen, LicenseCard, LicenseScreen, LiveCode, OfferScreen,
    Offered, Pager, RemovableLicense, ScanScreen, Screen, SettingsLink, SettingsScreen, ShowButton,
    ShowPhase, ShowScreen, WelcomeScreen,
};
use crate::time::{left, minutes, whole};
use crate::tone::Note;
use crate::trouble::{AnswerTrouble, Refusal, TroubleAction};
use crate::words::{Value, Words};

/// The name of a reader whose digits were told (token profile).
const BY_DIGITS: &str = "dl1:code";

/// What is on the screen.
#[must_use]
pub fn screen(state: &State, now: Reading) -> Screen {
    let view = View { state, now };
    match &state.page {
        Page::Opening => Screen::Opening,
        Page::Blocked(blocked) => Screen::Blocked(view.blocked(blocked)),
        Page::Welcome(welcome) => Screen::Welcome(view.welcome(welcome)),
        Page::Scan(scan) => Screen::Scan(scan_screen(scan)),
        Page::Offer(offer) => Screen::Offer(view.offer(offer)),
        Page::SignIn(page) => Screen::SignIn(sign_in_view::screen(state, page, now)),
        Page::License => {
            let open = state.open.as_ref();
            let license = open.and_then(|open| view.license(open));
            license.map_or(Screen::Opening, Screen::License)
        }
        Page::Show(show) => Screen::Show(view.show(show)),
        Page::Answer(answer) => Screen::Answer(view.answer(answer)),
        Page::History(activity) => Screen::History(HistoryScreen {
            broken: (!activity.intact).then(|| Note::new(Tone::Bad, "history.broken")),
            rows: activity.entries.iter().map(row).collect(),
        }),
        Page::Settings(settings) => Screen::Settings(view.settings(settings)),
    }
}

struct View<'s> {
    state: &'s State,
    now: Reading,
}

impl View<'_> {
    fn field(&self, text: &str) -> Field {
        Field {
            text: text.to_owned(),
            edit: self.state.edit,
        }
    }

    fn blocked(&self, blocked: &Blocked) -> BlockedScreen {
        BlockedScreen {
            story: blocked.trouble.story(),
            working: self.state.is_working(blocked),
        }
    }

    fn welcome(&self, welcome: &Welcome) -> WelcomeScreen {
        let open = self.state.open.as_ref();
        let may_go_back = open.is_some_and(OpenWallet::has_licenses);
        let again = open.is_some_and(|open| open.overview.misses_license);
        let waits = open.is_some_and(|open| open.overview.is_waiting());
        let signs_in = open.is_some_and(|open| open.sign_in_ends(self.now).is_some());
        let reading = welcome.reading.is_some();
        let has_sign_in = self.state.sign_in_redirect.is_some();
        let title = match (may_go_back, waits, again) {
            (true, _, _) => "license.add",
            (false, true, _) => "welcome.waiting.title",
            (false, false, true) => "welcome.again.title",
            (false, false, false) => "welcome.title",
        };
        let body = match (waits && !may_go_back, again, has_sign_in) {
            (true, _, _) => "welcome.waiting",
            (false, true, true) => "welcome.again.sign_in",
            (false, true, false) => "welcome.again",
            (false, false, true) => "welcome.body.sign_in",
            (false, false, false) => "welcome.body",
        };
        // Where there is a license, they are shown beside it.
        let troubles = open.filter(|_| !may_go_back);
        let troubles = troubles.map(|open| open.troubles(self.now, self.state.has_lock));
        WelcomeScreen {
            title: Words::of(title),
            body: Words::of(body),
            may_go_back,
            lock: (!self.state.has_lock).then(|| Note::new(Tone::Caution, "welcome.lock")),
            may_sign_in: self.state.may_sign_in() && !reading && !signs_in,
            applications: open.map_or_else(Vec::new, |open| sign_in_view::cards(open, self.now)),
            typing: welcome.typing || !welcome.text.is_empty(),
            offer: self.field(&welcome.text),
            reading,
            may_read: !reading && !welcome.text.trim().is_empty(),
            refusal: welcome.refusal.map(Refusal::note),
            troubles: stories(troubles.unwrap_or_default()),
        }
    }

    fn offer(&self, offer: &OfferPage) -> OfferScreen {
        let read = &offer.read;
        let proof = match read.standing {
            IssuerStanding::Authority => Note::new(Tone::Good, "offer.proven"),
            IssuerStanding::Listed => Note::new(Tone::Good, "offer.listed"),
            _ => Note::new(Tone::Caution, "offer.unproven"),
        };
        let code = read.code.as_ref().map(|asked| CodeField {
            field: self.field(offer.typed()),
            numeric: asked.numeric,
            hint: Words::of("offer.code.hint"),
            issuer_hint: asked.hint.clone(),
            length: code_length(asked, offer.typed()),
        });
        OfferScreen {
            issuer: read.issuer.clone(),
            name: read.name.clone(),
            proof,
            code,
            issuing: offer.enrolling.is_some(),
            refusal: offer.refusal.map(Refusal::note),
            wants_lock: offer.wants_lock(),
            may_take: offer.may_take(),
        }
    }

    fn license(&self, open: &OpenWallet) -> Option<LicenseScreen> {
        let held = open.front()?;
        let (index, count) = (open.front_index(), open.overview.licenses.len());
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let pager = (count > 1).then(|| Pager {
            place: Words::with(
                "license.of",
                vec![
                    Value::Number {
                        number: number(index.saturating_add(1)),
                    },
                    Value::Number {
                        number: number(count),
                    },
                ],
            ),
            previous: index.checked_sub(1).map(number),
            next: Some(index.saturating_add(1))
                .filter(|next| *next < count)
                .map(number),
        });
        let title = if count > 1 {
            "license.titles"
        } else {
            "license.title"
        };
        let running = open.schedule.running;
        Some(LicenseScreen {
            title: Words::of(title),
            card: card(held, open.ago(self.now)),
            pager,
            refreshing: running.is_some_and(|(_, scope)| scope == Scope::Now),
            applications: sign_in_view::cards(open, self.now),
            troubles: stories(open.troubles(self.now, self.state.has_lock)),
            may_show: may_show(held),
        })
    }

    fn show(&self, show: &ShowPage) -> ShowScreen {
        let words = Words::of;
        let button = |key: &str, does| {
            Some(ShowButton {
                words: Words::of(key),
                does,
            })
        };
        let again = |key: &str| button(key, Offered::Show);
        let set_lock = TroubleAction::SetLock;
        let set_lock = || button(set_lock.word(), Offered::Act { action: set_lock });
        let (phase, button) = match &show.step {
            ShowStep::Unlocking(_) => (
                ShowPhase::Unlocking {
                    words: words("show.unlocking"),
                },
                None,
            ),
            ShowStep::Locked(outcome) => {
                let (tone, key, button) = match outcome {
                    LockOutcome::NoLock => (Tone::Bad, "show.no_lock", set_lock()),
                    LockOutcome::Failed => (Tone::Caution, "show.failed", again("show.unlock")),
                    LockOutcome::Cancelled | LockOutcome::Opened => {
                        (Tone::Unknown, "show.cancelled", again("show.unlock"))
                    }
                };
                let note = Note::new(tone, key);
                (ShowPhase::Locked { note }, button)
            }
            ShowStep::Beginning(_) => (starting(), None),
            ShowStep::On(showing) => match &showing.code {
                Some(code) => {
                    let code = self.live(show, showing, code);
                    (ShowPhase::Live { code }, None)
                }
                None => (starting(), None),
            },
            ShowStep::Over { by_itself } => {
                let time = by_itself.then(|| words("show.over"));
                let words = time.into_iter().chain([words("show.ended")]).collect();
                (ShowPhase::Over { words }, again("show.again"))
            }
            ShowStep::TooLate => (
                ShowPhase::Over {
                    words: vec![words("show.too_late")],
                },
                button("license.answer", Offered::Answer),
            ),
            ShowStep::Failed(trouble) => {
                let story = trouble.story();
                let does = Offered::Act {
                    action: story.action,
                };
                let button = button(story.action.word(), does);
                (ShowPhase::Failed { story }, button)
            }
        };
        ShowScreen { phase, button }
    }

    fn live(&self, show: &ShowPage, showing: &Showing, code: &ShownCode) -> LiveCode {
        // The last second stays on the screen while the next code is signed.
        let next_in_s = whole(left(code.next, self.now)).max(1);
        let confirmed = code.age.map(minutes);
        let holder = Value::text(&show.holder.name);
        let (face, frame) = face::turn(show, showing, code, self.now);
        // It stands still while the next code is signed, as the countdown does.
        let elapsed = code.lasts.saturating_sub(left(code.next, self.now));
        LiveCode {
            showing: showing.id,
            frame,
            holder: show.holder.name.clone(),
            portrait: show.portrait.clone(),
            number: show.holder.number.clone(),
            categories: show
                .holder
                .categories
                .iter()
                .map(|row| row.code.clone())
                .collect(),
            now: Value::Clock {
                seconds: code.signed_at.saturating_add(elapsed.as_secs()),
            },
            face,
            status: status(code.standing, code.as_of, confirmed),
            next_in_s,
            period_s: whole(code.lasts),
            next: Words::with("show.new_code", vec![Value::Number { number: next_in_s }]),
            ends: Words::with(
                "show.ends",
                vec![Value::Countdown {
                    seconds: whole(left(showing.ends, self.now)),
                }],
            ),
            spoken: Words::with(
                "show.spoken",
                vec![
                    holder,
                    Value::word(code.standing.word()),
                    Value::Confirmed { minutes: confirmed },
                    Value::Count {
                        key: "seconds".to_owned(),
                        number: next_in_s,
                    },
                ],
            ),
            audience: show.question.as_ref().map(asker),
            status_left_out: code
                .status_left_out
                .then(|| Note::new(Tone::Caution, "show.no_status_inside")),
        }
    }

    fn answer(&self, answer: &AnswerPage) -> AnswerScreen {
        let asks = answer.question.as_ref();
        let open = self.state.open.as_ref();
        let held = open.and_then(|open| open.shown());
        let holder = held.and_then(|held| held.holder.as_ref());
        let may_agree = held.is_some_and(|held| face::may_agree(answer, held));
        let license = holder.filter(|_| asks.is_some()).map(|holder| {
            let values = vec![Value::text(&holder.name), Value::text(&holder.number)];
            Words::with("answer.license", values)
        });
        let shares: &[&str] = match asks {
            Some(_) if answer.face => &[
                "answer.shares.license",
                "answer.shares.status",
                "answer.shares.face",
            ],
            Some(_) => &["answer.shares.license", "answer.shares.status"],
            None => &[],
        };
        AnswerScreen {
            digits: self.field(&answer.text),
            may_read: !answer.text.is_empty(),
            problem: answer.trouble.map(|trouble| match trouble {
                AnswerTrouble::Malformed => Note::new(Tone::Caution, "answer.malformed"),
                AnswerTrouble::Recorded => Note::new(Tone::Bad, "answer.recorded"),
            }),
            asker: asks.map(asker),
            license,
            shares: shares.iter().map(|key| Words::of(key)).collect(),
            face: may_agree.then_some(FaceAsked { on: answer.face }),
        }
    }

    fn settings(&self, settings: &SettingsPage) -> SettingsScreen {
        let open = self.state.open.as_ref();
        let licenses = open.map(|open| open.overview.licenses.as_slice());
        let licenses = licenses.unwrap_or_default().iter().map(|held| {
            let asked = settings.asked.as_ref() == Some(&held.id);
            RemovableLicense {
                id: held.id.clone(),
                name: name(held),
                number: held.holder.as_ref().map(|holder| holder.number.clone()),
                asked,
                removing: asked && settings.is_busy(),
            }
        });
        SettingsScreen {
            licenses: licenses.collect(),
            authority: open.map(|open| open.authority.clone()).unwrap_or_default(),
            links: super::settings::LINKS
                .into_iter()
                .map(|(place, key)| SettingsLink {
                    place,
                    words: Words::of(key),
                })
                .collect(),
        }
    }
}

fn stories(troubles: Vec<crate::trouble::Trouble>) -> Vec<crate::trouble::Story> {
    troubles
        .into_iter()
        .map(|trouble| trouble.story())
        .collect()
}

fn scan_screen(scan: &Scan) -> ScanScreen {
    let (title, instead) = match scan.origin {
        ScanOrigin::Welcome(_) => ("scan.title.offer", "scan.type_offer"),
        ScanOrigin::Answer(_) => ("scan.title.challenge", "scan.type_digits"),
    };
    let looks = scan.camera.is_some();
    ScanScreen {
        title: Words::of(title),
        hint: looks.then(|| Words::of("scan.hint")),
        refused: (!looks).then(|| Note::new(Tone::Caution, "scan.no_camera")),
        instead: Words::of(instead),
    }
}

fn starting() -> ShowPhase {
    ShowPhase::Starting {
        words: Words::of("show.starting"),
    }
}

/// How many characters of a code there must be, or how many are missing.
fn code_length(asked: &CodeAsked, typed: &str) -> Option<CodeLength> {
    let length = asked.length?;
    let missing = length.saturating_sub(characters(typed));
    let has_begun = missing > 0 && missing < length;
    let (key, number) = if has_begun {
        ("offer.code.more", missing)
    } else {
        ("offer.code.digits", length)
    };
    // A code of letters is not called digits.
    let words = asked.numeric || has_begun;
    Some(CodeLength {
        count: length,
        complete: missing == 0,
        words: words.then(|| Words::with(key, vec![Value::Number { number }])),
    })
}

fn card(held: &Held, ago: Duration) -> LicenseCard {
    let standings = standings(held, ago);
    let standing = standings.first().copied().unwrap_or(Standing::Unknown);
    let age = held.age.map(|age| minutes(age.saturating_add(ago)));
    let damaged = "trouble.damaged.title";
    let (status, state, told) = if held.damaged {
        // It cannot be shown, whichever its status is.
        let status = CardStatus {
            state: Words::of(damaged),
            sign: Tone::Bad.into(),
            age: None,
            as_of: None,
        };
        (status, damaged, Value::word("license.damaged"))
    } else {
        let status = status(standing, held.as_of, age);
        (status, standing.word(), Value::Confirmed { minutes: age })
    };
    LicenseCard {
        id: held.id.clone(),
        holder: held.holder.clone(),
        status,
        portrait: held.portrait.clone(),
        damaged: held
            .damaged
            .then(|| Note::new(Tone::Bad, "license.damaged")),
        spoken: Words::with("license.spoken", vec![name(held), Value::word(state), told]),
    }
}

fn name(held: &Held) -> Value {
    let holder = held.holder.as_ref();
    holder.map_or_else(
        || Value::word("common.unknown"),
        |holder| Value::text(&holder.name),
    )
}

/// How a license stands, when its status was signed, and how many minutes old that is.
pub(crate) fn status(standing: Standing, as_of: Option<u64>, age: Option<u32>) -> CardStatus {
    let told = age.map_or_else(
        || Value::word("license.never"),
        |minutes| Value::Age { minutes },
    );
    CardStatus {
        state: Words::of(standing.word()),
        sign: standing.tone().into(),
        age: Some(told),
        as_of: as_of.map(|seconds| Words::with("license.as_of", vec![Value::Moment { seconds }])),
    }
}

fn asker(question: &Question) -> Asker {
    let QuestionRead { name, proven, .. } = &question.read;
    let proof = if *proven {
        Note::new(Tone::Good, "answer.proven")
    } else {
        Note::new(Tone::Caution, "answer.unproven")
    };
    let name = name.as_ref().map_or_else(
        || Value::word("answer.by_digits"),
        |name| Value::text(&shown(name)),
    );
    Asker { name, proof }
}

/// The name of a reader; none for digits that were told.
pub(crate) fn reader_name(reader: &str) -> Option<String> {
    Some(reader)
        .filter(|name| *name != BY_DIGITS)
        .map(str::to_owned)
}

fn row(entry: &ActivityEntry) -> HistoryRow {
    let seconds = entry.at.seconds();
    let (day, at) = (Value::DayOf { seconds }, Value::Moment { seconds });
    let plain = |kind, key: &str| (kind, Words::of(key), None, Vec::new());
    let (kind, headline, status, details) = match &entry.event {
        Happened::Shown {
            audience,
            fields,
            standing,
            ..
        } => shown_row(audience, fields, *standing),
        Happened::Enrolled => plain(HistoryKind::Enrolled, "history.enrolled"),
        Happened::Renewed => plain(HistoryKind::Renewed, "history.renewed"),
        Happened::StatusChanged { from, to } => {
            let words = [from, to].map(|state| Value::word(Standing::of_status(*state).word()));
            let headline = Words::with("history.status_changed", words.into());
            (HistoryKind::StatusChanged, headline, None, Vec::new())
        }
        Happened::Removed => plain(HistoryKind::Removed, "history.removed"),
    };
    HistoryRow {
        kind,
        headline,
        status,
        details,
        day,
        at,
    }
}

fn shown_row(
    audience: &Audience,
    fields: &Fields,
    standing: Standing,
) -> (HistoryKind, Words, Option<Words>, Vec<Words>) {
    let mut details = Vec::new();
    let (kind, headline) = match audience {
        Audience::Anyone => (HistoryKind::Shown, Words::of("history.shown")),
        Audience::Reader { name, proven } => match reader_name(name) {
            None => (HistoryKind::Answered, Words::of("history.shown_digits")),
            Some(name) => {
                details.push(Words::of(if *proven {
                    "history.name_proven"
                } else {
                    "history.name_unproven"
                }));
                let headline = Words::with("history.shown_to", vec![Value::text(&shown(&name))]);
                (HistoryKind::Answered, headline)
            }
        },
    };
    if fields.has_portrait() {
        details.push(Words::of("history.with_portrait"));
    }
    let status = Words::with("history.status", vec![Value::word(standing.word())]);
    (kind, headline, Some(status), details)
}
