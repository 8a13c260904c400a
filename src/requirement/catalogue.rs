//! Every requirement, in the order reports show them.

use super::{
    chain, client, client_authentication, deployment, distribution_point, management_point, mobile_device, nlb, proxy,
    reachability, revocation, root, session, site_server, software_update_point, state_migration_point, waiver,
    web_server,
};
use crate::rule::Requirement;

/// Every requirement, in report order.
pub static CATALOGUE: &[&Requirement] = &[
    // reachability: can a client get there at all
    &reachability::name_syntax::NAME_SYNTAX,
    &reachability::name_resolves::NAME_RESOLVES,
    &reachability::internet_address::INTERNET_ADDRESS,
    &reachability::intranet_name_hidden::INTRANET_NAME_HIDDEN,
    &reachability::service_record::SERVICE_RECORD,
    &reachability::connects::CONNECTS,
    &reachability::speaks_tls::SPEAKS_TLS,
    &reachability::completes_handshake::COMPLETES_HANDSHAKE,
    &reachability::direct::DIRECT,
    &reachability::http_closed::HTTP_CLOSED,
    // web-server: the certificate a web role presents
    &web_server::server_auth_eku::SERVER_AUTH_EKU,
    &web_server::intranet_name::INTRANET_NAME,
    &web_server::intranet_fqdn_preferred::INTRANET_FQDN_PREFERRED,
    &web_server::internet_name::INTERNET_NAME,
    &web_server::update_point_both_names::UPDATE_POINT_BOTH_NAMES,
    &web_server::client_accepts_name::CLIENT_ACCEPTS_NAME,
    &web_server::name_in_san::NAME_IN_SAN,
    &web_server::literal_ampersand::LITERAL_AMPERSAND,
    &web_server::wildcard::WILDCARD,
    &web_server::single_byte_names::SINGLE_BYTE_NAMES,
    &web_server::enterprise_issued::ENTERPRISE_ISSUED,
    &web_server::validity::VALIDITY,
    &web_server::expiry::EXPIRY,
    &web_server::application_policies::APPLICATION_POLICIES,
    &web_server::not_a_ca::NOT_A_CA,
    &web_server::one_common_name::ONE_COMMON_NAME,
    &web_server::rsa_key::RSA_KEY,
    &web_server::signature::SIGNATURE,
    &web_server::legacy_client_hash::LEGACY_CLIENT_HASH,
    &web_server::key_length::KEY_LENGTH,
    &web_server::key_usage::KEY_USAGE,
    // chain: from that certificate to the site's roots
    &chain::leads_to_site_root::LEADS_TO_SITE_ROOT,
    &chain::complete::COMPLETE,
    &chain::order::ORDER,
    &chain::validity::VALIDITY,
    &chain::signatures::SIGNATURES,
    &chain::sha1_signatures::SHA1_SIGNATURES,
    &chain::one_leaf::ONE_LEAF,
    // session: the TLS session itself
    &session::key_proof::KEY_PROOF,
    &session::protocol::PROTOCOL,
    &session::reaches_clients::REACHES_CLIENTS,
    &session::reaches_old_clients::REACHES_OLD_CLIENTS,
    &session::old_versions::OLD_VERSIONS,
    &session::forward_secrecy::FORWARD_SECRECY,
    &session::server_name::SERVER_NAME,
    &session::handshake_time::HANDSHAKE_TIME,
    &session::secure_renegotiation::SECURE_RENEGOTIATION,
    &session::hello_tolerance::HELLO_TOLERANCE,
    &session::message_size::MESSAGE_SIZE,
    &session::clock::CLOCK,
    // revocation: as a client that checks it meets it
    &revocation::distribution_point::DISTRIBUTION_POINT,
    &revocation::reachable::REACHABLE,
    &revocation::current::CURRENT,
    &revocation::der_encoding::DER_ENCODING,
    &revocation::every_url::EVERY_URL,
    &revocation::timely::TIMELY,
    &revocation::expiry::EXPIRY,
    &revocation::not_revoked::NOT_REVOKED,
    // client-authentication: does the endpoint demand, check and accept client certificates
    &client_authentication::demanded::DEMANDED,
    &client_authentication::refuses_stranger::REFUSES_STRANGER,
    &client_authentication::refuses_outsider::REFUSES_OUTSIDER,
    &client_authentication::accepts_client::ACCEPTS_CLIENT,
    &client_authentication::accepted_issuers::ACCEPTED_ISSUERS,
    &client_authentication::foreign_issuers::FOREIGN_ISSUERS,
    &client_authentication::issuer_list_size::ISSUER_LIST_SIZE,
    &client_authentication::when::WHEN,
    &client_authentication::late_request::LATE_REQUEST,
    &client_authentication::update_point_ignores::UPDATE_POINT_IGNORES,
    // the roles' own answers
    &management_point::list::LIST,
    &management_point::list_known::LIST_KNOWN,
    &management_point::list_resolves::LIST_RESOLVES,
    &management_point::list_state::LIST_STATE,
    &management_point::own_certificate::OWN_CERTIFICATE,
    &management_point::profile::PROFILE,
    &management_point::site_signing_certificate::SITE_SIGNING_CERTIFICATE,
    &distribution_point::content::CONTENT,
    &distribution_point::listing::LISTING,
    &software_update_point::service::SERVICE,
    &software_update_point::http_content::HTTP_CONTENT,
    &software_update_point::directories_closed::DIRECTORIES_CLOSED,
    &state_migration_point::service::SERVICE,
    // nlb: network load balancing clusters
    &nlb::addressed_by_fqdn::ADDRESSED_BY_FQDN,
    &nlb::server_auth_eku::SERVER_AUTH_EKU,
    &nlb::cluster_name::CLUSTER_NAME,
    &nlb::node_name::NODE_NAME,
    &nlb::nodes_agree::NODES_AGREE,
    // proxy: proxy web servers for Internet clients
    &proxy::server_auth_eku::SERVER_AUTH_EKU,
    &proxy::client_auth_eku::CLIENT_AUTH_EKU,
    &proxy::internet_name::INTERNET_NAME,
    &proxy::mode::MODE,
    &proxy::no_plain_http::NO_PLAIN_HTTP,
    &proxy::bridges_client::BRIDGES_CLIENT,
    &proxy::tunnel_needs_none::TUNNEL_NEEDS_NONE,
    // client, mobile-device, deployment: certificates in files
    &client::client_auth_eku::CLIENT_AUTH_EKU,
    &client::unique_name::UNIQUE_NAME,
    &client::first_san::FIRST_SAN,
    &client::key_length::KEY_LENGTH,
    &client::rsa_key::RSA_KEY,
    &client::signature::SIGNATURE,
    &client::validity::VALIDITY,
    &client::expiry::EXPIRY,
    &client::key_matches::KEY_MATCHES,
    &client::leads_to_root::LEADS_TO_ROOT,
    &client::cng_provider::CNG_PROVIDER,
    &client::crl_reachable::CRL_REACHABLE,
    &mobile_device::client_auth_eku::CLIENT_AUTH_EKU,
    &mobile_device::key_length::KEY_LENGTH,
    &mobile_device::der_encoding::DER_ENCODING,
    &deployment::pkcs12::PKCS12,
    &deployment::client_auth_eku::CLIENT_AUTH_EKU,
    &deployment::key_length::KEY_LENGTH,
    &deployment::name::NAME,
    &deployment::root_specified::ROOT_SPECIFIED,
    // site-server: the signing certificate
    &site_server::document_signing_eku::DOCUMENT_SIGNING_EKU,
    &site_server::subject_text::SUBJECT_TEXT,
    &site_server::site_code::SITE_CODE,
    &site_server::key_length::KEY_LENGTH,
    &site_server::expiry::EXPIRY,
    &site_server::same_root::SAME_ROOT,
    &site_server::not_on_secondary::NOT_ON_SECONDARY,
    // root: root authorities' certificates in files
    &root::standard::STANDARD,
    // waiver: accepted deviations
    &waiver::current::CURRENT,
    &waiver::needed::NEEDED,
];

/// The requirement with an id.
pub fn find(id: &str) -> Option<&'static Requirement> {
    CATALOGUE.iter().copied().find(|requirement| requirement.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::CATALOGUE;
    use crate::requirement::case::{Expect, World};
    use crate::rule::scope::Scope;
    use crate::wire::der::Der;

    #[test]
    fn the_catalogue_is_what_lies_on_disk() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/requirement");
        let mut on_disk = BTreeSet::new();
        for subject in
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
        {
            for file in
                std::fs::read_dir(&subject).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
            {
                let text = std::fs::read_to_string(&file).unwrap();
                if text.contains("requirement! {") {
                    let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
                    on_disk.insert(format!("{}/{}", stem(&subject), stem(&file)));
                }
            }
        }
        let listed: BTreeSet<String> = CATALOGUE.iter().map(|requirement| requirement.id.to_owned()).collect();
        assert_eq!(listed.len(), CATALOGUE.len(), "an id is listed twice");
        assert_eq!(listed, on_disk);
    }

    #[test]
    fn every_requirement_says_what_a_reader_needs() {
        for requirement in CATALOGUE {
            let id = requirement.id;
            assert!(requirement.title.len() > 10 && !requirement.title.ends_with('.'), "{id}: title");
            assert!(!requirement.explanation.contains("\\\""), "{id}: a quotation mark is shown with a backslash");
            assert!(requirement.explanation.contains("Who is hurt:"), "{id}: the explanation does not say who is hurt");
            assert!(
                requirement.explanation.contains("How it is seen:"),
                "{id}: the explanation does not say how it is seen"
            );
            assert!(requirement.remedy.len() > 20 && requirement.remedy.ends_with('.'), "{id}: remedy");
            assert!(!requirement.citation.place.is_empty(), "{id}: place");
            assert!(!requirement.evidence.is_empty(), "{id}: evidence");
        }
    }

    #[test]
    fn every_case_gets_its_verdict() {
        let wrong: Vec<String> = CATALOGUE
            .iter()
            .flat_map(|requirement| (requirement.cases)().into_iter().filter_map(|case| case.disagreement(requirement)))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_requirement_has_both_sides_in_its_cases() {
        for requirement in CATALOGUE {
            let cases = (requirement.cases)();
            let any = |wanted: fn(&Expect) -> bool| cases.iter().any(|case| wanted(&case.expect));
            assert!(any(|expect| matches!(expect, Expect::Pass)), "{}: no case passes", requirement.id);
            assert!(any(|expect| matches!(expect, Expect::Fail(_))), "{}: no case fails", requirement.id);
            if requirement.scope.words != Scope::EVERY_ENDPOINT.words && requirement.scope.files.is_empty() {
                assert!(
                    any(|expect| matches!(expect, Expect::NotApplicable | Expect::Nothing)),
                    "{}: no case is outside its scope",
                    requirement.id
                );
            }
        }
    }

    #[test]
    fn a_certificate_cut_short_or_spoiled_anywhere_gives_the_same_verdicts_every_time() {
        let whole = World::web_server(|r| r).seen.endpoints[0].observations[0].handshake.chain.clone();
        let presenting = |leaf: &[u8]| {
            World::web_server(|r| r)
                .handshakes(|handshake| handshake.chain = vec![Der::from(leaf), whole[1].clone()])
                .judge_by(CATALOGUE)
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
