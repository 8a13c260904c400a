//! The recipe of a certificate: everything it will say, as data. It starts healthy and is spoiled by value:
//! `Recipe::web_server(&["mp01.contoso.com"]).eku(&[oid::CLIENT_AUTHENTICATION])`.

use std::net::IpAddr;
use std::ops::BitOr;

use time::{Duration, OffsetDateTime};

use super::{Attribute, KeyName, LAB_EPOCH, Name, Signature, Text, oid};

/// What a certificate is to say. [`Minted::issue`](super::Minted::issue) and
/// [`Minted::self_signed`](super::Minted::self_signed) make it; equal recipes of equal issuers give equal bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    pub subject: Name,
    /// Claimed issuer; `None`: the one that signs.
    pub issuer: Option<Name>,
    /// Subject Alternative Name, in this order; empty: no such extension.
    pub sans: Vec<San>,
    /// Whether the Subject Alternative Name is critical.
    pub san_critical: bool,
    /// Extended Key Usage, dotted identifiers; `None`: no such extension, which is not the same as an empty one.
    pub eku: Option<Vec<String>>,
    pub eku_critical: bool,
    pub key_usage: Option<KeyUsage>,
    pub key_usage_critical: bool,
    pub basic_constraints: Option<BasicConstraints>,
    /// The certified key.
    pub key: KeyName,
    /// How the issuer signs it.
    pub signature: Signature,
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
    /// 1 or 3. A version 1 certificate has no extensions, whatever else is said here.
    pub version: u8,
    /// The INTEGER's content octets as they are; `None`: drawn from everything else, 19 octets.
    pub serial: Option<Vec<u8>>,
    pub crl_distribution_points: Vec<DistributionPoint>,
    /// Where the delta CRL is.
    pub freshest_crl: Vec<DistributionPoint>,
    pub authority_information: Vec<Access>,
    pub template: Option<Template>,
    /// Microsoft's Application Policies, dotted identifiers.
    pub application_policies: Option<Vec<String>>,
    pub name_constraints: Option<NameConstraints>,
    /// Certificate Policies, dotted identifiers.
    pub certificate_policies: Vec<String>,
    /// Policy Mappings, critical: what the issuer calls a policy, and what the subject does.
    pub policy_mappings: Vec<(String, String)>,
    /// Policy Constraints, critical: how many certificates may follow before a policy is demanded.
    pub require_explicit_policy: Option<u32>,
    /// Inhibit anyPolicy, critical: how many certificates may follow before anyPolicy is one policy among others.
    pub inhibit_any_policy: Option<u32>,
    /// Microsoft's CA Version, in CA certificates: 0 for the first key, 65537 for the second.
    pub ca_version: Option<u32>,
    pub subject_key_id: KeyId,
    pub authority_key_id: KeyId,
    /// Further extensions, written last and as they are: unknown, malformed or repeated ones.
    pub extensions: Vec<RawExtension>,
}

/// A value of the Subject Alternative Name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum San {
    /// dNSName. Whatever the text holds is written, non-ASCII too.
    Dns(String),
    /// iPAddress.
    Ip(IpAddr),
    /// Microsoft's user principal name, an otherName.
    Upn(String),
    /// rfc822Name.
    Email(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// directoryName.
    Directory(Name),
    /// A whole GeneralName as it is, tag and length included: for malformed ones.
    Raw(Vec<u8>),
}

/// Bits of Key Usage, joined by `|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage(pub(super) u16);

impl KeyUsage {
    pub const NONE: Self = Self(0);
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    pub const CRL_SIGN: Self = Self(1 << 6);
}

impl BitOr for KeyUsage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Basic Constraints; written critical, as every CA does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    pub ca: bool,
    pub path_length: Option<u32>,
}

/// One CRL distribution point: its URLs all name the same CRL.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DistributionPoint {
    pub urls: Vec<String>,
    /// Who signs the CRL, if it is not the certificate's issuer (an indirect CRL).
    pub crl_issuer: Option<Name>,
}

/// Authority Information Access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// An OCSP responder's URL.
    Ocsp(String),
    /// Where the issuer's certificate can be fetched.
    CaIssuers(String),
}

/// The AD CS template a certificate says it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// Version 1: the template's name, such as `WebServer`.
    Named(String),
    /// Version 2 and later. `major` is the revision, not the template's schema version.
    Versioned { object_identifier: String, major: u32, minor: Option<u32> },
}

/// Name Constraints, critical.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameConstraints {
    pub permitted: Vec<Subtree>,
    pub excluded: Vec<Subtree>,
}

/// What a name constraint covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subtree {
    /// A domain and everything below it.
    Dns(String),
    /// An address and how many of its leading bits count.
    Ip(IpAddr, u8),
    Directory(Name),
    /// A mailbox, a host, or with a leading dot a domain.
    Email(String),
    /// A host, or with a leading dot a domain.
    Uri(String),
}

/// A key identifier extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyId {
    /// From the key, as CAs do.
    Derived,
    Absent,
    /// These octets, whatever the key.
    Value(Vec<u8>),
}

/// An extension as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawExtension {
    pub object_identifier: String,
    pub critical: bool,
    /// What the extension's OCTET STRING holds: DER if it is well-formed.
    pub value: Vec<u8>,
}

impl Recipe {
    /// A leaf with nothing but a common name, key identifiers and dates: valid from 30 days before [`LAB_EPOCH`] for two years.
    pub fn leaf(common_name: &str) -> Self {
        let not_before = LAB_EPOCH - Duration::days(30);
        Self {
            subject: vec![(Attribute::CommonName, common_name.into())],
            issuer: None,
            sans: Vec::new(),
            san_critical: false,
            eku: None,
            eku_critical: false,
            key_usage: None,
            key_usage_critical: true,
            basic_constraints: None,
            key: KeyName::Rsa2048B,
            signature: Signature::Sha256,
            not_before,
            not_after: not_before + Duration::days(2 * 365),
            version: 3,
            serial: None,
            crl_distribution_points: Vec::new(),
            freshest_crl: Vec::new(),
            authority_information: Vec::new(),
            template: None,
            application_policies: None,
            name_constraints: None,
            certificate_policies: Vec::new(),
            policy_mappings: Vec::new(),
            require_explicit_policy: None,
            inhibit_any_policy: None,
            ca_version: None,
            subject_key_id: KeyId::Derived,
            authority_key_id: KeyId::Derived,
            extensions: Vec::new(),
        }
    }

    /// A web server certificate: the first name is the common name too, all are dNSNames.
    pub fn web_server(names: &[&str]) -> Self {
        Self::leaf(names.first().copied().unwrap_or_default())
            .dns(names)
            .eku(&[oid::SERVER_AUTHENTICATION])
            .key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT)
    }

    /// A client computer's certificate, as the Workstation Authentication template makes it: the name is also a dNSName.
    pub fn client(name: &str) -> Self {
        Self::leaf(name)
            .dns(&[name])
            .eku(&[oid::CLIENT_AUTHENTICATION])
            .key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT)
            .key(KeyName::Rsa2048C)
    }

    /// A native-mode site server signing certificate for the site with this code.
    pub fn site_signing(code: &str) -> Self {
        Self::leaf(&format!("The site code of this site server is {code}"))
            .eku(&[oid::DOCUMENT_SIGNING])
            .key_usage(KeyUsage::DIGITAL_SIGNATURE)
            .key(KeyName::Rsa2048D)
    }

    /// A root CA: RSA-4096, 20 years from five years before [`LAB_EPOCH`].
    pub fn root(common_name: &str) -> Self {
        let mut recipe = Self::leaf(common_name)
            .certification_authority(None)
            .key(KeyName::Rsa4096)
            .valid(LAB_EPOCH - Duration::days(5 * 365), LAB_EPOCH + Duration::days(15 * 365));
        // A root has no issuer's key to point at; AD CS writes none.
        recipe.authority_key_id = KeyId::Absent;
        recipe
    }

    /// An issuing CA below a root: RSA-2048, ten years from two years before [`LAB_EPOCH`], path length 0.
    pub fn issuing(common_name: &str) -> Self {
        Self::leaf(common_name)
            .certification_authority(Some(0))
            .key(KeyName::Rsa2048A)
            .valid(LAB_EPOCH - Duration::days(2 * 365), LAB_EPOCH + Duration::days(8 * 365))
    }

    fn certification_authority(mut self, path_length: Option<u32>) -> Self {
        let usage = KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN;
        self = self.key_usage(usage).basic_constraints(true, path_length);
        // AD CS leaves the Key Usage of CA certificates uncritical.
        self.key_usage_critical = false;
        self.ca_version = Some(0);
        self
    }

    /// Replaces the whole subject.
    pub fn subject(mut self, name: Name) -> Self {
        self.subject = name;
        self
    }

    /// Replaces the common names by this one; the rest of the subject stays.
    pub fn cn(self, common_name: &str) -> Self {
        self.no_cn().attribute(Attribute::CommonName, common_name)
    }

    /// Removes every common name.
    pub fn no_cn(mut self) -> Self {
        self.subject.retain(|(attribute, _)| *attribute != Attribute::CommonName);
        self
    }

    /// Adds a part at the subject's inner end: a second common name, an organisation.
    pub fn attribute(mut self, attribute: Attribute, text: impl Into<Text>) -> Self {
        self.subject.push((attribute, text.into()));
        self
    }

    /// Claims another issuer than the one that signs.
    pub fn issued_by(mut self, name: Name) -> Self {
        self.issuer = Some(name);
        self
    }

    /// Replaces the Subject Alternative Name by these dNSNames.
    pub fn dns<S: AsRef<str>>(mut self, names: &[S]) -> Self {
        self.sans = names.iter().map(|name| San::Dns(name.as_ref().to_owned())).collect();
        self
    }

    /// Adds a value to the Subject Alternative Name.
    pub fn san(mut self, san: San) -> Self {
        self.sans.push(san);
        self
    }

    /// No Subject Alternative Name.
    pub fn no_san(mut self) -> Self {
        self.sans.clear();
        self
    }

    /// Replaces the Extended Key Usage. Application Policies, where present, follow: AD CS writes both from one list.
    /// To tell them apart, call [`application_policies`](Self::application_policies) afterwards.
    pub fn eku(mut self, purposes: &[&str]) -> Self {
        let purposes: Vec<String> = purposes.iter().map(|&purpose| purpose.into()).collect();
        if self.application_policies.is_some() {
            self.application_policies = Some(purposes.clone());
        }
        self.eku = Some(purposes);
        self
    }

    /// Neither Extended Key Usage nor Application Policies.
    pub fn no_eku(mut self) -> Self {
        self.eku = None;
        self.application_policies = None;
        self
    }

    pub fn eku_critical(mut self) -> Self {
        self.eku_critical = true;
        self
    }

    pub fn application_policies(mut self, policies: &[&str]) -> Self {
        self.application_policies = Some(policies.iter().map(|&policy| policy.into()).collect());
        self
    }

    pub fn key_usage(mut self, usage: KeyUsage) -> Self {
        self.key_usage = Some(usage);
        self
    }

    pub fn no_key_usage(mut self) -> Self {
        self.key_usage = None;
        self
    }

    pub fn basic_constraints(mut self, ca: bool, path_length: Option<u32>) -> Self {
        self.basic_constraints = Some(BasicConstraints { ca, path_length });
        self
    }

    pub fn no_basic_constraints(mut self) -> Self {
        self.basic_constraints = None;
        self
    }

    /// The key to certify.
    pub fn key(mut self, key: KeyName) -> Self {
        self.key = key;
        self
    }

    /// How the issuer is to sign.
    pub fn signed_with(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }

    pub fn valid(mut self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        self.not_before = from;
        self.not_after = to;
        self
    }

    /// X.509 version 1: no extensions at all.
    pub fn version_1(mut self) -> Self {
        self.version = 1;
        self
    }

    pub fn serial(mut self, octets: &[u8]) -> Self {
        self.serial = Some(octets.to_vec());
        self
    }

    /// Replaces the CRL distribution points by one with these URLs, as AD CS writes them.
    pub fn cdp<S: AsRef<str>>(mut self, urls: &[S]) -> Self {
        self.crl_distribution_points.clear();
        self.also_cdp(urls)
    }

    /// Adds a further CRL distribution point.
    pub fn also_cdp<S: AsRef<str>>(mut self, urls: &[S]) -> Self {
        self.crl_distribution_points.push(DistributionPoint {
            urls: urls.iter().map(|url| url.as_ref().to_owned()).collect(),
            crl_issuer: None,
        });
        self
    }

    pub fn no_cdp(mut self) -> Self {
        self.crl_distribution_points.clear();
        self
    }

    /// Adds an OCSP responder.
    pub fn ocsp(mut self, url: &str) -> Self {
        self.authority_information.push(Access::Ocsp(url.into()));
        self
    }

    /// Adds a place to fetch the issuer's certificate from.
    pub fn ca_issuers(mut self, url: &str) -> Self {
        self.authority_information.push(Access::CaIssuers(url.into()));
        self
    }

    pub fn no_authority_information(mut self) -> Self {
        self.authority_information.clear();
        self
    }

    pub fn template(mut self, template: Template) -> Self {
        self.template = Some(template);
        self
    }

    pub fn name_constraints(mut self, permitted: &[Subtree], excluded: &[Subtree]) -> Self {
        self.name_constraints = Some(NameConstraints { permitted: permitted.to_vec(), excluded: excluded.to_vec() });
        self
    }

    pub fn certificate_policies(mut self, policies: &[&str]) -> Self {
        self.certificate_policies = policies.iter().map(|&policy| policy.into()).collect();
        self
    }

    /// Adds a Policy Mapping.
    pub fn map_policy(mut self, issuers: &str, subjects: &str) -> Self {
        self.policy_mappings.push((issuers.to_owned(), subjects.to_owned()));
        self
    }

    /// Demands a certificate policy after so many further certificates.
    pub fn require_explicit_policy(mut self, after: u32) -> Self {
        self.require_explicit_policy = Some(after);
        self
    }

    /// Takes anyPolicy for one policy among others after so many further certificates.
    pub fn inhibit_any_policy(mut self, after: u32) -> Self {
        self.inhibit_any_policy = Some(after);
        self
    }

    /// Adds an extension as it is; what else the recipe says stays, so clear that first to replace it.
    pub fn extension(mut self, object_identifier: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(RawExtension {
            object_identifier: object_identifier.to_owned(),
            critical,
            value: value.to_vec(),
        });
        self
    }

    /// Adds a critical extension nobody knows, with a NULL inside.
    pub fn unknown_critical_extension(self, object_identifier: &str) -> Self {
        self.extension(object_identifier, true, &[5, 0])
    }
}
