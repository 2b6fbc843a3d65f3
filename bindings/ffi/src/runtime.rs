//! The library's own two threads, and how a call runs on them: cancellation, panics.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};
use std::task::{Context, Poll};

use tokio::runtime::{Builder, Runtime};
use vidimus_wallet::CancelToken;

use crate::error::WalletError;

/// Worker threads: a phone makes one call at a time, with a request beside it.
const THREADS: usize = 2;

/// The runtime, which the first call starts. It ends with the process.
fn runtime() -> Result<&'static Runtime, WalletError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(THREADS).thread_name("vidimus");
        builder.enable_all().build().ok()
    });
    runtime.as_ref().ok_or(WalletError::Internal)
}

/// A handle to the threads, for tasks that live longer than one call.
#[cfg(feature = "app")]
pub(crate) fn handle() -> Result<tokio::runtime::Handle, WalletError> {
    quiet_panics();
    Ok(runtime()?.handle().clone())
}

/// Runs work on the library's own threads, to its end even where the caller goes away. So a change
/// of the vault, or a request that spends something at a server, is never cut off halfway.
pub(crate) async fn run<T: Send + 'static>(
    work: impl Future<Output = Result<T, WalletError>> + Send + 'static,
) -> Result<T, WalletError> {
    quiet_panics();
    let (work, done) = erased(work);
    // The task is never aborted. Where it left no result, it panicked; its text is dropped.
    _ = runtime()?.spawn(work).await;
    done.take().unwrap_or(Err(WalletError::Internal))
}

/// Work of any kind as one type. For each separate type the compiler would write the code of a task
/// again.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where work that runs elsewhere leaves its result.
pub(crate) struct Done<T>(Arc<Mutex<Option<T>>>);

impl<T> Done<T> {
    /// The result; none before it is there, and where the work panicked.
    pub(crate) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Splits work into a future without a result and the place where the result will be.
pub(crate) fn erased<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> (Work, Done<T>) {
    let done = Done(Arc::new(Mutex::new(None)));
    let to = Arc::clone(&done.0);
    let work = Box::pin(async move {
        let result = work.await;
        *to.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    (work, done)
}

/// [`run`], for work that checks a token: when its caller goes away the token is cancelled, and the
/// work ends at its next safe point.
pub(crate) async fn run_cancellable<T: Send + 'static>(
    cancel: CancelToken,
    work: impl Future<Output = Result<T, WalletError>> + Send + 'static,
) -> Result<T, WalletError> {
    let mut on_drop = CancelOnDrop(Some(cancel));
    let result = run(work).await;
    on_drop.0 = None;
    result
}

/// [`run`], but begun on the caller's thread. Work that never waits ends there, which is faster
/// than waking another thread. Work that waits continues on the library's threads.
async fn run_first_on_caller<T: Send + 'static>(
    work: impl Future<Output = Result<T, WalletError>> + Send + 'static,
) -> Result<T, WalletError> {
    quiet_panics();
    let runtime = runtime()?;
    let mut work = Some(Box::pin(work));
    let begun = poll_fn(|context| {
        let _inside = runtime.enter();
        let polled = catch_unwind(AssertUnwindSafe(|| {
            work.as_mut().map(|work| work.as_mut().poll(context))
        }));
        if !matches!(polled, Ok(Some(Poll::Pending))) {
            // Dropped here, inside the runtime, which its fields may need.
            work = None;
        }
        Poll::Ready(polled)
    });
    match (begun.await, work) {
        (Ok(Some(Poll::Ready(result))), _) => result,
        // The caller cannot drop it between the two, so it runs to its end.
        (Ok(Some(Poll::Pending)), Some(work)) => run(work).await,
        _ => Err(WalletError::Internal),
    }
}

/// [`run_first_on_caller`], for work that may be dropped at any pause.
pub(crate) async fn run_abortable<T: Send + 'static>(
    cancel: CancelToken,
    work: impl Future<Output = Result<T, WalletError>> + Send + 'static,
) -> Result<T, WalletError> {
    let mut on_drop = CancelOnDrop(Some(cancel.clone()));
    let result = run_first_on_caller(async move {
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(WalletError::Cancelled),
            result = work => result,
        }
    })
    .await;
    on_drop.0 = None;
    result
}

/// Waits for news of an app; none once it has ended.
#[cfg(feature = "app")]
pub(crate) async fn run_news<U: Send + 'static>(
    cancel: CancelToken,
    news: impl Future<Output = Option<U>> + Send + 'static,
) -> Result<Option<U>, WalletError> {
    run_abortable(cancel, async move { Ok(news.await) }).await
}

/// Waits for the end of an app, to its end.
#[cfg(feature = "app")]
pub(crate) async fn run_end(
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WalletError> {
    run(async move {
        end.await;
        Ok(())
    })
    .await
}

/// Runs all of the work on the caller's thread, inside the library's runtime, so that it can use
/// timers and tasks. For work that mostly ends at once, such as a frame.
pub(crate) async fn run_on_caller<T>(
    work: impl Future<Output = Result<T, WalletError>> + Send,
) -> Result<T, WalletError> {
    quiet_panics();
    OnCaller {
        runtime: runtime()?,
        work: Some(Box::pin(work)),
    }
    .await
}

/// Runs a call that never awaits, and turns a panic into an internal fault.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, WalletError>) -> Result<T, WalletError> {
    quiet_panics();
    // After a panic nothing is half-changed: values behind locks are valid at each step, and the
    // others are dropped.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(WalletError::Internal))
}

/// Cancels its token when it is dropped with it. A caller that got its result takes the token out
/// first. Kotlin drops a call whose coroutine is cancelled.
struct CancelOnDrop(Option<CancelToken>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(cancel) = &self.0 {
            cancel.cancel();
        }
    }
}

/// The future of [`run_on_caller`]: enters the runtime for each poll, and catches a panic.
struct OnCaller<F> {
    runtime: &'static Runtime,
    work: Option<Pin<Box<F>>>,
}

impl<F, T> Future for OnCaller<F>
where
    F: Future<Output = Result<T, WalletError>>,
{
    type Output = Result<T, WalletError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let _inside = self.runtime.enter();
        let Some(work) = self.work.as_mut() else {
            return Poll::Ready(Err(WalletError::Internal));
        };
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)))
            .unwrap_or(Poll::Ready(Err(WalletError::Internal)));
        if polled.is_ready() {
            self.work = None;
        }
        polled
    }
}

impl<F> Drop for OnCaller<F> {
    /// Drops unfinished work inside the runtime, which its fields may need.
    fn drop(&mut self) {
        let _inside = self.runtime.enter();
        self.work = None;
    }
}

/// Makes a panic print its place in the source and nothing else: its text may hold personal data.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            if let Some(place) = panic.location() {
                eprintln!(
                    "vidimus: internal fault at {}:{}",
                    place.file(),
                    place.line()
                );
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;

    /// Says when it is dropped.
    struct Tell(Arc<AtomicBool>);

    impl Drop for Tell {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_fault_wherever_it_happens() {
        let here = guard::<()>(|| panic!("a name"));
        assert_eq!(here, Err(WalletError::Internal));
        let there = run::<()>(async { panic!("a name") }).await;
        assert_eq!(there, Err(WalletError::Internal));
        let here = run_on_caller::<()>(async { panic!("a name") }).await;
        assert_eq!(here, Err(WalletError::Internal));
        let begun_here = run_first_on_caller::<()>(async { panic!("a name") }).await;
        assert_eq!(begun_here, Err(WalletError::Internal));
        let gone_on_there = run_first_on_caller::<()>(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            panic!("a name")
        });
        assert_eq!(gone_on_there.await, Err(WalletError::Internal));
    }

    #[tokio::test]
    async fn what_never_waits_stays_on_the_callers_thread_and_what_waits_goes_on_elsewhere() {
        let here = std::thread::current().id();
        let began = run_first_on_caller(async { Ok(std::thread::current().id()) });
        assert_eq!(began.await, Ok(here));
        let (before, after) = run_first_on_caller(async {
            let before = std::thread::current().id();
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok((before, std::thread::current().id()))
        })
        .await
        .unwrap();
        assert_eq!(before, here);
        assert_ne!(after, here);
    }

    #[tokio::test]
    async fn work_that_may_be_dropped_ends_when_its_caller_goes_away() {
        let dropped = Arc::new(AtomicBool::new(false));
        let tell = Tell(Arc::clone(&dropped));
        let call = run_abortable::<()>(CancelToken::new(), async move {
            let _tell = tell;
            pending().await
        });
        assert!(
            tokio::time::timeout(Duration::from_millis(20), call)
                .await
                .is_err()
        );
        for _ in 0..500 {
            if dropped.load(Ordering::SeqCst) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the work is still there after 5 s");
    }

    #[tokio::test]
    async fn work_that_spends_something_goes_on_to_where_it_may_end() {
        let spent = Arc::new(tokio::sync::Notify::new());
        let (cancel, told) = (CancelToken::new(), Arc::clone(&spent));
        let heeds = cancel.clone();
        let call = run_cancellable(cancel, async move {
            heeds.cancelled().await;
            told.notify_one();
            Ok(())
        });
        let given_up = tokio::time::timeout(Duration::from_millis(20), call).await;
        assert!(given_up.is_err());
        let ended = tokio::time::timeout(Duration::from_secs(5), spent.notified()).await;
        assert!(ended.is_ok(), "it was told, and not cut off");
    }

    #[tokio::test]
    async fn a_token_cancels_what_would_never_end() {
        let cancel = CancelToken::new();
        let call = tokio::spawn(run_abortable::<()>(cancel.clone(), pending()));
        cancel.cancel();
        assert_eq!(call.await.unwrap(), Err(WalletError::Cancelled));
        let late = run_abortable(cancel, async { Ok(1) }).await;
        assert_eq!(
            late,
            Err(WalletError::Cancelled),
            "cancelled before it began"
        );
    }
}
