//! The wish that the program stop.

/// Waits until the user, or whoever runs the program, wants it to stop.
pub(crate) async fn wanted() {
    crate::secret::guard::ended_elsewhere();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let wanted = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
        if let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up)] = wanted {
            tokio::select! {
                _ = interrupt.recv() => return,
                _ = terminate.recv() => return,
                _ = hang_up.recv() => return,
            }
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
