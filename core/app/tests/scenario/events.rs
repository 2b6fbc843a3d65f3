//! Events as a scenario writes them.

use std::time::Duration;

use vidimus_app::driver::{Kept, KeptPage};
use vidimus_app::event::{
    Action, Answer, CodeAsked, Event, Framed, Held, LockOutcome, Missed, OfferRead, Opened,
    Outcome, Outlook, Overview, QuestionRead, Refreshed,
};
use vidimus_app::screen::{CategoryRow, Holder};
use vidimus_app::trouble::{Failure, TroubleAction};
use vidimus_app::words::{CalendarDay, Value, Words};
use vidimus_credential::meaning::Standing;
use vidimus_credential::{LicenseStatus, UnixTime};
use vidimus_wallet::Error;
use vidimus_wallet::activity_log::{Activity, ActivityEntry, Audience, Event as Happened, Fields};
use vidimus_wallet::error::{Damage, StorageError};
use vidimus_wallet::issuance::Refusal;
use vidimus_wallet::ports::{KeyStoreError, TransportError};

use super::{START, Stage};

type Parsed<T> = Result<T, String>;

/// The authority of every scenario.
const AUTHORITY: &str = "https://roads.example";

/// Words, and texts in quotes, one after another.
struct Tokens(std::collections::VecDeque<String>);

impl Tokens {
    fn of(line: &str) -> Self {
        let mut tokens = std::collections::VecDeque::new();
        let mut rest = line.trim();
        while !rest.is_empty() {
            let (token, after) = match rest.strip_prefix('"').and_then(|rest| rest.split_once('"'))
            {
                Some((text, after)) => (format!("\"{text}"), after),
                None => {
                    let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
                    (word.to_owned(), after)
                }
            };
            tokens.push_back(token);
            rest = after.trim_start();
        }
        Self(tokens)
    }

    fn next(&mut self) -> Parsed<String> {
        self.0
            .pop_front()
            .ok_or_else(|| "something is missing".to_owned())
    }

    fn text(&mut self) -> Parsed<String> {
        let token = self.next()?;
        let text = token
            .strip_prefix('"')
            .ok_or_else(|| format!("{token} is no text"))?;
        Ok(text.replace("\\n", "\n"))
    }

    /// Takes the next words where they are these.
    fn is(&mut self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        let is_so = self.0.len() >= words.len()
            && words.iter().zip(&self.0).all(|(word, token)| word == token);
        if is_so {
            self.0.drain(..words.len());
        }
        is_so
    }

    fn number<T: std::str::FromStr>(&mut self) -> Parsed<T> {
        let token = self.next()?;
        token.parse().map_err(|_| format!("{token} is no number"))
    }

    fn span(&mut self) -> Parsed<Duration> {
        span(&self.next()?)
    }

    fn end(self) -> Parsed<()> {
        let left: Vec<String> = self.0.into();
        if left.is_empty() {
            Ok(())
        } else {
            Err(format!("what is this? {}", left.join(" ")))
        }
    }
}

fn span(text: &str) -> Parsed<Duration> {
    let number = |digits: &str| {
        digits
            .parse::<u64>()
            .map_err(|_| format!("{text} is no span"))
    };
    for (unit, millis) in [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ] {
        if let Some(digits) = text.strip_suffix(unit)
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Ok(Duration::from_millis(number(digits)? * millis));
        }
    }
    Err(format!("{text} is no span"))
}

/// Lets an event of a scenario happen.
pub(super) fn play(stage: &mut Stage, line: &str) -> Parsed<()> {
    if let Some(licenses) = line.strip_prefix("open:") {
        stage.happens(Event::Start);
        let outcome = Outcome::Opened(Ok(opened(overview(licenses)?)));
        stage.happens(Event::Done { id: 1, outcome });
        return Ok(());
    }
    let mut tokens = Tokens::of(line);
    if tokens.is("no lock") {
        stage.has_lock = false;
    } else if tokens.is("kept") {
        stage.kept = Some(kept(stage, &mut tokens)?);
    } else if tokens.is("wait") {
        let span = tokens.span()?;
        stage.wait(span)?;
    } else if tokens.is("the phone restarts for") {
        stage.pass(tokens.span()?);
        stage.now.boot_id = Some([2; 16]);
    } else {
        let event = event(stage, line)?;
        stage.happens(event);
        return Ok(());
    }
    tokens.end()
}

fn event(stage: &mut Stage, line: &str) -> Parsed<Event> {
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
        Event::Action(action(stage, &mut tokens)?)
    };
    tokens.end()?;
    Ok(event)
}

fn action(stage: &mut Stage, tokens: &mut Tokens) -> Parsed<Action> {
    let simple = [
        ("seen without a lock", Action::Seen { has_lock: false }),
        ("seen", Action::Seen { has_lock: true }),
        ("left", Action::Left),
        ("back", Action::Back),
        ("add", Action::AddLicense),
        ("read the offer", Action::ReadOffer),
        ("scan", Action::Scan),
        ("take", Action::TakeOffer),
        ("refresh", Action::Refresh),
        ("show", Action::Show),
        ("end", Action::EndShow),
        ("read the digits", Action::ReadAnswer),
        ("answer now", Action::AnswerNow),
        ("answer", Action::Answer),
        ("history", Action::History),
        ("settings", Action::Settings),
        ("keep", Action::Keep),
        ("remove", Action::Remove),
    ];
    for (words, action) in simple {
        if tokens.is(words) {
            return Ok(action);
        }
    }
    if tokens.is("type offer") {
        let text = tokens.text()?;
        let edit = edit(stage, tokens)?;
        Ok(Action::TypeOffer { text, edit })
    } else if tokens.is("type code") {
        let text = tokens.text()?;
        let edit = edit(stage, tokens)?;
        Ok(Action::TypeCode { text, edit })
    } else if tokens.is("type digits") {
        let text = tokens.text()?;
        let edit = edit(stage, tokens)?;
        Ok(Action::TypeAnswer { text, edit })
    } else if tokens.is("link") {
        Ok(Action::Link {
            text: tokens.text()?,
        })
    } else if tokens.is("select") {
        Ok(Action::Select {
            index: tokens.number()?,
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

/// The number of what is typed: the next one, or the one that is written, as of a shell that was slow.
fn edit(stage: &mut Stage, tokens: &mut Tokens) -> Parsed<u64> {
    if tokens.is("as typing") {
        return tokens.number();
    }
    stage.edit += 1;
    if tokens.is("while typing goes on") {
        stage.edit += 1;
        return Ok(stage.edit - 1);
    }
    Ok(stage.edit)
}

/// An effect is done. What is in the wallet after it stands behind a semicolon.
fn done(id: u64, line: &str) -> Parsed<Event> {
    let (line, after) = match line.split_once(';') {
        Some((line, after)) => (line, Some(overview(after)?)),
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
        Outcome::Enrolled(Ok(tokens.next()?), Ok(after()?))
    } else if tokens.is("enrollment fails") {
        Outcome::Enrolled(Err(failure(&mut tokens)?), Ok(after()?))
    } else if tokens.is("removed") {
        Outcome::Removed(Ok(()), Ok(after()?))
    } else if tokens.is("removal fails") {
        Outcome::Removed(Err(failure(&mut tokens)?), Ok(after()?))
    } else if tokens.is("refreshed") {
        Outcome::Refreshed(Ok(refreshed(&mut tokens)?), Ok(after()?))
    } else if tokens.is("refresh fails") {
        Outcome::Refreshed(Err(failure(&mut tokens)?), Ok(after()?))
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
        }))
    } else if tokens.is("question of") {
        let name = Some(tokens.text()?);
        let proven = tokens.is("proven");
        Outcome::QuestionRead(Ok(QuestionRead { name, proven }))
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
    } else {
        None
    })
}

fn opened(overview: Overview) -> Opened {
    Opened {
        authority: AUTHORITY.to_owned(),
        overview,
    }
}

/// `one valid 12m, two suspended 3h (rolled back)`, or `nothing (missing)`.
fn overview(text: &str) -> Parsed<Overview> {
    let mut overview = Overview::default();
    let (licenses, flags) = match text.split_once('(') {
        Some((licenses, flags)) => (licenses, flags.trim_end().trim_end_matches(')')),
        None => (text, ""),
    };
    for flag in flags
        .split(',')
        .map(str::trim)
        .filter(|flag| !flag.is_empty())
    {
        match flag {
            "rolled back" => overview.rolled_back = true,
            "something is damaged" => overview.damaged = true,
            "missing" => overview.misses_license = true,
            "clock set back" => overview.clock_set_back = true,
            other => return Err(format!("what is this? {other}")),
        }
    }
    let licenses = licenses.trim();
    if licenses != "nothing" {
        let licenses = licenses.split(',').map(|license| held(license.trim()));
        overview.licenses = licenses.collect::<Parsed<_>>()?;
    }
    Ok(overview)
}

/// `one valid 12m`, and behind it `damaged`, `unreadable`, `portrait`, `in 50s status_stale`.
fn held(text: &str) -> Parsed<Held> {
    let mut tokens = Tokens::of(text);
    let id = tokens.next()?;
    let mut outlook = vec![Outlook {
        after: Duration::ZERO,
        standings: standings(&tokens.next()?)?,
    }];
    let age = if tokens.is("never") {
        None
    } else {
        Some(tokens.span()?)
    };
    let mut held = Held {
        holder: Some(holder(&id)),
        as_of: age.map(|age| START - age.as_secs()),
        age,
        portrait: None,
        damaged: false,
        outlook: Vec::new(),
        id,
    };
    while !tokens.0.is_empty() {
        if tokens.is("damaged") {
            held.damaged = true;
        } else if tokens.is("unreadable") {
            (held.damaged, held.holder) = (true, None);
        } else if tokens.is("portrait") {
            held.portrait = Some(tokens.next()?);
        } else if tokens.is("in") {
            let after = tokens.span()?;
            let standings = standings(&tokens.next()?)?;
            outlook.push(Outlook { after, standings });
        } else {
            return Err(format!("what is this? {}", tokens.next()?));
        }
    }
    held.outlook = outlook;
    Ok(held)
}

/// `suspended`, or several with a plus between them, the worst first.
fn standings(text: &str) -> Parsed<Vec<Standing>> {
    let standing = |name: &str| Standing::from_name(name);
    let found = text.split('+').map(standing).collect::<Option<Vec<_>>>();
    found.ok_or_else(|| format!("{text} is no standing"))
}

fn holder(id: &str) -> Holder {
    let day = CalendarDay {
        year: 2020,
        month: 6,
        day: 1,
    };
    Holder {
        family_name: id.to_owned(),
        given_names: "Zoë".to_owned(),
        name: format!("Zoë {id}"),
        born: Value::Month {
            year: 1991,
            month: 2,
        },
        number: format!("ZZ-{id}"),
        country: "ZZ".to_owned(),
        issued: day,
        expires: Value::Word {
            key: "license.no_end".to_owned(),
        },
        categories: vec![CategoryRow {
            code: "B".to_owned(),
            from: Some(Words::with(
                "license.category.from",
                vec![Value::Day { day }],
            )),
            until: None,
            conditions: Some(Words::with(
                "license.category.restrictions",
                vec![Value::List {
                    items: vec!["01.02".to_owned()],
                }],
            )),
        }],
    }
}

/// `from "https://roads.example" named "Roads" proven asks for 6 digits saying "in the letter"`.
fn offer(tokens: &mut Tokens) -> Parsed<OfferRead> {
    let issuer = if tokens.is("from") {
        tokens.text()?
    } else {
        AUTHORITY.to_owned()
    };
    let name = tokens.is("named").then(|| tokens.text()).transpose()?;
    let proven = tokens.is("proven");
    let mut code = None;
    if tokens.is("asks for") {
        let length = if tokens.is("any") {
            None
        } else {
            Some(tokens.number()?)
        };
        let numeric = tokens.is("digits");
        if !numeric && !tokens.is("letters") {
            return Err("digits or letters?".to_owned());
        }
        let hint = tokens.is("saying").then(|| tokens.text()).transpose()?;
        code = Some(CodeAsked {
            numeric,
            length,
            hint,
        });
    }
    Ok(OfferRead {
        issuer,
        name,
        proven,
        code,
    })
}

/// `by 2 requests next in 40s, one missed transport.unreachable`.
fn refreshed(tokens: &mut Tokens) -> Parsed<Refreshed> {
    let mut refreshed = Refreshed {
        requests: 1,
        failures: Vec::new(),
        next_in: Duration::from_secs(3_600),
    };
    while !tokens.0.is_empty() {
        if tokens.is("without a request") {
            refreshed.requests = 0;
        } else if tokens.is("next in") {
            refreshed.next_in = tokens.span()?;
        } else {
            let license = Some(tokens.next()?).filter(|license| license != "all");
            if !tokens.is("missed") {
                return Err("missed what?".to_owned());
            }
            let failure = failure(tokens)?;
            refreshed.failures.push(Missed { license, failure });
        }
    }
    Ok(refreshed)
}

/// `1 valid 3m for 10s, without its status`.
fn framed(tokens: &mut Tokens) -> Parsed<Framed> {
    let number = tokens.number()?;
    let standing = standings(&tokens.next()?)?;
    let age = if tokens.is("never") {
        None
    } else {
        Some(tokens.span()?)
    };
    let status_left_out = tokens.is("without its status");
    Ok(Framed {
        number,
        lasts: Duration::from_secs(10),
        standing: standing.first().copied().unwrap_or(Standing::Unknown),
        as_of: age.map(|age| START - age.as_secs()),
        age,
        status_left_out,
    })
}

/// `shown valid, shown valid to "Patrol 7" proven, enrolled`, and `(changed)` where somebody else has changed the log.
fn activity(text: &str) -> Parsed<Activity> {
    let (rows, intact) = match text.split_once("(changed)") {
        Some((rows, _)) => (rows, false),
        None => (text, true),
    };
    let rows = rows.split(',').map(str::trim).filter(|row| !row.is_empty());
    let entries = rows.map(|row| {
        let mut tokens = Tokens::of(row);
        let event = happened(&mut tokens)?;
        tokens.end()?;
        Ok(ActivityEntry {
            at: UnixTime::new(START).map_err(|_| "no time".to_owned())?,
            license: "one".to_owned(),
            event,
        })
    });
    Ok(Activity {
        entries: entries.collect::<Parsed<_>>()?,
        intact,
    })
}

fn happened(tokens: &mut Tokens) -> Parsed<Happened> {
    let status =
        |name: &str| LicenseStatus::from_name(name).ok_or_else(|| format!("{name} is no status"));
    if tokens.is("enrolled") {
        return Ok(Happened::Enrolled);
    } else if tokens.is("renewed") {
        return Ok(Happened::Renewed);
    } else if tokens.is("removed") {
        return Ok(Happened::Removed);
    } else if tokens.is("changed from") {
        let from = status(&tokens.next()?)?;
        if !tokens.is("to") {
            return Err("changed to what?".to_owned());
        }
        let to = status(&tokens.next()?)?;
        return Ok(Happened::StatusChanged { from, to });
    } else if !tokens.is("shown") {
        return Err(format!("what is this? {}", tokens.next()?));
    }
    let standing = standings(&tokens.next()?)?;
    let audience = if tokens.is("to digits") {
        Audience::Reader {
            name: "dl1:code".to_owned(),
            proven: false,
        }
    } else if tokens.is("to") {
        let name = tokens.text()?;
        let proven = tokens.is("proven");
        Audience::Reader { name, proven }
    } else {
        Audience::Anyone
    };
    let fields = if tokens.is("with portrait") {
        Fields::All
    } else {
        Fields::AllButPortrait
    };
    Ok(Happened::Shown {
        audience,
        fields,
        status: LicenseStatus::Valid,
        as_of: None,
        standing: standing.first().copied().unwrap_or(Standing::Unknown),
    })
}

/// `offer text "x" code "12" typed 2m ago link "y" front two asked one, 3m ago`.
fn kept(stage: &Stage, tokens: &mut Tokens) -> Parsed<Kept> {
    let page = match tokens.next()?.as_str() {
        "home" => KeptPage::Home,
        "welcome" => KeptPage::Welcome,
        "offer" => KeptPage::Offer,
        "answer" => KeptPage::Answer,
        "history" => KeptPage::History,
        "settings" => KeptPage::Settings,
        other => return Err(format!("{other} is no page")),
    };
    let ago = |span: Duration| {
        let mut then = stage.now;
        then.boot -= span;
        then.wall = then.wall.saturating_sub(span.as_secs());
        then
    };
    let mut kept = Kept {
        at: stage.now,
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
                stage.now
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

fn failure(tokens: &mut Tokens) -> Parsed<Failure> {
    let name = tokens.next()?;
    let error = match name.as_str() {
        "internal" => return Ok(Failure::Internal),
        "vault.already_exists" => Error::AlreadyExists,
        "vault.damaged" => Error::VaultDamaged {
            what: Damage::Manifest,
        },
        "vault.newer_version" => Error::NewerSchema,
        "vault.other_device" => Error::OtherDevice,
        "vault.key_invalidated" => Error::KeyInvalidated,
        "storage.full" => Error::Storage(StorageError::Full),
        "storage.read_only" => Error::Storage(StorageError::ReadOnly),
        "storage.busy" => Error::Storage(StorageError::Busy),
        "storage.failed" => Error::Storage(StorageError::Io),
        "key_store.locked" => Error::KeyStore(KeyStoreError::Locked),
        "key_store.not_found" => Error::KeyStore(KeyStoreError::NotFound),
        "key_store.failed" => Error::KeyStore(KeyStoreError::Io),
        "key_store.timeout" => Error::KeyStore(KeyStoreError::Timeout),
        "network.unreachable" => Error::Transport(TransportError::Unreachable),
        "untrusted" => Error::Credential(vidimus_credential::Error::UnknownKey),
        "offer.malformed" => Error::OfferMalformed,
        "offer.gone" => Error::OfferGone,
        "offer.code_required" => Error::TxCodeRequired,
        "offer.code_malformed" => Error::TxCodeMalformed,
        "offer.refused" => Error::Refused(Refusal::InvalidGrant),
        "issuer.not_renewable" => Error::NotRenewable,
        "challenge.malformed" => Error::Credential(vidimus_credential::Error::Layout),
        "challenge.recorded" => Error::Credential(vidimus_credential::Error::ChallengeNotRecent),
        "challenge.over" => Error::ChallengeOver,
        "no_such_license" => Error::NoSuchLicense,
        "presentation_ended" => Error::PresentationEnded,
        "cancelled" => Error::Cancelled,
        other => return Err(format!("{other} is no failure")),
    };
    Ok(error.into())
}
