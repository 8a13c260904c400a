//! The flags of `serve`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use cmprobe::exporter::allowed::Pattern;
use cmprobe::verdict::severity::Severity;

use super::check::{LimitArgs, WayArgs};
use super::listed;
use super::planning::{NarrowArgs, OfferArgs};
use super::{JudgingArgs, Revocation};

/// Runs definitions again and again, and hands the last run's metrics and report out to Prometheus and browsers
///
/// Each definition is run at the start and then once an interval, never twice at once; a scrape is answered at once from
/// the last run. SIGHUP reads the definitions and the web configuration again and runs anew, SIGTERM answers what was asked
/// and ends with 0. `cmprobe extra` prints Prometheus' scrape configuration and rules, a dashboard and a systemd unit.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe serve --listen 9770 site.toml
  cmprobe serve --listen 0.0.0.0:9770 --web.config.file web.yml --vantage internet site.toml
  cmprobe serve --listen 9770 --collect https://outside.contoso.com:9770 --pass-file outside.txt --vantage intranet site.toml
  cmprobe serve --listen 9770 --allow-target corp.contoso.com --allow-target 10.1.0.0/16

  http://127.0.0.1:9770/probe?definition=site         the last run's metrics
  http://127.0.0.1:9770/report?definition=site        the last run's report

Exit codes:
  0  it was told to end
  2  usage, definition or file error, or the address cannot be listened at")]
pub(crate) struct ServeArgs {
    /// Site definitions; each is known by its file's name without the ending
    #[arg(value_name = "DEFINITION", required_unless_present = "allow_target")]
    pub(crate) definitions: Vec<PathBuf>,
    /// Where to listen: PORT (on this machine's loopback alone), ADDR:PORT or [v6]:PORT; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// How often each definition is run, give or take a tenth
    #[arg(long, value_name = "TIME", value_parser = interval, default_value = "15m")]
    pub(crate) interval: Duration,
    /// Probe endpoints that scrapes name, where their host is under this name or all their addresses are in this network;
    /// never with a client certificate; repeatable
    #[arg(long, value_name = "PATTERN", value_parser = |text: &str| text.parse::<Pattern>())]
    pub(crate) allow_target: Vec<Pattern>,
    /// TLS and passwords, as the exporters of Prometheus are configured (exporter-toolkit's YAML)
    #[arg(long = "web.config.file", value_name = "FILE")]
    pub(crate) web_config_file: Option<PathBuf>,
    /// Fetch the observations of another exporter of the same definitions before judging, and judge them with ours as one
    /// site; repeatable
    #[arg(long, value_name = "URL", help_heading = "Collecting")]
    pub(crate) collect: Vec<String>,
    /// The file whose first line is USER:PASSWORD for the exporters collected from
    #[arg(long, value_name = "FILE", requires = "collect", help_heading = "Collecting")]
    pub(crate) pass_file: Option<PathBuf>,
    /// The authorities that exporters collected from over https must lead to: PEM, DER or PKCS #7; repeatable
    #[arg(long, value_name = "FILE", requires = "collect", help_heading = "Collecting")]
    pub(crate) collect_ca_file: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) narrow: NarrowArgs,
    #[command(flatten)]
    pub(crate) offer: OfferArgs,
    #[command(flatten)]
    pub(crate) way: WayArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    /// Trust these roots too: PEM, DER or PKCS #7; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    ca_file: Vec<PathBuf>,
    /// Trust these roots for what may have a public certificate; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    public_ca_file: Vec<PathBuf>,
    /// Warn about certificates that end within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 30, help_heading = "Judging")]
    warn_days: u32,
    /// How revocation lists that cannot be had are judged
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Revocation::Hard, help_heading = "Judging")]
    revocation: Revocation,
    /// The least severity that makes a run fail
    #[arg(long, value_name = "SEVERITY", value_parser = listed::severity(), hide_possible_values = true, default_value = "error", help_heading = "Judging")]
    fail_on: Severity,
}

impl ServeArgs {
    /// How runs are judged.
    pub(crate) fn judging(&self) -> JudgingArgs {
        JudgingArgs {
            ca_file: self.ca_file.clone(),
            public_ca_file: self.public_ca_file.clone(),
            at: None,
            warn_days: self.warn_days,
            revocation: self.revocation,
            fail_on: self.fail_on,
            baseline: None,
        }
    }
}

/// `PORT`, `:PORT`, `ADDR:PORT`
fn address(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix(':').unwrap_or(text).parse::<u16>();
    port.map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
        .or_else(|_| text.parse())
        .map_err(|_| "write PORT, ADDR:PORT or [v6]:PORT; 0.0.0.0:PORT and [::]:PORT are every address".into())
}

/// From a second to a week.
fn interval(text: &str) -> Result<Duration, String> {
    const WEEK: Duration = Duration::from_secs(7 * 86_400);
    humantime::parse_duration(text)
        .ok()
        .filter(|time| (Duration::from_secs(1)..=WEEK).contains(time))
        .ok_or_else(|| "write a time from 1s to 7d: 15m, 1h".into())
}

#[cfg(test)]
mod tests {
    use super::{address, interval};

    #[test]
    fn a_port_alone_is_on_loopback() {
        let read = |text: &str| address(text).map(|address| address.to_string());
        for (text, right) in [
            ("9770", "127.0.0.1:9770"),
            (":9770", "127.0.0.1:9770"),
            ("0.0.0.0:9770", "0.0.0.0:9770"),
            ("[::1]:0", "[::1]:0"),
        ] {
            assert_eq!(read(text), Ok(right.to_owned()));
        }
        for text in ["", "65536", "host:1", "::1", "127.0.0.1"] {
            assert!(address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn intervals_are_bounded() {
        assert!(["1s", "15m", "1h", "7d"].iter().all(|text| interval(text).is_ok()));
        assert!(["", "0s", "999ms", "8d", "15"].iter().all(|text| interval(text).is_err()));
    }
}
