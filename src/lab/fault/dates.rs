//! Faults of dates.

use time::Duration;

use super::Fault;

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "expired",
        what: "The distribution point's certificate ended yesterday.",
        plants: &["web-server/validity"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let now = site.now;
            site.dp01.spoil(|recipe| recipe.valid(now - Duration::days(731), now - Duration::days(1)));
            Ok(())
        },
    },
    Fault {
        name: "not-yet-valid",
        what: "The management point's certificate begins tomorrow.",
        plants: &["web-server/validity"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            let now = site.now;
            site.mp01.spoil(|recipe| recipe.valid(now + Duration::days(1), now + Duration::days(731)));
            Ok(())
        },
    },
    Fault {
        name: "expires-soon",
        what: "The update point's certificate ends in ten days.",
        plants: &["web-server/expiry"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            let now = site.now;
            site.sup01.spoil(|recipe| recipe.valid(now - Duration::days(720), now + Duration::days(10)));
            Ok(())
        },
    },
    Fault {
        name: "issuer-expired",
        what: "The issuing authority's certificate, as the state migration point sends it, ended a month ago, and nobody says where a renewed one is.",
        plants: &["chain/validity", "chain/leads-to-site-root"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            let now = site.now;
            let issuing = site.pki.issuing.recipe.clone().valid(now - Duration::days(3650), now - Duration::days(30));
            site.smp01.certificate().authority_information.clear();
            site.smp01.home.web.presented.issuer = Some(site.pki.root.issue(&issuing)?);
            Ok(())
        },
    },
];
