//! A run that fetches lists: what is handed on, when, and how often.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::time::timeout;

use super::super::tests::{PATIENT, default_target, settings, vantage};
use super::super::{Fetching, Settings, run};
use super::*;
use crate::lab::peer::{ScriptedPeer, Step};
use crate::lab::pki::{DistributionPoint, KeyName, Minted, Organization, Pki};
use crate::lab::server::{Credentials, Options, TlsServer};
use crate::lab::site::http::{Reserved, Server};
use crate::lab::site::pages::Page;
use crate::lab::site::publication;
use crate::observation::resolution::{CrlObservation, Sought};
use crate::plan::{Target, TargetId};
use crate::resolve::Pin;
use crate::revocation::Bounds;
use crate::site::vantage::Vantage;

/// A company that publishes, and a web server with its certificate.
async fn company() -> (Pki, Server, TlsServer) {
    let reserved = Reserved::at(Ipv4Addr::LOCALHOST.into()).await.unwrap();
    let base = format!("http://pki.contoso.com:{}/CertEnroll", reserved.address().unwrap().port());
    let pki = Organization::contoso().published_at(&base).build().unwrap();
    let files = pki.published().unwrap();
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let web = TlsServer::start(Options::presenting(Credentials::of(&leaf))).await.unwrap();
    (pki, reserved.serve(move |asked| publication::answer(&files, asked)), web)
}

fn fetching() -> Settings {
    let pin = Pin::new(HostName::new("pki.contoso.com"), None, vec![Ipv4Addr::LOCALHOST.into()]);
    let outside = Vantage { name: "outside".into(), ..vantage() };
    Settings { fetching: everything(), pins: vec![pin], vantages: vec![vantage(), outside], ..settings() }
}

fn everything() -> Fetching {
    Fetching { lists_of_endpoints: true, lists_of_files: true, issuers: true, ..Fetching::default() }
}

async fn run_all(targets: Vec<Arc<Target>>, settings: &Settings) -> Vec<Seen> {
    let (sink, mut source) = mpsc::channel(1);
    let collecting = async {
        let mut all = Vec::new();
        while let Some(seen) = source.recv().await {
            all.push(seen);
        }
        all
    };
    timeout(PATIENT, async { tokio::join!(run(targets, Vec::new(), settings, sink), collecting).1 }).await.unwrap()
}

fn lists(seen: &[Seen]) -> Vec<&CrlObservation> {
    seen.iter()
        .filter_map(|one| match one {
            Seen::Crl(list) => Some(&**list),
            Seen::Run(_) | Seen::Target(_) | Seen::Lookup(_) | Seen::Told(_) | Seen::End(_) => None,
        })
        .collect()
}

fn told(seen: &[Seen]) -> Vec<usize> {
    (0..seen.len()).filter(|at| matches!(seen[*at], Seen::Told(_))).collect()
}

#[tokio::test]
async fn every_list_comes_once_from_each_vantage_and_before_any_target_that_needs_it_is_told() {
    let (pki, publication, web) = company().await;
    let from = |vantage: &str| Arc::new(Target { vantage: vantage.into(), ..(*default_target(web.address())).clone() });
    let targets = (0..10).map(|turn| from(if turn % 2 == 0 { "inside" } else { "outside" })).collect();
    let all = run_all(targets, &fetching()).await;
    let lists = lists(&all);
    let fetched: Vec<_> = lists.iter().filter(|list| list.body.is_some()).collect();
    let of =
        |vantage: &str, url: &str| fetched.iter().filter(|list| list.vantage == vantage && list.url == url).count();
    for vantage in ["inside", "outside"] {
        assert_eq!((of(vantage, &pki.issuing_crl_url()), of(vantage, &pki.root_crl_url())), (1, 1), "{vantage}");
    }
    let issuers = lists.iter().filter(|list| list.sought == Sought::Issuer).count();
    assert_eq!(
        (fetched.len() - issuers, lists.len() - issuers),
        (4, 8),
        "and two in the directory, which are not asked for"
    );
    assert_eq!(publication.asked().iter().filter(|asked| asked.path.ends_with(".crl")).count(), 4);
    assert_eq!(told(&all).len(), 10);
    for at in told(&all) {
        let before = || all[..at].iter();
        assert!(before().filter(|seen| matches!(seen, Seen::Crl(_))).count() >= 4, "told too early");
        assert!(before().any(|seen| matches!(seen, Seen::Target(_))), "seen first");
    }
}

#[tokio::test]
async fn authorities_that_were_declared_and_files_have_their_lists_fetched_too_and_nothing_is_fetched_unasked() {
    let (pki, publication, web) = company().await;
    let alone = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"]).no_cdp()).unwrap();
    let mut credentials = Credentials::of(&alone);
    credentials.chain.truncate(1);
    let incomplete = TlsServer::start(Options::presenting(credentials)).await.unwrap();
    let issuing = Der::from(pki.issuing.der.as_slice());
    let declared = Settings { further: vec![issuing.clone()], ..fetching() };
    let all = run_all(vec![default_target(incomplete.address())], &declared).await;
    assert!(lists(&all).iter().any(|list| list.url == pki.root_crl_url() && list.body.is_some()));
    assert!(!lists(&all).iter().any(|list| list.url == pki.issuing_crl_url()), "nobody names it");
    let client = Der::from(pki.issue(&pki.client("pc01")).unwrap().der.as_slice());
    let of_files = Fetching { lists_of_endpoints: false, ..everything() };
    let files = Settings { files: vec![vec![client, issuing]], fetching: of_files, ..fetching() };
    let all = run_all(vec![default_target(incomplete.address())], &files).await;
    let had: Vec<&str> = lists(&all).iter().filter(|list| list.body.is_some()).map(|list| list.url.as_str()).collect();
    assert!(had.contains(&pki.issuing_crl_url().as_str()) && had.contains(&pki.root_crl_url().as_str()), "{had:?}");
    let asked = publication.asked().len();
    let off = Settings { fetching: Fetching::default(), ..files };
    let all = run_all(vec![default_target(web.address())], &off).await;
    assert!(lists(&all).is_empty() && told(&all).is_empty());
    assert_eq!(publication.asked().len(), asked);
}

#[tokio::test]
async fn an_issuer_nobody_sent_is_fetched_and_then_its_list() {
    let (pki, publication, _) = company().await;
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let mut credentials = Credentials::of(&leaf);
    credentials.chain.truncate(1);
    let incomplete = TlsServer::start(Options::presenting(credentials)).await.unwrap();
    let roots = vec![Der::from(pki.root.der.as_slice())];
    let rooted = Settings { roots: roots.clone(), ..fetching() };
    let all = run_all(vec![default_target(incomplete.address())], &rooted).await;
    let lists = lists(&all);
    let issuer = lists.iter().find(|list| list.sought == Sought::Issuer && list.body.is_some()).unwrap();
    assert_eq!(issuer.body.as_ref().unwrap().as_slice(), pki.issuing.der);
    assert!(lists.iter().any(|list| list.url == pki.root_crl_url() && list.body.is_some()), "above what was fetched");
    let asked = publication.asked().len();
    run_all(vec![default_target(incomplete.address())], &fetching()).await;
    let crt = publication.asked()[asked..].iter().any(|asked| asked.path.ends_with(".crt"));
    assert!(!crt, "without a root, there is nothing to complete a chain to");
    let asked = publication.asked().len();
    let known = Settings { further: vec![Der::from(pki.issuing.der.as_slice())], roots, ..fetching() };
    run_all(vec![default_target(incomplete.address())], &known).await;
    assert!(
        publication.asked()[asked..].iter().all(|asked| asked.path.ends_with(".crl")),
        "what is known is not fetched"
    );
}

#[test]
fn what_is_presented_beside_certificates_of_one_issuer_is_looked_at_once() {
    let pki = Pki::lab().unwrap();
    let leaf = |name: &str| Der::from(pki.issue(&pki.web_server(&[name])).unwrap().der);
    let (issuing, root) = (Der::from(pki.issuing.der.as_slice()), Der::from(pki.root.der.as_slice()));
    let other = |beside: &[Der]| [&[leaf("mp02.corp.contoso.com")], beside].concat();
    let fetching = Fetching { issuers: true, ..Fetching::default() };
    let prober = super::super::Prober::new(Settings { fetching, roots: vec![root.clone()], ..settings() });
    let after = |chain: &[Der]| {
        let lists = Lists::of(&prober.0).unwrap();
        assert!(!lists.is_complete(&other(std::slice::from_ref(&issuing))), "nothing was seen yet");
        lists.note_complete(chain, &chain.iter().map(Certificate::read).collect::<Vec<_>>());
        lists
    };
    let lists = after(&[leaf("mp01.corp.contoso.com"), issuing.clone()]);
    assert!(lists.is_complete(&other(std::slice::from_ref(&issuing))));
    assert!(!lists.is_complete(&other(&[])), "its issuer is not there");
    assert!(!lists.is_complete(&other(std::slice::from_ref(&root))), "another's is");
    assert!(!lists.is_complete(&[root.clone(), issuing.clone()]), "its issuer is another");
    // What a chain lacks that names nowhere to fetch it from, another may name.
    assert!(!after(&[leaf("mp01.corp.contoso.com")]).is_complete(&other(&[])));
    // What is presented first may be the issuer of what stands beside it.
    let led = [issuing.clone(), leaf("mp01.corp.contoso.com")];
    assert!(!after(&led).is_complete(&led));
}

#[tokio::test]
async fn a_delta_list_is_fetched_where_the_list_names_it() {
    let reserved = Reserved::at(Ipv4Addr::LOCALHOST.into()).await.unwrap();
    let base = format!("http://pki.contoso.com:{}/CertEnroll", reserved.address().unwrap().port());
    let pki = Organization::contoso().published_at(&base).build().unwrap();
    let delta_url = format!("{base}/delta+.crl");
    let mut recipe = pki.issuing_crl();
    recipe.freshest_crl = vec![DistributionPoint { urls: vec![delta_url.clone()], crl_issuer: None }];
    let complete = pki.issuing.crl(&recipe).unwrap();
    let delta = pki.issuing.crl(&pki.issuing_crl().number(2).delta_over(1)).unwrap();
    let _server = reserved.serve(move |asked| {
        let body = if asked.path.contains("delta+") { delta.clone() } else { complete.clone() };
        Page { status: 200, reason: "OK", media_type: "application/pkix-crl", headers: Vec::new(), body }
    });
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let web = TlsServer::start(Options::presenting(Credentials::of(&leaf))).await.unwrap();
    let all = run_all(vec![default_target(web.address())], &fetching()).await;
    assert_eq!(lists(&all).iter().filter(|list| list.url == delta_url && list.body.is_some()).count(), 1);
}

#[tokio::test]
async fn of_one_chain_so_many_urls_are_asked_and_the_rest_is_said() {
    let (pki, publication, _web) = company().await;
    let base = pki.issuing_crl_url();
    let (base, _) = base.rsplit_once('/').unwrap();
    let urls = |turn: usize| -> Vec<String> { (0..8).map(|n| format!("{base}/none-{turn}-{n}.crl")).collect() };
    let upper = pki.root.issue(&pki.issuing.recipe.clone().cdp(&urls(0))).unwrap();
    let below = |above: &Minted, key, name: &str, turn| {
        above.issue(&pki.issuing.recipe.clone().key(key).cn(name).cdp(&urls(turn))).unwrap()
    };
    let middle = below(&upper, KeyName::Rsa2048F, "Contoso Middle CA", 1);
    let lower = below(&middle, KeyName::Rsa2048G, "Contoso Lower CA", 2);
    let leaf = lower.issue(&pki.web_server(&["mp01.corp.contoso.com"]).cdp(&urls(3))).unwrap();
    let mut credentials = Credentials::of(&leaf);
    credentials.chain.truncate(1);
    credentials.chain.extend([&lower, &middle, &upper].map(|one| one.der.clone()));
    let server = TlsServer::start(Options::presenting(credentials)).await.unwrap();
    let all = run_all(vec![default_target(server.address())], &fetching()).await;
    let asked = publication.asked().iter().filter(|asked| asked.path.contains("none-")).count();
    assert_eq!(asked, MOST_URLS_OF_CHAIN);
    let left_out = lists(&all).into_iter().filter_map(|seen| seen.failure.as_ref());
    let left_out = left_out.filter(|failure| failure.detail.starts_with("not asked for: of one chain"));
    assert_eq!(left_out.count(), 32 - MOST_URLS_OF_CHAIN);
}

/// A server whose certificates name silent servers alone: three with eight URLs each, and who keeps silent there.
async fn worst(pki: &Pki) -> (TlsServer, Vec<ScriptedPeer>, Vec<Pin>) {
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(ScriptedPeer::start(vec![Step::Hold]).await.unwrap());
    }
    let urls = |turn: usize| -> Vec<String> {
        silent
            .iter()
            .map(|peer| format!("http://dead{turn}.contoso.com:{}/{turn}.crl", peer.address().port()))
            .collect()
    };
    let upper = pki.root.issue(&pki.issuing.recipe.clone().cdp(&urls(0))).unwrap();
    let lower =
        upper.issue(&pki.issuing.recipe.clone().key(KeyName::Rsa2048G).cn("Contoso Lower CA").cdp(&urls(1))).unwrap();
    let worst = lower.issue(&pki.web_server(&["mp01.corp.contoso.com"]).cdp(&urls(2))).unwrap();
    let mut credentials = Credentials::of(&worst);
    credentials.chain.push(upper.der.clone());
    let hostile = TlsServer::start(Options::presenting(credentials)).await.unwrap();
    let dead = |turn: usize| {
        Pin::new(HostName::new(&format!("dead{turn}.contoso.com")), None, vec![Ipv4Addr::LOCALHOST.into()])
    };
    (hostile, silent, (0..3).map(dead).collect())
}

/// A fetch from a silent server that is over.
fn in_vain(seen: &CrlObservation) -> Option<&str> {
    seen.failure.as_ref().filter(|_| seen.url.contains("dead")).map(|failure| failure.detail.as_str())
}

#[tokio::test]
async fn six_healthy_endpoints_are_told_while_the_worst_still_waits() {
    let (pki, _publication, web) = company().await;
    let (hostile, _silent, dead) = worst(&pki).await;
    let mut settings = fetching();
    settings.pins.extend(dead);
    let targets: Vec<Arc<Target>> = std::iter::once(&hostile)
        .chain(std::iter::repeat_n(&web, 6))
        .enumerate()
        .map(|(at, server)| {
            let id = TargetId::new(format!("{at}"), "web", "mp01", "inside");
            Arc::new(Target { id, ..(*default_target(server.address())).clone() })
        })
        .collect();
    // Until six are told, and no longer: the seventh has all the time there is.
    let (sink, mut source) = mpsc::channel(1);
    let until_six = async {
        let (mut all, mut order) = (Vec::new(), Vec::new());
        while order.len() < 6
            && let Some(seen) = source.recv().await
        {
            if let Seen::Told(id) = &seen {
                order.push(id.system.to_string());
            }
            all.push(seen);
        }
        (all, order)
    };
    let running = run(targets, Vec::new(), &settings, sink);
    let both = async {
        tokio::select! {
            six = until_six => six,
            () = running => panic!("the worst was not waited for"),
        }
    };
    let (all, order) = timeout(PATIENT, both).await.unwrap();
    assert!(order.len() == 6 && !order.contains(&"0".to_owned()), "{order:?}");
    assert_eq!(lists(&all).into_iter().filter_map(in_vain).count(), 0, "nobody waited for a dead one");
}

#[tokio::test]
async fn what_a_targets_time_did_not_suffice_for_is_said() {
    let (pki, _publication, _web) = company().await;
    let (hostile, silent, dead) = worst(&pki).await;
    let mut settings = fetching();
    settings.pins.extend(dead);
    settings.fetching.bounds = Bounds { of_target: Duration::from_millis(300), ..Bounds::default() };
    let all = run_all(vec![default_target(hostile.address())], &settings).await;
    assert_eq!(told(&all), [all.len() - 1], "the target's time is over long before a fetch's");
    let left_out: Vec<&str> = lists(&all).into_iter().filter_map(in_vain).collect();
    assert_eq!(left_out.len(), 24, "each is told of");
    assert!(left_out.iter().all(|words| words.starts_with("not waited for: the 300ms")), "{left_out:?}");
    // Those that had begun, and no others, were asked at all.
    let asked: usize = silent.iter().map(ScriptedPeer::connections).sum();
    assert!(asked <= settings.fetching.bounds.at_once_of_target, "{asked} were asked");
}

#[test]
fn long_chains_wait_as_long_as_there_is_room_and_ordinary_ones_always() {
    let waiting = Waiting::default();
    let half = MOST_OF_LONG / 2;
    let (one, other) = (waiting.place(half), waiting.place(half));
    assert!(one.is_some() && other.is_some() && waiting.place(ORDINARY + 1).is_none());
    assert!((0..100).all(|_| waiting.place(ORDINARY).is_some()));
    drop(one);
    assert!(waiting.place(half).is_some() && waiting.place(half + 1).is_none());
}
