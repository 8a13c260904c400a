//! A certificate with its use: what a quality is asked of, wherever the certificate was met.

use std::cell::OnceCell;
use std::sync::Arc;

use super::subject::{EndpointSubject, FileSubject};
use super::usage::{Roots, Use};
use crate::certificate::{Certificate, Facts};
use crate::observation::Observation;
use crate::plan::OfferLabel;
use crate::site::profile::Profile;
use crate::trust::basis::Basis;
use crate::trust::lists::checked::Asked;
use crate::trust::path::Paths;
use crate::trust::store::TrustStore;
use crate::verdict::cause::Culprit;
use crate::verdict::{Evidence, Unknown, Verdict};

/// A leaf with what was presented, or lay, beside it, and where that was met. The paths above it are found once.
#[derive(Debug)]
pub struct MetChain {
    /// The leaf, then what came with it, in its order. Never empty.
    pub certificates: Vec<Arc<Certificate>>,
    /// Where it was met, in order.
    pub on: Vec<Meeting>,
    paths: OnceCell<Paths>,
}

/// Where a certificate was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// In the first handshake of a connection with this offer.
    Handshake(OfferLabel),
    /// In a second handshake on such a connection.
    LaterHandshake(OfferLabel),
    /// In what the server answered to a request with this offer (`?MPCERT`, `?SITESIGNCERT`).
    HandedOut(OfferLabel),
    /// In a file.
    File,
}

impl Meeting {
    /// In words, to be put behind a certificate.
    pub fn words(self) -> String {
        match self {
            Self::Handshake(OfferLabel::Default) => "met on a further connection".into(),
            Self::Handshake(offer) => format!("met on the connection {offer}"),
            Self::LaterHandshake(offer) => format!("met in the second handshake of the connection {offer}"),
            Self::HandedOut(offer) => format!("handed out in answer to {offer}"),
            Self::File => "in the file".into(),
        }
    }
}

impl MetChain {
    /// A chain met once.
    pub fn new(certificates: Vec<Arc<Certificate>>, on: Meeting) -> Self {
        Self { certificates, on: vec![on], paths: OnceCell::new() }
    }

    /// The certification paths above the leaf for the purpose of its use, found once.
    pub fn paths(&self, basis: &Basis<'_>, of: Use, asked: Asked<'_>) -> &Paths {
        self.paths.get_or_init(|| super::search::paths(basis, of, asked, &self.certificates))
    }

    /// The leaf.
    pub fn leaf(&self) -> &Arc<Certificate> {
        &self.certificates[0]
    }
}

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

/// A certificate as what has to be put right.
pub fn culprit(certificate: &Certificate) -> Culprit {
    Culprit::Certificate { fingerprint: certificate.fingerprint, subject: certificate.subject_text().into() }
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

/// Judges every chain an endpoint was met with for a use: what fails, before what is unknown, before what passes.
pub fn judge_all(
    endpoint: &EndpointSubject<'_>,
    of: Use,
    chains: &[MetChain],
    judge: impl Fn(&Credential<'_>, &Facts) -> Verdict,
) -> Verdict {
    let mut best: Option<Verdict> = None;
    for (at, chain) in chains.iter().enumerate() {
        let credential = Credential { basis: endpoint.basis, of, chain, place: Place::Endpoint(endpoint) };
        let mut verdict = match &chain.leaf().facts {
            Ok(facts) => judge(&credential, facts),
            Err(why) => unreadable(why),
        };
        if at > 0
            && let Verdict::Fail(evidence) = &mut verdict
        {
            let met = chain.on.first().map(|meeting| meeting.words()).unwrap_or_default();
            evidence.observed.push(format!("{}, {met}", chain.leaf().subject_text()));
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
