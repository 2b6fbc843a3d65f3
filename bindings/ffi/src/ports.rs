//! The foreign traits that a phone implements, and how the core calls them.
//!
//! A call that does not answer at once becomes a separate task, and the core waits for it with a
//! time limit. The task continues after the limit. UniFFI leaks the result of a foreign call whose
//! future was dropped, and a result may be a key. So the future is never dropped: a late answer
//! arrives and is wiped.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use vidimus_credential::{Algorithm, VerifyingKey};
use vidimus_wallet::keys::is_name;
use vidimus_wallet::ports::{self, DataKey, KeyStoreError, TransportError};

use crate::error::{DeviceError, WalletError};
use crate::runtime::erased;
use crate::types::{Count, discreet};

/// How long a key store may take. An app that needs the driver's finger asks for it before the
/// call.
const KEY_STORE_LIMIT: Duration = Duration::from_secs(10);

/// How much longer than its own limit a request may take before we give up on the transport itself.
const TRANSPORT_GRACE: Duration = Duration::from_secs(5);

/// The phone's protected keys and its one protected number.
///
/// Each method may be called from any thread, and must answer within 10 seconds. What it throws
/// must be one of the closed list.
#[uniffi::export(with_foreign)]
#[async_trait]
pub trait CoreKeyStore: Send + Sync {
    /// Wraps the data key in the slot, 32 bytes, under a key that never leaves this device, which
    /// is made on first use. The result differs each time and has at most 4,096 bytes.
    async fn wrap(&self, data_key: Arc<DataKeySlot>) -> Result<Vec<u8>, DeviceError>;

    /// Unwraps what this device wrapped, and puts the 32 bytes into the slot. Not found where this
    /// device has no wrapping key, refused for bytes that its key did not wrap, invalidated where
    /// the key was destroyed.
    async fn unwrap(&self, wrapped: Vec<u8>, into: Arc<DataKeySlot>) -> Result<(), DeviceError>;

    /// The kind of holder keys in hardware; none where there is no hardware, and the vault seals
    /// the holder key.
    async fn holder_algorithm(&self) -> Result<Option<HolderAlgorithm>, DeviceError>;

    /// Makes a holder key under a name of 1 to 64 characters of a-z, 0-9 and hyphen, and returns
    /// its public part: for P-256 65 bytes, 4, x, y; for Ed25519 32 bytes. Refused where the name
    /// is taken: a key is never replaced.
    async fn create_holder_key(&self, name: String) -> Result<Vec<u8>, DeviceError>;

    /// Signs with a holder key: 64 bytes; for P-256 with SHA-256, r and s of 32 bytes each, not
    /// DER.
    async fn sign(&self, name: String, message: Vec<u8>) -> Result<Vec<u8>, DeviceError>;

    /// Deletes a holder key. One that is not there is no error.
    async fn delete_holder_key(&self, name: String) -> Result<(), DeviceError>;

    /// The highest number that was ever raised here; none before the first. Invalidated where what
    /// is stored is no number any more.
    async fn read_anchor(&self) -> Result<Option<i64>, DeviceError>;

    /// Raises the number. It never sinks: a lower or equal one changes nothing and is no error.
    async fn raise_anchor(&self, epoch: i64) -> Result<(), DeviceError>;

    /// Moves a number that is damaged to another name; one that can be read stays. It is asked for
    /// when the wallet that the number belonged to was set aside. A store whose number cannot be
    /// damaged does nothing.
    async fn set_damaged_anchor_aside(&self) -> Result<(), DeviceError>;

    /// A separate store of this device under a name as a holder key has one, such as a reader's
    /// beside a wallet's: with its own wrapping key, number and holder keys. One name leads to one
    /// store, also after a restart. It makes nothing yet, and returns at once.
    fn named(&self, name: String) -> Result<Arc<dyn CoreKeyStore>, DeviceError>;
}

/// The kind of a holder key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum HolderAlgorithm {
    /// ECDSA on P-256 with SHA-256: what phones have in hardware.
    P256,
    /// Ed25519, as a desktop or a test has it.
    Ed25519,
}

impl From<HolderAlgorithm> for Algorithm {
    fn from(algorithm: HolderAlgorithm) -> Self {
        match algorithm {
            HolderAlgorithm::P256 => Self::Esp256,
            HolderAlgorithm::Ed25519 => Self::Ed25519,
        }
    }
}

impl From<Algorithm> for HolderAlgorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Esp256 => Self::P256,
            Algorithm::Ed25519 => Self::Ed25519,
        }
    }
}

/// Where a data key of 32 bytes is while it is wrapped or unwrapped: in memory that is wiped when
/// the call is over. It is read and written so that no copy is left behind; wipe your own.
#[derive(uniffi::Object, Default)]
pub struct DataKeySlot(Mutex<Option<DataKey>>);

#[uniffi::export]
impl DataKeySlot {
    /// A quarter of the key: 8 of its bytes, from 0 to 3, as a big-endian number.
    pub fn word(&self, index: Count) -> Result<i64, WalletError> {
        let key = self.lock();
        let key = key.as_ref().ok_or(WalletError::Closed)?;
        let (words, _) = key.expose_secret().as_chunks();
        let word = words.get(index.to_usize()?);
        Ok(i64::from_be_bytes(
            *word.ok_or(WalletError::InvalidArgument)?,
        ))
    }

    /// Takes exactly 32 bytes.
    pub fn put(&self, bytes: &[u8]) -> Result<(), WalletError> {
        let key = DataKey::from_slice(bytes).ok_or(WalletError::InvalidArgument)?;
        *self.lock() = Some(key);
        Ok(())
    }
}

impl DataKeySlot {
    pub(crate) fn holding(data_key: &[u8; 32]) -> Self {
        Self(Mutex::new(DataKey::from_slice(data_key)))
    }

    pub(crate) fn take(&self) -> Option<DataKey> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<DataKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a foreign call, and waits for its answer at most `limit`.
async fn call<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = Result<T, DeviceError>> + Send + 'static,
) -> Result<T, DeviceError> {
    let mut work = Box::pin(work);
    // A key store of this library answers at once, so no other thread has to be woken.
    let asked = poll_fn(|context| {
        Poll::Ready(catch_unwind(AssertUnwindSafe(|| {
            work.as_mut().poll(context)
        })))
    });
    match asked.await {
        Ok(Poll::Ready(answer)) => return answer,
        Ok(Poll::Pending) => {}
        Err(_panicked) => return Err(DeviceError::Failed),
    }
    let (work, done) = erased(work);
    match tokio::time::timeout(limit, tokio::spawn(work)).await {
        // A call that panicked left no answer.
        Ok(_ended) => done.take().unwrap_or(Err(DeviceError::Failed)),
        Err(_elapsed) => Err(DeviceError::Timeout),
    }
}

/// An app's key store, as the core sees it, or the one of a name in it.
pub(crate) struct DeviceKeys {
    app: Arc<dyn CoreKeyStore>,
    /// The name; none for the wallet's store.
    name: Option<String>,
    /// The store of that name, once the app has given it.
    named: OnceLock<Arc<dyn CoreKeyStore>>,
    /// The kind of its holder keys, once it has said so; `None` inside where it has no hardware.
    algorithm: OnceLock<Option<Algorithm>>,
}

impl DeviceKeys {
    /// A key store that is asked for its kind of holder keys later: before it first wraps or
    /// unwraps, which each wallet does first.
    pub(crate) fn new(keys: Arc<dyn CoreKeyStore>) -> Self {
        Self {
            app: keys,
            name: None,
            named: OnceLock::new(),
            algorithm: OnceLock::new(),
        }
    }

    /// A key store that is asked for its kind of holder keys now.
    pub(crate) async fn ask_first(keys: Arc<dyn CoreKeyStore>) -> Result<Self, DeviceError> {
        let met = Self::new(keys);
        met.ask_algorithm().await?;
        Ok(met)
    }

    /// The app's store, or the one of the name, which the app is asked for once. After a failure
    /// the next call asks again.
    async fn keys(&self) -> Result<Arc<dyn CoreKeyStore>, DeviceError> {
        let Some(name) = &self.name else {
            return Ok(Arc::clone(&self.app));
        };
        if let Some(named) = self.named.get() {
            return Ok(Arc::clone(named));
        }
        let (app, name) = (Arc::clone(&self.app), name.clone());
        // On a thread that may block, so that the limit holds for this call too.
        let named = call(KEY_STORE_LIMIT, async move {
            let asked = tokio::task::spawn_blocking(move || app.named(name));
            asked.await.unwrap_or(Err(DeviceError::Failed))
        });
        let named = named.await?;
        Ok(Arc::clone(self.named.get_or_init(|| named)))
    }

    /// Asks once for the kind of its holder keys. After a failure the next call asks again.
    async fn ask_algorithm(&self) -> Result<(), DeviceError> {
        if self.algorithm.get().is_some() {
            return Ok(());
        }
        let asked = self.keys().await?;
        let algorithm = call(
            KEY_STORE_LIMIT,
            async move { asked.holder_algorithm().await },
        )
        .await?;
        _ = self.algorithm.set(algorithm.map(Algorithm::from));
        Ok(())
    }

    async fn ask<T, F>(
        &self,
        question: impl FnOnce(Arc<dyn CoreKeyStore>) -> F,
    ) -> Result<T, KeyStoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, DeviceError>> + Send + 'static,
    {
        let work = question(self.keys().await?);
        Ok(call(KEY_STORE_LIMIT, work).await?)
    }
}

#[async_trait]
impl ports::KeyStore for DeviceKeys {
    /// The app is asked for the store with its first call.
    fn named(&self, name: &str) -> Option<Arc<dyn ports::KeyStore>> {
        if self.name.is_some() || !is_name(name) {
            return None;
        }
        Some(Arc::new(Self {
            name: Some(name.to_owned()),
            ..Self::new(Arc::clone(&self.app))
        }))
    }

    async fn wrap(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, KeyStoreError> {
        self.ask_algorithm().await?;
        let slot = Arc::new(DataKeySlot::holding(data_key));
        let lent = Arc::clone(&slot);
        let wrapped = self.ask(async move |keys| keys.wrap(lent).await).await;
        // The other language may keep the slot, but not the key.
        drop(slot.take());
        wrapped
    }

    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, KeyStoreError> {
        self.ask_algorithm().await?;
        let wrapped = wrapped.to_vec();
        let slot = Arc::new(DataKeySlot::default());
        let into = Arc::clone(&slot);
        self.ask(async move |keys| keys.unwrap(wrapped, into).await)
            .await?;
        slot.take().ok_or(KeyStoreError::Io)
    }

    fn holder_algorithm(&self) -> Option<Algorithm> {
        self.algorithm.get().copied().flatten()
    }

    async fn create_holder_key(&self, id: &str) -> Result<VerifyingKey, KeyStoreError> {
        let algorithm = self.holder_algorithm().ok_or(KeyStoreError::Unavailable)?;
        let name = id.to_owned();
        let public = self
            .ask(async move |keys| keys.create_holder_key(name).await)
            .await?;
        let key = match algorithm {
            Algorithm::Esp256 => VerifyingKey::from_p256_sec1(&public),
            Algorithm::Ed25519 => match <&[u8; 32]>::try_from(public.as_slice()) {
                Ok(bytes) => VerifyingKey::from_ed25519(bytes),
                Err(_) => return Err(KeyStoreError::Io),
            },
        };
        key.map_err(|_| KeyStoreError::Io)
    }

    async fn sign(&self, id: &str, message: &[u8]) -> Result<[u8; 64], KeyStoreError> {
        let (name, message) = (id.to_owned(), message.to_vec());
        let signature = self
            .ask(async move |keys| keys.sign(name, message).await)
            .await?;
        signature.try_into().map_err(|_| KeyStoreError::Io)
    }

    async fn delete_holder_key(&self, id: &str) -> Result<(), KeyStoreError> {
        let name = id.to_owned();
        self.ask(async move |keys| keys.delete_holder_key(name).await)
            .await
    }

    async fn read_anchor(&self) -> Result<Option<u64>, KeyStoreError> {
        let anchor = self.ask(async move |keys| keys.read_anchor().await).await?;
        anchor
            .map(|epoch| u64::try_from(epoch).map_err(|_| KeyStoreError::Io))
            .transpose()
    }

    async fn raise_anchor(&self, epoch: u64) -> Result<(), KeyStoreError> {
        let epoch = i64::try_from(epoch).map_err(|_| KeyStoreError::Refused)?;
        self.ask(async move |keys| keys.raise_anchor(epoch).await)
            .await
    }

    async fn set_damaged_anchor_aside(&self) -> Result<(), KeyStoreError> {
        self.ask(async move |keys| keys.set_damaged_anchor_aside().await)
            .await
    }
}

/// Sends HTTP requests for the wallet, where an app wants them to go through its own client.
#[uniffi::export(with_foreign)]
#[async_trait]
pub trait CoreHttpTransport: Send + Sync {
    /// Sends a request and reads the whole answer, with any status code. It follows no redirects,
    /// keeps no cookies, and verifies the server's certificate. It refuses a name that leads to the
    /// device itself: the sender of a link may own such a name.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, DeviceError>;
}

/// The methods that the wallet uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum HttpMethod {
    /// Reads what is at an address.
    Get,
    /// Sends a body to an address.
    Post,
}

/// One header of an HTTP request or answer.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct HttpHeader {
    /// Its name, in lower case.
    pub name: String,
    /// Its value, without line breaks.
    pub value: String,
}

/// One HTTP request. It carries tokens: do not log it.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct HttpRequest {
    /// Whether it reads or sends.
    pub method: HttpMethod,
    /// The absolute address to ask.
    pub url: String,
    /// The headers, in order.
    pub headers: Vec<HttpHeader>,
    /// The body; empty where there is none.
    pub body: Vec<u8>,
    /// From the first byte out to the last byte in.
    pub timeout: crate::types::Duration,
    /// The largest body to accept, in bytes.
    pub max_body: Count,
}

/// One HTTP answer. It carries tokens: do not log it.
#[derive(uniffi::Record)]
#[uniffi::export(Display)]
pub struct HttpResponse {
    /// The HTTP status code, 100 to 599.
    pub status: Count,
    /// The headers, in order.
    pub headers: Vec<HttpHeader>,
    /// The body, whole; empty where there is none.
    pub body: Vec<u8>,
}

discreet!(HttpHeader HttpRequest HttpResponse);

/// An app's transport, as the core sees it.
pub(crate) struct DeviceTransport(pub(crate) Arc<dyn CoreHttpTransport>);

#[async_trait]
impl ports::HttpTransport for DeviceTransport {
    async fn send(
        &self,
        request: ports::HttpRequest,
    ) -> Result<ports::HttpResponse, TransportError> {
        let limit = request.timeout.saturating_add(TRANSPORT_GRACE);
        let max_body = request.max_body;
        let request = HttpRequest::from(request);
        let transport = Arc::clone(&self.0);
        let answer = call(limit, async move { transport.send(request).await });
        let answer = answer.await.map_err(|error| match error {
            DeviceError::TooLarge => TransportError::TooLarge { at_most: max_body },
            other => other.into(),
        })?;
        if answer.body.len() > max_body {
            return Err(TransportError::TooLarge { at_most: max_body });
        }
        answer.try_into()
    }
}

impl From<ports::HttpRequest> for HttpRequest {
    fn from(request: ports::HttpRequest) -> Self {
        let header = |(name, value)| HttpHeader { name, value };
        Self {
            method: match request.method {
                ports::Method::Get => HttpMethod::Get,
                ports::Method::Post => HttpMethod::Post,
            },
            url: request.url,
            headers: request.headers.into_iter().map(header).collect(),
            body: request.body,
            timeout: request.timeout.into(),
            max_body: Count::of(request.max_body),
        }
    }
}

impl TryFrom<HttpResponse> for ports::HttpResponse {
    type Error = TransportError;

    /// Checks an answer of any transport: the status is valid, names are in lower case, and headers
    /// with control characters are dropped.
    fn try_from(response: HttpResponse) -> Result<Self, TransportError> {
        let status = u16::try_from(response.status.0).map_err(|_| TransportError::Broken)?;
        if !(100..=599).contains(&status) {
            return Err(TransportError::Broken);
        }
        let plain = |header: &HttpHeader| {
            let mut bytes = header.value.bytes();
            bytes.all(|byte| byte == b' ' || byte.is_ascii_graphic())
        };
        let headers = response.headers.into_iter().filter(plain);
        Ok(Self {
            status,
            headers: headers
                .map(|header| (header.name.to_ascii_lowercase(), header.value))
                .collect(),
            body: response.body,
        })
    }
}

#[cfg(test)]
mod tests {
    use vidimus_wallet::ports::{HttpTransport as _, KeyStore as _, Method};

    use super::*;

    /// A key store whose unwrapping takes its time.
    struct Slow {
        answer_after: Duration,
        answered: Arc<tokio::sync::Notify>,
    }

    #[async_trait]
    impl CoreKeyStore for Slow {
        async fn wrap(&self, _: Arc<DataKeySlot>) -> Result<Vec<u8>, DeviceError> {
            Err(DeviceError::Locked)
        }
        async fn unwrap(&self, _: Vec<u8>, into: Arc<DataKeySlot>) -> Result<(), DeviceError> {
            tokio::time::sleep(self.answer_after).await;
            let put = into.put(&[7; 32]).map_err(|_| DeviceError::Failed);
            self.answered.notify_one();
            put
        }
        async fn holder_algorithm(&self) -> Result<Option<HolderAlgorithm>, DeviceError> {
            Ok(Some(HolderAlgorithm::P256))
        }
        async fn create_holder_key(&self, _: String) -> Result<Vec<u8>, DeviceError> {
            Ok(vec![4; 65])
        }
        async fn sign(&self, _: String, _: Vec<u8>) -> Result<Vec<u8>, DeviceError> {
            Ok(vec![0; 70])
        }
        async fn delete_holder_key(&self, _: String) -> Result<(), DeviceError> {
            panic!("a text of its own")
        }
        async fn set_damaged_anchor_aside(&self) -> Result<(), DeviceError> {
            Ok(())
        }
        fn named(&self, _: String) -> Result<Arc<dyn CoreKeyStore>, DeviceError> {
            Err(DeviceError::Unavailable)
        }
        async fn read_anchor(&self) -> Result<Option<i64>, DeviceError> {
            Ok(Some(-1))
        }
        async fn raise_anchor(&self, _: i64) -> Result<(), DeviceError> {
            Ok(())
        }
    }

    async fn slow(answer_after: Duration) -> (DeviceKeys, Arc<tokio::sync::Notify>) {
        let answered = Arc::new(tokio::sync::Notify::new());
        let store = Slow {
            answer_after,
            answered: Arc::clone(&answered),
        };
        (
            DeviceKeys::ask_first(Arc::new(store)).await.unwrap(),
            answered,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_store_is_given_up_after_ten_seconds_and_its_late_answer_is_still_taken() {
        let (keys, answered) = slow(Duration::from_secs(11)).await;
        let began = tokio::time::Instant::now();
        assert_eq!(keys.unwrap(&[1]).await.err(), Some(KeyStoreError::Timeout));
        assert_eq!(began.elapsed(), KEY_STORE_LIMIT);
        answered.notified().await;
        assert_eq!(began.elapsed(), Duration::from_secs(11));

        let (keys, _) = slow(Duration::from_secs(9)).await;
        assert!(keys.unwrap(&[1]).await.is_ok());
    }

    #[tokio::test]
    async fn a_named_store_is_asked_for_once_and_has_no_names_below_it() {
        let (keys, _) = slow(Duration::ZERO).await;
        for name in ["", "UPPER", "a/b", &"a".repeat(65)] {
            assert!(keys.named(name).is_none(), "{name}");
        }
        let book = keys.named("reader").unwrap();
        assert_eq!(
            book.read_anchor().await.err(),
            Some(KeyStoreError::Unavailable),
            "a store without names never gives its own number"
        );
        assert!(book.named("deeper").is_none());

        let random = Arc::new(ports::SystemRandom);
        let folder = tempfile::tempdir().unwrap();
        let files =
            vidimus_wallet::keys::FileKeyStore::open(&folder.path().join("keys"), random).unwrap();
        let keys = DeviceKeys::new(Arc::new(crate::key_store::CoreKeys(Arc::new(files))));
        let book = keys.named("reader").unwrap();
        assert_eq!(book.raise_anchor(3).await, Ok(()));
        assert_eq!(keys.read_anchor().await, Ok(None));
        assert_eq!(book.read_anchor().await, Ok(Some(3)));
    }

    #[tokio::test]
    async fn a_key_store_that_answers_with_something_else_has_failed() {
        let (keys, _) = slow(Duration::ZERO).await;
        assert_eq!(
            keys.create_holder_key("k").await.err(),
            Some(KeyStoreError::Io)
        );
        assert_eq!(keys.sign("k", b"m").await.err(), Some(KeyStoreError::Io));
        assert_eq!(keys.read_anchor().await.err(), Some(KeyStoreError::Io));
        assert_eq!(
            keys.delete_holder_key("k").await.err(),
            Some(KeyStoreError::Io)
        );
        assert_eq!(keys.wrap(&[7; 32]).await.err(), Some(KeyStoreError::Locked));
        let too_high = keys.raise_anchor(u64::MAX).await;
        assert_eq!(too_high.err(), Some(KeyStoreError::Refused));
    }

    #[test]
    fn a_slot_gives_its_key_in_four_numbers_and_then_no_more() {
        let key: [u8; 32] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let slot = DataKeySlot::holding(&key);
        let word = |index| slot.word(Count(index));
        assert_eq!(word(0), Ok(0x0001_0203_0405_0607));
        assert_eq!(word(3), Ok(0x1819_1a1b_1c1d_1e1f));
        assert_eq!(word(4), Err(WalletError::InvalidArgument));
        assert_eq!(word(-1), Err(WalletError::InvalidArgument));
        drop(slot.take());
        assert_eq!(slot.word(Count(0)), Err(WalletError::Closed));
        assert_eq!(slot.put(&[1; 31]), Err(WalletError::InvalidArgument));
    }

    /// Answers each request alike.
    struct Answers(i32, &'static str, usize);

    #[async_trait]
    impl CoreHttpTransport for Answers {
        async fn send(&self, _: HttpRequest) -> Result<HttpResponse, DeviceError> {
            let header = |name: &str, value: &str| HttpHeader {
                name: name.to_owned(),
                value: value.to_owned(),
            };
            Ok(HttpResponse {
                status: Count(self.0),
                headers: vec![header("ETag", "\"1\""), header("X", self.1)],
                body: vec![0; self.2],
            })
        }
    }

    async fn answer(answers: Answers) -> Result<ports::HttpResponse, TransportError> {
        let transport = DeviceTransport(Arc::new(answers));
        let request = ports::HttpRequest {
            method: Method::Get,
            url: "https://a.example".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(1),
            max_body: 10,
            elsewhere: true,
        };
        transport.send(request).await
    }

    #[tokio::test]
    async fn an_answer_of_a_transport_is_made_what_the_wallet_may_rely_on() {
        let good = answer(Answers(200, "a\nb", 10))
            .await
            .unwrap_or_else(|_| panic!("an answer"));
        assert_eq!(good.header("etag"), Some("\"1\""), "names in lower case");
        assert_eq!(good.header("x"), None, "no control characters");
        assert_eq!(
            answer(Answers(200, "a", 11)).await.err(),
            Some(TransportError::TooLarge { at_most: 10 })
        );
        for status in [-1, 0, 99, 600, 65_736] {
            let broken = answer(Answers(status, "a", 0)).await.err();
            assert_eq!(broken, Some(TransportError::Broken), "{status}");
        }
    }
}
