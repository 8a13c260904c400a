//! One checkable sentence of a document: its id, its weight, whom it concerns, what to do, and one pure comparison.
//!
//! Adding a requirement: write `src/requirement/<subject>/<requirement>.rs` (its doc comment is the `explain` page, its
//! cases stand beside it), name it in `src/requirement/<subject>.rs` and in [`catalogue`]. Nothing else changes: no
//! format, no command, no page. A test compares the catalogue with the files.

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
