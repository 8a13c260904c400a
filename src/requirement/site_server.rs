//! The site server signing certificate: a file, or what a management point hands out.

pub mod document_signing_eku;
pub mod expiry;
pub mod key_length;
pub mod not_on_secondary;
pub mod same_root;
pub mod site_code;
pub mod subject_text;

use crate::certificate::Facts;
use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::trust::basis::Basis;
use crate::verdict::Verdict;

/// Site server signing certificates in files.
pub const SIGNING_FILES: Scope = Scope::files(&[Use::SiteServer], "site server signing certificates");

/// The first thing native mode demands of this site's signing certificate that this one lacks; else a pass.
pub fn judge_all(basis: &Basis<'_>, signing: &Facts) -> Verdict {
    match judge_all_but_code(signing) {
        Verdict::Pass(observed) => match site_code::judge(basis, signing) {
            Verdict::Pass(_) => Verdict::Pass(observed),
            otherwise => otherwise,
        },
        otherwise => otherwise,
    }
}

/// The same for the signing certificate of any site.
pub fn judge_all_but_code(signing: &Facts) -> Verdict {
    let sentence = subject_text::judge(signing);
    let verdicts = [document_signing_eku::judge(signing), sentence.clone(), key_length::judge(signing)];
    verdicts.into_iter().find(|verdict| !matches!(verdict, Verdict::Pass(_))).unwrap_or(sentence)
}
