//! Faults of keys.

use super::Fault;
use crate::lab::pki::KeyName;

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "short-key",
        what: "The distribution point's key has 1024 bits.",
        plants: &["web-server/key-length"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.spoil(|recipe| recipe.key(KeyName::Rsa1024));
            Ok(())
        },
    },
    Fault {
        name: "export-key",
        what: "The state migration point's key has 512 bits, as export laws once had it.",
        plants: &["web-server/key-length", "web-server/key-minimum"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.spoil(|recipe| recipe.key(KeyName::Rsa512));
            Ok(())
        },
    },
    Fault {
        name: "elliptic-curve-key",
        what: "The management point's key is on an elliptic curve: a version 3 template's.",
        plants: &["web-server/rsa-key"],
        at: &["MP01/"],
        consequences: &["session/reaches-old-clients"],
        plant: |site| {
            site.mp01.spoil(|recipe| recipe.key(KeyName::P256A));
            Ok(())
        },
    },
];
