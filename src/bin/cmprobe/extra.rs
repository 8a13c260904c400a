//! `extra`: prints what is shipped beside the program, to start from.

use std::fmt::Write;

use cmprobe::import;
use cmprobe::site::suggestion::nearest;

use crate::args::ExtraArgs;
use crate::exit::{Error, Outcome};
use crate::output::Sink;

/// Name, what it is, text.
const EXTRAS: [(&str, &str, &str); 6] = [
    (
        "prometheus-rules",
        "alerts on what `serve` hands out, for Prometheus' rule_files",
        include_str!("extra/prometheus-rules.yml"),
    ),
    (
        "grafana-dashboard",
        "verdict, findings, days left and what is up, for Grafana",
        include_str!("extra/grafana-dashboard.json"),
    ),
    ("scrape-config", "how Prometheus scrapes `serve`", include_str!("extra/scrape-config.yml")),
    ("systemd-unit", "`serve` as a service", include_str!("extra/cmprobe.service")),
    (
        "zabbix-template",
        "a host's items, discovery and triggers on `-f zabbix`, for Zabbix",
        include_str!("extra/zabbix-template.yml"),
    ),
    ("export-script", "what exports a site's systems from its console, for `init`", import::EXPORT_SCRIPT),
];

pub(crate) fn run(args: &ExtraArgs) -> Result<Outcome, Error> {
    let text = match &args.name {
        None => list(),
        Some(name) => found(name)?.to_owned(),
    };
    Sink::standard().finish(&text)?;
    Ok(Outcome::Passed)
}

fn list() -> String {
    let mut text = String::new();
    for (name, what, _) in EXTRAS {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<18} {what}");
    }
    text
}

fn found(name: &str) -> Result<&'static str, Error> {
    if let Some((_, _, text)) = EXTRAS.iter().find(|(known, ..)| *known == name) {
        return Ok(text);
    }
    let names = EXTRAS.map(|(name, ..)| name);
    let right = nearest(name, names)
        .map_or_else(|| format!("it is one of {}", names.join(", ")), |near| format!("did you mean {near}?"));
    Err(Error::fault(format!("there is no \u{201c}{name}\u{201d} among what is shipped; {right}")))
}
