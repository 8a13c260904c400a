//! One checkable sentence of a document: its id, its weight, whom it concerns, what to do, and one pure comparison.
//!
//! Adding a requirement: write `src/requirement/<subject>/<requirement>.rs` (its doc comment is the `explain` page, its
//! cases stand beside it), name it in `src/requirement/<subject>.rs` and in [`catalogue`]. Nothing else changes: no
//! format, no command, no page. A test compares the catalogue with the files.
//!
//! # Where a sentence stands
//!
//! What is asked of a certificate for its use (purpose, names, key, dates, form, the path above it, its revocation lists) is a
//! *quality*: `src/requirement/quality/<quality>.rs` has its words and its comparison, whatever the use; [`uses`] says of which
//! uses it is asked, how much it weighs there and in which document's row it stands. `cmprobe explain --matrix` prints that
//! table. What is asked of more than a certificate has a room by whom it is about; of *Certificate Requirements for Native
//! Mode*:
//!
//! | row | beside qualities |
//! |---|---|
//! | Primary site server | [`site_server`] |
//! | Site system roles: server authentication | [`web_server`]; [`chain`], [`revocation`], [`session`], [`client_authentication`]; what the roles answer: [`management_point`], [`distribution_point`], [`software_update_point`], [`state_migration_point`] |
//! | the same: management points and state migration points also require a certificate with client authentication | [`monitoring`] |
//! | Client computers | [`client`] |
//! | Mobile device clients | nothing |
//! | Network load balancing cluster | [`nlb`] |
//! | Proxy Web server | [`proxy`] |
//! | Operating system client deployment | [`deployment`] |
//! | Root certification authority certificates | [`root`], [`deployment`] |
//!
//! That a client gets there at all, which every row takes for granted, is [`reachability`].

pub mod catalogue;

#[cfg(test)]
pub(crate) mod case;

pub mod chain;
pub mod client;
pub mod client_authentication;
pub mod cloud_management_gateway;
pub mod deployment;
pub mod distribution_point;
pub mod enhanced_http;
pub mod management_point;
pub mod monitoring;
pub mod nlb;
pub mod proxy;
pub mod quality;
pub mod reachability;
pub mod revocation;
pub mod root;
pub mod session;
pub mod site_server;
pub mod sms_provider;
pub mod software_update_point;
pub mod sql_server;
pub mod state_migration_point;
pub mod uses;
pub mod waiver;
pub mod web_server;
