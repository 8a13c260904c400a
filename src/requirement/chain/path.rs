//! Certification paths (RFC 5280) from a leaf to the site's roots, by webpki, and in words why there is none.

use std::sync::Arc;

use crate::observation::certificate::Certificate;
use crate::requirement::basis::Basis;

/// What was found.
#[derive(Debug)]
pub struct Paths {
    // With everything at hand, and with the presented certificates alone.
}

impl Paths {
    /// Looks for paths from the first certificate.
    pub fn find(_basis: &Basis<'_>, _chain: &[Arc<Certificate>]) -> Self {
        Self {}
    }
}
