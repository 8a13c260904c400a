//! Certificate revocation lists made to a recipe: complete, delta, partitioned, indirect, or spoiled in one chosen way.

use time::{Duration, OffsetDateTime};

use super::recipe::{DistributionPoint, KeyId, RawExtension};
use super::{LAB_EPOCH, MintError, Minted, Name, Signature, der, extension, mint, name, oid};

/// What a CRL is to say. [`Minted::crl`] makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct CrlRecipe {
    /// Claimed issuer; `None`: the one that signs.
    pub issuer: Option<Name>,
    pub signature: Signature,
    pub this_update: OffsetDateTime,
    /// `None`: the field is left out, which RFC 5280 forbids and parsers meet.
    pub next_update: Option<OffsetDateTime>,
    /// When AD CS will publish the next one, some time before `next_update`.
    pub next_publish: Option<OffsetDateTime>,
    pub revoked: Vec<Revoked>,
    pub number: Option<u64>,
    /// Makes it a delta CRL over the complete CRL with this number.
    pub delta_base: Option<u64>,
    pub issuing_distribution_point: Option<IssuingDistributionPoint>,
    /// Where the delta CRL to this one is.
    pub freshest_crl: Vec<DistributionPoint>,
    /// Microsoft's CA Version.
    pub ca_version: Option<u32>,
    pub authority_key_id: KeyId,
    /// 1 or 2. A version 1 CRL has no extensions, whatever else is said here.
    pub version: u8,
    /// Further extensions, written last and as they are.
    pub extensions: Vec<RawExtension>,
}

/// One revoked certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Revoked {
    /// The content octets of its serial number.
    pub serial: Vec<u8>,
    pub at: OffsetDateTime,
    pub reason: Option<Reason>,
    /// Who issued it, where an indirect CRL lists another CA's certificate.
    pub certificate_issuer: Option<Name>,
}

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Unspecified = 0,
    KeyCompromise = 1,
    CaCompromise = 2,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
    CertificateHold = 6,
    /// Only in delta CRLs: no longer revoked.
    RemoveFromCrl = 8,
    PrivilegeWithdrawn = 9,
    AaCompromise = 10,
}

/// What part of a CA's certificates a CRL covers; critical.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssuingDistributionPoint {
    pub urls: Vec<String>,
    pub only_user_certificates: bool,
    pub only_ca_certificates: bool,
    /// Only these reasons; empty: all.
    pub only_reasons: Vec<Reason>,
    /// It lists certificates of other CAs too.
    pub indirect: bool,
}

impl Default for CrlRecipe {
    fn default() -> Self {
        Self::at(LAB_EPOCH)
    }
}

impl CrlRecipe {
    /// A complete, empty CRL published the day before `now` and current for a week, as AD CS does by default.
    pub fn at(now: OffsetDateTime) -> Self {
        let this_update = now - Duration::days(1);
        Self {
            issuer: None,
            signature: Signature::Sha256,
            this_update,
            next_update: Some(this_update + Duration::days(7) + Duration::hours(12)),
            next_publish: Some(this_update + Duration::days(7)),
            revoked: Vec::new(),
            number: Some(1),
            delta_base: None,
            issuing_distribution_point: None,
            freshest_crl: Vec::new(),
            ca_version: Some(0),
            authority_key_id: KeyId::Derived,
            version: 2,
            extensions: Vec::new(),
        }
    }

    /// Current from `this_update` to `next_update`.
    pub fn current(mut self, this_update: OffsetDateTime, next_update: OffsetDateTime) -> Self {
        self.this_update = this_update;
        self.next_update = Some(next_update);
        self.next_publish = None;
        self
    }

    /// No nextUpdate.
    pub fn no_next_update(mut self) -> Self {
        self.next_update = None;
        self.next_publish = None;
        self
    }

    /// Lists this certificate as revoked at `this_update`, for no stated reason.
    pub fn revoke(self, certificate: &Minted) -> Self {
        let entry = Revoked {
            serial: certificate.serial.clone(),
            at: self.this_update,
            reason: None,
            certificate_issuer: None,
        };
        self.entry(entry)
    }

    /// As [`revoke`](Self::revoke), with a reason.
    pub fn revoke_for(self, certificate: &Minted, reason: Reason) -> Self {
        let entry = Revoked {
            serial: certificate.serial.clone(),
            at: self.this_update,
            reason: Some(reason),
            certificate_issuer: None,
        };
        self.entry(entry)
    }

    /// Adds an entry.
    pub fn entry(mut self, entry: Revoked) -> Self {
        self.revoked.push(entry);
        self
    }

    pub fn number(mut self, number: u64) -> Self {
        self.number = Some(number);
        self
    }

    /// Makes it a delta CRL over the complete CRL with this number.
    pub fn delta_over(mut self, base: u64) -> Self {
        self.delta_base = Some(base);
        self
    }

    pub fn issuing_distribution_point(mut self, point: IssuingDistributionPoint) -> Self {
        self.issuing_distribution_point = Some(point);
        self
    }

    pub fn signed_with(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }

    /// Claims another issuer than the one that signs.
    pub fn issued_by(mut self, name: Name) -> Self {
        self.issuer = Some(name);
        self
    }

    /// Adds an extension as it is.
    pub fn extension(mut self, object_identifier: &str, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(RawExtension {
            object_identifier: object_identifier.to_owned(),
            critical,
            value: value.to_vec(),
        });
        self
    }
}

impl Minted {
    /// A CRL of this CA, DER, signed with its key.
    pub fn crl(&self, recipe: &CrlRecipe) -> Result<Vec<u8>, MintError> {
        let algorithm = recipe.signature.algorithm(self.key)?;
        let issuer = recipe.issuer.as_ref().unwrap_or(&self.recipe.subject);
        let mut tbs = Vec::new();
        if recipe.version >= 2 {
            tbs.push(der::unsigned(u64::from(recipe.version - 1)));
        }
        tbs.extend([algorithm.clone(), name::encode(issuer)?, der::date(recipe.this_update)]);
        tbs.extend(recipe.next_update.map(der::date));
        // An empty list must be absent (RFC 5280, 5.1.2.6).
        if !recipe.revoked.is_empty() {
            let entries =
                recipe.revoked.iter().map(|revoked| entry(revoked, recipe.version)).collect::<Result<Vec<_>, _>>()?;
            tbs.push(der::sequence(&entries));
        }
        if recipe.version >= 2 {
            let extensions = extensions(recipe, self.key.id()?)?;
            if !extensions.is_empty() {
                tbs.push(der::context(0, &der::sequence(&extensions)));
            }
        }
        mint::signed(&der::sequence(&tbs), &algorithm, recipe.signature, self.key)
    }
}

fn entry(revoked: &Revoked, version: u8) -> Result<Vec<u8>, MintError> {
    let mut parts = vec![der::integer(&revoked.serial), der::date(revoked.at)];
    let mut extensions = Vec::new();
    if let Some(reason) = revoked.reason {
        let value = der::tlv(der::ENUMERATED, &[reason as u8]);
        extensions.push(extension::extension(oid::REASON_CODE, false, &value)?);
    }
    if let Some(issuer) = &revoked.certificate_issuer {
        let value = der::sequence(&[der::context(4, &name::encode(issuer)?)]);
        extensions.push(extension::extension(oid::CERTIFICATE_ISSUER, true, &value)?);
    }
    if version >= 2 && !extensions.is_empty() {
        parts.push(der::sequence(&extensions));
    }
    Ok(der::sequence(&parts))
}

fn extensions(recipe: &CrlRecipe, issuer_key: &[u8]) -> Result<Vec<Vec<u8>>, MintError> {
    let mut all = Vec::new();
    let mut add = |dotted: &str, critical: bool, value: Vec<u8>| {
        extension::extension(dotted, critical, &value).map(|extension| all.push(extension))
    };
    if let Some(id) = extension::chosen(&recipe.authority_key_id, issuer_key) {
        let value = extension::authority_key_id(id);
        add(oid::AUTHORITY_KEY_IDENTIFIER, false, value)?;
    }
    if let Some(version) = recipe.ca_version {
        add(oid::CA_VERSION, false, der::unsigned(u64::from(version)))?;
    }
    if let Some(number) = recipe.number {
        add(oid::CRL_NUMBER, false, der::unsigned(number))?;
    }
    if let Some(base) = recipe.delta_base {
        add(oid::DELTA_CRL_INDICATOR, true, der::unsigned(base))?;
    }
    if let Some(at) = recipe.next_publish {
        add(oid::NEXT_CRL_PUBLISH, false, der::date(at))?;
    }
    if !recipe.freshest_crl.is_empty() {
        let points = extension::distribution_points(&recipe.freshest_crl)?;
        add(oid::FRESHEST_CRL, false, points)?;
    }
    if let Some(point) = &recipe.issuing_distribution_point {
        let value = issuing_distribution_point(point);
        add(oid::ISSUING_DISTRIBUTION_POINT, true, value)?;
    }
    all.extend(extension::raw(&recipe.extensions)?);
    Ok(all)
}

fn issuing_distribution_point(point: &IssuingDistributionPoint) -> Vec<u8> {
    let mut parts = Vec::new();
    if !point.urls.is_empty() {
        parts.push(der::context(0, &extension::full_name(&point.urls)));
    }
    let mut flag = |number: u8, set: bool| {
        if set {
            parts.push(der::context_primitive(number, &[0xff]));
        }
    };
    flag(1, point.only_user_certificates);
    flag(2, point.only_ca_certificates);
    if !point.only_reasons.is_empty() {
        let bits = point.only_reasons.iter().fold(0, |bits, reason| bits | reason_flag(*reason));
        parts.push(der::context_primitive(3, &der::named_bits(bits)));
    }
    if point.indirect {
        parts.push(der::context_primitive(4, &[0xff]));
    }
    der::sequence(&parts)
}

/// The bit of ReasonFlags (RFC 5280, 4.2.1.13), whose numbers are not those of the reasons.
fn reason_flag(reason: Reason) -> u16 {
    match reason {
        // Bit 0 is unused, and stands for what no other bit names.
        Reason::Unspecified | Reason::RemoveFromCrl => 1,
        Reason::KeyCompromise => 1 << 1,
        Reason::CaCompromise => 1 << 2,
        Reason::AffiliationChanged => 1 << 3,
        Reason::Superseded => 1 << 4,
        Reason::CessationOfOperation => 1 << 5,
        Reason::CertificateHold => 1 << 6,
        Reason::PrivilegeWithdrawn => 1 << 7,
        Reason::AaCompromise => 1 << 8,
    }
}
