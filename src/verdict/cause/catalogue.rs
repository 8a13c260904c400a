//! Every cause, in the order of the phases in which it shows. A file is a section; the order within it decides between
//! several causes whose observations are there.

pub mod certificate_names;
pub mod client_authentication;
pub mod connection;
pub mod dates;
mod declare;
pub mod files;
pub mod handshake;
pub mod names;
pub mod path;
pub mod purpose;
pub mod responders;
pub mod revocation;
pub mod roles;
pub mod single;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use certificate_names::*;
pub use client_authentication::*;
pub use connection::*;
pub use dates::*;
pub use files::*;
pub use handshake::*;
pub use names::*;
pub use path::*;
pub use purpose::*;
pub use responders::*;
pub use revocation::*;
pub use roles::*;
pub use single::*;

use super::Cause;

/// Causes of one phase.
#[derive(Debug)]
pub struct Section {
    /// What the phase is about.
    pub title: &'static str,
    /// Its causes, in the order that decides between several.
    pub causes: &'static [&'static Cause],
}

/// The phases, in the order in which they pass.
pub static SECTIONS: &[Section] = &[
    Section { title: "Names and addresses", causes: NAMES },
    Section { title: "Reaching the port", causes: CONNECTION },
    Section { title: "The handshake", causes: HANDSHAKE },
    Section { title: "Names in the certificate", causes: CERTIFICATE_NAMES },
    Section { title: "Dates", causes: DATES },
    Section { title: "Purpose, key and signature", causes: PURPOSE },
    Section { title: "The path and who stands behind it", causes: PATH },
    Section { title: "Revocation", causes: REVOCATION },
    Section { title: "OCSP responders", causes: RESPONDERS },
    Section { title: "Client authentication", causes: CLIENT_AUTHENTICATION },
    Section { title: "Roles, proxies and gateways", causes: ROLES },
    Section { title: "Files", causes: FILES },
    Section { title: "Requirements with one cause", causes: SINGLE },
];

/// Every cause.
pub static CAUSES: LazyLock<Vec<&'static Cause>> =
    LazyLock::new(|| SECTIONS.iter().flat_map(|section| section.causes).copied().collect());

/// The cause with an id.
pub fn find(id: &str) -> Option<&'static Cause> {
    CAUSES.iter().copied().find(|cause| cause.id == id)
}
