//! Rows of the catalogue that a failure concerns together: patterns of their ids, by what they are about.

/// Rows about how the name's own answer is.
pub(super) const RESOLUTION: &[&str] = &[
    "reachability/name-resolves",
    "reachability/internet-address",
    "reachability/intranet-name-hidden",
    "reachability/service-record",
];

/// Rows about the connection and what listens at its end.
pub(super) const CONNECTION: &[&str] = &["reachability/connects", "reachability/http-closed"];

/// Rows about whether TLS answers there.
pub(super) const HELLO: &[&str] = &["reachability/speaks-tls"];

/// Rows about the certificate that is shown and its path.
pub(super) const PRESENTED: &[&str] = &[
    "web-server/*",
    "proxy/*",
    "cloud-management-gateway/*",
    "sms-provider/*",
    "reporting-point/*",
    "chain/*",
    "nlb/cluster-name",
    "nlb/node-name",
    "nlb/nodes-agree",
    "nlb/server-auth-eku",
    "reachability/direct",
];

/// What a device that opens TLS shows in a server's place: the certificate, its lists, the session, and how clients' own
/// certificates fare.
pub(super) const MADE_ON_THE_WAY: &[&str] = &[
    "web-server/*",
    "cloud-management-gateway/*",
    "sms-provider/*",
    "reporting-point/*",
    "chain/*",
    "revocation/*",
    "session/*",
    "client-authentication/*",
];

/// Rows about the session.
pub(super) const SESSION: &[&str] = &["session/*", "reachability/completes-handshake"];

/// Rows about the certificate's revocation lists.
pub(super) const LISTS: &[&str] = &["revocation/*"];

/// What cannot be said of a list that was not had.
pub(super) const LIST_CONTENTS: &[&str] = &[
    "revocation/current",
    "revocation/delta",
    "revocation/not-revoked",
    "revocation/expiry",
    "revocation/timely",
    "revocation/der-encoding",
    "*/crl-current",
    "*/crl-delta",
    "*/not-revoked",
    "*/crl-expiry",
    "*/crl-timely",
];

/// The lists' rows of every use.
pub(super) const ALL_LISTS: &[&str] = &[
    "revocation/reachable",
    "revocation/current",
    "revocation/delta",
    "revocation/not-revoked",
    "revocation/expiry",
    "revocation/timely",
    "revocation/every-url",
    "revocation/der-encoding",
    "*/crl-reachable",
    "*/crl-current",
    "*/crl-delta",
    "*/not-revoked",
    "*/crl-expiry",
    "*/crl-timely",
];

/// Rows about whether lists are had, and are what they should be.
pub(super) const LISTS_AND_URLS: &[&str] = &[
    "revocation/reachable",
    "revocation/current",
    "revocation/delta",
    "revocation/every-url",
    "revocation/der-encoding",
    "*/crl-reachable",
    "*/crl-current",
    "*/crl-delta",
];

/// Rows about client certificates.
pub(super) const CLIENTS: &[&str] = &["client-authentication/*", "proxy/bridges-client"];

/// Rows about the certificates of files.
pub(super) const FILES: &[&str] = &[
    "client/*",
    "mobile-device/*",
    "monitoring/*",
    "deployment/*",
    "distribution-point-client/*",
    "proxy-client/*",
    "proxy/client-auth-eku",
    "site-server/*",
    "sql-server/*",
    "root/*",
];

/// What the roles answer.
pub(super) const ROLES: &[&str] = &[
    "management-point/*",
    "distribution-point/*",
    "software-update-point/*",
    "state-migration-point/*",
    "cloud-management-gateway/service",
    "sms-provider/service",
    "proxy/verbs",
    "proxy/no-plain-http",
];

/// Rows about the signing certificate as a management point hands it out.
pub(super) const SIGNING: &[&str] = &["site-server/*"];

/// Paths to a root, by use.
pub(super) const PATHS: &[&str] =
    &["chain/leads-to-site-root", "chain/validity", "*/leads-to-root", "*/path-validity", "site-server/same-root"];

/// What fails with a root that is not declared: the list of authorities a server sends is the other hierarchy's, too.
pub(super) const FOREIGN: &[&str] = &[
    "chain/leads-to-site-root",
    "*/leads-to-root",
    "deployment/root-specified",
    "site-server/same-root",
    "client-authentication/accepted-issuers",
    "client-authentication/foreign-issuers",
];

/// What cannot be said of a path in which a certificate is missing.
pub(super) const ABOVE_THE_GAP: &[&str] = &[
    "chain/validity",
    "chain/signatures",
    "chain/sha1-signatures",
    "chain/key-minimum",
    "chain/signature-family",
    "chain/issuer-spelling",
    "*/sha1-signature",
    "*/path-validity",
    "*/path-signatures",
    "*/path-key-minimum",
];

/// What fails where the site's own, a self-signed or a wrong certificate is shown in the place of an authority's.
pub(super) const NOT_OF_AN_AUTHORITY: &[&str] = &[
    "*/enterprise-issued",
    "chain/leads-to-site-root",
    "*/leads-to-root",
    "chain/complete",
    "chain/one-leaf",
    "*/distribution-point",
    "*/client-accepts-name",
    "*/name-in-san",
    "*/internet-name",
    "web-server/intranet-name",
    "web-server/intranet-fqdn-preferred",
    "web-server/update-point-both-names",
    "*/expected-certificate",
];

/// What fails where something else answers in a role's place.
pub(super) const ANSWERED_BY_ANOTHER: &[&str] = &[
    "client-authentication/demanded",
    "client-authentication/refuses-stranger",
    "client-authentication/refuses-outsider",
    "proxy/bridges-client",
    "management-point/own-certificate",
    "management-point/site-signing-certificate",
];

/// The causes by which it does: it lets everybody in, and has no certificate to hand out.
pub(super) const WHAT_ANOTHER_DOES: &[&str] = &[
    "certificate-not-required",
    "any-certificate-taken",
    "proxy-lets-anybody-in",
    "proxy-takes-any-certificate",
    "no-certificate-handed-out",
];

/// Causes by which a certificate lacks a name that is wanted of it.
pub(super) const LACKING_A_NAME: &[&str] = &[
    "name-not-requested",
    "names-joined-by-ampersand",
    "computer-name-only",
    "name-in-wrong-field",
    "wildcard-does-not-cover",
    "no-name-at-all",
    "published-name-missing",
];
