//! Lists: newest first in commit order, with cursors in Speed's direction and filters.

use satback::domain::time::Span;
use satback_regtest::Api;
use serde_json::{Value, json};

use super::kit::{Town, problems};

fn ids(api: &Api, path: &str) -> (Vec<String>, bool) {
    let list = api.get(path).granted();
    assert_eq!(list["object"], "list");
    let data = list["data"].as_array().unwrap().iter();
    let ids = data.map(|object| object["id"].as_str().unwrap().to_owned()).collect();
    (ids, list["has_more"].as_bool().unwrap())
}

fn sessions(town: &Town, many: usize) -> Vec<String> {
    let make = |number: usize| {
        let body = json!({"currency": "SATS", "amount": 1_000 + number});
        let made = town.shop.api.post("/checkout-sessions", body).granted();
        made["id"].as_str().unwrap().to_owned()
    };
    (0..many).map(make).collect()
}

#[test]
fn pages_walk_through_everything_in_both_directions() {
    let town = Town::start();
    let api = &town.shop.api;
    let made = sessions(&town, 12);
    let newest: Vec<_> = made.iter().rev().cloned().collect();
    assert_eq!(ids(api, "/checkout-sessions"), (newest[..10].to_vec(), true), "ten at first");
    assert_eq!(ids(api, "/checkout-sessions?limit=100"), (newest.clone(), false));

    let mut walked = vec![];
    let mut path = "/checkout-sessions?limit=5".to_owned();
    loop {
        let (page, more) = ids(api, &path);
        walked.extend(page);
        if !more {
            break;
        }
        path = format!("/checkout-sessions?limit=5&ending_before={}", walked.last().unwrap());
    }
    assert_eq!(walked, newest, "older and older");

    let after = format!("/checkout-sessions?limit=3&starting_after={}", made[2]);
    let nearest = vec![made[5].clone(), made[4].clone(), made[3].clone()];
    assert_eq!(ids(api, &after), (nearest, true), "the page nearest to the cursor, newest first");
    let last = format!("/checkout-sessions?starting_after={}", made[11]);
    assert_eq!(ids(api, &last), (vec![], false));
}

#[test]
fn filters_go_by_status_and_by_time() {
    let mut town = Town::start();
    let before = sessions(&town, 2);
    let session = town.shop.session(5_000, &town.shop.cashback());
    town.pay(&session);
    town.daemon.process.pass(Span::from_secs(60));
    let after = sessions(&town, 1);
    let api = &town.shop.api;
    let session = session["id"].as_str().unwrap().to_owned();
    assert_eq!(ids(api, "/checkout-sessions?status=paid").0, std::slice::from_ref(&session));
    let active = [after[0].clone(), before[1].clone(), before[0].clone()];
    assert_eq!(ids(api, "/checkout-sessions?status=active").0, active);
    let created = |id: &str| {
        let path = format!("/checkout-sessions/{id}");
        api.get(&path).granted()["created"].as_u64().unwrap()
    };
    let moment = created(&after[0]);
    let at =
        |operator: &str| ids(api, &format!("/checkout-sessions?created[{operator}]={moment}")).0;
    assert_eq!(at("gte"), after);
    assert_eq!(at("gt"), Vec::<String>::new());
    assert_eq!(at("lt"), [session, before[1].clone(), before[0].clone()]);
    assert_eq!(at("lte").len(), 4);
}

#[test]
fn what_a_list_does_not_know_is_an_error() {
    let town = Town::start();
    let wrong = "/claims?limit=0&starting_after=clm_x&colour=red&created[gte]=soon&limit=101";
    let answer = town.shop.api.get(wrong);
    assert_eq!(answer.status, 400);
    let params: Vec<_> = problems(&answer).into_iter().map(|(_, param)| param).collect();
    assert_eq!(params, ["limit", "starting_after", "colour", "created[gte]", "limit"]);
    let made = sessions(&town, 2);
    let both = format!("/checkout-sessions?starting_after={}&ending_before={}", made[0], made[1]);
    assert_eq!(town.shop.api.get(&both).refused(400), "invalid_cursor");
    let foreign = format!("/claims?ending_before={}", made[0]);
    assert_eq!(town.shop.api.get(&foreign).refused(400), "invalid_field");
}

#[test]
fn the_operator_sees_all_accounts_or_one() {
    let town = Town::start();
    let own = sessions(&town, 2);
    let other = town.merchant("other");
    let body = json!({"currency": "SATS", "amount": 1});
    let theirs = other.api.post("/checkout-sessions", body).granted();
    let theirs = theirs["id"].as_str().unwrap().to_owned();
    let all = [theirs.clone(), own[1].clone(), own[0].clone()];
    assert_eq!(ids(&town.operator, "/checkout-sessions").0, all);
    let one = format!("/checkout-sessions?account={}", other.account);
    assert_eq!(ids(&town.operator, &one).0, [theirs]);
    assert_eq!(town.shop.api.get(&one).status, 400, "a merchant has no choice");
}

#[test]
fn the_statement_tells_every_movement_and_ends_at_the_balance() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    let invoice = town.invoice(500_000);
    assert_eq!(town.submit(&claim, &invoice), json!({"status": "OK"}));
    town.daemon.process.settle_down();
    let list = town.shop.api.get("/balance-transactions").granted();
    let rows: Vec<_> = list["data"].as_array().unwrap().iter().rev().map(row).collect();
    assert_eq!(
        rows,
        [
            ("Payment", "credit", 10_000_000),
            ("Withdraw", "debit", 500_000),
            ("Fees", "debit", 5_000),
            ("Fees Adjustment", "credit", 4_000),
        ]
    );
    let balance = town.shop.api.get("/balances").granted();
    assert_eq!(balance["available_msat"], 9_499_000);
    assert_eq!(balance["available"][0], json!({"amount": 9_499, "target_currency": "SATS"}));
    let fees = town.shop.api.get("/balance-transactions?type=Fees").granted();
    assert_eq!(fees["data"].as_array().unwrap().len(), 1);
}

fn row(row: &Value) -> (&str, &str, u64) {
    let text = |name: &str| row[name].as_str().unwrap();
    (text("type"), text("transaction_type"), row["amount_msat"].as_u64().unwrap())
}
