//! The flags of `inspect`.

use std::path::PathBuf;

use cmprobe::rule::usage::Use;
use cmprobe::site::profile::Profile;
use cmprobe::site::role::Role;

use super::check::WayArgs;
use super::{JudgingArgs, OutputArgs, listed, value};
use crate::exit::concat_table;

/// Judges certificate files, as what they are to be used for
///
/// What a file is (DER, PEM, PKCS #7, PKCS #12) is told by its content. What an earlier run saved, its observations or its
/// report, is read too: each chain an endpoint presented is judged where it was met. Nothing is asked of the network
/// without --online: revocation lists are not fetched, and what only they decide is left out.
#[derive(Debug, clap::Args)]
#[command(after_help = concat_table("\
Examples:
  cmprobe inspect --as client ws01.pfx ws02.pfx --pass-env PFX_PASSWORD --ca-file root.cer
  cmprobe inspect --as site-server signing.cer --site-code PRI --ca-file root.cer
  cmprobe inspect --as deployment boot.pfx --definition site.toml
  cmprobe inspect --as web-server chain.pem --role mp --name mp01.corp.contoso.com --ca-file root.cer
  cmprobe inspect --as web-server chain.pem --definition site.toml --system MP01
  cmprobe inspect --as web-server today.jsonl --definition site.toml --endpoint MP01/
  cmprobe inspect --as client ws01.pfx --ca-file root.cer --online
  cmprobe inspect --as client old.cer new.cer --select --profile current-branch --ca-file root.cer"))]
pub(crate) struct InspectArgs {
    /// The certificate files, or what `check` saved or reported; every one is judged, and clients' names are compared
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// What they are to be used as: web-server, client, mobile-device, site-server, deployment, root, proxy,
    /// cloud-management-gateway, sms-provider, reporting-point, sql-server and others
    #[arg(long = "as", value_name = "KIND", value_parser = listed::file_kind(), hide_possible_values = true)]
    pub(crate) kind: Use,
    /// The site: its code, profile, roots and systems
    #[arg(long, value_name = "FILE", conflicts_with_all = ["site_code", "profile"])]
    pub(crate) definition: Option<PathBuf>,
    /// The site code, without a definition
    #[arg(long, value_name = "XXX", value_parser = value::site_code)]
    pub(crate) site_code: Option<String>,
    /// Which documents the files are held against, without a definition [default:
    /// native-mode-2007; current-branch for what 2007 does not have]
    #[arg(long, value_name = "PROFILE", value_parser = listed::profile(), hide_possible_values = true)]
    pub(crate) profile: Option<Profile>,
    /// web-server: the role that is to present it
    #[arg(long, value_name = "ROLE", value_parser = listed::https_role(), hide_possible_values = true, help_heading = "Presenting")]
    pub(crate) role: Option<Role>,
    /// web-server, sms-provider, reporting-point, sql-server: the name dialled on the intranet
    #[arg(long, value_name = "NAME", conflicts_with = "system", help_heading = "Presenting")]
    pub(crate) name: Option<String>,
    /// web-server, proxy, cloud-management-gateway: the name clients on the Internet dial
    #[arg(long, value_name = "NAME", conflicts_with = "system", help_heading = "Presenting")]
    pub(crate) internet_name: Option<String>,
    /// web-server and other servers: the system, cluster or proxy of the definition that is to present it
    #[arg(long, value_name = "SYSTEM", help_heading = "Presenting")]
    pub(crate) system: Option<String>,
    /// sql-server: a cluster presents it
    #[arg(long, help_heading = "Presenting")]
    pub(crate) cluster: bool,
    /// Of what an earlier run saved: only endpoints whose ids begin so
    #[arg(long, value_name = "ID", help_heading = "Presenting")]
    pub(crate) endpoint: Option<String>,
    /// client: say which of them a computer that has them all takes, and why none of the others
    #[arg(long)]
    pub(crate) select: bool,
    /// Fetch the revocation lists the certificates name, and ask their OCSP responders
    #[arg(long, help_heading = "Network")]
    pub(crate) online: bool,
    /// Fetch from this vantage of the definition; repeatable [default: all]
    #[arg(long, value_name = "NAME", requires_all = ["online", "definition"], help_heading = "Network")]
    pub(crate) vantage: Vec<String>,
    #[command(flatten)]
    pub(crate) way: WayArgs,
    /// The key that belongs to the certificate, where it is in a file of its own: PEM or DER
    #[arg(long, value_name = "FILE", help_heading = "Secrets")]
    pub(crate) key: Option<PathBuf>,
    /// The environment variable that holds the password of the files or of --key
    #[arg(long, value_name = "NAME", conflicts_with = "pass_file", help_heading = "Secrets")]
    pub(crate) pass_env: Option<String>,
    /// The file whose first line is the password [without either: asked for at the terminal]
    #[arg(long, value_name = "FILE", help_heading = "Secrets")]
    pub(crate) pass_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judging: JudgingArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}
