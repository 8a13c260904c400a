//! Whether what a server sent is a list a client can use for a certificate: the right authority's, complete, current.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::certificate::revocation_list::NotAList;
use crate::trust::lists::checked::Checked;
use crate::trust::lists::store::KnownList;
use crate::trust::path::signed::Signed;
use crate::verdict::Unknown;

/// How many authorities' certificates of one name are tried; one that changed its key has two or three.
const MOST_SIGNERS: usize = 8;

/// What is to be said of a list for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// It can be used.
    Good,
    /// It is authentic, and says nothing about today.
    Outdated(Trouble),
    /// It cannot be used.
    Unfit(Trouble),
    /// It could not be decided.
    Undecided(Unknown),
}

/// What is wrong with a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// In one sentence.
    pub message: &'static str,
    /// What was seen.
    pub observed: String,
    /// What would be right.
    pub expected: String,
    /// What brings it about.
    pub cause: &'static str,
}

/// Judges one answer.
pub fn fitness(content: &Result<Arc<KnownList>, NotAList>, of: &Checked<'_>) -> Fitness {
    let known = match content {
        Ok(known) => known,
        Err(instead) => {
            return Fitness::Unfit(Trouble {
                message: "What is published as a revocation list is none.",
                observed: instead.to_string(),
                expected: "a revocation list, DER".into(),
                cause: match instead {
                    NotAList::Empty => {
                        "The file on the web server is empty: publishing was interrupted, or the disk is full."
                    }
                    NotAList::WebPage => {
                        "A web server, a proxy or a sign-in page answers with a page of its own instead of the file."
                    }
                    NotAList::Certificate => "Another file of the authority is published under the list's name.",
                    NotAList::Malformed(_) => "The file is damaged, or another one.",
                },
            });
        }
    };
    unfit(known, of).or_else(|| outdated(known, of)).unwrap_or(Fitness::Good)
}

fn unfit(known: &KnownList, of: &Checked<'_>) -> Option<Fitness> {
    let (list, facts) = (&known.list, of.facts);
    if list.issuer.der != facts.issuer.der && !list.coverage.is_indirect {
        return Some(Fitness::Unfit(Trouble {
            message: "The revocation list is another authority's.",
            observed: format!("a list of {}", list.issuer.text),
            expected: format!("a list of {}", facts.issuer.text),
            cause: "The wrong file is published at the URL the certificate names.",
        }));
    }
    if let Some(unsigned) = not_authentic(known, of) {
        return Some(unsigned);
    }
    let trouble = |message, observed: String, expected: String, cause| {
        Some(Fitness::Unfit(Trouble { message, observed, expected, cause }))
    };
    if list.is_delta {
        return trouble(
            "The revocation list is a delta list where the complete one belongs.",
            "a delta list".into(),
            "a complete list".into(),
            "The delta list is published under the complete one's name.",
        );
    }
    let coverage = &list.coverage;
    let is_ca = facts.basic_constraints.is_some_and(|constraints| constraints.ca);
    let leaves_out = [
        (coverage.only_user_certificates && is_ca, "it speaks of certificates that are no authorities' only"),
        (coverage.only_ca_certificates && !is_ca, "it speaks of authorities' certificates only"),
        (coverage.only_attribute_certificates, "it speaks of attribute certificates only"),
        (coverage.only_some_reasons, "it speaks of some reasons for revocation only"),
        (
            coverage.urls.as_ref().is_some_and(|urls| {
                !urls.is_empty() && !urls.iter().any(|url| facts.crl_distribution_points.contains(url))
            }),
            "it speaks of certificates that name another distribution point",
        ),
    ];
    if let Some((_, how)) = leaves_out.into_iter().find(|(leaves_out, _)| *leaves_out) {
        return trouble(
            "The revocation list does not cover the certificate.",
            format!("a part of the authority's list: {how}"),
            "a list that covers the certificate".into(),
            "The authority's list is partitioned, and another part is published at the URL the certificate names.",
        );
    }
    if let Some(oid) = list.unknown_critical.first() {
        return trouble(
            "The revocation list has a critical extension that clients do not know.",
            format!("critical extension {oid}"),
            "no critical extension but those of RFC 5280".into(),
            "The authority publishes lists for a product of its own.",
        );
    }
    None
}

/// Why a list's signature does not stand; `None`: it does.
fn not_authentic(known: &KnownList, of: &Checked<'_>) -> Option<Fitness> {
    let list = &known.list;
    let mut signers: Vec<&Arc<Certificate>> = Vec::new();
    for one in of.known {
        let named = one.facts().is_some_and(|facts| facts.subject.der == list.issuer.der);
        if named && signers.len() < MOST_SIGNERS && !signers.contains(one) {
            signers.push(one);
        }
    }
    if signers.is_empty() {
        return Some(Fitness::Undecided(Unknown {
            why: format!(
                "the list's signature cannot be checked: the certificate of {} is not known",
                list.issuer.text
            ),
            decided_by: "--ca-file, or [trust] roots and intermediates in the definition".into(),
        }));
    }
    let mut undecided = None;
    for signer in &signers {
        match known.signed_by(signer, of.basis.trust.algorithms) {
            Signed::Yes => {
                let usage = signer.facts().and_then(|facts| facts.key_usage);
                return usage.filter(|usage| !usage.crl_sign).map(|_| {
                    Fitness::Unfit(Trouble {
                        message: "The revocation list's authority may not sign lists.",
                        observed: format!("the Key Usage of {} lacks CRL signing", list.issuer.text),
                        expected: "CRL signing in the authority's Key Usage".into(),
                        cause: "The authority's certificate was made from a template without it.",
                    })
                });
            }
            Signed::No => {}
            Signed::Undecided(why) => undecided = Some(why),
        }
    }
    Some(match undecided {
        Some(why) => {
            Fitness::Undecided(Unknown { why, decided_by: "a signature algorithm this program can verify".into() })
        }
        None => Fitness::Unfit(Trouble {
            message: "The revocation list is not signed by the certificate's authority.",
            observed: format!("a list that names {} as its issuer and bears another key's signature", list.issuer.text),
            expected: format!("a list signed with the key of {}", list.issuer.text),
            cause: "The authority was set up anew under the same name, changed its key, or the file is not its own or was damaged.",
        }),
    })
}

fn outdated(known: &KnownList, of: &Checked<'_>) -> Option<Fitness> {
    let (list, now) = (&known.list, of.basis.now);
    let trouble =
        |message, observed, expected, cause| Some(Fitness::Outdated(Trouble { message, observed, expected, cause }));
    if now < list.this_update {
        return trouble(
            "The revocation list is not valid yet.",
            format!("issued {}", list.this_update),
            format!("issued {now} at the latest"),
            "The authority's clock, or this machine's, is wrong.",
        );
    }
    match list.next_update {
        Some(next) if next <= now => trouble(
            "The revocation list has expired.",
            format!("the next one was due {next}"),
            format!("a list current at {now}"),
            "The authority stopped publishing, is off (an offline root), or the new list is not copied to the web server.",
        ),
        Some(_) | None => None,
    }
}
