//! A run that fetches lists: what is handed on, when, and how often.

use std::net::Ipv4Addr;

use tokio::time::timeout;

use super::super::tests::{PATIENT, default_target, settings, vantage};
use super::super::{Settings, run};
use super::*;
use crate::lab::pki::{Organization, Pki};
use crate::lab::server::{Credentials, Options, TlsServer};
use crate::lab::site::http::{Reserved, Server};
use crate::lab::site::publication;
use crate::observation::resolution::CrlObservation;
use crate::plan::Target;
use crate::resolve::Pin;
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
    Settings { revocation: true, pins: vec![pin], vantages: vec![vantage(), outside], ..settings() }
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
            Seen::Run(_) | Seen::Target(_) | Seen::Lookup(_) | Seen::End(_) => None,
        })
        .collect()
}

#[tokio::test]
async fn every_list_comes_once_from_each_vantage_and_before_any_target_that_needs_it() {
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
    assert_eq!((fetched.len(), lists.len()), (4, 8), "and the two in the directory, which are named and not asked for");
    assert_eq!(publication.asked().len(), 4);
    assert_eq!(all.len(), 18);
    for (at, seen) in all.iter().enumerate() {
        let Seen::Target(_) = seen else { continue };
        assert!(all[..at].iter().filter(|seen| matches!(seen, Seen::Crl(_))).count() >= 4, "a target came too early");
    }
}

#[tokio::test]
async fn further_certificates_have_their_lists_fetched_too_and_nothing_is_fetched_unasked() {
    let (pki, publication, web) = company().await;
    let alone = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"]).no_cdp()).unwrap();
    let mut credentials = Credentials::of(&alone);
    credentials.chain.truncate(1);
    let incomplete = TlsServer::start(Options::presenting(credentials)).await.unwrap();
    let settings = Settings { further: vec![Der::from(pki.issuing.der.as_slice())], ..fetching() };
    let all = run_all(vec![default_target(incomplete.address())], &settings).await;
    assert!(lists(&all).iter().any(|list| list.url == pki.root_crl_url() && list.body.is_some()));
    assert_eq!(publication.asked().len(), 1);
    let off = Settings { revocation: false, ..settings };
    assert!(lists(&run_all(vec![default_target(web.address())], &off).await).is_empty());
    assert_eq!(publication.asked().len(), 1);
}
