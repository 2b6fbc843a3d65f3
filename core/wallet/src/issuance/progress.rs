//! What a redemption is for, and what it stores where the issuer does not issue now.

use super::application::{Deferral, Denial, Later};
use super::enrollment::{Enrollment, Tokens};
use super::redeem::Redemption;
use super::session::Session;
use crate::error::Error;
use crate::network::schedule::Schedule;
use crate::vault::activity_log::Event;

/// What a redemption is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The license of an offer that the driver redeems now.
    Offer,
    /// The license of an application, whose row was stored before.
    Application,
    /// A newer credential of a held license.
    Renewal,
}

impl Purpose {
    /// The event for the activity log.
    pub(super) const fn event(self) -> Event {
        match self {
            Self::Offer | Self::Application => Event::Enrolled,
            Self::Renewal => Event::Renewed,
        }
    }
}

/// How far a redemption has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// The license is stored.
    Stored,
    /// The issuer will issue it later. That is stored.
    Deferred,
    /// The issuer will not issue it. For an application that is stored.
    Denied,
}

impl Redemption<'_> {
    /// Stores that the license comes later, and when it may be asked for again.
    pub(super) async fn defer(
        &self,
        session: &Session<'_, '_>,
        enrollment: &mut Enrollment,
        later: Later,
    ) -> Result<Progress, Error> {
        let before = enrollment.deferral.take();
        let Later {
            transaction,
            interval,
        } = later;
        enrollment.deferral = Some(Deferral {
            transaction: transaction.or(before.and_then(|before| before.transaction)),
            interval,
            asked: session.now,
        });
        let mut schedule = Schedule::default();
        schedule.put_off(session.now, interval);
        self.keep_with(enrollment, Some(schedule)).await?;
        Ok(Progress::Deferred)
    }

    /// Stores that an application was refused, without its code and its tokens. A renewal that was
    /// deferred is over by it, and the license stays.
    pub(super) async fn deny(
        &self,
        enrollment: &mut Enrollment,
        denial: Denial,
    ) -> Result<Progress, Error> {
        let was_deferred = enrollment.deferral.take().is_some();
        match self.purpose {
            Purpose::Renewal if was_deferred => self.keep(enrollment).await?,
            Purpose::Offer if was_deferred => self.end(enrollment, denial).await?,
            Purpose::Application => self.end(enrollment, denial).await?,
            Purpose::Renewal | Purpose::Offer => {}
        }
        Ok(Progress::Denied)
    }

    async fn end(&self, enrollment: &mut Enrollment, denial: Denial) -> Result<(), Error> {
        enrollment.refused = Some(denial);
        (enrollment.code, enrollment.sign_in) = (None, None);
        enrollment.tokens = Tokens::default();
        self.keep(enrollment).await
    }
}
