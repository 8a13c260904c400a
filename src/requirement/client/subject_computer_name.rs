//! `client/subject-computer-name`

use super::by_subject::{BySubject, by_subject};
use super::{CLIENT_FILES, identity};
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// A client's certificate that has a Subject has the computer's name in it, or what the site tells its clients to look
    /// for instead (`[site.selection]` in the definition).
    ///
    /// Who is hurt: computers with several certificates for Client Authentication. By its Subject Configuration Manager
    /// chooses among them; where the computer's name stands in none, it chooses another certificate, or none.
    ///
    /// How it is seen: in the certificate's file. What the computer is called is taken from the first Subject Alternative
    /// Name. With an empty Subject the alternative names are looked at, and this does not apply.
    SUBJECT_COMPUTER_NAME {
        id: "client/subject-computer-name",
        title: "The client's Subject holds the computer's name, or what the site selects by",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::PLAN, place: "client certificate selection: the Subject contains the computer's name" },
        scope: CLIENT_FILES.only_in(Profile::CurrentBranch),
        evidence: &[EvidenceSource::Definition, EvidenceSource::File],
        remedy: "Let the template build the Subject from the computer's name in Active Directory, or write the site's own criteria into [site.selection].",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|facts| match by_subject(subject.basis.site, facts) {
        BySubject::Holds(words) => Verdict::pass_with(words),
        BySubject::Lacks(expected) => {
            let found = match facts.subject.text.as_str() {
                "" => "an empty Subject",
                text => text,
            };
            let evidence = Evidence::new("The certificate's Subject is not one this site's clients choose by.")
                .expected(expected)
                .observed(found)
                .because(&cause::SUBJECT_COMPUTER_NAME);
            match identity(facts) {
                Some(name) if subject.basis.site.selection.is_none() => evidence.observed(name).fail(),
                Some(_) | None => evidence.fail(),
            }
        }
        BySubject::Empty => Verdict::NotApplicable("the Subject is empty, and the alternative names decide"),
        BySubject::NoComputerName => Verdict::unknown(
            "no alternative name says what the computer is called",
            "a certificate with the computer's DNS name as its alternative name",
        ),
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::Client;
    use crate::site::Selection;

    pub(super) fn all() -> Vec<Case> {
        let file = |recipe: Recipe| World::file(Client, &recipe).current_branch();
        let client = || Recipe::client("ws01.corp.contoso.com");
        let contains = |text: &str| {
            let text = text.to_owned();
            move |world: World| world.site(|site| site.selection = Some(Selection::SubjectContains(text)))
        };
        let attribute = |name: &str, value: &str| {
            let wanted = vec![(name.to_owned(), value.to_owned())];
            move |world: World| world.site(|site| site.selection = Some(Selection::SubjectAttributes(wanted)))
        };
        vec![
            Case::passes("the DNS name", file(client().dns(&["WS01.corp.contoso.com"]))),
            Case::passes("the computer's name alone", file(client().cn("WS01").dns(&["ws01.corp.contoso.com"]))),
            Case::fails(
                "another's",
                file(client().cn("ws02").dns(&["ws01.corp.contoso.com"])),
                "holds the computer's name, ws01",
            ),
            Case::fails("one letter less", file(client().cn("ws0").dns(&["ws01.corp.contoso.com"])), "CN=ws0"),
            Case::not_applicable("no Subject", file(client().no_cn().dns(&["ws01.corp.contoso.com"]))),
            Case::unknown("nothing says what it is called", file(client().no_san())),
            Case::passes(
                "the site's own text",
                contains("clients")(file(client().cn("Clients of Contoso").dns(&["ws01.corp.contoso.com"]))),
            ),
            Case::fails("not the site's own text", contains("Clients")(file(client())), "[site.selection]"),
            Case::passes("the site's own attribute", attribute("cn", "WS01.corp.contoso.com")(file(client()))),
            Case::fails("another value of it", attribute("CN", "WS01")(file(client())), "CN=WS01"),
            Case::fails("another attribute", attribute("OU", "Clients")(file(client())), "OU=Clients"),
            Case::not_applicable("a site of 2007", World::file(Client, &client().cn("ws02"))),
        ]
    }
}
