//! Faults between a certificate and the site's root.

use super::Fault;
use crate::lab::pki::{Attribute, BasicConstraints, KeyName, Organization, Recipe, Subtree};
use crate::lab::site::blueprint::Sends;

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "intermediate-missing",
        what: "The distribution point does not send the issuing authority's certificate, clients do not have it, and its own does not say where it is.",
        plants: &["chain/leads-to-site-root"],
        at: &["DP01/"],
        consequences: &["chain/complete"],
        plant: |site| {
            site.dp01.home.web.presented.sends = Sends::LeafAlone;
            site.dp01.certificate().authority_information.clear();
            Ok(())
        },
    },
    Fault {
        name: "intermediate-fetched",
        what: "The distribution point does not send the issuing authority's certificate; its own says where it is.",
        plants: &["chain/complete"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.presented.sends = Sends::LeafAlone;
            Ok(())
        },
    },
    Fault {
        name: "intermediate-on-clients-only",
        what: "The management point does not send the issuing authority's certificate; computers have it, devices do not.",
        plants: &["chain/complete"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.home.web.presented.sends = Sends::LeafAlone;
            site.intermediates.push(site.pki.issuing.der.clone());
            Ok(())
        },
    },
    Fault {
        name: "chain-out-of-order",
        what: "The management point sends the root before the issuing authority.",
        plants: &["chain/order"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            site.mp01.home.web.presented.sends = Sends::RootBeforeIssuer;
            Ok(())
        },
    },
    Fault {
        name: "stranger-in-chain",
        what: "The distribution point sends another company's certificate along.",
        plants: &["chain/order"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let stranger = Organization::fabrikam().at(site.now).build()?;
            site.dp01.home.web.presented.sends = Sends::And(stranger.issuing.der);
            Ok(())
        },
    },
    Fault {
        name: "duplicate-in-chain",
        what: "The state migration point sends the issuing authority's certificate twice.",
        plants: &["chain/order"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.web.presented.sends = Sends::IssuerTwice;
            Ok(())
        },
    },
    Fault {
        name: "self-signed",
        what: "The state migration point presents a certificate it signed itself.",
        plants: &["web-server/enterprise-issued", "chain/leads-to-site-root"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            let now = site.now;
            site.smp01.home.web.presented.issuer = None;
            site.smp01.spoil(|_| {
                Recipe::web_server(&["smp01.corp.contoso.com"])
                    .valid(now - time::Duration::days(30), now + time::Duration::days(700))
            });
            Ok(())
        },
    },
    Fault {
        name: "enhanced-http",
        what: "The management point presents the certificate the site made for itself (enhanced HTTP).",
        plants: &["web-server/enterprise-issued", "chain/leads-to-site-root"],
        at: &["MP01/"],
        consequences: &["chain/complete", "revocation/distribution-point", "deployment/root-specified"],
        plant: |site| {
            let (from, to) = (site.now - time::Duration::days(30), site.now + time::Duration::days(3000));
            let issuing = crate::lab::pki::Minted::self_signed(
                &Recipe::root("SMS Issuing").key(KeyName::Rsa2048G).valid(from, to),
            )?;
            site.mp01.home.web.presented.issuer = Some(issuing);
            site.mp01.spoil(|_| {
                Recipe::web_server(&["mp01.corp.contoso.com", "mp.contoso.com"])
                    .attribute(Attribute::OrganizationalUnit, "SMS Role SSL Certificate")
                    .valid(from, to)
            });
            Ok(())
        },
    },
    Fault {
        name: "foreign-root",
        what: "The distribution point's certificate comes from another company's authorities.",
        plants: &["chain/leads-to-site-root"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let at = site.pki.organization.published_at.clone();
            let stranger = Organization::fabrikam().at(site.now).published_at(&at).build()?;
            site.published.extend(stranger.published()?);
            let recipe = stranger.web_server(&["dp01.corp.contoso.com", "dp.contoso.com"]);
            site.dp01.home.web.presented.issuer = Some(stranger.issuing);
            site.dp01.spoil(|_| recipe);
            Ok(())
        },
    },
    Fault {
        name: "impostor",
        what: "Authorities with the right names and the wrong keys stand above the management point's certificate.",
        plants: &["chain/leads-to-site-root"],
        at: &["MP01/"],
        consequences: &["revocation/current", "deployment/root-specified"],
        plant: |site| {
            let at = site.pki.organization.published_at.clone();
            let impostor = Organization::impostor().at(site.now).published_at(&at).build()?;
            site.mp01.home.web.presented.issuer = Some(impostor.issuing);
            Ok(())
        },
    },
    Fault {
        name: "bad-signature",
        what: "The signature of the state migration point's certificate is broken.",
        plants: &["chain/leads-to-site-root"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.web.presented.corrupt = true;
            Ok(())
        },
    },
    Fault {
        name: "issuer-not-an-authority",
        what: "What stands above the distribution point's certificate is no authority.",
        plants: &["chain/leads-to-site-root"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let mut issuing = site.pki.issuing.recipe.clone();
            issuing.basic_constraints = Some(BasicConstraints { ca: false, path_length: None });
            site.dp01.certificate().authority_information.clear();
            site.dp01.home.web.presented.issuer = Some(site.pki.root.issue(&issuing)?);
            Ok(())
        },
    },
    Fault {
        name: "path-too-long",
        what: "A further authority stands below the issuing one, which may have none below it.",
        plants: &["chain/leads-to-site-root"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            let mut further = site.pki.issuing.recipe.clone().key(KeyName::Rsa2048G).cn("Contoso Further CA");
            further.crl_distribution_points = site.sup01.certificate().crl_distribution_points.clone();
            let further = site.pki.issuing.issue(&further)?;
            let list = further.crl(&site.pki.issuing_crl())?;
            let url = site.publish("Contoso%20Further%20CA.crl", list);
            site.sup01.home.web.presented.issuer = Some(further);
            site.sup01.spoil(|recipe| recipe.cdp(&[url]));
            Ok(())
        },
    },
    Fault {
        name: "name-not-permitted",
        what: "The authority above the management point's certificate may issue for the inner domain only.",
        plants: &["chain/leads-to-site-root"],
        at: &["MP01/"],
        consequences: &["deployment/root-specified"],
        plant: |site| {
            let inner = Subtree::Dns("corp.contoso.com".into());
            let issuing = site.pki.issuing.recipe.clone().name_constraints(&[inner], &[]);
            site.mp01.certificate().authority_information.clear();
            site.mp01.home.web.presented.issuer = Some(site.pki.root.issue(&issuing)?);
            Ok(())
        },
    },
    Fault {
        name: "unknown-critical-extension",
        what: "The update point's certificate has a critical extension nobody knows.",
        plants: &["chain/leads-to-site-root"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            site.sup02.spoil(|recipe| recipe.unknown_critical_extension("1.3.6.1.4.1.55555.1.1"));
            Ok(())
        },
    },
    Fault {
        name: "leaf-is-an-authority",
        what: "The distribution point's certificate is an authority's.",
        plants: &["web-server/not-a-ca"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.spoil(|recipe| recipe.basic_constraints(true, None));
            Ok(())
        },
    },
];
