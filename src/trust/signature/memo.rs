//! Which signatures were found good and which not, bounded: two generations, the older dropped when the younger is full, so that what is
//! met again and again (issuers) stays and what is met once (leaves) goes.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

/// How many are kept: twice this.
const GENERATION: usize = 2048;

/// SHA-256 over everything that decides whether a signature is good: what is found once is found always.
pub(super) type Fingerprint = [u8; 32];

#[derive(Default)]
struct Memo {
    young: HashMap<Fingerprint, bool>,
    old: HashMap<Fingerprint, bool>,
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

/// What was found of it; `None`: it is not known.
pub(super) fn known(digest: &Fingerprint) -> Option<bool> {
    memo().known(digest)
}

pub(super) fn remember(digest: Fingerprint, is_good: bool) {
    memo().remember(digest, is_good);
}

fn memo() -> MutexGuard<'static, Memo> {
    MEMO.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memo {
    fn known(&mut self, digest: &Fingerprint) -> Option<bool> {
        if let Some(known) = self.young.get(digest) {
            return Some(*known);
        }
        let known = self.old.get(digest).copied()?;
        self.remember(*digest, known);
        Some(known)
    }

    fn remember(&mut self, digest: Fingerprint, is_good: bool) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(digest, is_good);
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
        memo.remember(numbered(0), true);
        for number in 1..5 * GENERATION {
            memo.remember(numbered(number), number % 2 == 0);
            if number % 1000 == 0 {
                assert_eq!(memo.known(&numbered(0)), Some(true));
            }
            assert!(memo.young.len() <= GENERATION && memo.old.len() <= GENERATION);
        }
        assert_eq!(memo.known(&numbered(5 * GENERATION - 1)), Some(false));
        assert_eq!(memo.known(&numbered(5 * GENERATION - 2)), Some(true));
        assert_eq!(memo.known(&numbered(1)), None);
    }

    #[test]
    fn bytes_do_not_move_between_the_parts() {
        assert_ne!(digest([b"ab", b"c", b"", b"", b""]), digest([b"a", b"bc", b"", b"", b""]));
    }
}
