//! Chains that were met, and where.

use std::cell::OnceCell;
use std::sync::Arc;

use super::usage::Use;
use crate::certificate::Certificate;
use crate::plan::OfferLabel;
use crate::trust::basis::Basis;
use crate::trust::lists::store::Asked;
use crate::trust::path::Paths;

/// A leaf with what was presented, or lay, beside it, and where that was met. The paths above it are found once.
#[derive(Debug)]
pub struct MetChain {
    /// The leaf, then what came with it, in its order. Never empty.
    pub certificates: Vec<Arc<Certificate>>,
    /// Where it was met, in order.
    pub on: Vec<Meeting>,
    paths: OnceCell<Paths>,
}

/// Where a certificate was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// In the first handshake of a connection with this offer.
    Handshake(OfferLabel),
    /// In a second handshake on such a connection.
    LaterHandshake(OfferLabel),
    /// In what the server answered to a request with this offer (`?MPCERT`, `?SITESIGNCERT`).
    HandedOut(OfferLabel),
    /// In a file.
    File,
}

impl Meeting {
    /// In words, to be put behind a certificate.
    pub fn words(self) -> String {
        match self {
            Self::Handshake(OfferLabel::Default) => "met on a further connection".into(),
            Self::Handshake(offer) => format!("met on the connection {offer}"),
            Self::LaterHandshake(offer) => format!("met in the second handshake of the connection {offer}"),
            Self::HandedOut(offer) => format!("handed out in answer to {offer}"),
            Self::File => "in the file".into(),
        }
    }
}

impl MetChain {
    /// A chain met once.
    pub fn new(certificates: Vec<Arc<Certificate>>, on: Meeting) -> Self {
        Self { certificates, on: vec![on], paths: OnceCell::new() }
    }

    /// The certification paths above the leaf for the purpose of its use, found once.
    pub fn paths(&self, basis: &Basis<'_>, of: Use, asked: Asked<'_>) -> &Paths {
        self.paths.get_or_init(|| super::search::paths(basis, of, asked, &self.certificates))
    }

    /// The leaf.
    pub fn leaf(&self) -> &Arc<Certificate> {
        &self.certificates[0]
    }
}
