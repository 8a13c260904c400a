//! What a site has, and what of it is judged: the README's table of roles and certificates, made of the same data that
//! definitions, imports and requirements are.

use crate::requirement::catalogue::catalogue;
use crate::rule::usage::Use;
use crate::site::profile::{ByProfile, Profile};
use crate::site::role::{NO_ROLES, Role, UnjudgedRole};

/// The table, in Markdown: roles that are judged, those that are not, words that are no roles, certificates in files.
pub fn markdown() -> String {
    let mut text =
        String::from("| what a site has | sites | what is judged of it, or why nothing is |\n|---|---|---|\n");
    let mut row = |what: &str, sites: &str, how: &str| {
        text += &format!("| {what} | {sites} | {} |\n", how.replace('|', "\\|"));
    };
    for role in Role::ALL.into_iter().filter(|role| role.uses_https() && *role != Role::Nlb) {
        row(&named(role), sites(role), &judged(role));
    }
    row("clusters of them (`[[cluster]]`)", "2007", "each node and the shared name; `nlb/*`");
    for role in Role::ALL.into_iter().filter(|role| !role.uses_https()) {
        row(&named(role), sites(role), "nothing: it speaks plain HTTP only, by design");
    }
    for role in UnjudgedRole::ALL {
        row(&format!("`{}`", role.name()), "Current Branch", &format!("nothing: {}", role.reason()));
    }
    for (words, why) in NO_ROLES {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        row(&words.join(", "), "", &format!("not taken: {why}"));
    }
    for of in Use::ALL.into_iter().filter(|of| !of.is_server()) {
        let data = of.data();
        let how = format!("`{0}/*`, `inspect --as {0}`: {1}", of.name(), data.met);
        row(&data.noun.to_lowercase(), by_profile(data.exists), &how);
    }
    text
}

fn named(role: Role) -> String {
    role.short().map_or_else(|| format!("`{role}`"), |short| format!("`{role}` (`{short}`)"))
}

const fn sites(role: Role) -> &'static str {
    match role.only_in() {
        Some(Profile::NativeMode2007) => "2007",
        Some(Profile::CurrentBranch) => "Current Branch",
        None => "both",
    }
}

const fn by_profile(exists: ByProfile<bool>) -> &'static str {
    match (exists.native_mode_2007, exists.current_branch) {
        (true, true) => "both",
        (true, false) => "2007",
        (false, true) => "Current Branch",
        (false, false) => "none",
    }
}

/// The certificate a role presents, and the subjects that ask something of the role itself.
fn judged(role: Role) -> String {
    let presented = Use::presented_by(role).name();
    let mut subjects: Vec<&str> = vec![presented];
    for requirement in catalogue().iter().filter(|requirement| requirement.scope.roles.contains(&role)) {
        let subject = requirement.id.split('/').next().unwrap_or_default();
        if !subjects.contains(&subject) && !["reachability", "session", "chain", "revocation"].contains(&subject) {
            subjects.push(subject);
        }
    }
    let asked: Vec<String> = subjects.iter().map(|subject| format!("`{subject}/*`")).collect();
    let not_asked = not_asked(role).map(|what| format!("; not judged: {what}")).unwrap_or_default();
    format!("at port {}: {}{not_asked}", role.default_https_port(), asked.join(", "))
}

/// What of a role that is judged is not, and why.
const fn not_asked(role: Role) -> Option<&'static str> {
    match role {
        Role::ManagementPoint => Some(
            "`SMS_MP_TokenAuth`, `CCM_System_TokenAuth`, `CCM_STS` (tokens, which the site gives its registered clients alone)",
        ),
        Role::DistributionPoint => Some(
            "`CCMTOKENAUTH_SMS_DP_SMSPKG$`, `CCMTOKENAUTH_SMS_DP_SMSSIG$` (content tokens, which a management point gives registered clients alone)",
        ),
        Role::CloudManagementGateway => Some(
            "`CCM_Proxy_ServerAuth/\u{2026}`, and content the gateway keeps (tokens, which the site gives its registered clients alone)",
        ),
        Role::ReportingPoint => Some(
            "whether the report server answers (no document gives a path that it answers at, whatever it is called)",
        ),
        Role::ProxyManagementPoint
        | Role::MobileDeviceManagementPoint
        | Role::SoftwareUpdatePoint
        | Role::StateMigrationPoint
        | Role::SmsProvider
        | Role::BranchDistributionPoint
        | Role::FallbackStatusPoint
        | Role::ServerLocatorPoint
        | Role::Proxy
        | Role::Nlb => None,
    }
}
