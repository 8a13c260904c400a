//! Why a list was not had, out of what was seen at its URL.

use super::fault::Unreached;
use super::store::Fetched;
use crate::observation::failure::{Failure, FailureKind};

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
    match failure.kind {
        FailureKind::NameNotFound
        | FailureKind::NoData
        | FailureKind::ServerFailure
        | FailureKind::QueryRefused
        | FailureKind::MalformedAnswer
        | FailureKind::AliasLoop
        | FailureKind::ResolveTimeout
        | FailureKind::NameUnusable
        | FailureKind::ResolveError => Unreached::NoName,
        FailureKind::ConnectionRefused
        | FailureKind::ConnectionTimeout
        | FailureKind::Unreachable
        | FailureKind::ProxyRefused => Unreached::NoConnection,
        FailureKind::ExchangeTimeout | FailureKind::DeadlineExceeded | FailureKind::HandshakeTimeout => {
            Unreached::Silent
        }
        FailureKind::ConnectionReset | FailureKind::ConnectionClosed if answered => Unreached::CutShort,
        FailureKind::HttpError
        | FailureKind::ConnectionReset
        | FailureKind::ConnectionClosed
        | FailureKind::Alert
        | FailureKind::PlainHttp
        | FailureKind::NotTls
        | FailureKind::ProtocolError => Unreached::NotHttp,
        FailureKind::TooLarge => Unreached::TooLarge,
        FailureKind::LocalLimit
        | FailureKind::NotFetched
        | FailureKind::EngineLimit
        | FailureKind::IdentityUnusable
        | FailureKind::NotAttempted => Unreached::Ours,
    }
}
