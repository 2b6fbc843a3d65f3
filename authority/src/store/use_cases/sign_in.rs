//! Requests are pushed, and apps are registered in which drivers may sign in.

use rusqlite::Transaction;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::tokens::take_proof;
use crate::error::Error;
use crate::register::{ClientApp, PushFault, PushRequest};
use crate::rules::clients::{fingerprint, is_apple_app, is_client_id, is_package, redirect};
use crate::store::clients::{self, BUILT_IN, Link};
use crate::store::requests;

/// The most addresses, and the most links, of one app.
const MAX_PARTS: usize = 16;

/// Stores a pushed request.
pub(super) fn push(
    transaction: &Transaction<'_>,
    pushed: &PushRequest<'_>,
    now: UnixTime,
) -> Result<Result<Zeroizing<String>, PushFault>, Error> {
    if let Err(fault) = take_proof(transaction, Some(pushed.proof), now)? {
        return Ok(Err(PushFault::Proof(fault)));
    }
    if !clients::is_known(transaction, pushed.client)? {
        return Ok(Err(PushFault::Client));
    }
    if !clients::may_redirect(transaction, pushed.client, pushed.redirect_uri)? {
        return Ok(Err(PushFault::Redirect));
    }
    let new = requests::New {
        client: pushed.client,
        redirect_uri: pushed.redirect_uri,
        state: pushed.state,
        challenge: pushed.challenge,
        jkt: &pushed.proof.jkt,
        locales: pushed.locales,
        details: pushed.details,
    };
    requests::push(transaction, &new, now).map(Ok)
}

/// Registers an app, in the place of the one of this name if there is one.
pub(super) fn put_client(
    transaction: &Transaction<'_>,
    app: &ClientApp,
    now: UnixTime,
) -> Result<(), Error> {
    if !is_client_id(&app.id) {
        return Err(Error::ClientId);
    }
    if app.id == BUILT_IN {
        return Err(Error::ClientBuiltIn);
    }
    let few = (1..=MAX_PARTS).contains(&app.redirects.len());
    if !few || app.redirects.iter().any(|uri| redirect(uri).is_none()) {
        return Err(Error::Redirect);
    }
    let android = app.android.iter().map(|(package, digest)| {
        let digest = fingerprint(digest).filter(|_| is_package(package));
        Ok(Link {
            platform: "android".to_owned(),
            app: package.clone(),
            digest: digest.ok_or(Error::AppLink)?,
        })
    });
    let apple = app.apple.iter().map(|id| {
        if !is_apple_app(id) {
            return Err(Error::AppLink);
        }
        Ok(Link {
            platform: "apple".to_owned(),
            app: id.clone(),
            digest: String::new(),
        })
    });
    let links: Vec<Link> = android.chain(apple).collect::<Result<_, _>>()?;
    if links.len() > MAX_PARTS {
        return Err(Error::AppLink);
    }
    clients::put(transaction, &app.id, &app.redirects, &links, now)
}

/// Removes an app; `false` where there is none.
pub(super) fn remove_client(transaction: &Transaction<'_>, id: &str) -> Result<bool, Error> {
    if id == BUILT_IN {
        return Err(Error::ClientBuiltIn);
    }
    clients::remove(transaction, id)
}

/// All apps, the built-in one first.
pub(super) fn all_clients(transaction: &Transaction<'_>) -> Result<Vec<ClientApp>, Error> {
    let names = clients::all(transaction)?;
    let names = [BUILT_IN.to_owned()].into_iter().chain(names);
    names
        .map(|id| {
            let mut app = ClientApp {
                redirects: clients::redirects(transaction, &id)?,
                android: Vec::new(),
                apple: Vec::new(),
                id,
            };
            for link in clients::links(transaction, &app.id)? {
                match link.platform.as_str() {
                    "android" => app.android.push((link.app, link.digest)),
                    _ => app.apple.push(link.app),
                }
            }
            Ok(app)
        })
        .collect()
}
