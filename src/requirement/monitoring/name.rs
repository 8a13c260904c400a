//! `monitoring/name`

use crate::requirement::client::unique_name;
use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// A monitoring certificate has a value in its Subject Name or its Subject Alternative Name, and no other site system's
    /// has the same.
    ///
    /// Who is hurt: whoever watches the site: the site system's own IIS takes no client without a name, and the site says of
    /// a management point that works that it does not (mpcontrol.log).
    ///
    /// How it is seen: the value a client is known by (the first Subject Alternative Name, else the Subject) in every
    /// monitoring certificate's file given, side by side. One file alone shows only that there is a value.
    NAME {
        id: "monitoring/name",
        title: "The monitoring certificate has a name of its own",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Site system monitoring, Subject Name or Subject Alternative Name" },
            Citation { document: &document::CB, place: "Site system monitoring: management points and state migration points" },
        ),
        scope: Scope::files(&[Use::Monitoring], "monitoring certificates"),
        evidence: &[EvidenceSource::File],
        remedy: "Let each management point and state migration point enrol for itself, from a template that takes the name from Active Directory.",
        check: Check::File(unique_name::check),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::Monitoring;

    pub(super) fn all() -> Vec<Case> {
        let own = || World::file(Monitoring, &Recipe::client("mp01.corp.contoso.com"));
        let beside = |name: &str| own().beside_file("other.cer", &World::file(Monitoring, &Recipe::client(name)));
        vec![
            Case::passes("alone", own()),
            Case::passes("beside another's", beside("smp01.corp.contoso.com")),
            Case::fails("one for two", beside("MP01.corp.contoso.com"), "also in other.cer"),
            Case::fails("no name", World::file(Monitoring, &Recipe::client("x").no_cn().no_san()), "an empty Subject"),
            Case::unknown("no certificate in the file", own().file_facts(|file| file.certificate = None)),
        ]
    }
}
