//! What this machine lets one process do at once.

use std::num::NonZeroUsize;

use cmprobe::prober::Settings;

/// Files open beside connections: reports, resolvers' sockets, the runtime's own.
const OTHERS: usize = 320;

/// Fewer connections at once than this make a run of thousands of endpoints slow.
const FEW: NonZeroUsize = NonZeroUsize::new(200).unwrap();

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

/// Lets a write beyond the size a file may have here (`ulimit -f`, a quota) fail, as one to a full disk does, instead of
/// ending the program: whoever listens for the signal is not killed by it, and a listener once made stays.
#[cfg(unix)]
pub(crate) fn outlive_the_size_of_files() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    let _within = runtime.enter();
    // Where nobody can listen, the program ends as it would have.
    drop(signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw())));
}

#[cfg(not(unix))]
pub(crate) fn outlive_the_size_of_files() {}

/// How many connections there may be at once among so many open files: what the others leave, and a quarter where they
/// would leave less.
fn room(allowed: usize) -> NonZeroUsize {
    NonZeroUsize::new(allowed.saturating_sub(OTHERS).max(allowed / 4)).unwrap_or(NonZeroUsize::MIN)
}

/// Keeps the number of connections within what this machine allows; what was cut, in words.
pub(crate) fn within_means(settings: &mut Settings, asked: Option<NonZeroUsize>) -> Option<String> {
    let wanted = asked.unwrap_or(settings.concurrency);
    let allowed = open_files();
    let room = room(allowed);
    settings.concurrency = wanted.min(room);
    // Where nobody asked for a number, only what makes a run crawl is worth a word.
    (asked.is_some_and(|asked| asked > room) || room < FEW)
        .then(|| format!("this process may open {allowed} files; {room} connections at once instead of {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn few_files_leave_some_connections_and_many_nearly_all() {
        let rooms = [(0, 1), (256, 64), (1024, 704), (1 << 17, (1 << 17) - 320)];
        assert_eq!(rooms.map(|(allowed, _)| room(allowed).get()), rooms.map(|(_, room)| room));
    }
}
