//! Licenses and the devices that hold them: a clerk's daily work.

use vidimus_credential::{License, UtcOffset};

use super::Authority;
use crate::application_form::Desk;
use crate::clock::Moment;
use crate::error::{Error, damaged};
use crate::issue::{ensure_fits, has_ended};
use crate::issuer::IssuerUrl;
use crate::offers::AddedLicense;
use crate::portrait;
use crate::register::{
    DeviceEnd, Edit, Edited, EndReason, Ended, Found, LicenseRow, NewLicense, OfferKind,
    Register as _, ReviewKind,
};
use crate::store;
use crate::store::settings::{self, Settings};

/// The most licenses of one page.
pub const MAX_PAGE: u32 = 1_000;
/// The most devices that the setting allows.
const MAX_DEVICES: u8 = 99;

/// How a license is added.
#[derive(Debug, Clone, Copy, Default)]
pub struct AddOptions<'a> {
    /// The number was revoked, and the term is over: the event of the revocation.
    pub after_revocation: Option<&'a str>,
    /// What a clerk has to look at before a phone gets the license.
    pub review: Option<ReviewKind>,
}

impl Authority {
    /// Registers a license and makes an offer for its driver's phone.
    ///
    /// A number is registered once, compared so that what looks the same is the same: without case,
    /// blanks, dashes, dots and what is invisible. What is in force against an ended license of the
    /// same number, or is to come, counts against the new one.
    ///
    /// # Errors
    /// [`Error::IssuerNotFixed`], [`Error::OtherCountry`], [`Error::LicenseEnded`],
    /// [`Error::Form`], [`Error::Portrait`], [`Error::NumberTaken`], [`Error::NumberRevoked`], or
    /// why it cannot be stored.
    pub fn add_license(
        &self,
        license: &License,
        portrait: &[u8],
        now: impl Into<Moment>,
    ) -> Result<AddedLicense, Error> {
        self.add_license_with(license, portrait, AddOptions::default(), now)
    }

    /// Registers a license under the number of a revoked one, once the revocation's term is over.
    /// The revoked license ends with it.
    ///
    /// # Errors
    /// Those of [`add_license`](Self::add_license), [`Error::OtherRevocation`],
    /// [`Error::RevokedUntil`] (also in the hour after the clock has moved, in which no term ends),
    /// [`Error::RevokedForGood`].
    pub fn add_license_after(
        &self,
        revocation: &str,
        license: &License,
        portrait: &[u8],
        now: impl Into<Moment>,
    ) -> Result<AddedLicense, Error> {
        let options = AddOptions {
            after_revocation: Some(revocation),
            ..AddOptions::default()
        };
        self.add_license_with(license, portrait, options, now)
    }

    /// [`add_license`](Self::add_license), with options.
    ///
    /// # Errors
    /// Those of [`add_license`](Self::add_license) and
    /// [`add_license_after`](Self::add_license_after).
    pub fn add_license_with(
        &self,
        license: &License,
        portrait: &[u8],
        options: AddOptions<'_>,
        now: impl Into<Moment>,
    ) -> Result<AddedLicense, Error> {
        let now = now.into();
        let issuer = self.check_license(license, now)?;
        let roadside = portrait::roadside(portrait)?;
        let new = NewLicense {
            license,
            roadside: &roadside.jpeg,
            submitted: portrait,
            after_revocation: options.after_revocation,
            review: options.review,
            terms_wait_until: self
                .store
                .read(|transaction| store::clock::steady_from(transaction, now))?,
        };
        let (made, due) = self.register().add(&new, self.believed(now)?)?;
        self.settle(&due, now)?;
        Ok(AddedLicense {
            portrait_notes: roadside.notes,
            ..AddedLicense::new(&issuer, &made)
        })
    }

    /// What the desk has to know to read a `driver.json`: the seat's offset and the time.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn desk(&self, now: impl Into<Moment>) -> Result<Desk, Error> {
        let minutes = self.store.read(Settings::read)?.utc_offset;
        Ok(Desk {
            utc_offset: UtcOffset::new(minutes.into()).map_err(damaged)?,
            now: now.into().wall(),
        })
    }

    /// What the desk refuses of a license that is to be issued; returns the issuer's URL.
    pub(super) fn check_license(&self, license: &License, now: Moment) -> Result<IssuerUrl, Error> {
        let settings = self.store.read(Settings::read)?;
        let issuer = settings.issuer.ok_or(Error::IssuerNotFixed)?;
        if license.issuing_country() != settings.country {
            return Err(Error::OtherCountry {
                authority: settings.country,
            });
        }
        if has_ended(license, now.wall()) {
            return Err(Error::LicenseEnded);
        }
        ensure_fits(&issuer, license, now.wall())?;
        Ok(issuer)
    }

    /// Changes what a license says: names, categories, dates, the portrait; not its number. Wallets
    /// fetch the new credential by themselves, and the old one is superseded an hour after that,
    /// or, where something was taken away, a day after the edit. Renewing is an edit of the dates.
    ///
    /// # Errors
    /// Those of [`add_license`](Self::add_license) for the new content, [`Error::UnknownLicense`],
    /// [`Error::OtherNumber`], [`Error::RowEnded`], [`Error::Revoked`], [`Error::Superseded`];
    /// [`Error::ClockInDoubt`] and [`Error::SigningWaits`]: it is stored, and will be signed later.
    pub fn edit_license(
        &self,
        of: &str,
        license: Option<&License>,
        portrait: Option<&[u8]>,
        now: impl Into<Moment>,
    ) -> Result<Edited, Error> {
        self.edit_license_for_review(of, license, portrait, None, now)
    }

    /// [`edit_license`](Self::edit_license), and has a clerk look before a further phone gets the
    /// license. A new photo that is to be looked at, or that follows one that waits or was refused,
    /// becomes the license's once it was accepted; phones that hold the license keep it.
    ///
    /// # Errors
    /// Those of [`edit_license`](Self::edit_license), and [`Error::ReviewWaits`].
    pub fn edit_license_for_review(
        &self,
        of: &str,
        license: Option<&License>,
        portrait: Option<&[u8]>,
        review: Option<ReviewKind>,
        now: impl Into<Moment>,
    ) -> Result<Edited, Error> {
        let now = now.into();
        if let Some(license) = license {
            self.check_license(license, now)?;
        }
        let roadside = portrait.map(portrait::roadside).transpose()?;
        let edit = Edit {
            license,
            portrait: match (&roadside, portrait) {
                (Some(roadside), Some(submitted)) => Some((&roadside.jpeg, submitted)),
                _ => None,
            },
            review,
        };
        let (edited, due) = self.register().edit(of, &edit, self.believed(now)?)?;
        self.settle(&due, now)?;
        Ok(Edited {
            portrait_notes: roadside.map_or_else(Vec::new, |roadside| roadside.notes),
            ..edited
        })
    }

    /// Ends a license: its number is free, its credentials read Revoked, its offers and tokens are
    /// void. Repeating it changes nothing, with another reason too.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`], [`Error::TwinNotRevoked`]; [`Error::ClockInDoubt`] and
    /// [`Error::SigningWaits`]: it is stored, and will be signed later.
    pub fn end_license(
        &self,
        of: &str,
        reason: EndReason,
        now: impl Into<Moment>,
    ) -> Result<Ended, Error> {
        let now = now.into();
        let (ended, due) = self.register().end(of, reason, self.believed(now)?)?;
        self.settle(&due, now)?;
        Ok(ended)
    }

    /// Makes another offer for a license; those from which no license was issued are void, redeemed
    /// or not.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`], [`Error::RowEnded`], [`Error::PastLastDay`], [`Error::Revoked`],
    /// [`Error::Superseded`], [`Error::HasDevices`], [`Error::TooManyDevices`],
    /// [`Error::TooManyStay`], [`Error::WhichDevice`], [`Error::UnknownDevice`],
    /// [`Error::IssuerNotFixed`].
    pub fn offer(
        &self,
        of: &str,
        kind: OfferKind,
        now: impl Into<Moment>,
    ) -> Result<AddedLicense, Error> {
        let issuer = self.store.read(Settings::read)?.issuer;
        let issuer = issuer.ok_or(Error::IssuerNotFixed)?;
        let now = now.into();
        let made = self.register().offer(of, kind, self.believed(now)?)?;
        self.settle(&[], now)?;
        Ok(AddedLicense::new(&issuer, &made))
    }

    /// A license by its number or id, with its decisions, devices and offer.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`], or why the database cannot be read.
    pub fn find_license(&self, of: &str, now: impl Into<Moment>) -> Result<Found, Error> {
        self.register().find(of, now.into().wall())
    }

    /// A page of licenses, oldest first: at most `limit` and [`MAX_PAGE`], after the one of this
    /// id.
    ///
    /// # Errors
    /// [`Error::UnknownLicense`] where no license has the id `after`, or why the database cannot be
    /// read.
    pub fn licenses(
        &self,
        after: Option<&str>,
        limit: u32,
        now: impl Into<Moment>,
    ) -> Result<Vec<LicenseRow>, Error> {
        self.register()
            .page(after, limit.min(MAX_PAGE), now.into().wall())
    }

    /// Ends one device: its index and its tokens, and nothing of the driver's other devices.
    /// Repeating it changes nothing, but a device that was replaced can be lost or stolen
    /// afterwards.
    ///
    /// # Errors
    /// [`Error::UnknownDevice`]; [`Error::ClockInDoubt`] and [`Error::SigningWaits`]: it is stored,
    /// and will be signed later.
    pub fn end_device(
        &self,
        device: i64,
        reason: DeviceEnd,
        now: impl Into<Moment>,
    ) -> Result<Ended, Error> {
        let now = now.into();
        let (ended, due) = self
            .register()
            .end_device(device, reason, self.believed(now)?)?;
        self.settle(&due, now)?;
        Ok(ended)
    }

    /// How many devices may hold a license; 2 unless it was set.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn device_limit(&self) -> Result<usize, Error> {
        self.store.read(settings::devices)
    }

    /// Sets how many devices may hold a license: 1 to 99. Devices that hold one already stay.
    ///
    /// # Errors
    /// [`Error::DeviceLimit`], or why the database cannot be written.
    pub fn set_device_limit(&self, devices: u8) -> Result<(), Error> {
        if !(1..=MAX_DEVICES).contains(&devices) {
            return Err(Error::DeviceLimit { devices });
        }
        self.store
            .write(|transaction| settings::set_devices(transaction, devices))?;
        self.store.checkpoint()
    }
}
