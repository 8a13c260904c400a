//! `cloud-management-gateway/service`

use super::GATEWAYS;
use crate::observation::resolution::{Resolution, ResolutionSource};
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{Outcome, Trouble};
use crate::requirement::client_authentication::page;
use crate::rule::subject::{EndpointSubject, TargetSubject};
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::Culprit;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Unknown, Verdict};

requirement! {
    /// The gateway answers at its service name, and a service name of the company's own domain is an alias (CNAME) of the
    /// name Azure gave the gateway.
    ///
    /// Who is hurt: clients on the Internet, which have no other way in: they get neither policy nor content. Where the name
    /// has an address instead of an alias, they lose the gateway the day Azure moves it.
    ///
    /// How it is seen: `/CCM_Proxy_MutualAuth/ServiceMetadata` is asked for, as a client where the definition has one. An
    /// answer shows the gateway, and so does a refusal (client-authentication/accepts-client says why a client is refused).
    /// Aliases are those followed when the name was resolved; where a name was pinned, or given to a proxy, none are known.
    SERVICE {
        id: "cloud-management-gateway/service",
        title: "The gateway answers at its service name, which leads to Azure by an alias",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::CMGCERT, place: "a DNS CNAME from the service name to the name in Azure" },
        scope: GATEWAYS,
        evidence: &[EvidenceSource::Dns, EvidenceSource::Exchange],
        remedy: "See that the gateway's status in the console is Ready, and that its service name is a CNAME to its name in Azure.",
        check: Check::Target(check),
    }
}

/// The domains Azure gives names in.
const AZURE: [&str; 4] = [".cloudapp.azure.com", ".cloudapp.net", ".cloudapp.usgovcloudapi.net", ".usgovcloudapp.net"];

/// What became of the question at one endpoint.
enum Answered {
    /// The gateway is there; how it said so.
    Here(String),
    /// Something else answered.
    Troubled(Trouble),
    /// It cannot be said.
    Undecided(Unknown),
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    if subject.endpoints.is_empty() {
        return subject.no_endpoint();
    }
    let answers: Vec<Answered> = subject.endpoints.iter().filter_map(answered).collect();
    if let Some(trouble) = answers.iter().find_map(|one| match one {
        Answered::Troubled(trouble) => Some(trouble),
        Answered::Here(_) | Answered::Undecided(_) => None,
    }) {
        return trouble.evidence("The gateway does not answer at its service name.", "the gateway's answer").fail();
    }
    if let Some(addressed) = without_alias(&subject.seen.resolution) {
        return Evidence::new("The service name has an address of its own, and is no alias of a name in Azure.")
            .expected(format!("{}: a CNAME to a name in {}", subject.target.name, AZURE[0].trim_start_matches('.')))
            .observed(addressed)
            .because(&cause::GATEWAY_NAME_NO_ALIAS)
            .culprit(Culprit::Definition(subject.target.name.as_str().into()))
            .fail();
    }
    let mut here = Vec::new();
    for one in answers {
        match one {
            Answered::Here(how) => here.push(how),
            Answered::Undecided(why) => return Verdict::Unknown(why),
            Answered::Troubled(_) => {}
        }
    }
    if here.is_empty() { Verdict::NotApplicable("the path was not asked for") } else { Verdict::Pass(here) }
}

fn answered(endpoint: &EndpointSubject<'_>) -> Option<Answered> {
    let labels = [OfferLabel::Client, OfferLabel::Anonymous];
    let Some(seen) = labels.into_iter().find_map(|label| endpoint.with_offer(label)) else {
        // Where no handshake came about, nothing was asked either.
        return endpoint.stopped().map(|failure| {
            Answered::Undecided(Unknown {
                why: failure.words().into_owned(),
                decided_by: "a handshake that completes".into(),
            })
        });
    };
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    let status = answer.map(|answer| answer.status);
    Some(match Outcome::of(seen) {
        Outcome::Served(status) if answer.is_some_and(page::is_page) => Answered::Troubled(Trouble {
            how: format!("{status}, {}", answer.map(page::shown).unwrap_or_default().join(", ")),
            is_answer: true,
            words: "A page for people answers at this name, and not the gateway.",
            cause: &cause::SERVICE,
            culprit: None,
        }),
        Outcome::Served(status) => Answered::Here(status.to_string()),
        Outcome::LetIn(how) if status == Some(404) => Answered::Troubled(Trouble {
            how,
            is_answer: true,
            words: "There is nothing of a gateway at this name.",
            cause: &cause::SERVICE,
            culprit: None,
        }),
        Outcome::LetIn(how) | Outcome::Refused(how) => Answered::Here(how),
        // A redirect and a gateway in front are told as such; whatever else answers is not the service.
        Outcome::Troubled(trouble) if trouble.cause.fails(SERVICE.id) => Answered::Troubled(trouble),
        Outcome::Troubled(trouble) => Answered::Troubled(Trouble {
            words: "What answers at this name is not the gateway.",
            cause: &cause::SERVICE,
            ..trouble
        }),
        Outcome::Undecided(why, decided_by) => Answered::Undecided(Unknown { why, decided_by }),
    })
}

/// The addresses of a name of the company's own that is no alias of one in Azure; `None`: it is, or that is not known.
fn without_alias(resolution: &Resolution) -> Option<String> {
    let is_azure = |name: &str| {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        AZURE.iter().any(|domain| name.ends_with(domain))
    };
    let was_followed = match resolution.source {
        // Of a name in the machine's own list nobody was asked.
        ResolutionSource::Servers(_) | ResolutionSource::Machine => resolution.took.is_some(),
        ResolutionSource::Pin | ResolutionSource::Literal | ResolutionSource::Proxy(_) => false,
    };
    if !was_followed || is_azure(&resolution.name) || resolution.aliases.iter().any(|name| is_azure(name)) {
        return None;
    }
    let addresses: Vec<String> = resolution.addresses.iter().map(ToString::to_string).collect();
    let aliases = resolution.aliases.last().map(|last| format!(", an alias of {last}")).unwrap_or_default();
    (!addresses.is_empty()).then(|| format!("{}{aliases}: {}", resolution.name, addresses.join(", ")))
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Anonymous, Client};
    use super::ResolutionSource;
    use crate::observation::failure::ResolveFailure;
    use crate::requirement::case::{Case, GATEWAY, World};
    use crate::rule::usage::Use::CloudManagementGateway;

    pub(super) fn all() -> Vec<Case> {
        let leading = |aliases: &[&str]| {
            let aliases = aliases.iter().map(|&name| name.to_owned()).collect();
            World::of(CloudManagementGateway, |r| r).seen(|seen| {
                seen.resolution.name = GATEWAY.into();
                seen.resolution.aliases = aliases;
            })
        };
        let gateway = || leading(&["contosocmg.westeurope.cloudapp.azure.com"]);
        let answering = |status| gateway().answering(Client, status, "");
        vec![
            Case::passes("its metadata", answering(200)),
            Case::passes("a refusal", answering(403)),
            Case::passes("asked by nobody in particular", gateway().answering(Anonymous, 403, "")),
            Case::passes("an older name in Azure", leading(&["cmg.cloudapp.net."]).answering(Client, 200, "")),
            Case::passes(
                "pinned",
                leading(&[]).seen(|seen| seen.resolution.source = ResolutionSource::Pin).answering(Client, 200, ""),
            ),
            Case::fails("no alias", leading(&[]).answering(Client, 200, ""), "10.1.0.21"),
            Case::fails("no alias, and not asked", leading(&[]), "gateway-name-no-alias"),
            Case::fails(
                "an alias elsewhere",
                leading(&["www.contoso.com"]).answering(Client, 200, ""),
                "www.contoso.com",
            ),
            Case::fails("nothing of a gateway", answering(404), "404"),
            Case::fails(
                "a sign-in page",
                gateway().answering(Client, 200, "<html><title>Sign in</title>"),
                "A page for people",
            ),
            Case::fails("another's page fails", answering(500), "not the gateway"),
            Case::fails("a redirect", answering(302), "redirect"),
            Case::fails("nothing behind Azure's own front", answering(502), "in front"),
            Case::not_applicable("not asked", gateway()),
            Case::unknown("nothing listens", gateway().refused()),
            Case::unknown("no such name", gateway().unresolved(ResolveFailure::NameNotFound)),
            Case::not_applicable("a site system", World::web_server(|r| r)),
        ]
    }
}
