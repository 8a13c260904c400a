//! The exporter as others meet it: what it hands out, to whom, and that nobody brings it down.

mod exporter; // starting it, asking it
mod guarded; // TLS, passwords, and observations that travel
mod hostile; // those who mean ill, and those who are many
mod prometheus; // Debian's Prometheus with the shipped configuration and rules
mod signals; // what changes while it runs, and its end

use cmprobe::lab::pki::Pki;
use cmprobe::lab::server::{Accepts, ClientAuth, Credentials, Options, TlsServer};
use time::OffsetDateTime;

use crate::program::run;
use crate::rows::Up;
use crate::small_site::SmallSite;
use exporter::Exporter;

#[test]
fn scrapes_get_the_last_runs_metrics_as_check_tells_them() {
    let site = Up::healthy();
    let definition = site.folder.path().join("site.toml");
    let definition = definition.to_str().unwrap();
    let exporter = Exporter::start(&[definition]);
    let all = exporter.get("/probe?definition=site").ok();
    assert!(all.contains("\ncmprobe_run_success 1\n"), "{all}");
    assert!(all.contains("\nprobe_success 1\n"), "{all}");
    assert!(all.contains("\nprobe_ssl_earliest_cert_expiry "), "{all}");
    let (_, complaints, code) = run(&["check", definition, "-q", "-f", "prometheus"]);
    assert_eq!(code, 0, "{complaints}");
    let (told, _, _) = run(&["check", definition, "-q", "-f", "prometheus"]);
    // Everything but times is the same, and stands in the same order.
    let names = |text: &str| -> Vec<String> {
        let own = text.lines().filter(|line| !line.contains("probe_success") && !line.starts_with("probe_"));
        let own = own.filter(|line| !line.starts_with("# HELP probe_") && !line.starts_with("# TYPE probe_"));
        own.map(|line| line.split("_seconds ").next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&all), names(&told));
    let outside = exporter.get("/probe?definition=site&vantage=internet").ok();
    assert!(outside.contains("vantage=\"internet\"") && !outside.contains("vantage=\"intranet\""), "{outside}");
    let inside = exporter.get("/probe?definition=site&vantage=intranet").ok();
    assert!(inside.contains("vantage=\"intranet\"") && !inside.contains("vantage=\"internet\""), "{inside}");
    let own = exporter.get("/metrics").ok();
    assert!(own.contains("\ncmprobe_exporter_definition_loaded{definition=\"site\"} 1\n"), "{own}");
    assert!(!own.contains("probes_total{result=\"passed\"} 0\n"), "{own}");
    for metrics in [&all, &outside, &inside, &own] {
        assert_eq!(exporter::promtool(&["check", "metrics"], metrics), "", "{metrics}");
    }
    assert_eq!(exporter.get("/-/healthy").status, 200);
    assert_eq!(exporter.get("/-/ready").status, 200);
    assert!(exporter.get("/report?definition=site").ok().contains("Contoso primary site"));
    let index = exporter.get("/").ok();
    assert!(index.contains("/report?definition=site\"") && index.contains("<td>passes</td>"), "{index}");
    let head = exporter.ask("HEAD /probe?definition=site HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(exporter.get("/observations?definition=site").status, 403);
    assert_eq!(exporter.ends_when_told(), 0);
}

#[test]
fn targets_are_probed_where_they_are_allowed_and_nobodys_certificate_is_shown() {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let accepts = Accepts { authorities: Vec::new(), roots: None, at: OffsetDateTime::now_utc() };
    let options = Options { client_auth: ClientAuth::Optional(accepts), ..Options::presenting(Credentials::of(&leaf)) };
    let server = runtime.block_on(TlsServer::start(options)).unwrap();
    let port = server.address().port();
    let pin = format!("mp01.corp.contoso.com:{port}:127.0.0.1");
    let exporter = Exporter::start(&["--no-http", "--allow-target", "127.0.0.0/8", "--resolve", &pin]);
    let address = format!("/probe?target=127.0.0.1:{port}&role=mp");
    let named = format!("/probe?target=mp01.corp.contoso.com:{port}");
    for path in [address.as_str(), named.as_str()] {
        let metrics = exporter.get(path).ok();
        assert!(metrics.contains(&format!("vantage=\"here\",port=\"{port}\"}} 1\n")), "{metrics}");
        assert!(metrics.contains("\nprobe_success "), "{metrics}");
        assert_eq!(exporter::promtool(&["check", "metrics"], &metrics), "", "{metrics}");
    }
    let connections = server.connections();
    assert!(!connections.is_empty());
    assert!(connections.iter().all(|connection| connection.client_chain.is_empty()), "{connections:?}");
    for (path, status) in [
        ("/probe?target=192.0.2.1", 403),
        ("/probe?target=[2001:db8::1]", 403),
        ("/probe?target=localhost.evil.test", 403),
        ("/probe?target=127.0.0.1:0", 400),
        ("/probe?target=127.0.0.1&role=king", 400),
        ("/probe?target=../../etc/passwd", 400),
        ("/probe?target=site.toml/x", 400),
    ] {
        assert_eq!(exporter.get(path).status, status, "{path}");
    }
    // Without a pattern none is allowed.
    let site = SmallSite::with(|recipe| recipe);
    let closed = Exporter::start(&[&site.arg("site.toml")]);
    assert_eq!(closed.get(&address).status, 403);
}

#[test]
fn what_cannot_be_served_is_told_before_anything_is() {
    let site = SmallSite::with(|recipe| recipe);
    let good = site.arg("site.toml");
    std::fs::create_dir(site.path("other")).unwrap();
    let twin = site.write("other/site.toml", site.read("site.toml"));
    site.write("other/root.cer", site.read("root.cer"));
    let broken = site.write("broken.toml", "[site]\ncode = \"TOOLONG\"\n");
    let passwords = site.write("web.yml", "basic_auth_users: {alice: canary}\nhttp_server_config: {}\n");
    for (args, word) in [
        (vec![good.as_str(), &twin], "rename one"),
        (vec![good.as_str(), &broken], "broken.toml"),
        (vec![site.path("none.toml").to_str().unwrap()], "none.toml"),
        (vec!["root.cer"], ".toml"),
        (vec![good.as_str(), "--web.config.file", &passwords], "http_server_config"),
        (vec![good.as_str(), "--collect", "http://user:canary@127.0.0.1"], "--pass-file"),
        (vec![good.as_str(), "--collect", "https://other.contoso.com"], "--collect-ca-file"),
        (vec![good.as_str(), "--allow-target", "a b"], "--allow-target"),
        (vec![good.as_str(), "--interval", "0s"], "--interval"),
        (vec![], "DEFINITION"),
    ] {
        let (out, complaints, code) = run(&[&["serve", "--listen", "0"], args.as_slice()].concat());
        assert_eq!((out.as_str(), code), ("", 2), "{args:?}: {complaints}");
        assert!(complaints.contains(word), "{args:?}: {complaints}");
        assert!(!complaints.contains("canary") || word == "--pass-file", "{complaints}");
    }
}

#[test]
fn extras_are_listed_printed_and_taken_by_those_they_are_for() {
    let (list, _, code) = run(&["extra"]);
    assert_eq!(code, 0);
    let names: Vec<&str> = list.lines().filter_map(|line| line.split(' ').next()).collect();
    let promised =
        ["prometheus-rules", "grafana-dashboard", "scrape-config", "systemd-unit", "zabbix-template", "export-script"];
    assert_eq!(names, promised);
    let texts: Vec<String> = names.iter().map(|name| run(&["extra", name]).0).collect();
    let [rules, dashboard, scrape, unit, template, script] = texts.as_slice() else { panic!("{names:?}") };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let success = exporter::promtool(&["check", "rules", &file("rules.yml", rules)], "");
    assert!(success.contains("SUCCESS: 6 rules found"), "{success}");
    let scrape = scrape.replace("# rule_files:\n#   - cmprobe.rules.yml", "rule_files:\n  - rules.yml");
    let success = exporter::promtool(&["check", "config", &file("prometheus.yml", &scrape)], "");
    assert!(success.contains("1 rule files found"), "{success}");
    // Every expression of the dashboard as a rule that records; no data source is fixed.
    let dashboard: serde_json::Value = serde_json::from_str(dashboard).unwrap();
    assert_eq!(dashboard["uid"], "cmprobe");
    let panels = dashboard["panels"].as_array().unwrap();
    let mut recorded = "groups:\n- name: dashboard\n  rules:\n".to_owned();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    for (number, target) in targets.enumerate() {
        assert_eq!(target["datasource"]["uid"], "${datasource}");
        let expression = target["expr"].as_str().unwrap().replace("$instance", ".+").replace('\'', "''");
        recorded.push_str(&format!("  - record: dashboard:{number}\n    expr: '{expression}'\n"));
    }
    let recorded = recorded.replace("dashboard:", "dashboard:of_");
    let success = exporter::promtool(&["check", "rules", &file("recorded.yml", &recorded)], "");
    assert!(success.contains("SUCCESS"), "{success}\n{recorded}");
    // What the commands of the unit say is understood by the program.
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/cmprobe ")).unwrap();
    let (_, complaints, _) = run(&start.split(' ').collect::<Vec<_>>());
    assert!(complaints.contains("/etc/cmprobe/site.toml: there is no such file"), "{complaints}");
    // Every path of the template leads to something in what it is a template for.
    let template: serde_json::Value = serde_saphyr::from_str(template).unwrap();
    let (sent, _, _) = run(&["demo", "-q", "-f", "zabbix"]);
    let sent: serde_json::Value = serde_json::from_str(&sent).unwrap();
    let template = &template["zabbix_export"]["templates"][0];
    for item in template["items"].as_array().unwrap() {
        if let Some(path) = item["preprocessing"][0]["parameters"][0].as_str() {
            assert!(!sent[path.strip_prefix("$.").unwrap()].is_null(), "{path}");
        }
    }
    for rule in template["discovery_rules"].as_array().unwrap() {
        let list = rule["preprocessing"][0]["parameters"][0].as_str().unwrap().strip_prefix("$.").unwrap();
        let entry = &sent[list][0];
        assert!(!entry[rule["lld_macro_paths"][0]["path"].as_str().unwrap().strip_prefix("$.").unwrap()].is_null());
        for item in rule["item_prototypes"].as_array().unwrap() {
            let path = item["preprocessing"][0]["parameters"][0].as_str().unwrap();
            let key = path.rsplit("')].").next().unwrap().strip_suffix(".first()").unwrap();
            assert!(path.starts_with(&format!("$.{list}[")) && !entry[key].is_null(), "{path}");
        }
    }
    assert!(script.contains("SMS_SCI_SysResUse"));
    let (_, complaints, code) = run(&["extra", "prometheus-rule"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("did you mean prometheus-rules?"), "{complaints}");
}
