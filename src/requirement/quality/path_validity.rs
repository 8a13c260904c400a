//! `chain/validity`

use crate::certificate::{Certificate, Facts};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::timestamp::Timestamp;

requirement! {
    /// Every certification authority's certificate between the server's certificate and the root is within its dates.
    ///
    /// Who is hurt: every client of every server below that authority, all at the same moment. WinHTTP reports the date
    /// flag (CERT_DATE_INVALID, 0x80072F05); the native-mode client counts as unmanaged from then on.
    ///
    /// How it is seen: in the certificates of the path to the site's root, or, where there is none, in those that could
    /// be followed from the leaf upwards. The server's own certificate is web-server/validity's, the root is
    /// root/standard's. Where the chain could not be followed to a root and nothing seen is out of date, it stays
    /// unknown. A path broken by this is told by chain/leads-to-site-root too. The usual way to get here: the issuing
    /// authority was renewed and servers still send its old certificate; the renewed one goes to their Intermediate
    /// Certification Authorities store.
    VALIDITY {
        id: "chain/validity",
        title: "Every authority between certificate and root is within its dates",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Certificates required for native mode: valid, trusted certificates on every system" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Renew the authority's certificate (with the same key, if certificates below it are to stay), publish it, and replace the old one in the Intermediate Certification Authorities store of every server and in chain files.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if subject.chain.is_empty() {
        return subject.no_certificate();
    }
    let (authorities, missing) = subject.paths().below_root();
    let now = subject.basis.now;
    let dated = || authorities.iter().filter_map(|of| of.facts().map(|facts| (of.as_ref(), facts)));
    let out_of_date: Vec<(&Certificate, &Facts)> =
        dated().filter(|(_, facts)| now < facts.not_before || facts.not_after < now).collect();
    if !out_of_date.is_empty() {
        return failure(&out_of_date, now);
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

fn failure(out_of_date: &[(&Certificate, &Facts)], now: Timestamp) -> Verdict {
    let dates = out_of_date.iter().map(|(certificate, facts)| {
        let state = if now < facts.not_before { "not yet valid" } else { "expired" };
        format!("{}: {state}, valid from {} to {}", certificate.subject_text(), facts.not_before, facts.not_after)
    });
    let ended = out_of_date.iter().any(|(_, facts)| facts.not_after < now);
    Evidence::new("A certification authority's certificate between the server's and the root is out of date.")
        .expected(format!("valid at {now}"))
        .observed_all(dates)
        .cause(if ended {
            "The authority was renewed and its old certificate is still sent or installed, or it was never renewed."
        } else {
            "The authority's certificate begins in the future, or the time of judging is wrong."
        })
        .fail()
}

#[cfg(test)]
mod cases {
    use time::macros::datetime;

    use crate::lab::pki::{Minted, Pki, Recipe};
    use crate::requirement::case::{Case, INTRANET, World, lab};

    fn below(authority: &Minted) -> Minted {
        authority.issue(&lab().web_server(&[INTRANET])).unwrap()
    }

    pub(super) fn all() -> Vec<Case> {
        let (from, to) = (datetime!(2026-01-10 0:00 UTC), datetime!(2026-06-10 0:00 UTC));
        let short = lab().root.issue(&lab().issuing.recipe.clone().valid(from, to)).unwrap();
        let leaf = below(&short);
        let at = |now| World::presenting(&[&leaf, &short], &[&lab().root]).at(now);
        let stranger = Pki::stranger().unwrap();
        let foreign = below(&stranger.issuing);
        let own = Minted::self_signed(&Recipe::web_server(&[INTRANET])).unwrap();
        vec![
            Case::passes("within its dates", World::web_server(|r| r)),
            Case::passes("its first second", at(from)),
            Case::fails(
                "a second early",
                at(from - time::Duration::SECOND),
                "not yet valid, valid from 2026-01-10T00:00:00Z",
            ),
            Case::passes("its last second", at(to)),
            Case::fails("a second late", at(to + time::Duration::SECOND), "expired, valid from"),
            Case::passes(
                "an expired leaf is not an authority",
                World::web_server(|r| r).at(datetime!(2030-01-01 0:00 UTC)),
            ),
            Case::passes("no authority in between", World::presenting(&[&own], &[&lab().root])),
            Case::passes(
                "another hierarchy, whole",
                World::presenting(&[&foreign, &stranger.issuing, &stranger.root], &[&lab().root]),
            ),
            Case::unknown(
                "another hierarchy, cut short",
                World::presenting(&[&foreign, &stranger.issuing], &[&lab().root]),
            ),
            Case::fails(
                "out of date, and no root is given",
                World::presenting(&[&leaf, &short], &[]).at(datetime!(2027-01-01 0:00 UTC)),
                "expired",
            ),
            Case::unknown("no root is given", World::presenting(&[&leaf, &short], &[])),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
