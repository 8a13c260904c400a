//! What whoever runs the exporter wishes of it while it runs: an end, or that everything be read again. A hang-up, which
//! ends every other command, means the latter here.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Error;

/// A wish.
pub(super) enum Wish {
    /// That it end.
    End,
    /// That everything be read again.
    ReadAgain,
}

/// The signals that are listened for.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    hang_up: Signal,
}

impl Signals {
    /// Listens from now on: what comes before anybody waits for it is not lost.
    ///
    /// # Errors
    /// They cannot be listened for.
    #[cfg(unix)]
    pub(super) fn listen() -> Result<Self, Error> {
        crate::secret::guard::ended_elsewhere();
        let heard =
            |kind| signal(kind).map_err(|error| Error::fault(format!("signals cannot be listened for: {error}")));
        Ok(Self {
            interrupt: heard(SignalKind::interrupt())?,
            terminate: heard(SignalKind::terminate())?,
            hang_up: heard(SignalKind::hangup())?,
        })
    }

    /// Waits for the next wish.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Wish {
        let heard = tokio::select! {
            heard = self.interrupt.recv() => heard.map(|()| Wish::End),
            heard = self.terminate.recv() => heard.map(|()| Wish::End),
            heard = self.hang_up.recv() => heard.map(|()| Wish::ReadAgain),
        };
        match heard {
            Some(wish) => wish,
            // Nothing more will come.
            None => std::future::pending().await,
        }
    }

    /// Listens from now on.
    ///
    /// # Errors
    /// None here.
    #[cfg(not(unix))]
    pub(super) fn listen() -> Result<Self, Error> {
        Ok(Self {})
    }

    /// Waits for the next wish.
    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Wish {
        crate::stop::wanted().await;
        Wish::End
    }

    /// Waits for the wish to end, whatever else is wished.
    pub(super) async fn end(&mut self) {
        while !matches!(self.next().await, Wish::End) {}
    }
}
