//! `session/clock`

use time::Duration;

use crate::observation::exchange::Answer;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;
use crate::wire::timestamp::Timestamp;

/// How far clocks may be apart: Kerberos's default.
const APART: Duration = Duration::minutes(5);

requirement! {
    /// The server's clock and the clock of the machine the probe runs on are at most five minutes apart.
    ///
    /// Who is hurt: whoever relies on dates: a server whose clock is wrong refuses client certificates as expired or not yet
    /// valid (403.17) and takes revocation lists for ended; and if it is this machine's clock that is wrong, every date in
    /// this report is held against the wrong day.
    ///
    /// How it is seen: the `Date` header of the server's HTTP answers beside this machine's clock at that moment, half the
    /// time the exchange took allowed on top. Where several servers differ from here by the same, it is this machine.
    CLOCK {
        id: "session/clock",
        title: "The server's clock is right",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "five minutes are what Kerberos allows by default" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Set the clock right, by the domain's time service (w32tm /query /status, w32tm /resync), on the server or on this machine, whichever is wrong.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let answers = subject.seen.observations.iter().filter_map(|seen| {
        let answer = seen.exchange.as_ref()?.answer.as_ref()?;
        Some((answer, seen.timing.exchange.map_or(0.0, |took| took.0)))
    });
    // What stands between may keep answers, and has a clock of its own.
    let own = answers.filter(|(answer, _)| !answer.is_passed_on());
    let nearest =
        own.filter_map(|(answer, took)| Some((difference(answer)?, took))).min_by_key(|(apart, _)| apart.abs());
    let Some((apart, took)) = nearest else {
        return Verdict::NotApplicable("no HTTP answer told the server's time");
    };
    let allowed = APART + Duration::seconds_f64(took / 2_000.0);
    if apart.abs() <= allowed {
        return Verdict::pass();
    }
    let (ahead, minutes) = (apart.is_positive(), apart.abs().whole_minutes());
    Evidence::new("The server's clock and this machine's are far apart.")
        .expected("five minutes apart at most")
        .observed(format!("the server's is {} {}", counted(minutes, "minute"), if ahead { "ahead" } else { "behind" }))
        .cause("The server's clock is wrong; or this machine's is, if other servers differ from it by the same.")
        .because(&causes::SERVER_CLOCK_WRONG)
        .fail()
}

/// How far the server's clock is ahead; negative: behind.
fn difference(answer: &Answer) -> Option<Duration> {
    let Timestamp(here) = answer.at?;
    let told = answer.date.as_deref().and_then(moment)?;
    Some(told - here)
}

/// An HTTP date (RFC 9110, 5.6.7): in the form every server of today writes, or in one of the two of old.
fn moment(text: &str) -> Option<time::OffsetDateTime> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let text = match words.as_slice() {
        // Sun, 06 Nov 1994 08:49:37 GMT
        [_, day, month, year, clock, "GMT"] => format!("{day} {month} {year} {clock} +0000"),
        // Sunday, 06-Nov-94 08:49:37 GMT
        [_, date, clock, "GMT"] => {
            let [day, month, year] = date.split('-').collect::<Vec<_>>().try_into().ok()?;
            let century = if year.parse::<u8>().ok()? < 70 { 20 } else { 19 };
            format!("{day} {month} {century}{year} {clock} +0000")
        }
        // Sun Nov  6 08:49:37 1994
        [_, month, day, clock, year] => format!("{day:0>2} {month} {year} {clock} +0000"),
        _ => return None,
    };
    time::OffsetDateTime::parse(&text, &time::format_description::well_known::Rfc2822).ok()
}

#[cfg(test)]
mod cases {
    use super::{APART, Duration, Timestamp};
    use crate::observation::timing::Milliseconds;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, NOW, World};

    pub(super) fn all() -> Vec<Case> {
        let told = |date: &'static str, behind: Duration, took: f64| {
            World::web_server(|r| r).answering(OfferLabel::Anonymous, 403, "").observations(move |seen| {
                seen.timing.exchange = Some(Milliseconds(took));
                if let Some(answer) = seen.exchange.as_mut().and_then(|exchange| exchange.answer.as_mut()) {
                    answer.date = Some(date.into());
                    answer.at = Some(Timestamp(NOW.0 + behind));
                }
            })
        };
        let now = "Mon, 01 Jun 2026 12:00:00 GMT";
        vec![
            Case::passes("the same", told(now, Duration::ZERO, 1.0)),
            Case::passes("five minutes behind", told(now, APART, 0.0)),
            Case::fails("more", told(now, APART + Duration::SECOND, 0.0), "5 minutes behind"),
            Case::passes("more, half the exchange allowed", told(now, APART + Duration::SECOND, 2_000.0)),
            Case::passes("in the form of RFC 850", told("Monday, 01-Jun-26 12:00:00 GMT", Duration::ZERO, 1.0)),
            Case::fails(
                "more, in that form",
                told("Monday, 01-Jun-26 13:00:00 GMT", Duration::ZERO, 0.0),
                "60 minutes ahead",
            ),
            Case::fails("as C writes dates", told("Mon Jun  1 13:00:00 2026", Duration::ZERO, 0.0), "60 minutes ahead"),
            Case::not_applicable("in no time zone", told("Mon, 01 Jun 2026 12:00:00", Duration::ZERO, 0.0)),
            Case::fails("ahead", told(now, -Duration::hours(1), 0.0), "60 minutes ahead"),
            Case::not_applicable("no date", World::web_server(|r| r).answering(OfferLabel::Anonymous, 403, "")),
            Case::not_applicable("not a date", told("yesterday", Duration::ZERO, 0.0)),
            Case::not_applicable("no answer", World::web_server(|r| r)),
        ]
    }
}
