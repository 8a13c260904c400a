//! `crl-expiry`

use super::lists::{because, judge_lists};
use crate::certificate::Facts;
use time::Duration;

use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::lists::checked::Checked;
use crate::verdict::{Evidence, Verdict};

quality! {
    /// The revocation list holds for at least two days more, unless its authority has said when it will publish the next
    /// one and that moment is still to come: a list renewed every week is near its end once a week, and all is well.
    ///
    /// Who is hurt: nobody yet; all clients that check revocation on the day the list ends, at all sites of the
    /// authority at once. It happens to offline roots, whose lists somebody has to renew by hand.
    ///
    /// How it is seen: the list's Next Update, and Next CRL Publish where a Microsoft authority wrote it.
    CRL_EXPIRY {
        slug: |_| "crl-expiry",
        servers: Some("revocation/expiry"),
        title: "Revocation lists for {} are not about to expire",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File, EvidenceSource::RevocationList],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    judge_lists(of, expiry)
}

/// How long before its end a list is warned about.
const THRESHOLD: Duration = Duration::days(2);

/// Whether a certificate's list holds for some time more.
pub fn expiry(one: &Checked<'_>) -> Verdict {
    let now = one.basis.now;
    let mut near = Vec::new();
    for (source, known, _) in one.good() {
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
                "a list of that authority that is whole, in date and signed by it",
            )
        } else {
            one.no_list()
        };
    }
    let evidence = Evidence::new(format!("The revocation list for {} is about to expire.", one.who()))
        .expected("a list that holds for two days more")
        .observed_all(near)
        .cause("The authority is late with the next list, or does not publish by itself.");
    because(evidence, Some("list-ends-soon")).fail()
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, NOW, World, issuing_crl, lab};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let url = lab().issuing_crl_url();
        let healthy = || World::of(of, |r| r).healthy_crls();
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

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let url = lab().issuing_crl_url();
        let until = |left| {
            let list = issuing_crl().current(NOW.0 - Duration::DAY, NOW.0 + left);
            World::of(of, |r| r).healthy_crls().crl(&url, &lab().issuing.crl(&list).unwrap())
        };
        vec![
            Case::passes("two days and a second", until(Duration::days(2) + Duration::SECOND)),
            Case::fails("two days", until(Duration::days(2)), "two days more"),
        ]
    }
}
