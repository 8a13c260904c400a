//! The flags of `init`.

use std::path::PathBuf;

use super::check::WayArgs;
use super::value;

/// Writes a definition from what the console, the directory or a management point says of the site
///
/// What FILE is is told by its content: JSON of SMS_SCI_SysResUse (and SMS_SCI_Component), CSV with ServerName and RoleName,
/// a management point's MPLIST, LDIF of mSSMSManagementPoint. Several exports of one site complete each other. Nothing but
/// names, roles and ports is read; what no export says is marked TODO. Without a source, questions are asked at a terminal;
/// where nobody is there to answer, an example with every key is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = concat!("\
Examples:
  cmprobe init --from site.json -o site.toml
  cmprobe init --from https://mp01.corp.contoso.com/SMS_MP/.sms_aut?MPLIST --pfx ws01.pfx --site-code PRI
  cmprobe init --from site.json --update site.toml            (what changed in the console; exit code 4)
  cmprobe init --from site.json --update site.toml --write
  cmprobe init < /dev/null > site.toml                        (an example with every key)

On the machine with the console, in PowerShell (only what is read leaves it, so no secret does):
", include_str!("../../../import/export.ps1"), "
On a domain member:
  ldifde -f mp.ldf -d \"CN=System Management,CN=System,DC=corp,DC=contoso,DC=com\" ^
    -r \"(objectClass=mSSMSManagementPoint)\" ^
    -l dNSHostName,mSSMSMPName,mSSMSSiteCode,mSSMSVersion,mSSMSCapabilities

Exit codes:
  0  written; with --update: nothing differs, or --write put everything right
  2  usage or file error: nothing was written
  4  --update: console and definition differ"))]
pub(crate) struct InitArgs {
    #[command(flatten)]
    pub(crate) sources: SourceArgs,
    /// The code of the site that is wanted, where an export is of several or says none
    #[arg(long, value_name = "XXX", value_parser = value::site_code)]
    pub(crate) site_code: Option<String>,
    /// Compare this definition with the console instead of writing one
    #[arg(long, value_name = "DEFINITION")]
    pub(crate) update: Option<PathBuf>,
    /// Bring the definition up to date; comments, order, waivers and what was written by hand stay
    #[arg(long, requires = "update")]
    pub(crate) write: bool,
    /// Where to write the definition: a new file [default: standard output]
    #[arg(short, long, value_name = "FILE", conflicts_with = "update")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) asking: AskingArgs,
}

/// Where sites come from.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Sources")]
pub(crate) struct SourceArgs {
    /// An export of the site, told by its content, or the URL of a management point's list; `-` is standard input; repeatable
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) from: Vec<String>,
    /// The same, and it is JSON of the console's roles
    #[arg(long, value_name = "FILE")]
    pub(crate) from_json: Vec<String>,
    /// The same, and it is CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) from_csv: Vec<String>,
    /// The same, and it is a management point's list
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) from_mplist: Vec<String>,
    /// The same, and it is LDIF or JSON of the directory's management points
    #[arg(long, value_name = "FILE")]
    pub(crate) from_ad: Vec<String>,
}

/// As whom a management point is asked, and by which way.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Asking a management point")]
pub(crate) struct AskingArgs {
    /// Present this client certificate: PEM or DER
    #[arg(long, value_name = "FILE", conflicts_with = "pfx")]
    pub(crate) cert: Option<PathBuf>,
    /// The key that belongs to --cert, where it is in another file
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Present the client certificate of this PKCS #12 file
    #[arg(long, value_name = "FILE")]
    pub(crate) pfx: Option<PathBuf>,
    /// The environment variable that holds the secret of --key or --pfx
    #[arg(long, value_name = "NAME", conflicts_with = "pass_file")]
    pub(crate) pass_env: Option<String>,
    /// The file whose first line is the secret of --key or --pfx [without either: asked for at the terminal]
    #[arg(long, value_name = "FILE")]
    pub(crate) pass_file: Option<PathBuf>,
    /// Believe the management point only if its certificate leads to one of these roots; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) way: WayArgs,
}
