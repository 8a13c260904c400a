//! Faults of what the definition says clients trust.

use super::Fault;
use crate::lab::pki::Organization;

const EVERYWHERE: &[&str] =
    &["MP01/", "PMP01/", "DP01/", "SUP01/", "SUP02/", "SMP01/", "MP02/", "MP03/", "CMNLB/", "ISA01/"];

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[Fault {
    name: "root-foreign",
    what: "The definition names another company's root.",
    plants: &["chain/leads-to-site-root"],
    at: EVERYWHERE,
    consequences: &[
        "client-authentication/accepted-issuers",
        "client/leads-to-root",
        "site-server/same-root",
        "deployment/root-specified",
    ],
    plant: |site| {
        site.root = Organization::fabrikam().at(site.now).build()?.root.der;
        Ok(())
    },
}];
