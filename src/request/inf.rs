//! A request as certreq's .inf. Each name is a line of the Subject Alternative Name *extension*; the request *attribute*
//! that does the same needs a switch on the authority by which whoever may enrol takes any name, so it is shown to Windows
//! Server 2003 alone, which knows nothing better, and with that warning.

use super::certificate_use::CertificateUse;
use super::comment::one_line;
use super::{Request, Subject};
use crate::site::profile::Profile;

/// The text, with the line ends Windows writes.
pub(super) fn text(request: &Request, definition: &str) -> String {
    let certificate_use = request.certificate_use;
    let mut lines = vec![format!(
        "; {} ({}), site {}: {}",
        one_line(&request.bearer),
        one_line(&request.what),
        one_line(&request.site_code),
        certificate_use.name()
    )];
    lines.extend(request.remarks.iter().map(|remark| format!("; {}", one_line(remark))));
    lines.push("[Version]".into());
    lines.push("Signature=\"$Windows NT$\"".into());
    lines.push("[NewRequest]".into());
    lines.push(match &request.subject {
        Subject::CommonName(name) => format!("Subject = \"CN={name}\""),
        Subject::Empty => "Subject = \"\"".into(),
    });
    let exportable = if certificate_use.is_exported() { "TRUE" } else { "FALSE" };
    let (key_usage, _) = certificate_use.key_usage();
    lines.extend(["KeyLength = 2048", "KeySpec = 1"].map(str::to_owned));
    lines.push(format!("KeyUsage = {key_usage}"));
    lines.push("MachineKeySet = TRUE".into());
    lines.push(format!("Exportable = {exportable}"));
    lines.extend(
        [
            "ProviderName = \"Microsoft RSA SChannel Cryptographic Provider\"",
            "ProviderType = 12",
            "HashAlgorithm = SHA256",
            "RequestType = PKCS10",
            "[Extensions]",
        ]
        .map(str::to_owned),
    );
    if let Some((last, others)) = request.alternative.split_last() {
        lines.push("2.5.29.17 = \"{text}\"".into());
        lines.extend(others.iter().map(|name| format!("_continue_ = \"DNS={name}&\"")));
        lines.push(format!("_continue_ = \"DNS={last}\""));
    }
    let purposes = certificate_use.purposes(request.has_both_legs());
    lines.push(format!("2.5.29.37 = \"{{text}}{}\"", purposes.join(",")));
    lines.push("[RequestAttributes]".into());
    if let Some(words) = certificate_use.about_template() {
        lines.push(format!("; {words}"));
    }
    lines.push(format!("CertificateTemplate = {}", certificate_use.template()));
    lines.extend(afterwards(request, definition));
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

/// What to do with it, as comments.
fn afterwards(request: &Request, definition: &str) -> Vec<String> {
    let stem = request.stem();
    let place = match request.certificate_use {
        CertificateUse::WebServer => format!("on {}", request.bearer),
        CertificateUse::SqlServer | CertificateUse::Monitoring | CertificateUse::Client => {
            format!("on {}", request.bearer)
        }
        CertificateUse::SmsProvider | CertificateUse::ReportingPoint => format!("on {}", request.bearer),
        CertificateUse::SiteServer => "on the site server".into(),
        CertificateUse::Proxy
        | CertificateUse::ProxyClient
        | CertificateUse::CloudManagementGateway
        | CertificateUse::DistributionPointClient
        | CertificateUse::Deployment => "on a member of the domain".into(),
    };
    let then = match request.certificate_use {
        CertificateUse::WebServer | CertificateUse::ReportingPoint | CertificateUse::SmsProvider => ", bind in IIS",
        CertificateUse::Proxy
        | CertificateUse::ProxyClient
        | CertificateUse::CloudManagementGateway
        | CertificateUse::DistributionPointClient
        | CertificateUse::Deployment => ", export with its key",
        CertificateUse::SqlServer => ", choose in SQL Server Configuration Manager",
        CertificateUse::SiteServer => ", choose in the site's properties",
        CertificateUse::Monitoring | CertificateUse::Client => "",
    };
    let mut lines = vec![format!(
        "; {place}: certreq -new {stem}.inf {stem}.req / -submit {stem}.req {stem}.cer / -accept -machine {stem}.cer{then}"
    )];
    if request.profile == Profile::NativeMode2007 && !request.alternative.is_empty() {
        let names: Vec<String> = request.alternative.iter().map(|name| format!("dns={name}")).collect();
        lines.push(
            "; Windows Server 2003 alone: its certreq knows no {text}. Leave [Extensions] 2.5.29.17 out, and".into(),
        );
        lines.push(format!(
            ";   certreq -submit -attrib \"CertificateTemplate:{}\\nSAN:{}\" {stem}.req {stem}.cer",
            request.certificate_use.template(),
            names.join("&")
        ));
        lines.push(
            ";   WARNING: that works only while the authority has EDITF_ATTRIBUTESUBJECTALTNAME2 set, and then whoever"
                .into(),
        );
        lines.push(
            ";   may enrol can take any name. Make the request on a later Windows instead, or switch it off at once."
                .into(),
        );
    }
    lines.push(format!("; check:   {}", request.check(definition)));
    lines
}
