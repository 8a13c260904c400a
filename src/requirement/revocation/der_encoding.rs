//! `revocation/der-encoding`

use super::judge;
use crate::certificate::revocation_list::Encoding;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::lists::checked::Checked;
use crate::verdict::cause::{Culprit, catalogue as causes};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The revocation list is published as binary DER, as RFC 5280 asks of lists over http, not as Base64 text.
    ///
    /// Who is hurt: devices and programs that read DER alone: they find no list, and count the chain as revoked. Windows
    /// reads either.
    ///
    /// How it is seen: the first octets of what was fetched.
    DER_ENCODING {
        id: "revocation/der-encoding",
        title: "Revocation lists are published as DER",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 5280, 4.2.1.13: lists over http are DER" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Publish the file the authority writes, unconverted; certutil -decode turns Base64 back into DER.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    judge(subject, of_one)
}

fn of_one(one: &Checked<'_>) -> Verdict {
    let read = || one.sources.iter().filter_map(|source| Some((source, source.content()?.as_ref().ok()?)));
    if read().next().is_none() {
        return one.no_list();
    }
    let pem: Vec<&str> =
        read().filter(|(_, known)| known.list.encoding == Encoding::Pem).map(|(source, _)| source.url).collect();
    let Some(first) = pem.first() else { return Verdict::pass() };
    Evidence::new("A revocation list is published as text.")
        .expected("DER, binary")
        .observed_all(pem.iter().map(|url| format!("{url}: Base64 (PEM)")))
        .because(&causes::LIST_PEM)
        .culprit(Culprit::Url((*first).into()))
        .cause("The file was converted before it was copied to the web server.")
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::pem;
    use crate::requirement::case::{Case, World, issuing_crl, lab};

    pub(super) fn all() -> Vec<Case> {
        let url = lab().issuing_crl_url();
        let der = lab().issuing.crl(&issuing_crl()).unwrap();
        let healthy = || World::web_server(|r| r).healthy_crls();
        vec![
            Case::passes("DER", healthy()),
            Case::fails("PEM", healthy().crl(&url, pem("X509 CRL", &der).as_bytes()), "Base64 (PEM)"),
            Case::fails(
                "as certutil encodes",
                healthy().crl(&url, pem("CERTIFICATE", &der).as_bytes()),
                "Base64 (PEM)",
            ),
            Case::unknown("a page is neither", healthy().crl(&url, b"<html>")),
            Case::unknown("nobody asked", World::web_server(|r| r)),
        ]
    }
}
