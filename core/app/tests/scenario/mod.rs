//! Reads scenarios and plays them. `tests/scenarios/README.md` says how they are written.

mod events;
mod fixtures;
mod matrix;
mod names;
mod officer;
mod playing;
mod render;
mod tokens;
mod words;

use std::path::Path;
use std::time::Duration;

use vidimus_app::driver::{Snapshot, State, screen, update};
use vidimus_app::effect::{Effect, Task};
use vidimus_app::event::{Action, Event};
use vidimus_app::screen::Screen;
use vidimus_app::screen::officer::OfficerScreen;
use vidimus_credential::UnixTime;
use vidimus_wallet::ports::Reading;

use self::playing::Played;
pub(crate) use self::playing::play;

/// One scenario of a file.
pub(crate) struct Scenario {
    pub(crate) file: String,
    pub(crate) title: String,
    /// Each with the number of its line.
    lines: Vec<(usize, String)>,
}

impl Scenario {
    pub(crate) fn name(&self) -> String {
        format!("{}: {}", self.file, self.title)
    }

    /// Whether it is one of the app that checks licenses.
    pub(crate) fn is_officers(&self) -> bool {
        self.file.starts_with("officer_")
    }
}

/// All scenarios of a folder.
pub(crate) fn all(folder: &Path) -> Vec<Scenario> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    paths.sort();
    let mut scenarios: Vec<Scenario> = Vec::new();
    for path in paths {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            let line = line.trim_end();
            if let Some(title) = line.strip_prefix("== ") {
                scenarios.push(Scenario {
                    file: file.clone(),
                    title: title.to_owned(),
                    lines: Vec::new(),
                });
            } else if !line.is_empty() && !line.starts_with('#') {
                let scenario = scenarios.last_mut().filter(|last| last.file == file);
                let scenario = scenario.unwrap_or_else(|| panic!("{file}: no title yet"));
                scenario.lines.push((number + 1, line.to_owned()));
            }
        }
    }
    scenarios
}

/// An app that a scenario plays with.
pub(crate) struct Player {
    state: Option<State>,
    has_lock: bool,
    sign_in: Option<String>,
    kept: Option<Snapshot>,
    now: Reading,
    edit: u64,
    is_seen: bool,
    shown: Screen,
    drawn: Vec<String>,
    effects: Vec<String>,
    /// All effects that were begun, by id and name.
    begun: Vec<(u64, &'static str)>,
}

/// 2026-11-18, in the middle of a day.
const START: u64 = 1_795_000_000;

/// How long the phone runs by then.
const BOOTED: Duration = Duration::from_secs(3_600);

impl Player {
    fn new() -> Self {
        Self {
            state: None,
            has_lock: true,
            sign_in: None,
            kept: None,
            now: Reading {
                wall: UnixTime::new(START).unwrap(),
                boot: BOOTED,
                boot_id: Some([1; 16]),
            },
            edit: 0,
            is_seen: false,
            shown: Screen::Opening,
            drawn: vec!["opening".to_owned()],
            effects: Vec::new(),
            begun: Vec::new(),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now.boot += time;
        let since = self.now.boot.saturating_sub(BOOTED);
        self.now.wall = UnixTime::new(START)
            .unwrap()
            .saturating_add(since.as_secs());
    }

    /// Lets time pass as the runner does: each time that something is due the app hears of it. In
    /// between nothing may change on a screen that is seen.
    fn wait(&mut self, span: Duration) -> Result<(), String> {
        let (mut left, mut woken) = (span, 0);
        while let Some(state) = self.state.take() {
            woken += 1;
            if woken > 10_000 {
                return Err("the app is woken again and again".to_owned());
            }
            let wakes_in = state.wakes_in(self.now);
            let is_waited_for =
                self.is_seen || matches!(self.shown, Screen::Show(_) | Screen::Offer(_));
            if wakes_in.is_some() && !is_waited_for {
                return Err("the app is woken though it is not on the screen".to_owned());
            }
            let next = wakes_in.filter(|next| *next <= left);
            let step = next.unwrap_or(left);
            let before = self.drawn.clone();
            let kept = |now| state.snapshot(now).map(|kept| render::kept(&kept));
            let kept_before = kept(self.now);
            let hair = Duration::from_nanos(1);
            self.pass(step.saturating_sub(hair));
            let drawn = render::screen(&screen(&state, self.now), self.edit);
            if kept(self.now) != kept_before {
                return Err(format!(
                    "no wake-up for a change of the snapshot within {step:?}"
                ));
            }
            let is_seen = self.is_seen || matches!(self.shown, Screen::Show(_));
            self.state = Some(state);
            if is_seen && drawn != before {
                return Err(format!(
                    "no wake-up for a change within {step:?}: {drawn:?}"
                ));
            }
            self.pass(step.min(hair));
            left = left.saturating_sub(step);
            self.happens(Event::Tick);
            if next.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn happens(&mut self, event: Event) {
        match &event {
            Event::Action(Action::Seen { .. }) => self.is_seen = true,
            Event::Action(Action::Left) => self.is_seen = false,
            _ => {}
        }
        let fresh =
            || State::new(self.has_lock, self.kept.take()).with_sign_in(self.sign_in.clone());
        let state = self.state.take().unwrap_or_else(fresh);
        let (state, effects) = update(state, event, self.now);
        self.effects.extend(effects.iter().map(render::effect));
        self.note(&state, &effects);
        self.see(&state);
        // What was read is kept for as long as it may be used, and no longer.
        let needed: Vec<u64> = (1..50).filter(|id| state.needs(*id)).collect();
        assert!(needed.len() <= 1, "{needed:?}");
        for effect in &effects {
            if let Effect::Do {
                task: Task::Enroll { offer: read, .. } | Task::Answer { question: read, .. },
                ..
            } = effect
            {
                assert_eq!(needed, [*read]);
            }
        }
        self.state = Some(state);
    }

    /// Takes note of the effects that were begun.
    fn note(&mut self, state: &State, effects: &[Effect]) {
        let done = effects.iter().filter_map(|effect| match effect {
            Effect::Do { id, task } => Some((*id, names::task(task))),
            Effect::Ask { .. } | Effect::Stop { .. } => None,
        });
        self.begun.extend(done);
        let asked = state.shell_effects();
        self.begun.extend(
            asked
                .iter()
                .map(|effect| (effect.id, names::ask(&effect.ask))),
        );
    }

    fn see(&mut self, state: &State) {
        self.shown = screen(state, self.now);
        self.drawn = render::screen(&self.shown, self.edit);
    }
}

/// The screens of a scenario, one after another.
pub(crate) fn screens(scenario: &Scenario) -> Vec<Screen> {
    if scenario.is_officers() {
        return Vec::new();
    }
    let mut player = Player::new();
    let mut screens = vec![player.shown.clone()];
    for event in events(scenario) {
        if events::play(&mut player, event).is_ok() {
            screens.push(player.shown.clone());
        }
    }
    screens
}

/// The screens of a scenario of the app that checks licenses.
pub(crate) fn officers_screens(scenario: &Scenario) -> Vec<OfficerScreen> {
    if scenario.is_officers() {
        officer::screens(scenario)
    } else {
        Vec::new()
    }
}

/// All effects that a scenario begins, by id and name.
fn begun(scenario: &Scenario) -> Vec<(u64, &'static str)> {
    let mut player = Player::new();
    for event in events(scenario) {
        _ = events::play(&mut player, event);
    }
    player.begun
}

/// What happens in a scenario, one after another.
fn events(scenario: &Scenario) -> Vec<&str> {
    let lines = scenario.lines.iter();
    let events =
        lines.filter_map(|(_, line)| line.strip_prefix("> ").or(line.strip_prefix("given ")));
    events.collect()
}

/// The sentence of a screen reader; none where it reads the screen itself.
pub(crate) fn heard(screen: &Screen) -> Option<String> {
    render::heard(screen)
}

impl Played for Player {
    fn happen(&mut self, line: &str) -> Result<(), String> {
        events::play(self, line)
    }

    fn drawn(&self) -> &[String] {
        &self.drawn
    }

    fn effects(&mut self) -> Vec<String> {
        std::mem::take(&mut self.effects)
    }

    fn keys(&self) -> Vec<(String, usize)> {
        words::of(&self.shown)
    }

    fn asks(&self) -> Vec<String> {
        let asked = self
            .state
            .as_ref()
            .map_or_else(Vec::new, State::shell_effects);
        asked.into_iter().map(render::shell_effect).collect()
    }

    fn kept(&self) -> String {
        let state = self.state.as_ref();
        let found = state.and_then(|state| state.snapshot(self.now));
        found.map_or_else(|| "nothing".to_owned(), |kept| render::kept(&kept))
    }
}
