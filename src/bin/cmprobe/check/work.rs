//! What there is to do: a site and its plan, or endpoints given one by one; and how it is done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmprobe::identity::ClientIdentity;
use cmprobe::observation::Seen;
use cmprobe::plan::build::{Offers, Options};
use cmprobe::plan::endpoint::{Endpoint, HERE, Shared};
use cmprobe::plan::offer::Identity;
use cmprobe::plan::{Lookup, Plan, Target};
use cmprobe::prober::{self, Settings, Stranger};
use cmprobe::report::left_out::LeftOutReport;
use cmprobe::requirement::management_point::answers::{Told, release_of};
use cmprobe::site::name::HostName;
use cmprobe::site::profile::{Profile, ProfileSource};
use cmprobe::site::role::Role;
use cmprobe::site::vantage::{Network, Vantage};
use cmprobe::site::{Client, ClientKind, IdentitySource, SecretSource, Site};
use cmprobe::trust::basis::RevocationMode;
use cmprobe::trust::store::TrustStore;
use cmprobe::wire::timestamp::Timestamp;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinSet;

use super::listing::Endpoints;
use super::lists::{self, Lists};
use super::named::{self, Named};
use super::pending::{Pending, Placed};
use super::{discover, source};
use crate::args::{CheckArgs, ProbeArgs};
use crate::exit::Error;
use crate::load::{self, Definition};
use crate::{fetching, limits, narrow, presenting};
use cmprobe::judgement::run::CertificateFile;

/// The name of the identity given on the command line.
const GIVEN: &str = "command line";

/// How many management points of a list a command names.
const NAMED: usize = 6;

/// What there is to do.
pub(crate) struct Work {
    pub(crate) site: Site,
    pub(crate) trust: TrustStore,
    pub(crate) settings: Settings,
    /// The certificate files the definition names, to be judged.
    pub(crate) files: Vec<CertificateFile>,
    /// The definition, where there is one.
    pub(crate) definition: Option<Definition>,
    /// What the user should know before it begins.
    pub(crate) notes: Vec<String>,
    what: What,
    options: Options,
    /// What management points answered before the run.
    lists: Lists,
}

enum What {
    /// A site's plan.
    Site { plan: Plan, narrowed: bool },
    /// Endpoints given one by one; their targets are made as they are needed.
    Endpoints { endpoints: Endpoints, offers: Arc<Offers> },
}

impl Work {
    /// Reads everything there is to read.
    ///
    /// # Errors
    /// Every fault there is.
    pub(crate) fn prepare(args: &CheckArgs, now: Timestamp) -> Result<Self, Error> {
        let (named, mut notes) = named::read(args)?;
        notes.extend(args.probe.way.replaced_pins());
        let mut faults = misplaced(&named, args);
        faults.extend(args.probe.way.faults());
        let (mut site, definition, endpoints) = match named {
            Named::Definition(site, definition) => (*site, Some(definition), None),
            Named::Endpoints(endpoints) => (nameless(&args.probe), None, Some(endpoints)),
        };
        if let (Some(profile), Some(_)) = (args.probe.profile, &definition) {
            (site.profile, site.profile_source) = (profile, ProfileSource::Flag);
        }
        if let Some(Ok(proxy)) = args.probe.way.proxy.as_ref().map(|given| &given.0) {
            let proxy = format!("http://{}:{}", proxy.host, proxy.port);
            site.vantages.iter_mut().for_each(|vantage| vantage.proxy = Some(proxy.clone()));
        }
        faults.extend(source::not_here(&site, definition.as_ref(), args));
        let given = load::GivenFiles { expected: &args.expect, ..load::GivenFiles::of(&args.judging) };
        let mut trust = load::trust(&site, definition.as_ref(), given, &mut faults);
        let load::Identities { mut identities, files: clients, notes: of_clients } =
            load::identities(&site, definition.as_ref(), &mut faults);
        notes.extend(of_clients);
        let mut files: Vec<CertificateFile> =
            definition.iter().flat_map(|definition| load::trusted_files(&site, definition)).collect();
        files.extend(load::given_files(&args.judging.ca_file));
        trust.client_authorities = load::client_authorities(&clients);
        files.extend(clients);
        if let Some(client) = given_client(&args.probe) {
            site.clients.insert(0, client);
            let alone = Site { clients: vec![site.clients[0].clone()], ..Site::nameless(site.profile) };
            let given = load::identities(&alone, None, &mut faults);
            trust.client_authorities.extend(load::client_authorities(&given.files));
            identities.extend(given.identities);
            notes.extend(given.notes);
        } else if let Some(file) = &args.probe.pass_file {
            notes.push(format!("--pass-file {}: nothing is to be opened by it", file.display()));
        }
        let mut options = args.offer.options(&args.narrow);
        // A list is long: what every handshake more costs is spent where it is asked for.
        options.tls_versions &= args.list.is_none() || args.offer.tls_versions;
        let what = match endpoints {
            None => {
                faults.extend(narrow::unknown(&site, &options));
                let what = What::site(&site, &options, args.narrow.is_narrowed());
                if let What::Site { plan, .. } = &what {
                    notes.extend(narrow::not_probed(&site, plan, &options));
                }
                what
            }
            Some(endpoints) => What::Endpoints { endpoints, offers: Arc::new(Offers::new(&site, &options)) },
        };
        Error::all(faults)?;
        let stranger = what.stranger(&identities, now);
        let intermediates: Vec<_> = trust.intermediates.iter().map(|one| one.der.clone()).collect();
        for identity in identities.iter_mut().filter_map(Arc::get_mut) {
            identity.complete(&intermediates);
        }
        let mut settings = Settings::new(site.vantages.clone(), crate::circumstances::now);
        settings.identities = identities;
        let mode = RevocationMode::from(args.judging.revocation);
        fetching::set(&mut settings, &site, &trust, mode, args.probe.way.revocation_hosts.into());
        settings.files = fetching::chains(&files);
        for identity in &settings.identities {
            if !identity.chain.is_empty() && !settings.files.contains(&identity.chain) {
                settings.files.push(identity.chain.clone());
            }
        }
        settings.stranger = stranger;
        if !args.offer.present_always {
            settings.presented_to = Some(presenting::to_own_servers(&site, &trust, args.offer.sni.as_deref()));
        }
        set(&mut settings, args);
        notes.extend(limits::within_means(&mut settings, args.limits.concurrency));
        Ok(Self { site, trust, settings, files, definition, notes, what, options, lists: Lists::default() })
    }

    /// Asks management points what is to be known before the run.
    pub(crate) async fn ask(&mut self, args: &CheckArgs, now: Timestamp) {
        self.learn(args, now).await;
        if args.discover {
            self.discover().await;
        }
    }

    /// Asks a management point which documents are the law, where nobody says; without an answer it stays assumed.
    async fn learn(&mut self, args: &CheckArgs, now: Timestamp) {
        if self.site.profile_source != ProfileSource::Default || args.list.is_some() {
            return;
        }
        let questions = self.what.points().filter_map(|target| lists::question(&target)).take(lists::MOST).collect();
        let Some(told) = self.lists.first_told(questions, &self.settings).await else { return };
        self.notes.push(told_of(&told, self.site.code.as_deref()));
        if !args.discover {
            self.notes.extend(self.further(&told));
        }
        self.site.profile = told.profile;
        self.site.profile_source = ProfileSource::Observed(told.build.to_string());
        self.what = match &self.what {
            What::Site { narrowed, .. } => What::site(&self.site, &self.options, *narrowed),
            What::Endpoints { endpoints, .. } => What::Endpoints {
                endpoints: endpoints.clone(),
                offers: Arc::new(Offers::new(&self.site, &self.options)),
            },
        };
        if self.settings.stranger.is_none() {
            self.settings.stranger = self.what.stranger(&self.settings.identities, now);
        }
    }

    /// The command that checks every management point of a list, where endpoints were given and not all of them.
    fn further(&self, told: &Told) -> Option<String> {
        let What::Endpoints { endpoints, .. } = &self.what else { return None };
        let is_given =
            |name: &HostName| endpoints.iter().any(|one| one.host.as_str().eq_ignore_ascii_case(name.as_str()));
        let others = told.names.iter().filter(|(name, _)| !is_given(name)).count();
        // Where the list says no port, they are reached where the one that was asked is.
        let usual = Role::ManagementPoint.default_https_port();
        let asked = endpoints.iter().next().map_or(usual, |one| one.port);
        let written = |(name, port): &(HostName, Option<u16>)| match port.unwrap_or(asked) {
            port if port == usual => format!("mp={name}"),
            port => format!("mp={name}:{port}"),
        };
        let named = told.names.iter().take(NAMED).map(written).collect::<Vec<_>>().join(" ");
        let more = told.names.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        (others > 0).then(|| {
            format!(
                "its list names {} management points; with this run's options this checks them all: cmprobe check {named}{more}",
                told.names.len()
            )
        })
    }

    /// Asks management points for their lists, and takes in whom they name and nobody gave.
    async fn discover(&mut self) {
        let points = self.what.points().filter(|target| lists::question(target).is_some());
        let points: Vec<Target> = points.take(discover::MOST).collect();
        self.lists.ask(points.iter().filter_map(lists::question).collect(), &self.settings).await;
        let known: Vec<Arc<Target>> = self.targets(Arc::default()).collect();
        let found = discover::members_of(&self.site, &points, &known, &self.lists);
        let names: Vec<&str> = found.targets.iter().map(|target| target.name.as_str()).collect();
        self.notes.push(match names.as_slice() {
            [] => "--discover: no management point's list names another than those given".to_owned(),
            [one] => format!("--discover: {one} is named by a management point's list, and probed"),
            several => format!("--discover: {} are named by management points' lists, and probed", several.join(", ")),
        });
        if found.left > 0 {
            self.notes.push(format!("--discover: {} more are named, and not probed", found.left));
        }
        match &mut self.what {
            What::Site { plan, .. } => plan.targets.extend(found.targets.into_iter().map(Arc::new)),
            What::Endpoints { endpoints, .. } => {
                let given = |target: Target| Endpoint { role: target.role, host: target.name, port: target.port };
                *endpoints = endpoints.and(found.targets.into_iter().map(given).collect());
            }
        }
    }

    /// What the options of this run leave out.
    pub(crate) fn left_out(&self, args: &CheckArgs) -> LeftOutReport {
        let narrowed = match &self.what {
            What::Site { plan, narrowed: true } => Some(plan),
            What::Site { .. } | What::Endpoints { .. } => None,
        };
        narrow::left_out(&self.site, narrowed, &self.options, args.judging.revocation.into())
    }

    /// Those of the options that make this run ask less, as they are written.
    pub(crate) fn asking_less(&self) -> Vec<String> {
        narrow::asking_less(&self.options)
    }

    /// Every file this run reads.
    pub(crate) fn read(&self, args: &CheckArgs) -> Vec<PathBuf> {
        let probe = &args.probe;
        let named = args.what.iter().filter(|text| named::is_file(text)).map(PathBuf::from);
        let given = [&args.list, &args.judging.baseline, &probe.cert, &probe.key, &probe.pfx, &probe.pass_file];
        let given = given.into_iter().flatten().filter(|path| *path != Path::new("-")).cloned();
        named.chain(given).chain(args.judging.ca_file.iter().cloned()).chain(load::files_named(&self.site)).collect()
    }

    /// Whether a whole site is looked at, from every vantage.
    pub(crate) const fn is_whole(&self) -> bool {
        match &self.what {
            What::Site { narrowed, .. } => !*narrowed,
            What::Endpoints { .. } => true,
        }
    }

    /// A word on each pin of the command line that nobody asked for, once everything has been probed.
    pub(crate) fn unused_pins(&self) -> impl Iterator<Item = String> {
        self.settings.pins.iter().filter(|pin| !pin.was_used()).map(|pin| {
            let port = pin.port.map(|port| format!(" at port {port}")).unwrap_or_default();
            format!("--resolve {}: this name{port} was asked for by nothing that was probed", pin.name)
        })
    }

    /// A word on a list that was changed while it was read.
    pub(crate) fn changed(&self) -> Option<String> {
        match &self.what {
            What::Site { .. } => None,
            What::Endpoints { endpoints, .. } => endpoints.changed(),
        }
    }

    /// Whether anything is fetched for what endpoints present.
    pub(crate) const fn fetches(&self) -> bool {
        let fetching = &self.settings.fetching;
        fetching.lists_of_endpoints || fetching.lists_of_files || fetching.issuers
    }

    /// How many targets there are.
    pub(crate) fn count(&self) -> Option<usize> {
        match &self.what {
            What::Site { plan, .. } => Some(plan.targets.len()),
            What::Endpoints { endpoints, .. } => Some(endpoints.count()),
        }
    }

    /// The vantages stood at, as they were stood at.
    pub(crate) fn stood_at(&self) -> impl Iterator<Item = &Vantage> {
        let names = self.vantages();
        self.settings.vantages.iter().filter(move |vantage| names.iter().any(|name| **name == *vantage.name))
    }

    /// The names of the vantages stood at.
    pub(crate) fn vantages(&self) -> Vec<String> {
        match &self.what {
            What::Site { plan, .. } => {
                let stood = |vantage: &&Vantage| {
                    plan.targets
                        .iter()
                        .map(|target| &target.vantage)
                        .chain(plan.lookups.iter().map(|lookup| &lookup.vantage))
                        .any(|name| *name == vantage.name)
                };
                self.site.vantages.iter().filter(stood).map(|vantage| vantage.name.to_string()).collect()
            }
            What::Endpoints { .. } => vec![HERE.to_owned()],
        }
    }

    /// The targets, each noted as pending when it is asked for.
    fn targets(&self, pending: Arc<Pending>) -> Box<dyn Iterator<Item = Arc<Target>> + Send> {
        let note = move |(at, target): (usize, Arc<Target>)| {
            pending.put(at, &target);
            target
        };
        match &self.what {
            What::Site { plan, .. } => Box::new(plan.targets.clone().into_iter().enumerate().map(note)),
            What::Endpoints { endpoints, offers } => {
                let (offers, shared) = (Arc::clone(offers), Shared::default());
                let target = move |one: Endpoint| Arc::new(one.target(&offers, &shared));
                Box::new(endpoints.iter().map(target).enumerate().map(note))
            }
        }
    }

    /// Sets the prober to work. What it sees comes out of the channel; it ends with its handle.
    pub(crate) fn begin(&self, pending: &Arc<Pending>) -> (JoinSet<()>, Receiver<Seen>) {
        let (targets, lookups) = (self.targets(Arc::clone(pending)), self.lookups().to_vec());
        let (sink, seen) = mpsc::channel(256);
        let settings = self.settings.clone();
        let mut run = JoinSet::new();
        run.spawn(async move { prober::run(targets, lookups, &settings, sink).await });
        (run, seen)
    }

    /// The lookups.
    pub(crate) fn lookups(&self) -> &[Arc<Lookup>] {
        match &self.what {
            What::Site { plan, .. } => &plan.lookups,
            What::Endpoints { .. } => &[],
        }
    }

    /// The targets that were not seen: those under way, and those of a plan that were not begun.
    pub(crate) fn not_seen(&self, pending: &Pending) -> Vec<Placed> {
        let mut left = pending.left();
        if let What::Site { plan, .. } = &self.what {
            left.extend(plan.targets.iter().cloned().enumerate().skip(pending.begun()));
        }
        left
    }
}

/// What a management point's list told, in words.
fn told_of(told: &Told, code: Option<&str>) -> String {
    let release = release_of(told.build).unwrap_or("a release this program does not know");
    let code = match (&told.site_code, code) {
        (Some(found), None) => format!("; its site code is {found} (--site-code {found})"),
        (Some(found), Some(_)) => format!("; its site code is {found}"),
        (None, _) => String::new(),
    };
    format!("a management point says version {}, {release}: held against {}{code}", told.build, told.profile.name())
}

impl What {
    /// A site's plan.
    fn site(site: &Site, options: &Options, narrowed: bool) -> Self {
        Self::Site { plan: Plan::of(site, options), narrowed }
    }

    /// A certificate nobody knows, where one is presented anywhere.
    fn stranger(&self, identities: &[Arc<ClientIdentity>], now: Timestamp) -> Option<Stranger> {
        let like = identities.first().and_then(|identity| identity.chain.first());
        self.needs_stranger().then(|| Stranger::begin(like.cloned(), now))
    }

    /// What may be asked for its list: where an endpoint has no role, it may be a management point.
    fn points(&self) -> Box<dyn Iterator<Item = Target> + '_> {
        match self {
            Self::Site { plan, .. } => Box::new(plan.targets.iter().map(|target| Target::clone(target))),
            Self::Endpoints { endpoints, offers } => {
                let shared = Shared::default();
                let as_management_point =
                    |one: &Endpoint| Endpoint { role: Some(Role::ManagementPoint), ..one.clone() };
                let said = endpoints.iter().filter(|one| one.role.is_some());
                let alone = endpoints.iter().next().filter(|one| endpoints.count() == 1 && one.role.is_none());
                let alone = alone.as_ref().map(as_management_point);
                Box::new(said.chain(alone).map(move |one| one.target(offers, &shared)))
            }
        }
    }

    /// Whether a stranger is presented anywhere.
    fn needs_stranger(&self) -> bool {
        let in_offers =
            |offers: &[cmprobe::plan::Offer]| offers.iter().any(|offer| offer.identity == Identity::Stranger);
        match self {
            Self::Site { plan, .. } => plan.targets.iter().any(|target| in_offers(&target.offers)),
            Self::Endpoints { endpoints, offers } => {
                endpoints.iter().any(|endpoint| in_offers(&offers.given(endpoint.role, &endpoint.host, endpoint.port)))
            }
        }
    }
}

/// Flags that belong to the other way of saying what to check.
fn misplaced(named: &Named, args: &CheckArgs) -> Vec<String> {
    let flags = match named {
        Named::Definition(site, _) => vec![
            (args.probe.site_code.is_some(), "--site-code is for endpoints; the definition says its own code"),
            (
                args.probe.profile.is_some() && site.profile_source == ProfileSource::Declared,
                "--profile is for endpoints, and for definitions without one; this definition says its own profile",
            ),
        ],
        Named::Endpoints(_) => vec![
            (
                !args.narrow.vantage.is_empty(),
                "--vantage names a vantage of a definition; endpoints are probed from here",
            ),
            (!args.narrow.only.is_empty(), "--only narrows a definition; give the endpoints that are wanted"),
        ],
    };
    flags.into_iter().filter(|(given, _)| *given).map(|(_, words)| words.to_owned()).collect()
}

/// The site that endpoints given one by one belong to.
fn nameless(args: &ProbeArgs) -> Site {
    let mut site = Site::nameless(args.profile.unwrap_or(Profile::NativeMode2007));
    if args.profile.is_some() {
        site.profile_source = ProfileSource::Flag;
    }
    site.code.clone_from(&args.site_code);
    site.vantages = vec![Vantage::new(HERE, Network::Intranet)];
    site
}

/// The client certificate given on the command line.
fn given_client(args: &ProbeArgs) -> Option<Client> {
    let source = match (&args.pfx, &args.cert) {
        (Some(pfx), _) => IdentitySource::Pfx(pfx.clone()),
        (None, Some(certificate)) => IdentitySource::Pair { certificate: certificate.clone(), key: args.key.clone() },
        (None, None) => return None,
    };
    let environment = args.pass_env.clone().map(SecretSource::Environment);
    let secret = environment.or_else(|| args.pass_file.clone().map(SecretSource::File));
    Some(Client { secret, ..Client::new(GIVEN, ClientKind::Computer, source) })
}

/// Takes limits and ways from the command line.
fn set(settings: &mut Settings, args: &CheckArgs) {
    let (probe, limits) = (&args.probe, &args.limits);
    settings.per_host = limits.per_host.unwrap_or(settings.per_host);
    settings.rate = limits.rate;
    settings.connect_timeout = limits.connect_timeout.unwrap_or(settings.connect_timeout);
    settings.handshake_timeout = limits.handshake_timeout.unwrap_or(settings.handshake_timeout);
    settings.deadline = limits.timeout.unwrap_or(settings.deadline);
    settings.retries = limits.retries;
    probe.way.set(settings);
}
