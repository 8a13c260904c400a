//! Certificates for operating system deployment, in PKCS #12 files.

pub mod name;
pub mod root_specified;

use crate::rule::scope::Scope;
use crate::rule::usage::Use;

/// Deployment certificates in files.
pub const DEPLOYMENT_FILES: Scope = Scope::files(&[Use::Deployment], "certificates for operating system deployment");
