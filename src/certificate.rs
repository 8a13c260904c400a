//! The facts of a certificate, read once from its DER. Nothing is judged: a malformed part is itself a fact.

pub mod cache;
pub mod constraint;
pub mod distribution_point;
mod encoded;
pub(crate) mod host_name;
pub mod issuers;
pub mod ocsp_request;
pub mod ocsp_response;
pub(crate) mod read;
pub mod revocation_list;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use constraint::{Flaw, NameConstraints, PolicyFacts};
use distribution_point::DistributionPoint;

use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;
use read::der::{Reader, tag};

/// Object identifiers this project names, as dotted text.
pub mod oid {
    /// Server Authentication.
    pub const SERVER_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.1";
    /// Client Authentication.
    pub const CLIENT_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.2";
    /// Microsoft's Document Signing.
    pub const DOCUMENT_SIGNING: &str = "1.3.6.1.4.1.311.10.3.12";
    /// anyExtendedKeyUsage.
    pub const ANY_EXTENDED_KEY_USAGE: &str = "2.5.29.37.0";
    /// Microsoft's Application Policies extension.
    pub const APPLICATION_POLICIES: &str = "1.3.6.1.4.1.311.21.10";
    /// OCSP Signing: a responder an authority named.
    pub const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
    /// CRL Distribution Points.
    pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
    /// Key Usage.
    pub const KEY_USAGE: &str = "2.5.29.15";
    /// Basic Constraints.
    pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    /// Enhanced (Extended) Key Usage.
    pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
}

/// A certificate: its bytes, and what they say.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The bytes.
    pub der: Der,
    /// SHA-256 over the bytes.
    pub fingerprint: [u8; 32],
    /// What they say, or why they cannot be read as a certificate at all.
    pub facts: Result<Facts, String>,
}

impl Certificate {
    /// Reads a certificate; never fails, because unreadable bytes are a fact too.
    pub fn read(der: &Der) -> Self {
        Self {
            der: der.clone(),
            fingerprint: Sha256::digest(der.as_slice()).into(),
            facts: read::facts(der.as_slice()),
        }
    }

    /// SHA-256 in lower-case hexadecimal.
    pub fn fingerprint_sha256(&self) -> String {
        HEXLOWER.encode(&self.fingerprint)
    }

    /// SHA-1 in lower-case hexadecimal: the thumbprint Windows shows.
    pub fn thumbprint_sha1(&self) -> String {
        HEXLOWER.encode(&Sha1::digest(self.der.as_slice()))
    }

    /// The facts, where the bytes could be read.
    pub fn facts(&self) -> Option<&Facts> {
        self.facts.as_ref().ok()
    }

    /// The subject as text, or a stand-in where it cannot be read.
    pub fn subject_text(&self) -> &str {
        match &self.facts {
            Ok(facts) if facts.subject.text.is_empty() => "(empty subject)",
            Ok(facts) => &facts.subject.text,
            Err(_) => "(unreadable certificate)",
        }
    }

    /// Whether subject and issuer are the same name: self-issued, and self-signed unless its signature says otherwise.
    pub fn is_self_issued(&self) -> bool {
        self.facts().is_some_and(|facts| facts.subject.is_same_as(&facts.issuer))
    }

    /// Its key's octets, without the algorithm; `None`: it has none that can be read.
    pub(crate) fn key_octets(&self) -> Option<&[u8]> {
        read::key_octets(self.part(&self.facts()?.frame.key))
    }

    /// Whether it bears the name another certificate has for its issuer, by RFC 5280, 7.1.
    pub fn is_named_issuer_of(&self, below: &Facts) -> bool {
        self.facts().is_some_and(|above| is_same_name(&above.subject.der, &below.issuer.der))
    }

    /// A part of its bytes.
    pub(crate) fn part(&self, range: &Range<usize>) -> &[u8] {
        self.der.as_slice().get(range.clone()).unwrap_or_default()
    }
}

/// The name a certificate has for its issuer, as it is encoded, without reading anything else of it; `None`: it has none
/// where a certificate has it.
pub fn issuer_name(certificate: &[u8]) -> Option<&[u8]> {
    let mut signed = Reader::new(Reader::only(certificate, tag::SEQUENCE)?.take(tag::SEQUENCE)?);
    // The version stands only where it is not the first.
    signed.take(tag::constructed(0));
    signed.take(tag::INTEGER)?;
    signed.take(tag::SEQUENCE)?;
    signed.take_whole(tag::SEQUENCE)
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for Certificate {}

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Facts {
    /// X.509 version: 1, 2 or 3.
    pub version: u32,
    /// The serial number in lower-case hexadecimal, without leading zero bytes.
    pub serial: String,
    /// The serial number as it is encoded: with its sign.
    pub serial_number: Vec<u8>,
    /// Whom it speaks of.
    pub subject: Name,
    /// Who says so.
    pub issuer: Name,
    /// The first moment of its validity.
    pub not_before: Timestamp,
    /// The last moment of its validity.
    pub not_after: Timestamp,
    /// Subject Alternative Name; `None`: no such extension.
    pub alternative_names: Option<Vec<AlternativeName>>,
    /// The directory names among the alternative names.
    pub directory_names: Vec<Name>,
    /// Enhanced (Extended) Key Usage, OIDs in order; `None`: no such extension.
    pub extended_key_usage: Option<Vec<String>>,
    /// Key Usage; `None`: no such extension.
    pub key_usage: Option<KeyUsage>,
    /// Basic Constraints; `None`: no such extension.
    pub basic_constraints: Option<BasicConstraints>,
    /// The public key.
    pub public_key: PublicKey,
    /// How it is signed.
    pub signature: SignatureAlgorithm,
    /// CRL distribution points, every URL in order.
    pub crl_distribution_points: Vec<String>,
    /// The same, with what part of the list each holds and who issues it.
    pub distribution_points: Vec<DistributionPoint>,
    /// Freshest CRL: where the delta lists are, every URL in order.
    pub freshest_crl: Vec<String>,
    /// OCSP responders.
    pub ocsp_responders: Vec<String>,
    /// Where the issuer's certificate can be fetched.
    pub issuer_urls: Vec<String>,
    /// The template it was made from, where it says so.
    pub template: Option<Template>,
    /// Microsoft's Application Policies, OIDs in order; `None`: no such extension.
    pub application_policies: Option<Vec<String>>,
    /// Subject Key Identifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// Authority Key Identifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// Name Constraints; `None`: no such extension.
    pub name_constraints: Option<NameConstraints>,
    /// What it says of certificate policies.
    pub policies: PolicyFacts,
    /// Critical extensions RFC 5280 does not name, by OID.
    pub unknown_critical: Vec<String>,
    /// What is not as X.509 wants it.
    pub malformed: Vec<Flaw>,
    /// Where in its bytes the parts stand that a signature is verified with.
    pub(crate) frame: Frame,
}

/// Where in a certificate's bytes the parts stand that a signature is verified with.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// What is signed.
    pub(crate) body: Range<usize>,
    /// How: an AlgorithmIdentifier.
    pub(crate) algorithm: Range<usize>,
    /// The signature's octets.
    pub(crate) signature: Range<usize>,
    /// The SubjectPublicKeyInfo.
    pub(crate) key: Range<usize>,
}

impl Facts {
    /// Whether it names another signature algorithm outside than inside: which it is signed with is not known then.
    pub fn names_two_signatures(&self) -> bool {
        self.malformed.iter().any(|flaw| flaw.words == read::TWO_ALGORITHMS)
    }

    /// The dNSName entries, in order.
    pub fn dns_names(&self) -> impl Iterator<Item = &str> {
        self.alternative_names.iter().flatten().filter_map(|name| match name {
            AlternativeName::Dns(text) => Some(text.as_str()),
            AlternativeName::Ip(_) | AlternativeName::Upn(_) | AlternativeName::Other { .. } => None,
        })
    }

    /// Every name a client could take for the host's: the CNs, then the dNSName entries.
    pub fn host_names(&self) -> impl Iterator<Item = &str> {
        self.subject.common_names.iter().map(|cn| cn.text.as_str()).chain(self.dns_names())
    }

    /// What is wrong with the extension of this OID, where it is there and cannot be read.
    pub fn unread(&self, oid: &str) -> Option<&str> {
        let of_it = |flaw: &&Flaw| !flaw.is_readable && flaw.oid.as_deref() == Some(oid);
        self.malformed.iter().find(of_it).map(|flaw| flaw.words.as_str())
    }

    /// Whether the extension is there and lists the purpose.
    pub fn has_extended_key_usage(&self, purpose: &str) -> bool {
        self.extended_key_usage.iter().flatten().any(|oid| oid == purpose)
    }
}

/// A distinguished name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As Windows shows it: most specific first, `CN=…, OU=…, DC=…`.
    pub text: String,
    /// The bytes, for comparing.
    pub der: Der,
    /// Its common names, in the order they are encoded.
    pub common_names: Vec<CommonName>,
}

impl Name {
    /// Reads a distinguished name by itself; `None`: the bytes are none.
    pub fn read(der: &Der) -> Option<Self> {
        read::name(der.as_slice())
    }

    /// Whether it is the same name by RFC 5280, 7.1: letters' case, white space and string types do not matter.
    pub fn is_same_as(&self, other: &Self) -> bool {
        read::likeness(self.der.as_slice(), other.der.as_slice()) != read::Likeness::None
    }

    /// Its relative names in the form they are compared in, outermost first; `None`: it cannot be read.
    pub fn folded(&self) -> Option<Vec<String>> {
        read::folded(self.der.as_slice())
    }

    /// Its values with the string types they are written in: what two names that are the same differ in.
    pub fn spelled(&self) -> String {
        read::spelled(self.der.as_slice()).to_string()
    }

    /// The e-mail addresses among its attributes.
    pub fn email_addresses(&self) -> Vec<String> {
        read::email_addresses(self.der.as_slice())
    }
}

/// Whether two names' DER is the same name by RFC 5280, 7.1.
pub fn is_same_name(one: &Der, other: &Der) -> bool {
    one == other || read::likeness(one.as_slice(), other.as_slice()) != read::Likeness::None
}

/// A common name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonName {
    /// The text.
    pub text: String,
    /// Whether it is written in a string type of one byte a character and holds ASCII only, or is ASCII in a wider type.
    pub is_ascii: bool,
}

/// One entry of Subject Alternative Name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlternativeName {
    /// A DNS name.
    Dns(String),
    /// An address.
    Ip(std::net::IpAddr),
    /// A user principal name (otherName 1.3.6.1.4.1.311.20.2.3).
    Upn(String),
    /// Anything else: its kind in words and its value as text.
    Other {
        /// `email`, `uri`, `directory`, `registered-id`, `other` or `malformed`.
        kind: &'static str,
        /// The value, or its bytes in hexadecimal.
        value: String,
    },
}

impl fmt::Display for AlternativeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(text) => write!(f, "dns:{text}"),
            Self::Ip(address) => write!(f, "ip:{address}"),
            Self::Upn(text) => write!(f, "upn:{text}"),
            Self::Other { kind, value } => write!(f, "{kind}:{value}"),
        }
    }
}

/// Key Usage bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// Signing in the handshake: (EC)DHE suites and TLS 1.3.
    pub digital_signature: bool,
    /// Signing what cannot be disowned (contentCommitment).
    pub non_repudiation: bool,
    /// Decrypting the premaster secret: RSA key exchange.
    pub key_encipherment: bool,
    /// Decrypting data itself.
    pub data_encipherment: bool,
    /// Key agreement.
    pub key_agreement: bool,
    /// Signing certificates.
    pub key_cert_sign: bool,
    /// Signing CRLs.
    pub crl_sign: bool,
    /// With key agreement: encrypting only.
    pub encipher_only: bool,
    /// With key agreement: decrypting only.
    pub decipher_only: bool,
}

/// Basic Constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether it may certify others.
    pub ca: bool,
    /// How many CA certificates may follow it.
    pub path_length: Option<u32>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// What kind of key.
    pub algorithm: KeyAlgorithm,
    /// Its length in bits; for a curve, of its field.
    pub bits: u32,
}

/// Kinds of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// RSA.
    Rsa,
    /// RSA, for PSS signatures only.
    RsaPss,
    /// Elliptic curve: the curve's name, or its OID.
    Ec(String),
    /// DSA.
    Dsa,
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// Anything else, by OID.
    Other(String),
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa => f.write_str("RSA"),
            Self::RsaPss => f.write_str("RSASSA-PSS"),
            Self::Ec(curve) => write!(f, "EC {curve}"),
            Self::Dsa => f.write_str("DSA"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::Other(oid) => f.write_str(oid),
        }
    }
}

/// How a certificate or a CRL is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    /// The algorithm's OID.
    pub oid: String,
    /// The name people use (`sha256WithRSAEncryption`), or the OID.
    pub name: String,
    /// The hash, where the algorithm has one of its own.
    pub hash: Option<Hash>,
    /// Which family of keys made it.
    pub family: SignatureFamily,
}

impl SignatureAlgorithm {
    /// Reads an AlgorithmIdentifier from its DER, such as a CRL's; `None`: the bytes are none.
    pub fn read(der: &[u8]) -> Option<Self> {
        read::signature_algorithm(der)
    }
}

/// Hashes under signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hash {
    /// MD2.
    Md2,
    /// MD4.
    Md4,
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The usual name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md2 => "MD2",
            Self::Md4 => "MD4",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Whether it is of the SHA-2 family.
    pub const fn is_sha2(self) -> bool {
        matches!(self, Self::Sha224 | Self::Sha256 | Self::Sha384 | Self::Sha512)
    }
}

/// Families of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureFamily {
    /// RSA PKCS #1 v1.5.
    RsaPkcs1,
    /// RSASSA-PSS: Microsoft's "alternate signature format".
    RsaPss,
    /// ECDSA.
    Ecdsa,
    /// DSA.
    Dsa,
    /// Ed25519 or Ed448.
    EdDsa,
    /// Anything else.
    Other,
}

/// The AD CS template a certificate was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The template's OID (version 2 templates and later).
    pub oid: Option<String>,
    /// The template's name (version 1 templates).
    pub name: Option<String>,
    /// The template's revision; never its schema version.
    pub major_revision: Option<u32>,
}

/// Certificates shared by everyone who saw them.
pub type Chain = Vec<Arc<Certificate>>;
