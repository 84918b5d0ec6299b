//! The program's own commands, as a child process.

use std::process::{Command, Output};

use satback::sim::daemon::OPERATOR_KEY;

use super::kit::Town;

fn satback(args: &[&str], env: &[(&str, &str)]) -> Output {
    program(args, env).output().unwrap()
}

fn program(args: &[&str], env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satback"));
    command.args(args).env_clear().envs(env.iter().copied());
    command
}

/// The program, to be run as the operator of this town.
pub(crate) fn operator(town: &Town, args: &[&str]) -> Command {
    operator_at(&town.daemon.admin_at.to_string(), OPERATOR_KEY, args)
}

/// The program, to be run against this address with this key.
pub(crate) fn operator_at(at: &str, key: &str, args: &[&str]) -> Command {
    let env = [
        ("HOME", "/nonexistent"),
        ("OPERATOR_KEY", key),
        ("SATBACK__ADMIN__LISTEN", at),
        ("SATBACK__ADMIN__OPERATOR_KEY", "env:OPERATOR_KEY"),
    ];
    program(args, &env)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_operators_key_goes_to_the_daemon_whatever_proxy_the_environment_names() {
    let town = Town::start();
    let nobody = "http://127.0.0.1:1";
    let at = town.daemon.admin_at.to_string();
    let env = [
        ("http_proxy", nobody),
        ("HTTP_PROXY", nobody),
        ("ALL_PROXY", nobody),
        ("OPERATOR_KEY", OPERATOR_KEY),
        ("SATBACK__ADMIN__LISTEN", &at),
        ("SATBACK__ADMIN__OPERATOR_KEY", "env:OPERATOR_KEY"),
    ];
    let done = satback(&["api", "GET", "/accounts"], &env);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains(&town.shop.account));
}

#[test]
fn check_config_prints_what_counts_and_everything_that_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let made = dir.path().join("made");
    let (made, home) = (made.to_str().unwrap(), [("HOME", "/nonexistent")]);
    let init = satback(&["init", "--dir", made], &home);
    assert!(init.status.success(), "{}", text(&init.stderr));
    let file = format!("{made}/satback.toml");
    let good = satback(&["check-config", "--config", &file], &home);
    assert!(good.status.success(), "{}", text(&good.stderr));
    assert!(text(&good.stdout).contains("[payouts]\nstuck_after_secs = 60\n"));

    let wrong = ["fees.ppm=-1", "node.listen=nowhere", "public.base_url=https://:443"];
    let mut args = vec!["check-config", "--config", &file, "--set", "node.seed_file=no-seed"];
    args.extend(wrong.iter().flat_map(|setting| ["--set", setting]));
    let bad = satback(&args, &home);
    assert_eq!(bad.status.code(), Some(64));
    for key in ["fees.ppm", "node.listen", "public.base_url", "no-seed"] {
        assert!(text(&bad.stderr).contains(key), "{key}: {}", text(&bad.stderr));
    }
    assert!(text(&bad.stdout).contains("[payouts]"), "the configuration is printed all the same");
}
