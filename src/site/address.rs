//! Addresses as users write them: name servers as `ADDR[:PORT]`, HTTP proxies as `http://HOST:PORT`.

use std::net::{IpAddr, SocketAddr};

use super::fault::Wrong;

/// Where DNS is asked unless the address says otherwise.
const DNS_PORT: u16 = 53;

/// Schemes of proxies in use.
const SCHEMES: [&str; 8] = ["https", "ftp", "socks", "socks4", "socks4a", "socks5", "socks5h", "tcp"];

/// Reads a name server's address: `10.1.0.10`, `10.1.0.10:5353`, `2001:db8::53` or `[2001:db8::53]:5353`.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn name_server(text: &str) -> Result<SocketAddr, Wrong> {
    let unbracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    if let Ok(address) = unbracketed.parse::<IpAddr>() {
        return Ok(SocketAddr::new(address, DNS_PORT));
    }
    match text.parse::<SocketAddr>() {
        Ok(address) if address.port() != 0 => Ok(address),
        Ok(_) => Err(Wrong::new(format!("\u{201c}{text}\u{201d} has port 0"), "ports are 1 to 65535")),
        Err(_) => Err(Wrong::new(
            format!("\u{201c}{text}\u{201d} is not a name server's address"),
            "write ADDR or ADDR:PORT, as in 10.1.0.10, 10.1.0.10:5353 or [2001:db8::53]:53",
        )),
    }
}

/// Reads an IP address without a port.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn ip_address(text: &str) -> Result<IpAddr, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(
            format!("\u{201c}{text}\u{201d} is not an IP address"),
            "write an address without a port, as in 10.1.0.21 or 2001:db8::21",
        )
    })
}

/// Reads an HTTP proxy reached with CONNECT, `http://HOST:PORT`, and gives it in that form.
///
/// # Errors
/// What is wrong with it, and what would be right; never with the credentials it may hold.
pub fn http_proxy(text: &str) -> Result<String, Wrong> {
    const RIGHT: &str = "write http://HOST:PORT, as in http://proxy.corp.contoso.com:8080";
    let Some(rest) = text.strip_prefix("http://") else {
        let scheme = text
            .split_once("://")
            .map(|(scheme, _)| scheme)
            // What is no scheme may be a password.
            .filter(|scheme| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)));
        return Err(match scheme {
            Some(scheme) => Wrong::new(format!("the proxy's scheme is \u{201c}{scheme}\u{201d}"), RIGHT),
            None => Wrong::new("the proxy is not an http:// address", RIGHT),
        });
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.contains('@') {
        return Err(Wrong::new(
            "the proxy's address holds a user name or password",
            "leave them out: cmprobe speaks to proxies without credentials, and keeps none",
        ));
    }
    if authority.contains(['/', '?', '#']) || authority.chars().any(char::is_whitespace) {
        return Err(Wrong::new("the proxy's address is more than a host and a port", RIGHT));
    }
    let (host, port) = authority
        .rsplit_once(':')
        .filter(|(host, _)| !host.is_empty() && (host.ends_with(']') || !host.contains(':')))
        .ok_or_else(|| Wrong::new("the proxy's address lacks a host or a port", RIGHT))?;
    // What stands where the port should may be a password.
    let port = self::port(port).map_err(|_| Wrong::new("what stands behind the proxy's host is not a port", RIGHT))?;
    Ok(format!("http://{host}:{port}"))
}

/// Reads a port: 1 to 65535, in digits.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn port(text: &str) -> Result<u16, Wrong> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u16>() {
        Ok(port) if digits && port != 0 => Ok(port),
        _ => Err(Wrong::new(format!("\u{201c}{text}\u{201d} is not a port"), "ports are 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::{http_proxy, name_server, port};

    #[test]
    fn name_servers_may_name_their_port() {
        for (text, address) in [
            ("10.1.0.10", "10.1.0.10:53"),
            ("10.1.0.10:5353", "10.1.0.10:5353"),
            ("2001:db8::53", "[2001:db8::53]:53"),
            ("[2001:db8::53]", "[2001:db8::53]:53"),
            ("[2001:db8::53]:5353", "[2001:db8::53]:5353"),
        ] {
            assert_eq!(name_server(text).map(|read| read.to_string()), Ok(address.to_owned()));
        }
        for text in ["", "dns.corp", "10.1.0.256", "10.1.0.10:0", "10.1.0.10:65536", "10.1.0.10:", "[10.1.0.10]:x"] {
            assert!(name_server(text).is_err(), "{text}");
        }
    }

    #[test]
    fn proxies_are_hosts_with_ports_and_nothing_else() {
        for (text, read) in [
            ("http://proxy:8080", "http://proxy:8080"),
            ("http://proxy:8080/", "http://proxy:8080"),
            ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128"),
        ] {
            assert_eq!(http_proxy(text), Ok(read.to_owned()));
        }
        for (text, part) in [
            ("http://proxy", "lacks a host or a port"),
            ("http://:80", "lacks a host or a port"),
            ("http://2001:db8::1", "lacks a host or a port"),
            ("http://proxy:0", "not a port"),
            ("http://user:secret", "not a port"),
            ("Secret1://proxy", "is not an http:// address"),
            ("https://proxy:8080", "scheme is \u{201c}https\u{201d}"),
            ("proxy:8080", "not an http:// address"),
            ("http://proxy:8080/path", "more than a host"),
            ("http://user:secret@proxy:8080", "user name or password"),
            ("socks5://user:secret@proxy:8080", "socks5"),
            ("user:secret@://", "not an http:// address"),
        ] {
            let wrong = http_proxy(text).err().map(|wrong| wrong.to_string()).unwrap_or_default();
            assert!(wrong.contains(part), "{text}: {wrong}");
            assert!(!wrong.contains("secret"), "{wrong}");
        }
    }

    #[test]
    fn ports_are_digits_from_1_to_65535() {
        assert_eq!(port("1"), Ok(1));
        assert_eq!(port("65535"), Ok(65535));
        for text in ["", "0", "65536", "+443", "-1", "https", " 443", "4 43"] {
            assert!(port(text).is_err(), "{text}");
        }
    }
}
