//! `site-server/subject-text`

use super::SIGNING_FILES;
use crate::certificate::Facts;
use crate::rule::credential::Credential;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::wire::counted::counted;
use crate::wire::text::pointed_at;

/// The sentence, up to the site code.
pub(super) const TEXT: &str = "The site code of this site server is ";
/// How many characters a site code has.
const CODE: usize = 3;

requirement! {
    /// The Subject of the signing certificate contains the sentence `The site code of this site server is XXX`: in
    /// English whatever the server's language, in this case, with the three characters of the site code at its end and no
    /// period after them.
    ///
    /// Who is hurt: the whole site: Setup and the site mode's properties do not find the certificate, and clients do
    /// not accept policies it signed.
    ///
    /// How it is seen: the sentence is looked for in the Subject's common names (and in the whole Subject). Where
    /// it almost stands, the first character that differs is pointed at.
    SUBJECT_TEXT {
        id: "site-server/subject-text",
        title: "The signing certificate's Subject is the prescribed sentence",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Primary site server, Subject Name and its note" },
        scope: SIGNING_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Request the certificate again with the Subject \u{201c}CN=The site code of this site server is XXX\u{201d}, XXX being the site code as the console shows it; the template must let the request supply the Subject.",
        check: Check::OfUse(Use::SiteServer, judge),
    }
}

/// What follows the sentence in the Subject, and the value it stands in: the site code where all is right.
pub(super) fn after_sentence(signing: &Facts) -> Option<(&str, &str)> {
    values(signing).find_map(|value| value.split_once(TEXT).map(|(_, rest)| (value, rest)))
}

fn values(signing: &Facts) -> impl Iterator<Item = &str> {
    let names = signing.subject.common_names.iter().map(|cn| cn.text.as_str());
    names.chain(std::iter::once(signing.subject.text.as_str()))
}

/// Whether the Subject contains the sentence, with three characters at its end and nothing after them.
fn judge(of: &Credential<'_>, signing: &Facts) -> Verdict {
    let expected = format!("{TEXT}{}", of.basis.site.code.as_deref().unwrap_or("XXX"));
    let evidence = |observed: &str| {
        of.evidence("The Subject is not the prescribed sentence.")
            .expected(expected.clone())
            .observed(observed)
            .because(&cause::SIGNING_SUBJECT_WRONG)
    };
    if let Some((value, code)) = after_sentence(signing) {
        let length = code.chars().count();
        if length == CODE && code.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Verdict::pass_with(value);
        }
        let at = TEXT.chars().count() + length.min(CODE) + 1;
        return match code.chars().nth(CODE) {
            Some('.') => {
                evidence(value).cause(format!("Character {at} is a period: nothing may follow the site code."))
            }
            Some(extra) => evidence(value).cause(format!(
                "Character {at} is {}: nothing may follow the three characters of the site code.",
                pointed_at(extra)
            )),
            None => evidence(value).cause(format!(
                "A site code has three characters; here there are {length}, or others than letters and digits."
            )),
        }
        .fail();
    }
    let observed = values(signing).next().unwrap_or_default();
    if observed.is_empty() {
        return evidence("an empty Subject")
            .cause("The template builds the Subject from Active Directory instead of taking it from the request.")
            .fail();
    }
    evidence(observed).cause(first_difference(observed)).fail()
}

/// Points at the first character in which a text leaves the sentence.
fn first_difference(observed: &str) -> String {
    let mut pairs = observed.chars().zip(TEXT.chars()).enumerate();
    match pairs.find(|(_, (seen, wanted))| seen != wanted) {
        Some((at, (seen, wanted))) => {
            let case = seen.eq_ignore_ascii_case(&wanted);
            format!(
                "Character {} is {} where {} belongs{}.",
                at + 1,
                pointed_at(seen),
                pointed_at(wanted),
                if case { ": the case must be the same" } else { "" }
            )
        }
        None => format!("The sentence ends after {}.", counted(observed.chars().count(), "character")),
    }
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::SiteServer;

    pub(super) fn all() -> Vec<Case> {
        let with = |cn: &str| World::file(SiteServer, &Recipe::site_signing("PRI").no_cn().cn(cn));
        vec![
            Case::passes("the sentence", World::file(SiteServer, &Recipe::site_signing("PRI"))),
            Case::passes("another code is another row", with("The site code of this site server is XYZ")),
            Case::fails("a period", with("The site code of this site server is PRI."), "Character 41 is a period"),
            Case::fails(
                "another case",
                with("The Site code of this site server is PRI"),
                "Character 5 is \u{201c}S\u{201d} where \u{201c}s\u{201d} belongs: the case",
            ),
            Case::fails("another language", with("Der Standortcode lautet PRI"), "Character 1"),
            Case::fails(
                "a blank that is none",
                with("The site code of this site server is\u{a0}PRI"),
                "Character 37 is a character nobody sees (U+00A0) where a blank belongs",
            ),
            Case::fails(
                "a letter of another alphabet",
                with("\u{422}he site code of this site server is PRI"),
                "(U+0422) where \u{201c}T\u{201d} belongs",
            ),
            Case::fails(
                "a blank at the end",
                with("The site code of this site server is PRI "),
                "Character 41 is a blank",
            ),
            Case::fails("no code", with("The site code of this site server is "), "three characters"),
            Case::fails("four characters", with("The site code of this site server is PRIM"), "Character 41"),
            Case::fails("cut short", with("The site code of"), "ends after 16 characters"),
            Case::unknown(
                "no certificate in the file",
                World::file(SiteServer, &Recipe::site_signing("PRI")).file_facts(|file| file.certificate = None),
            ),
            Case::not_applicable("Current Branch makes its own", with("Site Server").current_branch()),
        ]
    }
}
