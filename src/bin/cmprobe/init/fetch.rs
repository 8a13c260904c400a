//! Asks a management point for its list, as a client would: over http, or over https with a client certificate, which is
//! shown only to a server that is believed where roots were given to believe by.

use std::sync::Arc;

use cmprobe::certificate::Certificate;
use cmprobe::observation::{Observation, Seen, TargetObservation};
use cmprobe::plan::endpoint::HERE;
use cmprobe::plan::engine::EngineId;
use cmprobe::plan::expectation::Expectation;
use cmprobe::plan::offer::{Condition, Identity, LIST_LIMIT, Method, Request, Shape, Sni, Versions};
use cmprobe::plan::{Lookup, Offer, OfferLabel, Target, TargetId};
use cmprobe::prober::{Prober, Settings};
use cmprobe::report::escape;
use cmprobe::site::name::{HostName, NameKind};
use cmprobe::site::profile::Profile;
use cmprobe::site::role::Role;
use cmprobe::site::vantage::{Network, Vantage};
use cmprobe::site::{Client, ClientKind, IdentitySource, SecretSource, Site};
use cmprobe::trust::path::Paths;
use cmprobe::trust::path::search::{Purpose, Search};
use cmprobe::trust::store::TrustStore;
use tokio::sync::mpsc;

use crate::args::AskingArgs;
use crate::circumstances::now;
use crate::exit::complain;
use crate::{load, presenting};

/// What is asked for where a URL names no more than a server.
const MPLIST: &str = "/SMS_MP/.sms_aut?MPLIST";
/// The identity's name.
const GIVEN: &str = "command line";

/// Why there is no list.
pub(super) enum Failed {
    /// In a sentence about the URL.
    Told(String),
    /// Files that go with it are wrong.
    Faults(Vec<String>),
}

fn told(words: impl Into<String>) -> Failed {
    Failed::Told(words.into())
}

/// The list at a URL.
///
/// # Errors
/// Why there is none, and what would be right.
pub(super) fn fetch(url: &str, args: &AskingArgs) -> Result<Vec<u8>, Failed> {
    let place = Place::read(url).map_err(told)?;
    if !place.tls && (args.cert.is_some() || args.pfx.is_some()) {
        return Err(told("a client certificate is presented over https alone; write https://"));
    }
    let (mut faults, mut identities) = (Vec::new(), Vec::new());
    if let Some(client) = client(args) {
        let alone = Site { clients: vec![client], ..Site::nameless(Profile::CurrentBranch) };
        identities = load::identities(&alone, None, &mut faults).identities;
    }
    let site = Site::nameless(Profile::CurrentBranch);
    let trust =
        load::trust(&site, None, load::GivenFiles { roots: &args.ca_file, ..load::GivenFiles::default() }, &mut faults);
    if !faults.is_empty() {
        return Err(Failed::Faults(faults));
    }
    let mut settings = Settings::new(vec![Vantage::new(HERE, Network::Intranet)], now);
    settings.identities = identities;
    if !args.ca_file.is_empty() {
        settings.presented_to = Some(presenting::to_own_servers(&site, &trust, None));
    }
    args.way.set(&mut settings);
    args.way.replaced_pins().for_each(|note| complain(&note));
    let presents = !settings.identities.is_empty();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| told(format!("this machine gives no threads or timers to ask with: {error}")))?;
    let prober = Prober::new(settings);
    let ask = |target: Target| runtime.block_on(seen(&prober, target));
    let outcome = if place.tls && !args.ca_file.is_empty() {
        let met = ask(place.target(None, false));
        believed(&met, &trust).and_then(|()| answer(&ask(place.target(Some(presents), true)), presents))
    } else {
        answer(&ask(place.target(Some(presents), place.tls)), presents)
    };
    runtime.shutdown_background();
    outcome.map_err(told)
}

/// Host and port of an https URL; `None`: it is none.
pub(super) fn https(url: &str) -> Option<(String, u16)> {
    let place = Place::read(url).ok().filter(|place| place.tls)?;
    Some((place.host.as_str().to_owned(), place.port))
}

/// A URL, read.
struct Place {
    tls: bool,
    host: HostName,
    port: u16,
    path: String,
}

impl Place {
    fn read(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let tls = scheme.eq_ignore_ascii_case("https");
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err("the URL holds credentials; leave them out: a client certificate is given by --pfx".into());
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            Some(_) | None => (authority, None),
        };
        let port = match port {
            None => {
                if tls {
                    443
                } else {
                    80
                }
            }
            Some(port) => cmprobe::site::address::port(port).map_err(|wrong| wrong.to_string())?,
        };
        let host = HostName::new(host.trim_start_matches('[').trim_end_matches(']'));
        if host.is_empty() || host.as_str().contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("the URL names no host; write https://HOST/SMS_MP/.sms_aut?MPLIST".into());
        }
        let path = match path {
            "" | "/" => MPLIST.to_owned(),
            path if path.bytes().all(|b| b.is_ascii_graphic()) => path.to_owned(),
            _ => return Err("the URL's path holds blanks or letters that URLs have no room for".into()),
        };
        Ok(Self { tls, host, port, path: if path.starts_with('?') { format!("/{path}") } else { path } })
    }

    /// The endpoint, with the one question that is put to it; `None`: with a handshake alone.
    fn target(&self, asks: Option<bool>, tls: bool) -> Target {
        let request = asks.map(|_| Request { method: Method::Get, path: self.path.as_str().into(), most: LIST_LIMIT });
        let plain = request.is_some() && !tls;
        let offer = Offer {
            label: match (plain, &request) {
                (true, _) => OfferLabel::PlainHttp,
                (false, Some(_)) => OfferLabel::Client,
                (false, None) => OfferLabel::Default,
            },
            sni: Sni::Dialled,
            versions: Versions::ANY,
            identity: if asks == Some(true) { Identity::Client(GIVEN.into()) } else { Identity::None },
            shape: Shape::Usual,
            request,
            condition: Condition::Always,
            engines: if plain { [EngineId::Plain].into() } else { [EngineId::Rustls, EngineId::Openssl].into() },
        };
        Target {
            id: TargetId::new(self.host.as_str(), Role::ManagementPoint.name(), self.host.as_str(), HERE),
            system: self.host.as_str().into(),
            role: Some(Role::ManagementPoint),
            vantage: HERE.into(),
            network: Network::Intranet,
            name: self.host.clone(),
            name_kind: NameKind::Given,
            port: self.port,
            http_port: self.port,
            expectation: Arc::new(Expectation::default()),
            offers: [offer].into(),
            connections: 1,
            why: "its list is the site's definition".into(),
        }
    }
}

/// What the endpoint gave.
async fn seen(prober: &Prober, target: Target) -> Option<TargetObservation> {
    let (sink, mut seen) = mpsc::channel(4);
    let prober = prober.clone();
    let asking = tokio::spawn(async move { prober.run([Arc::new(target)], Vec::<Arc<Lookup>>::new(), sink).await });
    let mut found = None;
    while let Some(one) = seen.recv().await {
        if let Seen::Target(target) = one {
            found = Some(*target);
        }
    }
    asking.abort();
    found
}

/// Everything that was seen at the addresses of the name, or why there is none.
fn observations(met: &Option<TargetObservation>) -> Result<Vec<&Observation>, String> {
    let Some(met) = met else { return Err("nothing came of asking".into()) };
    let all: Vec<&Observation> = met.endpoints.iter().flat_map(|endpoint| &endpoint.observations).collect();
    if all.is_empty() {
        let why = met.resolution.failure.as_ref().map_or("it has no address", |failure| failure.detail.as_str());
        return Err(format!("{} was not reached: {why}", escape(&met.resolution.name)));
    }
    Ok(all)
}

/// Whether every address presents a certificate that leads to a root that was given.
fn believed(met: &Option<TargetObservation>, trust: &TrustStore) -> Result<(), String> {
    let all = observations(met)?;
    let with_chain = all.iter().filter(|one| !one.handshake.chain.is_empty());
    let mut any = false;
    for one in with_chain {
        any = true;
        let chain: Vec<Arc<Certificate>> =
            one.handshake.chain.iter().map(|der| Arc::new(Certificate::read(der))).collect();
        let Some((leaf, presented)) = chain.split_first() else { continue };
        let search = Search::new(leaf, presented, trust, &trust.roots, Purpose::ServerAuthentication, now());
        if Paths::find(&search).best().is_err() {
            let leaf = leaf.subject_text();
            return Err(format!(
                "its certificate, {}, leads to none of the roots of --ca-file; it is not asked, and shown no certificate",
                escape(leaf)
            ));
        }
    }
    if any { Ok(()) } else { Err(stopped(&all)) }
}

/// Where the probes were stopped.
fn stopped(all: &[&Observation]) -> String {
    let last = all.iter().rev().find_map(|one| one.stopped.as_ref());
    last.map_or_else(|| "it gave no answer".to_owned(), |failure| escape(&failure.detail).into_owned())
}

/// The body of the answer that is one.
fn answer(met: &Option<TargetObservation>, presents: bool) -> Result<Vec<u8>, String> {
    let all = observations(met)?;
    let answers: Vec<_> = all.iter().filter_map(|one| one.exchange.as_ref()?.answer.as_ref()).collect();
    if let Some(good) = answers.iter().find(|answer| answer.status == 200) {
        if good.body_cut {
            return Err(format!("its list is longer than {} KiB; save it to a file, and give that", LIST_LIMIT / 1024));
        }
        let beginning: String = good.body.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
        if beginning.starts_with("<!doctype html") || beginning.contains("<html") {
            return Err(wants(presents, "answers with a web page"));
        }
        return Ok(good.body.clone().into_bytes());
    }
    match answers.first() {
        Some(refused) if matches!(refused.status, 401 | 403) => {
            Err(wants(presents, &format!("answers {}", refused.status)))
        }
        Some(other) => Err(format!(
            "the server answers {}; ask for /SMS_MP/.sms_aut?MPLIST at a management point of the site",
            other.status
        )),
        None => {
            let mut why = stopped(&all);
            if !presents && all.iter().any(|one| one.handshake.client_certificate_request.is_some()) {
                why.push_str("; the management point wants a client certificate: add --pfx");
            }
            Err(why)
        }
    }
}

fn wants(presents: bool, answers: &str) -> String {
    if presents {
        return format!(
            "it {answers} to the client certificate that was presented: it is of another site, revoked, or this is no management point"
        );
    }
    format!("it {answers}: the management point wants a client certificate: add --pfx")
}

/// The client certificate on the command line.
fn client(args: &AskingArgs) -> Option<Client> {
    let source = match (&args.pfx, &args.cert) {
        (Some(pfx), _) => IdentitySource::Pfx(pfx.clone()),
        (None, Some(certificate)) => IdentitySource::Pair { certificate: certificate.clone(), key: args.key.clone() },
        (None, None) => return None,
    };
    let environment = args.pass_env.clone().map(SecretSource::Environment);
    let secret = environment.or_else(|| args.pass_file.clone().map(SecretSource::File));
    Some(Client { secret, ..Client::new(GIVEN, ClientKind::Computer, source) })
}
