//! Certificate policies along a path (RFC 5280, 6.1, for a relying party that takes any policy): whether one is demanded,
//! and whether the path is for any. Of the tree only the deepest level is kept: with every policy acceptable nothing above it
//! decides, so that no number of policies and mappings costs more than their sum (RFC 9618).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::certificate::constraint::{ANY_POLICY, PolicyFacts};
use crate::trust::path::fault::Fault;

/// What a policy of the level may be called in the certificate below.
type Level<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// How many more certificates may follow before something holds; `None`: for ever.
type Counter = Option<u32>;

struct State<'a> {
    /// The policies the path is for so far.
    level: Level<'a>,
    /// Before a policy is demanded.
    explicit: Counter,
    /// Before policies are no longer mapped.
    mapping: Counter,
    /// Before anyPolicy no longer stands for all.
    any: Counter,
    /// Who demands a policy.
    demanded_by: Option<&'a Arc<Certificate>>,
    /// The certificate at which the path ceased to be for any policy, what it names, and what would have done.
    lost: Option<Lost<'a>>,
}

struct Lost<'a> {
    at: &'a Arc<Certificate>,
    named: Vec<String>,
    wanted: Vec<String>,
}

/// What breaks the path: the certificate and the fault; `None`: nothing. `downwards`: what stands below the root, the
/// leaf last.
pub(super) fn refused<'a>(
    root: &'a Arc<Certificate>,
    downwards: &[&'a Arc<Certificate>],
) -> Option<(&'a Arc<Certificate>, Fault)> {
    let speaks = |one: &&'a Arc<Certificate>| {
        one.facts()
            .is_some_and(|facts| facts.policies.require_explicit.is_some() || !facts.policies.mappings.is_empty())
    };
    // Where nobody demands a policy and nobody maps one, there is nothing to refuse.
    if !downwards.iter().any(speaks) && !speaks(&root) {
        return None;
    }
    let mut state = State {
        level: Level::from([(ANY_POLICY, BTreeSet::from([ANY_POLICY]))]),
        explicit: None,
        mapping: None,
        any: None,
        demanded_by: None,
        lost: None,
    };
    // RFC 5937: a root's constraints are where the path begins.
    state.constrain(root, &root.facts()?.policies);
    for (at, certificate) in downwards.iter().copied().enumerate() {
        let facts = certificate.facts()?;
        let policies = &facts.policies;
        let is_last = at + 1 == downwards.len();
        let is_self_issued = certificate.is_self_issued();
        state.descend(certificate, policies, state.any != Some(0) || (!is_last && is_self_issued));
        if state.is_refused() {
            return state.fault();
        }
        if is_last {
            if state.explicit.is_some_and(|left| left <= 1) || policies.require_explicit == Some(0) {
                if policies.require_explicit == Some(0) && state.explicit.is_none_or(|left| left > 1) {
                    state.demanded_by = Some(certificate);
                }
                state.explicit = Some(0);
            }
            return if state.is_refused() { state.fault() } else { None };
        }
        let is_any = |(one, other): &(String, String)| one == ANY_POLICY || other == ANY_POLICY;
        if policies.mappings.iter().any(is_any) {
            let words = "Policy Mappings (2.5.29.33) maps anyPolicy, which RFC 5280 (4.2.1.5) does not allow";
            return Some((certificate, Fault::Malformed(vec![words.to_owned()])));
        }
        state.map(certificate, policies);
        if !is_self_issued {
            for counter in [&mut state.explicit, &mut state.mapping, &mut state.any] {
                *counter = counter.map(|left| left.saturating_sub(1));
            }
        }
        state.constrain(certificate, policies);
    }
    None
}

impl<'a> State<'a> {
    /// 6.1.3 d and e: the policies of a certificate below those so far.
    fn descend(&mut self, at: &'a Arc<Certificate>, policies: &'a PolicyFacts, any_counts: bool) {
        if self.level.is_empty() {
            return;
        }
        let above = std::mem::take(&mut self.level);
        let expected: BTreeSet<&str> = above.values().flatten().copied().collect();
        let is_open = above.contains_key(ANY_POLICY);
        let named = policies.certificate.as_deref().unwrap_or_default();
        let mut keep = |policy: &'a str| {
            self.level.entry(policy).or_insert_with(|| BTreeSet::from([policy]));
        };
        for policy in named.iter().map(String::as_str).filter(|policy| *policy != ANY_POLICY) {
            if is_open || expected.contains(policy) {
                keep(policy);
            }
        }
        if any_counts && named.iter().any(|policy| policy == ANY_POLICY) {
            expected.iter().copied().for_each(keep);
        }
        self.lose(at, named, &expected);
    }

    /// 6.1.4 b: what the authority calls its policies further down.
    fn map(&mut self, at: &'a Arc<Certificate>, policies: &'a PolicyFacts) {
        if policies.mappings.is_empty() || self.level.is_empty() {
            return;
        }
        let before: BTreeSet<&str> = self.level.keys().copied().collect();
        let mut mapped: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (issuers, subjects) in &policies.mappings {
            mapped.entry(issuers).or_default().insert(subjects);
        }
        for (policy, subjects) in mapped {
            if self.mapping == Some(0) {
                self.level.remove(policy);
            } else if self.level.contains_key(policy) || self.level.contains_key(ANY_POLICY) {
                self.level.insert(policy, subjects);
            }
        }
        self.lose(at, policies.certificate.as_deref().unwrap_or_default(), &before);
    }

    /// 6.1.4 i and j.
    fn constrain(&mut self, at: &'a Arc<Certificate>, policies: &PolicyFacts) {
        if let Some(demanded) = policies.require_explicit
            && self.explicit.is_none_or(|left| demanded < left)
        {
            self.explicit = Some(demanded);
            self.demanded_by = Some(at);
        }
        let lower = |counter: Counter, to: Counter| counter.into_iter().chain(to).min();
        self.mapping = lower(self.mapping, policies.inhibit_mapping);
        self.any = lower(self.any, policies.inhibit_any);
    }

    /// Keeps where the path ceased to be for any policy.
    fn lose(&mut self, at: &'a Arc<Certificate>, named: &[String], wanted: &BTreeSet<&str>) {
        if self.level.is_empty() && self.lost.is_none() {
            let wanted = wanted.iter().map(|policy| (*policy).to_owned()).collect();
            self.lost = Some(Lost { at, named: named.to_vec(), wanted });
        }
    }

    fn is_refused(&self) -> bool {
        self.explicit == Some(0) && self.level.is_empty()
    }

    fn fault(self) -> Option<(&'a Arc<Certificate>, Fault)> {
        let (at, lost) = (self.demanded_by?, self.lost?);
        let fault = Fault::Policy { lacking: Arc::clone(lost.at), named: lost.named, wanted: lost.wanted };
        Some((at, fault))
    }
}
