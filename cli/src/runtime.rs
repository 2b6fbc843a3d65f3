//! The clock, randomness and the asynchronous runtime: what the libraries take as arguments.

use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;

use vidimus_authority::Moment;
use vidimus_credential::UnixTime;

use crate::failure::{Failure, Outcome};
use crate::limits;

/// The time by this machine's clock.
pub(crate) fn now() -> UnixTime {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    UnixTime::new(seconds).unwrap_or(UnixTime::MAX)
}

/// This machine's clocks, for what an authority signs: it does not sign by a wall clock that
/// contradicts the boot clock.
pub(crate) fn moment() -> Moment {
    Moment::of_system()
}

/// How long this process has kept the processor busy, all its threads together.
pub(crate) fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Outcome<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|_| Failure::not_done("the operating system gave no randomness"))?;
    Ok(bytes)
}

/// Runs one asynchronous command to its end on its own runtime.
pub(crate) fn block_on<T>(future: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    limits::enough_files()?;
    let runtime = start()?;
    let result = runtime.block_on(future);
    // What still runs (a refresh beside a presentation, say) is not waited for.
    runtime.shutdown_background();
    result
}

/// A runtime for asynchronous work.
pub(crate) fn start() -> Outcome<Runtime> {
    limits::enough_threads()?;
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::not_done(format!("cannot start: {error}")))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// The bytes of hex in either case; `None` for anything else.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    base16ct::mixed::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_in_either_case_and_nothing_else_is() {
        assert_eq!(unhex("00fFA5"), Some(vec![0, 255, 165]));
        assert_eq!(hex(&[0, 255, 165]), "00ffa5");
        for wrong in ["0", "0g", "+1", "é", "0x12"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }
}
