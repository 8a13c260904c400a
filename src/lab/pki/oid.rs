//! Object identifiers recipes name: purposes, extensions, policies. Dotted, as documents write them.

/// Server Authentication.
pub const SERVER_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.1";
/// Client Authentication.
pub const CLIENT_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.2";
/// Code Signing.
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// Secure Email.
pub const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
/// OCSP Signing: what a responder's own certificate must carry.
pub const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
/// Document Signing, Microsoft's: what native mode wants of the site server.
pub const DOCUMENT_SIGNING: &str = "1.3.6.1.4.1.311.10.3.12";
/// Encrypting File System, Microsoft's.
pub const ENCRYPTING_FILE_SYSTEM: &str = "1.3.6.1.4.1.311.10.3.4";
/// anyExtendedKeyUsage.
pub const ANY_PURPOSE: &str = "2.5.29.37.0";

/// Subject Alternative Name, for [`Recipe::extension`](super::Recipe::extension).
pub const SUBJECT_ALTERNATIVE_NAME: &str = "2.5.29.17";
/// Extended Key Usage.
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
/// Microsoft's Application Policies.
pub const APPLICATION_POLICIES: &str = "1.3.6.1.4.1.311.21.10";
/// Microsoft's certificate template of version 2 and later.
pub const CERTIFICATE_TEMPLATE: &str = "1.3.6.1.4.1.311.21.7";
/// Microsoft's certificate template of version 1, by name.
pub const CERTIFICATE_TEMPLATE_NAME: &str = "1.3.6.1.4.1.311.20.2";

pub(super) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub(super) const KEY_USAGE: &str = "2.5.29.15";
pub(super) const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
pub(super) const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
pub(super) const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
pub(super) const FRESHEST_CRL: &str = "2.5.29.46";
pub(super) const AUTHORITY_INFORMATION: &str = "1.3.6.1.5.5.7.1.1";
pub(super) const OCSP: &str = "1.3.6.1.5.5.7.48.1";
pub(super) const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
pub(super) const POLICY_MAPPINGS: &str = "2.5.29.33";
pub(super) const POLICY_CONSTRAINTS: &str = "2.5.29.36";
pub(super) const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
pub(super) const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub(super) const CERTIFICATE_POLICIES: &str = "2.5.29.32";
pub(super) const CA_VERSION: &str = "1.3.6.1.4.1.311.21.1";
pub(super) const USER_PRINCIPAL_NAME: &str = "1.3.6.1.4.1.311.20.2.3";
pub(super) const CRL_NUMBER: &str = "2.5.29.20";
pub(super) const DELTA_CRL_INDICATOR: &str = "2.5.29.27";
pub(super) const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
pub(super) const REASON_CODE: &str = "2.5.29.21";
pub(super) const CERTIFICATE_ISSUER: &str = "2.5.29.29";
pub(super) const NEXT_CRL_PUBLISH: &str = "1.3.6.1.4.1.311.21.4";
