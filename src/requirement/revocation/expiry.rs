//! `revocation/expiry`

use time::Duration;

use super::checked::judge;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::lists::checked::Checked;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The revocation list holds for at least two days more, unless its authority has said when it will publish the next
    /// one and that moment is still to come: a list renewed every week is near its end once a week, and all is well.
    ///
    /// Who is hurt: nobody yet; all clients that check revocation on the day the list ends, at all sites of the
    /// authority at once. It happens to offline roots, whose lists somebody has to renew by hand.
    ///
    /// How it is seen: the list's Next Update, and Next CRL Publish where a Microsoft authority wrote it.
    EXPIRY {
        id: "revocation/expiry",
        title: "Revocation lists are not about to expire",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "An expired list counts as no list" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Publish a new list (certutil -crl), and see why the authority did not: its service, its clock, its right to write to the web server.",
        check: Check::Endpoint(|subject: &EndpointSubject<'_>| judge(subject, of_one)),
    }
}

/// How long before its end a list is warned about.
const THRESHOLD: Duration = Duration::days(2);

fn of_one(one: &Checked<'_>) -> Verdict {
    let now = one.basis.now;
    let mut near = Vec::new();
    for (source, known) in one.good() {
        let list = &known.list;
        let Some(next) = list.next_update else {
            near.push(format!("{}: it does not say until when", source.url));
            continue;
        };
        let to_be_renewed = list.next_publish.is_some_and(|publish| now < publish && publish < next);
        if next.0 - now.0 > THRESHOLD || to_be_renewed {
            return Verdict::pass_with(format!("{}: until {next}", source.url));
        }
        near.push(format!("{}: until {next}", source.url));
    }
    if near.is_empty() {
        return if one.has_content() {
            Verdict::unknown(
                format!("no usable revocation list for {} was had", one.who()),
                "what revocation/current asks for",
            )
        } else {
            one.no_list()
        };
    }
    Evidence::new(format!("The revocation list for {} is about to expire.", one.who()))
        .expected("a list that holds for two days more")
        .observed_all(near)
        .cause("The authority is late with the next list, or does not publish by itself.")
        .fail()
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, NOW, World, issuing_crl, lab};

    pub(super) fn all() -> Vec<Case> {
        let url = lab().issuing_crl_url();
        let healthy = || World::web_server(|r| r).healthy_crls();
        let (now, days, second) = (NOW.0, Duration::days, Duration::seconds(1));
        let list = |recipe| healthy().crl(&url, &lab().issuing.crl(&recipe).unwrap());
        let until = |end| issuing_crl().current(now - days(1), end);
        let publishing = |at| {
            let mut recipe = until(now + days(1));
            recipe.next_publish = Some(at);
            list(recipe)
        };
        vec![
            Case::passes("weeks to come", healthy()),
            Case::passes("more than two days", list(until(now + days(2) + second))),
            Case::passes("the next is announced", publishing(now + second)),
            Case::fails("two days", list(until(now + days(2))), "about to expire"),
            Case::fails("the announced one did not come", publishing(now), "about to expire"),
            Case::fails("no end is named", list(issuing_crl().no_next_update()), "does not say until when"),
            Case::unknown("it is over", list(until(now))),
            Case::unknown("nothing could be fetched", healthy().crl_failed(&url, ExchangeFailure::HttpError, "404")),
        ]
    }
}
