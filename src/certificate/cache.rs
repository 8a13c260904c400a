//! Certificates already read.

use std::collections::HashMap;
use std::sync::Arc;

use super::Certificate;
use crate::wire::der::Der;

/// Certificates already read, so that an issuer met at every endpoint is read and kept once. Bounded: when it is full it
/// starts again, so a site of many hierarchies costs time and never memory.
#[derive(Debug, Default)]
pub struct CertificateCache(HashMap<Der, Arc<Certificate>>);

impl CertificateCache {
    /// How many are kept.
    const CAPACITY: usize = 1024;

    /// Reads a presented chain. The leaf is not kept: it is met once, or few times.
    pub fn read_chain(&mut self, chain: &[Der]) -> Vec<Arc<Certificate>> {
        let mut chain = chain.iter();
        let leaf = chain.next().map(|der| Arc::new(Certificate::read(der)));
        leaf.into_iter().chain(chain.map(|der| self.read(der))).collect()
    }

    /// Reads a certificate, or finds it read.
    pub fn read(&mut self, der: &Der) -> Arc<Certificate> {
        if let Some(known) = self.0.get(der) {
            return Arc::clone(known);
        }
        if self.0.len() >= Self::CAPACITY {
            self.0.clear();
        }
        let certificate = Arc::new(Certificate::read(der));
        self.0.insert(der.clone(), Arc::clone(&certificate));
        certificate
    }
}
