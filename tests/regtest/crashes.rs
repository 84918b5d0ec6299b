//! The daemon dies at every step of a payout, and comes back: never twice, never lost (DESIGN D1, D6; section 5).

use std::time::Duration;

use satback_regtest::{DaemonSpec, PATIENCE, Shop, eventually};
use serde_json::Value;

use super::kit::{EXPIRY_SECS, Town};

/// Seconds after which what is in doubt lets go of its account.
const STUCK_AFTER_SECS: u64 = 3;
/// Blocks after which nothing of a payout can be left: 432 of the route, and 153 (DESIGN D6).
const DEADLINE_BLOCKS: u64 = 585;
/// What a claim of 20,000 sat is worth, and what its routing costs.
const AMOUNT_MSAT: i64 = 1_000_000;
const FEE_MSAT: i64 = 1_000;

fn start() -> Town {
    let spec = DaemonSpec::default()
        .set(&format!("payouts.stuck_after_secs={STUCK_AFTER_SECS}"))
        .set("payouts.sweep_secs=1");
    Town::start_funded(1, &spec)
}

/// Invoices that wallets of this test have brought for a claim.
struct Attempt<'a> {
    town: &'a mut Town,
    shop: &'a Shop,
    claim: Value,
    invoices: Vec<String>,
}

impl Attempt<'_> {
    /// A wallet brings a new invoice; whether that was accepted is for the books to say.
    fn bring_invoice(&mut self) -> Result<(), String> {
        let invoice = self.town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
        self.invoices.push(invoice.clone());
        self.shop.submit(&self.claim, &invoice)
    }

    fn now(&self) -> Value {
        self.shop.claim_now(&self.claim)
    }

    /// How many of the invoices the customer's node was paid for.
    fn times_paid(&self) -> usize {
        let paid = self.invoices.iter().filter(|invoice| {
            let hash = satback_regtest::peer::hash_of(invoice).unwrap();
            self.town.customer().received_msat(&hash).is_some()
        });
        paid.count()
    }

    /// Waits for what comes by itself, mines what is in doubt past its deadline, and tries again where the claim is
    /// open – as a customer and the chain would – until the cashback has arrived. Once.
    fn see_through(&mut self) {
        eventually("the cashback to arrive;", Duration::from_secs(180), || {
            let now = self.now();
            match now["status"].as_str() {
                Some("paid") => return Ok(()),
                Some("open") => {
                    self.town.ensure_channel();
                    let _ = self.bring_invoice();
                }
                _ if now["payouts"][0]["parked"] == true => {
                    self.check_account_is_usable();
                    self.town.mine_and_sync(DEADLINE_BLOCKS + 10);
                }
                _ => {}
            }
            Err(now.to_string())
        });
        assert_eq!(self.times_paid(), 1, "{}", self.now());
    }

    /// While something is in doubt, the account goes on.
    fn check_account_is_usable(&mut self) {
        self.town.ensure_channel();
        let other = self.shop.claim(self.town.customer(), 20_000);
        self.shop.redeem(self.town.customer(), &other);
        self.shop.wait_claim(&other, "paid", PATIENCE);
    }
}

/// The daemon dies at `step` while it pays a claim, and everything comes right.
fn die_at(town: &mut Town, shop: &Shop, step: &str) {
    let claim = shop.claim(town.customer(), 20_000);
    town.daemon.stop();
    town.daemon.env = vec![("SATBACK_TRIPWIRE".into(), step.into())];
    town.daemon.restart();
    town.daemon.wait_usable(&town.world);
    let mut attempt = Attempt { town, shop, claim, invoices: vec![] };
    let _ = attempt.bring_invoice();
    attempt.town.daemon.wait_end(PATIENCE);
    assert!(
        attempt
            .town
            .daemon
            .log()
            .contains(&format!("tripwire: {}", step.split('#').next().unwrap()))
    );
    attempt.town.daemon.env.clear();
    attempt.town.daemon.restart();
    attempt.town.daemon.wait_usable_or_closed(&attempt.town.world);
    // The wallet that got no answer asks again, as HTTP clients do by themselves.
    let again = attempt.invoices[0].clone();
    let _ = attempt.shop.submit(&attempt.claim, &again);
    attempt.see_through();
    town.assert_books_sound();
}

/// What all claims of a shop have cost it: amount and fee for each that was paid, and nothing else.
fn assert_charged_once_each(shop: &Shop) {
    let claims = shop.api.get("/claims?limit=100").granted();
    let claims = claims["data"].as_array().unwrap();
    assert!(claims.iter().all(|claim| claim["status"] == "paid"), "{claims:?}");
    let count = i64::try_from(claims.len()).unwrap();
    eventually("nothing to be in flight;", PATIENCE, || match shop.in_flight() {
        0 => Ok(()),
        msat => Err(msat.to_string()),
    });
    assert_eq!(shop.available(), count * (20_000_000 - AMOUNT_MSAT - FEE_MSAT));
}

#[test]
fn death_before_the_dispatch_costs_nothing_and_the_payout_goes_on() {
    let mut town = start();
    let shop = Shop::open(&town.daemon, "shop");
    for step in [
        "before-commit:submit_invoice",
        // The first commit of a process counts its start; the second is the claim's.
        "journal:written#2",
        "journal:synced#2",
        "view:applied#2",
        "after-commit:submit_invoice",
        "before-commit:dispatch",
    ] {
        die_at(&mut town, &shop, step);
    }
    assert_charged_once_each(&shop);
    town.assert_sound();
}

fn check_death_at(step: &str) {
    let mut town = start();
    let shop = Shop::open(&town.daemon, "shop");
    die_at(&mut town, &shop, step);
    assert_charged_once_each(&shop);
}

#[test]
fn death_after_the_intent_and_before_the_call_is_a_doubt_that_ends_at_the_deadline() {
    check_death_at("after-commit:dispatch");
}

#[test]
fn death_right_before_the_call_is_a_doubt_that_ends_at_the_deadline() {
    check_death_at("pay:before");
}

#[test]
fn death_right_after_the_call_is_paid_once_or_comes_back() {
    check_death_at("pay:after");
}

#[test]
fn death_before_the_answer_is_booked_is_paid_once_or_comes_back() {
    check_death_at("before-commit:dispatched");
}

#[test]
fn death_after_the_answer_is_booked_is_paid_once_or_comes_back() {
    check_death_at("after-commit:dispatched");
}

#[test]
fn death_with_the_outcome_in_hand_is_paid_once() {
    check_death_at("event:taken:sent");
}

#[test]
fn death_before_the_outcome_is_booked_is_paid_once() {
    check_death_at("before-commit:evidence");
}

#[test]
fn death_between_booking_and_acknowledging_is_paid_once() {
    check_death_at("after-commit:evidence");
}

#[test]
fn death_before_the_acknowledgement_is_paid_once() {
    check_death_at("event:used:sent");
}

#[test]
fn death_after_the_acknowledgement_is_paid_once() {
    check_death_at("event:acknowledged:sent");
}

/// The daemon ends while a wallet holds the payment; then the wallet settles or fails it.
fn check_end_in_flight(kill: bool, settles: bool) {
    let mut town = start();
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    let hold = town.customer().hold_invoice(1_000_000, EXPIRY_SECS);
    shop.submit(&claim, &hold.invoice).unwrap();
    town.customer().wait_held(&hold.hash, PATIENCE);
    shop.wait_payout(&claim, "in_flight", PATIENCE);
    if kill {
        town.daemon.kill();
    } else {
        let ended = town.daemon.stop();
        assert_eq!(ended.code(), Some(0), "{}", town.daemon.log());
    }
    town.daemon.restart();
    town.daemon.wait_usable_or_closed(&town.world);
    let parked = shop.wait_payout(&claim, "in_doubt", PATIENCE);
    assert_eq!(parked["parked"], true);
    if settles {
        town.customer().settle(&hold);
        town.mine_until_claim(&shop, &claim, "paid");
        assert_eq!(shop.available(), 20_000_000 - AMOUNT_MSAT - FEE_MSAT);
        assert_eq!(town.customer().received_msat(&hold.hash), Some(1_000_000));
    } else {
        town.customer().cancel(&hold);
        town.mine_until_claim(&shop, &claim, "open");
        assert_eq!(shop.available(), 20_000_000);
    }
    assert_eq!(shop.in_flight(), 0);
    assert_eq!(shop.claim_now(&claim)["payouts"].as_array().unwrap().len(), 1);
    town.assert_books_sound();
}

#[test]
fn an_orderly_end_in_flight_then_settled_is_paid_once() {
    check_end_in_flight(false, true);
}

#[test]
fn an_orderly_end_in_flight_then_failed_is_refunded_once() {
    check_end_in_flight(false, false);
}

#[test]
fn a_kill_in_flight_then_settled_is_paid_once() {
    check_end_in_flight(true, true);
}

#[test]
fn a_kill_in_flight_then_failed_is_refunded_once() {
    check_end_in_flight(true, false);
}
