//! The site server signing certificate: a file, or what a management point hands out.

pub mod not_on_secondary;
pub mod same_root;
pub mod site_code;
pub mod subject_text;

use crate::rule::scope::Scope;
use crate::rule::usage::Use;

/// Site server signing certificates in files.
pub const SIGNING_FILES: Scope = Scope::files(&[Use::SiteServer], "site server signing certificates");
