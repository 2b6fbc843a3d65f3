//! Exchanges codes and refresh tokens for token pairs.

use rusqlite::Transaction;
use subtle::ConstantTimeEq as _;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use crate::clock::Moment;
use crate::error::{Error, damaged};
use crate::register::{TokenFault, TokenPair};
use crate::rules::token_pairs::{self, ACCESS_LIFE, Next, REFRESH_LIFE, Shown, keeps_access};
use crate::secret::{Derived, Label, OfferSecrets, derive, digest};
use crate::store::events::Event;
use crate::store::grants::{self, Pair, Tokens};
use crate::store::nonces::{Secret, token_secret};
use crate::store::{clock, offers, to_sql};

/// The code behind a reference; `None` once it can no longer be redeemed.
pub(super) fn offer_by_reference(
    transaction: &Transaction<'_>,
    reference: &str,
    now: UnixTime,
) -> Result<Option<Zeroizing<String>>, Error> {
    let stored = offers::by_reference(transaction, &digest(Label::OfferReference, &[reference]))?;
    Ok(stored
        .filter(|stored| stored.offer.is_open(to_sql(now)))
        .map(|_| OfferSecrets::code_of(reference)))
}

/// Redeems a code, with its transaction code.
pub(super) fn redeem(
    transaction: &Transaction<'_>,
    code: &str,
    tx_code: Option<&str>,
    now: Moment,
) -> Result<Result<TokenPair, TokenFault>, Error> {
    const GONE: TokenFault =
        TokenFault::Grant("the pre-authorized code is unknown, used or expired");
    clock::check(transaction, now)?;
    let wall = now.wall();
    let key = digest(Label::Code, &[code]);
    let stored = offers::by_code(transaction, &key)?;
    let Some(stored) = stored.filter(|stored| stored.offer.is_open(to_sql(wall))) else {
        return Ok(Err(GONE));
    };
    let Some(tx_code) = tx_code else {
        return Ok(Err(TokenFault::Request("tx_code is missing")));
    };
    if !bool::from(digest(Label::TxCode, &[code, tx_code]).ct_eq(&stored.tx_code)) {
        offers::count_wrong(transaction, &key)?;
        return Ok(Err(TokenFault::Grant("the tx_code is wrong")));
    }
    let grant = match stored.grant {
        Some(grant) => grant,
        None => {
            let license = &stored.license;
            let grant = grants::insert(transaction, license, stored.mode, stored.replaces, wall)?;
            offers::redeemed(transaction, &key, grant, wall)?;
            Event::of(license, "redeemed").append(transaction, wall)?;
            grant
        }
    };
    let next = token_pairs::child(grants::count_children(transaction, grant, None)?);
    answer(
        transaction,
        &TokenSource::Code { grant, code },
        next,
        to_sql(wall),
    )
    .map(Ok)
}

/// Exchanges a refresh token.
pub(super) fn rotate(
    transaction: &Transaction<'_>,
    refresh: &str,
    now: Moment,
) -> Result<Result<TokenPair, TokenFault>, Error> {
    const GONE: TokenFault = TokenFault::Grant("the refresh token is unknown, used or expired");
    clock::check(transaction, now)?;
    let now = to_sql(now.wall());
    let Some(pair) = grants::by_refresh(transaction, &digest(Label::Refresh, &[refresh]))? else {
        return Ok(Err(GONE));
    };
    let shown = Shown {
        used: pair.used,
        spent: pair.spent,
        void: pair.void,
        expires: pair.refresh_expires,
        children: grants::count_children(transaction, pair.grant, Some(pair.id))?,
    };
    match shown.answer(now) {
        None => Ok(Err(GONE)),
        Some(next) => answer(
            transaction,
            &TokenSource::Refresh { pair, refresh },
            next,
            now,
        )
        .map(Ok),
    }
}

/// What a pair is exchanged for.
enum TokenSource<'a> {
    Code { grant: i64, code: &'a str },
    Refresh { pair: Pair, refresh: &'a str },
}

impl TokenSource<'_> {
    /// The grant, the parent of a new pair, and the secret text that its tokens are derived from.
    fn origin(&self) -> (i64, Option<i64>, &str) {
        match self {
            Self::Code { grant, code } => (*grant, None, code),
            Self::Refresh { pair, refresh } => (pair.grant, Some(pair.id), refresh),
        }
    }
}

fn answer(
    transaction: &Transaction<'_>,
    from: &TokenSource<'_>,
    next: Next,
    now: i64,
) -> Result<TokenPair, Error> {
    let secret = token_secret(transaction)?;
    let (grant, parent, source) = from.origin();
    match (next, from) {
        (Next::Child(ordinal), _) => {
            let refresh = derive(&secret, Derived::Refresh, source, ordinal)?;
            let (tokens, answer) =
                tokens(&secret, refresh, 0, now.saturating_add(ACCESS_LIFE), now)?;
            grants::insert_pair(transaction, grant, parent, ordinal, &tokens)?;
            Ok(answer)
        }
        (Next::Again(ordinal), _) => {
            let child = grants::child(transaction, grant, parent, ordinal)?;
            let child = child.ok_or_else(|| damaged(()))?;
            let refresh = derive(&secret, Derived::Refresh, source, ordinal)?;
            again(transaction, &secret, &child, refresh, now)
        }
        (Next::Itself, TokenSource::Refresh { pair, refresh }) => {
            let refresh = Zeroizing::new((*refresh).to_owned());
            again(transaction, &secret, pair, refresh, now)
        }
        (Next::Itself, TokenSource::Code { .. }) => Err(damaged(())),
    }
}

/// Answers with the same pair again. Its access token stays the same while half of its life is
/// left, so a late request does not void the token that the wallet has just stored.
fn again(
    transaction: &Transaction<'_>,
    secret: &Secret,
    pair: &Pair,
    refresh: Zeroizing<String>,
    now: i64,
) -> Result<TokenPair, Error> {
    let (turn, expires) = if keeps_access(pair.access_expires, now) {
        (pair.turn, pair.access_expires)
    } else {
        (pair.turn.saturating_add(1), now.saturating_add(ACCESS_LIFE))
    };
    let (tokens, answer) = tokens(secret, refresh, turn, expires, now)?;
    grants::renew_pair(transaction, pair.id, &tokens)?;
    Ok(answer)
}

fn tokens(
    secret: &Secret,
    refresh: Zeroizing<String>,
    turn: u32,
    access_expires: i64,
    now: i64,
) -> Result<(Tokens, TokenPair), Error> {
    let access = derive(secret, Derived::Access, &refresh, turn)?;
    let tokens = Tokens {
        access: digest(Label::Access, &[&access]),
        access_expires,
        turn,
        refresh: digest(Label::Refresh, &[&refresh]),
        refresh_expires: now.saturating_add(REFRESH_LIFE),
    };
    let answer = TokenPair {
        access,
        expires_in: access_expires.saturating_sub(now),
        refresh,
    };
    Ok((tokens, answer))
}

/// The pair of an access token that is good now.
pub(super) fn good_access(
    transaction: &Transaction<'_>,
    access: &str,
    now: UnixTime,
) -> Result<Option<Pair>, Error> {
    let pair = grants::by_access(transaction, &digest(Label::Access, &[access]))?;
    Ok(pair.filter(|pair| !pair.void && to_sql(now) <= pair.access_expires))
}
