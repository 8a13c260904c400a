//! The table behind the requirements on certificates: which quality is judged of which use, how much a failure weighs and
//! on which document it rests, by profile; or why it is not judged. Columns stand in the order of [`Use::ALL`].

use super::quality;
use crate::rule::Citation;
use crate::rule::document::{self, Document};
use crate::rule::quality::{Cell, Half, Quality, Reason};
use crate::rule::usage::Use;
use crate::site::profile::{ByProfile, Profile};
use crate::verdict::severity::Severity;

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

static REASON_1: Reason =
    Reason { number: 1, words: "the use, or the client concerned, does not exist in this profile" };
const R1: Half = Half::Empty(&REASON_1);
static REASON_2: Reason =
    Reason { number: 2, words: "no document sets such a rule, and nothing in Windows is known to depend on it" };
const R2: Half = Half::Empty(&REASON_2);
static REASON_4: Reason =
    Reason { number: 4, words: "part of another row: root/standard for a root, pkcs12 for a .pfx" };
const R4: Half = Half::Empty(&REASON_4);
static REASON_5: Reason =
    Reason { number: 5, words: "self-signed by design: the signing certificate of Current Branch, a root" };
const R5: Half = Half::Empty(&REASON_5);
static REASON_6: Reason = Reason { number: 6, words: "neither provider nor key is in what is seen" };
const R6: Half = Half::Empty(&REASON_6);
static REASON_7: Reason = Reason { number: 7, words: "allowed in Current Branch" };
const R7: Half = Half::Empty(&REASON_7);
static REASON_8: Reason = Reason { number: 8, words: "a root is the end of the path" };
const R8: Half = Half::Empty(&REASON_8);
static REASON_9: Reason = Reason {
    number: 9,
    words: "Windows does not verify a root's own signature for trust; its key counts in key-minimum",
};
const R9: Half = Half::Empty(&REASON_9);
static REASON_10: Reason = Reason { number: 10, words: "nobody dials this certificate's name" };
const R10: Half = Half::Empty(&REASON_10);
static REASON_11: Reason = Reason {
    number: 11,
    words: "documented as allowed: a wildcard for the gateway, the site's own certificate for the administration service and SQL Server",
};
const R11: Half = Half::Empty(&REASON_11);
static REASON_12: Reason = Reason { number: 12, words: "the row on the path tells it" };
const R12: Half = Half::Empty(&REASON_12);
static REASON_13: Reason = Reason { number: 13, words: "session/key-proof tells it" };
const R13: Half = Half::Empty(&REASON_13);
static REASON_14: Reason = Reason { number: 14, words: "trusted by copy, not by path" };
const R14: Half = Half::Empty(&REASON_14);
static REASON_15: Reason = Reason { number: 15, words: "no text says that clients check it" };
const R15: Half = Half::Empty(&REASON_15);
static REASON_16: Reason = Reason { number: 16, words: "a file presents no chain; servers and CryptoAPI complete it" };
const R16: Half = Half::Empty(&REASON_16);
static REASON_17: Reason = Reason { number: 17, words: "no checker is documented" };
const R17: Half = Half::Empty(&REASON_17);
static REASON_18: Reason = Reason { number: 18, words: "server-to-server connections do not support revocation lists" };
const R18: Half = Half::Empty(&REASON_18);

/// Every reason why a cell is empty.
pub static REASONS: &[&Reason] = &[
    &REASON_1, &REASON_2, &REASON_4, &REASON_5, &REASON_6, &REASON_7, &REASON_8, &REASON_9, &REASON_10, &REASON_11,
    &REASON_12, &REASON_13, &REASON_14, &REASON_15, &REASON_16, &REASON_17, &REASON_18,
];

const EB: Half = Half::Judged(Severity::Error, &document::CB);
const EC: Half = Half::Judged(Severity::Error, &document::CRNM);
const ED: Half = Half::Judged(Severity::Error, &document::IDENT);
const EG: Half = Half::Judged(Severity::Error, &document::CMGCERT);
const EI: Half = Half::Judged(Severity::Error, &document::KBIIS);
const EK: Half = Half::Judged(Severity::Error, &document::KB1024);
const EL: Half = Half::Judged(Severity::Error, &document::CRL);
const EN: Half = Half::Judged(Severity::Error, &document::CNG);
const EP: Half = Half::Judged(Severity::Error, &document::PLAN);
const EQ: Half = Half::Judged(Severity::Error, &document::SQLCERT);
const ET: Half = Half::Judged(Severity::Error, &document::TOOL);
const NT: Half = Half::Judged(Severity::Notice, &document::TOOL);
const WB: Half = Half::Judged(Severity::Warning, &document::CB);
const WC: Half = Half::Judged(Severity::Warning, &document::CRNM);
const WF: Half = Half::Judged(Severity::Warning, &document::FQDN);
const WI: Half = Half::Judged(Severity::Warning, &document::KBIIS);
const WK: Half = Half::Judged(Severity::Warning, &document::KB1024);
const WQ: Half = Half::Judged(Severity::Warning, &document::SQLCERT);
const WR: Half = Half::Judged(Severity::Warning, &document::RENEW);
const WT: Half = Half::Judged(Severity::Warning, &document::TOOL);
const WV: Half = Half::Judged(Severity::Warning, &document::BPA);
const WX: Half = Half::Judged(Severity::Warning, &document::CRYPTO);

const TOLD: TableCell = TableCell::Told;

const fn both(half: Half) -> TableCell {
    TableCell::Of(Cell(ByProfile::both(half)))
}

const fn each(native_mode_2007: Half, current_branch: Half) -> TableCell {
    TableCell::Of(Cell(ByProfile::each(native_mode_2007, current_branch)))
}

/// Of a use that sites of 2007 do not have.
const fn today(current_branch: Half) -> TableCell {
    TableCell::Of(Cell(ByProfile::each(R1, current_branch)))
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

/// The table.
pub static QUALITIES: &[QualityRow] = &[
    QualityRow {
        quality: &quality::validity::VALIDITY,
        cells: [
            both(ET),
            both(ET),
            both(ET),
            each(ED, EP),
            both(ET),
            both(ET),
            both(ET),
            today(ET),
            each(ET, WT),
            both(R4),
            today(ET),
            today(ET),
            today(ET),
            today(EQ),
        ],
    },
    QualityRow {
        quality: &quality::expiry::EXPIRY,
        cells: [
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            today(WT),
            each(WR, WT),
            both(WT),
            today(WT),
            today(WT),
            today(WT),
            today(WT),
        ],
    },
    QualityRow {
        quality: &quality::purpose::PURPOSE,
        cells: [
            each(EC, EB),
            each(EC, EB),
            TOLD,
            each(EC, EB),
            each(EC, EB),
            each(EC, EB),
            each(EC, EB),
            today(EB),
            each(EC, R5),
            both(R8),
            today(EB),
            today(ET),
            today(ET),
            today(EB),
        ],
    },
    QualityRow {
        quality: &quality::application_policies::APPLICATION_POLICIES,
        cells: [
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            today(WT),
            each(WT, R5),
            both(R8),
            today(WT),
            today(WT),
            today(WT),
            today(WT),
        ],
    },
    QualityRow {
        quality: &quality::key_usage::KEY_USAGE,
        cells: [
            both(WT),
            both(WT),
            both(WT),
            each(WT, EB),
            both(WT),
            both(WT),
            both(WT),
            today(WT),
            each(WT, R5),
            both(R4),
            today(WT),
            today(WT),
            today(WT),
            today(WQ),
        ],
    },
    QualityRow {
        quality: &quality::rsa_key::RSA_KEY,
        cells: [
            each(EC, EN),
            each(EC, EN),
            each(EC, WT),
            each(EC, EN),
            each(EC, WT),
            each(EC, EN),
            each(EC, WT),
            today(EN),
            each(EC, R5),
            both(R9),
            today(EN),
            today(R2),
            today(R2),
            today(WQ),
        ],
    },
    QualityRow {
        quality: &quality::cng_provider::CNG_PROVIDER,
        cells: [
            both(R6),
            both(R6),
            each(EC, R7),
            each(EC, R7),
            both(R6),
            each(EC, R7),
            each(EC, R7),
            today(R7),
            both(R6),
            both(R6),
            today(R7),
            today(R6),
            today(R6),
            today(WQ),
        ],
    },
    QualityRow {
        quality: &quality::signature::SIGNATURE,
        cells: [
            each(EC, ET),
            each(EC, ET),
            each(EC, ET),
            each(EC, ET),
            each(EC, ET),
            each(EC, ET),
            each(EC, ET),
            today(ET),
            each(EC, R5),
            both(R9),
            today(ET),
            today(ET),
            today(ET),
            today(ET),
        ],
    },
    QualityRow {
        quality: &quality::sha1_signature::SHA1_SIGNATURE,
        cells: [
            each(NT, EB),
            each(NT, EB),
            each(R2, WB),
            each(R2, WB),
            each(R2, WB),
            each(R2, WB),
            each(R2, WB),
            today(WB),
            each(R2, R5),
            both(R9),
            today(EB),
            today(EB),
            today(EB),
            today(WB),
        ],
    },
    QualityRow {
        quality: &quality::legacy_client_hash::LEGACY_CLIENT_HASH,
        cells: [
            each(NT, R1),
            each(NT, R1),
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            today(R2),
            both(R2),
            both(R9),
            today(R2),
            today(R2),
            today(R2),
            today(R2),
        ],
    },
    QualityRow {
        quality: &quality::key_minimum::KEY_MINIMUM,
        cells: [
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            today(EK),
            each(WK, R5),
            both(EK),
            today(EK),
            today(EK),
            today(EK),
            today(EK),
        ],
    },
    QualityRow {
        quality: &quality::key_length::KEY_LENGTH,
        cells: [
            both(WT),
            both(WT),
            both(R2),
            each(EC, R2),
            each(EC, EB),
            each(EC, EB),
            each(EC, EB),
            today(EB),
            each(EC, R5),
            both(NT),
            today(EB),
            today(WT),
            today(WT),
            today(EB),
        ],
    },
    QualityRow {
        quality: &quality::not_a_ca::NOT_A_CA,
        cells: [
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            today(WT),
            each(WT, R5),
            both(R4),
            today(WT),
            today(WT),
            today(WT),
            today(WT),
        ],
    },
    QualityRow {
        quality: &quality::client_accepts_name::CLIENT_ACCEPTS_NAME,
        cells: [
            both(ET),
            both(ET),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            today(R10),
            both(R10),
            both(R10),
            today(ET),
            today(ET),
            today(ET),
            today(WT),
        ],
    },
    QualityRow {
        quality: &quality::name_in_san::NAME_IN_SAN,
        cells: [
            both(WT),
            both(WT),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            today(R10),
            both(R10),
            both(R10),
            today(WT),
            today(WT),
            today(WT),
            today(R2),
        ],
    },
    QualityRow {
        quality: &quality::literal_ampersand::LITERAL_AMPERSAND,
        cells: [
            each(WC, WB),
            each(WC, WB),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            today(R10),
            both(R10),
            both(R10),
            today(R2),
            today(R2),
            today(R2),
            today(R2),
        ],
    },
    QualityRow {
        quality: &quality::one_common_name::ONE_COMMON_NAME,
        cells: [
            both(WT),
            both(WT),
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            today(R2),
            both(R2),
            both(R2),
            today(WT),
            today(R2),
            today(R2),
            today(WT),
        ],
    },
    QualityRow {
        quality: &quality::wildcard::WILDCARD,
        cells: [
            both(NT),
            both(NT),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            both(R10),
            today(R10),
            both(R10),
            both(R10),
            today(R11),
            today(R2),
            today(R2),
            today(R2),
        ],
    },
    QualityRow {
        quality: &quality::single_byte_names::SINGLE_BYTE_NAMES,
        cells: [
            each(WF, WX),
            each(WF, WX),
            each(R2, WX),
            each(R2, WX),
            each(R2, WX),
            each(R2, WX),
            each(R2, WX),
            today(WX),
            each(R2, R5),
            both(R2),
            today(WX),
            today(WX),
            today(WX),
            today(WX),
        ],
    },
    QualityRow {
        quality: &quality::enterprise_issued::ENTERPRISE_ISSUED,
        cells: [
            each(EC, EB),
            each(EC, EB),
            both(R12),
            both(R12),
            both(R12),
            both(R12),
            both(R12),
            today(EB),
            each(R2, R5),
            both(R5),
            today(R12),
            today(R11),
            today(R12),
            today(R11),
        ],
    },
    QualityRow {
        quality: &quality::file_format::FILE_FORMAT,
        cells: [
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            each(EC, EB),
            each(EC, EB),
            both(R2),
            today(EB),
            both(R2),
            both(R2),
            today(EB),
            today(R2),
            today(R2),
            today(R2),
        ],
    },
    QualityRow {
        quality: &quality::key_matches::KEY_MATCHES,
        cells: [
            both(R13),
            both(R13),
            both(ET),
            both(ET),
            both(R6),
            both(R4),
            both(ET),
            today(R4),
            both(R6),
            both(R6),
            today(R4),
            today(R13),
            today(R13),
            today(R6),
        ],
    },
    QualityRow {
        quality: &quality::leads_to_root::LEADS_TO_ROOT,
        cells: [
            each(EC, EB),
            each(EC, EB),
            both(ET),
            each(EC, EP),
            both(ET),
            each(ET, EP),
            each(ET, EP),
            today(EP),
            TOLD,
            both(R4),
            today(EG),
            today(ET),
            today(ET),
            today(R14),
        ],
    },
    QualityRow {
        quality: &quality::path_validity::PATH_VALIDITY,
        cells: [
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            today(ET),
            both(R15),
            both(R8),
            today(ET),
            today(ET),
            today(ET),
            today(R14),
        ],
    },
    QualityRow {
        quality: &quality::path_signatures::PATH_SIGNATURES,
        cells: [
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            both(ET),
            today(ET),
            both(R15),
            both(R8),
            today(ET),
            today(ET),
            today(ET),
            today(R14),
        ],
    },
    QualityRow {
        quality: &quality::path_key_minimum::PATH_KEY_MINIMUM,
        cells: [
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            both(EK),
            today(EK),
            both(R15),
            both(R8),
            today(EK),
            today(EK),
            today(EK),
            today(R14),
        ],
    },
    QualityRow {
        quality: &quality::signature_family::SIGNATURE_FAMILY,
        cells: [
            each(WT, R7),
            each(WT, R7),
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            both(R2),
            today(R2),
            both(R2),
            both(R9),
            today(R2),
            today(R2),
            today(R2),
            today(R2),
        ],
    },
    QualityRow {
        quality: &quality::issuer_spelling::ISSUER_SPELLING,
        cells: [
            both(NT),
            both(NT),
            both(NT),
            both(NT),
            both(NT),
            both(NT),
            both(NT),
            today(NT),
            both(R15),
            both(R8),
            today(NT),
            today(NT),
            today(NT),
            today(R14),
        ],
    },
    QualityRow {
        quality: &quality::complete::COMPLETE,
        cells: [
            both(WT),
            both(WT),
            both(R16),
            both(R16),
            both(R16),
            both(R16),
            both(R16),
            today(R16),
            both(R16),
            both(R8),
            today(WT),
            today(WT),
            today(WT),
            today(R14),
        ],
    },
    QualityRow {
        quality: &quality::order::ORDER,
        cells: [
            both(NT),
            both(NT),
            both(R16),
            both(R16),
            both(R16),
            both(R16),
            both(R16),
            today(R16),
            both(R16),
            both(R8),
            today(NT),
            today(NT),
            today(NT),
            today(R14),
        ],
    },
    QualityRow {
        quality: &quality::distribution_point::DISTRIBUTION_POINT,
        cells: [
            each(EL, EP),
            each(EL, EP),
            both(WI),
            both(WI),
            both(WI),
            both(WI),
            both(WI),
            today(WI),
            both(R15),
            both(R8),
            today(EP),
            today(R17),
            today(R17),
            today(R18),
        ],
    },
    QualityRow {
        quality: &quality::crl_reachable::CRL_REACHABLE,
        cells: [
            each(EL, EP),
            each(EL, EP),
            each(EI, EP),
            each(EI, EP),
            each(EI, WX),
            each(EI, EP),
            each(EI, EP),
            today(EP),
            both(R15),
            both(R8),
            today(EP),
            today(R17),
            today(R17),
            today(R18),
        ],
    },
    QualityRow {
        quality: &quality::crl_current::CRL_CURRENT,
        cells: [
            each(EL, EP),
            each(EL, EP),
            each(EI, EP),
            each(EI, EP),
            each(EI, WX),
            each(EI, EP),
            each(EI, EP),
            today(EP),
            both(R15),
            both(R8),
            today(EP),
            today(R17),
            today(R17),
            today(R18),
        ],
    },
    QualityRow {
        quality: &quality::not_revoked::NOT_REVOKED,
        cells: [
            each(EL, EP),
            each(EL, EP),
            each(EI, EP),
            each(EI, EP),
            each(EI, WX),
            each(EI, EP),
            each(EI, EP),
            today(EP),
            both(R15),
            both(R8),
            today(EP),
            today(R17),
            today(R17),
            today(R18),
        ],
    },
    QualityRow {
        quality: &quality::crl_delta::CRL_DELTA,
        cells: [
            both(WV),
            both(WV),
            both(WV),
            both(WV),
            both(WV),
            both(WV),
            both(WV),
            today(WV),
            both(R15),
            both(R8),
            today(WV),
            today(R17),
            today(R17),
            today(R18),
        ],
    },
    QualityRow {
        quality: &quality::crl_timely::CRL_TIMELY,
        cells: [
            both(WI),
            both(WI),
            both(WI),
            both(WI),
            both(WI),
            both(WI),
            both(WI),
            today(WI),
            both(R15),
            both(R8),
            today(WI),
            today(R17),
            today(R17),
            today(R18),
        ],
    },
    QualityRow {
        quality: &quality::crl_expiry::CRL_EXPIRY,
        cells: [
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            both(WT),
            today(WT),
            both(R15),
            both(R8),
            today(WT),
            today(R17),
            today(R17),
            today(R18),
        ],
    },
];
