//! An http URL as certificates and redirects write it: spaces and all.

use crate::certificate::revocation_list::Scheme;
use crate::observation::failure::{ExchangeFailure, Failure, ResolveFailure};
use crate::site::name::HostName;

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// The name to resolve.
    pub host: HostName,
    /// The port to connect to.
    pub port: u16,
    /// Path and query, as they are asked for.
    pub path: String,
}

impl Url {
    /// Reads an http URL.
    ///
    /// # Errors
    /// It names no host or port that could be asked, or holds credentials.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let unusable = |why: &str| Failure::new(ResolveFailure::NameUnusable, format!("the URL {why}"));
        let (_, rest) = text.split_once("://").ok_or_else(|| unusable("names no host"))?;
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (authority, path) = rest.split_at(rest.find(['/', '?', '\\']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(unusable("holds credentials"));
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                (host, port.parse().map_err(|_| unusable("names a port that is none"))?)
            }
            _ => (authority, 80),
        };
        let named = HostName::new(host);
        if named.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(unusable("names no host"));
        }
        let slash = if path.starts_with(['/', '\\']) { "" } else { "/" };
        Ok(Self { host: named, port, path: format!("{slash}{}", escaped(path)) })
    }

    /// Where a redirect from here leads.
    ///
    /// # Errors
    /// It leads to something other than http, or nowhere.
    pub fn join(&self, location: &str) -> Result<Self, Failure> {
        let location = location.trim();
        let location = location.split_once('#').map_or(location, |(before, _)| before);
        if let Some(rest) = location.strip_prefix("//") {
            return Self::parse(&format!("http://{rest}"));
        }
        if let Some((scheme, _)) = location.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', '?'])) {
            if Scheme::of(location) == Scheme::Http {
                return Self::parse(location);
            }
            let scheme: String = scheme.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
            let words = format!("redirected to {scheme}://, where lists are not fetched");
            return Err(Failure::new(ExchangeFailure::NotFetched, words));
        }
        let path = if location.starts_with('/') {
            escaped(location)
        } else {
            let own = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
            let folder = own.rfind('/').map_or("/", |slash| &own[..=slash]);
            if location.starts_with('?') {
                format!("{own}{}", escaped(location))
            } else {
                format!("{folder}{}", escaped(location))
            }
        };
        Ok(Self { path, ..self.clone() })
    }

    /// As the Host header has it.
    pub fn authority(&self) -> String {
        match self.port {
            80 => self.host.as_str().to_owned(),
            port => format!("{}:{port}", self.host.as_str()),
        }
    }
}

/// What may not stand in a request, as percent signs and digits; a backslash, as browsers and Windows read it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'\\' => out.push('/'),
            b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' | 0..=0x20 | 0x7f.. => {
                out.push_str(&format!("%{byte:02X}"));
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, u16, String) {
        let url = Url::parse(text).unwrap();
        (url.host.as_str().to_owned(), url.port, url.path)
    }

    #[test]
    fn urls_are_read_as_certificates_write_them() {
        let of = |host: &str, port, path: &str| (host.to_owned(), port, path.to_owned());
        assert_eq!(parsed("http://pki/a.crl"), of("pki", 80, "/a.crl"));
        assert_eq!(parsed("HTTP://pki:8080/Contoso Issuing CA.crl"), of("pki", 8080, "/Contoso%20Issuing%20CA.crl"));
        assert_eq!(parsed("http://pki"), of("pki", 80, "/"));
        assert_eq!(parsed("http://pki?a=b#c"), of("pki", 80, "/?a=b"));
        assert_eq!(parsed("http://[::1]:81/a%20b+.crl"), of("[::1]", 81, "/a%20b+.crl"));
        assert_eq!(parsed("http://[::1]/"), of("[::1]", 80, "/"));
        assert_eq!(parsed("http://pki/\u{e9}"), of("pki", 80, "/%C3%A9"));
        for bad in [
            "http://",
            "http:///a.crl",
            "http://./a.crl",
            "http://a b/",
            "http://pki:x/",
            "http://pki:99999/",
            "http://u:p@pki/",
            "http:a",
        ] {
            assert_eq!(Url::parse(bad).unwrap_err().stop, ResolveFailure::NameUnusable.into(), "{bad}");
        }
    }

    #[test]
    fn redirects_lead_where_they_say() {
        let here = Url::parse("http://pki:81/x/a.crl?q").unwrap();
        let to = |location: &str| here.join(location).map(|url| format!("{}{}", url.authority(), url.path));
        assert_eq!(to("/b.crl").unwrap(), "pki:81/b.crl");
        assert_eq!(to("b.crl").unwrap(), "pki:81/x/b.crl");
        assert_eq!(to("?r").unwrap(), "pki:81/x/a.crl?r");
        assert_eq!(to("http://other/b.crl").unwrap(), "other/b.crl");
        assert_eq!(to("//other/b.crl").unwrap(), "other/b.crl");
        assert_eq!(to("/back?to=http://x/").unwrap(), "pki:81/back?to=http://x/");
        assert_eq!(to("https://pki/a.crl").unwrap_err().stop, ExchangeFailure::NotFetched.into());
        assert_eq!(to("file:///etc/passwd").unwrap_err().stop, ExchangeFailure::NotFetched.into());
    }
}
