//! Dates of certificates held against a moment.

use crate::certificate::Facts;
use crate::wire::timestamp::Timestamp;

/// Whether a moment lies within a certificate's dates, both ends included, to the second.
pub fn is_within_dates(facts: &Facts, now: Timestamp) -> bool {
    facts.not_before <= now && !has_ended(facts, now)
}

/// Whether a certificate's last second is over.
pub fn has_ended(facts: &Facts, now: Timestamp) -> bool {
    facts.not_after.unix() < now.unix()
}

/// A span of time in its largest whole unit.
pub fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        86_400.. => (seconds / 86_400, "day"),
        3_600.. => (seconds / 3_600, "hour"),
        60.. => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
