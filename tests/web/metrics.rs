//! `/metrics`: what it counts and measures, that Prometheus's own checker likes it, and that every alert can sound.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use satback::domain::money::Msat;
use satback::sim::Behaviour;
use serde_json::json;

use super::kit::Town;
use super::samples::World;

/// The samples of a page by name and labels, as they are written.
fn samples(town: &Town) -> BTreeMap<String, f64> {
    let page = town.public_less("/metrics");
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), value.parse().unwrap())
    };
    lines.map(sample).collect()
}

impl Town {
    /// What the admin listener says without any key.
    fn public_less(&self, path: &str) -> String {
        let answer = satback_regtest::Api::new(self.daemon.admin_at, "").get(path);
        assert_eq!(answer.status, 200);
        answer.text
    }
}

#[track_caller]
fn assert_samples(town: &Town, expect: &[(&str, f64)]) {
    let samples = samples(town);
    for (name, value) in expect {
        let found = samples.get(&format!("satback_{name}"));
        assert_eq!(found, Some(value), "{name} in {samples:#?}");
    }
}

#[test]
fn what_happens_is_counted_and_what_is_there_is_measured() {
    let mut town = Town::start();
    town.daemon.process.outside.node.set_held(Msat::new(100_000_000));
    town.daemon.process.reconcile();
    let credits = format!("/accounts/{}/credits", town.shop.account);
    town.operator.post(&credits, json!({ "amount": 10_000 })).granted();
    assert_samples(
        &town,
        &[
            ("ready", 1.0),
            ("claims{status=\"open\"}", 0.0),
            ("payouts{state=\"in_flight\"}", 0.0),
            ("ledger_balance_msat{account=\"node\"}", 100_000_000.0),
            ("ledger_balance_msat{account=\"available\"}", 10_000_000.0),
            ("ledger_balance_msat{account=\"operator\"}", 90_000_000.0),
            ("node_held_msat", 100_000_000.0),
            ("ledger_transfers_total{type=\"Deposit\"}", 1.0),
            ("ledger_transferred_msat_total{type=\"Deposit\"}", 10_000_000.0),
        ],
    );

    let (_, claim) = town.claim(10_000);
    let wrong = town.invoice(1_000);
    assert_eq!(town.submit(&claim, &wrong)["status"], "ERROR");
    let reason = "the invoice's amount is not the cashback's amount";
    assert_samples(
        &town,
        &[
            (&format!("claims_refused_total{{reason=\"{reason}\"}}"), 1.0),
            ("claims{status=\"open\"}", 1.0),
            ("events_total{type=\"claim.created\"}", 1.0),
            (
                "http_requests_total{listener=\"public\",method=\"GET\",route=\"/w/{token}\",status=\"200\"}",
                1.0,
            ),
        ],
    );
}

#[test]
fn a_payout_is_measured_from_the_wallets_invoice_to_its_end() {
    let mut town = Town::start();
    let outside = town.daemon.process.outside.clone();
    let (_, claim) = town.claim(10_000);
    outside.node.behave(Behaviour::Hold);
    let invoice = town.invoice(500_000);
    assert_eq!(town.submit(&claim, &invoice)["status"], "OK");
    town.daemon.process.settle_down();
    town.daemon.process.pass(satback::domain::time::Span::from_secs(7));
    let in_flight = samples(&town)["satback_ledger_balance_msat{account=\"in_flight\"}"];
    assert!((500_000.0..600_000.0).contains(&in_flight), "{in_flight}");
    assert_samples(
        &town,
        &[
            ("claims{status=\"open\"}", 0.0),
            ("claims{status=\"processing\"}", 1.0),
            ("payouts{state=\"in_flight\"}", 1.0),
            ("payout_oldest_age_seconds{of=\"in_flight\"}", 7.0),
        ],
    );

    for hash in outside.node.in_flight() {
        outside.node.settle(&hash, Msat::ZERO);
    }
    town.daemon.process.settle_down();
    assert_eq!(town.again(&claim)["status"], "paid");
    assert_samples(
        &town,
        &[
            ("claims{status=\"processing\"}", 0.0),
            ("payouts{state=\"in_flight\"}", 0.0),
            ("payout_oldest_age_seconds{of=\"in_flight\"}", 0.0),
            ("payouts_total{status=\"paid\"}", 1.0),
            ("payout_duration_seconds_count{status=\"paid\"}", 1.0),
            ("payout_duration_seconds_sum{status=\"paid\"}", 7.0),
            ("claim_duration_seconds_count", 1.0),
            ("events_total{type=\"claim.paid\"}", 1.0),
        ],
    );
}

#[test]
fn what_cannot_be_asked_is_absent_and_the_rule_that_is_broken_is_named() {
    let town = Town::start();
    town.operator.post("/drain", json!({})).granted();
    town.daemon.process.outside.node.set_running(false);
    assert_samples(
        &town,
        &[("ready", 0.0), ("not_ready{rule=\"drained\"}", 1.0), ("not_ready{rule=\"node\"}", 1.0)],
    );
    let samples = samples(&town);
    assert!(!samples.contains_key("satback_node_held_msat"), "{samples:#?}");
    assert!(samples.contains_key("satback_claims{status=\"open\"}"));
}

#[test]
fn nothing_on_the_page_names_anybody_or_opens_anything() {
    let world = World::start();
    let town = &world.town;
    let (session, claim) = town.claim(2_000);
    town.info(&claim);
    town.public().get(&super::kit::page(&session));
    town.public().get("/w/guessed-token/callback?k1=guessed&pr=lnbcrt1guessed");
    let odd = "BREW /coffee HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";
    super::kit::raw(town.daemon.public_at, odd);
    let page = town.public_less("/metrics");
    let secret = |url: &serde_json::Value| {
        super::kit::path(url.as_str().unwrap()).rsplit('/').next().unwrap().to_owned()
    };
    let secrets = [secret(&session["url"]), secret(&claim["url"]), town.shop.account.clone()];
    let words =
        ["guessed", "BREW", "coffee", "lnbc", "acct_", "clm_", "cs_", "po_", "shop.example"];
    for word in secrets.iter().map(String::as_str).chain(words) {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("route=\"none\""));
}

/// The names of a page's metrics.
fn names(page: &str) -> BTreeSet<String> {
    let types = page.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn the_manual_has_every_metric_and_no_other() {
    let manual = include_str!("../../docs/metrics.md");
    let words = manual.split('`').map(|word| word.split('{').next().unwrap());
    let told: BTreeSet<_> =
        words.filter(|word| word.starts_with("satback_")).map(str::to_owned).collect();
    let page = World::start().town.public_less("/metrics");
    let mut there = names(&page);
    there.retain(|name| name.starts_with("satback_"));
    // No folder is there, and no rule is broken.
    let absent = ["satback_disk_free_bytes", "satback_journal_bytes", "satback_not_ready"];
    there.extend(absent.map(str::to_owned));
    assert_eq!(told, there);
}

fn promtool(args: &[&str], input: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = Command::new(root.join("regtest/promtool.sh")).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let mut command = Command::new(String::from_utf8(found.stdout).unwrap().trim());
    command.args(args).current_dir(root);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn the_checker_of_prometheus_has_no_complaint_about_page_and_rules() {
    promtool(&["check", "metrics"], &World::start().town.public_less("/metrics"));
    promtool(&["check", "rules", "config/alerts.yml"], "");
}

#[test]
fn every_alert_sounds_when_it_should_and_is_silent_when_all_is_well() {
    promtool(&["test", "rules", "tests/alerts.yml"], "");
    let rules = include_str!("../../config/alerts.yml");
    let cases = include_str!("../alerts.yml");
    for alert in rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(cases.contains(&format!("\"{alert}\"")), "{alert} is not provoked");
    }
}

#[test]
fn rules_ask_for_metrics_that_there_are() {
    let rules = include_str!("../../config/alerts.yml");
    let manual = include_str!("../../docs/metrics.md");
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let asked = rules.split(word).filter(|word| word.starts_with("satback_"));
    for name in asked.map(|name| name.trim_end_matches("_bucket")) {
        assert!(manual.contains(&format!("`{name}")), "{name}");
    }
}
