//! The areas in which a system is judged, and what is worst in one.

use crate::report::finding::FindingReport;
use crate::report::view::Standing;
use crate::verdict::severity::Severity;

/// What requirements are about, in the order in which a connection meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Area {
    /// Names that resolve, ports that answer.
    Reach,
    /// The names on certificates.
    Names,
    /// The certificates themselves.
    Certificate,
    /// What stands above them.
    Chain,
    /// Revocation lists and responders.
    Revocation,
    /// TLS.
    Session,
    /// Who is asked for a client certificate, and who gets in.
    Clients,
    /// What the role answers.
    Role,
    /// Clusters, and proxies on the way.
    Between,
}

impl Area {
    /// Every area, in order.
    pub(super) const ALL: [Self; 9] = [
        Self::Reach,
        Self::Names,
        Self::Certificate,
        Self::Chain,
        Self::Revocation,
        Self::Session,
        Self::Clients,
        Self::Role,
        Self::Between,
    ];

    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Reach => "Reach",
            Self::Names => "Names",
            Self::Certificate => "Certificate",
            Self::Chain => "Chain",
            Self::Revocation => "Revocation",
            Self::Session => "Session",
            Self::Clients => "Client certificates",
            Self::Role => "Role",
            Self::Between => "Cluster, proxy",
        }
    }

    /// Where a requirement belongs, by its id; `None`: to no system.
    pub(super) fn of(requirement: &str) -> Option<Self> {
        let (subject, slug) = requirement.split_once('/')?;
        let is_any = |parts: &[&str]| parts.iter().any(|part| slug.contains(part));
        Some(match subject {
            "waiver" => return None,
            "reachability" => Self::Reach,
            "session" => Self::Session,
            "chain" => Self::Chain,
            "revocation" => Self::Revocation,
            "client-authentication" => Self::Clients,
            "management-point" | "distribution-point" | "software-update-point" | "state-migration-point" => Self::Role,
            "nlb" | "proxy" if is_any(&["nodes-agree", "mode", "tunnel", "bridges", "plain-http"]) => Self::Between,
            _ if is_any(&["crl-", "revoked", "distribution-point", "ocsp"]) => Self::Revocation,
            _ if is_any(&["leads-to-root", "path-", "issuer-spelling", "same-root", "root-specified"]) => Self::Chain,
            _ if is_any(&["name", "fqdn", "ampersand", "wildcard", "first-san", "subject-text", "site-code"]) => {
                Self::Names
            }
            _ => Self::Certificate,
        })
    }
}

/// What is said, least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Nothing.
    #[default]
    None,
    /// It is met.
    Met,
    /// It is not, and that is accepted.
    Waived,
    /// It is not decided, and need not be.
    Open,
    /// Something is worth knowing.
    Notice,
    /// It follows from what is told elsewhere.
    Follows,
    /// It is not decided, and must be.
    Unknown,
    /// What a document recommends is not so.
    Warning,
    /// What must be so is not.
    Error,
}

impl Mark {
    /// What a finding says.
    pub(super) const fn of(finding: &FindingReport, standing: Standing) -> Self {
        match standing {
            Standing::Fails | Standing::FailsBelow => Self::failing(finding.severity),
            Standing::Waived => Self::Waived,
            Standing::Follows => Self::Follows,
            Standing::Undecided => Self::Unknown,
            Standing::UndecidedBelow => Self::Open,
            Standing::Met => Self::Met,
            Standing::NotApplicable => Self::None,
        }
    }

    /// A failure of a severity.
    pub(super) const fn failing(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Notice => Self::Notice,
        }
    }

    /// The class of its colours.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Met => "met",
            Self::Waived => "waived",
            Self::Open | Self::Follows => "open",
            Self::Notice => "notice",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The sign in the picture.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::None => "\u{2013}",
            Self::Met => "\u{2713}",
            Self::Waived => "w",
            Self::Open | Self::Unknown => "?",
            Self::Notice => "i",
            Self::Follows => "\u{2192}",
            Self::Warning => "!",
            Self::Error => "\u{d7}",
        }
    }

    /// It and how often, in words.
    pub(super) fn words(self, count: usize) -> String {
        use crate::wire::counted::counted;
        match self {
            Self::None => "\u{2013}".to_owned(),
            Self::Met => "met".to_owned(),
            Self::Waived => format!("{count} waived"),
            Self::Open | Self::Unknown => format!("{count} not decided"),
            Self::Notice => counted(count, "notice"),
            Self::Follows if count == 1 => "1 follows".to_owned(),
            Self::Follows => format!("{count} follow"),
            Self::Warning => counted(count, "warning"),
            Self::Error => counted(count, "error"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Area;
    use crate::requirement::catalogue::catalogue;

    #[test]
    fn every_requirement_has_its_area() {
        for requirement in catalogue().iter().filter(|one| !one.id.starts_with("waiver/")) {
            assert!(Area::of(requirement.id).is_some(), "{}", requirement.id);
        }
        for (id, area) in [
            ("web-server/internet-name", Area::Names),
            ("web-server/validity", Area::Certificate),
            ("client/leads-to-root", Area::Chain),
            ("client/crl-current", Area::Revocation),
            ("client/distribution-point", Area::Revocation),
            ("distribution-point/content", Area::Role),
            ("proxy/mode", Area::Between),
            ("proxy/internet-name", Area::Names),
            ("nlb/cluster-name", Area::Names),
        ] {
            assert_eq!(Area::of(id), Some(area), "{id}");
        }
    }
}
