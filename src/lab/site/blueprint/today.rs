//! The site of 2026: what it has that the one of 2007 had not, and what has changed in what both have.

use super::address::loopback;
use super::web::{Asks, Presented, Web};
use super::{Blueprint, Node, Plain, System};
use crate::lab::dns::Answer;
use crate::lab::pki::{KeyName, MintError, Minted, Organization, Pki, Recipe};
use crate::site::ClientConnections;
use crate::site::role::Role;
use crate::wire::version::ProtocolVersion;

/// Which site the lab is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Edition {
    /// In native mode, with clusters and proxy web servers.
    #[default]
    Site2007,
    /// Of Current Branch, with a cloud management gateway and an administration service.
    Site2026,
}

/// What a site of 2026 has beside management, distribution, update and state migration points.
#[derive(Debug, Clone)]
pub struct Today {
    /// A public authority. What it publishes lies where the company's own does: loopback suffices for both.
    pub public: Pki,
    /// The authority the site made for itself.
    pub site_authority: Minted,
    /// The cloud management gateway, with a certificate of the public authority.
    pub cmg: System,
    /// Its name in Azure.
    pub azure_name: String,
    /// The SMS Provider, with a certificate of the site's own authority.
    pub prv01: System,
    /// The reporting point, with a certificate of the company.
    pub rep01: System,
    /// The certificate in the distribution point's properties.
    pub distribution_point: Recipe,
}

impl Edition {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Site2007, Self::Site2026];

    /// The year, by which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Site2007 => "2007",
            Self::Site2026 => "2026",
        }
    }
}

impl Today {
    /// All of it healthy.
    pub(super) fn healthy(pki: &Pki) -> Result<Self, MintError> {
        let public = Organization {
            name: "Public Trust".into(),
            domain: "publictrust.example".into(),
            root_key: KeyName::Rsa3072,
            issuing_key: KeyName::Rsa2048D,
            ldap: false,
            ..pki.organization.clone()
        };
        let public = public.build()?;
        let (now, day) = (pki.organization.at, time::Duration::DAY);
        let made = |recipe: Recipe| recipe.valid(now - 30 * day, now + 700 * day);
        let site_authority = Minted::self_signed(&made(Recipe::root("SMS Issuing").key(KeyName::Rsa2048H)))?;
        let cmg = system(
            "CMG",
            51,
            Role::CloudManagementGateway,
            Presented::new(public.web_server(&[SERVICE]), &public.issuing),
            pki,
        );
        let provider = made(Recipe::web_server(&["prv01.corp.contoso.com"]));
        let prv01 = system("PRV01", 52, Role::SmsProvider, Presented::new(provider, &site_authority), pki);
        let reports = pki.web_server(&["rep01.corp.contoso.com"]);
        let rep01 = system("REP01", 53, Role::ReportingPoint, Presented::new(reports, &pki.issuing), pki);
        Ok(Self {
            public,
            site_authority,
            cmg,
            azure_name: "cmg-contoso.westeurope.cloudapp.azure.com".into(),
            prv01,
            rep01,
            distribution_point: pki.client("dp01.corp.contoso.com"),
        })
    }
}

/// The gateway's service name.
const SERVICE: &str = "cmg.contoso.com";

fn system(name: &'static str, host: u8, role: Role, presented: Presented, pki: &Pki) -> System {
    let roles: &'static [Role] = match role {
        Role::CloudManagementGateway => &[Role::CloudManagementGateway],
        Role::SmsProvider => &[Role::SmsProvider],
        _ => &[Role::ReportingPoint],
    };
    let is_outside = role == Role::CloudManagementGateway;
    let mut web = Web::presenting(presented, pki);
    of_today(&mut web, if is_outside { Asks::InHandshake } else { Asks::Never });
    System {
        name,
        roles,
        connections: if is_outside { ClientConnections::Internet } else { ClientConnections::Intranet },
        intranet_fqdn: (!is_outside).then(|| format!("{}.corp.contoso.com", name.to_ascii_lowercase())),
        internet_fqdn: is_outside.then(|| SERVICE.into()),
        home: Node { address: loopback(host), instead: None, chokes_on_tls13: false, web },
        plain: Plain::Closed,
        further: Vec::new(),
        expected: None,
    }
}

/// Servers of today speak TLS 1.2 and 1.3, and ask in the handshake: TLS 1.3 has no renegotiation.
fn of_today(web: &mut Web, asks: Asks) {
    web.of_today();
    web.newest = ProtocolVersion::TLS1_3;
    web.asks = asks;
    web.names = Vec::new();
}

impl Blueprint {
    /// The healthy site of an edition. Its PKI must have been built for `pki.organization.at`, and is published where that
    /// says.
    ///
    /// # Errors
    /// A certificate or a list could not be made.
    pub fn of(edition: Edition, pki: Pki) -> Result<Self, MintError> {
        let mut site = Self::healthy(pki)?;
        if edition == Edition::Site2007 {
            return Ok(site);
        }
        site.edition = edition;
        site.published.extend(site.today.public.published()?);
        site.mp01.roles = &[Role::ManagementPoint];
        let Self { mp01, dp01, sup01, smp01, pki, .. } = &mut site;
        for system in [mp01, dp01, sup01, smp01] {
            // Clients outside come through the gateway.
            system.connections = ClientConnections::Intranet;
            system.internet_fqdn = None;
            let asks = if system.roles == [Role::SoftwareUpdatePoint] { Asks::Never } else { Asks::InHandshake };
            of_today(&mut system.home.web, asks);
            system.home.web.presented.recipe = pki.web_server(&[system.intranet_name()]);
        }
        let service = site.today.cmg.internet_fqdn.clone().unwrap_or_default();
        site.outside.say(&site.today.azure_name, Answer::Addresses(vec![site.today.cmg.home.address.into()]));
        site.outside.say(&service, Answer::Alias(site.today.azure_name.clone()));
        Ok(site)
    }
}
