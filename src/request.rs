//! What to ask a certification authority for: for each use of a system, cluster or proxy the names, purpose and key the
//! definition demands, as certreq's .inf or as OpenSSL's configuration. Pure: text comes out, and whoever asked writes it.

pub mod certificate_use;
mod comment;
mod configuration;
mod inf;

use crate::plan::Plan;
use crate::plan::build::Options;
use crate::site::expected_names::{Bearer, ExpectedNames, clusters_of, expected_names};
use crate::site::fault::Wrong;
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::{Proxy, ProxyMode, Site, SiteKind, SiteSystem};
use certificate_use::CertificateUse;
use comment::one_line;

/// The name that stands for the site server, which a definition gives no name.
pub const SITE_SERVER: &str = "site-server";

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// certreq's .inf, for Windows.
    Inf,
    /// A configuration file of `openssl req`.
    OpenSsl,
}

impl Form {
    /// How files of it end.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Inf => "inf",
            Self::OpenSsl => "cnf",
        }
    }
}

/// One certificate to ask for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The computer it is for, as the definition calls it.
    pub bearer: String,
    /// What the computer is, in words.
    pub what: String,
    /// What the certificate is for.
    pub certificate_use: CertificateUse,
    /// What its subject is.
    pub subject: Subject,
    /// The dNSNames it must carry, in order.
    pub alternative: Vec<HostName>,
    /// What else to say of it, a line each.
    pub remarks: Vec<String>,
    site_code: String,
    profile: Profile,
    /// Whether a bridging proxy shows it on its inner leg too.
    both_legs: bool,
    /// How the one who presents it is named for judging it.
    presented_as: String,
}

/// A certificate's subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One common name.
    CommonName(String),
    /// None: the name would be too long to be one.
    Empty,
}

impl Request {
    /// The name of its file, without an ending: what a computer presents has its name alone.
    pub fn stem(&self) -> String {
        let presented = match self.certificate_use {
            CertificateUse::WebServer | CertificateUse::Proxy | CertificateUse::CloudManagementGateway => true,
            CertificateUse::SiteServer
            | CertificateUse::SmsProvider
            | CertificateUse::ReportingPoint
            | CertificateUse::SqlServer
            | CertificateUse::ProxyClient
            | CertificateUse::Monitoring
            | CertificateUse::DistributionPointClient
            | CertificateUse::Deployment
            | CertificateUse::Client => false,
        };
        match self.certificate_use.name() {
            name if presented || self.bearer == name => self.bearer.clone(),
            name => format!("{}-{name}", self.bearer),
        }
    }

    /// The text of the request; `definition` is how the definition is named on the command line.
    pub fn text(&self, form: Form, definition: &str) -> String {
        match form {
            Form::Inf => inf::text(self, definition),
            Form::OpenSsl => configuration::text(self, definition),
        }
    }

    /// Whether it is presented outside and shown on the inner leg.
    fn has_both_legs(&self) -> bool {
        self.both_legs
    }

    /// The command that judges the certificate that comes of it.
    fn check(&self, definition: &str) -> String {
        let stem = self.stem();
        let certificate_use = self.certificate_use.name();
        let presented_as = &self.presented_as;
        let ending = if self.certificate_use.is_handed_over() { "pfx" } else { "cer" };
        format!(
            "cmprobe inspect --as {certificate_use} {stem}.{ending}{presented_as} --definition {}",
            one_line(definition)
        )
    }
}

/// What is to be asked for in the name of a system, cluster or proxy (in any case), or of [`SITE_SERVER`]: a request for
/// each of its uses, or the one that is `wanted`.
///
/// # Errors
/// There is nothing of this name, or it has no such use, or a name of it could be in no certificate.
pub fn requests(site: &Site, system: &str, wanted: Option<CertificateUse>) -> Result<Vec<Request>, Vec<Wrong>> {
    let named = |name: &str| name.eq_ignore_ascii_case(system);
    let found = if let Some(system) = site.systems.iter().find(|one| named(&one.name)) {
        of_system(site, system, wanted)
    } else if let Some(cluster) = site.clusters.iter().find(|one| named(&one.name)) {
        let nodes = site.systems.iter().filter(|system| cluster.nodes.contains(&system.name));
        let of_nodes: Result<Vec<Vec<Request>>, Wrong> =
            nodes.map(|node| of_system(site, node, Some(wanted.unwrap_or(CertificateUse::WebServer)))).collect();
        of_nodes.map(|all| all.into_iter().flatten().collect())
    } else if let Some(proxy) = site.proxies.iter().find(|one| named(&one.name)) {
        of_proxy(site, proxy, wanted)
    } else if named(SITE_SERVER) {
        match wanted {
            None | Some(CertificateUse::SiteServer) => signing(site, SITE_SERVER).map(|request| vec![request]),
            Some(other) => Err(Wrong::new(
                format!("the site server by itself holds no certificate for {}", other.name()),
                "name the [[system]] that holds it",
            )),
        }
    } else {
        let systems = site.systems.iter().map(|system| &*system.name);
        let others = site.clusters.iter().map(|cluster| &*cluster.name);
        let all = systems.chain(others).chain(site.proxies.iter().map(|proxy| &*proxy.name));
        Err(Wrong::new(
            format!("the definition has nothing called {}", one_line(system)),
            format!("there are {}, {SITE_SERVER}", all.collect::<Vec<_>>().join(", ")),
        ))
    };
    let found = found.map_err(|wrong| vec![wrong])?;
    let faults: Vec<Wrong> = found.iter().flat_map(unfit).collect();
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// Names of a request that no certificate could carry.
fn unfit(request: &Request) -> Vec<Wrong> {
    let fault = |name: &HostName| {
        let why = name.syntax_fault()?;
        Some(Wrong::new(format!("{} cannot be asked for: {why}", request.bearer), "mend the name in the definition"))
    };
    request.alternative.iter().filter_map(fault).collect()
}

fn of_system(site: &Site, system: &SiteSystem, wanted: Option<CertificateUse>) -> Result<Vec<Request>, Wrong> {
    let uses = match wanted {
        None => certificate_use::of_system(site, system),
        Some(one) => vec![one],
    };
    if uses.is_empty() {
        return Err(Wrong::new(
            format!("{} has no role that needs a certificate", system.name),
            "give --use where it is to have one all the same",
        ));
    }
    uses.into_iter().map(|one| for_system(site, system, one)).collect()
}

fn for_system(site: &Site, system: &SiteSystem, certificate_use: CertificateUse) -> Result<Request, Wrong> {
    let bearer = match certificate_use {
        CertificateUse::WebServer => {
            if !certificate_use::presents(site, system) {
                return Err(Wrong::new(
                    format!("{} has no role that clients reach over HTTPS", system.name),
                    "a web server certificate is for management, distribution, software update and state migration points",
                ));
            }
            Bearer::System(system)
        }
        CertificateUse::CloudManagementGateway => Bearer::Service(system),
        CertificateUse::SmsProvider
        | CertificateUse::ReportingPoint
        | CertificateUse::SqlServer
        | CertificateUse::Monitoring
        | CertificateUse::DistributionPointClient
        | CertificateUse::Deployment
        | CertificateUse::Client => Bearer::Computer(system),
        CertificateUse::SiteServer => return signing(site, &system.name),
        CertificateUse::Proxy | CertificateUse::ProxyClient => {
            return Err(Wrong::new(
                format!("{} is a site system, and no proxy", system.name),
                "name a [[proxy]] of the definition",
            ));
        }
    };
    let roles: Vec<&str> = system.roles.iter().map(|role| role.name()).collect();
    let mut what = roles.join(", ");
    for cluster in clusters_of(site, system) {
        what.push_str(&format!(", node of {}", cluster.name));
    }
    let names = expected_names(site, bearer);
    let mut request = made(site, &system.name, &what, certificate_use, names);
    if certificate_use == CertificateUse::WebServer {
        request.presented_as = presented_as(site, system);
    }
    Ok(request)
}

/// How a system is named to `inspect`: by its name where clients of some vantage meet its certificate; where none does,
/// because a bridging proxy stands before it, by its names.
fn presented_as(site: &Site, system: &SiteSystem) -> String {
    if !Plan::of(site, &Options::default()).presented_by(&system.name, None).is_empty() {
        return format!(" --system {}", system.name);
    }
    let role = system.roles.iter().find(|role| role.uses_https());
    let mut words = role.map_or_else(String::new, |role| format!(" --role {role}"));
    if let Some(name) = system.intranet_fqdn.as_ref().filter(|_| system.client_connections.intranet()) {
        words.push_str(&format!(" --name {name}"));
    }
    if let Some(name) = system.internet_fqdn.as_ref().filter(|_| system.client_connections.internet()) {
        words.push_str(&format!(" --internet-name {name}"));
    }
    words
}

fn of_proxy(site: &Site, proxy: &Proxy, wanted: Option<CertificateUse>) -> Result<Vec<Request>, Wrong> {
    if proxy.mode == ProxyMode::Tunneling {
        return Err(Wrong::new(
            format!("{} passes TLS on unopened and needs no certificate", proxy.name),
            format!("ask for those of {}", proxy.publishes.join(", ")),
        ));
    }
    let separate = proxy.client_certificate.is_some();
    let uses = match wanted {
        None if separate => vec![CertificateUse::Proxy, CertificateUse::ProxyClient],
        None => vec![CertificateUse::Proxy],
        Some(one @ (CertificateUse::Proxy | CertificateUse::ProxyClient)) => vec![one],
        Some(other) => {
            return Err(Wrong::new(
                format!("{} is a proxy, and holds no certificate for {}", proxy.name, other.name()),
                "leave --use out, or give proxy or proxy-client",
            ));
        }
    };
    let what = format!("bridging proxy for {}", proxy.publishes.join(", "));
    let request = |one: CertificateUse| {
        let mut request = made(site, &proxy.name, &what, one, expected_names(site, Bearer::Proxy(proxy)));
        if one == CertificateUse::Proxy {
            request.presented_as = format!(" --system {}", proxy.name);
        }
        if one == CertificateUse::ProxyClient {
            // Site systems read no name of it: the proxy's own tells it from others.
            request.alternative.truncate(1);
        } else if !separate {
            request.both_legs = true;
        } else {
            request.remarks.push("Client Authentication is in the separate certificate of its inner leg".into());
        }
        request
    };
    let mut found: Vec<Request> = uses.into_iter().map(request).collect();
    for one in &mut found {
        one.remarks.push("exportable: it is made where certreq runs and imported on the proxy as .pfx".into());
    }
    Ok(found)
}

/// The site server signing certificate.
fn signing(site: &Site, bearer: &str) -> Result<Request, Wrong> {
    let refused = |why: &str| Err(Wrong::new("no signing certificate is to be asked for", why));
    match (site.profile, site.kind, &site.code) {
        (Profile::CurrentBranch, ..) => refused("a Current Branch site signs with a certificate it makes itself"),
        (Profile::NativeMode2007, SiteKind::Secondary, _) => refused("a secondary site signs no policies"),
        (Profile::NativeMode2007, SiteKind::Primary, None) => refused("give the site's code in the definition"),
        (Profile::NativeMode2007, SiteKind::Primary, Some(code)) => {
            let mut request = made(site, bearer, "site server", CertificateUse::SiteServer, ExpectedNames::default());
            request.subject = Subject::CommonName(format!("The site code of this site server is {code}"));
            Ok(request)
        }
    }
}

fn made(site: &Site, bearer: &str, what: &str, certificate_use: CertificateUse, names: ExpectedNames) -> Request {
    let mut remarks = Vec::new();
    let subject = match (&names.common_name, names.alternative.first()) {
        (Some(name), _) => Subject::CommonName(name.to_string()),
        (None, Some(long)) => {
            let length = long.as_str().len();
            remarks.push(format!("no common name: {long} has {length} characters, a common name 64 at most"));
            Subject::Empty
        }
        (None, None) => Subject::Empty,
    };
    Request {
        bearer: bearer.to_owned(),
        what: what.to_owned(),
        certificate_use,
        subject,
        alternative: names.alternative,
        remarks,
        site_code: site.code.clone().unwrap_or_default(),
        profile: site.profile,
        both_legs: false,
        presented_as: String::new(),
    }
}
