//! Presentation: a QR that changes every ten seconds. It is shown to anyone for five minutes, or
//! for 110 seconds in answer to a reader's challenge. The reader accepts answers for 120 seconds.
//!
//! The first frame is returned once the showing is in the activity log, if the disk manages that
//! within half a second. Later frames read the vault and write nothing. The end of a presentation
//! raises the device's anchor, so that a rollback of the log entry will be detected. A license of
//! any status can be shown: refusing it is up to the reader.

mod request;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use vidimus_credential::meaning::{Grounds, Standing, Statement};
use vidimus_credential::presentation::{ANYONE, Draft, LIFE_S, PresentationClaims};
use vidimus_credential::qr::{self, Symbol, SymbolOptions};
use vidimus_credential::sd_cwt::StatusRef;
use vidimus_credential::{License, StatusReport, UnixTime};

use crate::boxed::Boxed;
use crate::error::Error;
use crate::keys::HolderKey;
use crate::ports::{KeyStore, Reading};
use crate::succession;
use crate::timekeeper::Timekeeper;
use crate::vault::activity_log::{ActivityEntry, Audience, Event, Fields};
use crate::vault::records::{ONLY, StatusRecord, report_of};
use crate::vault::{Table, Tx, Vault, View, Weight};

pub use request::ReaderRequest;

/// How long one frame may be shown.
pub const ROTATION: Duration = Duration::from_secs(10);

/// How long a presentation lasts, by the boot clock. Then it ends by itself.
pub const LENGTH: Duration = Duration::from_secs(300);

/// How long after it was read a challenge is answered, by the boot clock. The reader accepts no
/// answer more than 120 s after it asked; the difference is for the camera and for the time before
/// the challenge was read.
pub const ANSWER_LENGTH: Duration = Duration::from_secs(110);

/// How long the first frame waits for its entry in the activity log. A slow, full or read-only disk
/// does not prevent showing the license.
pub const LOG_PATIENCE: Duration = Duration::from_millis(500);

/// One frame, to be shown for 10 s. Its text is a token, so it has no `Debug`.
#[derive(Clone)]
pub struct Frame {
    /// The text in the QR: a presentation token.
    pub text: String,
    /// The QR's modules, without quiet zone. The screen must add one of 4 modules.
    pub symbol: Symbol,
    /// When the token was signed: its `iat`.
    pub issued_at: UnixTime,
    /// When to ask for the next frame, by the same clock as `issued_at`.
    pub rotates_at: UnixTime,
    /// When the token expires, its `exp`: 30 s after `issued_at`, or the credential's end.
    pub expires_at: UnixTime,
    /// The status in the token. It does not decide whether the driver may drive: use `standing`.
    pub status: StatusReport,
    /// The standing of the license: the worst of its status, its dates, those of its categories,
    /// and its credential's end.
    pub standing: Standing,
    /// The age of the status in seconds; `None` without a status.
    pub age_s: Option<u64>,
    /// Whether the status token was left out because no QR is large enough for it.
    pub staple_left_out: bool,
}

/// One showing of one license. It ends by itself after five minutes, or 110 seconds after its
/// challenge was read. Its secrets are wiped when it is dropped. Call [`end`](Self::end) when the
/// screen closes.
pub struct Presentation {
    vault: Vault,
    keys: Arc<dyn KeyStore>,
    license: String,
    shown: Cached<Shown>,
    request: Option<ReaderRequest>,
    term: Term,
    keeper: Cached<Timekeeper>,
    status: Cached<StatusRecord>,
    /// Version and mask of the first symbol, which all later ones keep.
    shape: Option<(u8, u8)>,
    /// The version of the status row whose token is too long for a QR.
    too_long: Option<i64>,
    log: Log,
}

/// The entry of this showing in the activity log.
#[derive(Default)]
struct Log {
    /// The entry and the time of the first frame, which makes it.
    entry: Option<(ActivityEntry, Reading)>,
    /// The running write. It continues even if its caller stops waiting.
    writing: Option<JoinHandle<Result<(), Error>>>,
    is_written: bool,
}

impl Log {
    /// Writes the entry unless it is written or being written, and waits for the write.
    async fn write(&mut self, vault: &Vault) -> Result<(), Error> {
        let Some((entry, reading)) = self.entry.clone().filter(|_| !self.is_written) else {
            return Ok(());
        };
        let vault = vault.clone();
        let writing = self.writing.get_or_insert_with(|| {
            tokio::spawn(async move {
                let change = move |tx: &mut Tx<'_>| {
                    let mut keeper = timekeeper(tx);
                    if keeper.note(reading) {
                        tx.put(ONLY, &keeper)?;
                    }
                    tx.log(&entry)
                };
                vault.write(Weight::Light, change).await
            })
        });
        let result = writing.await.unwrap_or(Err(Error::Cancelled));
        self.writing = None;
        self.is_written = result.is_ok();
        if let Err(error) = result {
            tracing::warn!(%error, "a presentation could not be logged");
        }
        result
    }
}

/// The credential on the screen and its key. It is personal data and has no `Debug`.
struct Shown {
    credential: Vec<u8>,
    license: License,
    issued_at: UnixTime,
    expires: UnixTime,
    status: StatusRef,
    holder_key: HolderKey,
}

impl Shown {
    /// When the token expires: a reader refuses a token that outlives its credential. An expired
    /// credential gets a token of the full length, so that the reader can name the reason for its
    /// refusal.
    fn end_of(&self, issued_at: UnixTime) -> UnixTime {
        let end = issued_at.saturating_add(LIFE_S);
        if self.expires > issued_at {
            end.min(self.expires)
        } else {
            end
        }
    }

    fn standing(&self, status: Option<Statement>, now: UnixTime) -> Standing {
        let grounds = Grounds {
            license: &self.license,
            credential_ends: self.expires,
            status,
        };
        grounds.standings(now).worst()
    }

    fn read(view: &View<'_>, license: &str, now: UnixTime) -> Result<Self, Error> {
        let shown = succession::shown(view, license, now)?.ok_or(Error::NoSuchLicense)?;
        let record = shown.into_record();
        let held = record.sd_cwt()?;
        let holder_key = view.get(&held.holder_key)?.ok_or(Error::NoSuchLicense)?;
        let parsed = record.parse()?;
        let claims = parsed.claims();
        Ok(Self {
            issued_at: claims.iat,
            expires: claims.exp,
            status: claims.status.clone(),
            license: claims.license.clone(),
            credential: held.credential.clone(),
            holder_key,
        })
    }
}

/// The remaining time of one presentation, which a screen can ask while a frame is being made.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    started: Reading,
    /// When its challenge was read; `None` without a challenge.
    asked: Option<Reading>,
}

impl Term {
    /// The remaining time; zero once it has ended.
    pub fn remaining(&self, reading: Reading) -> Duration {
        let shown = left(LENGTH, self.started, reading);
        self.asked.map_or(shown, |asked| {
            shown.min(left(ANSWER_LENGTH, asked, reading))
        })
    }

    /// The reason why it has ended; `Ok` while it lasts.
    fn check(&self, reading: Reading) -> Result<(), Error> {
        let is_over = |asked| left(ANSWER_LENGTH, asked, reading).is_zero();
        if self.asked.is_some_and(is_over) {
            Err(Error::ChallengeOver)
        } else if self.remaining(reading).is_zero() {
            Err(Error::PresentationEnded)
        } else {
            Ok(())
        }
    }
}

/// The rest of `length` since `begun`, by the boot clock; zero after a restart.
fn left(length: Duration, begun: Reading, now: Reading) -> Duration {
    let elapsed = now.boot.checked_sub(begun.boot);
    match elapsed {
        Some(elapsed) if begun.boot_id == now.boot_id => length.saturating_sub(elapsed),
        _ => Duration::ZERO,
    }
}

/// A row of the vault as it was last read, and its version then.
struct Cached<T> {
    version: Option<i64>,
    value: Option<T>,
}

impl Presentation {
    /// Starts to show a license to anyone, or to the reader who asked.
    ///
    /// # Errors
    /// [`Error::NoSuchLicense`]; [`Error::VaultDamaged`] where the license or its key is damaged;
    /// [`Error::ChallengeOver`] more than [`ANSWER_LENGTH`] after the challenge was read.
    pub fn start(
        vault: &Vault,
        keys: Arc<dyn KeyStore>,
        license: &str,
        request: Option<ReaderRequest>,
        reading: Reading,
    ) -> Result<Self, Error> {
        let term = Term {
            started: reading,
            asked: request.as_ref().map(ReaderRequest::read_at),
        };
        term.check(reading)?;
        let shown = vault.read(|view| {
            let now = timekeeper(view).best(reading).latest;
            Ok(Cached {
                version: view.version(Table::License, license),
                value: Some(Shown::read(view, license, now)?),
            })
        })?;
        Ok(Self {
            vault: vault.clone(),
            keys,
            license: license.to_owned(),
            shown,
            request,
            term,
            keeper: Cached::empty(),
            status: Cached::empty(),
            shape: None,
            too_long: None,
            log: Log::default(),
        })
    }

    /// Signs a new token and draws it. Call it again when [`ROTATION`] has passed. Each frame has
    /// the newest status. The first one waits at most [`LOG_PATIENCE`] for its entry in the
    /// activity log.
    ///
    /// # Errors
    /// [`Error::PresentationEnded`] after five minutes, [`Error::ChallengeOver`] 110 s after the
    /// challenge was read, by the boot clock; [`Error::KeyInvalidated`] or [`Error::KeyStore`]
    /// where the device does not sign.
    pub fn frame(&mut self, reading: Reading) -> Boxed<'_, Result<Frame, Error>> {
        Box::pin(self.next_frame(reading))
    }

    async fn next_frame(&mut self, reading: Reading) -> Result<Frame, Error> {
        self.term.check(reading)?;
        let current = self.read_vault(reading)?;
        let keeper = self.keeper.value.unwrap_or_default();
        let estimate = keeper.best(reading);
        let shown = self.shown.value.as_ref().ok_or(Error::NoSuchLicense)?;
        // A status that is older than the credential does not apply to it, and no reader would use
        // it.
        let staple = self.status.value.as_ref().filter(|_| current);
        let usable = staple.filter(|record| record.applies_to(shown.status.idx, shown.issued_at));
        let statement = usable.and_then(|record| record.statement(shown.status.idx));
        let status = report_of(statement, estimate.latest);
        let standing = shown.standing(statement, estimate.latest);

        let mut issued_at = estimate.now.max(shown.issued_at);
        if let Some(record) = usable {
            issued_at = issued_at.max(record.issued_at);
        }
        let mut claims = PresentationClaims {
            aud: ANYONE.to_owned(),
            exp: shown.end_of(issued_at),
            iat: issued_at,
            cnonce: None,
            staple: usable.map(|record| record.token.clone()),
        };
        if let Some(request) = &self.request {
            claims.aud = request.reader().to_owned();
            claims.cnonce = Some(request.cnonce().to_vec());
        }
        let stapled = claims.staple.is_some();
        if self.too_long.is_some() && self.too_long == self.status.version {
            claims.staple = None;
        }
        let mut text = self.token_text(&claims).await?;
        if text.len() > qr::MAX_CHARACTERS && claims.staple.is_some() {
            self.too_long = self.status.version;
            claims.staple = None;
            text = self.token_text(&claims).await?;
        }
        let symbol = self.draw(&text)?;
        let age_s = status.age_s(estimate.latest);
        self.log(status, standing, reading, issued_at).await;
        Ok(Frame {
            text,
            symbol,
            issued_at,
            rotates_at: issued_at.saturating_add(ROTATION.as_secs()),
            expires_at: claims.exp,
            age_s,
            status,
            standing,
            staple_left_out: stapled && claims.staple.is_none(),
        })
    }

    /// The remaining time; zero once it has ended.
    pub fn remaining(&self, reading: Reading) -> Duration {
        self.term.remaining(reading)
    }

    /// The term of this presentation, to ask for the remaining time while a frame is being made.
    pub fn term(&self) -> Term {
        self.term
    }

    /// Ends the presentation, waits until its log entry is written, and raises the device's anchor.
    /// Dropping it ends it too; its entry is then written only if the process lives long enough.
    ///
    /// # Errors
    /// [`Error::Storage`] where the entry could not be written.
    pub fn end(self) -> Boxed<'static, Result<(), Error>> {
        Box::pin(self.close())
    }

    async fn close(mut self) -> Result<(), Error> {
        if self.log.entry.is_none() {
            return Ok(());
        }
        match self.log.write(&self.vault).await {
            // The fault may pass, and this is the last chance to write the entry.
            Err(Error::Storage(error)) if error.may_pass() => self.log.write(&self.vault).await?,
            written => written?,
        }
        if let Err(error) = self.vault.confirm().await {
            // The entry is written. The next write raises the anchor.
            tracing::warn!(%error, "the end of a presentation could not be confirmed");
        }
        Ok(())
    }

    /// Reads what was written since the last frame. A renewed credential takes the place of the old
    /// one, with its status. Returns whether the status was written after the last rollback.
    fn read_vault(&mut self, reading: Reading) -> Result<bool, Error> {
        let (shown, status, keeper) = (&mut self.shown, &mut self.status, &mut self.keeper);
        let license = self.license.as_str();
        self.vault.read(|view| {
            keeper.refresh(view.version(Table::Time, ONLY), || Some(timekeeper(view)));
            let version = view.version(Table::License, license);
            if shown.version != version {
                let now = timekeeper(view).best(reading).latest;
                // A license that was removed or damaged since is shown to the end from memory.
                if let Ok(renewed) = Shown::read(view, license, now) {
                    shown.value = Some(renewed);
                    *status = Cached::empty();
                }
                shown.version = version;
            }
            let uri = shown.value.as_ref();
            let uri = uri.map_or("", |shown| shown.status.uri.as_str());
            status.refresh(view.version(Table::Status, uri), || {
                view.get(uri).ok().flatten()
            });
            Ok(view.is_current(Table::Status, uri))
        })
    }

    async fn token_text(&self, claims: &PresentationClaims) -> Result<String, Error> {
        let shown = self.shown.value.as_ref().ok_or(Error::NoSuchLicense)?;
        let algorithm = shown.holder_key.verifying_key().algorithm();
        let draft = Draft::new(&shown.credential, algorithm, claims)?;
        let signature = shown
            .holder_key
            .sign(&*self.keys, draft.to_be_signed())
            .await?;
        Ok(qr::token_text(&draft.finish(&signature)))
    }

    fn draw(&mut self, text: &str) -> Result<Symbol, Error> {
        let options = match self.shape {
            None => SymbolOptions::default(),
            Some((min_version, mask)) => SymbolOptions {
                min_version,
                mask: Some(mask),
            },
        };
        let symbol = Symbol::encode(text, options)?;
        self.shape = Some((symbol.version(), symbol.mask()));
        Ok(symbol)
    }

    /// Writes the log entry and the time. If that fails, the next frame and the end try again.
    async fn log(
        &mut self,
        status: StatusReport,
        standing: Standing,
        reading: Reading,
        at: UnixTime,
    ) {
        if self.log.is_written {
            return;
        }
        if self.log.entry.is_none() {
            let audience = match &self.request {
                None => Audience::Anyone,
                Some(request) => Audience::Reader {
                    name: request.reader().to_owned(),
                    proven: request.proven_name().is_some(),
                },
            };
            let entry = ActivityEntry {
                at,
                license: self.license.clone(),
                event: Event::Shown {
                    audience,
                    fields: Fields::all_but_portrait(),
                    status: status.state,
                    as_of: status.as_of,
                    standing,
                },
            };
            self.log.entry = Some((entry, reading));
        }
        // The frame is shown even where the entry is late or cannot be written.
        let _ = tokio::time::timeout(LOG_PATIENCE, self.log.write(&self.vault)).await;
    }
}

impl<T> Cached<T> {
    const fn empty() -> Self {
        Self {
            version: None,
            value: None,
        }
    }

    fn refresh(&mut self, version: Option<i64>, read: impl FnOnce() -> Option<T>) {
        if self.version != version {
            self.value = version.and_then(|_| read());
            self.version = version;
        }
    }
}

/// The stored evidence for the time. A damaged row counts as no evidence.
fn timekeeper(view: &View<'_>) -> Timekeeper {
    view.get(ONLY).ok().flatten().unwrap_or_default()
}
