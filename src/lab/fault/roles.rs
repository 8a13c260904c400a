//! Faults of client certificates, and of what the roles answer.

use time::Duration;

use super::{Fault, SIGNING_EVERYWHERE};
use crate::lab::pki::{KeyName, MintError, Minted, Organization, Recipe, oid};
use crate::lab::site::blueprint::{Asks, Plain, Trusts};

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "open-to-anybody",
        what: "The distribution point gives its packages to clients without a certificate.",
        plants: &["client-authentication/demanded"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.asks = Asks::Never;
            site.dp01.home.web.content.open = true;
            Ok(())
        },
    },
    Fault {
        name: "optional-only",
        what: "The management point asks for client certificates, and serves those who show none.",
        plants: &["client-authentication/demanded"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.home.web.asks = Asks::InHandshake;
            site.mp01.home.web.content.open = true;
            Ok(())
        },
    },
    Fault {
        name: "stranger-accepted",
        what: "The management point takes client certificates of any authority.",
        plants: &["client-authentication/refuses-stranger"],
        at: &["MP01/"],
        consequences: &["client-authentication/refuses-outsider"],
        plant: |site| {
            site.mp01.home.web.trusts = Trusts::Anybody;
            Ok(())
        },
    },
    Fault {
        name: "client-refused",
        what: "The state migration point trusts another company's clients, and not the site's.",
        plants: &["client-authentication/accepts-client", "client-authentication/accepted-issuers"],
        at: &["SMP01/"],
        consequences: &["client-authentication/foreign-issuers"],
        plant: |site| {
            let other =
                Organization { name: "Northwind".into(), root_key: KeyName::Rsa2048G, ..Organization::fabrikam() };
            let stranger = other.at(site.now).build()?.root.der;
            site.smp01.home.web.trusts = Trusts::Roots(vec![stranger.clone()]);
            site.smp01.home.web.names = vec![stranger];
            Ok(())
        },
    },
    Fault {
        name: "issuer-list-without-clients-root",
        what: "The distribution point names authorities it accepts, and leaves the clients' own out.",
        plants: &["client-authentication/accepted-issuers"],
        at: &["DP01/"],
        consequences: &["client-authentication/foreign-issuers"],
        plant: |site| {
            site.dp01.home.web.names = vec![Organization::fabrikam().at(site.now).build()?.root.der];
            Ok(())
        },
    },
    Fault {
        name: "issuer-list-too-long",
        what: "The proxy management point names so many authorities that old clients cut the list.",
        plants: &["client-authentication/issuer-list-size"],
        at: &["PMP01/"],
        consequences: &["client-authentication/foreign-issuers"],
        plant: |site| {
            let names = (0..70).map(|number| many_named(number).map(|root| root.der));
            site.pmp01.home.web.names.extend(names.collect::<Result<Vec<_>, _>>()?);
            Ok(())
        },
    },
    Fault {
        name: "update-point-asks",
        what: "The update point asks for client certificates, which the Windows Update Agent has none of.",
        plants: &["client-authentication/update-point-ignores"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.sup01.home.web.asks = Asks::InHandshake;
            Ok(())
        },
    },
    Fault {
        name: "plain-http-open",
        what: "The management point gives its list to whoever asks over plain HTTP, as before native mode.",
        plants: &["reachability/http-closed"],
        at: &["MP01/management-point/"],
        consequences: &[],
        plant: |site| {
            site.mp01.plain = Plain::Serves;
            Ok(())
        },
    },
    Fault {
        name: "listed-by-another-name",
        what: "The management point's list names it by a name it is not configured with.",
        plants: &["management-point/list"],
        at: &["MP01/management-point/"],
        consequences: &["management-point/list-known"],
        plant: |site| {
            site.mp01.home.web.content.listed_as = Some("old.corp.contoso.com".into());
            Ok(())
        },
    },
    Fault {
        name: "not-a-management-point-of-2007",
        what: "The proxy management point says it is of Current Branch.",
        plants: &["management-point/profile"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            site.pmp01.home.web.content.build = Some(9128);
            Ok(())
        },
    },
    Fault {
        name: "signs-with-another-certificate",
        what: "The management point's own certificate was renewed, and the one it signs with was not.",
        plants: &["management-point/own-certificate"],
        at: &["MP01/management-point/"],
        consequences: &[],
        plant: |site| {
            let recipe = site.mp01.certificate().clone().key(KeyName::Rsa2048G);
            site.mp01.home.web.content.signs_with = Some(site.pki.issue(&recipe)?.der);
            Ok(())
        },
    },
    Fault {
        name: "signing-certificate-differs",
        what: "Management points hand out another signing certificate than the definition names.",
        plants: &["management-point/site-signing-certificate"],
        at: &["MP01/management-point/", "PMP01/", "MP02/", "MP03/", "CMNLB/"],
        consequences: &[],
        plant: |site| {
            site.handed_out = Some(site.signing.clone().key(KeyName::Rsa2048H));
            Ok(())
        },
    },
    Fault {
        name: "signing-certificate-expired",
        what: "The site server signing certificate ended yesterday.",
        plants: &["site-server/validity"],
        at: SIGNING_EVERYWHERE,
        consequences: &[],
        plant: |site| {
            site.signing = site.signing.clone().valid(site.now - Duration::days(731), site.now - Duration::days(1));
            Ok(())
        },
    },
    Fault {
        name: "signing-certificate-wrong-site",
        what: "The site server signing certificate is another site's.",
        plants: &["site-server/site-code"],
        at: SIGNING_EVERYWHERE,
        consequences: &[],
        plant: |site| {
            site.signing = site.pki.site_signing("SEC");
            Ok(())
        },
    },
    Fault {
        name: "signing-certificate-purpose",
        what: "The site server signing certificate is not for Document Signing.",
        plants: &["site-server/document-signing-eku"],
        at: SIGNING_EVERYWHERE,
        consequences: &[],
        plant: |site| {
            site.signing = site.signing.clone().eku(&[oid::CODE_SIGNING]);
            Ok(())
        },
    },
    Fault {
        name: "no-packages",
        what: "The distribution point has no package directory.",
        plants: &["distribution-point/content"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.no_packages = true;
            Ok(())
        },
    },
    Fault {
        name: "packages-filtered",
        what: "IIS's request filtering on the distribution point hides the package directory.",
        plants: &["distribution-point/content"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.filtered = Some("404.8");
            Ok(())
        },
    },
    Fault {
        name: "update-services-stopped",
        what: "The update point's services are stopped.",
        plants: &["software-update-point/service"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            site.sup02.home.web.content.stopped = true;
            Ok(())
        },
    },
    Fault {
        name: "state-migration-point-fails",
        what: "The state migration point's application fails.",
        plants: &["client-authentication/accepts-client", "state-migration-point/service"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.web.content.stopped = true;
            Ok(())
        },
    },
    Fault {
        name: "names-foreign-authorities",
        what: "The state migration point names another company's authority beside the clients' own.",
        plants: &["client-authentication/foreign-issuers"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.web.names.push(Organization::fabrikam().at(site.now).build()?.root.der);
            Ok(())
        },
    },
    Fault {
        name: "asks-after-the-handshake",
        what: "The proxy management point asks for client certificates after a TLS 1.3 handshake.",
        plants: &["client-authentication/late-request"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            site.pmp01.home.web.asks = Asks::AfterRequest;
            Ok(())
        },
    },
    Fault {
        name: "lists-an-unknown-management-point",
        what: "The management point's list names one that nobody knows.",
        plants: &["management-point/list-known"],
        at: &["MP01/management-point/"],
        consequences: &[],
        plant: |site| {
            site.mp01.home.web.content.lists_too.push(("MP09".into(), "mp09.corp.contoso.com".into()));
            Ok(())
        },
    },
    Fault {
        name: "lists-what-presents-another-name",
        what: "The management point's list names the state migration point, whose certificate is for another name.",
        plants: &["management-point/list-resolves"],
        at: &["MP01/management-point/"],
        consequences: &["web-server/client-accepts-name", "web-server/intranet-name"],
        plant: |site| {
            site.mp01.home.web.content.lists_too.push(("SMP01".into(), "smp01.corp.contoso.com".into()));
            site.smp01.spoil(|recipe| recipe.no_cn().cn("smp.corp.contoso.com").dns(&["smp.corp.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "list-says-http",
        what: "The management point's list says that it takes no clients over HTTPS.",
        plants: &["management-point/list-state"],
        at: &["MP01/management-point/"],
        consequences: &[],
        plant: |site| {
            site.mp01.home.web.content.ssl_state = Some(0);
            Ok(())
        },
    },
    Fault {
        name: "webdav-missing",
        what: "The distribution point's packages cannot be listed by WebDAV.",
        plants: &["distribution-point/listing"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.no_webdav = true;
            Ok(())
        },
    },
    Fault {
        name: "package-without-ranges",
        what: "The distribution point answers every request for a package's file with the whole of it.",
        plants: &["distribution-point/content"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.no_ranges = true;
            Ok(())
        },
    },
    Fault {
        name: "neighbours-accepted",
        what: "The management point takes certificates of another company's authority, as one without a trust list does.",
        plants: &["client-authentication/refuses-outsider"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            let neighbours = Organization::fabrikam().at(site.now).build()?;
            let own = [site.pki.root.der.clone(), site.pki.issuing.der.clone()];
            let others = [neighbours.root.der, neighbours.issuing.der];
            site.mp01.home.web.trusts = Trusts::Roots(own.into_iter().chain(others).collect());
            Ok(())
        },
    },
    CONTENT_CLOSED,
    SERVICES_OVER_HTTP,
];

/// The same at the sites of both years.
pub(super) const SERVICES_OVER_HTTP: Fault = Fault {
    name: "services-over-http",
    what: "The update point's services answer over plain HTTP too.",
    plants: &["software-update-point/directories-closed"],
    at: &["SUP01/"],
    consequences: &[],
    plant: |site| {
        site.sup01.plain = Plain::Serves;
        Ok(())
    },
};

/// The same at the sites of both years.
pub(super) const CONTENT_CLOSED: Fault = Fault {
    name: "content-closed",
    what: "The update point's plain HTTP port, where its content is, was closed.",
    plants: &["software-update-point/http-content"],
    at: &["SUP01/"],
    consequences: &[],
    plant: |site| {
        site.sup01.plain = Plain::Closed;
        Ok(())
    },
};

/// An authority with a name of some 250 bytes.
fn many_named(number: u32) -> Result<Minted, MintError> {
    let name = format!("Authority {number} of {}", "a company with a long name ".repeat(9));
    Minted::self_signed(&Recipe::root(&name).key(KeyName::Rsa1024))
}
