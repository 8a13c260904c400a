//! Faults of what the definition says clients trust.

use time::Duration;

use super::Fault;
use crate::lab::pki::{Minted, Organization};

const EVERYWHERE: &[&str] =
    &["MP01/", "PMP01/", "DP01/", "SUP01/", "SUP02/", "SMP01/", "MP02/", "MP03/", "CMNLB/", "ISA01/"];

const ROOT_FILE: &[&str] = &["pki/contoso-root.cer"];

/// What leads to a root nobody can rely on leads nowhere.
const NOBODY_LEADS_TO_IT: &[&str] = &[
    "chain/leads-to-site-root",
    "client/leads-to-root",
    "deployment/leads-to-root",
    "deployment/root-specified",
    "mobile-device/leads-to-root",
    "monitoring/leads-to-root",
    "site-server/same-root",
];

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "root-foreign",
        what: "The definition names another company's root.",
        plants: &["chain/leads-to-site-root"],
        at: EVERYWHERE,
        consequences: &[
            "client-authentication/accepted-issuers",
            "client-authentication/foreign-issuers",
            "client/leads-to-root",
            "deployment/leads-to-root",
            "deployment/root-specified",
            "mobile-device/leads-to-root",
            "monitoring/leads-to-root",
            "site-server/same-root",
        ],
        plant: |site| {
            site.root = Organization::fabrikam().at(site.now).build()?.root.der;
            Ok(())
        },
    },
    Fault {
        name: "root-not-self-signed",
        what: "The definition names the issuing authority's certificate where a root belongs.",
        plants: &["root/standard"],
        at: ROOT_FILE,
        consequences: &[],
        plant: |site| {
            site.root = site.pki.issuing.der.clone();
            Ok(())
        },
    },
    Fault {
        name: "root-expired",
        what: "The root's certificate ended a month ago.",
        plants: &["root/standard"],
        at: ROOT_FILE,
        consequences: NOBODY_LEADS_TO_IT,
        plant: |site| {
            let (from, to) = (site.now - Duration::days(7300), site.now - Duration::days(30));
            site.root = Minted::self_signed(&site.pki.root.recipe.clone().valid(from, to))?.der;
            Ok(())
        },
    },
    Fault {
        name: "root-not-an-authority",
        what: "The root's certificate does not say that it is an authority.",
        plants: &["root/standard"],
        at: ROOT_FILE,
        consequences: NOBODY_LEADS_TO_IT,
        plant: |site| {
            site.root = Minted::self_signed(&site.pki.root.recipe.clone().basic_constraints(false, None))?.der;
            Ok(())
        },
    },
];
