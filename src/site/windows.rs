//! Versions of Windows that clients run, as far as they differ in how they speak TLS.

use super::profile::Profile;

/// A version of Windows with its TLS settings; each stands for the builds after it, up to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WindowsVersion {
    /// Windows XP with Service Pack 3.
    XpSp3,
    /// Windows Server 2003.
    Server2003,
    /// Windows Vista.
    Vista,
    /// Windows Server 2008.
    Server2008,
    /// Windows 7 as it is installed: TLS 1.0.
    Windows7,
    /// Windows 7 with TLS 1.2 switched on.
    Windows7Tls12,
    /// Windows Server 2008 R2 as it is installed: TLS 1.0.
    Server2008R2,
    /// Windows Server 2008 R2 with TLS 1.2 switched on.
    Server2008R2Tls12,
    /// Windows 8 as it is installed: WinHTTP asks for TLS 1.0.
    Windows8,
    /// Windows 8 with TLS 1.2 switched on for WinHTTP.
    Windows8Tls12,
    /// Windows Server 2012 as it is installed.
    Server2012,
    /// Windows Server 2012 with TLS 1.2 switched on for WinHTTP.
    Server2012Tls12,
    /// Windows 8.1.
    Windows8Dot1,
    /// Windows Server 2012 R2.
    Server2012R2,
    /// Windows 10, 1507.
    Windows10V1507,
    /// Windows 10, 1511.
    Windows10V1511,
    /// Windows 10, 1607.
    Windows10V1607,
    /// Windows Server 2016.
    Server2016,
    /// Windows 10, 1703.
    Windows10V1703,
    /// Windows 10, 1709 to 21H2.
    Windows10V1709,
    /// Windows Server 2019.
    Server2019,
    /// Windows 10, 22H2.
    Windows10V22H2,
    /// Windows 11, 21H2.
    Windows11V21H2,
    /// Windows Server 2022.
    Server2022,
    /// Windows 11, 22H2 and later.
    Windows11V22H2,
    /// Windows Server 2025.
    Server2025,
}

impl WindowsVersion {
    /// Every one, in the order of their age.
    pub const ALL: [Self; 26] = [
        Self::XpSp3,
        Self::Server2003,
        Self::Vista,
        Self::Server2008,
        Self::Windows7,
        Self::Windows7Tls12,
        Self::Server2008R2,
        Self::Server2008R2Tls12,
        Self::Windows8,
        Self::Windows8Tls12,
        Self::Server2012,
        Self::Server2012Tls12,
        Self::Windows8Dot1,
        Self::Server2012R2,
        Self::Windows10V1507,
        Self::Windows10V1511,
        Self::Windows10V1607,
        Self::Server2016,
        Self::Windows10V1703,
        Self::Windows10V1709,
        Self::Server2019,
        Self::Windows10V22H2,
        Self::Windows11V21H2,
        Self::Server2022,
        Self::Windows11V22H2,
        Self::Server2025,
    ];

    /// The name in definitions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::XpSp3 => "xp-sp3",
            Self::Server2003 => "2003",
            Self::Vista => "vista",
            Self::Server2008 => "2008",
            Self::Windows7 => "7",
            Self::Windows7Tls12 => "7-tls12",
            Self::Server2008R2 => "2008-r2",
            Self::Server2008R2Tls12 => "2008-r2-tls12",
            Self::Windows8 => "8",
            Self::Windows8Tls12 => "8-tls12",
            Self::Server2012 => "2012",
            Self::Server2012Tls12 => "2012-tls12",
            Self::Windows8Dot1 => "8.1",
            Self::Server2012R2 => "2012-r2",
            Self::Windows10V1507 => "10-1507",
            Self::Windows10V1511 => "10-1511",
            Self::Windows10V1607 => "10-1607",
            Self::Server2016 => "2016",
            Self::Windows10V1703 => "10-1703",
            Self::Windows10V1709 => "10-1709",
            Self::Server2019 => "2019",
            Self::Windows10V22H2 => "10-22h2",
            Self::Windows11V21H2 => "11-21h2",
            Self::Server2022 => "2022",
            Self::Windows11V22H2 => "11-22h2",
            Self::Server2025 => "2025",
        }
    }

    /// Reads a name, in any case. A build that has no name here is what the one before it is: `10-1809` is `10-1709`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let named = |name: &str| Self::ALL.into_iter().find(|version| version.name() == name);
        named(&text).or_else(|| BUILDS.iter().find(|(build, _)| *build == text).map(|(_, version)| *version))
    }

    /// Every name a definition may use.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::name).chain(BUILDS.iter().map(|(build, _)| *build))
    }

    /// Whether clients of this version could be clients of a site of this profile.
    pub const fn belongs_to(self, profile: Profile) -> bool {
        match profile {
            // Configuration Manager 2007 ends with Windows 7 and Server 2008 R2.
            Profile::NativeMode2007 => (self as u8) <= Self::Server2008R2Tls12 as u8,
            // Current Branch has dropped what came before Windows 7.
            Profile::CurrentBranch => (self as u8) >= Self::Windows7 as u8,
        }
    }
}

/// Builds without a row of their own.
const BUILDS: &[(&str, WindowsVersion)] = &[
    ("2003-r2", WindowsVersion::Server2003),
    ("10-1803", WindowsVersion::Windows10V1709),
    ("10-1809", WindowsVersion::Windows10V1709),
    ("10-1903", WindowsVersion::Windows10V1709),
    ("10-1909", WindowsVersion::Windows10V1709),
    ("10-2004", WindowsVersion::Windows10V1709),
    ("10-20h2", WindowsVersion::Windows10V1709),
    ("10-21h1", WindowsVersion::Windows10V1709),
    ("10-21h2", WindowsVersion::Windows10V1709),
    ("11-23h2", WindowsVersion::Windows11V22H2),
    ("11-24h2", WindowsVersion::Windows11V22H2),
    ("11-25h2", WindowsVersion::Windows11V22H2),
];

#[cfg(test)]
mod tests {
    use super::{BUILDS, WindowsVersion};
    use crate::site::profile::Profile;

    #[test]
    fn every_name_is_read_in_any_case_and_builds_are_the_row_below_them() {
        for version in WindowsVersion::ALL {
            assert_eq!(WindowsVersion::parse(version.name()), Some(version));
            assert_eq!(WindowsVersion::parse(&version.name().to_uppercase()), Some(version));
        }
        assert_eq!(WindowsVersion::parse("10-1809"), Some(WindowsVersion::Windows10V1709));
        assert_eq!(WindowsVersion::parse("11-24H2"), Some(WindowsVersion::Windows11V22H2));
        assert!(BUILDS.iter().all(|(build, _)| WindowsVersion::parse(build).is_some()));
        for text in ["", "10", "11", "xp", "12", "2008-r3"] {
            assert_eq!(WindowsVersion::parse(text), None, "{text}");
        }
    }

    #[test]
    fn windows_7_is_of_both_profiles_and_the_ends_of_one() {
        use WindowsVersion::{Server2025, Vista, Windows7, Windows8, XpSp3};
        let both = |version: WindowsVersion| Profile::ALL.map(|profile| version.belongs_to(profile));
        assert_eq!(both(XpSp3), [true, false]);
        assert_eq!(both(Vista), [true, false]);
        assert_eq!(both(Windows7), [true, true]);
        assert_eq!(both(Windows8), [false, true]);
        assert_eq!(both(Server2025), [false, true]);
    }
}
