//! The table behind the requirements on certificates: which quality is judged of which use, how much a failure weighs and
//! on which document it rests, by profile; or why it is not judged. Columns stand in the order of [`Use::ALL`].

mod cell;
mod itself;
mod lists;
mod names;
mod path;
mod source;

pub use self::cell::REASONS;
use crate::rule::Citation;
use crate::rule::document::{self, Document};
use crate::rule::quality::{Cell, Half, Quality};
use crate::rule::usage::Use;
use crate::site::profile::Profile;

/// A row of the table: a quality, and what is asked of it of each use.
#[derive(Debug)]
pub struct QualityRow {
    /// The quality.
    pub quality: &'static Quality,
    /// One for each use.
    pub cells: [TableCell; 14],
}

/// A cell of the table.
#[derive(Clone, Copy, Debug)]
pub enum TableCell {
    /// Judged, or not, with the reason.
    Of(Cell),
    /// Told by a requirement of its own, beside the table.
    Told,
}

impl TableCell {
    /// Whether it is judged, under whichever profile, by this table or beside it.
    pub fn is_judged(&self) -> bool {
        match self {
            Self::Of(Cell(halves)) => {
                Profile::ALL.into_iter().any(|profile| matches!(halves.under(profile), Half::Judged(..)))
            }
            Self::Told => true,
        }
    }
}

impl QualityRow {
    /// The cell of a use.
    pub const fn cell(&self, of: Use) -> TableCell {
        self.cells[of as usize]
    }

    /// What it is called: the second part of its requirements' ids, each where uses have different ones.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = Vec::new();
        for of in Use::ALL.into_iter().filter(|of| self.cell(*of).is_judged()) {
            let name = (self.quality.slug)(of);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The id of the requirement that is made of a use's cell.
    pub fn id(&self, of: Use) -> String {
        match self.quality.servers {
            Some(shared) if of.is_server() => shared.to_owned(),
            Some(_) | None => match (of, (self.quality.slug)(of)) {
                (Use::ProxyClient, "client-auth-eku") => "proxy/client-auth-eku".into(),
                (Use::SiteServer, "leads-to-root") => "site-server/same-root".into(),
                (_, slug) => format!("{}/{slug}", of.name()),
            },
        }
    }
}

/// Where in a document a use's row stands.
pub fn citation(of: Use, half: Half, profile: Profile) -> Citation {
    let document = match half {
        Half::Judged(_, document) => document,
        Half::Empty(_) => &document::TOOL,
    };
    Citation { document, place: place(document, of, profile) }
}

fn place(document: &'static Document, of: Use, _: Profile) -> &'static str {
    match document.short {
        "CRNM" => match of {
            Use::WebServer => "Web server certificate of site system roles",
            Use::Proxy | Use::ProxyClient => "Proxy Web server accepting client connections over the Internet",
            Use::Client => "Client computers",
            Use::MobileDevice => "Mobile device clients",
            Use::Deployment => "Operating system client deployment",
            Use::Monitoring => "Monitoring of management points and state migration points",
            Use::SiteServer => "Primary site server",
            Use::Root => "Root certification authority certificates",
            Use::DistributionPointClient
            | Use::CloudManagementGateway
            | Use::SmsProvider
            | Use::ReportingPoint
            | Use::SqlServer => "certificates required for native mode",
        },
        "CB" => match of {
            Use::WebServer | Use::SmsProvider | Use::ReportingPoint => {
                "PKI certificates for servers: web server certificate"
            }
            Use::Proxy => "Proxy servers for Internet-based clients",
            Use::ProxyClient | Use::Client => "PKI certificates for clients: Windows computers",
            Use::MobileDevice => "Mobile device clients",
            Use::Deployment => "Boot images and task sequence media",
            Use::Monitoring => "Site system monitoring: management points and state migration points",
            Use::DistributionPointClient => "Site systems that have a distribution point installed",
            Use::SiteServer => "the site server signing certificate",
            Use::Root => "Root certification authority certificates",
            Use::CloudManagementGateway => "Cloud management gateway: server authentication certificate",
            Use::SqlServer => "Site systems that run Microsoft SQL Server",
        },
        "CNG" => "supported scenarios: templates and key storage providers",
        "PLAN" => match of {
            Use::Client => "client certificate selection; certificate revocation lists",
            _ => "certificate revocation lists; trusted root certification authorities",
        },
        "CRYPTO" => "certificate requirements; certificate revocation list checking",
        "CMGCERT" => "server authentication certificate for the gateway",
        "FQDN" => "names in Subject and Subject Alternative Name",
        "CRL" => "certificate revocation lists for native mode clients",
        "RENEW" => "status message 5112",
        "IDENT" => "certificates that are out of their dates",
        "KB1024" => "certificate chains with RSA keys shorter than 1024 bits",
        "KBIIS" => "client certificates are checked against every list of their chain",
        "BPA" => "how certificate revocation works: delta lists",
        "SQLCERT" => "certificate requirements",
        _ => "it follows from X.509, TLS and how Windows builds and checks chains",
    }
}

/// The table's rows, in order.
pub fn qualities() -> impl Iterator<Item = &'static QualityRow> + Clone {
    [itself::ROWS, names::ROWS, source::ROWS, path::ROWS, lists::ROWS].into_iter().flatten()
}
