//! A shop that has seen some trade, and its shopkeeper at a browser.

use satback::domain::bytes::PaymentHash;
use satback::domain::money::Msat;
use satback_regtest::browser::{Browser, Look};
use serde_json::{Value, json};

use super::super::super::kit::Town;
use super::super::kit::key;

/// A town in which somebody sits at the dashboard.
pub(super) struct Desk {
    pub(super) town: Town,
    pub(super) browser: Browser,
}

impl Desk {
    /// The shopkeeper before the sign-in form, and the key.
    pub(super) fn closed(name: &str, look: Look) -> (Self, String) {
        let town = Town::start();
        let key = key(&town, &town.shop.account, "secret");
        let browser = Browser::start(name, look);
        let desk = Self { town, browser };
        desk.go("/");
        (desk, key)
    }

    /// Somebody who has signed in, at home.
    pub(super) fn open(name: &str, look: Look, key: Option<&str>) -> Self {
        let (desk, own) = Self::closed(name, look);
        desk.browser.type_in("#key", key.unwrap_or(&own));
        desk.browser.click("button[type=submit]");
        desk.browser.wait(".side nav");
        desk
    }

    pub(super) fn go(&self, path: &str) {
        self.browser.open(&format!("http://{}{path}", self.town.daemon.admin_at));
    }

    /// What people see is free of barriers and fits the width.
    #[track_caller]
    pub(super) fn check(&self) {
        self.browser.assert_accessible();
        assert!(!self.browser.overflows(), "{} is wider than the page", self.browser.url());
    }

    /// Sells: two cashbacks arrive, one waits, one payout is held up, and something is for sale.
    pub(super) fn trade(&mut self, name: &str) -> Trade {
        let shop = &self.town.shop.api;
        let body = json!({"name": name, "type": "percentage", "percentage": 5, "budget": 100_000, "max_amount": 2_000});
        let cashback = shop.post("/cashbacks", body).granted();
        let other = json!({"name": "Welcome gift", "type": "fixed", "amount": 250, "end_date": 4_102_444_800_000_u64});
        shop.post("/cashbacks", other).granted();
        let link = json!({"currency": "SATS", "amount": 12_000, "title": name, "type": "fixed",
            "title_description": name, "cashback": {"id": cashback["id"]}, "metadata": {"shelf": name}});
        let link = shop.post("/payment-links", link).granted();
        let body = json!({"url": "https://shop.example/hook", "enabled_events": ["*"], "description": name});
        let webhook = shop.post("/webhooks", body).granted();
        let mut sold = vec![];
        for sat in [12_000, 7_300, 25_000, 3_150] {
            let session = self.town.shop.session(sat, &cashback);
            self.town.pay(&session);
            sold.push(self.again("checkout-sessions", &session));
        }
        let claims: Vec<Value> = sold
            .iter()
            .map(|session| {
                let path = format!("/claims/{}", session["claim"].as_str().unwrap());
                self.town.shop.api.get(&path).granted()
            })
            .collect();
        for claim in &claims[..2] {
            let invoice = self.town.invoice(claim["amount_msat"].as_u64().unwrap());
            assert_eq!(self.town.submit(claim, &invoice), json!({"status": "OK"}));
            self.town.daemon.process.settle_down();
            self.town.daemon.process.pump();
        }
        self.town.daemon.process.outside.node.receive(PaymentHash([9; 32]), Msat::new(21_000));
        self.town.daemon.process.pump();
        let claim = self.again("claims", &claims[0]);
        let payout = claim["payouts"][0].clone();
        Trade {
            cashback,
            link,
            webhook,
            session: sold.remove(0),
            claim,
            payout,
            open: claims[3].clone(),
        }
    }

    fn again(&self, list: &str, object: &Value) -> Value {
        let path = format!("/{list}/{}", object["id"].as_str().unwrap());
        self.town.shop.api.get(&path).granted()
    }
}

/// What came of the trade.
pub(super) struct Trade {
    pub(super) cashback: Value,
    pub(super) link: Value,
    pub(super) webhook: Value,
    pub(super) session: Value,
    pub(super) claim: Value,
    pub(super) payout: Value,
    pub(super) open: Value,
}

impl Trade {
    /// A page of each kind that a shopkeeper has.
    pub(super) fn pages(&self) -> Vec<String> {
        let id = |object: &Value| object["id"].as_str().unwrap().to_owned();
        let payment = self.session["payments"][0]["id"].as_str().unwrap();
        let mut pages: Vec<String> = [
            "",
            "cashbacks",
            "cashbacks/new",
            "claims",
            "payouts",
            "links",
            "links?kind=checkout",
            "links/new",
            "sessions",
            "sessions/new",
            "payments",
            "transactions",
            "rates",
            "webhooks",
            "webhooks/new",
            "events",
            "keys",
            "cashbacks?status=scheduled",
        ]
        .map(str::to_owned)
        .to_vec();
        pages.extend([
            format!("cashbacks/{}", id(&self.cashback)),
            format!("cashbacks/{}/edit", id(&self.cashback)),
            format!("cashbacks/{}/deactivate", id(&self.cashback)),
            format!("links/{}", id(&self.link)),
            format!("sessions/{}", id(&self.session)),
            format!("sessions/{}/edit", id(&self.session)),
            format!("payments/{payment}"),
            format!("claims/{}", id(&self.claim)),
            format!("claims/{}", id(&self.open)),
            format!("payouts/{}", id(&self.payout)),
            format!("webhooks/{}", id(&self.webhook)),
        ]);
        let whole = |page: String| {
            if page.is_empty() { "/".to_owned() } else { format!("/dashboard/{page}") }
        };
        pages.into_iter().map(whole).collect()
    }
}
