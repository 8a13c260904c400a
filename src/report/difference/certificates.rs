//! Certificates that changed: by place in the chain, with what differs between the old and the new; each pair once, however
//! many targets show it.

use std::collections::{BTreeMap, HashMap};

use crate::report::certificate::CertificateReport;
use crate::report::change::CertificateChange;
use crate::report::document::Certificates;
use crate::report::endpoint::EndpointReport;

/// The changes found so far.
#[derive(Debug, Default)]
pub(super) struct Changes {
    all: Vec<CertificateChange>,
    /// Where a pair stands: place in the chain, fingerprint before, fingerprint after.
    known: HashMap<(usize, String, String), usize>,
}

impl Changes {
    pub(super) fn into_all(self) -> Vec<CertificateChange> {
        self.all
    }

    /// Compares the chains of a target's endpoints, place by place. Where one place holds several certificates, those that
    /// are on both sides are left out and the rest is paired.
    pub(super) fn compare(
        &mut self,
        target: &str,
        (old, old_certificates): (&[&EndpointReport], &Certificates<'_>),
        (new, new_certificates): (&[&EndpointReport], &Certificates<'_>),
    ) {
        let deepest =
            |endpoints: &[&EndpointReport]| endpoints.iter().map(|one| one.received_certificate_chain.len()).max();
        // An endpoint that shows nothing any more is told as unreachable, not as having lost its certificates.
        if deepest(old).unwrap_or(0) == 0 || deepest(new).unwrap_or(0) == 0 {
            return;
        }
        for place in 0..deepest(old).max(deepest(new)).unwrap_or(0) {
            let (was, is) = (at(old, old_certificates, place), at(new, new_certificates, place));
            let mut gone = was.iter().filter(|(print, _)| !is.contains_key(*print)).map(|(_, one)| *one);
            let mut come = is.iter().filter(|(print, _)| !was.contains_key(*print)).map(|(_, one)| *one);
            loop {
                match (gone.next(), come.next()) {
                    (None, None) => break,
                    pair => self.add(target, place, pair),
                }
            }
        }
    }

    fn add(&mut self, target: &str, place: usize, pair: (Option<&CertificateReport>, Option<&CertificateReport>)) {
        let print = |one: Option<&CertificateReport>| one.map(|one| one.fingerprint_sha256.clone()).unwrap_or_default();
        let (before, after) = pair;
        let at = *self.known.entry((place, print(before), print(after))).or_insert(self.all.len());
        match self.all.get_mut(at) {
            Some(known) => known.targets.push(target.to_owned()),
            None => self.all.push(CertificateChange {
                targets: vec![target.to_owned()],
                place: if place == 0 { "leaf".into() } else { format!("chain {place}") },
                before: before.map(name),
                after: after.map(name),
                differs: before.zip(after).map(|(before, after)| differences(before, after)).unwrap_or_default(),
            }),
        }
    }
}

/// The certificates in one place, by fingerprint.
fn at<'a>(
    endpoints: &[&EndpointReport],
    certificates: &Certificates<'a>,
    place: usize,
) -> BTreeMap<&'a str, &'a CertificateReport> {
    let all = endpoints.iter().filter_map(|one| one.received_certificate_chain.get(place));
    all.filter_map(|print| certificates.get(print.as_str()))
        .map(|one| (one.fingerprint_sha256.as_str(), *one))
        .collect()
}

fn name(certificate: &CertificateReport) -> String {
    format!("{} {}", certificate.thumbprint_sha1, certificate.subject.as_deref().unwrap_or("(unreadable)"))
}

fn differences(before: &CertificateReport, after: &CertificateReport) -> Vec<String> {
    let list =
        |values: &Option<Vec<String>>| values.as_ref().map_or_else(|| "none".to_owned(), |values| values.join(", "));
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".into());
    let key = |one: &CertificateReport| {
        one.public_key.as_ref().map_or_else(|| "none".to_owned(), |key| format!("{} {} bits", key.algorithm, key.bits))
    };
    let date = |value: &Option<crate::wire::timestamp::Timestamp>| {
        value.map_or_else(|| "none".to_owned(), |at| at.to_string())
    };
    let sides = [
        ("subject", text(&before.subject), text(&after.subject)),
        ("issuer", text(&before.issuer), text(&after.issuer)),
        ("serial", text(&before.serial), text(&after.serial)),
        ("valid from", date(&before.not_before), date(&after.not_before)),
        ("valid until", date(&before.not_after), date(&after.not_after)),
        ("names", list(&before.subject_alternative_names), list(&after.subject_alternative_names)),
        ("purposes", list(&before.extended_key_usage), list(&after.extended_key_usage)),
        ("key", key(before), key(after)),
        ("signature", text(&before.signature_algorithm), text(&after.signature_algorithm)),
        ("CRL", list(&before.crl_distribution_points), list(&after.crl_distribution_points)),
    ];
    sides.into_iter().filter(|(_, was, is)| was != is).map(|(what, was, is)| format!("{what}: {was} -> {is}")).collect()
}
