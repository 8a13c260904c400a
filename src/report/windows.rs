//! With which Windows clients an endpoint agrees on a session, by what each of them offers.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::requirement::session::reach::{Reach, concerned, nobody_tells, reach};
use crate::rule::subject::EndpointSubject;

/// Windows clients that offer alike, and whether they and the server agree on a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WindowsClientReport {
    /// The Windows versions.
    pub windows: Cow<'static, str>,
    /// Whether they and the server agree on a session: a protocol version, a cipher suite, and messages they can read. It
    /// says nothing of the certificate's dates, names and trust, which the findings tell. `null`: that did not come out.
    pub gets_in: Option<bool>,
    /// What they settle on, what they are lost by, or why it did not come out.
    pub words: String,
}

/// Those of the site's clients whose offers were made here, oldest first. None where nobody gets in, whatever is offered.
pub(super) fn of(subject: &EndpointSubject<'_>) -> Vec<WindowsClientReport> {
    if nobody_tells(subject) {
        return Vec::new();
    }
    let told = concerned(subject.basis.site).into_iter().filter_map(|client| {
        let row = client.row();
        let (gets_in, words) = match reach(subject, client) {
            Reach::Yes(session) => (Some(true), session),
            Reach::No(lost) => (Some(false), lost.in_words(row)),
            Reach::Undecided(why) => (None, why),
            Reach::NotAsked => return None,
        };
        Some(WindowsClientReport { windows: row.words.into(), gets_in, words })
    });
    told.collect()
}
