//! The customer's whole story in a real browser, with real nodes: what is scanned is what stands on the screen, read from
//! a picture of it by a decoder that is not ours.

use satback_regtest::wallet::{self, WithdrawInfo};
use satback_regtest::{Browser, Look, PATIENCE, Peer, Shop, browser, timed};
use serde_json::{Value, json};

use super::kit::{EXPIRY_SECS, Town};

/// Where a story is told: a shop's payment link over 20,000 sat with 5 % back.
struct Story {
    town: Town,
    shop: Shop,
    link: String,
}

impl Story {
    fn begin() -> Self {
        let town = Town::start(2);
        let shop = Shop::open(&town.daemon, "Corner shop");
        let body = json!({"currency": "SATS", "amount": 20_000, "title": "Two bags of coffee",
            "cashback": {"id": shop.cashback}});
        let link = shop.api.post("/payment-links", body).granted();
        let link = link["url"].as_str().unwrap().to_owned();
        Self { town, shop, link }
    }

    fn browser(&self, name: &str) -> Browser {
        Browser::start(name, Look::phone().sized(360, 760))
    }

    /// Opens the link, scans the invoice on the screen, pays it, and sees the pop-up come.
    fn buy(&self, browser: &Browser, customer: &Peer) {
        browser.open(&self.link);
        browser.wait_text("main", "5 % back");
        browser.click("button.first");
        browser.wait_text("main", "1,000 sat, right after you pay");
        let code = scan(browser, "#checkout .qr");
        let invoice = code.strip_prefix("LIGHTNING:").unwrap().to_lowercase();
        customer.pay(&invoice).unwrap();
        let (_, took) = timed(|| browser.wait_visible("#cashback:modal .qr"));
        eprintln!("the pop-up was up {took:?} after the customer's wallet had paid");
    }

    /// What a wallet learns that scans the pop-up.
    fn scanned(&self, browser: &Browser) -> WithdrawInfo {
        let lnurl = scan(browser, "#cashback .qr");
        wallet::info(&wallet::decode(&lnurl).unwrap()).unwrap()
    }

    fn newest_claim(&self) -> Value {
        self.shop.api.get("/claims?limit=1").granted()["data"][0].clone()
    }

    fn limit_fees(&self, max_sat: u64) {
        let limits = json!({"fee_limits": {"base_sat": 0, "ppm": 10_000, "max_sat": max_sat}});
        let account = format!("/accounts/{}", self.shop.account);
        self.town.daemon.operator().post(&account, limits).granted();
    }
}

/// The one code on a picture of the screen.
fn scan(browser: &Browser, css: &str) -> String {
    browser.wait_visible(css);
    browser.wait_still();
    browser.wait_for(&format!("document.querySelector('{css} img').complete"));
    let codes = browser::codes_in(&browser.screenshot_of(css));
    assert_eq!(codes.len(), 1, "{codes:?}");
    codes[0].clone()
}

fn invoice(peer: &Peer) -> String {
    peer.invoice(1_000_000, "cashback", EXPIRY_SECS)
}

/// Scanned from the screen, and paid at once.
fn bought_and_claimed(story: &Story, browser: &Browser, customer: &Peer) {
    story.buy(browser, customer);
    let claimed = wallet::claim(customer, &scan(browser, "#cashback .qr")).unwrap();
    assert_eq!(claimed.msat, 1_000_000);
    browser.wait_text("#cashback", "It is in your wallet");
    browser.click(".proof summary");
    browser.wait_text(".proof", &claimed.hash.to_string());
}

/// No route is cheap enough; then one is, and the same code pays.
fn failed_and_tried_again(story: &Story, browser: &Browser, customer: &Peer) {
    story.buy(browser, customer);
    let code = scan(browser, "#cashback .qr");
    story.limit_fees(0);
    wallet::callback(&story.scanned(browser), &invoice(customer)).unwrap();
    browser.wait_text(".failed", "no route found to your wallet");
    browser.wait_text(".failed", "scan again");
    story.limit_fees(1_000);
    assert_eq!(scan(browser, "#cashback .qr"), code, "the code never changes");
    wallet::claim(customer, &code).unwrap();
    browser.wait_text("#cashback", "It is in your wallet");
}

/// The first one's wallet takes its time, and the second one waits for it.
fn two_at_once(story: &Story, browser: &Browser, customers: [&Peer; 2]) {
    story.buy(browser, customers[0]);
    let first = story.newest_claim();
    let beside = story.browser("beside");
    story.buy(&beside, customers[1]);
    let hold = customers[0].hold_invoice(1_000_000, EXPIRY_SECS);
    wallet::callback(&story.scanned(browser), &hold.invoice).unwrap();
    customers[0].wait_held(&hold.hash, PATIENCE);
    browser.wait_text("#cashback", "On its way to your wallet");
    beside.wait_text(".busy", "Another customer's cashback is being paid right now.");
    let refused = wallet::callback(&story.scanned(&beside), &invoice(customers[1]));
    assert!(refused.unwrap_err().contains("already being processed"));
    customers[0].settle(&hold);
    story.shop.wait_claim(&first, "paid", PATIENCE);
    browser.wait_text("#cashback", "It is in your wallet");
    beside.wait_gone(".busy");
    wallet::claim(customers[1], &scan(&beside, "#cashback .qr")).unwrap();
    beside.wait_text("#cashback", "It is in your wallet");
}

/// For a wallet that cannot scan.
fn pasted(story: &Story, browser: &Browser, customer: &Peer) {
    story.buy(browser, customer);
    browser.click(".paste summary");
    browser.type_in("#f-pr", &invoice(customer));
    browser.click("#paste button");
    browser.wait_text("#cashback", "It is in your wallet");
}

#[test]
fn a_customer_scans_pays_and_is_paid_back_whatever_gets_in_the_way() {
    let story = Story::begin();
    let [one, other] = [&story.town.world.customers[0], &story.town.world.customers[1]];
    let browser = story.browser("a_customers_story");
    bought_and_claimed(&story, &browser, one);
    failed_and_tried_again(&story, &browser, other);
    two_at_once(&story, &browser, [one, other]);
    pasted(&story, &browser, one);
    story.town.assert_sound();
}
