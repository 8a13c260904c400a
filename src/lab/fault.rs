//! Everything that can be wrong with the lab's site, as data: what is planted, where, which requirements say so, and what
//! may follow from it. Requirements are named by id alone: the lab plants causes and never judges.

mod chains;
mod dates;
mod files;
mod keys;
mod names;
mod proxies;
mod purposes;
mod resolution;
mod revocation;
mod roles;
mod roots;
mod sessions;
mod signatures;
mod today;
mod transport;

use std::fmt;

use super::pki::MintError;
use super::site::blueprint::{Blueprint, Edition};

/// Where the site server signing certificate is met: in its file, and wherever a management point hands it out.
const SIGNING_EVERYWHERE: &[&str] =
    &["pki/site-signing.cer", "MP01/management-point/", "PMP01/", "MP02/", "MP03/", "CMNLB/", "ISA01/"];

/// Something wrong with the site.
pub struct Fault {
    /// What `--fault` takes.
    pub name: &'static str,
    /// One sentence.
    pub what: &'static str,
    /// The requirements that fail by it, each at every place of `at`.
    pub plants: &'static [&'static str],
    /// Where: what the ids of the subjects that fail begin with. They fail nowhere else.
    pub at: &'static [&'static str],
    /// The requirements that fail with it, there or where else it makes itself felt.
    pub consequences: &'static [&'static str],
    /// The change that brings it about.
    pub(super) plant: fn(&mut Blueprint) -> Result<(), MintError>,
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fault").field(&self.name).finish()
    }
}

/// Every fault, by what it is about, in the order `--list-faults` shows.
pub static GROUPS: &[(&str, &[Fault])] = &[
    ("names", names::FAULTS),
    ("purposes", purposes::FAULTS),
    ("dates", dates::FAULTS),
    ("keys", keys::FAULTS),
    ("signatures", signatures::FAULTS),
    ("chains", chains::FAULTS),
    ("roots", roots::FAULTS),
    ("revocation", revocation::FAULTS),
    ("DNS", resolution::FAULTS),
    ("files", files::FAULTS),
    ("transport", transport::FAULTS),
    ("sessions", sessions::FAULTS),
    ("client certificates and roles", roles::FAULTS),
    ("clusters and proxies", proxies::FAULTS),
];

/// Every fault of the site of 2026, in the order `--list-faults` shows.
pub static GROUPS_OF_2026: &[(&str, &[Fault])] = &[
    ("cloud management gateway", today::GATEWAY),
    ("administration service", today::PROVIDER),
    ("reporting point", today::REPORTS),
    ("management, distribution and update points", today::POINTS),
    ("clients", today::CLIENTS),
];

/// The faults of a site, by what they are about.
pub const fn groups(edition: Edition) -> &'static [(&'static str, &'static [Fault])] {
    match edition {
        Edition::Site2007 => GROUPS,
        Edition::Site2026 => GROUPS_OF_2026,
    }
}

/// Every fault of a site.
pub fn of(edition: Edition) -> impl Iterator<Item = &'static Fault> {
    groups(edition).iter().flat_map(|(_, faults)| *faults)
}

/// Every fault of the site of 2007.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    of(Edition::Site2007)
}

/// The fault of the site of 2007 with a name.
pub fn find(name: &str) -> Option<&'static Fault> {
    all().find(|fault| fault.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::of;
    use crate::lab::pki::Organization;
    use crate::lab::site::blueprint::{Blueprint, Edition};

    #[test]
    fn every_fault_says_what_where_and_what_follows() {
        for edition in Edition::ALL {
            let mut names = BTreeSet::new();
            for fault in of(edition) {
                let name = fault.name;
                assert!(names.insert(name), "{name} is listed twice");
                assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
                assert!(fault.what.len() > 20 && fault.what.ends_with('.'), "{name}: what");
                assert!(!fault.plants.is_empty() && !fault.at.is_empty(), "{name}: plants nothing, or nowhere");
                let is_both = |id: &&&str| fault.consequences.contains(*id);
                assert_eq!(fault.plants.iter().find(is_both), None, "{name}: a plant is no consequence");
            }
            assert!(names.len() >= 30, "{} faults", names.len());
        }
    }

    #[test]
    fn what_both_sites_have_is_one_fault_with_one_name() {
        let said = |fault: &super::Fault| (fault.what, fault.plants, fault.at, fault.consequences);
        for one in of(Edition::Site2007) {
            for other in of(Edition::Site2026) {
                let is_one = one.name == other.name;
                assert!(!is_one || said(one) == said(other), "{} says different things", one.name);
                assert!(is_one || one.what != other.what, "{} and {} are one fault", one.name, other.name);
            }
        }
    }

    #[test]
    fn every_fault_changes_the_site_and_can_be_made() {
        let pki = Organization::contoso().build().unwrap();
        for (edition, fault) in Edition::ALL.into_iter().flat_map(|edition| of(edition).map(move |one| (edition, one)))
        {
            let healthy = Blueprint::of(edition, pki.clone()).unwrap();
            let mut site = healthy.clone();
            (fault.plant)(&mut site).unwrap_or_else(|error| panic!("{}: {error}", fault.name));
            assert_ne!(format!("{site:?}"), format!("{healthy:?}"), "{} changes nothing", fault.name);
            for node in site.systems().iter().flat_map(|system| system.nodes()) {
                node.web.presented.make().unwrap_or_else(|error| panic!("{}: {error}", fault.name));
            }
        }
    }
}
