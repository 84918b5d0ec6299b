//! Queries of lists and ids in paths: whatever a merchant asks for, it sees its own, in order and within the limit.

use std::collections::BTreeSet;

use axum::http::{StatusCode, Uri};
use form_urlencoded::parse;
use serde_json::Value;

use super::choice;
use super::world::{Answer, World, problems, within};

const LISTS: [&str; 6] = [
    "/cashbacks",
    "/checkout-sessions",
    "/claims",
    "/payouts",
    "/payments",
    "/balance-transactions",
];

/// First byte: which list, and whether the rest is its query or the id of one object in it.
pub fn lists(data: &[u8]) {
    let Some((at, asked)) = choice(data, 2 * LISTS.len()) else { return };
    let list = LISTS[at % LISTS.len()];
    within(|world| {
        let asked = world.fill(&asked);
        let mark = if at < LISTS.len() { '?' } else { '/' };
        let target = format!("{list}{mark}{asked}");
        // A client of HTTP cannot send what is no URI.
        let Ok(uri) = target.parse::<Uri>() else { return };
        let answer = world.admin(&world.mine.key.clone(), "GET", &target, None, b"");
        let is_list = uri.path() == list;
        match answer.status {
            StatusCode::OK if is_list => own_list(world, list, uri.query().unwrap_or(""), &answer),
            StatusCode::OK => own_object(world, &answer.json),
            StatusCode::BAD_REQUEST => refused(uri.query().unwrap_or(""), &answer),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if !is_list => {
                problems(&answer);
            }
            other => panic!("{target}: {other} {}", answer.json),
        }
    });
}

fn id(object: &Value) -> String {
    object["id"].as_str().unwrap_or_default().to_owned()
}

/// Everything in a list, in its order.
fn everything(world: &mut World, list: &str, key: &str) -> Vec<String> {
    let all = world.admin(key, "GET", &format!("{list}?limit=100"), None, b"");
    all.json["data"].as_array().into_iter().flatten().map(id).collect()
}

fn own_list(world: &mut World, list: &str, query: &str, answer: &Answer) {
    let data = answer.json["data"].as_array().cloned().unwrap_or_default();
    assert_eq!(answer.json["object"], "list");
    let has_more = answer.json["has_more"].as_bool();
    assert!(has_more.is_some());
    let asked: Vec<_> = parse(query.as_bytes()).collect();
    let limit = asked.iter().rev().find(|(name, _)| name == "limit");
    let limit = limit.map_or(10, |(_, value)| value.parse().unwrap_or(0));
    assert!(data.len() <= limit && limit <= 100, "{query}");
    assert!(has_more == Some(false) || data.len() == limit, "{query}");
    let key = world.mine.key.clone();
    let mut rest = everything(world, list, &key).into_iter();
    for object in &data {
        own_object(world, object);
        // Each is found behind the one before it: no stranger's, none twice, none out of order.
        assert!(rest.any(|own| own == id(object)), "{list}?{query}: {object}");
    }
    let theirs: BTreeSet<_> =
        everything(world, list, &world.theirs.key.clone()).into_iter().collect();
    for (name, value) in asked {
        let is_cursor = name == "starting_after" || name == "ending_before";
        assert!(!is_cursor || !theirs.contains(value.as_ref()), "another's cursor: {query}");
        assert!(!is_cursor || data.iter().all(|object| id(object) != value), "{query}");
    }
}

/// What is shown to a merchant says nothing of another one.
fn own_object(world: &World, object: &Value) {
    assert!(!object.to_string().contains(&world.theirs.account), "{object}");
    let account = &object["account"];
    assert!(account.is_null() || *account == world.mine.account.as_str(), "{object}");
}

/// Each problem names a parameter that was sent.
fn refused(query: &str, answer: &Answer) {
    let sent: BTreeSet<_> = parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    for (code, param, message) in problems(answer) {
        let param = param.unwrap_or_else(|| panic!("{code}: {message}"));
        assert!(sent.contains(&param) && message.contains(&param), "{param}: {message}");
    }
}
