//! Sites of any size as a console exports them: every role, HTTP and HTTPS, Internet names, and secrets that must show
//! nowhere.

use serde_json::{Value, json as value};

/// What must never show.
pub(super) const CANARY: &str = "CANARY-7d1f";

/// The console's role, ours, and whether it uses HTTPS.
type Held = (&'static str, &'static str, bool);
/// Which clients connect: inside, outside; `None`: the console does not say.
type Facing = Option<(bool, bool)>;

/// A site system.
pub(super) struct Machine {
    name: String,
    pub(super) fqdn: String,
    internet: Option<String>,
    roles: Vec<Held>,
    facing: Facing,
}

/// A site of so many systems: each kind in turn.
pub(super) fn machines(count: usize) -> Vec<Machine> {
    const MP: &str = "SMS Management Point";
    const DP: &str = "SMS Distribution Point";
    const SUP: &str = "SMS Software Update Point";
    let kinds: [(&str, Vec<Held>, bool, Facing); 10] = [
        ("MP", vec![(MP, "management-point", true)], true, Some((true, true))),
        ("DP", vec![(DP, "distribution-point", true)], false, None),
        ("OLD", vec![(DP, "distribution-point", false)], false, None),
        ("SUP", vec![(SUP, "software-update-point", true)], false, Some((true, false))),
        ("WSUS", vec![(SUP, "software-update-point", false)], false, Some((true, false))),
        ("SMP", vec![("SMS State Migration Point", "state-migration-point", true)], false, None),
        ("ALL", vec![(MP, "management-point", true), (DP, "distribution-point", true)], false, Some((true, false))),
        ("FSP", vec![("SMS Fallback Status Point", "fallback-status-point", false)], false, None),
        ("PUB", vec![(DP, "distribution-point", true)], true, None),
        ("NET", vec![(MP, "management-point", true)], true, Some((false, true))),
    ];
    let machine = |at: usize| {
        let (kind, roles, outside, facing) = &kinds[at % kinds.len()];
        let name = format!("{kind}{at:04}");
        Machine {
            fqdn: format!("{name}.corp.contoso.com"),
            internet: outside.then(|| format!("{}.contoso.com", name.to_lowercase())),
            roles: roles.clone(),
            facing: *facing,
            name,
        }
    };
    (0..count).map(machine).collect()
}

impl Machine {
    /// Whether it is all HTTP though it could be otherwise.
    pub(super) fn is_plain(&self) -> bool {
        self.roles.iter().all(|(_, role, https)| !https && *role != "fallback-status-point")
    }

    /// What a plan must dial of it.
    pub(super) fn targets(&self) -> Vec<(String, String, String, String, u64)> {
        let (inside, outside) = self.facing.unwrap_or((true, self.internet.is_some()));
        let mut targets = Vec::new();
        for (_, role, _) in self.roles.iter().filter(|(.., https)| *https) {
            let port = if *role == "software-update-point" { 8531 } else { 443 };
            let mut dialled = |vantage: &str, name: &str| {
                targets.push((self.name.clone(), (*role).to_owned(), vantage.to_owned(), name.to_owned(), port));
            };
            if inside {
                dialled("intranet", &self.fqdn.to_lowercase());
            }
            if let Some(name) = self.internet.as_deref().filter(|_| outside) {
                dialled("internet", name);
            }
        }
        targets
    }

    /// Its objects.
    fn objects(&self) -> Vec<Value> {
        let property = |name: &str, number: i64, text: &str| value!({"PropertyName": name, "Value": number, "Value1": text, "Value2": CANARY});
        let secret = [
            property("PXEPassword", 0, CANARY),
            property("CertificateFile", 1, CANARY),
            value!({"PropertyName": "UserName", "Value": 0, "Value1": null, "Value2": CANARY}),
        ];
        let object = |role: &str, ssl: i64, properties: Vec<Value>| {
            let all = [properties.as_slice(), &secret].concat();
            value!({
                "SmsProviderObjectPath": "SMS_SCI_SysResUse.FileType=2",
                "RoleName": role,
                "SiteCode": "PRI",
                "NetworkOSPath": format!("\\\\{}", self.fqdn),
                "NALPath": format!("[\"Display=\\\\{0}\\\"]MSWNET:[\"SMS_SITE=PRI\"]\\\\{0}\\", self.fqdn),
                "SslState": ssl,
                "Type": 2,
                "RoleCount": 1,
                "Reserved": {"Deep": [{"er": CANARY}]},
                "Props": all,
                "PropLists": [{"PropertyListName": "Accounts", "Values": [CANARY]}],
            })
        };
        let public = property("Server Remote Public Name", 0, self.internet.as_deref().unwrap_or_default());
        let mut objects = vec![object("SMS Site System", 2, vec![public])];
        for (console, role, https) in &self.roles {
            let mut own = Vec::new();
            if let Some((inside, outside)) = self.facing {
                let (one, other) = if *role == "software-update-point" {
                    ("IsIntranet", "IsINF")
                } else {
                    ("MPIntranetFacing", "MPInternetFacing")
                };
                if *role != "distribution-point" {
                    own.push(property(one, inside.into(), ""));
                    own.push(property(other, outside.into(), ""));
                }
            }
            if *role == "software-update-point" {
                own.push(property("SSLWSUS", (*https).into(), ""));
                own.push(property("WSUSIISSSLPort", 8531, ""));
            }
            if *role == "distribution-point" {
                own.push(property("SslState", if *https { 63 } else { 0 }, ""));
            }
            objects.push(object(console, (*https).into(), own));
        }
        objects
    }
}

fn all(site: &[Machine]) -> Vec<Value> {
    site.iter().flat_map(Machine::objects).collect()
}

/// An array, as `ConvertTo-Json` writes it.
pub(super) fn json(site: &[Machine]) -> String {
    serde_json::to_string_pretty(&all(site)).unwrap()
}

/// An object a line, one after another.
pub(super) fn documents(site: &[Machine]) -> String {
    all(site).iter().map(|object| format!("{object}\n")).collect()
}

/// The administration service's pages; the last may say that there are more.
pub(super) fn pages(site: &[Machine], more: bool) -> String {
    let objects = all(site);
    let parts: Vec<&[Value]> = objects.chunks(7).collect();
    let page = |at: usize, part: &&[Value]| {
        let mut page =
            value!({"@odata.context": "https://cm/AdminService/wmi/$metadata#SMS_SCI_SysResUse", "value": part});
        if more || at + 1 < parts.len() {
            page["@odata.nextLink"] = value!("https://cm/AdminService/wmi/SMS_SCI_SysResUse?$skip=7");
        }
        page.to_string()
    };
    parts.iter().enumerate().map(|(at, part)| page(at, part) + "\n").collect()
}

/// With a byte order mark.
pub(super) fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
}
