//! JSON bodies and idempotency keys: every problem names a field that was sent or is missing, money is what its digits
//! say, and under one key there is one answer.

use axum::http::{HeaderValue, StatusCode};
use serde_json::Value;
use serde_json::value::RawValue;

use super::choice;
use super::world::{Answer, World, problems, within};

/// Paths, and whether the operator calls them.
const PATHS: [(&str, bool); 8] = [
    ("/cashbacks", false),
    ("/checkout-sessions", false),
    ("/accounts", true),
    ("/accounts/@account", true),
    ("/accounts/@account/credits", true),
    ("/accounts/@account/debits", true),
    ("/accounts/@account/keys", true),
    ("/cashbacks/@mine/deactivate", false),
];
/// Longest key, and most requests of one input.
const MAX_KEY: usize = 255;
const MAX_REQUESTS: usize = 4;

/// First byte: which path; then a request a line, each a body, or an idempotency key, a tab and a body.
pub fn orders(data: &[u8]) {
    let Some((at, _)) = choice(data, PATHS.len()) else { return };
    let (path, by_operator) = PATHS[at];
    let lines = data[1..].split(|byte| *byte == b'\n').take(MAX_REQUESTS);
    within(|world| {
        let path = world.fill(path);
        for line in lines {
            let tab = line.iter().position(|byte| *byte == b'\t');
            let (key, body) =
                tab.map_or((None, line), |tab| (Some(&line[..tab]), &line[tab + 1..]));
            // What is no header value is never sent.
            if key.is_some_and(|key| HeaderValue::from_bytes(key).is_err()) {
                continue;
            }
            let body = world.fill(&String::from_utf8_lossy(body));
            order(world, &path, by_operator, key, &body);
        }
    });
}

fn order(world: &mut World, path: &str, by_operator: bool, key: Option<&[u8]>, body: &str) {
    let caller = if by_operator { String::new() } else { world.mine.key.clone() };
    let answer = world.admin(&caller, "POST", path, key, body.as_bytes());
    world.orders += 1;
    let story = format!("{path} {key:?} {body}: {} {}", answer.status, answer.json);
    let is_legal = key.is_none_or(|key| !key.is_empty() && key.len() <= MAX_KEY);
    assert!(is_legal || answer.status == StatusCode::BAD_REQUEST, "{story}");
    let request = format!("{path}\n{body}");
    let earlier = key.and_then(|key| world.answered.get(&(caller.clone(), key.to_vec())));
    let replayed = answer.headers.contains_key("idempotent-replayed");
    match earlier {
        Some((before, _)) if *before != request => {
            assert_eq!(answer.status, StatusCode::CONFLICT, "{story}");
        }
        Some((_, before)) => {
            assert!(answer.status.is_success() && replayed, "{story}");
            // An API key is shown once, also under an idempotency key.
            let is_key = path.ends_with("/keys");
            assert!(is_key || answer.json == *before, "{story} and before {before}");
        }
        None => assert!(!replayed, "{story}"),
    }
    if answer.status.is_success() {
        granted(body, &answer.json, &story);
        if let Some(key) = key {
            world.answered.entry((caller, key.to_vec())).or_insert((request, answer.json));
        }
    } else {
        refused(body, &answer, &story);
    }
}

/// The fields of a body; `None` if it is no object.
fn fields(body: &str) -> Option<Vec<(String, Box<RawValue>)>> {
    if body.is_empty() {
        return Some(vec![]);
    }
    let map: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_str(body).ok()?;
    Some(map.into_iter().collect())
}

/// What was said is what was done: amounts to the last digit, texts and notes letter by letter.
fn granted(body: &str, made: &Value, story: &str) {
    let fields = fields(body).unwrap_or_else(|| panic!("no object, and done: {story}"));
    for (name, sent) in fields {
        let shown = &made[&name];
        match (name.as_str(), shown) {
            ("amount", Value::Number(shown)) if made["object"] == "checkout_session" => {
                assert_eq!(digits(&shown.to_string()), digits(sent.get()), "{story}");
            }
            ("name" | "title" | "success_message", Value::String(shown)) => {
                let sent: String = serde_json::from_str(sent.get()).unwrap_or_default();
                assert_eq!(*shown, sent, "{story}");
            }
            ("metadata", Value::Object(shown)) => notes(&sent, shown, story),
            _ => {}
        }
    }
}

/// Notes come back as they were sent, numbers digit by digit.
fn notes(sent: &RawValue, shown: &serde_json::Map<String, Value>, story: &str) {
    let sent = if sent.get() == "null" { Some(vec![]) } else { fields(sent.get()) };
    for (name, sent) in sent.unwrap_or_else(|| panic!("{story}")) {
        let expect = match sent.get() {
            "null" => Value::Null,
            text if text.starts_with('"') => serde_json::from_str(text).unwrap_or_default(),
            digits => Value::String(digits.to_owned()),
        };
        assert_eq!(shown.get(&name).unwrap_or(&Value::Null), &expect, "{story}");
    }
}

/// A number's digits and its power of ten, without zeros that say nothing.
fn digits(text: &str) -> (String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let kept = all.trim_end_matches('0');
    let count = |text: &str| i64::try_from(text.len()).unwrap_or(0);
    let power = exponent.parse().unwrap_or(0) - count(fraction) + count(&all) - count(kept);
    let kept = kept.trim_start_matches(['0', '-']);
    (kept.to_owned(), if kept.is_empty() { 0 } else { power })
}

fn refused(body: &str, answer: &Answer, story: &str) {
    let known = [400, 402, 404, 409, 424];
    assert!(known.contains(&answer.status.as_u16()), "{story}");
    let problems = problems(answer);
    if answer.status != StatusCode::BAD_REQUEST {
        return;
    }
    let fields = fields(body);
    for (code, param, message) in problems {
        let Some(param) = param else {
            assert_eq!(code, "invalid_json", "{story}");
            continue;
        };
        let last = param.rsplit('.').next().unwrap_or_default();
        let about_body = param != "Idempotency-Key";
        assert!(!about_body || message.contains(last) || code == "cashback_inactive", "{story}");
        let sent = fields
            .iter()
            .flatten()
            .any(|(name, _)| param == *name || param.starts_with(&format!("{name}.")));
        assert!(!about_body || sent || code == "missing_field", "{param} in {story}");
    }
}
