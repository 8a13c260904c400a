//! Which paths a use asks for.

use std::sync::Arc;

use super::usage::{Purpose, Use};
use crate::certificate::Certificate;
use crate::trust::basis::Basis;
use crate::trust::lists::issuers;
use crate::trust::lists::store::Asked;
use crate::trust::path::Paths;
use crate::trust::path::search::Search;

/// The paths above a leaf, for the purpose of its use, to the roots of its use; with what was fetched from where certificates
/// say that their issuers are.
pub fn paths(basis: &Basis<'_>, of: Use, asked: Asked<'_>, chain: &[Arc<Certificate>]) -> Paths {
    let Some((leaf, presented)) = chain.split_first() else { return Paths::of_nothing() };
    let roots = basis.trust.roots_of(of.data().roots);
    let purpose = of.data().purpose.unwrap_or(Purpose::Any);
    let fetched: Vec<Arc<Certificate>> =
        basis.trust.fetched.iter().cloned().chain(issuers::fetched(basis.crls, asked, chain)).collect();
    Paths::find(&Search::new(leaf, presented, basis.trust, roots, purpose, basis.now).with_fetched(&fetched))
}
