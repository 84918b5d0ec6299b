//! What operators may get wrong.

use serde_json::json;

use super::{Case, INVALID, MISSING, Wrong};

fn account() -> Vec<Wrong> {
    vec![
        ("name", json!(5), INVALID),
        ("fee_limits", json!(5), INVALID),
        ("fee_limits.base_sat", json!(-1), INVALID),
        ("fee_limits.ppm", json!(1_000_001), INVALID),
        ("fee_limits.max_sat", json!("5"), INVALID),
        ("low_balance_msat", json!(0), INVALID),
        ("metadata", json!({"": 1}), "invalid_metadata"),
    ]
}

fn funds(route: &'static str) -> Vec<Case> {
    let wrong = vec![
        ("amount", json!(0), INVALID),
        ("amount", json!(0.0001), INVALID),
        ("currency", json!("USD"), INVALID),
    ];
    vec![
        Case::new(route, json!({"amount": 5}), wrong),
        Case::new(route, json!({"amount_msat": 5}), vec![("amount_msat", json!(0), INVALID)]),
    ]
}

fn accounts() -> Vec<Case> {
    let made = [account(), vec![("name", json!(""), MISSING)]].concat();
    let changed = [account(), vec![("claims_paused", json!("yes"), INVALID)]].concat();
    let mut cases = vec![
        Case::new("/accounts", json!({"name": "x"}), made),
        Case::new("/accounts/{id}", json!({}), changed),
        Case::new(
            "/accounts/{id}/keys",
            json!({"type": "secret"}),
            vec![("type", json!("root"), INVALID), ("type", json!(null), MISSING)],
        ),
        Case::new(
            "/accounts/{id}/keys/{key}",
            json!({}),
            vec![("overlap_secs", json!(2_592_001), INVALID)],
        ),
    ];
    cases.extend(funds("/accounts/{id}/credits"));
    cases.extend(funds("/accounts/{id}/debits"));
    cases
}

pub(super) fn cases() -> Vec<Case> {
    let channel = json!({"node_id": format!("02{}", "11".repeat(32)),
                         "address": "a.example:9735", "capacity_sat": 20_000});
    let resolved = |wrong| {
        Case::new(
            "/payouts/{id}/resolve",
            json!({"status": "paid", "preimage": "11".repeat(32)}),
            wrong,
        )
    };
    let mut cases = accounts();
    cases.extend([
        resolved(vec![
            ("preimage", json!("11"), INVALID),
            ("preimage", json!(null), MISSING),
            ("status", json!(null), MISSING),
        ]),
        Case::new(
            "/payouts/{id}/resolve",
            json!({"status": "failed", "reason": "written off"}),
            vec![("reason", json!("x".repeat(501)), INVALID), ("status", json!("lost"), INVALID)],
        ),
        Case::new(
            "/ledger/suspense/{id}/assign",
            json!({"account": "acct_00000000zzzzzzzzzzzz"}),
            vec![("account", json!("x"), INVALID), ("account", json!(null), MISSING)],
        ),
        Case::new(
            "/node/channels",
            channel,
            vec![
                ("node_id", json!("02"), INVALID),
                ("address", json!(5), INVALID),
                ("capacity_sat", json!(19_999), INVALID),
                ("announce", json!("no"), INVALID),
            ],
        ),
        Case::new(
            "/node/peers",
            json!({"node_id": format!("02{}", "11".repeat(32)), "address": "a.example:9735"}),
            vec![("node_id", json!("02"), INVALID), ("address", json!(null), MISSING)],
        ),
        Case::new("/node/channels/{id}/close", json!({}), vec![("force", json!("no"), INVALID)]),
        Case::new(
            "/node/send",
            json!({"address": "bcrt1q", "amount_sat": 546}),
            vec![
                ("address", json!("bc1q"), INVALID),
                ("amount_sat", json!(545), INVALID),
                ("amount_sat", json!(null), INVALID),
                ("all", json!("yes"), INVALID),
                ("fee_rate_sat_vb", json!(0), INVALID),
            ],
        ),
    ]);
    cases.extend(["/drain", "/undrain", "/node/address", "/payouts/{id}/park"].map(Case::bare));
    cases
}
