//! What every check may consult beside its subject: the site, whom it trusts, the time, the thresholds. All of it is
//! handed in, so that a check depends on no file, no clock and no engine.

use serde::{Deserialize, Serialize};

use super::lists::store::CrlStore;
use super::store::TrustStore;
use crate::site::Site;
use crate::wire::timestamp::Timestamp;

/// What every check may consult.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The site as defined.
    pub site: &'a Site,
    /// The certificates its parties trust.
    pub trust: &'a TrustStore,
    /// The time as of which is judged.
    pub now: Timestamp,
    /// Days before its end at which a certificate is warned about.
    pub warn_days: u32,
    /// How revocation is judged.
    pub revocation: RevocationMode,
    /// The revocation lists seen so far.
    pub crls: &'a CrlStore,
}

/// How revocation is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationMode {
    /// A list that cannot be had counts as revoked: what clients and IIS do.
    #[default]
    Hard,
    /// A list that cannot be had is a warning.
    Soft,
    /// Not judged.
    Off,
}
