//! How long fetching may take, and how much of it may happen at once. How much is asked for and kept is in
//! [`observation::bounds`](crate::observation::bounds).

use std::time::Duration;

use crate::observation::bounds;

/// What may be spent on lists, answers and issuers.
///
/// Nobody waits for another's: a chain that names dead or hostile servers has its own places and its own time, and servers
/// of certificates that lead to no root of the site share some places of their own.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long one fetch may take, from the question for the server's name to the last octet. Windows waits 15 s: a
    /// little more, so that a list that comes too late is still told from one that never comes.
    pub whole: Duration,
    /// How long one connection may take to open.
    pub connect: Duration,
    /// How long all that is fetched for one target's certificates may take together.
    pub of_target: Duration,
    /// How long all fetches of a run that come to nothing may take together, one added to the other, for certificates that
    /// lead to a root of the site.
    pub in_vain: Duration,
    /// The same for certificates that lead to none.
    pub in_vain_untrusted: Duration,
    /// How many octets one list may have.
    pub octets: usize,
    /// How many octets are read of what cannot become a list.
    pub octets_of_other: usize,
    /// How many octets a responder's answer or an issuer's file may have.
    pub octets_of_answer: usize,
    /// How many octets may come in a run, for certificates that lead to a root of the site.
    pub octets_of_all: u64,
    /// The same for certificates that lead to none.
    pub octets_untrusted: u64,
    /// How many redirects are followed.
    pub redirects: usize,
    /// How much is fetched at a time, for certificates that lead to a root of the site.
    pub at_once: usize,
    /// The same for certificates that lead to none.
    pub at_once_untrusted: usize,
    /// How much is fetched at a time from one server.
    pub at_once_of_host: usize,
    /// How much is fetched at a time for one target.
    pub at_once_of_target: usize,
    /// How many different lists are asked for in a run.
    pub lists: usize,
    /// How many questions are put to responders in a run.
    pub answers: usize,
    /// How many files of issuers are asked for in a run.
    pub issuers: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            whole: Duration::from_secs(20),
            connect: Duration::from_secs(5),
            of_target: Duration::from_secs(25),
            in_vain: Duration::from_secs(2400),
            in_vain_untrusted: Duration::from_secs(600),
            octets: bounds::MOST_OCTETS_OF_LIST,
            octets_of_other: bounds::MOST_OCTETS_OF_OTHER,
            octets_of_answer: bounds::MOST_OCTETS_OF_ANSWER,
            octets_of_all: 2 << 30,
            octets_untrusted: 512 << 20,
            redirects: 5,
            at_once: 96,
            at_once_untrusted: 32,
            at_once_of_host: 16,
            at_once_of_target: 4,
            lists: bounds::MOST_LISTS,
            answers: bounds::MOST_ANSWERS,
            issuers: bounds::MOST_ISSUERS,
        }
    }
}
