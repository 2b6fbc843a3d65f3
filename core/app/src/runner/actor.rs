//! The task that owns the state: events in, effects out, one after another.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use vidimus_wallet::present::ReaderRequest;
use vidimus_wallet::{CancelToken, Offer, Wallet};

use super::Assets;
use super::engine::{self, Published, Role, Workers};
use super::saved::{self, Sealer};
use super::small_map::SmallMap;
use super::work::{self, Done, Home, Resource, Showing};
use crate::driver::{Snapshot, State, screen, update};
use crate::effect::{Ask, Effect, ShellEffect, Task};
use crate::event::{Action, Answer, Event, Outcome};
use crate::screen::Screen;
use crate::trouble::Failure;

/// What work of the task ends with.
pub(super) enum Finished {
    /// A task, by the id of its effect.
    Task(u64, Done),
    /// The snapshot is sealed; none where it could not be.
    Sealed(Option<Vec<u8>>),
}

/// The first id of effects that the task begins by itself, beyond those of the state.
const FIRST_SAVE: u64 = 1 << 32;

pub(super) struct Actor {
    home: Arc<Home>,
    sealer: Arc<dyn Sealer>,
    assets: Arc<Assets>,
    workers: Workers<Event, Finished>,
    wallet: Option<Wallet>,
    offers: SmallMap<u64, Arc<Offer>>,
    questions: SmallMap<u64, ReaderRequest>,
    showings: SmallMap<u64, Arc<Showing>>,
    /// Which showing the effect signs a code of.
    signing: SmallMap<u64, u64>,
    /// The last snapshot that was taken, and whether one is being sealed.
    kept: Option<Snapshot>,
    is_sealing: bool,
    /// The snapshot to seal next.
    to_seal: Option<Snapshot>,
    save: Option<u64>,
    saves: u64,
    /// When it is dropped, `App::close` knows that everything is closed. Fields are dropped in
    /// their order, so it comes after the wallet.
    news: watch::Sender<Published<Screen, ShellEffect>>,
}

impl Actor {
    pub(super) fn new(
        home: Arc<Home>,
        sealer: Arc<dyn Sealer>,
        workers: Workers<Event, Finished>,
        news: watch::Sender<Published<Screen, ShellEffect>>,
        assets: Arc<Assets>,
    ) -> Self {
        Self {
            home,
            sealer,
            news,
            assets,
            workers,
            wallet: None,
            offers: SmallMap::new(),
            questions: SmallMap::new(),
            showings: SmallMap::new(),
            signing: SmallMap::new(),
            kept: None,
            is_sealing: false,
            to_seal: None,
            save: None,
            saves: FIRST_SAVE,
        }
    }

    /// The state to begin with, by what was kept of the app before.
    pub(super) async fn begin_with_saved(
        &mut self,
        has_lock: bool,
        saved: Option<Vec<u8>>,
    ) -> State {
        let now = self.home.ports.clock.read();
        let kept = match saved {
            Some(saved) => saved::open(&*self.sealer, &saved, now).await,
            None => None,
        };
        let redirect = self.home.sign_in.as_ref();
        let redirect = redirect.map(|client| client.redirect_uri.clone());
        let state = State::new(has_lock, kept).with_sign_in(redirect);
        self.apply(state, Event::Start)
    }

    fn receive(&mut self, state: State, event: Event) -> State {
        if let Event::Action(Action::Done {
            id,
            answer: Answer::Saved,
        }) = &event
            && self.save == Some(*id)
        {
            self.save = None;
            self.publish(&state);
            return state;
        }
        let is_leaving = matches!(event, Event::Action(Action::Left));
        let state = self.apply(state, event);
        if is_leaving {
            // From now on the system may end the app, so the snapshot must be of now.
            self.kept = None;
            self.take_snapshot(&state);
        }
        state
    }

    /// Stores what an effect has read before the state hears of it.
    fn done(&mut self, state: State, id: u64, done: Done) -> State {
        self.workers.has_ended(id);
        let signed = self.signing.remove(&id);
        match done.resource {
            Resource::None => {
                if matches!(done.outcome, Outcome::Opened(_)) {
                    self.wallet = None;
                }
            }
            Resource::Wallet(wallet) => self.wallet = Some(wallet),
            Resource::Offer(offer) => {
                self.offers.insert(id, offer);
            }
            Resource::SignIn(address) => {
                self.assets.lock().sign_in = Some((id, address));
            }
            Resource::Question(question) => {
                self.questions.insert(id, *question);
            }
            Resource::Showing(showing) => {
                self.showings.insert(id, showing);
            }
            Resource::Frames(symbols) => {
                if let Outcome::Framed(Ok(framed)) = &done.outcome
                    && let Some(showing) =
                        signed.filter(|showing| self.showings.get(showing).is_some())
                {
                    self.assets.put_frames(showing, framed.number, symbols);
                }
            }
        }
        if let Some(pictures) = done.pictures {
            self.assets.lock().pictures = pictures.into();
        }
        let outcome = done.outcome;
        self.apply(state, Event::Done { id, outcome })
    }

    fn sealed(&mut self, state: State, saved: Option<Vec<u8>>) -> State {
        if saved.is_some() {
            self.saves = self.saves.saturating_add(1);
            self.save = Some(self.saves);
        }
        self.put_sealed(saved);
        self.publish(&state);
        state
    }

    fn put_sealed(&mut self, saved: Option<Vec<u8>>) {
        self.is_sealing = false;
        if saved.is_some() {
            self.assets.lock().saved = saved;
        }
        self.go_on_sealing();
    }

    /// Applies an event: changes the state, begins its effects, and publishes the update.
    fn apply(&mut self, state: State, event: Event) -> State {
        let now = self.home.ports.clock.read();
        let (state, effects) = update(state, event, now);
        for effect in effects {
            self.begin(effect);
        }
        self.offers.retain(|id| state.needs(*id));
        self.questions.retain(|id| state.needs(*id));
        let due = state.refresh_due_in(now);
        let mut assets = self.assets.lock();
        assets.refresh_due = due.map(|due| now.boot.saturating_add(due));
        assets
            .sign_in
            .take_if(|(id, _)| state.sign_in() != Some(*id));
        drop(assets);
        self.take_snapshot(&state);
        self.publish(&state);
        state
    }

    fn publish(&self, state: &State) {
        let screen = screen(state, self.home.ports.clock.read());
        let mut effects = state.shell_effects();
        effects.extend(self.save.map(|id| ShellEffect { id, ask: Ask::Save }));
        engine::publish(&self.news, screen, effects);
    }

    /// Takes a snapshot and seals it, where it differs from the one before.
    fn take_snapshot(&mut self, state: &State) {
        let Some(kept) = state.snapshot(self.home.ports.clock.read()) else {
            return;
        };
        let is_same = self.kept.as_ref().is_some_and(|before| {
            let at = before.at;
            *before == Snapshot { at, ..kept.clone() }
        });
        if !is_same {
            self.to_seal = Some(kept.clone());
            self.kept = Some(kept);
            self.go_on_sealing();
        }
    }

    fn go_on_sealing(&mut self) {
        if self.is_sealing {
            return;
        }
        let Some(kept) = self.to_seal.take() else {
            return;
        };
        self.is_sealing = true;
        let sealer = Arc::clone(&self.sealer);
        let seal = async move { Finished::Sealed(saved::seal(&*sealer, &kept).await) };
        self.workers.run(Finished::Sealed(None), Box::pin(seal));
    }

    fn begin(&mut self, effect: Effect) {
        match effect {
            Effect::Do { id, task } => self.begin_task(id, task),
            // It is in each update.
            Effect::Ask { .. } => {}
            Effect::Stop { id } => self.workers.stop(id),
        }
    }

    fn begin_task(&mut self, id: u64, task: Task) {
        let cancel = self.workers.cancel_token(id);
        let home = Arc::clone(&self.home);
        match task {
            Task::Open => {
                self.wallet = None;
                self.work(id, Outcome::Opened, async move { home.open().await });
            }
            Task::BeginAnew => {
                self.work(id, Outcome::Opened, async move { home.begin_anew().await });
            }
            Task::EndShowing { showing } => {
                self.assets.drop_frames(showing);
                let on = self.showings.remove(&showing);
                self.work(id, |_: Result<(), Failure>| Outcome::Ended, async move {
                    if let Some(on) = on {
                        on.end().await;
                    }
                    Done::of(Outcome::Ended)
                });
            }
            Task::NextFrame { showing, face } => {
                match self.showings.get(&showing).map(Arc::clone) {
                    Some(on) => {
                        self.signing.insert(id, showing);
                        self.work(id, Outcome::Framed, async move {
                            on.next_frame(face, &cancel).await
                        });
                    }
                    None => self.fail(id, Outcome::Framed),
                }
            }
            other => match self.wallet.clone() {
                Some(wallet) => self.begin_with(wallet, id, other, cancel),
                None => self.fail_without_wallet(id, &other),
            },
        }
    }

    /// Begins what needs an open wallet.
    fn begin_with(&mut self, wallet: Wallet, id: u64, task: Task, cancel: CancelToken) {
        let enrolled = |result| Outcome::Enrolled(result, Err(Failure::Internal));
        match task {
            Task::Reread => self.work(id, Outcome::Reread, async move { work::reread(&wallet) }),
            Task::ReadOffer { text } => self.work(id, Outcome::OfferRead, async move {
                work::read_offer(&wallet, &text, &cancel).await
            }),
            Task::Enroll { offer, code } => match self.offers.get(&offer).map(Arc::clone) {
                Some(offer) => self.work(id, enrolled, async move {
                    work::enroll(&wallet, &offer, code.as_deref(), &cancel).await
                }),
                None => self.fail(id, enrolled),
            },
            Task::Refresh { scope } => {
                let refreshed = |result| Outcome::Refreshed(result, Err(Failure::Internal));
                self.work(id, refreshed, async move {
                    work::refresh(&wallet, scope, &cancel).await
                });
            }
            Task::Present { license } => self.work(id, Outcome::Began, async move {
                work::begin(wallet, license, None)
            }),
            Task::Answer { question, license } => match self.questions.get(&question).cloned() {
                Some(question) => self.work(id, Outcome::Began, async move {
                    work::begin(wallet, license, Some(question))
                }),
                None => self.fail(id, Outcome::Began),
            },
            Task::ReadQuestion { text } => self.work(id, Outcome::QuestionRead, async move {
                work::read_question(&wallet, &text)
            }),
            Task::ReadHistory => {
                self.work(
                    id,
                    Outcome::History,
                    async move { work::read_history(&wallet) },
                );
            }
            Task::Apply => {
                let began = |result| Outcome::SignInBegan(result, Err(Failure::Internal));
                match self.home.sign_in.clone() {
                    Some(client) => self.work(id, began, async move {
                        work::apply(&wallet, &client, &cancel).await
                    }),
                    None => self.fail(id, began),
                }
            }
            Task::Resume { redirect } => {
                let resumed = |result| Outcome::Resumed(result, Err(Failure::Internal));
                self.work(id, resumed, async move {
                    work::resume(&wallet, &redirect, &cancel).await
                });
            }
            Task::Abandon => {
                let abandoned = |result| Outcome::Abandoned(result, Err(Failure::Internal));
                self.work(id, abandoned, async move { work::abandon(&wallet).await });
            }
            Task::Dismiss { application } => {
                let dismissed = |result| Outcome::Dismissed(result, Err(Failure::Internal));
                self.work(id, dismissed, async move {
                    work::dismiss(&wallet, application).await
                });
            }
            Task::Remove { license } => {
                let removed = |result| Outcome::Removed(result, Err(Failure::Internal));
                self.work(
                    id,
                    removed,
                    async move { work::remove(&wallet, license).await },
                );
            }
            Task::Open | Task::BeginAnew | Task::NextFrame { .. } | Task::EndShowing { .. } => {}
        }
    }

    /// Runs work in another task. Work that panics has failed.
    fn work<T>(
        &mut self,
        id: u64,
        failed: impl FnOnce(Result<T, Failure>) -> Outcome,
        work: impl Future<Output = Done> + Send + 'static,
    ) {
        let failed = Done::of(failed(Err(Failure::Internal)));
        let work = async move { Finished::Task(id, work.await) };
        self.workers.run(Finished::Task(id, failed), Box::pin(work));
    }

    /// Reports that a task could not be begun.
    fn fail<T>(&self, id: u64, failed: impl FnOnce(Result<T, Failure>) -> Outcome) {
        let done = Done::of(failed(Err(Failure::Internal)));
        self.workers.fail(Finished::Task(id, done));
    }

    /// Reports that there is no open wallet, because it is being opened again.
    fn fail_without_wallet(&self, id: u64, task: &Task) {
        let nothing = || Err(Failure::Internal);
        match task {
            Task::Reread => self.fail(id, Outcome::Reread),
            Task::ReadOffer { .. } => self.fail(id, Outcome::OfferRead),
            Task::Enroll { .. } => self.fail(id, |it| Outcome::Enrolled(it, nothing())),
            Task::Refresh { .. } => self.fail(id, |it| Outcome::Refreshed(it, nothing())),
            Task::Present { .. } | Task::Answer { .. } => self.fail(id, Outcome::Began),
            Task::ReadQuestion { .. } => self.fail(id, Outcome::QuestionRead),
            Task::ReadHistory => self.fail(id, Outcome::History),
            Task::Apply => self.fail(id, |it| Outcome::SignInBegan(it, nothing())),
            Task::Resume { .. } => self.fail(id, |it| Outcome::Resumed(it, nothing())),
            Task::Abandon => self.fail(id, |it| Outcome::Abandoned(it, nothing())),
            Task::Dismiss { .. } => self.fail(id, |it| Outcome::Dismissed(it, nothing())),
            Task::Remove { .. } => self.fail(id, |it| Outcome::Removed(it, nothing())),
            Task::Open | Task::BeginAnew | Task::NextFrame { .. } | Task::EndShowing { .. } => {}
        }
    }
}

impl Role for Actor {
    type State = State;
    type Event = Event;
    type Finished = Finished;

    const TICK: Event = Event::Tick;
    const CLOSE: Event = Event::Close;

    fn workers(&mut self) -> &mut Workers<Event, Finished> {
        &mut self.workers
    }

    fn wakes_in(&self, state: &State) -> Option<Duration> {
        state.wakes_in(self.home.ports.clock.read())
    }

    fn take(&mut self, state: State, event: Event) -> State {
        self.receive(state, event)
    }

    fn finished(&mut self, state: State, finished: Finished) -> State {
        match finished {
            Finished::Task(id, done) => self.done(state, id, done),
            Finished::Sealed(saved) => self.sealed(state, saved),
        }
    }

    /// The last snapshot is sealed.
    fn finished_late(&mut self, finished: Finished) {
        if let Finished::Sealed(saved) = finished {
            self.put_sealed(saved);
        }
    }
}
