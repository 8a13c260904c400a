//! `path-validity`

use crate::certificate::Certificate;
use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::{Credential, authority};
use crate::rule::quality::{Decider, quality};
use crate::trust::dates::is_within_dates;
use crate::trust::path::fault::Fault;
use crate::verdict::Evidence;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// Every certification authority's certificate between this one and the root is within its dates.
    ///
    /// Who is hurt: everyone below that authority, all at the same moment. WinHTTP reports the date flag (CERT_DATE_INVALID,
    /// 0x80072F05); the native-mode client counts as unmanaged from then on.
    ///
    /// How it is seen: in the certificates of the path, or, where there is none, in those that could be followed upwards. The
    /// certificate itself and the root have rows of their own. Where the chain could not be followed to a root and nothing seen
    /// is out of date, it stays unknown. A path broken by this is told by the row on the path too. The usual way to get here:
    /// the issuing authority was renewed and servers still send its old certificate; the renewed one goes to their Intermediate
    /// Certification Authorities store.
    PATH_VALIDITY {
        slug: |_| "path-validity",
        servers: Some("chain/validity"),
        title: "Every authority above {} is within its dates",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let (authorities, missing) = of.below_root();
    let now = of.basis.now;
    let dated = || authorities.iter().filter_map(|one| one.facts().map(|facts| (one.as_ref(), facts)));
    let out_of_date: Vec<(&Certificate, &Facts)> = dated().filter(|(_, facts)| !is_within_dates(facts, now)).collect();
    if let Some((first, facts)) = out_of_date.first() {
        return failure(of, first, facts, &out_of_date).fail();
    }
    if let Some(unknown) = missing {
        return Verdict::Unknown(unknown);
    }
    match dated().min_by_key(|(_, facts)| facts.not_after) {
        Some((first, facts)) => {
            Verdict::pass_with(format!("{} is the first to end, at {}", first.subject_text(), facts.not_after))
        }
        None => Verdict::pass_with("no authority stands between certificate and root"),
    }
}

fn failure(of: &Credential<'_>, first: &Certificate, facts: &Facts, all: &[(&Certificate, &Facts)]) -> Evidence {
    let now = of.basis.now;
    let dates = all.iter().map(|(certificate, facts)| {
        let state = if now < facts.not_before { "not yet valid" } else { "expired" };
        format!("{}: {state}, valid from {} to {}", certificate.subject_text(), facts.not_before, facts.not_after)
    });
    let evidence = Evidence::new("A certification authority's certificate below the root is out of date.")
        .expected(format!("valid at {now}"))
        .observed_all(dates);
    if now < facts.not_before {
        return evidence.because(&cause::CERTIFICATE_NOT_YET_VALID).culprit(authority(first));
    }
    let breaks = of.paths().breaks();
    let successor = breaks.iter().find_map(|one| match &one.fault {
        Fault::Expired { successor, .. } if *one.at == *first => successor.as_ref(),
        _ => None,
    });
    match successor {
        Some(successor) => evidence
            .because(&cause::OLD_AUTHORITY_STILL_SENT)
            .observed(format!("its renewed certificate is at hand: thumbprint {}", successor.thumbprint_sha1())),
        None => evidence.because(&cause::AUTHORITY_ENDED).culprit(authority(first)),
    }
}

#[cfg(test)]
mod cases {
    use time::macros::datetime;

    use crate::lab::pki::Pki;
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let (from, to) = (datetime!(2026-01-10 0:00 UTC), datetime!(2026-06-10 0:00 UTC));
        let short = lab().root.issue(&lab().issuing.recipe.clone().valid(from, to)).unwrap();
        let at = |now| World::of_issued_by(of, &short, |r| r).at(now);
        let stranger = Pki::stranger().unwrap();
        vec![
            Case::passes("within its dates", World::of(of, |r| r)),
            Case::passes("its first second", at(from)),
            Case::fails(
                "a second early",
                at(from - time::Duration::SECOND),
                "not yet valid, valid from 2026-01-10T00:00:00Z",
            ),
            Case::passes("its last second", at(to)),
            Case::passes("within its last second", at(to + time::Duration::milliseconds(999))),
            Case::fails("a second late", at(to + time::Duration::SECOND), "expired, valid from"),
            Case::passes(
                "another hierarchy, whole",
                World::of_issued_by(of, &stranger.issuing, |r| r).beside_it(&stranger.root),
            ),
            Case::unknown("another hierarchy, cut short", World::of_issued_by(of, &stranger.issuing, |r| r)),
        ]
    }
}
