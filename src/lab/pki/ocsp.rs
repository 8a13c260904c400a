//! OCSP responses (RFC 6960) made to a recipe: what a responder answers, and what a server staples.

use time::{Duration, OffsetDateTime};

use super::{KeyName, LAB_EPOCH, MintError, Minted, Signature, der, mint, name};

/// What a responder says of one certificate. [`Minted::ocsp`] makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct OcspRecipe {
    pub status: OcspStatus,
    pub produced_at: OffsetDateTime,
    pub this_update: OffsetDateTime,
    pub next_update: Option<OffsetDateTime>,
    pub signature: Signature,
    /// The hash the certificate is named with.
    pub id_hash: IdHash,
    /// Whose key the certificate is said to be signed with; `None`: the issuer's.
    pub id_key: Option<KeyName>,
    /// Why it is revoked (CRLReason); `None`: no reason is given.
    pub reason: Option<u8>,
    /// An extension of the whole, and whether it is critical.
    pub extension: Option<(&'static str, bool)>,
    /// An extension of what is said of the certificate, and whether it is critical.
    pub single_extension: Option<(&'static str, bool)>,
    /// The certificate of a delegated responder, whose key then signs; `None`: the issuer signs.
    pub responder: Option<Box<Minted>>,
}

/// The hashes a certificate may be named with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdHash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl IdHash {
    const fn identifier(self) -> &'static str {
        match self {
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        }
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => openssl::sha::sha1(bytes).to_vec(),
            Self::Sha256 => openssl::sha::sha256(bytes).to_vec(),
            Self::Sha384 => openssl::sha::sha384(bytes).to_vec(),
            Self::Sha512 => openssl::sha::sha512(bytes).to_vec(),
        }
    }
}

/// The state of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OcspStatus {
    Good,
    /// Revoked at this time, for no stated reason.
    Revoked(OffsetDateTime),
    /// The responder does not know the certificate.
    Unknown,
}

impl OcspRecipe {
    /// "Good", said an hour before `now` and for a week.
    pub fn at(now: OffsetDateTime) -> Self {
        let this_update = now - Duration::hours(1);
        Self {
            status: OcspStatus::Good,
            produced_at: this_update,
            this_update,
            next_update: Some(this_update + Duration::days(7)),
            signature: Signature::Sha256,
            id_hash: IdHash::Sha1,
            id_key: None,
            reason: None,
            extension: None,
            single_extension: None,
            responder: None,
        }
    }

    /// Names the certificate with another hash than SHA-1.
    pub fn id_hash(mut self, hash: IdHash) -> Self {
        self.id_hash = hash;
        self
    }

    /// Names the certificate as one that another authority's key signed.
    pub fn id_key(mut self, of: &Minted) -> Self {
        self.id_key = Some(of.key);
        self
    }

    pub fn status(mut self, status: OcspStatus) -> Self {
        self.status = status;
        self
    }

    pub fn current(mut self, this_update: OffsetDateTime, next_update: OffsetDateTime) -> Self {
        self.produced_at = this_update;
        self.this_update = this_update;
        self.next_update = Some(next_update);
        self
    }

    /// Revoked for this reason (RFC 5280, 5.3.1).
    pub fn reason(mut self, reason: u8) -> Self {
        self.reason = Some(reason);
        self
    }

    /// With an extension of the whole.
    pub fn extension(mut self, oid: &'static str, critical: bool) -> Self {
        self.extension = Some((oid, critical));
        self
    }

    /// With an extension of what is said of the certificate.
    pub fn single_extension(mut self, oid: &'static str, critical: bool) -> Self {
        self.single_extension = Some((oid, critical));
        self
    }

    /// Signed by a delegated responder, whose certificate goes with the answer.
    pub fn responder(mut self, responder: &Minted) -> Self {
        self.responder = Some(Box::new(responder.clone()));
        self
    }
}

impl Default for OcspRecipe {
    fn default() -> Self {
        Self::at(LAB_EPOCH)
    }
}

impl Minted {
    /// This CA's OCSP response about `certificate`, DER.
    pub fn ocsp(&self, certificate: &Minted, recipe: &OcspRecipe) -> Result<Vec<u8>, MintError> {
        let signer = recipe.responder.as_ref().map_or(self.key, |responder| responder.key);
        let hash = recipe.id_hash;
        let issuer = certificate.recipe.issuer.as_ref().unwrap_or(&self.recipe.subject);
        let certificate_id = der::sequence(&[
            der::sequence(&[der::object_identifier(hash.identifier())?, der::null()]),
            der::octet_string(&hash.of(&name::encode(issuer)?)),
            der::octet_string(&hash.of(recipe.id_key.unwrap_or(self.key).bits()?)),
            der::integer(&certificate.serial),
        ]);
        let status = match recipe.status {
            OcspStatus::Good => der::context_primitive(0, &[]),
            OcspStatus::Revoked(at) => {
                let reason = recipe.reason.map(|reason| der::context(0, &der::tlv(der::ENUMERATED, &[reason])));
                der::context(1, &[der::generalized_time(at), reason.unwrap_or_default()].concat())
            }
            OcspStatus::Unknown => der::context_primitive(2, &[]),
        };
        let mut single = vec![certificate_id, status, der::generalized_time(recipe.this_update)];
        single.extend(recipe.next_update.map(|at| der::context(0, &der::generalized_time(at))));
        single.extend(recipe.single_extension.map(extensions).transpose()?);
        let mut data = vec![
            der::context(2, &der::octet_string(signer.id()?)),
            der::generalized_time(recipe.produced_at),
            der::sequence(&[der::sequence(&single)]),
        ];
        data.extend(recipe.extension.map(extensions).transpose()?);
        let data = der::sequence(&data);
        let algorithm = recipe.signature.algorithm(signer)?;
        let mut basic = mint::signed_parts(&data, &algorithm, recipe.signature, signer)?;
        if let Some(responder) = &recipe.responder {
            basic.push(der::context(0, &der::sequence(&[&responder.der])));
        }
        let response = der::sequence(&[
            der::object_identifier("1.3.6.1.5.5.7.48.1.1")?,
            der::octet_string(&der::sequence(&basic)),
        ]);
        // successful (0), then the response itself.
        Ok(der::sequence(&[der::tlv(der::ENUMERATED, &[0]), der::context(0, &response)]))
    }
}

/// One extension, with nothing in it.
fn extensions((oid, critical): (&str, bool)) -> Result<Vec<u8>, MintError> {
    let critical = if critical { der::boolean(true) } else { Vec::new() };
    let one = der::sequence(&[der::object_identifier(oid)?, critical, der::octet_string(&der::null())]);
    Ok(der::context(1, &der::sequence(&[one])))
}
