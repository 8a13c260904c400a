//! What is fetched of what certificates name: not where, which only the certificates tell, but of which kind, from where, and
//! why. Pure.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Target;
use crate::site::Site;

/// Something fetched over http.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The vantage it is fetched from.
    pub vantage: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// Whose certificates name it.
    pub named_by: NamedBy,
}

/// What is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Revocation lists, complete ones.
    List,
    /// The delta lists that those name, or certificates.
    DeltaList,
    /// Responders' answers about single certificates.
    OcspAnswer,
    /// Certificates of issuers that were neither sent nor declared.
    Issuer,
}

impl Kind {
    /// Every kind, in the order they are told.
    pub const ALL: [Self; 4] = [Self::List, Self::DeltaList, Self::OcspAnswer, Self::Issuer];

    /// The name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "revocation-list",
            Self::DeltaList => "delta-list",
            Self::OcspAnswer => "ocsp-answer",
            Self::Issuer => "issuer",
        }
    }

    /// What it is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::List => "revocation lists (CRL) at the http URLs of CRL Distribution Points",
            Self::DeltaList => "delta lists at the http URLs of Freshest CRL",
            Self::OcspAnswer => "answers of OCSP responders, by GET",
            Self::Issuer => {
                "certificates of issuers that were neither sent nor declared, at the http URLs of Authority Information Access"
            }
        }
    }

    /// Why it is fetched.
    pub const fn why(self) -> &'static str {
        match self {
            Self::List => "whoever checks a certificate refuses it where no current list says that it is not revoked",
            Self::DeltaList => "a certificate may be revoked, or released, since the last complete list",
            Self::OcspAnswer => "clients since Windows Vista ask the responder before they fetch the list",
            Self::Issuer => "Windows completes a chain so before it gives up",
        }
    }
}

/// Whose certificates name something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// Those that endpoints present.
    Endpoints,
    /// Those in files the definition names: clients by their names, proxies by theirs.
    Files(Vec<Arc<str>>),
}

/// What is fetched for a site's targets.
pub(super) fn of(site: &Site, targets: &[Arc<Target>]) -> Vec<Fetch> {
    let vantages: BTreeSet<&Arc<str>> = targets.iter().map(|target| &target.vantage).collect();
    let clients = site.clients.iter().map(|client| Arc::clone(&client.name));
    let proxies = site.proxies.iter().filter(|proxy| proxy.client_certificate.is_some());
    let files: Vec<Arc<str>> = clients.chain(proxies.map(|proxy| Arc::clone(&proxy.name))).collect();
    let mut fetches = Vec::new();
    for vantage in vantages {
        for kind in Kind::ALL {
            // Servers look clients up in lists whatever clients do; issuers are looked for by everybody.
            if site.clients_check_revocation || kind == Kind::Issuer {
                fetches.push(Fetch { vantage: Arc::clone(vantage), kind, named_by: NamedBy::Endpoints });
            }
            if !files.is_empty() {
                fetches.push(Fetch { vantage: Arc::clone(vantage), kind, named_by: NamedBy::Files(files.clone()) });
            }
        }
    }
    fetches
}
