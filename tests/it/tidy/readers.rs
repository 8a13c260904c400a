//! That what is observed has a reader: for each field of a saved observation, the place that judges by it or shows it; or
//! why there is none. A field that is recorded and read by nobody is a fact that was seen and never told.

use std::collections::{BTreeMap, BTreeSet};

use cmprobe::observation::Seen;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::nothing;
use super::source::{Source, sources};

/// Who reads a field.
#[derive(Clone, Copy)]
enum Reader {
    /// A file of a room that judges or tells, below `src` and without its ending, and the words with which it reads.
    By(&'static str, &'static str),
    /// Nobody, for this reason.
    Nobody(&'static str),
}

use Reader::{By, Nobody};

/// The rooms that judge by what was seen, and those that tell it.
const READING: [&str; 6] = ["trust", "rule", "requirement", "judgement", "diagnosis", "report"];

/// Every field of an observation, by the type that has it, and its reader.
const FIELDS: &[(&str, Reader)] = &[
    ("Alert.description", By("requirement/session/versions", ".description")),
    ("Alert.level", Nobody("clients end a session by the description alone; kept as the wire had it")),
    ("Answer.at", By("requirement/session/clock", "answer.at")),
    ("Answer.authenticate", By("requirement/client_authentication/outcome", ".authenticate")),
    ("Answer.body", By("requirement/management_point/own_certificate", "answer.body")),
    ("Answer.body_cut", By("requirement/management_point", ".body_cut")),
    ("Answer.content_range", By("requirement/distribution_point/content", "answer.content_range")),
    ("Answer.content_type", By("requirement/client_authentication/page", "answer.content_type")),
    ("Answer.date", By("requirement/session/clock", "answer.date")),
    ("Answer.location", By("requirement/client_authentication/outcome", "answer.location")),
    ("Answer.server", By("requirement/client_authentication/outcome", "answer.server")),
    ("Answer.status", By("requirement/client_authentication/outcome", "answer.status")),
    ("Answer.sub_status", By("requirement/distribution_point/content", "answer.sub_status")),
    ("Answer.title", By("requirement/client_authentication/outcome", "answer.title")),
    ("Answer.via", By("requirement/reachability/direct", ".via")),
    (
        "ClientCertificateRequest.accepted_issuers",
        By("requirement/client_authentication/accepted_issuers", ".accepted_issuers"),
    ),
    ("ClientCertificateRequest.when", By("requirement/client_authentication/late_request", "request.when")),
    ("CrlObservation.at", Nobody("a list is judged as of the run's time; kept for who reads the file")),
    ("CrlObservation.body", By("trust/lists/store", ".body")),
    ("CrlObservation.extract", By("trust/lists/store", ".extract")),
    ("CrlObservation.failure", By("trust/lists/store", ".failure")),
    ("CrlObservation.instead", By("trust/lists/store", ".instead")),
    ("CrlObservation.octets", By("trust/lists/store", ".octets")),
    ("CrlObservation.sought", By("trust/lists/store", ".sought")),
    ("CrlObservation.status", By("trust/lists/reach", "fetched.status")),
    ("CrlObservation.took", By("trust/lists/store", ".took")),
    ("CrlObservation.url", By("trust/lists/store", ".url")),
    ("CrlObservation.vantage", By("trust/lists/store", ".vantage")),
    ("EndpointObservation.address", By("requirement/reachability/connects", ".address")),
    ("EndpointObservation.observations", By("rule/subject", "seen.observations")),
    ("Exchange.answer", By("requirement/client_authentication/outcome", "exchange.answer")),
    ("Exchange.failure", By("requirement/client_authentication/outcome", "exchange.failure")),
    ("Exchange.method", By("requirement/client_authentication/outcome", "exchange.method")),
    ("Exchange.path", By("requirement/software_update_point/service", ".path")),
    ("Extract.digest", By("trust/lists/store", ".digest")),
    ("Extract.encoding", By("requirement/revocation/der_encoding", ".encoding")),
    ("Extract.entries", By("trust/lists/listed", ".entry")),
    (
        "Extract.entries_have_extensions",
        Nobody("read where the list is read again from it: by the rules, a list of version 1 has none"),
    ),
    ("Extract.frame", By("trust/lists/store", ".frame")),
    (
        "Extract.issuers",
        Nobody("read where the list is read again from it: whose certificates an indirect list revokes"),
    ),
    ("Extract.unknown_critical", Nobody("read where the list is read again from it: it makes the list malformed")),
    ("Failure.attempts", By("requirement/reachability/connects", "failure.words")),
    ("Failure.detail", By("rule/subject", "failure.detail")),
    ("Failure.kind", By("requirement/client_authentication/outcome", "failure.stop")),
    ("Failure.phase", By("requirement/reachability/connects", "failure.phase")),
    ("Handshake.aftermath", Nobody("what followed stops the probe: it is read as the probe's end")),
    ("Handshake.alerts", By("requirement/client_authentication/outcome", "handshake.alerts")),
    ("Handshake.cautious", By("requirement/session/hello_tolerance", ".cautious")),
    ("Handshake.chain", By("rule/subject", "handshake.chain")),
    ("Handshake.cipher_suite", By("requirement/session/forward_secrecy", "handshake.cipher_suite")),
    (
        "Handshake.client_certificate_request",
        By("requirement/client_authentication/late_request", ".client_certificate_request"),
    ),
    ("Handshake.client_certificate_sent", By("requirement/client_authentication/outcome", ".client_certificate_sent")),
    ("Handshake.completed", By("requirement/reachability/completes_handshake", ".completed")),
    ("Handshake.hello_length", By("requirement/session/hello_tolerance", ".hello_length")),
    ("Handshake.key_exchange_group", By("report/endpoint", ".key_exchange_group")),
    ("Handshake.key_proof", By("requirement/session/key_proof", ".key_proof")),
    ("Handshake.prime_bits", By("requirement/session/reach", ".prime_bits")),
    ("Handshake.later", By("requirement/client_authentication/outcome", "handshake.later")),
    ("Handshake.later_chain", By("rule/subject", "handshake.later_chain")),
    ("Handshake.ocsp_response", By("requirement/quality/lists", ".ocsp_response")),
    ("Handshake.received", By("requirement/reachability/completes_handshake", ".received")),
    ("Handshake.secure_renegotiation", By("requirement/session/secure_renegotiation", ".secure_renegotiation")),
    ("Handshake.server_name", By("requirement/quality/names", "handshake.server_name")),
    ("Handshake.version", By("requirement/session/versions", ".version")),
    ("Instead.sha256", Nobody("for who has the file that was sent: nothing of it is kept but this")),
    ("Instead.what", By("trust/lists/store", ".what")),
    ("KeyProof.undecided", By("requirement/session/key_proof", "KeyProof::Undecided")),
    ("LookupAnswer.host", By("requirement/reachability/intranet_name_hidden", "LookupAnswer::Host")),
    ("LookupAnswer.service", By("requirement/reachability/service_record", "LookupAnswer::Service")),
    ("LookupObservation.answer", By("requirement/reachability/service_record", "seen.answer")),
    ("LookupObservation.at", Nobody("an answer is judged as of the run's time; kept for who reads the file")),
    ("LookupObservation.lookup", By("judgement/run", "of.lookup")),
    ("NotAList.beyond", By("trust/lists/fault", "NotAList::Beyond")),
    ("NotAList.compressed", By("trust/lists/fault", "NotAList::Compressed")),
    ("NotAList.malformed", By("trust/lists/fault", "NotAList::Malformed")),
    ("NotAList.other", By("trust/lists/fault", "NotAList::Other")),
    ("Observation.at", By("report/endpoint", "seen.at")),
    ("Observation.engine", By("requirement/client_authentication/outcome", "seen.engine")),
    ("Observation.exchange", By("requirement/client_authentication/outcome", "seen.exchange")),
    ("Observation.handshake", By("requirement/client_authentication/outcome", "seen.handshake")),
    ("Observation.offer", By("requirement/client_authentication/outcome", "seen.offer")),
    ("Observation.stopped", By("requirement/client_authentication/outcome", "seen.stopped")),
    ("Observation.timing", By("requirement/session/handshake_time", ".timing")),
    ("Resolution.addresses", By("requirement/reachability/name_resolves", "resolution.addresses")),
    ("Resolution.aliases", By("requirement/reachability/intranet_name_hidden", "resolution.aliases")),
    ("Resolution.failure", By("requirement/reachability/intranet_name_hidden", "resolution.failure")),
    ("Resolution.name", Nobody("the name asked for is the target's or the record's, by which it is judged")),
    ("Resolution.source", By("requirement/reachability/name_resolves", "resolution.source")),
    ("Resolution.took", By("report/endpoint", ".took")),
    ("ResolutionSource.proxy", By("requirement/reachability/name_resolves", "ResolutionSource::Proxy")),
    ("ResolutionSource.servers", By("requirement/reachability/name_resolves", "ResolutionSource::Servers")),
    ("RunEnd.finished_at", By("report/document", "finished_at")),
    ("RunHeader.host", By("report/circumstances", "probe_host")),
    ("RunHeader.left_out", By("report/circumstances", "left_out")),
    ("RunHeader.judged_at", By("report/document", "judged_at")),
    ("RunHeader.schema_version", Nobody("read where the file is: another first number is refused")),
    ("RunHeader.started_at", By("report/document", "started_at")),
    ("RunHeader.tool", Nobody("for who reads the file: which program wrote it")),
    ("RunHeader.tool_version", Nobody("for who reads the file: which program wrote it")),
    ("RunHeader.vantages", Nobody("read where files are brought together: it tells whether a run stood there at all")),
    ("Seen.crl", By("judgement/run", "Seen::Crl")),
    ("Seen.end", Nobody("read where the file is: one without its last line was cut short, and says so")),
    ("Seen.lookup", By("judgement/run", "Seen::Lookup")),
    ("Seen.run", Nobody("read where the file is: its first line")),
    ("Seen.target", By("judgement/run", "Seen::Target")),
    ("Seen.told", Nobody("read where the file is: when its target is judged")),
    ("ServiceAnswer.failure", By("requirement/reachability/service_record", ".failure")),
    ("ServiceAnswer.records", By("requirement/reachability/service_record", ".records")),
    ("ServiceRecord.host", By("requirement/reachability/service_record", "found.host")),
    ("ServiceRecord.port", By("requirement/reachability/service_record", "found.port")),
    ("ServiceRecord.priority", By("requirement/reachability/service_record", "found.priority")),
    ("ServiceRecord.target", By("requirement/reachability/service_record", "found.target")),
    ("ServiceRecord.weight", By("requirement/reachability/service_record", "found.weight")),
    ("TargetId.name", By("requirement/management_point/list_resolves", "id.name")),
    ("TargetId.system", By("judgement", "target.system")),
    ("TargetId.vantage", By("requirement/management_point/list_resolves", "id.vantage")),
    ("TargetId.what", By("requirement/management_point/list_resolves", "id.what")),
    ("TargetObservation.endpoints", By("rule/subject", "seen.endpoints")),
    ("TargetObservation.resolution", By("requirement/management_point/list_resolves", "seen.resolution")),
    ("TargetObservation.target", By("judgement/run", "of.target")),
    ("Timing.connect", By("requirement/session/handshake_time", "timing.connect")),
    ("Timing.exchange", By("requirement/session/clock", "timing.exchange")),
    ("Timing.handshake", By("requirement/session/handshake_time", "timing.handshake")),
    ("Timing.own", By("requirement/session/handshake_time", "timing.own")),
    ("Timing.resolve", By("report/text/endpoints", "timing.resolve")),
];

/// The fields of everything a schema describes, each with its type.
fn fields(schema: &Value, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let types = schema["$defs"].as_object().into_iter().flatten();
    for (name, of) in types.map(|(name, of)| (name.as_str(), of)).chain([(root, schema)]) {
        gather(name, of, &mut found);
    }
    found
}

fn gather(name: &str, of: &Value, found: &mut BTreeSet<String>) {
    found.extend(of["properties"].as_object().into_iter().flatten().map(|(field, _)| format!("{name}.{field}")));
    for way in ["oneOf", "anyOf", "allOf"].iter().flat_map(|key| of[*key].as_array().into_iter().flatten()) {
        gather(name, way, found);
    }
}

/// What is wrong with a table of readers.
fn faults(fields: &BTreeSet<String>, table: &[(&str, Reader)], sources: &[Source]) -> Vec<String> {
    let known: BTreeMap<&str, Reader> = table.iter().copied().collect();
    let unread = fields.iter().filter(|field| !known.contains_key(field.as_str()));
    let mut found: Vec<String> = unread
        .map(|field| format!("{field} is observed and read by nobody: judge by it, show it, or say why"))
        .collect();
    found.extend(known.keys().filter(|field| !fields.contains(**field)).map(|field| format!("there is no {field}")));
    for (field, reader) in known {
        match reader {
            Nobody("") => found.push(format!("{field} is read by nobody, and nobody says why")),
            Nobody(_) => {}
            By(file, words) => {
                let path = format!("src/{file}.rs");
                let Some(source) = sources.iter().find(|source| source.path == path) else {
                    found.push(format!("{field}: there is no {path}"));
                    continue;
                };
                if !READING.contains(&source.room.as_str()) {
                    found.push(format!("{field}: {path} neither judges nor tells"));
                } else if !reads(source, words) {
                    found.push(format!("{field}: {path} does not read `{words}`"));
                }
            }
        }
    }
    found
}

/// Whether words stand in a source, outside its tests.
fn reads(source: &Source, words: &str) -> bool {
    let wanted: Vec<String> = Source::read(&source.path, words).tokens.into_iter().map(|token| token.text).collect();
    source.tokens.windows(wanted.len()).any(|there| there.iter().map(|token| &token.text).eq(&wanted))
}

#[test]
fn every_field_of_an_observation_has_a_reader() {
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Seen>();
    let fields = fields(&schema.to_value(), "Seen");
    assert!(fields.len() > 100, "the schema is not read: {fields:?}");
    nothing(faults(&fields, FIELDS, &sources()));
}

#[test]
fn a_field_without_a_reader_is_found() {
    let schema = serde_json::json!({
        "properties": { "seen": {} },
        "$defs": { "Door": { "anyOf": [{ "properties": { "open": {}, "colour": {} } }] } },
    });
    let fields = fields(&schema, "House");
    assert_eq!(fields.iter().collect::<Vec<_>>(), ["Door.colour", "Door.open", "House.seen"]);
    let text =
        "//! Reads .colour.\nfn judge(door: &Door) { door.open } #[cfg(test)] mod cases { fn x() { door.colour } }";
    let sources =
        [Source::read("src/requirement/door.rs", text), Source::read("src/engine.rs", "fn x() { house.seen }")];
    let open = ("Door.open", By("requirement/door", "door.open"));
    let colour = ("Door.colour", Nobody("a matter of taste"));
    let seen = ("House.seen", Nobody("for who reads the file"));
    let count = |table: &[(&str, Reader)]| faults(&fields, table, &sources).len();
    assert_eq!(count(&[open, colour, seen]), 0);
    assert_eq!(count(&[open, seen]), 1, "no word about a field");
    assert_eq!(count(&[open, ("Door.colour", By("requirement/door", "door.colour")), seen]), 1, "only tested");
    assert_eq!(count(&[open, colour, ("House.seen", By("engine", "house.seen"))]), 1, "who makes it does not judge");
    assert_eq!(count(&[open, ("Door.colour", Nobody("")), seen]), 1, "no reason");
    assert_eq!(count(&[open, colour, seen, ("Door.width", Nobody("gone"))]), 1, "there is none");
    assert_eq!(count(&[("Door.open", By("requirement/gate", "door.open")), colour, seen]), 1, "no such file");
}
