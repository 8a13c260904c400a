//! The one table of what a console calls roles, and what each becomes in a definition.

use crate::site::role::{Role, UnjudgedRole};

/// What becomes of a console's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// The definition's role of this name, judged by whether it is said to use HTTPS.
    Judged(&'static str),
    /// The definition's role of this name, which uses plain HTTP by design.
    Plain(&'static str),
    /// The definition's role of this name, which uses HTTPS whatever the console says of clients.
    Always(&'static str),
    /// A comment, with the reason why it is not judged.
    Comment(&'static str),
    /// The same, with the reason a definition is told.
    Unjudged(UnjudgedRole),
    /// No role: the computer itself.
    Server,
}

/// Every role a console's export may name that anything is said of. Others are counted.
pub const CONSOLE: &[(&str, Becomes)] = &[
    ("SMS Management Point", Becomes::Judged("management-point")),
    ("SMS Distribution Point", Becomes::Judged("distribution-point")),
    ("SMS Software Update Point", Becomes::Judged("software-update-point")),
    ("SMS State Migration Point", Becomes::Judged("state-migration-point")),
    ("SMS Device Management Point", Becomes::Judged("mobile-device-management-point")),
    ("SMS Fallback Status Point", Becomes::Plain("fallback-status-point")),
    ("SMS Server Locator Point", Becomes::Plain("server-locator-point")),
    ("SMS Provider", Becomes::Always("sms-provider")),
    ("SMS SRS Reporting Point", Becomes::Judged("reporting-point")),
    (
        "SMS Cloud Proxy Connector",
        Becomes::Comment(
            "cloud management gateway connection point. TODO the gateway is a [[system]] of its own: roles = [\"cloud-management-gateway\"], its service name as internet_fqdn",
        ),
    ),
    ("SMS SQL Server", Becomes::Comment("the site database: judged in a file only, by inspect --as sql-server")),
    ("SMS Enrollment Server", Becomes::Unjudged(UnjudgedRole::EnrollmentPoint)),
    ("SMS Enrollment Web Site", Becomes::Unjudged(UnjudgedRole::EnrollmentProxyPoint)),
    ("SMS Certificate Registration Point", Becomes::Unjudged(UnjudgedRole::CertificateRegistrationPoint)),
    (
        "SMS Application Web Service",
        Becomes::Comment("application catalog web service point: gone since Current Branch 1910, nothing to judge"),
    ),
    (
        "SMS Portal Web Site",
        Becomes::Comment("application catalog website point: gone since Current Branch 1910, nothing to judge"),
    ),
    (
        "SMS AMT Service Point",
        Becomes::Comment("out of band service point: gone, and its AMT certificates are not judged"),
    ),
    ("SMS Site System", Becomes::Server),
];

/// What a role's name in an export, or in a definition, becomes; `None`: nothing is known of it.
pub fn becomes(name: &str) -> Option<Becomes> {
    let name = name.trim();
    // What the console shows has no "SMS " in front of it.
    let shown = |console: &str| {
        console.strip_prefix("SMS ").is_some_and(|shown| shown.contains(' ') && shown.eq_ignore_ascii_case(name))
    };
    let of_console = CONSOLE.iter().find(|(console, _)| console.eq_ignore_ascii_case(name) || shown(console));
    if let Some((_, becomes)) = of_console {
        return Some(*becomes);
    }
    // A list somebody wrote may have a definition's own words.
    if let Some(unjudged) = UnjudgedRole::parse(name) {
        return Some(Becomes::Unjudged(unjudged));
    }
    let role = of_definition(name)?;
    let known = CONSOLE.iter().find(|(_, becomes)| becomes.role_name() == Some(role.name()));
    let unknown = if role.uses_https() { Becomes::Judged(role.name()) } else { Becomes::Plain(role.name()) };
    Some(known.map_or(unknown, |(_, becomes)| *becomes))
}

impl Becomes {
    /// The definition's name of the role.
    pub const fn role_name(self) -> Option<&'static str> {
        match self {
            Self::Judged(word) | Self::Plain(word) | Self::Always(word) => Some(word),
            Self::Comment(_) | Self::Unjudged(_) | Self::Server => None,
        }
    }
}

/// The role a definition may give a system by this name; `None`: this program knows none.
pub fn of_definition(name: &str) -> Option<Role> {
    match Role::parse(name)? {
        // What endpoints may be, and systems are not.
        Role::Proxy | Role::Nlb => None,
        role => Some(role),
    }
}

/// Whether a console's export would name a system's role; of others it says nothing by being silent.
pub fn is_exported(role: Role) -> bool {
    // At secondary sites of 2007 a management point is a proxy management point.
    role == Role::ProxyManagementPoint || CONSOLE.iter().any(|(_, becomes)| becomes.role_name() == Some(role.name()))
}

#[cfg(test)]
mod tests {
    use super::{Becomes, becomes, is_exported};
    use crate::site::role::Role;

    #[test]
    fn roles_are_known_by_the_consoles_words_and_by_ours_in_any_case() {
        assert_eq!(becomes("sms management point"), Some(Becomes::Judged("management-point")));
        assert_eq!(becomes("Distribution point"), Some(Becomes::Judged("distribution-point")));
        assert_eq!(becomes("DP"), Some(Becomes::Judged("distribution-point")));
        assert_eq!(becomes("Fallback-Status-Point"), Some(Becomes::Plain("fallback-status-point")));
        assert_eq!(becomes("proxy"), None);
        assert_eq!(becomes("SMS Site Server"), None);
        assert!(is_exported(Role::DistributionPoint) && !is_exported(Role::BranchDistributionPoint));
    }
}
