//! The definition of the lab's site of 2026.

use std::fmt::Write;

use super::super::blueprint::{Blueprint, SITE_CODE};
use super::{DEPLOYMENT, DISTRIBUTION_POINT, Listening, OUTSIDER, PASSWORD_FILE, PUBLIC_ROOT, ROOT, WORKSTATION};

/// The definition's text.
pub(super) fn text(site: &Blueprint, listening: &Listening) -> String {
    let mut text = String::from(
        "# A simulated Current Branch site on this machine's loopback. Its keys are public: trust nothing of it elsewhere.\n",
    );
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        r#"
[site]
code = "{SITE_CODE}"
name = "Contoso primary site"
profile = "current-branch"
kind = "primary"
communication = "https-only"
clients_check_revocation = true

[trust]
roots = ["{ROOT}"]
public_roots = ["{PUBLIC_ROOT}"]

[[client]]
name = "workstation"
kind = "computer"
pfx = "{WORKSTATION}"
password_file = "{PASSWORD_FILE}"

[[client]]
name = "task sequence media"
kind = "deployment"
pfx = "{DEPLOYMENT}"
password_file = "{PASSWORD_FILE}"

[[client]]
name = "distribution point"
kind = "distribution-point-client"
pfx = "{DISTRIBUTION_POINT}"
password_file = "{PASSWORD_FILE}"

[[client]]
name = "neighbour"
kind = "outsider"
pfx = "{OUTSIDER}"
password_file = "{PASSWORD_FILE}"
"#,
    );
    super::tables::vantages(&mut text, site, listening);
    super::tables::watchers(&mut text, site);
    for (system, port) in site.systems().into_iter().zip(&listening.ports) {
        super::tables::system(&mut text, system, *port);
    }
    text.push_str(
        r#"
[[system]]
name = "FSP01"                    # plain HTTP by design: nothing of it is probed
intranet_fqdn = "fsp01.corp.contoso.com"
client_connections = "intranet"
roles = ["fallback-status-point", "enrollment-point", "enrollment-proxy-point"]
"#,
    );
    text
}
