//! `client/expiry`

use super::PRESENTED_TO_SERVERS;
use crate::requirement::web_server::expiry::ends_later;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A client computer's certificate, and a bridging proxy's separate one for its inner leg, has more than the warning
    /// threshold left (30 days, or --warn-days).
    ///
    /// Who is hurt: the client, when it ends: the server answers 403.17.
    ///
    /// How it is seen: the dates in the certificate's file; judged only while they hold.
    EXPIRY {
        id: "client/expiry",
        title: "The client's certificate has time left",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::CRNM, place: "Client computers" },
        scope: PRESENTED_TO_SERVERS,
        evidence: &[EvidenceSource::File],
        remedy: "Let the computer renew its certificate (autoenrollment).",
        check: Check::File(|subject: &FileSubject<'_>| subject.judge(|facts| ends_later(facts, subject.basis))),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, NOW, World};
    use crate::rule::scope::FileKind::{Client, Proxy};

    pub(super) fn all() -> Vec<Case> {
        let file =
            |kind, left| World::file(kind, &Recipe::client("ws01").valid(NOW.0 - Duration::days(365), NOW.0 + left));
        let of = |left| file(Client, left);
        let threshold = Duration::days(30);
        vec![
            Case::passes("30 days and a second", of(threshold + Duration::SECOND)),
            Case::fails("30 days to the second", of(threshold), "2026-07-01"),
            Case::fails("a proxy's for its inner leg", file(Proxy, threshold), "2026-07-01"),
            Case::not_applicable("ended already", of(-Duration::SECOND)),
        ]
    }
}
