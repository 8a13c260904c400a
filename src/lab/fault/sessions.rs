//! Faults of the TLS session: old versions, weak suites.

use super::Fault;
use crate::lab::pki::KeyName;
use crate::wire::version::ProtocolVersion;

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "tls10-alone",
        what: "The state migration point speaks TLS 1.0 alone, as Windows Server 2003 to 2008 R2 do by default.",
        plants: &["session/protocol"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.web.only(ProtocolVersion::TLS1_0);
            Ok(())
        },
    },
    Fault {
        name: "ssl3-alone",
        what: "The update point speaks SSL 3.0 alone.",
        plants: &["session/protocol"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.sup01.home.web.only(ProtocolVersion::SSL3);
            Ok(())
        },
    },
    Fault {
        name: "rc4-alone",
        what: "The distribution point speaks TLS 1.0 with RC4 and RSA key exchange alone, as unpatched servers of 2003.",
        plants: &["session/protocol", "session/forward-secrecy"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.only(ProtocolVersion::TLS1_0);
            site.dp01.home.web.suites = Some("RC4-SHA:RC4-MD5");
            Ok(())
        },
    },
    Fault {
        name: "triple-des-alone",
        what: "The management point speaks TLS 1.0 with triple DES and RSA key exchange alone.",
        plants: &["session/protocol", "session/forward-secrecy"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.home.web.only(ProtocolVersion::TLS1_0);
            site.mp01.home.web.suites = Some("DES-CBC3-SHA");
            Ok(())
        },
    },
    Fault {
        name: "unpatched",
        what: "The update point for Internet clients knows no secure renegotiation: a server of 2003 that never had its update.",
        plants: &["session/secure-renegotiation"],
        at: &["SUP02/"],
        consequences: &["session/protocol", "session/forward-secrecy"],
        plant: |site| {
            site.sup02.home.web.only(ProtocolVersion::TLS1_0);
            site.sup02.home.web.patched = false;
            Ok(())
        },
    },
    Fault {
        name: "rsa-key-exchange",
        what: "All cipher suites of the proxy management point have RSA key exchange.",
        plants: &["session/forward-secrecy"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            site.pmp01.home.web.newest = ProtocolVersion::TLS1_2;
            site.pmp01.home.web.suites = Some("AES128-SHA256:AES128-SHA:DES-CBC3-SHA");
            Ok(())
        },
    },
    Fault {
        name: "old-versions-too",
        what: "The update point for Internet clients takes SSL 3.0 beside newer versions.",
        plants: &["session/old-versions"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            site.sup02.home.web.oldest = ProtocolVersion::SSL3;
            Ok(())
        },
    },
    Fault {
        name: "tls13-alone",
        what: "The update point speaks TLS 1.3 alone, which no client of that time does.",
        plants: &["session/reaches-clients", "session/reaches-old-clients"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.sup01.home.web.only(ProtocolVersion::TLS1_3);
            Ok(())
        },
    },
    Fault {
        name: "tls12-alone",
        what: "The distribution point speaks TLS 1.2 alone, which clients before Windows 7 do not have.",
        plants: &["session/reaches-old-clients"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.of_today();
            Ok(())
        },
    },
    Fault {
        name: "another-key",
        what: "The update point signs its handshakes with another key than its certificate's.",
        plants: &["session/key-proof"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.sup01.home.web.of_today();
            site.sup01.home.web.signs_with = Some(KeyName::Rsa2048G);
            Ok(())
        },
    },
    Fault {
        name: "swallows-new-hellos",
        what: "A load balancer before the state migration point answers no hello with TLS 1.3 in it.",
        plants: &["session/hello-tolerance"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.chokes_on_tls13 = true;
            Ok(())
        },
    },
    Fault {
        name: "certificate-too-long",
        what: "The update point for Internet clients has a certificate with more names than Windows clients take.",
        plants: &["session/message-size"],
        at: &["SUP02/"],
        consequences: &["session/reaches-clients", "session/reaches-old-clients"],
        plant: |site| {
            let many = (0..1100).map(|number| format!("tenant-{number:04}.of.contoso.com"));
            let names: Vec<String> =
                site.sup02.internet_fqdn.iter().chain(&site.sup02.intranet_fqdn).cloned().collect();
            let all: Vec<String> = names.into_iter().chain(many).collect();
            site.sup02.spoil(|recipe| recipe.dns(&all.iter().map(String::as_str).collect::<Vec<_>>()));
            Ok(())
        },
    },
    Fault {
        name: "clock-behind",
        what: "The distribution point's clock is an hour behind.",
        plants: &["session/clock"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.clock_ahead = -time::Duration::HOUR;
            Ok(())
        },
    },
];
