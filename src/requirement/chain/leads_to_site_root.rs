//! `chain/leads-to-site-root`

use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::path::{NoPath, Why};
use crate::verdict::Verdict;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A valid certification path (RFC 5280) leads from the certificate presented to one of the roots the definition
    /// names, over the certificates presented and the intermediates the definition says clients have.
    ///
    /// Who is hurt: every client that lacks what is missing. WinHTTP ends the connection with a secure failure and the
    /// flag for an invalid authority (INVALID_CA, 0x80072F0D); `ccmexec.log` and `LocationServices.log` show it, the
    /// client gets no policy and sends no inventory. What the clients' Trusted Root store needs comes by Group Policy
    /// (Public Key Policies, or `certutil -dspublish -f root.cer RootCA`); workgroup computers and mobile devices need
    /// it by hand.
    ///
    /// How it is seen: the path is built from the presented chain, in whatever order it came. Where there is none, the
    /// evidence names the certificate in which it breaks and how: unknown issuer, bad signature, an issuer that is
    /// expired, not yet valid or no certification authority, path length, name constraint, certificate policies, an
    /// issuer's Enhanced Key Usage or RSA key under 1024 bits, an unknown critical extension, a malformed certificate; the
    /// root is judged like any issuer. What this program cannot tell (an algorithm it does not know, a heap of certificates
    /// beyond its limits, an encoding some minds and some not) leaves it unknown, as does a run without any root.
    ///
    /// What else fails with it: chain/validity where an issuer's dates are the break, web-server/enterprise-issued where
    /// the certificate is self-signed, chain/complete where the leaf's issuer was not sent. A leaf out of date, without
    /// the right purpose or with a weak signature does not break the path: web-server/* and chain/signatures say so.
    LEADS_TO_SITE_ROOT {
        id: "chain/leads-to-site-root",
        title: "A valid path leads from the certificate to a root of the site",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Root certification authority certificates; certificates required for native mode" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Put right what the evidence names: install the missing authority's certificate in the server's Intermediate Certification Authorities store (computer account), renew what has expired, issue the certificate from the site's own hierarchy, or add the root to [trust] roots and to the clients' Trusted Root store.",
        check: Check::Endpoint(check),
    }
}

/// How many names a piece of evidence lists.
const MOST_NAMES: usize = 6;

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if subject.chain.is_empty() {
        return subject.no_certificate();
    }
    match subject.paths().best() {
        Ok(path) => Verdict::pass_with(path.words()),
        Err(NoPath { why: Why::Undecided(unknown), .. }) => Verdict::Unknown(unknown.clone()),
        Err(NoPath { why: Why::Broken(broken), .. }) => {
            let roots = subject.basis.trust.anchored.iter().take(MOST_NAMES);
            let presented = subject.chain.iter().take(MOST_NAMES).map(|certificate| certificate.subject_text());
            let presented: Vec<&str> = presented.collect();
            broken
                .evidence("No valid path leads from the certificate to a root of the site:")
                .expected_all(roots.map(|root| format!("a path to {}", root.subject_text())))
                .observed(format!("presented: {}", presented.join("; ")))
                .fail()
        }
    }
}

#[cfg(test)]
mod cases {
    use time::macros::datetime;

    use crate::lab::pki::{KeyName, Minted, Pki, Recipe, Signature, oid};
    use crate::requirement::case::{Case, INTRANET, World, lab};

    fn below(authority: &Minted) -> Minted {
        authority.issue(&lab().web_server(&[INTRANET])).unwrap()
    }

    pub(super) fn all() -> Vec<Case> {
        let stranger = Pki::stranger().unwrap();
        let foreign = below(&stranger.issuing);
        let leaf = lab().issue(&lab().web_server(&[INTRANET])).unwrap();
        let own = Minted::self_signed(&Recipe::web_server(&[INTRANET])).unwrap();
        let ended = lab().issuing.recipe.clone().valid(datetime!(2020-01-01 0:00 UTC), datetime!(2026-05-31 0:00 UTC));
        let ended = lab().root.issue(&ended).unwrap();
        let dsa = Minted::self_signed(&Recipe::root("DSA Root CA").key(KeyName::Dsa1024)).unwrap();
        let signed_by_dsa = dsa.issue(&Recipe::web_server(&[INTRANET]).signed_with(Signature::Sha1)).unwrap();
        let root = &lab().root;
        vec![
            Case::passes("leaf and issuing authority", World::web_server(|r| r)),
            Case::passes(
                "the definition supplies the issuer",
                World::presenting(&[&leaf], &[root]).knowing(&[&lab().issuing]),
            ),
            Case::passes(
                "an expired leaf has its own row",
                World::web_server(|r| r).at(datetime!(2030-01-01 0:00 UTC)),
            ),
            Case::passes(
                "a leaf for another purpose has its own row",
                World::web_server(|r| r.eku(&[oid::CLIENT_AUTHENTICATION])),
            ),
            Case::fails(
                "the issuer is missing",
                World::presenting(&[&leaf], &[root]),
                "issued by CN=Contoso Issuing CA, DC=contoso, DC=com, whose certificate is not at hand",
            ),
            Case::fails(
                "another hierarchy",
                World::presenting(&[&foreign, &stranger.issuing], &[root]),
                "issued by CN=Fabrikam Root CA",
            ),
            Case::fails(
                "another hierarchy, root sent",
                World::presenting(&[&foreign, &stranger.issuing, &stranger.root], &[root]),
                "ends at CN=Fabrikam Root CA",
            ),
            Case::fails("self-signed", World::presenting(&[&own], &[root]), "is self-signed"),
            Case::fails(
                "a damaged signature",
                World::presenting(&[&leaf.clone().corrupt_signature(), &lab().issuing], &[root]),
                "bad signature",
            ),
            Case::fails(
                "the issuer expired yesterday",
                World::presenting(&[&below(&ended), &ended], &[root]),
                "expired at 2026-05-31T00:00:00Z",
            ),
            Case::fails(
                "an unknown critical extension",
                World::web_server(|r| r.unknown_critical_extension("1.3.6.1.4.1.55555.1")),
                "1.3.6.1.4.1.55555.1",
            ),
            Case::unknown("no root is given", World::presenting(&[&leaf, &lab().issuing], &[])),
            Case::passes("a DSA authority, as far as signatures go", World::presenting(&[&signed_by_dsa], &[&dsa])),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
