//! The wish that the program stop.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits until the user, or whoever runs the program, wants it to stop.
pub(crate) async fn wanted() {
    Wish::listen().comes().await;
}

/// What hears the wish from the moment it was made: one that comes before it is waited for is not lost.
pub(crate) struct Wish {
    #[cfg(unix)]
    signals: Option<[Signal; 3]>,
}

impl Wish {
    /// Listens from now on. To be called within a runtime.
    pub(crate) fn listen() -> Self {
        crate::secret::guard::ended_elsewhere();
        #[cfg(unix)]
        {
            let wanted = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
            let signals = match wanted {
                [Ok(interrupt), Ok(terminate), Ok(hang_up)] => Some([interrupt, terminate, hang_up]),
                _ => None,
            };
            Self { signals }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Waits until it comes, or is there if it has come.
    pub(crate) async fn comes(self) {
        #[cfg(unix)]
        if let Some([mut interrupt, mut terminate, mut hang_up]) = self.signals {
            tokio::select! {
                _ = interrupt.recv() => return,
                _ = terminate.recv() => return,
                _ = hang_up.recv() => return,
            }
        }
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
