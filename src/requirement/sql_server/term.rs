//! `sql-server/term`

use time::Duration;

use super::SQL_FILES;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// The certificate of a database on a cluster is valid for two years at least.
    ///
    /// Who is hurt: whoever renews it: on every node it has to be installed anew by hand, with its key, and the day one is
    /// forgotten the site stands still after a failover.
    ///
    /// How it is seen: from its first day to its last, where `--cluster` says that a cluster presents it.
    TERM {
        id: "sql-server/term",
        title: "A SQL Server cluster's certificate is valid for two years at least",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::CB, place: "Site systems that run Microsoft SQL Server, clusters: a validity of at least two years" },
        scope: SQL_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Issue the cluster's certificate from a template with a validity of two years or more.",
        check: Check::File(check),
    }
}

/// Two years, neither of them a leap year.
const TWO_YEARS: Duration = Duration::days(2 * 365);

fn check(subject: &FileSubject<'_>) -> Verdict {
    if !subject.is_clusters {
        return Verdict::NotApplicable("nothing says that a cluster presents it");
    }
    subject.judge(|facts| {
        let term = facts.not_after.0 - facts.not_before.0;
        let days = counted(usize::try_from(term.whole_days()).unwrap_or_default(), "day");
        if term >= TWO_YEARS {
            return Verdict::pass_with(days);
        }
        Evidence::new("The cluster's certificate is valid for less than two years.")
            .expected("two years at least")
            .observed(days)
            .because(&cause::TERM)
            .fail()
    })
}

#[cfg(test)]
mod cases {
    use time::macros::datetime;

    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::SqlServer;

    pub(super) fn all() -> Vec<Case> {
        let until = |end| World::of(SqlServer, move |r| r.valid(datetime!(2026-01-01 0:00 UTC), end));
        vec![
            Case::passes("two years", until(datetime!(2028-01-01 0:00 UTC)).of_cluster()),
            Case::fails("a day less", until(datetime!(2027-12-31 0:00 UTC)).of_cluster(), "729 days"),
            Case::not_applicable("one server's", until(datetime!(2027-01-01 0:00 UTC))),
        ]
    }
}
