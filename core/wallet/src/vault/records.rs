//! What the vault keeps of a license, apart from where it came from.

use vidimus_credential::key::KeyId;
use vidimus_credential::meaning::{Ageing, Statement};
use vidimus_credential::sd_cwt::{CredentialClaims, Portrait, UnverifiedCredential};
use vidimus_credential::status_list::{LIST_LENGTH, StatusToken, UnverifiedStatusToken};
use vidimus_credential::{LicenseStatus, StatusReport, StatusSource, UnixTime, VerifyingKey};
use zeroize::Zeroizing;

use crate::error::{Damage, Error};
use crate::vault::codec::{Reader, Writer};
use crate::vault::{Record, Table, View};

/// A credential that was verified before it came here, by license id. Personal data; no `Debug`.
pub struct LicenseRecord {
    /// The signed credential without disclosures.
    pub credential: Vec<u8>,
    /// The id of its [`HolderKey`](crate::keys::HolderKey).
    pub holder_key: String,
}

impl LicenseRecord {
    /// What the credential says. Its signature was checked before it was sealed, and the seal holds.
    ///
    /// # Errors
    /// [`Error::Credential`] where an older version of the wallet took what this one does not.
    pub fn parse(&self) -> Result<UnverifiedCredential, Error> {
        Ok(UnverifiedCredential::parse(&self.credential)?)
    }
}

impl Record for LicenseRecord {
    const TABLE: Table = Table::License;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = Writer::array(2, self.credential.len() + self.holder_key.len() + 16);
        writer.bytes(&self.credential).text(&self.holder_key);
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        decode::<Self>(bytes, 2, |reader| {
            Some(Self {
                credential: reader.bytes()?.to_vec(),
                holder_key: reader.text()?.to_owned(),
            })
        })
    }
}

/// A renewed credential, by license id, that waits for its first status: until then the one before is shown. It was
/// verified before it came here. Personal data; no `Debug`.
pub struct NextLicenseRecord {
    /// What becomes the license's record.
    pub license: LicenseRecord,
    /// What becomes the license's portrait.
    pub portrait: Option<Portrait>,
}

impl Record for NextLicenseRecord {
    const TABLE: Table = Table::NextLicense;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let license = self.license.encode();
        let portrait = self.portrait.as_ref().map(Portrait::disclosure);
        let length = license.len() + portrait.map_or(0, <[u8]>::len);
        let mut writer = Writer::array(2, length + 16);
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

/// The portrait's disclosure, by license id. Personal data; no `Debug`.
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

/// The newest status token of a list, by its `uri`; verified before it came here.
pub struct StatusRecord {
    /// The signed token: the staple.
    pub token: Vec<u8>,
    /// When it was signed.
    pub issued_at: UnixTime,
    /// Until when it holds.
    pub expires: UnixTime,
    /// After how many seconds to ask again.
    pub ttl: u64,
    /// The raw values of its first 256 entries.
    values: Vec<u8>,
}

impl StatusRecord {
    /// Keeps a verified token with its signed bytes.
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

    /// The key that signed it.
    ///
    /// # Errors
    /// [`Error::StatusUnusable`] where an older version of the wallet took what this one does not.
    pub fn kid(&self) -> Result<KeyId, Error> {
        let token = UnverifiedStatusToken::parse(&self.token).map_err(Error::StatusUnusable)?;
        Ok(token.kid())
    }

    /// Whether it says anything of a credential of this index and time: it is not older, and its list reaches so far.
    pub fn speaks_of(&self, idx: u8, issued_at: UnixTime) -> bool {
        self.issued_at >= issued_at && self.state(idx).is_some()
    }

    /// The state of one license, as it was signed; `None` beyond the list's end.
    pub fn state(&self, idx: u8) -> Option<LicenseStatus> {
        self.values
            .get(usize::from(idx))
            .map(|value| LicenseStatus::from_value(*value))
    }

    /// What it says of one license; `None` beyond the list's end.
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
        let mut writer = Writer::array(5, self.token.len() + self.values.len() + 48);
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

/// The newest trust list, under [`ONLY`]; verified before it came here.
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

/// What the wallet was set up with, under [`ONLY`].
#[derive(Clone)]
pub struct Settings {
    /// The root key that signs the trust list.
    pub root: VerifyingKey,
    /// The authority's URL.
    pub authority: String,
}

impl Record for Settings {
    const TABLE: Table = Table::Settings;

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut writer = Writer::array(2, self.authority.len() + 96);
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

/// The status record that says something of a credential; none where it is older than the credential, where its row is
/// damaged, and after a rollback until it was refreshed.
pub fn status_record_of(view: &View<'_>, claims: &CredentialClaims) -> Option<StatusRecord> {
    let uri = &claims.status.uri;
    if !view.is_current(Table::Status, uri) {
        return None;
    }
    let record: StatusRecord = view.get(uri).ok().flatten()?;
    record
        .speaks_of(claims.status.idx, claims.iat)
        .then_some(record)
}

/// What the authority said of a credential last, as the vault holds it; none where [`status_record_of`] gives none.
pub fn statement_of(view: &View<'_>, claims: &CredentialClaims) -> Option<Statement> {
    status_record_of(view, claims)?.statement(claims.status.idx)
}

/// What such a statement says at `now`; unknown without one.
pub fn report_of(statement: Option<Statement>, now: UnixTime) -> StatusReport {
    statement.map_or(StatusReport::NONE, |statement| {
        statement.report(&Ageing::default(), StatusSource::Staple, now)
    })
}

/// The id of a table's one row.
pub const ONLY: &str = "";

/// Reads one array of `fields` values and nothing behind it.
fn decode<R: Record>(
    bytes: &[u8],
    fields: u64,
    read: impl FnOnce(&mut Reader<'_>) -> Option<R>,
) -> Result<R, Error> {
    let whole = || {
        let mut reader = Reader::array(bytes, fields)?;
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
