//! What may be kept of one target: many addresses, each of which sends as much as it may for every offer, must neither fill
//! the memory nor make a line of saved observations that its own reader refuses.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::observation::Observation;
use crate::observation::bounds::MOST_OF_TARGET;
use crate::observation::exchange::Answer;
use crate::observation::failure::{ConnectFailure, Failure};
use crate::observation::handshake::Handshake;
use crate::wire::der::Der;

/// How many octets an observation takes in a line beside what peers decide about.
const FIXED: usize = 4 * 1024;

/// The room that is left.
pub(super) struct Room(AtomicUsize);

impl Default for Room {
    fn default() -> Self {
        Self(AtomicUsize::new(MOST_OF_TARGET))
    }
}

impl Room {
    /// Takes room for what was seen, and leaves out what there is none for.
    pub(super) fn keep(&self, mut seen: Vec<Observation>) -> Vec<Observation> {
        for one in &mut seen {
            let needed = written(one);
            let take = |left: usize| left.checked_sub(needed);
            if self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
                let words = format!("not kept: what one target may send has {} MiB together", MOST_OF_TARGET >> 20);
                one.handshake = Handshake::default();
                one.exchange = None;
                one.stopped = Some(Failure::new(ConnectFailure::LocalLimit, words));
            }
        }
        seen
    }
}

/// How many octets an observation takes where it is written, at the most.
fn written(seen: &Observation) -> usize {
    let handshake = &seen.handshake;
    let asked = handshake.client_certificate_request.iter().flat_map(|asked| &asked.accepted_issuers);
    let binary = handshake.chain.iter().chain(handshake.later_chain.iter().flatten());
    let binary = binary.chain(&handshake.ocsp_response).chain(asked).map(base64);
    let answer = seen.exchange.iter().flat_map(|exchange| &exchange.answer).flat_map(texts).map(escaped);
    let failures = seen.stopped.iter().chain(seen.exchange.iter().flat_map(|exchange| &exchange.failure));
    let failures = failures.map(|failure| escaped(&failure.detail));
    binary.chain(answer).chain(failures).fold(FIXED, usize::saturating_add)
}

fn base64(der: &Der) -> usize {
    // Every three octets are four digits, and around them are quotes and a comma.
    der.as_slice().len().div_ceil(3) * 4 + 3
}

fn texts(answer: &Answer) -> impl Iterator<Item = &str> {
    let headers = [
        &answer.server,
        &answer.via,
        &answer.location,
        &answer.content_type,
        &answer.content_range,
        &answer.date,
        &answer.title,
    ];
    let headers = headers.into_iter().flatten().chain(&answer.authenticate).map(String::as_str);
    headers.chain([answer.body.as_str()])
}

/// How many octets a text takes in JSON.
fn escaped(text: &str) -> usize {
    let octets = text.bytes().map(|octet| match octet {
        b'"' | b'\\' => 2,
        ..b' ' => 6,
        _ => 1,
    });
    octets.sum::<usize>() + 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::bounds::LONGEST_LINE;
    use crate::observation::exchange::Exchange;
    use crate::observation::timing::Timing;
    use crate::plan::OfferLabel;
    use crate::plan::engine::EngineId;
    use crate::wire::timestamp::Timestamp;

    fn observation(octets: usize, body: &str) -> Observation {
        let answer = Answer { body: body.into(), ..Answer::default() };
        Observation {
            offer: OfferLabel::Default,
            engine: EngineId::Rustls,
            at: Timestamp(time::OffsetDateTime::UNIX_EPOCH),
            timing: Timing::default(),
            handshake: Handshake { chain: vec![Der::from(vec![0xff; octets])], ..Handshake::default() },
            exchange: Some(Exchange {
                method: "GET".into(),
                path: "/".into(),
                answer: Some(answer),
                failure: Some(Failure::new(ConnectFailure::Refused, "\u{0}\"\\\u{fc}")),
            }),
            stopped: None,
        }
    }

    #[test]
    fn what_is_written_is_never_more_than_was_counted() {
        for body in ["", "<MPList/>", &"\u{0}\u{1f}\"\\\u{7f}\u{fc}\u{1f600}\n".repeat(1000)] {
            for octets in [0, 1, 2, 3, 100_000] {
                let one = observation(octets, body);
                let length = serde_json::to_string(&one).unwrap().len();
                assert!((length..3 * length + FIXED).contains(&written(&one)), "{length} octets, {}", written(&one));
            }
        }
    }

    #[test]
    fn of_a_target_that_sends_as_much_as_it_may_so_much_is_kept_and_the_rest_said() {
        let one = observation(900_000, &"\u{0}".repeat(10_000));
        let most = MOST_OF_TARGET / written(&one);
        let room = Room::default();
        let kept = room.keep(vec![one; most + 3]);
        let is_kept = |seen: &Observation| seen.stopped.is_none() && !seen.handshake.chain.is_empty();
        assert!(kept[..most].iter().all(is_kept));
        let said = |seen: &Observation| seen.stopped.as_ref().is_some_and(|why| why.is(ConnectFailure::LocalLimit));
        assert!(kept[most..].iter().all(|seen| said(seen) && seen.exchange.is_none()));
        let written: usize = kept.iter().map(|seen| serde_json::to_string(seen).unwrap().len()).sum();
        assert!(written < LONGEST_LINE, "{written} octets");
        // Small things still have room.
        assert!(room.keep(vec![observation(0, "")]).iter().all(|seen| seen.stopped.is_none()));
    }
}
