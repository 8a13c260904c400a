//! Every requirement, in the order reports show them.

use std::sync::LazyLock;

use super::uses::{QualityRow, TableCell, citation, qualities};
use super::{
    chain, client, client_authentication, cloud_management_gateway, deployment, distribution_point, management_point,
    monitoring, nlb, proxy, reachability, revocation, root, session, site_server, sms_provider, software_update_point,
    sql_server, state_migration_point, waiver, web_server,
};
use crate::rule::quality::{Cell, Half, Row};
use crate::rule::scope::{Presenters, Scope};
use crate::rule::usage::Use;
use crate::rule::{Check, Requirement};
use crate::site::profile::{ByProfile, Profile};
use crate::verdict::severity::Severity;

/// An entry of the catalogue's order.
enum Entry {
    /// A requirement with a file of its own.
    One(&'static Requirement),
    /// The qualities asked of a use, but for those whose ids servers share.
    Of(Use),
    /// The qualities under ids that servers share, of one subject: `chain` or `revocation`.
    Shared(&'static str),
}

use Entry::{Of, One, Shared};

/// The order.
static ORDER: &[Entry] = &[
    // reachability: can a client get there at all
    One(&reachability::name_syntax::NAME_SYNTAX),
    One(&reachability::name_resolves::NAME_RESOLVES),
    One(&reachability::internet_address::INTERNET_ADDRESS),
    One(&reachability::intranet_name_hidden::INTRANET_NAME_HIDDEN),
    One(&reachability::service_record::SERVICE_RECORD),
    One(&reachability::connects::CONNECTS),
    One(&reachability::speaks_tls::SPEAKS_TLS),
    One(&reachability::completes_handshake::COMPLETES_HANDSHAKE),
    One(&reachability::direct::DIRECT),
    One(&reachability::uninspected::UNINSPECTED),
    One(&reachability::http_closed::HTTP_CLOSED),
    // web-server: the certificate a web role presents
    One(&web_server::intranet_name::INTRANET_NAME),
    One(&web_server::intranet_fqdn_preferred::INTRANET_FQDN_PREFERRED),
    One(&web_server::internet_name::INTERNET_NAME),
    One(&web_server::update_point_both_names::UPDATE_POINT_BOTH_NAMES),
    One(&web_server::expected_certificate::EXPECTED_CERTIFICATE),
    Of(Use::WebServer),
    // chain: from that certificate to the site's roots
    Shared("chain"),
    One(&chain::one_leaf::ONE_LEAF),
    // session: the TLS session itself
    One(&session::key_proof::KEY_PROOF),
    One(&session::protocol::PROTOCOL),
    One(&session::reaches_clients::REACHES_CLIENTS),
    One(&session::reaches_old_clients::REACHES_OLD_CLIENTS),
    One(&session::old_versions::OLD_VERSIONS),
    One(&session::forward_secrecy::FORWARD_SECRECY),
    One(&session::server_name::SERVER_NAME),
    One(&session::handshake_time::HANDSHAKE_TIME),
    One(&session::secure_renegotiation::SECURE_RENEGOTIATION),
    One(&session::hello_tolerance::HELLO_TOLERANCE),
    One(&session::message_size::MESSAGE_SIZE),
    One(&session::clock::CLOCK),
    // revocation: as whoever checks it meets it
    Shared("revocation"),
    One(&revocation::der_encoding::DER_ENCODING),
    One(&revocation::every_url::EVERY_URL),
    // client-authentication: does the endpoint demand, check and accept client certificates
    One(&client_authentication::demanded::DEMANDED),
    One(&client_authentication::refuses_stranger::REFUSES_STRANGER),
    One(&client_authentication::refuses_outsider::REFUSES_OUTSIDER),
    One(&client_authentication::accepts_client::ACCEPTS_CLIENT),
    One(&client_authentication::accepted_issuers::ACCEPTED_ISSUERS),
    One(&client_authentication::foreign_issuers::FOREIGN_ISSUERS),
    One(&client_authentication::issuer_list_size::ISSUER_LIST_SIZE),
    One(&client_authentication::when::WHEN),
    One(&client_authentication::late_request::LATE_REQUEST),
    One(&client_authentication::update_point_ignores::UPDATE_POINT_IGNORES),
    // the roles' own answers
    One(&management_point::list::LIST),
    One(&management_point::list_known::LIST_KNOWN),
    One(&management_point::list_resolves::LIST_RESOLVES),
    One(&management_point::list_state::LIST_STATE),
    One(&management_point::own_certificate::OWN_CERTIFICATE),
    One(&management_point::profile::PROFILE),
    One(&management_point::site_signing_certificate::SITE_SIGNING_CERTIFICATE),
    One(&distribution_point::content::CONTENT),
    One(&distribution_point::listing::LISTING),
    One(&software_update_point::service::SERVICE),
    One(&software_update_point::http_content::HTTP_CONTENT),
    One(&software_update_point::directories_closed::DIRECTORIES_CLOSED),
    One(&state_migration_point::service::SERVICE),
    // nlb: network load balancing clusters
    One(&nlb::addressed_by_fqdn::ADDRESSED_BY_FQDN),
    One(&nlb::server_auth_eku::SERVER_AUTH_EKU),
    One(&nlb::cluster_name::CLUSTER_NAME),
    One(&nlb::node_name::NODE_NAME),
    One(&nlb::nodes_agree::NODES_AGREE),
    // proxy: proxy web servers for Internet clients
    One(&proxy::client_auth_eku::CLIENT_AUTH_EKU),
    One(&proxy::internet_name::INTERNET_NAME),
    One(&proxy::mode::MODE),
    One(&proxy::no_plain_http::NO_PLAIN_HTTP),
    One(&proxy::bridges_client::BRIDGES_CLIENT),
    One(&proxy::tunnel_needs_none::TUNNEL_NEEDS_NONE),
    One(&proxy::verbs::VERBS),
    Of(Use::Proxy),
    Of(Use::ProxyClient),
    // what clients present: certificates in files
    One(&client::unique_name::UNIQUE_NAME),
    One(&client::first_san::FIRST_SAN),
    One(&client::subject_computer_name::SUBJECT_COMPUTER_NAME),
    Of(Use::Client),
    Of(Use::MobileDevice),
    One(&deployment::name::NAME),
    One(&deployment::root_specified::ROOT_SPECIFIED),
    Of(Use::Deployment),
    One(&monitoring::present::PRESENT),
    One(&monitoring::name::NAME),
    Of(Use::Monitoring),
    Of(Use::DistributionPointClient),
    // site-server: the signing certificate
    One(&site_server::subject_text::SUBJECT_TEXT),
    One(&site_server::site_code::SITE_CODE),
    One(&site_server::same_root::SAME_ROOT),
    One(&site_server::not_on_secondary::NOT_ON_SECONDARY),
    Of(Use::SiteServer),
    // root: root authorities' certificates
    One(&root::standard::STANDARD),
    Of(Use::Root),
    // the roles of today
    One(&cloud_management_gateway::service_name::SERVICE_NAME),
    One(&cloud_management_gateway::prefix::PREFIX),
    One(&cloud_management_gateway::service::SERVICE),
    Of(Use::CloudManagementGateway),
    One(&sms_provider::service::SERVICE),
    Of(Use::SmsProvider),
    Of(Use::ReportingPoint),
    One(&sql_server::name::NAME),
    One(&sql_server::term::TERM),
    Of(Use::SqlServer),
    // waiver: accepted deviations
    One(&waiver::current::CURRENT),
    One(&waiver::needed::NEEDED),
];

static ALL: LazyLock<Vec<&'static Requirement>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for entry in ORDER {
        match entry {
            One(requirement) => all.push(*requirement),
            Of(of) => all.extend(qualities().filter_map(|row| row_of(row, *of))),
            Shared(subject) => all.extend(qualities().filter_map(|row| shared_row(row, subject))),
        }
    }
    all
});

/// Every requirement, in report order.
pub fn catalogue() -> &'static [&'static Requirement] {
    &ALL
}

/// The requirement made of a use's cell; `None`: it is empty under both profiles, shared, or has a file of its own.
fn row_of(row: &'static QualityRow, of: Use) -> Option<&'static Requirement> {
    if row.quality.servers.is_some() && of.is_server() {
        return None;
    }
    let TableCell::Of(cell) = row.cell(of) else { return None };
    made_of(row, vec![(of, cell)])
}

/// The requirement under an id that servers share; `None`: its subject is another.
fn shared_row(row: &'static QualityRow, subject: &str) -> Option<&'static Requirement> {
    row.quality.servers.filter(|id| id.strip_prefix(subject).is_some_and(|rest| rest.starts_with('/')))?;
    let cells = Use::ALL.into_iter().filter(|of| of.is_server()).filter_map(|of| match row.cell(of) {
        TableCell::Of(cell) => other(cell).is_some().then_some((of, cell)),
        TableCell::Told => None,
    });
    made_of(row, cells.collect())
}

fn made_of(row: &'static QualityRow, cells: Vec<(Use, Cell)>) -> Option<&'static Requirement> {
    let judged = |(_, cell): &&(Use, Cell)| Profile::ALL.iter().any(|profile| severity(*cell, *profile).is_some());
    let (first, first_cell) = *cells.iter().find(judged)?;
    let by_profile = |profile| severity(first_cell, profile).or_else(|| other(first_cell)).unwrap_or(Severity::Notice);
    let cited = |cell: Cell, of: Use| {
        let half = |profile| match cell.0.under(profile) {
            half @ Half::Judged(..) => half,
            Half::Empty(_) => judged_half(cell).unwrap_or(cell.0.under(profile)),
        };
        ByProfile::each(
            citation(of, half(Profile::NativeMode2007), Profile::NativeMode2007),
            citation(of, half(Profile::CurrentBranch), Profile::CurrentBranch),
        )
    };
    let noun = if row.quality.servers.is_some() && first.is_server() { "the certificate" } else { first.noun() };
    let uses: Vec<Use> = cells.iter().map(|(of, _)| *of).collect();
    let made =
        Row { quality: row.quality, cells: cells.iter().map(|(of, cell)| (*of, *cell, cited(*cell, *of))).collect() };
    // The catalogue is made once and lives as long as the program.
    Some(Box::leak(Box::new(Requirement {
        id: Box::leak(row.id(first).into_boxed_str()),
        title: Box::leak(titled(row.quality.title, noun).into_boxed_str()),
        explanation: row.quality.explanation,
        severity: ByProfile::each(by_profile(Profile::NativeMode2007), by_profile(Profile::CurrentBranch)),
        citation: cited(first_cell, first),
        scope: Scope {
            presenters: presenters(&uses),
            profile: only_profile(first_cell),
            files: Box::leak(uses.into_boxed_slice()),
            words: "",
            ..Scope::EVERY_ENDPOINT
        },
        evidence: row.quality.evidence,
        remedy: "",
        check: Check::Quality(Box::leak(Box::new(made))),
        #[cfg(test)]
        cases: crate::rule::Cases::OfUse(row.quality.cases, first),
    })))
}

/// What endpoints a row concerns.
fn presenters(uses: &[Use]) -> Presenters {
    match uses {
        [Use::Proxy] => Presenters::BridgingProxies,
        [Use::WebServer] => Presenters::WebRoles,
        _ => Presenters::Any,
    }
}

/// A title, with what it is about.
fn titled(title: &str, noun: &str) -> String {
    let lower = |noun: &str| {
        let mut letters = noun.chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    match title.strip_prefix("{}") {
        Some(rest) => {
            let mut letters = noun.chars();
            let capital: String =
                letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
            format!("{capital}{rest}")
        }
        None => title.replace("{}", &lower(noun)),
    }
}

/// How much a failure weighs under a profile; `None`: it is not judged there.
pub fn severity(cell: Cell, profile: Profile) -> Option<Severity> {
    match cell.0.under(profile) {
        Half::Judged(severity, _) => Some(severity),
        Half::Empty(_) => None,
    }
}

fn judged_half(cell: Cell) -> Option<Half> {
    Profile::ALL.into_iter().map(|profile| cell.0.under(profile)).find(|half| matches!(half, Half::Judged(..)))
}

fn other(cell: Cell) -> Option<Severity> {
    Profile::ALL.into_iter().find_map(|profile| severity(cell, profile))
}

/// The only profile a cell is judged under; `None`: both.
fn only_profile(cell: Cell) -> Option<Profile> {
    let judged: Vec<Profile> = Profile::ALL.into_iter().filter(|profile| severity(cell, *profile).is_some()).collect();
    match judged.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The requirement with an id.
pub fn find(id: &str) -> Option<&'static Requirement> {
    catalogue().iter().copied().find(|requirement| requirement.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::catalogue;
    use crate::requirement::case::Case;
    use crate::requirement::case::{Expect, World};
    use crate::requirement::uses::{QualityRow, REASONS, TableCell, qualities};
    use crate::rule::document;
    use crate::rule::quality::{Cell, Decider, Half, Reason};
    use crate::rule::scope::Scope;
    use crate::rule::usage::Use;
    use crate::rule::{Check, Requirement};
    use crate::site::profile::{ByProfile, Profile};
    use crate::verdict::Verdict;
    use crate::verdict::cause::catalogue as cause;
    use crate::verdict::severity::Severity;
    use crate::wire::der::Der;

    /// The ids of files that declare something, as `folder/file`.
    fn on_disk(declares: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/requirement");
        let entries =
            |folder: &Path| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
        let mut found = BTreeSet::new();
        for subject in entries(&folder).into_iter().filter(|path| path.is_dir()) {
            for file in entries(&subject).into_iter().filter(|path| path.is_file()) {
                if std::fs::read_to_string(&file).unwrap().contains(declares) {
                    found.insert(format!("{}/{}", stem(&subject), stem(&file)));
                }
            }
        }
        found
    }

    /// What is judged under a profile rests on that profile's documents, or on none of Configuration Manager's.
    #[test]
    fn no_profile_is_judged_by_the_documents_of_the_other() {
        let mut wrong = Vec::new();
        for (profile, of_other) in [
            (Profile::NativeMode2007, "Current Branch documentation"),
            (Profile::CurrentBranch, "Configuration Manager 2007 documentation"),
        ] {
            for requirement in catalogue() {
                let citations: Vec<_> = match requirement.check {
                    Check::Quality(row) => {
                        let judged = row.cells.iter().filter(|(of, ..)| row.excludes(*of, profile).is_none());
                        judged.map(|(_, _, citation)| citation.under(profile)).collect()
                    }
                    _ if requirement.scope.excludes_profile(profile).is_some() => Vec::new(),
                    _ => vec![requirement.citation.under(profile)],
                };
                let others = citations.iter().filter(|citation| citation.document.place.contains(of_other));
                wrong.extend(others.map(|citation| format!("{}: {}", requirement.id, citation.document.short)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_catalogue_is_what_lies_on_disk() {
        let listed: BTreeSet<String> = catalogue().iter().map(|requirement| requirement.id.to_owned()).collect();
        assert_eq!(listed.len(), catalogue().len(), "an id is listed twice");
        let own = catalogue().iter().filter(|requirement| !matches!(requirement.check, Check::Quality(_)));
        let own: BTreeSet<String> = own.map(|requirement| requirement.id.to_owned()).collect();
        assert_eq!(own, on_disk("requirement! {\n    ///"));
        assert_eq!(
            qualities().count(),
            on_disk("quality! {\n    ///").len(),
            "a quality is not in the table, or is there twice"
        );
    }

    /// What is wrong with a row of the table: a cell that is neither a requirement nor a reason, or both.
    fn wrong_cells(row: &QualityRow) -> Vec<String> {
        let mut wrong = Vec::new();
        for of in Use::ALL {
            let id = row.id(of);
            let mut say = |words: &str| wrong.push(format!("{id} of {}: {words}", of.name()));
            let cell = match row.cell(of) {
                // A requirement of its own tells it.
                TableCell::Told if super::find(&id).is_some() => continue,
                TableCell::Told => {
                    say("no requirement tells it");
                    continue;
                }
                TableCell::Of(cell) => cell,
            };
            let is_judged = Profile::ALL.iter().any(|profile| super::severity(cell, *profile).is_some());
            match (super::find(&id).is_some_and(|found| asks(found, of)), is_judged) {
                (true, false) => say("a requirement asks what the table leaves out"),
                (false, true) => say("no requirement asks it"),
                (true, true) | (false, false) => {}
            }
            for profile in Profile::ALL {
                let exists = of.exists_in(profile);
                match cell.0.under(profile) {
                    Half::Judged(..) if !exists => say("the use does not exist there"),
                    Half::Empty(reason) if reason.words.is_empty() || !REASONS.contains(&reason) => say("no reason"),
                    Half::Empty(reason) if !exists && reason.number != 1 => say("the reason is that there is no use"),
                    Half::Judged(..) | Half::Empty(_) => {}
                }
            }
        }
        wrong
    }

    #[test]
    fn every_cell_of_the_table_is_a_row_or_a_reason() {
        let wrong: Vec<String> = qualities().flat_map(wrong_cells).collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn a_cell_that_is_neither_a_row_nor_a_reason_is_found() {
        static NOTHING: Reason = Reason { number: 99, words: "" };
        let no_rule = REASONS.iter().find(|reason| reason.number == 2).unwrap();
        let empty = |reason| TableCell::Of(Cell(ByProfile::both(Half::Empty(reason))));
        let judged = TableCell::Of(Cell(ByProfile::both(Half::Judged(Severity::Error, &document::TOOL))));
        let today_for = |reason| {
            let judged = Half::Judged(Severity::Error, &document::TOOL);
            TableCell::Of(Cell(ByProfile::each(Half::Empty(reason), judged)))
        };
        let row = |slug: &str| qualities().find(|row| (row.quality.slug)(Use::Client) == slug).unwrap();
        let spoiled = |slug: &str, of: Use, cell: TableCell| {
            let mut cells = row(slug).cells;
            cells[of as usize] = cell;
            wrong_cells(&QualityRow { quality: row(slug).quality, cells })
        };
        for (slug, of, cell, words) in [
            ("validity", Use::Client, empty(&NOTHING), "a requirement asks what the table leaves out"),
            ("validity", Use::Client, empty(&NOTHING), "no reason"),
            ("validity", Use::Root, judged, "no requirement asks it"),
            ("validity", Use::SqlServer, judged, "the use does not exist there"),
            ("key-length", Use::SqlServer, today_for(no_rule), "the reason is that there is no use"),
            ("validity", Use::Root, TableCell::Told, "no requirement tells it"),
        ] {
            let found = spoiled(slug, of, cell);
            assert!(found.iter().any(|one| one.ends_with(words)), "{slug} of {}: {words}: {found:?}", of.name());
        }
    }

    /// Whether a requirement of the table is asked of a use.
    fn asks(requirement: &Requirement, of: Use) -> bool {
        match requirement.check {
            Check::Quality(row) => row.cell(of).is_some(),
            Check::Endpoint(_)
            | Check::Target(_)
            | Check::Lookup(_)
            | Check::File(_)
            | Check::Site(_)
            | Check::Waiver(_)
            | Check::OfUse(..)
            | Check::EndpointAndFile(..) => false,
        }
    }

    #[test]
    fn what_is_not_seen_is_unknown_for_every_quality() {
        for requirement in catalogue() {
            let Check::Quality(row) = requirement.check else { continue };
            for of in Use::ALL.into_iter().filter(|of| row.cell(*of).is_some() && World::is_met_in_handshakes(*of)) {
                for (what, world) in [
                    ("nothing listens", World::of(of, |r| r).refused()),
                    ("unreadable", World::of(of, |r| r).unreadable()),
                ] {
                    let verdict = world.judge(requirement).remove(0).verdict;
                    let is_told = what == "unreadable" && row.quality.unreadable.is_some();
                    let expected = match row.excludes(of, World::profile_of(of)) {
                        Some(_) => matches!(verdict, Verdict::NotApplicable(_)),
                        None if is_told => matches!(verdict, Verdict::Fail(_)),
                        None => matches!(verdict, Verdict::Unknown(_)),
                    };
                    assert!(expected, "{} of {}: {what}: {verdict:?}", requirement.id, of.name());
                }
            }
        }
    }

    #[test]
    fn every_requirement_says_what_a_reader_needs() {
        for requirement in catalogue() {
            let id = requirement.id;
            assert!(requirement.title.len() > 10 && !requirement.title.ends_with('.'), "{id}: title");
            assert!(!requirement.explanation.contains("\\\""), "{id}: a quotation mark is shown with a backslash");
            assert!(requirement.explanation.contains("Who is hurt:"), "{id}: the explanation does not say who is hurt");
            assert!(
                requirement.explanation.contains("How it is seen:"),
                "{id}: the explanation does not say how it is seen"
            );
            let has_cause = cause::CAUSES.iter().any(|cause| cause.fails(id));
            let has_remedy = requirement.remedy.len() > 20 && requirement.remedy.ends_with('.');
            assert!(has_cause || has_remedy, "{id}: neither a cause nor a remedy");
            for profile in Profile::ALL {
                assert!(!requirement.citation.under(profile).place.is_empty(), "{id}: place");
            }
            assert!(!requirement.evidence.is_empty(), "{id}: evidence");
        }
    }

    /// The cases of a requirement, for each use it is asked of, with the use in words.
    fn cases(requirement: &'static Requirement) -> Vec<(String, Vec<Case>)> {
        match (requirement.check, requirement.cases) {
            (Check::Quality(row), _) => row
                .cells
                .iter()
                .filter(|(of, cell, _)| {
                    super::severity(*cell, World::profile_of(*of)).or(super::other(*cell)).is_some()
                })
                .filter(|(of, ..)| row.quality.decided_by != Decider::Chain || World::is_met_in_handshakes(*of))
                .map(|(of, ..)| (format!(" of {}", of.name()), (row.quality.cases)(*of)))
                .collect(),
            (_, cases) => vec![(String::new(), cases.all())],
        }
    }

    #[test]
    fn every_failure_names_a_cause_that_can_fail_its_requirement() {
        let mut wrong = BTreeSet::new();
        for requirement in catalogue() {
            for case in cases(requirement).into_iter().flat_map(|(_, cases)| cases) {
                for finding in case.world.judge(requirement) {
                    let Verdict::Fail(evidence) = &finding.verdict else { continue };
                    match evidence.because {
                        None => {
                            wrong.insert(format!("{}: {}: names no cause", requirement.id, case.name));
                        }
                        Some(cause) if !cause.fails(requirement.id) => {
                            wrong.insert(format!("{}: {} is not said to fail it", requirement.id, cause.id));
                        }
                        Some(_) => {}
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn every_case_gets_its_verdict() {
        let mut wrong = Vec::new();
        for requirement in catalogue() {
            for (of, cases) in cases(requirement) {
                wrong.extend(
                    cases.iter().filter_map(|case| case.disagreement(requirement)).map(|why| format!("{why}{of}")),
                );
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_requirement_has_both_sides_in_its_cases() {
        for requirement in catalogue() {
            let id = requirement.id;
            for (of, cases) in cases(requirement) {
                let any = |wanted: fn(&Expect) -> bool| cases.iter().any(|case| wanted(&case.expect));
                assert!(any(|expect| matches!(expect, Expect::Pass)), "{id}{of}: no case passes");
                assert!(any(|expect| matches!(expect, Expect::Fail(_))), "{id}{of}: no case fails");
                let is_quality = matches!(requirement.check, Check::Quality(_));
                if requirement.scope.words != Scope::EVERY_ENDPOINT.words
                    && requirement.scope.files.is_empty()
                    && !is_quality
                {
                    assert!(
                        any(|expect| matches!(expect, Expect::NotApplicable | Expect::Nothing)),
                        "{id}: no case is outside its scope"
                    );
                }
            }
        }
    }

    #[test]
    fn a_certificate_cut_short_or_spoiled_anywhere_gives_the_same_verdicts_every_time() {
        let whole = World::web_server(|r| r).seen.endpoints[0].observations[0].handshake.chain.clone();
        let presenting = |leaf: &[u8]| {
            World::web_server(|r| r)
                .handshakes(|handshake| handshake.chain = vec![Der::from(leaf), whole[1].clone()])
                .judge_by(catalogue())
        };
        let good = whole[0].as_slice();
        let cut = (0..good.len()).map(|end| good[..end].to_vec());
        let spoiled = (0..good.len()).step_by(3).map(|at| {
            let mut leaf = good.to_vec();
            leaf[at] ^= 0x55;
            leaf
        });
        for (at, leaf) in cut.chain(spoiled).enumerate() {
            let once = presenting(&leaf);
            assert!(!once.is_empty());
            // Judging twice costs as much again: now and then will do.
            let again = if at % 16 == 0 { presenting(&leaf) } else { continue };
            for (one, other) in once.iter().zip(&again) {
                assert_eq!(one.verdict, other.verdict, "{}: {leaf:02x?}", one.requirement.id);
            }
        }
    }
}
