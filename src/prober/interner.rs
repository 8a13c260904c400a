//! Keeps byte strings that come again and again (issuers' certificates, lists of accepted authorities) once.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::observation::handshake::Handshake;
use crate::wire::der::Der;

/// How many are kept; a company has a handful of issuers, a server's list at most some hundreds of authorities.
const KEPT: usize = 1024;

/// How long one that is kept may be.
const LONGEST: usize = 16 * 1024;

/// The strings kept.
#[derive(Default)]
pub(super) struct Interner(Mutex<HashSet<Kept>>);

struct Kept(Der);

impl std::borrow::Borrow<[u8]> for Kept {
    fn borrow(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl Hash for Kept {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_slice().hash(state);
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Kept {}

impl Interner {
    /// Replaces what is usually the same at every endpoint by the copy kept; the leaf, which differs, is left alone.
    pub(super) fn share(&self, handshake: &mut Handshake) {
        let issuers = handshake.chain.iter_mut().skip(1);
        let authorities = handshake.client_certificate_request.iter_mut().flat_map(|asked| &mut asked.accepted_issuers);
        let mut shared = issuers.chain(authorities).peekable();
        if shared.peek().is_none() {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for der in shared {
            if let Some(known) = kept.get(der.as_slice()) {
                *der = known.0.clone();
            } else if kept.len() < KEPT && der.as_slice().len() <= LONGEST {
                kept.insert(Kept(der.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Interner, KEPT, LONGEST};
    use crate::observation::handshake::Handshake;
    use crate::wire::der::Der;

    fn handshake() -> Handshake {
        Handshake { chain: vec![Der::from(&b"leaf"[..]), Der::from(&b"issuer"[..])], ..Handshake::default() }
    }

    #[test]
    fn issuers_are_kept_once_and_leaves_are_not() {
        let interner = Interner::default();
        let (mut one, mut other) = (handshake(), handshake());
        interner.share(&mut one);
        interner.share(&mut other);
        assert_eq!(one, other);
        assert!(Arc::ptr_eq(&one.chain[1].0, &other.chain[1].0));
        assert!(!Arc::ptr_eq(&one.chain[0].0, &other.chain[0].0));
    }

    #[test]
    fn so_many_so_long_are_kept_and_no_more() {
        let interner = Interner::default();
        let of = |number: usize, octets: usize| Handshake {
            chain: vec![Der::from(&b"leaf"[..]), Der::from([&number.to_be_bytes()[..], &vec![0; octets - 8]].concat())],
            ..Handshake::default()
        };
        let is_kept = |number: usize, octets: usize| {
            let (mut one, mut other) = (of(number, octets), of(number, octets));
            interner.share(&mut one);
            interner.share(&mut other);
            Arc::ptr_eq(&one.chain[1].0, &other.chain[1].0)
        };
        assert!(!is_kept(0, LONGEST + 1) && is_kept(0, LONGEST));
        assert!((1..KEPT).all(|number| is_kept(number, 8)));
        assert!(!is_kept(KEPT, 8) && is_kept(KEPT - 1, 8));
    }
}
