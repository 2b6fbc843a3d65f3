//! The task that owns the state: events in, effects out, one after another.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use vidimus_credential::sd_cwt::Portrait;
use vidimus_wallet::Boxed;
use vidimus_wallet::reader::{Asking, ChallengeId, Look, ReaderBook, ReaderError, Sight};

use super::super::engine::{self, Published, Role, Workers};
use super::super::small_map::SmallMap;
use super::Assets;
use super::reading::{self, Sighted};
use super::work::{self, Finished, Home, Resource};
use crate::effect::Effect;
use crate::officer::effect::{OfficerShellEffect, OfficerTask};
use crate::officer::event::{BookFailure, Face, Fetched, OfficerEvent, OfficerOutcome, Sighting};
use crate::officer::{OfficerState, officer_screen, officer_update};
use crate::screen::officer::OfficerScreen;

pub(super) struct Actor {
    home: Arc<Home>,
    assets: Arc<Assets>,
    workers: Workers<OfficerEvent, Finished>,
    /// The look that is on, by its number.
    looks: SmallMap<u64, Arc<Mutex<Look>>>,
    questions: SmallMap<u64, ChallengeId>,
    /// The faces that are on the screen, by the digests that the authority signed.
    faces: SmallMap<[u8; 32], String>,
    /// The digest of the face of the last verdict.
    awaited: Option<[u8; 32]>,
    book: Option<ReaderBook>,
    /// Fields are dropped in their order: who waits for the end knows that the book is closed.
    news: watch::Sender<Published<OfficerScreen, OfficerShellEffect>>,
}

impl Actor {
    pub(super) const fn new(
        home: Arc<Home>,
        workers: Workers<OfficerEvent, Finished>,
        news: watch::Sender<Published<OfficerScreen, OfficerShellEffect>>,
        assets: Arc<Assets>,
    ) -> Self {
        Self {
            home,
            assets,
            workers,
            looks: SmallMap::new(),
            questions: SmallMap::new(),
            faces: SmallMap::new(),
            awaited: None,
            book: None,
            news,
        }
    }

    pub(super) fn begin_with(&mut self, log_days: u16) -> OfficerState {
        self.apply(OfficerState::new(log_days), OfficerEvent::Start)
    }

    /// Applies an event: changes the state, begins its effects, forgets what is off the screen, and
    /// publishes the update.
    fn apply(&mut self, state: OfficerState, event: OfficerEvent) -> OfficerState {
        let (state, effects) = officer_update(state, event, self.home.now());
        for effect in effects {
            match effect {
                Effect::Do { id, task } => self.begin(id, task),
                // It is in each update.
                Effect::Ask { .. } => {}
                Effect::Stop { id } => self.workers.stop(id),
            }
        }
        self.looks.retain(|look| state.needs(*look));
        self.questions.retain(|id| state.needs(*id));
        self.faces.retain_values(|face| state.needs_picture(face));
        {
            let mut assets = self.assets.lock();
            assets.faces.retain(|face| state.needs_picture(face));
            assets.questions.retain(|id| state.needs(*id));
            _ = assets.file.take_if(|(id, _)| !state.needs(*id));
        }
        let screen = officer_screen(&state, self.home.now());
        engine::publish(&self.news, screen, state.shell_effects());
        state
    }

    fn begin(&mut self, id: u64, task: OfficerTask) {
        let home = Arc::clone(&self.home);
        match task {
            OfficerTask::Open => {
                self.book = None;
                self.work(id, OfficerOutcome::Opened, work::open(home));
            }
            OfficerTask::BeginAnew => {
                self.book = None;
                self.work(id, OfficerOutcome::Opened, work::begin_anew(home));
            }
            other => match self.book.clone() {
                Some(book) => self.begin_with_book(book, id, other),
                None => self.fail_without_book(id, &other),
            },
        }
    }

    fn begin_with_book(&mut self, book: ReaderBook, id: u64, task: OfficerTask) {
        let home = Arc::clone(&self.home);
        match task {
            OfficerTask::Open | OfficerTask::BeginAnew => {}
            OfficerTask::Refresh { all } => {
                let cancel = self.workers.cancel_token(id);
                let work = work::refresh(home, book, all, cancel);
                self.work(id, refreshed, work);
            }
            OfficerTask::Take {
                look,
                answers,
                texts,
            } => {
                let challenge = answers.map(|id| self.questions.get(&id).cloned());
                match challenge {
                    Some(None) => {
                        let failure = BookFailure::Reader(ReaderError::NoSuchChallenge);
                        self.fail(id, OfficerOutcome::Taken(Err(failure)));
                    }
                    challenge => {
                        let look = self.look(&book, look, challenge.flatten());
                        self.work(id, OfficerOutcome::Taken, work::take(look, texts));
                    }
                }
            }
            OfficerTask::Ask { digits } => {
                self.work(id, OfficerOutcome::Asked, async move {
                    work::ask(&home, &book, digits)
                });
            }
            OfficerTask::ReadLog => {
                self.work(
                    id,
                    OfficerOutcome::LogRead,
                    async move { work::read_log(&book) },
                );
            }
            OfficerTask::Export => {
                self.work(id, OfficerOutcome::Exported, async move {
                    work::export(&home, &book)
                });
            }
        }
    }

    /// The look of this number, which begins with its first picture.
    fn look(
        &mut self,
        book: &ReaderBook,
        number: u64,
        challenge: Option<ChallengeId>,
    ) -> Arc<Mutex<Look>> {
        if let Some(look) = self.looks.get(&number) {
            return Arc::clone(look);
        }
        let asking = Asking {
            category: None,
            challenge,
        };
        let look = Arc::new(Mutex::new(book.look(asking)));
        self.looks.insert(number, Arc::clone(&look));
        look
    }

    fn fail_without_book(&self, id: u64, task: &OfficerTask) {
        let internal = BookFailure::Internal;
        let outcome = match task {
            OfficerTask::Refresh { .. } => refreshed(Err(internal)),
            OfficerTask::Take { .. } => OfficerOutcome::Taken(Err(internal)),
            OfficerTask::Ask { .. } => OfficerOutcome::Asked(Err(internal)),
            OfficerTask::ReadLog => OfficerOutcome::LogRead(Err(internal)),
            OfficerTask::Export => OfficerOutcome::Exported(Err(internal)),
            OfficerTask::Open | OfficerTask::BeginAnew => OfficerOutcome::Opened(Err(internal)),
        };
        self.fail(id, outcome);
    }

    fn fail(&self, id: u64, outcome: OfficerOutcome) {
        self.workers.fail(Finished::of(id, outcome));
    }

    /// Runs work in another task. Work that panics has failed.
    fn work<T>(
        &mut self,
        id: u64,
        failed: impl FnOnce(Result<T, BookFailure>) -> OfficerOutcome,
        work: impl Future<Output = (OfficerOutcome, Resource)> + Send + 'static,
    ) {
        let failed = Finished::of(id, failed(Err(BookFailure::Internal)));
        let work: Boxed<'static, Finished> = Box::pin(async move {
            let (outcome, resource) = work.await;
            Finished {
                id,
                outcome,
                resource,
            }
        });
        self.workers.run(failed, work);
    }

    /// What a picture showed, for the state. A face comes under an id.
    fn sightings(&mut self, id: u64, seen: Vec<Sight>) -> Vec<Sighting> {
        let seen = seen.into_iter().filter_map(|sight| {
            Some(match reading::sighted(sight)? {
                Sighted::Plain(sighting) => sighting,
                Sighted::Face(portrait) => Sighting::Portrait {
                    id: self.keep_face(id, self.awaited, &portrait),
                },
                Sighted::Verdict {
                    mut judged,
                    announce,
                    digest,
                    portrait,
                } => {
                    self.awaited = digest;
                    let known = digest.and_then(|digest| self.faces.get(&digest).cloned());
                    judged.face = match (portrait, known, digest) {
                        (Some(portrait), ..) => Face::Here(self.keep_face(id, digest, &portrait)),
                        (None, Some(known), _) => Face::Here(known),
                        (None, None, Some(_)) => Face::Expected,
                        (None, None, None) => Face::None,
                    };
                    Sighting::Verdict { judged, announce }
                }
            })
        });
        seen.collect()
    }

    /// Keeps a face under the id of the picture that it came with.
    fn keep_face(&mut self, id: u64, digest: Option<[u8; 32]>, portrait: &Portrait) -> String {
        let name = format!("face-{id}");
        if let Some(digest) = digest {
            self.faces.insert(digest, name.clone());
        }
        let mut assets = self.assets.lock();
        assets.faces.insert(name.clone(), portrait.jpeg().into());
        name
    }
}

fn refreshed(result: Result<Fetched, BookFailure>) -> OfficerOutcome {
    let failure = result.err().unwrap_or(BookFailure::Internal);
    OfficerOutcome::Refreshed(Err(failure), Err(failure))
}

impl Role for Actor {
    type State = OfficerState;
    type Event = OfficerEvent;
    type Finished = Finished;

    const TICK: OfficerEvent = OfficerEvent::Tick;
    const CLOSE: OfficerEvent = OfficerEvent::Close;

    fn workers(&mut self) -> &mut Workers<OfficerEvent, Finished> {
        &mut self.workers
    }

    fn wakes_in(&self, state: &OfficerState) -> Option<Duration> {
        state.wakes_in(self.home.now())
    }

    fn take(&mut self, state: OfficerState, event: OfficerEvent) -> OfficerState {
        self.apply(state, event)
    }

    /// Stores what an effect has made before the state hears of it.
    fn finished(&mut self, state: OfficerState, finished: Finished) -> OfficerState {
        let Finished {
            id,
            outcome,
            resource,
        } = finished;
        self.workers.has_ended(id);
        let outcome = match resource {
            Resource::None => outcome,
            Resource::Book(book) => {
                self.book = Some(book);
                outcome
            }
            Resource::Seen(seen) => OfficerOutcome::Taken(Ok(self.sightings(id, seen))),
            Resource::Question(challenge, symbol) => {
                self.questions.insert(id, challenge);
                if let Some(symbol) = symbol {
                    self.assets.lock().questions.insert(id, symbol);
                }
                outcome
            }
            Resource::File(file) => {
                self.assets.lock().file = Some((id, file));
                outcome
            }
        };
        self.apply(state, OfficerEvent::Done { id, outcome })
    }
}
