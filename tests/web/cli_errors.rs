//! What commands say when something is wrong: the API's problems one a line, what to do next, and the exit code.

use satback::engine::command::Command;
use satback::ports::node_admin::Attempt;
use satback::sim::daemon::OPERATOR_KEY;

use super::cli::{operator, operator_at, text};
use super::kit::Town;
use super::samples::World;

/// Runs a command that goes wrong with this code, and gives back what it said.
#[track_caller]
fn fails(town: &Town, code: i32, args: &[&str]) -> String {
    let done = operator(town, args).output().unwrap();
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(code), "{args:?}: {said}");
    assert!(done.stdout.is_empty(), "{args:?}: {}", text(&done.stdout));
    said
}

#[test]
fn without_a_daemon_the_command_says_how_to_start_it() {
    let nobody = operator_at("127.0.0.1:1", OPERATOR_KEY, &["claims", "list"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(69));
    assert!(text(&nobody.stderr).contains("next: start the daemon with `satback serve`"));
}

#[test]
fn what_the_caller_did_wrong_is_64_with_a_line_for_each_problem() {
    let town = Town::start();
    let at = town.daemon.admin_at.to_string();
    let stranger = operator_at(&at, "ok_another", &["claims", "list"]).output().unwrap();
    assert_eq!(stranger.status.code(), Some(64));
    assert!(text(&stranger.stderr).contains("next: admin.operator_key must name the key"));
    let keyless = ["claims", "list", "--set", "admin.operator_key=file:none"];
    let nobody = operator(&town, &keyless).output().unwrap();
    assert_eq!(nobody.status.code(), Some(64));
    assert!(text(&nobody.stderr).contains("next: say with --config which configuration is meant"));

    assert!(fails(&town, 64, &["accounts", "create"]).contains("--name"));
    assert!(
        fails(&town, 64, &["claims", "list", "--status", "lost"])
            .contains("[possible values: open")
    );
    assert!(fails(&town, 64, &["claims", "forget"]).contains("unrecognized subcommand"));
    for args in [
        &["balance", "show"][..],
        &["cashbacks", "create", "--name=x", "--type=percentage", "--percentage=5"],
    ] {
        assert!(fails(&town, 64, args).contains("next: say --account ID; `satback accounts list`"));
    }
    let shop = town.shop.account.as_str();
    let create = ["cashbacks", "create", "--name=x", "--type=fixed", "--account", shop];
    let two = [&create[..], &["--end-date=2000-01-01", "--metadata", "=x"]].concat();
    assert!(fails(&town, 64, &two).contains("NAME=TEXT"));
    let two = [&create[..], &["--end-date=2000-01-01"]].concat();
    let said = fails(&town, 64, &two);
    assert!(said.contains("amount: "), "{said}");
    let missing = "clm_00000000zzzzzzzzzzzz";
    assert!(
        fails(&town, 64, &["claims", "show", missing]).contains("there is no such claim\nnext: ")
    );
    // An id is never a path.
    assert!(fails(&town, 64, &["claims", "show", "../accounts"]).contains("no such claim"));
}

#[test]
fn what_is_not_there_is_69_and_what_may_work_soon_is_75() {
    let world = World::start();
    let town = &world.town;
    let said = fails(town, 69, &["accounts", "credit", &town.shop.account, "--amount=1000000000"]);
    assert!(said.contains("amount: the operator's own money"), "{said}");
    assert!(said.contains("next: `satback ledger audit`"), "{said}");

    town.daemon.process.outside.node.set_running(false);
    assert!(fails(town, 69, &["node", "show"]).contains("next: `satback api GET /readyz`"));
    town.daemon.process.outside.node.set_running(true);

    town.daemon.process.ask(Command::Freeze("a test".to_owned())).unwrap();
    let said = fails(town, 75, &["accounts", "create", "--name", "x"]);
    assert!(said.contains("next: `satback ledger verify` names the rule"), "{said}");
}

#[test]
fn what_breaks_is_70_and_says_what_the_log_calls_it() {
    let town = Town::start();
    town.daemon.secrets.arm_door();
    let said = fails(&town, 70, &["accounts", "list"]);
    assert!(said.contains("next: look for req_"), "{said}");
}

#[test]
fn an_act_whose_outcome_nobody_knows_can_be_asked_for_under_the_key_that_was_told() {
    let world = World::start();
    let node = &world.town.daemon.process.outside.node;
    node.script_attempt(Attempt::Unknown("gone".to_owned()));
    let send = ["node", "send", "--address", "bcrt1q", "--amount-sat", "1000"];
    let said = fails(&world.town, 69, &send);
    let (_, key) = said.split_once("--idempotency-key ").unwrap();
    let key: String = key.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(key.len(), 32, "{said}");
    assert!(said.contains("next: look whether it happened"), "{said}");
    let again = [&send[..], &["--idempotency-key", &key]].concat();
    let said = fails(&world.town, 69, &again);
    assert!(said.contains("next: look whether it happened") && !said.contains("repeat this"));
}
