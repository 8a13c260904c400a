//! Makes a certificate of a recipe: the TBSCertificate, written out, signed by the issuer's key.
//! OpenSSL's own builder is not used: it refuses part of what the lab has to present.

use openssl::pkey::{PKey, Private};
use openssl::x509::X509;

use super::{KeyName, MintError, Recipe, Signature, der, extension, name};

/// A certificate that was made, with its key, what it was made of, and who is above it.
#[derive(Debug, Clone, PartialEq)]
pub struct Minted {
    /// The certificate.
    pub der: Vec<u8>,
    /// The key it certifies.
    pub key: KeyName,
    /// The content octets of its serial number.
    pub serial: Vec<u8>,
    /// What it was made of.
    pub recipe: Recipe,
    /// Those above it, DER, the nearest first, the root last; none above a self-signed one.
    pub issuers: Vec<Vec<u8>>,
}

impl Minted {
    /// A certificate signed with its own key.
    pub fn self_signed(recipe: &Recipe) -> Result<Self, MintError> {
        mint(recipe, &name::encode(&recipe.subject)?, recipe.key, Vec::new())
    }

    /// A certificate signed by this one's key, whether or not this one is a CA.
    pub fn issue(&self, recipe: &Recipe) -> Result<Self, MintError> {
        let mut issuers = vec![self.der.clone()];
        issuers.extend_from_slice(&self.issuers);
        mint(recipe, &name::encode(&self.recipe.subject)?, self.key, issuers)
    }

    /// The same certificate with the last bit of its signature flipped.
    pub fn corrupt_signature(mut self) -> Self {
        if let Some(last) = self.der.last_mut() {
            *last ^= 1;
        }
        self
    }

    /// The certificate, PEM.
    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }

    /// The private key, PKCS #8 in PEM.
    pub fn key_pem(&self) -> &'static str {
        self.key.pem()
    }

    /// The private key.
    pub fn private_key(&self) -> Result<PKey<Private>, MintError> {
        self.key.private()
    }

    /// The certificate as OpenSSL holds it.
    pub fn x509(&self) -> Result<X509, MintError> {
        Ok(X509::from_der(&self.der)?)
    }

    /// What a server presents: this certificate and those above it except the root, DER.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        let mut chain = vec![self.der.clone()];
        if let Some((_root, intermediates)) = self.issuers.split_last() {
            chain.extend_from_slice(intermediates);
        }
        chain
    }

    /// [`chain`](Self::chain), PEM.
    pub fn chain_pem(&self) -> String {
        self.chain().iter().map(|der| pem("CERTIFICATE", der)).collect()
    }
}

/// `der` in PEM under this label, such as `X509 CRL`.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

fn mint(recipe: &Recipe, issuer: &[u8], signer: KeyName, issuers: Vec<Vec<u8>>) -> Result<Minted, MintError> {
    let algorithm = recipe.signature.algorithm(signer)?;
    let claimed = recipe.issuer.as_deref().map(name::encode).transpose()?;
    let mut after_the_serial = vec![
        algorithm.clone(),
        claimed.unwrap_or_else(|| issuer.to_vec()),
        der::sequence(&[der::date(recipe.not_before), der::date(recipe.not_after)]),
        name::encode(&recipe.subject)?,
        recipe.key.public()?.to_vec(),
    ];
    if recipe.version >= 3 {
        let extensions = extension::extensions(recipe, signer.id()?)?;
        if !extensions.is_empty() {
            after_the_serial.push(der::context(3, &der::sequence(&extensions)));
        }
    }
    let after_the_serial = after_the_serial.concat();
    let serial = match &recipe.serial {
        Some(octets) => octets.clone(),
        None => drawn_serial(&after_the_serial),
    };
    let mut tbs = Vec::new();
    // Version 1 is the default, which DER leaves out.
    if let Some(version @ 1..) = recipe.version.checked_sub(1) {
        tbs.push(der::context(0, &der::unsigned(u64::from(version))));
    }
    tbs.extend([der::integer(&serial), after_the_serial]);
    let der = signed(&der::sequence(&tbs), &algorithm, recipe.signature, signer)?;
    Ok(Minted { der, key: recipe.key, serial, recipe: recipe.clone(), issuers })
}

/// 19 octets, as AD CS makes them, positive and drawn from what the certificate says: alike only where that is alike.
fn drawn_serial(said: &[u8]) -> Vec<u8> {
    let mut serial: Vec<u8> = openssl::sha::sha256(said).into_iter().take(19).collect();
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x3f) | 0x40;
    }
    serial
}

/// What certificates and CRLs are: `tbs`, the algorithm, the signature.
pub(super) fn signed(
    tbs: &[u8],
    algorithm: &[u8],
    signature: Signature,
    signer: KeyName,
) -> Result<Vec<u8>, MintError> {
    Ok(der::sequence(&signed_parts(tbs, algorithm, signature, signer)?))
}

/// The same three, not yet in their SEQUENCE: an OCSP response has a fourth.
pub(super) fn signed_parts(
    tbs: &[u8],
    algorithm: &[u8],
    signature: Signature,
    signer: KeyName,
) -> Result<Vec<Vec<u8>>, MintError> {
    Ok(vec![tbs.to_vec(), algorithm.to_vec(), der::bit_string(&signature.sign(signer, tbs)?)])
}
