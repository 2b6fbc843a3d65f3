//! Apps in which drivers may sign in.

use super::Authority;
use crate::clock::Moment;
use crate::error::Error;
use crate::register::{ClientApp, SignIn as _};
use crate::rules::clients::{Redirect, redirect};

impl Authority {
    /// Registers an app in which drivers may sign in, in the place of the one of this name if there
    /// is one. `private_scheme`: its addresses may be of the app's private scheme, which another
    /// app on the phone may claim too.
    ///
    /// # Errors
    /// [`Error::ClientId`], [`Error::ClientBuiltIn`], [`Error::Redirect`], [`Error::AppLink`], or
    /// why it cannot be stored.
    pub fn put_client(
        &self,
        app: &ClientApp,
        private_scheme: bool,
        now: impl Into<Moment>,
    ) -> Result<(), Error> {
        let private = |uri: &String| redirect(uri) == Some(Redirect::PrivateScheme);
        if !private_scheme && app.redirects.iter().any(private) {
            return Err(Error::Redirect);
        }
        self.register().put_client(app, now.into().wall())?;
        self.store.checkpoint()
    }

    /// Removes an app: drivers can sign in there no more, and keep the licenses that they have.
    ///
    /// # Errors
    /// [`Error::UnknownClient`], [`Error::ClientBuiltIn`], or why it cannot be stored.
    pub fn remove_client(&self, id: &str) -> Result<(), Error> {
        if !self.register().remove_client(id)? {
            return Err(Error::UnknownClient);
        }
        self.store.checkpoint()
    }

    /// All apps in which drivers may sign in. The first one is built in: `vidimus wallet apply`.
    ///
    /// # Errors
    /// Why the database cannot be read.
    pub fn clients(&self) -> Result<Vec<ClientApp>, Error> {
        self.register().clients()
    }
}
