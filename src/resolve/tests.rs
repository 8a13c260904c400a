//! Against a name server that says what it is told to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::question::ALIASES;
use super::{Family, Options, Pin, Resolver, SERVICE_RECORDS, ServiceRecord};
use crate::lab::dns::{Answer, DnsServer, Service, View};
use crate::observation::failure::{Phase, ResolveFailure, Stop};
use crate::observation::resolution::{Resolution, ResolutionSource};
use crate::site::name::HostName;

const V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));
const V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
/// Long enough for loopback under load; what is waited for whole uses less.
const PATIENT: Duration = Duration::from_secs(20);

async fn server(answers: &[(&str, Answer)]) -> DnsServer {
    let mut view = View::default();
    for (name, answer) in answers {
        view.say(name, answer.clone());
    }
    DnsServer::start(view).await.unwrap()
}

fn resolver(servers: &[&DnsServer], timeout: Duration) -> Resolver {
    let servers = servers.iter().map(|server| server.address()).collect();
    Resolver::new(Options { servers, timeout, ..Options::default() })
}

async fn resolve(name: &str, answers: &[(&str, Answer)]) -> Resolution {
    let server = server(answers).await;
    let resolution = resolver(&[&server], PATIENT).host(&HostName::new(name), 443).await;
    Resolution::clone(&resolution)
}

fn kind(resolution: &Resolution) -> Option<Stop> {
    assert!(resolution.failure.iter().all(|failure| failure.phase() == Phase::Resolve));
    resolution.failure.as_ref().map(|failure| failure.stop)
}

#[tokio::test]
async fn every_address_of_both_families_is_kept_once() {
    let both = Answer::Addresses(vec![V4, OTHER, V4, V6]);
    let seen = resolve("MP01.contoso.com", &[("mp01.contoso.com", both)]).await;
    assert_eq!(seen.addresses, [V4, OTHER, V6]);
    assert_eq!((kind(&seen), seen.aliases.len()), (None, 0));
    assert!(matches!(seen.source, ResolutionSource::Servers(ref servers) if servers.len() == 1));
    assert!(seen.took.is_some());
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart() {
    for (answer, expected, word) in [
        (Answer::NoSuchName, ResolveFailure::NameNotFound, "NXDOMAIN"),
        (Answer::NoData, ResolveFailure::NoData, "no address"),
        (Answer::Referral, ResolveFailure::Error, "refers to other name servers"),
        (Answer::Failure, ResolveFailure::ServerFailure, "SERVFAIL"),
        (Answer::Refusal, ResolveFailure::QueryRefused, "REFUSED"),
        (Answer::Malformed, ResolveFailure::MalformedAnswer, "cannot be read"),
        (Answer::Code(4), ResolveFailure::Error, "error"),
        (Answer::Code(11), ResolveFailure::Error, "error"),
        (Answer::Alias("mp.contoso.com".into()), ResolveFailure::AliasLoop, "circle"),
        (Answer::BareAlias("mp.contoso.com".into()), ResolveFailure::AliasLoop, "circle"),
        (Answer::Alias("gone.contoso.com".into()), ResolveFailure::NameNotFound, "gone.contoso.com"),
        (Answer::BareAlias("gone.contoso.com".into()), ResolveFailure::NameNotFound, "gone.contoso.com"),
    ] {
        let seen = resolve("mp.contoso.com", &[("mp.contoso.com", answer.clone())]).await;
        assert_eq!(kind(&seen), Some(expected.into()), "{answer:?}");
        assert!(seen.failure.as_ref().is_some_and(|failure| failure.detail.contains(word)), "{seen:?}");
        assert!(seen.addresses.is_empty());
    }
}

#[tokio::test]
async fn a_silent_server_costs_its_time_and_is_named() {
    let server = server(&[("mp.contoso.com", Answer::Silence)]).await;
    let resolver = resolver(&[&server], Duration::from_millis(200));
    let seen = resolver.host(&HostName::new("mp.contoso.com"), 443).await;
    assert_eq!(kind(&seen), Some(ResolveFailure::Timeout.into()));
    let detail = &seen.failure.as_ref().unwrap().detail;
    assert!(detail.contains(&server.address().to_string()), "{detail}");
}

#[tokio::test]
async fn answers_with_a_wrong_id_are_ignored() {
    let real = Box::new(Answer::Addresses(vec![V4]));
    let seen = resolve("mp.contoso.com", &[("mp.contoso.com", Answer::AfterForgery(real))]).await;
    assert_eq!((seen.addresses.as_slice(), kind(&seen)), (&[V4][..], None));
    let never = Answer::AfterForgery(Box::new(Answer::Silence));
    let server = server(&[("mp.contoso.com", never)]).await;
    let alone = resolver(&[&server], Duration::from_millis(200)).host(&HostName::new("mp.contoso.com"), 443).await;
    assert_eq!(kind(&alone), Some(ResolveFailure::Timeout.into()));
}

#[tokio::test]
async fn what_does_not_fit_is_asked_for_by_tcp() {
    let server = server(&[("mp.contoso.com", Answer::Truncated(Box::new(Answer::Addresses(vec![V4]))))]).await;
    let seen = resolver(&[&server], PATIENT).host(&HostName::new("mp.contoso.com"), 443).await;
    assert_eq!((seen.addresses.as_slice(), kind(&seen)), (&[V4][..], None));
    let asked = server.asked();
    assert!(asked.iter().any(|question| question.by_tcp) && asked.iter().any(|question| !question.by_tcp));
}

#[tokio::test]
async fn aliases_are_followed_and_kept_in_order() {
    let whole: Vec<(&str, Answer)> = vec![
        ("mp.contoso.com", Answer::Alias("a.contoso.com".into())),
        ("a.contoso.com", Answer::BareAlias("b.contoso.com".into())),
        ("b.contoso.com", Answer::Addresses(vec![V4])),
    ];
    let seen = resolve("mp.contoso.com", &whole).await;
    assert_eq!((seen.addresses.as_slice(), kind(&seen)), (&[V4][..], None));
    assert_eq!(seen.aliases, ["a.contoso.com", "b.contoso.com"]);
}

#[tokio::test]
async fn aliases_without_end_are_left() {
    let names: Vec<String> = (0..40).map(|n| format!("n{n}.contoso.com")).collect();
    let chain: Vec<(&str, Answer)> =
        names.windows(2).map(|pair| (pair[0].as_str(), Answer::BareAlias(pair[1].clone()))).collect();
    let seen = resolve("n0.contoso.com", &chain).await;
    assert_eq!(kind(&seen), Some(ResolveFailure::AliasLoop.into()));
    assert!(seen.aliases.len() < 20, "{:?}", seen.aliases);
}

#[tokio::test]
async fn so_many_aliases_are_followed_and_no_more() {
    for (many, is_followed) in [(ALIASES, true), (ALIASES + 1, false)] {
        let names: Vec<String> = (0..=many).map(|n| format!("n{n}.contoso.com")).collect();
        let mut chain: Vec<(&str, Answer)> =
            names.windows(2).map(|pair| (pair[0].as_str(), Answer::BareAlias(pair[1].clone()))).collect();
        chain.push((names[many].as_str(), Answer::Addresses(vec![V4])));
        let seen = resolve("n0.contoso.com", &chain).await;
        assert_eq!(seen.failure.is_none(), is_followed, "{many} aliases: {seen:?}");
    }
}

#[tokio::test]
async fn one_family_may_fail_without_taking_the_other_with_it() {
    for (v6, note) in [
        (Answer::NoData, None),
        (Answer::Failure, Some(ResolveFailure::ServerFailure.into())),
        (Answer::NoSuchName, Some(ResolveFailure::NameNotFound.into())),
    ] {
        let answer = Answer::ByFamily(Box::new(Answer::Addresses(vec![V4])), Box::new(v6));
        let seen = resolve("mp.contoso.com", &[("mp.contoso.com", answer)]).await;
        assert_eq!((seen.addresses.as_slice(), kind(&seen)), (&[V4][..], note));
        assert!(seen.failure.iter().all(|failure| failure.detail.starts_with("AAAA: ")), "{seen:?}");
    }
    let neither = Answer::ByFamily(Box::new(Answer::NoData), Box::new(Answer::Refusal));
    assert_eq!(
        kind(&resolve("mp.contoso.com", &[("mp.contoso.com", neither)]).await),
        Some(ResolveFailure::QueryRefused.into())
    );
}

#[tokio::test]
async fn only_the_family_chosen_is_asked_for() {
    for (family, asked, expected) in [(Family::V4, "A", V4), (Family::V6, "AAAA", V6)] {
        let server = server(&[("mp.contoso.com", Answer::Addresses(vec![V4, V6]))]).await;
        let options = Options { servers: vec![server.address()], family, timeout: PATIENT, ..Options::default() };
        let seen = Resolver::new(options).host(&HostName::new("mp.contoso.com"), 443).await;
        assert_eq!(seen.addresses, [expected]);
        assert!(server.asked().iter().all(|question| question.kind == asked));
    }
}

#[tokio::test]
async fn what_the_family_chosen_leaves_out_is_no_fault_of_the_name() {
    let v4 = || Answer::Addresses(vec![V4]);
    let records: &[(&str, Answer)] = &[
        ("v4.contoso.com", v4()),
        ("none.contoso.com", Answer::NoData),
        ("half.contoso.com", Answer::ByFamily(Box::new(Answer::Failure), Box::new(Answer::NoData))),
    ];
    let server = server(records).await;
    let pin = Pin::new(HostName::new("pinned.contoso.com"), None, vec![V4]);
    let (servers, pins) = (vec![server.address()], vec![pin]);
    let only_v6 = Resolver::new(Options { servers, pins, family: Family::V6, timeout: PATIENT, ..Options::default() });
    for (name, expected, words) in [
        ("v4.contoso.com", ResolveFailure::FamilyLeftOut, "IPv4 addresses are left out: 192.0.2.1"),
        ("pinned.contoso.com", ResolveFailure::FamilyLeftOut, "no IPv6 address is given"),
        ("192.0.2.1", ResolveFailure::FamilyLeftOut, "no IPv6 address is given"),
        ("none.contoso.com", ResolveFailure::NoData, "no address of the kind"),
        ("half.contoso.com", ResolveFailure::NoData, "no address of the kind"),
        ("gone.contoso.com", ResolveFailure::NameNotFound, "NXDOMAIN"),
    ] {
        let seen = only_v6.host(&HostName::new(name), 443).await;
        assert_eq!(kind(&seen), Some(expected.into()), "{name}");
        assert!(seen.failure.as_ref().is_some_and(|failure| failure.detail.contains(words)), "{seen:?}");
    }
}

#[tokio::test]
async fn names_are_asked_for_once_and_as_they_are() {
    let server =
        server(&[("mp", Answer::Addresses(vec![V4])), ("mp_01.contoso.com", Answer::Addresses(vec![V4]))]).await;
    let resolver = resolver(&[&server], PATIENT);
    for name in ["MP", "mp", "mp.", "mp_01.contoso.com"] {
        assert_eq!(resolver.host(&HostName::new(name), 443).await.addresses, [V4], "{name}");
    }
    let asked: Vec<String> = server.asked().into_iter().map(|question| question.name).collect();
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(asked.iter().all(|name| ["MP.", "mp_01.contoso.com."].contains(&name.as_str())), "{asked:?}");
}

#[tokio::test]
async fn names_that_cannot_be_asked_for_are_not() {
    let server = server(&[]).await;
    let resolver = resolver(&[&server], PATIENT);
    let long = "a".repeat(64);
    for name in ["a&b.contoso.com", "m\u{fc}nchen.contoso.com", "mp..contoso.com", "", "a\\046b", "mp 01", &long] {
        let seen = resolver.host(&HostName::new(name), 443).await;
        assert_eq!(kind(&seen), Some(ResolveFailure::NameUnusable.into()), "{name}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn addresses_and_pins_need_no_server() {
    let pin = |name, port, addresses: &[IpAddr]| Pin::new(HostName::new(name), port, addresses.to_vec());
    let pins = vec![
        pin("mp.contoso.com", Some(1), &[V4]),
        pin("MP.contoso.com", Some(8443), &[OTHER]),
        pin("mp.contoso.com", None, &[V4, V6, V4]),
    ];
    let resolver = Resolver::new(Options {
        servers: vec![SocketAddr::from(([127, 0, 0, 1], 9))],
        pins: pins.clone(),
        timeout: PATIENT,
        ..Options::default()
    });
    for (name, port, addresses, source) in [
        ("192.0.2.1", 443, vec![V4], ResolutionSource::Literal),
        ("2001:db8::1", 443, vec![V6], ResolutionSource::Literal),
        ("[2001:db8::1]", 443, vec![V6], ResolutionSource::Literal),
        ("mp.CONTOSO.com", 443, vec![V4, V6], ResolutionSource::Pin),
        ("mp.contoso.com", 8443, vec![OTHER], ResolutionSource::Pin),
    ] {
        let seen = resolver.host(&HostName::new(name), port).await;
        assert_eq!((seen.addresses.clone(), seen.source.clone()), (addresses, source), "{name}:{port}");
        assert_eq!(kind(&seen), None);
    }
    assert!(pins.iter().all(|pin| pin.was_used() == (pin.port != Some(1))), "{pins:?}");
}

#[tokio::test]
async fn names_of_one_label_are_completed_in_turn_and_no_others() {
    let there = server(&[
        ("mp01.corp.contoso.com", Answer::Addresses(vec![V4])),
        ("mp02.contoso.com", Answer::Addresses(vec![V4])),
        ("mp03", Answer::Addresses(vec![OTHER])),
        ("mp04.corp.contoso.com", Answer::Failure),
        ("mp.sales.contoso.com", Answer::Addresses(vec![V4])),
    ])
    .await;
    let resolver = Resolver::new(Options {
        servers: vec![there.address()],
        search: ["corp.contoso.com", "contoso.com", "corp.contoso.com", "not a suffix..", "."]
            .map(str::to_owned)
            .into(),
        timeout: PATIENT,
        ..Options::default()
    });
    for (name, addresses, aliases) in [
        ("MP01", vec![V4], vec!["MP01.corp.contoso.com"]),
        ("mp02", vec![V4], vec!["mp02.contoso.com"]),
        ("mp03", vec![OTHER], vec![]),
        ("mp04", vec![], vec!["mp04.corp.contoso.com"]),
        ("mp05", vec![], vec![]),
        ("mp.sales", vec![], vec![]),
    ] {
        let seen = resolver.host(&HostName::new(name), 443).await;
        assert_eq!(
            (seen.addresses.clone(), seen.aliases.iter().map(String::as_str).collect()),
            (addresses, aliases),
            "{name}"
        );
    }
    let lost = resolver.host(&HostName::new("mp05"), 443).await;
    let words = lost.failure.as_ref().map(|failure| failure.detail.as_str()).unwrap_or_default();
    assert!(words.contains("asked for: mp05.corp.contoso.com, mp05.contoso.com, mp05"), "{words}");
}

#[tokio::test]
async fn the_next_server_is_asked_where_one_fails_and_only_then() {
    for (first, expected) in [
        (Answer::Failure, None),
        (Answer::Refusal, None),
        (Answer::Malformed, None),
        (Answer::NoSuchName, Some(ResolveFailure::NameNotFound.into())),
    ] {
        let one = server(&[("mp.contoso.com", first.clone())]).await;
        let two = server(&[("mp.contoso.com", Answer::Addresses(vec![V4]))]).await;
        let seen = resolver(&[&one, &two], PATIENT).host(&HostName::new("mp.contoso.com"), 443).await;
        assert_eq!(kind(&seen), expected, "{first:?}");
        assert_eq!(two.asked().is_empty(), expected.is_some(), "{first:?}");
    }
}

#[tokio::test]
async fn where_no_server_listens_the_next_is_asked_and_from_then_on_first() {
    // Nothing is received on it but by whoever holds it, and nobody answers.
    let nobody = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let nobody = nobody.local_addr().unwrap();
    let two = server(&[("mp.contoso.com", Answer::Addresses(vec![V4]))]).await;
    let options = |servers, timeout| Options { servers, timeout, ..Options::default() };
    let both = Resolver::new(options(vec![nobody, two.address()], Duration::from_secs(2)));
    assert_eq!(both.host(&HostName::new("mp.contoso.com"), 443).await.addresses, [V4]);
    assert_eq!(both.first.load(std::sync::atomic::Ordering::Relaxed), 1);
    let alone = Resolver::new(options(vec![nobody], Duration::from_millis(200)));
    let seen = alone.host(&HostName::new("mp.contoso.com"), 443).await;
    assert_eq!(kind(&seen), Some(ResolveFailure::Timeout.into()));
}

#[tokio::test]
async fn service_records_come_with_their_hosts() {
    let record = "_mssms_mp_pri._tcp.corp.contoso.com";
    let service = |target: &str, port| Service { priority: 0, weight: 5, port, target: target.into() };
    let server = server(&[
        (record, Answer::Services(vec![service("mp01.corp.contoso.com", 443), service("gone.contoso.com", 80)])),
        ("mp01.corp.contoso.com", Answer::Addresses(vec![V4])),
    ])
    .await;
    let resolver = resolver(&[&server], PATIENT);
    let answer = resolver.service(record).await;
    assert_eq!(answer.failure, None);
    let mut records = answer.records.iter();
    let first = records.next().unwrap();
    assert_eq!((first.target.as_str(), first.port, first.weight), ("mp01.corp.contoso.com", 443, 5));
    assert_eq!(first.host.addresses, [V4]);
    assert_eq!(records.next().map(|second| kind(&second.host)), Some(Some(ResolveFailure::NameNotFound.into())));
    let none = resolver.service("_mssms_mp_xyz._tcp.corp.contoso.com").await;
    assert_eq!(none.failure.map(|failure| failure.stop), Some(ResolveFailure::NameNotFound.into()));
}

#[tokio::test]
async fn silent_hosts_of_a_service_cost_one_deadline_and_those_beyond_the_bound_are_counted() {
    let record = "_mssms_mp_pri._tcp.corp.contoso.com";
    let service = |n: usize| Service { priority: 0, weight: 0, port: 443, target: format!("mp{n}.corp.contoso.com") };
    let names: Vec<String> = (1..SERVICE_RECORDS + 6).map(|n| service(n).target).collect();
    let all = Answer::Services((0..SERVICE_RECORDS + 6).map(service).collect());
    let mut answers = vec![(record, Answer::Truncated(Box::new(all)))];
    answers.push(("mp0.corp.contoso.com", Answer::Addresses(vec![V4])));
    answers.extend(names.iter().map(|name| (name.as_str(), Answer::Silence)));
    let server = server(&answers).await;
    let resolver = resolver(&[&server], Duration::from_millis(300));
    let answer = tokio::time::timeout(PATIENT, resolver.service(record)).await.unwrap();
    assert_eq!(answer.records.len(), SERVICE_RECORDS);
    let failure = answer.failure.unwrap();
    assert!(failure.is(ResolveFailure::LocalLimit) && failure.detail.starts_with("6 more records"), "{failure:?}");
    assert_eq!(answer.records[0].host.addresses, [V4]);
    let silent = |record: &ServiceRecord| kind(&record.host) == Some(ResolveFailure::Timeout.into());
    assert!(answer.records[1..].iter().all(silent), "{:?}", answer.records);
}
