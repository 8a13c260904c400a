//! `site-server/expiry`

use super::SIGNING_FILES;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

/// The site raises its daily status message 5112 from this many days before the end.
const DAYS: i64 = 10;

requirement! {
    /// The signing certificate is within its dates and has more than 10 days left. From 10 days before its end the site
    /// raises status message 5112 (SMS_POLICY_PROVIDER) every day.
    ///
    /// Who is hurt: every client, once it has ended: policies signed with it are not accepted, and a renewal needs time to
    /// reach them.
    ///
    /// How it is seen: the certificate's dates, as of the time of the run or of --at.
    EXPIRY {
        id: "site-server/expiry",
        title: "The signing certificate has more than 10 days left",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::RENEW, place: "Status message 5112" },
        scope: SIGNING_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Renew the signing certificate under the same root before it ends, choose it in the site mode's properties, and give clients time to fetch it.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    let now = subject.basis.now;
    subject.judge(|facts| {
        let evidence = |observed: String| {
            Evidence::new("The signing certificate is out of its dates, or soon will be.")
                .expected(format!("valid for more than {DAYS} days from {now}"))
                .observed(observed)
                .cause("It was not renewed.")
        };
        if now < facts.not_before {
            return evidence(format!("valid from {}", facts.not_before))
                .cause("Its validity has not begun, or this clock is wrong.")
                .fail();
        }
        let left = facts.not_after.0 - now.0;
        if left.whole_seconds() > DAYS * 86_400 {
            return Verdict::pass_with(format!("until {}", facts.not_after));
        }
        evidence(format!("valid until {}", facts.not_after)).fail()
    })
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, NOW, World};
    use crate::rule::scope::FileKind::SiteServer;

    pub(super) fn all() -> Vec<Case> {
        let valid = |from: Duration, to: Duration| {
            World::file(SiteServer, &Recipe::site_signing("PRI").valid(NOW.0 + from, NOW.0 + to))
        };
        let year = Duration::days(365);
        vec![
            Case::passes("10 days and a second", valid(-year, Duration::days(10) + Duration::SECOND)),
            Case::fails("10 days to the second", valid(-year, Duration::days(10)), "valid until"),
            Case::fails("ended", valid(-year, -Duration::SECOND), "valid until"),
            Case::fails("not begun", valid(Duration::SECOND, year), "valid from"),
            Case::unknown(
                "no certificate in the file",
                World::file(SiteServer, &Recipe::site_signing("PRI")).file_facts(|file| file.certificate = None),
            ),
        ]
    }
}
