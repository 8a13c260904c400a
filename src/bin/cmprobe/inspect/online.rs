//! `--online`: fetches what tells whether the certificates of files are revoked, from each vantage, before they are judged.

use std::sync::Arc;

use cmprobe::observation::Seen;
use cmprobe::plan::endpoint::HERE;
use cmprobe::prober::{Prober, Settings};
use cmprobe::site::Site;
use cmprobe::site::vantage::{Network, Vantage};
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::trust::store::TrustStore;
use cmprobe::wire::der::Der;
use tokio::sync::mpsc;

use crate::args::InspectArgs;
use crate::check::now;
use crate::exit::Error;
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
            Some(presented) => presented.targets.iter().map(|target| &target.vantage).collect(),
            None => stands.iter().map(|vantage| &vantage.name).collect(),
        };
        for vantage in from {
            let one = (Arc::clone(vantage), chain.clone());
            if !sought.contains(&one) {
                sought.push(one);
            }
        }
    }
    let ders = |certificates: &[Arc<cmprobe::certificate::Certificate>]| {
        certificates.iter().map(|certificate| certificate.der.clone()).collect::<Vec<_>>()
    };
    let mut settings = Settings::new(stands, now);
    settings.revocation = true;
    settings.further = ders(&trust.intermediates);
    settings.roots = ders(&trust.roots);
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

/// Where is stood: at the definition's vantages, or here, under the name of each vantage a file's certificates were met at.
fn vantages(args: &InspectArgs, site: &Site, opened: &[CertificateFile]) -> Vec<Vantage> {
    if args.definition.is_some() {
        let wanted = |vantage: &&Vantage| {
            args.vantage.is_empty() || args.vantage.iter().any(|name| name.eq_ignore_ascii_case(&vantage.name))
        };
        return site.vantages.iter().filter(wanted).cloned().collect();
    }
    let mut stands = vec![Vantage::new(HERE, Network::Intranet)];
    for target in opened.iter().filter_map(|file| file.presented.as_ref()).flat_map(|presented| &presented.targets) {
        if !stands.iter().any(|vantage| vantage.name == target.vantage) {
            stands.push(Vantage::new(Arc::clone(&target.vantage), target.network));
        }
    }
    stands
}
