//! What lists and responders tell in a case's world.

use super::{INTERNET, INTRANET, NOW, World, lab};
use crate::certificate::Certificate;
use crate::certificate::ocsp_request::questions;
use crate::lab::pki::{CrlRecipe, Minted, OcspRecipe, Recipe};
use crate::observation::failure::{ExchangeFailure, Failure, Stop};
use crate::observation::resolution::{CrlObservation, Sought};
use crate::observation::timing::Milliseconds;
use crate::wire::der::Der;

impl World {
    /// These bytes came from a URL.
    pub(crate) fn crl(self, url: &str, bytes: &[u8]) -> Self {
        self.crl_seen(url, |seen| {
            seen.body = Some(Der::from(bytes));
            seen.status = Some(200);
        })
    }

    /// Nothing came from a URL.
    pub(crate) fn crl_failed(self, url: &str, kind: impl Into<Stop>, words: &str) -> Self {
        self.crl_seen(url, |seen| {
            seen.body = None;
            seen.failure = Some(Failure::new(kind, words));
        })
    }

    /// Nothing came from a URL.
    pub(crate) fn crl_silent(self, url: &str) -> Self {
        self.crl_failed(url, ExchangeFailure::Timeout, "no answer in 20 s").crl_seen(url, |seen| seen.status = None)
    }

    /// A URL was answered with this status.
    pub(crate) fn crl_status(self, url: &str, status: u16) -> Self {
        self.crl_seen(url, |seen| seen.status = Some(status))
    }

    /// What came from a URL took so many milliseconds.
    pub(crate) fn crl_took(self, url: &str, took: f64) -> Self {
        self.crl_seen(url, |seen| seen.took = Some(Milliseconds(took)))
    }

    fn crl_seen(mut self, url: &str, bend: impl FnOnce(&mut CrlObservation)) -> Self {
        let at = self.crls.iter().position(|seen| seen.url == url).unwrap_or_else(|| {
            let seen = CrlObservation::asked("", url, Sought::List, NOW);
            self.crls.push(CrlObservation { took: Some(Milliseconds(12.0)), ..seen });
            self.crls.len() - 1
        });
        bend(&mut self.crls[at]);
        self
    }

    /// A responder certificates may name.
    pub(crate) const RESPONDER: &str = "http://ocsp.contoso.com/";

    /// The healthy management point, its certificate naming a responder that answers so about it.
    pub(crate) fn asking(recipe: OcspRecipe) -> Self {
        Self::asking_as(|r| r, recipe)
    }

    /// The same of a certificate made otherwise.
    pub(crate) fn asking_as(bend: impl FnOnce(Recipe) -> Recipe, recipe: OcspRecipe) -> Self {
        Self::with_responder(bend, |leaf, seen| {
            let answer = lab().issuing.ocsp(leaf, &recipe).expect("a response that can be minted");
            seen.body = Some(Der::from(answer.as_slice()));
        })
    }

    /// The same, with a responder that sends these bytes.
    pub(crate) fn answered(bytes: &[u8]) -> Self {
        Self::with_responder(|r| r, |_, seen| seen.body = Some(Der::from(bytes)))
    }

    /// The same, with a responder that sends nothing.
    pub(crate) fn unanswered(kind: impl Into<Stop>, words: &str) -> Self {
        Self::with_responder(|r| r, |_, seen| seen.failure = Some(Failure::new(kind, words)))
    }

    fn with_responder(of: impl FnOnce(Recipe) -> Recipe, bend: impl FnOnce(&Minted, &mut CrlObservation)) -> Self {
        let pki = lab();
        let recipe = of(pki.web_server(&[INTRANET, INTERNET]).ocsp(Self::RESPONDER));
        let leaf = pki.issue(&recipe).expect("a recipe that can be minted");
        let read = |minted: &Minted| Certificate::read(&Der::from(minted.der.as_slice()));
        let asked = questions(&read(&leaf), &[read(&pki.issuing)]);
        let url = &asked.first().expect("a question about the leaf").url;
        Self::presenting(&[&leaf, &pki.issuing], &[&pki.root]).crl_seen(url, |seen| {
            seen.sought = Sought::OcspAnswer;
            bend(&leaf, seen);
        })
    }

    /// Both lists of the lab's authorities, current and empty, where certificates say they are.
    pub(crate) fn healthy_crls(self) -> Self {
        let pki = lab();
        let list = |authority: &Minted, recipe| authority.crl(&recipe).expect("a list that can be minted");
        self.crl(&pki.root_crl_url(), &list(&pki.root, root_crl()))
            .crl(&pki.issuing_crl_url(), &list(&pki.issuing, issuing_crl()))
    }
}

/// A list of the lab's issuing authority, current at [`NOW`] and empty.
pub(crate) fn issuing_crl() -> CrlRecipe {
    CrlRecipe::at(NOW.0)
}

/// A list of the lab's root, current at [`NOW`] and empty.
pub(crate) fn root_crl() -> CrlRecipe {
    CrlRecipe::at(NOW.0).current(NOW.0 - time::Duration::days(30), NOW.0 + time::Duration::days(152))
}
