//! A certificate with its use: what a quality is asked of, wherever the certificate was met.

use std::sync::Arc;

use super::met::{Meeting, MetChain};
use super::subject::{EndpointSubject, FileSubject};
use super::usage::{Roots, Use};
use crate::certificate::{Certificate, Facts};
use crate::observation::Observation;
use crate::plan::OfferLabel;
use crate::site::profile::Profile;
use crate::trust::basis::Basis;
use crate::trust::lists::store::Asked;
use crate::trust::path::Paths;
use crate::trust::path::fault::without_whole_file;
use crate::trust::store::TrustStore;
use crate::verdict::cause::{Culprit, CulpritKind};
use crate::verdict::{Evidence, Unknown, Verdict};

/// What a credential was met at.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// An endpoint presented it, or handed it out.
    Endpoint(&'a EndpointSubject<'a>),
    /// A file holds it.
    File(&'a FileSubject<'a>),
}

/// A certificate relied on for a use.
#[derive(Debug)]
pub struct Credential<'a> {
    /// What may be consulted beside it.
    pub basis: &'a Basis<'a>,
    /// What it is relied on for.
    pub of: Use,
    /// The certificate and what came with it.
    pub chain: &'a MetChain,
    /// What it was met at.
    pub place: Place<'a>,
}

impl<'a> Credential<'a> {
    /// The certificate.
    pub fn certificate(&self) -> &'a Arc<Certificate> {
        self.chain.leaf()
    }

    /// The profile it is held against.
    pub const fn profile(&self) -> Profile {
        self.basis.site.profile
    }

    /// The file it lies in; `None`: a server presented it.
    pub const fn file(&self) -> Option<&'a FileSubject<'a>> {
        match self.place {
            Place::File(file) => Some(file),
            Place::Endpoint(_) => None,
        }
    }

    /// Whether it was met in an answer alone, and presented in no handshake.
    pub fn is_handed_out(&self) -> bool {
        self.chain.on.iter().all(|meeting| matches!(meeting, Meeting::HandedOut(_)))
    }

    /// The endpoint that presented it; `None`: it lies in a file.
    pub const fn endpoint(&self) -> Option<&'a EndpointSubject<'a>> {
        match self.place {
            Place::Endpoint(endpoint) => Some(endpoint),
            Place::File(_) => None,
        }
    }

    /// Whether a server sent it in a handshake, with whatever it sends beside it.
    pub fn is_presented(&self) -> bool {
        self.chain.on.iter().any(|meeting| match meeting {
            Meeting::Handshake(_) | Meeting::LaterHandshake(_) => true,
            Meeting::HandedOut(_) | Meeting::File => false,
        })
    }

    /// The observation in whose handshake it was met.
    pub fn session(&self) -> Option<&'a Observation> {
        let endpoint = self.endpoint()?;
        self.chain.on.iter().find_map(|meeting| match meeting {
            Meeting::Handshake(OfferLabel::Default) => endpoint.principal(),
            Meeting::Handshake(offer) | Meeting::LaterHandshake(offer) => endpoint.with_offer(*offer),
            Meeting::HandedOut(_) | Meeting::File => None,
        })
    }

    /// The roots it must lead to.
    pub fn roots(&self) -> &'a [Arc<Certificate>] {
        self.basis.trust.roots_of(self.of.data().roots)
    }

    /// The certification paths above it for its purpose, found once.
    pub fn paths(&self) -> &'a Paths {
        self.chain.paths(self.basis, self.of, self.asked())
    }

    /// The authorities between it and the root, and what is not known about their being all; `None`: they are all there are.
    pub fn below_root(&self) -> (&'a [Arc<Certificate>], Option<Unknown>) {
        let (authorities, missing) = self.paths().below_root();
        (authorities, missing.map(|unknown| self.advised(unknown)))
    }

    /// What would decide something of it, as far as its file can hold that: a mobile device's holds one certificate.
    pub fn advised(&self, unknown: Unknown) -> Unknown {
        if self.of != Use::MobileDevice {
            return unknown;
        }
        Unknown { decided_by: without_whole_file(&unknown.decided_by), ..unknown }
    }

    /// From where what it names was asked for: from where an endpoint's clients stand; those who check what a file holds
    /// stand where no probe does.
    pub fn asked(&self) -> Asked<'a> {
        match self.place {
            Place::Endpoint(endpoint) => Asked::From(&endpoint.target.vantage),
            Place::File(_) => Asked::Anywhere,
        }
    }

    /// The certificate as what has to be put right.
    pub fn culprit(&self) -> Culprit {
        culprit(self.certificate())
    }

    /// Evidence about it, naming it as what has to be put right.
    pub fn evidence(&self, message: impl Into<String>) -> Evidence {
        Evidence::new(message).culprit(self.culprit())
    }
}

impl EndpointSubject<'_> {
    /// The chain that speaks for the endpoint, as a credential; `None`: none was seen.
    pub fn credential(&self) -> Option<Credential<'_>> {
        let chain = self.met.first()?;
        Some(Credential { basis: self.basis, of: self.of, chain, place: Place::Endpoint(self) })
    }

    /// Judges every leaf met, on any connection, the chain's first: what fails, before what is unknown, before what passes.
    pub fn judge_leaves(&self, judge: impl Fn(&Facts) -> Verdict) -> Verdict {
        judge_all(self, self.of, self.shown_to_clients(), |_, facts| judge(facts))
    }
}

/// A certificate as what has to be put right.
pub fn culprit(certificate: &Certificate) -> Culprit {
    Culprit::Certificate { fingerprint: certificate.fingerprint, subject: certificate.subject_text().into() }
}

/// An authority whose certificate nobody has, as what has to be put right.
pub fn authority_named(name: &str) -> Culprit {
    Culprit::Authority { fingerprint: None, subject: name.into() }
}

/// An authority as what has to be put right.
pub fn authority(certificate: &Certificate) -> Culprit {
    Culprit::Authority { fingerprint: Some(certificate.fingerprint), subject: certificate.subject_text().into() }
}

impl TrustStore {
    /// The certificates a use's paths may end at.
    pub fn roots_of(&self, roots: Roots) -> &[Arc<Certificate>] {
        match roots {
            Roots::Site | Roots::None => &self.roots,
            Roots::SiteOrPublic => &self.public_or_own,
            Roots::Client => &self.client_roots,
        }
    }
}

/// Judges by what it says every chain an endpoint was met with for a use.
pub fn judge_all(
    endpoint: &EndpointSubject<'_>,
    of: Use,
    chains: &[MetChain],
    judge: impl Fn(&Credential<'_>, &Facts) -> Verdict,
) -> Verdict {
    judge_each(endpoint, of, chains, |credential| match &credential.certificate().facts {
        Ok(facts) => judge(credential, facts),
        Err(why) => unreadable(why),
    })
}

/// Judges every chain an endpoint was met with for a use: what fails, before what is unknown, before what passes.
pub fn judge_each(
    endpoint: &EndpointSubject<'_>,
    of: Use,
    chains: &[MetChain],
    judge: impl Fn(&Credential<'_>) -> Verdict,
) -> Verdict {
    let mut best: Option<Verdict> = None;
    for (at, chain) in chains.iter().enumerate() {
        let credential = Credential { basis: endpoint.basis, of, chain, place: Place::Endpoint(endpoint) };
        let mut verdict = judge(&credential);
        if at > 0
            && let Verdict::Fail(evidence) = &mut verdict
        {
            let met = chain.on.first().map(|meeting| meeting.words()).unwrap_or_default();
            evidence.observed.push(format!("{}, {met}", chain.leaf().subject_text()));
            // It is this certificate that is to be put right, not the one that was met first.
            let is_its = evidence.because.is_some_and(|cause| cause.culprit == CulpritKind::Certificate);
            if is_its && evidence.culprit.is_none() {
                evidence.culprit = Some(culprit(chain.leaf()));
            }
        }
        best = Some(match best {
            None => verdict,
            Some(known) if weight(&known) >= weight(&verdict) => known,
            Some(_) => verdict,
        });
    }
    best.unwrap_or_else(|| endpoint.no_certificate())
}

/// The verdict on anything about a certificate that cannot be read.
pub fn unreadable(why: &impl std::fmt::Display) -> Verdict {
    Verdict::Unknown(Unknown {
        why: format!("the certificate cannot be read: {why}"),
        decided_by: "a certificate that can be read as X.509".into(),
    })
}

/// Which of several verdicts about one thing has the say.
const fn weight(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Fail(_) => 3,
        Verdict::Unknown(_) => 2,
        Verdict::Pass(_) => 1,
        Verdict::NotApplicable(_) => 0,
    }
}
