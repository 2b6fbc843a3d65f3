//! Events as a scenario of the app that checks licenses writes them.

use std::time::Duration;

use vidimus_app::officer::event::{
    Authority, BookFailure, Challenged, Face, Fetched, Judged, KeyList, OfficerAction,
    OfficerAnswer, OfficerEvent, OfficerOutcome, Sighting,
};
use vidimus_app::trouble::{Failure, TroubleAction};
use vidimus_credential::meaning::{Outcome, Reason, Standing};
use vidimus_credential::{StatusSource, UnixTime};
use vidimus_wallet::Error;
use vidimus_wallet::error::{Damage, StorageError};
use vidimus_wallet::ports::KeyStoreError;
use vidimus_wallet::reader::{CheckEntry, CheckLog, ReaderError, Trouble};

use super::super::START;
use super::super::fixtures;
use super::super::tokens::{Parsed, Tokens};
use super::Player;

/// Lets an event of a scenario happen.
pub(super) fn play(player: &mut Player, line: &str) -> Parsed<()> {
    if let Some(list) = line.strip_prefix("open:") {
        player.happens(OfficerEvent::Start);
        player.happens(OfficerEvent::Action(OfficerAction::Seen));
        let outcome = OfficerOutcome::Opened(Ok(authorities(list)?));
        player.happens(OfficerEvent::Done { id: 1, outcome });
        return Ok(());
    }
    let mut tokens = Tokens::of(line);
    if tokens.is("wait") {
        let span = tokens.span()?;
        player.wait(span)?;
        return tokens.end();
    }
    let event = event(player, line)?;
    player.happens(event);
    Ok(())
}

fn event(player: &mut Player, line: &str) -> Parsed<OfficerEvent> {
    let mut tokens = Tokens::of(line);
    if let Some(id) = tokens.0.front().and_then(|token| token.strip_prefix('#')) {
        let id = id.parse().map_err(|_| format!("{line}: which effect?"))?;
        let rest = line.split_once(' ').map_or("", |(_, rest)| rest);
        return done(id, rest);
    }
    let event = if tokens.is("start") {
        OfficerEvent::Start
    } else if tokens.is("close") {
        OfficerEvent::Close
    } else {
        OfficerEvent::Action(action(player, &mut tokens)?)
    };
    tokens.end()?;
    Ok(event)
}

fn action(player: &mut Player, tokens: &mut Tokens) -> Parsed<OfficerAction> {
    let simple = [
        ("seen", OfficerAction::Seen),
        ("left", OfficerAction::Left),
        ("back", OfficerAction::Back),
        ("refresh", OfficerAction::Refresh),
        ("check", OfficerAction::Check),
        ("torch on", OfficerAction::Torch { on: true }),
        ("torch off", OfficerAction::Torch { on: false }),
        ("type instead", OfficerAction::TypeInstead),
        ("read the text", OfficerAction::ReadText),
        ("allow the camera", OfficerAction::AllowCamera),
        ("ask by digits", OfficerAction::AskByDigits),
        ("ask", OfficerAction::Ask),
        ("look for the answer", OfficerAction::LookForAnswer),
        ("log", OfficerAction::Log),
        ("export", OfficerAction::Export),
    ];
    for (words, action) in simple {
        if tokens.is(words) {
            return Ok(action);
        }
    }
    if tokens.is("type text") {
        let text = tokens.text()?;
        let edit = if tokens.is("as typing") {
            tokens.number()?
        } else {
            player.edit += 1;
            player.edit
        };
        return Ok(OfficerAction::TypeText { text, edit });
    }
    if tokens.is("act") {
        let name = tokens.next()?;
        let mut all = TroubleAction::ALL.into_iter();
        let action = all.find(|action| action.code() == name);
        let action = action.ok_or_else(|| format!("{name} is no action"))?;
        return Ok(OfficerAction::Act { action });
    }
    Err(format!("what is this? {}", tokens.next()?))
}

/// An effect is done. Whom the reader trusts after it stands behind a semicolon.
fn done(id: u64, line: &str) -> Parsed<OfficerEvent> {
    if let Some(seen) = line.strip_prefix("taken:") {
        let seen = seen.split(';').map(str::trim).filter(|one| !one.is_empty());
        let seen = seen.map(sighting).collect::<Parsed<Vec<_>>>()?;
        let outcome = OfficerOutcome::Taken(Ok(seen));
        return Ok(OfficerEvent::Done { id, outcome });
    }
    let (line, after) = match line.split_once(';') {
        Some((line, after)) => (line, Some(after)),
        None => (line, None),
    };
    let mut tokens = Tokens::of(line);
    if let Some(answer) = answer(&mut tokens)? {
        tokens.end()?;
        return Ok(OfficerEvent::Action(OfficerAction::Done { id, answer }));
    }
    let after = || match after.map(str::trim) {
        None => Err("which authorities?".to_owned()),
        Some(after) => match after.strip_prefix("they fail ") {
            Some(failed) => Ok(Err(failure(&mut Tokens::of(failed))?)),
            None => Ok(Ok(authorities(after)?)),
        },
    };
    let outcome = if let Some(list) = line.strip_prefix("opened:") {
        tokens.0.clear();
        OfficerOutcome::Opened(Ok(authorities(list)?))
    } else if tokens.is("opening fails") {
        OfficerOutcome::Opened(Err(failure(&mut tokens)?))
    } else if tokens.is("refreshed") {
        OfficerOutcome::Refreshed(Ok(fetched(&mut tokens)?), after()?)
    } else if tokens.is("refresh fails") {
        OfficerOutcome::Refreshed(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("taking fails") {
        OfficerOutcome::Taken(Err(failure(&mut tokens)?))
    } else if tokens.is("asked by QR for") {
        let lasts = tokens.span()?;
        OfficerOutcome::Asked(Ok(Challenged {
            digits: None,
            lasts,
        }))
    } else if tokens.is("asked by digits") {
        let digits = Some(tokens.text()?);
        tokens.is("for");
        let lasts = tokens.span()?;
        OfficerOutcome::Asked(Ok(Challenged { digits, lasts }))
    } else if tokens.is("asking fails") {
        OfficerOutcome::Asked(Err(failure(&mut tokens)?))
    } else if let Some(rows) = line.strip_prefix("log:") {
        tokens.0.clear();
        OfficerOutcome::LogRead(Ok(log(rows)?))
    } else if tokens.is("log fails") {
        OfficerOutcome::LogRead(Err(failure(&mut tokens)?))
    } else if tokens.is("exported") {
        OfficerOutcome::Exported(Ok(()))
    } else if tokens.is("export fails") {
        OfficerOutcome::Exported(Err(failure(&mut tokens)?))
    } else {
        return Err(format!("what is this? {line}"));
    };
    tokens.end()?;
    Ok(OfficerEvent::Done { id, outcome })
}

fn answer(tokens: &mut Tokens) -> Parsed<Option<OfficerAnswer>> {
    Ok(if tokens.is("seen") {
        let mut texts = Vec::new();
        while !tokens.0.is_empty() {
            texts.push(tokens.text()?);
        }
        Some(OfficerAnswer::Texts { texts })
    } else if tokens.is("camera refused") {
        Some(OfficerAnswer::CameraRefused)
    } else if tokens.is("left") {
        Some(OfficerAnswer::Left)
    } else if tokens.is("shared") {
        Some(OfficerAnswer::Shared)
    } else {
        None
    })
}

/// `roads keys 2h for 29d statuses 3h, other without keys without statuses`, or `nobody`.
fn authorities(text: &str) -> Parsed<Vec<Authority>> {
    let text = text.trim();
    if text == "nobody" {
        return Ok(Vec::new());
    }
    let list = text.split(',').map(|one| {
        let mut tokens = Tokens::of(one.trim());
        let name = format!("https://{}.example", tokens.next()?);
        let list = if tokens.is("keys") {
            let age = tokens.span()?;
            tokens.is("for");
            let good_for = tokens.span()?;
            Some(KeyList { age, good_for })
        } else {
            tokens.is("without keys");
            None
        };
        let statuses = if tokens.is("statuses") {
            Some(tokens.span()?)
        } else {
            tokens.is("without statuses");
            None
        };
        tokens.end()?;
        Ok(Authority {
            name,
            list,
            statuses,
        })
    });
    list.collect()
}

/// `next in 40s missed network.unreachable`.
fn fetched(tokens: &mut Tokens) -> Parsed<Fetched> {
    let mut fetched = Fetched {
        failures: Vec::new(),
        next_in: Duration::from_secs(3_600),
    };
    if tokens.is("next in") {
        fetched.next_in = tokens.span()?;
    }
    while tokens.is("missed") {
        match fixtures::failure(tokens)? {
            Failure::Wallet(error) => fetched.failures.push(error),
            Failure::Internal => return Err("a refresh names an error".to_owned()),
        }
    }
    Ok(fetched)
}

fn sighting(text: &str) -> Parsed<Sighting> {
    let mut tokens = Tokens::of(text);
    let sighting = if tokens.is("other code") {
        Sighting::Unreadable
    } else if tokens.is("same") {
        Sighting::Same
    } else if tokens.is("two licenses") {
        Sighting::TwoLicenses
    } else if tokens.is("no answer") {
        Sighting::NotAnAnswer
    } else if tokens.is("face") {
        let read = tokens.number()?;
        tokens.is("of");
        let count = tokens.number()?;
        Sighting::Face { read, count }
    } else if tokens.is("portrait") {
        Sighting::Portrait { id: tokens.next()? }
    } else {
        tokens.is("verdict");
        let announce = !tokens.is("silent");
        let judged = Box::new(judged(&mut tokens)?);
        Sighting::Verdict { judged, announce }
    };
    tokens.end()?;
    Ok(sighting)
}

/// `accept one valid 12m`, `refuse nobody because bad_signature`, and behind it what else there is.
fn judged(tokens: &mut Tokens) -> Parsed<Judged> {
    let outcome = outcome(&tokens.next()?)?;
    let id = tokens.next()?;
    let is_proven = id != "nobody";
    let mut judged = Judged {
        outcome,
        reasons: Vec::new(),
        holder: is_proven.then(|| fixtures::holder(&id)),
        standing: None,
        source: StatusSource::None,
        as_of: None,
        age: None,
        authority: is_proven.then(|| "Roads".to_owned()),
        clock_difference_s: None,
        doubtful: false,
        first_seen: None,
        face: Face::None,
        troubles: Vec::new(),
    };
    if is_proven {
        let name = tokens.next()?;
        let standing = Standing::from_name(&name);
        judged.standing = Some(standing.ok_or_else(|| format!("{name} is no standing"))?);
        if !tokens.is("never") {
            let age = tokens.span()?;
            judged.age = Some(age);
            judged.as_of = Some(START - age.as_secs());
            judged.source = StatusSource::Staple;
        }
    }
    while !tokens.0.is_empty() {
        if tokens.is("because") {
            judged.reasons = reasons(&tokens.next()?)?;
        } else if tokens.is("from bundle") {
            judged.source = StatusSource::Bundle;
        } else if tokens.is("from network") {
            judged.source = StatusSource::Online;
        } else if tokens.is("with face") {
            judged.face = if tokens.is("here") {
                Face::Here(tokens.next()?)
            } else {
                Face::Expected
            };
        } else if tokens.is("clock") {
            judged.clock_difference_s = Some(tokens.number()?);
        } else if tokens.is("doubtful") {
            judged.doubtful = true;
        } else if tokens.is("first seen") {
            judged.first_seen = Some(START - tokens.span()?.as_secs());
            tokens.is("ago");
        } else if tokens.is("trouble") {
            judged.troubles.push(trouble(&tokens.next()?)?);
        } else {
            return Err(format!("what is this? {}", tokens.next()?));
        }
    }
    Ok(judged)
}

fn trouble(name: &str) -> Parsed<Trouble> {
    Ok(match name {
        "not_read" => Trouble::NotRead(ReaderError::Storage(StorageError::Io)),
        "not_kept" => Trouble::NotKept(ReaderError::Storage(StorageError::Full)),
        "seen_lost" => Trouble::SeenLost,
        "clock" => Trouble::ClockSetBack,
        other => return Err(format!("{other} is no trouble")),
    })
}

fn outcome(name: &str) -> Parsed<Outcome> {
    let mut all = Outcome::ALL.into_iter();
    let found = all.find(|outcome| outcome.name() == name);
    found.ok_or_else(|| format!("{name} is no outcome"))
}

/// `suspended+status_stale`.
fn reasons(text: &str) -> Parsed<Vec<Reason>> {
    let reason = |code: &str| Reason::ALL.into_iter().find(|it| it.code() == code);
    let found = text.split('+').map(reason).collect::<Option<Vec<_>>>();
    found.ok_or_else(|| format!("{text} is no reason"))
}

/// `accept ZZ-one, refuse suspended`, and `(changed)` where someone has changed the log.
fn log(text: &str) -> Parsed<CheckLog> {
    let (rows, intact) = match text.split_once("(changed)") {
        Some((rows, _)) => (rows, false),
        None => (text, true),
    };
    let rows = rows.split(',').map(str::trim).filter(|row| !row.is_empty());
    let entries = rows.map(|row| {
        let mut tokens = Tokens::of(row);
        let outcome = outcome(&tokens.next()?)?;
        let reasons = if tokens.is("because") {
            reasons(&tokens.next()?)?
        } else {
            Vec::new()
        };
        let number = tokens.is("of").then(|| tokens.next()).transpose()?;
        tokens.end()?;
        Ok(CheckEntry {
            at: UnixTime::new(START).map_err(|_| "no time".to_owned())?,
            outcome,
            reasons,
            number,
        })
    });
    Ok(CheckLog {
        entries: entries.collect::<Parsed<_>>()?,
        intact,
    })
}

fn failure(tokens: &mut Tokens) -> Parsed<BookFailure> {
    let name = tokens.next()?;
    let error = match name.as_str() {
        "internal" => return Ok(BookFailure::Internal),
        "book.damaged" => ReaderError::BookDamaged {
            what: Damage::Manifest,
        },
        "book.newer_version" => ReaderError::NewerSchema,
        "storage.full" => ReaderError::Storage(StorageError::Full),
        "storage.failed" => ReaderError::Storage(StorageError::Io),
        "key_store.locked" => ReaderError::KeyStore(KeyStoreError::Locked),
        "no_such_challenge" => ReaderError::NoSuchChallenge,
        "invalid" => ReaderError::Invalid(Error::AuthorityAddress),
        other => return Err(format!("{other} is no failure")),
    };
    Ok(error.into())
}
