//! A world with one of everything, and for every route a request about it that is right. A route that is not known here
//! fails the tests that walk through all of them.

use std::collections::BTreeMap;

use satback::domain::bytes::PaymentHash;
use satback::domain::money::{Msat, Sat};
use satback::sim::Behaviour;
use satback::web::admin::RouteFacts;
use satback_regtest::{Answer, Api};
use serde_json::{Value, json};

use super::kit::Town;

/// A shop that has one of everything.
pub(crate) struct World {
    pub(crate) town: Town,
    /// Ids of the shop's objects, by their prefix.
    pub(crate) ids: BTreeMap<&'static str, String>,
    /// What the shop's links lead by.
    pub(crate) secrets: Vec<String>,
}

pub(crate) fn id(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id: {object}")).to_owned()
}

fn newest(api: &Api, path: &str) -> String {
    id(&api.get(path).granted()["data"][0])
}

impl World {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(settings: &[&str]) -> Self {
        let mut town = Town::start_with(settings);
        let outside = &town.daemon.process.outside;
        outside.node.set_held(Msat::new(100_000_000));
        outside.node.deposit(Sat::new(100_000_000));
        town.daemon.process.reconcile();
        let account = town.shop.account.clone();
        let credit = json!({ "amount": 10_000 });
        town.operator.post(&format!("/accounts/{account}/credits"), credit).granted();
        let keys = format!("/accounts/{account}/keys");
        let key = town.operator.post(&keys, json!({"type": "restricted"})).granted();
        let api = &town.shop.api;
        let hook = json!({"url": "https://shop.example/hook", "enabled_events": ["*"]});
        let hook = api.post("/webhooks", hook).granted();
        let channel = town.channel();
        let cashback = town.shop.cashback();
        let link = json!({"currency": "SATS", "amount": 700, "cashback": {"id": cashback["id"]}});
        let checkout_link = api.post("/checkout-links", link.clone()).granted();
        let payment_link = api.post("/payment-links", link).granted();
        let sent = json!({"withdraw_request": "ann@wallet.example", "amount": 100});
        let once = town.shop.api.clone().with("Idempotency-Key", "sample");
        let send = once.post("/send", sent).granted();
        town.daemon.process.settle_down();
        outside_receipt(&town);
        let (session, claim) = town.claim(10_000);
        town.daemon.process.outside.node.behave(Behaviour::Hold);
        let invoice = town.invoice(500_000);
        assert_eq!(town.submit(&claim, &invoice), json!({"status": "OK"}));
        town.daemon.process.settle_down();
        let claim = town.again(&claim);
        let api = &town.shop.api;
        let hook_id = id(&hook);
        let ids = BTreeMap::from([
            ("acct_", account),
            ("cb_", id(&cashback)),
            ("channel", channel),
            ("clink_", id(&checkout_link)),
            ("clm_", id(&claim)),
            ("cs_", id(&session)),
            ("evt_", newest(api, "/events")),
            ("is_", id(&send)),
            ("key_", id(&key)),
            ("msg_", newest(api, &format!("/webhooks/{hook_id}/deliveries"))),
            ("pi_", id(&session["payments"][0])),
            ("plink_", id(&payment_link)),
            ("po_", id(&claim["payouts"][0])),
            ("sus_", newest(&town.operator, "/ledger/suspense")),
            ("we_", hook_id),
        ]);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let token = |value: &Value| text(value).rsplit('/').next().unwrap().to_owned();
        let secrets = vec![
            token(&session["url"]),
            token(&checkout_link["url"]),
            token(&payment_link["url"]),
            token(&claim["lnurlw"]),
            text(&claim["lnurl"]),
            text(&hook["secret"]),
        ];
        Self { town, ids, secrets }
    }

    /// Parks the payout that hangs, so that another one can be made.
    pub(crate) fn free_account(&self) {
        let park = format!("/payouts/{}/park", self.ids["po_"]);
        self.town.operator.post(&park, json!({})).granted();
    }

    /// A path about the shop's objects.
    pub(crate) fn path(&self, route: &RouteFacts) -> String {
        self.path_with(route, |prefix| self.ids[prefix].clone())
    }

    /// The same path about objects that nobody has.
    pub(crate) fn path_to_nothing(&self, route: &RouteFacts) -> String {
        self.path_with(route, |prefix| format!("{prefix}00000000zzzzzzzzzzzz"))
    }

    fn path_with(&self, route: &RouteFacts, id: impl Fn(&'static str) -> String) -> String {
        let prefix = match route.path.split('/').nth(1).unwrap() {
            "accounts" => "acct_",
            "cashbacks" => "cb_",
            "checkout-links" => "clink_",
            "checkout-sessions" => "cs_",
            "claims" => "clm_",
            "events" => "evt_",
            "ledger" => "sus_",
            "node" if route.path.contains('{') => "channel",
            "payment-links" => "plink_",
            "payments" => "pi_",
            "payouts" => "po_",
            "send" if route.path.contains('{') => "is_",
            "webhooks" => "we_",
            _ if !route.path.contains('{') => "",
            other => panic!("say here whose ids /{other} has"),
        };
        let mut path = route.path.to_owned();
        if path.contains("{id}") {
            path = path.replace("{id}", &id(prefix));
        }
        if path.contains("{key}") {
            path = path.replace("{key}", &id("key_"));
        }
        if path.contains("{msg}") {
            path = path.replace("{msg}", &id("msg_"));
        }
        assert!(!path.contains('{'), "say here what to put into {}", route.path);
        path
    }

    /// Right bodies for a route; the first is the usual one.
    pub(crate) fn bodies(&self, route: &RouteFacts) -> Vec<Value> {
        let sats = json!({"currency": "SATS", "amount": 900});
        let cashback = json!({"id": self.ids["cb_"]});
        let sold = json!({"currency": "SATS", "amount": 900, "cashback": cashback});
        match (route.method.as_str(), route.path) {
            ("GET", _) => vec![],
            ("POST", "/accounts") => vec![json!({"name": "another"})],
            ("POST", "/accounts/{id}" | "/cashbacks/{id}") => vec![json!({"name": "renamed"})],
            ("POST", "/accounts/{id}/keys") => vec![json!({"type": "restricted"})],
            ("POST", "/accounts/{id}/credits" | "/accounts/{id}/debits") => {
                vec![json!({"amount": 1}), json!({"amount_msat": 1})]
            }
            ("POST", "/cashbacks") => vec![
                json!({"name": "x", "type": "fixed", "amount": 5}),
                json!({"name": "x", "type": "percentage", "percentage": 5}),
            ],
            ("POST", "/checkout-links") => vec![sold],
            ("POST", "/payment-links" | "/checkout-sessions" | "/payment-page") => vec![
                sold,
                json!({"currency": "SATS", "type": "options", "options": [5, 6]}),
                json!({"currency": "SATS", "type": "preset",
                       "preset": {"min_amount": 5, "max_amount": 6}}),
            ],
            ("POST", "/checkout-sessions/{id}") => vec![json!({"title": "renamed"})],
            ("POST", "/payments") => vec![sats],
            ("POST", "/send") => vec![
                json!({"withdraw_request": self.town.invoice(5_000)}),
                json!({"withdraw_request": "ann@wallet.example", "amount": 5}),
            ],
            ("POST", "/webhooks") => {
                vec![json!({"url": "https://shop.example/2", "enabled_events": ["*"]})]
            }
            ("POST", "/webhooks/verify-secret") => {
                vec![json!({"url": "https://shop.example/hook", "secret": "wsec_x"})]
            }
            ("POST", "/ledger/suspense/{id}/assign") => {
                vec![json!({"account": self.ids["acct_"]})]
            }
            ("POST", "/node/channels") => vec![json!({
                "node_id": format!("02{}", "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
                "address": "127.0.0.1:9735", "capacity_sat": 20_000,
            })],
            ("POST", "/node/channels/{id}/close") => vec![json!({"force": true})],
            ("POST", "/node/peers") => vec![json!({
                "node_id": format!("03{}", "11".repeat(32)), "address": "a.example:9735",
            })],
            ("POST", "/node/send") => vec![json!({"address": "bcrt1q", "amount_sat": 1_000})],
            ("POST", "/payouts/{id}/resolve") => vec![
                json!({"status": "paid", "preimage": "01".repeat(32)}),
                json!({"status": "failed", "reason": "gone"}),
            ],
            (_, path) if route.fields.is_empty() || path.ends_with("{key}") => vec![json!({})],
            (method, path) => panic!("say here what {method} {path} is sent"),
        }
    }

    /// Makes the usual request, as this caller.
    pub(crate) fn ask(&self, api: &Api, route: &RouteFacts) -> Answer {
        self.ask_at(api, route, &self.path(route))
    }

    /// Makes the usual request to another path.
    pub(crate) fn ask_at(&self, api: &Api, route: &RouteFacts, path: &str) -> Answer {
        // What cannot be taken back needs a key.
        let api = match (route.method.as_str(), route.path) {
            ("POST", "/node/channels" | "/node/channels/{id}/close" | "/node/send" | "/send") => {
                api.clone().with("Idempotency-Key", route.path)
            }
            _ => api.clone(),
        };
        api.ask(&route.method, path, self.bodies(route).first())
    }
}

/// Money that nobody asked for.
fn outside_receipt(town: &Town) {
    town.daemon.process.outside.node.receive(PaymentHash([9; 32]), Msat::new(5));
    town.daemon.process.pump();
}
