//! The record of an enrollment: who issues the license, and the tokens that will renew it.

use vidimus_credential::time::UnixTime;
use zeroize::Zeroizing;

use crate::error::{Damage, Error};
use crate::issuance::application::{Deferral, Denial, PendingSignIn};
use crate::issuance::notice::Notice;
use crate::issuance::offer::TxCode;
use crate::issuance::token::{TokenAnswer, TokenType};
use crate::vault::codec::{RowReader, RowWriter};
use crate::vault::{Record, Table};

/// Lifetime of an access token in seconds, where the server named none.
const DEFAULT_LIFE: u64 = 300;

/// One license's enrollment, by license id. It is stored before the code is first sent, so that an
/// interrupted enrollment continues from it with the same key.
#[derive(Clone)]
pub(crate) struct Enrollment {
    /// The issuer's identifier, as offered.
    pub(crate) issuer: String,
    /// The authorization server that the offer named, if it named one. For a sign-in: the server
    /// where it began.
    pub(crate) authorization_server: Option<String>,
    /// The issuer's id of the credential configuration that was offered.
    pub(crate) configuration: String,
    /// SHA-256 of the offer's issuer and code, or of a sign-in's `state`. It recognizes the same
    /// offer, and the answer to this sign-in.
    pub(crate) offer: [u8; 32],
    /// SHA-256 of the address of an offer by reference. That address may no longer answer once the
    /// license was issued.
    pub(crate) reference: Option<[u8; 32]>,
    /// The code of an offer by reference, until it brought a license: some issuers answer at that
    /// address only once.
    pub(crate) code: Option<OfferedCode>,
    /// The holder key's id.
    pub(crate) key: String,
    /// When the enrollment began, by the wallet's best time.
    pub(crate) began: UnixTime,
    /// The tokens that are not used up.
    pub(crate) tokens: Tokens,
    /// The notification about the last credential that the issuer has not answered yet.
    pub(crate) notice: Option<Notice>,
    /// The client's id, where a sign-in began the enrollment. Its tokens are asked for under this
    /// id.
    pub(crate) client: Option<String>,
    /// The sign-in, until it has brought tokens.
    pub(crate) sign_in: Option<PendingSignIn>,
    /// The transaction of a license, or of a renewed one, that the issuer will issue later.
    pub(crate) deferral: Option<Deferral>,
    /// The issuer's refusal, after which it is not asked again.
    pub(crate) refused: Option<Denial>,
}

/// The code of an offer, and the form of its transaction code. The transaction code is never kept;
/// the driver types it again.
#[derive(Clone)]
pub(crate) struct OfferedCode {
    /// The pre-authorized code: a secret until it is spent.
    pub(crate) code: Zeroizing<String>,
    pub(crate) tx_code: Option<TxCode>,
}

/// The tokens of one grant. All of them are secrets.
#[derive(Clone, Default)]
pub(crate) struct Tokens {
    /// The access token, until a credential was fetched with it.
    pub(crate) access: Option<AccessToken>,
    /// The newest refresh token that is not known to be spent.
    pub(crate) refresh: Option<Zeroizing<String>>,
    /// The secret of the P-256 key that the tokens are bound to (RFC 9449). It is sealed before a
    /// proof by it is sent for the first time, and stays through each renewal.
    pub(crate) dpop: Option<Zeroizing<Vec<u8>>>,
}

/// An access token, its type and its end. A secret.
#[derive(Clone)]
pub(crate) struct AccessToken {
    pub(crate) token: Zeroizing<String>,
    pub(crate) token_type: TokenType,
    /// When the token expires, by the wallet's best time.
    pub(crate) expires: UnixTime,
    /// The server's identifier of the credential to request.
    pub(crate) credential_identifier: Option<String>,
    /// A nonce for the key proof, which servers of old drafts send with the token.
    pub(crate) nonce: Option<String>,
}

impl Tokens {
    /// Takes over a token answer. Without a new refresh token the old one stays good (RFC 6749,
    /// section 6).
    pub(crate) fn renew(&mut self, answer: TokenAnswer, now: UnixTime) {
        self.access = Some(AccessToken {
            token: answer.access_token,
            token_type: answer.token_type,
            expires: now.saturating_add(answer.expires_in.unwrap_or(DEFAULT_LIFE)),
            credential_identifier: answer.credential_identifier,
            nonce: answer.nonce,
        });
        if answer.refresh_token.is_some() {
            self.refresh = answer.refresh_token;
        }
    }

    /// The access token, unless it has expired.
    pub(crate) fn usable_access(&self, now: UnixTime) -> Option<&AccessToken> {
        self.access.as_ref().filter(|access| now < access.expires)
    }
}

impl Tokens {
    /// Whether a credential may still be fetched with these tokens, without the code.
    pub(crate) fn can_continue(&self, now: UnixTime) -> bool {
        self.refresh.is_some() || self.usable_access(now).is_some()
    }
}

impl Tokens {
    /// Whether there is any token or key that could be lost.
    pub(crate) fn hold_any_secret(&self) -> bool {
        self.access.is_some() || self.refresh.is_some()
    }
}

impl AccessToken {
    /// An upper bound of what [`write_access`] writes, in bytes.
    pub(crate) fn capacity(&self) -> usize {
        let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        self.token.len() + optional(&self.credential_identifier) + optional(&self.nonce) + 32
    }
}

impl Enrollment {
    /// An upper bound of the record, in bytes: the buffer never grows, so that no copy of a token
    /// is left in memory.
    fn capacity(&self) -> usize {
        let access = self.tokens.access.as_ref().map_or(0, AccessToken::capacity);
        let refresh = self.tokens.refresh.as_ref().map_or(0, |token| token.len());
        let notice = self.notice.as_ref().map_or(0, Notice::capacity);
        let code = self.code.as_ref().map_or(0, OfferedCode::capacity);
        let server = self.authorization_server.as_ref().map_or(0, String::len);
        let named = self.issuer.len() + server + self.configuration.len();
        let client = self.client.as_ref().map_or(0, String::len);
        let sign_in = self.sign_in.as_ref().map_or(0, PendingSignIn::capacity);
        let deferral = self.deferral.as_ref().map_or(0, Deferral::capacity);
        let refused = self.refused.as_ref().map_or(0, Denial::capacity);
        let applied = client + sign_in + deferral + refused;
        256 + named + access + refresh + notice + code + applied
    }
}

impl Record for Enrollment {
    const TABLE: Table = Table::Enrollment;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(16, self.capacity());
        writer.text(&self.issuer);
        writer.optional(self.authorization_server.as_deref(), |writer, server| {
            writer.text(server);
        });
        writer
            .text(&self.configuration)
            .bytes(&self.offer)
            .text(&self.key)
            .number(self.began.seconds());
        writer.optional(self.tokens.access.as_ref(), write_access);
        writer.optional(self.tokens.refresh.as_ref(), |writer, token| {
            writer.text(token);
        });
        writer.optional(self.tokens.dpop.as_ref(), |writer, secret| {
            writer.bytes(secret);
        });
        writer.optional(self.reference, |writer, digest| {
            writer.bytes(&digest);
        });
        writer.optional(self.notice.as_ref(), Notice::write);
        writer.optional(self.code.as_ref(), OfferedCode::write);
        writer.optional(self.client.as_deref(), |writer, client| {
            writer.text(client);
        });
        writer.optional(self.sign_in.as_ref(), PendingSignIn::write);
        writer.optional(self.deferral.as_ref(), Deferral::write);
        writer.optional(self.refused.as_ref(), Denial::write);
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let read = || {
            // Schema 1 of the vault had neither reference nor notice, and its first versions kept
            // no code. Before sign-ins and deferrals there were 12 fields.
            let fields = [16, 12, 11, 9]
                .into_iter()
                .find(|fields| RowReader::array(bytes, *fields).is_some())?;
            let mut reader = RowReader::array(bytes, fields)?;
            let mut enrollment = Self {
                issuer: reader.text()?.to_owned(),
                authorization_server: reader.optional(owned)?,
                configuration: owned(&mut reader)?,
                offer: reader.fixed()?,
                key: owned(&mut reader)?,
                began: UnixTime::new(reader.number()?).ok()?,
                tokens: Tokens {
                    access: reader.optional(read_access)?,
                    refresh: reader.optional(|reader| owned(reader).map(Zeroizing::new))?,
                    dpop: reader
                        .optional(|reader| Some(Zeroizing::new(reader.bytes()?.to_vec())))?,
                },
                reference: None,
                notice: None,
                code: None,
                client: None,
                sign_in: None,
                deferral: None,
                refused: None,
            };
            if fields > 9 {
                enrollment.reference = reader.optional(RowReader::fixed)?;
                enrollment.notice = reader.optional(Notice::read)?;
            }
            if fields > 11 {
                enrollment.code = reader.optional(OfferedCode::read)?;
            }
            if fields > 12 {
                enrollment.client = reader.optional(owned)?;
                enrollment.sign_in = reader.optional(PendingSignIn::read)?;
                enrollment.deferral = reader.optional(Deferral::read)?;
                enrollment.refused = reader.optional(Denial::read)?;
            }
            reader.end()?;
            Some(enrollment)
        };
        read().ok_or(Error::VaultDamaged {
            what: Damage::Row(Table::Enrollment),
        })
    }
}

impl OfferedCode {
    /// An upper bound of what [`write`](Self::write) writes, in bytes.
    fn capacity(&self) -> usize {
        let described = self.tx_code.as_ref();
        let described = described.and_then(|code| code.description.as_ref());
        self.code.len() + described.map_or(0, String::len) + 32
    }

    fn write(writer: &mut RowWriter, offered: &Self) {
        writer.nested(2).text(&offered.code);
        writer.optional(offered.tx_code.as_ref(), |writer, expected| {
            writer.nested(3).flag(expected.numeric);
            writer.optional(expected.length, |writer, length| {
                writer.number(length.into());
            });
            writer.optional(expected.description.as_deref(), |writer, text| {
                writer.text(text);
            });
        });
    }

    fn read(reader: &mut RowReader<'_>) -> Option<Self> {
        (reader.nested()? == 2).then_some(())?;
        Some(Self {
            code: Zeroizing::new(owned(reader)?),
            tx_code: reader.optional(|reader| {
                (reader.nested()? == 3).then_some(())?;
                Some(TxCode {
                    numeric: reader.flag()?,
                    length: reader.optional(|reader| u32::try_from(reader.number()?).ok())?,
                    description: reader.optional(owned)?,
                })
            })?,
        })
    }
}

pub(crate) fn write_access(writer: &mut RowWriter, access: &AccessToken) {
    writer
        .nested(5)
        .text(&access.token)
        .flag(access.token_type == TokenType::Dpop);
    writer.number(access.expires.seconds());
    for text in [&access.credential_identifier, &access.nonce] {
        writer.optional(text.as_deref(), |writer, text| {
            writer.text(text);
        });
    }
}

pub(crate) fn read_access(reader: &mut RowReader<'_>) -> Option<AccessToken> {
    (reader.nested()? == 5).then_some(())?;
    Some(AccessToken {
        token: Zeroizing::new(owned(reader)?),
        token_type: if reader.flag()? {
            TokenType::Dpop
        } else {
            TokenType::Bearer
        },
        expires: UnixTime::new(reader.number()?).ok()?,
        credential_identifier: reader.optional(owned)?,
        nonce: reader.optional(owned)?,
    })
}

pub(crate) fn owned(reader: &mut RowReader<'_>) -> Option<String> {
    reader.text().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issuance::application::ReviewReason;

    fn access(token: &str) -> AccessToken {
        AccessToken {
            token: Zeroizing::new(token.to_owned()),
            token_type: TokenType::Dpop,
            expires: UnixTime::EPOCH,
            credential_identifier: None,
            nonce: Some("nonce".to_owned()),
        }
    }

    fn enrollment() -> Enrollment {
        Enrollment {
            issuer: "https://a.example".to_owned(),
            authorization_server: None,
            configuration: "dl".to_owned(),
            offer: [1; 32],
            reference: Some([2; 32]),
            code: Some(OfferedCode {
                code: Zeroizing::new("code".to_owned()),
                tx_code: Some(TxCode {
                    numeric: true,
                    length: Some(6),
                    description: Some("by letter".to_owned()),
                }),
            }),
            key: "key".to_owned(),
            began: UnixTime::EPOCH,
            tokens: Tokens {
                access: Some(access("access")),
                refresh: Some(Zeroizing::new("refresh".to_owned())),
                dpop: None,
            },
            notice: Some(Notice {
                id: "n1".to_owned(),
                endpoint: "https://a.example/notification".to_owned(),
                access: access("older"),
            }),
            client: Some("client".to_owned()),
            sign_in: Some(PendingSignIn {
                redirect_uri: "https://app.example/back".to_owned(),
                verifier: Zeroizing::new("verifier".to_owned()),
                expires: UnixTime::EPOCH,
                names_issuer: true,
                code: Some(Zeroizing::new("code of the browser".to_owned())),
            }),
            deferral: Some(Deferral {
                transaction: Some("transaction".to_owned()),
                interval: 30,
                asked: UnixTime::EPOCH,
            }),
            refused: Some(Denial {
                reason: ReviewReason::PapersMissing,
                words: Some("Please bring your passport.".to_owned()),
            }),
        }
    }

    #[test]
    fn an_enrollment_reads_back_as_it_was_written_and_no_part_of_it_does() {
        let bytes = enrollment().encode();
        let again = Enrollment::decode(&bytes).unwrap();
        assert_eq!(*again.encode(), *bytes);
        assert_eq!(again.notice.unwrap().access.token.as_str(), "older");
        assert_eq!(again.code.unwrap().tx_code.unwrap().length, Some(6));
        let sign_in = again.sign_in.unwrap();
        assert_eq!(sign_in.code.unwrap().as_str(), "code of the browser");
        assert_eq!(again.deferral.unwrap().interval, 30);
        assert_eq!(again.refused.unwrap().reason, ReviewReason::PapersMissing);
        for length in 0..bytes.len() {
            assert!(Enrollment::decode(&bytes[..length]).is_err());
        }
    }

    #[test]
    fn an_enrollment_of_an_older_wallet_is_still_read() {
        let whole = Enrollment {
            reference: None,
            notice: None,
            code: None,
            client: None,
            sign_in: None,
            deferral: None,
            refused: None,
            ..enrollment()
        }
        .encode()
        .to_vec();
        // An array of 16 with nulls at its end becomes one of 12, 11, and 9 as the first schema had
        // it.
        for (head, fields) in [(0x8c, 12), (0x8b, 11), (0x89, 9)] {
            let mut bytes = whole.clone();
            let nulls = bytes.split_off(bytes.len() - (16 - fields));
            assert_eq!((bytes[0], nulls), (0x90, vec![0xf6; 16 - fields]));
            bytes[0] = head;
            let again = Enrollment::decode(&bytes).unwrap();
            assert!(!again.is_application());
            assert!(again.notice.is_none() && again.code.is_none());
            assert_eq!(again.tokens.refresh.unwrap().as_str(), "refresh");
        }
    }
}
