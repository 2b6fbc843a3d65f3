//! What every app's task does alike: it takes events one after another, sleeps until something is
//! due, runs work beside itself, and publishes what is new on the screen.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use vidimus_wallet::{Boxed, CancelToken};

use super::small_map::SmallMap;

/// The shortest sleep, so that a timer cannot fire without a pause.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

/// A message to a task.
pub(super) enum Message<E, F> {
    /// An event from the shell.
    Event(E),
    /// The app shall end.
    Close,
    /// A task of Rust has ended.
    Finished(Box<F>),
}

/// What is on the screen, and what the shell must do.
#[derive(Clone)]
pub(super) struct Published<S, A> {
    pub(super) number: u64,
    pub(super) screen: S,
    pub(super) effects: Vec<A>,
}

/// The work of a task that runs beside it.
pub(super) struct Workers<E, F> {
    inbox: mpsc::UnboundedSender<Message<E, F>>,
    running: JoinSet<()>,
    cancels: SmallMap<u64, CancelToken>,
}

impl<E: Send + 'static, F: Send + 'static> Workers<E, F> {
    pub(super) fn new(inbox: mpsc::UnboundedSender<Message<E, F>>) -> Self {
        Self {
            inbox,
            running: JoinSet::new(),
            cancels: SmallMap::new(),
        }
    }

    /// A token by which the work of an effect is asked to end.
    pub(super) fn cancel_token(&mut self, id: u64) -> CancelToken {
        let cancel = CancelToken::new();
        self.cancels.insert(id, cancel.clone());
        cancel
    }

    /// Asks the work of an effect to end.
    pub(super) fn stop(&self, id: u64) {
        if let Some(cancel) = self.cancels.get(&id) {
            cancel.cancel();
        }
    }

    /// The work of an effect has ended.
    pub(super) fn has_ended(&mut self, id: u64) {
        self.cancels.remove(&id);
    }

    /// Runs work. Where it panics it has ended with `failed`. One function for all kinds of work: a
    /// copy for each would be a twentieth of the library.
    pub(super) fn run(&mut self, failed: F, work: Boxed<'static, F>) {
        let inbox = self.inbox.clone();
        self.running.spawn(async move {
            let finished = tokio::spawn(work).await.unwrap_or(failed);
            _ = inbox.send(Message::Finished(Box::new(finished)));
        });
    }

    /// Reports that work has ended without having begun.
    pub(super) fn fail(&self, failed: F) {
        _ = self.inbox.send(Message::Finished(Box::new(failed)));
    }
}

/// What one app's task does in its own way.
pub(super) trait Role: Sized + Send + 'static {
    /// The state that its pure functions change.
    type State: Send;
    /// What happens to it.
    type Event: Send + 'static;
    /// What its work ends with.
    type Finished: Send + 'static;

    /// An event that says that time has passed.
    const TICK: Self::Event;
    /// An event that ends the app.
    const CLOSE: Self::Event;

    fn workers(&mut self) -> &mut Workers<Self::Event, Self::Finished>;

    /// After how long something changes by itself.
    fn wakes_in(&self, state: &Self::State) -> Option<Duration>;

    /// Changes the state by an event, and begins the effects.
    fn take(&mut self, state: Self::State, event: Self::Event) -> Self::State;

    /// Takes what work has ended with.
    fn finished(&mut self, state: Self::State, finished: Self::Finished) -> Self::State;

    /// Takes what work has ended with after the end of the app.
    fn finished_late(&mut self, _finished: Self::Finished) {}
}

/// Runs a task until the app is closed, and until all work has ended.
pub(super) async fn run<R: Role>(
    mut role: R,
    mut state: R::State,
    mut messages: mpsc::UnboundedReceiver<Message<R::Event, R::Finished>>,
) {
    loop {
        let sleep = role.wakes_in(&state).map(|sleep| sleep.max(SHORTEST_SLEEP));
        let message = tokio::select! {
            message = messages.recv() => message,
            () = until(sleep) => Some(Message::Event(R::TICK)),
        };
        // Drops the workers that have ended.
        while role.workers().running.try_join_next().is_some() {}
        state = match message {
            Some(Message::Event(event)) => role.take(state, event),
            Some(Message::Finished(finished)) => role.finished(state, *finished),
            Some(Message::Close) | None => {
                drop(role.take(state, R::CLOSE));
                break;
            }
        };
    }
    // Work that must be completed is.
    loop {
        while role.workers().running.join_next().await.is_some() {}
        while let Ok(message) = messages.try_recv() {
            if let Message::Finished(finished) = message {
                role.finished_late(*finished);
            }
        }
        if role.workers().running.is_empty() {
            break;
        }
    }
}

async fn until(sleep: Option<Duration>) {
    match sleep {
        Some(sleep) => tokio::time::sleep(sleep).await,
        None => std::future::pending().await,
    }
}

/// Publishes what is on the screen, where that is new.
pub(super) fn publish<S: PartialEq, A: PartialEq>(
    news: &watch::Sender<Published<S, A>>,
    screen: S,
    effects: Vec<A>,
) {
    news.send_if_modified(|before| {
        let is_news = before.screen != screen || before.effects != effects;
        if is_news {
            before.number = before.number.saturating_add(1);
            before.screen = screen;
            before.effects = effects;
        }
        is_news
    });
}

/// The shell's end of a task. The task ends when it is dropped.
pub(super) struct Line<E, F, S, A> {
    inbox: mpsc::UnboundedSender<Message<E, F>>,
    updates: watch::Receiver<Published<S, A>>,
}

/// The task's end: what it hears, and where it publishes.
pub(super) type TaskEnd<E, F, S, A> = (
    mpsc::UnboundedSender<Message<E, F>>,
    mpsc::UnboundedReceiver<Message<E, F>>,
    watch::Sender<Published<S, A>>,
);

impl<E, F, S, A> Line<E, F, S, A>
where
    E: Send + 'static,
    F: Send + 'static,
    S: Clone + Send + Sync + 'static,
    A: Clone + Send + Sync + 'static,
{
    /// The two ends of a line, with what is on the screen first.
    pub(super) fn open(screen: S) -> (Self, TaskEnd<E, F, S, A>) {
        let (inbox, messages) = mpsc::unbounded_channel();
        let (news, updates) = watch::channel(Published {
            number: 1,
            screen,
            effects: Vec::new(),
        });
        let end = (inbox.clone(), messages, news);
        (Self { inbox, updates }, end)
    }

    pub(super) fn send(&self, event: E) {
        // After the end it is ignored.
        _ = self.inbox.send(Message::Event(event));
    }

    pub(super) fn updates(&self) -> watch::Receiver<Published<S, A>> {
        self.updates.clone()
    }

    /// Ends the task now. The future waits until it has ended, and does not need the line.
    pub(super) fn end(&self) -> impl Future<Output = ()> + Send + use<E, F, S, A> {
        _ = self.inbox.send(Message::Close);
        let mut updates = self.updates.clone();
        async move { while updates.changed().await.is_ok() {} }
    }
}

impl<E, F, S, A> Drop for Line<E, F, S, A> {
    fn drop(&mut self) {
        _ = self.inbox.send(Message::Close);
    }
}

/// The newest of what was published after this number; none once the task has ended.
pub(super) async fn after<S: Clone, A: Clone>(
    mut updates: watch::Receiver<Published<S, A>>,
    number: u64,
) -> Option<Published<S, A>> {
    let news = updates.wait_for(|update| update.number > number).await;
    news.ok().map(|update| update.clone())
}
