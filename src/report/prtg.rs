//! An answer for PRTG's EXE/Script Advanced sensor. Limits are read only when a channel first appears, so channels keep
//! their names and limits.

use super::document::Report;
use super::foreign::Foreign;
use super::view::{Counted, Matter, Part, View};
use super::xml::Xml;

/// The longest text, in characters.
const TEXT: usize = 2_000;

/// Writes the answer. A run that was cut short is an error, which takes the sensor down.
pub fn render(report: &Report) -> String {
    let view = View::new(report);
    if !report.run.summary.complete {
        return failed("the run was ended before everything planned was looked at");
    }
    let mut text = format!("{}: {}", view.site(), view.counts_in_words());
    if let Some(first) = view.matters().first().map(Matter::sentence) {
        text += &format!(". {first}");
    }
    let fail = report.run.summary.fail;
    let all = || report.endpoints.iter();
    let days = |end: Option<crate::wire::timestamp::Timestamp>| end.map(|end| view.days(end));
    let unit_of_days = Unit::Own("days", &[("LimitMinWarning", "30"), ("LimitMinError", "7")]);
    let count = |most: &'static [(&'static str, &'static str)]| Unit::Count(most);
    let number = |count: usize| i64::try_from(count).ok();
    let channels = [
        ("Errors", number(fail.error), count(&[("LimitMaxError", "0")])),
        ("Endpoints not reached", number(view.unreached()), count(&[("LimitMaxError", "0")])),
        ("Warnings", number(fail.warning), count(&[("LimitMaxWarning", "0")])),
        ("Not decided", number(view.counts(Counted::Unknown).error), count(&[("LimitMaxWarning", "0")])),
        ("Days left, server certificates", days(view.first_end(all(), Part::Leaf)), unit_of_days),
        ("Days left, authorities", days(view.first_end(all(), Part::Authorities)), unit_of_days),
        ("Days left, files", days(view.first_file_end()), unit_of_days),
        (
            "Hours left, revocation lists",
            view.first_list_end(None).map(|end| view.hours(end)),
            Unit::Own("hours", &[("LimitMinWarning", "48"), ("LimitMinError", "0")]),
        ),
    ];
    let mut xml = Xml::new();
    xml.open("prtg", &[]);
    xml.element("text", &shortened(&text));
    for (name, value, unit) in channels {
        let Some(value) = value else { continue };
        xml.open("result", &[]);
        xml.element("channel", name);
        xml.element("value", &value.to_string());
        let limits = match unit {
            Unit::Count(limits) => {
                xml.element("unit", "Count");
                limits
            }
            Unit::Own(word, limits) => {
                xml.element("unit", "Custom");
                xml.element("customunit", word);
                limits
            }
        };
        xml.element("LimitMode", "1");
        limits.iter().for_each(|(limit, at)| xml.element(limit, at));
        xml.close();
    }
    xml.close();
    xml.into_text()
}

/// The answer where there is no report: why, and the sensor is down.
pub fn failed(why: &str) -> String {
    let mut xml = Xml::new();
    xml.open("prtg", &[]);
    xml.element("error", "1");
    xml.element("text", &shortened(why));
    xml.close();
    xml.into_text()
}

fn shortened(text: &str) -> String {
    Foreign::message(text).for_xml().chars().take(TEXT).collect()
}

/// What a channel counts in, and its limits.
#[derive(Clone, Copy)]
enum Unit {
    Count(&'static [(&'static str, &'static str)]),
    Own(&'static str, &'static [(&'static str, &'static str)]),
}
