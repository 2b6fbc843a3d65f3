//! What is in a wallet, and what comes of an effect, as a scenario writes it.

use std::time::Duration;

use vidimus_app::event::{
    ApplicationStage, Applied, CodeAsked, Framed, FramedFace, Held, Missed, OfferRead, Opened,
    Outlook, Overview, Refreshed,
};
use vidimus_app::screen::{CategoryRow, Condition, Holder};
use vidimus_app::trouble::Failure;
use vidimus_app::words::{CalendarDay, Value, Words};
use vidimus_credential::meaning::Standing;
use vidimus_credential::{LicenseStatus, UnixTime};
use vidimus_wallet::activity_log::{Activity, ActivityEntry, Audience, Event as Happened, Fields};
use vidimus_wallet::error::{Damage, OfferFault, StorageError};
use vidimus_wallet::issuance::{IssuerStanding, OAuthError};
use vidimus_wallet::ports::{KeyStoreError, TransportError};
use vidimus_wallet::{Error, ReviewReason};

use super::START;
use super::tokens::{Parsed, Tokens};

/// The authority of every scenario.
const AUTHORITY: &str = "https://roads.example";

pub(super) fn opened(overview: Overview) -> Opened {
    Opened {
        authority: AUTHORITY.to_owned(),
        overview,
    }
}

/// `one valid 12m, two suspended 3h (rolled back)`, or `nothing (missing)`; and what was applied
/// for as `applied three waiting until 5m`.
pub(super) fn overview(text: &str) -> Parsed<Overview> {
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
    for one in licenses.split(',').map(str::trim) {
        match one.strip_prefix("applied ") {
            _ if one == "nothing" => {}
            Some(application) => overview.applications.push(applied(application)?),
            None => overview.licenses.push(held(one)?),
        }
    }
    Ok(overview)
}

/// `two signing in for 9m`, `two waiting until 5m`, or `two refused photo_unclear saying "Dark."`.
fn applied(text: &str) -> Parsed<Applied> {
    let mut tokens = Tokens::of(text);
    let id = tokens.next()?;
    let stage = if tokens.is("signing in for") {
        let left = tokens.span()?;
        let until = START + left.as_secs();
        ApplicationStage::SigningIn { until, left }
    } else if tokens.is("waiting until") {
        let next = START + tokens.span()?.as_secs();
        ApplicationStage::Waiting { next }
    } else if tokens.is("refused") {
        let reason = ReviewReason::from_name(&tokens.next()?);
        let words = tokens.is("saying").then(|| tokens.text()).transpose()?;
        ApplicationStage::Refused { reason, words }
    } else {
        return Err(format!("how far is it? {text}"));
    };
    tokens.end()?;
    let since = START;
    Ok(Applied { id, since, stage })
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

pub(super) fn holder(id: &str) -> Holder {
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
            meaning: None,
            conditions: vec![Condition {
                code: "01.02".to_owned(),
                meaning: None,
            }],
        }],
    }
}

/// `from "https://roads.example" named "Roads" proven asks for 6 digits saying "in the letter"`.
pub(super) fn offer(tokens: &mut Tokens) -> Parsed<OfferRead> {
    let issuer = if tokens.is("from") {
        tokens.text()?
    } else {
        AUTHORITY.to_owned()
    };
    let name = tokens.is("named").then(|| tokens.text()).transpose()?;
    let standing = if tokens.is("proven") {
        IssuerStanding::Authority
    } else if tokens.is("listed") {
        IssuerStanding::Listed
    } else {
        IssuerStanding::Unknown
    };
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
        standing,
        code,
    })
}

/// `by 2 requests next in 40s, one missed transport.unreachable`.
pub(super) fn refreshed(tokens: &mut Tokens) -> Parsed<Refreshed> {
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
pub(super) fn framed(tokens: &mut Tokens) -> Parsed<Framed> {
    let number = tokens.number()?;
    let standing = standings(&tokens.next()?)?;
    let age = if tokens.is("never") {
        None
    } else {
        Some(tokens.span()?)
    };
    let status_left_out = tokens.is("without its status");
    let face = if tokens.is("and a face of") {
        FramedFace::Drawn {
            count: tokens.number()?,
        }
    } else if tokens.is("and a face") {
        FramedFace::NotAsked
    } else {
        FramedFace::None
    };
    Ok(Framed {
        number,
        lasts: Duration::from_secs(10),
        signed_at: START,
        standing: standing.first().copied().unwrap_or(Standing::Unknown),
        as_of: age.map(|age| START - age.as_secs()),
        age,
        status_left_out,
        face,
    })
}

/// `shown valid, shown valid to "Patrol 7" proven, enrolled`, and `(changed)` where another process
/// has changed the log.
pub(super) fn activity(text: &str) -> Parsed<Activity> {
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
        Fields::all()
    } else {
        Fields::all_but_portrait()
    };
    Ok(Happened::Shown {
        audience,
        fields,
        status: LicenseStatus::Valid,
        as_of: None,
        standing: standing.first().copied().unwrap_or(Standing::Unknown),
    })
}

pub(super) fn failure(tokens: &mut Tokens) -> Parsed<Failure> {
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
        "offer.malformed" => Error::OfferMalformed(OfferFault::Text),
        "offer.busy" => Error::Busy {
            status: 503,
            again: UnixTime::new(tokens.number()?).map_err(|_| "no time".to_owned())?,
        },
        "offer.gone" => Error::OfferGone,
        "offer.code_required" => Error::TxCodeRequired,
        "offer.code_malformed" => Error::TxCodeMalformed,
        "offer.refused" => Error::Refused(OAuthError::InvalidGrant),
        "sign_in.unsupported" => Error::SignInUnsupported,
        "sign_in.none" => Error::NoSignIn,
        "sign_in.other" => Error::OtherSignIn,
        "sign_in.denied" => Error::SignInRefused(OAuthError::AccessDenied),
        "sign_in.refused" => Error::SignInRefused(OAuthError::InvalidClient),
        "sign_in.waits" => Error::ApplicationWaits,
        "issuer.not_renewable" => Error::NotRenewable,
        "challenge.malformed" => Error::Credential(vidimus_credential::Error::Layout(
            vidimus_credential::Field::Challenge,
        )),
        "challenge.recorded" => Error::Credential(vidimus_credential::Error::ChallengeNotRecent),
        "challenge.over" => Error::ChallengeOver,
        "no_such_license" => Error::NoSuchLicense,
        "presentation_ended" => Error::PresentationEnded,
        "cancelled" => Error::Cancelled,
        other => return Err(format!("{other} is no failure")),
    };
    Ok(error.into())
}
