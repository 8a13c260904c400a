//! Certificates that management points hand out in their answers, in hexadecimal.

use std::sync::Arc;

use super::met::{Meeting, MetChain};
use super::usage::Use;
use crate::certificate::Certificate;
use crate::certificate::cache::CertificateCache;
use crate::observation::exchange::hexadecimal;
use crate::observation::{EndpointObservation, Observation};
use crate::plan::OfferLabel;

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
        let found = cache.read(&seen.with_offer(offer).find_map(Observation::handed_out)?);
        let all = std::iter::once(found).chain(presented.iter().skip(1).cloned()).collect();
        Some((of, MetChain::new(all, Meeting::HandedOut(offer))))
    });
    answered.collect()
}

/// The certificate an answer carries: its longest run of hexadecimal digits, decoded, if that is a certificate.
pub fn certificate(body: &str) -> Option<Arc<Certificate>> {
    let certificate = Certificate::read(&hexadecimal(body)?);
    certificate.facts.is_ok().then(|| Arc::new(certificate))
}
