//! A certificate of every use, met where that use's certificates are met, and what stands beside it.

use super::{GATEWAY, INTERNET, INTRANET, World, lab};
use crate::certificate::Certificate;
use crate::lab::pki::{KeyName, Minted, Recipe};
use crate::rule::usage::Use;
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::wire::der::Der;
use std::sync::Arc;

impl World {
    /// The profile a use is judged under in cases: that of 2007, where it has the use.
    pub(crate) fn profile_of(of: Use) -> Profile {
        if of.exists_in(Profile::NativeMode2007) { Profile::NativeMode2007 } else { Profile::CurrentBranch }
    }

    /// The name clients of a use's server dial in cases.
    pub(crate) fn dialled(of: Use) -> &'static str {
        match of {
            Use::Proxy => INTERNET,
            Use::CloudManagementGateway => GATEWAY,
            _ => INTRANET,
        }
    }

    /// Whether cases show certificates of a use in handshakes; those of other uses they show in files.
    pub(crate) fn is_met_in_handshakes(of: Use) -> bool {
        of.is_server()
    }

    /// What a healthy certificate of a use is made from.
    pub(crate) fn recipe_of(of: Use) -> Recipe {
        match of {
            Use::WebServer | Use::Proxy | Use::SmsProvider | Use::ReportingPoint | Use::SqlServer => {
                lab().web_server(&[INTRANET, INTERNET])
            }
            Use::CloudManagementGateway => lab().web_server(&[GATEWAY]),
            Use::ProxyClient
            | Use::Client
            | Use::MobileDevice
            | Use::Deployment
            | Use::Monitoring
            | Use::DistributionPointClient => lab().client("ws01.corp.contoso.com"),
            Use::SiteServer => lab().site_signing("PRI"),
            Use::Root => Recipe::root("Contoso Root CA").key(KeyName::Rsa2048E),
        }
    }

    /// A world with a certificate of a use, healthy but for what is bent, issued by the lab's authority.
    pub(crate) fn of(of: Use, bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let recipe = bend(Self::recipe_of(of));
        let minted = if of == Use::Root { Minted::self_signed(&recipe) } else { lab().issue(&recipe) };
        Self::of_minted(of, &minted.expect("a recipe that can be minted"))
    }

    /// A healthy certificate of a use in a file, also of those that servers present.
    pub(crate) fn in_file(of: Use) -> Self {
        let minted = lab().issue(&Self::recipe_of(of)).expect("a recipe that can be minted");
        Self::file_of(of, &minted).profile(Self::profile_of(of))
    }

    /// The same, its signature damaged.
    pub(crate) fn of_corrupt(of: Use) -> Self {
        let minted = lab().issue(&Self::recipe_of(of)).expect("a recipe that can be minted");
        Self::of_minted(of, &minted.corrupt_signature())
    }

    /// The same, issued by another authority, whose certificate comes with it.
    pub(crate) fn of_issued_by(of: Use, authority: &Minted, bend: impl FnOnce(Recipe) -> Recipe) -> Self {
        let minted = authority.issue(&bend(Self::recipe_of(of))).expect("a recipe that can be minted");
        Self::of_minted(of, &minted).knowing(&[]).sent_with(&[authority])
    }

    /// A world with this certificate of a use; the lab's issuing authority comes with it.
    pub(crate) fn of_minted(of: Use, minted: &Minted) -> Self {
        let world = if Self::is_met_in_handshakes(of) {
            let world = Self::presenting(&[minted, &lab().issuing], &[&lab().root]);
            match of {
                Use::Proxy => world.bridging_proxy(),
                Use::CloudManagementGateway => world
                    .from_internet()
                    .role(Role::CloudManagementGateway)
                    .target(|target| target.name = HostName::new(GATEWAY))
                    .handshakes(|handshake| handshake.server_name = Some(GATEWAY.into())),
                Use::SmsProvider => world.role(Role::SmsProvider),
                Use::ReportingPoint => world.role(Role::ReportingPoint),
                _ => world,
            }
        } else {
            Self::file_of(of, minted)
        };
        world.profile(Self::profile_of(of))
    }

    /// These certificates, presented by a server of a use, or lying in its file; to a site that trusts these roots.
    pub(crate) fn presented_as(of: Use, chain: &[&Minted], roots: &[&Minted]) -> Self {
        let Some((leaf, further)) = chain.split_first() else { return Self::of(of, |r| r) };
        Self::of_minted(of, leaf).knowing(&[]).sent_with(further).trusting(roots)
    }

    /// What comes with the certificate, instead of what did.
    pub(crate) fn sent_with(mut self, further: &[&Minted]) -> Self {
        let ders: Vec<Der> = further.iter().map(|minted| Der::from(minted.der.as_slice())).collect();
        if let Some((_, facts)) = &mut self.file {
            facts.others = ders.iter().map(|der| Arc::new(Certificate::read(der))).collect();
        }
        self.handshakes(|handshake| {
            handshake.chain.truncate(1);
            handshake.chain.extend(ders.iter().cloned());
        })
    }

    /// One more certificate comes with it.
    pub(crate) fn beside_it(mut self, further: &Minted) -> Self {
        let der = Der::from(further.der.as_slice());
        if let Some((_, facts)) = &mut self.file {
            facts.others.push(Arc::new(Certificate::read(&der)));
        }
        self.handshakes(|handshake| handshake.chain.push(der.clone()))
    }

    /// The roots the site trusts, for servers and clients.
    pub(crate) fn trusting(mut self, roots: &[&Minted]) -> Self {
        self.roots = roots.iter().map(|minted| Der::from(minted.der.as_slice())).collect();
        self
    }
}
