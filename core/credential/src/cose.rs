//! COSE_Sign1 (RFC 9052, section 4.2) without external data, by a [`Profile`] that says which
//! headers an object may have.
//!
//! The profile is an argument, so that a second format reads its objects by the same code: an
//! IssuerAuth of ISO/IEC 18013-5 has no tag, no `typ` and its certificates in header 33.

use crate::cbor::{self, CborReader, CborWriter, MapKey, MapOrder};
use crate::key::{Algorithm, KeyId, Signer, VerifyingKey};
use crate::{Error, Field};

const TAG_SIGN1: u64 = 18;
/// The algorithm, RFC 9052.
pub(crate) const ALG: i64 = 1;
/// The key's identifier, RFC 9052.
pub(crate) const KID: i64 = 4;
/// A CWT with the signer's key: the credential in a presentation token (draft-ietf-spice-sd-cwt).
pub(crate) const KCWT: i64 = 13;
/// What kind of object it is, RFC 9596.
pub(crate) const TYP: i64 = 16;
/// Disclosures of redacted claims (draft-ietf-spice-sd-cwt).
pub(crate) const SD_CLAIMS: i64 = 17;

/// `typ` (RFC 9596): a registered content format or a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typ {
    Number(u64),
    Text(&'static str),
}

/// What a kind of signed object must look like. Anything else is an [`Error::Layout`].
pub(crate) struct Profile {
    /// What the object is, for errors.
    pub(crate) object: Field,
    /// Whether tag 18 is before the object. Where it is not, it must not be there.
    pub(crate) tagged: bool,
    /// The `typ` that its protected header must have; none where it must have none.
    pub(crate) typ: Option<Typ>,
    /// The labels that its protected header may have.
    pub(crate) protected: &'static [i64],
    /// The labels that its unprotected header may have.
    pub(crate) unprotected: &'static [i64],
    /// The order that its maps must have.
    pub(crate) order: MapOrder,
}

impl Profile {
    /// An object of DL1 that is signed by a key of the trust list: its protected header names the
    /// key, and its unprotected header is empty.
    pub(crate) const fn dl1(object: Field, typ: Typ) -> Self {
        Self {
            object,
            tagged: true,
            typ: Some(typ),
            protected: &[ALG, KID, TYP],
            unprotected: &[],
            order: MapOrder::Sorted,
        }
    }
}

/// The header parameters of one map, each value as it was encoded.
pub(crate) struct Headers<'b> {
    object: Field,
    items: Vec<(i64, &'b [u8])>,
}

impl<'b> Headers<'b> {
    /// Reads a map that is deterministic CBOR and has no other labels than these.
    fn parse(bytes: &'b [u8], allowed: &[i64], object: Field) -> Result<Self, Error> {
        let mut items = Vec::with_capacity(allowed.len());
        CborReader::new(bytes, object).map(|key, reader| match key {
            MapKey::Int(label) if allowed.contains(&label) => {
                items.push((label, reader.span()?));
                Ok(())
            }
            _ => Err(Error::Layout(object)),
        })?;
        Ok(Self { object, items })
    }

    /// The encoded value of this label; none where it is not there.
    pub(crate) fn item(&self, label: i64) -> Option<&'b [u8]> {
        let mut items = self.items.iter();
        items
            .find(|(held, _)| *held == label)
            .map(|(_, item)| *item)
    }

    /// A reader at the value of this label.
    fn reader(&self, label: i64) -> Result<CborReader<'b>, Error> {
        let item = self.item(label).ok_or(Error::Layout(self.object))?;
        Ok(CborReader::new(item, self.object))
    }

    fn typ_is(&self, typ: Option<Typ>) -> Result<bool, Error> {
        Ok(match typ {
            None => self.item(TYP).is_none(),
            Some(Typ::Number(number)) => self.reader(TYP)?.uint()? == number,
            Some(Typ::Text(text)) => self.reader(TYP)?.text()? == text,
        })
    }
}

/// One signed object, its parts as they were signed.
pub(crate) struct Sign1<'b> {
    /// The algorithm that the protected header names.
    pub(crate) alg: i64,
    pub(crate) protected: Headers<'b>,
    pub(crate) unprotected: Headers<'b>,
    /// The protected header as it was signed.
    pub(crate) protected_bytes: &'b [u8],
    /// How many bytes the unprotected header takes.
    pub(crate) unprotected_length: usize,
    pub(crate) payload: &'b [u8],
    pub(crate) signature: [u8; 64],
}

impl<'b> Sign1<'b> {
    /// Reads a signed object of this profile, and checks header and payload as CBOR. No signature
    /// is verified.
    pub(crate) fn parse(bytes: &'b [u8], profile: &Profile) -> Result<Self, Error> {
        let object = profile.object;
        cbor::check(bytes, profile.order)?;
        let mut reader = CborReader::new(bytes, object);
        if profile.tagged {
            reader.tag(TAG_SIGN1)?;
        }
        reader.array_of(4)?;
        let protected_bytes = reader.bytes()?;
        let unprotected_bytes = reader.span()?;
        let payload = reader.bytes()?;
        let signature = reader.bytes_of::<64>()?;
        cbor::check(payload, profile.order)?;
        cbor::check(protected_bytes, profile.order)?;
        let protected = Headers::parse(protected_bytes, profile.protected, object)?;
        if !protected.typ_is(profile.typ)? {
            return Err(Error::Layout(object));
        }
        Ok(Self {
            alg: protected.reader(ALG)?.int()?,
            protected,
            unprotected: Headers::parse(unprotected_bytes, profile.unprotected, object)?,
            protected_bytes,
            unprotected_length: unprotected_bytes.len(),
            payload,
            signature,
        })
    }

    /// Verifies the signature by `key`, whose algorithm the header must name.
    pub(crate) fn verify(&self, key: &VerifyingKey) -> Result<(), Error> {
        if self.alg != key.algorithm().cose_id() {
            return Err(Error::BadSignature);
        }
        key.verify(
            &to_be_signed(self.protected_bytes, self.payload),
            &self.signature,
        )
    }

    /// The `kid`, which must be there.
    pub(crate) fn kid(&self) -> Result<KeyId, Error> {
        Ok(KeyId::new(self.protected.reader(KID)?.bytes_of()?))
    }
}

/// The protected header of an object that names its key.
pub(crate) fn protected_with_kid(algorithm: Algorithm, kid: KeyId, profile: &Profile) -> Vec<u8> {
    let mut writer = CborWriter::with_capacity(80);
    writer.map(2 + u64::from(profile.typ.is_some()));
    writer.int(ALG).int(algorithm.cose_id());
    writer.int(KID).bytes(kid.as_bytes());
    write_typ(&mut writer, profile);
    writer.into_bytes()
}

/// The protected header of a presentation token.
pub(crate) fn protected_with_credential(
    algorithm: Algorithm,
    credential: &[u8],
    profile: &Profile,
) -> Vec<u8> {
    let mut writer = CborWriter::with_capacity(credential.len() + 16);
    writer.map(2 + u64::from(profile.typ.is_some()));
    writer.int(ALG).int(algorithm.cose_id());
    writer.int(KCWT).encoded(credential);
    write_typ(&mut writer, profile);
    writer.into_bytes()
}

fn write_typ(writer: &mut CborWriter, profile: &Profile) {
    match profile.typ {
        Some(Typ::Number(number)) => writer.int(TYP).uint(number),
        Some(Typ::Text(text)) => writer.int(TYP).text(text),
        None => writer,
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

/// Encodes a signed object of DL1, with `disclosure` in its unprotected header.
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
        Some(bytes) => writer.map(1).int(SD_CLAIMS).array(1).bytes(bytes),
        None => writer.map(0),
    };
    writer.bytes(payload).bytes(signature);
    writer.into_bytes()
}

/// Signs a payload as an object of this profile that names its key.
pub(crate) fn sign(
    profile: &Profile,
    disclosure: Option<&[u8]>,
    payload: &[u8],
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    let key = signer.verifying_key();
    let protected = protected_with_kid(key.algorithm(), key.kid(), profile);
    let signature = signer.sign(&to_be_signed(&protected, payload))?;
    Ok(assemble(&protected, disclosure, payload, &signature))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    const X5CHAIN: i64 = 33;
    const OURS: Profile = Profile::dl1(Field::TrustList, Typ::Number(7));
    /// The headers of an IssuerAuth (ISO/IEC 18013-5, section 9.1.2.4).
    const ISSUER_AUTH: Profile = Profile {
        object: Field::Credential,
        tagged: false,
        typ: None,
        protected: &[ALG],
        unprotected: &[X5CHAIN],
        order: MapOrder::Any,
    };

    fn key() -> SigningKey {
        SigningKey::from_secret(Algorithm::Esp256, &[7; 32]).unwrap()
    }

    /// An untagged object with a certificate in its unprotected header.
    fn issuer_auth(payload: &[u8]) -> Vec<u8> {
        let mut protected = CborWriter::with_capacity(8);
        protected.map(1).int(ALG).int(Algorithm::Esp256.cose_id());
        let protected = protected.into_bytes();
        let signature = key().sign(&to_be_signed(&protected, payload)).unwrap();
        let mut writer = CborWriter::with_capacity(200);
        writer.array(4).bytes(&protected);
        writer.map(1).int(X5CHAIN).bytes(b"a certificate");
        writer.bytes(payload).bytes(&signature);
        writer.into_bytes()
    }

    #[test]
    fn another_format_reads_its_objects_by_a_profile_of_other_headers() {
        let bytes = issuer_auth(&[0xd8, 0x18, 0x41, 0x00]);
        let signed = Sign1::parse(&bytes, &ISSUER_AUTH).unwrap();
        signed.verify(key().verifying_key()).unwrap();
        let chain = signed.unprotected.item(X5CHAIN).unwrap();
        let chain = CborReader::new(chain, Field::Credential).bytes();
        assert_eq!(chain, Ok(&b"a certificate"[..]));
        assert_eq!(signed.kid(), Err(Error::Layout(Field::Credential)));
    }

    #[test]
    fn what_a_profile_does_not_allow_is_refused_by_the_name_of_the_object() {
        let theirs = issuer_auth(&[0]);
        let ours = sign(&OURS, None, &[0], &key()).unwrap();
        let disclosed = sign(&OURS, Some(&[0]), &[0], &key()).unwrap();
        let other = Profile::dl1(Field::Bundle, Typ::Text("7"));
        let refused = |bytes: &[u8], profile: &Profile| Sign1::parse(bytes, profile).err();
        assert!(Sign1::parse(&ours, &OURS).is_ok());
        let layout = |field| Some(Error::Layout(field));
        assert_eq!(refused(&theirs, &OURS), layout(Field::TrustList));
        assert_eq!(refused(&disclosed, &OURS), layout(Field::TrustList));
        assert_eq!(refused(&ours, &ISSUER_AUTH), layout(Field::Credential));
        assert_eq!(refused(&ours, &other), layout(Field::Bundle));
        let untyped = Profile { typ: None, ..OURS };
        assert_eq!(refused(&ours, &untyped), layout(Field::TrustList));
    }
}
