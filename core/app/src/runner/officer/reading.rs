//! Turns the values of the reader's book into those of the app.

use std::time::Duration;

use vidimus_credential::UnixTime;
use vidimus_credential::face::Progress;
use vidimus_credential::sd_cwt::Portrait;
use vidimus_wallet::reader::{Checked, HeldAuthority, Sight};

use super::super::reading::holder;
use crate::officer::event::{Authority, Face, Judged, KeyList, Sighting};
use crate::officer::verdict::standing_by;

/// What a picture showed, and the bytes that come with it.
pub(super) enum Sighted {
    Plain(Sighting),
    Face(Portrait),
    Verdict {
        judged: Box<Judged>,
        announce: bool,
        digest: Option<[u8; 32]>,
        portrait: Option<Portrait>,
    },
}

/// None for a sight that this app does not know yet.
pub(super) fn sighted(sight: Sight) -> Option<Sighted> {
    Some(match sight {
        Sight::Verdict {
            verdict,
            first_seen_s,
            announce,
        } => {
            let mut judged = judged(&verdict);
            if first_seen_s > 0 {
                judged.first_seen = Some(verdict.at.saturating_sub(first_seen_s).seconds());
            }
            Sighted::Verdict {
                judged: Box::new(judged),
                announce,
                digest: verdict.verdict.portrait_digest,
                portrait: verdict.verdict.portrait,
            }
        }
        Sight::Same { .. } => Sighted::Plain(Sighting::Same),
        Sight::Face(Progress { read, count }) => {
            let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
            Sighted::Plain(Sighting::Face {
                read: number(read),
                count: number(count),
            })
        }
        Sight::Portrait(portrait) => Sighted::Face(portrait),
        Sight::TwoLicenses => Sighted::Plain(Sighting::TwoLicenses),
        Sight::NotAnAnswer => Sighted::Plain(Sighting::NotAnAnswer),
        Sight::OtherCode => Sighted::Plain(Sighting::Unreadable),
        _ => return None,
    })
}

fn judged(checked: &Checked) -> Judged {
    let verdict = &checked.verdict;
    let license = verdict.license.as_ref();
    Judged {
        outcome: verdict.outcome,
        reasons: verdict.reasons.clone(),
        holder: license.map(holder),
        standing: license.map(|_| standing_by(verdict.status.state, &verdict.reasons)),
        source: verdict.status.source,
        as_of: verdict.status.as_of.map(UnixTime::seconds),
        age: verdict.age_s.map(Duration::from_secs),
        authority: verdict.display_name.clone(),
        clock_difference_s: verdict.clock_difference_s,
        doubtful: verdict.offer_challenge,
        first_seen: None,
        face: Face::None,
        troubles: checked.troubles.clone(),
    }
}

pub(super) fn authority(held: &HeldAuthority, now: UnixTime) -> Authority {
    let age = |signed: UnixTime| span(signed, now);
    let list = held.list_signed.zip(held.list_expires);
    let bundles = held.bundles.iter().map(|(_, signed)| signed.map(age));
    let bundles: Option<Vec<Duration>> = bundles.collect();
    Authority {
        name: held.address.clone(),
        list: list.map(|(signed, expires)| KeyList {
            age: age(signed),
            good_for: span(now, expires),
        }),
        statuses: bundles.and_then(|ages| ages.into_iter().max()),
    }
}

fn span(from: UnixTime, to: UnixTime) -> Duration {
    Duration::from_secs(to.seconds().saturating_sub(from.seconds()))
}
