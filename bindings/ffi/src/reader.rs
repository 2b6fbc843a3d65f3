//! A reader's book, the looks of its cameras, and faces apart from both.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use vidimus_credential::VerifyingKey;
use vidimus_credential::face;
use vidimus_credential::key::{Algorithm, Signer, SigningKey};
use vidimus_credential::qr::{Symbol, SymbolOptions};
use vidimus_wallet::reader::{self, Asking, AuthorityId, ChallengeId, Keeping, When};
use vidimus_wallet::refresh::ROUND_BUDGET;

use crate::cancel_token::CancelToken;
use crate::error::{ReaderProblem, WalletError};
use crate::ports::{CoreHttpTransport, CoreKeyStore, DeviceKeys};
use crate::probe::Counted;
use crate::runtime::{guard, run, run_abortable, run_cancellable};
use crate::types::{
    Challenge, CheckLog, Checked, Count, FaceProgress, Health, HeldAuthority, QrSymbol,
    ReaderConfig, ReaderReport, ReaderStatus, RefreshScope, Sight, TrustedAuthority,
};
use crate::wallet::ports_with;

/// Opens the book of a folder, or makes it there. It has its own keys in the key store, so a wallet
/// may have the same one. Without a transport the built-in one is used; the boot id is as for a
/// wallet.
#[uniffi::export]
pub async fn open_reader_book(
    config: ReaderConfig,
    boot_id: Option<Vec<u8>>,
    keys: Arc<dyn CoreKeyStore>,
    transport: Option<Arc<dyn CoreHttpTransport>>,
    cancel: Arc<CancelToken>,
) -> Result<Arc<ReaderBook>, WalletError> {
    run_abortable(cancel.core.clone(), async move {
        let signer = config.reader_key.map(signer).transpose()?;
        let keys = DeviceKeys::new(keys);
        let ports = ports_with(boot_id, keys, transport, config.pinned_certificates)?;
        let home = PathBuf::from(config.directory);
        let keeping = keeping(config.keeps_numbers);
        let core = reader::ReaderBook::open(&home, ports, keeping).await?;
        Ok(Arc::new(ReaderBook {
            core,
            signer,
            _counted: Counted::new(),
        }))
    })
    .await
}

/// Moves a book that cannot be used any more to a folder beside it, so that a new one can be made,
/// and returns that folder. Nothing is deleted.
#[uniffi::export]
pub fn set_book_aside(directory: String) -> Result<String, WalletError> {
    guard(|| {
        let moved = reader::ReaderBook::set_aside(Path::new(&directory))?;
        // It is the given text and ASCII, so nothing is lost.
        Ok(moved.to_string_lossy().into_owned())
    })
}

pub(crate) const fn keeping(keeps_numbers: bool) -> Keeping {
    if keeps_numbers {
        Keeping::Officer
    } else {
        Keeping::Citizen
    }
}

/// The reader's key of its 32 secret bytes.
pub(crate) fn signer(secret: Vec<u8>) -> Result<Arc<dyn Signer>, WalletError> {
    // Its memory is wiped when it is freed, as all of this library.
    let secret = secret.as_slice().try_into();
    let secret = secret.map_err(|_| WalletError::InvalidArgument)?;
    let key = SigningKey::from_secret(Algorithm::Ed25519, secret);
    Ok(Arc::new(key.map_err(|_| WalletError::InvalidArgument)?))
}

/// A reader's book that is open: whom it trusts, what it has seen, and its checks. It may be used
/// from any thread; another process may have the same one open.
#[derive(uniffi::Object)]
pub struct ReaderBook {
    core: reader::ReaderBook,
    signer: Option<Arc<dyn Signer>>,
    _counted: Counted,
}

#[uniffi::export]
impl ReaderBook {
    /// Trusts an authority from now on, and returns its id in this book. For one that it holds the
    /// addresses change, and what it signed stays.
    pub async fn trust(&self, authority: TrustedAuthority) -> Result<String, WalletError> {
        let book = self.core.clone();
        run(async move {
            let TrustedAuthority {
                root_key,
                address,
                bundles,
            } = authority;
            let root = VerifyingKey::from_cose_key(&root_key)?;
            let id = book.add_authority(root, &address, &bundles).await?;
            Ok(id.as_str().to_owned())
        })
        .await
    }

    /// Trusts an authority no longer, and deletes what it signed. One that it does not hold is no
    /// error.
    pub async fn distrust(&self, authority: String) -> Result<(), WalletError> {
        let book = self.core.clone();
        run(async move {
            let id = AuthorityId::from(authority);
            Ok(book.remove_authority(&id).await?)
        })
        .await
    }

    /// What the reader knows, and how old that is.
    pub async fn status(&self) -> Result<ReaderStatus, WalletError> {
        let book = self.core.clone();
        run(async move {
            let now = book.time();
            let held = book.authorities()?;
            let damaged = book.damaged_authorities();
            Ok(ReaderStatus {
                may_check: held.iter().any(|held| held.list_signed.is_some()),
                authorities: held
                    .into_iter()
                    .map(|held| HeldAuthority::new(held, now))
                    .collect(),
                damaged_authorities: damaged
                    .into_iter()
                    .map(|id| id.as_str().to_owned())
                    .collect(),
                health: book.health()?.into(),
            })
        })
        .await
    }

    /// The state of the book, after everything in it was read.
    pub async fn examine(&self) -> Result<Health, WalletError> {
        let book = self.core.clone();
        run(async move { Ok(book.examine()?.into()) }).await
    }

    /// Fetches what is due, or all, within a budget in milliseconds, by default 25 seconds.
    /// Failures of the network are in the report.
    pub async fn refresh(
        &self,
        what: RefreshScope,
        budget_ms: Option<i64>,
        cancel: Arc<CancelToken>,
    ) -> Result<ReaderReport, WalletError> {
        let budget = match budget_ms {
            Some(millis) => u64::try_from(millis).map(Duration::from_millis),
            None => Ok(ROUND_BUDGET),
        };
        let budget = budget.map_err(|_| WalletError::InvalidArgument)?;
        let what = match what {
            RefreshScope::Now => When::Now,
            RefreshScope::Due | RefreshScope::Opened => When::Due,
        };
        let book = self.core.clone();
        run_cancellable(cancel.core.clone(), async move {
            Ok(book.refresh(what, budget, &cancel.core).await?.into())
        })
        .await
    }

    /// Judges the text of a QR that comes once. The license must have the category today, where one
    /// is named, and answer the challenge of this id. A text that cannot be read is refused.
    pub async fn check(
        &self,
        text: String,
        category: Option<String>,
        challenge: Option<String>,
    ) -> Result<Checked, WalletError> {
        let book = self.core.clone();
        let asking = asking(category, challenge)?;
        // To its end, also where no one waits: what was seen is remembered.
        run(async move { Ok(book.check(&text, asking).await?.into()) }).await
    }

    /// Begins to follow one camera, with the question of each of its verdicts as for a check.
    pub fn look(
        &self,
        category: Option<String>,
        challenge: Option<String>,
    ) -> Result<Arc<Look>, WalletError> {
        guard(|| {
            let look = self.core.look(asking(category, challenge)?);
            Ok(Arc::new(Look {
                core: Arc::new(tokio::sync::Mutex::new(look)),
                before: Mutex::new(None),
                _counted: Counted::new(),
            }))
        })
    }

    /// Makes a challenge to show as a QR, which counts for 120 seconds, in the name of a reader of
    /// at most 64 bytes; signed where the reader has a key.
    pub fn ask(&self, reader: String, wants_face: bool) -> Result<Challenge, WalletError> {
        guard(|| {
            let signer = self.signer.as_deref();
            let made = self.core.ask(&reader, wants_face, signer)?;
            let symbol = Symbol::encode(&made.text, SymbolOptions::default());
            let symbol = symbol.map_err(|_| WalletError::InvalidArgument)?;
            Ok(challenge(made, Some(QrSymbol::from(&symbol))))
        })
    }

    /// Makes a challenge of 8 digits to read out, which counts for three attempts and 120 seconds.
    pub fn ask_by_digits(&self) -> Result<Challenge, WalletError> {
        guard(|| Ok(challenge(self.core.ask_by_digits()?, None)))
    }

    /// The newest checks, at most this many, newest first.
    pub async fn log(&self, limit: Count) -> Result<CheckLog, WalletError> {
        let limit = limit.to_usize()?;
        let book = self.core.clone();
        run(async move { Ok(book.log(limit)?.into()) }).await
    }

    /// The whole log as a file of JSON lines, the oldest check first. Where the reader has a key,
    /// the last line signs all before it.
    pub async fn exported_log(&self) -> Result<Vec<u8>, WalletError> {
        let (book, signer) = (self.core.clone(), self.signer.clone());
        run(async move { Ok(book.log(usize::MAX)?.to_json_lines(signer.as_deref())?) }).await
    }

    /// Deletes the checks that are older than so many days, all for 0, and returns how many. Call
    /// it daily with the time that the law allows.
    pub async fn forget_log(&self, older_than_days: Count) -> Result<Count, WalletError> {
        let days = u16::try_from(older_than_days.0).map_err(|_| WalletError::InvalidArgument)?;
        let book = self.core.clone();
        run(async move { Ok(Count::of(book.forget_log(days).await?)) }).await
    }
}

fn asking(category: Option<String>, challenge: Option<String>) -> Result<Asking, WalletError> {
    let unknown = WalletError::Reader {
        reason: ReaderProblem::NoSuchChallenge,
    };
    let id = |text: String| {
        let number = u128::from_str_radix(&text, 16).map_err(|_| unknown)?;
        Ok::<_, WalletError>(ChallengeId::from(number.to_be_bytes()))
    };
    Ok(Asking {
        category,
        challenge: challenge.map(id).transpose()?,
    })
}

fn challenge(made: reader::Challenge, symbol: Option<QrSymbol>) -> Challenge {
    Challenge {
        id: format!("{:032x}", u128::from_be_bytes(*made.id.as_bytes())),
        text: made.text,
        symbol,
    }
}

/// What is held before one camera. One for each question: an answer to a challenge is another look.
#[derive(uniffi::Object)]
pub struct Look {
    core: Arc<tokio::sync::Mutex<reader::Look>>,
    /// The token of the call before.
    before: Mutex<Option<Arc<CancelToken>>>,
    _counted: Counted,
}

#[uniffi::export]
impl Look {
    /// Takes the texts of all codes in one picture, and gives what is new. After a call that was
    /// cancelled, the next one gives the verdict again: the answer may have been lost on its way.
    pub async fn take(
        &self,
        texts: Vec<String>,
        cancel: Arc<CancelToken>,
    ) -> Result<Vec<Sight>, WalletError> {
        let look = Arc::clone(&self.core);
        let is_lost = self.follows_a_lost_call(&cancel);
        run_abortable(cancel.core.clone(), async move {
            let mut look = look.lock().await;
            if is_lost {
                look.tell_again();
            }
            let seen = look.take(&texts).await?;
            Ok(seen.into_iter().map(Sight::from).collect())
        })
        .await
    }
}

impl Look {
    /// Notes the token of a call; whether the call before was cancelled.
    fn follows_a_lost_call(&self, cancel: &Arc<CancelToken>) -> bool {
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let before = before.replace(Arc::clone(cancel));
        before.is_some_and(|before| before.core.is_cancelled())
    }
}

/// Joins faces from their frames, in any order and again, for a reader that judges by a verifier.
/// At most four faces are collected at once. One for each driver: it keeps faces.
#[derive(uniffi::Object)]
pub struct FaceCollector {
    core: Mutex<face::FaceCollector>,
    _counted: Counted,
}

#[uniffi::export]
impl FaceCollector {
    /// One that has read nothing.
    #[uniffi::constructor]
    pub fn new() -> Result<Arc<Self>, WalletError> {
        guard(|| {
            Ok(Arc::new(Self {
                core: Mutex::new(face::FaceCollector::new()),
                _counted: Counted::new(),
            }))
        })
    }

    /// Takes the text of a scanned QR. None where it is no frame, or where the whole is not what
    /// its frames say of it.
    pub fn take(&self, text: String) -> Result<Option<FaceProgress>, WalletError> {
        guard(|| {
            let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(core.take(&text).ok().map(FaceProgress::from))
        })
    }

    /// The face, a JPEG, that the authority signed under this digest; none before it is whole.
    pub fn face(&self, portrait_digest: Vec<u8>) -> Result<Option<Vec<u8>>, WalletError> {
        guard(|| {
            let digest = portrait_digest.as_slice().try_into();
            let digest: &[u8; 32] = digest.map_err(|_| WalletError::InvalidArgument)?;
            let core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
            let portrait = core.join_digest(digest);
            Ok(portrait.map(|portrait| portrait.jpeg().to_vec()))
        })
    }
}
