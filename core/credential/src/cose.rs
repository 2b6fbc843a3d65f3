//! COSE_Sign1 (RFC 9052, section 4.2) as the profile writes it: tag 18, a protected header of known
//! keys, no external data, and an unprotected header that is empty but for a credential's disclosures.

use crate::Error;
use crate::cbor::{self, CborReader, CborWriter, MapKey, MapOrder};
use crate::key::{Algorithm, KeyId, Signer, VerifyingKey};

const TAG_SIGN1: u64 = 18;
const HEADER_ALG: i64 = 1;
const HEADER_KID: i64 = 4;
const HEADER_KCWT: i64 = 13;
const HEADER_TYP: i64 = 16;
const HEADER_SD_CLAIMS: i64 = 17;

/// `typ` (RFC 9596): a registered content format or a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typ<'b> {
    Number(u64),
    Text(&'b str),
}

/// A protected header of the profile, keys 1, 4, 13 and 16 alone.
pub(crate) struct Header<'b> {
    pub(crate) alg: i64,
    pub(crate) kid: Option<KeyId>,
    /// The roadside credential of a presentation token (header 13 of an SD-KBT).
    pub(crate) credential: Option<&'b [u8]>,
}

/// One signed object, its parts as they were signed.
pub(crate) struct Sign1<'b> {
    pub(crate) header: Header<'b>,
    pub(crate) protected: &'b [u8],
    /// The content of `sd_claims` (17), where it is there.
    pub(crate) disclosures: Option<CborReader<'b>>,
    /// Bytes that the unprotected header takes.
    pub(crate) unprotected_length: usize,
    pub(crate) payload: &'b [u8],
    pub(crate) signature: [u8; 64],
}

impl<'b> Sign1<'b> {
    /// Reads a signed object whose `typ` is `typ`, and checks header and payload as CBOR.
    pub(crate) fn parse(bytes: &'b [u8], typ: Typ<'_>, order: MapOrder) -> Result<Self, Error> {
        cbor::check(bytes, order)?;
        let mut reader = CborReader::new(bytes);
        reader.tag(TAG_SIGN1)?;
        reader.array_of(4)?;
        let protected = reader.bytes()?;
        let unprotected = reader.span()?;
        let payload = reader.bytes()?;
        let signature = reader.bytes_of::<64>()?;
        cbor::check(payload, order)?;
        Ok(Self {
            header: Header::parse(protected, typ, order)?,
            protected,
            disclosures: read_unprotected(unprotected)?,
            unprotected_length: unprotected.len(),
            payload,
            signature,
        })
    }

    /// Verifies the signature by `key`, whose algorithm the header must name.
    pub(crate) fn verify(&self, key: &VerifyingKey) -> Result<(), Error> {
        if self.header.alg != key.algorithm().cose_id() {
            return Err(Error::BadSignature);
        }
        key.verify(&to_be_signed(self.protected, self.payload), &self.signature)
    }

    /// The `kid`, which every object but a presentation token has.
    pub(crate) fn kid(&self) -> Result<KeyId, Error> {
        match (self.header.kid, self.header.credential) {
            (Some(kid), None) => Ok(kid),
            _ => Err(Error::Layout),
        }
    }

    /// Refuses disclosures where the object has none.
    pub(crate) fn without_disclosures(self) -> Result<Self, Error> {
        if self.disclosures.is_some() {
            Err(Error::Layout)
        } else {
            Ok(self)
        }
    }
}

impl<'b> Header<'b> {
    fn parse(protected: &'b [u8], typ: Typ<'_>, order: MapOrder) -> Result<Self, Error> {
        cbor::check(protected, order)?;
        let (mut alg, mut kid, mut credential, mut found) = (None, None, None, None);
        let mut reader = CborReader::new(protected);
        reader.map(|key, reader| {
            match key {
                MapKey::Int(HEADER_ALG) => alg = Some(reader.int()?),
                MapKey::Int(HEADER_KID) => kid = Some(KeyId::new(reader.bytes_of()?)),
                MapKey::Int(HEADER_KCWT) => credential = Some(reader.span()?),
                MapKey::Int(HEADER_TYP) if reader.is_text() => {
                    found = Some(Typ::Text(reader.text()?))
                }
                MapKey::Int(HEADER_TYP) => found = Some(Typ::Number(reader.uint()?)),
                _ => return Err(Error::Layout),
            }
            Ok(())
        })?;
        if found != Some(typ) {
            return Err(Error::Layout);
        }
        Ok(Self {
            alg: alg.ok_or(Error::Layout)?,
            kid,
            credential,
        })
    }
}

fn read_unprotected(bytes: &[u8]) -> Result<Option<CborReader<'_>>, Error> {
    let mut disclosures = None;
    CborReader::new(bytes).map(|key, reader| match key {
        MapKey::Int(HEADER_SD_CLAIMS) => {
            disclosures = Some(CborReader::new(reader.span()?));
            Ok(())
        }
        _ => Err(Error::Layout),
    })?;
    Ok(disclosures)
}

/// The protected header of an authority's or reader's object.
pub(crate) fn protected_with_kid(key: &VerifyingKey, typ: Typ<'_>) -> Vec<u8> {
    protected(key.algorithm(), key.kid(), typ)
}

/// The same, where only the length of it counts and any key will do.
pub(crate) fn protected(algorithm: Algorithm, kid: KeyId, typ: Typ<'_>) -> Vec<u8> {
    let mut writer = CborWriter::with_capacity(80);
    writer.map(3).int(HEADER_ALG).int(algorithm.cose_id());
    writer.int(HEADER_KID).bytes(kid.as_bytes()).int(HEADER_TYP);
    write_typ(&mut writer, typ);
    writer.into_bytes()
}

/// The protected header of a presentation token.
pub(crate) fn protected_with_credential(alg: i64, credential: &[u8], typ: Typ<'_>) -> Vec<u8> {
    let mut writer = CborWriter::with_capacity(credential.len() + 16);
    writer.map(3).int(HEADER_ALG).int(alg);
    writer.int(HEADER_KCWT).encoded(credential).int(HEADER_TYP);
    write_typ(&mut writer, typ);
    writer.into_bytes()
}

fn write_typ(writer: &mut CborWriter, typ: Typ<'_>) {
    match typ {
        Typ::Number(number) => writer.uint(number),
        Typ::Text(text) => writer.text(text),
    };
}

/// The Sig_structure (RFC 9052, section 4.4) with empty external data.
pub(crate) fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut writer = CborWriter::with_capacity(protected.len() + payload.len() + 24);
    writer
        .array(4)
        .text("Signature1")
        .bytes(protected)
        .bytes(&[])
        .bytes(payload);
    writer.into_bytes()
}

/// Puts a signed object together; `disclosure` stands in its unprotected header.
pub(crate) fn assemble(
    protected: &[u8],
    disclosure: Option<&[u8]>,
    payload: &[u8],
    signature: &[u8; 64],
) -> Vec<u8> {
    let disclosed = disclosure.map_or(0, <[u8]>::len);
    let mut writer = CborWriter::with_capacity(protected.len() + payload.len() + disclosed + 96);
    writer.tag(TAG_SIGN1).array(4).bytes(protected);
    match disclosure {
        Some(bytes) => writer.map(1).int(HEADER_SD_CLAIMS).array(1).bytes(bytes),
        None => writer.map(0),
    };
    writer.bytes(payload).bytes(signature);
    writer.into_bytes()
}

/// Signs a payload with the usual header.
pub(crate) fn sign(
    typ: Typ<'_>,
    disclosure: Option<&[u8]>,
    payload: &[u8],
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    let protected = protected_with_kid(signer.verifying_key(), typ);
    let signature = signer.sign(&to_be_signed(&protected, payload))?;
    Ok(assemble(&protected, disclosure, payload, &signature))
}
