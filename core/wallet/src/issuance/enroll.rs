//! The order of the steps, and what is stored between them.

use std::time::Duration;

use vidimus_credential::time::UnixTime;

use super::Offer;
use super::acknowledge::acknowledge_before;
use super::enrollment::{Enrollment, OfferedCode, Tokens};
use super::metadata::{Configuration, IssuerMetadata, ServerMetadata};
use super::readiness::{agree_on_the_time, fetch_trust_list};
use super::redeem::Redemption;
use super::refusal::Refusal;
use super::reserve::Reserve;
use super::session::Session;
use super::standing::Standing;
use super::token::code_form;
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::Error;
use crate::keys::HolderKey;
use crate::network::lock::NetworkLock;
use crate::network::requests::Requests;
use crate::vault::activity_log::Event;
use crate::vault::{Table, Tx, Weight};

/// How long reading an offer or an enrollment may take in all.
pub(super) const BUDGET: Duration = Duration::from_secs(60);

/// An enrollment that brought no tokens is forgotten after this many seconds, when another begins: no credential was
/// issued on it, so another key may take its place.
const FORGET: u64 = 86_400;

/// One that holds the code is kept for longer: the address that offered it may answer no more.
const FORGET_WITH_CODE: u64 = 30 * 86_400;

/// One that holds tokens is kept for longest: a license may have been issued to its key.
const FORGET_WITH_TOKENS: u64 = 60 * 86_400;

/// What an issuer says of itself, as far as a license that is held needs it.
pub(super) struct Issuer {
    metadata: IssuerMetadata,
    configuration: Configuration,
    server: ServerMetadata,
}

/// What the vault knows of offers that were taken up.
pub(super) struct Known {
    /// The enrollments that can be read, by license id.
    pub(super) enrollments: Vec<(String, Enrollment)>,
    /// The ids of the licenses that are here.
    pub(super) licenses: Vec<String>,
}

impl Known {
    pub(super) fn read(context: &Context) -> Result<Self, Error> {
        context.vault.read(|view| {
            let rows = view.list::<Enrollment>().into_iter();
            let newest = |(id, kept): (String, Result<Enrollment, Error>)| {
                let unwritten = context.unwritten(&id);
                Some((id, unwritten.or(kept.ok())?))
            };
            Ok(Self {
                enrollments: rows.filter_map(newest).collect(),
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
/// [`Error::IssuerUnknown`], [`Error::TxCodeRequired`], [`Error::Refused`], [`Error::IssuanceDeferred`],
/// [`Error::Credential`], [`Error::CredentialForAnotherKey`], [`Error::CredentialNotInForce`],
/// [`Error::ServerTimeWrong`], [`Error::Busy`], and those of the network.
pub(crate) async fn enroll(
    context: &Context,
    offer: &Offer,
    tx_code: Option<&str>,
    cancel: &CancelToken,
) -> Result<String, Error> {
    let tx_code = offer.code_to_send(tx_code)?;
    let mut requests = Requests::new(context, cancel, BUDGET);
    let enrolled = take_up(context, offer, tx_code, &mut requests).await;
    enrolled.map_err(|error| requests.for_the_driver(context, error))
}

async fn take_up(
    context: &Context,
    offer: &Offer,
    tx_code: Option<&str>,
    requests: &mut Requests<'_>,
) -> Result<String, Error> {
    let _network_lock = NetworkLock::take(&context.directory, requests).await?;
    let earlier = match earlier(context, &offer.digest).await? {
        Earlier::Done(id) => return Ok(id),
        Earlier::HalfWay(id, enrollment) => Some((id, *enrollment)),
        Earlier::Never => None,
    };
    let fetched = fetch_trust_list(context, requests, &offer.metadata).await?;
    if tx_code.is_some() {
        // The list may have changed since the offer was read.
        let standing = Standing::without_asking(context, &offer.issuer)?;
        if standing == Standing::Unknown {
            return Err(Error::IssuerUnknown);
        }
    }
    let server = offer
        .metadata
        .authorization_server(offer.authorization_server.as_deref())?;
    let mut session = Session::new(requests, &*context.random, context.now()?, None)?;
    let server = session.server(server).await?;
    let has_trust_list = agree_on_the_time(context, requests, &offer.metadata, fetched).await?;
    let dpop = earlier
        .as_ref()
        .and_then(|(_, earlier)| earlier.tokens.dpop.as_ref());
    let mut session = Session::new(
        requests,
        &*context.random,
        context.now()?,
        dpop.map(|dpop| dpop.as_slice()),
    )?;
    let (id, mut enrollment) = match earlier {
        Some(earlier) => earlier,
        None => (context.fresh_id()?, begin(context, offer, session.now)?),
    };
    if let Some(reference) = offer.reference {
        enrollment.reference = Some(reference);
        let offered = offer.code.clone().map(|code| OfferedCode {
            code,
            tx_code: offer.tx_code.clone(),
        });
        enrollment.code = offered.or(enrollment.code);
    }
    let redemption = Redemption {
        context,
        issuer: &offer.metadata,
        configuration: &offer.configuration,
        server: &server,
        id: &id,
        event: Event::Enrolled,
        has_trust_list,
        reserve: Reserve::none(),
    };
    if enrollment.tokens.go_on(session.now) {
        match redemption.run(&mut session, &mut enrollment).await {
            // What an earlier try left is of no use any more; the code may be.
            Err(Error::Refused(Refusal::InvalidGrant | Refusal::InvalidToken))
                if offer.code.is_some() || enrollment.code.is_some() => {}
            done => return done.map(|()| id),
        }
    }
    spend_code(&redemption, &mut session, &mut enrollment, offer, tx_code).await?;
    redemption.run(&mut session, &mut enrollment).await?;
    Ok(id)
}

/// Sends the code. What the server does not decide leaves the enrollment and its key to be gone on with.
async fn spend_code(
    redemption: &Redemption<'_>,
    session: &mut Session<'_, '_>,
    enrollment: &mut Enrollment,
    offer: &Offer,
    tx_code: Option<&str>,
) -> Result<(), Error> {
    let code = match (&offer.code, &enrollment.code) {
        (Some(code), _) => code.clone(),
        // The tokens ended since the offer was read, by which it was to go on without a code.
        (None, Some(offered)) if offered.tx_code.is_some() => return Err(Error::TxCodeRequired),
        (None, Some(offered)) => offered.code.clone(),
        (None, None) => return Err(Error::OfferGone),
    };
    redemption.prepare(enrollment).await?;
    let form = code_form(&code, tx_code);
    let answer = session.token(redemption.server, &form, &redemption.configuration.id);
    match answer.await {
        Ok(answer) => {
            enrollment.tokens.renew(answer, session.now);
            enrollment.tokens.dpop = session.dpop_secret();
            Ok(())
        }
        Err(error) => {
            if refuses_the_code(error) && !may_be_typed_anew(error, tx_code, enrollment) {
                // What cannot be tidied up now is forgotten when another enrollment begins.
                let _ = forget(
                    redemption.context,
                    redemption.id.to_owned(),
                    enrollment.clone(),
                )
                .await;
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

/// Whether it may be the transaction code that was wrong, of an offer whose address may answer no more: a server says the
/// same of both codes, and this wallet alone may still know the other one.
fn may_be_typed_anew(error: Error, tx_code: Option<&str>, enrollment: &Enrollment) -> bool {
    let is_either = matches!(
        error,
        Error::Refused(Refusal::InvalidGrant | Refusal::InvalidRequest)
    );
    is_either && tx_code.is_some() && enrollment.code.is_some()
}

/// Renews a license by its refresh token, within the exchange's budget and under the caller's turn. The credential that
/// comes is kept beside the one that is held, see [`crate::succession`].
///
/// # Errors
/// [`Error::NotRenewable`] where the issuer gave no token for it, or will not renew it; else as [`enroll`].
pub(crate) async fn renew(
    context: &Context,
    id: &str,
    requests: &mut Requests<'_>,
) -> Result<(), Error> {
    let kept = context.vault.get::<Enrollment>(id)?;
    // What could not be written of an earlier try is newer.
    let newest = kept.map(|kept| context.unwritten(id).unwrap_or(kept));
    let mut enrollment = newest.ok_or(Error::NotRenewable)?;
    let now = context.now()?;
    if !enrollment.tokens.go_on(now) {
        return Err(Error::NotRenewable);
    }
    let mut session = resume(context, requests, &enrollment)?;
    let issuer = Issuer::ask(&mut session, &enrollment).await?;
    let redemption = issuer.redemption(context, id);
    // First what it has not heard of the last credential: until then it may answer with that one again.
    acknowledge_before(&redemption, &mut session, &mut enrollment).await?;
    match redemption.run(&mut session, &mut enrollment).await {
        Err(Error::Refused(Refusal::CredentialRequestDenied)) => Err(Error::NotRenewable),
        done => done,
    }
}

/// A conversation that goes on with the keys of an enrollment.
pub(super) fn resume<'s, 'e>(
    context: &'s Context,
    requests: &'s mut Requests<'e>,
    enrollment: &Enrollment,
) -> Result<Session<'s, 'e>, Error> {
    let dpop = enrollment.tokens.dpop.as_ref();
    let dpop = dpop.map(|secret| secret.as_slice());
    Session::new(requests, &*context.random, context.now()?, dpop)
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
    pub(super) fn redemption<'w>(&'w self, context: &'w Context, id: &'w str) -> Redemption<'w> {
        Redemption {
            context,
            issuer: &self.metadata,
            configuration: &self.configuration,
            server: &self.server,
            id,
            event: Event::Renewed,
            has_trust_list: false,
            reserve: Reserve::none(),
        }
    }
}

fn begin(context: &Context, offer: &Offer, now: UnixTime) -> Result<Enrollment, Error> {
    Ok(Enrollment {
        issuer: offer.issuer.clone(),
        authorization_server: offer.authorization_server.clone(),
        configuration: offer.configuration.id.clone(),
        offer: offer.digest,
        reference: offer.reference,
        key: context.fresh_id()?,
        began: now,
        tokens: Tokens::default(),
        notice: None,
        code: None,
    })
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
async fn earlier(context: &Context, offer: &[u8; 32]) -> Result<Earlier, Error> {
    let now = context.now()?;
    let Known {
        enrollments,
        licenses,
    } = Known::read(context)?;
    let mut found = Earlier::Never;
    for (id, enrollment) in enrollments {
        let is_same = enrollment.offer == *offer;
        let life = if enrollment.tokens.hold_something() {
            FORGET_WITH_TOKENS
        } else if enrollment.code.is_some() {
            FORGET_WITH_CODE
        } else {
            FORGET
        };
        if licenses.contains(&id) {
            if is_same {
                return Ok(Earlier::Done(id));
            }
        } else if is_same {
            found = Earlier::HalfWay(id, Box::new(enrollment));
        } else if now > enrollment.began.saturating_add(life) {
            forget(context, id, enrollment).await?;
        }
    }
    Ok(found)
}

async fn forget(context: &Context, id: String, enrollment: Enrollment) -> Result<(), Error> {
    context.keys.delete_holder_key(&enrollment.key).await?;
    context.forget_unwritten(&id);
    let forget = move |tx: &mut Tx<'_>| {
        tx.delete::<HolderKey>(&enrollment.key)?;
        tx.delete::<Enrollment>(&id)
    };
    context.vault.write(Weight::Anchored, forget).await
}
