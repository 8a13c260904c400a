//! Faults of purposes: Enhanced Key Usage, Application Policies, Key Usage.

use super::Fault;
use crate::lab::pki::{KeyUsage, oid};

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "no-purpose",
        what: "The distribution point's certificate has no Enhanced Key Usage.",
        plants: &["web-server/server-auth-eku"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.spoil(|recipe| recipe.no_eku());
            Ok(())
        },
    },
    Fault {
        name: "client-purpose-only",
        what: "The management point presents a certificate from the Workstation template.",
        plants: &["web-server/server-auth-eku"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.spoil(|recipe| recipe.eku(&[oid::CLIENT_AUTHENTICATION]));
            Ok(())
        },
    },
    Fault {
        name: "any-purpose-only",
        what: "The state migration point's certificate allows any purpose and names none.",
        plants: &["web-server/server-auth-eku"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.spoil(|recipe| recipe.eku(&[oid::ANY_PURPOSE]));
            Ok(())
        },
    },
    Fault {
        name: "policies-without-server",
        what: "The update point's Application Policies leave out what its Enhanced Key Usage allows.",
        plants: &["web-server/application-policies"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.sup01.spoil(|recipe| recipe.application_policies(&[oid::CLIENT_AUTHENTICATION]));
            Ok(())
        },
    },
    Fault {
        name: "issuer-for-clients-only",
        what: "The authority above the distribution point's certificate may issue for Client Authentication only, and nobody says where another is.",
        plants: &["chain/leads-to-site-root"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let issuing = site.pki.issuing.recipe.clone().eku(&[oid::CLIENT_AUTHENTICATION]);
            site.dp01.certificate().authority_information.clear();
            site.dp01.home.web.presented.issuer = Some(site.pki.root.issue(&issuing)?);
            Ok(())
        },
    },
    Fault {
        name: "key-usage-wrong",
        what: "The management point's Key Usage does not allow the signature its key exchange needs.",
        plants: &["web-server/key-usage"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.spoil(|recipe| recipe.key_usage(KeyUsage::KEY_ENCIPHERMENT));
            Ok(())
        },
    },
];
