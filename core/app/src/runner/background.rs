//! What a driver who does not look at the app is told.

use vidimus_credential::time::UnixTime;
use vidimus_wallet::{Application, ApplicationState, Error, HeldLicense, Wallet};

use crate::notices::{DueNotices, Known, KnownApplication, Planning, Told, notices};

/// What to tell the driver, by what the wallet holds. The caller must tell it: it counts as told
/// from now on, also for other processes.
///
/// # Errors
/// [`Error::Storage`] or [`Error::VaultDamaged`].
pub async fn due_notices(wallet: &Wallet, planning: Planning) -> Result<DueNotices, Error> {
    let applications = wallet.applications()?;
    let applications: Vec<KnownApplication> = applications.iter().map(known_application).collect();
    wallet
        .tell(move |told, held, now| {
            let told = Told::from_bytes(told.unwrap_or_default());
            let known: Vec<Known> = held.iter().filter_map(known).collect();
            let (due, told) = notices(&known, &applications, now.seconds(), &told, planning);
            (told.to_bytes(), due)
        })
        .await
}

/// Notes that the driver looks at the app: what it shows is not told later.
pub(super) async fn note_seen(wallet: &Wallet) {
    if let Err(error) = due_notices(wallet, Planning::AsBefore).await {
        tracing::info!(%error, "what the driver saw may be told once more");
    }
}

fn known_application(application: &Application) -> KnownApplication {
    KnownApplication {
        application: application.id.to_string(),
        refused: matches!(application.state, ApplicationState::Refused { .. }),
    }
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
