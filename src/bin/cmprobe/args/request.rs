//! The flags of `request`.

use super::listed;
use std::path::PathBuf;

use cmprobe::request::certificate_use::CertificateUse;

/// Writes what to ask the certification authority for: certreq's .inf, or OpenSSL's configuration
///
/// A request for each certificate a system, cluster or proxy of the definition needs, with exactly the names, purpose and key
/// its requirements demand; of a cluster, one for each node. `site-server` stands for the site server signing certificate.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe request MP01 --definition site.toml -o requests
  cmprobe request ISA01 --definition site.toml --use proxy
  cmprobe request site-server --definition site.toml
  cmprobe request CMNLB --definition site.toml -o requests
  cmprobe request MP01 --definition site.toml --use web-server --openssl > MP01.cnf")]
pub(crate) struct RequestArgs {
    /// A system, cluster or proxy of the definition, or site-server
    pub(crate) system: String,
    /// The site's definition
    #[arg(long, value_name = "FILE")]
    pub(crate) definition: PathBuf,
    /// Only the certificate for this use, by the names `inspect --as` has [default: each it needs]
    #[arg(long = "use", value_name = "USE", value_parser = listed::certificate_use(), hide_possible_values = true)]
    pub(crate) certificate_use: Option<CertificateUse>,
    /// Write a configuration for `openssl req` instead of certreq's .inf
    #[arg(long)]
    pub(crate) openssl: bool,
    /// Write a file for each request into this folder, none over another [default: the one request to standard output]
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
}
