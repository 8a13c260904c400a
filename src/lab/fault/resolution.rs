//! Faults of DNS, inside and outside.

use super::Fault;
use crate::lab::dns::Answer;

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "dns-no-such-name",
        what: "Inside DNS does not know the state migration point (NXDOMAIN).",
        plants: &["reachability/name-resolves"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.inside.say("smp01.corp.contoso.com", Answer::NoSuchName);
            Ok(())
        },
    },
    Fault {
        name: "dns-no-address",
        what: "Outside DNS knows the distribution point's name, and no address for it.",
        plants: &["reachability/name-resolves"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.outside.say("dp.contoso.com", Answer::NoData);
            Ok(())
        },
    },
    Fault {
        name: "dns-server-failure",
        what: "Inside DNS fails when asked for the proxy management point (SERVFAIL).",
        plants: &["reachability/name-resolves"],
        at: &["PMP01/"],
        consequences: &["management-point/list-resolves"],
        plant: |site| {
            site.inside.say("pmp01.corp.contoso.com", Answer::Failure);
            Ok(())
        },
    },
    Fault {
        name: "dns-refused",
        what: "Outside DNS refuses to answer for the update point (REFUSED).",
        plants: &["reachability/name-resolves"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            site.outside.say("sup02.contoso.com", Answer::Refusal);
            Ok(())
        },
    },
    Fault {
        name: "dns-silent",
        what: "Inside DNS does not answer when asked for the update point.",
        plants: &["reachability/name-resolves"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.inside.say("sup01.corp.contoso.com", Answer::Silence);
            Ok(())
        },
    },
    Fault {
        name: "dns-malformed",
        what: "Outside DNS answers for the distribution point with bytes that cannot be read.",
        plants: &["reachability/name-resolves"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.outside.say("dp.contoso.com", Answer::Malformed);
            Ok(())
        },
    },
    Fault {
        name: "dns-alias-loop",
        what: "The state migration point's name is an alias of one that leads back to it.",
        plants: &["reachability/name-resolves"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.inside.say("smp01.corp.contoso.com", Answer::Alias("state.corp.contoso.com".into()));
            site.inside.say("state.corp.contoso.com", Answer::Alias("smp01.corp.contoso.com".into()));
            Ok(())
        },
    },
    Fault {
        name: "internet-address-private",
        what: "Outside DNS leads Internet clients to addresses only the inside can reach.",
        plants: &["reachability/internet-address"],
        at: &["ISA01/", "DP01/", "SUP01/", "SUP02/"],
        consequences: &[],
        plant: |site| {
            site.private_addresses_outside = false;
            Ok(())
        },
    },
    Fault {
        name: "service-record-port",
        what: "The management point's service record still names port 80, from before native mode.",
        plants: &["reachability/service-record"],
        at: &["PRI/"],
        consequences: &[],
        plant: |site| {
            site.service.port = Some(80);
            Ok(())
        },
    },
    Fault {
        name: "service-record-target",
        what: "The management point's service record names a computer that is no management point.",
        plants: &["reachability/service-record"],
        at: &["PRI/"],
        consequences: &[],
        plant: |site| {
            site.service.target = "dp01.corp.contoso.com".into();
            Ok(())
        },
    },
    Fault {
        name: "service-record-target-unknown",
        what: "The management point's service record names a computer DNS does not know.",
        plants: &["reachability/service-record"],
        at: &["PRI/"],
        consequences: &[],
        plant: |site| {
            site.service.target = "mp99.corp.contoso.com".into();
            Ok(())
        },
    },
];
