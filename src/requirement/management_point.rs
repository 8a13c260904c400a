//! The management point's own answers, over the tested channel.

pub mod answers;
pub mod list;
pub mod list_known;
pub mod list_resolves;
pub mod list_state;
pub mod own_certificate;
pub mod profile;
pub mod site_signing_certificate;

use crate::observation::exchange::Answer;
use crate::observation::failure::HandshakeFailure;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{PRESENTED, not_asked_as_client};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::site::role::Role;
use crate::verdict::Verdict;

/// Roles that answer as a management point.
pub const MANAGEMENT_POINTS: Scope = Scope::EVERY_ENDPOINT
    .only_roles(&[Role::ManagementPoint, Role::ProxyManagementPoint], "management points and proxy management points");

/// The whole answer to a question asked as a client, if it was a success; else the verdict that says why there is none. What
/// keeps clients out, or answers in the role's place, is told by client-authentication/accepts-client and
/// management-point/list.
fn answered<'a>(subject: &EndpointSubject<'a>, label: OfferLabel, what: &str) -> Result<&'a Answer, Verdict> {
    let Some(seen) = subject.with_offer(label) else { return Err(not_asked_as_client(subject)) };
    let exchange = seen.exchange.as_ref();
    if let Some(answer) = exchange.and_then(|exchange| exchange.answer.as_ref())
        && let Some(failure) = exchange.and_then(|exchange| exchange.failure.as_ref())
    {
        return Err(Verdict::unknown(
            format!("{what} was answered with {}, and {}", answer.status, failure.words()),
            "an answer that comes to its end",
        ));
    }
    match exchange.and_then(|exchange| exchange.answer.as_ref()) {
        Some(answer) if answer.body_cut => Err(Verdict::unknown(
            format!("{what} is longer than this program reads ({} octets)", answer.body.len()),
            "a shorter answer",
        )),
        Some(answer) if matches!(answer.status, 200..=299) => Ok(answer),
        Some(answer) => {
            Err(Verdict::unknown(format!("{what} was answered with {}", answer.status), "an answer of 200"))
        }
        None => {
            let why = seen.stopped.as_ref().map_or("nothing was answered".into(), |failure| failure.words());
            let withheld = seen.stopped.as_ref().is_some_and(|failure| failure.is(HandshakeFailure::NotPresented));
            let decided_by = if withheld { PRESENTED } else { "an exchange that comes to its end" };
            Err(Verdict::unknown(format!("{what} was not answered: {why}"), decided_by))
        }
    }
}
