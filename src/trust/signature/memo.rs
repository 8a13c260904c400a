//! Which signatures were found good, bounded: two generations, the older dropped when the younger is full, so that what is
//! met again and again (issuers) stays and what is met once (leaves) goes.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

/// How many are kept: twice this.
const GENERATION: usize = 2048;

/// SHA-256 over everything that decides whether a signature is good.
pub(super) type Fingerprint = [u8; 32];

#[derive(Default)]
struct Memo {
    young: HashSet<Fingerprint>,
    old: HashSet<Fingerprint>,
}

static MEMO: LazyLock<Mutex<Memo>> = LazyLock::new(Mutex::default);

/// The parts with their lengths, so that no byte can move from one into the next.
pub(super) fn digest(parts: [&[u8]; 5]) -> Fingerprint {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

pub(super) fn knows(digest: &Fingerprint) -> bool {
    memo().knows(digest)
}

pub(super) fn remember(digest: Fingerprint) {
    memo().remember(digest);
}

fn memo() -> MutexGuard<'static, Memo> {
    MEMO.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memo {
    fn knows(&mut self, digest: &Fingerprint) -> bool {
        if self.young.contains(digest) {
            return true;
        }
        let known = self.old.contains(digest);
        if known {
            self.remember(*digest);
        }
        known
    }

    fn remember(&mut self, digest: Fingerprint) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(number: usize) -> Fingerprint {
        digest([&number.to_le_bytes(), &[], &[], &[], &[]])
    }

    #[test]
    fn what_is_met_again_stays_and_the_size_is_bounded() {
        let mut memo = Memo::default();
        memo.remember(numbered(0));
        for number in 1..5 * GENERATION {
            memo.remember(numbered(number));
            if number % 1000 == 0 {
                assert!(memo.knows(&numbered(0)));
            }
            assert!(memo.young.len() <= GENERATION && memo.old.len() <= GENERATION);
        }
        assert!(memo.knows(&numbered(5 * GENERATION - 1)));
        assert!(!memo.knows(&numbered(1)));
    }

    #[test]
    fn bytes_do_not_move_between_the_parts() {
        assert_ne!(digest([b"ab", b"c", b"", b"", b""]), digest([b"a", b"bc", b"", b"", b""]));
    }
}
