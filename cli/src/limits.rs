//! What the system lets this process use. A limit that is too low is named before anything begins:
//! later it would be a thread that cannot start, a signal that ends the process without a word, or
//! a library that gives up.

use std::fs::File;
use std::io;
use std::sync::Mutex;
use std::thread;

use rustix::io::Errno;
use rustix::process::{Resource, Signal, getrlimit};
use tokio::signal::unix::{SignalKind, signal};

use crate::failure::{Failure, Outcome};

/// Bytes that any command may need beside the program itself: two threads' stacks, the database's
/// pages, one picture.
const MEMORY: usize = 24 * 1024 * 1024;

/// Bytes of the first thread's stack that any command may need.
const STACK: u64 = 256 * 1024;

/// What is said where there is not enough memory. It is ready before: to put words together takes
/// memory, too.
pub(crate) const NO_MEMORY: &str = "vidimus: there is not enough memory; raise the limits (`ulimit -v`, `ulimit -d`, `ulimit -s`), or end other programs";

/// Files that a command needs which asks a server: its event queue, its signals, the database with
/// its companions, keys, and two connections.
const FILES: usize = 16;

/// Threads that a command needs which asks a server: two that wait, one for its disk, one that
/// looks names up.
const THREADS: usize = 4;

/// Whether there is enough memory. To be asked before all else, which takes some.
pub(crate) fn enough_memory() -> bool {
    let stack = getrlimit(Resource::Stack).current;
    let mut memory: Vec<u8> = Vec::new();
    stack.is_none_or(|stack| stack >= STACK) && memory.try_reserve_exact(MEMORY).is_ok()
}

/// Makes a limit on the size of files an error of the write that meets it.
pub(crate) fn check() -> Outcome {
    if getrlimit(Resource::Fsize).current.is_some() {
        survive_large_files()?;
    }
    Ok(())
}

/// Looks whether enough threads may be started. What a runtime cannot start it waits for, or gives
/// up.
pub(crate) fn enough_threads() -> Outcome {
    let until = Mutex::new(());
    let all = thread::scope(|scope| {
        // All live at the same time: each waits until the last one is there.
        let last = until.lock();
        let wait = || drop(until.lock());
        let started: Result<Vec<_>, _> = (0..THREADS)
            .map(|_| thread::Builder::new().spawn_scoped(scope, wait))
            .collect();
        drop(last);
        started.map(drop)
    });
    all.map_err(|_| {
        Failure::not_done(format!(
            "no more threads can be started: this command needs {THREADS}; raise the limit (`ulimit -u`), or end other programs"
        ))
    })
}

/// Looks whether enough files may be opened.
pub(crate) fn enough_files() -> Outcome {
    let files: io::Result<Vec<File>> = (0..FILES).map(|_| File::open("/dev/null")).collect();
    match files.map_err(|error| error.raw_os_error()) {
        Err(Some(number))
            if [Errno::MFILE, Errno::NFILE]
                .map(Errno::raw_os_error)
                .contains(&number) =>
        {
            Err(Failure::not_done(format!(
                "too many files are open: this command opens up to {FILES} more; raise the limit (`ulimit -n`), or end other programs"
            )))
        }
        // Anything else that is wrong with that file does not concern this command.
        _ => Ok(()),
    }
}

/// By itself the signal of a file that is too large ends the process. Someone who hears it gets
/// the error instead.
fn survive_large_files() -> Outcome {
    enough_files()?;
    let refused = |error: io::Error| Failure::not_done(format!("cannot start: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(refused)?;
    let _inside = runtime.enter();
    // It stays heard when this listener is gone.
    let _heard = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).map_err(refused)?;
    Ok(())
}
