//! What follows from a cause: which other requirements fail with it and are the same thing once more, which cannot be
//! decided because of it, and which are no question any more. A failure that follows by no row of this table stands for
//! itself.

mod answer;
mod certificate;
mod elsewhere;
mod rows;
mod way;

pub use elsewhere::{ELSEWHERE, Elsewhere, Shared};

use answer::ANSWER;
use certificate::CERTIFICATE;
use way::WAY;

use super::{Cause, matches};

/// What a failure brings with it.
#[derive(Debug)]
pub struct Consequence {
    /// The failure.
    pub of: Trigger,
    /// How far it reaches.
    pub reach: Reach,
    /// Where it stands among the things that stop a client: of two that block the same requirement, the earlier one is
    /// named.
    pub phase: Phase,
    /// Patterns of the requirements that fail with it: one and the same thing.
    pub derived: &'static [&'static str],
    /// The causes by which they do; empty: whatever cause they name.
    pub only: &'static [&'static str],
    /// Patterns of the requirements that cannot be decided because of it.
    pub blocked: &'static [&'static [&'static str]],
    /// Patterns of the requirements that are no question any more.
    pub moot: &'static [&'static str],
}

/// What sets a consequence off.
#[derive(Debug)]
pub enum Trigger {
    /// One of these causes, whatever requirement it fails.
    Causes(&'static [&'static str]),
    /// Any failure of these requirements (patterns), whatever its cause.
    Requirements(&'static [&'static str]),
}

/// How far a consequence reaches: what else is concerned must share this with the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Everything in this run.
    Run,
    /// Everything that is asked of the same name server.
    Resolver,
    /// Everything that goes through the same device.
    Device,
    /// The same name at the same vantage, all its addresses.
    Target,
    /// The same address and port at the same vantage.
    Address,
    /// The same certificate, wherever it is met.
    Certificate,
    /// Every path that has this authority in it.
    Authority,
    /// Every certificate that names this URL.
    Url,
    /// The same client at the same address, or in front of it at a proxy.
    Client,
    /// The same file, and whatever it is used for.
    File,
}

/// The phases of a client's way, in the order in which it passes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before anything: the profile, the clock, the files.
    Before,
    /// From a name to an address.
    Resolve,
    /// Through a web proxy.
    Proxy,
    /// To the port.
    Connect,
    /// The first hello.
    Hello,
    /// To the end of the handshake.
    Handshake,
    /// What the certificate, its path and its lists say.
    Certificate,
    /// A request and its answer.
    Exchange,
    /// What the role says.
    Role,
}

/// How something follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It fails with it: the same thing once more.
    Derived,
    /// It cannot be decided because of it.
    Blocked,
    /// It is no question any more.
    Moot,
}

impl Consequence {
    /// Nothing.
    const NONE: Self = Self {
        of: Trigger::Causes(&[]),
        reach: Reach::Run,
        phase: Phase::Before,
        derived: &[],
        only: &[],
        blocked: &[],
        moot: &[],
    };

    /// Whether a failure sets it off: by the cause that is named, or by the requirement.
    pub fn is_set_off_by(&self, requirement: &str, cause: Option<&Cause>) -> bool {
        match self.of {
            Trigger::Causes(causes) => cause.is_some_and(|cause| causes.contains(&cause.id)),
            Trigger::Requirements(patterns) => patterns.iter().any(|pattern| matches(pattern, requirement)),
        }
    }

    /// How a requirement follows, if it does. What both fails and is blocked is derived where it fails, and blocked where
    /// it is unknown: ask with what it is.
    pub fn follows(&self, requirement: &str, failed: bool) -> Option<Kind> {
        let any = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, requirement));
        if failed {
            return any(self.derived).then_some(Kind::Derived);
        }
        if any(self.moot) {
            return Some(Kind::Moot);
        }
        (self.blocked.iter().any(|group| any(group)) || any(self.derived)).then_some(Kind::Blocked)
    }

    /// Whether a requirement that fails with a cause can be the same thing once more.
    pub fn takes(&self, cause: Option<&Cause>) -> bool {
        self.only.is_empty() || cause.is_some_and(|cause| self.only.contains(&cause.id))
    }
}

/// The consequences of a failure, in the order of the table, each with its rank there: what stops a client earlier has a
/// lower one.
pub fn of<'a>(
    requirement: &'a str,
    cause: Option<&'a Cause>,
) -> impl Iterator<Item = (usize, &'static Consequence)> + 'a {
    table().enumerate().filter(move |(_, consequence)| consequence.is_set_off_by(requirement, cause))
}

/// The table, in the order in which things stop a client.
pub fn table() -> impl Iterator<Item = &'static Consequence> {
    WAY.iter().chain(CERTIFICATE).chain(ANSWER)
}
