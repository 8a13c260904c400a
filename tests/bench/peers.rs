//! The commands that are measured, each over the same endpoints.

use std::ffi::OsString;
use std::path::Path;

use crate::farm::Farm;

/// A command line.
pub(crate) type CommandLine = Vec<OsString>;

/// The bare loop.
pub(crate) fn floor(farm: &Farm) -> CommandLine {
    let own = std::env::current_exe().unwrap_or_default();
    vec![own.into(), "floor".into(), farm.list.clone().into(), farm.root.clone().into()]
}

/// The program itself: full verdicts, written to nowhere.
pub(crate) fn cmprobe(program: &Path, farm: &Farm, format: &str) -> CommandLine {
    let mut line: CommandLine = vec![program.into(), "check".into(), "--list".into(), farm.list.clone().into()];
    line.extend(["--ca-file".into(), farm.root.clone().into(), "--revocation".into(), "off".into()]);
    line.extend(["-q", "-f", format, "-o", "/dev/null"].map(OsString::from));
    line
}

/// What an administrator has: one process an endpoint, eight at a time.
pub(crate) fn s_client(farm: &Farm) -> CommandLine {
    let script = format!(
        "xargs -P 8 -I@ sh -c 'openssl s_client -connect @ -CAfile {} -showcerts </dev/null >/dev/null 2>&1' <{}",
        farm.root.display(),
        farm.list.display()
    );
    vec!["sh".into(), "-c".into(), script.into()]
}

/// The same with curl; the farm speaks no HTTP, so curl ends after the handshake.
pub(crate) fn curl(farm: &Farm) -> CommandLine {
    let script = format!(
        "xargs -P 8 -I@ curl -s -o /dev/null --max-time 5 --cacert {} https://@/ <{} ; true",
        farm.root.display(),
        farm.list.display()
    );
    vec!["sh".into(), "-c".into(), script.into()]
}
