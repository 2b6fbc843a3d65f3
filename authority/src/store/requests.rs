//! Pushed authorization requests (RFC 9126), and what the driver answered.

use rusqlite::{OptionalExtension as _, Transaction, params};
use url::form_urlencoded;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::nonces::token_secret;
use super::settings::Settings;
use super::{clients, codes, to_sql};
use crate::error::{Error, damaged};
use crate::rules::offers::Mode;
use crate::rules::sign_in::{CODE_LIFE, Pushed, REQUEST_LIFE};
use crate::secret::{Derived, Label, base64url, derive, digest, hex, random};

pub(crate) use crate::rules::sign_in::RequestFault;

/// What every `request_uri` begins with (RFC 9126, section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// A request is forgotten this long after it was made, in seconds: two days, in which its code may
/// be redeemed again.
const KEPT: i64 = 2 * 86_400;

/// A request that a browser has just opened.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) id: i64,
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    /// The languages that the app asks for, as it wrote them.
    pub(crate) locales: Option<String>,
}

/// A request that a client has pushed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    /// The client's own, at most 512 bytes.
    pub(crate) state: Option<String>,
    /// The languages that the app asks for, as it wrote them.
    pub(crate) locales: Option<String>,
    /// Whether the driver has agreed or refused.
    pub(crate) ended: bool,
}

/// A request to be stored; what is in it was checked.
pub(crate) struct New<'a> {
    pub(crate) client: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: Option<&'a str>,
    /// SHA-256 of the verifier.
    pub(crate) challenge: &'a [u8; 32],
    /// Thumbprint of the key that the code is bound to.
    pub(crate) jkt: &'a [u8; 32],
    pub(crate) locales: Option<&'a str>,
    /// Whether it asks by `authorization_details`.
    pub(crate) details: bool,
}

/// Stores a pushed request; returns its `request_uri`, which can be opened once, for a minute.
pub(crate) fn push(
    transaction: &Transaction<'_>,
    new: &New<'_>,
    now: UnixTime,
) -> Result<Zeroizing<String>, Error> {
    let uri = Zeroizing::new(format!("{PREFIX}{}", base64url(&random::<32>()?)));
    transaction
        .prepare_cached(
            "INSERT INTO requests
                (uri, client, redirect_uri, state, challenge, jkt, locales, details, made, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            digest(Label::Request, &[&uri]),
            new.client,
            new.redirect_uri,
            new.state,
            new.challenge,
            new.jkt,
            new.locales,
            new.details,
            to_sql(now),
            to_sql(now.saturating_add(REQUEST_LIFE))
        ])?;
    Ok(uri)
}

/// Opens a pushed request: once, within a minute, for the client that pushed it. What is refused
/// changes nothing.
pub(crate) fn open(
    transaction: &Transaction<'_>,
    client_id: &str,
    request_uri: &str,
    now: UnixTime,
) -> Result<Result<Opened, RequestFault>, Error> {
    let Some(id) = id_of(transaction, request_uri)? else {
        return Ok(Err(RequestFault::Unknown));
    };
    let (expires, opened): (i64, bool) = transaction
        .prepare_cached("SELECT expires, opened IS NOT NULL FROM requests WHERE id = ?")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let request = by_id(transaction, id)?.ok_or_else(|| damaged(()))?;
    let pushed = Pushed {
        same_client: request.client == client_id,
        opened,
        expires,
    };
    if let Err(fault) = pushed.open(to_sql(now)) {
        return Ok(Err(fault));
    }
    if !clients::may_redirect(transaction, &request.client, &request.redirect_uri)? {
        return Ok(Err(RequestFault::Unknown));
    }
    transaction
        .prepare_cached("UPDATE requests SET opened = ? WHERE id = ?")?
        .execute([to_sql(now), id])?;
    Ok(Ok(Opened {
        id,
        client: request.client,
        redirect_uri: request.redirect_uri,
        locales: request.locales,
    }))
}

/// The id of a pushed request, also of one that was opened or has expired.
pub(crate) fn id_of(
    transaction: &Transaction<'_>,
    request_uri: &str,
) -> Result<Option<i64>, Error> {
    let key = digest(Label::Request, &[request_uri]);
    Ok(transaction
        .prepare_cached("SELECT id FROM requests WHERE uri = ?")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

/// The request of this id.
pub(crate) fn by_id(transaction: &Transaction<'_>, id: i64) -> Result<Option<Request>, Error> {
    let query = "SELECT client, redirect_uri, state, locales, ended IS NOT NULL
        FROM requests WHERE id = ?";
    Ok(transaction
        .prepare_cached(query)?
        .query_row([id], |row| {
            Ok(Request {
                client: row.get(0)?,
                redirect_uri: row.get(1)?,
                state: row.get(2)?,
                locales: row.get(3)?,
                ended: row.get(4)?,
            })
        })
        .optional()?)
}

/// The driver agreed that the client gets this license: makes the code, which is good for a minute,
/// and returns the address to send the browser to. Asked again it is the same code, for a minute
/// more where it was not redeemed; what was answered first stands.
///
/// # Errors
/// [`Error::SignInOver`] where the request was never opened, or is gone.
pub(crate) fn agree(
    transaction: &Transaction<'_>,
    id: i64,
    license: &str,
    mode: Mode,
    replaces: Option<i64>,
    now: UnixTime,
) -> Result<Zeroizing<String>, Error> {
    let open = end(transaction, id, None, now)?;
    let code = code_of(transaction, id)?;
    let expires = now.saturating_add(CODE_LIFE);
    if open {
        let new = codes::New {
            code: &digest(Label::AuthorizationCode, &[&code]),
            request: id,
            license,
            mode,
            replaces,
            expires,
        };
        codes::insert(transaction, &new, now)?;
    } else {
        codes::extend(transaction, id, expires)?;
    }
    answer(transaction, id)
}

/// The driver refused, or the sign-in failed: returns the address to send the browser to, with this
/// error of RFC 6749, section 4.1.2.1. What was answered first stands.
///
/// # Errors
/// [`Error::SignInOver`] where the request was never opened, or is gone.
pub(crate) fn refuse(
    transaction: &Transaction<'_>,
    id: i64,
    error: &'static str,
    now: UnixTime,
) -> Result<String, Error> {
    end(transaction, id, Some(error), now)?;
    answer(transaction, id).map(|address| address.to_string())
}

/// Ends a request that was opened; `false` where it had ended before.
fn end(
    transaction: &Transaction<'_>,
    id: i64,
    error: Option<&str>,
    now: UnixTime,
) -> Result<bool, Error> {
    let open: Option<bool> = transaction
        .prepare_cached("SELECT ended IS NULL FROM requests WHERE id = ? AND opened IS NOT NULL")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let open = open.ok_or(Error::SignInOver)?;
    if open {
        transaction
            .prepare_cached("UPDATE requests SET ended = ?, error = ? WHERE id = ?")?
            .execute(params![to_sql(now), error, id])?;
    }
    Ok(open)
}

/// The code of a request, whether it was made or not.
fn code_of(transaction: &Transaction<'_>, id: i64) -> Result<Zeroizing<String>, Error> {
    let uri: [u8; 32] = transaction
        .prepare_cached("SELECT uri FROM requests WHERE id = ?")?
        .query_row([id], |row| row.get(0))?;
    let secret = token_secret(transaction)?;
    derive(&secret, Derived::AuthorizationCode, &hex(&uri), 0)
}

/// The address that a browser is sent to once its request has ended, with `iss` (RFC 9207).
fn answer(transaction: &Transaction<'_>, id: i64) -> Result<Zeroizing<String>, Error> {
    let request = by_id(transaction, id)?.ok_or(Error::SignInOver)?;
    let error: Option<String> = transaction
        .prepare_cached("SELECT error FROM requests WHERE id = ?")?
        .query_row([id], |row| row.get(0))?;
    let issuer = Settings::read(transaction)?
        .issuer
        .ok_or(Error::IssuerNotFixed)?;
    let code = code_of(transaction, id)?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    match &error {
        None => query.append_pair("code", &code),
        Some(error) => query.append_pair("error", error),
    };
    if let Some(state) = &request.state {
        query.append_pair("state", state);
    }
    query.append_pair("iss", issuer.as_str());
    let query = Zeroizing::new(query.finish());
    let joint = if request.redirect_uri.contains('?') {
        '&'
    } else {
        '?'
    };
    Ok(Zeroizing::new(format!(
        "{}{joint}{}",
        request.redirect_uri, *query
    )))
}

/// Forgets at most `limit` requests that no one opened in time, and as many that were made two days
/// ago, with their codes; returns the most of either.
pub(crate) fn purge(
    transaction: &Transaction<'_>,
    now: UnixTime,
    limit: u32,
) -> Result<usize, Error> {
    let unopened = transaction
        .prepare_cached(
            "DELETE FROM requests WHERE id IN
                (SELECT id FROM requests WHERE opened IS NULL AND expires < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now), limit])?;
    let old = transaction
        .prepare_cached(
            "DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE made < ? LIMIT ?)",
        )?
        .execute(params![to_sql(now) - KEPT, limit])?;
    Ok(unopened.max(old))
}
