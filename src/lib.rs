//! cmprobe verifies, from where clients stand, that a Configuration Manager site's HTTPS endpoints are what Microsoft's
//! documents demand.
//!
//! A site of 2007 in native mode, and a Current Branch site with HTTPS, stand or fall with the certificates of their
//! management points, distribution points, software update points, state migration points, clusters of them, and the
//! proxies before them. Configuration Manager validates none of these; cmprobe probes every endpoint as a client does and
//! holds what it saw against each documented requirement.
//!
//! # The way of the data
//!
//! ```text
//! definition -> site -> plan -> prober -> observation -> requirement -> assessment -> report
//!    text     understood  what   the only    facts       pure checks     findings    document
//!                       and why  network
//! ```
//!
//! Left and right of the prober everything is pure: no socket, no file, no clock. So what will run can be shown first
//! ([`plan`]), and what was seen can be judged again: by later requirements, on another machine, together with what was seen
//! from elsewhere ([`observation`], [`judgement`]).
//!
//! # The map
//!
//! - [`site`]: a definition that has been understood; its faults are collected, all of them, before anything else.
//! - [`import`]: definitions from what a console, a directory or a management point says of its site; [`request`]: what to
//!   ask an authority for.
//! - [`plan`]: targets (a name dialled from a vantage for a role) and, for each, offers (what one connection is for).
//! - [`prober`]: makes the probes, bounded in time and memory, and streams what they saw. With it [`resolve`], [`connect`], [`revocation`],
//!   [`engine`] (rustls for what is modern, OpenSSL for what is old, a clear-text reader for what no library completes)
//!   and [`exchange`].
//! - [`observation`]: facts, partial where a probe was stopped, with a named failure that says where.
//! - [`requirement`]: one checkable sentence of a document, one file; its doc comment is the page `explain` shows.
//! - [`judgement`]: requirements put to observations; [`report`]: the result as a document, one format a file.
//! - [`exporter`]: what `cmprobe serve` is asked and how it is configured, understood.
//! - [`identity`]: certificates a probe may present. [`trust::signature`]: how signatures are verified, weak ones too.
//! - [`lab`]: a whole simulated site on loopback, for `cmprobe demo` and the tests.
//!
//! # Invariants
//!
//! Each is an absence, and `tests/it/tidy.rs` keeps it:
//!
//! - The pure modules name no runtime, engine, socket, file or clock.
//! - The prober and the engines do not know that requirements exist, so they cannot judge.
//! - The network failing is an observation, never an error of the program.
//! - Only the binary prints, exits, and reads files and the environment.
//! - The same plan and observations give the same report, byte for byte.
//! - What was not observed is `unknown`: never a pass, never a fail.
//! - No secret reaches an argument list, a log, a report, a saved observation or an error's text.
//! - There is no unsafe code but in the one module that calls OpenSSL's message callback.
//!
//! # Where this departs from the obvious
//!
//! - OpenSSL is always built in, from source. Two engines that are always there are one behaviour to test; what RC4, SSL 3.0
//!   and their kind weaken is confined to connections that rustls cannot make.
//! - A severity belongs to the requirement and the profile, never to the run: accepted deviations are waived with a reason
//!   and an end, not graded down.
//! - Several addresses of a name are several endpoints. Nothing falls back from one to another.

#[forbid(unsafe_code)]
pub mod certificate;
#[forbid(unsafe_code)]
pub mod connect;
#[forbid(unsafe_code)]
pub mod diagnosis;
pub mod engine;
#[forbid(unsafe_code)]
pub mod exchange;
#[forbid(unsafe_code)]
pub mod exporter;
#[forbid(unsafe_code)]
pub mod identity;
#[forbid(unsafe_code)]
pub mod import;
#[forbid(unsafe_code)]
pub mod judgement;
#[forbid(unsafe_code)]
pub mod lab;
#[forbid(unsafe_code)]
pub mod observation;
#[forbid(unsafe_code)]
pub mod plan;
#[forbid(unsafe_code)]
pub mod prober;
#[forbid(unsafe_code)]
pub mod report;
#[forbid(unsafe_code)]
pub mod request;
#[forbid(unsafe_code)]
pub mod requirement;
#[forbid(unsafe_code)]
pub mod resolve;
#[forbid(unsafe_code)]
pub mod revocation;
#[forbid(unsafe_code)]
pub mod rule;
#[forbid(unsafe_code)]
pub mod site;
#[forbid(unsafe_code)]
pub mod trust;
#[forbid(unsafe_code)]
pub mod verdict;
#[forbid(unsafe_code)]
pub mod wire;
