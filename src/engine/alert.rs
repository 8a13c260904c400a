//! The alert in a session's error: as the library has it, or as we saw it pass.

use crate::wire::alert::Alert;

/// A session's error where an alert of the peer ended it and the library has no error of its own that says so.
#[derive(Debug)]
pub(super) struct AlertReceived(pub(super) Alert);

impl std::fmt::Display for AlertReceived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the peer sent the alert {}", self.0)
    }
}

impl std::error::Error for AlertReceived {}

/// The alert that ended a session, where its error carries one.
pub fn alert_in(error: &std::io::Error) -> Option<Alert> {
    let inner = error.get_ref()?;
    if let Some(AlertReceived(alert)) = inner.downcast_ref::<AlertReceived>() {
        return Some(*alert);
    }
    match inner.downcast_ref::<::rustls::Error>()? {
        ::rustls::Error::AlertReceived(description) => Some(Alert { level: None, description: u8::from(*description) }),
        _ => None,
    }
}
