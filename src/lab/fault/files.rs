//! Faults of the certificates no handshake shows: those in the files the definition names. What is wrong with the
//! signing certificate in management points' eyes too is among the roles' faults.

use time::Duration;

use super::{Fault, SIGNING_EVERYWHERE};
use crate::lab::pki::{KeyName, Organization, Recipe};
use crate::lab::site::blueprint::SITE_CODE;
use crate::lab::site::definition::{DEPLOYMENT, DEVICE, SIGNING};

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "signing-text-with-period",
        what: "The subject of the site server signing certificate ends in a period.",
        plants: &["site-server/subject-text"],
        at: SIGNING_EVERYWHERE,
        consequences: &[],
        plant: |site| {
            site.signing = site.signing.clone().cn(&format!("The site code of this site server is {SITE_CODE}."));
            Ok(())
        },
    },
    Fault {
        name: "signing-text-in-capitals",
        what: "The subject of the site server signing certificate is written with capitals where there are none.",
        plants: &["site-server/subject-text"],
        at: SIGNING_EVERYWHERE,
        consequences: &[],
        plant: |site| {
            site.signing = site.signing.clone().cn(&format!("The Site Code of this Site Server is {SITE_CODE}"));
            Ok(())
        },
    },
    Fault {
        name: "signing-foreign-root",
        what: "The site server signing certificate comes from another company's authorities.",
        plants: &["site-server/same-root"],
        at: &[SIGNING],
        consequences: &["deployment/root-specified"],
        plant: |site| {
            let stranger = Organization::fabrikam().at(site.now).build()?;
            site.signing = stranger.site_signing(SITE_CODE);
            site.signing_issuer = Some(stranger.issuing);
            Ok(())
        },
    },
    Fault {
        name: "signing-expires-soon",
        what: "The site server signing certificate ends in ten days.",
        plants: &["site-server/expiry"],
        at: SIGNING_EVERYWHERE,
        consequences: &[],
        plant: |site| {
            let (from, to) = (site.now - Duration::days(720), site.now + Duration::days(10));
            site.signing = site.signing.clone().valid(from, to);
            Ok(())
        },
    },
    Fault {
        name: "deployment-key-too-long",
        what: "The key of the certificate for operating system deployment has 4096 bits.",
        plants: &["deployment/key-length"],
        at: &[DEPLOYMENT],
        consequences: &[],
        plant: |site| {
            bend(&mut site.deployment.recipe, |recipe| recipe.key(KeyName::Rsa4096));
            Ok(())
        },
    },
    Fault {
        name: "deployment-without-key",
        what: "The file for operating system deployment was exported without its private key.",
        plants: &["deployment/pkcs12"],
        at: &[DEPLOYMENT],
        consequences: &[],
        plant: |site| {
            site.deployment.has_key = false;
            Ok(())
        },
    },
    Fault {
        name: "deployment-wrong-password",
        what: "The file for operating system deployment was exported with another password.",
        plants: &["deployment/pkcs12"],
        at: &[DEPLOYMENT],
        consequences: &[],
        plant: |site| {
            site.deployment.password = "another";
            Ok(())
        },
    },
    Fault {
        name: "device-in-base64",
        what: "The mobile device's certificate was exported as Base64 text.",
        plants: &["mobile-device/der-encoding"],
        at: &[DEVICE],
        consequences: &[],
        plant: |site| {
            site.device_in_base64 = true;
            Ok(())
        },
    },
    Fault {
        name: "deployment-named-as-client",
        what: "The certificate for operating system deployment has the client computer's name.",
        plants: &["deployment/name"],
        at: &[DEPLOYMENT],
        consequences: &["client/unique-name"],
        plant: |site| {
            site.deployment.recipe = site.pki.client("wks01.corp.contoso.com");
            Ok(())
        },
    },
    Fault {
        name: "monitoring-not-named",
        what: "The definition names clients' certificates, and none that management points are monitored with.",
        plants: &["monitoring/present"],
        at: &["MP01/", "PMP01/", "SMP01/", "MP02/", "MP03/"],
        consequences: &[],
        plant: |site| {
            site.monitoring.clear();
            Ok(())
        },
    },
    Fault {
        name: "monitoring-certificate-copied",
        what: "Two site systems are monitored with certificates of one name.",
        plants: &["monitoring/name"],
        at: &["pki/monitoring-1.cer", "pki/monitoring-2.cer"],
        consequences: &[],
        plant: |site| {
            let again = site.pki.client("mp01.corp.contoso.com").key(KeyName::Rsa2048G);
            site.monitoring.push(again);
            Ok(())
        },
    },
];

fn bend(recipe: &mut Recipe, with: impl FnOnce(Recipe) -> Recipe) {
    *recipe = with(recipe.clone());
}
