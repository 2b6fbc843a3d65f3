//! Exchanges codes and refresh tokens for token pairs.

use rusqlite::Transaction;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use vidimus_credential::UnixTime;
use zeroize::Zeroizing;

use super::NONCE_SECRET_LIFE;
use crate::clock::Moment;
use crate::dpop::Proof;
use crate::error::{Error, damaged};
use crate::nonces::{self, NonceUse};
use crate::register::{Access, AccessFault, CodeRequest, ProofFault, TokenFault, TokenPair};
use crate::rules::sign_in::{Redeemed, Shower};
use crate::rules::token_pairs::{self, ACCESS_LIFE, Next, REFRESH_LIFE, Shown, keeps_access};
use crate::secret::{Derived, Label, OfferSecrets, derive, digest};
use crate::store::events::Event;
use crate::store::grants::{self, Kind, Pair, Tokens};
use crate::store::nonces::{self as nonces_store, Secret, secrets, token_secret};
use crate::store::{clock, codes, offers, to_sql};

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
    proof: Option<&Proof>,
    now: Moment,
) -> Result<Result<TokenPair, TokenFault>, Error> {
    const GONE: TokenFault =
        TokenFault::Grant("the pre-authorized code is unknown, used or expired");
    clock::check(transaction, now)?;
    let wall = now.wall();
    if let Err(fault) = take_proof(transaction, proof, wall)? {
        return Ok(Err(TokenFault::Shown(fault)));
    }
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
            let new = grants::New {
                license,
                mode: stored.mode,
                replaces: stored.replaces,
                jkt: proof.map(|proof| proof.jkt),
                details: false,
            };
            let grant = grants::insert(transaction, &new, wall)?;
            offers::redeemed(transaction, &key, grant, wall)?;
            Event::of(license, "redeemed").append(transaction, wall)?;
            grant
        }
    };
    let kind = grants::kind(transaction, grant)?;
    if !is_bound_to(kind.0, proof) {
        return Ok(Err(OTHER_KEY));
    }
    let next = token_pairs::child(grants::count_children(transaction, grant, None)?);
    let from = TokenSource::Code { grant, kind, code };
    answer(transaction, &from, next, to_sql(wall)).map(Ok)
}

const OTHER_KEY: TokenFault =
    TokenFault::Grant("the tokens are bound to a key: send a DPoP proof by it");

/// Whether tokens that are bound to this key are given for this proof. Those that are bound to none
/// go on as bearer tokens, also beside a proof.
fn is_bound_to(jkt: Option<[u8; 32]>, proof: Option<&Proof>) -> bool {
    jkt.is_none_or(|jkt| proof.is_some_and(|proof| proof.jkt == jkt))
}

/// Takes a proof of possession, if there is one: its nonce is good, and it was not shown before.
pub(super) fn take_proof(
    transaction: &Transaction<'_>,
    proof: Option<&Proof>,
    now: UnixTime,
) -> Result<Result<(), ProofFault>, Error> {
    let Some(proof) = proof else {
        return Ok(Ok(()));
    };
    let secrets = secrets(transaction, NONCE_SECRET_LIFE, now)?;
    let nonce = proof.nonce.as_deref();
    let nonce = nonce.and_then(|nonce| nonces::read(nonce, NonceUse::Dpop, &secrets, now));
    let Some(nonce) = nonce else {
        return Ok(Err(ProofFault::Nonce));
    };
    let new = nonces_store::take_proof(transaction, &proof.id, nonce.expires)?;
    Ok(new.then_some(()).ok_or(ProofFault::Replayed))
}

/// Redeems an authorization code.
pub(super) fn redeem_code(
    transaction: &Transaction<'_>,
    asked: &CodeRequest<'_>,
    now: Moment,
) -> Result<Result<TokenPair, TokenFault>, Error> {
    const GONE: TokenFault = TokenFault::Grant(
        "the code is unknown, used or expired, or of another client, address, key or verifier",
    );
    clock::check(transaction, now)?;
    let wall = now.wall();
    if let Err(fault) = take_proof(transaction, Some(asked.proof), wall)? {
        return Ok(Err(TokenFault::Shown(fault)));
    }
    let key = digest(Label::AuthorizationCode, &[asked.code]);
    let Some(stored) = codes::find(transaction, &key)? else {
        return Ok(Err(GONE));
    };
    let challenge = Sha256::digest(asked.verifier);
    let shower = Shower {
        same_client: stored.client == asked.client && stored.redirect_uri == asked.redirect_uri,
        same_key: stored.jkt == asked.proof.jkt,
        same_verifier: challenge.as_slice().ct_eq(&stored.challenge).into(),
    };
    match stored.code.answer(shower, to_sql(wall)) {
        Redeemed::Tokens => {}
        Redeemed::Refused => return Ok(Err(GONE)),
        Redeemed::Void => {
            codes::void(transaction, &key)?;
            if let Some(grant) = stored.grant {
                grants::void(transaction, grant)?;
            }
            Event::of(&stored.license, "code_stolen").append(transaction, wall)?;
            return Ok(Err(GONE));
        }
    }
    let grant = match stored.grant {
        Some(grant) => grant,
        None => {
            let new = grants::New {
                license: &stored.license,
                mode: stored.mode,
                replaces: stored.replaces,
                jkt: Some(stored.jkt),
                details: stored.details,
            };
            let grant = grants::insert(transaction, &new, wall)?;
            codes::redeemed(transaction, &key, grant, wall)?;
            Event {
                detail: Some("sign_in"),
                ..Event::of(&stored.license, "redeemed")
            }
            .append(transaction, wall)?;
            grant
        }
    };
    let next = token_pairs::child(grants::count_children(transaction, grant, None)?);
    let from = TokenSource::Code {
        grant,
        kind: (Some(stored.jkt), stored.details),
        code: asked.code,
    };
    answer(transaction, &from, next, to_sql(wall)).map(Ok)
}

/// Exchanges a refresh token.
pub(super) fn rotate(
    transaction: &Transaction<'_>,
    refresh: &str,
    proof: Option<&Proof>,
    now: Moment,
) -> Result<Result<TokenPair, TokenFault>, Error> {
    const GONE: TokenFault = TokenFault::Grant("the refresh token is unknown, used or expired");
    clock::check(transaction, now)?;
    if let Err(fault) = take_proof(transaction, proof, now.wall())? {
        return Ok(Err(TokenFault::Shown(fault)));
    }
    let now = to_sql(now.wall());
    let Some(pair) = grants::by_refresh(transaction, &digest(Label::Refresh, &[refresh]))? else {
        return Ok(Err(GONE));
    };
    if !is_bound_to(pair.jkt, proof) {
        return Ok(Err(OTHER_KEY));
    }
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
    Code {
        grant: i64,
        kind: Kind,
        code: &'a str,
    },
    Refresh {
        pair: Pair,
        refresh: &'a str,
    },
}

impl TokenSource<'_> {
    /// The grant, the parent of a new pair, and the secret text that its tokens are derived from.
    fn origin(&self) -> (i64, Option<i64>, &str) {
        match self {
            Self::Code { grant, code, .. } => (*grant, None, code),
            Self::Refresh { pair, refresh } => (pair.grant, Some(pair.id), refresh),
        }
    }

    /// What binds the tokens.
    const fn kind(&self) -> Kind {
        match self {
            Self::Code { kind, .. } => *kind,
            Self::Refresh { pair, .. } => (pair.jkt, pair.details),
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
    let (jkt, details) = from.kind();
    let pair = match (next, from) {
        (Next::Child(ordinal), _) => {
            let refresh = derive(&secret, Derived::Refresh, source, ordinal)?;
            let (tokens, answer) =
                tokens(&secret, refresh, 0, now.saturating_add(ACCESS_LIFE), now)?;
            grants::insert_pair(transaction, grant, parent, ordinal, &tokens)?;
            answer
        }
        (Next::Again(ordinal), _) => {
            let child = grants::child(transaction, grant, parent, ordinal)?;
            let child = child.ok_or_else(|| damaged(()))?;
            let refresh = derive(&secret, Derived::Refresh, source, ordinal)?;
            again(transaction, &secret, &child, refresh, now)?
        }
        (Next::Itself, TokenSource::Refresh { pair, refresh }) => {
            let refresh = Zeroizing::new((*refresh).to_owned());
            again(transaction, &secret, pair, refresh, now)?
        }
        (Next::Itself, TokenSource::Code { .. }) => return Err(damaged(())),
    };
    Ok(TokenPair {
        bound: jkt.is_some(),
        details,
        ..pair
    })
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
        bound: false,
        details: false,
    };
    Ok((tokens, answer))
}

/// The pair of an access token that is good now. The nonce of its proof is not checked.
pub(super) fn good_access(
    transaction: &Transaction<'_>,
    access: Access<'_>,
    now: UnixTime,
) -> Result<Result<Pair, AccessFault>, Error> {
    let pair = grants::by_access(transaction, &digest(Label::Access, &[access.token]))?;
    let Some(pair) = pair.filter(|pair| !pair.void && to_sql(now) <= pair.access_expires) else {
        return Ok(Err(AccessFault::Token));
    };
    Ok(match (pair.jkt, access.proof) {
        (None, None) => Ok(pair),
        (Some(jkt), Some(proof)) if proof.jkt == jkt => Ok(pair),
        (Some(_), None) => Err(AccessFault::Bound),
        (Some(_) | None, Some(_)) => Err(AccessFault::Token),
    })
}

/// The same; it also checks the nonce of the proof and marks the proof as used.
pub(super) fn take_access(
    transaction: &Transaction<'_>,
    access: Access<'_>,
    now: UnixTime,
) -> Result<Result<Pair, AccessFault>, Error> {
    if let Err(fault) = take_proof(transaction, access.proof, now)? {
        return Ok(Err(AccessFault::Proof(fault)));
    }
    good_access(transaction, access, now)
}

/// The same, for what a credential is issued on. A pair is spent once a later pair that came from
/// it was used: the wallet uses that one now.
pub(super) fn take_unspent(
    transaction: &Transaction<'_>,
    access: Access<'_>,
    now: UnixTime,
) -> Result<Result<Pair, AccessFault>, Error> {
    let pair = take_access(transaction, access, now)?;
    Ok(pair.and_then(|pair| match pair.spent {
        false => Ok(pair),
        true => Err(AccessFault::Token),
    }))
}
