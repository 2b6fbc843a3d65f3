//! Presentation: a QR that changes every ten seconds. It is shown to anyone for five minutes, or
//! for 110 seconds in answer to a reader's challenge. The reader accepts answers for 120 seconds.
//!
//! The first frame is returned once the showing is in the activity log, if the disk manages that
//! within half a second. Later frames read the vault and write nothing. The end of a presentation
//! raises the device's anchor, so that a rollback of the log entry will be detected. A license of
//! any status can be shown: refusing it is up to the reader.
//!
//! The driver's face is shown only where the driver asks for it, or agrees to a reader who does: as
//! further QRs, in [`Turns`] with the token. The activity log then says that it was shown.

mod face;
mod log;
mod request;
mod shown;
mod term;
mod turns;

use std::sync::Arc;
use std::time::Duration;

use vidimus_credential::meaning::Standing;
use vidimus_credential::presentation::{ANYONE, Draft, PresentationClaims};
use vidimus_credential::qr::{self, Symbol, SymbolOptions};
use vidimus_credential::{StatusReport, UnixTime};

use crate::boxed::Boxed;
use crate::error::Error;
use crate::ports::{KeyStore, Reading};
use crate::timekeeper::Timekeeper;
use crate::vault::activity_log::{ActivityEntry, Audience, Event, Fields};
use crate::vault::records::{ONLY, StatusRecord, report_of};
use crate::vault::{Table, Vault, View};

use log::{Log, Noted};
use shown::{Cached, Shown};

pub use face::Face;
pub use request::ReaderRequest;
pub use term::Term;
pub use turns::{FACE_TURN, PASSES, TOKEN_TURN, Turn, Turns};

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
    /// The face to show in turn with this token; `None` unless [`Presentation::show_face`] asked
    /// for it. Frames of the same license have the same face, so that a reader goes on collecting.
    pub face: Option<Face>,
}

impl Frame {
    /// The turns of this token and the face beside it; the token alone without one.
    pub fn turns(&self) -> Turns {
        self.face.as_ref().map_or(Turns::TOKEN_ALONE, Face::turns)
    }

    /// The QR whose turn it is; the token's where the face has no such frame.
    pub fn symbol_at(&self, turn: Turn) -> &Symbol {
        let face = match turn {
            Turn::Token => None,
            Turn::Face(index) => self.face.as_ref().and_then(|face| face.symbol(index)),
        };
        face.unwrap_or(&self.symbol)
    }
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
    /// The newest token, to be shown again while it would be signed with the same claims.
    token: Option<Signed>,
    /// Whether the driver wants the face shown.
    with_face: bool,
    /// The face as it was last drawn.
    face: Option<Face>,
    log: Log,
}

/// A token that was signed. Personal data: no `Debug`.
struct Signed {
    /// The version of the license's row.
    license: Option<i64>,
    claims: PresentationClaims,
    text: String,
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
        let term = Term::new(reading, request.as_ref().map(ReaderRequest::read_at));
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
            token: None,
            with_face: false,
            face: None,
            log: Log::default(),
        })
    }

    /// Whether the wallet has a picture of the driver that can be shown as QRs.
    pub fn has_face(&self) -> bool {
        let shown = self.shown.value.as_ref();
        let portrait = shown.and_then(|shown| shown.portrait.as_ref());
        portrait.is_some_and(face::is_roadside)
    }

    /// Whether the next frames carry the driver's face. Call it only for what the driver chose: the
    /// face is off until then, also where the reader asks for it
    /// ([`ReaderRequest::wants_face`]).
    pub fn show_face(&mut self, on: bool) {
        self.with_face = on;
    }

    /// Signs a new token and draws it. Call it again when [`ROTATION`] has passed. Each frame has
    /// the newest status. The first one, and the first one with the face, wait at most
    /// [`LOG_PATIENCE`] for their entry in the activity log.
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
        let face = self.draw_face(symbol.version())?;
        let age_s = status.age_s(estimate.latest);
        let noted = match &face {
            None => Noted::License,
            Some(_) => Noted::Portrait,
        };
        self.log(noted, status, standing, reading, issued_at).await;
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
            face,
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
        if !self.log.has_entry() {
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

    /// The text of a token. What was signed is not signed a second time: two signatures of one
    /// token are two texts, and a reader would take the second for a replay.
    async fn token_text(&mut self, claims: &PresentationClaims) -> Result<String, Error> {
        let license = self.shown.version;
        let known = self.token.as_ref();
        if let Some(known) = known.filter(|it| it.license == license && it.claims == *claims) {
            return Ok(known.text.clone());
        }
        let shown = self.shown.value.as_ref().ok_or(Error::NoSuchLicense)?;
        let algorithm = shown.holder_key.verifying_key().algorithm();
        let draft = Draft::new(&shown.credential, algorithm, claims)?;
        let signature = shown
            .holder_key
            .sign(&*self.keys, draft.to_be_signed())
            .await?;
        let text = qr::token_text(&draft.finish(&signature));
        self.token = Some(Signed {
            license,
            claims: claims.clone(),
            text: text.clone(),
        });
        Ok(text)
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

    /// The face for a token's QR version, where the driver wants it and the wallet has one. It is
    /// drawn again only where the picture or the version is another.
    fn draw_face(&mut self, version: u8) -> Result<Option<Face>, Error> {
        let shown = self.shown.value.as_ref();
        let portrait = shown.and_then(|shown| shown.portrait.as_ref());
        let Some(portrait) = portrait.filter(|held| self.with_face && face::is_roadside(held))
        else {
            return Ok(None);
        };
        let drawn = self.face.take();
        let face = match drawn.filter(|face| face.is_of(portrait, version)) {
            Some(face) => face,
            None => Face::draw(portrait, version)?,
        };
        self.face = Some(face.clone());
        Ok(Some(face))
    }

    /// Writes the log entry and the time. If that fails, the next frame and the end try again.
    async fn log(
        &mut self,
        noted: Noted,
        status: StatusReport,
        standing: Standing,
        reading: Reading,
        at: UnixTime,
    ) {
        let (license, request) = (&self.license, &self.request);
        self.log.note(noted, reading, || ActivityEntry {
            at,
            license: license.clone(),
            event: Event::Shown {
                audience: request
                    .as_ref()
                    .map_or(Audience::Anyone, ReaderRequest::audience),
                fields: match noted {
                    Noted::Portrait => Fields::all(),
                    Noted::License | Noted::Nothing => Fields::all_but_portrait(),
                },
                status: status.state,
                as_of: status.as_of,
                standing,
            },
        });
        // The frame is shown even where the entry is late or cannot be written.
        let _ = tokio::time::timeout(LOG_PATIENCE, self.log.write(&self.vault)).await;
    }
}

/// The stored evidence for the time. A damaged row counts as no evidence.
fn timekeeper(view: &View<'_>) -> Timekeeper {
    view.get(ONLY).ok().flatten().unwrap_or_default()
}
