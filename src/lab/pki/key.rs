//! The lab's keys: fixed and public, so that what is minted with them is the same bytes on every machine.

use std::sync::OnceLock;

use openssl::pkey::{PKey, Private};
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::MintError;

/// One of the lab's keys, by name. All are throw-away keys that protect nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyName {
    /// RSA, 2048 bits: what nearly every certificate of a site has. `Rsa2048A` signs for the issuing CA.
    Rsa2048A,
    /// The leaves' default.
    Rsa2048B,
    /// Client computers' default.
    Rsa2048C,
    /// The site server signing certificate's default.
    Rsa2048D,
    /// The stranger's root.
    Rsa2048E,
    /// The stranger's issuing CA.
    Rsa2048F,
    /// Free for whoever needs one more.
    Rsa2048G,
    /// Free for whoever needs one more.
    Rsa2048H,
    /// Broken by anybody in a day; what export-era servers still present.
    Rsa512,
    /// Too short by today's rules.
    Rsa1024,
    /// Longer than a native-mode client may have.
    Rsa3072,
    /// The offline root's.
    Rsa4096,
    /// The longest the native-mode documents allow for site server signing, to the bit.
    Rsa8096,
    /// Longer than they allow.
    Rsa8192,
    /// RSA, 2048 bits, bound to RSASSA-PSS by its own algorithm identifier.
    RsaPss2048,
    /// Elliptic curve NIST P-256.
    P256A,
    /// A second one on P-256.
    P256B,
    /// Elliptic curve NIST P-384.
    P384,
    /// Elliptic curve NIST P-521.
    P521,
    /// Edwards curve 25519.
    Ed25519,
    /// DSA, 1024 bits.
    Dsa1024,
}

/// What a key can do: it decides which signature algorithms go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rsa,
    RsaPss,
    Ec,
    Ed25519,
    Dsa,
}

struct Loaded {
    private: PKey<Private>,
    /// SubjectPublicKeyInfo, DER.
    public: Vec<u8>,
    /// The public key's bits.
    bits: Vec<u8>,
    /// SHA-1 of them: RFC 5280 (4.2.1.2) method 1, which AD CS uses too.
    id: Vec<u8>,
}

impl KeyName {
    /// Every key of the lab.
    pub const ALL: [Self; 21] = [
        Self::Rsa2048A,
        Self::Rsa2048B,
        Self::Rsa2048C,
        Self::Rsa2048D,
        Self::Rsa2048E,
        Self::Rsa2048F,
        Self::Rsa2048G,
        Self::Rsa2048H,
        Self::Rsa512,
        Self::Rsa1024,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::Rsa8096,
        Self::Rsa8192,
        Self::RsaPss2048,
        Self::P256A,
        Self::P256B,
        Self::P384,
        Self::P521,
        Self::Ed25519,
        Self::Dsa1024,
    ];

    /// The private key as it is kept in the sources: PKCS #8 in PEM, with a line of warning above it.
    pub fn pem(self) -> &'static str {
        match self {
            Self::Rsa2048A => include_str!("keys/rsa2048-a.pem"),
            Self::Rsa2048B => include_str!("keys/rsa2048-b.pem"),
            Self::Rsa2048C => include_str!("keys/rsa2048-c.pem"),
            Self::Rsa2048D => include_str!("keys/rsa2048-d.pem"),
            Self::Rsa2048E => include_str!("keys/rsa2048-e.pem"),
            Self::Rsa2048F => include_str!("keys/rsa2048-f.pem"),
            Self::Rsa2048G => include_str!("keys/rsa2048-g.pem"),
            Self::Rsa2048H => include_str!("keys/rsa2048-h.pem"),
            Self::Rsa512 => include_str!("keys/rsa512.pem"),
            Self::Rsa1024 => include_str!("keys/rsa1024.pem"),
            Self::Rsa3072 => include_str!("keys/rsa3072.pem"),
            Self::Rsa4096 => include_str!("keys/rsa4096.pem"),
            Self::Rsa8096 => include_str!("keys/rsa8096.pem"),
            Self::Rsa8192 => include_str!("keys/rsa8192.pem"),
            Self::RsaPss2048 => include_str!("keys/rsapss2048.pem"),
            Self::P256A => include_str!("keys/p256-a.pem"),
            Self::P256B => include_str!("keys/p256-b.pem"),
            Self::P384 => include_str!("keys/p384.pem"),
            Self::P521 => include_str!("keys/p521.pem"),
            Self::Ed25519 => include_str!("keys/ed25519.pem"),
            Self::Dsa1024 => include_str!("keys/dsa1024.pem"),
        }
    }

    /// The private key, PKCS #8 in DER.
    pub fn pkcs8(self) -> Result<Vec<u8>, MintError> {
        Ok(self.private()?.private_key_to_pkcs8()?)
    }

    /// The private key, for a TLS server or a signature.
    pub fn private(self) -> Result<PKey<Private>, MintError> {
        Ok(self.loaded()?.private.clone())
    }

    /// The public key as certificates carry it: SubjectPublicKeyInfo, DER.
    pub fn public(self) -> Result<&'static [u8], MintError> {
        Ok(&self.loaded()?.public)
    }

    /// The key identifier a CA derives from this key: SHA-1 of its bits.
    pub fn id(self) -> Result<&'static [u8], MintError> {
        Ok(&self.loaded()?.id)
    }

    /// The public key's bits, without its algorithm.
    pub(super) fn bits(self) -> Result<&'static [u8], MintError> {
        Ok(&self.loaded()?.bits)
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::RsaPss2048 => Kind::RsaPss,
            Self::P256A | Self::P256B | Self::P384 | Self::P521 => Kind::Ec,
            Self::Ed25519 => Kind::Ed25519,
            Self::Dsa1024 => Kind::Dsa,
            Self::Rsa2048A
            | Self::Rsa2048B
            | Self::Rsa2048C
            | Self::Rsa2048D
            | Self::Rsa2048E
            | Self::Rsa2048F
            | Self::Rsa2048G
            | Self::Rsa2048H
            | Self::Rsa512
            | Self::Rsa1024
            | Self::Rsa3072
            | Self::Rsa4096
            | Self::Rsa8096
            | Self::Rsa8192 => Kind::Rsa,
        }
    }

    /// Reading a key costs more than signing with it, so each is read once.
    fn loaded(self) -> Result<&'static Loaded, MintError> {
        static LOADED: [OnceLock<Loaded>; KeyName::ALL.len()] = [const { OnceLock::new() }; KeyName::ALL.len()];
        let slot = LOADED.get(self as usize).ok_or(MintError::KeyUnreadable(self))?;
        if let Some(loaded) = slot.get() {
            return Ok(loaded);
        }
        let private = PKey::private_key_from_pem(self.pem().as_bytes())?;
        let public = private.public_key_to_der()?;
        let (_, info) = SubjectPublicKeyInfo::from_der(&public).map_err(|_| MintError::KeyUnreadable(self))?;
        let bits = info.subject_public_key.data.to_vec();
        let id = openssl::sha::sha1(&bits).to_vec();
        Ok(slot.get_or_init(|| Loaded { private, public, bits, id }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_loads_and_warns_that_it_protects_nothing() {
        let mut ids = std::collections::BTreeSet::new();
        for (place, key) in KeyName::ALL.into_iter().enumerate() {
            assert_eq!(key as usize, place, "ALL follows the enum's order");
            assert!(key.pem().contains("throw-away"), "{key:?}");
            ids.insert(key.id().unwrap());
        }
        assert_eq!(ids.len(), KeyName::ALL.len(), "all keys differ");
    }

    #[test]
    fn keys_have_the_length_their_name_says() {
        for (key, bits) in [
            (KeyName::Rsa512, 512),
            (KeyName::Rsa1024, 1024),
            (KeyName::Rsa2048A, 2048),
            (KeyName::Rsa3072, 3072),
            (KeyName::Rsa4096, 4096),
            (KeyName::Rsa8096, 8096),
            (KeyName::Rsa8192, 8192),
            (KeyName::P384, 384),
            (KeyName::Dsa1024, 1024),
        ] {
            assert_eq!(key.private().unwrap().bits(), bits, "{key:?}");
        }
    }
}
