use super::plain::width;
use super::*;

/// What hostile people call things.
const HOSTILE: [&str; 5] = [
    "\u{1b}[2J\u{1b}[H\u{7}gone\r\n\u{9b}31m",
    "\u{202e}drawkcab\u{2066}\u{200b}",
    "日本語の名前はとても長いのでここには入りませんしどこにも入りません",
    "🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁",
    "an unreasonably long name, which somebody wrote to see what becomes of a table in eighty columns",
];

/// A list of objects with every field that the kind has, each as long as it can be.
fn hostile_list(document: &serde_json::Value, kind: &str, text: &str) -> String {
    let fields = document["components"]["schemas"][kind]["properties"].as_object().unwrap();
    let object: serde_json::Map<_, _> = fields
        .iter()
        .map(|(name, schema)| {
            let numeric = schema["type"].to_string().contains("integer")
                || schema["type"].to_string().contains("number");
            let value = match schema["type"].to_string().contains("boolean") {
                true => serde_json::json!(true),
                false if numeric => serde_json::json!(9_007_199_254_740_991_u64),
                false => serde_json::json!(text.repeat(4)),
            };
            (name.clone(), value)
        })
        .collect();
    serde_json::json!({ "object": "list", "has_more": false, "data": [object, {}] }).to_string()
}

fn kinds(document: &serde_json::Value) -> Vec<String> {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let of_list = |name: &String| name.strip_prefix("ListOf").map(str::to_owned);
    let kinds: Vec<_> = schemas.keys().filter_map(of_list).chain(["Rate".to_owned()]).collect();
    assert!(kinds.len() > 15, "{kinds:?}");
    kinds
}

#[test]
fn tables_fit_eighty_columns_whatever_somebody_wrote() {
    let document = crate::web::admin::document();
    for (kind, text) in kinds(&document).iter().flat_map(|kind| HOSTILE.map(|text| (kind, text))) {
        for known in [kind.as_str(), "a kind of which nobody has chosen the columns"] {
            let table = render(known, true, &hostile_list(&document, kind, text));
            for line in table.lines() {
                assert!(width(line) <= 80, "{kind}: {} columns: {line}", width(line));
                assert!(line.chars().all(|letter| !letter.is_control()), "{kind}: {line:?}");
                assert!(!line.contains(['\u{202e}', '\u{2066}', '\u{200b}']), "{kind}: {line:?}");
            }
            assert!(table.lines().count() >= 3, "{kind}: {table}");
        }
    }
}

#[test]
fn objects_are_shown_in_full_and_cannot_move_the_cursor() {
    let long = "lnbc".repeat(100);
    let body = serde_json::json!({
        "id": "cs_1", "created": 1_795_368_007_000_u64, "amount": 5, "currency": "USD",
        "amount_msat": 500_000, "cashback": { "id": "cb_1" }, "title": "\u{1b}[2J\n",
        "payments": [{ "payment_request": long }], "methods": ["lightning"], "url": null,
    });
    let text = render("Session", false, &body.to_string());
    for line in [
        "id  ",
        "created  ",
        "2026-11-22T17:20:07Z",
        " 5 USD",
        " 500000 msat",
        "cashback.id  ",
        "\\u{1b}[2J\\n",
        "payments.0.payment_request  lnbc",
        "methods  ",
        &long,
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.lines().any(|line| line.starts_with("url ") && line.ends_with("  -")));
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()));
}

#[test]
fn a_table_says_amounts_with_their_units_and_moments_in_utc() {
    let body = serde_json::json!({ "data": [{
        "id": "clm_1", "status": "open", "amount_msat": 500_500, "expires_at": 1_795_368_007_000_u64,
        "last_error": null,
    }]});
    let table = render("Claim", true, &body.to_string());
    assert_eq!(
        table,
        "ID     STATUS     AMOUNT  EXPIRES            LAST ERROR\n\
         clm_1  open    500.5 sat  2026-11-22T17:20Z\n"
    );
    assert_eq!(render("Claim", true, r#"{"data":[]}"#), "");
    assert_eq!(render("Claim", true, "<html>\u{7}"), "<html>\\u{7}\n");
}
