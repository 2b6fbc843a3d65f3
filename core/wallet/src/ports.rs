//! What the wallet asks of the phone: keys, network, time, randomness.
//!
//! Only what varies between phones is a trait. Each trait has an in-memory implementation for
//! tests: in `testing`, behind the feature of that name.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use vidimus_credential::{Algorithm, UnixTime, VerifyingKey, all_variants};
use zeroize::Zeroizing;

mod storage;

pub use storage::StorageError;

/// The 32-byte key under which the vault seals its rows.
///
/// Boxed, so that moving it leaves no copy, and wiped when dropped. It has neither `Debug` nor
/// `Clone`.
pub struct DataKey(Box<Zeroizing<[u8; 32]>>);

impl DataKey {
    /// Takes a key that is already in a box that wipes itself. The caller must not keep a copy.
    pub fn new(key: Box<Zeroizing<[u8; 32]>>) -> Self {
        Self(key)
    }

    /// Copies 32 bytes into a new box; `None` for another length. The caller must wipe its own
    /// copy.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self::zeroed();
        if bytes.len() != key.0.len() {
            return None;
        }
        key.0.copy_from_slice(bytes);
        Some(key)
    }

    /// A fresh random key.
    ///
    /// # Errors
    /// [`NoRandomness`] where the source fails.
    pub fn generate(random: &dyn Random) -> Result<Self, NoRandomness> {
        let mut key = Self::zeroed();
        random.fill(key.0.as_mut_slice())?;
        Ok(key)
    }

    /// The key's bytes. Use them for the cipher alone and do not copy them.
    pub fn expose_secret(&self) -> &[u8; 32] {
        &self.0
    }

    fn zeroed() -> Self {
        Self(Box::new(Zeroizing::new([0; 32])))
    }
}

/// The phone's protected keys, and one protected number, the anchor, that only rises.
///
/// Implemented by each shell (Android Keystore, Secure Enclave and keychain), and in Rust by
/// [`FileKeyStore`](crate::keys::FileKeyStore) for the desktop and `testing::MemoryKeyStore` for
/// tests. Every implementation must pass the suite `testing::contract`, behind the feature
/// `testing`. A call may be dropped before it has ended, and two processes may call at the same
/// time: each method must leave the store whole in both cases. An implementation should answer
/// within seconds.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Wraps a data key under a key that never leaves this device, which is made on first use.
    /// The result differs each time and is at most 4096 bytes.
    async fn wrap(&self, data_key: &[u8; 32]) -> Result<Vec<u8>, KeyStoreError>;

    /// Unwraps what [`wrap`](Self::wrap) returned on this device. The implementation must wipe its
    /// own copies of the key.
    ///
    /// # Errors
    /// [`KeyStoreError::NotFound`] where this device has no wrapping key,
    /// [`KeyStoreError::Refused`] for bytes that its key did not wrap,
    /// [`KeyStoreError::Invalidated`] where the phone has destroyed the key.
    async fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, KeyStoreError>;

    /// The algorithm of hardware holder keys; `None` where there is no hardware, and the vault
    /// seals the holder key itself.
    fn holder_algorithm(&self) -> Option<Algorithm>;

    /// Makes a holder key under a name of 1 to 64 characters of `[a-z0-9-]` and returns its public
    /// part.
    ///
    /// # Errors
    /// [`KeyStoreError::Unavailable`] where [`holder_algorithm`](Self::holder_algorithm) is `None`;
    /// [`KeyStoreError::Refused`] where the name is taken: a key is never replaced.
    async fn create_holder_key(&self, id: &str) -> Result<VerifyingKey, KeyStoreError>;

    /// Signs with a holder key: 64 bytes, `r||s` for P-256 (RFC 9053, section 2.1).
    ///
    /// # Errors
    /// [`KeyStoreError::NotFound`] for a name without a key.
    async fn sign(&self, id: &str, message: &[u8]) -> Result<[u8; 64], KeyStoreError>;

    /// Deletes a holder key. Deleting a key that does not exist succeeds, so that a deletion can be
    /// repeated.
    async fn delete_holder_key(&self, id: &str) -> Result<(), KeyStoreError>;

    /// The highest epoch that [`raise_anchor`](Self::raise_anchor) was given; `None` before the
    /// first call.
    ///
    /// # Errors
    /// [`KeyStoreError::Invalidated`] where the stored bytes are no longer an epoch.
    async fn read_anchor(&self) -> Result<Option<u64>, KeyStoreError>;

    /// Raises the anchor, to at most 2^63 - 1: a phone's languages have signed numbers. The anchor
    /// never sinks: a lower or equal epoch changes nothing and succeeds, since two processes may
    /// raise it out of order.
    async fn raise_anchor(&self, epoch: u64) -> Result<(), KeyStoreError>;

    /// Renames a damaged anchor, so that the next wallet finds none. An anchor that can be read
    /// stays. Call it only after the wallet that it belonged to was set aside. A store whose anchor
    /// cannot be damaged does nothing.
    async fn set_damaged_anchor_aside(&self) -> Result<(), KeyStoreError> {
        Ok(())
    }

    /// A separate store on this device for another vault, such as a reader's. The name has the form
    /// of a holder key's. The store has its own wrapping key, anchor and holder keys, so that
    /// neither vault can read or change the other's.
    ///
    /// `None` for a name of another form, and where the store has no names: such a store serves the
    /// driver's wallet alone.
    fn named(&self, _name: &str) -> Option<Arc<dyn KeyStore>> {
        None
    }
}

/// Why a call of a key store failed. Without text of the system: it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyStoreError {
    /// This device does not offer the operation.
    #[error("the device's key store does not offer this")]
    Unavailable,
    /// The device is locked, or its user has not authenticated.
    #[error("the device is locked")]
    Locked,
    /// The phone destroyed the key: a new fingerprint, the passcode removed.
    #[error("the device has invalidated the key")]
    Invalidated,
    /// There is no such key on this device.
    #[error("the key is not on this device")]
    NotFound,
    /// The input is not one that this key store made or accepts.
    #[error("the key store refused its input")]
    Refused,
    /// The key store's storage failed.
    #[error("the key store's storage failed")]
    Io,
    /// The disk failed, with the kind of failure. Only key stores that keep files say this.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The key store did not answer in time.
    #[error("the key store did not answer in time")]
    Timeout,
}

all_variants! {
    /// Every error, that of a disk with an example of its kind.
    KeyStoreError {
        Unavailable,
        Locked,
        Invalidated,
        NotFound,
        Refused,
        Io,
        Storage(StorageError::Io),
        Timeout,
    }
}

/// Sends HTTP requests. A shell may bring its own; the default is [`crate::transport`].
#[async_trait]
pub trait HttpTransport: Send + Sync {
    /// Sends a request and reads the whole answer, of any status code. It must follow no redirect,
    /// add no header that identifies the driver, read no more than
    /// [`max_body`](HttpRequest::max_body) bytes, and obey [`elsewhere`](HttpRequest::elsewhere).
    /// The future may be dropped at any time.
    ///
    /// # Errors
    /// A [`TransportError`], at the latest when the request's [`timeout`](HttpRequest::timeout) has
    /// passed. It must not panic.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// The HTTP methods that the wallet uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`, which has no body and may be sent twice.
    Get,
    /// `POST`, whose body may hold a code or a token.
    Post,
}

/// One HTTP request. No `Debug`: its headers and body carry tokens.
pub struct HttpRequest {
    /// `GET`, or `POST` with a body that may be empty.
    pub method: Method,
    /// Absolute URL: https, or http on a loopback address.
    pub url: String,
    /// Headers in order; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; empty where there is none.
    pub body: Vec<u8>,
    /// The longest time from the first byte sent to the last byte received.
    pub timeout: Duration,
    /// The largest body to accept, in bytes.
    pub max_body: usize,
    /// Whether the request must not reach this device, even where the host's name resolves to it.
    /// Set where a link named the address, or a server that a link led to. The transport must
    /// resolve the name itself and answer with [`TransportError::ThisDevice`] then.
    pub elsewhere: bool,
}

/// One HTTP answer. No `Debug`: its body carries tokens and credentials.
pub struct HttpResponse {
    /// The status code, 100 to 599.
    pub status: u16,
    /// Headers in order; names in lower case. One whose value is not visible ASCII is left out.
    pub headers: Vec<(String, String)>,
    /// The body, at most the request's `max_body` bytes.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the body is compressed or has another content coding. The wallet's requests say
    /// `accept-encoding: identity`, which asks for none (RFC 9110, section 12.5.3).
    pub fn is_packed(&self) -> bool {
        let mut headers = self.headers.iter();
        let packed = headers.any(|(name, coding)| {
            let coding = coding.trim();
            name == "content-encoding"
                && !coding.is_empty()
                && !coding.eq_ignore_ascii_case("identity")
        });
        packed && !self.body.is_empty()
    }
}

/// Why a request had no answer. Without addresses or text of the system: it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The URL is not an absolute http or https URL.
    #[error("the address is not a web address")]
    BadUrl,
    /// The URL is plain http to another host than this device.
    #[error("the address is not secure: only https is used")]
    InsecureUrl,
    /// There is no connection: no network, no such host, or no server at its port.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server's certificate or TLS handshake was refused.
    #[error("the server could not prove who it is")]
    Certificate,
    /// The time limit passed.
    #[error("the server did not answer in time")]
    Timeout,
    /// The body is larger than the request's limit.
    #[error("the answer is larger than {at_most} bytes")]
    TooLarge {
        /// The request's limit, in bytes.
        at_most: usize,
    },
    /// The server redirected the request more than three times.
    #[error("the server redirects without end")]
    TooManyRedirects,
    /// The server redirected a plain http request to https: the caller should use the https
    /// address.
    #[error("the server sends http on to https; use its https address")]
    RedirectToHttps,
    /// The server redirected the request to an address that is malformed or not allowed.
    #[error("the server redirects to an address that may not be asked")]
    BadRedirect,
    /// The address leads to this device itself, and the wallet's authority is not on it.
    #[error("the address is one of this device itself")]
    ThisDevice,
    /// The body is compressed, though the request asked for no content coding.
    #[error("the server compresses its answer, though it was asked not to")]
    Encoded,
    /// The answer is not HTTP, or broke off.
    #[error("the answer is broken")]
    Broken,
}

all_variants! {
    /// Every error, one with a limit with an example of it.
    TransportError {
        BadUrl,
        InsecureUrl,
        Unreachable,
        Certificate,
        Timeout,
        TooLarge { at_most: 65_536 },
        TooManyRedirects,
        RedirectToHttps,
        BadRedirect,
        ThisDevice,
        Encoded,
        Broken,
    }
}

/// The device's wall clock and boot clock, implemented by each shell.
pub trait Clock: Send + Sync {
    /// Reads both clocks at one moment.
    fn read(&self) -> Reading;

    /// When the app was built, where the build records it. A wall clock that shows an earlier time
    /// is certainly wrong; the time of the first trust list is then believed instead.
    fn built(&self) -> Option<UnixTime> {
        None
    }
}

/// One reading of the device's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock, which the user may set to any time.
    pub wall: UnixTime,
    /// Time since the device started, sleep included. It cannot be set.
    pub boot: Duration,
    /// Identifies this start of the device; `None` where the system has no such identifier.
    pub boot_id: Option<[u8; 16]>,
}

/// The system's own clocks.
#[derive(Debug, Clone)]
pub struct SystemClock {
    boot_id: Option<[u8; 16]>,
    built: Option<UnixTime>,
}

impl SystemClock {
    /// The clocks of this system. Reads the identifier of the device's start once.
    pub fn new() -> Self {
        Self {
            boot_id: system_boot_id(),
            built: None,
        }
    }

    /// The same with an identifier of this start of the device, for systems where only the app can
    /// get one.
    pub const fn of_boot(id: [u8; 16]) -> Self {
        Self {
            boot_id: Some(id),
            built: None,
        }
    }

    /// The same clocks in an app that was built at this time.
    #[must_use]
    pub const fn built_at(self, time: UnixTime) -> Self {
        Self {
            built: Some(time),
            ..self
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        let wall = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        Reading {
            wall: UnixTime::new(wall).unwrap_or(UnixTime::MAX),
            boot: since_boot(),
            boot_id: self.boot_id,
        }
    }

    fn built(&self) -> Option<UnixTime> {
        self.built
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const BOOT_CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
/// On Apple's systems CLOCK_MONOTONIC also counts sleep.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const BOOT_CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

#[cfg(unix)]
fn since_boot() -> Duration {
    let time = rustix::time::clock_gettime(BOOT_CLOCK);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

/// Zero claims no elapsed time: without a boot clock only the wall clock is known.
#[cfg(not(unix))]
fn since_boot() -> Duration {
    Duration::ZERO
}

fn system_boot_id() -> Option<[u8; 16]> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    u128::from_str_radix(&digits, 16)
        .ok()
        .map(u128::to_be_bytes)
}

/// A source of unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the whole slice with bytes from a cryptographic generator.
    ///
    /// # Errors
    /// [`NoRandomness`] where the system gave none; the caller must not use the slice then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no randomness")]
pub struct NoRandomness;

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, DataKey, SystemClock};

    #[test]
    fn the_boot_clock_never_goes_back() {
        let clock = SystemClock::new();
        let first = clock.read();
        let second = clock.read();
        assert!(second.boot >= first.boot);
        assert_eq!(second.boot_id, first.boot_id);
    }

    #[test]
    fn a_data_key_is_32_bytes_and_nothing_else() {
        assert!(DataKey::from_slice(&[7; 31]).is_none());
        assert!(DataKey::from_slice(&[7; 33]).is_none());
        let key = DataKey::from_slice(&[7; 32]).unwrap();
        assert_eq!(key.expose_secret(), &[7; 32]);
    }
}
