//! Why a list was not had, out of what was seen at its URL.

use super::fault::Unreached;
use super::store::Fetched;
use crate::observation::failure::{
    ConnectFailure, ExchangeFailure, Failure, HandshakeFailure, ProxyFailure, ResolveFailure, Stop,
};

/// Why nothing was had at a URL; `None`: something was.
pub fn unreached(fetched: &Fetched, url: &str) -> Option<Unreached> {
    let failure = fetched.failure.as_ref()?;
    Some(match fetched.status {
        Some(407) => Unreached::WantsCredentials,
        Some(401 | 403) => Unreached::Forbidden(fetched.status.unwrap_or_default()),
        Some(404) if has_plus(url) => Unreached::PlusSign,
        Some(404 | 410) => Unreached::NotThere,
        Some(300..=399) => Unreached::Redirected,
        Some(status @ 400..) => Unreached::Status(status),
        Some(_) | None => of_failure(failure, fetched.status.is_some()),
    })
}

/// Whether a URL's path has a plus sign in it, as a delta list's name has, plain or escaped.
pub fn has_plus(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.contains('+') || path.to_ascii_lowercase().contains("%2b")
}

const fn of_failure(failure: &Failure, answered: bool) -> Unreached {
    match failure.stop {
        Stop::Resolve(
            ResolveFailure::FamilyLeftOut
            | ResolveFailure::LocalLimit
            | ResolveFailure::NotFetched
            | ResolveFailure::NotAttempted,
        )
        | Stop::Connect(
            ConnectFailure::LocalLimit | ConnectFailure::SourceAddressUnusable | ConnectFailure::NotAttempted,
        )
        | Stop::Handshake(
            HandshakeFailure::EngineLimit
            | HandshakeFailure::IdentityUnusable
            | HandshakeFailure::NotPresented
            | HandshakeFailure::NotAttempted,
        )
        | Stop::Exchange(
            ExchangeFailure::LocalLimit
            | ExchangeFailure::NotFetched
            | ExchangeFailure::EngineLimit
            | ExchangeFailure::NotAttempted,
        ) => Unreached::Ours,
        Stop::Resolve(_) => Unreached::NoName,
        Stop::Connect(ConnectFailure::Proxy(failure)) => match failure {
            ProxyFailure::WantsCredentials => Unreached::WantsCredentials,
            ProxyFailure::Unresolved => Unreached::ProxyUnresolved,
            ProxyFailure::NotListening => Unreached::ProxyNotListening,
            ProxyFailure::Unreachable => Unreached::ProxyWithoutRoute,
            ProxyFailure::ConnectTimeout | ProxyFailure::Silent => Unreached::ProxySilent,
            ProxyFailure::Forbids
            | ProxyFailure::CannotReach
            | ProxyFailure::Redirects
            | ProxyFailure::Limits
            | ProxyFailure::Fails
            | ProxyFailure::Refused => Unreached::ProxyWouldNot,
        },
        Stop::Exchange(ExchangeFailure::Timeout) if answered => Unreached::Unended,
        Stop::Connect(ConnectFailure::Refused) => Unreached::Refused,
        Stop::Exchange(ExchangeFailure::Timeout | ExchangeFailure::Deadline)
        | Stop::Handshake(HandshakeFailure::Timeout | HandshakeFailure::Deadline) => Unreached::Silent,
        Stop::Connect(_) => Unreached::NoConnection,
        Stop::Exchange(ExchangeFailure::Reset | ExchangeFailure::Closed)
        | Stop::Handshake(HandshakeFailure::Reset | HandshakeFailure::Closed)
            if answered =>
        {
            Unreached::CutShort
        }
        Stop::Exchange(ExchangeFailure::Reset | ExchangeFailure::Closed)
        | Stop::Handshake(HandshakeFailure::Reset | HandshakeFailure::Closed) => Unreached::Silent,
        Stop::Exchange(ExchangeFailure::TooLarge) | Stop::Handshake(HandshakeFailure::TooLarge) => Unreached::TooLarge,
        Stop::Exchange(_) | Stop::Handshake(_) => Unreached::NotHttp,
    }
}
