//! `client/leads-to-root`

use super::PRESENTED_TO_SERVERS;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::path::search::{Purpose, Search};
use crate::trust::path::{Paths, Why};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A client computer's certificate leads to one of the roots the site takes client certificates from.
    ///
    /// Who is hurt: the client: the server does not trust its certificate and answers 403.16, or sends a list of
    /// authorities the client has no certificate of.
    ///
    /// How it is seen: a certification path from the certificate, over the other certificates in its file and the
    /// definition's intermediates, to `client_roots` (by default the same as `roots`).
    LEADS_TO_ROOT {
        id: "client/leads-to-root",
        title: "The client's certificate leads to a client root of the site",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Client computers" },
        scope: PRESENTED_TO_SERVERS,
        evidence: &[EvidenceSource::File],
        remedy: "Import the client's root authority into the servers' Trusted Root store and name it in the definition's client_roots, or enrol the client with the site's authority.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    let Some(certificate) = &subject.file.certificate else {
        return subject.judge(|_| Verdict::pass());
    };
    let trust = subject.basis.trust;
    if trust.client_roots.is_empty() {
        return Verdict::unknown(
            "no root of client certificates is given",
            "[trust] client_roots or roots, or --ca-file",
        );
    }
    let (others, now) = (&subject.file.others, subject.basis.now);
    let search = Search::new(certificate, others, trust, &trust.client_roots, Purpose::ClientAuthentication, now);
    match Paths::find(&search).best() {
        Ok(path) => Verdict::pass_with(path.words()),
        Err(none) => match &none.why {
            Why::Undecided(unknown) => Verdict::Unknown(unknown.clone()),
            Why::Broken(broken) => match broken.undecided_in_file() {
                Some(unknown) => Verdict::Unknown(unknown),
                None => Evidence::new("The client's certificate leads to no client root of the site.")
                    .expected_all(trust.client_roots.iter().map(|root| root.subject_text().to_owned()))
                    .observed(broken.to_string())
                    .cause("It comes from another authority, or a certificate of its path is another than it seems.")
                    .fail(),
            },
        },
    }
}

#[cfg(test)]
mod cases {
    use std::sync::Arc;

    use crate::certificate::Certificate;
    use crate::lab::pki::{Minted, Pki, Recipe};
    use crate::requirement::case::{Case, World};
    use crate::rule::scope::FileKind::Client;
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        let own = || World::file(Client, &Recipe::client("ws01"));
        let foreign = Pki::stranger().and_then(|pki| pki.issue(&Recipe::client("ws01"))).expect("a foreign client");
        let above: Vec<_> =
            foreign.issuers.iter().map(|der| Arc::new(Certificate::read(&Der::from(der.as_slice())))).collect();
        let alone = Minted::self_signed(&Recipe::client("ws01")).expect("a recipe that can be minted");
        vec![
            Case::passes("the site's", own()),
            Case::fails(
                "a foreign one, with all above it",
                World::file_of(Client, &foreign).file_facts(|file| file.others = above),
                "Fabrikam",
            ),
            Case::unknown("issued by nobody at hand", World::file_of(Client, &foreign)),
            Case::fails("self-signed", World::file_of(Client, &alone), "ws01"),
            Case::unknown("no roots given", {
                let mut world = own();
                world.roots.clear();
                world
            }),
        ]
    }
}
