//! A revocation list that was asked for, as documents have it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::observation::resolution::Sought;
use crate::observation::timing::Milliseconds;
use crate::trust::lists::store::Fetched;
use crate::wire::timestamp::Timestamp;

/// A revocation list asked for at a URL from a vantage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListReport {
    /// Where it was asked for.
    pub url: String,
    /// From where.
    pub vantage: String,
    /// `success`, or what came instead: a failure's name as in `probe_status`, or `not-a-list`.
    pub outcome: Cow<'static, str>,
    /// Why there is no list; `null`: there is one.
    pub detail: Option<String>,
    /// Whose list it is; `null`: there is none.
    pub issuer: Option<String>,
    /// Whether it only says what changed since a complete list.
    pub delta: Option<bool>,
    /// When it was issued.
    pub this_update: Option<Timestamp>,
    /// By when the next one will have been issued; `null`: it does not say, or there is none.
    pub next_update: Option<Timestamp>,
    /// How many octets were sent.
    pub octets: usize,
    /// How long it took, in milliseconds.
    pub took_ms: Option<Milliseconds>,
}

impl ListReport {
    /// What came of asking for a list; `None`: something else was asked for.
    pub fn of(vantage: &str, url: &str, fetched: &Fetched) -> Option<Self> {
        if fetched.sought != Sought::List {
            return None;
        }
        let mut report = Self {
            url: url.to_owned(),
            vantage: vantage.to_owned(),
            outcome: "not-a-list".into(),
            detail: None,
            issuer: None,
            delta: None,
            this_update: None,
            next_update: None,
            octets: usize::try_from(fetched.octets).unwrap_or(usize::MAX),
            took_ms: fetched.took,
        };
        match (&fetched.content, &fetched.failure) {
            (Some(Ok(known)), _) => {
                report.outcome = "success".into();
                report.issuer = Some(known.list.issuer.text.clone());
                report.delta = Some(known.list.is_delta());
                report.this_update = Some(known.list.this_update);
                report.next_update = known.list.next_update;
            }
            (Some(Err(instead)), _) => report.detail = Some(instead.to_string()),
            (None, Some(failure)) => {
                report.outcome = failure.stop.probe_status().into();
                report.detail = Some(failure.detail.clone());
            }
            (None, None) => report.detail = Some("nothing was sent".to_owned()),
        }
        Some(report)
    }

    /// Whether a list was had.
    pub fn is_list(&self) -> bool {
        self.this_update.is_some()
    }
}
