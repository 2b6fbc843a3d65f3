//! The reader's side: from the text of a QR to a verdict, with no network.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vidimus_credential::bundle::UnverifiedBundle;
use vidimus_credential::challenge::{self, Asked};
use vidimus_credential::qr::{self, Symbol, SymbolOptions};
use vidimus_credential::text;
use vidimus_credential::verify as core;
use vidimus_credential::{UnixTime, VerifyingKey};
use vidimus_wallet::ports::{Clock as _, Random as _, SystemClock, SystemRandom};

use crate::error::{KeyStoreProblem, WalletError};
use crate::probe::Counted;
use crate::runtime::guard;
use crate::types::{
    Challenge, Count, Instant, QrSymbol, Question, StatusBundle, Verdict, VerifierPolicy,
};

/// How many challenges may wait for their answers; the oldest is forgotten first.
const OPEN_CHALLENGES: usize = 64;

/// Checks presentations without a network. One for each reader: it remembers what it has seen.
#[derive(uniffi::Object)]
pub struct Verifier {
    state: Mutex<State>,
    _counted: Counted,
}

struct State {
    core: core::Verifier,
    asked: VecDeque<(String, Asked)>,
}

#[uniffi::export]
impl Verifier {
    /// A verifier that trusts what a root key signs: a COSE_Key, as the authority publishes it.
    /// Without a trust list it refuses everything.
    #[uniffi::constructor]
    pub fn new(
        root_key: Vec<u8>,
        policy: Option<VerifierPolicy>,
    ) -> Result<Arc<Self>, WalletError> {
        guard(|| {
            let root = VerifyingKey::from_cose_key(&root_key)?;
            let policy = policy.map_or_else(|| Ok(core::Policy::default()), TryInto::try_into)?;
            Ok(Arc::new(Self {
                state: Mutex::new(State {
                    core: core::Verifier::new(root, policy),
                    asked: VecDeque::new(),
                }),
                _counted: Counted::new(),
            }))
        })
    }

    /// Takes the authority's trust list. One that is refused, or comes before the one held, changes
    /// nothing.
    pub fn set_trust_list(&self, bytes: Vec<u8>) -> Result<(), WalletError> {
        guard(|| Ok(self.state().core.set_trust_list(&bytes)?))
    }

    /// Takes a bundle of statuses, for readers without a network; the trust list first. It takes
    /// the place of the one for the same lists. At most 64 are held, of 256 MiB together.
    pub fn set_bundle(&self, bytes: Vec<u8>) -> Result<StatusBundle, WalletError> {
        guard(|| {
            self.state().core.set_bundle(&bytes)?;
            Ok(UnverifiedBundle::parse(&bytes)?.into())
        })
    }

    /// Forgets every bundle, so that there is room for others.
    pub fn forget_bundles(&self) -> Result<(), WalletError> {
        guard(|| {
            self.state().core.forget_bundles();
            Ok(())
        })
    }

    /// Makes a challenge to show as a QR, which counts for 120 seconds, in the name of a reader of
    /// at most 64 bytes. Nothing proves the name.
    pub fn ask(&self, reader: String, now: Option<Instant>) -> Result<Challenge, WalletError> {
        guard(|| self.add_qr(&reader, random()?, time(now)?, boot_clock_s()))
    }

    /// Makes a challenge of 8 digits to read out, which counts for three attempts and 120 seconds.
    pub fn ask_by_digits(&self) -> Result<Challenge, WalletError> {
        guard(|| self.add_digits(&random_digits()?, boot_clock_s()))
    }

    /// Checks the text of a scanned QR, at a time or now. It refuses what it cannot read.
    pub fn check(
        &self,
        text: String,
        question: Question,
        now: Option<Instant>,
    ) -> Result<Verdict, WalletError> {
        guard(|| {
            let now = time(now)?;
            let State { core, asked } = &mut *self.state();
            let challenge = match &question.challenge {
                None => None,
                Some(id) => {
                    let one = asked.iter_mut().find(|(name, _)| name == id);
                    Some(&mut one.ok_or(WalletError::InvalidArgument)?.1)
                }
            };
            let question = core::Question {
                challenge,
                clock_s: Some(boot_clock_s()),
                online: question.online_status.as_deref(),
                category: question.category.as_deref(),
                passed: None,
            };
            Ok(core.check_with(&text, question, now).into())
        })
    }

    /// What was seen, in bytes to keep over a restart: at most 164 KB, nothing personal.
    pub fn remembered(&self) -> Result<Vec<u8>, WalletError> {
        guard(|| Ok(self.state().core.remembered().to_bytes()))
    }

    /// Takes over what was seen before a restart, beside what was seen since.
    pub fn remember(&self, bytes: Vec<u8>) -> Result<(), WalletError> {
        guard(|| {
            let remembered = core::Remembered::from_bytes(&bytes);
            let remembered = remembered.map_err(|_| WalletError::InvalidArgument)?;
            self.state().core.remember(&remembered);
            Ok(())
        })
    }
}

impl Verifier {
    /// The state, also after a panic: at worst one presentation is remembered, or not.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add_qr(
        &self,
        reader: &str,
        cnonce: [u8; 16],
        now: UnixTime,
        asked_at_s: u64,
    ) -> Result<Challenge, WalletError> {
        let invalid = |_| WalletError::InvalidArgument;
        let text = challenge::build_unsigned(reader, &cnonce, now).map_err(invalid)?;
        let symbol = Symbol::encode(&text, SymbolOptions::default()).map_err(invalid)?;
        self.add(
            Asked::qr(reader, cnonce).map_err(invalid)?.at(asked_at_s),
            text,
            Some(QrSymbol::from(&symbol)),
        )
    }

    pub(crate) fn add_digits(
        &self,
        digits: &str,
        asked_at_s: u64,
    ) -> Result<Challenge, WalletError> {
        let asked = Asked::digits(digits).map_err(|_| WalletError::InvalidArgument)?;
        self.add(asked.at(asked_at_s), digits.to_owned(), None)
    }

    fn add(
        &self,
        asked: Asked,
        text: String,
        symbol: Option<QrSymbol>,
    ) -> Result<Challenge, WalletError> {
        let id = format!("{:032x}", u128::from_be_bytes(random()?));
        let mut state = self.state();
        if state.asked.len() >= OPEN_CHALLENGES {
            state.asked.pop_front();
        }
        state.asked.push_back((id.clone(), asked));
        Ok(Challenge { id, text, symbol })
    }
}

/// A picture of a QR with its quiet zone: a PNG of so many pixels a module, 1 to 32. For screens
/// that draw pictures more easily than squares.
#[uniffi::export]
pub fn qr_png(symbol: QrSymbol, scale: Count) -> Result<Vec<u8>, WalletError> {
    guard(|| {
        let scale = u32::try_from(scale.0).ok();
        let scale = scale.filter(|scale| (1..=32).contains(scale));
        let rows = symbol.rows();
        let (scale, rows) = scale.zip(rows).ok_or(WalletError::InvalidArgument)?;
        Ok(qr::png_of(&rows, scale))
    })
}

/// The policy of the profile.
#[uniffi::export]
pub fn default_policy() -> Result<VerifierPolicy, WalletError> {
    guard(|| Ok(core::Policy::default().into()))
}

/// A text of a license for people's eyes: a character that this library knows no shape for is
/// written as its number, `[U+323B0]`. A font would show an empty box, or nothing.
#[uniffi::export]
pub fn visible_text(text: String) -> Result<String, WalletError> {
    guard(|| Ok(text::shown(&text).into_owned()))
}

fn time(now: Option<Instant>) -> Result<UnixTime, WalletError> {
    match now {
        Some(now) => Ok(now.try_into()?),
        None => Ok(SystemClock::new().read().wall),
    }
}

/// Seconds of the boot clock, which cannot be set: by it a challenge ends.
pub(crate) fn boot_clock_s() -> u64 {
    SystemClock::new().read().boot.as_secs()
}

fn random<const N: usize>() -> Result<[u8; N], WalletError> {
    let mut bytes = [0; N];
    match SystemRandom.fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(WalletError::KeyStore {
            reason: KeyStoreProblem::Unavailable,
        }),
    }
}

/// Eight random digits, each number as likely as another.
fn random_digits() -> Result<String, WalletError> {
    const NUMBERS: u32 = 100_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % NUMBERS;
    loop {
        let number = u32::from_be_bytes(random()?);
        if number < FAIR {
            return Ok(format!("{:08}", number % NUMBERS));
        }
    }
}
