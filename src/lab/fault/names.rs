//! Faults of names: in certificates, and in the definition itself.

use super::Fault;
use crate::lab::dns::Answer;
use crate::lab::pki::{Attribute, Text};

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "internet-name-missing",
        what: "The management point accepts Internet clients, and its certificate has the intranet FQDN only.",
        plants: &["web-server/internet-name"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.spoil(|recipe| recipe.dns(&["mp01.corp.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "intranet-name-missing",
        what: "The distribution point's certificate has the Internet FQDN only.",
        plants: &["web-server/intranet-name"],
        at: &["DP01/"],
        consequences: &["web-server/client-accepts-name"],
        plant: |site| {
            site.dp01.spoil(|recipe| recipe.cn("dp.contoso.com").dns(&["dp.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "common-name-only",
        what: "The distribution point's certificate has no Subject Alternative Name, so there is room for one name only.",
        plants: &["web-server/internet-name"],
        at: &["DP01/"],
        consequences: &["web-server/client-accepts-name"],
        plant: |site| {
            site.dp01.spoil(|recipe| recipe.no_san());
            Ok(())
        },
    },
    Fault {
        name: "name-only-in-common-name",
        what: "The management point's intranet FQDN stands in the common name, and the alternative names list the Internet FQDN alone.",
        plants: &["web-server/name-in-san"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.spoil(|recipe| recipe.dns(&["mp.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "netbios-name-only",
        what: "The state migration point is configured by its FQDN, and its certificate has the computer name only.",
        plants: &["web-server/intranet-name", "web-server/client-accepts-name"],
        at: &["SMP01/"],
        consequences: &["web-server/intranet-fqdn-preferred"],
        plant: |site| {
            site.smp01.spoil(|recipe| recipe.cn("SMP01").dns(&["SMP01"]));
            Ok(())
        },
    },
    Fault {
        name: "netbios-name-configured",
        what: "The state migration point is configured, and dialled, by its computer name.",
        plants: &["web-server/intranet-fqdn-preferred"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.intranet_fqdn = None;
            site.smp01.spoil(|recipe| recipe.cn("SMP01").dns(&["SMP01"]));
            Ok(())
        },
    },
    Fault {
        name: "literal-ampersand",
        what: "One alternative name of the management point's certificate holds an ampersand, beside the right ones.",
        plants: &["web-server/literal-ampersand"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            let names = ["mp01.corp.contoso.com", "mp.contoso.com", "mp01.corp.contoso.com&mp.contoso.com"];
            site.mp01.spoil(|recipe| recipe.dns(&names));
            Ok(())
        },
    },
    Fault {
        name: "names-joined-by-ampersand",
        what: "The distribution point's two names stand in one value, joined by the ampersand of the enrolment attribute.",
        plants: &["web-server/client-accepts-name", "web-server/literal-ampersand"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let joined = "dp01.corp.contoso.com&dp.contoso.com";
            site.dp01.spoil(|recipe| recipe.cn(joined).dns(&[joined]));
            Ok(())
        },
    },
    Fault {
        name: "wildcard",
        what: "The distribution point's certificate has a wildcard beside its names.",
        plants: &["web-server/wildcard"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.spoil(|recipe| recipe.dns(&["dp01.corp.contoso.com", "dp.contoso.com", "*.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "wildcard-only",
        what: "The state migration point's certificate is for every machine of the domain, and names none.",
        plants: &["web-server/wildcard"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.spoil(|recipe| recipe.cn("*.corp.contoso.com").dns(&["*.corp.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "non-ascii-name",
        what: "The common name of the distribution point's certificate has a letter beyond ASCII.",
        plants: &["web-server/single-byte-names"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.spoil(|recipe| {
                recipe.no_cn().attribute(Attribute::CommonName, Text::Utf8("dp01.münchen.contoso.com".into()))
            });
            Ok(())
        },
    },
    Fault {
        name: "two-common-names",
        what: "The management point's certificate has two common names.",
        plants: &["web-server/one-common-name"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.spoil(|recipe| recipe.attribute(Attribute::CommonName, "mp.contoso.com"));
            Ok(())
        },
    },
    Fault {
        name: "name-with-underscore",
        what: "The state migration point has an underscore in its configured name.",
        plants: &["reachability/name-syntax"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            let name = "smp_01.corp.contoso.com";
            site.smp01.intranet_fqdn = Some(name.into());
            site.smp01.spoil(|recipe| recipe.cn(name).dns(&[name]));
            Ok(())
        },
    },
    Fault {
        name: "update-point-internet-name-only",
        what: "The update point for Internet clients lacks its intranet FQDN, which WSUS and the site server use.",
        plants: &["web-server/update-point-both-names"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            site.sup02.spoil(|recipe| recipe.cn("sup02.contoso.com").dns(&["sup02.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "intranet-name-exposed",
        what: "Outside DNS knows the management point's intranet FQDN.",
        plants: &["reachability/intranet-name-hidden"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.outside.say("mp01.corp.contoso.com", Answer::Addresses(vec![site.mp01.home.address.into()]));
            Ok(())
        },
    },
];
