//! A whole native-mode site in one process on loopback: its authorities and what they publish, DNS as seen from inside
//! and from outside, a server for each role, and the definition that describes all of it. What is started here is what
//! a [`Blueprint`] says, healthy or with faults planted in it.

pub mod blueprint;
pub mod definition;
pub mod http;
pub mod pace;
pub mod pages;
pub mod publication;
pub mod serving;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::dns::{Answer, DnsServer, Service, View};
use super::fault::Fault;
use super::pki::{CRYPTOGRAPHIC_SERVICE_PROVIDER, MintError, Minted, Organization, Pkcs12, Published, pkcs7};
use crate::certificate::Certificate;
use crate::certificate::ocsp_request::questions;
use crate::wire::der::Der;
use blueprint::{Blueprint, Edition, PASSWORD, Peer, Responder, SITE_CODE, System, loopback};
use definition::Listening;
use http::{Reserved, Server};
use pages::Pages;
use serving::{Listener, Running};

/// The name revocation lists are published under.
const PUBLICATION: &str = "pki.contoso.com";

/// A running site; it ends when dropped.
#[derive(Debug)]
pub struct LabSite {
    definition: String,
    files: Vec<File>,
    systems: Vec<Running>,
    cluster: Option<Listener>,
    fronts: Vec<Listener>,
    inside: DnsServer,
    outside: DnsServer,
    publication: Server,
}

/// A file the definition names.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it is, from the definition's folder.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why a site could not be started.
#[derive(Debug)]
pub enum LabError {
    /// A certificate, key or list could not be made.
    Mint(MintError),
    /// A server could not be started.
    Io(io::Error),
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mint(error) => write!(f, "the lab's certificates could not be made: {error}"),
            Self::Io(error) => write!(f, "the lab's servers could not be started on loopback: {error}"),
        }
    }
}

impl std::error::Error for LabError {}

impl From<MintError> for LabError {
    fn from(error: MintError) -> Self {
        Self::Mint(error)
    }
}

impl From<io::Error> for LabError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl LabSite {
    /// Starts the site with these faults, planted in this order, so that it is healthy but for them at `now`.
    ///
    /// # Errors
    /// Something could not be made, or a server could not be started.
    pub async fn start(faults: &[&Fault], now: OffsetDateTime) -> Result<Self, LabError> {
        Self::start_of(Edition::Site2007, faults, now).await
    }

    /// The same of the site of an edition.
    ///
    /// # Errors
    /// Something could not be made, or a server could not be started.
    pub async fn start_of(edition: Edition, faults: &[&Fault], now: OffsetDateTime) -> Result<Self, LabError> {
        // Certificates name the port their revocation list is at, so that port comes first.
        let publication = Reserved::at(loopback(80).into()).await?;
        let published_at = format!("http://{PUBLICATION}:{}/CertEnroll", publication.address()?.port());
        let mut site = Blueprint::of(edition, Organization::contoso().at(now).published_at(&published_at).build()?)?;
        for fault in faults {
            (fault.plant)(&mut site)?;
        }
        Self::build(&site, publication).await
    }

    async fn build(site: &Blueprint, publication: Reserved) -> Result<Self, LabError> {
        let signing = site.signing_issuer.as_ref().unwrap_or(&site.pki.issuing).issue(&site.signing)?;
        let handed_out = site.handed_out.as_ref().map_or(Ok(signing.clone()), |recipe| site.pki.issue(recipe))?;
        let listed = |system: &System| {
            let own = system.home.web.content.listed_as.clone();
            (system.name.to_owned(), own.unwrap_or_else(|| system.intranet_name().to_owned()))
        };
        let mut management_points: Vec<(String, String)> = site.management_points().into_iter().map(listed).collect();
        management_points
            .extend(site.cluster().map(|cluster| (cluster.name.to_owned(), cluster.intranet_fqdn.clone())));
        let mut systems = Vec::new();
        for system in site.systems() {
            let content = system.home.web.content.clone();
            let pages = Pages {
                edition: site.edition,
                roles: system.roles,
                management_points: management_points.clone(),
                own_certificate: match &content.signs_with {
                    Some(other) => other.clone(),
                    None => system.home.web.presented.make()?.0.der,
                },
                signing_certificate: handed_out.der.clone(),
                content,
            };
            systems.push(Running::start(site, system, pages).await?);
        }
        let home = |name: &str| systems.iter().find(|running| running.name == name).and_then(Running::home);
        // Who balances load leaves out nodes that accept no connection.
        let accepts = |node: &&&System| !matches!(node.home.instead, Some(Peer::Closed));
        let nodes = site.nodes().iter().filter(accepts).filter_map(|node| home(node.name)).collect();
        let cluster = match site.cluster() {
            Some(cluster) => Some(serving::cluster(cluster, nodes).await?),
            None => None,
        };
        let mut fronts = Vec::new();
        for front in site.fronts() {
            let published = home(front.publishes).ok_or(io::ErrorKind::NotFound).map_err(io::Error::from)?;
            fronts.push(serving::front(site, front, published).await?);
        }
        let inside = DnsServer::start(inside(site, &systems)).await?;
        let outside = DnsServer::start(outside(site)).await?;
        let listening = Listening {
            inside: inside.address(),
            outside: outside.address(),
            ports: systems.iter().map(|running| running.ports).collect(),
            cluster: cluster.as_ref().map_or(0, |cluster| cluster.address().port()),
            fronts: fronts.iter().map(|front| front.address().port()).collect(),
        };
        let (mut published, paces) = (site.published.clone(), site.paces.clone());
        published.extend(answers(site)?);
        Ok(Self {
            definition: definition::text(site, &listening),
            files: files(site, &signing)?,
            systems,
            cluster,
            fronts,
            inside,
            outside,
            publication: publication.serve_at(
                move |asked| publication::answer(&published, asked),
                move |asked| publication::pace(&paces, asked),
            ),
        })
    }

    /// The definition, as an administrator would have written it.
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// The files it names.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Writes the definition and the files it names into a folder; where the definition is.
    ///
    /// # Errors
    /// The folder or a file cannot be written.
    pub fn write_to(&self, folder: &Path) -> io::Result<PathBuf> {
        for file in &self.files {
            let path = folder.join(&file.path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, &file.bytes)?;
        }
        let path = folder.join("site.toml");
        std::fs::write(&path, &self.definition)?;
        Ok(path)
    }

    /// The name server clients inside ask.
    pub fn inside(&self) -> &DnsServer {
        &self.inside
    }

    /// The name server clients outside ask.
    pub fn outside(&self) -> &DnsServer {
        &self.outside
    }

    /// The web server revocation lists are published on.
    pub fn publication(&self) -> &Server {
        &self.publication
    }

    /// The site systems, in the definition's order.
    pub fn systems(&self) -> &[Running] {
        &self.systems
    }

    /// The cluster's shared address, where the site has a cluster.
    pub fn cluster(&self) -> Option<&Listener> {
        self.cluster.as_ref()
    }

    /// The proxies, in the definition's order.
    pub fn fronts(&self) -> &[Listener] {
        &self.fronts
    }
}

fn inside(site: &Blueprint, systems: &[Running]) -> View {
    let mut view = View::default();
    for system in site.systems().into_iter().filter(|system| system.connections.intranet()) {
        view.say(system.intranet_name(), addresses(system));
    }
    if let Some(cluster) = site.cluster() {
        view.addresses(&cluster.intranet_fqdn, &[cluster.address.into()]);
    }
    view.addresses(PUBLICATION, &[loopback(80).into()]);
    let port = site.service.port.or(systems.first().map(|running| running.ports.https)).unwrap_or_default();
    let service = Service { priority: 0, weight: 0, port, target: site.service.target.clone() };
    let record = format!("_mssms_mp_{}._tcp.corp.contoso.com", SITE_CODE.to_ascii_lowercase());
    view.say(&record, Answer::Services(vec![service]));
    site.inside.tell(&mut view);
    view
}

fn outside(site: &Blueprint) -> View {
    let mut view = View::default();
    for system in site.systems() {
        if let Some(name) = &system.internet_fqdn {
            view.say(name, addresses(system));
        }
    }
    for front in site.fronts() {
        view.addresses(&front.internet_fqdn, &[front.address.into()]);
    }
    view.addresses(PUBLICATION, &[loopback(80).into()]);
    site.outside.tell(&mut view);
    view
}

fn addresses(system: &System) -> Answer {
    Answer::Addresses(system.nodes().map(|node| node.address.into()).collect())
}

/// What the responder has ready for each certificate that names it, where it would be asked for it.
fn answers(site: &Blueprint) -> Result<Vec<Published>, MintError> {
    let mut answers = Vec::new();
    let read = |der: &[u8]| Certificate::read(&Der::from(der));
    for presented in site.systems().iter().flat_map(|system| system.nodes()).map(|node| &node.web.presented) {
        let Some(issuer) = &presented.issuer else { continue };
        let (leaf, _) = presented.make()?;
        for question in questions(&read(&leaf.der), &[read(&issuer.der)]) {
            let bytes = match &site.responder {
                Responder::Says(recipe) => issuer.ocsp(&leaf, recipe)?,
                Responder::Sends(bytes) => bytes.clone(),
                Responder::Missing => continue,
            };
            answers.push(Published { url: question.url, media_type: "application/ocsp-response", bytes });
        }
    }
    Ok(answers)
}

fn files(site: &Blueprint, signing: &Minted) -> Result<Vec<File>, MintError> {
    let file = |path: &str, bytes: &[u8]| File { path: path.to_owned(), bytes: bytes.to_vec() };
    let workstation = site.pki.issue(&site.workstation)?;
    let export = Pkcs12::export(&workstation, PASSWORD).provider(CRYPTOGRAPHIC_SERVICE_PROVIDER);
    let neighbours = Organization::fabrikam().at(site.now).build()?;
    let outsider = neighbours.issue(&neighbours.client("wks01.fabrikam.com"))?;
    let deployment = site.pki.issue(&site.deployment.recipe)?;
    let mut image = Pkcs12::export(&deployment, site.deployment.password).provider(CRYPTOGRAPHIC_SERVICE_PROVIDER);
    if !site.deployment.has_key {
        image = image.keys(&[]);
    }
    let device = site.pki.issue(&site.device)?;
    let shown = if site.device_in_base64 { device.pem().into_bytes() } else { device.der.clone() };
    // One of another company comes with all above it, as an export with the whole certification path does.
    let signing_file = match site.signing_issuer {
        Some(_) => pkcs7(&[std::slice::from_ref(&signing.der), &signing.issuers].concat())?,
        None => signing.der.clone(),
    };
    let mut files = vec![
        file(definition::ROOT, &site.root),
        file(definition::SIGNING, &signing_file),
        file(definition::WORKSTATION, &export.der()?),
        file(definition::DEPLOYMENT, &image.der()?),
        file(definition::DEVICE, &shown),
        file(definition::DEVICE_KEY, device.key_pem().as_bytes()),
        file(definition::OUTSIDER, &Pkcs12::export(&outsider, PASSWORD).der()?),
        file(definition::PASSWORD_FILE, format!("{PASSWORD}\n").as_bytes()),
    ];
    for (place, recipe) in site.monitoring.iter().enumerate() {
        files.push(file(&definition::monitoring(place), &site.pki.issue(recipe)?.der));
    }
    if site.edition == Edition::Site2026 {
        files.push(file(definition::PUBLIC_ROOT, &site.today.public.root.der));
        let point = site.pki.issue(&site.today.distribution_point)?;
        files.push(file(definition::DISTRIBUTION_POINT, &Pkcs12::export(&point, PASSWORD).der()?));
    }
    for front in site.fronts() {
        if let Some(separate) = &front.client_certificate {
            files.push(file(&definition::proxy_client(front), &separate.make()?.0.der));
        }
    }
    files.extend(site.intermediates.iter().enumerate().map(|(place, der)| file(&definition::intermediate(place), der)));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::fault;
    use crate::lab::pki::LAB_EPOCH;

    #[tokio::test]
    async fn the_healthy_site_and_every_faulty_one_can_be_started() {
        let healthy = LabSite::start(&[], LAB_EPOCH).await.unwrap();
        assert_eq!(healthy.systems().len(), 8);
        for fault in fault::all() {
            let site = LabSite::start(&[fault], LAB_EPOCH).await;
            let site = site.unwrap_or_else(|error| panic!("{}: {error}", fault.name));
            for running in site.systems() {
                for node in &running.nodes {
                    assert_eq!(node.address().port(), running.ports.https, "{}", fault.name);
                    assert_eq!(node.connections(), 0, "{}", fault.name);
                }
            }
        }
    }

    #[tokio::test]
    async fn all_faults_together_can_be_started() {
        for edition in Edition::ALL {
            let faults: Vec<&Fault> = fault::of(edition).collect();
            LabSite::start_of(edition, &faults, LAB_EPOCH).await.unwrap();
        }
    }
}
