//! What to do about a certificate out of its dates, near their end, or revoked, by who shows it: what shows none to clients has no
//! binding to put another into.

use super::Host;
use crate::site::profile::Profile;

/// How another certificate comes to be used, at one place.
struct Own {
    host: Host,
    /// By cause, under a profile.
    texts: [(&'static str, [&'static str; 2]); 5],
}

/// What leads, by cause, then where the other certificate is put.
macro_rules! own {
    ($host:expr, $both:literal) => {
        own!($host, $both, $both)
    };
    ($host:expr, $native:literal, $current:literal) => {
        Own {
            host: $host,
            texts: [
                (
                    "certificate-ended",
                    [
                        concat!("Give it a new certificate: this one was not renewed. ", $native),
                        concat!("Give it a new certificate: this one was not renewed. ", $current),
                    ],
                ),
                (
                    "certificate-ends-soon",
                    [
                        concat!("Give it a new certificate before this one ends. ", $native),
                        concat!("Give it a new certificate before this one ends. ", $current),
                    ],
                ),
                (
                    "certificate-not-yet-valid",
                    [
                        concat!("Wait, if it begins within hours; otherwise check the clock of the authority that issued it (`w32tm /query /status` there), and issue the certificate again. ", $native),
                        concat!("Wait, if it begins within hours; otherwise check the clock of the authority that issued it (`w32tm /query /status` there), and issue the certificate again. ", $current),
                    ],
                ),
                (
                    "certificate-revoked",
                    [
                        concat!("Ask the authority why it was revoked (the evidence gives day and reason), and give it a new certificate: a revocation is final. ", $native),
                        concat!("Ask the authority why it was revoked (the evidence gives day and reason), and give it a new certificate: a revocation is final. ", $current),
                    ],
                ),
                (
                    "validity-impossible",
                    [
                        concat!("Issue the certificate again, and put right what wrote its dates (a template or a tool with a validity of its own). ", $native),
                        concat!("Issue the certificate again, and put right what wrote its dates (a template or a tool with a validity of its own). ", $current),
                    ],
                ),
            ],
        }
    };
}

/// The table.
static OWN: &[Own] = &[
    own!(
        Host::Client,
        "Autoenrolment does so: `gpupdate /force` and `certutil -pulse` on the computer begin it at once, and the template lets computers Read, Enroll and Autoenroll. Export the new one, if the file belongs to this definition."
    ),
    own!(
        Host::Monitoring,
        "On the site system, autoenrolment puts it into the Personal store of the computer account: `gpupdate /force` and `certutil -pulse` begin it at once. Nothing else has to name it; mpcontrol.log on a management point shows the next test."
    ),
    own!(
        Host::MobileDevice,
        "Enrol the device anew, in the way it was enrolled, and see that the old certificate is gone from it. Export the new one, if the file belongs to this definition."
    ),
    own!(
        Host::Deployment,
        "Enrol it, export it with its key as a .pfx file, and put the file into the boot media and the PXE service point's properties in the place of the old one.",
        "Enrol it, export it with its key as a .pfx file, and make the task sequence media anew with that file; smsts.log shows which one a computer uses."
    ),
    own!(
        Host::DistributionPointClient,
        "Enrol it, export it with its key as a .pfx file, and give the file to the distribution point's properties.",
        "Enrol it, export it with its key as a .pfx file, and give the file to the distribution point's properties, General tab (`Set-CMDistributionPoint -CertificatePath`); SMSPXE.log then shows its thumbprint."
    ),
    own!(
        Host::ProxyClient,
        "Put it, with its key, into the Personal store of the proxy web server's computer account, and choose it in the publishing rule, where the rule authenticates itself to the site system."
    ),
    own!(
        Host::Database,
        "Put it, with its key, into the Personal store of SQL Server's computer account, and let the service's account read the key. Choose it in SQL Server Configuration Manager: SQL Server Network Configuration, Protocols, Properties, Certificate. Then restart the service."
    ),
];

/// What to do about a cause at one of these places.
pub(super) fn remedy(cause: &str, profile: Profile, host: Host) -> Option<&'static str> {
    let own = OWN.iter().find(|own| own.host == host)?;
    let (_, [native, current]) = own.texts.iter().find(|(id, _)| *id == cause)?;
    Some(match profile {
        Profile::NativeMode2007 => native,
        Profile::CurrentBranch => current,
    })
}

#[cfg(test)]
mod tests {
    use crate::requirement::catalogue::catalogue;
    use crate::rule::Check;
    use crate::rule::usage::Use;
    use crate::site::profile::Profile;
    use crate::verdict::cause::catalogue::CAUSES;
    use crate::verdict::cause::host::Host;

    /// What is asked of a use's dates, and why it can fail for the dates' own sake.
    const DATES: [&str; 6] = [
        "certificate-revoked",
        "certificate-ended",
        "certificate-ends-soon",
        "certificate-not-yet-valid",
        "validity-impossible",
        "client-certificate-ended",
    ];

    #[test]
    fn every_use_is_told_its_own_place_for_another_certificate_and_a_clients_is_never_bound() {
        let mut asked = 0;
        for of in Use::ALL {
            let place = match of {
                Use::Client => "certutil -pulse",
                Use::Monitoring => "On the site system",
                Use::MobileDevice => "Enrol the device",
                Use::Deployment => ".pfx",
                Use::DistributionPointClient => "distribution point's properties",
                Use::ProxyClient => "publishing rule",
                Use::SqlServer => "SQL Server Configuration Manager",
                Use::CloudManagementGateway => "Cloud Management Gateway",
                Use::SmsProvider => "netsh http add sslcert",
                Use::ReportingPoint => "Report Server Configuration Manager",
                Use::WebServer | Use::Proxy => "IIS Manager",
                Use::SiteServer | Use::Root => continue,
            };
            let rows = catalogue().iter().filter(|one| match one.check {
                Check::Quality(row) => row.cell(of).is_some(),
                _ => false,
            });
            let about = format!("{}/", of.name());
            for row in rows.filter(|one| one.id.starts_with(&about)) {
                if !["/validity", "/expiry", "/not-revoked"].iter().any(|of| row.id.ends_with(of)) {
                    continue;
                }
                for cause in CAUSES.iter().filter(|cause| DATES.contains(&cause.id) && cause.fails(row.id)) {
                    let is_servers =
                        matches!(of, Use::WebServer | Use::Proxy) || Host::ELSEWHERE.contains(&of.host(None));
                    if cause.id == "client-certificate-ended" || cause.id == "certificate-revoked" && is_servers {
                        continue;
                    }
                    for profile in [Profile::NativeMode2007, Profile::CurrentBranch] {
                        let remedy = cause.remedy_at(profile, of.host(None));
                        assert!(remedy.contains(place), "{} {}: {remedy}", row.id, cause.id);
                        let binds = ["IIS", "Binding", "binding", " bind"].iter().find(|one| remedy.contains(**one));
                        let serves =
                            matches!(of, Use::WebServer | Use::Proxy) || Host::ELSEWHERE.contains(&of.host(None));
                        assert!(serves || binds.is_none(), "{} {}: {remedy}", row.id, cause.id);
                        asked += 1;
                    }
                }
            }
        }
        assert!(asked > 40, "{asked}");
    }
}
