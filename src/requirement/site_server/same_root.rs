//! `site-server/same-root`

use super::SIGNING_FILES;
use crate::certificate::Facts;
use crate::requirement::quality::leads_to_root::to_blame;
use crate::rule::credential::Credential;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::trust::path::Why;
use crate::trust::path::fault::Break;
use crate::verdict::Verdict;
use crate::verdict::cause::{Cause, catalogue as cause};
use crate::verdict::severity::{Severity, SeverityByProfile};

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
        check: Check::OfUse(Use::SiteServer, judge),
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    if of.roots().is_empty() {
        return Verdict::unknown("no root of the site is given", "[trust] roots in the definition, or --ca-file");
    }
    match of.paths().best() {
        Ok(path) => Verdict::pass_with(path.root.subject_text()),
        Err(none) => match &none.why {
            Why::Undecided(unknown) => Verdict::Unknown(unknown.clone()),
            Why::Broken(broken) => match broken.undecided_in_file(of.basis.crls) {
                Some(unknown) => Verdict::Unknown(unknown),
                None => {
                    let cause = because(broken);
                    let evidence = of
                        .evidence("The signing certificate does not come from the site's root.")
                        .expected_all(of.roots().iter().map(|root| root.subject_text().to_owned()))
                        .observed(broken.to_string())
                        .because(cause);
                    match to_blame(of, broken) {
                        Some(culprit) => evidence.culprit(culprit),
                        None => evidence,
                    }
                    .fail()
                }
            },
        },
    }
}

/// What brings it about: another hierarchy, or what breaks the path within this one.
fn because(broken: &Break) -> &'static Cause {
    match broken.cause_id() {
        "self-signed-bound" => &cause::FOREIGN_HIERARCHY,
        id => cause::find(id).unwrap_or(&cause::FOREIGN_HIERARCHY),
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
