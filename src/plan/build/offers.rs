//! What is offered to a role's endpoints, in order, and by which engine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Options, ServerName};
use crate::plan::engine::EngineId;
use crate::plan::offer::{
    BODY_LIMIT, Condition, Identity, LIST_LIMIT, Method, Offer, OfferLabel, PACKAGE_LIMIT, Request, Shape, Sni,
    Versions,
};
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::{ClientKind, Site};
use crate::wire::version::ProtocolVersion;
use crate::wire::windows::WindowsClient;

/// rustls first: it is cheap and safe. The second engine where rustls is stopped by something it can cure; the hello
/// reader where no library gets through.
const MODERN_FIRST: &[EngineId] = &[EngineId::Rustls, EngineId::Openssl, EngineId::HelloReader];
/// TLS 1.3 encrypts its certificates: there is nothing in clear text to read.
const NEWEST: &[EngineId] = &[EngineId::Rustls, EngineId::Openssl];
/// Versions rustls does not have.
const OLD: &[EngineId] = &[EngineId::Openssl, EngineId::HelloReader];
/// IIS asks for the client certificate after it has read the request: only the second engine can follow.
const LATE: &[EngineId] = &[EngineId::Openssl];
/// A role that asks nobody for a certificate needs no second engine unless the handshake does.
const REQUEST: &[EngineId] = &[EngineId::Rustls, EngineId::Openssl];
/// What a Windows client says is said in clear text, and read as far as the answer is.
const CLEAR_TEXT: &[EngineId] = &[EngineId::HelloReader];
/// No TLS.
const PLAIN: &[EngineId] = &[EngineId::Plain];

/// Makes the offers, each list once: targets of one role share it.
#[derive(Debug)]
pub struct Offers {
    profile: Profile,
    options: Options,
    client: Option<Arc<str>>,
    mobile_client: Option<Arc<str>>,
    /// Clients may show tokens, and be answered as anybody is.
    is_enhanced_http: bool,
    outsider: Option<Arc<str>>,
    windows: Vec<WindowsClient>,
    made: Mutex<HashMap<Made, Arc<[Offer]>>>,
}

/// What a list of offers depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Made {
    role: Option<Role>,
    /// The role whose paths are asked for: for a proxy, the published one's.
    asked: Option<Role>,
    /// Whether a proxy stands between, or is the target.
    proxied: bool,
    /// Whether an address is dialled.
    address: bool,
    /// Whether it is known where the role's plain HTTP twin listens.
    twin: bool,
    /// A file of a package that is known to be there, below the package directory.
    package: Option<Arc<str>>,
}

/// What is particular about a target whose offers are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The role whose paths are asked for.
    pub(super) role: Role,
    /// Whether a proxy stands between, or is the target.
    pub(super) proxied: bool,
    /// Whether it is known where the role's plain HTTP twin listens.
    pub(super) twin: bool,
    /// A file of a package that is known to be there.
    pub(super) package: Option<&'a str>,
}

impl Offers {
    /// For the endpoints of a site.
    pub fn new(site: &Site, options: &Options) -> Self {
        let of_kind =
            |kind| site.clients.iter().find(|client| client.kind == kind).map(|client| Arc::clone(&client.name));
        let mobile_client = of_kind(ClientKind::MobileDevice);
        Self {
            profile: site.profile,
            options: options.clone(),
            client: of_kind(ClientKind::Computer).or_else(|| of_kind(ClientKind::Deployment)),
            mobile_client,
            is_enhanced_http: site.is_enhanced_http(),
            outsider: outsider(site),
            windows: windows(site),
            made: Mutex::default(),
        }
    }

    /// What is offered to a role.
    pub(super) fn of(&self, role: Role, asked: Asked<'_>, name: &HostName) -> Arc<[Offer]> {
        let Asked { role: of, proxied, twin, package } = asked;
        let package = package.filter(|_| of == Role::DistributionPoint).map(Arc::from);
        self.shared(Made { role: Some(role), asked: Some(of), proxied, address: is_address(name), twin, package })
    }

    /// What is offered to an endpoint given on the command line: without a role one handshake, the cheap path.
    pub fn given(&self, role: Option<Role>, name: &HostName, port: u16) -> Arc<[Offer]> {
        let twin = role == Some(Role::SoftwareUpdatePoint) && update_point_twin(port).is_some();
        let (proxied, address) = (role == Some(Role::Proxy), is_address(name));
        self.shared(Made { role, asked: role, proxied, address, twin, package: None })
    }

    fn shared(&self, wanted: Made) -> Arc<[Offer]> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.entry(wanted).or_insert_with_key(|wanted| self.make(wanted).into()))
    }

    fn make(&self, wanted: &Made) -> Vec<Offer> {
        let Made { role, asked, proxied, address, twin, ref package } = *wanted;
        let mut offers = vec![self.handshake(OfferLabel::Default, Versions::ANY, MODERN_FIRST)];
        if (role.is_some() || self.options.tls_versions) && !address && self.options.server_name != ServerName::Off {
            let without = self.handshake(OfferLabel::WithoutServerName, Versions::ANY, MODERN_FIRST);
            offers.push(Offer { sni: Sni::Off, ..without });
        }
        if self.options.tls_versions {
            let labels = [
                OfferLabel::OnlySsl3,
                OfferLabel::OnlyTls10,
                OfferLabel::OnlyTls11,
                OfferLabel::OnlyTls12,
                OfferLabel::OnlyTls13,
            ];
            for (label, version) in labels.into_iter().zip(ProtocolVersion::ALL) {
                let engines = match label {
                    OfferLabel::OnlyTls13 => NEWEST,
                    OfferLabel::OnlyTls12 => MODERN_FIRST,
                    _ => OLD,
                };
                offers.push(self.handshake(label, Versions::only(version), engines));
            }
            let can = |engine: EngineId| CLEAR_TEXT.contains(&engine);
            if self.options.engine.is_none_or(can) {
                offers.extend(self.windows.iter().map(|client| self.windows_hello(*client)));
            }
        }
        if let (true, Some(role), Some(asked)) = (self.options.http, role, asked) {
            self.requests(role, asked, proxied, package.as_deref(), &mut offers);
            if twin {
                self.plain_twin(&mut offers);
            }
        }
        offers
    }

    fn handshake(&self, label: OfferLabel, versions: Versions, engines: &[EngineId]) -> Offer {
        let sni = match &self.options.server_name {
            ServerName::Dialled => Sni::Dialled,
            ServerName::Off => Sni::Off,
            ServerName::Other(name) => Sni::Other(name.clone()),
        };
        let engines = match self.options.engine {
            Some(only) => Arc::new([only]) as Arc<[EngineId]>,
            None => engines.into(),
        };
        Offer {
            label,
            sni,
            versions,
            identity: Identity::None,
            shape: Shape::Usual,
            request: None,
            condition: Condition::Always,
            engines,
        }
    }

    /// What a Windows client says.
    fn windows_hello(&self, client: WindowsClient) -> Offer {
        let row = client.row();
        let versions = Versions { oldest: row.oldest, newest: row.newest };
        let offer = self.handshake(OfferLabel::Windows(client), versions, CLEAR_TEXT);
        let sni = if row.sends_server_name { offer.sni } else { Sni::Off };
        Offer { sni, shape: Shape::Windows(client), engines: CLEAR_TEXT.into(), ..offer }
    }

    fn request(
        &self,
        label: OfferLabel,
        identity: Identity,
        engines: &[EngineId],
        method: Method,
        path: &str,
    ) -> Offer {
        let most = if path.ends_with(LIST) { LIST_LIMIT } else { BODY_LIMIT };
        let request = Some(Request { method, path: path.into(), most });
        Offer { identity, request, ..self.handshake(label, Versions::ANY, engines) }
    }

    /// The three proofs on the protected path, then what only a client may ask.
    fn requests(&self, role: Role, asked: Role, proxied: bool, package: Option<&str>, offers: &mut Vec<Offer>) {
        let get = |label, identity, engines, path: &str| self.request(label, identity, engines, Method::Get, path);
        if asked == Role::SoftwareUpdatePoint && role != Role::Proxy {
            // The Windows Update Agent has no certificate to show; a request for one must still be seen when it comes late.
            offers.push(get(OfferLabel::Anonymous, Identity::None, LATE, UPDATE_POINT));
            let second = "/SimpleAuthWebService/SimpleAuth.asmx";
            offers.push(get(OfferLabel::ClientSecondPath, Identity::None, REQUEST, second));
            if proxied {
                offers.push(self.plain_http(UPDATE_POINT));
            }
            return;
        }
        if asked == Role::SmsProvider {
            offers.push(get(OfferLabel::Anonymous, Identity::None, REQUEST, ADMINISTRATION_SERVICE));
            return;
        }
        let Some(path) = self.protected_path(asked) else { return };
        let client = match asked {
            Role::MobileDeviceManagementPoint => self.mobile_client.as_ref().or(self.client.as_ref()),
            _ => self.client.as_ref(),
        };
        // A package directory may refuse to be listed: what is not in it tells who is let in.
        let missing = (asked == Role::DistributionPoint).then(|| format!("{path}{MISSING_FILE}"));
        let proof = missing.as_deref().unwrap_or(path);
        offers.push(get(OfferLabel::Anonymous, Identity::None, LATE, proof));
        // A gateway's clients come with tokens as well, so that a refusal of others proves nothing.
        let is_closed = asked != Role::CloudManagementGateway;
        if self.options.stranger && is_closed {
            offers.push(get(OfferLabel::Stranger, Identity::Stranger, LATE, proof));
        }
        if let Some(outsider) = self.outsider.as_ref().filter(|_| is_closed) {
            offers.push(get(OfferLabel::Outsider, Identity::Client(Arc::clone(outsider)), LATE, proof));
        }
        if let Some(client) = client {
            let as_client = || Identity::Client(Arc::clone(client));
            offers.push(get(OfferLabel::Client, as_client(), LATE, path));
            match asked {
                Role::ManagementPoint | Role::ProxyManagementPoint => {
                    let certificate = "/SMS_MP/.sms_aut?MPCERT";
                    offers.push(get(OfferLabel::ManagementPointCertificate, as_client(), LATE, certificate));
                    let signing = "/SMS_MP/.sms_aut?SITESIGNCERT";
                    offers.push(get(OfferLabel::SiteSigningCertificate, as_client(), LATE, signing));
                }
                Role::DistributionPoint => {
                    self.packages(&as_client, path, proof, offers);
                    self.package(&as_client, path, package, offers);
                }
                _ => {}
            }
        }
        if self.is_enhanced_http && role != Role::Proxy {
            let condition = if client.is_some() { Condition::WhereWithheld } else { Condition::Always };
            self.to_anybody(asked, path, package, condition, offers);
        }
        if let Some(open) = self.open_by_design(asked).filter(|_| role != Role::Proxy) {
            offers.push(get(OfferLabel::KnownException, Identity::None, REQUEST, open));
        }
        if matches!(asked, Role::ManagementPoint | Role::ProxyManagementPoint) || proxied {
            offers.push(self.plain_http(path));
        }
    }

    /// What a client asks of a distribution point beside its package directory: a file that is not there, where the
    /// directory itself is refused; the directory's content; and in 2007, where packages lie on a drive whose letter is
    /// not known from outside, the other letters until one is there.
    fn packages(&self, as_client: &impl Fn() -> Identity, path: &str, missing: &str, offers: &mut Vec<Offer>) {
        let get = |label, method, path: &str, condition| Offer {
            condition,
            ..self.request(label, as_client(), LATE, method, path)
        };
        offers.push(get(OfferLabel::ClientMissingFile, Method::Get, missing, Condition::WhereRefused));
        match self.profile {
            Profile::CurrentBranch => {
                offers.push(get(OfferLabel::ClientListing, Method::PropFind, path, Condition::Always));
            }
            Profile::NativeMode2007 => {
                offers.push(get(OfferLabel::ClientListing, Method::PropFind, path, Condition::WhereThere));
                for letter in 'D'..='Z' {
                    let path = format!("/SMS_DP_SMSPKG{letter}$/");
                    offers.push(get(OfferLabel::ClientSecondPath, Method::Get, &path, Condition::WhileMissing));
                    offers.push(get(OfferLabel::ClientListing, Method::PropFind, &path, Condition::WhereThere));
                }
            }
        }
    }

    /// What a role answers to anybody, where the site made its certificate itself and clients show tokens.
    fn to_anybody(
        &self,
        asked: Role,
        path: &str,
        package: Option<&str>,
        condition: Condition,
        offers: &mut Vec<Offer>,
    ) {
        let anybody = || Identity::None;
        let before = offers.len();
        let ask = |label, method, path: &str| self.request(label, anybody(), LATE, method, path);
        match asked {
            Role::ManagementPoint | Role::ProxyManagementPoint => {
                offers.push(ask(OfferLabel::ManagementPointCertificate, Method::Get, "/SMS_MP/.sms_aut?MPCERT"));
                offers.push(ask(OfferLabel::SiteSigningCertificate, Method::Get, "/SMS_MP/.sms_aut?SITESIGNCERT"));
            }
            Role::DistributionPoint => {
                offers.push(ask(OfferLabel::ClientSecondPath, Method::Get, path));
                offers.push(ask(OfferLabel::ClientListing, Method::PropFind, path));
                self.package(&anybody, path, package, offers);
            }
            _ => {}
        }
        for offer in offers.iter_mut().skip(before) {
            offer.condition = condition;
        }
    }

    /// A file of a package that is known to be there, as clients fetch it: its head, then range by range.
    fn package(&self, as_client: &impl Fn() -> Identity, path: &str, file: Option<&str>, offers: &mut Vec<Offer>) {
        let Some(file) = file else { return };
        let lettered = || ('C'..='Z').map(|letter| format!("/SMS_DP_SMSPKG{letter}$/"));
        let (directories, condition): (Vec<String>, _) = match self.profile {
            Profile::CurrentBranch => (vec![path.to_owned()], Condition::Always),
            Profile::NativeMode2007 => (lettered().collect(), Condition::WhereThere),
        };
        for path in directories.iter().map(|directory| format!("{directory}{}", file.trim_start_matches('/'))) {
            let both =
                [(OfferLabel::ClientPackageHead, Method::Head), (OfferLabel::ClientPackageRange, Method::GetRange)];
            offers.extend(both.map(|(label, method)| {
                let mut offer = self.request(label, as_client(), LATE, method, &path);
                if let Some(request) = &mut offer.request {
                    request.most = PACKAGE_LIMIT;
                }
                Offer { condition, ..offer }
            }));
        }
    }

    /// What an update point serves over plain HTTP, and what it must not.
    fn plain_twin(&self, offers: &mut Vec<Offer>) {
        let plain = |label, path: &str| Offer { label, ..self.plain_http(path) };
        offers.push(plain(OfferLabel::PlainContent, "/Content/"));
        offers.extend(UPDATE_POINT_SERVICES.iter().map(|path| plain(OfferLabel::PlainDirectory, path)));
    }

    /// The path asked for where no TLS is, whatever engine is chosen for TLS.
    fn plain_http(&self, path: &str) -> Offer {
        let offer = self.request(OfferLabel::PlainHttp, Identity::None, PLAIN, Method::Get, path);
        Offer { engines: PLAIN.into(), ..offer }
    }

    /// The path only a client of the site may use.
    fn protected_path(&self, role: Role) -> Option<&'static str> {
        match (role, self.profile) {
            (Role::ManagementPoint | Role::ProxyManagementPoint | Role::MobileDeviceManagementPoint, _) => {
                Some("/SMS_MP/.sms_aut?MPLIST")
            }
            (Role::DistributionPoint, Profile::NativeMode2007) => Some("/SMS_DP_SMSPKGC$/"),
            (Role::DistributionPoint, Profile::CurrentBranch) => Some("/SMS_DP_SMSPKG$/"),
            // Which address tests a state migration point's health is not documented; this is its web application.
            (Role::StateMigrationPoint, _) => Some("/SMSSMP/"),
            // Not protected by the update point itself, but by a bridging proxy that publishes it.
            (Role::SoftwareUpdatePoint, _) => Some(UPDATE_POINT),
            (Role::CloudManagementGateway, _) => Some("/CCM_Proxy_MutualAuth/ServiceMetadata"),
            (
                Role::BranchDistributionPoint
                | Role::FallbackStatusPoint
                | Role::ServerLocatorPoint
                | Role::SmsProvider
                | Role::ReportingPoint
                | Role::Proxy
                | Role::Nlb,
                _,
            ) => None,
        }
    }

    /// Directories that are open without a client certificate by design.
    fn open_by_design(&self, role: Role) -> Option<&'static str> {
        match (role, self.profile) {
            // Clients without a certificate, approved by other means, are served here.
            (Role::ManagementPoint | Role::ProxyManagementPoint, Profile::CurrentBranch) => {
                Some("/SMS_MP_ALTAUTH/.sms_aut?MPLIST")
            }
            // Windows authentication instead of a certificate.
            (Role::DistributionPoint, Profile::NativeMode2007) => Some("/NOCERT_SMS_DP_SMSPKGC$/"),
            (Role::DistributionPoint, Profile::CurrentBranch) => Some("/NOCERT_SMS_DP_SMSPKG$/"),
            _ => None,
        }
    }
}

/// Where the update point's plain HTTP is, beside a port of HTTPS; `None`: not by convention.
pub(crate) const fn update_point_twin(https: u16) -> Option<u16> {
    match https {
        8531 => Some(8530),
        443 => Some(80),
        _ => None,
    }
}

/// The Windows clients whose offers are made: those the site names, else those of its profile, each beside its twin with
/// TLS 1.2 switched on.
fn windows(site: &Site) -> Vec<WindowsClient> {
    let of_profile = match site.profile {
        Profile::NativeMode2007 => WindowsClient::OF_2007,
        Profile::CurrentBranch => WindowsClient::OF_CURRENT_BRANCH,
    };
    let mut clients: Vec<WindowsClient> =
        of_profile.iter().flat_map(|client| [Some(*client), client.switched_on()]).flatten().collect();
    clients.extend(declared_windows(site));
    clients.sort_unstable();
    clients.dedup();
    clients
}

/// The Windows clients the site says must get in.
pub fn declared_windows(site: &Site) -> Vec<WindowsClient> {
    site.windows.iter().filter_map(|version| WindowsClient::named(version.name())).collect()
}

/// The identity of another root that must be refused.
fn outsider(site: &Site) -> Option<Arc<str>> {
    site.clients.iter().find(|client| client.kind == ClientKind::Outsider).map(|client| Arc::clone(&client.name))
}

/// How the path of a management point's list ends.
const LIST: &str = "?MPLIST";
/// A file no package has.
const MISSING_FILE: &str = "cmprobe-asks-for-a-file-that-is-not-there";
/// What the administration service says of itself to those it knows.
const ADMINISTRATION_SERVICE: &str = "/AdminService/v1.0/$metadata";
/// What the Windows Update Agent asks first; WSUS serves it to anybody.
const UPDATE_POINT: &str = "/ClientWebService/wusserverversion.xml";
/// One address in each of the five directories of WSUS that demand TLS.
const UPDATE_POINT_SERVICES: [&str; 5] = [
    "/ApiRemoting30/WebService.asmx",
    "/ClientWebService/Client.asmx",
    "/DSSAuthWebService/DSSAuthWebService.asmx",
    "/ServerSyncWebService/ServerSyncWebService.asmx",
    "/SimpleAuthWebService/SimpleAuth.asmx",
];

/// Addresses take no server name, and have no domain.
pub(super) fn is_address(name: &HostName) -> bool {
    name.as_str().parse::<std::net::IpAddr>().is_ok()
}
