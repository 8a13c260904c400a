//! What the web sites of the lab's systems answer over HTTPS, as IIS and the roles' applications do. Which directories
//! demand a client certificate is said here; how it is asked for is the server's business.

use std::fmt::Write;

use data_encoding::HEXUPPER;

use super::blueprint::SITE_CODE;
use crate::site::role::Role;

/// An answer of a web site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// What the status line says behind it.
    pub reason: &'static str,
    /// The `Content-Type`.
    pub media_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// The web site of one system.
#[derive(Debug, Clone)]
pub struct Pages {
    /// What the system does.
    pub roles: &'static [Role],
    /// The management points of the site: computer name and FQDN.
    pub management_points: Vec<(String, String)>,
    /// The system's own certificate, DER.
    pub own_certificate: Vec<u8>,
    /// The site server signing certificate, DER.
    pub signing_certificate: Vec<u8>,
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

/// The build of Configuration Manager 2007 with Service Pack 2.
const BUILD: u32 = 6487;

impl Pages {
    /// Who may read what lies at a path.
    pub fn access(&self, path: &str) -> Access {
        let directory = path.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
        let protected = match directory.as_str() {
            "sms_mp" | "ccm_system" | "ccm_incoming" | "ccm_client" => self.is_management_point(),
            "smssmp" => self.does(Role::StateMigrationPoint),
            name if name.starts_with("nocert_sms_dp_") => {
                return if self.does(Role::DistributionPoint) { Access::WindowsAccount } else { Access::Anybody };
            }
            name if name.starts_with("sms_dp_") => self.does(Role::DistributionPoint),
            _ => false,
        };
        if protected { Access::ClientCertificate } else { Access::Anybody }
    }

    /// The answer to a request, from a client that has shown a certificate the server trusts, or from one that has not.
    pub fn answer(&self, method: &str, path: &str, known_client: bool) -> Page {
        match (self.access(path), known_client) {
            (Access::ClientCertificate, false) => return error(403, "Forbidden", "403.7 - Forbidden"),
            (Access::WindowsAccount, _) => return error(401, "Unauthorized", "401.2 - Unauthorized"),
            (Access::ClientCertificate, true) | (Access::Anybody, _) => {}
        }
        if !matches!(method, "GET" | "HEAD" | "PROPFIND") {
            return error(405, "Method Not Allowed", "405.0 - Method Not Allowed");
        }
        let path = path.to_ascii_lowercase();
        let (file, query) = path.split_once('?').unwrap_or((&path, ""));
        match file {
            "/" => html("<html><head><title>IIS7</title></head><body></body></html>"),
            "/sms_mp/.sms_aut" if self.is_management_point() => self.management_point(query),
            "/sms_dp_smspkgd$/" | "/sms_dp_smspkgd$" | "/sms_dp_smssig$/" if self.does(Role::DistributionPoint) => {
                if method == "PROPFIND" {
                    return Page { status: 207, reason: "Multi-Status", ..xml(PROPERTIES.to_owned()) };
                }
                html("<html><body><pre><a href=\"PRI00001/\">PRI00001</a></pre></body></html>")
            }
            "/clientwebservice/wusserverversion.xml" if self.does(Role::SoftwareUpdatePoint) => {
                xml("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<ServerVersion>3.1.7600.226</ServerVersion>"
                    .to_owned())
            }
            "/clientwebservice/client.asmx" | "/simpleauthwebservice/simpleauth.asmx"
                if self.does(Role::SoftwareUpdatePoint) =>
            {
                html("<html><head><title>Web Service</title></head><body></body></html>")
            }
            path if path.starts_with("/smssmp") && self.does(Role::StateMigrationPoint) => {
                html("<html><body></body></html>")
            }
            _ if self.access(file) == Access::ClientCertificate => error(403, "Forbidden", "403.14 - Forbidden"),
            _ => not_found(),
        }
    }

    fn management_point(&self, query: &str) -> Page {
        match query {
            "mplist" | "mplist1" => {
                let mut list = String::from("<MPList>");
                for (name, fqdn) in &self.management_points {
                    // Writing to a String cannot fail.
                    let _ = write!(
                        list,
                        "<MP Name=\"{name}\" FQDN=\"{fqdn}\" SiteCode=\"{SITE_CODE}\"><Version>{BUILD}</Version><Capabilities SchemaVersion=\"1.0\"/></MP>"
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

    fn is_management_point(&self) -> bool {
        self.does(Role::ManagementPoint) || self.does(Role::ProxyManagementPoint)
    }
}

/// What WebDAV says of a collection.
const PROPERTIES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/SMS_DP_SMSPKGD$/</D:href><D:propstat><D:status>HTTP/1.1 200 OK</D:status><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop></D:propstat></D:response></D:multistatus>";

/// There is nothing there.
pub fn not_found() -> Page {
    error(404, "Not Found", "404.0 - Not Found")
}

fn xml(body: String) -> Page {
    Page { status: 200, reason: "OK", media_type: "text/xml", body: body.into_bytes() }
}

fn html(body: &str) -> Page {
    Page { status: 200, reason: "OK", media_type: "text/html", body: body.as_bytes().to_vec() }
}

/// As IIS 7 shows errors, sub-status and all.
fn error(status: u16, reason: &'static str, title: &str) -> Page {
    let body = format!(
        "<html><head><title>IIS 7.5 Detailed Error - {title}</title></head><body><h2>HTTP Error {title}</h2></body></html>"
    );
    Page { status, reason, media_type: "text/html", body: body.into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(roles: &'static [Role]) -> Pages {
        Pages {
            roles,
            management_points: vec![("MP01".into(), "mp01.corp.contoso.com".into())],
            own_certificate: vec![0x30, 0x01],
            signing_certificate: vec![0x30, 0x02],
        }
    }

    #[test]
    fn a_management_point_talks_to_known_clients_only() {
        let site = pages(&[Role::ManagementPoint]);
        let list = site.answer("GET", "/SMS_MP/.sms_aut?MPLIST", true);
        assert_eq!(list.status, 200);
        assert!(String::from_utf8(list.body).unwrap().contains("FQDN=\"mp01.corp.contoso.com\""));
        assert_eq!(site.answer("GET", "/sms_mp/.sms_aut?mplist", false).status, 403);
        assert!(site.answer("GET", "/SMS_MP/.sms_aut?SITESIGNCERT", true).body.windows(4).any(|part| part == b"3002"));
        assert_eq!(site.answer("GET", "/SMS_DP_SMSPKGD$/", true).status, 404, "it is no distribution point");
    }

    #[test]
    fn a_distribution_point_has_a_directory_for_clients_and_a_twin_for_accounts() {
        let site = pages(&[Role::DistributionPoint]);
        assert_eq!(site.answer("PROPFIND", "/SMS_DP_SMSPKGD$/", true).status, 207);
        assert_eq!(site.answer("PROPFIND", "/SMS_DP_SMSPKGD$/", false).status, 403);
        assert_eq!(site.answer("GET", "/NOCERT_SMS_DP_SMSPKGD$/", true).status, 401);
    }

    #[test]
    fn an_update_point_asks_nobody() {
        let site = pages(&[Role::SoftwareUpdatePoint]);
        assert_eq!(site.access("/ClientWebService/wusserverversion.xml"), Access::Anybody);
        assert_eq!(site.answer("GET", "/ClientWebService/wusserverversion.xml", false).status, 200);
    }
}
