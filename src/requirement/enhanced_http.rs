//! What is not asked of an endpoint of a site with enhanced HTTP that presents the certificate the site made for it: what
//! stands in for the PKI there is the site's own authority and tokens. Data, applied in one place.

use super::quality::enterprise_issued::made_by_the_site;
use crate::rule::Requirement;
use crate::rule::subject::{EndpointSubject, FileSubject};
use crate::rule::usage::Use;
use crate::trust::basis::Basis;

const NAMES: &str = "the site made this certificate for itself, and which names it carries no document says";
const PATH: &str = "the site's own certificate leads to the site's own authority, which [trust] does not hold";
const LISTS: &str = "the site's own certificate, as enhanced HTTP has it, is in no list";
const PLAIN: &str = "with enhanced HTTP port 80 serves by design";
const TOKENS: &str = "with enhanced HTTP clients show tokens, not certificates";
const ELSEWHERE: &str = "enhanced HTTP does not cover state migration points";

/// The requirements, and why they do not apply.
static NOT_ASKED: &[(&str, &str)] = &[
    ("web-server/intranet-name", NAMES),
    ("web-server/intranet-fqdn-preferred", NAMES),
    ("web-server/internet-name", NAMES),
    ("web-server/update-point-both-names", NAMES),
    ("web-server/client-accepts-name", NAMES),
    ("web-server/name-in-san", NAMES),
    ("chain/leads-to-site-root", PATH),
    ("chain/validity", PATH),
    ("chain/signatures", PATH),
    ("chain/sha1-signatures", PATH),
    ("chain/key-minimum", PATH),
    ("chain/signature-family", PATH),
    ("chain/issuer-spelling", PATH),
    ("chain/complete", PATH),
    ("chain/order", PATH),
    ("revocation/distribution-point", LISTS),
    ("revocation/reachable", LISTS),
    ("revocation/current", LISTS),
    ("revocation/not-revoked", LISTS),
    ("revocation/delta", LISTS),
    ("revocation/timely", LISTS),
    ("revocation/expiry", LISTS),
    ("revocation/der-encoding", LISTS),
    ("revocation/every-url", LISTS),
    ("reachability/http-closed", PLAIN),
    ("client-authentication/demanded", TOKENS),
    ("client-authentication/refuses-stranger", TOKENS),
    ("client-authentication/refuses-outsider", TOKENS),
    ("client-authentication/accepts-client", TOKENS),
    ("client-authentication/foreign-issuers", TOKENS),
    ("client-authentication/late-request", TOKENS),
    ("state-migration-point/service", ELSEWHERE),
];

/// Whether an endpoint is one that enhanced HTTP serves: the site declares it, and the certificate met is the site's own. A
/// certificate of the PKI that is bound instead always wins, and is judged as one.
pub fn serves(basis: &Basis<'_>, endpoint: &EndpointSubject<'_>) -> bool {
    basis.site.is_enhanced_http()
        && endpoint.of == Use::WebServer
        && endpoint.chain.first().and_then(|leaf| leaf.facts()).is_some_and(made_by_the_site)
}

/// Whether an endpoint is an administration service with the certificate the site made for it, which is right whatever the
/// site's clients speak.
pub fn administers(endpoint: &EndpointSubject<'_>) -> bool {
    endpoint.of == Use::SmsProvider
        && endpoint.chain.first().and_then(|leaf| leaf.facts()).is_some_and(made_by_the_site)
}

/// Why a requirement does not apply to an endpoint that presents what the site made for it; `None`: it does.
pub fn excludes(basis: &Basis<'_>, endpoint: &EndpointSubject<'_>, requirement: &Requirement) -> Option<&'static str> {
    let (_, why) = NOT_ASKED.iter().find(|(id, _)| *id == requirement.id)?;
    if endpoint.of == Use::SmsProvider && *why != PATH {
        return None;
    }
    // Where the definition trusts the site's own authority, paths lead to it.
    let is_trusted = || basis.trust.roots.iter().filter_map(|root| root.facts()).any(made_by_the_site);
    (*why != PATH || !is_trusted()).then_some(*why)
}

const MADE_BY_SITE: &str =
    "with enhanced HTTP the distribution point's certificate may be one the site made: it signs itself";

/// What a path above a distribution point's certificate would have to be.
static NOT_ASKED_OF_FILES: &[&str] = &[
    "distribution-point-client/enterprise-issued",
    "distribution-point-client/leads-to-root",
    "distribution-point-client/path-validity",
    "distribution-point-client/path-signatures",
    "distribution-point-client/path-key-minimum",
    "distribution-point-client/issuer-spelling",
    "distribution-point-client/distribution-point",
];

/// Why a requirement does not apply to a certificate in a file; `None`: it does. A distribution point's may sign itself
/// while management points take HTTP.
pub fn excludes_file(file: &FileSubject<'_>, requirement: &Requirement) -> Option<&'static str> {
    let is_self_signed = || file.file.certificate.as_ref().is_some_and(|certificate| certificate.is_self_issued());
    let may_sign_itself =
        file.basis.site.is_enhanced_http() && file.kind == Use::DistributionPointClient && is_self_signed();
    (may_sign_itself && NOT_ASKED_OF_FILES.contains(&requirement.id)).then_some(MADE_BY_SITE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::pki::{KeyName, Minted, Recipe};
    use crate::requirement::case::{INTRANET, World, lab};
    use crate::requirement::catalogue::{catalogue, find};
    use crate::site::{Communication, Site};
    use crate::verdict::Verdict;

    fn own() -> Minted {
        Minted::self_signed(&Recipe::root("SMS Issuing").key(KeyName::Rsa2048G)).unwrap()
    }

    fn enhanced(site: &mut Site) {
        site.communication = Communication::EnhancedHttp;
    }

    /// A management point with the certificate the site made for it.
    fn world() -> World {
        let leaf = own().issue(&lab().web_server(&[INTRANET]).cn("SMS Role SSL Certificate")).unwrap();
        World::presenting(&[&leaf], &[&lab().root]).current_branch().site(enhanced)
    }

    fn is_not_asked(world: &World, id: &str) -> bool {
        let findings = world.judge(find(id).unwrap());
        matches!(&findings[..], [one] if matches!(one.verdict, Verdict::NotApplicable(_)))
    }

    #[test]
    fn what_is_not_asked_is_there_and_not_asked() {
        for (id, _) in NOT_ASKED {
            assert!(catalogue().iter().any(|requirement| requirement.id == *id), "{id}");
            assert!(is_not_asked(&world(), id), "{id}");
        }
        assert!(is_not_asked(&world(), "web-server/enterprise-issued"));
        for id in ["web-server/validity", "web-server/key-minimum", "session/protocol", "reachability/connects"] {
            assert!(!is_not_asked(&world(), id), "{id}");
        }
    }

    #[test]
    fn a_certificate_of_the_pki_is_judged_as_one_and_so_is_every_one_where_https_alone_is_declared() {
        let of_the_pki = World::web_server(|recipe| recipe).current_branch().site(enhanced);
        let https_only = world().site(|site| site.communication = Communication::HttpsOnly);
        for id in ["chain/leads-to-site-root", "web-server/client-accepts-name", "web-server/enterprise-issued"] {
            assert!(!is_not_asked(&of_the_pki, id) && !is_not_asked(&https_only, id), "{id}");
        }
    }

    #[test]
    fn the_administration_services_own_certificate_needs_no_path_and_still_its_name() {
        let leaf = own().issue(&lab().web_server(&[INTRANET])).unwrap();
        let world = World::of_minted(Use::SmsProvider, &leaf);
        assert!(is_not_asked(&world, "chain/leads-to-site-root"));
        for id in ["sms-provider/client-accepts-name", "sms-provider/validity", "session/protocol"] {
            assert!(!is_not_asked(&world, id), "{id}");
        }
        let trusting = World::of_minted(Use::SmsProvider, &leaf).trusting(&[&own()]);
        let findings = trusting.judge(find("chain/leads-to-site-root").unwrap());
        assert!(matches!(findings[0].verdict, Verdict::Pass(_)), "{:?}", findings[0].verdict);
    }

    #[test]
    fn a_distribution_point_may_show_a_certificate_that_signs_itself() {
        let minted = Minted::self_signed(&lab().client("dp01.corp.contoso.com")).unwrap();
        let file = || World::file_of(Use::DistributionPointClient, &minted).current_branch();
        for id in NOT_ASKED_OF_FILES {
            assert!(find(id).is_some() && is_not_asked(&file().site(enhanced), id), "{id}");
        }
        let alone = file().judge(find("distribution-point-client/leads-to-root").unwrap());
        assert!(matches!(alone[0].verdict, Verdict::Fail(_)), "{:?}", alone[0].verdict);
        let issued = World::file(Use::DistributionPointClient, &lab().client("dp01")).current_branch().site(enhanced);
        assert!(!is_not_asked(&issued, "distribution-point-client/leads-to-root"));
    }

    #[test]
    fn paths_are_judged_where_the_sites_own_authority_is_trusted() {
        let trusting = world().trusting(&[&own()]);
        let findings = trusting.judge(find("chain/leads-to-site-root").unwrap());
        assert!(matches!(findings[0].verdict, Verdict::Pass(_)), "{:?}", findings[0].verdict);
        assert!(is_not_asked(&trusting, "web-server/client-accepts-name"));
    }
}
