//! The objects of the profile as a page of plain CBOR, each ready to be broken in one place.

use super::cbor::{Map, NULL, array, bytes, int, redacted_keys, tag, text};
use super::keys::{Key, filler};
use super::zlib::deflate;
use sha2::{Digest as _, Sha256};
use vidimus_credential::qr;

/// 2026-11-18T11:06:40Z, the time of nearly every vector.
pub const NOW: i64 = 1_795_000_000;
/// A minute, an hour, a day in seconds.
pub const MINUTE: i64 = 60;
/// See [`MINUTE`].
pub const HOUR: i64 = 60 * MINUTE;
/// See [`MINUTE`].
pub const DAY: i64 = 24 * HOUR;
/// The day of [`NOW`], 2026-11-18, in days since 1970-01-01.
pub const TODAY: i64 = NOW / DAY;

/// The name of the authority that issues.
pub const ISS: &str = "https://dl.example";
/// What its status lists' names begin with.
pub const PREFIX: &str = "https://dl.example/status/lists-a/";
/// The license's list, of 36 characters.
pub const URI: &str = "https://dl.example/status/lists-a/17";
/// The license's index in it.
pub const IDX: u8 = 42;
/// The reader whose key the trust list names.
pub const READER: &str = "Road Police, Unit 7";

/// The keys that the trust list names, and those that it does not.
pub struct Keys {
    /// The root's key, which signs trust lists.
    pub root: Key,
    /// The authority's key that signs credentials.
    pub credential: Key,
    /// Signs status tokens and bundles.
    pub status: Key,
    /// Signs a reader's challenges.
    pub reader: Key,
    /// The same, on P-256.
    pub reader_p256: Key,
    /// The key of the holder's phone.
    pub holder: Key,
    /// A phone's hardware key.
    pub holder_p256: Key,
    /// A key that no trust list names.
    pub stranger: Key,
    /// The same, on P-256.
    pub stranger_p256: Key,
}

impl Keys {
    /// All of them, of their labels.
    pub fn new() -> Self {
        Self {
            root: Key::ed25519("root"),
            credential: Key::ed25519("credential"),
            status: Key::ed25519("status"),
            reader: Key::ed25519("reader"),
            reader_p256: Key::p256("reader p256"),
            holder: Key::ed25519("holder"),
            holder_p256: Key::p256("holder p256"),
            stranger: Key::ed25519("stranger"),
            stranger_p256: Key::p256("stranger p256"),
        }
    }

    /// In the order of the index.
    pub fn all(&self) -> [&Key; 9] {
        [
            &self.root,
            &self.credential,
            &self.status,
            &self.reader,
            &self.reader_p256,
            &self.holder,
            &self.holder_p256,
            &self.stranger,
            &self.stranger_p256,
        ]
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}

/// A COSE_Sign1 (RFC 9052, section 4.2), not yet signed.
#[derive(Clone)]
pub struct Object {
    /// What the signature protects of the header.
    pub header: Map,
    /// What the signature does not protect of the header.
    pub unprotected: Map,
    /// The claims that are signed as payload.
    pub claims: Map,
    /// The key that signs it.
    pub key: Key,
}

impl Object {
    /// An object of an authority or a reader, with `kid` and `typ`.
    pub fn new(key: &Key, typ: Vec<u8>, claims: Map) -> Self {
        let header = Map::default()
            .at(1, int(key.algorithm.cose_id()))
            .at(4, bytes(&key.kid()))
            .at(16, typ);
        Self {
            header,
            unprotected: Map::default(),
            claims,
            key: key.clone(),
        }
    }

    /// The same object with this claim added or replaced.
    #[must_use]
    pub fn claim(mut self, key: i64, value: Vec<u8>) -> Self {
        self.claims = self.claims.at(key, value);
        self
    }

    /// The same object without this claim.
    #[must_use]
    pub fn no_claim(mut self, key: i64) -> Self {
        self.claims = self.claims.without(key);
        self
    }

    /// With another header parameter.
    #[must_use]
    pub fn head(mut self, key: i64, value: Vec<u8>) -> Self {
        self.header = self.header.at(key, value);
        self
    }

    /// Without a header parameter.
    #[must_use]
    pub fn no_head(mut self, key: i64) -> Self {
        self.header = self.header.without(key);
        self
    }

    /// With another unprotected header parameter.
    #[must_use]
    pub fn beside(mut self, key: i64, value: Vec<u8>) -> Self {
        self.unprotected = self.unprotected.at(key, value);
        self
    }

    /// Signed by another key, with any header.
    #[must_use]
    pub fn forged_by(mut self, key: &Key) -> Self {
        self.key = key.clone();
        self
    }

    /// Signed by another key, and the header says so.
    #[must_use]
    pub fn by(self, key: &Key) -> Self {
        self.forged_by(key)
            .head(1, int(key.algorithm.cose_id()))
            .head(4, bytes(&key.kid()))
    }

    /// The object, signed and encoded.
    pub fn encode(&self) -> Vec<u8> {
        self.encode_with(18, &self.unprotected.encode())
    }

    /// The signed object with another tag or unprotected header.
    pub fn encode_with(&self, number: u64, unprotected: &[u8]) -> Vec<u8> {
        let (header, claims) = (self.header.encode(), self.claims.encode());
        sign1(number, &header, unprotected, &claims, &self.key)
    }

    /// The text that a QR shows.
    pub fn qr(&self) -> String {
        qr_text("DL1:", &self.encode())
    }
}

/// A prefix and Base45.
pub fn qr_text(prefix: &str, object: &[u8]) -> String {
    qr::encode_text(prefix, object)
}

/// Signs anything in a header and a payload.
pub fn sign1(number: u64, header: &[u8], unprotected: &[u8], payload: &[u8], key: &Key) -> Vec<u8> {
    let context = [
        text("Signature1"),
        bytes(header),
        bytes(&[]),
        bytes(payload),
    ];
    let signature = key.sign(&array(&context));
    let parts = [
        bytes(header),
        unprotected.to_vec(),
        bytes(payload),
        bytes(&signature),
    ];
    tag(number, &array(&parts))
}

/// An entry of a trust list, good from a year ago until a year from now.
pub fn entry(key: &Key, purposes: &[i64], name: &str) -> Map {
    let purposes: Vec<_> = purposes.iter().map(|purpose| int(*purpose)).collect();
    Map::default()
        .at(1, key.cose_key())
        .at(2, array(&purposes))
        .at(3, int(NOW - 365 * DAY))
        .at(4, int(NOW + 365 * DAY))
        .at(5, text(name))
        .at(6, text("ZZ"))
        .at(7, text("Licensing Authority of Zedland"))
}

/// The entries of nearly every vector.
pub fn entries(keys: &Keys) -> Vec<Map> {
    let police = text("Road Police of Zedland");
    vec![
        entry(&keys.credential, &[1], ISS),
        entry(&keys.status, &[2], ISS),
        entry(&keys.reader, &[3], READER).at(7, police.clone()),
        entry(&keys.reader_p256, &[3, 77], READER).at(7, police),
    ]
}

/// A trust list of these entries, a day old.
pub fn trust(keys: &Keys, entries: &[Map]) -> Object {
    let entries: Vec<_> = entries.iter().map(Map::encode).collect();
    let claims = Map::default()
        .at(1, text(ISS))
        .at(4, int(NOW + 30 * DAY))
        .at(6, int(NOW - DAY))
        .at(-70_020, array(&entries));
    Object::new(&keys.root, text("application/dl1-trust+cwt"), claims)
}

/// A category with its dates.
pub fn category(code: &str, from: Option<i64>, until: Option<i64>) -> Vec<u8> {
    let day = |day: Option<i64>| day.map_or(vec![NULL], int);
    array(&[text(code), day(from), day(until)])
}

/// The portrait's picture: bytes that look like a JPEG, since no verifier looks into it.
pub fn jpeg() -> Vec<u8> {
    let noise: [u8; 32] = filler("portrait");
    let body = noise.repeat(8);
    [&[0xff, 0xd8, 0xff, 0xe0][..], &body, &[0xff, 0xd9]].concat()
}

/// The disclosure that holds the portrait.
pub fn disclosure() -> Vec<u8> {
    let salt: [u8; 16] = filler("salt");
    array(&[bytes(&salt), bytes(&jpeg()), int(9)])
}

/// The license of nearly every vector, of four categories.
pub fn license() -> Map {
    let restricted = array(&[
        text("C1"),
        int(19_000),
        int(22_600),
        array(&[text("01.06"), text("70.ZZ")]),
    ]);
    let categories = [
        category("AM", Some(14_610), None),
        category("B", Some(14_610), Some(23_891)),
        restricted,
        category("BE", None, None),
    ];
    Map::default()
        .at(1, text("Lindqvist-Okafor"))
        .at(2, text("Amara Josefina"))
        .at(3, int(7728))
        .at(4, text("ZZ-100200300"))
        .at(5, array(&categories))
        .at(6, int(18_414))
        .at(7, int(23_891))
        .at(8, text("ZZ"))
        .with(
            redacted_keys(),
            array(&[bytes(&Sha256::digest(disclosure()))]),
        )
}

/// `status` of a credential.
pub fn status_ref(idx: i64, uri: &str) -> Vec<u8> {
    let list = Map::default()
        .with(text("idx"), int(idx))
        .with(text("uri"), text(uri));
    Map::default()
        .with(text("status_list"), list.encode())
        .encode()
}

/// A credential for a holder's key, an hour old.
pub fn credential(keys: &Keys, holder: &Key) -> Object {
    let sub: [u8; 16] = filler("sub");
    let confirmation = Map::default().at(1, holder.cose_key());
    let claims = Map::default()
        .at(1, text(ISS))
        .at(2, bytes(&sub))
        .at(4, int(NOW + 30 * DAY))
        .at(6, int(NOW - HOUR))
        .at(8, confirmation.encode())
        .at(11, text("urn:vidimus:dl:1"))
        .at(65_535, status_ref(IDX.into(), URI))
        .at(-70_001, license().encode());
    Object::new(&keys.credential, int(293), claims)
}

/// A micro-list of `bits`, all Valid but this license.
pub fn list(value: u8, bits: u8) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let mut list = vec![0; 256 / per_byte];
    let index = usize::from(IDX);
    list[index / per_byte] = value << (usize::from(bits) * (index % per_byte));
    list
}

/// What stands under 65533 of a status token.
pub fn status_list(bits: u8, compressed: &[u8]) -> Map {
    Map::default()
        .with(text("bits"), int(bits.into()))
        .with(text("lst"), bytes(compressed))
}

/// A status token that was signed so many seconds ago.
pub fn status(keys: &Keys, value: u8, age: i64) -> Object {
    let claims = Map::default()
        .at(2, text(URI))
        .at(4, int(NOW - age + 7 * DAY))
        .at(6, int(NOW - age))
        .at(65_533, status_list(4, &deflate(&list(value, 4))).encode())
        .at(65_534, int(HOUR));
    Object::new(&keys.status, text("application/statuslist+cwt"), claims)
}

/// What stands under -70030 of a bundle of 18 lists, of which the last is this license's.
pub fn bundle_content(value: u8) -> Map {
    let lists = [vec![0; 17 * 128], list(value, 4)].concat();
    Map::default()
        .at(1, text(PREFIX))
        .at(2, int(4))
        .at(3, int(18 * 256))
        .at(4, bytes(&deflate(&lists)))
}

/// A bundle that was signed so many seconds ago.
pub fn bundle(keys: &Keys, value: u8, age: i64) -> Object {
    let claims = Map::default()
        .at(1, text(ISS))
        .at(4, int(NOW - age + 7 * DAY))
        .at(6, int(NOW - age))
        .at(-70_030, bundle_content(value).encode());
    Object::new(&keys.status, text("application/dl1-bundle+cwt"), claims)
}

/// A presentation token, 5 seconds old.
pub fn token(holder: &Key, credential: Vec<u8>, staple: Option<Vec<u8>>) -> Object {
    let header = Map::default()
        .at(1, int(holder.algorithm.cose_id()))
        .at(13, credential)
        .at(16, int(294));
    let claims = Map::default()
        .at(3, text("dl1:any"))
        .at(4, int(NOW + 25))
        .at(6, int(NOW - 5));
    let claims = match staple {
        Some(staple) => claims.at(-70_010, bytes(&staple)),
        None => claims,
    };
    Object {
        header,
        unprotected: Map::default(),
        claims,
        key: holder.clone(),
    }
}

/// The `cnonce` of a challenge.
pub fn cnonce() -> [u8; 16] {
    filler("cnonce")
}

/// What a challenge says.
pub fn challenge_claims(reader: &str) -> Map {
    Map::default()
        .at(3, text(reader))
        .at(6, int(NOW - 10))
        .at(39, bytes(&cnonce()))
}

/// A challenge that a reader signed.
pub fn challenge(key: &Key) -> Object {
    let typ = text("application/dl1-challenge+cwt");
    Object::new(key, typ, challenge_claims(READER))
}

/// y = 2, which is on no point of Curve25519's Edwards form.
pub fn no_point() -> [u8; 32] {
    let mut y = [0; 32];
    y[0] = 2;
    y
}
