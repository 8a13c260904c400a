//! `web-server/expected-certificate`

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::rule::met::MetChain;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::path::fault::named;
use crate::trust::store::{ExpectedLeaf, TrustStore};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Where the definition says which certificate a system presents (`expected_certificate`), or the command line says
    /// which one must be bound (`--expect`), it is the one presented: at every address, on every connection.
    ///
    /// Who is hurt: nobody yet, and everybody on the day the old certificate ends. A renewed certificate lies in the
    /// computer's store and serves nobody until it is chosen in the binding of the web site; one node, one address or
    /// one host header with the old one is easily forgotten.
    ///
    /// How it is seen: every certificate met at the address, on any connection, beside the file or the thumbprint that is
    /// named. A cluster's address may present the certificate of any of its nodes.
    EXPECTED_CERTIFICATE {
        id: "web-server/expected-certificate",
        title: "The certificate that must be bound is the one presented",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "the definition's expected_certificate, or --expect: what is renewed serves nobody until it is bound" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Definition, EvidenceSource::Handshake],
        remedy: "Choose the expected certificate in the binding of the web site at this address, or correct what is expected.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let expected = expected(subject.basis.trust, subject);
    if expected.is_empty() {
        return Verdict::NotApplicable("nothing says which certificate must be bound here");
    }
    if subject.met.is_empty() {
        return subject.no_certificate();
    }
    let is_expected = |chain: &MetChain| expected.iter().any(|one| one.is(chain.leaf()));
    let others: Vec<&MetChain> = subject.shown_to_clients().iter().filter(|chain| !is_expected(chain)).collect();
    let Some(first) = others.first() else {
        return Verdict::Pass(
            subject.leaves().filter(|leaf| expected.iter().any(|one| one.is(leaf))).map(|leaf| named(leaf)).collect(),
        );
    };
    let address = subject.stands_at();
    let everywhere = others.len() == subject.shown_to_clients().len();
    let message = match first.on.first() {
        Some(meeting) if !everywhere => {
            format!("{address} presents another certificate than the expected one as well ({}).", meeting.words())
        }
        Some(_) | None => format!("{address} presents another certificate than the expected one."),
    };
    // The two sides are to be compared: where a SHA-256 is expected, that is what is shown.
    let by_sha256 = expected.iter().all(|one| one.fingerprint.len() > SHA1_DIGITS);
    let as_expected = |leaf: &Certificate| match by_sha256 {
        true => format!("{} (SHA-256 {})", leaf.subject_text(), leaf.fingerprint_sha256()),
        false => named(leaf),
    };
    let shown = others.iter().map(|chain| {
        let until = chain.leaf().facts().map(|facts| format!(", valid to {}", facts.not_after)).unwrap_or_default();
        format!("{address}: {}{until}", as_expected(chain.leaf()))
    });
    Evidence::new(message)
        .expected_all(expected.iter().map(|one| format!("the certificate with the thumbprint {}", one.fingerprint)))
        .observed_all(shown)
        .because(&cause::CERTIFICATE_NOT_BOUND)
        .culprit(subject.server())
        .fail()
}

/// How many hexadecimal digits a SHA-1 has.
const SHA1_DIGITS: usize = 40;

/// The certificates any of which may be presented at an endpoint; none: nothing is said of it.
fn expected<'a>(trust: &'a TrustStore, subject: &EndpointSubject<'_>) -> Vec<&'a ExpectedLeaf> {
    let system = &subject.target.system;
    let Some(cluster) = subject.target.expectation.cluster.as_ref().filter(|cluster| cluster.name == *system) else {
        return trust.expected_of(system).collect();
    };
    let of_nodes: Vec<Vec<&ExpectedLeaf>> =
        cluster.nodes.iter().map(|node: &Arc<str>| trust.expected_of(node).collect()).collect();
    // What a node of which nothing is said presents cannot be told from what is wrong.
    if of_nodes.iter().any(Vec::is_empty) { Vec::new() } else { of_nodes.into_iter().flatten().collect() }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{KeyName, Minted, Recipe};
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, INTERNET, INTRANET, World, lab};
    use crate::wire::der::Der;

    fn leaf(bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
        lab().issue(&bend(lab().web_server(&[INTRANET, INTERNET]))).expect("a recipe that can be minted")
    }

    pub(super) fn all() -> Vec<Case> {
        let (bound, renewed) = (leaf(|r| r), leaf(|r| r.key(KeyName::Rsa2048G)));
        let healthy = || World::web_server(|r| r);
        let older = Der::from(bound.der.as_slice());
        vec![
            Case::passes("the one", healthy().must_present(Some("MP01"), &bound)),
            Case::passes("by its SHA-1 thumbprint", healthy().must_present_thumbprint("MP01", &bound)),
            Case::passes("wherever it is asked for", healthy().must_present(None, &bound)),
            Case::passes("one of two", healthy().must_present(Some("MP01"), &renewed).must_present(None, &bound)),
            Case::fails("renewed, not bound", healthy().must_present(Some("MP01"), &renewed), "10.1.0.21:443: CN="),
            Case::fails(
                "by a thumbprint, not bound",
                healthy().must_present_thumbprint("MP01", &renewed),
                "certificate-not-bound",
            ),
            Case::fails(
                "the old one without a server name",
                World::presenting(&[&renewed, &lab().issuing], &[&lab().root])
                    .also(OfferLabel::WithoutServerName, move |seen| seen.handshake.chain[0] = older.clone())
                    .must_present(Some("MP01"), &renewed),
                "as well (met on the connection",
            ),
            Case::fails(
                "a bridging proxy, whatever is looked at",
                healthy().bridging_proxy().must_present(None, &renewed),
                "10.1.0.21:443",
            ),
            Case::passes("a cluster's node", healthy().cluster_named().must_present(Some("MP01"), &bound)),
            Case::fails("a cluster", healthy().cluster_named().must_present(Some("MP01"), &renewed), "thumbprint"),
            Case::not_applicable("a cluster of whose node nothing is said", healthy().cluster_named()),
            Case::not_applicable("another system's", healthy().must_present(Some("DP01"), &renewed)),
            Case::not_applicable("nothing is said", healthy()),
            Case::unknown("nothing listens", healthy().refused().must_present(Some("MP01"), &bound)),
        ]
    }
}
