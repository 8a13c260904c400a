//! What the web sites of the lab's systems answer over HTTPS, as IIS and the roles' applications do. Which directories
//! demand a client certificate is said here; how it is asked for is the server's business.

use std::fmt::Write;

use data_encoding::HEXUPPER;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::blueprint::{Content, Edition, SITE_CODE};
use crate::site::role::Role;

/// An answer of a web site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// What the status line says behind it.
    pub reason: &'static str,
    /// The `Content-Type`; empty: none, or among the headers.
    pub media_type: &'static str,
    /// Further headers, a line each.
    pub headers: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The web site of one system.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Which site it is of.
    pub edition: Edition,
    /// What the system does.
    pub roles: &'static [Role],
    /// The management points of the site: computer name and FQDN.
    pub management_points: Vec<(String, String)>,
    /// The system's own certificate, DER.
    pub own_certificate: Vec<u8>,
    /// The site server signing certificate, DER.
    pub signing_certificate: Vec<u8>,
    /// What is wrong with it all.
    pub content: Content,
}

/// Who may read a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody; client certificates are ignored.
    Anybody,
    /// Clients with a certificate the server trusts.
    ClientCertificate,
    /// Windows accounts: the twin directories for those without a certificate.
    WindowsAccount,
}

/// A virtual directory of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Directory {
    ManagementPoint,
    Packages,
    PackagesForAccounts,
    UserState,
    UpdateServices,
    UpdateContent,
    Gateway,
    AdministrationService,
    Reports,
}

/// A file of the package, below the package directory, in small letters.
pub const PACKAGE: &str = "pri00001.1/setup.exe";
/// What is in it.
const PACKAGE_OCTETS: &[u8] = b"MZ: a program that does nothing";

/// The build of Configuration Manager 2007 with Service Pack 2.
const BUILD: u32 = 6487;
/// The build of Current Branch 2503.
const BUILD_OF_2026: u32 = 9135;

/// The beginning of the package's file.
fn octets(most: usize) -> Page {
    let body = PACKAGE_OCTETS.get(..most).unwrap_or(PACKAGE_OCTETS).to_vec();
    Page { status: 200, reason: "OK", media_type: "application/octet-stream", headers: Vec::new(), body }
}

impl Pages {
    /// Who may read what lies at a path.
    pub fn access(&self, path: &str) -> Access {
        match self.directory(path) {
            Some(_) if self.content.open => Access::Anybody,
            Some(Directory::ManagementPoint | Directory::Packages | Directory::UserState | Directory::Gateway) => {
                Access::ClientCertificate
            }
            Some(Directory::PackagesForAccounts | Directory::AdministrationService | Directory::Reports) => {
                Access::WindowsAccount
            }
            Some(Directory::UpdateServices | Directory::UpdateContent) | None => Access::Anybody,
        }
    }

    /// The answer to a request over HTTPS, from a client that has shown a certificate the server trusts, or from one
    /// that has not. With it goes what the web server says of its clock, and what stands before it of itself.
    pub fn answer(&self, method: &str, path: &str, known_client: bool) -> Page {
        let mut page = self.page(method, path, known_client);
        let clock = OffsetDateTime::now_utc() + self.content.clock_ahead;
        if let Ok(date) = clock.format(&Rfc2822) {
            page.headers.push(format!("Date: {}", date.replace("+0000", "GMT")));
        }
        page.headers.extend(self.content.via.map(|via| format!("Via: {via}")));
        page
    }

    fn page(&self, method: &str, path: &str, known_client: bool) -> Page {
        let Some(directory) = self.directory(path) else {
            return if path == "/" { html("IIS7") } else { not_found() };
        };
        match (self.access(path), known_client) {
            // As if nginx stood before it: it finishes the handshake and refuses afterwards, with 400.
            (Access::ClientCertificate, false) if self.directory(path) == Some(Directory::UserState) => {
                return error(400, "Bad Request", "400 No required SSL certificate was sent");
            }
            (Access::ClientCertificate, false) => return error(403, "Forbidden", "403.7 - Forbidden"),
            // A service that does not run asks nobody who he is.
            (Access::WindowsAccount, _) if !self.content.stopped => {
                let headers = vec!["WWW-Authenticate: Negotiate".to_owned()];
                return Page { headers, ..error(401, "Unauthorized", "401.2 - Unauthorized") };
            }
            (Access::WindowsAccount, _) => {}
            (Access::ClientCertificate, true) | (Access::Anybody, _) => {}
        }
        if !matches!(method, "GET" | "HEAD" | "PROPFIND") {
            return error(405, "Method Not Allowed", "405.0 - Method Not Allowed");
        }
        if self.content.stopped {
            return error(503, "Service Unavailable", "503.0 - Service Unavailable");
        }
        if let (Directory::Packages, Some(status)) = (directory, self.content.filtered) {
            return error(404, "Not Found", &format!("{status} - Not Found"));
        }
        let path = path.to_ascii_lowercase();
        match directory {
            Directory::ManagementPoint => match path.split_once('?') {
                Some(("/sms_mp/.sms_aut", query)) => self.management_point(query),
                _ => error(403, "Forbidden", "403.14 - Forbidden"),
            },
            Directory::Packages if path.ends_with(PACKAGE) && method != "PROPFIND" && !self.content.no_packages => {
                match method {
                    // Whoever fetches it here fetches it range by range.
                    "GET" if !self.content.no_ranges => {
                        let range = format!("Content-Range: bytes 0-7/{}", PACKAGE_OCTETS.len());
                        Page { status: 206, reason: "Partial Content", headers: vec![range], ..octets(8) }
                    }
                    _ => octets(PACKAGE_OCTETS.len()),
                }
            }
            // A directory holds what was put there, and nothing else was.
            Directory::Packages if !path.ends_with("$/") => not_found(),
            Directory::Packages if method == "PROPFIND" && self.content.no_webdav => {
                error(405, "Method Not Allowed", "405.0 - Method Not Allowed")
            }
            Directory::Packages if method == "PROPFIND" => {
                Page { status: 207, reason: "Multi-Status", ..xml(PROPERTIES.to_owned()) }
            }
            Directory::Packages => html("PRI00001"),
            Directory::PackagesForAccounts => not_found(),
            Directory::UserState => xml("<UserState/>".to_owned()),
            Directory::Gateway | Directory::AdministrationService => {
                Page { media_type: "application/json", ..xml("{\"value\":[]}".to_owned()) }
            }
            Directory::Reports => html("Reports"),
            Directory::UpdateContent => error(403, "Forbidden", "403.14 - Forbidden"),
            Directory::UpdateServices => match path.as_str() {
                "/clientwebservice/wusserverversion.xml" => {
                    xml("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<ServerVersion>3.1.7600.226</ServerVersion>"
                        .into())
                }
                "/clientwebservice/client.asmx" => html("Client Web Service"),
                "/simpleauthwebservice/simpleauth.asmx" => html("SimpleAuth Web Service"),
                _ => not_found(),
            },
        }
    }

    /// The answer to a request over plain HTTP, which native mode has for none of these roles.
    pub fn answer_without_tls(&self, path: &str) -> Page {
        match self.directory(path) {
            Some(Directory::UpdateContent) => error(403, "Forbidden", "403.14 - Forbidden"),
            None => not_found(),
            Some(_) => error(403, "Forbidden", "403.4 - Forbidden"),
        }
    }

    /// The virtual directory a path lies in, if the system's roles have it.
    fn directory(&self, path: &str) -> Option<Directory> {
        if self.content.gone {
            return None;
        }
        let first = path.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
        let (role, directory) = match first.as_str() {
            "sms_mp" | "ccm_system" | "ccm_incoming" | "ccm_client" if self.does(Role::ProxyManagementPoint) => {
                (Role::ProxyManagementPoint, Directory::ManagementPoint)
            }
            "sms_mp" | "ccm_system" | "ccm_incoming" | "ccm_client" => {
                (Role::ManagementPoint, Directory::ManagementPoint)
            }
            // Sites of today have one directory for all packages.
            "sms_dp_smspkg$" | "nocert_sms_dp_smspkg$"
                if self.edition == Edition::Site2007 || self.content.no_packages =>
            {
                return None;
            }
            "sms_dp_smspkg$" => (Role::DistributionPoint, Directory::Packages),
            "nocert_sms_dp_smspkg$" => (Role::DistributionPoint, Directory::PackagesForAccounts),
            // Packages lie on drive C; what would be on others is not there.
            "sms_dp_smspkgc$" | "nocert_sms_dp_smspkgc$" if self.edition == Edition::Site2026 => return None,
            "sms_dp_smspkgc$" if self.content.no_packages => return None,
            "sms_dp_smspkgc$" | "sms_dp_smssig$" => (Role::DistributionPoint, Directory::Packages),
            "nocert_sms_dp_smspkgc$" | "nocert_sms_dp_smssig$" => {
                (Role::DistributionPoint, Directory::PackagesForAccounts)
            }
            "ccm_proxy_mutualauth" => (Role::CloudManagementGateway, Directory::Gateway),
            "adminservice" => (Role::SmsProvider, Directory::AdministrationService),
            "reports" | "reportserver" => (Role::ReportingPoint, Directory::Reports),
            "smssmp" => (Role::StateMigrationPoint, Directory::UserState),
            "clientwebservice"
            | "simpleauthwebservice"
            | "apiremoting30"
            | "dssauthwebservice"
            | "serversyncwebservice" => (Role::SoftwareUpdatePoint, Directory::UpdateServices),
            "content" => (Role::SoftwareUpdatePoint, Directory::UpdateContent),
            _ => return None,
        };
        self.does(role).then_some(directory)
    }

    fn management_point(&self, query: &str) -> Page {
        match query {
            "mplist" | "mplist1" => {
                let build = self.content.build.unwrap_or(match self.edition {
                    Edition::Site2007 => BUILD,
                    Edition::Site2026 => BUILD_OF_2026,
                });
                let state = self
                    .content
                    .ssl_state
                    .map_or_else(String::new, |state| format!("<Property Name=\"SSLState\" Value=\"{state}\"/>"));
                let mut list = String::from("<MPList>");
                for (name, fqdn) in self.management_points.iter().chain(&self.content.lists_too) {
                    // Writing to a String cannot fail.
                    let _ = write!(
                        list,
                        "<MP Name=\"{name}\" FQDN=\"{fqdn}\" SiteCode=\"{SITE_CODE}\"><Version>{build}</Version><Capabilities SchemaVersion=\"1.0\">{state}</Capabilities></MP>"
                    );
                }
                xml(list + "</MPList>")
            }
            "mpcert" => xml(format!("<X509Certificate>{}</X509Certificate>", HEXUPPER.encode(&self.own_certificate))),
            "sitesigncert" => xml(format!(
                "<SiteSigningCert><X509Certificate Signature=\"\">{}</X509Certificate></SiteSigningCert>",
                HEXUPPER.encode(&self.signing_certificate)
            )),
            _ => error(400, "Bad Request", "400.0 - Bad Request"),
        }
    }

    fn does(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// What WebDAV says of a collection.
const PROPERTIES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/SMS_DP_SMSPKGC$/</D:href><D:propstat><D:status>HTTP/1.1 200 OK</D:status><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop></D:propstat></D:response></D:multistatus>";

/// There is nothing there.
pub fn not_found() -> Page {
    error(404, "Not Found", "404.0 - Not Found")
}

fn xml(body: String) -> Page {
    Page { status: 200, reason: "OK", media_type: "text/xml", headers: Vec::new(), body: body.into_bytes() }
}

fn html(title: &str) -> Page {
    let body = format!("<html><head><title>{title}</title></head><body></body></html>");
    Page { status: 200, reason: "OK", media_type: "text/html", headers: Vec::new(), body: body.into_bytes() }
}

/// As IIS 7 shows errors, sub-status and all.
fn error(status: u16, reason: &'static str, title: &str) -> Page {
    let body = format!(
        "<html><head><title>IIS 7.5 Detailed Error - {title}</title></head><body><h2>HTTP Error {title}</h2></body></html>"
    );
    Page { status, reason, media_type: "text/html", headers: Vec::new(), body: body.into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(roles: &'static [Role]) -> Pages {
        Pages {
            edition: Edition::Site2007,
            roles,
            management_points: vec![("MP01".into(), "mp01.corp.contoso.com".into())],
            own_certificate: vec![0x30, 0x01],
            signing_certificate: vec![0x30, 0x02],
            content: Content::default(),
        }
    }

    #[test]
    fn a_management_point_talks_to_known_clients_only() {
        let site = pages(&[Role::ManagementPoint]);
        let list = site.answer("GET", "/SMS_MP/.sms_aut?MPLIST", true);
        assert_eq!(list.status, 200);
        assert!(String::from_utf8(list.body).unwrap().contains("FQDN=\"mp01.corp.contoso.com\""));
        assert_eq!(site.answer("GET", "/sms_mp/.sms_aut?mplist", false).status, 403);
        assert_eq!(site.answer_without_tls("/SMS_MP/.sms_aut?MPLIST").status, 403);
        assert!(site.answer("GET", "/SMS_MP/.sms_aut?SITESIGNCERT", true).body.windows(4).any(|part| part == b"3002"));
        assert_eq!(site.answer("GET", "/SMS_DP_SMSPKGC$/", true).status, 404, "it is no distribution point");
    }

    #[test]
    fn a_distribution_point_has_a_directory_for_clients_and_a_twin_for_accounts() {
        let site = pages(&[Role::DistributionPoint]);
        assert_eq!(site.answer("PROPFIND", "/SMS_DP_SMSPKGC$/", true).status, 207);
        assert_eq!(site.answer("PROPFIND", "/SMS_DP_SMSPKGC$/", false).status, 403);
        assert_eq!(site.answer("GET", "/SMS_DP_SMSPKGD$/", true).status, 404, "there is no such drive");
        assert_eq!(site.answer("GET", "/NOCERT_SMS_DP_SMSPKGC$/", true).status, 401);
    }

    #[test]
    fn an_update_point_asks_nobody() {
        let site = pages(&[Role::SoftwareUpdatePoint]);
        assert_eq!(site.access("/ClientWebService/wusserverversion.xml"), Access::Anybody);
        assert_eq!(site.answer("GET", "/ClientWebService/wusserverversion.xml", false).status, 200);
    }
}
