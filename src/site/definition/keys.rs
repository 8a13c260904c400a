//! Every table and key a definition may have, as data: the reader, the JSON Schema and the starter all follow from it.

use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::{ClientKind, Communication};

/// A TOML table and what may stand in it.
#[derive(Debug)]
pub(super) struct Table {
    /// Its key.
    pub(super) name: &'static str,
    /// How its heading is written.
    pub(super) heading: &'static str,
    /// What it describes.
    pub(super) doc: &'static str,
    /// Its keys, in the order they are documented.
    pub(super) keys: &'static [Key],
    /// Keys that must never be here, with what to do instead.
    pub(super) refused: &'static [(&'static str, &'static str)],
}

/// A key of a table.
#[derive(Debug)]
pub(super) struct Key {
    /// As written.
    pub(super) name: &'static str,
    /// What its value may be.
    pub(super) kind: Kind,
    /// Whether it must be there.
    pub(super) need: Need,
    /// What it says.
    pub(super) doc: &'static str,
    /// A value, as written in TOML; for tables, empty.
    pub(super) example: &'static str,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A definition without it has a fault.
    Required,
    /// Without it, nothing is said.
    Optional,
    /// Without it, this value, as written in TOML.
    Default(&'static str),
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Text that is not empty.
    Text,
    /// `true` or `false`.
    Flag,
    /// 1 to 65535.
    Port,
    /// A date without a time.
    Date,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these roles, by its name or its short form, in any case.
    Role(&'static [Role]),
    /// A list of roles a site system may hold, those among them that are not judged.
    Roles,
    /// A list of Windows versions.
    Windows,
    /// A list of texts.
    Texts,
    /// An IP address.
    Address,
    /// A list of `ADDR[:PORT]`.
    NameServers,
    /// `http://HOST:PORT`.
    HttpProxy,
    /// A list of names, suffixes and networks.
    ProxyExceptions,
    /// A certificate's file, or its thumbprint.
    Certificate,
    /// A path below a web directory.
    WebPath,
    /// Host names, each with a list of IP addresses.
    Pins,
    /// Texts, each under a name.
    Named,
    /// A table.
    Table(&'static Table),
    /// A list of tables.
    Tables(&'static Table),
}

impl Kind {
    /// The kind in words.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Text
            | Self::Choice(_)
            | Self::Role(_)
            | Self::Address
            | Self::HttpProxy
            | Self::Certificate
            | Self::WebPath => "a text in quotes",
            Self::Flag => "true or false",
            Self::Port => "a port number",
            Self::Date => "a date",
            Self::Roles | Self::Windows | Self::Texts | Self::NameServers | Self::ProxyExceptions => "a list of texts",
            Self::Pins | Self::Named | Self::Table(_) => "a table",
            Self::Tables(_) => "a list of tables",
        }
    }
}

const fn key(name: &'static str, kind: Kind, need: Need, example: &'static str, doc: &'static str) -> Key {
    Key { name, kind, need, doc, example }
}

use Kind::{Address, Choice, Date, Flag, HttpProxy, NameServers, Pins, Port, Tables, Text, Texts};
use Need::{Default, Optional, Required};

/// The whole file.
pub(super) static FILE: Table = Table {
    name: "",
    heading: "the definition",
    doc: "A Configuration Manager site: what cmprobe probes and holds against the documents.",
    keys: &[
        key("site", Kind::Table(&SITE), Required, "", "The site itself."),
        key("trust", Kind::Table(&TRUST), Optional, "", "Whom clients and servers trust."),
        key("site_server", Kind::Table(&SITE_SERVER), Optional, "", "The site server."),
        key("client", Tables(&CLIENT), Optional, "", "Identities a probe may present, as a client of the site would."),
        key("vantage", Tables(&VANTAGE), Optional, "", "Where probes stand; none: one on the intranet."),
        key("system", Tables(&SYSTEM), Required, "", "The site systems."),
        key("cluster", Tables(&CLUSTER), Optional, "", "Network load balancing clusters."),
        key("proxy", Tables(&PROXY), Optional, "", "Proxy web servers for Internet clients."),
        key("waiver", Tables(&WAIVER), Optional, "", "Known, accepted deviations."),
    ],
    refused: &[],
};

static SITE: Table = Table {
    name: "site",
    heading: "[site]",
    doc: "The site itself.",
    keys: &[
        key("code", Text, Required, r#""PRI""#, "The site code: three letters or digits, case as in the console."),
        key("name", Text, Optional, r#""Contoso primary site""#, "What people call the site; by default its code."),
        key(
            "profile",
            Choice(&[Profile::NativeMode2007.name(), Profile::CurrentBranch.name()]),
            Optional,
            r#""native-mode-2007""#,
            "Which documents are the law; by default what a management point's version says, else native-mode-2007.",
        ),
        key(
            "kind",
            Choice(&["primary", "secondary"]),
            Default(r#""primary""#),
            r#""primary""#,
            "A secondary site signs no policies and has no signing certificate.",
        ),
        key(
            "communication",
            Choice(&[Communication::HttpsOnly.name(), Communication::EnhancedHttp.name()]),
            Default(r#""https-only""#),
            r#""https-only""#,
            "How clients speak with management and distribution points; enhanced HTTP is of Current Branch.",
        ),
        key(
            "windows",
            Kind::Windows,
            Default("[]"),
            r#"["7", "10-1607"]"#,
            "The Windows versions that must get in, each of them; by default one of the profile's at least.",
        ),
        key(
            "clients_check_revocation",
            Flag,
            Default("true"),
            "true",
            "Whether clients check certificate revocation lists.",
        ),
        key(
            "legacy_clients",
            Flag,
            Default("false"),
            "false",
            "Whether there are clients that cannot read SHA-2: Windows XP before SP3, Server 2003 without KB 938397.",
        ),
        key(
            "selection",
            Kind::Table(&SELECTION),
            Optional,
            "",
            "How clients are told to choose among their certificates, where not by the computer's name.",
        ),
    ],
    refused: &[],
};

static SELECTION: Table = Table {
    name: "selection",
    heading: "[site.selection]",
    doc: "How clients are told to choose among their certificates, where not by the computer's name: one of the two.",
    keys: &[
        key("subject_contains", Text, Optional, r#""Clients""#, "A text the subject contains."),
        key(
            "subject_attributes",
            Kind::Named,
            Optional,
            r#"{ OU = "Clients" }"#,
            "Attributes the subject has, each with its value.",
        ),
    ],
    refused: &[],
};

static TRUST: Table = Table {
    name: "trust",
    heading: "[trust]",
    doc: "Certificate files of those whom clients and servers trust. Paths are relative to the definition.",
    keys: &[
        key("roots", Texts, Default("[]"), r#"["pki/contoso-root.cer"]"#, "The root authorities clients trust."),
        key(
            "client_roots",
            Texts,
            Default("[]"),
            r#"["pki/contoso-root.cer"]"#,
            "The root authorities client certificates chain to; by default the same as roots.",
        ),
        key(
            "public_roots",
            Texts,
            Default("[]"),
            r#"["pki/public-root.cer"]"#,
            "Root authorities for what may have a public certificate: a cloud management gateway, a proxy web server.",
        ),
        key(
            "intermediates",
            Texts,
            Default("[]"),
            r#"["pki/contoso-issuing.cer"]"#,
            "Intermediate authorities present on clients, not sent by servers.",
        ),
    ],
    refused: &[],
};

static SITE_SERVER: Table = Table {
    name: "site_server",
    heading: "[site_server]",
    doc: "The site server.",
    keys: &[key(
        "signing_certificate",
        Text,
        Optional,
        r#""pki/site-signing.cer""#,
        "The file of the site server signing certificate; the management point is asked as well.",
    )],
    refused: &[],
};

const NO_SECRETS: &str = "secrets do not belong in a definition: name an environment variable with password_env, or a file with password_file";

static CLIENT: Table = Table {
    name: "client",
    heading: "[[client]]",
    doc: "An identity the probe may present: either pfx, or certificate and key.",
    keys: &[
        key("name", Text, Required, r#""workstation""#, "What the definition calls it."),
        key(
            "kind",
            Choice(&[
                ClientKind::Computer.name(),
                ClientKind::MobileDevice.name(),
                ClientKind::Deployment.name(),
                ClientKind::Monitoring.name(),
                ClientKind::DistributionPointClient.name(),
                ClientKind::Outsider.name(),
            ]),
            Default(r#""computer""#),
            r#""computer""#,
            "What kind of client it stands for; an outsider's certificate is of another root the machine trusts, and must be refused.",
        ),
        key("pfx", Text, Optional, r#""pki/workstation.pfx""#, "A PKCS #12 file with certificate and key."),
        key("certificate", Text, Optional, r#""pki/workstation.cer""#, "The certificate, PEM or DER."),
        key("key", Text, Optional, r#""pki/workstation.key""#, "The private key, PEM or DER."),
        key(
            "password_env",
            Text,
            Optional,
            r#""CMPROBE_WORKSTATION""#,
            "The environment variable with the password that opens the file.",
        ),
        key(
            "password_file",
            Text,
            Optional,
            r#""pki/workstation.password""#,
            "The file whose first line is the password.",
        ),
    ],
    refused: &[
        ("password", NO_SECRETS),
        ("passphrase", NO_SECRETS),
        ("pass", NO_SECRETS),
        ("secret", NO_SECRETS),
        ("pfx_password", NO_SECRETS),
        ("key_password", NO_SECRETS),
    ],
};

const NETWORKS: &[&str] = &["intranet", "internet"];

static VANTAGE: Table = Table {
    name: "vantage",
    heading: "[[vantage]]",
    doc: "A place to stand: which names clients there use, and whom they ask for addresses.",
    keys: &[
        key("name", Text, Required, r#""intranet""#, "What the definition and the command line call it."),
        key(
            "network",
            Choice(NETWORKS),
            Optional,
            r#""intranet""#,
            "Which names a client standing here uses; by default internet for a vantage of that name, else intranet.",
        ),
        key(
            "dns",
            NameServers,
            Default("[]"),
            r#"["10.1.0.10"]"#,
            "The name servers asked, ADDR or ADDR:PORT; by default the machine's own resolver.",
        ),
        key(
            "private_addresses",
            Flag,
            Default("false"),
            "false",
            "Internet names may lead to private addresses here (a test network).",
        ),
        key("source_ip", Address, Optional, r#""10.1.0.99""#, "The local address connections start from."),
        key(
            "proxy",
            HttpProxy,
            Optional,
            r#""http://proxy.corp.contoso.com:8080""#,
            "An HTTP proxy to go through with CONNECT, without credentials.",
        ),
        key(
            "no_proxy",
            Kind::ProxyExceptions,
            Default("[]"),
            r#"[".corp.contoso.com", "10.0.0.0/8"]"#,
            "What is reached without the proxy: names, suffixes that begin with a dot, addresses, networks.",
        ),
        key(
            "hosts",
            Pins,
            Optional,
            r#"{ "mp01.corp.contoso.com" = ["10.1.0.21"] }"#,
            "Names pinned to addresses: the resolver is not asked for these.",
        ),
    ],
    refused: &[],
};

/// The roles a site system may hold that are judged, or known not to use HTTPS.
pub(super) const SYSTEM_ROLES: &[Role] = &[
    Role::ManagementPoint,
    Role::ProxyManagementPoint,
    Role::DistributionPoint,
    Role::SoftwareUpdatePoint,
    Role::StateMigrationPoint,
    Role::MobileDeviceManagementPoint,
    Role::BranchDistributionPoint,
    Role::FallbackStatusPoint,
    Role::ServerLocatorPoint,
    Role::CloudManagementGateway,
    Role::SmsProvider,
    Role::ReportingPoint,
];

static SYSTEM: Table = Table {
    name: "system",
    heading: "[[system]]",
    doc: "A computer that holds site system roles.",
    keys: &[
        key("name", Text, Required, r#""MP01""#, "The computer (NetBIOS) name."),
        key(
            "intranet_fqdn",
            Text,
            Optional,
            r#""mp01.corp.contoso.com""#,
            "The FQDN clients inside use; without it the system is configured by its NetBIOS name.",
        ),
        key("internet_fqdn", Text, Optional, r#""mp.contoso.com""#, "The FQDN clients outside use."),
        key(
            "client_connections",
            Choice(&["intranet", "internet", "both"]),
            Optional,
            r#""both""#,
            "Which clients it accepts; by default both where there is an internet_fqdn, else intranet.",
        ),
        key("roles", Kind::Roles, Required, r#"["management-point", "distribution-point"]"#, "What it does."),
        key(
            "expected_certificate",
            Kind::Certificate,
            Optional,
            r#""pki/mp01.cer""#,
            "The certificate that must be bound: its file, or its thumbprint.",
        ),
        key(
            "package_path",
            Kind::WebPath,
            Optional,
            r#""PRI00012.3""#,
            "A path below the package directory, fetched as clients do: HEAD, and a range.",
        ),
        key("ports", Kind::Table(&SYSTEM_PORTS), Optional, "", "Ports that differ from the defaults."),
    ],
    refused: &[],
};

const HTTPS: Key =
    key("https", Port, Default("443"), "443", "The HTTPS port of every role that is not named here by itself.");
const HTTP: Key = key("http", Port, Default("80"), "80", "The plain HTTP port, where native mode serves no clients.");
const MANAGEMENT_POINT: Key =
    key(Role::ManagementPoint.name(), Port, Optional, "443", "The management point's HTTPS port.");
const SOFTWARE_UPDATE_POINT: Key = key(
    Role::SoftwareUpdatePoint.name(),
    Port,
    Default("8531"),
    "8531",
    "The software update point's HTTPS port: 8531 with a web site of its own, 443 without.",
);

const SOFTWARE_UPDATE_POINT_HTTP: Key = key(
    UPDATE_POINT_HTTP,
    Port,
    Optional,
    "8530",
    "The software update point's HTTP port, by which content comes; by default 8530 beside 8531, else that of http.",
);

/// The key of the software update point's HTTP port.
pub(super) const UPDATE_POINT_HTTP: &str = "software-update-point-http";

static SYSTEM_PORTS: Table = Table {
    name: "ports",
    heading: "[system.ports]",
    doc: "Ports that differ from the defaults.",
    keys: &[
        HTTPS,
        HTTP,
        MANAGEMENT_POINT,
        key(Role::ProxyManagementPoint.name(), Port, Optional, "443", "The proxy management point's HTTPS port."),
        key(Role::DistributionPoint.name(), Port, Optional, "443", "The distribution point's HTTPS port."),
        SOFTWARE_UPDATE_POINT,
        SOFTWARE_UPDATE_POINT_HTTP,
        key(Role::StateMigrationPoint.name(), Port, Optional, "443", "The state migration point's HTTPS port."),
        key(
            Role::MobileDeviceManagementPoint.name(),
            Port,
            Optional,
            "443",
            "The mobile device management point's HTTPS port.",
        ),
        key(Role::CloudManagementGateway.name(), Port, Optional, "443", "The cloud management gateway's HTTPS port."),
        key(Role::SmsProvider.name(), Port, Optional, "443", "The administration service's HTTPS port."),
        key(Role::ReportingPoint.name(), Port, Optional, "443", "The reporting point's HTTPS port."),
    ],
    refused: &[],
};

static CLUSTER: Table = Table {
    name: "cluster",
    heading: "[[cluster]]",
    doc: "Site systems that share a name and an address (network load balancing).",
    keys: &[
        key("name", Text, Required, r#""CMNLB""#, "What the definition calls it."),
        key(
            "role",
            Kind::Role(&[Role::ManagementPoint, Role::SoftwareUpdatePoint]),
            Required,
            r#""management-point""#,
            "The role its nodes share.",
        ),
        key("intranet_fqdn", Text, Optional, r#""cm.corp.contoso.com""#, "The cluster's FQDN inside."),
        key("internet_fqdn", Text, Optional, r#""cm.contoso.com""#, "The cluster's FQDN outside."),
        key("nodes", Texts, Required, r#"["MP02", "MP03"]"#, "Names of the site systems that are its nodes."),
        key("ports", Kind::Table(&CLUSTER_PORTS), Optional, "", "Ports that differ from the nodes'."),
    ],
    refused: &[],
};

static CLUSTER_PORTS: Table = Table {
    name: "ports",
    heading: "[cluster.ports]",
    doc: "Ports that differ from the nodes'.",
    keys: &[
        key("https", Port, Optional, "443", "The cluster's HTTPS port; by default its nodes'."),
        key("http", Port, Optional, "80", "The cluster's plain HTTP port; by default its nodes'."),
        MANAGEMENT_POINT,
        key(Role::SoftwareUpdatePoint.name(), Port, Optional, "8531", "The software update point's HTTPS port."),
        SOFTWARE_UPDATE_POINT_HTTP,
    ],
    refused: &[],
};

static PROXY: Table = Table {
    name: "proxy",
    heading: "[[proxy]]",
    doc: "A proxy web server for Internet clients: outside, the Internet FQDNs of what it publishes lead to it.",
    keys: &[
        key("name", Text, Required, r#""ISA01""#, "What the definition calls it."),
        key("internet_fqdn", Text, Required, r#""mp.contoso.com""#, "The name Internet clients dial."),
        key(
            "mode",
            Choice(&["bridging", "tunneling"]),
            Required,
            r#""bridging""#,
            "Whether it terminates clients' TLS and opens its own (bridging), or passes it on unopened (tunneling).",
        ),
        key("publishes", Texts, Required, r#"["MP01"]"#, "Names of the site systems or clusters it publishes."),
        key("port", Port, Optional, "443", "Where it listens; by default where what it publishes listens."),
        key(
            "client_certificate",
            Text,
            Optional,
            r#""pki/isa-client.cer""#,
            "The file of the separate client certificate a bridging proxy shows on the inner leg.",
        ),
    ],
    refused: &[],
};

static WAIVER: Table = Table {
    name: "waiver",
    heading: "[[waiver]]",
    doc: "A known, accepted deviation. One that nothing uses is itself reported.",
    keys: &[
        key("requirement", Text, Required, r#""web-server/key-length""#, "The requirement's id."),
        key("system", Text, Optional, r#""MP01""#, "The system, cluster or proxy it holds for; by default all."),
        key("reason", Text, Required, r#""replaced in the May change window""#, "Why the deviation is accepted."),
        key("until", Date, Optional, "2027-05-31", "The last day it holds; by default it has no end."),
    ],
    refused: &[],
};

impl Table {
    /// Every table below this one, itself first, in the order of the file.
    pub(super) fn all(&'static self) -> Vec<&'static Self> {
        let below = self.keys.iter().filter_map(|key| match key.kind {
            Kind::Table(table) | Tables(table) => Some(table),
            _ => None,
        });
        std::iter::once(self).chain(below.flat_map(Self::all)).collect()
    }

    /// The key of this name; among ports, that of a role may be written in its short form, and in any case.
    pub(super) fn key(&'static self, name: &str) -> Option<&'static Key> {
        let named = |name: &str| self.keys.iter().find(|key| key.name == name);
        named(name).or_else(|| named(Role::parse(name).filter(|_| self.is_ports())?.name()))
    }

    /// Whether its keys are roles, with their ports.
    pub(super) fn is_ports(&self) -> bool {
        self.name == "ports"
    }
}

#[cfg(test)]
mod tests {
    use super::{FILE, Kind, SYSTEM_ROLES};
    use crate::site::role::Role;

    #[test]
    fn the_roles_of_systems_are_those_of_the_type() {
        let of_systems: Vec<Role> =
            Role::ALL.into_iter().filter(|role| !matches!(role, Role::Proxy | Role::Nlb)).collect();
        assert_eq!(SYSTEM_ROLES, of_systems);
    }

    #[test]
    fn every_key_says_what_it_is_and_shows_a_value() {
        for table in FILE.all() {
            assert!(table.doc.ends_with('.'), "{}", table.heading);
            for key in table.keys {
                assert!(key.doc.ends_with('.'), "{} {}", table.heading, key.name);
                let below = matches!(key.kind, Kind::Table(_) | Kind::Tables(_));
                assert_eq!(key.example.is_empty(), below, "{} {}", table.heading, key.name);
            }
        }
    }
}
