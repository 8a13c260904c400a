//! A case's world, held against requirements through the assessment everything else goes through.

use std::sync::Arc;

use super::{NOW, World};
use crate::certificate::Certificate;
use crate::certificate::cache::CertificateCache;
use crate::judgement::{Assessor, Finding};
use crate::observation::LookupObservation;
use crate::observation::resolution::CrlObservation;
use crate::plan::{Lookup, Target, TargetId};
use crate::rule::subject::{FileSubject, SiteSubject, TargetSubject, WaiverSubject};
use crate::rule::{Check, Requirement};
use crate::trust::basis::Basis;
use crate::trust::lists::store::CrlStore;
use crate::trust::store::TrustStore;
use crate::verdict::cause::host::Host;
use crate::wire::der::Der;

impl World {
    /// Holds several requirements against the world.
    pub(crate) fn judge_by(&self, requirements: &'static [&'static Requirement]) -> Vec<Finding> {
        let read = |ders: &[Der]| ders.iter().map(|der| Arc::new(Certificate::read(der))).collect::<Vec<_>>();
        let trust = TrustStore::new(
            read(&self.roots),
            Vec::new(),
            read(&self.intermediates),
            crate::trust::signature::ALGORITHMS,
        );
        let mut trust = trust;
        trust.client_authorities = read(&self.client_authorities);
        trust.proxy_certificates = read(self.proxy_certificate.as_slice())
            .into_iter()
            .map(|certificate| ("ISA01".into(), certificate))
            .collect();
        trust.expected_certificates.clone_from(&self.expected);
        let crls = CrlStore::default();
        for seen in &self.crls {
            crls.add(&CrlObservation { vantage: self.target.vantage.to_string(), ..seen.clone() });
        }
        let basis = Basis {
            site: &self.site,
            trust: &trust,
            now: self.now,
            warn_days: 30,
            revocation: self.revocation,
            crls: &crls,
        };
        let target = self.whole_target();
        let mut assessor = Assessor::new(basis, requirements);
        if let ([requirement], Some((waiver, used, whole))) = (requirements, &self.waiver)
            && let Check::Waiver(check) = requirement.check
        {
            let subject = WaiverSubject { basis: &basis, waiver, used: *used, whole: *whole };
            let severity = requirement.severity.under(self.site.profile);
            return vec![Finding {
                requirement,
                severity,
                citation: requirement.citation.under(self.site.profile),
                subject: "waiver".into(),
                system: "waiver".into(),
                verdict: check(&subject),
                waived: None,
                profile: self.site.profile,
                ends: None,
                proxy: None,
                cluster: None,
                host: Host::default(),
                lacks: None,
            }];
        }
        if let Some(others) = &self.site_of {
            let worlds: Vec<&Self> = std::iter::once(self).chain(others).collect();
            let targets: Vec<Target> = worlds.iter().map(|world| world.whole_target()).collect();
            let mut cache = CertificateCache::default();
            let subjects: Vec<TargetSubject<'_>> = worlds
                .iter()
                .zip(&targets)
                .map(|(world, target)| TargetSubject::new(&basis, target, &world.seen, &mut cache))
                .collect();
            return assessor.site(&SiteSubject { basis: &basis, targets: &subjects });
        }
        if let Some((kind, file)) = &self.file {
            let subject = FileSubject {
                basis: &basis,
                kind: *kind,
                name: "file.cer",
                file,
                dialled: Some(target.name.as_str()),
                is_clusters: self.of_cluster,
                siblings: &self.siblings,
            };
            return assessor.file(&subject);
        }
        if let Some((question, answer)) = &self.lookup {
            let lookup = Lookup {
                id: TargetId::new("MP01", "lookup", "mp01", "intranet"),
                system: "MP01".into(),
                vantage: target.vantage.clone(),
                network: target.network,
                question: question.clone(),
                expectation: target.expectation.clone(),
                why: "a case".into(),
            };
            let seen = LookupObservation { lookup: lookup.id.clone(), at: NOW, answer: answer.clone() };
            return assessor.lookup(&lookup, &seen);
        }
        let mut findings = Vec::new();
        let about_name = assessor.target(&target, &self.seen, |_, of_endpoint| findings.extend(of_endpoint));
        findings.splice(0..0, about_name);
        findings
    }
}
