//! `management-point/profile`

use super::answers::{management_points, profile_of, release_of};
use super::{MANAGEMENT_POINTS, answered};
use crate::plan::OfferLabel;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The build in the management point's list fits the profile the definition names: 5931 to 6487 is Configuration
    /// Manager 2007, 7xxx is 2012, 8xxx and 9xxx are Current Branch.
    ///
    /// Who is hurt: the reader of this report: with the wrong profile the wrong document is the law.
    ///
    /// How it is seen: the `Version` of every management point in the list.
    PROFILE {
        id: "management-point/profile",
        title: "The release fits the profile",
        severity: SeverityByProfile::both(Severity::Notice),
        citations: ByProfile::each(
            Citation { document: &document::MPT, place: "Testing a management point with its MPLIST address" },
            Citation { document: &document::TOOL, place: "what a management point answers to ?MPLIST" },
        ),
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Set `profile` in the definition's [site] table to what the site is.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let answer = match answered(subject, OfferLabel::Client, "the management point's list")
        .or_else(|verdict| answered(subject, OfferLabel::Anonymous, "the management point's list").map_err(|_| verdict))
    {
        Ok(answer) => answer,
        Err(verdict) => return verdict,
    };
    let builds: Vec<u32> =
        management_points(&answer.body).unwrap_or_default().iter().filter_map(|one| one.version).collect();
    if builds.is_empty() {
        return Verdict::unknown("the list names no version", "a list of management points with their versions");
    }
    let profile = subject.basis.site.profile;
    let fits = |build: &u32| profile_of(*build) == Some(profile);
    let observed =
        |build: &u32| format!("{build} ({})", release_of(*build).unwrap_or("a release this program does not know"));
    if builds.iter().all(fits) {
        return Verdict::pass_with(observed(&builds[0]));
    }
    Evidence::new("The site's release is not that of the profile it is judged by.")
        .because(&causes::PROFILE_DIFFERS)
        .expected(profile.name())
        .observed_all(builds.iter().map(observed))
        .cause("The definition names the wrong profile, or the site was upgraded.")
        .fail()
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::Client;
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let of = |build: u32| {
            let list = format!(r#"<MPList><MP Name="MP01" FQDN="mp01"><Version>{build}</Version></MP></MPList>"#);
            World::web_server(|r| r).answering(Client, 200, &list)
        };
        vec![
            Case::passes("the first of 2007", of(5931)),
            Case::passes("the last of 2007", of(6487)),
            Case::fails("before 2007", of(5930), "does not know"),
            Case::fails("after 2007", of(6488), "does not know"),
            Case::fails("2012", of(7804), "2012"),
            Case::passes("Current Branch", of(9128).current_branch()),
            Case::fails("2007 under the other profile", of(6487).current_branch(), "2007"),
            Case::unknown(
                "no version",
                World::web_server(|r| r).answering(Client, 200, "<MPList><MP Name=\"A\"/></MPList>"),
            ),
            Case::unknown("not asked", World::web_server(|r| r)),
            Case::not_applicable("another role", of(6487).role(Role::DistributionPoint)),
        ]
    }
}
