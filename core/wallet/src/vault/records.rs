//! The records of licenses, statuses and the trust list. Enrollments are in [`crate::issuance`].

use vidimus_credential::key::KeyId;
use vidimus_credential::meaning::{Ageing, Statement};
use vidimus_credential::sd_cwt::{CredentialClaims, Portrait, UnverifiedCredential};
use vidimus_credential::status_list::{LIST_LENGTH, StatusToken, UnverifiedStatusToken};
use vidimus_credential::{LicenseStatus, StatusReport, StatusSource, UnixTime, VerifyingKey};
use zeroize::Zeroizing;

use crate::error::{Damage, Error};
use crate::format::CredentialFormat;
use crate::vault::codec::{RowReader, RowWriter};
use crate::vault::{Record, Table, View};

/// A license, by its id: its credentials, each verified before it was stored. It holds personal
/// data and has no `Debug`.
pub struct LicenseRecord {
    /// The credentials; at least one. Today each license has one, in the format that the QR shows.
    credentials: Vec<CredentialRecord>,
}

/// One signed credential of a license. It holds personal data and has no `Debug`.
pub struct CredentialRecord {
    /// How `credential` is encoded and signed.
    pub format: CredentialFormat,
    /// The id of the [`HolderKey`](crate::keys::HolderKey) that it is bound to.
    pub holder_key: String,
    /// How often it was shown. Counted only in formats whose copies are shown once each. An SD-CWT
    /// may be shown any number of times, and its count stays 0.
    pub uses: u64,
    /// The signed bytes, without disclosures.
    pub credential: Vec<u8>,
}

impl LicenseRecord {
    /// A license with one SD-CWT that was never shown.
    pub fn of_sd_cwt(credential: Vec<u8>, holder_key: String) -> Self {
        Self {
            credentials: vec![CredentialRecord {
                format: CredentialFormat::SdCwt,
                holder_key,
                uses: 0,
                credential,
            }],
        }
    }

    /// All credentials; at least one.
    pub fn credentials(&self) -> &[CredentialRecord] {
        &self.credentials
    }

    /// The credential that the QR shows.
    ///
    /// # Errors
    /// [`Error::VaultDamaged`] where the license has none, which this version never stores.
    pub fn sd_cwt(&self) -> Result<&CredentialRecord, Error> {
        let mut credentials = self.credentials.iter();
        credentials
            .find(|held| held.format == CredentialFormat::SdCwt)
            .ok_or_else(damaged::<Self>)
    }

    /// Parses the SD-CWT. Its signature is not checked again: it was verified before the row was
    /// sealed.
    ///
    /// # Errors
    /// [`Error::Credential`] where an older version accepted what this one does not; and those of
    /// [`sd_cwt`](Self::sd_cwt).
    pub fn parse(&self) -> Result<UnverifiedCredential, Error> {
        Ok(UnverifiedCredential::parse(&self.sd_cwt()?.credential)?)
    }
}

impl Record for LicenseRecord {
    const TABLE: Table = Table::License;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let length = |held: &CredentialRecord| held.credential.len() + held.holder_key.len() + 48;
        let capacity = self.credentials.iter().map(length).sum::<usize>() + 16;
        let mut writer = RowWriter::array(1, capacity);
        writer.list(&self.credentials, |writer, held| {
            writer
                .nested(4)
                .text(held.format.id())
                .text(&held.holder_key)
                .number(held.uses)
                .bytes(&held.credential);
        });
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        if RowReader::array(bytes, 2).is_some() {
            // Before the third schema a license had one credential: its bytes, then its key.
            return decode::<Self>(bytes, 2, |reader| {
                let credential = reader.bytes()?.to_vec();
                Some(Self::of_sd_cwt(credential, reader.text()?.to_owned()))
            });
        }
        decode::<Self>(bytes, 1, |reader| {
            let credentials = reader.list(|reader| {
                (reader.nested()? == 4).then_some(())?;
                Some(CredentialRecord {
                    format: CredentialFormat::from_id(reader.text()?)?,
                    holder_key: reader.text()?.to_owned(),
                    uses: reader.number()?,
                    credential: reader.bytes()?.to_vec(),
                })
            })?;
            (!credentials.is_empty()).then_some(Self { credentials })
        })
    }
}

/// A renewed credential without a status yet, by license id. The old credential is shown until the
/// new one has a status. It was verified before it was stored. It holds personal data and has no
/// `Debug`.
pub(crate) struct NextLicenseRecord {
    /// The next record of the license.
    pub license: LicenseRecord,
    /// The next portrait of the license.
    pub portrait: Option<Portrait>,
}

impl Record for NextLicenseRecord {
    const TABLE: Table = Table::NextLicense;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let license = self.license.encode();
        let portrait = self.portrait.as_ref().map(Portrait::disclosure);
        let length = license.len() + portrait.map_or(0, <[u8]>::len);
        let mut writer = RowWriter::array(2, length + 16);
        writer.bytes(&license);
        writer.optional(portrait, |writer, portrait| {
            writer.bytes(portrait);
        });
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        decode::<Self>(bytes, 2, |reader| {
            Some(Self {
                license: LicenseRecord::decode(reader.bytes()?).ok()?,
                portrait: reader.optional(|reader| Portrait::parse(reader.bytes()?).ok())?,
            })
        })
    }
}

/// The portrait's disclosure, by license id. It is personal data and has no `Debug`.
pub struct PortraitRecord(pub Portrait);

impl Record for PortraitRecord {
    const TABLE: Table = Table::Portrait;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.disclosure().to_vec())
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        Portrait::parse(bytes)
            .map(Self)
            .map_err(|_| damaged::<Self>())
    }
}

/// The newest status token of a list, by its `uri`, verified before it was stored.
pub struct StatusRecord {
    /// The signed token, which a presentation carries as its staple.
    pub token: Vec<u8>,
    /// When the token was signed.
    pub issued_at: UnixTime,
    /// When the token expires.
    pub expires: UnixTime,
    /// Seconds until the next fetch, as the authority says.
    pub ttl: u64,
    /// The raw values of the list's first 256 entries.
    values: Vec<u8>,
}

impl StatusRecord {
    /// The record of a verified token; `token` must be its signed bytes.
    pub fn new(verified: &StatusToken, token: &[u8]) -> Self {
        Self {
            token: token.to_vec(),
            issued_at: verified.issued_at(),
            expires: verified.expires(),
            ttl: verified.ttl(),
            values: (0..LIST_LENGTH)
                .map_while(|index| verified.raw_value(index).ok())
                .collect(),
        }
    }

    /// The id of the key that signed the token.
    ///
    /// # Errors
    /// [`Error::StatusUnusable`] where an older version accepted what this one does not.
    pub fn kid(&self) -> Result<KeyId, Error> {
        let token = UnverifiedStatusToken::parse(&self.token).map_err(Error::StatusUnusable)?;
        Ok(token.kid())
    }

    /// Whether the token has a status for a credential with this index and `iat`: the token is not
    /// older than the credential, and its list has the index.
    pub fn applies_to(&self, idx: u8, issued_at: UnixTime) -> bool {
        self.issued_at >= issued_at && self.state(idx).is_some()
    }

    /// The signed state of one license; `None` beyond the list's end.
    pub fn state(&self, idx: u8) -> Option<LicenseStatus> {
        self.values
            .get(usize::from(idx))
            .map(|value| LicenseStatus::from_value(*value))
    }

    /// The statement on one license; `None` beyond the list's end.
    pub fn statement(&self, idx: u8) -> Option<Statement> {
        Some(Statement {
            state: self.state(idx)?,
            issued_at: self.issued_at,
            expires: self.expires,
        })
    }
}

impl Record for StatusRecord {
    const TABLE: Table = Table::Status;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(5, self.token.len() + self.values.len() + 48);
        writer
            .bytes(&self.token)
            .number(self.issued_at.seconds())
            .number(self.expires.seconds())
            .number(self.ttl)
            .bytes(&self.values);
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        decode::<Self>(bytes, 5, |reader| {
            Some(Self {
                token: reader.bytes()?.to_vec(),
                issued_at: UnixTime::new(reader.number()?).ok()?,
                expires: UnixTime::new(reader.number()?).ok()?,
                ttl: reader.number()?,
                values: reader.bytes()?.to_vec(),
            })
        })
    }
}

/// The newest trust list, under the id [`ONLY`], verified before it was stored.
pub struct TrustListRecord(pub Vec<u8>);

impl Record for TrustListRecord {
    const TABLE: Table = Table::TrustList;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self(bytes.to_vec()))
    }
}

/// The settings that a wallet was made with, under the id [`ONLY`].
#[derive(Clone)]
pub struct Settings {
    /// The root key that signs the trust list.
    pub root: VerifyingKey,
    /// The authority's address, as the app gave it.
    pub authority: String,
}

impl Record for Settings {
    const TABLE: Table = Table::Settings;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = RowWriter::array(2, self.authority.len() + 96);
        writer.bytes(&self.root.to_cose_key()).text(&self.authority);
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        decode::<Self>(bytes, 2, |reader| {
            Some(Self {
                root: VerifyingKey::from_cose_key(reader.bytes()?).ok()?,
                authority: reader.text()?.to_owned(),
            })
        })
    }
}

/// The status record that applies to a credential. `None` where it is older than the credential,
/// where its row is damaged, and after a rollback until it was refreshed.
pub(crate) fn status_record_of(view: &View<'_>, claims: &CredentialClaims) -> Option<StatusRecord> {
    let uri = &claims.status.uri;
    if !view.is_current(Table::Status, uri) {
        return None;
    }
    let record: StatusRecord = view.get(uri).ok().flatten()?;
    record
        .applies_to(claims.status.idx, claims.iat)
        .then_some(record)
}

/// The authority's last statement on a credential; `None` where [`status_record_of`] gives none.
pub(crate) fn statement_of(view: &View<'_>, claims: &CredentialClaims) -> Option<Statement> {
    status_record_of(view, claims)?.statement(claims.status.idx)
}

/// The report of a statement at `now`; unknown without a statement.
pub(crate) fn report_of(statement: Option<Statement>, now: UnixTime) -> StatusReport {
    statement.map_or(StatusReport::NONE, |statement| {
        statement.report(&Ageing::default(), StatusSource::Staple, now)
    })
}

/// The row id in tables with a single row.
pub const ONLY: &str = "";

/// Reads one array of `fields` values that fills the bytes.
fn decode<R: Record>(
    bytes: &[u8],
    fields: u64,
    read: impl FnOnce(&mut RowReader<'_>) -> Option<R>,
) -> Result<R, Error> {
    let whole = || {
        let mut reader = RowReader::array(bytes, fields)?;
        let record = read(&mut reader)?;
        reader.end()?;
        Some(record)
    };
    whole().ok_or_else(damaged::<R>)
}

fn damaged<R: Record>() -> Error {
    Error::VaultDamaged {
        what: Damage::Row(R::TABLE),
    }
}

#[cfg(test)]
mod tests {
    use super::{CredentialFormat, CredentialRecord, LicenseRecord};
    use crate::vault::Record;
    use crate::vault::codec::RowWriter;

    #[test]
    fn a_license_of_an_earlier_schema_is_a_list_of_one_credential() {
        let mut writer = RowWriter::array(2, 64);
        writer.bytes(b"signed").text("key-1");
        let record = LicenseRecord::decode(&writer.finish()).unwrap();
        let [held] = record.credentials() else {
            unreachable!("it had one credential")
        };
        assert_eq!(held.format, CredentialFormat::SdCwt);
        assert_eq!((held.credential.as_slice(), held.uses), (&b"signed"[..], 0));
        assert_eq!(held.holder_key, "key-1");
    }

    #[test]
    fn a_license_reads_back_all_its_credentials_and_nothing_less() {
        let credential = |number: u8| CredentialRecord {
            format: CredentialFormat::SdCwt,
            holder_key: format!("key-{number}"),
            uses: number.into(),
            credential: vec![number; 40],
        };
        let record = LicenseRecord {
            credentials: (0..3).map(credential).collect(),
        };
        let encoded = record.encode();
        let read = LicenseRecord::decode(&encoded).unwrap();
        assert_eq!(read.credentials().len(), 3);
        for (number, held) in (0..).zip(read.credentials()) {
            let written = credential(number);
            assert_eq!(held.holder_key, written.holder_key);
            assert_eq!(
                (held.uses, &held.credential),
                (written.uses, &written.credential)
            );
        }
        for length in 0..encoded.len() {
            assert!(LicenseRecord::decode(&encoded[..length]).is_err());
        }
    }

    #[test]
    fn a_license_without_a_credential_or_in_an_unknown_format_is_damage() {
        let mut none = RowWriter::array(1, 8);
        none.list::<()>(&[], |_, ()| {});
        assert!(LicenseRecord::decode(&none.finish()).is_err());
        let mut unknown = RowWriter::array(1, 64);
        unknown
            .nested(1)
            .nested(4)
            .text("of-the-future")
            .text("key")
            .number(0)
            .bytes(b"x");
        assert!(LicenseRecord::decode(&unknown.finish()).is_err());
        let mut endless = RowWriter::array(1, 64);
        endless.nested(u64::MAX);
        assert!(LicenseRecord::decode(&endless.finish()).is_err());
    }
}
