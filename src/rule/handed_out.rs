//! Certificates that management points hand out in their answers, in hexadecimal.

use std::sync::Arc;

use data_encoding::HEXLOWER_PERMISSIVE;

use super::met::{Meeting, MetChain};
use super::usage::Use;
use crate::certificate::Certificate;
use crate::certificate::cache::CertificateCache;
use crate::observation::EndpointObservation;
use crate::plan::OfferLabel;
use crate::wire::der::Der;

/// The shortest run of hexadecimal digits that is tried as a certificate.
const SHORTEST_CERTIFICATE: usize = 200;

/// What an endpoint handed out, and what each certificate is relied on for.
///
/// No chain comes with them: what the endpoint presented above its own certificate is taken along, to find paths with.
pub(super) fn certificates(
    seen: &EndpointObservation,
    presented: &[Arc<Certificate>],
    cache: &mut CertificateCache,
) -> Vec<(Use, MetChain)> {
    let offers = [
        (OfferLabel::ManagementPointCertificate, Use::WebServer),
        (OfferLabel::SiteSigningCertificate, Use::SiteServer),
    ];
    let answered = offers.into_iter().filter_map(|(offer, of)| {
        let answer = seen.with_offer(offer).find_map(|seen| {
            let answer = seen.exchange.as_ref()?.answer.as_ref()?;
            (answer.status == 200).then_some(answer)
        })?;
        let found = cache.read(&der(&answer.body)?);
        let all = std::iter::once(found).chain(presented.iter().skip(1).cloned()).collect();
        Some((of, MetChain::new(all, Meeting::HandedOut(offer))))
    });
    answered.collect()
}

/// The certificate an answer carries: its longest run of hexadecimal digits, decoded, if that is a certificate.
pub fn certificate(body: &str) -> Option<Arc<Certificate>> {
    let certificate = Certificate::read(&der(body)?);
    certificate.facts.is_ok().then(|| Arc::new(certificate))
}

fn der(body: &str) -> Option<Der> {
    let longest = body.split(|c: char| !c.is_ascii_hexdigit()).max_by_key(|run| run.len())?;
    if longest.len() < SHORTEST_CERTIFICATE || !longest.len().is_multiple_of(2) {
        return None;
    }
    let bytes = HEXLOWER_PERMISSIVE.decode(longest.as_bytes()).ok()?;
    Some(Der::from(bytes))
}
