//! Which question is answered how. Refusals are fixed sentences: nothing a stranger wrote is sent back.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use cmprobe::exporter::own::{self, Own};
use cmprobe::exporter::query::{LONGEST, Probe, Query};
use cmprobe::report::document::Tool;
use hyper::body::Incoming;
use hyper::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue,
    REFERRER_POLICY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use tokio::time::Instant;

use super::body::{self, Body, whole};
use super::definition::Watched;
use super::target::{self, Refused};
use super::web::Config;
use super::{Exporter, page};

/// By when Prometheus wants its answer.
const TIMEOUT: &str = "x-prometheus-scrape-timeout-seconds";
/// How long there is where it does not say so, and at most.
const LONGEST_SCRAPE: f64 = 120.0;
/// What is kept of it for the way back.
const WAY_BACK: f64 = 0.5;

const TEXT: &str = "text/plain; charset=utf-8";
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const LINES: &str = "application/jsonl";

/// Whoever asks.
pub(super) struct Caller {
    /// The web configuration under which the connection was opened.
    pub(super) web: Arc<Config>,
}

/// A refusal: its status and its sentence.
type Refusal = (StatusCode, &'static str);

/// Answers one request.
pub(super) async fn answer(request: Request<Incoming>, exporter: &Arc<Exporter>, caller: &Caller) -> Response<Body> {
    let (head, _) = request.into_parts();
    let mut answer = match routed(&head, exporter, caller).await {
        Ok(answer) => answer,
        Err((status, why)) => {
            let mut refusal = of(TEXT, format!("{why}\n"));
            *refusal.status_mut() = status;
            if status == StatusCode::UNAUTHORIZED {
                let wanted = HeaderValue::from_static("Basic realm=\"cmprobe\", charset=\"UTF-8\"");
                refusal.headers_mut().insert(WWW_AUTHENTICATE, wanted);
            }
            if status == StatusCode::METHOD_NOT_ALLOWED {
                refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            refusal
        }
    };
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        // Reports carry their own style, which their own policy names.
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Finds what is asked for.
async fn routed(
    head: &hyper::http::request::Parts,
    exporter: &Arc<Exporter>,
    caller: &Caller,
) -> Result<Response<Body>, Refusal> {
    if head.uri.path_and_query().is_some_and(|text| text.as_str().len() > LONGEST) {
        return Err((StatusCode::URI_TOO_LONG, "the URL is too long"));
    }
    let authorization = head.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    if !caller.web.knows(authorization).await {
        return Err((StatusCode::UNAUTHORIZED, "a password is needed"));
    }
    if head.method != Method::GET && head.method != Method::HEAD {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered"));
    }
    let wrong = |why| (StatusCode::BAD_REQUEST, why);
    let query = || Query::parse(head.uri.query().unwrap_or_default()).map_err(wrong);
    let named = || query()?.definition().map_err(wrong).and_then(|name| found(exporter, name.as_deref()));
    match head.uri.path() {
        "/" => Ok(of(HTML, page::index(&exporter.definitions))),
        "/metrics" => Ok(of(METRICS, own(exporter))),
        "/probe" => {
            let deadline = deadline(&head.headers).map_err(wrong)?;
            let metrics = match query()?.probe().map_err(wrong)? {
                Probe::Definition { name, vantage } => {
                    last_metrics(found(exporter, Some(&name))?, vantage.as_deref(), deadline, exporter).await?
                }
                Probe::Target(endpoint) => target::probe(exporter, endpoint, deadline).await.map_err(refused)?,
            };
            Ok(of(METRICS, metrics))
        }
        "/report" => {
            let last = named()?.state().last.ok_or(NOT_YET)?;
            Ok(of(HTML, last.page.clone()))
        }
        "/observations" => {
            if !caller.web.asks_for_passwords() {
                let why = "observations are handed out only where basic_auth_users is set";
                return Err((StatusCode::FORBIDDEN, why));
            }
            let last = named()?.state().last.ok_or(NOT_YET)?;
            let unread = |_| (StatusCode::INTERNAL_SERVER_ERROR, "the observations cannot be read");
            let (body, length) = body::observations(last).await.map_err(unread)?;
            let mut answer = with(LINES, body);
            answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
            Ok(answer)
        }
        "/-/healthy" => Ok(of(TEXT, "healthy\n")),
        "/-/ready" => {
            let is_ready = exporter.definitions.iter().all(|watched| watched.state().last.is_some());
            if is_ready { Ok(of(TEXT, "ready\n")) } else { Err(NOT_YET) }
        }
        _ => Err((StatusCode::NOT_FOUND, "there is nothing here")),
    }
}

const NOT_YET: Refusal = (StatusCode::SERVICE_UNAVAILABLE, "the first run has not ended");

/// A definition by its name, or the only one.
fn found<'a>(exporter: &'a Exporter, name: Option<&str>) -> Result<&'a Watched, Refusal> {
    let found = match (name, exporter.definitions.as_slice()) {
        (Some(name), all) => all.iter().find(|watched| watched.name == name),
        (None, [only]) => Some(only),
        (None, _) => return Err((StatusCode::BAD_REQUEST, "name a definition")),
    };
    found.map(Arc::as_ref).ok_or((StatusCode::BAD_REQUEST, "there is no definition of this name"))
}

/// The metrics of a definition's last run.
async fn last_metrics(
    watched: &Watched,
    vantage: Option<&str>,
    deadline: Instant,
    exporter: &Exporter,
) -> Result<Bytes, Refusal> {
    let unknown = (StatusCode::BAD_REQUEST, "the definition has no vantage of this name that is looked at from here");
    let known = watched.state().vantages;
    let vantage = match vantage {
        Some(name) => Some(known.iter().find(|known| known.eq_ignore_ascii_case(name)).ok_or(unknown)?),
        None => None,
    };
    let last = watched.last(deadline, exporter.ending.subscribe()).await.ok_or(NOT_YET)?;
    match vantage {
        None => Ok(last.metrics.clone()),
        Some(vantage) => last.of_vantages.get(vantage.as_str()).cloned().ok_or(unknown),
    }
}

/// The exporter's own metrics.
fn own(exporter: &Exporter) -> String {
    let counts = &exporter.counts;
    let states: Vec<_> = exporter.definitions.iter().map(|watched| (&watched.name, watched.state())).collect();
    own::render(&Own {
        version: &Tool::THIS.version,
        probes: vec![
            ("passed", counts.passed.load(Ordering::Relaxed)),
            ("failed", counts.failed.load(Ordering::Relaxed)),
            ("undecided", counts.undecided.load(Ordering::Relaxed)),
            ("error", counts.errors.load(Ordering::Relaxed)),
        ],
        in_flight: counts.in_flight.load(Ordering::Relaxed),
        definitions: states.iter().map(|(name, state)| (name.as_str(), state.is_current)).collect(),
    })
}

/// By when there must be an answer.
fn deadline(headers: &HeaderMap) -> Result<Instant, &'static str> {
    const RIGHT: &str = "X-Prometheus-Scrape-Timeout-Seconds is no number of seconds";
    let seconds = match headers.get(TIMEOUT) {
        None => LONGEST_SCRAPE,
        Some(value) => {
            let read = value.to_str().ok().and_then(|text| text.parse::<f64>().ok());
            read.filter(|seconds| seconds.is_finite() && *seconds > 0.0).ok_or(RIGHT)?
        }
    };
    let left = (seconds.min(LONGEST_SCRAPE) - WAY_BACK).max(0.0);
    Ok(Instant::now() + Duration::from_secs_f64(left))
}

const fn refused(why: Refused) -> Refusal {
    match why {
        Refused::NotAllowed => (StatusCode::FORBIDDEN, "this target is not allowed; see --allow-target"),
        Refused::TooLate => (StatusCode::SERVICE_UNAVAILABLE, "there was no time to probe it"),
        Refused::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "it could not be probed"),
    }
}

fn of(kind: &'static str, text: impl Into<Bytes>) -> Response<Body> {
    with(kind, whole(text))
}

fn with(kind: &'static str, body: Body) -> Response<Body> {
    let mut answer = Response::new(body);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
