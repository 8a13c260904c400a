//! Which of several certificates a client of the site takes, in the order in which Configuration Manager leaves them out.

use std::collections::HashMap;

use super::run::CertificateFile;
use crate::certificate::Facts;
use crate::observation::file::{FileFormat, KeyPresence};
use crate::requirement::client::by_subject::{BySubject, by_subject, computer_name};
use crate::requirement::quality::leads_to_root::LEADS_TO_ROOT;
use crate::requirement::quality::not_revoked::NOT_REVOKED;
use crate::requirement::quality::purpose::PURPOSE;
use crate::requirement::quality::validity::VALIDITY;
use crate::rule::credential::{Credential, Place};
use crate::rule::met::{Meeting, MetChain};
use crate::rule::quality::Quality;
use crate::rule::subject::FileSubject;
use crate::site::profile::Profile;
use crate::trust::basis::Basis;
use crate::verdict::{Evidence, Verdict};

/// Whether a client takes a certificate of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// It is the one.
    pub taken: bool,
    /// Why, in words.
    pub why: String,
}

/// Says of each file, by its place among them, whether a computer that has them all takes it: the issuer is one the site
/// wants, the certificate is valid, not revoked and its key at hand, it is for Client Authentication, its Subject is as the
/// site selects; of what is left the one with the longest validity.
pub fn choose(basis: &Basis<'_>, files: &[CertificateFile]) -> Vec<Choice> {
    let standing: Vec<Result<time::Duration, String>> = files.iter().map(|file| standing(basis, file)).collect();
    let all_left = || standing.iter().enumerate().filter_map(|(at, one)| Some((at, *one.as_ref().ok()?)));
    // A certificate without a file of its key may have it at the computer; one whose key is here surely has.
    let has_key = |at: usize| files.get(at).is_some_and(|file| file.facts.key == KeyPresence::Fits);
    let with_key = all_left().find(|(at, _)| has_key(*at)).map(|(at, _)| at);
    let left = || all_left().filter(|(at, _)| with_key.is_none() || has_key(*at));
    // Of two that are valid equally long the first: which of them it is does not matter to a client.
    let longest = left().fold(None, |best: Option<(usize, time::Duration)>, one| match best {
        Some(best) if best.1 >= one.1 => Some(best),
        Some(_) | None => Some(one),
    });
    let count = left().count();
    let inferred = match basis.site.profile {
        Profile::CurrentBranch => "",
        Profile::NativeMode2007 => "; by Current Branch's order, for no document says how clients of 2007 choose",
    };
    let whose = whose(basis, files, all_left().map(|(at, _)| at));
    let inferred = &format!("{whose}{inferred}");
    let (of_these, unsure) = match with_key {
        Some(_) if all_left().count() > count => (" with its private key at hand", ""),
        Some(_) => ("", ""),
        None => ("", "; whether the computer has the private key, the files do not say"),
    };
    let chosen = |at: usize, validity: time::Duration| match longest {
        Some((best, _)) if with_key.is_some() && !has_key(at) => {
            let other = files.get(best).map_or("", |file| file.name.as_str());
            let why = format!("not taken: no private key is at hand for it, and {other} has its own{inferred}");
            Choice { taken: false, why }
        }
        Some((best, _)) if best == at && count == 1 => {
            Choice { taken: true, why: format!("taken: the only one that is left{of_these}{unsure}{inferred}") }
        }
        Some((best, _)) if best == at => Choice {
            taken: true,
            why: format!(
                "taken: of {count} that are left{of_these} the one with the longest validity, {}{unsure}{inferred}",
                days(validity)
            ),
        },
        Some((best, longest)) => {
            let other = files.get(best).map_or("", |file| file.name.as_str());
            let why = if longest == validity {
                format!("not taken: {other} is valid as long, {}, and either may be taken{inferred}", days(longest))
            } else {
                format!("not taken: valid for {}, and {other} for {}{inferred}", days(validity), days(longest))
            };
            Choice { taken: false, why }
        }
        None => Choice { taken: false, why: String::new() },
    };
    let choices = standing.iter().enumerate().map(|(at, one)| match one {
        Ok(validity) => chosen(at, *validity),
        Err(why) => Choice { taken: false, why: format!("not taken: {why}{inferred}") },
    });
    choices.collect()
}

/// How many names of computers are told.
const MOST_NAMES: usize = 4;

/// What to know where those that are left are of several computers: each takes those with its own name alone, and which of
/// them it is nobody said. Empty: they are of one, or the site's own criteria choose.
fn whose(basis: &Basis<'_>, files: &[CertificateFile], left: impl Iterator<Item = usize>) -> String {
    if basis.site.selection.is_some() {
        return String::new();
    }
    let mut names: Vec<String> = Vec::new();
    for at in left {
        let certificate = files.get(at).and_then(|file| file.facts.certificate.as_ref());
        let name = certificate.and_then(|one| computer_name(one.facts()?)).map(str::to_lowercase);
        names.extend(name.filter(|name| !names.contains(name)));
    }
    match names.as_slice() {
        [] | [_] => String::new(),
        _ => {
            let told: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
            let more = if names.len() > MOST_NAMES { " and others" } else { "" };
            let told = told.join(", ");
            format!(
                "; the computer's name is not known, and these are of several, {told}{more}: a computer takes those with its own name alone"
            )
        }
    }
}

fn days(validity: time::Duration) -> String {
    format!("{} days", validity.whole_days())
}

/// How long a certificate is valid that is not left out; or why it is.
fn standing(basis: &Basis<'_>, file: &CertificateFile) -> Result<time::Duration, String> {
    let Some(certificate) = &file.facts.certificate else { return Err("the file holds no certificate".into()) };
    let facts = certificate.facts.as_ref().map_err(|why| format!("it cannot be read: {why}"))?;
    let all = std::iter::once(certificate).chain(&file.facts.others).cloned().collect();
    let chain = MetChain::new(all, Meeting::File);
    let subject = FileSubject {
        basis,
        kind: file.of,
        name: &file.name,
        file: &file.facts,
        dialled: None,
        is_clusters: false,
        siblings: &[],
    };
    let credential = Credential { basis, of: file.of, chain: &chain, place: Place::File(&subject) };
    let holds = |quality: &Quality| match (quality.judge)(&credential, facts) {
        Verdict::Fail(evidence) => Err(in_words(&evidence)),
        Verdict::Pass(_) | Verdict::NotApplicable(_) | Verdict::Unknown(_) => Ok(()),
    };
    if !basis.site.trust.client_roots.is_empty() {
        holds(&LEADS_TO_ROOT).map_err(|why| format!("its issuer is not among those the site wants: {why}"))?;
    }
    holds(&VALIDITY)?;
    holds(&NOT_REVOKED)?;
    match (file.facts.key, file.facts.format) {
        (KeyPresence::DoesNotFit, _) => return Err("its private key is another certificate's".into()),
        (KeyPresence::Absent, FileFormat::Pkcs12) => return Err("its private key is not in the file".into()),
        (KeyPresence::Fits | KeyPresence::Absent, _) => {}
    }
    holds(&PURPOSE)?;
    match by_subject(basis.site, facts) {
        BySubject::Lacks(expected) => return Err(format!("its Subject is {}, not {expected}", subject_words(facts))),
        BySubject::Holds(_) | BySubject::Empty | BySubject::NoComputerName => {}
    }
    Ok(facts.not_after.0 - facts.not_before.0)
}

fn subject_words(facts: &Facts) -> &str {
    if facts.subject.text.is_empty() { "empty" } else { &facts.subject.text }
}

/// A failure in one line.
fn in_words(evidence: &Evidence) -> String {
    let message = evidence.message.trim_end_matches('.');
    match evidence.observed.first() {
        Some(observed) => format!("{message} ({observed})"),
        None => message.to_owned(),
    }
}

/// The choice of each file, by its name.
pub fn by_name(basis: &Basis<'_>, files: &[CertificateFile]) -> HashMap<String, Choice> {
    files.iter().map(|file| file.name.clone()).zip(choose(basis, files)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use time::Duration;

    use super::*;
    use crate::certificate::Certificate;
    use crate::lab::pki::{Pki, Recipe};
    use crate::observation::file::FileFacts;
    use crate::rule::usage::Use;
    use crate::site::{Selection, Site};
    use crate::trust::basis::RevocationMode;
    use crate::trust::lists::store::CrlStore;
    use crate::trust::signature::ALGORITHMS;
    use crate::trust::store::TrustStore;
    use crate::wire::der::Der;
    use crate::wire::timestamp::Timestamp;

    fn file(name: &str, recipe: &Recipe) -> CertificateFile {
        let pki = Pki::lab().unwrap();
        let minted = pki.issue(recipe).unwrap();
        let facts = FileFacts::of_der(Certificate::read(&Der::from(minted.der.as_slice())));
        CertificateFile {
            of: Use::Client,
            name: name.into(),
            facts,
            dialled: None,
            is_clusters: false,
            presented: None,
        }
    }

    fn choices(bend: impl FnOnce(&mut Site), files: &[CertificateFile]) -> Vec<(bool, String)> {
        let pki = Pki::lab().unwrap();
        let read = |der: &[u8]| vec![Arc::new(Certificate::read(&Der::from(der)))];
        let trust = TrustStore::new(read(&pki.root.der), Vec::new(), read(&pki.issuing.der), ALGORITHMS);
        let mut site = Site::nameless(Profile::CurrentBranch);
        bend(&mut site);
        let crls = CrlStore::default();
        let now = Timestamp(crate::lab::pki::LAB_EPOCH);
        let revocation = RevocationMode::Hard;
        let basis = Basis { site: &site, trust: &trust, now, warn_days: 30, revocation, crls: &crls };
        choose(&basis, files).into_iter().map(|one| (one.taken, one.why)).collect()
    }

    #[test]
    fn what_has_its_key_at_hand_goes_before_what_is_valid_longer_without() {
        let pki = Pki::lab().unwrap();
        let now = crate::lab::pki::LAB_EPOCH;
        let valid = |name: &str, days: i64, key: KeyPresence| {
            let recipe =
                pki.client("ws01.corp.contoso.com").valid(now - Duration::days(10), now + Duration::days(days));
            let mut file = file(name, &recipe);
            file.facts.key = key;
            file
        };
        let long = || valid("long.cer", 400, KeyPresence::Absent);
        let all = choices(|_| (), &[valid("short.pfx", 90, KeyPresence::Fits), long()]);
        assert!(all[0].0 && all[0].1.contains("the only one that is left with its private key at hand"), "{all:#?}");
        assert!(
            !all[1].0 && all[1].1.contains("no private key is at hand for it, and short.pfx has its own"),
            "{all:#?}"
        );
        let fitting = |days: i64| valid(&format!("{days}.pfx"), days, KeyPresence::Fits);
        let all = choices(|_| (), &[fitting(90), long(), fitting(200)]);
        let taken: Vec<bool> = all.iter().map(|(taken, _)| *taken).collect();
        assert_eq!(taken, [false, false, true], "{all:#?}");
        // Where no key is anywhere, that is said.
        let all = choices(|_| (), &[long(), valid("short.cer", 90, KeyPresence::Absent)]);
        assert!(all[0].0 && all[0].1.contains("whether the computer has the private key"), "{all:#?}");
    }

    #[test]
    fn what_is_left_out_is_said_and_of_the_rest_the_longest_validity_decides() {
        let pki = Pki::lab().unwrap();
        let now = crate::lab::pki::LAB_EPOCH;
        let client = || pki.client("ws01.corp.contoso.com");
        let valid = |days: i64| client().valid(now - Duration::days(10), now + Duration::days(days));
        let mut without_key = file("no-key.pfx", &client());
        without_key.facts.format = FileFormat::Pkcs12;
        let files = [
            file("short.cer", &valid(90)),
            file("long.cer", &valid(400)),
            file("ended.cer", &client().valid(now - Duration::days(900), now - Duration::days(1))),
            file("server.cer", &client().eku(&["1.3.6.1.5.5.7.3.1"])),
            file("other.cer", &client().cn("ws02.corp.contoso.com").dns(&["ws01.corp.contoso.com"])),
            without_key,
        ];
        let all = choices(|_| (), &files);
        let taken: Vec<bool> = all.iter().map(|(taken, _)| *taken).collect();
        assert_eq!(taken, [false, true, false, false, false, false], "{all:#?}");
        for ((_, why), words) in all.iter().zip([
            "valid for 100 days, and long.cer for 410 days",
            "of 2 that are left the one with the longest validity, 410 days",
            "expired",
            "Client Authentication",
            "holds the computer's name, ws01",
            "key is not in the file",
        ]) {
            assert!(why.contains(words), "{words}: {why}");
        }
        // The site's own criteria stand in place of the computer's name.
        let by_text = |site: &mut Site| site.selection = Some(Selection::SubjectContains("WS02".into()));
        let all = choices(by_text, &files);
        let taken: Vec<bool> = all.iter().map(|(taken, _)| *taken).collect();
        assert_eq!(taken, [false, false, false, false, true, false], "{all:#?}");
        // Of two computers' each takes its own, and which one this is nobody said.
        let files = [
            file("this.cer", &valid(90)),
            file(
                "that.cer",
                &pki.client("ws02.corp.contoso.com").valid(now - Duration::days(10), now + Duration::days(400)),
            ),
        ];
        let all = choices(|_| (), &files);
        assert_eq!([all[0].0, all[1].0], [false, true], "{all:#?}");
        for (_, why) in &all {
            assert!(why.contains("the computer's name is not known") && why.contains("ws01, ws02"), "{why}");
        }
        let by_text = |site: &mut Site| site.selection = Some(Selection::SubjectContains("corp".into()));
        assert!(choices(by_text, &files).iter().all(|(_, why)| !why.contains("not known")));
        // Of 2007's clients nothing is known.
        let all = choices(|site| site.profile = Profile::NativeMode2007, &files[..1]);
        assert!(all[0].0 && all[0].1.contains("no document says"), "{all:?}");
    }
}
