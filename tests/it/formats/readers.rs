//! Readers nobody here wrote, one for each format, and what they have against a text.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cmprobe::report::Format;

/// A reader's complaints about a text; empty: it takes it.
pub(super) fn complaints(format: Format, text: &str) -> String {
    match format {
        Format::Junit => xmllint(Some("junit.xsd"), text),
        Format::Prtg => xmllint(Some("prtg.xsd"), text),
        Format::Sarif => sarif(text),
        Format::Prometheus => fed(Command::new("promtool").args(["check", "metrics"]), text),
        Format::Nagios => fed(Command::new("perl").args(["-e", PERFDATA]), text),
        Format::Csv => fed(python().args(["-c", CSV]), text),
        Format::Ics => fed(python().args(["-c", CALENDAR]), text),
        Format::Json | Format::Zabbix => fed(python().args(["-c", "import json, sys; json.load(sys.stdin)"]), text),
        Format::Jsonl => fed(python().args(["-c", FLAT]), text),
        Format::Checkmk => checkmk(text),
        // The strict parser is a slow one.
        Format::Html if text.len() > 500_000 => nu(text),
        Format::Html => fed(python().args(["-c", PAGE]), text),
        Format::Text => String::new(),
    }
}

/// Monitoring::Plugin reads the performance data: each label it is known by, with a value that is a number or `U`.
const PERFDATA: &str = r#"
use strict; use warnings; use Monitoring::Plugin::Performance;
my $text = do { local $/; <STDIN> };
die "not ASCII\n" if $text =~ /[^\x20-\x7e\n]/;
die length($text) . " octets\n" if length($text) > 4000;
my ($first, @others) = split /\n/, $text;
die "first line has " . length($first) . " octets\n" if length($first) > 1000;
die "no verdict: $first\n" unless $first =~ /^CMPROBE (OK|WARNING|CRITICAL|UNKNOWN) - /;
my (undef, @parts) = split /\|/, $first;
die "bars in the text\n" if @parts > 1 or grep { /\|/ } @others;
if (@parts) {
  my @read = Monitoring::Plugin::Performance->parse_perfstring($parts[0]);
  # It leaves out what has no value.
  my @written = grep { !/=U;/ } split ' ', $parts[0];
  die "read " . @read . " of " . @written . ": $parts[0]\n" unless @read == @written;
  my %seen;
  for my $one (@read) {
    my $label = substr($one->label, 0, 19);
    die "twice: $label\n" if $seen{$label}++;
    die "no number: " . $one->label . "\n" unless $one->value =~ /^-?[0-9]+$/;
  }
}
"#;

/// Python reads the rows: all as long as the heading, none beginning as a formula does, lines ended as RFC 4180 says.
const CSV: &str = r#"
import csv, io, sys
text = sys.stdin.buffer.read().decode('utf-8')
assert text.replace('\r\n', '').find('\n') == -1, 'a line feed alone'
rows = list(csv.reader(io.StringIO(text.lstrip('\ufeff'), newline=''), strict=True))
assert rows and rows[0][0] == 'time', rows[:1]
for row in rows:
    assert len(row) == len(rows[0]), row
    for cell in row:
        assert not cell.startswith(('=', '+', '-', '@', '\t', '\r')), cell
"#;

/// Python's icalendar reads it: every event has an id of its own, a day and a stamp; no line is longer than 75 octets.
const CALENDAR: &str = r#"
import sys
from icalendar import Calendar
data = sys.stdin.buffer.read()
lines = data.split(b'\r\n')
assert lines[-1] == b'', 'the last line has no end'
for line in lines:
    assert len(line) <= 75 and b'\n' not in line, line
    line.decode('utf-8')
calendar = Calendar.from_ical(data)
assert calendar.get('VERSION') == '2.0' and calendar.get('PRODID')
ids = set()
for event in calendar.walk('VEVENT'):
    assert not event.errors, event.errors
    assert event['UID'] not in ids, event['UID']
    ids.add(event['UID'])
    event['DTSTAMP'].dt, event['DTSTART'].dt, str(event['SUMMARY'])
"#;

/// html5lib parses it as browsers do, and strictly; what a page must not hold is not there, and every link leads somewhere.
const PAGE: &str = r##"
import sys, html5lib
text = sys.stdin.buffer.read().decode('utf-8')
page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
ids = [element.get('id') for element in page.iter() if element.get('id')]
assert len(ids) == len(set(ids)), 'an id twice'
for element in page.iter():
    if not isinstance(element.tag, str):
        continue
    tag = element.tag.split('}')[-1]
    assert tag not in ('script', 'img', 'iframe', 'object', 'embed', 'link', 'base', 'form', 'image', 'use', 'foreignObject'), tag
    for name, value in element.items():
        assert not name.startswith('on') and name not in ('style', 'src', 'srcset'), (tag, name)
        if name.endswith('href'):
            assert value.startswith('#') and value[1:] in ids, (tag, value)
"##;

/// Each line is an object without anything nested in it.
const FLAT: &str = r#"
import json, sys
for line in sys.stdin:
    for key, value in json.loads(line).items():
        assert isinstance(value, (str, bool)) and value != '', (key, value)
"#;

/// Debian's Python, whose packages tests/run installs.
fn python() -> Command {
    let mut command = Command::new("/usr/bin/python3");
    command.arg("-I");
    command
}

/// Gives a program a text and what it complains of.
fn fed(command: &mut Command, text: &str) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin")).env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let name = command.get_program().to_owned();
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{name:?}: {error}; tests/run installs it"));
    let mut input = child.stdin.take().unwrap();
    let written = text.to_owned();
    let feeding = std::thread::spawn(move || input.write_all(written.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = feeding.join().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    match (output.status.success(), said.is_empty()) {
        (true, _) if name != "promtool" => String::new(),
        (true, _) => said,
        (false, true) => format!("{name:?} ended with {}", output.status),
        (false, false) => said,
    }
}

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats")
}

/// xmllint, with a schema or for being well-formed.
fn xmllint(schema: Option<&str>, text: &str) -> String {
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--huge"]);
    if let Some(schema) = schema {
        command.arg("--schema").arg(schemas().join(schema));
    }
    fed(command.arg("-"), text)
}

/// The Nu Html Checker. It knows no hash of a style, of which Chromium makes sure elsewhere.
fn nu(text: &str) -> String {
    let jar = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/checkers/node_modules/vnu-jar/build/dist/vnu.jar");
    let mut command = Command::new("java");
    fed(command.arg("-jar").arg(jar).args(["--errors-only", "-"]), text)
}

/// The schema of OASIS.
fn sarif(text: &str) -> String {
    let schema = std::fs::read_to_string(schemas().join("sarif-2.1.0.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return error.to_string(),
    };
    let faults = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path()));
    faults.take(5).collect::<Vec<_>>().join("\n")
}

/// The grammar of a local check, as Checkmk's manual has it: there is no reader to be had.
fn checkmk(text: &str) -> String {
    let mut known = std::collections::BTreeSet::new();
    let mut faults = Vec::new();
    for line in text.lines() {
        let told = (|| {
            let (status, rest) = line.split_once(" \"")?;
            let (service, rest) = rest.split_once("\" ")?;
            let (metrics, words) = rest.split_once(' ')?;
            let is_number = |part: &str| part.is_empty() || part.parse::<f64>().is_ok();
            let is_limit = |part: &str| part.strip_suffix(':').is_some_and(is_number) || is_number(part);
            let is_metric = |metric: &str| {
                let (name, values) = metric.split_once('=').unwrap_or(("", ""));
                let mut parts = values.split(';');
                name.starts_with("cmprobe_")
                    && parts.next().is_some_and(|value| value.parse::<f64>().is_ok())
                    && parts.all(is_limit)
            };
            let is_right = ["0", "1", "2", "3"].contains(&status)
                && service.starts_with("cmprobe ")
                && metrics.split('|').all(is_metric)
                && !words.is_empty();
            (is_right && known.insert(service.to_owned())).then_some(())
        })();
        if told.is_none() {
            faults.push(line.to_owned());
        }
    }
    faults.join("\n")
}
