//! The order of the steps, and what is stored between them.

use std::time::Duration;

use sha2::{Digest, Sha256};
use vidimus_credential::time::UnixTime;

use super::Offer;
use super::enrollment::{Enrollment, Tokens};
use super::metadata::IssuerMetadata;
use super::offer::{CredentialOffer, OfferText};
use super::refusal::Refusal;
use super::session::Session;
use super::token::code_form;
use super::way::{Way, choose_kind};
use crate::activity_log::Event;
use crate::cancel::CancelToken;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::keys::HolderKey;
use crate::parts::Parts;
use crate::trust_store;
use crate::turn::Turn;
use crate::vault::{Table, Tx, Weight};

/// How long reading an offer or an enrollment may take in all.
const BUDGET: Duration = Duration::from_secs(60);

/// An enrollment that died half-way is forgotten after this many seconds: no issuer's token lives longer.
const FORGET: u64 = 86_400;

/// Reads an offer as scanned, and what its issuer says of itself. Nothing is spent by it.
///
/// # Errors
/// [`Error::OfferMalformed`], [`Error::OfferUnsupported`], [`Error::OfferGone`], [`Error::IssuerMetadata`],
/// and those of the network.
pub(crate) async fn read_offer(
    parts: &Parts,
    text: &str,
    cancel: &CancelToken,
) -> Result<Offer, Error> {
    let text = OfferText::parse(text)?;
    let mut exchange = Exchange::new(&*parts.transport, cancel, BUDGET);
    let mut session = Session::new(&mut exchange, &*parts.random, parts.now()?, None)?;
    let offer = match text {
        OfferText::Value(offer) => offer,
        OfferText::Reference(url) => session.offer(&url).await?,
    };
    let metadata = session.issuer(&offer.issuer).await?;
    let configuration = metadata.choose(&offer.configuration_ids)?;
    choose_kind(
        &configuration.proof_algorithms,
        parts.keys.holder_algorithm(),
    )?;
    Ok(Offer {
        offer,
        metadata,
        configuration,
    })
}

/// Takes up an offer. Returns the id of the license that is now in the vault.
///
/// The same offer may be taken up again after an enrollment died half-way; one that came to its end
/// gives the license it brought.
///
/// # Errors
/// [`Error::TxCodeRequired`], [`Error::Refused`], [`Error::IssuanceDeferred`], [`Error::Credential`],
/// [`Error::CredentialForAnotherKey`], [`Error::CredentialNotInForce`], and those of the network.
pub(crate) async fn enroll(
    parts: &Parts,
    offer: &Offer,
    tx_code: Option<&str>,
    cancel: &CancelToken,
) -> Result<String, Error> {
    let tx_code = offer.code_to_send(tx_code)?;
    let mut exchange = Exchange::new(&*parts.transport, cancel, BUDGET);
    let _turn = Turn::take(&parts.directory, &exchange).await?;
    let earlier = match earlier(parts, &digest(&offer.offer)).await? {
        Earlier::Done(id) => return Ok(id),
        Earlier::HalfWay(id, enrollment) => Some((id, enrollment)),
        Earlier::Never => None,
    };
    let has_trust_list = fetch_trust_list(parts, &mut exchange, &offer.metadata).await?;
    let dpop = earlier
        .as_ref()
        .and_then(|(_, earlier)| earlier.tokens.dpop.as_ref());
    let mut session = Session::new(
        &mut exchange,
        &*parts.random,
        parts.now()?,
        dpop.map(|dpop| dpop.as_slice()),
    )?;
    let server = offer
        .metadata
        .authorization_server(offer.offer.authorization_server.as_deref())?;
    let server = session.server(server).await?;
    let is_new = earlier.is_none();
    let (id, mut enrollment) = match earlier {
        Some((id, enrollment)) => (id, *enrollment),
        None => (parts.fresh_id()?, begin(parts, offer, session.now)?),
    };
    let way = Way {
        parts,
        issuer: &offer.metadata,
        configuration: &offer.configuration,
        server,
        id: &id,
        event: Event::Enrolled,
        has_trust_list,
    };
    if is_new {
        way.prepare(&enrollment).await?;
        let form = code_form(&offer.offer.code, tx_code);
        let answer = session.token(&way.server, &form, &offer.configuration.id);
        match answer.await {
            Ok(answer) => enrollment.tokens.renew(answer, session.now),
            Err(error) => {
                // What cannot be tidied up now is found by the next enrollment, `earlier`.
                let _ = forget(parts, id.clone(), enrollment).await;
                return Err(error);
            }
        }
        enrollment.tokens.dpop = session.dpop_secret();
    }
    way.go(&mut session, enrollment).await?;
    Ok(id)
}

/// Renews a license by its refresh token, within the exchange's budget and under the caller's turn.
///
/// # Errors
/// [`Error::NotRenewable`] where the issuer gave no token for it, or will not renew it; else as [`enroll`].
pub(crate) async fn renew(
    parts: &Parts,
    id: &str,
    exchange: &mut Exchange<'_>,
) -> Result<(), Error> {
    let enrollment = parts
        .vault
        .get::<Enrollment>(id)?
        .ok_or(Error::NotRenewable)?;
    let now = parts.now()?;
    if enrollment.tokens.refresh.is_none() && enrollment.tokens.usable_access(now).is_none() {
        return Err(Error::NotRenewable);
    }
    let dpop = enrollment
        .tokens
        .dpop
        .as_ref()
        .map(|secret| secret.as_slice());
    let mut session = Session::new(exchange, &*parts.random, now, dpop)?;
    let issuer = session.issuer(&enrollment.issuer).await?;
    let configuration = issuer.choose(std::slice::from_ref(&enrollment.configuration))?;
    let server = issuer
        .authorization_server(enrollment.authorization_server.as_deref())?
        .to_owned();
    let server = session.server(&server).await?;
    let way = Way {
        parts,
        issuer: &issuer,
        configuration: &configuration,
        server,
        id,
        event: Event::Renewed,
        has_trust_list: false,
    };
    match way.go(&mut session, enrollment).await {
        Err(Error::Refused(Refusal::CredentialRequestDenied)) => Err(Error::NotRenewable),
        done => done,
    }
}

fn begin(parts: &Parts, offer: &Offer, now: UnixTime) -> Result<Enrollment, Error> {
    Ok(Enrollment {
        issuer: offer.offer.issuer.clone(),
        authorization_server: offer.offer.authorization_server.clone(),
        configuration: offer.configuration.id.clone(),
        offer: digest(&offer.offer),
        key: parts.fresh_id()?,
        began: now,
        tokens: Tokens::default(),
    })
}

/// By what an offer is known again: its issuer and its code, hashed, since the code is a secret.
fn digest(offer: &CredentialOffer) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(offer.issuer.trim_end_matches('/'));
    hash.update([0]);
    hash.update(offer.code.as_bytes());
    hash.finalize().into()
}

/// What the vault knows of an offer.
enum Earlier {
    Never,
    /// The code was spent and tokens are there.
    HalfWay(String, Box<Enrollment>),
    /// The license is there.
    Done(String),
}

/// Looks for an earlier enrollment by the same offer, and forgets others that led nowhere.
async fn earlier(parts: &Parts, offer: &[u8; 32]) -> Result<Earlier, Error> {
    let now = parts.now()?;
    let (enrollments, licenses) = parts
        .vault
        .read(|view| Ok((view.list::<Enrollment>(), view.ids(Table::License))))?;
    let mut found = Earlier::Never;
    for (id, enrollment) in enrollments {
        let Ok(enrollment) = enrollment else { continue };
        let same = enrollment.offer == *offer;
        if licenses.contains(&id) {
            if same {
                return Ok(Earlier::Done(id));
            }
        } else if same
            && (enrollment.tokens.refresh.is_some()
                || enrollment.tokens.usable_access(now).is_some())
        {
            found = Earlier::HalfWay(id, Box::new(enrollment));
        } else if same || now > enrollment.began.saturating_add(FORGET) {
            forget(parts, id, enrollment).await?;
        }
    }
    Ok(found)
}

async fn forget(parts: &Parts, id: String, enrollment: Enrollment) -> Result<(), Error> {
    parts.keys.delete_holder_key(&enrollment.key).await?;
    let forget = move |tx: &mut Tx<'_>| {
        tx.delete::<HolderKey>(&enrollment.key)?;
        tx.delete::<Enrollment>(&id)
    };
    parts.vault.write(Weight::Anchored, forget).await
}

/// Sees to a trust list before a code is spent: without one, nothing that arrives could be kept.
/// Returns whether this issuer gave one.
async fn fetch_trust_list(
    parts: &Parts,
    exchange: &mut Exchange<'_>,
    issuer: &IssuerMetadata,
) -> Result<bool, Error> {
    if trust_store::held(parts)?.is_some() && parts.now()? < trust_store::due(parts, parts.now()?)?
    {
        return Ok(false);
    }
    let fetched = trust_store::fetch_from(parts, exchange, &issuer.trust_list_uri).await;
    match trust_store::held(parts)? {
        // An older list may still name the key.
        Some(_) if fetched != Err(Error::Cancelled) => Ok(fetched.is_ok()),
        _ => fetched.map(|_| true),
    }
}
