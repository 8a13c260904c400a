//! A healthy site of management points, in a process of its own: servers that ask for client certificates as IIS does, a
//! name server, the files and the definition; where a round trip is asked for, each server behind a relay that takes its time.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use cmprobe::lab::dns::{Answer, DnsServer, Service, View};
use cmprobe::lab::pki::{Minted, Organization, Pki};
use cmprobe::lab::server::{Accepts, ClientAuth, Credentials, Options, TlsServer};
use cmprobe::lab::site::blueprint::{Content, Edition};
use cmprobe::lab::site::http;
use cmprobe::lab::site::pages::Pages;
use cmprobe::site::role::Role;
use tokio::net::TcpListener;

use crate::relay;

type Failed = Box<dyn std::error::Error>;

/// The site's code.
const CODE: &str = "PRI";

/// A site that runs, and the folder its files are in.
pub(crate) struct Site {
    child: Child,
    folder: tempfile::TempDir,
}

impl Site {
    /// Starts a site of `count` management points, each as far away as a round trip of `round_trip` says.
    pub(crate) fn start(count: usize, round_trip: Duration) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["site", &count.to_string(), &round_trip.as_millis().to_string()])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("the site has no output")?;
        let site = Self { child, folder };
        BufReader::new(output).lines().next().ok_or("the site could not be started")??;
        Ok(site)
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its definition.
    pub(crate) fn definition(&self) -> PathBuf {
        self.folder.path().join("site.toml")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The name of the management point with this number.
fn name(number: usize) -> String {
    format!("mp{number}.corp.contoso.com")
}

/// `site COUNT MILLISECONDS FOLDER`: the site's own process; it serves until it is killed.
pub(crate) fn serve(arguments: &[String]) -> Result<(), Failed> {
    let [count, milliseconds, folder] = arguments else { return Err("site COUNT MILLISECONDS FOLDER".into()) };
    let (count, round_trip) = (count.parse()?, Duration::from_millis(milliseconds.parse()?));
    let folder = Path::new(folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let pki = Organization::contoso().at(time::OffsetDateTime::now_utc()).build()?;
        let signing = pki.issue(&pki.site_signing(CODE))?;
        let mut running = Vec::new();
        let mut addresses = Vec::new();
        for number in 0..count {
            let (server, address) = management_point(&pki, &signing, count, number, round_trip).await?;
            running.push(server);
            addresses.push(address);
        }
        let dns = DnsServer::start(view(&addresses)).await?;
        // A port that was bound and given back refuses.
        let refusing = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        files(folder, &pki, &signing)?;
        std::fs::write(folder.join("endpoints.txt"), endpoints(&addresses))?;
        std::fs::write(folder.join("site.toml"), definition(dns.address(), &addresses, refusing))?;
        println!("ready");
        std::io::stdout().flush()?;
        std::future::pending::<()>().await;
        drop((running, dns));
        Ok(())
    })
}

/// A management point, and where it is reached.
async fn management_point(
    pki: &Pki,
    signing: &Minted,
    count: usize,
    number: usize,
    round_trip: Duration,
) -> Result<(TlsServer, SocketAddr), Failed> {
    let leaf = pki.issue(&pki.web_server(&[&name(number)]))?;
    let pages = Arc::new(Pages {
        edition: Edition::Site2026,
        roles: &[Role::ManagementPoint],
        management_points: (0..count).map(|number| (format!("MP{number}"), name(number))).collect(),
        own_certificate: leaf.der.clone(),
        signing_certificate: signing.der.clone(),
        content: Content::default(),
    });
    let own = Ipv4Addr::new(127, 9, u8::try_from(number / 200)?, u8::try_from(number % 200)? + 1);
    let accepts = Accepts { authorities: Vec::new(), roots: Some(vec![pki.root.der.clone()]), at: pki.organization.at };
    let server = TlsServer::start(Options {
        listen: (own, 0).into(),
        client_auth: ClientAuth::Optional(accepts),
        serve: Some(Arc::new(move |mut session| {
            let pages = Arc::clone(&pages);
            Box::pin(async move {
                let known = session.get_ref().1.peer_certificates().is_some();
                let Ok(Some(asked)) = http::read(&mut session).await else { return };
                let _ = http::write(&mut session, &asked, &pages.answer(&asked.method, &asked.path, known)).await;
            })
        })),
        ..Options::presenting(Credentials::of(&leaf))
    })
    .await?;
    let mut address = server.address();
    if !round_trip.is_zero() {
        let listener = TcpListener::bind((own, 0)).await?;
        let onward = std::mem::replace(&mut address, listener.local_addr()?);
        tokio::spawn(relay::run(listener, onward, round_trip));
    }
    Ok((server, address))
}

fn view(addresses: &[SocketAddr]) -> View {
    let mut view = View::default();
    for (number, address) in addresses.iter().enumerate() {
        view.addresses(&name(number), &[address.ip()]);
    }
    let port = addresses.first().map_or(0, SocketAddr::port);
    let service = Service { priority: 0, weight: 0, port, target: name(0) };
    view.say(
        &format!("_mssms_mp_{}._tcp.corp.contoso.com", CODE.to_ascii_lowercase()),
        Answer::Services(vec![service]),
    );
    view
}

fn files(folder: &Path, pki: &Pki, signing: &Minted) -> Result<(), Failed> {
    let client = pki.issue(&pki.client("wks01.corp.contoso.com"))?;
    let stranger = Organization { at: pki.organization.at, ..Organization::fabrikam() }.build()?;
    let stranger = stranger.issue(&stranger.client("wks01.corp.contoso.com"))?;
    std::fs::write(folder.join("root.pem"), pki.root.pem())?;
    std::fs::write(folder.join("signing.cer"), &signing.der)?;
    for (name, minted) in [("client", &client), ("stranger", &stranger)] {
        std::fs::write(folder.join(format!("{name}.pem")), minted.chain_pem())?;
        std::fs::write(folder.join(format!("{name}.key")), minted.key_pem())?;
    }
    Ok(())
}

/// Every management point, a line each: where it is, and its name.
fn endpoints(addresses: &[SocketAddr]) -> String {
    addresses.iter().enumerate().map(|(number, address)| format!("{address} {}\n", name(number))).collect()
}

fn definition(dns: SocketAddr, addresses: &[SocketAddr], refusing: u16) -> String {
    let mut text = format!(
        r#"[site]
code = "{CODE}"
name = "A site to measure"
profile = "current-branch"
clients_check_revocation = false

[trust]
roots = ["root.pem"]

[site_server]
signing_certificate = "signing.cer"

[[client]]
name = "workstation"
kind = "computer"
certificate = "client.pem"
key = "client.key"

[[vantage]]
name = "intranet"
network = "intranet"
dns = ["{dns}"]
"#
    );
    for (number, address) in addresses.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            r#"
[[system]]
name = "MP{number}"
intranet_fqdn = "{}"
client_connections = "intranet"
roles = ["management-point"]
[system.ports]
https = {}
http = {refusing}
"#,
            name(number),
            address.port()
        );
    }
    text
}
