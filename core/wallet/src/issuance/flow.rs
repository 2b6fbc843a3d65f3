//! The order of the steps, and what is stored between them.

use std::time::Duration;

use sha2::{Digest, Sha256};
use vidimus_credential::time::UnixTime;

use super::Offer;
use super::acknowledge::acknowledge_before;
use super::enrollment::{Enrollment, Tokens};
use super::metadata::{Configuration, IssuerMetadata, ServerMetadata};
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

/// An enrollment that brought no tokens is forgotten after this many seconds, when another begins: no credential was
/// issued on it, so another key may take its place.
const FORGET: u64 = 86_400;

/// One that holds a refresh token is kept for longer: a license may have been issued to its key.
const FORGET_WITH_TOKENS: u64 = 60 * 86_400;

/// What an issuer says of itself, as far as a license that is held needs it.
pub(super) struct Issuer {
    metadata: IssuerMetadata,
    configuration: Configuration,
    server: ServerMetadata,
}

/// Reads an offer as scanned, and what its issuer says of itself. Nothing is spent by it. An offer by reference whose
/// address answers no more is still one where its enrollment began here.
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
    let (offer, reference) = match text {
        OfferText::Value(offer) => (Read::Offer(offer), None),
        OfferText::Reference(url) => {
            let reference = Sha256::digest(&url).into();
            let offer = match session.offer(&url).await {
                Err(Error::OfferGone) => begun_by(parts, &reference)?.ok_or(Error::OfferGone)?,
                read => Read::Offer(read?),
            };
            (offer, Some(reference))
        }
    };
    let metadata = session.issuer(offer.issuer()).await?;
    let configuration = metadata.choose(offer.configuration_ids())?;
    choose_kind(
        &configuration.proof_algorithms,
        parts.keys.holder_algorithm(),
    )?;
    Ok(match offer {
        Read::Offer(offer) => Offer {
            digest: digest(&offer),
            issuer: offer.issuer,
            authorization_server: offer.authorization_server,
            code: Some(offer.code),
            tx_code: offer.tx_code,
            reference,
            metadata,
            configuration,
        },
        Read::Begun(enrollment) => Offer {
            digest: enrollment.offer,
            issuer: enrollment.issuer,
            authorization_server: enrollment.authorization_server,
            code: None,
            tx_code: None,
            reference,
            metadata,
            configuration,
        },
    })
}

/// Where what an offer says was read.
enum Read {
    /// In the offer itself.
    Offer(CredentialOffer),
    /// In the vault: its enrollment began here, and the offer is not to be had any more.
    Begun(Box<Enrollment>),
}

impl Read {
    fn issuer(&self) -> &str {
        match self {
            Self::Offer(offer) => &offer.issuer,
            Self::Begun(enrollment) => &enrollment.issuer,
        }
    }

    fn configuration_ids(&self) -> &[String] {
        match self {
            Self::Offer(offer) => &offer.configuration_ids,
            Self::Begun(enrollment) => std::slice::from_ref(&enrollment.configuration),
        }
    }
}

/// The enrollment that an offer of this address began, where it has led to a license or still may.
fn begun_by(parts: &Parts, reference: &[u8; 32]) -> Result<Option<Read>, Error> {
    let now = parts.now()?;
    let Known {
        enrollments,
        licenses,
    } = Known::read(parts)?;
    let found = enrollments.into_iter().find(|(id, enrollment)| {
        enrollment.reference.as_ref() == Some(reference)
            && (licenses.contains(id) || enrollment.tokens.go_on(now))
    });
    Ok(found.map(|(_, enrollment)| Read::Begun(Box::new(enrollment))))
}

/// What the vault knows of offers that were taken up.
pub(super) struct Known {
    /// The enrollments that can be read, by license id.
    pub(super) enrollments: Vec<(String, Enrollment)>,
    /// The ids of the licenses that are here.
    licenses: Vec<String>,
}

impl Known {
    pub(super) fn read(parts: &Parts) -> Result<Self, Error> {
        parts.vault.read(|view| {
            let rows = view.list::<Enrollment>().into_iter();
            Ok(Self {
                enrollments: rows
                    .filter_map(|(id, enrollment)| Some((id, enrollment.ok()?)))
                    .collect(),
                licenses: view.ids(Table::License),
            })
        })
    }
}

/// Takes up an offer. Returns the id of the license that is now in the vault.
///
/// The same offer may be taken up again after an enrollment died half-way, with the same key; one that came to its end
/// gives the license it brought.
///
/// # Errors
/// [`Error::TxCodeRequired`], [`Error::Refused`], [`Error::IssuanceDeferred`], [`Error::Credential`],
/// [`Error::CredentialForAnotherKey`], [`Error::CredentialNotInForce`], [`Error::ServerTimeWrong`], and those of the
/// network.
pub(crate) async fn enroll(
    parts: &Parts,
    offer: &Offer,
    tx_code: Option<&str>,
    cancel: &CancelToken,
) -> Result<String, Error> {
    let tx_code = offer.code_to_send(tx_code)?;
    let mut exchange = Exchange::new(&*parts.transport, cancel, BUDGET);
    let _turn = Turn::take(&parts.directory, &exchange).await?;
    let earlier = match earlier(parts, &offer.digest).await? {
        Earlier::Done(id) => return Ok(id),
        Earlier::HalfWay(id, enrollment) => Some((id, *enrollment)),
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
        .authorization_server(offer.authorization_server.as_deref())?;
    let server = session.server(server).await?;
    let (id, mut enrollment) = match earlier {
        Some(earlier) => earlier,
        None => (parts.fresh_id()?, begin(parts, offer, session.now)?),
    };
    enrollment.reference = offer.reference.or(enrollment.reference);
    let way = Way {
        parts,
        issuer: &offer.metadata,
        configuration: &offer.configuration,
        server: &server,
        id: &id,
        event: Event::Enrolled,
        has_trust_list,
    };
    if enrollment.tokens.go_on(session.now) {
        match way.go(&mut session, &mut enrollment).await {
            // What an earlier try left is of no use any more; the code may be.
            Err(Error::Refused(Refusal::InvalidGrant | Refusal::InvalidToken))
                if offer.code.is_some() => {}
            done => return done.map(|()| id),
        }
    }
    redeem(&way, &mut session, &mut enrollment, offer, tx_code).await?;
    way.go(&mut session, &mut enrollment).await?;
    Ok(id)
}

/// Sends the code. What the server does not decide leaves the enrollment and its key to be gone on with.
async fn redeem(
    way: &Way<'_>,
    session: &mut Session<'_, '_>,
    enrollment: &mut Enrollment,
    offer: &Offer,
    tx_code: Option<&str>,
) -> Result<(), Error> {
    let code = offer.code.as_ref().ok_or(Error::OfferGone)?;
    way.prepare(enrollment).await?;
    let form = code_form(code, tx_code);
    let answer = session.token(way.server, &form, &way.configuration.id);
    match answer.await {
        Ok(answer) => {
            enrollment.tokens.renew(answer, session.now);
            enrollment.tokens.dpop = session.dpop_secret();
            Ok(())
        }
        Err(error) => {
            if refuses_the_code(error) {
                // What cannot be tidied up now is forgotten when another enrollment begins.
                let _ = forget(way.parts, way.id.to_owned(), enrollment.clone()).await;
            }
            Err(error)
        }
    }
}

/// Whether the server has decided against the code. All else, a server in trouble or an answer that was lost, says
/// nothing of it: the code may even be redeemed.
const fn refuses_the_code(error: Error) -> bool {
    matches!(
        error,
        Error::Refused(
            Refusal::InvalidGrant
                | Refusal::InvalidRequest
                | Refusal::InvalidClient
                | Refusal::UnsupportedGrantType
        )
    )
}

/// Renews a license by its refresh token, within the exchange's budget and under the caller's turn. The credential that
/// comes is kept beside the one that is held, see [`crate::succession`].
///
/// # Errors
/// [`Error::NotRenewable`] where the issuer gave no token for it, or will not renew it; else as [`enroll`].
pub(crate) async fn renew(
    parts: &Parts,
    id: &str,
    exchange: &mut Exchange<'_>,
) -> Result<(), Error> {
    let mut enrollment = parts
        .vault
        .get::<Enrollment>(id)?
        .ok_or(Error::NotRenewable)?;
    let now = parts.now()?;
    if !enrollment.tokens.go_on(now) {
        return Err(Error::NotRenewable);
    }
    let mut session = resume(parts, exchange, &enrollment)?;
    let issuer = Issuer::ask(&mut session, &enrollment).await?;
    let way = issuer.way(parts, id);
    // First what it has not heard of the last credential: until then it may answer with that one again.
    acknowledge_before(&way, &mut session, &mut enrollment).await?;
    match way.go(&mut session, &mut enrollment).await {
        Err(Error::Refused(Refusal::CredentialRequestDenied)) => Err(Error::NotRenewable),
        done => done,
    }
}

/// A conversation that goes on with the keys of an enrollment.
pub(super) fn resume<'s, 'e>(
    parts: &'s Parts,
    exchange: &'s mut Exchange<'e>,
    enrollment: &Enrollment,
) -> Result<Session<'s, 'e>, Error> {
    let dpop = enrollment.tokens.dpop.as_ref();
    let dpop = dpop.map(|secret| secret.as_slice());
    Session::new(exchange, &*parts.random, parts.now()?, dpop)
}

impl Issuer {
    /// Asks the issuer of a license who it is by now.
    pub(super) async fn ask(
        session: &mut Session<'_, '_>,
        enrollment: &Enrollment,
    ) -> Result<Self, Error> {
        let metadata = session.issuer(&enrollment.issuer).await?;
        let configuration = metadata.choose(std::slice::from_ref(&enrollment.configuration))?;
        let server = metadata.authorization_server(enrollment.authorization_server.as_deref())?;
        let server = session.server(server).await?;
        Ok(Self {
            configuration,
            server,
            metadata,
        })
    }

    /// The way to a renewed license.
    pub(super) fn way<'w>(&'w self, parts: &'w Parts, id: &'w str) -> Way<'w> {
        Way {
            parts,
            issuer: &self.metadata,
            configuration: &self.configuration,
            server: &self.server,
            id,
            event: Event::Renewed,
            has_trust_list: false,
        }
    }
}

fn begin(parts: &Parts, offer: &Offer, now: UnixTime) -> Result<Enrollment, Error> {
    Ok(Enrollment {
        issuer: offer.issuer.clone(),
        authorization_server: offer.authorization_server.clone(),
        configuration: offer.configuration.id.clone(),
        offer: offer.digest,
        reference: offer.reference,
        key: parts.fresh_id()?,
        began: now,
        tokens: Tokens::default(),
        notice: None,
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
    /// It was begun: a key is there, and perhaps tokens.
    HalfWay(String, Box<Enrollment>),
    /// The license is there.
    Done(String),
}

/// Looks for an earlier enrollment by the same offer, and forgets others that led nowhere.
async fn earlier(parts: &Parts, offer: &[u8; 32]) -> Result<Earlier, Error> {
    let now = parts.now()?;
    let Known {
        enrollments,
        licenses,
    } = Known::read(parts)?;
    let mut found = Earlier::Never;
    for (id, enrollment) in enrollments {
        let is_same = enrollment.offer == *offer;
        let life = match enrollment.tokens.refresh {
            Some(_) => FORGET_WITH_TOKENS,
            None => FORGET,
        };
        if licenses.contains(&id) {
            if is_same {
                return Ok(Earlier::Done(id));
            }
        } else if is_same {
            found = Earlier::HalfWay(id, Box::new(enrollment));
        } else if now > enrollment.began.saturating_add(life) {
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

/// Fetches a trust list before a code is spent, where none is held or it is due: without one, nothing that arrives could
/// be kept. Returns whether this issuer gave one.
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
