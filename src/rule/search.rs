//! Which paths a use asks for.

use std::sync::Arc;

use super::usage::{Purpose, Use};
use crate::certificate::Certificate;
use crate::trust::basis::Basis;
use crate::trust::path::Paths;
use crate::trust::path::search::Search;

/// The paths above a leaf, for the purpose of its use, to the roots of its use.
pub fn paths(basis: &Basis<'_>, of: Use, chain: &[Arc<Certificate>]) -> Paths {
    let Some((leaf, presented)) = chain.split_first() else { return Paths::of_nothing() };
    let roots = basis.trust.roots_of(of.data().roots);
    let purpose = of.data().purpose.unwrap_or(Purpose::Any);
    Paths::find(
        &Search::new(leaf, presented, basis.trust, roots, purpose, basis.now).with_fetched(&basis.trust.fetched),
    )
}
