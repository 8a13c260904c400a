//! `--online`: fetches what tells whether the certificates of files are revoked, from each vantage, before they are judged.

use std::sync::Arc;

use cmprobe::observation::Seen;
use cmprobe::plan::Target;
use cmprobe::plan::endpoint::HERE;
use cmprobe::prober::{Prober, Settings};
use cmprobe::site::Site;
use cmprobe::site::vantage::{Network, Vantage};
use cmprobe::trust::basis::RevocationMode;
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::trust::store::TrustStore;
use cmprobe::wire::der::Der;
use tokio::sync::mpsc;

use crate::args::InspectArgs;
use crate::check::now;
use crate::exit::Error;
use crate::fetching;
use cmprobe::judgement::run::CertificateFile;

/// Fetches the lists and asks the responders that the files' certificates name, and keeps what came of it.
///
/// # Errors
/// This machine gives no threads or timers.
pub(super) fn fetch(
    args: &InspectArgs,
    site: &Site,
    trust: &TrustStore,
    opened: &[CertificateFile],
    crls: &CrlStore,
) -> Result<(), Error> {
    let stands = vantages(args, site, opened);
    let mut sought: Vec<(Arc<str>, Vec<Der>)> = Vec::new();
    for file in opened {
        let held = file.facts.certificate.iter().chain(&file.facts.others);
        let chain: Vec<Der> = held.map(|certificate| certificate.der.clone()).collect();
        let from: Vec<&Arc<str>> = match &file.presented {
            Some(presented) => presented.targets().iter().map(|target| &target.vantage).collect(),
            None => stands.iter().map(|vantage| &vantage.name).collect(),
        };
        for vantage in from {
            let one = (Arc::clone(vantage), chain.clone());
            if !sought.contains(&one) {
                sought.push(one);
            }
        }
    }
    let mut settings = Settings::new(stands, now);
    let mode = RevocationMode::from(args.judging.revocation);
    fetching::set(&mut settings, site, trust, mode, args.way.revocation_hosts.into());
    args.way.set(&mut settings);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::fault(format!("this machine gives no threads or timers to fetch with: {error}")))?;
    runtime.block_on(async {
        let (sink, mut seen) = mpsc::channel(64);
        let prober = Prober::new(settings);
        let fetching = tokio::spawn(async move { prober.fetch_lists(sought, sink).await });
        while let Some(one) = seen.recv().await {
            if let Seen::Crl(list) = one {
                crls.add(&list);
            }
        }
        fetching.abort();
    });
    runtime.shutdown_background();
    Ok(())
}

/// Where is stood: at the definition's vantages, and here, under the name of each further vantage at which a file's
/// certificates were, or would be, met; here alone where the definition has none.
fn vantages(args: &InspectArgs, site: &Site, opened: &[CertificateFile]) -> Vec<Vantage> {
    let wanted = |vantage: &&Vantage| {
        args.vantage.is_empty() || args.vantage.iter().any(|name| name.eq_ignore_ascii_case(&vantage.name))
    };
    let mut stands: Vec<Vantage> = site.vantages.iter().filter(wanted).cloned().collect();
    if stands.is_empty() {
        stands.push(Vantage::new(HERE, Network::Intranet));
    }
    for target in opened.iter().filter_map(|file| file.presented.as_ref()).flat_map(|presented| presented.targets()) {
        if !stands.iter().any(|vantage| vantage.name == target.vantage) {
            stands.push(Vantage::new(Arc::clone(&target.vantage), target.network));
        }
    }
    stands
}

/// The same targets, each at the definition's vantages for its clients; one for whose clients there is none, as it was.
pub(super) fn stood_at(targets: Vec<Target>, site: &Site, wanted: &[String]) -> Vec<Target> {
    let is_wanted =
        |vantage: &Vantage| wanted.is_empty() || wanted.iter().any(|name| name.eq_ignore_ascii_case(&vantage.name));
    let mut stood = Vec::new();
    for target in targets {
        let from = site.vantages.iter().filter(|vantage| vantage.network == target.network && is_wanted(vantage));
        let from: Vec<&Vantage> = from.collect();
        if from.is_empty() {
            stood.push(target);
            continue;
        }
        stood.extend(from.into_iter().map(|vantage| Target { vantage: Arc::clone(&vantage.name), ..target.clone() }));
    }
    stood
}
