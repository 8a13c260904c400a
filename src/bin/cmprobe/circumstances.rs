//! From where and on what grounds a run looks, gathered for its reports.

use cmprobe::report::circumstances::{Circumstances, VantageReport};
use cmprobe::report::left_out::LeftOutReport;
use cmprobe::site::Site;
use cmprobe::site::vantage::Vantage;
use cmprobe::wire::timestamp::Timestamp;
use time::OffsetDateTime;

use crate::load::Definition;

/// What is known before the run begins.
pub(crate) fn of<'a>(
    site: &Site,
    definition: Option<&Definition>,
    vantages: impl IntoIterator<Item = &'a Vantage>,
    probe_host: Option<String>,
    warn_days: u32,
) -> Circumstances {
    Circumstances {
        definition: definition.map(|definition| definition.report(site)),
        definition_warnings: definition.map(|_| site.warnings()).iter().flatten().map(Into::into).collect(),
        vantages: vantages.into_iter().map(VantageReport::from).collect(),
        probe_host,
        warn_days,
        authorities: Vec::new(),
        left_out: LeftOutReport::default(),
        listed: None,
    }
}

/// The name of this machine; `None`: it has none.
#[cfg(unix)]
pub(crate) fn host() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}

/// The name of this machine; `None`: it has none.
#[cfg(not(unix))]
pub(crate) fn host() -> Option<String> {
    std::env::var("COMPUTERNAME").ok().filter(|name| !name.is_empty())
}

/// What the time is.
pub(crate) fn now() -> Timestamp {
    OffsetDateTime::now_utc().into()
}
