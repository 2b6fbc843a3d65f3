//! Events as a scenario writes them.

use std::time::Duration;

use vidimus_app::driver::{Snapshot, SnapshotPage};
use vidimus_app::effect::Place;
use vidimus_app::event::{
    Action, Answer, Event, LockOutcome, Outcome, Overview, QuestionRead, Resumed,
};
use vidimus_app::trouble::{Failure, TroubleAction};

use super::Player;
use super::fixtures::{activity, failure, framed, offer, opened, overview, refreshed};
use super::tokens::{Parsed, Tokens};

/// Where the authority of a scenario sends the browser back to.
const REDIRECT: &str = "vidimus:/signed-in";

/// Lets an event of a scenario happen.
pub(super) fn play(player: &mut Player, line: &str) -> Parsed<()> {
    if let Some(licenses) = line.strip_prefix("open:") {
        player.happens(Event::Start);
        let outcome = Outcome::Opened(Ok(opened(overview(licenses)?)));
        player.happens(Event::Done { id: 1, outcome });
        return Ok(());
    }
    let mut tokens = Tokens::of(line);
    if tokens.is("no lock") {
        player.has_lock = false;
    } else if tokens.is("a sign-in") {
        player.sign_in = Some(REDIRECT.to_owned());
    } else if tokens.is("kept") {
        player.kept = Some(kept(player, &mut tokens)?);
    } else if tokens.is("wait") {
        let span = tokens.span()?;
        player.wait(span)?;
    } else if tokens.is("the phone restarts for") {
        player.pass(tokens.span()?);
        player.now.boot_id = Some([2; 16]);
    } else {
        let event = event(player, line)?;
        player.happens(event);
        return Ok(());
    }
    tokens.end()
}

fn event(player: &mut Player, line: &str) -> Parsed<Event> {
    let mut tokens = Tokens::of(line);
    if let Some(id) = tokens.0.front().and_then(|token| token.strip_prefix('#')) {
        let id = id.parse().map_err(|_| format!("{line}: which effect?"))?;
        let rest = line.split_once(' ').map_or("", |(_, rest)| rest);
        return done(id, rest);
    }
    let event = if tokens.is("start") {
        Event::Start
    } else if tokens.is("close") {
        Event::Close
    } else if tokens.is("tick") {
        Event::Tick
    } else {
        Event::Action(action(player, &mut tokens)?)
    };
    tokens.end()?;
    Ok(event)
}

fn action(player: &mut Player, tokens: &mut Tokens) -> Parsed<Action> {
    let simple = [
        ("seen without a lock", Action::Seen { has_lock: false }),
        ("seen", Action::Seen { has_lock: true }),
        ("left", Action::Left),
        ("back", Action::Back),
        ("add", Action::AddLicense),
        ("read the offer", Action::ReadOffer),
        ("scan", Action::Scan),
        ("type instead", Action::TypeInstead),
        ("allow the camera", Action::AllowCamera),
        ("check", Action::Check),
        ("take", Action::TakeOffer),
        ("refresh", Action::Refresh),
        ("show my face", Action::ShowFace { on: true }),
        ("show", Action::Show),
        ("hide my face", Action::ShowFace { on: false }),
        ("end", Action::EndShow),
        ("read the digits", Action::ReadAnswer),
        ("answer now", Action::AnswerNow),
        ("answer", Action::Answer),
        ("history", Action::History),
        ("settings", Action::Settings),
        ("keep", Action::Keep),
        ("remove", Action::Remove),
        ("sign in", Action::SignIn),
        ("cancel the sign-in", Action::CancelSignIn),
    ];
    for (words, action) in simple {
        if tokens.is(words) {
            return Ok(action);
        }
    }
    if tokens.is("type offer") {
        let text = tokens.text()?;
        let edit = edit(player, tokens)?;
        Ok(Action::TypeOffer { text, edit })
    } else if tokens.is("type code") {
        let text = tokens.text()?;
        let edit = edit(player, tokens)?;
        Ok(Action::TypeCode { text, edit })
    } else if tokens.is("type digits") {
        let text = tokens.text()?;
        let edit = edit(player, tokens)?;
        Ok(Action::TypeAnswer { text, edit })
    } else if tokens.is("link") {
        Ok(Action::Link {
            text: tokens.text()?,
        })
    } else if tokens.is("open") {
        let name = tokens.next()?;
        let places = [
            ("language", Place::Language),
            ("notifications", Place::Notifications),
            ("authority", Place::Authority),
            ("clock", Place::Clock),
        ];
        let place = places.into_iter().find(|(place, _)| *place == name);
        let (_, place) = place.ok_or_else(|| format!("{name} is no place"))?;
        Ok(Action::Open { place })
    } else if tokens.is("select") {
        Ok(Action::Select {
            index: tokens.number()?,
        })
    } else if tokens.is("dismiss") {
        Ok(Action::Dismiss {
            application: tokens.next()?,
        })
    } else if tokens.is("ask to remove") {
        Ok(Action::AskToRemove {
            license: tokens.next()?,
        })
    } else if tokens.is("act") {
        let name = tokens.next()?;
        let mut all = TroubleAction::ALL.into_iter();
        let action = all.find(|action| action.code() == name);
        let action = action.ok_or_else(|| format!("{name} is no action"))?;
        Ok(Action::Act { action })
    } else {
        Err(format!("what is this? {}", tokens.next()?))
    }
}

/// The number of what is typed: the next one, or the one that is written, as of a shell that was
/// slow.
fn edit(player: &mut Player, tokens: &mut Tokens) -> Parsed<u64> {
    if tokens.is("as typing") {
        return tokens.number();
    }
    player.edit += 1;
    if tokens.is("while typing goes on") {
        player.edit += 1;
        return Ok(player.edit - 1);
    }
    Ok(player.edit)
}

/// An effect is done. What is in the wallet after it stands behind a semicolon.
fn done(id: u64, line: &str) -> Parsed<Event> {
    let (line, after) = match line.split_once(';') {
        Some((line, after)) => (line, Some(licenses_after(after)?)),
        None => (line, None),
    };
    let mut tokens = Tokens::of(line);
    if let Some(answer) = shell_answer(&mut tokens)? {
        tokens.end()?;
        return Ok(Event::Action(Action::Done { id, answer }));
    }
    let after = || after.clone().ok_or_else(|| "which licenses?".to_owned());
    let outcome = if let Some(licenses) = line.strip_prefix("opened:") {
        tokens.0.clear();
        Outcome::Opened(Ok(opened(overview(licenses)?)))
    } else if let Some(licenses) = line.strip_prefix("licenses:") {
        tokens.0.clear();
        Outcome::Reread(Ok(overview(licenses)?))
    } else if tokens.is("opening fails") {
        Outcome::Opened(Err(failure(&mut tokens)?))
    } else if tokens.is("cannot be set aside") {
        Outcome::NotSetAside(failure(&mut tokens)?)
    } else if tokens.is("licenses fail") {
        Outcome::Reread(Err(failure(&mut tokens)?))
    } else if tokens.is("offer fails") {
        Outcome::OfferRead(Err(failure(&mut tokens)?))
    } else if tokens.is("offer") {
        Outcome::OfferRead(Ok(offer(&mut tokens)?))
    } else if tokens.is("enrolled") {
        Outcome::Enrolled(Ok(tokens.next()?), after()?)
    } else if tokens.is("enrollment fails") {
        Outcome::Enrolled(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("sign-in began") {
        Outcome::SignInBegan(Ok(()), after()?)
    } else if tokens.is("sign-in fails") {
        Outcome::SignInBegan(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("received") {
        Outcome::Resumed(Ok(Resumed::Received(tokens.next()?)), after()?)
    } else if tokens.is("waiting for") {
        Outcome::Resumed(Ok(Resumed::Waiting(tokens.next()?)), after()?)
    } else if tokens.is("receiving fails") {
        Outcome::Resumed(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("given up") {
        Outcome::Abandoned(Ok(()), after()?)
    } else if tokens.is("giving up fails") {
        Outcome::Abandoned(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("dismissed") {
        Outcome::Dismissed(Ok(()), after()?)
    } else if tokens.is("dismissal fails") {
        Outcome::Dismissed(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("removed") {
        Outcome::Removed(Ok(()), after()?)
    } else if tokens.is("removal fails") {
        Outcome::Removed(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("refreshed") {
        Outcome::Refreshed(Ok(refreshed(&mut tokens)?), after()?)
    } else if tokens.is("refresh fails") {
        Outcome::Refreshed(Err(failure(&mut tokens)?), after()?)
    } else if tokens.is("began for") {
        Outcome::Began(Ok(tokens.span()?))
    } else if tokens.is("showing fails") {
        Outcome::Began(Err(failure(&mut tokens)?))
    } else if tokens.is("code fails") {
        Outcome::Framed(Err(failure(&mut tokens)?))
    } else if tokens.is("code") {
        Outcome::Framed(Ok(framed(&mut tokens)?))
    } else if tokens.is("ended") {
        Outcome::Ended
    } else if tokens.is("question fails") {
        Outcome::QuestionRead(Err(failure(&mut tokens)?))
    } else if tokens.is("question by digits") {
        Outcome::QuestionRead(Ok(QuestionRead {
            name: None,
            proven: false,
            wants_face: false,
        }))
    } else if tokens.is("question of") {
        let name = Some(tokens.text()?);
        let proven = tokens.is("proven");
        let wants_face = tokens.is("and the face");
        Outcome::QuestionRead(Ok(QuestionRead {
            name,
            proven,
            wants_face,
        }))
    } else if tokens.is("history fails") {
        Outcome::History(Err(failure(&mut tokens)?))
    } else if let Some(rows) = line.strip_prefix("history:") {
        tokens.0.clear();
        Outcome::History(Ok(activity(rows)?))
    } else {
        return Err(format!("what is this? {line}"));
    };
    tokens.end()?;
    Ok(Event::Done { id, outcome })
}

/// What an effect finds in the wallet, or why it cannot be read.
fn licenses_after(text: &str) -> Parsed<Result<Overview, Failure>> {
    let mut tokens = Tokens::of(text);
    if tokens.is("they fail") {
        return failure(&mut tokens).map(Err);
    }
    overview(text).map(Ok)
}

fn shell_answer(tokens: &mut Tokens) -> Parsed<Option<Answer>> {
    let outcomes = [
        ("lock opened", LockOutcome::Opened),
        ("lock cancelled", LockOutcome::Cancelled),
        ("lock failed", LockOutcome::Failed),
        ("no lock", LockOutcome::NoLock),
    ];
    for (words, outcome) in outcomes {
        if tokens.is(words) {
            return Ok(Some(Answer::Lock { outcome }));
        }
    }
    Ok(if tokens.is("seen") {
        Some(Answer::Seen {
            text: tokens.text()?,
        })
    } else if tokens.is("camera refused") {
        Some(Answer::CameraRefused)
    } else if tokens.is("left") {
        Some(Answer::Left)
    } else if tokens.is("no browser") {
        Some(Answer::NoBrowser)
    } else {
        None
    })
}

/// `offer text "x" code "12" typed 2m ago link "y" front two asked one, 3m ago`.
fn kept(player: &Player, tokens: &mut Tokens) -> Parsed<Snapshot> {
    let page = match tokens.next()?.as_str() {
        "home" => SnapshotPage::Home,
        "welcome" => SnapshotPage::Welcome,
        "offer" => SnapshotPage::Offer,
        "sign-in" => SnapshotPage::SignIn,
        "answer" => SnapshotPage::Answer,
        "history" => SnapshotPage::History,
        "settings" => SnapshotPage::Settings,
        other => return Err(format!("{other} is no page")),
    };
    let ago = |span: Duration| {
        let mut then = player.now;
        then.boot -= span;
        then.wall = then.wall.saturating_sub(span.as_secs());
        then
    };
    let mut kept = Snapshot {
        at: player.now,
        page,
        front: None,
        asked: None,
        text: String::new(),
        code: None,
        link: None,
    };
    while !tokens.0.is_empty() {
        if tokens.is("text") {
            kept.text = tokens.text()?;
        } else if tokens.is("code") {
            let code = tokens.text()?;
            let typed = if tokens.is("typed") {
                let then = ago(tokens.span()?);
                tokens.is("ago");
                then
            } else {
                player.now
            };
            kept.code = Some((code, typed));
        } else if tokens.is("link") {
            kept.link = Some(tokens.text()?);
        } else if tokens.is("front") {
            kept.front = Some(tokens.next()?);
        } else if tokens.is("asked") {
            kept.asked = Some(tokens.next()?);
        } else {
            kept.at = ago(tokens.span()?);
            tokens.is("ago");
        }
    }
    Ok(kept)
}
