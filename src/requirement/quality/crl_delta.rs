//! `crl-delta`

use super::lists::{because, judge_lists, of_fault, of_unreached, or_impersonated};
use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::lists::checked::Checked;
use crate::trust::lists::delta::{Delta, State};
use crate::trust::lists::fault::{ListFault, Unreached};
use crate::verdict::cause::Culprit;
use crate::verdict::{Evidence, Verdict};

quality! {
    /// Where a certificate or its revocation list names a delta list (Freshest CRL), the delta list is there: it can be
    /// fetched, is the authority's own, goes on from the complete list that is published, and has not expired.
    ///
    /// Who is hurt: clients and servers that check revocation, in part. Windows looks for the delta list its list names;
    /// where that is missing or old, checking may fail as if there were no list at all (0x80092013), and a certificate
    /// that was revoked since the last complete list still passes. The usual reason is the plus sign in the file's name,
    /// which IIS refuses (404.11) unless double escaping is allowed for the directory.
    ///
    /// How it is seen: every http URL the Freshest CRL extension names is asked for, as the complete list's are. What the
    /// delta list says counts in what is said of revoked certificates; where it cannot be had, the complete list alone
    /// decides, and says so.
    CRL_DELTA {
        slug: |_| "crl-delta",
        servers: Some("revocation/delta"),
        title: "The delta lists that the revocation lists for {} name are there, the authority's own and current",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File, EvidenceSource::RevocationList],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    or_impersonated(of, judge_lists(of, delta))
}

/// Whether a delta list that a certificate or its lists name is of use: one of several places is enough.
pub fn delta(one: &Checked<'_>) -> Verdict {
    let deltas = one.deltas();
    let words = |delta: &Delta| match &delta.adds_nothing {
        None => delta.url.clone(),
        Some(how) => format!("{}: it adds nothing, for {how}", delta.url),
    };
    let good: Vec<String> = deltas.iter().filter(|delta| matches!(delta.state, State::Good(_))).map(words).collect();
    if !good.is_empty() {
        return Verdict::Pass(good);
    }
    let asked: Vec<&Delta> = deltas.iter().filter(|delta| !matches!(delta.state, State::NotHttp(_))).collect();
    if asked.is_empty() {
        return Verdict::NotApplicable(if deltas.is_empty() {
            "no delta list is named"
        } else {
            "delta lists are named in directories and shares alone, which are not asked"
        });
    }
    let mut unknown = None;
    let mut failed: Option<Evidence> = None;
    for delta in asked {
        match of_one(one, delta) {
            Ok(unsaid) => unknown = unknown.or(Some(unsaid)),
            Err((evidence, observed)) => failed = Some(failed.take().unwrap_or(*evidence).observed(observed)),
        }
    }
    match (failed, unknown) {
        (Some(evidence), _) => evidence.expected("a delta list of the authority's, current").fail(),
        (None, Some(unknown)) => unknown,
        (None, None) => Verdict::pass(),
    }
}

/// What keeps one delta list from being of use, and what was seen of it; or why that is not known.
fn of_one(one: &Checked<'_>, delta: &Delta) -> Result<Verdict, (Box<Evidence>, String)> {
    let who = one.who();
    let url = delta.url.as_str();
    let named = delta
        .named_by
        .as_ref()
        .map_or_else(|| format!("which {who} names"), |list| format!("which the list {list} names"));
    let failed = |evidence: Evidence, words: &str| {
        let evidence = because(evidence, delta.state.cause_id());
        Err((Box::new(evidence), format!("the delta list {url}, {named}: {words}")))
    };
    let at_url = |message: String, cause: &str| Evidence::new(message).cause(cause).culprit(Culprit::Url(url.into()));
    match &delta.state {
        State::Good(_) | State::NotHttp(_) => Ok(Verdict::pass()),
        State::NotAsked => Ok(Verdict::unknown(
            format!("the delta list {url}, {named}, was not asked for"),
            "a run that fetches lists",
        )),
        State::Undecided(why) => Ok(Verdict::Unknown(why.clone())),
        State::Unreached(Unreached::Ours, words) => Ok(Verdict::unknown(
            format!("the delta list {url}, {named}, was not had: {words}"),
            "certutil -verify -urlfetch on a client",
        )),
        State::Unreached(why, words) => {
            failed(of_unreached(format!("The delta list for {who} cannot be fetched from here."), url, *why), words)
        }
        State::Outdated(_, fault @ ListFault::NotYetValid { .. }) => {
            let mut evidence = of_fault(one, url, fault);
            evidence.message = format!("The delta list for {who} is not valid yet.");
            failed(evidence, &fault.observed())
        }
        State::Outdated(_, fault) => {
            let mut evidence = of_fault(one, url, fault);
            evidence.message = format!("The delta list for {who} has expired.");
            failed(evidence, &fault.observed())
        }
        State::Unfit(fault) => {
            let mut evidence = of_fault(one, url, fault);
            evidence.message = format!("The delta list for {who} is of no use.");
            failed(evidence, &fault.observed())
        }
        State::Complete => failed(
            at_url(
                format!("Where the delta list for {who} belongs, there is another list."),
                "The complete list is published under the delta list's name.",
            ),
            "a complete list",
        ),
        State::OtherPart => failed(
            at_url(
                format!("The delta list for {who} speaks of other certificates than the list that names it."),
                "The authority's list is partitioned, and another part's delta list is published there.",
            ),
            "a delta list of another part",
        ),
        State::OfLaterBase => failed(
            at_url(
                format!("The delta list for {who} goes on from a later complete list than the one published."),
                "The new delta list was copied to the web server, and the new complete list was not.",
            ),
            "a delta list over a complete list that is not there",
        ),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::{CrlRecipe, DistributionPoint, Organization};
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, NOW, World, issuing_crl, lab};
    use crate::rule::usage::Use;
    use crate::trust::basis::RevocationMode;

    const DELTA: &str = "http://pki.contoso.com/Contoso%20Issuing%20CA+.crl";

    fn naming(urls: &[&str]) -> CrlRecipe {
        let mut base = issuing_crl().number(3);
        let urls = urls.iter().map(|url| (*url).to_owned()).collect();
        base.freshest_crl = vec![DistributionPoint { urls, crl_issuer: None }];
        base
    }

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let pki = lab();
        let url = pki.issuing_crl_url();
        let (now, day) = (NOW.0, Duration::days(1));
        let over = |base: CrlRecipe| World::of(of, |r| r).healthy_crls().crl(&url, &pki.issuing.crl(&base).unwrap());
        let delta = |recipe: CrlRecipe| over(naming(&[DELTA])).crl(DELTA, &pki.issuing.crl(&recipe).unwrap());
        let after = || issuing_crl().number(4).delta_over(3);
        let missing = |kind, words| over(naming(&[DELTA])).crl_failed(DELTA, kind, words);
        let impostor = Organization::impostor().build().unwrap().issuing;
        vec![
            Case::passes("there", delta(after())),
            Case::passes("over an older base", delta(issuing_crl().number(4).delta_over(2))),
            Case::passes("older than the complete list", delta(issuing_crl().number(2).delta_over(1))),
            Case::passes(
                "one place of two",
                over(naming(&["http://pki.contoso.com/gone+.crl", DELTA]))
                    .crl_failed("http://pki.contoso.com/gone+.crl", ExchangeFailure::HttpError, "404")
                    .crl(DELTA, &pki.issuing.crl(&after()).unwrap()),
            ),
            Case::passes("until the next second", delta(after().current(now - day, now + Duration::seconds(1)))),
            Case::fails("expired", delta(after().current(now - day, now)), "has expired"),
            Case::fails(
                "not valid yet",
                delta(after().current(now + Duration::seconds(1), now + day)),
                "not valid yet",
            ),
            Case::fails("a later base", delta(issuing_crl().number(6).delta_over(5)), "a later complete list"),
            Case::fails("a complete list", delta(issuing_crl().number(4)), "a complete list"),
            Case::fails(
                "another key's",
                over(naming(&[DELTA])).crl(DELTA, &impostor.crl(&after()).unwrap()),
                "another key's signature",
            ),
            Case::fails("the root's", over(naming(&[DELTA])).crl(DELTA, &pki.root.crl(&after()).unwrap()), "a list of"),
            Case::fails("a page", over(naming(&[DELTA])).crl(DELTA, b"<html>"), "a web page"),
            Case::fails("nobody answers", missing(ExchangeFailure::Timeout, "did not answer within 20s"), "within 20s"),
            Case::fails("not there", missing(ExchangeFailure::HttpError, "the server answered 404"), "answered 404"),
            Case::unknown("not asked for", over(naming(&[DELTA]))),
            Case::unknown("a limit of ours", missing(ExchangeFailure::LocalLimit, "4096 other lists were before")),
            Case::not_applicable("none is named", over(issuing_crl())),
            Case::not_applicable("in the directory alone", over(naming(&["ldap:///CN=Contoso%20Issuing%20CA+"]))),
            Case::not_applicable("not judged", delta(after()).revocation(RevocationMode::Off)),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let pki = lab();
        let base = pki.issuing.crl(&naming(&[DELTA])).unwrap();
        let over = || World::of(of, |r| r).healthy_crls().crl(&pki.issuing_crl_url(), &base);
        let delta = |recipe: CrlRecipe| pki.issuing.crl(&recipe.number(4).delta_over(3)).unwrap();
        let old = issuing_crl().current(NOW.0 - Duration::days(2), NOW.0);
        vec![
            Case::passes("there", over().crl(DELTA, &delta(issuing_crl()))),
            Case::fails("expired", over().crl(DELTA, &delta(old)), "has expired"),
            Case::fails(
                "not there",
                over().crl_failed(DELTA, ExchangeFailure::HttpError, "answered 404").crl_status(DELTA, 404),
                "answered 404",
            ),
            Case::not_applicable("none is named", World::of(of, |r| r).healthy_crls()),
        ]
    }
}
