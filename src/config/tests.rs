use crate::domain::money::Sat;

use super::*;

fn load(text: &str, env: &[(&str, &str)], flags: &[&str]) -> Result<Loaded, Problems> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("satback.toml");
    std::fs::write(&file, text).unwrap();
    Sources {
        file: Some(file),
        env: env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
    }
    .load()
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let file = "[fees]\nbase_sat = 1\nppm = 1\nmax_sat = 1\n";
    let env = [("SATBACK__FEES__PPM", "2"), ("SATBACK__FEES__MAX_SAT", "2"), ("PATH", "x")];
    let config = load(file, &env, &["fees.max_sat=3"]).unwrap().config;
    assert_eq!((config.fees.base, config.fees.ppm.0), (Sat::new(1), 2));
    assert_eq!(config.fees.max, Sat::new(3));
}

#[test]
fn all_problems_are_told_at_once() {
    let file = "network = \"moon\"\nunknown = 1\n[public]\nlisten = 5\nbase_url = \"http://x.com\"\n\
                [fees]\nppm = -1\nbse_sat = 2\n[admin]\noperator_key = \"ok_plain\"\n";
    let problems = load(file, &[("SATBACK__SHUTDOWN__DEADLINE_SECS", "59")], &[]).unwrap_err();
    let told = problems.0.join("\n");
    for key in [
        "network",
        "unknown",
        "public.listen",
        "public.base_url",
        "fees.ppm",
        "fees.bse_sat",
        "admin.operator_key",
        "shutdown.deadline_secs",
    ] {
        assert!(told.contains(key), "{key} is missing in:\n{told}");
    }
    assert_eq!(problems.0.len(), 8, "{told}");
}

#[test]
fn a_secret_is_never_printed_even_when_it_stands_where_it_should_not() {
    let problems = load("[admin]\noperator_key = \"ok_plain\"\n", &[], &[]).unwrap_err();
    assert!(!problems.to_string().contains("ok_plain"));
    let loaded = load("[bitcoind]\nuser = \"u\"\npassword = \"env:PW\"\n", &[], &[]).unwrap();
    assert!(loaded.effective().contains("password = \"env:PW\""));
}

#[test]
fn bitcoinds_port_follows_the_network_and_credentials_come_in_one_way() {
    let port = |file: &str| load(file, &[], &[]).unwrap().config.bitcoind.port;
    assert_eq!(port("network = \"bitcoin\""), 8332);
    assert_eq!(port("[bitcoind]\nport = 99"), 99);
    assert!(load("[bitcoind]\nuser = \"u\"", &[], &[]).is_err());
    let both = "[bitcoind]\nuser = \"u\"\npassword = \"env:P\"\ncookie_file = \"/c\"";
    assert!(load(both, &[], &[]).is_err());
}

#[test]
fn paths_are_relative_to_the_configurations_folder() {
    let config = load("data_dir = \"books\"\n[node]\nseed_file = \"/etc/seed\"", &[], &[]).unwrap();
    assert!(config.config.data_dir.is_absolute());
    assert_eq!(config.config.node.seed_file, PathBuf::from("/etc/seed"));
}

#[test]
fn a_file_that_is_no_toml_is_told_by_its_line_and_not_by_what_stands_there() {
    let problems = load("[admin]\noperator_key = ok_secret\n", &[], &[]).unwrap_err().to_string();
    assert!(problems.contains("line 2"), "{problems}");
    assert!(!problems.contains("ok_secret"), "{problems}");
}

#[test]
fn a_text_from_outside_a_file_may_look_like_a_number() {
    let env = [("SATBACK__NODE__ALIAS", "123"), ("SATBACK__BITCOIND__USER", "456")];
    let loaded = load("", &env, &["bitcoind.password=env:PW"]).unwrap().config;
    assert_eq!(loaded.node.alias, "123");
    assert_eq!(loaded.bitcoind.user.as_deref(), Some("456"));
    assert!(load("[node]\nalias = 123", &[], &[]).is_err(), "in a file it is not one");
}

#[test]
fn addresses_and_sections_that_nothing_could_use_are_told() {
    let told = |file: &str| load(file, &[], &[]).unwrap_err().to_string();
    assert!(told("[node]\nlisten = [\"nonsense\"]").contains("node.listen"));
    assert!(told("[node]\nannounce = [\"shop.example:0\"]").contains("node.announce"));
    assert!(told("[public]\nlisten = \"127.0.0.1:8481\"").contains("admin.listen"));
    assert_eq!(told("[foo]"), "[foo]: there is no such section");
    assert_eq!(told("[foo]\nx = 1\ny = 2"), "[foo]: there is no such section");
}
