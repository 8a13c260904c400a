//! `site-server/same-root`

use super::SIGNING_FILES;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::trust::path::search::{Purpose, Search};
use crate::trust::path::{Paths, Why};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The signing certificate has the same root as the web server certificates. It is no must: clients accept a renewed
    /// signing certificate more smoothly when it comes from a root they already know it by.
    ///
    /// Who is hurt: clients at the time of a renewal: one from another root has to be brought to them first.
    ///
    /// How it is seen: a certification path from the signing certificate to one of the definition's roots.
    SAME_ROOT {
        id: "site-server/same-root",
        title: "The signing certificate comes from the site's root",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::RENEW, place: "Renewing under the same root" },
        scope: SIGNING_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Enrol the signing certificate with the authority that issues the web server certificates.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    let Some(certificate) = &subject.file.certificate else {
        return subject.judge(|_| Verdict::pass());
    };
    if subject.basis.trust.roots.is_empty() {
        return Verdict::unknown("no root of the site is given", "[trust] roots in the definition, or --ca-file");
    }
    let (store, now) = (subject.basis.trust, subject.basis.now);
    let search = Search::new(certificate, &subject.file.others, store, &store.roots, Purpose::DocumentSigning, now);
    match Paths::find(&search).best() {
        Ok(path) => Verdict::pass_with(path.root.subject_text()),
        Err(none) => match &none.why {
            Why::Undecided(unknown) => Verdict::Unknown(unknown.clone()),
            Why::Broken(broken) => match broken.undecided_in_file() {
                Some(unknown) => Verdict::Unknown(unknown),
                None => Evidence::new("The signing certificate does not come from the site's root.")
                    .expected_all(subject.basis.trust.roots.iter().map(|root| root.subject_text().to_owned()))
                    .observed(broken.to_string())
                    .cause("It comes from another authority, or a certificate of its path is another than it seems.")
                    .fail(),
            },
        },
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Minted, Recipe};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::SiteServer;

    pub(super) fn all() -> Vec<Case> {
        let own = || World::file(SiteServer, &Recipe::site_signing("PRI"));
        let alone = Minted::self_signed(&Recipe::site_signing("PRI")).expect("a recipe that can be minted");
        vec![
            Case::passes("the site's", own()),
            Case::fails("self-signed", World::file_of(SiteServer, &alone), "self-signed"),
            Case::unknown("issued by nobody at hand", own().knowing(&[])),
            Case::unknown("no roots given", {
                let mut world = own();
                world.roots.clear();
                world
            }),
            Case::not_applicable("Current Branch makes its own", own().current_branch()),
        ]
    }
}
