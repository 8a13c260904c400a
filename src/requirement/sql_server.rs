//! The site database server's certificate, which is met in files alone.

pub mod name;
pub mod term;

use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::site::profile::Profile;

/// Site database servers' certificates in files.
pub const SQL_FILES: Scope =
    Scope::files(&[Use::SqlServer], "site database servers' certificates").only_in(Profile::CurrentBranch);
