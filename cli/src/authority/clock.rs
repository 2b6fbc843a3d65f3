//! `vidimus authority clock`: whether the clock is believed.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use serde_json::json;
use vidimus_authority::{Authority, ClockState};
use vidimus_credential::Day;

use super::{failure, open};
use crate::args::ClockAction;
use crate::failure::{Failure, Outcome};
use crate::{output, runtime};

/// Runs `authority clock show|accept|repair`.
pub(super) fn run(home: &Path, action: &ClockAction, json: bool) -> Outcome {
    let authority = open(home)?;
    let state = authority
        .clock(runtime::moment())
        .map_err(|error| failure(&error))?;
    match action {
        ClockAction::Show => show(&state, json),
        ClockAction::Accept(asked) => accept(&authority, &state, asked.today, json),
        ClockAction::Repair(asked) => repair(&authority, &state, asked.today, json),
    }
}

fn show(state: &ClockState, json: bool) -> Outcome {
    if json {
        return output::json(&json!({
            "clock": state.clock.seconds(),
            "expected": state.expected.map(|time| time.seconds()),
            "last_signed": state.last_signed.map(|time| time.seconds()),
            "in_doubt": state.in_doubt,
            "ends_wait_until": state.ends_wait_until.map(|time| time.seconds()),
            "ends_waiting": state.ends_waiting,
        }));
    }
    let verdict = if state.in_doubt {
        "In doubt: nothing is signed. Set the clock; where it is right, `clock accept --today YYYY-MM-DD`."
    } else {
        "Believed."
    };
    let wait = waits(state).map_or_else(String::new, |words| format!("\nWait: {words}"));
    output::line(&format!("{}\n{verdict}{wait}", words(state)))
}

/// What the clock's jump lets wait, and until when.
pub(super) fn waits(state: &ClockState) -> Option<String> {
    let until = state.ends_wait_until?.to_rfc3339();
    let ended = match state.ends_waiting {
        0 => String::new(),
        1 => " One decision that has ended by this clock is in force until then.".to_owned(),
        many => format!(" {many} decisions that have ended by this clock are in force until then."),
    };
    Some(format!(
        "the clock has moved by more than a day: until {until} no term ends, no place in a list is released and nothing is forgotten.{ended} What begins is signed at once."
    ))
}

/// Says so on standard error, where something waits now.
pub(super) fn note_waits(authority: &Authority) -> Outcome {
    let state = authority
        .clock(runtime::moment())
        .map_err(|error| failure(&error))?;
    waits(&state).map_or(Ok(()), |words| {
        output::note(&format!("vidimus: {words}"));
        Ok(())
    })
}

/// What a clock in doubt means for what a command has just done.
pub(super) fn doubt(state: &ClockState) -> Option<&'static str> {
    state.in_doubt.then_some(
        "the clock of this machine is in doubt, and nothing is signed by it: see `vidimus authority clock show`",
    )
}

/// Says on standard error where an offer is of no use: phones get nothing while the clock is in
/// doubt.
pub(super) fn note_offer(authority: &Authority) -> Outcome {
    let state = authority
        .clock(runtime::moment())
        .map_err(|error| failure(&error))?;
    doubt(&state).map_or(Ok(()), |words| {
        output::note(&format!(
            "vidimus: {words}. Until then no phone gets a license; after that make another offer with `vidimus authority license offer`"
        ));
        Ok(())
    })
}

fn words(state: &ClockState) -> String {
    let time = |time: Option<vidimus_credential::UnixTime>| {
        time.map_or_else(
            || "nothing is signed yet".to_owned(),
            |time| time.to_rfc3339(),
        )
    };
    format!(
        "This machine's clock       {}\n\
         By the last signature      {}\n\
         Latest time that is signed {}",
        state.clock.to_rfc3339(),
        time(state.expected),
        time(state.last_signed)
    )
}

fn accept(authority: &Authority, state: &ClockState, today: Option<Day>, json: bool) -> Outcome {
    if !state.in_doubt {
        note_waits(authority)?;
        return done(
            "The clock is not in doubt; nothing was changed.",
            state,
            json,
        );
    }
    let today = ask(state, today)?;
    authority
        .accept_clock(today, runtime::moment())
        .map_err(|error| failure(&error))?;
    note_waits(authority)?;
    done(
        "The clock is accepted, and what has waited is signed.",
        state,
        json,
    )
}

fn repair(authority: &Authority, state: &ClockState, today: Option<Day>, json: bool) -> Outcome {
    let today = ask(state, today)?;
    authority
        .repair_clock(today, runtime::moment())
        .map_err(|error| failure(&error))?;
    note_waits(authority)?;
    done(
        "New keys are in force and everything is signed anew; what was dated ahead counts no more. Give the new trust list to readers; wallets fetch it by themselves.",
        state,
        json,
    )
}

fn done(words: &str, state: &ClockState, json: bool) -> Outcome {
    if json {
        return output::json(&json!({ "clock": state.clock.seconds() }));
    }
    output::line(words)
}

/// Today's date: as given, or typed by a person who sees both times.
fn ask(state: &ClockState, today: Option<Day>) -> Outcome<Day> {
    if let Some(today) = today {
        return Ok(today);
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(
            "--today YYYY-MM-DD is missing: today's date, read elsewhere than from this machine",
        ));
    }
    output::note(&format!(
        "{}\nIf the first is right, type today's date (YYYY-MM-DD):",
        words(state)
    ));
    let mut typed = String::new();
    io::stdin()
        .read_line(&mut typed)
        .map_err(|error| Failure::not_done(format!("cannot read the date: {error}")))?;
    Day::parse_iso(typed.trim())
        .map_err(|_| Failure::bad_input("that is no date such as 2027-03-01; nothing was changed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vidimus_credential::UnixTime;

    #[test]
    fn what_waits_after_a_jump_of_the_clock_is_told_with_its_end() {
        let time = |seconds| UnixTime::new(seconds).unwrap();
        let mut state = ClockState {
            clock: time(1_800_000_000),
            expected: None,
            last_signed: None,
            in_doubt: false,
            ends_wait_until: None,
            ends_waiting: 0,
        };
        assert_eq!(waits(&state), None);
        assert_eq!(doubt(&state), None);
        state.ends_wait_until = Some(time(1_800_003_600));
        let words = waits(&state).unwrap();
        assert!(
            words.contains("until 2027-01-15T09:00:00Z no term ends"),
            "{words}"
        );
        state.ends_waiting = 2;
        let words = waits(&state).unwrap();
        assert!(words.contains("2 decisions that have ended"), "{words}");
        state.in_doubt = true;
        assert!(doubt(&state).unwrap().contains("clock show"));
    }
}
