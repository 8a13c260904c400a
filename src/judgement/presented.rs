//! A chain out of a file, judged as if an endpoint had presented it, or as the endpoint that presented it to an earlier run:
//! by the requirements that are about certificates, and by no other.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::run::{CertificateFile, Known};
use crate::judgement::{Assessor, Finding, Supposed};
use crate::observation::handshake::Handshake;
use crate::observation::resolution::{Resolution, ResolutionSource};
use crate::observation::timing::Timing;
use crate::observation::{EndpointObservation, Observation, TargetObservation};
use crate::plan::engine::EngineId;
use crate::plan::{OfferLabel, Target};
use crate::requirement::cloud_management_gateway::prefix::PREFIX;
use crate::requirement::proxy::client_auth_eku::CLIENT_AUTH_EKU;
use crate::requirement::quality::file_format;
use crate::requirement::quality::order::ORDER;
use crate::requirement::revocation::der_encoding::DER_ENCODING;
use crate::requirement::revocation::every_url::EVERY_URL;
use crate::requirement::web_server::expected_certificate::EXPECTED_CERTIFICATE;
use crate::requirement::web_server::intranet_fqdn_preferred::INTRANET_FQDN_PREFERRED;
use crate::rule::Check;
use crate::rule::quality::Decider;
use crate::rule::usage::Use;
use crate::verdict::Verdict;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// Whether certificates in a file decide a finding's requirement.
fn is_decided(finding: &Finding, target: &Target) -> bool {
    let named = !target.name.is_empty();
    match finding.requirement.check {
        Check::Quality(row) => match row.quality.decided_by {
            Decider::Certificate | Decider::Chain => true,
            Decider::Name => named,
            Decider::Session => !matches!(finding.verdict, Verdict::Unknown(_)),
        },
        Check::OfUse(of, _) => concerns(&finding.verdict) && (named || of != Use::Proxy),
        Check::Endpoint(_) | Check::EndpointAndFile(..) => {
            is_about_lists(finding) || is_about_names(finding) || is_about_inner_leg(finding)
        }
        Check::Target(_) if finding.requirement == &PREFIX => concerns(&finding.verdict),
        Check::Target(_) | Check::Lookup(_) | Check::File(_) | Check::Site(_) | Check::Waiver(_) => false,
    }
}

/// Whether a finding on an endpoint is about the certificates it presented, and decided by what is known of it.
fn is_about_certificates(finding: &Finding, known: Known) -> bool {
    let all = known == Known::All;
    match finding.requirement.check {
        Check::Quality(row) => {
            all || row.quality.decided_by != Decider::Session || !matches!(finding.verdict, Verdict::Unknown(_))
        }
        Check::OfUse(..) => true,
        Check::Endpoint(_) | Check::EndpointAndFile(..) => {
            is_about_lists(finding)
                || is_about_names(finding)
                || is_about_inner_leg(finding)
                || finding.requirement == &EXPECTED_CERTIFICATE
        }
        Check::Target(_) | Check::Lookup(_) | Check::File(_) | Check::Site(_) | Check::Waiver(_) => false,
    }
}

/// What is judged of lists where servers present the certificate, and is no quality.
fn is_about_lists(finding: &Finding) -> bool {
    finding.requirement == &DER_ENCODING || finding.requirement == &EVERY_URL
}

/// What is judged of names and is no rule on the certificate alone.
fn is_about_names(finding: &Finding) -> bool {
    finding.requirement == &INTRANET_FQDN_PREFERRED
}

/// What is judged of a bridging proxy's certificate where it is a client's, too.
fn is_about_inner_leg(finding: &Finding) -> bool {
    finding.requirement == &CLIENT_AUTH_EKU && concerns(&finding.verdict)
}

/// Whether the definition names a separate certificate for the inner leg of the proxy a target is.
fn has_separate(target: &Target) -> bool {
    target.expectation.proxy.as_ref().is_some_and(|proxy| proxy.has_client_certificate == Some(true))
}

/// Whether a finding is about the order of a chain.
fn is_about_order(finding: &Finding) -> bool {
    matches!(finding.requirement.check, Check::Quality(row) if std::ptr::eq(row.quality, &ORDER))
}

/// A file's chain with the certificate first that the file is about; `None`: it comes first already.
fn leaf_first(file: &CertificateFile, chain: &[Der]) -> Option<Vec<Der>> {
    let own = file.facts.certificate.as_ref()?;
    let at = chain.iter().position(|der| *der == own.der).filter(|at| *at > 0)?;
    let mut sorted = chain.to_vec();
    sorted[..=at].rotate_right(1);
    Some(sorted)
}

impl Assessor<'_> {
    /// Judges a chain as if a target had presented it.
    fn of_chain(&mut self, target: &Target, chain: &[Der]) -> Vec<Finding> {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), target.port);
        let seen = alone(target, as_if_seen(target.name.as_str(), address, chain, self.basis.now));
        let mut findings = Vec::new();
        let about_name = self.target(target, &seen, |_, of_endpoint| findings.extend(of_endpoint));
        findings.extend(about_name);
        findings
    }

    /// Judges a chain as if it had been presented at each of the targets. What several targets agree on is told once; the
    /// findings are about the file. `sent` says whether a server sent the chain so: of what lies in a file nobody knows
    /// what will be sent with it.
    pub fn presented(&mut self, file: &CertificateFile, chain: &[Der], targets: &[Target], sent: bool) -> Vec<Finding> {
        let about: Arc<str> = file.name.as_str().into();
        let form = (!sent).then(|| file_format::of_file(file.of, &file.facts));
        self.supposed = Some(Supposed { file: Arc::clone(&about), sent, form });
        let mut all: Vec<Finding> = Vec::new();
        let leaf_first = if sent { None } else { leaf_first(file, chain) };
        for target in targets {
            let mut findings = self.of_chain(target, leaf_first.as_deref().unwrap_or(chain));
            if leaf_first.is_some() {
                // In which order they lie in the file is told by the row that is about it.
                findings.retain(|finding| !is_about_order(finding));
                findings.extend(self.of_chain(target, chain).into_iter().filter(is_about_order));
            }
            for finding in findings.into_iter().filter(|finding| is_decided(finding, target)) {
                let finding = match has_separate(target) && finding.requirement == &CLIENT_AUTH_EKU {
                    true => {
                        let verdict = Verdict::NotApplicable("the proxy has a separate certificate for its inner leg");
                        Finding { verdict, ..finding }
                    }
                    false => finding,
                };
                let known = |one: &Finding| one.requirement == finding.requirement && one.verdict == finding.verdict;
                if !all.iter().any(known) {
                    all.push(Finding { subject: Arc::clone(&about), ..finding });
                }
            }
        }
        self.supposed = None;
        // What one name leaves out and another decides is decided.
        let decided: Vec<&str> =
            all.iter().filter(|one| concerns(&one.verdict)).map(|finding| finding.requirement.id).collect();
        all.retain(|one| concerns(&one.verdict) || !decided.contains(&one.requirement.id));
        all
    }

    /// Judges what an earlier run saw of an endpoint as that run did, as far as it is about the certificates it presented;
    /// the findings are about `name`.
    pub fn met(&mut self, name: &str, target: &Target, seen: &EndpointObservation, known: Known) -> Vec<Finding> {
        let about: Arc<str> = name.into();
        let mut findings = Vec::new();
        self.target(target, &alone(target, seen.clone()), |_, of_endpoint| findings.extend(of_endpoint));
        let of_certificates = findings.into_iter().filter(|finding| is_about_certificates(finding, known));
        of_certificates.map(|finding| Finding { subject: Arc::clone(&about), ..finding }).collect()
    }
}

const fn concerns(verdict: &Verdict) -> bool {
    !matches!(verdict, Verdict::NotApplicable(_))
}

/// What would have been seen of a server that presents a chain, as far as its certificate message.
pub fn as_if_seen(name: &str, address: SocketAddr, chain: &[Der], at: Timestamp) -> EndpointObservation {
    let observation = Observation {
        offer: OfferLabel::Default,
        engine: EngineId::HelloReader,
        at,
        timing: Timing::default(),
        handshake: Handshake { server_name: Some(name.to_string()), chain: chain.to_vec(), ..Handshake::default() },
        exchange: None,
        stopped: None,
    };
    EndpointObservation { address, observations: vec![observation] }
}

/// A target with one endpoint.
fn alone(target: &Target, endpoint: EndpointObservation) -> TargetObservation {
    TargetObservation {
        target: target.id.clone(),
        resolution: Resolution {
            name: target.name.to_string(),
            source: ResolutionSource::Literal,
            addresses: vec![endpoint.address.ip()],
            aliases: Vec::new(),
            failure: None,
            took: None,
        },
        endpoints: vec![endpoint],
    }
}
