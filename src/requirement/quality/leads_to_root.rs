//! `leads-to-root`

use crate::certificate::Name;
use crate::rule::EvidenceSource;
use crate::rule::credential::{Credential, authority, authority_named, culprit};
use crate::rule::quality::{Decider, quality};
use crate::rule::usage::{Roots, Use};
use crate::trust::path::fault::{Break, Fault, Place};
use crate::trust::path::{NoPath, Why};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::cause::{Cause, Culprit};
use crate::verdict::{Unknown, Verdict};

quality! {
    /// A valid certification path (RFC 5280) leads from the certificate, for what it is relied on, to one of the roots it must
    /// lead to: the site's for servers and the signing certificate, the client roots for what clients present, public ones too
    /// where a public certificate may be used. It goes over the certificates presented (or lying in the file), those the
    /// definition declares, and those fetched from where certificates say their issuers are.
    ///
    /// Who is hurt: everyone who lacks what is missing. WinHTTP ends the connection with a secure failure and the flag for an
    /// invalid authority (INVALID_CA, 0x80072F0D); `ccmexec.log` and `LocationServices.log` show it, the client gets no policy
    /// and sends no inventory. A server that does not trust a client's certificate answers 403.16.
    ///
    /// How it is seen: the path is built from what was presented, in whatever order it came. Authorities must be valid now, may
    /// sign certificates, allow the purpose (their Enhanced Key Usages nest), the names below them and the authorities below
    /// them; the root is held against all of that too. Where there is no path, the evidence names the certificate in which it
    /// breaks and how. What cannot be judged leaves it unknown, as does a run without any root, and an issuer above a
    /// file's certificate that is not at hand. But an issuer that calls itself a root, shares no word of its name with any
    /// authority that is declared, and cannot be fetched, is another hierarchy's. A gateway's certificate
    /// is a public authority's as a rule: where the definition names no public root, one that leads to none of the site's
    /// is undecided. What was sent in the place of a certificate and is none leads nowhere, whatever the roots are.
    ///
    /// What else fails with it: the row on authorities' dates where these are the break, enterprise-issued where the
    /// certificate is self-signed, chain/complete where the leaf's issuer was not sent. A leaf out of date, without the right
    /// purpose or with a weak signature does not break the path: rows of their own say so.
    LEADS_TO_ROOT {
        slug: |_| "leads-to-root",
        servers: Some("chain/leads-to-site-root"),
        title: "A valid path leads from {} to a root it must lead to",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: |of, _| judge(of),
    }
    unreadable: judge
}

/// How many names a piece of evidence lists.
const MOST_NAMES: usize = 6;

fn judge(of: &Credential<'_>) -> Verdict {
    match of.paths().best() {
        Ok(path) => Verdict::pass_with(path.words()),
        Err(NoPath { why: Why::Undecided(unknown), .. }) => Verdict::Unknown(undecided(of, unknown)),
        Err(NoPath { why: Why::Broken(broken), .. }) => {
            if !of.is_presented()
                && let Some(unknown) = broken.undecided_in_file(of.basis.crls)
                && !is_of_another_root(of, broken)
            {
                return Verdict::Unknown(of.advised(unknown));
            }
            if may_be_public(of, broken) {
                return Verdict::unknown(
                    "the path ends at an authority that is none of the site's, and may be a public one",
                    "[trust] public_roots in the definition, or --public-ca-file",
                );
            }
            fails(of, broken)
        }
    }
}

/// Whether the authority the path ends at may be one of the public ones, of which the site names none: a gateway's
/// certificate is theirs as a rule.
fn may_be_public(of: &Credential<'_>, broken: &Break) -> bool {
    let trust = of.basis.trust;
    of.of == Use::CloudManagementGateway
        && trust.public_or_own.len() == trust.roots.len()
        && matches!(broken.fault, Fault::UnknownRoot | Fault::IssuerNotAtHand { .. })
}

/// Whether an issuer that is missing above a file's certificate shows by its name that it is another hierarchy's: it calls
/// itself a root, it shares no name with any authority that is declared, and the certificate below does not say where it can
/// be fetched. Any other issuer may stand below a declared root; nothing at hand tells.
fn is_of_another_root(of: &Credential<'_>, broken: &Break) -> bool {
    let (Fault::IssuerNotAtHand { .. }, Some(below)) = (&broken.fault, broken.at.facts()) else { return false };
    let own = names_of(&below.issuer);
    let trust = of.basis.trust;
    let declared = of.roots().iter().chain(&trust.roots).chain(&trust.intermediates);
    let mut declared = declared.filter_map(|one| one.facts()).map(|facts| names_of(&facts.subject)).peekable();
    let shared = |names: &Vec<String>| names.iter().any(|name| own.contains(name) && !GENERIC.contains(&name.as_str()));
    below.issuer_urls.is_empty()
        && own.iter().any(|name| name == ROOT)
        && own.iter().any(|name| !GENERIC.contains(&name.as_str()))
        && declared.peek().is_some()
        && !declared.any(|names| shared(&names))
}

/// The words of a name's common names, in small letters.
fn names_of(name: &Name) -> Vec<String> {
    let words = name.common_names.iter().flat_map(|one| one.text.split(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// What a root calls itself.
const ROOT: &str = "root";

/// Words of authorities' names that say what they are, and not whose.
const GENERIC: &[&str] = &[
    ROOT,
    "ca",
    "authority",
    "certification",
    "certificate",
    "certificates",
    "issuing",
    "policy",
    "enterprise",
    "corporate",
    "internal",
    "trust",
    "pki",
    "the",
    "of",
    "1",
    "2",
    "3",
    "4",
    "5",
    "01",
    "02",
    "03",
    "g1",
    "g2",
    "g3",
];

/// Which roots would decide it.
fn undecided(of: &Credential<'_>, unknown: &Unknown) -> Unknown {
    if of.roots().is_empty() && of.of.data().roots == Roots::SiteOrPublic {
        let decided_by = "[trust] roots or public_roots in the definition, --ca-file or --public-ca-file".into();
        return Unknown { decided_by, ..unknown.clone() };
    }
    unknown.clone()
}

fn fails(of: &Credential<'_>, broken: &Break) -> Verdict {
    let roots = of.roots().iter().take(MOST_NAMES);
    let chain = of.chain.certificates.iter().take(MOST_NAMES).map(|certificate| certificate.subject_text());
    let chain: Vec<&str> = chain.collect();
    let what = if of.file().is_some() { "in the file" } else { "presented" };
    let mut evidence = broken.evidence("No valid path leads from the certificate to a root it must lead to:");
    if !is_told_beside(&broken.fault) {
        // A diagnosis is told by its cause: what exactly is wrong stands first among what was seen.
        evidence.observed.insert(0, broken.to_string());
    }
    let evidence = evidence
        .expected_all(roots.map(|root| format!("a path to {}", root.subject_text())))
        .observed(format!("{what}: {}", chain.join("; ")))
        .because(because(of, broken));
    match to_blame(of, broken) {
        Some(culprit) => evidence.culprit(culprit),
        None => evidence,
    }
    .fail()
}

/// Whether what is wrong is told without the fault's own sentence: by what the cause is and the certificate it lies in, or
/// by a value of its own.
const fn is_told_beside(fault: &Fault) -> bool {
    match fault {
        Fault::SelfSigned { names_another: false } | Fault::UnknownRoot | Fault::Circle => true,
        Fault::Expired { .. } | Fault::NotYetValid { .. } | Fault::Unreadable(_) => true,
        Fault::IssuerNotAtHand { .. }
        | Fault::SelfSigned { names_another: true }
        | Fault::OtherKey { .. }
        | Fault::RenewedWithNewKey { .. }
        | Fault::SignatureBroken { .. }
        | Fault::NotAnAuthority(_)
        | Fault::PathLength { .. }
        | Fault::NameConstraint { .. }
        | Fault::Policy { .. }
        | Fault::Purpose { .. }
        | Fault::KeyTooShort { .. }
        | Fault::CriticalExtension(_)
        | Fault::Version(_)
        | Fault::Malformed(_) => false,
    }
}

/// What brings the break about, seen together with what the certificate is relied on for.
fn because(of: &Credential<'_>, broken: &Break) -> &'static Cause {
    if of.of.is_server() && of.certificate().facts().is_some_and(super::enterprise_issued::made_by_the_site) {
        return &cause::ENHANCED_HTTP;
    }
    match &broken.fault {
        Fault::IssuerNotAtHand { .. } if of.of.is_client() => &cause::CLIENT_ISSUER_NOT_AT_HAND,
        Fault::IssuerNotAtHand { .. } if !of.is_presented() => &cause::FOREIGN_HIERARCHY,
        _ => cause::find(broken.cause_id()).unwrap_or(&cause::MALFORMED_CERTIFICATE),
    }
}

/// The authority whose certificate is not at hand above an authority's that is: what is not decided of the certificate,
/// and of others below it, waits for that.
pub(crate) fn lacking(of: &Credential<'_>) -> Option<Culprit> {
    match of.paths().best() {
        Err(NoPath { why: Why::Broken(broken), .. }) if matches!(broken.fault, Fault::IssuerNotAtHand { .. }) => {
            to_blame(of, broken)
        }
        Ok(_) | Err(_) => None,
    }
}

/// What has to be put right; `None`: what the cause's kind of culprit is at the place.
pub(crate) fn to_blame(of: &Credential<'_>, broken: &Break) -> Option<Culprit> {
    match &broken.fault {
        Fault::IssuerNotAtHand { issuer, .. } if broken.place != Place::Leaf => Some(authority_named(issuer)),
        Fault::IssuerNotAtHand { .. } | Fault::SelfSigned { .. } => None,
        Fault::UnknownRoot => Some(authority(&broken.at)),
        Fault::OtherKey { issuer, .. } => Some(authority(issuer)),
        Fault::RenewedWithNewKey { new, .. } => Some(authority(new)),
        Fault::Expired { successor: Some(_), .. } if broken.place != Place::Root => None,
        Fault::SignatureBroken { .. }
        | Fault::Expired { .. }
        | Fault::NotYetValid { .. }
        | Fault::NotAnAuthority(_)
        | Fault::PathLength { .. }
        | Fault::NameConstraint { .. }
        | Fault::Policy { .. }
        | Fault::Purpose { .. }
        | Fault::KeyTooShort { .. }
        | Fault::CriticalExtension(_)
        | Fault::Version(_)
        | Fault::Malformed(_)
        | Fault::Unreadable(_)
        | Fault::Circle => Some(match broken.place {
            Place::Leaf => culprit(of.certificate()),
            Place::Authority | Place::Root => authority(&broken.at),
        }),
    }
}

#[cfg(test)]
mod cases {
    use time::macros::datetime;

    use crate::lab::pki::{KeyName, Minted, Pki, Recipe, oid};
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let stranger = Pki::stranger().unwrap();
        let ended = lab().issuing.recipe.clone().valid(datetime!(2020-01-01 0:00 UTC), datetime!(2026-05-31 0:00 UTC));
        let ended = lab().root.issue(&ended).unwrap();
        let of_other_purpose = |purpose: &'static str| {
            let limited = lab().issuing.recipe.clone().eku(&[purpose]);
            World::of_issued_by(of, &lab().root.issue(&limited).unwrap(), |r| r)
        };
        let right = of.purpose_oid().unwrap_or(oid::SERVER_AUTHENTICATION);
        let other =
            if right == oid::SERVER_AUTHENTICATION { oid::CLIENT_AUTHENTICATION } else { oid::SERVER_AUTHENTICATION };
        let old_root = Recipe::root("Contoso Root CA")
            .key(KeyName::Rsa2048E)
            .valid(datetime!(2010-01-01 0:00 UTC), datetime!(2026-05-31 0:00 UTC));
        let old_root = Minted::self_signed(&old_root).unwrap();
        let nowhere = || {
            let without = |mut recipe: Recipe| {
                recipe.authority_information.clear();
                recipe
            };
            World::of(of, without).knowing(&[])
        };
        let below_root = |authority: &Minted| {
            let without = |mut recipe: Recipe| {
                recipe.authority_information.clear();
                recipe
            };
            World::of_issued_by(of, authority, without).knowing(&[]).file_facts(|facts| facts.others.clear())
        };
        let second = Minted::self_signed(&Recipe::root("Contoso Root CA 2").key(KeyName::Rsa2048E)).unwrap();
        let missing = if of.is_client() {
            vec![
                Case::unknown("an issuer that may stand below the site's root", nowhere()),
                Case::unknown("an issuer that can be fetched", World::of(of, |r| r).knowing(&[])),
                Case::fails("somebody else's root", below_root(&stranger.root), "client-issuer-not-at-hand"),
                Case::unknown("a root that may be the site's next", below_root(&second)),
            ]
        } else {
            Vec::new()
        };
        let all = vec![
            Case::passes("by the issuing authority", World::of(of, |r| r)),
            Case::passes("its end has a row of its own", World::of(of, |r| r).at(datetime!(2030-01-01 0:00 UTC))),
            Case::passes("its own purpose has a row of its own", World::of(of, move |r| r.eku(&[other]))),
            Case::passes("an authority limited to its purpose", of_other_purpose(right)),
            Case::fails("an authority limited to another purpose", of_other_purpose(other), "Contoso Issuing CA"),
            another_hierarchy(of, &stranger),
            Case::fails("a damaged signature", World::of_corrupt(of), "signature"),
            Case::fails("the issuer expired yesterday", World::of_issued_by(of, &ended, |r| r), "2026-05-31T00:00:00Z"),
            Case::fails(
                "the root expired yesterday",
                World::of_issued_by(of, &old_root, |r| r).trusting(&[&old_root]),
                "expired root",
            ),
            Case::fails(
                "an unknown critical extension",
                World::of(of, |r| r.unknown_critical_extension("1.3.6.1.4.1.55555.1")),
                "1.3.6.1.4.1.55555.1",
            ),
            Case::unknown("no root is given", World::of(of, |r| r).trusting(&[])),
            Case::fails("it is no certificate", World::of(of, |r| r).unreadable(), "unreadable certificate"),
            Case::fails(
                "and no root is given",
                World::of(of, |r| r).unreadable().trusting(&[]),
                "unreadable-certificate",
            ),
            Case::fails(
                "its issuer is none",
                World::of(of, |r| r).knowing(&[]).unreadable_issuer(),
                "unreadable-authority",
            ),
        ];
        all.into_iter().chain(missing).chain(shown_inside(of)).collect()
    }

    /// What a bridging proxy presents outside is a client's certificate inside, where it is for both and no other is named.
    fn shown_inside(of: Use) -> Vec<Case> {
        if of != Use::ProxyClient {
            return Vec::new();
        }
        let both = &[oid::SERVER_AUTHENTICATION, oid::CLIENT_AUTHENTICATION];
        let limited = lab().issuing.recipe.clone().eku(&[oid::SERVER_AUTHENTICATION]);
        let limited = lab().root.issue(&limited).unwrap();
        let under = |eku: &'static [&'static str]| World::of_issued_by(Use::Proxy, &limited, |r| r.eku(eku));
        vec![
            Case::fails("presented outside, by an authority for servers alone", under(both), "Contoso Issuing CA"),
            Case::unknown(
                "such a file, of a proxy nobody defines",
                under(both).expecting(|expectation| {
                    if let Some(proxy) = expectation.proxy.as_mut().map(std::sync::Arc::make_mut) {
                        proxy.has_client_certificate = None;
                    }
                }),
            ),
            Case::nothing("a separate one is named", under(both).with_proxy_certificate(&[oid::CLIENT_AUTHENTICATION])),
            Case::nothing("it is no client's", under(&[oid::SERVER_AUTHENTICATION])),
            Case::nothing("an authority for both", World::of(Use::Proxy, |r| r.eku(both))),
        ]
    }

    /// A whole path to a root that is none of the site's; a gateway's may be a public one, of which the site names none.
    fn another_hierarchy(of: Use, stranger: &Pki) -> Case {
        let world = World::of_issued_by(of, &stranger.issuing, |r| r).beside_it(&stranger.root);
        match of {
            Use::CloudManagementGateway => Case::unknown("another hierarchy, root and all", world),
            _ => Case::fails("another hierarchy, root and all", world, "Fabrikam Root CA"),
        }
    }
}
