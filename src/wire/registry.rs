//! Names for the numbers on the wire, as IANA's TLS registries have them; unknown numbers keep their number.

use std::fmt;

use crate::wire::alert::Alert;
use crate::wire::suite::{CipherSuite, NamedGroup};

/// How a suite agrees on keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyExchange {
    /// The client encrypts a secret with the leaf's RSA key: no forward secrecy.
    Rsa,
    /// Ephemeral Diffie-Hellman over a prime field.
    Dhe,
    /// Ephemeral Diffie-Hellman over an elliptic curve.
    Ecdhe,
    /// TLS 1.3: always ephemeral.
    Tls13,
    /// Something else, or a number not in the table.
    Other,
}

impl CipherSuite {
    /// IANA's name without the leading `TLS_`; `None`: not in the table.
    pub fn registered_name(self) -> Option<&'static str> {
        SUITES.binary_search_by_key(&self.0, |(number, _)| *number).ok().map(|at| SUITES[at].1)
    }

    /// How it agrees on keys.
    pub fn key_exchange(self) -> KeyExchange {
        match self.registered_name() {
            Some(name) if name.starts_with("ECDHE_") => KeyExchange::Ecdhe,
            Some(name) if name.starts_with("DHE_") => KeyExchange::Dhe,
            Some(name) if name.starts_with("RSA_") => KeyExchange::Rsa,
            Some(_) if self.0 >> 8 == 0x13 => KeyExchange::Tls13,
            Some(_) | None => KeyExchange::Other,
        }
    }
}

impl fmt::Display for CipherSuite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.registered_name() {
            Some(name) => write!(f, "TLS_{name}"),
            None => write!(f, "0x{:04x}", self.0),
        }
    }
}

/// Sorted by number.
const SUITES: &[(u16, &str)] = &[
    (0x0001, "RSA_WITH_NULL_MD5"),
    (0x0002, "RSA_WITH_NULL_SHA"),
    (0x0003, "RSA_EXPORT_WITH_RC4_40_MD5"),
    (0x0004, "RSA_WITH_RC4_128_MD5"),
    (0x0005, "RSA_WITH_RC4_128_SHA"),
    (0x0006, "RSA_EXPORT_WITH_RC2_CBC_40_MD5"),
    (0x0007, "RSA_WITH_IDEA_CBC_SHA"),
    (0x0008, "RSA_EXPORT_WITH_DES40_CBC_SHA"),
    (0x0009, "RSA_WITH_DES_CBC_SHA"),
    (0x000a, "RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x0011, "DHE_DSS_EXPORT_WITH_DES40_CBC_SHA"),
    (0x0012, "DHE_DSS_WITH_DES_CBC_SHA"),
    (0x0013, "DHE_DSS_WITH_3DES_EDE_CBC_SHA"),
    (0x0014, "DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"),
    (0x0015, "DHE_RSA_WITH_DES_CBC_SHA"),
    (0x0016, "DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0x0018, "DH_anon_WITH_RC4_128_MD5"),
    (0x002f, "RSA_WITH_AES_128_CBC_SHA"),
    (0x0032, "DHE_DSS_WITH_AES_128_CBC_SHA"),
    (0x0033, "DHE_RSA_WITH_AES_128_CBC_SHA"),
    (0x0035, "RSA_WITH_AES_256_CBC_SHA"),
    (0x0038, "DHE_DSS_WITH_AES_256_CBC_SHA"),
    (0x0039, "DHE_RSA_WITH_AES_256_CBC_SHA"),
    (0x003c, "RSA_WITH_AES_128_CBC_SHA256"),
    (0x003d, "RSA_WITH_AES_256_CBC_SHA256"),
    (0x0040, "DHE_DSS_WITH_AES_128_CBC_SHA256"),
    (0x0041, "RSA_WITH_CAMELLIA_128_CBC_SHA"),
    (0x0045, "DHE_RSA_WITH_CAMELLIA_128_CBC_SHA"),
    (0x0062, "RSA_EXPORT1024_WITH_DES_CBC_SHA"),
    (0x0064, "RSA_EXPORT1024_WITH_RC4_56_SHA"),
    (0x0067, "DHE_RSA_WITH_AES_128_CBC_SHA256"),
    (0x006a, "DHE_DSS_WITH_AES_256_CBC_SHA256"),
    (0x006b, "DHE_RSA_WITH_AES_256_CBC_SHA256"),
    (0x0084, "RSA_WITH_CAMELLIA_256_CBC_SHA"),
    (0x0088, "DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"),
    (0x0096, "RSA_WITH_SEED_CBC_SHA"),
    (0x009a, "DHE_RSA_WITH_SEED_CBC_SHA"),
    (0x009c, "RSA_WITH_AES_128_GCM_SHA256"),
    (0x009d, "RSA_WITH_AES_256_GCM_SHA384"),
    (0x009e, "DHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0x009f, "DHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0x00a2, "DHE_DSS_WITH_AES_128_GCM_SHA256"),
    (0x00a3, "DHE_DSS_WITH_AES_256_GCM_SHA384"),
    (0x1301, "AES_128_GCM_SHA256"),
    (0x1302, "AES_256_GCM_SHA384"),
    (0x1303, "CHACHA20_POLY1305_SHA256"),
    (0x1304, "AES_128_CCM_SHA256"),
    (0x1305, "AES_128_CCM_8_SHA256"),
    (0xc007, "ECDHE_ECDSA_WITH_RC4_128_SHA"),
    (0xc008, "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"),
    (0xc009, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    (0xc00a, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
    (0xc011, "ECDHE_RSA_WITH_RC4_128_SHA"),
    (0xc012, "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    (0xc013, "ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    (0xc014, "ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    (0xc023, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
    (0xc024, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"),
    (0xc027, "ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    (0xc028, "ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    (0xc02b, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    (0xc02c, "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    (0xc02f, "ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0xc030, "ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0xc09c, "RSA_WITH_AES_128_CCM"),
    (0xc09d, "RSA_WITH_AES_256_CCM"),
    (0xc0ac, "ECDHE_ECDSA_WITH_AES_128_CCM"),
    (0xc0ad, "ECDHE_ECDSA_WITH_AES_256_CCM"),
    (0xcca8, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0xcca9, "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0xccaa, "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
];

impl fmt::Display for NamedGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            0x0013 => "P-192",
            0x0015 => "P-224",
            0x0017 => "P-256",
            0x0018 => "P-384",
            0x0019 => "P-521",
            0x001a => "brainpoolP256r1",
            0x001b => "brainpoolP384r1",
            0x001c => "brainpoolP512r1",
            0x001d => "X25519",
            0x001e => "X448",
            0x0100 => "ffdhe2048",
            0x0101 => "ffdhe3072",
            0x0102 => "ffdhe4096",
            0x11ec => "X25519MLKEM768",
            other => return write!(f, "0x{other:04x}"),
        })
    }
}

impl Alert {
    /// The registry's name, with underscores.
    pub const fn registered_name(self) -> Option<&'static str> {
        Some(match self.description {
            0 => "close_notify",
            10 => "unexpected_message",
            20 => "bad_record_mac",
            21 => "decryption_failed",
            22 => "record_overflow",
            30 => "decompression_failure",
            40 => "handshake_failure",
            41 => "no_certificate",
            42 => "bad_certificate",
            43 => "unsupported_certificate",
            44 => "certificate_revoked",
            45 => "certificate_expired",
            46 => "certificate_unknown",
            47 => "illegal_parameter",
            48 => "unknown_ca",
            49 => "access_denied",
            50 => "decode_error",
            51 => "decrypt_error",
            60 => "export_restriction",
            70 => "protocol_version",
            71 => "insufficient_security",
            80 => "internal_error",
            86 => "inappropriate_fallback",
            90 => "user_canceled",
            100 => "no_renegotiation",
            109 => "missing_extension",
            110 => "unsupported_extension",
            112 => "unrecognized_name",
            113 => "bad_certificate_status_response",
            115 => "unknown_psk_identity",
            116 => "certificate_required",
            120 => "no_application_protocol",
            _ => return None,
        })
    }

    /// What it says, in words.
    pub const fn in_words(self) -> &'static str {
        match self.description {
            0 => "the peer closes the connection in good order",
            10 => "the peer did not expect our message",
            20 => "the peer could not authenticate a record",
            40 => "the peer finds nothing in common with what was offered, or wants a client certificate",
            41 => "the peer has no certificate, or wants one",
            42 => "the peer finds the client certificate bad",
            43 => "the peer does not support the client certificate's kind",
            44 => "the peer finds the client certificate revoked",
            45 => "the peer finds the client certificate expired or not yet valid",
            46 => "the peer will not accept the client certificate, for a reason it does not say",
            47 => "the peer finds a value out of range",
            48 => "the peer does not know the client certificate's authority",
            49 => "the peer knows the client certificate and denies access",
            50 => "the peer could not read our message",
            51 => "the peer could not verify a signature or decrypt a key",
            70 => "the peer does not speak any version offered",
            71 => "the peer wants stronger suites than were offered",
            80 => "the peer failed internally",
            86 => "the peer refuses an older version because it speaks a newer one",
            100 => "the peer will not renegotiate",
            109 => "the peer misses an extension",
            112 => "the peer does not know the server name sent",
            116 => "the peer requires a client certificate",
            120 => "the peer asks for an application protocol (ALPN), though none was offered",
            _ => "no more is said",
        }
    }

    /// Whether it speaks about the client's certificate.
    pub const fn about_client_certificate(self) -> bool {
        matches!(self.description, 41..=46 | 48 | 49 | 116)
    }

    /// Whether it turns down what was offered, so that another offer may be taken: unexpected_message, handshake_failure,
    /// illegal_parameter, decode_error, protocol_version, insufficient_security, missing_extension, unsupported_extension,
    /// no_application_protocol. Old servers say the third and fourth to hellos newer than they are.
    pub const fn about_the_offer(self) -> bool {
        matches!(self.description, 10 | 40 | 47 | 50 | 70 | 71 | 109 | 110 | 120)
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.registered_name() {
            Some(name) => write!(f, "{name} ({})", self.description),
            None => write!(f, "alert {}", self.description),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CipherSuite, KeyExchange, SUITES};

    #[test]
    fn the_table_is_sorted_so_that_every_suite_is_found() {
        assert!(SUITES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(CipherSuite(0xc02f).to_string(), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assert_eq!(CipherSuite(0xffff).to_string(), "0xffff");
    }

    #[test]
    fn key_exchanges_are_told_apart() {
        for (suite, exchange) in [
            (0x000a, KeyExchange::Rsa),
            (0x0033, KeyExchange::Dhe),
            (0xc013, KeyExchange::Ecdhe),
            (0x1301, KeyExchange::Tls13),
            (0x0018, KeyExchange::Other),
            (0xabcd, KeyExchange::Other),
        ] {
            assert_eq!(CipherSuite(suite).key_exchange(), exchange);
        }
    }
}
