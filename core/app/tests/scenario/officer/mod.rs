//! The app that checks licenses, as a scenario plays it.

mod events;
mod render;
mod words;

use std::time::Duration;

use vidimus_app::officer::event::{OfficerAction, OfficerEvent};
use vidimus_app::officer::{OfficerState, officer_screen, officer_update};
use vidimus_app::screen::officer::OfficerScreen;
use vidimus_credential::UnixTime;
use vidimus_wallet::ports::Reading;

use super::tokens::Parsed;
use super::{BOOTED, Played, START};

/// After how many days a check is deleted in every scenario.
const LOG_DAYS: u16 = 30;

/// An app that a scenario plays with.
pub(crate) struct Player {
    state: Option<OfficerState>,
    now: Reading,
    edit: u64,
    is_seen: bool,
    shown: OfficerScreen,
    drawn: Vec<String>,
    effects: Vec<String>,
}

impl Player {
    pub(crate) fn new() -> Self {
        Self {
            state: None,
            now: Reading {
                wall: UnixTime::new(START).unwrap(),
                boot: BOOTED,
                boot_id: Some([1; 16]),
            },
            edit: 0,
            is_seen: false,
            shown: OfficerScreen::Opening,
            drawn: vec!["opening".to_owned()],
            effects: Vec::new(),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now.boot += time;
        let since = self.now.boot.saturating_sub(BOOTED);
        let start = UnixTime::new(START).unwrap();
        self.now.wall = start.saturating_add(since.as_secs());
    }

    /// Lets time pass as the runner does: each time that something is due the app hears of it. In
    /// between nothing may change on the screen.
    fn wait(&mut self, span: Duration) -> Parsed<()> {
        let (mut left, mut woken) = (span, 0);
        while let Some(state) = self.state.take() {
            woken += 1;
            if woken > 100_000 {
                return Err("the app is woken again and again".to_owned());
            }
            let wakes_in = state.wakes_in(self.now);
            if wakes_in.is_some() && !self.is_seen {
                return Err("the app is woken though it is not on the screen".to_owned());
            }
            let next = wakes_in.filter(|next| *next <= left);
            let step = next.unwrap_or(left);
            let hair = Duration::from_nanos(1);
            self.pass(step.saturating_sub(hair));
            let drawn = render::screen(&officer_screen(&state, self.now), self.edit);
            if self.is_seen && drawn != self.drawn {
                return Err(format!(
                    "no wake-up for a change within {step:?}: {drawn:?}"
                ));
            }
            self.pass(step.min(hair));
            left = left.saturating_sub(step);
            self.state = Some(state);
            self.happens(OfficerEvent::Tick);
            if next.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn happens(&mut self, event: OfficerEvent) {
        match &event {
            OfficerEvent::Action(OfficerAction::Seen) => self.is_seen = true,
            OfficerEvent::Action(OfficerAction::Left) => self.is_seen = false,
            _ => {}
        }
        let state = self.state.take();
        let state = state.unwrap_or_else(|| OfficerState::new(LOG_DAYS));
        let (state, effects) = officer_update(state, event, self.now);
        self.effects.extend(effects.iter().map(render::effect));
        self.shown = officer_screen(&state, self.now);
        self.drawn = render::screen(&self.shown, self.edit);
        self.state = Some(state);
    }
}

impl Played for Player {
    fn happen(&mut self, line: &str) -> Parsed<()> {
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
        let state = self.state.as_ref();
        let asked = state.map_or_else(Vec::new, OfficerState::shell_effects);
        asked.into_iter().map(render::shell_effect).collect()
    }

    /// Nothing outlasts the app.
    fn kept(&self) -> String {
        "nothing".to_owned()
    }
}

/// The screens of a scenario, one after another.
pub(crate) fn screens(scenario: &super::Scenario) -> Vec<OfficerScreen> {
    let mut player = Player::new();
    let mut screens = vec![player.shown.clone()];
    for event in super::events(scenario) {
        if events::play(&mut player, event).is_ok() {
            screens.push(player.shown.clone());
        }
    }
    screens
}
