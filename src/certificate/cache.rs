//! Certificates already read.

use std::collections::HashMap;
use std::sync::Arc;

use super::Certificate;
use crate::wire::der::Der;

/// Certificates already read, so that an issuer met at every endpoint is read and kept once. Bounded: when it is full it
/// starts again, so a site of many hierarchies costs time and never memory.
#[derive(Debug, Default)]
pub struct CertificateCache {
    known: HashMap<Der, Arc<Certificate>>,
    octets: usize,
}

/// How many octets of certificates are kept read at a time: what is read of one may be thirty times as large.
pub const MOST_OCTETS: usize = 4 * 1024 * 1024;

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
        if let Some(known) = self.known.get(der) {
            return Arc::clone(known);
        }
        let octets = der.as_slice().len();
        if self.known.len() >= Self::CAPACITY || self.octets + octets > MOST_OCTETS {
            self.known.clear();
            self.octets = 0;
        }
        let certificate = Arc::new(Certificate::read(der));
        self.known.insert(der.clone(), Arc::clone(&certificate));
        self.octets += octets;
        certificate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_read_is_bounded_by_number_and_by_octets() {
        let mut cache = CertificateCache::default();
        let mut read = |number: usize, octets: usize| {
            let one = cache.read(&Der::from([&number.to_be_bytes()[..], &vec![0; octets - 8]].concat()));
            (one, cache.known.len(), cache.octets)
        };
        let quarter = MOST_OCTETS / 4;
        let (first, ..) = read(0, quarter);
        assert!(Arc::ptr_eq(&first, &read(0, quarter).0));
        (1..3).for_each(|number| drop(read(number, quarter)));
        assert_eq!((read(3, quarter).1, read(3, quarter).2), (4, MOST_OCTETS));
        assert_eq!((read(4, 8).1, read(4, 8).2), (1, 8), "it starts again");
        let last = (5..CertificateCache::CAPACITY + 4).map(|number| read(number, 8).1).last();
        assert_eq!((last, read(0, 8).1), (Some(CertificateCache::CAPACITY), 1));
        // One alone that has no room at all is read as any other.
        assert_eq!(read(1, MOST_OCTETS + 1).1, 1);
        assert_eq!(read(2, 8).1, 1);
    }
}
