//! What people paste where an endpoint should stand, and what they should have written: networks, accounts, rows of a
//! table, quoted names. None of these is ever looked up.

use std::net::IpAddr;

use crate::wire::text::quotable;

/// What a text is that is no endpoint by its shape, and what would be right.
pub(super) fn fault(text: &str) -> Option<(String, String)> {
    // What follows a role is looked at by itself, and what follows a scheme is an address with signs of its own.
    let host = match text.split_once('=') {
        Some((word, host)) if !word.contains(['/', ':', '.']) => host,
        _ => text,
    };
    // What may hold a password is not quoted back.
    if host.contains("://") || host.contains('@') {
        return None;
    }
    let wrong = |what: &str, hint: String| Some((format!("\u{201c}{}\u{201d} {what}", cut(host)), hint));
    let quotes = |c: char| matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}');
    if host.contains(quotes) {
        let bare: String = host.chars().filter(|c| !quotes(*c)).collect();
        // What is wrong without them too is told by what it is.
        return match fault(bare.trim()) {
            Some((message, hint)) => Some((format!("without its quotes, {message}"), hint)),
            None => wrong("stands in quotes", format!("write {}, without them", cut(bare.trim()))),
        };
    }
    if is_network(host) {
        return wrong("is a network, and no endpoint", "list its hosts, one a line".to_owned());
    }
    if is_range(host) {
        return wrong("is a range of addresses, and no endpoint", "list its hosts, one a line".to_owned());
    }
    if let Some((before, _)) = host.split_once('%').filter(|(before, _)| before.contains(':')) {
        let address = before.trim_start_matches('[');
        return wrong(
            "is an address with a zone, and zones are not taken",
            format!("{} is known on one link of one machine only: give a name or another address", cut(address)),
        );
    }
    let computer = host.rsplit('\\').next().unwrap_or_default().split(':').next().unwrap_or_default();
    if let Some(name) = computer.strip_suffix('$').filter(|name| !name.is_empty()) {
        let name = name.to_ascii_lowercase();
        return wrong(
            "is a computer account, and no host",
            format!("write its host name: {}, or its FQDN", cut(&name)),
        );
    }
    if host.starts_with("\\\\") {
        let server = host.trim_start_matches('\\').split('\\').next().unwrap_or_default();
        return wrong("is a share, and no endpoint", format!("write its host name: {}", cut(server)));
    }
    if host.contains('\\') {
        return wrong("holds a backslash", "write HOST or HOST:PORT".to_owned());
    }
    for (sign, called) in [(',', "a comma"), (';', "a semicolon"), ('\t', "a tab"), (' ', "a space"), ('|', "a bar")] {
        if let Some((first, rest)) = host.split_once(sign) {
            let port = rest.trim().parse::<u16>().is_ok_and(|port| port > 0);
            let hint = if port && !first.contains(':') {
                format!("write {}:{}", cut(first.trim()), rest.trim())
            } else {
                "write one endpoint a line: [ROLE=]HOST[:PORT]".to_owned()
            };
            return wrong(&format!("holds {called}"), hint);
        }
    }
    if host == "-" {
        return wrong("is standard input, and no endpoint", "a list is read from it by --list -".to_owned());
    }
    if host.starts_with('-') {
        return wrong("begins with a hyphen, as no host's name does", "write [ROLE=]HOST[:PORT]".to_owned());
    }
    if host.contains('*') {
        return wrong("is a pattern, and no endpoint", "list its hosts, one a line".to_owned());
    }
    let odd = host.chars().find(|c| "<>(){}^!~$%".contains(*c) || c.is_control())?;
    Some((
        format!("the host holds \u{201c}{}\u{201d}", quotable(&odd.to_string())),
        "write [ROLE=]HOST[:PORT]".to_owned(),
    ))
}

/// `10.0.0.0/24`, `2001:db8::/32`.
fn is_network(text: &str) -> bool {
    text.split_once('/').is_some_and(|(address, bits)| {
        address.parse::<IpAddr>().is_ok() && (bits.parse::<u8>().is_ok() || bits.parse::<IpAddr>().is_ok())
    })
}

/// `10.0.0.1-20`, `10.0.0.1-10.0.0.20`.
fn is_range(text: &str) -> bool {
    text.split_once('-').is_some_and(|(first, last)| {
        first.parse::<IpAddr>().is_ok() && (last.parse::<IpAddr>().is_ok() || last.parse::<u8>().is_ok())
    })
}

/// As much as a reader needs to know which is meant.
fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown = quotable(&text.chars().take(LONGEST).collect::<String>());
    if text.chars().nth(LONGEST).is_some() {
        shown.push('\u{2026}');
    }
    shown
}
