//! What shows at several things of a run and is one thing to put right: the one diagnosis leads, the others follow from it.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::{Diagnosis, Key, Leader, Server};
use crate::verdict::cause::consequence::{self, Shared};
use crate::verdict::cause::{Culprit, CulpritKind};

/// Diagnoses by cause and server.
type ByServer<'a> = HashMap<(&'static str, &'a Server), Vec<usize>>;

/// Diagnoses by what they are named after.
type ByName<'a> = HashMap<(&'static str, &'a Culprit), usize>;

/// How many steps there may be from what follows to what leads.
const MOST_STEPS: usize = 4;

/// Lets what shows at other things of the run follow from what brings it about there, and the same at another address of
/// the same server from the first. What was handed back before can lead as well.
pub(super) fn fold(all: &mut [Diagnosis], gone: &VecDeque<Diagnosis>) {
    let known: Vec<&Diagnosis> = all.iter().chain(gone).collect();
    let mut leaders: Vec<Option<usize>> = vec![None; known.len()];
    let by_server = by_server(all);
    let (mut by_name, mut by_id) = (ByName::new(), HashMap::<&str, Vec<usize>>::new());
    for (at, one) in known.iter().enumerate() {
        by_name.entry((one.told_as, &one.culprit)).or_insert(at);
        by_id.entry(one.id()).or_default().push(at);
    }
    let of_id = |id: &str| by_id.get(id).into_iter().flatten().copied();
    let shared = consequence::ELSEWHERE.iter().filter(|row| row.shares == Shared::Place).flat_map(|row| row.of);
    let places = |at: usize| (at, known[at].places.marks().collect());
    let places: HashMap<usize, HashSet<u64>> = shared.flat_map(|id| of_id(id)).map(places).collect();
    let shows_at = |at: usize, place: u64| places.get(&at).is_some_and(|places| places.contains(&place));
    for (at, one) in all.iter().enumerate().filter(|(_, one)| leads(one)) {
        if let Some((leader, follower)) = same(at, one, &known, &by_name) {
            leaders[follower] = Some(leader);
        }
        let leader = elsewhere(one, &known, of_id, shows_at).or_else(|| at_another_address(one, &known, &by_server));
        if leader.is_some() {
            leaders[at] = leader;
        }
    }
    let named: Vec<Option<(usize, Leader)>> = (0..all.len())
        .map(|at| {
            let leader = first(&leaders, at)?;
            Some((leader, known[leader].leader()))
        })
        .collect();
    for (at, named) in named.into_iter().enumerate() {
        let Some((leader, named)) = named else { continue };
        all[at].follows = Some(named);
        if leader >= all.len() {
            continue;
        }
        let (counts, derived, blocked, severity) = (all[at].counts, all[at].derived, all[at].blocked, all[at].severity);
        let leading = &mut all[leader];
        leading.derived += counts;
        leading.derived += derived;
        leading.blocked += blocked;
        leading.severity = leading.severity.max(severity);
    }
}

/// What one that is handed back follows from, among those that were before it.
pub(super) fn leader_of(one: &Diagnosis, gone: &VecDeque<Diagnosis>) -> Option<Leader> {
    if !leads(one) {
        return None;
    }
    let known: Vec<&Diagnosis> = gone.iter().collect();
    let beside = |other: &&&Diagnosis| leads(other) && stands_within(one, other);
    let of_id = |id: &'static str| {
        (0..known.len()).filter({
            let known = &known;
            move |at| known[*at].id() == id
        })
    };
    let shows_at = |at: usize, place: u64| known[at].places.marks().any(|one| one == place);
    let at = elsewhere(one, &known, of_id, shows_at).or_else(|| known.iter().position(|other| beside(&other)));
    at.map(|at| known[at].leader())
}

/// Whether anything can follow from it.
const fn leads(diagnosis: &Diagnosis) -> bool {
    diagnosis.waived.is_none() && diagnosis.follows.is_none()
}

/// The first of those from which one follows; `None`: from none, or from each other.
fn first(leaders: &[Option<usize>], at: usize) -> Option<usize> {
    let mut leader = leaders[at]?;
    for _ in 0..MOST_STEPS {
        match leaders[leader] {
            Some(next) => leader = next,
            None => return Some(leader),
        }
    }
    None
}

/// Which leads and which follows of two that are said to be the same thing.
fn same(at: usize, one: &Diagnosis, known: &[&Diagnosis], by_name: &ByName<'_>) -> Option<(usize, usize)> {
    let key: &Key = one.same_as.as_ref()?;
    let other = by_name.get(&(key.told_as, &key.culprit)).copied().filter(|other| leads(known[*other]))?;
    // Where it shows nowhere else it is told with what it differs from; else it has a place of its own.
    Some(if known[other].is_within(one) { (at, other) } else { (other, at) })
}

/// What brings it about at another thing: the first of those known, of which `of_id` gives those with an id, and
/// `shows_at` says whether one shows at a place.
fn elsewhere<I: Iterator<Item = usize>>(
    one: &Diagnosis,
    known: &[&Diagnosis],
    of_id: impl Fn(&'static str) -> I,
    shows_at: impl Fn(usize, u64) -> bool,
) -> Option<usize> {
    let rows = consequence::ELSEWHERE.iter().filter(|row| one.shows_as(&row.shows_as));
    let found = rows.filter_map(|row| {
        // Nothing stands behind what is no proxy: nobody need be looked at.
        if row.shares == Shared::BehindProxy && one.behind.is_empty() {
            return None;
        }
        let shares = |at: usize| match row.shares {
            Shared::System => one.is_within(known[at]),
            Shared::Place => one.places.marks().all(|place| shows_at(at, place)),
            Shared::BehindProxy => one.behind.iter().any(|system| known[at].systems.contains(system)),
            Shared::ThroughProxy => {
                !one.shows_directly && one.through.iter().all(|proxy| known[at].systems.contains(proxy))
            }
        };
        let is_it = |at: &usize| leads(known[*at]) && !std::ptr::eq(one, known[*at]) && shares(*at);
        row.of.iter().filter_map(|id| of_id(id).find(is_it)).min()
    });
    found.min()
}

/// The same cause at another address of the same server: the one of most roles leads, of these the first by name.
fn at_another_address<'a>(one: &'a Diagnosis, known: &[&'a Diagnosis], by_server: &ByServer<'a>) -> Option<usize> {
    let alike = by_server.get(&(one.id(), one.servers.first()?))?;
    let weight = |of: &Diagnosis| (of.servers.len(), Reverse(Arc::clone(of.places.least())));
    let own = weight(one);
    let leading = alike.iter().copied().filter(|other| leads(known[*other]) && stands_within(one, known[*other]));
    let leading = leading.map(|other| (weight(known[other]), other)).filter(|(weight, _)| *weight > own);
    leading.max().map(|(_, other)| other)
}

/// The diagnoses that blame an address, by cause and by the servers at which they show.
fn by_server(all: &[Diagnosis]) -> ByServer<'_> {
    let mut by = ByServer::new();
    for (at, one) in all.iter().enumerate().filter(|(_, one)| one.culprit.kind() == CulpritKind::Address) {
        for server in &one.servers {
            by.entry((one.id(), server)).or_default().push(at);
        }
    }
    by
}

/// Whether the one is the other at another address: the same cause, in the same roles of the same systems.
fn stands_within(one: &Diagnosis, other: &Diagnosis) -> bool {
    let address = |of: &Diagnosis| of.culprit.kind() == CulpritKind::Address;
    address(one)
        && address(other)
        && one.culprit != other.culprit
        && (one.id(), one.host) == (other.id(), other.host)
        && one.servers.iter().all(|server| other.servers.contains(server))
}
