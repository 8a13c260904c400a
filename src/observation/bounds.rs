//! Every bound of what is fetched to learn who is revoked and who issued a certificate, kept of it, and read back: one place
//! for those who fetch, those who write and those who judge.
//!
//! | bound | is | and beyond it |
//! |---|---|---|
//! | [`MOST_URLS`] | 8 URLs of one certificate | the rest is not looked at |
//! | [`MOST_URLS_OF_CHAIN`] | 24 URLs of one chain | unknown: not asked for |
//! | [`MOST_URLS_OF_TARGET`] | 64 URLs of all chains of one target | unknown: not asked for |
//! | [`MOST_ISSUER_URLS`] | 2 URLs for one certificate's issuer | the rest is not looked at |
//! | [`MOST_ISSUERS_ABOVE`] | 4 issuers above one another that nobody sent | the chain ends there |
//! | [`LONGEST_URL`] | 2048 octets of a URL | it is not asked |
//! | [`MOST_OCTETS_OF_LIST`] | 100 MiB of a list, which is Windows' | the list is not had: clients do not have it either |
//! | [`MOST_OCTETS_OF_OTHER`] | 1 MiB of what is no list | reading ends |
//! | [`MOST_OCTETS_OF_ANSWER`] | 256 KiB of a responder's answer, of an issuer | it is not had |
//! | [`KEPT`] | 256 KiB of a list kept as it was sent | its extract is kept |
//! | [`MOST_LISTS`] | 4096 lists of a run | unknown: not asked for |
//! | [`MOST_ANSWERS`] | 16,384 responders' answers of a run | unknown: not asked for |
//! | [`MOST_ISSUERS`] | 4096 issuers of a run | unknown: not asked for |
//! | [`MOST_FAILURES`] | 16,384 fetches that came to nothing | unknown: not asked for |
//! | [`LONGEST_LINE`] | 64 MiB of a line of saved observations | it is not read |
//! | [`MOST_OF_TARGET`] | 48 MiB of what one target's endpoints send, as a line has them | unknown: not kept |
//! | [`MOST_OCTETS`] | 192 MiB of all that is kept of them | unknown: no room |
//!
//! How long fetching may take, and how much may happen at once, is the fetcher's own: `revocation::Bounds`.

/// How many URLs of one certificate are asked for and looked at; real ones name one to three.
pub const MOST_URLS: usize = 8;
/// How many URLs of one chain are asked for.
pub const MOST_URLS_OF_CHAIN: usize = 24;
/// How many URLs are asked for all the chains of one target: nodes that answer in turn present several.
pub const MOST_URLS_OF_TARGET: usize = 64;
/// How many URLs of one certificate are asked for its issuer.
pub const MOST_ISSUER_URLS: usize = 2;
/// How many issuers above one another that nobody sent are fetched.
pub const MOST_ISSUERS_ABOVE: usize = 4;
/// How long a URL may be.
pub const LONGEST_URL: usize = 2048;
/// How many octets one list may have: Windows takes no more by default.
pub const MOST_OCTETS_OF_LIST: usize = 100 * 1024 * 1024;
/// How many octets of something that cannot become a list are read.
pub const MOST_OCTETS_OF_OTHER: usize = 1024 * 1024;
/// How many octets a responder's answer or an issuer's file may have; real ones have some thousand.
pub const MOST_OCTETS_OF_ANSWER: usize = 256 * 1024;
/// How many octets of one answer are kept as they were sent.
pub const KEPT: usize = crate::certificate::revocation_list::reading::KEPT;
/// How many lists are asked for and kept, all vantages together.
pub const MOST_LISTS: usize = 4096;
/// How many responders' answers are asked for and kept: one for each certificate that names a responder.
pub const MOST_ANSWERS: usize = 16_384;
/// How many files of issuers are asked for and kept.
pub const MOST_ISSUERS: usize = 4096;
/// How many fetches that came to nothing are remembered.
pub const MOST_FAILURES: usize = 16_384;
/// How long a line of saved observations may be: more than a target with everything that is kept of it has.
pub const LONGEST_LINE: usize = 64 * 1024 * 1024;
/// How many octets are kept of what one target's endpoints send, as a line has them.
pub const MOST_OF_TARGET: usize = 48 * 1024 * 1024;
/// How many octets are kept of all of them.
pub const MOST_OCTETS: usize = 192 * 1024 * 1024;
