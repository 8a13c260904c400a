//! Faults of what sites of 2026 have beside the roles of 2007: gateway, administration service, reporting point.

use time::Duration;

use super::Fault;
use super::roles::{CONTENT_CLOSED, SERVICES_OVER_HTTP};
use super::signatures::SHA1_SIGNATURE;
use crate::lab::dns::Answer;
use crate::lab::pki::{Attribute, KeyName, KeyUsage, Organization, Recipe, Signature, Text, oid};
use crate::lab::site::blueprint::{Presented, Sends, Trusts};
use crate::lab::site::definition::WORKSTATION;
use crate::wire::version::ProtocolVersion;

/// What can be wrong with any server's certificate, of one of the systems.
macro_rules! of_certificate {
    ($name:literal, $whose:literal, $system:ident, $at:literal, $of:literal, short: $short:ident, with_signature: [$($with:literal),*]
        $(, $further:expr)* $(,)?) => {
        &[
            Fault {
                name: concat!($name, "-expired"),
                what: concat!($whose, " certificate ended yesterday."),
                plants: &[concat!($of, "/validity")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    let now = site.now;
                    site.today.$system.spoil(|recipe| recipe.valid(now - Duration::days(731), now - Duration::days(1)));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-expires-soon"),
                what: concat!($whose, " certificate ends in ten days."),
                plants: &[concat!($of, "/expiry")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    let now = site.now;
                    site.today.$system.spoil(|recipe| recipe.valid(now - Duration::days(720), now + Duration::days(10)));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-purpose"),
                what: concat!($whose, " certificate is from the Workstation template, for clients."),
                plants: &[concat!($of, "/server-auth-eku")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.eku(&[oid::CLIENT_AUTHENTICATION]));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-policies"),
                what: concat!($whose, " Application Policies leave out what its Enhanced Key Usage allows."),
                plants: &[concat!($of, "/application-policies")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.application_policies(&[oid::CLIENT_AUTHENTICATION]));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-key-usage"),
                what: concat!($whose, " Key Usage does not allow the signature its key exchange needs."),
                plants: &[concat!($of, "/key-usage")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.key_usage(KeyUsage::KEY_ENCIPHERMENT));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-md5-signature"),
                what: concat!($whose, " certificate is signed with MD5."),
                plants: &[concat!($of, "/signature")],
                at: &[$at],
                consequences: &[$($with),*],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.signed_with(Signature::Md5));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-key-length"),
                what: concat!($whose, " key has a length that is not allowed."),
                plants: &[concat!($of, "/key-length")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.key(KeyName::$short));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-export-key"),
                what: concat!($whose, " key has 512 bits, as export laws once had it."),
                plants: &[concat!($of, "/key-minimum"), concat!($of, "/key-length")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.key(KeyName::Rsa512));
                    // TLS 1.3 cannot sign with so short a key.
                    site.today.$system.home.web.newest = ProtocolVersion::TLS1_2;
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-is-an-authority"),
                what: concat!($whose, " certificate is a certification authority's."),
                plants: &[concat!($of, "/not-a-ca")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.basic_constraints(true, None));
                    Ok(())
                },
            },
            Fault {
                name: concat!($name, "-name-only-in-common-name"),
                what: concat!($whose, " name stands in the common name, and the alternative names list another alone."),
                plants: &[concat!($of, "/name-in-san")],
                at: &[$at],
                consequences: &[],
                plant: |site| {
                    site.today.$system.spoil(|recipe| recipe.dns(&["other.contoso.com"]));
                    Ok(())
                },
            },
            $($further),*
        ]
    };
}

/// A server whose certificate is for another name, and one whose common name has a letter beyond ASCII.
macro_rules! another_name {
    ($name:literal, $whose:literal, $system:ident, $at:literal, $of:literal) => {
        Fault {
            name: concat!($name, "-for-another-name"),
            what: concat!($whose, " certificate is for another name than the one dialled."),
            plants: &[concat!($of, "/client-accepts-name")],
            at: &[$at],
            consequences: &[],
            plant: |site| {
                site.today.$system.spoil(|recipe| recipe.cn("old.corp.contoso.com").dns(&["old.corp.contoso.com"]));
                Ok(())
            },
        }
    };
}

/// A server whose common name has a letter beyond ASCII.
macro_rules! wide_name {
    ($name:literal, $whose:literal, $system:ident, $at:literal, $of:literal) => {
        Fault {
            name: concat!($name, "-non-ascii-name"),
            what: concat!($whose, " certificate has a common name with a letter beyond ASCII."),
            plants: &[concat!($of, "/single-byte-names")],
            at: &[$at],
            consequences: &[],
            plant: |site| {
                let wide = Text::Utf8("berichte.m\u{fc}nchen.contoso.com".into());
                site.today.$system.spoil(|recipe| recipe.no_cn().attribute(Attribute::CommonName, wide));
                Ok(())
            },
        }
    };
}

/// Of the administration service.
pub(super) const PROVIDER: &[Fault] = of_certificate!(
    "provider", "The administration service's", prv01, "PRV01/", "sms-provider", short: Rsa1024, with_signature: ["session/reaches-clients", "session/reaches-old-clients"],
    another_name!("provider", "The administration service's", prv01, "PRV01/", "sms-provider"),
    wide_name!("provider", "The administration service's", prv01, "PRV01/", "sms-provider"),
    Fault {
        name: "provider-open-to-anybody",
        what: "The administration service answers whoever asks, without asking who that is.",
        plants: &["sms-provider/service"],
        at: &["PRV01/"],
        consequences: &[],
        plant: |site| {
            site.today.prv01.home.web.content.open = true;
            Ok(())
        },
    },
    Fault {
        name: "provider-stopped",
        what: "The administration service does not run, and the web server says so.",
        plants: &["sms-provider/service"],
        at: &["PRV01/"],
        consequences: &[],
        plant: |site| {
            site.today.prv01.home.web.content.stopped = true;
            Ok(())
        },
    },
    Fault {
        name: "provider-not-here",
        what: "Another web site answers at the administration service's port.",
        plants: &["sms-provider/service"],
        at: &["PRV01/"],
        consequences: &[],
        plant: |site| {
            site.today.prv01.home.web.content.gone = true;
            Ok(())
        },
    },
    Fault {
        name: "provider-of-another-company",
        what: "The administration service has a certificate of an authority that nobody here trusts.",
        plants: &["chain/leads-to-site-root"],
        at: &["PRV01/"],
        consequences: &[],
        plant: |site| {
            site.today.prv01.home.web.presented.issuer = Some(Organization::fabrikam().at(site.now).build()?.issuing);
            Ok(())
        },
    },
);

/// Of the reporting point.
pub(super) const REPORTS: &[Fault] = of_certificate!(
    "reports", "The reporting point's", rep01, "REP01/", "reporting-point", short: Rsa1024,
    with_signature: ["chain/signatures", "session/reaches-clients", "session/reaches-old-clients"],
    another_name!("reports", "The reporting point's", rep01, "REP01/", "reporting-point"),
    wide_name!("reports", "The reporting point's", rep01, "REP01/", "reporting-point"),
    Fault {
        name: "reports-of-another-company",
        what: "The reporting point has a certificate of an authority that nobody here trusts.",
        plants: &["chain/leads-to-site-root"],
        at: &["REP01/"],
        consequences: &[],
        plant: |site| {
            site.today.rep01.home.web.presented.issuer = Some(Organization::fabrikam().at(site.now).build()?.issuing);
            Ok(())
        },
    },
    Fault {
        name: "reports-unreadable",
        what: "What the reporting point presents in the place of its certificate is one cut short.",
        plants: &["chain/leads-to-site-root"],
        at: &["REP01/"],
        consequences: &[],
        plant: |site| {
            site.today.rep01.home.web.presented.sends = Sends::CutShort;
            Ok(())
        },
    },
    Fault {
        name: "reports-issuer-unreadable",
        what: "The issuing authority's certificate as the reporting point sends it is cut short, and its own does not say where it is.",
        plants: &["chain/leads-to-site-root"],
        at: &["REP01/"],
        consequences: &["chain/order"],
        plant: |site| {
            site.today.rep01.home.web.presented.sends = Sends::IssuerCutShort;
            site.today.rep01.certificate().authority_information.clear();
            Ok(())
        },
    },
);

/// Of the cloud management gateway.
pub(super) const GATEWAY: &[Fault] = of_certificate!(
    "gateway", "The gateway's", cmg, "CMG/", "cloud-management-gateway", short: Rsa3072,
    with_signature: ["chain/signatures", "session/reaches-clients", "session/reaches-old-clients"],
    Fault {
        name: "gateway-elliptic-curve-key",
        what: "The gateway's key is on an elliptic curve.",
        plants: &["cloud-management-gateway/rsa-key"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            site.today.cmg.spoil(|recipe| recipe.key(KeyName::P256A));
            Ok(())
        },
    },
    Fault {
        name: "gateway-for-another-name",
        what: "The gateway's certificate is for another name than its service name.",
        plants: &["cloud-management-gateway/client-accepts-name", "cloud-management-gateway/service-name"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            site.today.cmg.spoil(|recipe| recipe.cn("gate.contoso.com").dns(&["gate.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "gateway-common-name",
        what: "The gateway's service name is among the alternative names, and the common name is another.",
        plants: &["cloud-management-gateway/service-name"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            site.today.cmg.spoil(|recipe| recipe.cn("gate.contoso.com").dns(&["cmg.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "gateway-two-common-names",
        what: "The gateway's certificate has two common names, one with a letter beyond ASCII.",
        plants: &["cloud-management-gateway/one-common-name", "cloud-management-gateway/single-byte-names"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            let wide = Text::Utf8("tor.m\u{fc}nchen.contoso.com".into());
            site.today.cmg.spoil(|recipe| recipe.attribute(Attribute::CommonName, wide));
            Ok(())
        },
    },
    Fault {
        name: "gateway-prefix",
        what: "The gateway's service name begins with a label that has a hyphen, which Azure does not take.",
        plants: &["cloud-management-gateway/prefix"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            let name = "contoso-cmg.contoso.com";
            site.today.cmg.internet_fqdn = Some(name.into());
            site.today.cmg.spoil(|recipe| recipe.cn(name).dns(&[name]));
            site.outside.say(name, Answer::Alias(site.today.azure_name.clone()));
            Ok(())
        },
    },
    Fault {
        name: "gateway-without-alias",
        what: "The gateway's service name has an address in DNS instead of an alias to its name in Azure.",
        plants: &["cloud-management-gateway/service"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            site.outside.say("cmg.contoso.com", Answer::Addresses(vec![site.today.cmg.home.address.into()]));
            Ok(())
        },
    },
    Fault {
        name: "gateway-not-here",
        what: "What answers at the gateway's service name is another web site.",
        plants: &["cloud-management-gateway/service"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            site.today.cmg.home.web.content.gone = true;
            Ok(())
        },
    },
    Fault {
        name: "gateway-fails",
        what: "The gateway's service is stopped.",
        plants: &["cloud-management-gateway/service", "client-authentication/accepts-client"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            site.today.cmg.home.web.content.stopped = true;
            Ok(())
        },
    },
    Fault {
        name: "gateway-refuses-clients",
        what: "The gateway was given the root of another company's clients, and not the site's.",
        plants: &["client-authentication/accepts-client"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            let stranger = Organization::fabrikam().at(site.now).build()?.root.der;
            site.today.cmg.home.web.trusts = Trusts::Roots(vec![stranger]);
            Ok(())
        },
    },
    Fault {
        name: "gateway-names-other-authorities",
        what: "The gateway names authorities whose clients it takes, and leaves the site's out.",
        plants: &["client-authentication/accepted-issuers"],
        at: &["CMG/"],
        consequences: &["client-authentication/foreign-issuers"],
        plant: |site| {
            let web = &mut site.today.cmg.home.web;
            // Servers of today name nobody.
            web.suites = Some("ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256");
            web.newest = ProtocolVersion::TLS1_2;
            web.names = vec![Organization::fabrikam().at(site.now).build()?.root.der];
            Ok(())
        },
    },
    Fault {
        name: "gateway-of-another-authority",
        what: "The gateway's certificate is of an authority that is neither the company's nor a public one.",
        plants: &["chain/leads-to-site-root"],
        at: &["CMG/"],
        consequences: &["revocation/current", "revocation/reachable"],
        plant: |site| {
            site.today.cmg.home.web.presented.issuer = Some(Organization::fabrikam().at(site.now).build()?.issuing);
            Ok(())
        },
    },
    Fault {
        name: "gateway-list-missing",
        what: "There is nothing where the gateway's certificate looks for its revocation list.",
        plants: &["revocation/reachable"],
        at: &["CMG/"],
        consequences: &[],
        plant: |site| {
            let url = format!("{}/gone.crl", site.pki.organization.published_at);
            site.today.cmg.spoil(|recipe| recipe.no_cdp().cdp(&[url]));
            Ok(())
        },
    },
);

/// Of the roles that sites of 2007 have as well, where their fault is one of today.
pub(super) const POINTS: &[Fault] = &[
    Fault {
        name: "site-certificate-bound",
        what: "The site's own certificate is bound on the management point, as enhanced HTTP does, and HTTPS alone is meant.",
        plants: &["web-server/enterprise-issued", "chain/leads-to-site-root"],
        at: &["MP01/"],
        consequences: &["chain/complete", "deployment/root-specified", "revocation/distribution-point"],
        plant: |site| {
            let recipe = Recipe::web_server(&["mp01.corp.contoso.com"]).valid(site.now, site.now + Duration::days(700));
            site.mp01.home.web.presented = Presented::new(recipe, &site.today.site_authority);
            Ok(())
        },
    },
    Fault {
        name: "webdav-publishing-installed",
        what: "The Windows feature WebDAV Publishing is installed on the distribution point, and takes its requests.",
        plants: &["distribution-point/listing"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.no_webdav = true;
            Ok(())
        },
    },
    SHA1_SIGNATURE,
    Fault {
        name: "double-escaping-refused",
        what: "Request filtering on the distribution point refuses double escaping.",
        plants: &["distribution-point/content", "distribution-point/listing"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.filtered = Some("404.11");
            Ok(())
        },
    },
    CONTENT_CLOSED,
    SERVICES_OVER_HTTP,
];

/// Of the client's certificate, in its file.
pub(super) const CLIENTS: &[Fault] = &[
    Fault {
        name: "client-subject-without-its-name",
        what: "The Subject of the client's certificate is its owner's, and the computer's name stands in the alternative name.",
        plants: &["client/subject-computer-name"],
        at: &[WORKSTATION],
        consequences: &[],
        plant: |site| {
            site.workstation = site.workstation.clone().cn("Kim of Sales");
            Ok(())
        },
    },
    Fault {
        name: "client-two-names",
        what: "The client's certificate has two alternative names, of which only the first is used.",
        plants: &["client/first-san"],
        at: &[WORKSTATION],
        consequences: &[],
        plant: |site| {
            site.workstation = site.workstation.clone().dns(&["wks01.corp.contoso.com", "laptop.corp.contoso.com"]);
            Ok(())
        },
    },
];
