//! A company's PKI as Active Directory Certificate Services leaves it: an offline root, one issuing CA, and what it publishes.

use std::sync::OnceLock;

use time::{Duration, OffsetDateTime};

use super::{Attribute, CrlRecipe, KeyName, LAB_EPOCH, MintError, Minted, Name, Recipe, San, Signature, Template, oid};

/// What a company's PKI is made of. [`build`](Self::build) makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    /// `Contoso` gives `Contoso Root CA` and `Contoso Issuing CA`.
    pub name: String,
    /// Its Active Directory domain, such as `contoso.com`.
    pub domain: String,
    pub root_key: KeyName,
    pub issuing_key: KeyName,
    /// How both CAs sign.
    pub signature: Signature,
    /// The moment it is built for: everything is valid then, CAs and leaves alike.
    pub at: OffsetDateTime,
    /// Where CRLs and CA certificates are published over HTTP, without a slash at the end.
    pub published_at: String,
    /// Whether certificates name the CRL in Active Directory too, before the one over HTTP: AD CS does by default.
    pub ldap: bool,
}

impl Organization {
    /// The site's own company.
    pub fn contoso() -> Self {
        Self {
            name: "Contoso".to_owned(),
            domain: "contoso.com".to_owned(),
            root_key: KeyName::Rsa4096,
            issuing_key: KeyName::Rsa2048A,
            signature: Signature::Sha256,
            at: LAB_EPOCH,
            published_at: "http://pki.contoso.com/CertEnroll".to_owned(),
            ldap: true,
        }
    }

    /// A company the site has never heard of.
    pub fn fabrikam() -> Self {
        Self {
            name: "Fabrikam".to_owned(),
            domain: "fabrikam.com".to_owned(),
            root_key: KeyName::Rsa2048E,
            issuing_key: KeyName::Rsa2048F,
            published_at: "http://pki.fabrikam.com/CertEnroll".to_owned(),
            ..Self::contoso()
        }
    }

    /// Names itself like Contoso, to the letter, and has none of its keys.
    pub fn impostor() -> Self {
        Self { root_key: KeyName::Rsa2048E, issuing_key: KeyName::Rsa2048F, ..Self::contoso() }
    }

    /// Built for another moment than [`LAB_EPOCH`].
    pub fn at(mut self, now: OffsetDateTime) -> Self {
        self.at = now;
        self
    }

    /// Published under another URL, such as that of a server on loopback.
    pub fn published_at(mut self, base: &str) -> Self {
        self.published_at = base.trim_end_matches('/').to_owned();
        self
    }

    /// Both CAs sign like this.
    pub fn signed_with(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }

    /// The PKI, its two CAs minted.
    pub fn build(self) -> Result<Pki, MintError> {
        let root = Minted::self_signed(
            &Recipe::root(&self.root_name())
                .key(self.root_key)
                .signed_with(self.signature)
                .valid(self.at - Duration::days(5 * 365), self.at + Duration::days(15 * 365)),
        )?;
        let mut subject: Name = self
            .domain
            .rsplit('.')
            .map(|label| (Attribute::DomainComponent, super::Text::Ia5(label.to_owned())))
            .collect();
        let issuing_name = self.issuing_name();
        subject.push((Attribute::CommonName, issuing_name.as_str().into()));
        let issuing = root.issue(
            &self
                .pointed_at(Recipe::issuing(&issuing_name), &self.root_name())
                .subject(subject)
                .key(self.issuing_key)
                .template(Template::Named("SubCA".to_owned()))
                .valid(self.at - Duration::days(2 * 365), self.at + Duration::days(8 * 365)),
        )?;
        Ok(Pki { organization: self, root, issuing })
    }

    fn root_name(&self) -> String {
        format!("{} Root CA", self.name)
    }

    fn issuing_name(&self) -> String {
        format!("{} Issuing CA", self.name)
    }

    /// Where the CRL of the CA with this common name is, in the order certificates name it.
    fn crl_urls(&self, authority: &str) -> Vec<String> {
        let mut urls = Vec::new();
        if self.ldap {
            urls.push(format!(
                "ldap:///CN={},CN=PKI01,CN=CDP,{}?certificateRevocationList?base?objectClass=cRLDistributionPoint",
                escaped(authority),
                self.configuration()
            ));
        }
        urls.push(format!("{}/{}.crl", self.published_at, escaped(authority)));
        urls
    }

    fn certificate_urls(&self, authority: &str) -> Vec<String> {
        let mut urls = Vec::new();
        if self.ldap {
            urls.push(format!(
                "ldap:///CN={},CN=AIA,{}?cACertificate?base?objectClass=certificationAuthority",
                escaped(authority),
                self.configuration()
            ));
        }
        urls.push(format!("{}/{}.crt", self.published_at, escaped(authority)));
        urls
    }

    /// The directory's container for PKI, as an LDAP URL writes it.
    fn configuration(&self) -> String {
        let domain: Vec<String> = self.domain.split('.').map(|label| format!("DC={label}")).collect();
        format!("CN=Public%20Key%20Services,CN=Services,CN=Configuration,{}", domain.join(","))
    }

    /// `recipe`, signed this company's way and pointing at what the CA with this common name publishes.
    fn pointed_at(&self, recipe: Recipe, authority: &str) -> Recipe {
        let recipe = recipe.signed_with(self.signature).cdp(&self.crl_urls(authority));
        self.certificate_urls(authority).iter().fold(recipe, |recipe, url| recipe.ca_issuers(url))
    }
}

fn escaped(authority: &str) -> String {
    authority.replace(' ', "%20")
}

/// A company's PKI. Its `web_server`, `client` and so on are recipes of healthy certificates: spoil one, then
/// [`issue`](Self::issue) it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pki {
    pub organization: Organization,
    /// The offline root.
    pub root: Minted,
    /// The CA that issues to computers.
    pub issuing: Minted,
}

/// A file the company publishes over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its full URL.
    pub url: String,
    /// `application/pkix-crl` and the like.
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl Pki {
    /// [`contoso`](Self::contoso), minted once a process: what most tests start from.
    pub fn lab() -> Result<&'static Self, MintError> {
        static LAB: OnceLock<Pki> = OnceLock::new();
        match LAB.get() {
            Some(lab) => Ok(lab),
            None => {
                let minted = Self::contoso()?;
                Ok(LAB.get_or_init(|| minted))
            }
        }
    }

    /// The site's own PKI, at [`LAB_EPOCH`].
    pub fn contoso() -> Result<Self, MintError> {
        Organization::contoso().build()
    }

    /// A well-formed PKI the site does not trust, at [`LAB_EPOCH`].
    pub fn stranger() -> Result<Self, MintError> {
        Organization::fabrikam().build()
    }

    /// A certificate from the issuing CA.
    pub fn issue(&self, recipe: &Recipe) -> Result<Minted, MintError> {
        self.issuing.issue(recipe)
    }

    /// A site system's certificate, from a copy of the Web Server template; several names are dNSNames in this order.
    pub fn web_server(&self, names: &[&str]) -> Recipe {
        self.enrolled(Recipe::web_server(names), WEB_SERVER, &[oid::SERVER_AUTHENTICATION])
    }

    /// A client computer's, from the Workstation Authentication template.
    pub fn client(&self, name: &str) -> Recipe {
        self.enrolled(Recipe::client(name), WORKSTATION, &[oid::CLIENT_AUTHENTICATION])
    }

    /// A mobile device's, from the Authenticated Session template: a user's, by its principal name.
    pub fn mobile_device(&self, user: &str) -> Recipe {
        let recipe = Recipe::client(user).no_san().san(San::Upn(format!("{user}@{}", self.organization.domain)));
        self.enrolled(recipe, SESSION, &[oid::CLIENT_AUTHENTICATION])
    }

    /// The site server's signing certificate for the site with this code.
    pub fn site_signing(&self, code: &str) -> Recipe {
        self.enrolled(Recipe::site_signing(code), SIGNING, &[oid::DOCUMENT_SIGNING])
    }

    /// A bridging proxy's, which serves clients and is a client itself.
    pub fn bridging_proxy(&self, names: &[&str]) -> Recipe {
        self.enrolled(Recipe::web_server(names), PROXY, &[oid::SERVER_AUTHENTICATION, oid::CLIENT_AUTHENTICATION])
    }

    /// A CRL of the root, current and empty: spoil the recipe, then `pki.root.crl(&recipe)`.
    pub fn root_crl(&self) -> CrlRecipe {
        // An offline root is started twice a year.
        let published = self.organization.at - Duration::days(30);
        CrlRecipe::at(self.organization.at)
            .signed_with(self.organization.signature)
            .current(published, published + Duration::days(182))
    }

    /// A CRL of the issuing CA, current and empty: spoil the recipe, then `pki.issuing.crl(&recipe)`.
    pub fn issuing_crl(&self) -> CrlRecipe {
        CrlRecipe::at(self.organization.at).signed_with(self.organization.signature)
    }

    /// Where leaves say their CRL is, over HTTP.
    pub fn issuing_crl_url(&self) -> String {
        self.url(&self.organization.issuing_name(), "crl")
    }

    /// Where the issuing CA's certificate says its CRL is, over HTTP.
    pub fn root_crl_url(&self) -> String {
        self.url(&self.organization.root_name(), "crl")
    }

    /// All a healthy company publishes over HTTP: both CRLs, both CA certificates.
    pub fn published(&self) -> Result<Vec<Published>, MintError> {
        let certificate = |authority: &Minted, name: &str| Published {
            url: self.url(name, "crt"),
            media_type: "application/pkix-cert",
            bytes: authority.der.clone(),
        };
        let crl = |url: String, bytes: Vec<u8>| Published { url, media_type: "application/pkix-crl", bytes };
        Ok(vec![
            crl(self.root_crl_url(), self.root.crl(&self.root_crl())?),
            crl(self.issuing_crl_url(), self.issuing.crl(&self.issuing_crl())?),
            certificate(&self.root, &self.organization.root_name()),
            certificate(&self.issuing, &self.organization.issuing_name()),
        ])
    }

    fn url(&self, authority: &str, extension: &str) -> String {
        format!("{}/{}.{extension}", self.organization.published_at, escaped(authority))
    }

    /// What the CA adds to every request: template, policies, where to look, its dates and its way of signing.
    fn enrolled(&self, recipe: Recipe, template: &str, purposes: &[&str]) -> Recipe {
        let from = self.organization.at - Duration::days(30);
        self.organization
            .pointed_at(recipe, &self.organization.issuing_name())
            .template(Template::Versioned { object_identifier: template.to_owned(), major: 100, minor: Some(4) })
            .application_policies(purposes)
            .eku(purposes)
            .valid(from, from + Duration::days(2 * 365))
    }
}

// Templates' identifiers lie below 1.3.6.1.4.1.311.21.8 and six numbers that belong to the forest; those that come with
// Windows end in `.1.` and a fixed number, copies in two random ones.
const WEB_SERVER: &str = "1.3.6.1.4.1.311.21.8.11000173.8712411.7489679.14532813.3365527.61.5112391.13052189";
const WORKSTATION: &str = "1.3.6.1.4.1.311.21.8.11000173.8712411.7489679.14532813.3365527.61.1.30";
const SESSION: &str = "1.3.6.1.4.1.311.21.8.11000173.8712411.7489679.14532813.3365527.61.1.4";
const SIGNING: &str = "1.3.6.1.4.1.311.21.8.11000173.8712411.7489679.14532813.3365527.61.9043371.2210487";
const PROXY: &str = "1.3.6.1.4.1.311.21.8.11000173.8712411.7489679.14532813.3365527.61.1448620.7730155";
