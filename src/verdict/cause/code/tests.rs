use proptest::prelude::*;

use super::spelling::result_of;
use super::{CODES, Number, find};
use crate::verdict::cause::catalogue;
use crate::verdict::cause::host::Host;

/// What a spelling finds, as the numbers are shown, or the name where there is none.
fn shown(text: &str) -> Vec<String> {
    find(text)
        .into_iter()
        .map(|code| if code.number == Number::Word { code.name.to_owned() } else { code.number.to_string() })
        .collect()
}

#[test]
fn every_code_says_what_it_means_and_where_it_leads() {
    for code in CODES.iter() {
        let at = format!("{} {}", code.number, code.name);
        assert!(code.meaning.ends_with('.') && code.meaning.len() > 12, "{at}");
        assert!(code.look.is_empty() || code.look.ends_with(['.', ')']), "{at}: {}", code.look);
        assert!(!code.leads_to().is_empty() || !code.look.is_empty(), "{at} leads nowhere");
        for cause in code.leads_to() {
            assert_eq!(catalogue::find(cause.id), Some(cause), "{at}");
        }
        assert_eq!(code.leads_to().is_empty() && code.symptoms.is_empty(), code.rows().is_empty(), "{at}");
    }
    for (at, code) in CODES.iter().enumerate() {
        let twin = CODES[..at].iter().find(|other| {
            (other.number == code.number && code.number != Number::Word)
                || (!code.name.is_empty() && other.name == code.name)
        });
        assert!(twin.is_none(), "{} {} stands there twice", code.number, code.name);
    }
}

/// What a cause's words send administrators to, they can have explained.
#[test]
fn every_code_that_a_symptom_names_is_explained() {
    let is_code = |word: &&str| {
        word.starts_with("0x") || word.starts_with("ERROR_") || (word.len() == 5 && word.starts_with("12")) || {
            let sub = word.split_once('.');
            sub.is_some_and(|(status, sub)| {
                status.len() == 3 && [status, sub].iter().all(|one| one.parse::<u8>().is_ok())
            })
        }
    };
    let mut unknown = Vec::new();
    for cause in catalogue::CAUSES.iter() {
        let shown = cause.shown_at(Host::default());
        let sides = shown.iter().flat_map(|shown| [&shown.client, &shown.server, &shown.also].into_iter().flatten());
        for text in sides {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
            let codes = words.map(|word| word.trim_matches('.')).filter(is_code);
            unknown.extend(codes.filter(|code| find(code).is_empty()).map(|code| format!("{}: {code}", cause.id)));
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
    assert_eq!(shown("HTTPERR Disabled"), ["Disabled"]);
    assert_eq!(shown("HTTPERR: reason AppOffline"), ["AppOffline"]);
}

/// Every spelling of every code finds that code.
#[test]
fn every_code_is_found_in_every_spelling() {
    for code in CODES.iter() {
        let mut spellings = Vec::new();
        match code.number {
            Number::Windows(number) => {
                let result = result_of(number);
                spellings.extend([format!("0x{result:08X}"), format!("{result:08x}"), format!("{result:08X}")]);
                spellings.extend([
                    result.to_string(),
                    result.cast_signed().to_string(),
                    format!("HRESULT: 0x{result:x}"),
                ]);
                if number > 12_000 {
                    spellings.extend([number.to_string(), format!("Code={number}"), format!("error {number}")]);
                }
            }
            Number::Result(result) => {
                spellings.extend([format!("0x{result:08X}"), format!("{result:08x}"), format!("{result:X}")]);
                spellings.extend([result.to_string(), result.cast_signed().to_string(), format!(" 0X{result:x} ")]);
            }
            Number::Flag(flag) => spellings.extend([format!("0x{flag:x}"), format!("0x{flag:08X}")]),
            Number::Status(status, None) => {
                spellings.extend([status.to_string(), format!("StatusCode={status}"), format!("HTTP {status}")]);
            }
            Number::Status(status, Some(sub)) => {
                spellings.extend([
                    format!("{status}.{sub}"),
                    format!("{status} {sub}"),
                    format!("HTTP {status}.{sub}"),
                ]);
                spellings.extend([format!("{status},{sub}"), format!("{status} {sub} 0")]);
            }
            Number::Alert(alert) => {
                spellings.extend([
                    format!("alert {alert}"),
                    format!("Alert {alert}"),
                    format!("TLS alert number {alert}"),
                ]);
            }
            Number::Event(source, id) => {
                spellings.extend([format!("{source} {id}"), format!("event {id}"), format!("Event ID: {id}")]);
                spellings.extend([id.to_string(), format!("sch {id}")]);
            }
            Number::Word => {}
        }
        if !code.name.is_empty() {
            spellings.extend([
                code.name.to_owned(),
                code.name.to_lowercase(),
                format!("\u{201c}{}\u{201d}", code.name),
            ]);
            spellings.push(code.name.replace('_', " "));
            if let Some(rest) = code.name.strip_prefix("ERROR_WINHTTP_") {
                spellings.extend([rest.to_owned(), format!("ERROR_INTERNET_{rest}")]);
            }
            if let Some(rest) = code.name.strip_prefix("WINHTTP_CALLBACK_STATUS_FLAG_") {
                spellings.push(rest.to_owned());
            }
            if let Some((_, rest)) = code.name.split_once("_E_") {
                spellings.push(rest.to_lowercase());
            }
        }
        for spelling in spellings {
            let found = find(&spelling);
            assert!(
                found.iter().any(|of| std::ptr::eq(*of, *code)),
                "{spelling:?} does not find {} {}",
                code.number,
                code.name
            );
        }
    }
}

#[test]
fn a_spelling_finds_what_it_says_and_no_more() {
    for (text, wanted) in [
        ("0x80072F0C", vec!["12044 (0x80072F0C)"]),
        ("80072F0C", vec!["12044 (0x80072F0C)"]),
        ("12044", vec!["12044 (0x80072F0C)"]),
        ("-2147012852", vec!["12044 (0x80072F0C)"]),
        ("2148204809", vec!["0x800B0109"]),
        ("-2146762487", vec!["0x800B0109"]),
        ("80092013", vec!["0x80092013"]),
        ("403.16", vec!["403.16"]),
        ("403 16", vec!["403.16"]),
        ("403 16 2148204809", vec!["0x800B0109", "403.16"]),
        ("403.99", vec!["403"]),
        ("403.300", vec!["403"]),
        ("CERT_CN_INVALID", vec!["12038 (0x80072F06)", "0x10"]),
        ("WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID", vec!["0x10"]),
        ("0x9", vec!["0x1", "0x8"]),
        ("0x80000000", vec!["0x80000000"]),
        ("-2147483648", vec!["0x80000000"]),
        ("alert 48", vec!["alert 48"]),
        ("Sch 36870", vec!["Schannel 36870"]),
        ("Schannel36870", vec!["Schannel 36870"]),
        ("SSL alert number 48", vec!["alert 48"]),
        ("80072EE2h", vec!["12002 (0x80072EE2)"]),
        ("return code 12002", vec!["12002 (0x80072EE2)"]),
        ("cmgconnector_forbidden", vec!["CMGConnector_Forbidden"]),
        (
            "[CCMHTTP] ERROR: URL=https://mp01.corp.contoso.com/SMS_MP, Port=443, Options=63, Code=12175, Text=ERROR_WINHTTP_SECURE_FAILURE",
            vec!["12175 (0x80072F8F)"],
        ),
        ("Call to HttpSendRequestSync failed for port 443 with status code 403, text: Forbidden", vec!["403"]),
        ("2026-11-26 21:00:03 10.1.0.21 GET /SMS_MP 443 - 10.1.9.9 403 16 2148204809", vec!["0x800B0109", "403.16"]),
        ("0x1000", vec![]),
        ("0x0", vec![]),
        ("48", vec![]),
        ("16", vec![]),
        ("alert 300", vec![]),
        ("", vec![]),
        ("   ", vec![]),
        ("-", vec![]),
        ("0x", vec![]),
        ("99999999999999999999", vec![]),
        ("web-server/validity", vec![]),
    ] {
        assert_eq!(shown(text), wanted, "{text:?}");
    }
}

#[test]
fn the_cause_meant_is_the_first() {
    for (text, first) in [
        ("0x80072F0C", "update-point-asks-for-certificate"),
        ("403.16", "client-root-not-trusted"),
        ("403.13", "client-list-out-of-reach"),
        ("Schannel 36885", "issuer-list-too-long"),
        ("0x800B0114", "name-constraint"),
        ("0x80244022", "application-pool-stopped"),
        ("404.11", "delta-list-blocked-by-request-filtering"),
    ] {
        let found = find(text);
        assert_eq!(
            found.first().and_then(|code| code.leads_to().first().copied()).map(|cause| cause.id),
            Some(first),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn reading_never_fails(text in any::<String>()) {
        find(&text);
    }

    #[test]
    fn reading_what_looks_like_a_code_never_fails(text in "[-0-9a-fx. _,=:]{0,40}") {
        find(&text);
    }

    #[test]
    fn every_number_is_read_one_way(number in any::<u32>()) {
        let hexadecimal = shown(&format!("0x{number:08x}"));
        let decimal = shown(&number.to_string());
        if number > 0xffff && !hexadecimal.is_empty() && hexadecimal.len() == 1 {
            prop_assert_eq!(hexadecimal, decimal);
        }
    }
}
