//! Which servers may be asked for what a certificate names. A certificate that leads to a root of the site may name any; one
//! that leads to none was perhaps written to have us ask where its writer cannot.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::observation::failure::{ExchangeFailure, Failure};
use crate::site::name::HostName;

/// Which servers may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hosts {
    /// Any that speaks http; but none on this machine or this link, unless the endpoint is there too.
    #[default]
    Any,
    /// Those under the definition's domains, and those that certificates name that lead to its roots.
    Site,
}

/// Who asks: what is known of the certificate that names a URL.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// Whether it leads to a root of the site.
    pub trusted: bool,
    /// Where it was met; none: in a file.
    pub met_at: Vec<IpAddr>,
}

impl Asker {
    /// For what the site's own people name.
    pub const fn trusted() -> Self {
        Self { trusted: true, met_at: Vec::new() }
    }
}

/// Who may be asked, for a run.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// The rule.
    pub hosts: Hosts,
    /// The definition's domains, in lower case, without a dot in front.
    pub domains: Vec<String>,
}

impl Allowed {
    /// Why a server is not asked by its name; `Ok`: it may be.
    ///
    /// # Errors
    /// The failure that stands for it.
    pub fn name(&self, host: &HostName, asker: &Asker) -> Result<(), Failure> {
        if asker.trusted || self.hosts == Hosts::Any || self.is_own(host) {
            return Ok(());
        }
        Err(refused(format!(
            "not asked: {} is under no domain of the definition, and the certificate that names it leads to no root of the site (--revocation-hosts site)",
            host.as_str()
        )))
    }

    /// The same of its address.
    ///
    /// # Errors
    /// The failure that stands for it.
    pub fn address(&self, address: IpAddr, asker: &Asker) -> Result<(), Failure> {
        let Some(near) = Near::of(address) else { return Ok(()) };
        let is_there = asker.met_at.iter().any(|met| Near::of(*met) == Some(near));
        if asker.trusted || is_there {
            return Ok(());
        }
        Err(refused(format!(
            "not asked: {address} is {}, and the certificate that names it leads to no root of the site",
            near.words()
        )))
    }

    /// Whether a name is the definition's own, or under one of its domains.
    fn is_own(&self, host: &HostName) -> bool {
        let host = host.as_str().trim_end_matches('.').to_ascii_lowercase();
        self.domains.iter().any(|domain| {
            host.strip_suffix(domain.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }
}

fn refused(words: String) -> Failure {
    Failure::new(ExchangeFailure::NotFetched, words)
}

/// Addresses that mean something else to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Near {
    ThisMachine,
    ThisLink,
    Nobody,
}

impl Near {
    fn of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(address) if address.is_loopback() || address.octets().first() == Some(&0) => {
                Some(Self::ThisMachine)
            }
            IpAddr::V4(address) if address.is_link_local() => Some(Self::ThisLink),
            IpAddr::V4(address) if address.is_broadcast() || address.is_multicast() => Some(Self::Nobody),
            IpAddr::V6(address) if address.is_loopback() || address.is_unspecified() => Some(Self::ThisMachine),
            IpAddr::V6(address) if address.is_unicast_link_local() => Some(Self::ThisLink),
            IpAddr::V6(address) if address.is_multicast() => Some(Self::Nobody),
            IpAddr::V4(_) | IpAddr::V6(_) => None,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::ThisMachine => "this machine's own",
            Self::ThisLink => "known on this link alone",
            Self::Nobody => "nobody's in particular",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_untrusted_has_us_ask_this_machine_or_this_link_unless_it_was_met_there() {
        let allowed = Allowed::default();
        let met = |at: &str| Asker { trusted: false, met_at: vec![address(at)] };
        for near in ["127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1"]
        {
            assert!(allowed.address(address(near), &met("192.0.2.1")).is_err(), "{near}");
            assert!(allowed.address(address(near), &Asker::default()).is_err(), "{near}");
            assert!(allowed.address(address(near), &Asker::trusted()).is_ok(), "{near}");
            assert!(allowed.address(address(near), &met(near)).is_ok(), "{near}");
        }
        assert!(allowed.address(address("127.0.0.1"), &met("169.254.1.1")).is_err(), "another nearness");
        for far in ["192.0.2.1", "10.0.0.1", "2001:db8::1"] {
            assert!(allowed.address(address(far), &Asker::default()).is_ok(), "{far}");
        }
    }

    #[test]
    fn the_site_alone_is_asked_where_that_is_wanted() {
        let allowed = Allowed { hosts: Hosts::Site, domains: vec!["contoso.com".into()] };
        let ask = |host: &str, trusted| allowed.name(&HostName::new(host), &Asker { trusted, met_at: vec![] }).is_ok();
        assert!(ask("pki.contoso.com", false) && ask("Contoso.com.", false) && ask("pki.fabrikam.com", true));
        assert!(!ask("pki.fabrikam.com", false) && !ask("notcontoso.com", false) && !ask("10.0.0.1", false));
        let any = Allowed::default();
        assert!(any.name(&HostName::new("pki.fabrikam.com"), &Asker::default()).is_ok());
    }
}
