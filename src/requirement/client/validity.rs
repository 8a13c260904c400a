//! `client/validity`

use super::PRESENTED_TO_SERVERS;
use crate::requirement::web_server::validity::within_dates;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A client computer's certificate is within its dates.
    ///
    /// Who is hurt: the client: the server answers 403.17.
    ///
    /// How it is seen: the dates in the certificate's file, as of the time of the run or of --at.
    VALIDITY {
        id: "client/validity",
        title: "The client's certificate is within its dates",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Client computers" },
        scope: PRESENTED_TO_SERVERS,
        evidence: &[EvidenceSource::File],
        remedy: "Let the computer renew its certificate (autoenrollment), and check its clock.",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(|facts| within_dates(facts, subject.basis.now))),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, NOW, World};
    use crate::rule::scope::FileKind::Client;

    pub(super) fn all() -> Vec<Case> {
        let of = |from, to| World::file(Client, &Recipe::client("ws01").valid(NOW.0 + from, NOW.0 + to));
        let year = Duration::days(365);
        vec![
            Case::passes("its last second", of(-year, Duration::ZERO)),
            Case::fails("a second later", of(-year, -Duration::SECOND), "2026-06-01"),
            Case::fails("not begun", of(Duration::SECOND, year), "2026-06-01"),
        ]
    }
}
