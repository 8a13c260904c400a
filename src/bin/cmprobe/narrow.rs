//! Vantages, systems and roles named on the command line: each must be one of the definition's.

use std::collections::HashSet;

use cmprobe::plan::Plan;
use cmprobe::plan::build::Options;
use cmprobe::report::left_out::LeftOutReport;
use cmprobe::site::Site;
use cmprobe::site::role::Role;
use cmprobe::trust::basis::RevocationMode;

/// One of the options.
type Choice = fn(&mut Options) -> &mut bool;

/// Options that make a run ask less of what it looks at.
const ASKING_LESS: [(&str, Choice); 3] = [
    ("--no-http", |options| &mut options.http),
    ("--no-stranger", |options| &mut options.stranger),
    ("--no-tls-versions", |options| &mut options.tls_versions),
];

/// Those of the options that make a run ask less, as they are written.
pub(crate) fn asking_less(options: &Options) -> Vec<String> {
    let is_given = |of: Choice| !*of(&mut options.clone());
    ASKING_LESS.into_iter().filter(|(_, of)| is_given(*of)).map(|(option, _)| option.to_owned()).collect()
}

/// What options leave out; `narrowed`: the plan, where it is not the whole definition's.
pub(crate) fn left_out(
    site: &Site,
    narrowed: Option<&Plan>,
    options: &Options,
    revocation: RevocationMode,
) -> LeftOutReport {
    let vantages = options.vantages.iter().map(|name| format!("--vantage {name}"));
    let only = options.only.iter().map(|name| format!("--only {name}"));
    let less = asking_less(options);
    let off = (revocation == RevocationMode::Off).then(|| "--revocation off".to_owned());
    let mut left =
        LeftOutReport { options: vantages.chain(only).chain(less).chain(off).collect(), ..LeftOutReport::default() };
    if let Some(plan) = narrowed {
        let all = Options { vantages: Vec::new(), only: Vec::new(), ..options.clone() };
        let asked: HashSet<String> = plan.targets.iter().map(|target| target.id.text()).collect();
        let every = Plan::of(site, &all).targets;
        left.targets = every.iter().map(|target| target.id.text()).filter(|id| !asked.contains(id)).collect();
        left.notes = not_probed(site, plan, options);
    }
    left
}

/// The options with what every one of some runs did not ask.
pub(crate) fn asked_by(mut options: Options, left_out: &[&[String]]) -> Options {
    for (option, of) in ASKING_LESS {
        if !left_out.is_empty() && left_out.iter().all(|left| left.iter().any(|one| one == option)) {
            *of(&mut options) = false;
        }
    }
    options
}

/// A word on each name chosen by `--only` of which nothing is probed, with the reason.
pub(crate) fn not_probed(site: &Site, plan: &Plan, options: &Options) -> Vec<String> {
    let probed = |name: &str| {
        let role = Role::parse(name);
        plan.targets.iter().any(|target| {
            let proxy = target.expectation.proxy.as_ref().map(|proxy| &*proxy.name);
            let is_named = [Some(&*target.system), proxy].into_iter().flatten().any(|of| of.eq_ignore_ascii_case(name));
            is_named || role.is_some() && target.role == role
        })
    };
    let why = |name: &str| {
        let role = Role::parse(name);
        let roles = site.systems.iter().flat_map(|system| system.roles.iter().map(move |role| (system, *role)));
        let meant: Vec<String> = roles
            .filter(|(system, of)| system.name.eq_ignore_ascii_case(name) || role == Some(*of))
            .map(|(system, role)| format!("{} {role}", system.name))
            .collect();
        let left = plan.left_out.iter().find(|left| meant.contains(&left.what));
        left.map_or_else(
            || "no vantage that is stood at reaches it".to_owned(),
            |left| format!("{}: {}", left.what, left.why),
        )
    };
    let mut notes: Vec<String> = options
        .only
        .iter()
        .filter(|name| !probed(name))
        .map(|name| format!("--only {name}: nothing of it is probed over HTTPS ({})", why(name)))
        .collect();
    if notes.is_empty() && plan.targets.is_empty() && plan.lookups.is_empty() {
        let site = site.code.as_deref().unwrap_or("the site");
        let whys: Vec<String> =
            plan.left_out.iter().take(3).map(|left| format!("{}: {}", left.what, left.why)).collect();
        notes.push(format!("nothing of {site} is probed: {}", whys.join("; ")));
    }
    notes
}

/// A complaint for each name the definition does not know.
pub(crate) fn unknown(site: &Site, options: &Options) -> Vec<String> {
    let vantages: Vec<&str> = site.vantages.iter().map(|vantage| &*vantage.name).collect();
    let systems = site.systems.iter().map(|system| &system.name);
    let clusters = site.clusters.iter().map(|cluster| &cluster.name);
    let systems: Vec<&str> =
        systems.chain(clusters).chain(site.proxies.iter().map(|proxy| &proxy.name)).map(|name| &**name).collect();
    let is_among = |name: &str, names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let vantage = options
        .vantages
        .iter()
        .filter(|name| !is_among(name, &vantages))
        .map(|name| format!("--vantage {name}: the definition's vantages are {}", vantages.join(", ")));
    let only =
        options.only.iter().filter(|name| Role::parse(name).is_none() && !is_among(name, &systems)).map(|name| {
            format!(
                "--only {name}: this is no role; the definition's systems, clusters and proxies are {}",
                systems.join(", ")
            )
        });
    vantage.chain(only).collect()
}
