//! What the exporter tells of itself, in Prometheus' text format 0.0.4.

use std::fmt::Write;

use crate::report::prometheus::label;

/// The exporter, as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own<'a> {
    /// Its release.
    pub version: &'a str,
    /// How many runs and ad hoc probes ended, by their results.
    pub probes: Vec<(&'static str, u64)>,
    /// How many are under way.
    pub in_flight: usize,
    /// Of each definition whether the file, as it now is, is what is in force.
    pub definitions: Vec<(&'a str, bool)>,
}

/// Writes the metrics.
pub fn render(own: &Own<'_>) -> String {
    let mut text = String::new();
    let mut add = |name: &str, kind: &str, help: &str, samples: Vec<String>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for sample in samples {
            let _ = writeln!(text, "{name}{sample}");
        }
    };
    let version = vec![format!("{{version=\"{}\"}} 1", label(own.version))];
    add("cmprobe_exporter_build_info", "gauge", "The release of the exporter.", version);
    let probes = own.probes.iter().map(|(result, count)| format!("{{result=\"{result}\"}} {count}")).collect();
    add("cmprobe_exporter_probes_total", "counter", "Runs and ad hoc probes that ended, by result.", probes);
    let in_flight = vec![format!(" {}", own.in_flight)];
    add("cmprobe_exporter_probes_in_flight", "gauge", "Runs and ad hoc probes under way.", in_flight);
    if !own.definitions.is_empty() {
        let loaded = own.definitions.iter();
        let loaded = loaded.map(|(name, loaded)| format!("{{definition=\"{}\"}} {}", label(name), u8::from(*loaded)));
        let help = "Whether the definition in force is the file as it now is.";
        add("cmprobe_exporter_definition_loaded", "gauge", help, loaded.collect());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Own, render};

    #[test]
    fn every_metric_has_help_type_and_samples() {
        let own = Own {
            version: "1.2.3",
            probes: vec![("passed", 3), ("failed", 0)],
            in_flight: 1,
            definitions: vec![("a \"b\"", true), ("c", false)],
        };
        let text = render(&own);
        assert!(text.contains("cmprobe_exporter_build_info{version=\"1.2.3\"} 1\n"), "{text}");
        assert!(text.contains("# TYPE cmprobe_exporter_probes_total counter\n"), "{text}");
        assert!(text.contains("cmprobe_exporter_probes_total{result=\"failed\"} 0\n"), "{text}");
        assert!(text.contains("cmprobe_exporter_probes_in_flight 1\n"), "{text}");
        assert!(text.contains("{definition=\"a \\\"b\\\"\"} 1\n"), "{text}");
        assert!(text.contains("cmprobe_exporter_definition_loaded{definition=\"c\"} 0\n"), "{text}");
    }
}
