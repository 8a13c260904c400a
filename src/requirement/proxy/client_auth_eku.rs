//! `proxy/client-auth-eku`

use crate::certificate::oid;
use crate::rule::credential::{self, Credential, judge_each};
use crate::rule::met::MetChain;
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, FileSubject};
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A bridging proxy web server has a certificate with Client Authentication for the inner leg, on which it is the
    /// client of the site systems: the one it presents outside, or a separate one that the definition names.
    ///
    /// Who is hurt: every Internet client: the site system demands a client certificate of the proxy and gets none, and
    /// the proxy answers with an error of its own.
    ///
    /// How it is seen: in the leaf presented outside, or in the file `client_certificate` of the definition's `[[proxy]]`
    /// names. A separate certificate never shows outside: without the file, a leaf for Server Authentication alone
    /// fails here, because nothing shows that there is another. Of a file inspected without the definition, it is unknown.
    /// Where the certificate presented outside is for both, the path above it must hold for a client's as well:
    /// proxy-client/leads-to-root says where it does not.
    CLIENT_AUTH_EKU {
        id: "proxy/client-auth-eku",
        title: "The bridging proxy has a certificate for Client Authentication",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Proxy Web server accepting client connections over the Internet, certificate use" },
            Citation { document: &document::CB, place: "Proxy servers for Internet-based clients, certificate purpose" },
        ),
        scope: Scope { files: &[Use::ProxyClient], ..Scope::BRIDGING_PROXIES },
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        remedy: "Issue the proxy a certificate with both purposes, or name its separate certificate for the inner leg (`client_certificate`) in the definition.",
        check: Check::EndpointAndFile(check, of_file),
    }
}

/// What tells whether a proxy has a separate certificate for the inner leg.
const SEPARATE_IS_KNOWN: &str = "the definition that has the proxy (--definition and --system), and inspect --as proxy-client of a separate certificate";

/// Whether what a bridging proxy presents outside is a client's certificate, too: it is for Client Authentication, and the
/// definition names no separate one.
fn is_clients_too(subject: &EndpointSubject<'_>) -> bool {
    let separate = subject.target.expectation.proxy.as_ref().and_then(|proxy| proxy.has_client_certificate);
    let leaf = subject.chain.first().and_then(|leaf| leaf.facts());
    subject.of == Use::Proxy
        && separate != Some(true)
        && leaf.is_some_and(|leaf| leaf.has_extended_key_usage(oid::CLIENT_AUTHENTICATION))
}

/// What is wrong with the path above a bridging proxy's certificate where site systems take it for a client's, and nothing
/// with the path Internet clients follow; `None`: nothing, or it is no client's.
pub(crate) fn path_as_client(
    subject: &EndpointSubject<'_>,
    judge: impl Fn(&Credential<'_>) -> Verdict,
) -> Option<Verdict> {
    if !is_clients_too(subject) || subject.paths().is_none_or(|paths| paths.best().is_err()) {
        return None;
    }
    let met = subject.met.first()?;
    let chain = MetChain::new(met.certificates.clone(), *met.on.first()?);
    let verdict = judge_each(subject, Use::ProxyClient, std::slice::from_ref(&chain), judge);
    let Verdict::Fail(evidence) = verdict else { return None };
    let proxy = subject.target.expectation.proxy.as_ref();
    Some(match proxy.is_some_and(|proxy| proxy.has_client_certificate.is_none()) {
        true => Verdict::unknown(
            format!(
                "whether the proxy has a separate certificate for its inner leg is not known; for this one, where site systems take it for a client's: {}",
                evidence.message
            ),
            SEPARATE_IS_KNOWN,
        ),
        false => Verdict::Fail(evidence),
    })
}

/// A file that is to be the proxy's certificate for the inner leg.
fn of_file(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|facts| {
        let purposes = facts.extended_key_usage.as_deref();
        let cause = match purposes {
            Some(purposes) if purposes.iter().any(|purpose| purpose == oid::CLIENT_AUTHENTICATION) => {
                return Verdict::pass();
            }
            None => &cause::NO_PURPOSE_NAMED,
            Some([any]) if any == oid::ANY_EXTENDED_KEY_USAGE => &cause::ANY_PURPOSE_ONLY,
            Some(_) => &cause::OTHER_TEMPLATE,
        };
        Evidence::new("The proxy's certificate for the inner leg is not for Client Authentication.")
            .expected(format!("Client Authentication ({})", oid::CLIENT_AUTHENTICATION))
            .observed_all(purposes.unwrap_or_default().iter().cloned())
            .observed_all(purposes.is_none().then_some("no Enhanced Key Usage extension"))
            .because(cause)
            .fail()
    })
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let proxy = subject.target.expectation.proxy.as_ref();
    let separate = proxy.and_then(|proxy| {
        let files = &subject.basis.trust.proxy_certificates;
        files.iter().find(|(name, _)| *name == proxy.name).map(|(_, certificate)| certificate)
    });
    let evidence = |purposes: &Option<Vec<String>>| {
        let evidence = Evidence::new("No certificate of the proxy is for Client Authentication.")
            .expected(format!("Client Authentication ({})", oid::CLIENT_AUTHENTICATION));
        match purposes {
            None => evidence.observed("no Enhanced Key Usage extension"),
            Some(purposes) => evidence.observed_all(purposes.iter().cloned()),
        }
    };
    if let Some(separate) = separate {
        return match separate.facts() {
            Some(facts) if facts.has_extended_key_usage(oid::CLIENT_AUTHENTICATION) => {
                Verdict::pass_with(format!("a separate certificate: {}", separate.subject_text()))
            }
            Some(facts) => evidence(&facts.extended_key_usage)
                .because(&cause::OTHER_TEMPLATE)
                .culprit(credential::culprit(separate))
                .fail(),
            None => Verdict::unknown(
                "the separate certificate's file cannot be read",
                "a certificate file that can be read",
            ),
        };
    }
    if proxy.is_some_and(|proxy| proxy.has_client_certificate == Some(true)) {
        return Verdict::unknown("the separate certificate's file was not read", "the file the definition names");
    }
    subject.judge_leaf(|leaf| {
        if leaf.has_extended_key_usage(oid::CLIENT_AUTHENTICATION) {
            return Verdict::pass_with("the certificate presented outside");
        }
        if proxy.is_some_and(|proxy| proxy.has_client_certificate.is_none()) {
            return Verdict::unknown(
                "this certificate is not for Client Authentication, and whether the proxy has a separate one for its inner leg is not known",
                SEPARATE_IS_KNOWN,
            );
        }
        evidence(&leaf.extended_key_usage).because(&cause::NO_CERTIFICATE_FOR_INNER_LEG).fail()
    })
}

#[cfg(test)]
mod cases {
    use super::{Use, oid};
    use crate::requirement::case::{Case, World, lab};

    pub(super) fn all() -> Vec<Case> {
        let bridge = |purposes: &'static [&'static str]| World::web_server(|r| r.eku(purposes)).bridging_proxy();
        let server = &[oid::SERVER_AUTHENTICATION];
        let inner = |purposes: &[&str]| World::file(Use::ProxyClient, &lab().client("isa01").eku(purposes));
        vec![
            Case::passes("both purposes in one", bridge(&[oid::SERVER_AUTHENTICATION, oid::CLIENT_AUTHENTICATION])),
            Case::fails("server authentication alone", bridge(server), "1.3.6.1.5.5.7.3.1"),
            Case::unknown(
                "a separate one that was not read",
                bridge(server).expecting(|expectation| {
                    if let Some(proxy) = expectation.proxy.as_mut().map(std::sync::Arc::make_mut) {
                        proxy.has_client_certificate = Some(true);
                    }
                }),
            ),
            Case::unknown(
                "a file of a proxy nobody defines",
                bridge(server).expecting(|expectation| {
                    if let Some(proxy) = expectation.proxy.as_mut().map(std::sync::Arc::make_mut) {
                        proxy.has_client_certificate = None;
                    }
                }),
            ),
            Case::passes("a separate one", bridge(server).with_proxy_certificate(&[oid::CLIENT_AUTHENTICATION])),
            Case::fails(
                "a separate one for another purpose",
                bridge(server).with_proxy_certificate(server),
                "other-template",
            ),
            Case::passes("a file", World::file(Use::ProxyClient, &lab().client("isa01"))),
            Case::fails(
                "a file for servers",
                World::file(Use::ProxyClient, &lab().web_server(&["isa01"])),
                "other-template",
            ),
            Case::fails("a file for any purpose", inner(&[oid::ANY_EXTENDED_KEY_USAGE]), "any-purpose-only"),
            Case::fails(
                "a file without a purpose",
                World::file(Use::ProxyClient, &lab().client("isa01").no_eku()),
                "no-purpose-named",
            ),
            Case::not_applicable("a site system", World::web_server(|r| r)),
        ]
    }
}
