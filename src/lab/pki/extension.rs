//! The values of certificate extensions, and the order AD CS writes them in.

use std::net::IpAddr;

use super::recipe::{
    Access, BasicConstraints, DistributionPoint, KeyId, NameConstraints, RawExtension, Recipe, San, Subtree, Template,
};
use super::{MintError, der, name, oid};

/// All extensions `recipe` asks for, each an Extension, DER. `issuer_key` identifies the key that signs.
pub(super) fn extensions(recipe: &Recipe, issuer_key: &[u8]) -> Result<Vec<Vec<u8>>, MintError> {
    let mut all = Vec::new();
    let mut add = |dotted: &str, critical: bool, value: Vec<u8>| {
        extension(dotted, critical, &value).map(|extension| all.push(extension))
    };
    match &recipe.template {
        Some(Template::Named(name)) => {
            add(oid::CERTIFICATE_TEMPLATE_NAME, false, der::tlv(der::BMP_STRING, &der::utf16(name)))?
        }
        Some(Template::Versioned { object_identifier, major, minor }) => {
            let mut parts = vec![der::object_identifier(object_identifier)?, der::unsigned(u64::from(*major))];
            parts.extend(minor.map(|minor| der::unsigned(u64::from(minor))));
            add(oid::CERTIFICATE_TEMPLATE, false, der::sequence(&parts))?;
        }
        None => {}
    }
    if let Some(purposes) = &recipe.eku {
        let list = purposes.iter().map(|purpose| der::object_identifier(purpose)).collect::<Result<Vec<_>, _>>()?;
        add(oid::EXTENDED_KEY_USAGE, recipe.eku_critical, der::sequence(&list))?;
    }
    if let Some(usage) = recipe.key_usage {
        let bits = der::tlv(der::BIT_STRING, &der::named_bits(usage.0));
        add(oid::KEY_USAGE, recipe.key_usage_critical, bits)?;
    }
    if let Some(policies) = &recipe.application_policies {
        add(oid::APPLICATION_POLICIES, false, policy_list(policies)?)?;
    }
    if let Some(version) = recipe.ca_version {
        add(oid::CA_VERSION, false, der::unsigned(u64::from(version)))?;
    }
    if let Some(id) = chosen(&recipe.subject_key_id, recipe.key.id()?) {
        add(oid::SUBJECT_KEY_IDENTIFIER, false, der::octet_string(id))?;
    }
    if let Some(constraints) = recipe.basic_constraints {
        add(oid::BASIC_CONSTRAINTS, true, basic_constraints(constraints))?;
    }
    if !recipe.sans.is_empty() {
        let names = recipe.sans.iter().map(general_name).collect::<Result<Vec<_>, _>>()?;
        add(oid::SUBJECT_ALTERNATIVE_NAME, recipe.san_critical, der::sequence(&names))?;
    }
    if let Some(id) = chosen(&recipe.authority_key_id, issuer_key) {
        add(oid::AUTHORITY_KEY_IDENTIFIER, false, authority_key_id(id))?;
    }
    if !recipe.crl_distribution_points.is_empty() {
        let points = distribution_points(&recipe.crl_distribution_points)?;
        add(oid::CRL_DISTRIBUTION_POINTS, false, points)?;
    }
    if !recipe.freshest_crl.is_empty() {
        add(oid::FRESHEST_CRL, false, distribution_points(&recipe.freshest_crl)?)?;
    }
    if !recipe.authority_information.is_empty() {
        let places = recipe.authority_information.iter().map(access).collect::<Result<Vec<_>, _>>()?;
        add(oid::AUTHORITY_INFORMATION, false, der::sequence(&places))?;
    }
    if let Some(constraints) = &recipe.name_constraints {
        add(oid::NAME_CONSTRAINTS, true, name_constraints(constraints)?)?;
    }
    if !recipe.certificate_policies.is_empty() {
        let policies = policy_list(&recipe.certificate_policies)?;
        add(oid::CERTIFICATE_POLICIES, false, policies)?;
    }
    if !recipe.policy_mappings.is_empty() {
        let pairs = recipe.policy_mappings.iter().map(|(issuers, subjects)| {
            Ok(der::sequence(&[der::object_identifier(issuers)?, der::object_identifier(subjects)?]))
        });
        let pairs = pairs.collect::<Result<Vec<_>, MintError>>()?;
        add(oid::POLICY_MAPPINGS, true, der::sequence(&pairs))?;
    }
    if let Some(after) = recipe.require_explicit_policy {
        let number = der::context_primitive(0, der::unsigned(u64::from(after)).get(2..).unwrap_or_default());
        add(oid::POLICY_CONSTRAINTS, true, der::sequence(&[number]))?;
    }
    if let Some(after) = recipe.inhibit_any_policy {
        add(oid::INHIBIT_ANY_POLICY, true, der::unsigned(u64::from(after)))?;
    }
    all.extend(raw(&recipe.extensions)?);
    Ok(all)
}

/// One Extension, DER.
pub(super) fn extension(dotted: &str, critical: bool, value: &[u8]) -> Result<Vec<u8>, MintError> {
    let mut parts = vec![der::object_identifier(dotted)?];
    if critical {
        parts.push(der::boolean(true));
    }
    parts.push(der::octet_string(value));
    Ok(der::sequence(&parts))
}

pub(super) fn raw(extensions: &[RawExtension]) -> Result<Vec<Vec<u8>>, MintError> {
    extensions.iter().map(|raw| extension(&raw.object_identifier, raw.critical, &raw.value)).collect()
}

/// The octets a key identifier extension is to hold, if there is to be one.
pub(super) fn chosen<'a>(id: &'a KeyId, derived: &'a [u8]) -> Option<&'a [u8]> {
    match id {
        KeyId::Derived => Some(derived),
        KeyId::Absent => None,
        KeyId::Value(octets) => Some(octets),
    }
}

pub(super) fn authority_key_id(id: &[u8]) -> Vec<u8> {
    der::sequence(&[der::context_primitive(0, id)])
}

pub(super) fn distribution_points(points: &[DistributionPoint]) -> Result<Vec<u8>, MintError> {
    let encoded = points
        .iter()
        .map(|point| {
            let mut parts = Vec::new();
            if !point.urls.is_empty() {
                parts.push(der::context(0, &full_name(&point.urls)));
            }
            if let Some(issuer) = &point.crl_issuer {
                parts.push(der::context(2, &der::context(4, &name::encode(issuer)?)));
            }
            Ok(der::sequence(&parts))
        })
        .collect::<Result<Vec<_>, MintError>>()?;
    Ok(der::sequence(&encoded))
}

/// A DistributionPointName made of URLs.
pub(super) fn full_name(urls: &[String]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = urls.iter().map(|url| uri(url)).collect();
    der::context(0, &names.concat())
}

fn uri(url: &str) -> Vec<u8> {
    der::context_primitive(6, url.as_bytes())
}

fn basic_constraints(constraints: BasicConstraints) -> Vec<u8> {
    let mut parts = Vec::new();
    if constraints.ca {
        parts.push(der::boolean(true));
    }
    let length = constraints.path_length;
    parts.extend(length.map(|length| der::unsigned(u64::from(length))));
    der::sequence(&parts)
}

fn general_name(san: &San) -> Result<Vec<u8>, MintError> {
    Ok(match san {
        San::Dns(name) => der::context_primitive(2, name.as_bytes()),
        San::Ip(address) => der::context_primitive(7, &octets(*address)),
        San::Upn(name) => {
            let value = der::context(0, &der::tlv(der::UTF8_STRING, name.as_bytes()));
            let kind = der::object_identifier(oid::USER_PRINCIPAL_NAME)?;
            der::context(0, &[kind, value].concat())
        }
        San::Email(address) => der::context_primitive(1, address.as_bytes()),
        San::Uri(url) => uri(url),
        San::Directory(name) => der::context(4, &name::encode(name)?),
        San::Raw(bytes) => bytes.clone(),
    })
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// CertificatePolicies, and Microsoft's Application Policies, which share its shape.
fn policy_list(policies: &[String]) -> Result<Vec<u8>, MintError> {
    let list = policies
        .iter()
        .map(|policy| Ok(der::sequence(&[der::object_identifier(policy)?])))
        .collect::<Result<Vec<_>, MintError>>()?;
    Ok(der::sequence(&list))
}

fn access(access: &Access) -> Result<Vec<u8>, MintError> {
    let (method, url) = match access {
        Access::Ocsp(url) => (oid::OCSP, url),
        Access::CaIssuers(url) => (oid::CA_ISSUERS, url),
    };
    Ok(der::sequence(&[der::object_identifier(method)?, uri(url)]))
}

fn name_constraints(constraints: &NameConstraints) -> Result<Vec<u8>, MintError> {
    let mut parts = Vec::new();
    for (number, subtrees) in [(0, &constraints.permitted), (1, &constraints.excluded)] {
        if !subtrees.is_empty() {
            let encoded = subtrees
                .iter()
                .map(|tree| Ok(der::sequence(&[subtree(tree)?])))
                .collect::<Result<Vec<_>, MintError>>()?;
            parts.push(der::context(number, &encoded.concat()));
        }
    }
    Ok(der::sequence(&parts))
}

fn subtree(tree: &Subtree) -> Result<Vec<u8>, MintError> {
    Ok(match tree {
        Subtree::Dns(domain) => der::context_primitive(2, domain.as_bytes()),
        Subtree::Ip(address, prefix) => {
            let network = octets(*address);
            let mask: Vec<u8> = (0..network.len())
                .map(|place| {
                    let bits = usize::from(*prefix).saturating_sub(8 * place).min(8);
                    (0xff00u16 >> bits) as u8
                })
                .collect();
            der::context_primitive(7, &[network, mask].concat())
        }
        Subtree::Directory(name) => der::context(4, &name::encode(name)?),
        Subtree::Email(base) => der::context_primitive(1, base.as_bytes()),
        Subtree::Uri(base) => uri(base),
    })
}
