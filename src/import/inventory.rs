//! What exports say of one site, put together: its systems with their names, roles and ports, each once, and what is to
//! be told beside them. Several exports of a site complete each other; where they contradict, both are told.

mod merge;

use crate::site::ClientConnections;
use crate::site::fault::Wrong;
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::role::Role;

use super::Export;
pub use super::properties::Properties;
pub(super) use merge::word;

/// One thing an export says.
#[derive(Clone, Debug)]
pub enum Found {
    /// A role of a server, or the server itself.
    Role(RoleFact),
    /// A component of the site.
    Component(ComponentFact),
    /// A management point, as a list or the directory names it.
    Listed(ListedFact),
}

/// A role of a server, as a console has it.
#[derive(Clone, Debug, Default)]
pub struct RoleFact {
    /// What the console calls the role.
    pub role: String,
    /// The server, as written.
    pub server: Option<String>,
    /// The site's code.
    pub site: Option<String>,
    /// The site's type: 1 secondary, 2 primary, 4 central administration.
    pub site_type: Option<i64>,
    /// Whether clients use HTTPS: 1 and 3 they do, 0 and 4 they do not.
    pub ssl_state: Option<i64>,
    /// The embedded properties that are read.
    pub properties: Properties,
    /// The Internet FQDN, where a column has it.
    pub internet_fqdn: Option<String>,
    /// The HTTPS port, where a column has it.
    pub port: Option<u16>,
    /// Which clients connect, where a column says so.
    pub connections: Option<ClientConnections>,
    /// What was written of it and could not be read, each with what it is not.
    pub unread: Vec<String>,
}

/// A component of a site.
#[derive(Clone, Debug)]
pub struct ComponentFact {
    /// Its name.
    pub name: String,
    /// The site's code.
    pub site: Option<String>,
    /// The embedded properties that are read.
    pub properties: Properties,
}

/// The component that knows the ports clients use.
const CONTROL_MANAGER: &str = "SMS_MP_CONTROL_MANAGER";
/// The component that knows how clients are to speak.
const SITE_COMPONENT_MANAGER: &str = "SMS_SITE_COMPONENT_MANAGER";
/// In its state: clients check revocation lists.
const CHECKS_REVOCATION: i64 = 32;
/// In its state: site systems use certificates the site makes.
const ENHANCED_HTTP: i64 = 1024;

impl ComponentFact {
    /// Whether anything of it is read.
    pub fn is_read(&self) -> bool {
        [CONTROL_MANAGER, SITE_COMPONENT_MANAGER].iter().any(|known| self.name.eq_ignore_ascii_case(known))
    }
}

/// A management point, as a list or the directory names it.
#[derive(Clone, Debug, Default)]
pub struct ListedFact {
    /// Its FQDN, or its name where there is none.
    pub server: Option<String>,
    /// The site's code.
    pub site: Option<String>,
    /// The build it says it is.
    pub build: Option<u32>,
    /// Whether clients use HTTPS.
    pub uses_https: Option<bool>,
    /// Its HTTPS port.
    pub port: Option<u16>,
    /// The fallback status point clients are told.
    pub fallback_status_point: Option<String>,
    /// The site server signing certificate, DER.
    pub signing_certificate: Option<Vec<u8>>,
}

/// What exports of a kind can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Every role, not management points alone.
    pub every_role: bool,
    /// Internet FQDNs.
    pub internet_names: bool,
}

impl Scope {
    /// The console's roles.
    pub const CONSOLE: Self = Self { every_role: true, internet_names: true };
    /// What the directory publishes, and management points list.
    pub const DIRECTORY: Self = Self { every_role: false, internet_names: false };
}

/// Primary, secondary, or the central administration site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteType {
    /// Has clients and signs policies.
    Primary,
    /// Below a primary site.
    Secondary,
    /// Has no clients.
    Central,
}

/// What is known of one site.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// Where it comes from, as the user named it.
    pub source: String,
    /// The site's code; `None`: nothing says it.
    pub code: Option<String>,
    /// The site's type; `None`: nothing says it.
    pub site_type: Option<SiteType>,
    /// The release; `None`: nothing says it.
    pub release: Option<Release>,
    /// A role that sites of 2007 alone have, and this one too.
    pub only_in_2007: Option<Role>,
    /// Whether clients check revocation lists; `None`: nothing says it.
    pub checks_revocation: Option<bool>,
    /// Whether site systems use certificates the site makes.
    pub enhanced_http: bool,
    /// The systems, by name.
    pub systems: Vec<System>,
    /// Roles that nothing is said of, by name, counted.
    pub others: Vec<(String, usize)>,
    /// What else to tell, a line each.
    pub remarks: Vec<String>,
    /// How many roles were read.
    pub roles: usize,
    /// What the exports can tell.
    pub scope: Scope,
}

/// The release a management point says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its build.
    pub build: u32,
}

impl Release {
    /// The documents that are its law.
    pub const fn profile(self) -> Profile {
        match self.build {
            0..=6999 => Profile::NativeMode2007,
            7000.. => Profile::CurrentBranch,
        }
    }

    /// Whether it is System Center 2012, which has no documents of its own here.
    pub const fn is_2012(self) -> bool {
        matches!(self.build, 7000..=8239)
    }
}

/// A site system.
#[derive(Clone, Debug)]
pub struct System {
    /// The computer's name.
    pub name: String,
    /// Its FQDN inside.
    pub intranet_fqdn: Option<HostName>,
    /// Its FQDN outside.
    pub internet_fqdn: Option<HostName>,
    /// Which clients connect; `None`: nothing says it.
    pub connections: Option<ClientConnections>,
    /// The roles that are judged, in the order reports use.
    pub roles: Vec<Role>,
    /// The HTTPS port of every role but the update point's, where it is said.
    pub https_port: Option<u16>,
    /// The update point's HTTPS port, where it is said.
    pub update_port: Option<u16>,
    /// Its roles that are not judged, each with the reason.
    pub idle: Vec<Idle>,
    /// What else to tell of it, a line each.
    pub remarks: Vec<String>,
}

/// A role that is not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The definition's name of the role, where it has one.
    pub role: Option<&'static str>,
    /// Why, in words.
    pub why: String,
}

impl System {
    /// Whether it stands in a definition.
    pub fn is_judged(&self) -> bool {
        !self.roles.is_empty()
    }
}

impl Inventory {
    /// Puts the exports of a site together. `source` names them; `wanted` is the code of the site that is wanted.
    ///
    /// # Errors
    /// They are of several sites and none is chosen, or of none that has clients, or nothing in them uses HTTPS.
    pub fn of(exports: Vec<Export>, source: &str, wanted: Option<&str>) -> Result<Self, Wrong> {
        merge::merge(exports, source, wanted)
    }

    /// The documents the site is held against, as far as is known.
    pub fn profile(&self) -> Profile {
        match (self.release, self.only_in_2007) {
            (Some(release), _) => release.profile(),
            (None, Some(_)) => Profile::NativeMode2007,
            (None, None) => Profile::CurrentBranch,
        }
    }
}
