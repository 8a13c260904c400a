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
//! definition -> site -> plan -> prober -> observation -> requirement -> judgement -> diagnosis -> report
//!    text     understood  what   the only    facts       pure checks    findings     causes     document
//!                       and why  network
//! ```
//!
//! Left and right of the prober everything is pure: no socket, no file, no clock. So what will run can be shown first
//! ([`plan`]), and what was seen can be judged again: by later requirements, on another machine, together with what was seen
//! from elsewhere ([`observation`], [`judgement`]).
//!
//! # The map
//!
//! - [`wire`]: the words of TLS and X.509 as the wire has them, and the forms files carry them in. The ground.
//! - [`certificate`]: a certificate, a revocation list, a responder's answer, each read once.
//! - [`site`]: a definition that has been understood; its faults are collected, all of them, before anything else.
//! - [`import`]: definitions from what a console, a directory or a management point says of its site; [`request`]: what to
//!   ask an authority for.
//! - [`plan`]: targets (a name dialled from a vantage for a role) and, for each, offers (what one connection is for).
//! - [`prober`]: makes the probes, bounded in time and memory, and streams what they saw. With it [`resolve`], [`connect`], [`revocation`],
//!   [`engine`] (rustls for what is modern, OpenSSL for what is old, a clear-text reader for what no library completes)
//!   and [`exchange`].
//! - [`observation`]: facts, partial where a probe was stopped, with a named failure that says where.
//! - [`verdict`]: what judging says: pass, fail, unknown; and why something fails, as data: [`verdict::cause`] has every cause
//!   with its remedy, and what follows from it.
//! - [`trust`]: what judging knows beside the rules: paths to roots, what lists and responders say, how signatures are
//!   verified, weak ones too ([`trust::signature`]).
//! - [`rule`]: the form of a requirement: what it may look at, whom it concerns, which document it rests on.
//! - [`requirement`]: one checkable sentence of a document, one file; its doc comment is the page `explain` shows. Its head
//!   says where a sentence of Microsoft's table stands.
//! - [`judgement`]: requirements put to observations: findings. [`diagnosis`]: one cause with one culprit, told once, wherever
//!   it shows. [`report`]: the result as a document, one format a file.
//! - [`exporter`]: what `cmprobe serve` is asked and how it is configured, understood.
//! - [`identity`]: certificates a probe may present.
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
//! # Bounds
//!
//! What a peer, a name server or a file may cost. Each is met by a test, and `tests/it/tidy/bounds.rs` compares this table
//! with the code. How long fetching of certificates' URLs may take, and how much of it happens at once, is in
//! [`revocation::Bounds`]; how long a probe may take is in [`prober::Settings`].
//!
//! | bound | is | of what, and what is beyond it | met by |
//! |---|---|---|---|
//! | `resolve::SERVICE_RECORDS` | 64 | records whose hosts are looked up, all in the time of one question; the rest is counted: unknown | `silent_hosts_of_a_service_cost_one_deadline_and_those_beyond_the_bound_are_counted` |
//! | `resolve::cache::NAMES` | 4096 | names whose answers are remembered; then asked again | `a_name_keeps_its_place_until_thousands_came_after_it` |
//! | `resolve::question::ALIASES` | 16 | aliases that follow one another; then it is a failure | `so_many_aliases_are_followed_and_no_more` |
//! | `prober::ADDRESSES` | 64 | addresses of a name that are probed; the rest is counted: unknown | `of_a_name_with_thousands_of_addresses_some_are_probed_and_the_rest_is_counted` |
//! | `connect::PROXY_HEAD_LIMIT` | 16 KiB | of a proxy's answer; then it is refused | `a_proxy_that_will_not_is_quoted` |
//! | `engine::tap::HANDSHAKE_LIMIT` | 1 MiB | of a handshake; then the probe stops | `a_handshake_may_send_so_much_and_no_more` |
//! | `engine::message::LIST_LIMIT` | 4096 | entries of a list in a message; the rest is not read | `a_list_of_nothing_is_bounded` |
//! | `engine::follow::ALERT_LIMIT` | 16 | alerts of a connection; the rest is not kept | `so_many_alerts_are_kept_and_no_more` |
//! | `exchange::HEAD_LIMIT` | 64 KiB | of an answer's head; then it is none | `a_head_beyond_the_bound_is_no_answer` |
//! | `exchange::head::BEFORE_ANSWER` | 128 KiB | of what comes before an answer's head is read, interim answers among it; then it is none | `interim_answers_are_passed_over_and_not_without_end` |
//! | `exchange::HEADER_COUNT` | 128 | headers; then it is no answer | `a_head_beyond_the_bound_is_no_answer` |
//! | `exchange::HEADER_LIMIT` | 1 KiB | of a header's value; the rest is not kept | `so_much_of_an_answer_is_kept_and_no_more` |
//! | `exchange::AUTHENTICATION_SCHEMES` | 8 | ways to authenticate; the rest is not kept | `so_much_of_an_answer_is_kept_and_no_more` |
//! | `exchange::TITLE_LIMIT` | 200 | characters of a page's title; the rest is not kept | `so_much_of_an_answer_is_kept_and_no_more` |
//! | `plan::offer::BODY_LIMIT` | 256 KiB | of a body, decoded once; it is cut, and says so | `a_body_in_pieces_of_one_octet_is_read_as_text_once` |
//! | `plan::endpoint::LONGEST_LINE` | 1 KiB | of a line of a list of endpoints; then it is a fault | `a_line_of_a_list_may_be_so_long_and_no_longer` |
//! | `plan::endpoint::MOST_FAULTS` | 200 | faults of a list; the rest is not told | `so_many_faults_of_a_list_are_told_and_no_more` |
//! | `requirement::management_point::answers::NODES` | 100,000 | elements of a management point's list; then it is not read | `so_many_elements_are_read_and_no_more` |
//! | `certificate::read::extension::MOST_EXTENSIONS` | 256 | extensions of a certificate; then it is malformed | `so_many_extensions_are_read_and_no_more` |
//! | `certificate::cache::MOST_OCTETS` | 4 MiB | of certificates kept read; beyond it they are read again | `what_is_kept_read_is_bounded_by_number_and_by_octets` |
//! | `prober::lists::MOST_OF_LONG` | 16 MiB | of chains beyond 32 KiB that wait for their lists; the rest is unknown | `long_chains_wait_as_long_as_there_is_room_and_ordinary_ones_always` |
//! | `observation::bounds::MOST_OF_TARGET` | 48 MiB | of what a target's endpoints send; the rest is not kept: unknown | `of_a_target_that_sends_as_much_as_it_may_so_much_is_kept_and_the_rest_said` |
//! | `observation::bounds::MOST_URLS` | 8 | URLs of one certificate; the rest is not looked at | `a_certificate_names_its_lists_once_each_and_a_root_none` |
//! | `observation::bounds::LONGEST_URL` | 2 KiB | of a URL; then it is not asked | `issuers_are_looked_for_at_so_many_urls_and_no_more` |
//! | `observation::bounds::MOST_ISSUER_URLS` | 2 | URLs of a certificate's issuer; the rest is not looked at | `issuers_are_looked_for_at_so_many_urls_and_no_more` |
//! | `observation::bounds::MOST_URLS_OF_CHAIN` | 24 | URLs asked for one chain; the rest is unknown | `of_one_chain_so_many_urls_are_asked_and_the_rest_is_said` |
//! | `observation::bounds::MOST_OCTETS` | 192 MiB | of all lists and answers kept; the rest is unknown | `what_there_is_no_room_for_says_so_and_what_was_read_is_kept_once` |
//! | `observation::bounds::MOST_LISTS` | 4096 | lists of a run; the rest is unknown | `so_many_of_each_kind_are_kept_and_no_more` |
//! | `observation::bounds::MOST_ANSWERS` | 16,384 | responders' answers of a run; the rest is unknown | `so_many_of_each_kind_are_kept_and_no_more` |
//! | `observation::bounds::MOST_ISSUERS` | 4096 | files of issuers of a run; the rest is unknown | `so_many_of_each_kind_are_kept_and_no_more` |
//! | `observation::bounds::MOST_FAILURES` | 16,384 | fetches in vain of a run; the rest is unknown | `so_many_of_each_kind_are_kept_and_no_more` |
//! | `revocation::wanted::MOST_ABOVE` | 32 | certificates above one another; what the rest names is not fetched | `so_many_certificates_above_one_another_are_looked_at` |
//! | `certificate::issuers::MOST` | 16 | certificates of an issuer's file; the rest is not read | `so_many_are_read_of_one_answer_and_no_more` |
//! | `certificate::ocsp_request::MOST_RESPONDERS` | 2 | responders of a certificate; the rest is not asked | `so_many_are_asked_with_so_much_and_no_more` |
//! | `certificate::ocsp_request::MOST_ISSUERS` | 4 | authorities a responder is asked for; the rest is not | `so_many_are_asked_with_so_much_and_no_more` |
//! | `certificate::ocsp_request::LONGEST_URL` | 1 KiB | of a responder's URL; then it is not asked | `so_many_are_asked_with_so_much_and_no_more` |
//! | `certificate::ocsp_request::LONGEST_SERIAL` | 40 | octets of a serial number; then nobody is asked about it | `so_many_are_asked_with_so_much_and_no_more` |
//! | `certificate::ocsp_response::MOST_CERTIFICATES` | 4 | certificates of a response; the rest is not read | `so_much_of_a_response_is_read_and_no_more` |
//! | `certificate::ocsp_response::MOST_ANSWERS` | 16 | answers of a response; the rest is not read | `so_much_of_a_response_is_read_and_no_more` |
//! | `certificate::revocation_list::parser::MOST_OF_FRAME` | 256 KiB | of a list beside its entries; then it is unknown | `a_lists_values_have_so_much_room_and_no_more` |
//! | `certificate::revocation_list::parser::MOST_OF_ENTRY` | 64 KiB | of an entry; then the list is unknown | `a_lists_values_have_so_much_room_and_no_more` |
//! | `certificate::revocation_list::parser::MOST_ENTRIES` | 3,500,000 | entries of a list; then it is unknown | `so_many_entries_are_kept_and_no_more` |
//! | `certificate::revocation_list::parser::MOST_ISSUERS` | 1024 | authorities a list is about; then it is unknown | `a_list_is_about_so_many_authorities_and_no_more` |
//! | `certificate::revocation_list::parser::MOST_UNKNOWN` | 8 | unknown extensions of entries; the rest is not told | `a_list_is_about_so_many_authorities_and_no_more` |
//! | `trust::lists::fitness::MOST_SIGNERS` | 8 | authorities of one name that may have signed; the rest is not tried | `so_many_authorities_of_one_name_are_tried` |
//! | `trust::lists::trusted::MOST_ABOVE` | 6 | certificates below a root that are vouched for; the rest is not | `so_many_may_stand_between_a_certificate_and_a_root` |
//! | `certificate::revocation_list::reading::KEPT` | 256 KiB | of a list kept as it was sent; of a longer one its extract | `a_long_list_is_read_as_it_comes_and_its_extract_handed_on` |
//! | `trust::path::MOST_AUTHORITIES` | 16 | authorities of one name that are followed; then unknown | `more_authorities_than_anybody_follows_are_our_limit_and_said_so` |
//! | `trust::path::MOST_CERTIFICATES` | 1024 | certificates met while a path is looked for; then unknown | `a_heap_of_certificates_hides_no_path_until_it_is_our_limit_and_then_that_is_said` |
//! | `trust::path::MOST_SIGNATURES` | 96 | signatures verified for one path; then unknown | `a_heap_of_certificates_hides_no_path_until_it_is_our_limit_and_then_that_is_said` |
//! | `trust::path::name_constraint::MOST_STEPS` | 1,000,000 | comparisons of names with constraints; then unknown | `thousands_of_names_and_constraints_are_decided_and_hostile_masks_are_not` |
//! | `diagnosis::MOST_KEPT` | 512 | diagnoses of a run of lines that are told at its end; the rest is told where it shows | `a_run_of_lines_keeps_so_many_diagnoses_and_tells_the_rest_where_they_show` |
//! | `diagnosis::MOST_NAMED` | 10 | places of a diagnosis that a run of lines names; the rest is counted | `a_run_of_lines_names_so_many_places_of_a_diagnosis_and_counts_them_all` |
//! | `identity::rounds::MOST` | 10,000,000 | rounds a locked file may ask for; then it is not opened | `scrypt_asks_for_the_product_of_its_numbers` |
//! | `wire::markup::MOST_ATTRIBUTES` | 128 | attributes of an XML element; then it is not read | `so_many_attributes_are_read_and_no_more` |
//! | `wire::markup::MOST_NAMESPACES` | 256 | namespaces of an XML document; then it is not read | `so_many_namespaces_are_read_and_no_more` |
//! | `wire::pem::MOST` | 1000 | blocks of a file; the rest is not read | `so_many_blocks_are_read_and_no_more` |
//! | `import::MOST_OCTETS` | 64 MiB | of an export; then it is not read | `broken_exports_are_refused_by_name_with_what_would_be_right` |
//! | `import::MOST_OBJECTS` | 20,000 | roles or rows of an export; then it is refused | `broken_exports_are_refused_by_name_with_what_would_be_right` |
//! | `import::json::DEPTH` | 16 | values within one another; then it is no export | `broken_exports_are_refused_by_name_with_what_would_be_right` |
//! | `import::json::LONGEST` | 256 KiB | of a text in an export; then it is not kept | `a_text_may_be_so_long_and_no_longer` |
//! | `import::directory::LONGEST` | 256 KiB | of an attribute's value; then it is not kept | `a_value_of_an_attribute_may_be_so_long_and_no_longer` |
//! | `import::inventory::merge::MOST_REMARKS` | 50 | misspelt roles of an export that are told one by one; the rest is counted | `so_many_misspelt_roles_are_told_and_the_rest_is_counted` |
//! | `site::definition::faults::MOST` | 200 | faults of a definition; the rest is counted | `so_many_faults_are_kept_and_so_many_told` |
//! | `site::definition::faults::MOST_KEPT` | 5,000 | faults that are counted; the rest is not | `so_many_faults_are_kept_and_so_many_told` |
//! | `exporter::query::LONGEST` | 2 KiB | of a scrape's path and query; then it is refused | `what_is_no_question_is_refused` |
//! | `exporter::query::LONGEST_VALUE` | 300 | octets of a parameter; then it is refused | `a_value_of_a_query_may_be_so_long_and_no_longer` |
//! | `bin::cmprobe::files::LIMIT` | 1 MiB | of a file of certificates, keys or passwords; then it is refused | `a_file_may_be_so_long_and_no_longer` |
//! | `bin::cmprobe::files::DEFINITION_LIMIT` | 8 MiB | of a definition; then it is refused | `a_file_may_be_so_long_and_no_longer` |
//! | `bin::cmprobe::files::LIST_LIMIT` | 64 MiB | of a list of endpoints; then it is refused | `a_file_may_be_so_long_and_no_longer` |
//! | `bin::cmprobe::files::DOCUMENT_LIMIT` | 256 MiB | of an earlier run's report in one document; then it is refused | `a_report_may_be_so_long_and_no_longer` |
//! | `bin::cmprobe::files::LINES_LIMIT` | 1024 MiB | of one in lines, which are read one by one; then it is refused | `a_report_may_be_so_long_and_no_longer` |
//! | `observation::bounds::LONGEST_LINE` | 64 MiB | of a line of saved observations; then it is refused | `a_saved_line_may_be_so_long_and_no_longer` |
//! | `bin::cmprobe::saved::MOST_UNTOLD` | 256 MiB | of saved lines that wait for the one that says when they were judged; the rest is judged where it stands | `a_target_is_judged_when_the_file_says_so_as_long_as_there_is_room` |
//! | `bin::cmprobe::serve::listen::CONNECTIONS` | 64 | connections of the exporter; the next waits | `those_who_ask_slowly_or_read_nothing_hold_no_place_for_long` |
//! | `bin::cmprobe::serve::listen::HEAD` | 8 KiB | of a scrape's head; then it is refused | `what_is_no_question_is_refused` |
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
#[cfg(any(test, feature = "demo"))]
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
