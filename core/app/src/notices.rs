//! News of a license for a driver who does not look at the app: one that has come, an application
//! that was refused, a status that changed, an end that comes near, another phone in use, three
//! days without a word from the authority.
//!
//! Pure. [`Told`] is what the driver was told before. The wallet keeps it, and gives it and takes
//! the next one in one transaction, so that of two processes with the same news one tells it.
//!
//! A notice names no license and no reason: the phone shows it while it is locked.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use vidimus_credential::LicenseStatus;

/// The word key of every notice.
pub const WORD: &str = "notice.news";

/// The days before an end on which it is told.
pub const DAYS: [u32; 3] = [30, 7, 1];

/// After how many days without a newer status the driver is told.
pub const SILENT_DAYS: u32 = 3;

const DAY_S: u64 = 86_400;

/// What is known of a license now. Times are seconds since 1970. Personal data: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Known {
    /// The license's id in the wallet.
    pub license: String,
    /// The status that the authority last signed.
    pub state: LicenseStatus,
    /// When the authority signed that status.
    pub as_of: Option<u64>,
    /// When the license ends; none where it has no end.
    pub ends: Option<u64>,
    /// When its categories end.
    pub category_ends: Vec<u64>,
}

/// What is known of an application now: its id in the wallet, which its license keeps, and whether
/// the authority has refused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownApplication {
    /// The application's id in the wallet.
    pub application: String,
    /// Whether the authority has refused it.
    pub refused: bool,
}

/// One thing to tell the driver.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LicenseNotice {
    /// The id of the license or application in the wallet. It is random and says nothing of the
    /// driver.
    pub license: String,
    /// The change or the end that the driver is told of.
    pub kind: NoticeKind,
}

/// What a notice is about. It is not shown with it.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// A license has come that was applied for.
    LicenseReceived,
    /// The authority has refused an application.
    ApplicationRefused,
    /// The authority has changed the status.
    StatusChanged,
    /// Another phone has taken the place of this one.
    OtherPhone,
    /// The license ends in so many days.
    LicenseEnds {
        /// 30, 7 or 1.
        days: u32,
    },
    /// A category of it ends in so many days.
    CategoryEnds {
        /// 30, 7 or 1.
        days: u32,
    },
    /// For three days nothing newer came from the authority.
    NoRefresh,
}

/// A notice that the system can be asked to show at a later time.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedNotice {
    /// When to show it, in seconds since 1970.
    pub at: u64,
    /// The notice that is shown then.
    pub notice: LicenseNotice,
}

/// What to tell a driver who does not look at the app.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueNotices {
    /// What to tell now. It counts as told.
    pub now: Vec<LicenseNotice>,
    /// What to tell later unless something newer comes, in order of time. All that was planned
    /// before is void.
    pub planned: Vec<PlannedNotice>,
}

/// Who tells what is planned, when its time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planning {
    /// The system, which is asked for it now.
    BySystem,
    /// A later call gives it when it is due.
    ByLaterCall,
    /// Who it was before: the driver looks at the app, and nothing is planned anew.
    AsBefore,
}

/// What the driver was told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// When that was, where the system was asked to show what was planned then.
    planned_at: Option<u64>,
    licenses: Vec<ToldOf>,
    applications: Vec<KnownApplication>,
}

/// What the driver was told of one license.
#[derive(Clone, PartialEq, Eq)]
struct ToldOf {
    license: String,
    /// The last status that was not unknown.
    state: LicenseStatus,
    /// Which ends were told, each with its days.
    ends: BTreeSet<(u64, u32)>,
    /// The newest status when the driver was told that nothing newer comes.
    silent_since: Option<u64>,
}

/// A moment at which something is to be told.
struct Deadline {
    at: u64,
    /// The end that it is before, and how many days.
    end: (u64, u32),
    kind: NoticeKind,
}

/// What to tell at `now`, in seconds since 1970, and what the driver was told by then.
///
/// A license or an application that is seen for the first time brings no notice: the driver looks
/// at it then. But a license whose application was seen before has come by itself.
#[must_use]
pub fn notices(
    held: &[Known],
    applications: &[KnownApplication],
    now: u64,
    told: &Told,
    planning: Planning,
) -> (DueNotices, Told) {
    let mut due = DueNotices {
        now: Vec::new(),
        planned: Vec::new(),
    };
    let mut told_by_now = Told {
        planned_at: match planning {
            Planning::BySystem => Some(now),
            Planning::ByLaterCall => None,
            Planning::AsBefore => told.planned_at,
        },
        licenses: Vec::new(),
        applications: applications.to_vec(),
    };
    due.now.extend(told.refused_since(applications));
    for known in held {
        let before = told.licenses.iter().find(|it| it.license == known.license);
        // What the system has shown since by itself.
        let shown = told.planned_at.filter(|_| before.is_some());
        let mut after = before.cloned().unwrap_or_else(|| ToldOf {
            license: known.license.clone(),
            state: LicenseStatus::Unknown,
            ends: BTreeSet::new(),
            silent_since: None,
        });
        let mut kinds = Vec::new();
        kinds.extend(after.learn_state(known.state));
        kinds.extend(after.pass_ends(&deadlines(known, now), now, shown));
        kinds.extend(after.stay_silent(known, now, shown));
        let notice = |kind| LicenseNotice {
            license: known.license.clone(),
            kind,
        };
        if before.is_some() {
            due.now.extend(kinds.into_iter().map(notice));
        } else if told.knows_application(&known.license) {
            due.now.push(notice(NoticeKind::LicenseReceived));
        }
        let later = deadlines(known, now).into_iter();
        let later = later.map(|deadline| (deadline.at, deadline.kind));
        let later = later.chain(silence(known).map(|at| (at, NoticeKind::NoRefresh)));
        let later = later.filter(|(at, _)| *at > now);
        due.planned.extend(later.map(|(at, kind)| PlannedNotice {
            at,
            notice: notice(kind),
        }));
        told_by_now.licenses.push(after);
    }
    due.planned.sort();
    (due, told_by_now)
}

impl ToldOf {
    fn learn_state(&mut self, state: LicenseStatus) -> Option<NoticeKind> {
        // A status that has become too old says nothing, and a newer credential that waits changes
        // nothing for the driver.
        let state = match state {
            LicenseStatus::UpdateWaiting => LicenseStatus::Valid,
            state => state,
        };
        if state == LicenseStatus::Unknown {
            return None;
        }
        let before = std::mem::replace(&mut self.state, state);
        match state {
            _ if before == state || before == LicenseStatus::Unknown => None,
            LicenseStatus::Superseded => Some(NoticeKind::OtherPhone),
            _ => Some(NoticeKind::StatusChanged),
        }
    }

    /// The nearest end of each kind whose day has come. All that have come count as told.
    fn pass_ends(
        &mut self,
        deadlines: &[Deadline],
        now: u64,
        shown: Option<u64>,
    ) -> Vec<NoticeKind> {
        let mut kinds: Vec<NoticeKind> = Vec::new();
        // The ends that were changed or are over are forgotten.
        let ends: BTreeSet<u64> = deadlines.iter().map(|deadline| deadline.end.0).collect();
        self.ends.retain(|(end, _)| ends.contains(end));
        for end in ends {
            let mut come: Vec<&Deadline> = deadlines
                .iter()
                .filter(|deadline| deadline.end.0 == end && deadline.at <= now)
                .collect();
            come.sort_by_key(|deadline| deadline.end.1);
            let Some(nearest) = come.first() else {
                continue;
            };
            let was_shown = shown.is_some_and(|planned_at| planned_at < nearest.at);
            if !self.ends.contains(&nearest.end) && !was_shown {
                kinds.push(nearest.kind);
            }
            self.ends.extend(come.iter().map(|deadline| deadline.end));
        }
        kinds.sort();
        kinds.dedup();
        kinds
    }

    fn stay_silent(&mut self, known: &Known, now: u64, shown: Option<u64>) -> Option<NoticeKind> {
        let at = silence(known).filter(|at| *at <= now)?;
        if self.silent_since == known.as_of {
            return None;
        }
        self.silent_since = known.as_of;
        let was_shown = shown.is_some_and(|planned_at| planned_at < at);
        (!was_shown).then_some(NoticeKind::NoRefresh)
    }
}

/// When it is three days since the newest status.
fn silence(known: &Known) -> Option<u64> {
    let as_of = known.as_of?;
    Some(as_of.saturating_add(u64::from(SILENT_DAYS) * DAY_S))
}

/// The days before each end that is still to come. A category that ends with its license gets no
/// notice of its own end.
fn deadlines(known: &Known, now: u64) -> Vec<Deadline> {
    let whole = known.ends.unwrap_or(u64::MAX);
    let categories: BTreeSet<u64> = known.category_ends.iter().copied().collect();
    let categories = categories.into_iter().filter(|end| *end < whole);
    let ends = known
        .ends
        .map(|end| (end, true))
        .into_iter()
        .chain(categories.map(|end| (end, false)));
    ends.filter(|(end, _)| *end > now)
        .flat_map(|(end, is_license)| {
            DAYS.map(|days| Deadline {
                at: end.saturating_sub(u64::from(days) * DAY_S),
                end: (end, days),
                kind: if is_license {
                    NoticeKind::LicenseEnds { days }
                } else {
                    NoticeKind::CategoryEnds { days }
                },
            })
        })
        .collect()
}

/// The first line of what [`Told::to_bytes`] writes.
const VERSION: &str = "1";

/// The second field of an application's line, where a license's has its status.
const APPLIED: &str = "applied";
const REFUSED: &str = "application_refused";

impl Told {
    fn knows_application(&self, id: &str) -> bool {
        let mut applications = self.applications.iter();
        applications.any(|known| known.application == id)
    }

    /// A notice for each application that was refused since.
    fn refused_since<'a>(
        &'a self,
        applications: &'a [KnownApplication],
    ) -> impl Iterator<Item = LicenseNotice> + 'a {
        let refused = applications.iter().filter(|known| {
            let open = KnownApplication {
                refused: false,
                ..(*known).clone()
            };
            known.refused && self.applications.contains(&open)
        });
        refused.map(|known| LicenseNotice {
            license: known.application.clone(),
            kind: NoticeKind::ApplicationRefused,
        })
    }

    /// The bytes that the wallet keeps: a line for each license and for each application.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let number = |number: Option<u64>| number.map_or_else(String::new, |it| it.to_string());
        let mut text = format!("{VERSION}\t{}\n", number(self.planned_at));
        for of in &self.licenses {
            let silent = number(of.silent_since);
            // Writing into a text does not fail.
            let _ = write!(text, "{}\t{}\t{silent}", of.license, of.state.name());
            for (end, days) in &of.ends {
                let _ = write!(text, "\t{end} {days}");
            }
            text.push('\n');
        }
        for known in &self.applications {
            let state = if known.refused { REFUSED } else { APPLIED };
            let _ = writeln!(text, "{}\t{state}", known.application);
        }
        text.into_bytes()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. Nothing, and what a later version wrote, is
    /// as if the driver had been told nothing and sees each license for the first time.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self::parse(bytes).unwrap_or_default()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let number = |text: &str| match text {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        };
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        let (version, planned_at) = lines.next()?.split_once('\t')?;
        if version != VERSION {
            return None;
        }
        let planned_at = number(planned_at)?;
        let (applications, licenses): (Vec<&str>, Vec<&str>) =
            lines.partition(|line| application(line).is_some());
        let applications = applications.into_iter().filter_map(application);
        let licenses = licenses.into_iter().map(|line| {
            let mut fields = line.split('\t');
            let license = fields.next()?.to_owned();
            let state = LicenseStatus::from_name(fields.next()?)?;
            let silent_since = number(fields.next()?)?;
            let ends = fields.map(|end| {
                let (end, days) = end.split_once(' ')?;
                Some((end.parse().ok()?, days.parse().ok()?))
            });
            Some(ToldOf {
                license,
                state,
                ends: ends.collect::<Option<_>>()?,
                silent_since,
            })
        });
        Some(Self {
            planned_at,
            licenses: licenses.collect::<Option<_>>()?,
            applications: applications.collect(),
        })
    }
}

/// Reads the line of an application; none for that of a license.
fn application(line: &str) -> Option<KnownApplication> {
    let (application, state) = line.split_once('\t')?;
    let refused = match state {
        APPLIED => false,
        REFUSED => true,
        _ => return None,
    };
    Some(KnownApplication {
        application: application.to_owned(),
        refused,
    })
}
