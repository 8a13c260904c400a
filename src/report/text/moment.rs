//! Points in time and spans for people: no fractions of seconds, and how far away in days.

use crate::wire::timestamp::Timestamp;

/// A day: `2026-12-09`.
pub(in crate::report) fn date(at: Timestamp) -> String {
    at.to_string().split('T').next().unwrap_or_default().to_owned()
}

/// A moment: `2026-12-09 12:00:00 UTC`.
pub(in crate::report) fn date_and_time(at: Timestamp) -> String {
    let text = at.to_string();
    match text.strip_suffix('Z').and_then(|text| text.split_once('T')) {
        Some((date, time)) => format!("{date} {time} UTC"),
        None => text,
    }
}

/// How long, for whole seconds.
pub(in crate::report) fn span(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// How far away an end is: `in 12 days`, `in 30 hours`, `3 days ago`.
pub(in crate::report) fn distance(from: Timestamp, to: Timestamp) -> String {
    const HOUR: i64 = 3_600;
    let seconds = to.unix() - from.unix();
    let (count, unit) = match seconds.abs() {
        near if near < 2 * 24 * HOUR => (near / HOUR, "hour"),
        far => (far / (24 * HOUR), "day"),
    };
    let many = if count == 1 { "" } else { "s" };
    match (seconds < 0, count) {
        (false, 0) => "within the hour".to_owned(),
        (true, 0) => "just now".to_owned(),
        (false, _) => format!("in {count} {unit}{many}"),
        (true, _) => format!("{count} {unit}{many} ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::{date, date_and_time, distance, span};
    use crate::wire::timestamp::Timestamp;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(serde_json::Value::from(text)).unwrap()
    }

    #[test]
    fn moments_have_no_fractions_and_ends_a_distance() {
        let now = at("2026-11-26T21:00:00.25Z");
        assert_eq!(date_and_time(now), "2026-11-26 21:00:00 UTC");
        assert_eq!(date(now), "2026-11-26");
        for (then, words) in [
            ("2026-12-09T12:00:00Z", "in 12 days"),
            ("2026-11-28T21:00:00Z", "in 2 days"),
            ("2026-11-28T20:59:59Z", "in 47 hours"),
            ("2026-11-26T22:30:00Z", "in 1 hour"),
            ("2026-11-26T21:30:00Z", "within the hour"),
            ("2026-11-26T20:59:00Z", "just now"),
            ("2026-11-23T20:00:00Z", "3 days ago"),
        ] {
            assert_eq!(distance(now, at(then)), words, "{then}");
        }
    }

    #[test]
    fn spans_are_told_by_their_two_greatest_units() {
        assert_eq!([3, 75, 4_000].map(span), ["3 s", "1 min 15 s", "1 h 6 min"]);
    }
}
