//! A request as a configuration of `openssl req`, for those who make keys elsewhere than on Windows.

use super::comment::one_line;
use super::{Request, Subject};

/// The text.
pub(super) fn text(request: &Request, definition: &str) -> String {
    let stem = request.stem();
    let mut lines = vec![format!(
        "# {} ({}), site {}: {}",
        one_line(&request.bearer),
        one_line(&request.what),
        one_line(&request.site_code),
        request.certificate_use.name()
    )];
    lines.extend(request.remarks.iter().map(|remark| format!("# {}", one_line(remark))));
    let subject = match &request.subject {
        Subject::CommonName(_) => "",
        // Without a field OpenSSL refuses the section; on the command line an empty subject is one.
        Subject::Empty => " -subj /",
    };
    lines.push(format!("# openssl req -new -config {stem}.cnf{subject} -keyout {stem}.key -out {stem}.req    (asks for the key's passphrase)"));
    if request.certificate_use.is_handed_over() {
        lines.push(format!("# openssl pkcs12 -export -in {stem}.cer -inkey {stem}.key -out {stem}.pfx    (asks for the file's password)"));
    }
    lines.push("[req]".into());
    lines.extend(
        ["prompt = no", "utf8 = yes", "default_bits = 2048", "default_md = sha256", "distinguished_name = subject"]
            .map(str::to_owned),
    );
    lines.push("req_extensions = extensions".into());
    lines.push("[subject]".into());
    if let Subject::CommonName(name) = &request.subject {
        lines.push(format!("CN = {name}"));
    }
    lines.push("[extensions]".into());
    if !request.alternative.is_empty() {
        let names: Vec<String> = request.alternative.iter().map(|name| format!("DNS:{name}")).collect();
        lines.push(format!("subjectAltName = {}", names.join(",")));
    }
    let (_, key_usage) = request.certificate_use.key_usage();
    lines.push(format!("keyUsage = critical,{key_usage}"));
    let purposes = request.certificate_use.purposes(request.has_both_legs());
    lines.push(format!("extendedKeyUsage = {}", purposes.join(",")));
    lines.push(format!("# check: {}", request.check(definition)));
    lines.join("\n") + "\n"
}
