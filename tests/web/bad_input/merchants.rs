//! What merchants may get wrong.

use serde_json::{Value, json};

use super::{Case, INVALID, MISSING, UNSUPPORTED, Wrong};

/// What everything has that can be paid.
fn basis() -> Vec<Wrong> {
    vec![
        ("currency", json!("XXX"), INVALID),
        ("amount", json!("five"), INVALID),
        ("amount", json!(-1), INVALID),
        ("amount", json!(0.0001), INVALID),
        ("amount", json!(2_100_000_000_000_001_u64), INVALID),
        ("type", json!("free"), INVALID),
        ("options", json!([5]), UNSUPPORTED),
        ("preset", json!({"min_amount": 5}), UNSUPPORTED),
        ("target_currency", json!("BTC"), INVALID),
        ("payment_methods", json!(["onchain"]), INVALID),
        ("transfers", json!([{"percentage": 5}]), UNSUPPORTED),
        ("amount_paid_tolerance", json!(1), UNSUPPORTED),
        ("ttl", json!(299), INVALID),
        ("ttl", json!(31_536_001), INVALID),
        ("statement_descriptor", json!(5), INVALID),
        ("metadata", json!([]), "invalid_metadata"),
    ]
}

/// What pages show, and what they ask.
fn page() -> Vec<Wrong> {
    let asked = |name: &'static str| -> Wrong { (name, json!("yes"), INVALID) };
    vec![
        ("cashback", json!("cb_1"), INVALID),
        ("cashback.id", json!("cs_1"), INVALID),
        ("cashback.id", json!(""), MISSING),
        ("success_url", json!("javascript:alert(1)"), INVALID),
        ("success_message", json!("x".repeat(256)), INVALID),
        ("title", json!("x".repeat(101)), INVALID),
        ("title_description", json!("a\u{0}b"), INVALID),
        ("title_image", json!("cup.png"), INVALID),
        ("customer_collections_status", json!(true), INVALID),
        asked("customer_collections_status.is_email_enabled"),
        asked("customer_collections_status.is_phone_enabled"),
        asked("customer_collections_status.is_billing_address_enabled"),
        asked("customer_collections_status.is_shipping_address_enabled"),
        ("custom_fields", json!([{}, {}, {}, {}]), INVALID),
        ("custom_fields[0].id", json!(5), INVALID),
        ("custom_fields[0].label", json!(""), MISSING),
        ("custom_fields[0].label", json!("x".repeat(51)), INVALID),
        ("custom_fields[0].type", json!("colour"), INVALID),
        ("custom_fields[0].options", json!(["a", "a"]), INVALID),
        ("custom_fields[0].options", json!(["a", " a"]), INVALID),
        ("custom_fields[0].is_optional", json!(0), INVALID),
    ]
}

/// What sessions have beside.
fn session() -> Vec<Wrong> {
    vec![
        ("description", json!({}), INVALID),
        ("cancel_url", json!("//a.example"), INVALID),
        ("source", json!("x".repeat(101)), INVALID),
        ("source_id", json!([7]), INVALID),
    ]
}

/// A choice of amounts, where there may be one.
fn choices(route: &'static str) -> [Case; 2] {
    let options = vec![
        ("amount", json!(5), UNSUPPORTED),
        ("options", json!([1, 2, 3, 4]), INVALID),
        ("options", json!([0]), INVALID),
        ("options", json!([5, 5.0]), INVALID),
        ("options", json!(null), MISSING),
    ];
    let preset = vec![
        ("preset", json!([1, 2]), INVALID),
        ("preset.min_amount", json!(0), INVALID),
        ("preset.min_amount", json!(null), MISSING),
        ("preset.max_amount", json!(1), INVALID),
        ("preset.max_amount", json!(null), MISSING),
        ("preset.step", json!(1), "unknown_field"),
    ];
    let bounds = json!({"min_amount": 2, "max_amount": 5});
    [
        Case::new(
            route,
            json!({"currency": "SATS", "type": "options", "options": [1, 2]}),
            options,
        ),
        Case::new(route, json!({"currency": "SATS", "type": "preset", "preset": bounds}), preset),
    ]
}

fn sale() -> Value {
    let field = json!({"label": "Milk", "type": "dropdown", "options": ["oat", "cow"]});
    json!({"currency": "SATS", "amount": 5, "cashback": null, "custom_fields": [field]})
}

fn sales() -> Vec<Case> {
    let all = |more: Vec<Wrong>| [basis(), page(), more].concat();
    let mut cases = vec![
        Case::new("/checkout-links", sale(), all(vec![("amount", json!(0), INVALID)])),
        Case::new("/payment-links", sale(), all(vec![])),
        Case::new("/checkout-sessions", sale(), all(session())),
        Case::new("/payment-page", sale(), all(session())),
        Case::new(
            "/payments",
            json!({"currency": "SATS", "amount": 5}),
            [basis(), vec![("amount", json!(0), INVALID)]].concat(),
        ),
        Case::new(
            "/checkout-sessions/{id}",
            json!({}),
            vec![
                ("title", json!(5), INVALID),
                ("title_description", json!("x".repeat(251)), INVALID),
                ("title_image", json!("ftp://a.example"), INVALID),
                ("description", json!([]), INVALID),
                ("success_url", json!("https://"), INVALID),
                ("success_message", json!("x".repeat(256)), INVALID),
                ("cancel_url", json!("a.example"), INVALID),
                ("metadata", json!({"a": {}}), "invalid_metadata"),
            ],
        ),
    ];
    for route in ["/payment-links", "/checkout-sessions", "/payment-page"] {
        cases.extend(choices(route));
    }
    cases
}

fn cashbacks() -> Vec<Case> {
    let limits = || -> Vec<Wrong> {
        vec![
            ("name", json!(5), INVALID),
            ("description", json!("x".repeat(101)), INVALID),
            ("end_date", json!(1), INVALID),
            ("max_amount", json!(0), INVALID),
            ("min_spend", json!(-1), INVALID),
            ("budget", json!("5"), INVALID),
            ("max_claims", json!(0), INVALID),
            ("claim_ttl", json!(59), INVALID),
            ("metadata", json!(5), "invalid_metadata"),
        ]
    };
    let made = vec![
        ("name", json!(" "), MISSING),
        ("currency", json!("XXX"), INVALID),
        ("type", json!("free"), INVALID),
        ("percentage", json!(100.01), INVALID),
        ("amount", json!(5), INVALID),
        ("start_date", json!("tomorrow"), INVALID),
    ];
    let fixed = ["type", "currency", "amount", "percentage", "start_date"];
    let fixed = fixed.map(|name| (name, json!(5), INVALID)).to_vec();
    // Whether an end is too early for what is known of a cashback, the engine says.
    let mut changed: Vec<Wrong> = limits().into_iter().filter(|row| row.0 != "end_date").collect();
    changed.push(("end_date", json!("tomorrow"), INVALID));
    let percentage = json!({"name": "x", "type": "percentage", "percentage": 5});
    let amount = json!({"name": "x", "type": "fixed", "amount": 5});
    vec![
        Case::new("/cashbacks", percentage, [limits(), made].concat()),
        Case::new(
            "/cashbacks",
            amount,
            vec![("amount", json!(0.5), INVALID), ("percentage", json!(5), INVALID)],
        ),
        Case::new("/cashbacks/{id}", json!({}), [changed, fixed].concat()),
    ]
}

fn webhooks() -> Vec<Case> {
    vec![
        Case::new(
            "/webhooks",
            json!({"url": "https://a.example/hook", "enabled_events": ["*"]}),
            vec![
                ("url", json!("https://user@a.example"), INVALID),
                ("url", json!(null), MISSING),
                ("enabled_events", json!(["no.such"]), INVALID),
                ("enabled_events", json!([]), INVALID),
                ("description", json!("x".repeat(256)), INVALID),
                ("api_version", json!("1999-01-01"), INVALID),
                ("connect", json!(true), UNSUPPORTED),
            ],
        ),
        Case::new(
            "/webhooks/verify-secret",
            json!({"url": "https://a.example/hook", "secret": "wsec_x"}),
            vec![("url", json!(5), INVALID), ("secret", json!(""), MISSING)],
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let bare = [
        "/cashbacks/{id}/deactivate",
        "/checkout-links/{id}/deactivate",
        "/checkout-sessions/{id}/deactivate",
        "/claims/{id}/cancel",
        "/payment-links/{id}/activate",
        "/payment-links/{id}/deactivate",
        "/webhooks/{id}/deliveries/{msg}/resend",
        "/webhooks/{id}/disable",
        "/webhooks/{id}/enable",
    ];
    let mut cases = sales();
    cases.extend(cashbacks());
    cases.extend(webhooks());
    cases.push(Case::new(
        "/send",
        json!({"withdraw_request": "ann@wallet.example", "amount": 5}),
        vec![
            ("withdraw_request", json!(null), MISSING),
            ("withdraw_request", json!("x".repeat(4_097)), INVALID),
            ("withdraw_request", json!("lnbc1nothing"), INVALID),
            ("withdraw_method", json!("onchain"), INVALID),
            ("amount", json!(null), MISSING),
            ("amount", json!(0), INVALID),
            ("amount", json!(0.00001), INVALID),
            ("currency", json!("USD"), INVALID),
            ("target_currency", json!("BTC"), INVALID),
            ("note", json!("x".repeat(251)), INVALID),
        ],
    ));
    cases.extend(bare.map(Case::bare));
    cases
}
