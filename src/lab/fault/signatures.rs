//! Faults of signatures.

use super::Fault;
use crate::lab::pki::{KeyName, Signature};

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "pss-signature",
        what: "The distribution point's certificate is signed in the alternate signature format, RSASSA-PSS.",
        plants: &["web-server/signature"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.spoil(|recipe| recipe.signed_with(Signature::PssSha256));
            Ok(())
        },
    },
    Fault {
        name: "ecdsa-signature",
        what: "The authority above the state migration point's certificate signs with ECDSA.",
        plants: &["web-server/signature"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            let issuing = site.pki.issuing.recipe.clone().key(KeyName::P384);
            let issuing = site.pki.root.issue(&issuing)?;
            let list = issuing.crl(&site.pki.issuing_crl().signed_with(Signature::Sha384))?;
            let url = site.publish("Contoso%20Issuing%20CA(1).crl", list);
            site.smp01.home.web.presented.issuer = Some(issuing);
            site.smp01.spoil(|recipe| recipe.signed_with(Signature::Sha384).cdp(&[url]));
            Ok(())
        },
    },
    Fault {
        name: "md5-signature",
        what: "The management point's certificate is signed with MD5.",
        plants: &["web-server/signature", "chain/signatures"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.spoil(|recipe| recipe.signed_with(Signature::Md5));
            Ok(())
        },
    },
    Fault {
        name: "issuer-md5-signature",
        what: "The issuing authority's certificate, as the update point sends it, is signed with MD5.",
        plants: &["chain/signatures"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            let issuing = site.pki.issuing.recipe.clone().signed_with(Signature::Md5);
            site.sup01.home.web.presented.issuer = Some(site.pki.root.issue(&issuing)?);
            Ok(())
        },
    },
    SHA1_SIGNATURE,
    Fault {
        name: "legacy-clients",
        what: "There are clients that cannot read SHA-2 signatures, and every certificate has one.",
        plants: &["web-server/legacy-client-hash"],
        at: &["MP01/", "PMP01/", "DP01/", "SUP01/", "SUP02/", "SMP01/", "MP02/", "MP03/", "CMNLB/", "ISA01/"],
        consequences: &["proxy/legacy-client-hash"],
        plant: |site| {
            site.legacy_clients = true;
            Ok(())
        },
    },
];

/// The same at the sites of both years.
pub(super) const SHA1_SIGNATURE: Fault = Fault {
    name: "sha1-signature",
    what: "The distribution point's certificate is signed with SHA-1.",
    plants: &["chain/sha1-signatures"],
    at: &["DP01/"],
    consequences: &[],
    plant: |site| {
        site.dp01.spoil(|recipe| recipe.signed_with(Signature::Sha1));
        Ok(())
    },
};
