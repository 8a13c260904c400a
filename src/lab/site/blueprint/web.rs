//! A web server before it is started: what it presents, speaks, asks for and answers.

use crate::lab::pki::{KeyName, MintError, Minted, Pki, Recipe};
use crate::wire::version::ProtocolVersion;

/// An HTTPS server.
#[derive(Debug, Clone)]
pub struct Web {
    /// What it presents.
    pub presented: Presented,
    /// The key it signs handshakes with, if it is not its certificate's; a server of today alone can do that.
    pub signs_with: Option<KeyName>,
    /// What it does where a client sends no server name.
    pub nameless: Nameless,
    /// The oldest version it speaks.
    pub oldest: ProtocolVersion,
    /// The newest.
    pub newest: ProtocolVersion,
    /// Its suites up to TLS 1.2, as OpenSSL writes them; `None`: all of its time.
    pub suites: Option<&'static str>,
    /// Whether it knows RFC 5746. One that does not is of the time of RC4, and speaks its oldest version alone.
    pub patched: bool,
    /// When it asks for the client certificate its protected directories demand.
    pub asks: Asks,
    /// Whose client certificates it takes.
    pub trusts: Trusts,
    /// The certificates whose subjects it names as authorities it accepts, DER.
    pub names: Vec<Vec<u8>>,
    /// What it answers.
    pub content: Content,
}

impl Web {
    /// A server like those the site was built on: TLS 1.0 to 1.2, the same certificate whatever name is asked for, the site's
    /// clients asked for theirs once the request is read. Like Windows before 2012 it names the authority it trusts.
    pub(super) fn presenting(presented: Presented, pki: &Pki) -> Self {
        Self {
            presented,
            signs_with: None,
            nameless: Nameless::Same,
            oldest: ProtocolVersion::TLS1_0,
            newest: ProtocolVersion::TLS1_2,
            suites: None,
            patched: true,
            asks: Asks::AfterRequest,
            // Windows has the issuing authority from the directory: a device sends its own certificate alone.
            trusts: Trusts::Roots(vec![pki.root.der.clone(), pki.issuing.der.clone()]),
            names: vec![pki.root.der.clone()],
            content: Content::default(),
        }
    }

    /// Speaks TLS 1.2 and later alone, as servers of today.
    pub fn of_today(&mut self) {
        self.oldest = ProtocolVersion::TLS1_2;
    }

    /// Speaks one version alone.
    pub fn only(&mut self, version: ProtocolVersion) {
        (self.oldest, self.newest) = (version, version);
    }
}

/// Whose client certificates a server takes.
#[derive(Debug, Clone)]
pub enum Trusts {
    /// Those under these authorities, DER.
    Roots(Vec<Vec<u8>>),
    /// Anybody's: nothing is checked.
    Anybody,
}

/// What is wrong with a web site's answers; nothing, by default.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// Protected directories answer anybody.
    pub open: bool,
    /// The roles' applications are stopped: 503.
    pub stopped: bool,
    /// Nothing of the roles is there: 404.
    pub gone: bool,
    /// Request filtering hides the packages, with this status and sub-status.
    pub filtered: Option<&'static str>,
    /// There are no packages.
    pub no_packages: bool,
    /// The management point names itself so in its list.
    pub listed_as: Option<String>,
    /// Further management points in that list: computer name and FQDN.
    pub lists_too: Vec<(String, String)>,
    /// The `SSLState` that list says of its members, if it says any.
    pub ssl_state: Option<u32>,
    /// Packages cannot be listed by WebDAV: 405.
    pub no_webdav: bool,
    /// A file of a package comes as a whole, whatever range is asked for.
    pub no_ranges: bool,
    /// How far the server's clock is ahead.
    pub clock_ahead: time::Duration,
    /// Who says of himself that he passes answers on.
    pub via: Option<&'static str>,
    /// The build it says it is, if not that of Configuration Manager 2007.
    pub build: Option<u32>,
    /// The certificate it says it signs with, DER, if not the one it presents.
    pub signs_with: Option<Vec<u8>>,
}

/// When a server asks for the client certificate its protected directories demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Never.
    Never,
    /// In the handshake: a binding that negotiates client certificates.
    InHandshake,
    /// Once it has read which directory is asked for, as IIS does: by renegotiation, in TLS 1.3 post-handshake.
    AfterRequest,
}

/// What a server does where a client sends no server name.
#[derive(Debug, Clone)]
pub enum Nameless {
    /// Nothing else.
    Same,
    /// It presents another certificate.
    Other(Box<Presented>),
    /// It ends the handshake with an alert.
    Refused,
}

/// What a server presents, as it will be made.
#[derive(Debug, Clone)]
pub struct Presented {
    /// What its certificate says.
    pub recipe: Recipe,
    /// Who signs it; `None`: its own key.
    pub issuer: Option<Minted>,
    /// Whether the signature is broken afterwards.
    pub corrupt: bool,
    /// What the server sends of the chain.
    pub sends: Sends,
}

/// What a server sends of its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sends {
    /// The certificate and everything above it but the root.
    AsIssued,
    /// The certificate alone.
    LeafAlone,
    /// Everything above it too, but root first.
    RootBeforeIssuer,
    /// The issuing authority's certificate twice.
    IssuerTwice,
    /// This one behind the rest.
    And(Vec<u8>),
    /// The certificate, its last octets cut off.
    CutShort,
    /// The issuing authority's, its last octets cut off.
    IssuerCutShort,
}

impl Presented {
    /// A certificate from an authority, sent as it should be.
    pub fn new(recipe: Recipe, issuer: &Minted) -> Self {
        Self { recipe, issuer: Some(issuer.clone()), corrupt: false, sends: Sends::AsIssued }
    }

    /// Makes it: the certificate with its key, and the chain as it is sent, DER.
    ///
    /// # Errors
    /// The certificate could not be made.
    pub fn make(&self) -> Result<(Minted, Vec<Vec<u8>>), MintError> {
        let mut leaf = match &self.issuer {
            Some(issuer) => issuer.issue(&self.recipe)?,
            None => Minted::self_signed(&self.recipe)?,
        };
        if self.corrupt {
            leaf = leaf.corrupt_signature();
        }
        let mut chain = leaf.chain();
        match &self.sends {
            Sends::AsIssued => {}
            Sends::LeafAlone => chain.truncate(1),
            Sends::RootBeforeIssuer => chain.splice(1..1, leaf.issuers.last().cloned()).for_each(drop),
            Sends::IssuerTwice => chain.extend(leaf.issuers.first().cloned()),
            Sends::And(stranger) => chain.push(stranger.clone()),
            Sends::CutShort => chain.iter_mut().take(1).for_each(cut_short),
            Sends::IssuerCutShort => chain.iter_mut().skip(1).take(1).for_each(cut_short),
        }
        Ok((leaf, chain))
    }
}

/// As a file is that was copied in part.
fn cut_short(der: &mut Vec<u8>) {
    der.truncate(der.len().saturating_sub(64));
}
