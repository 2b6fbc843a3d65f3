//! Reading an offer: its content, its issuer's metadata, and an earlier enrollment by the same
//! offer.

use sha2::{Digest, Sha256};

use super::Offer;
use super::enroll::{BUDGET, Known};
use super::enrollment::{Enrollment, OfferedCode};
use super::offer::{CredentialOffer, OfferText, TxCode};
use super::redeem::choose_kind;
use super::session::Session;
use super::standing::IssuerStanding;
use crate::cancel::CancelToken;
use crate::context::Context;
use crate::error::{Error, OfferFault};
use crate::network::address;
use crate::network::requests::Requests;

/// Reads an offer as scanned, and fetches its issuer's metadata. Nothing is spent. An offer by
/// reference whose address no longer answers is still read where the vault holds its enrollment. A
/// bare address is an offer by reference where it is at the wallet's own authority.
///
/// # Errors
/// [`Error::OfferMalformed`], [`Error::OfferUnsupported`], [`Error::OfferGone`],
/// [`Error::IssuerMetadata`], [`Error::Busy`], and those of the network.
pub(crate) async fn read_offer(
    context: &Context,
    text: &str,
    cancel: &CancelToken,
) -> Result<Offer, Error> {
    let mut texts = OfferText::parse(text)?.into_iter();
    let likeliest = texts.next().ok_or(OfferFault::Text)?;
    let place = likeliest.address().map(str::to_owned);
    let mut requests = Requests::new(context, cancel, BUDGET);
    let read_first = read(context, likeliest, &mut requests).await;
    if let (Err(Error::OfferGone), Some(place)) = (&read_first, place) {
        // Another reading of the text may have the right address. It must be at the same server.
        let is_there = |text: &OfferText| {
            let address = text.address();
            address.is_some_and(|address| address::is_same_server(address, &place))
        };
        for other in texts.filter(is_there) {
            if let Ok(offer) = read(context, other, &mut requests).await {
                return Ok(offer);
            }
        }
    }
    read_first.map_err(|error| requests.with_retry_time(context, error))
}

async fn read(
    context: &Context,
    text: OfferText,
    requests: &mut Requests<'_>,
) -> Result<Offer, Error> {
    let mut session = Session::new(requests, &*context.random, context.now()?, None)?;
    let (offer, reference) = match text {
        OfferText::Value(offer) => (OfferSource::Offer(offer.without_words()), None),
        OfferText::Address(url) if !address::is_same_server(&url, &context.authority) => {
            return Err(OfferFault::Address.into());
        }
        OfferText::Reference(url) | OfferText::Address(url) => {
            let reference = Sha256::digest(&url).into();
            let offer = match session.offer(&url).await {
                Err(Error::OfferGone) => begun_by(context, &reference)?.ok_or(Error::OfferGone)?,
                Ok(offer) if address::is_same_server(&url, &offer.issuer) => {
                    OfferSource::Offer(offer)
                }
                read => OfferSource::Offer(read?.without_words()),
            };
            (offer, Some(reference))
        }
    };
    let metadata = session.issuer(offer.issuer()).await?;
    let configuration = metadata.choose(offer.configuration_ids())?;
    choose_kind(
        &configuration.proof_algorithms,
        context.keys.holder_algorithm(),
    )?;
    let standing = match offer.tx_code() {
        Some(_) => IssuerStanding::of(context, session.requests, offer.issuer()).await?,
        // The driver types no code, so the standing decides nothing.
        None => IssuerStanding::without_asking(context, offer.issuer())?,
    };
    Ok(match offer {
        OfferSource::Offer(offer) => Offer {
            digest: digest(&offer),
            issuer: offer.issuer,
            authorization_server: offer.authorization_server,
            code: Some(offer.code),
            tx_code: offer.tx_code,
            reference,
            standing,
            metadata,
            configuration,
        },
        OfferSource::Begun(enrollment, offered) => {
            let (code, tx_code) = match offered {
                Some(offered) => (Some(offered.code), offered.tx_code),
                None => (None, None),
            };
            Offer {
                digest: enrollment.offer,
                issuer: enrollment.issuer,
                authorization_server: enrollment.authorization_server,
                code,
                tx_code,
                reference,
                standing,
                metadata,
                configuration,
            }
        }
    })
}

/// The source of an offer's content.
enum OfferSource {
    /// The scanned or fetched offer.
    Offer(CredentialOffer),
    /// The vault: the offer can no longer be fetched, and an earlier enrollment by it is here. It
    /// comes with the code where there are no tokens to continue with.
    Begun(Box<Enrollment>, Option<OfferedCode>),
}

impl OfferSource {
    fn issuer(&self) -> &str {
        match self {
            Self::Offer(offer) => &offer.issuer,
            Self::Begun(enrollment, _) => &enrollment.issuer,
        }
    }

    fn configuration_ids(&self) -> &[String] {
        match self {
            Self::Offer(offer) => &offer.configuration_ids,
            Self::Begun(enrollment, _) => std::slice::from_ref(&enrollment.configuration),
        }
    }

    fn tx_code(&self) -> Option<&TxCode> {
        match self {
            Self::Offer(offer) => offer.tx_code.as_ref(),
            Self::Begun(_, offered) => offered.as_ref()?.tx_code.as_ref(),
        }
    }
}

/// The enrollment that an offer from this address began, where it has led to a license or still
/// can.
fn begun_by(context: &Context, reference: &[u8; 32]) -> Result<Option<OfferSource>, Error> {
    let now = context.now()?;
    let Known {
        enrollments,
        licenses,
    } = Known::read(context)?;
    let mut of_this_address = enrollments
        .into_iter()
        .filter(|(_, enrollment)| enrollment.reference.as_ref() == Some(reference));
    Ok(of_this_address.find_map(|(id, mut enrollment)| {
        let goes_on = licenses.contains(&id) || enrollment.tokens.can_continue(now);
        let offered = enrollment.code.take();
        (goes_on || offered.is_some())
            .then(|| OfferSource::Begun(Box::new(enrollment), offered.filter(|_| !goes_on)))
    }))
}

/// Recognizes an offer: the hash of its issuer and its code, since the code is a secret.
fn digest(offer: &CredentialOffer) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(offer.issuer.trim_end_matches('/'));
    hash.update([0]);
    hash.update(offer.code.as_bytes());
    hash.finalize().into()
}
