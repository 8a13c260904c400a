//! OCSP responses (RFC 6960) made to a recipe: what a responder answers, and what a server staples.

use time::{Duration, OffsetDateTime};

use super::{LAB_EPOCH, MintError, Minted, Signature, der, mint, name};

/// What a responder says of one certificate. [`Minted::ocsp`] makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct OcspRecipe {
    pub status: OcspStatus,
    pub produced_at: OffsetDateTime,
    pub this_update: OffsetDateTime,
    pub next_update: Option<OffsetDateTime>,
    pub signature: Signature,
    /// The certificate of a delegated responder, whose key then signs; `None`: the issuer signs.
    pub responder: Option<Box<Minted>>,
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
            responder: None,
        }
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
        let sha1 = der::sequence(&[der::object_identifier("1.3.14.3.2.26")?, der::null()]);
        let issuer_name = openssl::sha::sha1(&name::encode(&self.recipe.subject)?);
        let certificate_id = der::sequence(&[
            sha1,
            der::octet_string(&issuer_name),
            der::octet_string(self.key.id()?),
            der::integer(&certificate.serial),
        ]);
        let status = match recipe.status {
            OcspStatus::Good => der::context_primitive(0, &[]),
            OcspStatus::Revoked(at) => der::context(1, &der::generalized_time(at)),
            OcspStatus::Unknown => der::context_primitive(2, &[]),
        };
        let mut single = vec![certificate_id, status, der::generalized_time(recipe.this_update)];
        single.extend(recipe.next_update.map(|at| der::context(0, &der::generalized_time(at))));
        let data = der::sequence(&[
            der::context(2, &der::octet_string(signer.id()?)),
            der::generalized_time(recipe.produced_at),
            der::sequence(&[der::sequence(&single)]),
        ]);
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
