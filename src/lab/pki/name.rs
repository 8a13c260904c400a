//! Distinguished names, with the string type of every value chosen by the recipe: consumers differ in which they read.

use super::{MintError, der};

/// A distinguished name, from the outermost part to the innermost, as it is encoded: `DC=com` before `CN=mp01`.
pub type Name = Vec<(Attribute, Text)>;

/// What a part of a distinguished name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    CommonName,
    Organization,
    OrganizationalUnit,
    Country,
    State,
    Locality,
    DomainComponent,
    EmailAddress,
    SerialNumber,
    /// Any other, by its dotted object identifier.
    Other(String),
}

impl Attribute {
    fn object_identifier(&self) -> &str {
        match self {
            Self::CommonName => "2.5.4.3",
            Self::Organization => "2.5.4.10",
            Self::OrganizationalUnit => "2.5.4.11",
            Self::Country => "2.5.4.6",
            Self::State => "2.5.4.8",
            Self::Locality => "2.5.4.7",
            Self::DomainComponent => "0.9.2342.19200300.100.1.25",
            Self::EmailAddress => "1.2.840.113549.1.9.1",
            Self::SerialNumber => "2.5.4.5",
            Self::Other(dotted) => dotted,
        }
    }
}

/// A value of a distinguished name, and how it is encoded. Nothing is checked: a PrintableString may hold what it must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    Utf8(String),
    Printable(String),
    Ia5(String),
    /// T61String, written as Windows reads it: Latin-1, with `?` for what that lacks.
    Teletex(String),
    /// UTF-16, big-endian.
    Bmp(String),
    /// UTF-32, big-endian.
    Universal(String),
    /// Any tag over any bytes.
    Raw {
        tag: u8,
        bytes: Vec<u8>,
    },
}

/// The choice a CA makes: PrintableString where its character set suffices, UTF8String otherwise.
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let printable = |byte: u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte);
        if text.bytes().all(printable) { Self::Printable(text.to_owned()) } else { Self::Utf8(text.to_owned()) }
    }
}

impl Text {
    fn encoded(&self) -> Vec<u8> {
        match self {
            Self::Utf8(text) => der::tlv(der::UTF8_STRING, text.as_bytes()),
            Self::Printable(text) => der::tlv(der::PRINTABLE_STRING, text.as_bytes()),
            Self::Ia5(text) => der::tlv(der::IA5_STRING, text.as_bytes()),
            Self::Teletex(text) => {
                let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect();
                der::tlv(der::TELETEX_STRING, &latin)
            }
            Self::Bmp(text) => der::tlv(der::BMP_STRING, &der::utf16(text)),
            Self::Universal(text) => {
                let wide: Vec<u8> = text.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect();
                der::tlv(der::UNIVERSAL_STRING, &wide)
            }
            Self::Raw { tag, bytes } => der::tlv(*tag, bytes),
        }
    }
}

/// The name, DER: each part a relative distinguished name of its own.
pub(super) fn encode(name: &[(Attribute, Text)]) -> Result<Vec<u8>, MintError> {
    let parts = name
        .iter()
        .map(|(attribute, text)| {
            let kind = der::object_identifier(attribute.object_identifier())?;
            let pair = der::sequence(&[kind, text.encoded()]);
            Ok(der::set_of(vec![pair]))
        })
        .collect::<Result<Vec<_>, MintError>>()?;
    Ok(der::sequence(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use x509_parser::prelude::{FromDer, X509Name};

    #[test]
    fn each_string_type_is_written_as_asked() {
        let subject = [
            (Attribute::Organization, Text::Teletex("Müller".to_owned())),
            (Attribute::CommonName, Text::Bmp("Ä".to_owned())),
            (Attribute::CommonName, Text::from("mp01.contoso.com")),
            (Attribute::CommonName, Text::from("a&b")),
        ];
        let encoded = encode(&subject).unwrap();
        let (rest, name) = X509Name::from_der(&encoded).unwrap();
        assert!(rest.is_empty());
        let values: Vec<(u32, &[u8])> =
            name.iter_attributes().map(|part| (part.attr_value().tag().0, part.as_slice())).collect();
        assert_eq!(values, [(20, &b"M\xfcller"[..]), (30, b"\x00\xc4"), (19, b"mp01.contoso.com"), (12, b"a&b"),]);
    }

    #[test]
    fn an_attribute_without_a_proper_identifier_is_an_error() {
        let subject = [(Attribute::Other("1.x".to_owned()), Text::from("a"))];
        assert!(matches!(encode(&subject), Err(MintError::ObjectIdentifier(which)) if which == "1.x"));
    }
}
