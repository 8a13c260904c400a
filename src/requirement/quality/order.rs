//! `order`

use std::sync::Arc;

use crate::certificate::{Certificate, Facts};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::path::Spelling;
use crate::trust::store::TrustStore;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Evidence, Verdict};
use crate::wire::der::Der;

quality! {
    /// The server's own certificate comes first, each further one is that of the previous one's issuer, none comes
    /// twice, none has nothing to do with the first. The root may be sent or left out.
    ///
    /// Who is hurt: few. Windows sorts what it gets, and so does nearly everything since; TLS before 1.3 promises the
    /// order, and old mobile devices, embedded stacks and some proxies rely on it. Superfluous certificates cost every
    /// handshake bytes.
    ///
    /// How it is seen: in the presented chain, by the certificates' names alone: whether the signatures fit,
    /// chain/leads-to-site-root says. A certificate missing in between is not a matter of order, so the certificates
    /// above the gap are no strangers where the definition or the site's roots show what they belong to. IIS takes the
    /// chain from the server's stores and always sorts it; disorder comes from chain files put together by hand.
    ORDER {
        slug: |_| "order",
        servers: Some("chain/order"),
        title: "The chain of {} is sent in order, without strangers and duplicates",
        evidence: &[EvidenceSource::Handshake],
        decided_by: Decider::Chain,
        judge: judge,
    }
}

/// How many faults are told.
const MOST_FAULTS: usize = 4;
/// How many certificates a piece of evidence lists.
const MOST_LISTED: usize = 8;

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let further = of.chain.certificates.get(1..).unwrap_or_default();
    if further.is_empty() {
        return Verdict::pass();
    }
    let faults = disorder(facts, further, of.basis.trust, of.paths().spellings());
    if faults.is_empty() {
        return Verdict::pass();
    }
    let sent = of.chain.certificates.iter().enumerate().take(MOST_LISTED);
    let more = faults.len().saturating_sub(MOST_FAULTS);
    let mut told = faults.into_iter().take(MOST_FAULTS).collect::<Vec<_>>().join("; ");
    if more > 0 {
        told.push_str(&format!("; and so on for {more} more"));
    }
    Evidence::new(format!("The chain is not in order: {told}."))
        .expected("the server's certificate, then its issuer's, each once, and nothing else")
        .observed_all(sent.map(|(position, certificate)| format!("{}. {}", position + 1, certificate.subject_text())))
        .because(&cause::CHAIN_MISORDERED)
        .fail()
}

/// Everything that is out of order after the first certificate, in words.
fn disorder(leaf: &Facts, further: &[Arc<Certificate>], trust: &TrustStore, spellings: &[Spelling]) -> Vec<String> {
    // What stands behind authorities and is none itself is what the chain is for.
    if is_authority(leaf)
        && let Some((at, own)) =
            further.iter().enumerate().find(|(_, one)| one.facts().is_some_and(|of| !is_authority(of)))
    {
        return vec![format!("{} comes as number {}, so it should be the first itself", own.subject_text(), at + 2)];
    }
    let ascent = ascent(leaf, further, trust, spellings);
    // Above a certificate that is missing, what leads to a root of the site is no stranger.
    let at_hand = || further.iter().chain(&trust.intermediates).chain(&trust.anchored).filter_map(|of| of.facts());
    let has_gap = ascent.iter().any(|name| !at_hand().any(|facts| facts.subject.der == **name));
    let mut highest = None;
    let mut faults = Vec::new();
    for (position, certificate) in further.iter().enumerate() {
        let who = certificate.subject_text();
        let before = further.get(..position).unwrap_or_default();
        if before.contains(certificate) {
            faults.push(format!("{who} is sent more than once"));
            continue;
        }
        let Some(facts) = certificate.facts() else {
            faults.push(format!("number {} cannot be read", position + 2));
            continue;
        };
        match ascent.iter().position(|name| **name == facts.subject.der) {
            Some(rank) if highest.is_none_or(|highest| rank > highest) => highest = Some(rank),
            Some(rank) if highest == Some(rank) => {
                faults.push(format!("{who} is sent with a second certificate of the same name"));
            }
            Some(_) => faults.push(format!("{who} comes after a certificate it should precede")),
            None if facts.issuer.der == leaf.subject.der => {
                faults.push(format!("{who} was issued by the first certificate, so it should be the first itself"));
            }
            None if has_gap && leads_to_root(certificate, facts, trust) => {}
            None => faults.push(format!("{who} has nothing to do with the certificates before it")),
        }
    }
    faults
}

fn is_authority(facts: &Facts) -> bool {
    facts.basic_constraints.is_some_and(|constraints| constraints.ca)
}

/// The names of the leaf's issuer, of that one's issuer, and so on, as far as any certificate at hand tells: each as the
/// certificate above has it, where that one is only spelled otherwise.
fn ascent<'a>(
    leaf: &'a Facts,
    further: &'a [Arc<Certificate>],
    trust: &'a TrustStore,
    spellings: &'a [Spelling],
) -> Vec<&'a Der> {
    let at_hand = || further.iter().chain(&trust.intermediates).chain(&trust.anchored).filter_map(|of| of.facts());
    let issuer = |of: &'a Facts| {
        let pairs = spellings.iter().filter_map(|pair| Some((pair.below.facts()?, pair.above.facts()?)));
        let mut otherwise = pairs.filter(|(below, _)| below.issuer.der == of.issuer.der);
        otherwise.next().map_or(&of.issuer.der, |(_, above)| &above.subject.der)
    };
    let mut names = vec![issuer(leaf)];
    let mut next = 0;
    while let Some(name) = names.get(next).copied() {
        next += 1;
        for facts in at_hand().filter(|facts| facts.subject.der == *name) {
            let above = issuer(facts);
            if !names.contains(&above) {
                names.push(above);
            }
        }
    }
    names
}

/// Whether a certificate is a root of the site or was issued by one: above a gap it is no stranger.
fn leads_to_root(certificate: &Certificate, facts: &Facts, trust: &TrustStore) -> bool {
    let of_root = |root: &Facts| root.subject.der == facts.issuer.der || root.subject.der == facts.subject.der;
    trust.anchored.iter().any(|root| **root == *certificate || root.facts().is_some_and(of_root))
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Attribute, KeyName, Minted, Pki, Recipe};
    use crate::requirement::case::{Case, INTRANET, World, lab};
    use crate::rule::usage::Use;

    fn below(authority: &Minted) -> Minted {
        authority.issue(&lab().web_server(&[INTRANET])).unwrap()
    }

    pub(super) fn all(of: Use) -> Vec<Case> {
        let (root, issuing) = (&lab().root, &lab().issuing);
        let leaf = below(issuing);
        let stranger = Pki::stranger().unwrap();
        let policy =
            issuing.recipe.clone().cn("Contoso Policy CA").key(KeyName::Rsa2048G).basic_constraints(true, None);
        let policy = root.issue(&policy).unwrap();
        let third = policy.issue(&issuing.recipe.clone()).unwrap();
        let third_leaf = below(&third);
        let renewed = root.issue(&issuing.recipe.clone().key(KeyName::Rsa2048H)).unwrap();
        let own = Minted::self_signed(&Recipe::web_server(&[INTRANET])).unwrap();
        let in_capitals: Vec<_> = [("com", Attribute::DomainComponent), ("contoso", Attribute::DomainComponent)]
            .into_iter()
            .chain([("CONTOSO ISSUING CA", Attribute::CommonName)])
            .map(|(text, attribute)| (attribute, text.into()))
            .collect();
        let spelled = issuing.issue(&lab().web_server(&[INTRANET]).issued_by(in_capitals)).unwrap();
        let sent = |chain: &[&Minted]| World::presented_as(of, chain, &[root]);
        vec![
            Case::passes("leaf and issuing authority", sent(&[&leaf, issuing])),
            Case::passes("an issuer that is only spelled otherwise", sent(&[&spelled, issuing])),
            Case::passes("with the root", sent(&[&leaf, issuing, root])),
            Case::passes("the leaf alone", sent(&[&leaf])),
            Case::passes("self-signed", sent(&[&own])),
            Case::passes("three tiers", sent(&[&third_leaf, &third, &policy, root])),
            Case::passes("a gap is not disorder", sent(&[&leaf, root])),
            Case::passes("a gap below an upper authority", sent(&[&third_leaf, &policy])),
            Case::passes("another hierarchy in order", sent(&[&below(&stranger.issuing), &stranger.issuing])),
            Case::fails(
                "the root before the issuer",
                sent(&[&leaf, root, issuing]),
                "CN=Contoso Issuing CA, DC=contoso, DC=com comes after",
            ),
            Case::fails(
                "upper tiers exchanged",
                sent(&[&third_leaf, &policy, &third]),
                "comes after a certificate it should precede",
            ),
            Case::fails("the issuer twice", sent(&[&leaf, issuing, issuing]), "more than once"),
            Case::fails("the leaf twice", sent(&[&leaf, &leaf, issuing]), "has nothing to do"),
            Case::fails(
                "the issuer's two certificates",
                sent(&[&leaf, issuing, &renewed]),
                "second certificate of the same name",
            ),
            Case::fails(
                "a stranger",
                sent(&[&leaf, issuing, &stranger.issuing]),
                "CN=Fabrikam Issuing CA, DC=fabrikam, DC=com has nothing to do",
            ),
            Case::fails("an authority's sister", sent(&[&leaf, issuing, &policy]), "Contoso Policy CA"),
            Case::fails("a sister in between", sent(&[&leaf, &policy, issuing]), "Contoso Policy CA"),
            Case::fails(
                "many of them",
                sent(&[vec![&leaf, issuing], vec![&policy; 9]].concat()),
                "and so on for 5 more",
            ),
            Case::fails("root and issuer first", sent(&[root, issuing, &leaf]), "comes as number 3"),
            Case::fails("the issuer first", sent(&[issuing, &leaf]), "should be the first itself"),
        ]
    }
}
