//! The snapshot as sealed bytes, which cannot be read or changed outside of the app.
//!
//! Version 1, in this order: the number 1; the length of the wrapped key in two bytes, and that
//! key; 24 bytes of nonce; the sealed part, a CBOR array. What is before the nonce is bound to the
//! seal.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use minicbor::{Decoder, Encoder};
use tokio::sync::Mutex;
use vidimus_credential::UnixTime;
use vidimus_wallet::ports::{DataKey, KeyStore, Random, Reading};
use zeroize::Zeroizing;

use crate::driver::{Snapshot, SnapshotPage};

/// The longest that is handed to the system, in bytes.
pub const LONGEST: usize = 8 * 1024;

const VERSION: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Seals the snapshot under a key that does not leave the phone.
#[async_trait]
pub trait Sealer: Send + Sync {
    /// Seals bytes; none where the phone does not allow it. Then nothing is stored.
    async fn seal(&self, plain: &[u8]) -> Option<Vec<u8>>;

    /// Opens what [`seal`](Self::seal) gave on this phone; none for anything else.
    async fn open(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>>;
}

/// A sealer on a key store that wraps keys.
///
/// A store makes its wrapping key on first use, and a wallet whose key is gone must not find
/// another one there. So this one is asked to wrap only while a wallet is open, which has its key;
/// opening makes none.
pub struct KeySealer {
    keys: Arc<dyn KeyStore>,
    random: Arc<dyn Random>,
    /// The key of this process, and its wrapped form.
    own: Mutex<Option<(DataKey, Vec<u8>)>>,
}

impl KeySealer {
    /// A sealer on this key store.
    #[must_use]
    pub fn new(keys: Arc<dyn KeyStore>, random: Arc<dyn Random>) -> Self {
        Self {
            keys,
            random,
            own: Mutex::new(None),
        }
    }
}

#[async_trait]
impl Sealer for KeySealer {
    async fn seal(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let mut own = self.own.lock().await;
        if own.is_none() {
            let key = DataKey::generate(&*self.random).ok()?;
            let wrapped = self.keys.wrap(key.expose_secret()).await.ok()?;
            *own = Some((key, wrapped));
        }
        let (key, wrapped) = own.as_ref()?;
        let mut sealed = vec![VERSION];
        sealed.extend(u16::try_from(wrapped.len()).ok()?.to_be_bytes());
        sealed.extend(wrapped);
        let mut nonce = [0; NONCE];
        self.random.fill(&mut nonce).ok()?;
        let mut body = Zeroizing::new(plain.to_vec());
        let tag = XChaCha20Poly1305::new(key.expose_secret().into())
            .encrypt_inout_detached(&XNonce::from(nonce), &sealed, body.as_mut_slice().into())
            .ok()?;
        sealed.extend(nonce);
        sealed.extend(body.iter());
        sealed.extend::<[u8; TAG]>(tag.into());
        Some(sealed)
    }

    async fn open(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (version, rest) = sealed.split_first()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        if *version != VERSION || rest.len() < length {
            return None;
        }
        let (wrapped, rest) = rest.split_at(length);
        let bound = sealed.get(..sealed.len().checked_sub(rest.len())?)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>()?;
        let (body, tag) = rest.split_last_chunk::<TAG>()?;
        let key = self.keys.unwrap(wrapped).await.ok()?;
        let mut plain = Zeroizing::new(body.to_vec());
        let target = plain.as_mut_slice().into();
        XChaCha20Poly1305::new(key.expose_secret().into())
            .decrypt_inout_detached(&XNonce::from(*nonce), bound, target, &Tag::from(*tag))
            .ok()?;
        // The same key seals from now on, so that the store need not wrap another.
        *self.own.lock().await = Some((key, wrapped.to_vec()));
        Some(plain)
    }
}

/// Seals a snapshot. Where it is too long, first the link is left out, then what was typed.
pub(super) async fn seal(sealer: &dyn Sealer, kept: &Snapshot) -> Option<Vec<u8>> {
    let without_link = Snapshot {
        link: None,
        ..kept.clone()
    };
    let without_text = Snapshot {
        page: SnapshotPage::Home,
        text: String::new(),
        code: None,
        ..without_link.clone()
    };
    for kept in [kept, &without_link, &without_text] {
        let sealed = sealer.seal(&encode(kept)?).await?;
        if sealed.len() <= LONGEST {
            return Some(sealed);
        }
    }
    None
}

/// Opens a snapshot; none where another phone sealed it, or it was changed, is of another version,
/// or too old.
pub(super) async fn open(sealer: &dyn Sealer, sealed: &[u8], now: Reading) -> Option<Snapshot> {
    if sealed.len() > LONGEST {
        return None;
    }
    let plain = sealer.open(sealed).await?;
    decode(&plain).filter(|kept| kept.is_current(now))
}

const PAGES: [SnapshotPage; 7] = [
    SnapshotPage::Home,
    SnapshotPage::Welcome,
    SnapshotPage::Offer,
    SnapshotPage::Answer,
    SnapshotPage::History,
    SnapshotPage::Settings,
    SnapshotPage::SignIn,
];

const fn number_of(page: SnapshotPage) -> u8 {
    match page {
        SnapshotPage::Home => 0,
        SnapshotPage::Welcome => 1,
        SnapshotPage::Offer => 2,
        SnapshotPage::Answer => 3,
        SnapshotPage::History => 4,
        SnapshotPage::Settings => 5,
        SnapshotPage::SignIn => 6,
    }
}

fn encode(kept: &Snapshot) -> Option<Zeroizing<Vec<u8>>> {
    // Room for all of it, so that growing leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(4 * LONGEST));
    let mut encoder = Encoder::new(&mut *bytes);
    encoder.array(7).ok()?;
    reading(&mut encoder, kept.at)?;
    encoder.u8(number_of(kept.page)).ok()?;
    for text in [&kept.front, &kept.asked, &kept.link] {
        match text {
            Some(text) => encoder.str(text).ok()?,
            None => encoder.null().ok()?,
        };
    }
    encoder.str(&kept.text).ok()?;
    match &kept.code {
        Some((code, typed)) => {
            encoder.array(2).ok()?.str(code).ok()?;
            reading(&mut encoder, *typed)?;
        }
        None => {
            encoder.null().ok()?;
        }
    }
    Some(bytes)
}

fn reading(encoder: &mut Encoder<&mut Vec<u8>>, at: Reading) -> Option<()> {
    let boot = u64::try_from(at.boot.as_millis()).ok()?;
    encoder.array(3).ok()?.u64(at.wall.seconds()).ok()?;
    encoder.u64(boot).ok()?;
    match at.boot_id {
        Some(id) => encoder.bytes(&id).ok()?,
        None => encoder.null().ok()?,
    };
    Some(())
}

fn decode(bytes: &[u8]) -> Option<Snapshot> {
    let mut decoder = Decoder::new(bytes);
    if decoder.array().ok()? != Some(7) {
        return None;
    }
    let at = read(&mut decoder)?;
    let page = *PAGES.get(usize::from(decoder.u8().ok()?))?;
    let [front, asked, link] = [
        optional(&mut decoder)?,
        optional(&mut decoder)?,
        optional(&mut decoder)?,
    ];
    let text = decoder.str().ok()?.to_owned();
    let code = if is_null(&mut decoder)? {
        None
    } else {
        if decoder.array().ok()? != Some(2) {
            return None;
        }
        let code = decoder.str().ok()?.to_owned();
        Some((code, read(&mut decoder)?))
    };
    (decoder.position() == bytes.len()).then_some(Snapshot {
        at,
        page,
        front,
        asked,
        text,
        code,
        link,
    })
}

fn read(decoder: &mut Decoder<'_>) -> Option<Reading> {
    if decoder.array().ok()? != Some(3) {
        return None;
    }
    let wall = UnixTime::new(decoder.u64().ok()?).ok()?;
    let boot = Duration::from_millis(decoder.u64().ok()?);
    let boot_id = if is_null(decoder)? {
        None
    } else {
        Some(decoder.bytes().ok()?.try_into().ok()?)
    };
    Some(Reading {
        wall,
        boot,
        boot_id,
    })
}

fn optional(decoder: &mut Decoder<'_>) -> Option<Option<String>> {
    if is_null(decoder)? {
        return Some(None);
    }
    Some(Some(decoder.str().ok()?.to_owned()))
}

/// Reads a null, where one comes next.
fn is_null(decoder: &mut Decoder<'_>) -> Option<bool> {
    let is_null = decoder.datatype().ok()? == minicbor::data::Type::Null;
    if is_null {
        decoder.null().ok()?;
    }
    Some(is_null)
}

#[cfg(test)]
mod tests {
    use vidimus_wallet::testing::MemoryKeyStore;
    use vidimus_wallet::testing::TestRandom;

    use super::*;

    fn now() -> Reading {
        Reading {
            wall: UnixTime::new(1_795_000_000).unwrap(),
            boot: Duration::from_millis(3_600_123),
            boot_id: Some([1; 16]),
        }
    }

    fn sealer(seed: u64) -> KeySealer {
        let random: Arc<dyn Random> = Arc::new(TestRandom::seeded(seed));
        let keys = MemoryKeyStore::new(None, Arc::clone(&random));
        KeySealer::new(Arc::new(keys), random)
    }

    fn kept() -> Snapshot {
        Snapshot {
            at: now(),
            page: SnapshotPage::Offer,
            front: Some("one".to_owned()),
            asked: None,
            text: "an offer".to_owned(),
            code: Some(("493536".to_owned(), now())),
            link: Some("a link".to_owned()),
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_read_back_and_says_nothing_on_the_way() {
        let sealer = sealer(1);
        for page in PAGES {
            let kept = Snapshot { page, ..kept() };
            let sealed = seal(&sealer, &kept).await.unwrap();
            for secret in ["an offer", "493536", "a link", "one"] {
                let secret = secret.as_bytes();
                assert!(!sealed.windows(secret.len()).any(|window| window == secret));
            }
            assert!(open(&sealer, &sealed, now()).await == Some(kept));
        }
        let bare = Snapshot {
            at: Reading {
                boot_id: None,
                ..now()
            },
            page: SnapshotPage::Home,
            front: None,
            asked: Some("two".to_owned()),
            text: String::new(),
            code: None,
            link: None,
        };
        let sealed = seal(&sealer, &bare).await.unwrap();
        let unnamed = bare.at;
        assert!(open(&sealer, &sealed, unnamed).await == Some(bare));
    }

    #[tokio::test]
    async fn what_is_old_foreign_or_changed_is_nothing() {
        let ours = sealer(1);
        let sealed = seal(&ours, &kept()).await.unwrap();
        let mut later = now();
        later.boot += Duration::from_secs(899);
        assert!(open(&ours, &sealed, later).await.is_some());
        later.boot += Duration::from_secs(1);
        assert!(open(&ours, &sealed, later).await.is_none(), "old");
        let theirs = sealer(2);
        assert!(open(&theirs, &sealed, now()).await.is_none(), "foreign");
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(open(&ours, &changed, now()).await.is_none(), "byte {index}");
            assert!(open(&ours, &sealed[..index], now()).await.is_none());
        }
    }

    #[tokio::test]
    async fn a_key_of_before_is_sealed_on_with() {
        let random: Arc<dyn Random> = Arc::new(TestRandom::seeded(1));
        let keys = Arc::new(MemoryKeyStore::new(None, Arc::clone(&random)));
        let first = KeySealer::new(keys.clone(), Arc::clone(&random));
        let sealed = seal(&first, &kept()).await.unwrap();
        let second = KeySealer::new(keys.clone(), random);
        assert!(open(&second, &sealed, now()).await.is_some());
        keys.set_fault(Some(vidimus_wallet::ports::KeyStoreError::Locked));
        assert!(
            seal(&second, &kept()).await.is_some(),
            "the store wraps no second key"
        );
    }

    #[tokio::test]
    async fn what_is_too_long_is_left_out_first_the_link_and_then_what_was_typed() {
        let sealer = sealer(1);
        let long = "x".repeat(LONGEST);
        let with_link = Snapshot {
            link: Some(long.clone()),
            ..kept()
        };
        let sealed = seal(&sealer, &with_link).await.unwrap();
        assert!(sealed.len() <= LONGEST);
        let found = open(&sealer, &sealed, now()).await.unwrap();
        assert!(
            found
                == Snapshot {
                    link: None,
                    ..kept()
                }
        );
        let with_text = Snapshot {
            text: long,
            ..kept()
        };
        let sealed = seal(&sealer, &with_text).await.unwrap();
        let found = open(&sealer, &sealed, now()).await.unwrap();
        assert!(found.page == SnapshotPage::Home && found.text.is_empty());
        assert!(found.code.is_none() && found.front == kept().front);
    }

    #[tokio::test]
    async fn a_key_store_that_does_nothing_keeps_nothing() {
        let random: Arc<dyn Random> = Arc::new(TestRandom::seeded(1));
        let keys = MemoryKeyStore::new(None, Arc::clone(&random));
        keys.set_fault(Some(vidimus_wallet::ports::KeyStoreError::Locked));
        let sealer = KeySealer::new(Arc::new(keys), random);
        assert!(seal(&sealer, &kept()).await.is_none());
    }

    #[test]
    fn nothing_behind_what_is_kept_is_taken() {
        let mut bytes = encode(&kept()).unwrap().to_vec();
        assert!(decode(&bytes) == Some(kept()));
        bytes.push(0xf6);
        assert!(decode(&bytes).is_none());
    }
}
