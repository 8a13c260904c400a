//! The management point's own answers, over the tested channel.

pub mod answers;
pub mod list;
pub mod own_certificate;
pub mod profile;
pub mod site_signing_certificate;

use crate::observation::exchange::Answer;
use crate::plan::OfferLabel;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::site::role::Role;
use crate::verdict::Verdict;

/// Roles that answer as a management point.
pub const MANAGEMENT_POINTS: Scope = Scope::EVERY_ENDPOINT
    .only_roles(&[Role::ManagementPoint, Role::ProxyManagementPoint], "management points and proxy management points");

/// The answer to a question asked as a client, if it was 200; else the verdict that says why there is none.
fn answered<'a>(subject: &EndpointSubject<'a>, label: OfferLabel, what: &str) -> Result<&'a Answer, Verdict> {
    let Some(seen) = subject.with_offer(label) else {
        return Err(Verdict::unknown(
            format!("{what} was not asked for"),
            "a client identity in the definition, and a run without --no-http",
        ));
    };
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    let failure = seen.exchange.as_ref().and_then(|exchange| exchange.failure.as_ref()).or(seen.stopped.as_ref());
    match (answer, failure) {
        (Some(answer), None) if answer.status == 200 => Ok(answer),
        (Some(answer), None) => {
            Err(Verdict::unknown(format!("{what} was answered with {}", answer.status), "an answer of 200"))
        }
        (_, Some(failure)) => Err(Verdict::unknown(
            format!("{what} was not answered to its end: {}", failure.detail),
            "an exchange that comes to its end",
        )),
        (None, None) => Err(Verdict::unknown(format!("{what} was not asked for"), "a run without --no-http")),
    }
}
