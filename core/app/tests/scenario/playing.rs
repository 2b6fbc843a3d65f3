//! Plays a scenario and compares what happens with what is written.

use std::fmt::Write as _;

use super::{Player, Scenario, officer};

/// What was said of an event, and what is expected of it.
#[derive(Default)]
struct Expected {
    screen: Vec<String>,
    effects: Vec<String>,
    asks: Option<Vec<String>>,
    kept: Option<String>,
}

/// One of the apps, as a scenario plays it.
pub(super) trait Played {
    /// Lets a line happen.
    fn happen(&mut self, line: &str) -> Result<(), String>;
    /// What is on the screen, as a few lines of text.
    fn drawn(&self) -> &[String];
    /// Which effects began or stopped since they were last asked for.
    fn effects(&mut self) -> Vec<String>;
    /// The words that are on the screen, for the test that looks them up.
    fn keys(&self) -> Vec<(String, usize)>;
    /// All that the shell is asked for.
    fn asks(&self) -> Vec<String>;
    /// What is kept if the system ends the app.
    fn kept(&self) -> String;
}

/// Plays a scenario. Gives what went otherwise than written, and the words that were on its
/// screens.
pub(crate) fn play(scenario: &Scenario) -> (Result<(), String>, Vec<(String, usize)>) {
    if scenario.is_officers() {
        play_with(officer::Player::new(), scenario)
    } else {
        play_with(Player::new(), scenario)
    }
}

fn play_with(
    mut player: impl Played,
    scenario: &Scenario,
) -> (Result<(), String>, Vec<(String, usize)>) {
    let mut keys = Vec::new();
    let mut at = 0;
    let lines = &scenario.lines;
    while let Some((number, line)) = lines.get(at) {
        at += 1;
        if let Some(given) = line.strip_prefix("given ") {
            if let Err(why) = player.happen(given) {
                return (Err(format!("line {number}: {why}")), keys);
            }
            keys.extend(player.keys());
            continue;
        }
        let Some(event) = line.strip_prefix("> ") else {
            return (Err(format!("line {number}: what is this? {line}")), keys);
        };
        let mut expected = Expected::default();
        while let Some((_, line)) = lines.get(at).filter(|(_, line)| !is_event(line)) {
            at += 1;
            if let Err(why) = expect(&mut expected, line) {
                return (Err(format!("line {number}: {why}")), keys);
            }
        }
        let before = player.drawn().to_vec();
        player.effects();
        if let Err(why) = player.happen(event) {
            return (Err(format!("line {number}: {why}")), keys);
        }
        keys.extend(player.keys());
        if let Some(difference) = compare(&mut player, &before, &expected) {
            let told = format!("line {number}: > {event}\n{difference}");
            return (Err(told), keys);
        }
    }
    (Ok(()), keys)
}

fn is_event(line: &str) -> bool {
    line.starts_with("> ") || line.starts_with("given ")
}

fn expect(expected: &mut Expected, line: &str) -> Result<(), String> {
    if let Some(drawn) = line.strip_prefix("| ") {
        expected.screen.push(drawn.to_owned());
    } else if let Some(effect) = line.strip_prefix("- ") {
        expected.effects.push(effect.to_owned());
    } else if let Some(kept) = line.strip_prefix("= keeps ") {
        expected.kept = Some(kept.to_owned());
    } else if let Some(ask) = line.strip_prefix("= asks ") {
        let asks = expected.asks.get_or_insert_default();
        if ask != "nothing" {
            asks.push(ask.to_owned());
        }
    } else {
        return Err(format!("what is this? {line}"));
    }
    Ok(())
}

fn compare(player: &mut impl Played, before: &[String], expected: &Expected) -> Option<String> {
    let mut told = String::new();
    let mut differ = |what: &str, wanted: &[String], found: &[String]| {
        if wanted != found {
            let _ = writeln!(told, "  {what}, written:");
            wanted
                .iter()
                .for_each(|line| writeln!(told, "    {line}").unwrap());
            let _ = writeln!(told, "  {what}, found:");
            found
                .iter()
                .for_each(|line| writeln!(told, "    {line}").unwrap());
        }
    };
    // Where no screen is written it is the one before.
    let screen = if expected.screen.is_empty() {
        before
    } else {
        &expected.screen
    };
    differ("screen", screen, player.drawn());
    differ("effects", &expected.effects, &player.effects());
    if let Some(asks) = &expected.asks {
        differ("asks", asks, &player.asks());
    }
    if let Some(kept) = &expected.kept {
        differ("keeps", std::slice::from_ref(kept), &[player.kept()]);
    }
    (!told.is_empty()).then_some(told)
}
