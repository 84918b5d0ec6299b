//! The parameters of a callback, against a reader of its own: what counts is the set of values, not their order or place.

use serde_json::json;

use crate::web::public::params::{Params, read};
use crate::web::public::reasons;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// First line: the query; second: the content type; the rest: the body.
pub fn callback(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\n');
    let mut next = || parts.next().unwrap_or("").to_owned();
    let (query, content_type, body) = (next(), next(), next());
    let found = read(&query, &content_type, body.as_bytes());
    if let Err(reason) = found {
        assert_reason(reason);
    }
    if !content_type.to_ascii_lowercase().contains("json") {
        let pairs: Vec<_> = [pairs(&query), pairs(&body)].concat();
        assert_eq!(found.as_ref().map(same), expected(&pairs).as_ref().map(same), "{text}");
        let turned: Vec<_> = pairs.iter().rev().cloned().collect();
        let turned = read(&print(&turned), "", b"");
        // Which reason comes first may depend on the order; that there is one may not.
        assert_eq!(turned.ok().as_ref().map(same), found.as_ref().ok().map(same), "{text}");
    }
    if let Ok(params) = found {
        survives(&query, &content_type, &body, &params);
    }
}

/// At most 90 printable ASCII characters.
pub(super) fn assert_reason(reason: &str) {
    let plain = reason.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    assert!(plain && !reason.is_empty() && reason.len() <= 90, "{reason:?}");
}

/// What was read means the same however it is said, and whatever is said beside it.
fn survives(query: &str, content_type: &str, body: &str, params: &Params) {
    let own = [("k1".to_owned(), params.k1.clone()), ("pr".to_owned(), params.pr.clone())];
    let printed = print(&own);
    assert_eq!(read(&printed, "", b"").as_ref(), Ok(params));
    assert_eq!(read("", FORM, printed.as_bytes()).as_ref(), Ok(params));
    let json = json!({"pr": params.pr, "k1": params.k1}).to_string();
    let json = json.replacen('{', r#"{"x":1e400,"#, 1);
    assert_eq!(read("", JSON, json.as_bytes()).as_ref(), Ok(params));
    assert_eq!(read(&printed, JSON, json.as_bytes()).as_ref(), Ok(params));
    let more = format!("{query}&{printed}&tag=x&=&%");
    let again = read(&more, content_type, body.as_bytes());
    assert_eq!(again.as_ref().map(same), Ok(same(params)), "equal ones are one");
    let other = format!("{query}&k1=x{}", print(&own[..1]).get(3..).unwrap_or(""));
    assert_eq!(read(&other, content_type, body.as_bytes()), Err(reasons::TWO_K1));
    let other = format!("{query}&pr=x{}", print(&own[1..]).get(3..).unwrap_or(""));
    assert_eq!(read(&other, content_type, body.as_bytes()), Err(reasons::TWO_PR));
}

/// The case of letters does not count, so which of two spellings is kept does not matter.
fn same(params: &Params) -> (String, String) {
    (params.k1.to_ascii_lowercase(), params.pr.to_ascii_lowercase())
}

fn expected(pairs: &[(String, String)]) -> Result<Params, &'static str> {
    let mut first_clash = None;
    let mut value = |name: &str, twice: &'static str| {
        let mut kept: Option<&str> = None;
        for (at, (found, value)) in pairs.iter().enumerate() {
            if found.eq_ignore_ascii_case(name) {
                if kept.is_some_and(|kept| !kept.eq_ignore_ascii_case(value)) {
                    let clash = (at, twice);
                    first_clash = Some(first_clash.map_or(clash, |other| clash.min(other)));
                }
                kept = Some(value);
            }
        }
        kept.filter(|kept| !kept.trim().is_empty()).map(str::to_owned)
    };
    let (k1, pr) = (value("k1", reasons::TWO_K1), value("pr", reasons::TWO_PR));
    match first_clash {
        Some((_, twice)) => Err(twice),
        None => Ok(Params { k1: k1.ok_or(reasons::NO_K1)?, pr: pr.ok_or(reasons::NO_PR)? }),
    }
}

/// A form's pairs, read without the library.
fn pairs(form: &str) -> Vec<(String, String)> {
    let parts = form.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (unescape(name), unescape(value))
        })
        .collect()
}

fn unescape(text: &str) -> String {
    let (mut bytes, mut rest) = (vec![], text.as_bytes());
    while let Some((byte, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(0));
                rest = &after[2..];
            }
            _ => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The pairs as a form in which everything is escaped.
fn print(pairs: &[(String, String)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let printed: Vec<_> = pairs
        .iter()
        .map(|(name, value)| {
            let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let name = if plain { name.clone() } else { escape(name) };
            format!("{name}={}", escape(value))
        })
        .collect();
    printed.join("&")
}
