//! A refresh while the app is closed, and what the driver is told of it.

use std::time::Duration;

use vidimus_credential::time::UnixTime;
use vidimus_wallet::refresh::{Refresh, RefreshReport};
use vidimus_wallet::{CancelToken, Error, HeldLicense, Wallet};

use crate::notices::{Known, NoticesDue, Told, notices};

/// What a refresh in the background did, and what to tell the driver.
pub struct Background {
    /// What the refresh did.
    pub report: RefreshReport,
    /// What to tell the driver now and later. None where it could not be read or stored: a later
    /// refresh tells it.
    pub due: Option<NoticesDue>,
}

/// Refreshes what is due, as a worker that the system starts. `plans` says whether the system shows
/// what is planned at its time.
///
/// # Errors
/// Those of [`Wallet::refresh`].
pub async fn refresh_in_background(
    wallet: &Wallet,
    budget: Duration,
    plans: bool,
    cancel: &CancelToken,
) -> Result<Background, Error> {
    let report = wallet.refresh(Refresh::Due, budget, cancel).await?;
    let due = tell(wallet, plans).await;
    if let Err(error) = &due {
        tracing::info!(%error, "news of a license waits for the next refresh");
    }
    Ok(Background {
        report,
        due: due.ok(),
    })
}

/// What to tell the driver. The caller must tell it: it counts as told from now on.
///
/// # Errors
/// [`Error::Storage`] or [`Error::VaultDamaged`].
pub async fn tell(wallet: &Wallet, plans: bool) -> Result<NoticesDue, Error> {
    wallet
        .tell(move |told, held, now| {
            let told = Told::from_bytes(told.unwrap_or_default());
            let known: Vec<Known> = held.iter().filter_map(known).collect();
            let due = notices(&known, now.seconds(), &told, plans);
            (due.told.to_bytes(), due)
        })
        .await
}

/// What is known of a license; none where its place is damaged.
fn known(held: &HeldLicense) -> Option<Known> {
    let license = held.license.as_ref()?;
    let offset = license.utc_offset();
    let ends = license.categories().iter().filter_map(|row| row.until());
    let ends = ends.map(|day| u64::try_from(day.end_at(offset)).unwrap_or(0));
    Some(Known {
        license: held.id.to_string(),
        state: held.status.state,
        as_of: held.status.as_of.map(UnixTime::seconds),
        ends: license.end().map(UnixTime::seconds),
        category_ends: ends.collect(),
    })
}
