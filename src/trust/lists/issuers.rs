//! Issuers that nobody sent, as certificates say where they are (Authority Information Access) and as they were had there:
//! what CryptoAPI builds paths with.

use std::sync::Arc;

use super::checked::Asked;
use super::store::CrlStore;
use crate::certificate::Certificate;
use crate::observation::bounds::{MOST_ISSUER_URLS, MOST_ISSUERS_ABOVE};

/// The certificates that were fetched from where a chain's certificates, and those fetched so, say that their issuers are.
pub fn fetched(store: &CrlStore, asked: Asked<'_>, chain: &[Arc<Certificate>]) -> Vec<Arc<Certificate>> {
    let mut found: Vec<Arc<Certificate>> = Vec::new();
    let mut named: Vec<Arc<Certificate>> = chain.to_vec();
    for _ in 0..MOST_ISSUERS_ABOVE {
        let mut new = Vec::new();
        for one in &named {
            let urls = one.facts().map(|facts| facts.issuer_urls.as_slice()).unwrap_or_default();
            for url in urls.iter().take(MOST_ISSUER_URLS) {
                let Some((_, seen)) = store.seen(asked, url) else { continue };
                for issuer in &seen.issuers {
                    if !found.contains(issuer) && !chain.contains(issuer) {
                        found.push(Arc::clone(issuer));
                        new.push(Arc::clone(issuer));
                    }
                }
            }
        }
        if new.is_empty() {
            break;
        }
        named = new;
    }
    found
}
