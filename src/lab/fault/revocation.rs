//! Faults of revocation lists, and of the places certificates name for them. Each spoils what one system's certificate
//! names, and leaves the company's own lists alone.

use std::time::Duration;

use time::Duration as Days;

use super::Fault;
use crate::lab::pki::{
    CrlRecipe, DistributionPoint, IssuingDistributionPoint, MintError, OcspRecipe, OcspStatus, Organization, Reason,
    pem,
};
use crate::lab::site::blueprint::{Blueprint, Responder, System, responder_url};
use crate::lab::site::definition::{DEPLOYMENT, DEVICE};
use crate::lab::site::pace::Pace;

/// Longer than Windows waits for a list, shorter than this program does.
const SLOW: Duration = Duration::from_secs(16);
/// Longer than anybody waits.
const NEVER: Duration = Duration::from_secs(3600);

/// Where nothing else is published.
fn own_url(site: &Blueprint, name: &str) -> String {
    format!("{}/{name}.crl", site.pki.organization.published_at)
}

/// Lets a system's certificate name a list of its own, with these octets.
fn with_list(
    site: &mut Blueprint,
    system: fn(&mut Blueprint) -> &mut System,
    bytes: impl FnOnce(&Blueprint) -> Result<Vec<u8>, MintError>,
) -> Result<String, MintError> {
    let name = system(site).name;
    let url = own_url(site, name);
    system(site).spoil(|recipe| recipe.cdp(&[&url]));
    let bytes = bytes(site)?;
    Ok(site.publish(&format!("{name}.crl"), bytes))
}

/// The issuing authority's list, bent.
fn issuing_list(site: &Blueprint, bend: impl FnOnce(CrlRecipe) -> CrlRecipe) -> Result<Vec<u8>, MintError> {
    site.pki.issuing.crl(&bend(site.pki.issuing_crl()))
}

/// Lets a system's certificate name a list of its own, and that a delta list of this name.
fn with_delta(
    site: &mut Blueprint,
    system: fn(&mut Blueprint) -> &mut System,
    name: &str,
    bend: impl FnOnce(CrlRecipe) -> CrlRecipe,
) -> Result<(), MintError> {
    let urls = vec![own_url(site, name)];
    let list = |site: &Blueprint| {
        issuing_list(site, |recipe| {
            let mut recipe = bend(recipe);
            recipe.freshest_crl = vec![DistributionPoint { urls, crl_issuer: None }];
            recipe
        })
    };
    with_list(site, system, list).map(drop)
}

/// Publishes the delta list over the complete one.
fn publish_delta(site: &mut Blueprint, name: &str, bend: impl FnOnce(CrlRecipe) -> CrlRecipe) -> Result<(), MintError> {
    let delta = issuing_list(site, |recipe| bend(recipe.number(2).delta_over(1)))?;
    site.publish(&format!("{name}.crl"), delta);
    Ok(())
}

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "revoked",
        what: "The distribution point's certificate has been revoked.",
        plants: &["revocation/not-revoked"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let revoked = |site: &Blueprint| {
                let (leaf, _) = site.dp01.home.web.presented.make()?;
                issuing_list(site, |recipe| recipe.revoke_for(&leaf, Reason::Superseded))
            };
            with_list(site, |site| &mut site.dp01, revoked).map(drop)
        },
    },
    Fault {
        name: "revoked-intermediate",
        what: "The authority above the state migration point's certificate has been revoked.",
        plants: &["revocation/not-revoked"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            let url = own_url(site, "authority");
            let issuing = site.pki.root.issue(&site.pki.issuing.recipe.clone().cdp(&[&url]))?;
            let list = site.pki.root.crl(&site.pki.root_crl().revoke_for(&issuing, Reason::CaCompromise))?;
            site.publish("authority.crl", list);
            site.smp01.home.web.presented.issuer = Some(issuing);
            Ok(())
        },
    },
    Fault {
        name: "crl-expired",
        what: "The revocation list the update point's certificate names ended yesterday.",
        plants: &["revocation/current"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            let expired = |site: &Blueprint| {
                let (from, to) = (site.now - Days::days(8), site.now - Days::days(1));
                issuing_list(site, |recipe| recipe.current(from, to))
            };
            with_list(site, |site| &mut site.sup01, expired).map(drop)
        },
    },
    Fault {
        name: "crl-not-yet-valid",
        what: "The revocation list the update point's certificate names begins tomorrow.",
        plants: &["revocation/current"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            let early = |site: &Blueprint| {
                let (from, to) = (site.now + Days::days(1), site.now + Days::days(8));
                issuing_list(site, |recipe| recipe.current(from, to))
            };
            with_list(site, |site| &mut site.sup01, early).map(drop)
        },
    },
    Fault {
        name: "crl-expires-soon",
        what: "The revocation list the update point's certificate names ends tomorrow, and no next one is announced.",
        plants: &["revocation/expiry"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            let ending = |site: &Blueprint| {
                let (from, to) = (site.now - Days::days(6), site.now + Days::days(1));
                issuing_list(site, |recipe| recipe.current(from, to))
            };
            with_list(site, |site| &mut site.sup01, ending).map(drop)
        },
    },
    Fault {
        name: "crl-wrong-signer",
        what: "The revocation list the distribution point's certificate names is signed with another key.",
        plants: &["revocation/current"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let impostor = Organization::impostor().at(site.now).build()?;
            with_list(site, |site| &mut site.dp01, |site| impostor.issuing.crl(&site.pki.issuing_crl())).map(drop)
        },
    },
    Fault {
        name: "crl-other-authority",
        what: "Where the distribution point's certificate looks for its revocation list, there is the root's.",
        plants: &["revocation/current"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| with_list(site, |site| &mut site.dp01, |site| site.pki.root.crl(&site.pki.root_crl())).map(drop),
    },
    Fault {
        name: "crl-delta-only",
        what: "Where the update point's certificate looks for its revocation list, there is the delta list alone.",
        plants: &["revocation/current"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            let delta = |site: &Blueprint| issuing_list(site, |recipe| recipe.number(2).delta_over(1));
            with_list(site, |site| &mut site.sup02, delta).map(drop)
        },
    },
    Fault {
        name: "revoked-in-delta",
        what: "The distribution point's certificate has been revoked since the last complete list: the delta list has it.",
        plants: &["revocation/not-revoked"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            with_delta(site, |site| &mut site.dp01, "DP01-delta", |recipe| recipe)?;
            let (leaf, _) = site.dp01.home.web.presented.make()?;
            publish_delta(site, "DP01-delta", |recipe| recipe.revoke_for(&leaf, Reason::Superseded))
        },
    },
    Fault {
        name: "delta-blocked",
        what: "The delta list of the update point's list has a plus sign in its name, which the web server refuses.",
        plants: &["revocation/delta"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| with_delta(site, |site| &mut site.sup01, "SUP01+", |recipe| recipe),
    },
    Fault {
        name: "delta-ended",
        what: "The delta list of the update point's list ended yesterday.",
        plants: &["revocation/delta"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            with_delta(site, |site| &mut site.sup01, "SUP01-delta", |recipe| recipe)?;
            let (from, to) = (site.now - Days::days(3), site.now - Days::days(1));
            publish_delta(site, "SUP01-delta", |recipe| recipe.current(from, to))
        },
    },
    Fault {
        name: "delta-wrong-signer",
        what: "The delta list of the state migration point's list is signed with another key.",
        plants: &["revocation/delta"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            with_delta(site, |site| &mut site.smp01, "SMP01-delta", |recipe| recipe)?;
            let impostor = Organization::impostor().at(site.now).build()?;
            let delta = impostor.issuing.crl(&site.pki.issuing_crl().number(2).delta_over(1))?;
            site.publish("SMP01-delta.crl", delta);
            Ok(())
        },
    },
    Fault {
        name: "delta-of-later-base",
        what: "The new delta list was copied to the web server, and the new complete list was not.",
        plants: &["revocation/delta"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            with_delta(site, |site| &mut site.smp01, "SMP01-delta", |recipe| recipe)?;
            let delta = site.pki.issuing.crl(&site.pki.issuing_crl().number(9).delta_over(8))?;
            site.publish("SMP01-delta.crl", delta);
            Ok(())
        },
    },
    Fault {
        name: "crl-some-reasons",
        what: "The authority shares the reasons for revocation out among two lists, and only one of them is named.",
        plants: &["revocation/current"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            let point = IssuingDistributionPoint {
                only_reasons: vec![Reason::KeyCompromise, Reason::CaCompromise],
                ..IssuingDistributionPoint::default()
            };
            let list = |site: &Blueprint| issuing_list(site, |recipe| recipe.issuing_distribution_point(point));
            with_list(site, |site| &mut site.sup02, list).map(drop)
        },
    },
    Fault {
        name: "crl-critical-extension",
        what: "The update point's list has a critical extension that nobody knows.",
        plants: &["revocation/current"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            let odd =
                |site: &Blueprint| issuing_list(site, |recipe| recipe.extension("1.3.6.1.4.1.311.99.1", true, &[5, 0]));
            with_list(site, |site| &mut site.sup02, odd).map(drop)
        },
    },
    Fault {
        name: "crl-packed",
        what: "The web server packs the management point's list with gzip, which nobody asked for.",
        plants: &["revocation/current"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| with_list(site, |site| &mut site.mp01, |_| Ok(vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0])).map(drop),
    },
    Fault {
        name: "deployment-revoked",
        what: "The certificate for operating system deployment has been revoked.",
        plants: &["deployment/not-revoked"],
        at: &[DEPLOYMENT],
        consequences: &[],
        plant: |site| {
            let url = own_url(site, "osd");
            site.deployment.recipe = site.deployment.recipe.clone().cdp(&[&url]);
            let minted = site.pki.issue(&site.deployment.recipe)?;
            let list = issuing_list(site, |recipe| recipe.revoke_for(&minted, Reason::KeyCompromise))?;
            site.publish("osd.crl", list);
            Ok(())
        },
    },
    Fault {
        name: "device-crl-expired",
        what: "The list that the mobile device's certificate names ended yesterday.",
        plants: &["mobile-device/crl-current"],
        at: &[DEVICE],
        consequences: &[],
        plant: |site| {
            let url = own_url(site, "devices");
            site.device = site.device.clone().cdp(&[&url]);
            let (from, to) = (site.now - Days::days(8), site.now - Days::days(1));
            let list = issuing_list(site, |recipe| recipe.current(from, to))?;
            site.publish("devices.crl", list);
            Ok(())
        },
    },
    Fault {
        name: "crl-partition",
        what: "Where the update point's certificate looks for its revocation list, there is the part about authorities.",
        plants: &["revocation/current"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            let part = IssuingDistributionPoint { only_ca_certificates: true, ..IssuingDistributionPoint::default() };
            let list = |site: &Blueprint| issuing_list(site, |recipe| recipe.issuing_distribution_point(part));
            with_list(site, |site| &mut site.sup02, list).map(drop)
        },
    },
    Fault {
        name: "crl-html",
        what: "Where the management point's certificate looks for its revocation list, a web page answers.",
        plants: &["revocation/current"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            let page = b"<html><body>Please sign in to use the Internet.</body></html>".to_vec();
            with_list(site, |site| &mut site.mp01, |_| Ok(page)).map(drop)
        },
    },
    Fault {
        name: "crl-empty",
        what: "The revocation list the management point's certificate names is an empty file.",
        plants: &["revocation/current"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| with_list(site, |site| &mut site.mp01, |_| Ok(Vec::new())).map(drop),
    },
    Fault {
        name: "crl-pem",
        what: "The revocation list the distribution point's certificate names is published as Base64 text.",
        plants: &["revocation/der-encoding"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let text = |site: &Blueprint| Ok(pem("X509 CRL", &issuing_list(site, |recipe| recipe)?).into_bytes());
            with_list(site, |site| &mut site.dp01, text).map(drop)
        },
    },
    Fault {
        name: "crl-not-found",
        what: "There is nothing where the state migration point's certificate looks for its revocation list.",
        plants: &["revocation/reachable"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            let url = own_url(site, "SMP01");
            site.smp01.spoil(|recipe| recipe.cdp(&[&url]));
            Ok(())
        },
    },
    Fault {
        name: "crl-one-of-two",
        what: "The management point's certificate names two places for its revocation list, and one of them has none.",
        plants: &["revocation/every-url"],
        at: &["MP01/"],
        consequences: &[],
        plant: |site| {
            let url = own_url(site, "second");
            site.mp01.spoil(|recipe| recipe.also_cdp(&[&url]));
            Ok(())
        },
    },
    Fault {
        name: "crl-server-hangs",
        what: "Where the branch's certificate looks for its revocation list, nobody ever answers.",
        plants: &["revocation/reachable"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            let url = with_list(site, |site| &mut site.pmp01, |site| issuing_list(site, |recipe| recipe))?;
            site.paces.push((url, Pace::After(NEVER)));
            Ok(())
        },
    },
    Fault {
        name: "crl-server-slow",
        what: "The revocation list the branch's certificate names comes later than Windows waits for it.",
        plants: &["revocation/timely"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            let url = with_list(site, |site| &mut site.pmp01, |site| issuing_list(site, |recipe| recipe))?;
            site.paces.push((url, Pace::After(SLOW)));
            Ok(())
        },
    },
    Fault {
        name: "crl-server-drips",
        what: "The revocation list the branch's certificate names comes an octet a second.",
        plants: &["revocation/reachable"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            let url = with_list(site, |site| &mut site.pmp01, |site| issuing_list(site, |recipe| recipe))?;
            site.paces.push((url, Pace::Drip));
            Ok(())
        },
    },
    Fault {
        name: "crl-server-floods",
        what: "Where the branch's certificate looks for its revocation list, the server sends without end.",
        plants: &["revocation/reachable"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            let url = with_list(site, |site| &mut site.pmp01, |site| issuing_list(site, |recipe| recipe))?;
            site.paces.push((url, Pace::Flood));
            Ok(())
        },
    },
    Fault {
        name: "crl-ldap-only",
        what: "The distribution point's certificate names the revocation list in Active Directory alone.",
        plants: &["revocation/distribution-point"],
        at: &["DP01/"],
        consequences: &["revocation/reachable"],
        plant: |site| {
            let points = &mut site.dp01.certificate().crl_distribution_points;
            points.iter_mut().for_each(|point| point.urls.retain(|url| url.starts_with("ldap:")));
            Ok(())
        },
    },
    Fault {
        name: "crl-nowhere",
        what: "The state migration point's certificate names no revocation list.",
        plants: &["revocation/distribution-point"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.spoil(|recipe| recipe.no_cdp());
            Ok(())
        },
    },
    Fault {
        name: "ocsp-revoked",
        what: "The OCSP responder says that the branch's certificate is revoked; the revocation list does not have it yet.",
        plants: &["revocation/not-revoked"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            let since = site.now - Days::hours(2);
            site.responder = Responder::Says(OcspRecipe::at(site.now).status(OcspStatus::Revoked(since)));
            Ok(())
        },
    },
    Fault {
        name: "ocsp-expired",
        what: "The OCSP responder still gives last week's answers.",
        plants: &["revocation/every-url"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            let (from, to) = (site.now - Days::days(8), site.now - Days::days(1));
            site.responder = Responder::Says(OcspRecipe::at(site.now).current(from, to));
            Ok(())
        },
    },
    Fault {
        name: "ocsp-wrong-signer",
        what: "The OCSP responder's answers are signed by somebody the authority never named.",
        plants: &["revocation/every-url"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            let impostor = Organization::impostor().at(site.now).build()?;
            site.responder = Responder::Says(OcspRecipe::at(site.now).responder(&impostor.issuing));
            Ok(())
        },
    },
    Fault {
        name: "ocsp-unauthorized",
        what: "The OCSP responder has no configuration for the authority: it answers unauthorized.",
        plants: &["revocation/every-url"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            // OCSPResponseStatus unauthorized (6).
            site.responder = Responder::Sends(vec![0x30, 3, 0x0a, 1, 6]);
            Ok(())
        },
    },
    Fault {
        name: "ocsp-not-found",
        what: "There is no OCSP responder where the branch's certificate names one.",
        plants: &["revocation/every-url"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            site.responder = Responder::Missing;
            Ok(())
        },
    },
    Fault {
        name: "ocsp-hangs",
        what: "The OCSP responder never answers.",
        plants: &["revocation/every-url"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            site.paces.push((responder_url(&site.pki), Pace::After(NEVER)));
            Ok(())
        },
    },
];
