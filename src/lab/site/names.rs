//! What the lab's name servers say, as data: a view follows from the site's systems, and a fault overrides single names.

use std::net::IpAddr;

/// What a name server says of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It has these addresses.
    Addresses(Vec<IpAddr>),
    /// There is no such name (NXDOMAIN).
    NoSuchName,
    /// The name is there and has no address.
    NoAddress,
    /// The server failed (SERVFAIL).
    Failure,
    /// The server refuses to answer (REFUSED).
    Refusal,
    /// Nothing at all.
    Silence,
    /// An answer that cannot be read.
    Malformed,
    /// An alias that leads back to the name.
    AliasLoop,
}

/// Names of one view, the later saying overriding the earlier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zone(Vec<(String, Says)>);

impl Zone {
    /// Says this of a name from now on.
    pub fn say(&mut self, name: &str, says: Says) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.0.push((name.to_owned(), says));
    }

    /// What is said of each name.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Says)> {
        self.0.iter().map(|(name, says)| (name.as_str(), says))
    }

    /// This zone, with everything another says in place of what this one does.
    pub fn overridden_by(mut self, other: &Self) -> Self {
        for (name, says) in other.names() {
            self.say(name, says.clone());
        }
        self
    }
}
