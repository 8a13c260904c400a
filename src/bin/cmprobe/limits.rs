//! What this machine lets one process do at once.

use std::num::NonZeroUsize;

use cmprobe::prober::Settings;

/// Files open beside connections: reports, resolvers' sockets, the runtime's own.
const OTHERS: usize = 320;

/// How many files may be open at once, after asking for more.
#[cfg(unix)]
fn open_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    const ENOUGH: u64 = 1 << 17;
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    let current = limit.current.unwrap_or(ENOUGH);
    let allowed = if current < most {
        let wanted = Rlimit { current: Some(most), maximum: limit.maximum };
        if setrlimit(Resource::Nofile, wanted).is_ok() { most } else { current }
    } else {
        current
    };
    usize::try_from(allowed).unwrap_or(usize::MAX)
}

#[cfg(not(unix))]
fn open_files() -> usize {
    8192
}

/// Keeps the number of connections within what this machine allows; what was cut, in words.
pub(crate) fn within_means(settings: &mut Settings, asked: Option<NonZeroUsize>) -> Option<String> {
    let wanted = asked.unwrap_or(settings.concurrency);
    let allowed = open_files();
    let room = NonZeroUsize::new(allowed.saturating_sub(OTHERS)).unwrap_or(NonZeroUsize::MIN).max(NonZeroUsize::MIN);
    settings.concurrency = wanted.min(room);
    (asked.is_some_and(|asked| asked > room))
        .then(|| format!("this process may open {allowed} files; {room} connections at once instead of {wanted}"))
}
