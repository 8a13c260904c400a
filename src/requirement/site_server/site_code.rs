//! `site-server/site-code`

use super::SIGNING_FILES;
use super::subject_text::after_sentence;
use crate::certificate::Facts;
use crate::rule::credential::Credential;
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::SiteKind;
use crate::site::profile::Profile;
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};

requirement! {
    /// The site code at the end of the prescribed sentence is this site's, in the case the console shows it.
    ///
    /// Who is hurt: the whole site: the certificate is for another site, or its code is written in another case, and
    /// the site server does not take it for its own.
    ///
    /// How it is seen: the characters after the sentence, against `code` in the definition's `[site]` table. Where the
    /// sentence itself is wrong, site-server/subject-text says so and this cannot be decided.
    SITE_CODE {
        id: "site-server/site-code",
        title: "The signing certificate names this site's code",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRNM, place: "Primary site server, note on the Subject Name" },
        scope: SIGNING_FILES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::File],
        remedy: "Request the certificate again with the site code exactly as the Configuration Manager console shows it.",
        check: Check::OfUse(Use::SiteServer, judge),
    }
}

/// Whether the code after the sentence is the site's.
fn judge(of: &Credential<'_>, signing: &Facts) -> Verdict {
    if of.endpoint().is_some() && of.basis.site.kind == SiteKind::Secondary {
        return Verdict::NotApplicable("a secondary site hands out its primary site's certificate");
    }
    if of.endpoint().is_some() && of.basis.site.code.is_none() {
        return Verdict::NotApplicable("nobody said which site it is: --site-code");
    }
    let Some(code) = &of.basis.site.code else {
        return Verdict::unknown("the site code is not known", "`code` in the definition, or --site-code");
    };
    let Some((_, rest)) = after_sentence(signing) else {
        return Verdict::unknown(
            "the Subject is not the prescribed sentence",
            "a Subject as site-server/subject-text demands",
        );
    };
    let named: String = rest.chars().take(3).collect();
    if named == *code {
        return Verdict::pass_with(named);
    }
    let words = if named.eq_ignore_ascii_case(code) {
        "The code is right, and its case is not."
    } else {
        "The certificate was made for another site."
    };
    of.evidence("The signing certificate names another site code.")
        .expected(code.as_str())
        .observed(named)
        .because(&cause::SITE_CODE_WRONG)
        .cause(words)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Recipe;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use::SiteServer;

    pub(super) fn all() -> Vec<Case> {
        let of = |code: &str| World::file(SiteServer, &Recipe::site_signing(code));
        vec![
            Case::passes("the site's", of("PRI")),
            Case::fails("another case", of("Pri"), "its case is not"),
            Case::fails("another site's", of("SEC"), "another site"),
            Case::unknown("no site code known", of("PRI").site(|site| site.code = None)),
            Case::unknown("no sentence", World::file(SiteServer, &Recipe::site_signing("PRI").no_cn().cn("PRI"))),
            Case::not_applicable("Current Branch makes its own", of("SEC").current_branch()),
        ]
    }
}
