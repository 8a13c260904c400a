//! `complete`

use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::path::fault::Break;
use crate::trust::path::{NoPath, Path, Why};
use crate::verdict::cause::{Cause, catalogue as cause};
use crate::verdict::{Evidence, Verdict};

quality! {
    /// The certificates the server presents lead to a root by themselves: every authority's certificate between its own
    /// and the root is sent.
    ///
    /// Who is hurt: whoever does not have the missing certificate. A domain computer finds it in its own Intermediate
    /// store (AD CS publishes it to the directory) or fetches it from where Authority Information Access points; an
    /// Internet client cannot reach an `ldap:` address, a client behind an authenticating web proxy fetches nothing as
    /// LOCAL SYSTEM, and mobile devices have neither store nor fetching. So it works inside and fails outside.
    ///
    /// How it is seen: the path is built once more without the definition's intermediates. It fails where a path exists
    /// only with them, or where the certificate of the leaf's own issuer was not sent at all. It passes where everything
    /// up to a self-signed certificate was sent, although that may be no root of this site (chain/leads-to-site-root
    /// says so). Where the chain ends at an authority nobody knows, it cannot be told whether that is a root, which need
    /// not be sent, or an authority that must be: unknown. An expired or otherwise wrong authority was sent, and is not
    /// a matter of this row. A file presents no chain, and is not held against it.
    COMPLETE {
        slug: |_| "complete",
        servers: Some("chain/complete"),
        title: "The certificates presented with {} suffice to reach a root",
        evidence: &[EvidenceSource::Handshake],
        decided_by: Decider::Chain,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    if super::enterprise_issued::made_by_the_site(facts) && of.basis.site.is_enhanced_http() {
        return Verdict::NotApplicable("the site's own certificate, as enhanced HTTP has it, comes alone");
    }
    if !of.is_presented() {
        return Verdict::NotApplicable("a file presents no chain: what a server sends with it, its handshake shows");
    }
    let paths = of.paths();
    let nothing = match paths.presented_alone() {
        Ok(_) => return Verdict::pass(),
        Err(nothing) => nothing,
    };
    let broken = match &nothing.why {
        Why::Undecided(unknown) => return Verdict::Unknown(unknown.clone()),
        Why::Broken(broken) => broken,
    };
    match paths.best() {
        Ok(path) => incomplete(broken, &cause::ISSUER_FETCHABLE)
            .expected_all(missing(of, path))
            .cause(format!("Clients that have or can fetch what is missing get by without it. {}", fetching(broken)))
            .fail(),
        Err(NoPath { whole: true, .. }) => {
            Verdict::pass_with("everything below the root was sent; why it is no valid path, chain/leads-to-site-root says")
        }
        Err(_) if broken.is_missing_certificate() && broken.at_leaf() => incomplete(broken, &cause::ISSUER_NOT_SENT)
            .expected("the certificate of the leaf's issuer, sent after the leaf")
            .cause(format!(
                "The server has no certificate of its certificate's issuer in its Intermediate Certification Authorities \
                 store, or was not told to send it. {}",
                fetching(broken)
            ))
            .fail(),
        Err(_) if broken.is_missing_certificate() => Verdict::unknown(
            format!("whether the chain goes on above {} is not known", broken.at.subject_text()),
            "the certificate of its issuer among [trust] roots or intermediates",
        ),
        Err(_) => Verdict::unknown(
            format!("the chain could not be followed to a root: {broken}"),
            "what chain/leads-to-site-root asks for",
        ),
    }
}

fn incomplete(broken: &Break, because: &'static Cause) -> Evidence {
    broken.evidence("The certificates presented do not lead to a root by themselves:").because(because)
}

/// The certificates of the path that were not sent.
fn missing(of: &Credential<'_>, path: &Path) -> Vec<String> {
    let missing = path.issuers.iter().filter(|issuer| !of.chain.certificates.contains(issuer));
    missing.map(|issuer| format!("sent: {}", issuer.subject_text())).collect()
}

/// Where a client could fetch the missing certificate.
fn fetching(broken: &Break) -> String {
    let urls = broken.at.facts().map(|facts: &Facts| facts.issuer_urls.as_slice()).unwrap_or_default();
    let over_http: Vec<&str> = urls.iter().map(String::as_str).filter(|url| url.starts_with("http")).collect();
    match (over_http.as_slice(), urls) {
        ([], []) => "The certificate names no place to fetch it from (no Authority Information Access).".into(),
        ([], _) => "It can be fetched from the directory only (ldap): not by Internet clients.".into(),
        (places, _) => format!("It can be fetched from {}, if that answers at this vantage.", places.join(", ")),
    }
}

#[cfg(test)]
mod cases {
    use time::macros::datetime;

    use crate::lab::pki::{KeyName, Minted, Pki, Recipe};
    use crate::requirement::case::{Case, INTRANET, World, lab};
    use crate::rule::usage::Use;

    fn below(authority: &Minted) -> Minted {
        authority.issue(&lab().web_server(&[INTRANET])).unwrap()
    }

    pub(super) fn all(of: Use) -> Vec<Case> {
        let (root, issuing) = (&lab().root, &lab().issuing);
        let leaf = below(issuing);
        let stranger = Pki::stranger().unwrap();
        let foreign = below(&stranger.issuing);
        let own = Minted::self_signed(&Recipe::web_server(&[INTRANET])).unwrap();
        let ended = issuing.recipe.clone().valid(datetime!(2020-01-01 0:00 UTC), datetime!(2026-05-31 0:00 UTC));
        let ended = root.issue(&ended).unwrap();
        let policy =
            issuing.recipe.clone().cn("Contoso Policy CA").key(KeyName::Rsa2048G).basic_constraints(true, None);
        let policy = root.issue(&policy).unwrap();
        let third = policy.issue(&issuing.recipe.clone()).unwrap();
        let third_leaf = below(&third);
        let no_aia = issuing.issue(&lab().web_server(&[INTRANET]).no_authority_information()).unwrap();
        vec![
            Case::passes("leaf and issuing authority", World::of(of, |r| r)),
            Case::passes("the root may be sent too", World::presented_as(of, &[&leaf, issuing, root], &[root])),
            Case::fails(
                "the definition must supply the issuer",
                World::presented_as(of, &[&leaf], &[root]).knowing(&[issuing]),
                "sent: CN=Contoso Issuing CA",
            ),
            Case::fails(
                "nobody supplies the issuer",
                World::presented_as(of, &[&leaf], &[root]),
                "http://pki.contoso.com/CertEnroll/Contoso%20Issuing%20CA.crt",
            ),
            Case::fails(
                "and it cannot be fetched",
                World::presented_as(of, &[&no_aia], &[root]),
                "no Authority Information Access",
            ),
            Case::fails(
                "an upper authority is supplied by the definition",
                World::presented_as(of, &[&third_leaf, &third], &[root]).knowing(&[&policy]),
                "sent: CN=Contoso Policy CA",
            ),
            Case::unknown("an upper authority nobody knows", World::presented_as(of, &[&third_leaf, &third], &[root])),
            Case::passes("all three tiers", World::presented_as(of, &[&third_leaf, &third, &policy], &[root])),
            Case::unknown(
                "another hierarchy, its root not sent",
                World::presented_as(of, &[&foreign, &stranger.issuing], &[root]),
            ),
            Case::passes(
                "another hierarchy, its root sent",
                World::presented_as(of, &[&foreign, &stranger.issuing, &stranger.root], &[root]),
            ),
            Case::passes("self-signed: nothing is above it", World::presented_as(of, &[&own], &[root])),
            Case::passes("an expired issuer was sent", World::presented_as(of, &[&below(&ended), &ended], &[root])),
            Case::unknown(
                "a damaged signature",
                World::presented_as(of, &[&leaf.clone().corrupt_signature(), issuing], &[root]),
            ),
            Case::unknown("no root is given", World::presented_as(of, &[&leaf, issuing], &[])),
        ]
    }
}
