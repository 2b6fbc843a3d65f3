//! Enrollment and renewal: the order of the steps, and what is stored between them.

use std::time::Duration;

use vidimus_credential::time::UnixTime;

use super::Offer;
use super::acknowledge::acknowledge_before;
use super::enrollment::{Enrollment, OfferedCode, Tokens};
use super::metadata::{Configuration, IssuerMetadata, ServerMetadata};
use super::progress::{Progress, Purpose};
use super::readiness::{agree_on_the_time, fetch_trust_list};
use super::redeem::Redemption;
use super::reserve::Reserve;
use super::session::Session;
use super::sign_in::forget_in;
use super::standing::IssuerStanding;
use super::token::code_form;
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::Error;
use crate::error::OAuthError;
use crate::keys::HolderKey;
use crate::network::lock::NetworkLock;
use crate::network::requests::Requests;
use crate::vault::{Table, Tx, Weight};

/// Time limit for reading an offer, and for an enrollment.
pub(super) const BUDGET: Duration = Duration::from_secs(60);

/// Seconds after which an enrollment without tokens is deleted, when another one begins. No
/// credential was issued to its key.
const FORGET: u64 = 86_400;

/// The same where the enrollment holds the code: longer, since the offer's address may no longer
/// answer.
const FORGET_WITH_CODE: u64 = 30 * 86_400;

/// The same where the enrollment holds tokens: longest, since a license may have been issued to its
/// key.
const FORGET_WITH_TOKENS: u64 = 60 * 86_400;

/// The metadata of an issuer and its authorization server that a held license needs.
pub(super) struct Issuer {
    metadata: IssuerMetadata,
    configuration: Configuration,
    server: ServerMetadata,
}

/// The enrollments and licenses in the vault.
pub(super) struct Known {
    /// The enrollments that can be read, by license id.
    pub(super) enrollments: Vec<(String, Enrollment)>,
    /// The ids of the licenses in the vault.
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

/// Redeems an offer. Returns the id of the license that is now in the vault.
///
/// The same offer may be redeemed again after an enrollment was interrupted; it continues with the
/// same key. After a complete enrollment it returns the id of the license that came with it.
///
/// # Errors
/// [`Error::IssuerUnknown`], [`Error::TxCodeRequired`], [`Error::Refused`],
/// [`Error::IssuanceDeferred`], [`Error::Credential`], [`Error::CredentialForAnotherKey`],
/// [`Error::CredentialNotInForce`], [`Error::ServerTimeWrong`], [`Error::Busy`], and those of the
/// network.
pub(crate) async fn enroll(
    context: &Context,
    offer: &Offer,
    tx_code: Option<&str>,
    cancel: &CancelToken,
) -> Result<String, Error> {
    let tx_code = offer.code_to_send(tx_code)?;
    let mut requests = Requests::new(context, cancel, BUDGET);
    let enrolled = redeem_offer(context, offer, tx_code, &mut requests).await;
    enrolled.map_err(|error| requests.with_retry_time(context, error))
}

async fn redeem_offer(
    context: &Context,
    offer: &Offer,
    tx_code: Option<&str>,
    requests: &mut Requests<'_>,
) -> Result<String, Error> {
    let _network_lock = NetworkLock::take(&context.directory, requests).await?;
    let earlier = match find_earlier(context, &offer.digest).await? {
        EarlierEnrollment::Complete(id) => return Ok(id),
        EarlierEnrollment::Unfinished(id, enrollment) => Some((id, *enrollment)),
        EarlierEnrollment::None => None,
    };
    if let Some((_, earlier)) = &earlier
        && let Some(deferral) = &earlier.deferral
        && context.now()? < deferral.not_before(context.now()?)
    {
        return Err(Error::IssuanceDeferred);
    }
    let fetched = fetch_trust_list(context, requests, &offer.metadata).await?;
    if tx_code.is_some() {
        // The list may have changed since the offer was read.
        let standing = IssuerStanding::without_asking(context, &offer.issuer)?;
        if standing == IssuerStanding::Unknown {
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
    // The driver asks again.
    enrollment.refused = None;
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
        purpose: Purpose::Offer,
        has_trust_list,
        reserve: Reserve::none(),
    };
    if enrollment.tokens.can_continue(session.now) {
        match redemption.run(&mut session, &mut enrollment).await {
            // The earlier tokens are void; the code may still be good.
            Err(Error::Refused(OAuthError::InvalidGrant | OAuthError::InvalidToken))
                if offer.code.is_some() || enrollment.code.is_some() => {}
            done => return received(&done?, id),
        }
    }
    spend_code(&redemption, &mut session, &mut enrollment, offer, tx_code).await?;
    received(&redemption.run(&mut session, &mut enrollment).await?, id)
}

/// The id of the license, where it is stored.
fn received(progress: &Progress, id: String) -> Result<String, Error> {
    match progress {
        Progress::Stored => Ok(id),
        Progress::Deferred => Err(Error::IssuanceDeferred),
        Progress::Denied => Err(Error::Refused(OAuthError::CredentialRequestDenied)),
    }
}

/// Sends the code. Unless the server refuses it, the enrollment and its key stay for another try.
async fn spend_code(
    redemption: &Redemption<'_>,
    session: &mut Session<'_, '_>,
    enrollment: &mut Enrollment,
    offer: &Offer,
    tx_code: Option<&str>,
) -> Result<(), Error> {
    let code = match (&offer.code, &enrollment.code) {
        (Some(code), _) => code.clone(),
        // When the offer was read there were tokens to continue with. They have expired since.
        (None, Some(offered)) if offered.tx_code.is_some() => return Err(Error::TxCodeRequired),
        (None, Some(offered)) => offered.code.clone(),
        (None, None) => return Err(Error::OfferGone),
    };
    enrollment.deferral = None;
    if redemption.server.dpop && enrollment.tokens.dpop.is_none() {
        // It is stored before the code is sent.
        let secret = session.new_dpop_secret()?;
        session.bind(&secret)?;
        enrollment.tokens.dpop = Some(secret);
    }
    redemption.prepare(enrollment).await?;
    let form = code_form(&code, tx_code);
    match redemption.tokens(session, enrollment, &form).await {
        Ok(answer) => {
            enrollment.tokens.renew(answer, session.now);
            Ok(())
        }
        Err(error) => {
            if refuses_the_code(error) && !may_retry_tx_code(error, tx_code, enrollment) {
                // If this fails, the next enrollment deletes it.
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

/// Whether the server has refused the code for good. Other errors, of a busy server or a lost
/// answer, say nothing about it: the code may even have been redeemed.
pub(super) const fn refuses_the_code(error: Error) -> bool {
    matches!(
        error,
        Error::Refused(
            OAuthError::InvalidGrant
                | OAuthError::InvalidRequest
                | OAuthError::InvalidClient
                | OAuthError::UnsupportedGrantType
        )
    )
}

/// Whether the enrollment must be kept because only the transaction code may have been wrong. A
/// server gives the same error for both codes, and where the offer's address no longer answers,
/// only this wallet still has the pre-authorized one.
fn may_retry_tx_code(error: Error, tx_code: Option<&str>, enrollment: &Enrollment) -> bool {
    let is_either = matches!(
        error,
        Error::Refused(OAuthError::InvalidGrant | OAuthError::InvalidRequest)
    );
    is_either && tx_code.is_some() && enrollment.code.is_some()
}

/// Renews a license with its refresh token, within the budget of `requests`. The caller must hold
/// the network lock. The new credential is kept beside the held one, see [`crate::succession`].
/// Returns the seconds until the issuer may be asked again, where it will issue one later: until
/// then the held license stays.
///
/// A phone that is locked may not use the holder key: then nothing is asked of the issuer.
///
/// # Errors
/// [`Error::KeyStore`] with `Locked` where the phone must be unlocked first;
/// [`Error::NotRenewable`] where the issuer gave no refresh token or refuses; else those of
/// [`enroll`].
pub(crate) async fn renew(
    context: &Context,
    id: &str,
    requests: &mut Requests<'_>,
) -> Result<Option<u64>, Error> {
    let kept = context.vault.get::<Enrollment>(id)?;
    // Tokens that an earlier try could not write are newer.
    let newest = kept.map(|kept| context.unwritten(id).unwrap_or(kept));
    let mut enrollment = newest.ok_or(Error::NotRenewable)?;
    let now = context.now()?;
    if !enrollment.tokens.can_continue(now) {
        return Err(Error::NotRenewable);
    }
    let rest = |enrollment: &Enrollment| {
        let deferral = enrollment.deferral.as_ref()?;
        let rest = deferral.not_before(now).signed_since(now);
        u64::try_from(rest).ok().filter(|rest| *rest > 0)
    };
    if let Some(rest) = rest(&enrollment) {
        return Ok(Some(rest));
    }
    let holder = context.vault.get::<HolderKey>(&enrollment.key)?;
    if let Some(holder) = holder {
        holder.require_usable(&*context.keys).await?;
    }
    let mut session = resume(context, requests, &enrollment)?;
    let issuer = Issuer::ask(&mut session, &enrollment).await?;
    let redemption = issuer.redemption(context, id);
    // Until the issuer is notified of the last credential, it may answer with that one again.
    acknowledge_before(&redemption, &mut session, &mut enrollment).await?;
    match redemption.run(&mut session, &mut enrollment).await {
        Ok(Progress::Stored) => Ok(None),
        Ok(Progress::Deferred) => Ok(rest(&enrollment)),
        Ok(Progress::Denied) | Err(Error::Refused(OAuthError::CredentialRequestDenied)) => {
            Err(Error::NotRenewable)
        }
        Err(error) => Err(error),
    }
}

/// A session that continues with the DPoP key of an enrollment.
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
    /// Fetches the current metadata of a license's issuer.
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

    /// The redemption that renews this license.
    pub(super) fn redemption<'w>(&'w self, context: &'w Context, id: &'w str) -> Redemption<'w> {
        Redemption {
            context,
            issuer: &self.metadata,
            configuration: &self.configuration,
            server: &self.server,
            id,
            purpose: Purpose::Renewal,
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
        client: None,
        sign_in: None,
        deferral: None,
        refused: None,
    })
}

/// How far an earlier enrollment by the same offer has come.
enum EarlierEnrollment {
    None,
    /// It was begun: it has a key, and perhaps tokens.
    Unfinished(String, Box<Enrollment>),
    /// It is complete: the vault holds its license.
    Complete(String),
}

/// Looks for an earlier enrollment by the same offer, and deletes old ones that led to no license.
async fn find_earlier(context: &Context, offer: &[u8; 32]) -> Result<EarlierEnrollment, Error> {
    let now = context.now()?;
    let Known {
        enrollments,
        licenses,
    } = Known::read(context)?;
    let mut found = EarlierEnrollment::None;
    for (id, enrollment) in enrollments {
        let is_same = enrollment.offer == *offer;
        let life = if enrollment.tokens.hold_any_secret() {
            FORGET_WITH_TOKENS
        } else if enrollment.code.is_some() {
            FORGET_WITH_CODE
        } else {
            FORGET
        };
        if licenses.contains(&id) {
            if is_same {
                return Ok(EarlierEnrollment::Complete(id));
            }
        } else if is_same {
            found = EarlierEnrollment::Unfinished(id, Box::new(enrollment));
        } else if !enrollment.is_application() && now > enrollment.began.saturating_add(life) {
            forget(context, id, enrollment).await?;
        }
    }
    Ok(found)
}

/// Deletes an enrollment that led to no license, and its holder key.
pub(super) async fn forget(
    context: &Context,
    id: String,
    enrollment: Enrollment,
) -> Result<(), Error> {
    context.keys.delete_holder_key(&enrollment.key).await?;
    context.forget_unwritten(&id);
    let forget = move |tx: &mut Tx<'_>| forget_in(tx, &id, &enrollment.key);
    context.vault.write(Weight::Anchored, forget).await
}
