//! Values as users write them, read into what they mean.

use std::net::IpAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cmprobe::connect::Proxy;
use cmprobe::plan::engine::EngineId;
use cmprobe::report::{Format, Show};
use cmprobe::request::certificate_use::CertificateUse;
use cmprobe::rule::usage::Use;
use cmprobe::site::address;
use cmprobe::site::name::HostName;
use cmprobe::site::profile::Profile;
use cmprobe::site::role::Role;
use cmprobe::verdict::severity::Severity;
use cmprobe::wire::timestamp::Timestamp;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

/// A day, or a moment in RFC 3339.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok();
    // The parser takes more than a day (a time without an offset, a week): only a day is meant here.
    let is_day = text.len() == "2027-05-31".len() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let day = || Date::parse(text, &Iso8601::DATE).ok().filter(|_| is_day).map(|day| day.midnight().assume_utc());
    moment
        .or_else(day)
        .map(Timestamp::from)
        .ok_or_else(|| "write a day as 2027-05-31, or a moment as 2027-05-31T12:00:00Z".into())
}

/// One of several names.
fn one_of<T: Copy>(text: &str, all: impl IntoIterator<Item = (&'static str, T)>) -> Result<T, String> {
    let mut names = Vec::new();
    for (name, value) in all {
        if name == text {
            return Ok(value);
        }
        names.push(name);
    }
    Err(format!("it is one of {}", names.join(", ")))
}

pub(super) fn severity(text: &str) -> Result<Severity, String> {
    one_of(text, Severity::ALL.map(|severity| (severity.name(), severity)))
}

pub(super) fn format(text: &str) -> Result<Format, String> {
    one_of(text, Format::ALL.map(|format| (format.name(), format)))
}

pub(super) fn show(text: &str) -> Result<Show, String> {
    one_of(text, [("failures", Show::Failures), ("all", Show::All), ("calendar", Show::Calendar)])
}

pub(super) fn profile(text: &str) -> Result<Profile, String> {
    one_of(text, Profile::ALL.map(|profile| (profile.name(), profile)))
}

pub(super) fn file_kind(text: &str) -> Result<Use, String> {
    one_of(text, Use::ALL.map(|kind| (kind.name(), kind)))
}

/// The demonstration's site, by its year.
#[cfg(feature = "demo")]
pub(super) fn edition(text: &str) -> Result<cmprobe::lab::site::blueprint::Edition, String> {
    use cmprobe::lab::site::blueprint::Edition;
    one_of(text, Edition::ALL.map(|edition| (edition.name(), edition)))
}

/// An address of this machine, an IPv6 one in brackets or not.
pub(super) fn local_address(text: &str) -> Result<IpAddr, String> {
    let in_brackets = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = in_brackets.map_or_else(|| text.parse().ok(), |inside| inside.parse().ok().map(IpAddr::V6));
    match address {
        Some(IpAddr::V6(at)) if at.is_unicast_link_local() => {
            Err("a link-local address needs its link (a zone), and zones are not taken; give another one".into())
        }
        Some(address) => Ok(address),
        None if text.contains('%') => Err("a zone (after %) is not taken; give an address of wider scope".into()),
        None => Err("write an IPv4 or IPv6 address of this machine: 10.1.0.99, 2001:db8::1".into()),
    }
}

/// Three letters or digits.
pub(super) fn site_code(text: &str) -> Result<String, String> {
    let is_one = text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_one {
        Ok(text.to_owned())
    } else {
        Err("a site code is three letters or digits, case as in the console".into())
    }
}

/// A server name as TLS sends it: a name of DNS, never an address (RFC 6066, section 3).
pub(super) fn server_name(text: &str) -> Result<String, String> {
    let is_address = text.parse::<IpAddr>().is_ok();
    let is_name = rustls_pki_types::DnsName::try_from(text).is_ok() && !text.ends_with('.');
    if is_name && !is_address {
        Ok(text.to_owned())
    } else if is_address {
        Err("a server name is never an address: give a name, or --no-sni to send none".into())
    } else {
        Err("a server name is a name of DNS without a dot at its end, such as mp01.corp.contoso.com; --no-sni sends none".into())
    }
}

/// How many at once, at least one.
pub(super) fn count(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "write a whole number from 1 on".into())
}

/// What a certificate is to be requested for.
pub(super) fn certificate_use(text: &str) -> Result<CertificateUse, String> {
    match text {
        "mobile-device" => Err("mobile devices enrol their certificates themselves".into()),
        "root" => Err("a root signs itself; nobody is asked for it".into()),
        _ => one_of(text, CertificateUse::ALL.map(|one| (one.name(), one))),
    }
}

/// A role clients reach over HTTPS, by its name or its short form.
pub(super) fn https_role(text: &str) -> Result<Role, String> {
    let known = Role::ALL.into_iter().filter(|role| role.uses_https());
    Role::parse(text)
        .filter(|role| role.uses_https())
        .ok_or_else(|| format!("it is one of {}", known.map(Role::name).collect::<Vec<_>>().join(", ")))
}

pub(super) fn engine(text: &str) -> Result<EngineId, String> {
    one_of(text, [EngineId::Rustls, EngineId::Openssl, EngineId::HelloReader].map(|engine| (engine.name(), engine)))
}

/// `FORMAT=FILE`
pub(super) fn report(text: &str) -> Result<(Format, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !path.is_empty() => Ok((format(name)?, path.into())),
        _ => Err("write FORMAT=FILE, as in json=report.json".into()),
    }
}

/// `500ms`, `5s`, `1m`; a bare number is refused, because nobody knows of what.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("it is more than nothing: write 500ms, 5s".into()),
        Ok(duration) if duration > Duration::from_secs(3600) => Err("it is at most an hour".into()),
        Ok(duration) => Ok(duration),
        Err(_) => Err("write 500ms, 5s, 1m".into()),
    }
}

/// `90d`, `12w`: whole days.
pub(super) fn days(text: &str) -> Result<u32, String> {
    const DAY: u64 = 86_400;
    let read =
        humantime::parse_duration(text).ok().filter(|time| time.as_secs() % DAY == 0 && time.subsec_nanos() == 0);
    read.and_then(|time| u32::try_from(time.as_secs() / DAY).ok()).ok_or_else(|| "write whole days: 90d, 12w".into())
}

/// `100/s` or `100`
pub(super) fn rate(text: &str) -> Result<NonZeroU32, String> {
    let number = text.strip_suffix("/s").unwrap_or(text);
    number.parse().map_err(|_| "write so many a second: 100/s".into())
}

/// `ADDR[:PORT]`
pub(super) fn name_server(text: &str) -> Result<std::net::SocketAddr, String> {
    address::name_server(text).map_err(|wrong| wrong.to_string())
}

/// A proxy as it was given. What is wrong with it is told later: a parser's complaint would quote it, and it may hold a
/// password.
#[derive(Clone, Debug)]
pub(crate) struct GivenProxy(pub(crate) Result<Arc<Proxy>, String>);

#[expect(clippy::unnecessary_wraps, reason = "what the command line's parser calls may fail")]
pub(super) fn proxy(text: &str) -> Result<GivenProxy, String> {
    let checked = address::http_proxy(text).map_err(|wrong| wrong.to_string());
    Ok(GivenProxy(checked.and_then(|checked| Proxy::new(&checked, None).map(Arc::new))))
}

/// A pin, as curl writes it: `HOST:PORT:ADDR[,ADDR]…`, IPv6 addresses with brackets or without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pinned {
    pub(crate) name: HostName,
    pub(crate) port: u16,
    pub(crate) addresses: Vec<IpAddr>,
}

impl Pinned {
    /// Whether one for the same name and port is among others that take another address.
    pub(crate) fn is_among(&self, others: &[Self]) -> bool {
        others.iter().any(|other| other.name == self.name && other.port == self.port)
    }
}

pub(super) fn pinned(text: &str) -> Result<Pinned, String> {
    const RIGHT: &str = "write HOST:PORT:ADDR[,ADDR]..., as in mp.contoso.com:443:10.1.0.21";
    let (host, rest) = text.split_once(':').ok_or(RIGHT)?;
    let (port, addresses) = rest.split_once(':').ok_or(RIGHT)?;
    let name = HostName::new(host);
    if name.is_empty() {
        return Err(RIGHT.into());
    }
    let port = address::port(port).map_err(|wrong| wrong.to_string())?;
    let bare = |text: &str| text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text).to_owned();
    let addresses = addresses
        .split(',')
        .map(|one| address::ip_address(&bare(one)).map_err(|wrong| wrong.to_string()))
        .collect::<Result<_, _>>()?;
    Ok(Pinned { name, port, addresses })
}

#[cfg(test)]
mod tests {
    use super::{duration, local_address, pinned, rate, report, time};

    #[test]
    fn a_local_address_may_stand_in_brackets_and_has_no_zone() {
        for (text, read) in
            [("10.1.0.99", "10.1.0.99"), ("::1", "::1"), ("[::1]", "::1"), ("[2001:db8::1]", "2001:db8::1")]
        {
            assert_eq!(local_address(text).map(|at| at.to_string()), Ok(read.to_owned()));
        }
        for (text, words) in [
            ("fe80::1", "link-local"),
            ("[fe80::1]", "link-local"),
            ("fe80::1%lo", "zone"),
            ("[10.1.0.99]", "write an IPv4"),
            ("localhost", "write an IPv4"),
            ("[::1", "write an IPv4"),
        ] {
            assert!(local_address(text).is_err_and(|told| told.contains(words)), "{text}");
        }
    }

    #[test]
    fn times_are_days_or_moments() {
        for (text, read) in [
            ("2027-05-31", "2027-05-31T00:00:00Z"),
            ("2027-05-31T12:00:00Z", "2027-05-31T12:00:00Z"),
            ("2027-05-31T12:00:00+02:00", "2027-05-31T10:00:00Z"),
        ] {
            assert_eq!(time(text).map(|at| at.to_string()), Ok(read.to_owned()));
        }
        for text in ["", "now", "31.05.2027", "2027-02-30", "2027-05-31T12:00:00", "1700000000"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_have_a_unit_and_a_bound() {
        for text in ["500ms", "5s", "1m 30s", "1h"] {
            assert!(duration(text).is_ok(), "{text}");
        }
        for text in ["", "5", "0s", "61m", "-1s", "soon"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn pins_are_as_curl_writes_them() {
        let read = |text: &str| pinned(text).map(|pin| (pin.name.to_string(), pin.port, pin.addresses.len()));
        assert_eq!(read("mp:443:10.1.0.21"), Ok(("mp".into(), 443, 1)));
        assert_eq!(read("mp:443:[2001:db8::1]"), Ok(("mp".into(), 443, 1)));
        assert_eq!(read("mp:443:2001:db8::1,10.1.0.21"), Ok(("mp".into(), 443, 2)));
        for text in ["", "mp", "mp:443", "mp:443:", "mp:0:10.1.0.21", ":443:10.1.0.21", "mp:443:host"] {
            assert!(pinned(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rates_and_reports() {
        assert_eq!(rate("100/s").map(std::num::NonZero::get), Ok(100));
        assert_eq!(rate("7").map(std::num::NonZero::get), Ok(7));
        assert!(rate("0/s").is_err() && rate("1/m").is_err());
        assert!(report("json=a=b.json").is_ok());
        for text in ["json", "json=", "=x", "pdf=x", ""] {
            assert!(report(text).is_err(), "{text}");
        }
    }
}
