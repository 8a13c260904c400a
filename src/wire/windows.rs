//! What the TLS clients of Windows offer when nothing was changed: versions, suites, groups, signature algorithms, server
//! name, the longest message they take. One row for each offer that differs; Windows versions with the same offer share it.
//! From MicrosoftDocs/win32 (protocols in TLS/SSL, cipher suites by Windows version, WinHTTP's option flags) and
//! windowsserverdocs (TLS registry settings).

use super::suite::{CipherSuite, NamedGroup};
use super::version::ProtocolVersion;

/// One offer Windows clients make. Named after the oldest Windows that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WindowsClient {
    /// Windows XP SP3, Server 2003.
    Xp,
    /// Windows Vista, Server 2008.
    Vista,
    /// Windows 7, Server 2008 R2.
    Seven,
    /// The same, TLS 1.1 and 1.2 switched on for WinHTTP (KB 3140245).
    SevenTls12,
    /// Windows 8, Server 2012.
    Eight,
    /// The same, TLS 1.1 and 1.2 switched on for WinHTTP.
    EightTls12,
    /// Windows 8.1, Server 2012 R2.
    EightOne,
    /// Windows 10 1507 and 1511.
    Ten1507,
    /// Windows 10 1607, Server 2016.
    Ten1607,
    /// Windows 10 1703.
    Ten1703,
    /// Windows 10 1709 to 21H2, Server 2019.
    Ten1709,
    /// Windows 10 22H2.
    Ten22H2,
    /// Windows 11 21H2, Server 2022.
    Eleven21H2,
    /// Windows 11 22H2 and later, Server 2025.
    Eleven22H2,
}

/// What one of them offers.
#[derive(Debug)]
pub struct Row {
    /// What definitions call the Windows versions that make it.
    pub names: &'static [&'static str],
    /// In words.
    pub words: &'static str,
    /// The oldest version WinHTTP asks for.
    pub oldest: ProtocolVersion,
    /// The newest.
    pub newest: ProtocolVersion,
    /// The suites, in an order of theirs.
    pub suites: &'static [&'static [u16]],
    /// The groups of key exchange.
    pub groups: &'static [u16],
    /// The signature algorithms, in TLS 1.2 and later.
    pub signatures: &'static [u16],
    /// Whether it sends a server name.
    pub sends_server_name: bool,
    /// The longest Certificate message it takes, in octets.
    pub longest_message: usize,
    /// Whether it takes a chain with a SHA-512 signature under TLS 1.2.
    pub takes_sha512: bool,
    /// Whether it refuses a Diffie–Hellman prime shorter than [`SHORTEST_PRIME`].
    pub refuses_short_primes: bool,
}

// Families of suites for servers with RSA keys, by the letters of the table they are taken from.
const A: &[u16] = &[0xc030, 0xc02f];
const B: &[u16] = &[0xc028, 0xc027];
const C: &[u16] = &[0xc014, 0xc013];
const D: &[u16] = &[0x009f, 0x009e];
const E: &[u16] = &[0x0039, 0x0033];
const F: &[u16] = &[0x009d, 0x009c];
const G: &[u16] = &[0x003d, 0x003c];
const H: &[u16] = &[0x0035, 0x002f];
const I: &[u16] = &[0x000a];
const J: &[u16] = &[0x0005, 0x0004];
const K: &[u16] = &[0x1302, 0x1301];
/// Single DES and EXPORT suites.
const WEAK: &[u16] = &[0x0009, 0x0064, 0x0062, 0x0003, 0x0006];
/// Their twins for servers with elliptic-curve keys: AES-GCM, AES-CBC with SHA-2, AES-CBC with SHA-1.
const EC_GCM: &[u16] = &[0xc02c, 0xc02b];
const EC_SHA2: &[u16] = &[0xc024, 0xc023];
const EC_SHA1: &[u16] = &[0xc00a, 0xc009];

const NIST: &[u16] = &[0x0017, 0x0018];
const NIST_AND_P521: &[u16] = &[0x0017, 0x0018, 0x0019];
const X25519_FIRST: &[u16] = &[0x001d, 0x0017, 0x0018];

/// RSA, ECDSA and DSA with SHA-256, SHA-384 and SHA-1.
const WITHOUT_SHA512: &[u16] = &[0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202];
/// The same with SHA-512, and RSA-PSS.
const WITH_SHA512: &[u16] =
    &[0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603];

/// The longest handshake message of a server Schannel's clients take since Windows 7 (MessageLimitClient).
pub const MESSAGE_LIMIT: usize = 32_768;
/// What fits one record: Windows before that cannot put a longer message together (KB 2541763).
pub const ONE_RECORD: usize = 16_384;

/// The shortest Diffie–Hellman prime clients take since Windows 10 1507, in bits (TLS registry settings,
/// `ClientMinKeyBitLength`).
pub const SHORTEST_PRIME: u32 = 1024;

const SEVEN: Row = Row {
    names: &["7", "2008-r2"],
    words: "Windows 7 and Server 2008 R2",
    oldest: ProtocolVersion::SSL3,
    newest: ProtocolVersion::TLS1_0,
    suites: &[EC_SHA1, C, E, H, I, J],
    groups: NIST,
    signatures: &[],
    sends_server_name: true,
    longest_message: MESSAGE_LIMIT,
    takes_sha512: false,
    refuses_short_primes: false,
};
const EIGHT_ONE: Row = Row {
    names: &["8.1", "2012-r2"],
    words: "Windows 8.1 and Server 2012 R2",
    newest: ProtocolVersion::TLS1_2,
    suites: &[EC_GCM, EC_SHA2, EC_SHA1, B, C, D, E, F, G, H, I, J],
    signatures: WITHOUT_SHA512,
    ..SEVEN
};
const TEN: Row = Row {
    names: &["10-1507", "10-1511"],
    words: "Windows 10 1507 and 1511",
    suites: &[EC_GCM, A, D, EC_SHA2, B, EC_SHA1, C, E, F, G, H, I, J],
    signatures: WITH_SHA512,
    takes_sha512: true,
    refuses_short_primes: true,
    ..EIGHT_ONE
};
const TEN_1607: Row = Row {
    names: &["10-1607", "2016"],
    words: "Windows 10 1607 and Server 2016",
    oldest: ProtocolVersion::TLS1_0,
    groups: X25519_FIRST,
    ..TEN
};

impl WindowsClient {
    /// Every row, oldest first.
    pub const ALL: [Self; 14] = [
        Self::Xp,
        Self::Vista,
        Self::Seven,
        Self::SevenTls12,
        Self::Eight,
        Self::EightTls12,
        Self::EightOne,
        Self::Ten1507,
        Self::Ten1607,
        Self::Ten1703,
        Self::Ten1709,
        Self::Ten22H2,
        Self::Eleven21H2,
        Self::Eleven22H2,
    ];

    /// The clients of 2007, as they are by default.
    pub const OF_2007: &'static [Self] = &[Self::Xp, Self::Vista, Self::Seven];
    /// Those of Current Branch.
    pub const OF_CURRENT_BRANCH: &'static [Self] =
        &[Self::Ten1607, Self::Ten1703, Self::Ten1709, Self::Ten22H2, Self::Eleven21H2, Self::Eleven22H2];

    /// The row a Windows version's name stands for.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|client| client.row().names.iter().any(|known| known.eq_ignore_ascii_case(name)))
    }

    /// The same Windows with TLS 1.1 and 1.2 switched on, where they are off by default and can be had.
    pub const fn switched_on(self) -> Option<Self> {
        match self {
            Self::Seven => Some(Self::SevenTls12),
            Self::Eight => Some(Self::EightTls12),
            Self::Xp
            | Self::Vista
            | Self::SevenTls12
            | Self::EightTls12
            | Self::EightOne
            | Self::Ten1507
            | Self::Ten1607
            | Self::Ten1703
            | Self::Ten1709
            | Self::Ten22H2
            | Self::Eleven21H2
            | Self::Eleven22H2 => None,
        }
    }

    /// The name of the offer in plans and observations.
    pub const fn offer_name(self) -> &'static str {
        match self {
            Self::Xp => "windows-xp-sp3",
            Self::Vista => "windows-vista",
            Self::Seven => "windows-7",
            Self::SevenTls12 => "windows-7-tls12",
            Self::Eight => "windows-8",
            Self::EightTls12 => "windows-8-tls12",
            Self::EightOne => "windows-8.1",
            Self::Ten1507 => "windows-10-1507",
            Self::Ten1607 => "windows-10-1607",
            Self::Ten1703 => "windows-10-1703",
            Self::Ten1709 => "windows-10-1709",
            Self::Ten22H2 => "windows-10-22h2",
            Self::Eleven21H2 => "windows-11-21h2",
            Self::Eleven22H2 => "windows-11-22h2",
        }
    }

    /// What it offers.
    pub const fn row(self) -> &'static Row {
        match self {
            Self::Xp => &Row {
                names: &["xp-sp3", "2003"],
                words: "Windows XP SP3 and Server 2003",
                suites: &[J, I, WEAK],
                groups: &[],
                sends_server_name: false,
                longest_message: ONE_RECORD,
                ..SEVEN
            },
            Self::Vista => &Row {
                names: &["vista", "2008"],
                words: "Windows Vista and Server 2008",
                suites: &[EC_SHA1, C, H, I, J],
                groups: NIST_AND_P521,
                longest_message: ONE_RECORD,
                ..SEVEN
            },
            Self::Seven => &SEVEN,
            Self::SevenTls12 => &Row {
                names: &["7-tls12", "2008-r2-tls12"],
                words: "Windows 7 and Server 2008 R2 with TLS 1.2 switched on (KB 3140245)",
                ..EIGHT_ONE
            },
            Self::Eight => &Row {
                names: &["8", "2012"],
                words: "Windows 8 and Server 2012",
                suites: &[EC_SHA1, C, H, I, J],
                ..SEVEN
            },
            Self::EightTls12 => &Row {
                names: &["8-tls12", "2012-tls12"],
                words: "Windows 8 and Server 2012 with TLS 1.2 switched on (KB 3140245)",
                suites: &[EC_GCM, EC_SHA2, EC_SHA1, B, C, D, F, G, H, I, J],
                ..EIGHT_ONE
            },
            Self::EightOne => &EIGHT_ONE,
            Self::Ten1507 => &TEN,
            Self::Ten1607 => &TEN_1607,
            Self::Ten1703 => &Row {
                names: &["10-1703"],
                words: "Windows 10 1703",
                suites: &[EC_GCM, A, D, EC_SHA2, B, EC_SHA1, C, F, G, H, I, J],
                ..TEN_1607
            },
            Self::Ten1709 => &Row {
                names: &["10-1709", "2019"],
                words: "Windows 10 1709 to 21H2 and Server 2019",
                suites: &[EC_GCM, A, D, EC_SHA2, B, EC_SHA1, C, F, G, H, I],
                ..TEN_1607
            },
            Self::Ten22H2 => &Row {
                names: &["10-22h2"],
                words: "Windows 10 22H2",
                suites: &[EC_GCM, A, EC_SHA2, B, EC_SHA1, C, F, G, H],
                ..TEN_1607
            },
            Self::Eleven21H2 => &Row {
                names: &["11-21h2", "2022"],
                words: "Windows 11 21H2 and Server 2022",
                oldest: ProtocolVersion::TLS1_2,
                newest: ProtocolVersion::TLS1_3,
                suites: &[K, EC_GCM, A, D, EC_SHA2, B, EC_SHA1, C, F, G, H, I],
                ..TEN_1607
            },
            Self::Eleven22H2 => &Row {
                names: &["11-22h2", "2025"],
                words: "Windows 11 22H2 and later and Server 2025",
                oldest: ProtocolVersion::TLS1_2,
                newest: ProtocolVersion::TLS1_3,
                suites: &[K, EC_GCM, A, EC_SHA2, B, EC_SHA1, C, F, G, H],
                ..TEN_1607
            },
        }
    }
}

impl Row {
    /// Whether a version is asked for.
    pub fn speaks(&self, version: ProtocolVersion) -> bool {
        self.oldest <= version && version <= self.newest
    }

    /// Whether a suite is offered.
    pub fn offers(&self, suite: CipherSuite) -> bool {
        self.all_suites().any(|number| number == suite.0)
    }

    /// Whether keys can be exchanged by this group.
    pub fn exchanges_by(&self, group: NamedGroup) -> bool {
        self.groups.contains(&group.0)
    }

    /// The suites offered.
    pub fn all_suites(&self) -> impl Iterator<Item = u16> {
        self.suites.iter().flat_map(|family| family.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CipherSuite, ProtocolVersion, WindowsClient};

    /// The names a definition may use, as documented.
    const NAMES: &str = "xp-sp3 2003 vista 2008 7 7-tls12 2008-r2 2008-r2-tls12 8 8-tls12 2012 2012-tls12 8.1 2012-r2 10-1507 10-1511 10-1607 2016 10-1703 10-1709 2019 10-22h2 11-21h2 2022 11-22h2 2025";

    #[test]
    fn every_name_stands_for_one_row() {
        let mut seen = BTreeSet::new();
        for name in WindowsClient::ALL.iter().flat_map(|client| client.row().names) {
            assert!(seen.insert(*name), "{name} twice");
        }
        assert_eq!(seen, NAMES.split(' ').collect());
        assert_eq!(WindowsClient::named("2008-R2"), Some(WindowsClient::Seven));
        assert_eq!(WindowsClient::named("95"), None);
    }

    #[test]
    fn every_suite_offered_has_a_name_and_a_version_it_works_in() {
        for client in WindowsClient::ALL {
            let row = client.row();
            assert!(row.oldest <= row.newest);
            let mut suites = BTreeSet::new();
            for suite in row.all_suites() {
                assert!(CipherSuite(suite).registered_name().is_some(), "{suite:04x}");
                assert!(suites.insert(suite), "{suite:04x} twice in {}", row.words);
            }
            let is_tls13 = suites.iter().any(|suite| suite >> 8 == 0x13);
            assert_eq!(is_tls13, row.speaks(ProtocolVersion::TLS1_3), "{}", row.words);
            assert_eq!(row.signatures.is_empty(), row.newest < ProtocolVersion::TLS1_2, "{}", row.words);
        }
    }
}
