//! How many files this process may have open: every connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit of open files to `wanted`, or as far as the system allows; gives what is
/// in force then.
pub(super) fn raise(wanted: u64) -> u64 {
    let limit = getrlimit(Resource::Nofile);
    // `None` is no limit.
    let soft = limit.current.unwrap_or(u64::MAX);
    let aim = aim(soft, limit.maximum, wanted);
    if aim > soft {
        let raised = Rlimit {
            current: Some(aim),
            maximum: limit.maximum,
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            return aim;
        }
        tracing::warn!(soft, "could not raise the limit of open files");
    }
    soft
}

fn aim(soft: u64, hard: Option<u64>, wanted: u64) -> u64 {
    soft.max(wanted.min(hard.unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_raised_as_far_as_wanted_and_allowed_and_never_lowered() {
        assert_eq!(aim(1024, Some(524_288), 4_400), 4_400);
        assert_eq!(aim(1024, None, 4_400), 4_400);
        assert_eq!(aim(1024, Some(2_048), 4_400), 2_048);
        assert_eq!(aim(1024, Some(1024), 4_400), 1024);
        assert_eq!(aim(20_000, Some(20_000), 4_400), 20_000);
        assert_eq!(aim(u64::MAX, None, 4_400), u64::MAX);
    }
}
