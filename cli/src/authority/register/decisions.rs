//! Decisions, and those that wait for a second chief.

use serde::Deserialize;
use serde_json::json;
use vidimus_authority::{Decision, Moment};
use vidimus_credential::{LicenseStatus, UnixTime};

use super::Register;
use super::client::{Call, Client, nothing};
use super::views::{DecidedView, DecisionView, ProposalView};
use crate::authority::failure;
use crate::failure::{Failure, Outcome};
use crate::runtime;

/// What became of a decision.
pub(crate) enum Told {
    /// The decision is made.
    Decided {
        decided: DecidedView,
        /// All decisions of the license; none where the user may not read them.
        all: Vec<DecisionView>,
        /// By what time it was decided.
        now: UnixTime,
    },
    /// It waits for another chief.
    Proposed(ProposalView),
}

#[derive(Deserialize)]
struct ProposalPage {
    proposals: Vec<ProposalView>,
}

#[derive(Deserialize)]
struct Me {
    roles: Vec<String>,
}

impl Register {
    /// Makes one decision, or proposes it to another chief.
    pub(crate) fn decide(&self, decision: &Decision) -> Outcome<Told> {
        match self {
            Self::Local(authority) => {
                let now = runtime::moment();
                let decided = authority
                    .decide(std::slice::from_ref(decision), "clerk", now)
                    .map_err(|error| failure(&error))?;
                let seen: Moment = crate::authority::status::believed(authority, now)?;
                let found = authority.find_license(&decision.license, seen);
                let found = found.map_err(|error| failure(&error))?;
                Ok(Told::Decided {
                    decided: DecidedView {
                        license_id: found.row.id.clone(),
                        status: found.row.status.name().to_owned(),
                        repeated: decided.repeated > 0,
                        lifted_nothing: decided.lifted_nothing > 0,
                        lists_signed: decided.lists,
                    },
                    all: found.decisions.iter().map(DecisionView::of).collect(),
                    now: seen.wall(),
                })
            }
            Self::Remote(office) => self.ask_to_decide(office, decision),
        }
    }

    fn ask_to_decide(&self, office: &Client, decision: &Decision) -> Outcome<Told> {
        let body = json!({
            "state": decision.state.name(),
            "reason": decision.reason,
            "from": decision.from.map(UnixTime::seconds),
            "until": decision.until.map(UnixTime::seconds),
            "event": decision.event,
            "lifts": decision.lifts,
        });
        let path = ["licenses", &decision.license, "decisions"];
        let is_final = matches!(
            decision.state,
            LicenseStatus::Revoked | LicenseStatus::Superseded
        );
        let again = match is_final {
            true => "look with `proposal list`".to_owned(),
            false => format!(
                "give it again with --event {}, and nothing is done twice",
                decision.event
            ),
        };
        let call = Call::post(&path, body).or_again(again);
        if is_final {
            return office.ask(&call).map(Told::Proposed);
        }
        let decided: DecidedView = office.ask(&call)?;
        // Only what `valid` leaves is told from the other decisions.
        let all = match decision.state == LicenseStatus::Valid && reads(office)? {
            true => self.find(&decided.license_id)?.decisions,
            false => Vec::new(),
        };
        Ok(Told::Decided {
            decided,
            all,
            now: runtime::moment().wall(),
        })
    }

    /// The proposals, the latest first; those that are closed where `all` says so.
    pub(crate) fn proposals(&self, all: bool) -> Outcome<Vec<ProposalView>> {
        let query = [("all", all.to_string())];
        let page: ProposalPage = self
            .office()?
            .ask(&Call::get(&["proposals"]).asking(&query))?;
        Ok(page.proposals)
    }

    /// Approves or refuses a proposal.
    pub(crate) fn close(&self, proposal: i64, approve: bool) -> Outcome<ProposalView> {
        let proposal = proposal.to_string();
        let way = if approve { "approve" } else { "refuse" };
        let path = ["proposals", &proposal, way];
        let again = "look with `proposal list --all`".to_owned();
        self.office()?
            .ask(&Call::post(&path, nothing()).or_again(again))
    }

    /// The office, for what two of its users do.
    fn office(&self) -> Outcome<&Client> {
        match self {
            Self::Remote(office) => Ok(office),
            Self::Local(_) => Err(Failure::usage(
                "proposals are made and approved by users of the office: use --server, and not --home",
            )),
        }
    }
}

/// Whether the user may read licenses. A program of another office may not, and to try is noted.
fn reads(office: &Client) -> Outcome<bool> {
    let me: Me = office.ask(&Call::get(&["me"]))?;
    Ok(me.roles.iter().any(|role| role != "system"))
}
