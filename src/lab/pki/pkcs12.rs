//! PKCS #12 files (RFC 7292) as Windows exports them, old and new, with the attribute that names the key's provider.
//! Written out here: OpenSSL's builder knows neither that attribute nor how to give the same bytes twice.

use openssl::cipher::{Cipher, CipherRef};
use openssl::cipher_ctx::CipherCtx;
use openssl::hash::{MessageDigest, hash};
use openssl::pkcs5::pbkdf2_hmac;
use openssl::pkey::PKey;
use openssl::sign::Signer;

use super::{KeyName, MintError, Minted, der, signature};

/// How a PKCS #12 file is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// As Windows exported until 2018: certificates under 40-bit RC2, the key under 3DES, HMAC-SHA-1 over all.
    Legacy,
    /// 3DES for both, HMAC-SHA-1: what needs no RC2.
    TripleDes,
    /// AES-256 with PBKDF2 for both, HMAC-SHA-256: `AES256_SHA256` in Windows' export dialogue.
    Modern,
}

/// A PKCS #12 file to be written. Starts as a healthy export of a certificate, its chain and its key.
#[derive(Debug, Clone)]
pub struct Pkcs12 {
    /// DER, the leaf first.
    pub certificates: Vec<Vec<u8>>,
    /// Usually one: the leaf's.
    pub keys: Vec<KeyName>,
    pub password: String,
    pub protection: Protection,
    /// The name under which the leaf is shown.
    pub friendly_name: Option<String>,
    /// Microsoft's attribute 1.3.6.1.4.1.311.17.1 on the key: the provider that held it. A Key Storage Provider means CNG.
    pub provider: Option<String>,
}

/// The provider of a key made by CryptoAPI, which native mode wants.
pub const CRYPTOGRAPHIC_SERVICE_PROVIDER: &str = "Microsoft RSA SChannel Cryptographic Provider";
/// The provider of a key made by CNG, which native mode cannot use.
pub const KEY_STORAGE_PROVIDER: &str = "Microsoft Software Key Storage Provider";

impl Pkcs12 {
    /// An export of `leaf` with its key and all those above it.
    pub fn export(leaf: &Minted, password: &str) -> Self {
        let mut certificates = vec![leaf.der.clone()];
        certificates.extend_from_slice(&leaf.issuers);
        Self {
            certificates,
            keys: vec![leaf.key],
            password: password.to_owned(),
            protection: Protection::Modern,
            friendly_name: None,
            provider: None,
        }
    }

    /// Without the certificates above the leaf.
    pub fn leaf_only(mut self) -> Self {
        self.certificates.truncate(1);
        self
    }

    /// With these keys instead: none, another's, or several.
    pub fn keys(mut self, keys: &[KeyName]) -> Self {
        self.keys = keys.to_vec();
        self
    }

    pub fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    pub fn friendly_name(mut self, name: &str) -> Self {
        self.friendly_name = Some(name.to_owned());
        self
    }

    pub fn provider(mut self, name: &str) -> Self {
        self.provider = Some(name.to_owned());
        self
    }

    /// The file, DER.
    pub fn der(&self) -> Result<Vec<u8>, MintError> {
        let certificates = self
            .certificates
            .iter()
            .enumerate()
            .map(|(place, certificate)| self.certificate_bag(certificate, place == 0))
            .collect::<Result<Vec<_>, _>>()?;
        let keys = self.keys.iter().map(|key| self.key_bag(*key)).collect::<Result<Vec<_>, _>>()?;
        let mut safes = vec![self.encrypted_content(&der::sequence(&certificates))?];
        if !keys.is_empty() {
            safes.push(content(DATA, &der::octet_string(&der::sequence(&keys)))?);
        }
        let safes = der::sequence(&safes);
        let mac = self.mac(&safes)?;
        Ok(der::sequence(&[der::unsigned(3), content(DATA, &der::octet_string(&safes))?, mac]))
    }

    fn certificate_bag(&self, certificate: &[u8], is_leaf: bool) -> Result<Vec<u8>, MintError> {
        let value = der::sequence(&[
            der::object_identifier("1.2.840.113549.1.9.22.1")?,
            der::context(0, &der::octet_string(certificate)),
        ]);
        let mut attributes = Vec::new();
        if is_leaf {
            attributes.push(local_key_id()?);
            if let Some(name) = &self.friendly_name {
                attributes.push(text_attribute(FRIENDLY_NAME, name)?);
            }
        }
        bag("1.2.840.113549.1.12.10.1.3", &value, attributes)
    }

    fn key_bag(&self, key: KeyName) -> Result<Vec<u8>, MintError> {
        let (algorithm, encrypted) = self.encrypt(&key.pkcs8()?, b"key", false)?;
        let value = der::sequence(&[algorithm, der::octet_string(&encrypted)]);
        let mut attributes = vec![local_key_id()?];
        if let Some(name) = &self.provider {
            attributes.push(text_attribute(PROVIDER, name)?);
        }
        bag("1.2.840.113549.1.12.10.1.2", &value, attributes)
    }

    fn encrypted_content(&self, plain: &[u8]) -> Result<Vec<u8>, MintError> {
        let (algorithm, encrypted) = self.encrypt(plain, b"certificates", true)?;
        let info = der::sequence(&[der::object_identifier(DATA)?, algorithm, der::context_primitive(0, &encrypted)]);
        content("1.2.840.113549.1.7.6", &der::sequence(&[der::unsigned(0), info]))
    }

    /// The AlgorithmIdentifier, and `plain` encrypted so. `weak`: with the weaker of two ciphers, where there are two.
    fn encrypt(&self, plain: &[u8], purpose: &[u8], weak: bool) -> Result<(Vec<u8>, Vec<u8>), MintError> {
        let (algorithm, cipher, key, iv) = match (self.protection, weak) {
            (Protection::Modern, _) => return self.encrypt_aes(plain, purpose),
            (Protection::Legacy, true) => {
                let rc2 = Cipher::fetch(Some(&signature::legacy()?.context), "RC2-40-CBC", None)?;
                ("1.2.840.113549.1.12.1.6", rc2, 5, 8)
            }
            (Protection::Legacy, false) | (Protection::TripleDes, _) => {
                ("1.2.840.113549.1.12.1.3", Cipher::fetch(None, "DES-EDE3-CBC", None)?, 24, 8)
            }
        };
        let salt = self.salt(purpose, plain);
        let key = self.derived(MessageDigest::sha1(), &salt, 1, key)?;
        let iv = self.derived(MessageDigest::sha1(), &salt, 2, iv)?;
        let parameters = der::sequence(&[der::octet_string(&salt), der::unsigned(ITERATIONS)]);
        let algorithm = der::sequence(&[der::object_identifier(algorithm)?, parameters]);
        Ok((algorithm, encrypted(&cipher, &key, &iv, plain)?))
    }

    /// PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, then AES-256 in CBC mode.
    fn encrypt_aes(&self, plain: &[u8], purpose: &[u8]) -> Result<(Vec<u8>, Vec<u8>), MintError> {
        let salt = self.salt(purpose, plain);
        let iv: Vec<u8> = openssl::sha::sha256(&salt).into_iter().take(16).collect();
        let mut key = [0; 32];
        pbkdf2_hmac(self.password.as_bytes(), &salt, ITERATIONS as usize, MessageDigest::sha256(), &mut key)?;
        let prf = der::sequence(&[der::object_identifier("1.2.840.113549.2.9")?, der::null()]);
        let derivation = der::sequence(&[
            der::object_identifier("1.2.840.113549.1.5.12")?,
            der::sequence(&[der::octet_string(&salt), der::unsigned(ITERATIONS), prf]),
        ]);
        let scheme = der::sequence(&[der::object_identifier("2.16.840.1.101.3.4.1.42")?, der::octet_string(&iv)]);
        let algorithm =
            der::sequence(&[der::object_identifier("1.2.840.113549.1.5.13")?, der::sequence(&[derivation, scheme])]);
        Ok((algorithm, encrypted(Cipher::aes_256_cbc(), &key, &iv, plain)?))
    }

    /// MacData over the authenticated safe.
    fn mac(&self, safes: &[u8]) -> Result<Vec<u8>, MintError> {
        let (name, digest) = match self.protection {
            Protection::Legacy | Protection::TripleDes => ("1.3.14.3.2.26", MessageDigest::sha1()),
            Protection::Modern => ("2.16.840.1.101.3.4.2.1", MessageDigest::sha256()),
        };
        let salt = self.salt(b"mac", safes);
        let key = PKey::hmac(&self.derived(digest, &salt, 3, digest.size())?)?;
        let mut signer = Signer::new(digest, &key)?;
        let mac = signer.sign_oneshot_to_vec(safes)?;
        let algorithm = der::sequence(&[der::object_identifier(name)?, der::null()]);
        Ok(der::sequence(&[
            der::sequence(&[algorithm, der::octet_string(&mac)]),
            der::octet_string(&salt),
            der::unsigned(ITERATIONS),
        ]))
    }

    /// Eight octets drawn from what they salt, so that the file is a function of its recipe.
    fn salt(&self, purpose: &[u8], content: &[u8]) -> Vec<u8> {
        let digest = openssl::sha::sha256(&[purpose, content].concat());
        digest.into_iter().take(8).collect()
    }

    /// The key derivation of RFC 7292, appendix B, with its purpose: 1 a key, 2 an IV, 3 a MAC key.
    fn derived(&self, digest: MessageDigest, salt: &[u8], purpose: u8, length: usize) -> Result<Vec<u8>, MintError> {
        let block = digest.block_size();
        let password = [der::utf16(&self.password), vec![0, 0]].concat();
        let fill = |text: &[u8]| -> Vec<u8> {
            let whole = text.len().div_ceil(block) * block;
            text.iter().copied().cycle().take(whole).collect()
        };
        let mut input = [fill(salt), fill(&password)].concat();
        let mut out = Vec::new();
        while out.len() < length {
            let mut round = hash(digest, &[&vec![purpose; block], input.as_slice()].concat())?;
            for _ in 1..ITERATIONS {
                round = hash(digest, &round)?;
            }
            out.extend_from_slice(&round);
            let addend = round.iter().copied().cycle().take(block).collect::<Vec<u8>>();
            for chunk in input.chunks_mut(block) {
                // chunk = (chunk + addend + 1) mod 2^(8 * block)
                let mut carry = 1;
                for (byte, add) in chunk.iter_mut().zip(&addend).rev() {
                    let sum = u16::from(*byte) + u16::from(*add) + carry;
                    *byte = sum as u8;
                    carry = sum >> 8;
                }
            }
        }
        out.truncate(length);
        Ok(out)
    }
}

/// Windows' own number.
const ITERATIONS: u64 = 2000;
const DATA: &str = "1.2.840.113549.1.7.1";
const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";
const PROVIDER: &str = "1.3.6.1.4.1.311.17.1";

fn encrypted(cipher: &CipherRef, key: &[u8], iv: &[u8], plain: &[u8]) -> Result<Vec<u8>, MintError> {
    let mut context = CipherCtx::new()?;
    context.encrypt_init(Some(cipher), Some(key), Some(iv))?;
    let mut out = Vec::new();
    context.cipher_update_vec(plain, &mut out)?;
    context.cipher_final_vec(&mut out)?;
    Ok(out)
}

/// A PKCS #7 ContentInfo.
pub(super) fn content(kind: &str, content: &[u8]) -> Result<Vec<u8>, MintError> {
    Ok(der::sequence(&[der::object_identifier(kind)?, der::context(0, content)]))
}

fn bag(kind: &str, value: &[u8], attributes: Vec<Vec<u8>>) -> Result<Vec<u8>, MintError> {
    let mut parts = vec![der::object_identifier(kind)?, der::context(0, value)];
    if !attributes.is_empty() {
        parts.push(der::set_of(attributes));
    }
    Ok(der::sequence(&parts))
}

fn local_key_id() -> Result<Vec<u8>, MintError> {
    attribute(LOCAL_KEY_ID, der::octet_string(&[1, 0, 0, 0]))
}

fn text_attribute(kind: &str, text: &str) -> Result<Vec<u8>, MintError> {
    attribute(kind, der::tlv(der::BMP_STRING, &der::utf16(text)))
}

fn attribute(kind: &str, value: Vec<u8>) -> Result<Vec<u8>, MintError> {
    Ok(der::sequence(&[der::object_identifier(kind)?, der::set_of(vec![value])]))
}
