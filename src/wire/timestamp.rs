//! Points in time, as observations and certificates carry them.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point in time, UTC, written as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(#[serde(with = "time::serde::rfc3339")] pub OffsetDateTime);

impl Timestamp {
    /// Seconds since 1970; before that, negative.
    pub fn unix(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// Without what is less than a millisecond.
    #[must_use]
    pub fn to_the_millisecond(self) -> Self {
        Self(self.0.replace_millisecond(self.0.millisecond()).unwrap_or(self.0))
    }

    /// Whole days from `self` to `later`, negative where `later` is earlier; rounded down.
    pub fn days_until(self, later: Self) -> i64 {
        (later.0 - self.0).whole_seconds().div_euclid(86_400)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339, to the second: what people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.0.to_offset(time::UtcOffset::UTC);
        let utc = utc.replace_nanosecond(0).unwrap_or(utc);
        match utc.format(&Rfc3339) {
            Ok(text) => f.write_str(&text),
            Err(_) => write!(f, "{}", self.0.unix_timestamp()),
        }
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(at: OffsetDateTime) -> Self {
        Self(at.to_offset(time::UtcOffset::UTC))
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}
