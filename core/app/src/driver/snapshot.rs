//! The part of the state that survives when the system ends the app: the page, and what was typed
//! there.
//!
//! A showing, an unlock and a consent are never part of it. It counts for [`SNAPSHOT_LIFE`].

use std::time::Duration;

use vidimus_wallet::ports::Reading;

use super::pages::{AnswerPage, Page, ScanOrigin, SettingsPage, TypedCode, Welcome};
use super::transition::Transition;
use super::{HistoryRequest, State};

/// How long a snapshot counts after it was taken, and a transaction code after it was typed.
pub const SNAPSHOT_LIFE: Duration = Duration::from_secs(15 * 60);

/// A snapshot of the state. It holds what the driver typed: no `Debug`. The caller must seal it
/// before it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// When it was taken.
    pub at: Reading,
    /// The page to go back to.
    pub page: SnapshotPage,
    /// The license in front.
    pub front: Option<String>,
    /// The license whose removal was asked about.
    pub asked: Option<String>,
    /// What was typed: an offer, or digits.
    pub text: String,
    /// The transaction code, and when it was typed.
    pub code: Option<(String, Reading)>,
    /// A link that was not read yet.
    pub link: Option<String>,
}

/// A page that is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotPage {
    /// The licenses, or how to get one.
    Home,
    /// Where an offer is typed.
    Welcome,
    /// An offer that was read. It is read again.
    Offer,
    /// Where the driver signs in.
    SignIn,
    /// Where an officer's question is typed.
    Answer,
    /// The page with what happened.
    History,
    /// The page with the settings.
    Settings,
}

/// How much of [`SNAPSHOT_LIFE`] is left; nothing where the phone was started again since, or where
/// a clock was set back.
pub(super) fn left(at: Reading, now: Reading) -> Duration {
    let by_boot = now.boot.checked_sub(at.boot);
    let by_wall = now.wall.seconds().checked_sub(at.wall.seconds());
    let passed = match (at.boot_id, now.boot_id) {
        (Some(then), Some(now)) if then == now => by_boot,
        // Where the system does not name its starts, the wall clock must agree.
        (None, None) => by_boot
            .zip(by_wall)
            .map(|(boot, wall)| boot.max(Duration::from_secs(wall))),
        _ => None,
    };
    passed.map_or(Duration::ZERO, |passed| {
        SNAPSHOT_LIFE.saturating_sub(passed)
    })
}

impl Snapshot {
    /// Whether it still counts.
    #[must_use]
    pub fn is_current(&self, now: Reading) -> bool {
        !left(self.at, now).is_zero()
    }
}

impl State {
    /// The snapshot of now; none before the wallet is open.
    #[must_use]
    pub fn snapshot(&self, now: Reading) -> Option<Snapshot> {
        let open = self.open.as_ref()?;
        let (page, text) = match &self.page {
            Page::Opening | Page::Blocked(_) => return None,
            Page::Welcome(welcome) => welcome_snapshot(welcome),
            Page::Scan(scan) => match &scan.origin {
                ScanOrigin::Welcome(welcome) => welcome_snapshot(welcome),
                ScanOrigin::Answer(answer) => (SnapshotPage::Answer, answer.text.clone()),
            },
            Page::Offer(offer) => (SnapshotPage::Offer, offer.text.clone()),
            Page::Answer(answer) => (SnapshotPage::Answer, answer.text.clone()),
            Page::SignIn(_) => (SnapshotPage::SignIn, String::new()),
            Page::License | Page::Show(_) => (SnapshotPage::Home, String::new()),
            Page::History(_) => (SnapshotPage::History, String::new()),
            Page::Settings(_) => (SnapshotPage::Settings, String::new()),
        };
        let code = match &self.page {
            Page::Offer(offer) => offer.code.as_ref(),
            Page::Welcome(welcome) => welcome.code.as_ref(),
            _ => None,
        };
        let code = code.filter(|code| !code.text.is_empty() && !left(code.at, now).is_zero());
        // What the browser brought is taken to the authority again.
        let brought = match &self.page {
            Page::SignIn(page) => page.redirect(),
            _ => None,
        };
        let asked = match &self.page {
            Page::Settings(settings) => settings.asked.clone(),
            _ => None,
        };
        Some(Snapshot {
            at: now,
            page,
            front: open.front().map(|held| held.id.clone()),
            asked,
            text,
            code: code.map(|code| (code.text.clone(), code.at)),
            link: self.link.clone().or_else(|| brought.cloned()),
        })
    }
}

/// An offer that was being read is read again.
fn welcome_snapshot(welcome: &Welcome) -> (SnapshotPage, String) {
    let page = if welcome.reading.is_some() {
        SnapshotPage::Offer
    } else {
        SnapshotPage::Welcome
    };
    (page, welcome.text.clone())
}

impl Transition {
    /// Goes back to where the driver was when the app was ended, as soon as the wallet is open.
    pub(super) fn restore(&mut self) {
        let Some(kept) = self
            .state
            .kept
            .take()
            .filter(|kept| kept.is_current(self.now))
        else {
            return;
        };
        // A link that the driver has just tapped counts more than the page before.
        let is_called = self.state.link.is_some();
        if !is_called {
            // What the browser brought counts only while its sign-in is under way.
            let is_over = |link: &String| self.is_of_sign_in(link) && !self.is_under_way();
            self.state.link = kept.link.filter(|link| !is_over(link));
        }
        if let Some(open) = &mut self.state.open
            && let Some(front) = &kept.front
            && open.holds(front)
        {
            open.bring(front);
        }
        match kept.page {
            _ if is_called => {}
            SnapshotPage::Home => {}
            SnapshotPage::Welcome => self.go(Page::Welcome(Welcome {
                text: kept.text,
                ..Welcome::default()
            })),
            SnapshotPage::Offer => {
                let code = kept.code.map(|(text, at)| TypedCode { text, at });
                let code = code.filter(|code| !left(code.at, self.now).is_zero());
                self.read_offer(kept.text, code);
            }
            SnapshotPage::SignIn if self.is_signing_in() => self.go_to_sign_in(),
            SnapshotPage::SignIn => {}
            SnapshotPage::Answer if self.may_answer() => self.go(Page::Answer(AnswerPage {
                text: kept.text,
                ..AnswerPage::default()
            })),
            SnapshotPage::Answer => {}
            SnapshotPage::History => self.state.history = HistoryRequest::Waiting,
            SnapshotPage::Settings => {
                let open = self.state.open.as_ref();
                let asked = kept
                    .asked
                    .filter(|id| open.is_some_and(|open| open.holds(id)));
                self.go(Page::Settings(SettingsPage {
                    asked,
                    ..SettingsPage::default()
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use vidimus_credential::UnixTime;

    use super::*;

    fn reading(wall: u64, boot: u64, boot_id: Option<[u8; 16]>) -> Reading {
        Reading {
            wall: UnixTime::new(wall).unwrap(),
            boot: Duration::from_secs(boot),
            boot_id,
        }
    }

    #[test]
    fn what_was_kept_counts_for_fifteen_minutes_by_the_clock_that_nobody_sets() {
        let id = Some([1; 16]);
        let at = reading(10_000, 1_000, id);
        // The wall clock may say what it likes.
        for wall in [0, 10_060, 1_000_000] {
            let later = reading(wall, 1_060, id);
            assert_eq!(left(at, later), Duration::from_secs(840), "{wall}");
        }
        assert_eq!(left(at, reading(10_900, 1_900, id)), Duration::ZERO);
        assert_eq!(left(at, reading(10_000, 999, id)), Duration::ZERO);
        for other in [None, Some([2; 16])] {
            assert_eq!(left(at, reading(10_060, 1_060, other)), Duration::ZERO);
        }
    }

    #[test]
    fn where_the_system_does_not_name_its_starts_both_clocks_must_agree() {
        let at = reading(10_000, 1_000, None);
        let minute = reading(10_060, 1_060, None);
        assert_eq!(left(at, minute), Duration::from_secs(840));
        // The phone was started again, and runs longer by now than it did before.
        let restarted = reading(20_000, 1_060, None);
        assert_eq!(left(at, restarted), Duration::ZERO);
        for set_back in [reading(9_999, 1_060, None), reading(10_060, 999, None)] {
            assert_eq!(left(at, set_back), Duration::ZERO);
        }
        assert_eq!(left(at, reading(10_000, 1_900, None)), Duration::ZERO);
        assert_eq!(
            left(at, reading(10_060, 1_060, Some([1; 16]))),
            Duration::ZERO
        );
    }
}
