//! Invariants of the code (DESIGN section 4): some things are done in one place only.

use super::code::{Source, program};

/// Sources in which `fits` holds.
fn places(fits: impl Fn(&Source) -> bool) -> Vec<String> {
    program().into_iter().filter(fits).map(|source| source.path).collect()
}

#[test]
fn only_the_engine_commits() {
    let places = places(|source| source.calls("commit"));
    assert!(
        !places.is_empty() && places.iter().all(|path| path.starts_with("src/engine/")),
        "{places:?}"
    );
}

#[test]
fn only_the_payout_runner_pays() {
    assert_eq!(
        places(|source| source.calls("pay") && source.module() != "sim"),
        ["src/shell/runner.rs"]
    );
    assert_eq!(
        places(|source| source.calls("send") && source.text.contains("bolt11_payment().send")),
        ["src/node/lightning.rs"]
    );
}

#[test]
fn only_the_event_pump_takes_and_acknowledges_events() {
    for method in ["next_event", "acknowledge"] {
        let places = places(|source| source.calls(method) && source.module() != "node");
        assert_eq!(places, ["src/shell/pump.rs"], "{method}");
    }
    assert_eq!(places(|source| source.calls("event_handled")), ["src/node/lightning.rs"]);
}

#[test]
fn only_the_engine_changes_claims_and_payouts() {
    let writes = ["table::Claim>(", "table::Payout>("];
    let changes = |source: &Source| {
        writes.iter().any(|table| source.text.contains(&format!("put::<{table}")))
    };
    let places = places(changes);
    assert!(
        !places.is_empty() && places.iter().all(|path| path.starts_with("src/engine/")),
        "{places:?}"
    );
}

#[test]
fn every_queue_has_a_bound() {
    let unbounded = |path: &Vec<String>| {
        let end = path.join("::");
        end.ends_with("mpsc::channel") || end.ends_with("unbounded_channel")
    };
    let places = places(|source| source.module() != "sim" && source.paths().iter().any(unbounded));
    assert_eq!(places, Vec::<String>::new());
}

#[test]
fn secrets_of_bearers_are_revealed_where_an_answer_leaves_and_nowhere_else() {
    let places = places(|source| source.calls("reveal") && source.module() != "sim");
    let allowed = ["src/ports/secrets.rs", "src/web/links.rs", "src/web/public/withdraw.rs"];
    let elsewhere: Vec<_> =
        places.iter().filter(|path| !allowed.contains(&path.as_str())).collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
}

#[test]
fn the_trip_wire_is_wired_in_one_place() {
    let wired = |source: &Source| {
        let names = |path: &Vec<String>| path.contains(&"tripwire".to_owned());
        source.module() != "lib" && source.paths().iter().any(names)
    };
    let places = places(wired);
    assert!(
        !places.is_empty() && places.iter().all(|path| path.starts_with("src/app/")),
        "{places:?}"
    );
}
