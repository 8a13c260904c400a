//! Which paths a use asks for.

use std::sync::Arc;

use super::usage::Use;
use crate::certificate::Certificate;
use crate::trust::basis::Basis;
use crate::trust::path::Paths;

/// The paths above a leaf, for the purpose of its use, to the roots of its use.
pub fn paths(basis: &Basis<'_>, _of: Use, chain: &[Arc<Certificate>]) -> Paths {
    Paths::find(basis, chain)
}
