//! Endpoints given on the command line or in a list: `[ROLE=]HOST[:PORT]`, `[ROLE=][v6]:PORT`, or an https URL.

mod shape;

use std::collections::HashSet;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use super::build::{Offers, update_point_twin};
use super::{Target, TargetId};
use crate::plan::expectation::{Expectation, Presenter};
use crate::site::name::{HostName, NameKind};
use crate::site::role::{Role, no_role};
use crate::site::suggestion::nearest;
use crate::site::vantage::Network;
use crate::wire::counted::counted;

/// The name of the vantage that endpoints given on the command line are probed from.
pub const HERE: &str = "here";
/// The longest line of a list that is read.
const LONGEST_LINE: usize = 1024;
/// How many faults of a list are told; who has more gave something else.
const MOST_FAULTS: usize = 200;

/// One endpoint, as given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The role; `None`: not given.
    pub role: Option<Role>,
    /// The name or the address.
    pub host: HostName,
    /// The port, given or the role's default.
    pub port: u16,
}

/// What is wrong with an endpoint, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointFault {
    /// The line of a list it stands in, counted from 1; 0: given on the command line.
    pub line: usize,
    /// The column the fault begins at, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl fmt::Display for EndpointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.hint)
    }
}

/// A list, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Its endpoints, each once, in its order.
    pub endpoints: Vec<Endpoint>,
    /// The lines whose URL has a path, which is ignored, counted from 1.
    pub paths: Vec<usize>,
    /// How many lines name an endpoint that was named before.
    pub repeated: usize,
}

/// A list that was read to its end and let go: what is known of it before anything in it is probed, and what a second
/// reading passes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many endpoints it names.
    pub count: usize,
    /// The lines whose URL has a path, which is ignored, counted from 1.
    pub paths: Vec<usize>,
    /// How many lines name an endpoint that was named before.
    pub repeated: usize,
    /// Those lines, counted from 1, in their order.
    again: Vec<usize>,
}

impl Checked {
    /// The endpoint that a line, counted from 1, is the first to name; `None`: it names none. What cannot be read is not
    /// what was checked.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn endpoint(&self, number: usize, line: &str) -> Result<Option<Endpoint>, EndpointFault> {
        if self.again.binary_search(&number).is_ok() {
            return Ok(None);
        }
        Ok(Endpoint::in_line(line)?.map(|(endpoint, _)| endpoint))
    }
}

/// A list being checked, line by line.
#[derive(Debug, Default)]
pub struct Checking {
    named: HashSet<Endpoint>,
    checked: Checked,
    faults: Vec<EndpointFault>,
    /// How many lines were read.
    lines: usize,
}

impl Checking {
    /// A list beside endpoints that are given already.
    pub fn beside(given: &[Endpoint]) -> Self {
        Self { named: given.iter().cloned().collect(), ..Self::default() }
    }

    /// Takes the next line, and gives the endpoint it is the first to name.
    pub fn line(&mut self, line: &str) -> Option<Endpoint> {
        self.lines += 1;
        match Endpoint::in_line(line) {
            Ok(None) => None,
            Ok(Some((endpoint, has_path))) => {
                if has_path {
                    self.checked.paths.push(self.lines);
                }
                if self.named.insert(endpoint.clone()) {
                    self.checked.count += 1;
                    return Some(endpoint);
                }
                self.checked.repeated += 1;
                self.checked.again.push(self.lines);
                None
            }
            Err(fault) => {
                if self.faults.len() < MOST_FAULTS {
                    self.faults.push(EndpointFault { line: self.lines, ..fault });
                }
                None
            }
        }
    }

    /// Whether so many faults were found that the rest is not told: nobody need read on.
    pub fn is_full(&self) -> bool {
        self.faults.len() == MOST_FAULTS
    }

    /// What the list was found to be.
    ///
    /// # Errors
    /// Its faults, with line and column.
    pub fn end(self) -> Result<Checked, Vec<EndpointFault>> {
        if self.faults.is_empty() { Ok(self.checked) } else { Err(self.faults) }
    }
}

impl Endpoint {
    /// Reads an endpoint. The path of a URL is ignored.
    ///
    /// # Errors
    /// What is wrong, with its column.
    pub fn parse(text: &str) -> Result<Self, EndpointFault> {
        Self::parse_with_path(text).map(|(endpoint, _)| endpoint)
    }

    /// Reads an endpoint, and gives the path of its URL, which is of no use.
    ///
    /// # Errors
    /// What is wrong, with its column.
    pub fn parse_with_path(text: &str) -> Result<(Self, Option<&str>), EndpointFault> {
        let fault = |at: usize, message: String, hint: &str| EndpointFault {
            line: 0,
            column: text[..at.min(text.len())].chars().count() + 1,
            message,
            hint: hint.to_owned(),
        };
        if let Some((message, hint)) = shape::fault(text) {
            return Err(fault(0, message, &hint));
        }
        // What follows a scheme is an address, whatever signs are in it.
        let (role, rest) = match text.split_once('=').filter(|(word, _)| !word.contains("://")) {
            Some((word, rest)) => (Some(role(word).map_err(|(message, hint)| fault(0, message, &hint))?), rest),
            None => (None, text),
        };
        let start = text.len() - rest.len();
        let (authority, at) = match rest.split_once("://") {
            Some((scheme, after)) if scheme.eq_ignore_ascii_case("https") => (after, start + scheme.len() + 3),
            Some((scheme, _)) => {
                // What is no scheme may be a password.
                let is_one = scheme.len() <= 20 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
                let scheme = if is_one { scheme } else { "none that is known" };
                return Err(fault(start, format!("the scheme is {scheme}"), "give an https URL, or HOST:PORT"));
            }
            None => (rest, start),
        };
        let (authority, path) = match authority.find(['/', '?', '#']) {
            Some(slash) if at > start => {
                let (authority, path) = authority.split_at(slash);
                (authority, Some(path).filter(|path| *path != "/"))
            }
            Some(slash) => {
                return Err(fault(
                    at + slash,
                    "a path follows the host".into(),
                    "leave it out: the role decides which paths are asked for",
                ));
            }
            None => (authority, None),
        };
        if let Some(sign) = authority.find('@') {
            return Err(fault(
                at + sign,
                "a user name stands before the host".into(),
                "leave it out: it is never needed, and never kept",
            ));
        }
        let (host, port) = split_port(authority).map_err(|(offset, message)| {
            fault(at + offset, message, "write HOST:PORT with a port from 1 to 65535, and an IPv6 address in brackets")
        })?;
        let named = HostName::new(host);
        if named.is_empty() {
            return Err(fault(at, "there is no host".into(), "write [ROLE=]HOST[:PORT]"));
        }
        if let Some((offset, odd)) = host.char_indices().find(|(_, c)| c.is_whitespace() || c.is_control()) {
            return Err(fault(
                at + offset,
                format!("the host holds {odd:?}"),
                "write one endpoint a line, without spaces",
            ));
        }
        let port = port.unwrap_or_else(|| role.map_or(443, Role::default_https_port));
        Ok((Self { role, host: named, port }, path))
    }

    /// Reads a line of a list, and whether the URL in it has a path, which is of no use; `None`: there is nothing in it.
    ///
    /// # Errors
    /// What is wrong, with its column.
    pub fn in_line(line: &str) -> Result<Option<(Self, bool)>, EndpointFault> {
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let content = line.split('#').next().unwrap_or_default();
        let indent = content.chars().take_while(|c| c.is_whitespace()).count();
        let content = content.trim();
        if content.is_empty() {
            return Ok(None);
        }
        if content.len() > LONGEST_LINE {
            let message = format!("the line has {}", counted(content.len(), "character"));
            let hint = "write one endpoint a line".to_owned();
            return Err(EndpointFault { line: 0, column: 1 + indent, message, hint });
        }
        // What stands behind # belongs to the URL where there is no space before it.
        match Self::parse_with_path(content) {
            Ok((endpoint, path)) => Ok(Some((endpoint, path.is_some()))),
            Err(fault) => Err(EndpointFault { column: fault.column + indent, ..fault }),
        }
    }

    /// Reads a list: one endpoint a line, `#` begins a comment, blank lines are passed over. What is named twice is one
    /// endpoint.
    ///
    /// # Errors
    /// The faults of the list, with line and column.
    pub fn parse_list(text: &str) -> Result<List, Vec<EndpointFault>> {
        let mut checking = Checking::default();
        let endpoints = text.lines().filter_map(|line| checking.line(line)).collect();
        let Checked { paths, repeated, .. } = checking.end()?;
        Ok(List { endpoints, paths, repeated })
    }

    /// Leaves each endpoint where it is first named, and gives how many were named again.
    pub fn once_each(endpoints: &mut Vec<Self>) -> usize {
        let before = endpoints.len();
        let mut seen = HashSet::with_capacity(before);
        endpoints.retain(|endpoint| seen.insert(endpoint.clone()));
        before - endpoints.len()
    }

    /// The target it is: probed from here, with nothing known of it but its role.
    pub fn target(&self, offers: &Offers, shared: &Shared) -> Target {
        let role = self.role.map_or("endpoint", Role::name);
        let host = match self.host.as_str().parse::<Ipv6Addr>() {
            Ok(v6) => format!("[{v6}]"),
            Err(_) => self.host.to_string(),
        };
        Target {
            id: TargetId::new(host.as_str(), role, format!("{host}:{}", self.port), HERE),
            system: host.into(),
            role: self.role,
            vantage: Arc::clone(&shared.vantage),
            network: Network::Intranet,
            name: self.host.clone(),
            name_kind: NameKind::Given,
            port: self.port,
            http_port: update_point_twin(self.port)
                .filter(|_| self.role == Some(Role::SoftwareUpdatePoint))
                .unwrap_or(80),
            expectation: Arc::clone(&shared.expectation),
            offers: offers.given(self.role, &self.host, self.port),
            connections: if self.role == Some(Role::Nlb) { 4 } else { 1 },
            why: Arc::clone(&shared.why),
        }
    }
}

/// What all endpoints given on the command line have in common, kept once.
#[derive(Clone, Debug)]
pub struct Shared {
    vantage: Arc<str>,
    expectation: Arc<Expectation>,
    why: Arc<str>,
}

impl Default for Shared {
    fn default() -> Self {
        let expectation =
            Expectation { presenter: Presenter::Unknown, private_addresses: true, ..Expectation::default() };
        Self { vantage: HERE.into(), expectation: Arc::new(expectation), why: "given on the command line".into() }
    }
}

/// The role a word names, or what is wrong with it and what would be right.
fn role(word: &str) -> Result<Role, (String, String)> {
    let known = || Role::ALL.into_iter().filter(|role| role.uses_https());
    match Role::parse(word) {
        Some(role) if role.uses_https() => Ok(role),
        Some(role) => Err((
            format!("a {role} speaks plain HTTP only, by design"),
            "give a role that clients reach over HTTPS".to_owned(),
        )),
        None => {
            let hint = match (nearest(word, known().map(Role::name)), no_role(word)) {
                (Some(meant), _) => format!("did you mean {meant}?"),
                (None, Some(why)) => why.to_owned(),
                (None, None) => format!("roles are {}", Role::listed(known())),
            };
            let word: String = word.chars().take(60).collect();
            Err((format!("\u{201c}{word}\u{201d} is no role"), hint))
        }
    }
}

/// Host and port of an authority; brackets are taken off an IPv6 address.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), (usize, String)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let Some((address, after)) = rest.split_once(']') else {
            return Err((0, "the bracket is not closed".into()));
        };
        if address.parse::<Ipv6Addr>().is_err() {
            return Err((1, format!("\u{201c}{address}\u{201d} is no IPv6 address")));
        }
        return match after.strip_prefix(':') {
            Some(port) => Ok((address, Some(read_port(port, address.len() + 3)?))),
            None if after.is_empty() => Ok((address, None)),
            None => Err((address.len() + 2, format!("\u{201c}{after}\u{201d} follows the address"))),
        };
    }
    // Without brackets a second colon can only be part of an IPv6 address.
    if authority.parse::<IpAddr>().is_ok() {
        return Ok((authority, None));
    }
    match authority.rsplit_once(':') {
        Some((host, _)) if host.contains(':') => {
            Err((0, format!("\u{201c}{authority}\u{201d} has several colons and is no IPv6 address")))
        }
        Some((host, port)) => Ok((host, Some(read_port(port, host.len() + 1)?))),
        None => Ok((authority, None)),
    }
}

fn read_port(text: &str, at: usize) -> Result<u16, (usize, String)> {
    match text.parse::<u16>() {
        Ok(port) if port > 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(port),
        _ => Err((at, format!("\u{201c}{text}\u{201d} is no port"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Checking, Endpoint, HostName, LONGEST_LINE, MOST_FAULTS, Role};

    #[test]
    fn every_form_is_read() {
        for (text, role, host, port) in [
            ("mp01.contoso.com", None, "mp01.contoso.com", 443),
            ("mp01.contoso.com:8443", None, "mp01.contoso.com", 8443),
            ("mp=mp01", Some(Role::ManagementPoint), "mp01", 443),
            ("sup=wsus.contoso.com", Some(Role::SoftwareUpdatePoint), "wsus.contoso.com", 8531),
            ("software-update-point=wsus:443", Some(Role::SoftwareUpdatePoint), "wsus", 443),
            ("dp=[2001:db8::1]:444", Some(Role::DistributionPoint), "2001:db8::1", 444),
            ("[::1]", None, "::1", 443),
            ("2001:db8::1", None, "2001:db8::1", 443),
            ("10.0.0.1:444", None, "10.0.0.1", 444),
            ("https://mp.contoso.com/", None, "mp.contoso.com", 443),
            ("mp=HTTPS://mp.contoso.com:8443", Some(Role::ManagementPoint), "mp.contoso.com", 8443),
            ("https://mp.contoso.com/SMS_MP/.sms_aut?MPLIST", None, "mp.contoso.com", 443),
            ("MP=https://mp.contoso.com:444/SMS_MP", Some(Role::ManagementPoint), "mp.contoso.com", 444),
            ("https://[2001:db8::1]/a=b", None, "2001:db8::1", 443),
            ("CMG=gate.contoso.com", Some(Role::CloudManagementGateway), "gate.contoso.com", 443),
            ("Management-Point=mp01", Some(Role::ManagementPoint), "mp01", 443),
            ("mp_01.contoso.com", None, "mp_01.contoso.com", 443),
        ] {
            let expected = Endpoint { role, host: HostName::new(host), port };
            assert_eq!(Endpoint::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn every_fault_is_pointed_at() {
        for (text, column, message) in [
            ("", 1, "no host"),
            (".:443", 1, "no host"),
            ("xy=host", 1, "no role"),
            ("fsp=host", 1, "plain HTTP"),
            ("http://host", 1, "scheme is http"),
            ("host/SMS_MP", 5, "a path"),
            ("host?a=b", 1, "no role"),
            ("application-catalog=host", 1, "no role"),
            ("https://user:secret@host", 20, "user name"),
            ("host:0", 6, "no port"),
            ("host:65536", 6, "no port"),
            ("host:+80", 6, "no port"),
            ("host:", 6, "no port"),
            ("[::1", 1, "not closed"),
            ("[host]:443", 2, "no IPv6"),
            ("a:b:c", 1, "several colons"),
            ("mp=a b", 1, "a space"),
            ("10.0.0.0/24", 1, "a network"),
            ("mp=10.0.0.0/24", 1, "a network"),
            ("2001:db8::/32", 1, "a network"),
            ("10.0.0.1-20", 1, "a range"),
            ("10.0.0.1-10.0.0.20", 1, "a range"),
            ("mp01,443", 1, "a comma"),
            ("mp01;443", 1, "a semicolon"),
            ("mp01\t443", 1, "a tab"),
            ("MP01,management-point,443", 1, "a comma"),
            ("CONTOSO\\MP07$", 1, "a computer account"),
            ("mp=MP07$", 1, "a computer account"),
            ("CONTOSO\\admin", 1, "a backslash"),
            ("\\\\mp01\\sms_pri", 1, "a share"),
            ("\"mp01\"", 1, "quotes"),
            ("'mp01:443'", 1, "quotes"),
            ("\u{201e}mp01\u{201c}", 1, "quotes"),
            ("mp=\"mp01\"", 1, "quotes"),
            ("*.contoso.com", 1, "a pattern"),
            ("[fe80::7%lo]:1", 1, "a zone"),
            ("fe80::7%eth0", 1, "a zone"),
            ("<mp01>", 1, "\u{201c}<\u{201d}"),
            ("mp01 # a comment", 1, "a space"),
        ] {
            let fault = Endpoint::parse(text).expect_err(text);
            assert!(fault.message.contains(message), "{text}: {fault}");
            assert_eq!(fault.column, column, "{text}: {fault}");
            assert!(!fault.to_string().contains("secret"), "{text}: {fault}");
        }
    }

    #[test]
    fn a_list_reports_all_its_faults() {
        let good = "# comment\r\nmp01.contoso.com # the first\r\n\r\n  mp=mp02:444\n";
        assert_eq!(Endpoint::parse_list(good).map(|list| list.endpoints.len()), Ok(2));
        let faults = Endpoint::parse_list("ok\n  host:x\nfoo=bar\n").expect_err("two faults");
        assert_eq!(faults.iter().map(|fault| (fault.line, fault.column)).collect::<Vec<_>>(), [(2, 8), (3, 1)]);
    }

    #[test]
    fn a_line_of_a_list_may_be_so_long_and_no_longer() {
        let line = |length: usize| Endpoint::parse_list(&format!("https://mp01/{}\nmp02\n", "a".repeat(length - 13)));
        assert_eq!(line(LONGEST_LINE).map(|list| list.endpoints.len()), Ok(2));
        let faults = line(LONGEST_LINE + 1).expect_err("a line beyond the bound");
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn so_many_faults_of_a_list_are_told_and_no_more() {
        let of = |count: usize| Endpoint::parse_list(&"mp01:0\n".repeat(count)).expect_err("every line is a fault");
        assert_eq!(of(MOST_FAULTS).len(), MOST_FAULTS);
        let most = of(MOST_FAULTS + 1);
        assert_eq!((most.len(), most.last().map(|fault| fault.line)), (MOST_FAULTS, Some(MOST_FAULTS)));
    }

    #[test]
    fn a_second_reading_gives_what_the_first_found_new() {
        let given = [Endpoint::parse("mp=mp01").unwrap()];
        let text = "\u{feff}mp01 # a\n\nmp=MP01.\nmp01:443\nhttps://mp02/x\nmp03\n";
        let mut checking = Checking::beside(&given);
        let new: Vec<Endpoint> = text.lines().filter_map(|line| checking.line(line)).collect();
        let checked = checking.end().unwrap();
        let again: Vec<Endpoint> =
            text.lines().enumerate().filter_map(|(at, line)| checked.endpoint(at + 1, line).unwrap()).collect();
        assert_eq!(again, new);
        let names: Vec<&str> = new.iter().map(|one| one.host.as_str()).collect();
        assert_eq!((names, checked.count, checked.repeated), (vec!["mp01", "mp02", "mp03"], 3, 2));
        assert!(checked.endpoint(1, "mp01:x").is_err());
    }

    #[test]
    fn an_endpoint_named_twice_is_one_and_ignored_paths_are_known() {
        let text = "mp01\nMP01.\nmp=mp01\nmp01:444\nhttps://mp01:444/x\nmp01\n";
        let list = Endpoint::parse_list(text).unwrap();
        let shown: Vec<String> =
            list.endpoints.iter().map(|one| format!("{:?} {}:{}", one.role, one.host, one.port)).collect();
        assert_eq!(shown, ["None mp01:443", "Some(ManagementPoint) mp01:443", "None mp01:444"]);
        assert_eq!((list.paths, list.repeated), (vec![5], 3));
    }

    proptest::proptest! {
        #[test]
        fn no_text_whatever_breaks_the_reader(text in "(mp=|=|https://|\\[|\\]|:|@|/|#|[0-9a-f]|\u{e9}|\\PC|\n){0,24}") {
            let _ = Endpoint::parse(&text);
            if let Err(faults) = Endpoint::parse_list(&text) {
                let lines = text.lines().count();
                proptest::prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line) && fault.column > 0));
            }
        }
    }
}
