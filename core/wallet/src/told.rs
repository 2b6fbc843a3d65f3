//! What the driver was told of while the app was closed: one row, which the app writes and reads.

use zeroize::Zeroizing;

use crate::context::Context;
use crate::error::Error;
use crate::licenses::{self, HeldLicense};
use crate::vault::records::ONLY;
use crate::vault::{Record, Table, Tx, Weight};
use vidimus_credential::time::UnixTime;

/// The row, under the id [`ONLY`]. Its bytes belong to the app.
struct ToldRecord(Vec<u8>);

impl Record for ToldRecord {
    const TABLE: Table = Table::Told;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self(bytes.to_vec()))
    }
}

/// Gives what was stored before and the licenses to `tell`, and stores what it returns, in one
/// transaction. A damaged row counts as missing.
pub(crate) async fn tell<R: Send + 'static>(
    context: &Context,
    tell: impl FnOnce(Option<&[u8]>, &[HeldLicense], UnixTime) -> (Vec<u8>, R) + Send + 'static,
) -> Result<R, Error> {
    let now = context.latest()?;
    let change = move |tx: &mut Tx<'_>| {
        let before = match tx.get::<ToldRecord>(ONLY) {
            Ok(before) => before.map(|record| record.0),
            Err(Error::VaultDamaged { .. }) => None,
            Err(error) => return Err(error),
        };
        let held = licenses::held_in(tx, now);
        let (after, result) = tell(before.as_deref(), &held, now);
        if before.as_ref() != Some(&after) {
            tx.put(ONLY, &ToldRecord(after))?;
        }
        Ok(result)
    };
    context.vault.write(Weight::Light, change).await
}
