use std::path::Path;

use super::{assess, unseen};
use crate::judgement::Finding;
use crate::observation::{LookupObservation, Seen};
use crate::plan::Plan;
use crate::plan::build::Options;
use crate::site::Site;
use crate::trust::basis::{Basis, RevocationMode};
use crate::trust::lists::store::CrlStore;
use crate::trust::signature::ALGORITHMS;
use crate::trust::store::TrustStore;
use crate::verdict::Verdict;
use crate::wire::timestamp::Timestamp;

/// A management point inside whose name is asked for outside, and a waiver that nothing needs.
const SITE: &str = r#"
    vantage = [{ name = "in", network = "intranet" }, { name = "out", network = "internet" }]
    [site]
    code = "PRI"
    [[system]]
    name = "MP01"
    intranet_fqdn = "mp01.corp.contoso.com"
    roles = ["management-point"]
    [[waiver]]
    requirement = "software-update-point/service"
    reason = "there is none"
"#;

/// What is found of these observations of the site, out of all that could be made of it.
fn found(seen: impl FnOnce(&Plan) -> Vec<Seen>) -> Vec<Finding> {
    let site = Site::from_toml(SITE, Path::new("")).unwrap_or_else(|faults| panic!("{faults:?}"));
    let trust = TrustStore::new(Vec::new(), Vec::new(), Vec::new(), ALGORITHMS);
    let (now, crls) = (Timestamp(crate::lab::pki::LAB_EPOCH), CrlStore::default());
    let basis = Basis { site: &site, trust: &trust, now, warn_days: 30, revocation: RevocationMode::Hard, crls: &crls };
    let plan = Plan::of(&site, &Options::default());
    let seen = seen(&plan);
    assess(basis, &plan, &seen, &[]).sink
}

fn targets(plan: &Plan) -> Vec<Seen> {
    plan.targets.iter().map(|target| Seen::Target(Box::new(unseen(target)))).collect()
}

fn lookups(plan: &Plan) -> Vec<Seen> {
    let at = Timestamp(crate::lab::pki::LAB_EPOCH);
    plan.lookups.iter().map(|lookup| Seen::Lookup(Box::new(LookupObservation::not_made(lookup, at)))).collect()
}

#[test]
fn what_the_observations_do_not_hold_is_unknown() {
    let findings = found(|_| Vec::new());
    for (id, subject) in [
        ("reachability/name-resolves", "MP01/management-point/mp01.corp.contoso.com/in"),
        ("reachability/intranet-name-hidden", "MP01/hidden-name/mp01.corp.contoso.com/out"),
    ] {
        let about = findings.iter().find(|one| one.requirement.id == id && *one.subject == *subject);
        let Some(Verdict::Unknown(unknown)) = about.map(|one| &one.verdict) else { panic!("{id}: {about:?}") };
        assert_eq!(unknown.why, "the observations do not hold it");
    }
    let decided = |one: &&Finding| matches!(one.verdict, Verdict::Pass(_) | Verdict::Fail(_));
    let decided: Vec<&str> = findings.iter().filter(decided).map(|one| one.requirement.id).collect();
    assert!(decided.iter().all(|id| id.starts_with("waiver/") || id.starts_with("monitoring/")), "{decided:?}");
}

/// Whether nothing needs the waiver can be said of all there is alone: names that were looked up are a part of it.
#[test]
fn a_waiver_is_said_to_be_needed_by_nothing_where_everything_was_looked_at() {
    let needed = |findings: &[Finding]| {
        findings.iter().find(|one| one.requirement.id == "waiver/needed").map(|one| one.verdict.name())
    };
    assert_eq!(needed(&found(|_| Vec::new())), Some("unknown"));
    assert_eq!(needed(&found(lookups)), Some("unknown"));
    assert_eq!(needed(&found(targets)), Some("unknown"));
    assert_eq!(needed(&found(|plan| [targets(plan), lookups(plan)].concat())), Some("fail"));
}
