//! The flags of `check`.

use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use super::listed;
use clap::ValueEnum;
use cmprobe::connect::ProxyResolve;
use cmprobe::prober::Settings;
use cmprobe::resolve::{Family, Pin};
use cmprobe::revocation::allowed::Hosts;
use cmprobe::site::profile::Profile;

use super::planning::{NarrowArgs, OfferArgs};
use super::value::{GivenProxy, Pinned};
use super::{JudgingArgs, OutputArgs, value};
use crate::exit::concat_table;

/// Resolves, connects, handshakes, asks, judges, reports
#[derive(Debug, clap::Args)]
#[command(after_help = concat_table("\
Examples:
  cmprobe check site.toml
  cmprobe check site.toml --vantage internet --only MP01 --report json=mp01.json
  cmprobe check site.toml --save today.json
  cmprobe check mp=mp01.corp.contoso.com dp=dp01.corp.contoso.com --ca-file root.cer
  cmprobe check mp=mp01.corp.contoso.com --discover --pfx ws01.pfx --ca-file root.cer
  cmprobe check --list endpoints.txt -f jsonl"))]
pub(crate) struct CheckArgs {
    /// A site definition (a file), or endpoints: [ROLE=]HOST[:PORT], [ROLE=][v6]:PORT, or an https URL, whose path is
    /// ignored. Roles by their names, or mp, dp, sup, smp, proxy, nlb, cmg, in any case
    #[arg(value_name = "DEFINITION.toml | ENDPOINT")]
    pub(crate) what: Vec<String>,
    /// Read endpoints from a file, one a line, `#` begins a comment; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,
    /// Ask management points for their lists first, and probe whom these name and nobody gave, 64 at the most
    #[arg(long)]
    pub(crate) discover: bool,
    #[command(flatten)]
    pub(crate) narrow: NarrowArgs,
    #[command(flatten)]
    pub(crate) offer: OfferArgs,
    #[command(flatten)]
    pub(crate) probe: ProbeArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    /// This certificate must be the one that is presented, everywhere: after a renewal; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    pub(crate) expect: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) judging: JudgingArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Save what was seen, a line of JSON each, to be judged again by `assess`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) save: Option<PathBuf>,
}

/// From where, as whom, and by which way.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Probing")]
pub(crate) struct ProbeArgs {
    #[command(flatten)]
    pub(crate) way: WayArgs,
    /// The site code, for endpoints given without a definition
    #[arg(long, value_name = "XXX", value_parser = value::site_code)]
    pub(crate) site_code: Option<String>,
    /// Which documents it is held against, where no definition says so [default: those of the version a management point
    /// tells, else native-mode-2007]
    #[arg(long, value_name = "PROFILE", value_parser = listed::profile(), hide_possible_values = true)]
    pub(crate) profile: Option<Profile>,
    /// Present this client certificate where one is asked for: PEM or DER
    #[arg(long, value_name = "FILE", conflicts_with = "pfx")]
    pub(crate) cert: Option<PathBuf>,
    /// The key that belongs to --cert, where it is in another file
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Present the client certificate of this PKCS #12 file where one is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) pfx: Option<PathBuf>,
    /// The environment variable that holds the secret of --key or --pfx
    #[arg(long, value_name = "NAME", conflicts_with = "pass_file")]
    pub(crate) pass_env: Option<String>,
    /// The file whose first line is the secret of --key or --pfx [without either: asked for at the terminal]
    #[arg(long, value_name = "FILE")]
    pub(crate) pass_file: Option<PathBuf>,
}

/// By which way.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Probing")]
pub(crate) struct WayArgs {
    /// Ask this name server instead of the vantage's; repeatable
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = value::name_server)]
    pub(crate) resolver: Vec<SocketAddr>,
    /// Take these addresses for a name, as curl does; repeatable, and of two for one HOST:PORT the last counts
    #[arg(long, value_name = "HOST:PORT:ADDR[,ADDR]...", value_parser = value::pinned)]
    pub(crate) resolve: Vec<Pinned>,
    /// Use IPv4 addresses only
    #[arg(short = '4', conflicts_with = "ipv6")]
    pub(crate) ipv4: bool,
    /// Use IPv6 addresses only
    #[arg(short = '6')]
    pub(crate) ipv6: bool,
    /// Connect from this local address
    #[arg(long, value_name = "ADDR", value_parser = value::local_address)]
    pub(crate) source_ip: Option<IpAddr>,
    /// Which servers may be asked for the lists and issuers that certificates name: any over http (but none on this
    /// machine or link, unless the endpoint is there), or the site's: under the definition's domains, or named by a
    /// certificate that leads to its roots
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = RevocationHosts::Any)]
    pub(crate) revocation_hosts: RevocationHosts,
    /// Connect through this HTTP proxy (CONNECT)
    #[arg(long, value_name = "http://HOST:PORT", value_parser = value::proxy)]
    pub(crate) proxy: Option<GivenProxy>,
    /// Who resolves names reached through a proxy, given here or in the definition
    #[arg(long, value_name = "WHO", value_enum, default_value_t = ResolvedBy::Remote)]
    pub(crate) proxy_resolve: ResolvedBy,
}

/// Who resolves names reached through a proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ResolvedBy {
    /// The proxy is given names, as clients do; pinned ones as addresses
    #[default]
    Remote,
    /// The vantage's resolver; the proxy is given addresses
    Local,
}

impl From<ResolvedBy> for ProxyResolve {
    fn from(by: ResolvedBy) -> Self {
        match by {
            ResolvedBy::Remote => Self::Remote,
            ResolvedBy::Local => Self::Local,
        }
    }
}

/// Which servers may be asked for what certificates name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RevocationHosts {
    /// Any over http
    #[default]
    Any,
    /// The site's
    Site,
}

impl From<RevocationHosts> for Hosts {
    fn from(hosts: RevocationHosts) -> Self {
        match hosts {
            RevocationHosts::Any => Self::Any,
            RevocationHosts::Site => Self::Site,
        }
    }
}

impl WayArgs {
    /// Whether any way was given.
    pub(crate) const fn is_given(&self) -> bool {
        !self.resolver.is_empty()
            || !self.resolve.is_empty()
            || self.ipv4
            || self.ipv6
            || self.source_ip.is_some()
            || self.proxy.is_some()
            || matches!(self.proxy_resolve, ResolvedBy::Local)
            || matches!(self.revocation_hosts, RevocationHosts::Site)
    }

    /// What is wrong with it, told without what could be a secret.
    pub(crate) fn faults(&self) -> Vec<String> {
        let wrong = self.proxy.as_ref().and_then(|given| given.0.as_ref().err());
        wrong.map(|why| format!("--proxy: {why}")).into_iter().collect()
    }

    /// Lets a prober take it.
    pub(crate) fn set(&self, settings: &mut Settings) {
        settings.family = match (self.ipv4, self.ipv6) {
            (true, _) => Family::V4,
            (false, true) => Family::V6,
            (false, false) => Family::Any,
        };
        settings.source = self.source_ip;
        settings.proxy = self.proxy.as_ref().and_then(|given| given.0.clone().ok());
        settings.proxy_resolve = self.proxy_resolve.into();
        settings.resolvers.clone_from(&self.resolver);
        settings.pins = self.pins();
    }

    /// What is given for names: of two for one name and port the last, as curl's `--resolve` has it.
    pub(crate) fn pins(&self) -> Vec<Pin> {
        let counting = self.resolve.iter().enumerate().filter(|(at, one)| !one.is_among(&self.resolve[at + 1..]));
        counting.map(|(_, one)| Pin::new(one.name.clone(), Some(one.port), one.addresses.clone())).collect()
    }

    /// A word on each address for a name that a later one for the same name and port takes the place of.
    pub(crate) fn replaced_pins(&self) -> impl Iterator<Item = String> {
        let replaced = self.resolve.iter().enumerate().filter(|(at, one)| one.is_among(&self.resolve[at + 1..]));
        replaced.map(|(_, one)| {
            let addresses: Vec<String> = one.addresses.iter().map(ToString::to_string).collect();
            let (name, port, addresses) = (&one.name, one.port, addresses.join(","));
            format!(
                "--resolve {name}:{port}:{addresses}: given again further on, and the last one counts; write several addresses with commas"
            )
        })
    }
}

/// How much at once, and how long.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Connections open at once [default: 1000, or what this machine allows]
    #[arg(long, value_name = "N", value_parser = value::count)]
    pub(crate) concurrency: Option<NonZeroUsize>,
    /// Connections open at once to one address [default: 10]
    #[arg(long, value_name = "N", value_parser = value::count)]
    pub(crate) per_host: Option<NonZeroUsize>,
    /// Open at most so many connections a second
    #[arg(long, value_name = "N/s", value_parser = value::rate)]
    pub(crate) rate: Option<NonZeroU32>,
    /// How long opening a connection may take [default: 5s]
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) connect_timeout: Option<Duration>,
    /// How long a TLS handshake may take [default: 5s]
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) handshake_timeout: Option<Duration>,
    /// How long a probe may take in all [default: 15s]
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) timeout: Option<Duration>,
    /// Make a probe that ran into a time-out again, so many times
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) retries: u8,
}
