//! Whom a requirement concerns: data, so that it can be printed, and applied in one place.

use super::usage::Use;
use crate::plan::expectation::{Expectation, Presenter};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::vantage::Network;

/// Whom a requirement concerns. A check never begins with "if this role": that is said here.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The only profile it holds in; `None`: both.
    pub profile: Option<Profile>,
    /// What presents the certificate.
    pub presenters: Presenters,
    /// The only roles it concerns; empty: every one the presenters allow.
    pub roles: &'static [Role],
    /// The only network it is asked on; `None`: both.
    pub network: Option<Network>,
    /// Which uses' files it concerns; empty: none, it is about endpoints.
    pub files: &'static [Use],
    /// In words, for people.
    pub words: &'static str,
}

/// What presents a certificate, as a scope tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presenters {
    /// Whatever speaks TLS, known or not.
    Any,
    /// Site systems with a web server certificate, and clusters of them; not a bridging proxy.
    WebRoles,
    /// Clusters and their nodes.
    Clusters,
    /// Proxies that terminate TLS.
    BridgingProxies,
    /// Every proxy, bridging or tunnelling.
    Proxies,
}

impl Scope {
    /// Whatever speaks TLS, in both profiles.
    pub const EVERY_ENDPOINT: Self = Self {
        profile: None,
        presenters: Presenters::Any,
        roles: &[],
        network: None,
        files: &[],
        words: "every HTTPS endpoint",
    };

    /// Site systems with a web server certificate, and clusters of them.
    pub const WEB_ROLES: Self = Self {
        presenters: Presenters::WebRoles,
        words: "every role with a web server certificate",
        ..Self::EVERY_ENDPOINT
    };

    /// Clusters and their nodes: Current Branch has none.
    pub const CLUSTERS: Self = Self {
        presenters: Presenters::Clusters,
        profile: Some(Profile::NativeMode2007),
        words: "network load balancing clusters and their nodes",
        ..Self::EVERY_ENDPOINT
    };

    /// Proxies that terminate TLS.
    pub const BRIDGING_PROXIES: Self = Self {
        presenters: Presenters::BridgingProxies,
        words: "proxy web servers that bridge",
        ..Self::EVERY_ENDPOINT
    };

    /// Files of one kind or several.
    pub const fn files(files: &'static [Use], words: &'static str) -> Self {
        Self { files, words, ..Self::EVERY_ENDPOINT }
    }

    /// Narrowed to one profile.
    pub const fn only_in(self, profile: Profile) -> Self {
        Self { profile: Some(profile), ..self }
    }

    /// Narrowed to some roles.
    pub const fn only_roles(self, roles: &'static [Role], words: &'static str) -> Self {
        Self { roles, words, ..self }
    }

    /// Narrowed to one network.
    pub const fn only_on(self, network: Network, words: &'static str) -> Self {
        Self { network: Some(network), words, ..self }
    }

    /// Why an endpoint is outside; `None`: it is inside.
    pub fn excludes(
        &self,
        profile: Profile,
        role: Option<Role>,
        network: Network,
        expectation: &Expectation,
    ) -> Option<&'static str> {
        if let Some(excluded) = self.excludes_profile(profile) {
            return Some(excluded);
        }
        if self.network.is_some_and(|only| only != network) {
            return Some(match network {
                Network::Intranet => "asked on the Internet only",
                Network::Internet => "asked on the intranet only",
            });
        }
        if !self.roles.is_empty() && !role.is_some_and(|role| self.roles.contains(&role)) {
            return Some("does not concern this role");
        }
        let concerned = match self.presenters {
            Presenters::Any => true,
            Presenters::WebRoles => match expectation.presenter {
                Presenter::SiteSystem | Presenter::Cluster => role.is_some_and(Role::presents_web_server_certificate),
                Presenter::Unknown => role.is_none_or(Role::presents_web_server_certificate),
                Presenter::BridgingProxy => false,
            },
            Presenters::Clusters => expectation.cluster.is_some() || role == Some(Role::Nlb),
            Presenters::BridgingProxies => match expectation.presenter {
                Presenter::BridgingProxy => true,
                Presenter::Unknown => role == Some(Role::Proxy),
                Presenter::SiteSystem | Presenter::Cluster => false,
            },
            Presenters::Proxies => expectation.proxy.is_some() || role == Some(Role::Proxy),
        };
        if concerned {
            return None;
        }
        Some(match self.presenters {
            Presenters::Any => "",
            Presenters::WebRoles => "no site system presents this certificate",
            Presenters::Clusters => "no network load balancing cluster",
            Presenters::BridgingProxies => "no proxy terminates TLS here",
            Presenters::Proxies => "no proxy is declared here",
        })
    }

    /// Why a profile is outside; `None`: it is inside.
    pub const fn excludes_profile(&self, profile: Profile) -> Option<&'static str> {
        match (self.profile, profile) {
            (Some(Profile::NativeMode2007), Profile::CurrentBranch) => {
                Some("asked of sites of 2007 in native mode only")
            }
            (Some(Profile::CurrentBranch), Profile::NativeMode2007) => Some("asked of Current Branch sites only"),
            (None, _)
            | (Some(Profile::NativeMode2007), Profile::NativeMode2007)
            | (Some(Profile::CurrentBranch), Profile::CurrentBranch) => None,
        }
    }
}
