//! `session/handshake-time`

use crate::observation::Observation;
use crate::observation::timing::Timing;
use crate::plan::OfferLabel;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

/// Milliseconds from which a handshake is slow.
const SLOW: f64 = 2_000.0;
/// Round trips of a full handshake up to TLS 1.2; TLS 1.3 has one, and that little is not worth telling them apart.
const ROUND_TRIPS: f64 = 2.0;

requirement! {
    /// The handshake took less than two seconds, the network's own round trips not counted.
    ///
    /// Who is hurt: everybody, a little, and at the worst time: after a patch day thousands of clients connect at once,
    /// and a server that needs seconds for one handshake makes them run into time-outs (0x80072EE2, 12002).
    ///
    /// How it is seen: the time from the first byte of the handshake to its end, less two round trips, each taken to be
    /// as long as opening the TCP connection took. A machine that is busy takes its own time for the server's: what this
    /// one worked meanwhile, and how late it woke its own tasks, is measured beside it, and where that may be what made the
    /// handshake slow it is unknown whether the server is. One slow handshake may be chance; a slow one every time means that
    /// the server waits for something: a revocation list or a domain controller it cannot reach, a key in a busy
    /// hardware module, no processor time.
    HANDSHAKE_TIME {
        id: "session/handshake-time",
        title: "The handshake takes less than two seconds",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "a handshake costs a server milliseconds" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::Connection],
        remedy: "Look at the server's load and at what it waits for during the handshake: name resolution, domain controllers, the CRL of its own and of client certificates (CAPI2 operational log).",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    // Where nobody gets in without a certificate, the handshake made with one has to tell.
    let mut seen = subject.principal().into_iter().chain(&subject.seen.observations);
    let Some(completed) = seen.find(|seen| seen.handshake.completed) else {
        let wants_one = |seen: &Observation| seen.handshake.client_certificate_request.is_some();
        let was_offered = subject.with_offer(OfferLabel::Client).is_some();
        if subject.seen.observations.iter().any(wants_one) && !was_offered && !subject.basis.site.clients.is_empty() {
            return Verdict::NotApplicable(
                "it ends where a client certificate is wanted, and none was offered in this run",
            );
        }
        return subject.no_session();
    };
    let Some(took) = completed.timing.handshake else { return subject.no_session() };
    let network = completed.timing.connect.map(|connect| connect.0 * ROUND_TRIPS);
    let peers = took.0 - network.unwrap_or(0.0);
    if peers < SLOW {
        return Verdict::pass();
    }
    let Some(network) = network else {
        return Verdict::unknown(
            "how long the network's round trips take is not known",
            "the time the TCP connection took to open",
        );
    };
    let seconds = peers / 1e3;
    let Some(own) = completed.timing.own.map(|own| own.0) else {
        return Verdict::unknown(
            format!(
                "the handshake took {seconds:.2} s beside the network's round trips, and how busy the machine was that measured it is not in what was saved"
            ),
            "a run of this version of cmprobe",
        );
    };
    if peers - own < SLOW {
        return Verdict::unknown(
            format!(
                "this machine was busy: of the {seconds:.2} s the handshake took beside the network's round trips, {:.2} s may be its own",
                own.min(peers) / 1e3
            ),
            "a run on a machine with less to do, or with fewer connections at once (--concurrency)",
        );
    }
    let beside = match own >= Timing::OWN_TOLD {
        true => format!(", of which at most {:.2} s are this machine's own", own / 1e3),
        false => String::new(),
    };
    Evidence::new("The handshake is slow.")
        .because(&causes::HANDSHAKE_SLOW)
        .expected("less than 2 s beside the network's round trips")
        .observed(format!("{seconds:.2} s, and {:.2} s for the network beside that{beside}", network / 1e3))
        .cause("The server is busy, or waits for something during the handshake.")
        .fail()
}

#[cfg(test)]
mod cases {
    use super::OfferLabel;
    use crate::observation::timing::Milliseconds;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let busy = |own: Option<f64>, connect: Option<f64>, handshake: f64| {
            World::web_server(|r| r).observations(move |seen| {
                seen.timing.own = own.map(Milliseconds);
                seen.timing.connect = connect.map(Milliseconds);
                seen.timing.handshake = Some(Milliseconds(handshake));
            })
        };
        let timed = |connect: Option<f64>, handshake: f64| busy(Some(0.0), connect, handshake);
        vec![
            Case::passes("quick", World::web_server(|r| r)),
            Case::passes("just under two seconds", timed(Some(0.0), 1999.99)),
            Case::passes("slow because of the network", timed(Some(600.0), 3199.0)),
            Case::passes("under two seconds with everything", timed(None, 1999.0)),
            Case::passes(
                "refused without a certificate, quick with one",
                World::web_server(|r| r)
                    .handshakes(|handshake| handshake.completed = false)
                    .also(OfferLabel::Client, |seen| seen.handshake.completed = true),
            ),
            Case::fails("two seconds", timed(Some(0.0), 2000.0), "2.00 s"),
            Case::fails("two seconds beside the network", timed(Some(500.0), 3000.0), "1.00 s for the network"),
            Case::unknown("the network's part is not known", timed(None, 2000.0)),
            Case::fails(
                "slow, whatever this machine did",
                busy(Some(500.0), Some(0.0), 2500.0),
                "at most 0.50 s are this machine's own",
            ),
            Case::unknown("this machine may have made it slow", busy(Some(500.01), Some(0.0), 2500.0)),
            Case::passes("quick, for all this machine did", busy(Some(5000.0), Some(0.0), 1999.99)),
            Case::unknown("all of it may be this machine's", busy(Some(5000.0), Some(0.0), 2500.0)),
            Case::unknown("saved when nobody measured this machine", busy(None, Some(0.0), 2000.0)),
            Case::passes("saved then, and quick", busy(None, Some(0.0), 1999.99)),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::unknown(
                "not completed",
                timed(Some(0.0), 5000.0).handshakes(|handshake| handshake.completed = false),
            ),
        ]
    }
}
