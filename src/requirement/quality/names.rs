//! The name a certificate is held against: the one clients dial.

use crate::requirement::web_server::names;
use crate::rule::credential::{Credential, Place};
use crate::rule::subject::EndpointSubject;

/// The name a client compares; `None`: nobody is known to dial one.
pub(in crate::requirement) fn dialled<'a>(of: &Credential<'a>) -> Option<&'a str> {
    match of.place {
        // What is handed out in an answer is presented to clients elsewhere, under another name maybe.
        Place::Endpoint(_) if of.is_handed_out() => None,
        Place::Endpoint(endpoint) => Some(at(endpoint)),
        Place::File(file) => file.dialled,
    }
}

/// The name a client compares at an endpoint: the one dialled, or the one sent where an address was dialled.
pub(crate) fn at<'a>(subject: &EndpointSubject<'a>) -> &'a str {
    let name = subject.target.name.as_str();
    if names::address(name).is_none() {
        return name;
    }
    let sent = subject.principal().and_then(|principal| principal.handshake.server_name.as_deref());
    sent.unwrap_or(name)
}
