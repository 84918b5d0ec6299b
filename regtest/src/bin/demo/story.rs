//! The story: a checkout is paid, its cashback arrives; one fails, comes back and is tried again; two want to be paid at
//! once.

use satback_regtest::{Hold, PATIENCE, Peer, Shop};
use serde_json::Value;

use super::checks::Checks;
use super::tell::Teller;
use super::town::Town;
use super::{ledger, records};

/// What the customer buys for.
const PRICE_SATS: u64 = 20_000;
/// How long a wallet's invoice is good for.
const EXPIRY_SECS: u32 = 600;

/// Tells the story, and checks it on the nodes' own records.
pub(crate) fn tell(teller: &Teller, town: &Town) -> Checks {
    let mut checks = Checks::default();
    let claim = cashback_arrives(teller, town, &mut checks);
    let failed = fails_and_arrives(teller, town, &mut checks);
    let second = two_at_once(teller, town, &mut checks);
    teller.step("The books", || {
        ledger::print(teller, town);
        records::print(teller, town, &[&claim, &failed, &second]);
        checks.books_balanced = ledger::balanced(teller, town);
    });
    checks
}

fn cashback_arrives(teller: &Teller, town: &Town, checks: &mut Checks) -> Value {
    let (shop, customer) = (&town.shop, town.customer());
    let session = teller.step(&format!("A checkout session over {PRICE_SATS} sat"), || {
        let session = shop.session(PRICE_SATS);
        teller.say(&format!("page: {}", session["url"].as_str().unwrap_or("")));
        session
    });
    let before = customer.channels_msat();
    teller.step("The customer pays over Lightning", || {
        let paid = shop.pay(customer, &session);
        let hash = satback_regtest::shop::hex(&paid.hash);
        checks.checkout_paid = records::daemon_received(town, &hash) == Some(PRICE_SATS * 1_000);
        teller.say(&format!("payment hash {hash}"));
    });
    let claim = shop.claim_of(&session);
    teller.say("The page now shows the cashback:");
    teller.say(claim["lnurl"].as_str().unwrap_or(""));
    teller.qr(claim["lnurl"].as_str().unwrap_or(""));
    teller.step("The customer's wallet scans it and claims", || {
        let after_checkout = customer.channels_msat();
        let claimed = shop.redeem(customer, &claim);
        shop.wait_claim(&claim, "paid", PATIENCE);
        customer.wait_channels_msat(after_checkout + claimed.msat, PATIENCE);
        let hash = satback_regtest::shop::hex(&claimed.hash);
        checks.customer_received_msat = customer.received_msat(&claimed.hash).unwrap_or(0);
        let sent = records::daemon_sent(town, &hash);
        checks.fee_msat = sent.as_ref().map_or(0, |sent| sent.fee_msat);
        checks.claim_paid = sent.is_some() && checks.customer_received_msat == PRICE_SATS * 50;
        teller.say(&format!(
            "{} msat arrived; the customer held {before} msat before, {} msat after",
            claimed.msat,
            customer.channels_msat()
        ));
    });
    claim
}

fn fails_and_arrives(teller: &Teller, town: &Town, checks: &mut Checks) -> Value {
    let (shop, other) = (&town.shop, town.other());
    let claim = teller.step("Another checkout, by a customer whose wallet then goes away", || {
        shop.claim(other, PRICE_SATS)
    });
    let before = shop.available();
    teller.step("It claims while it is away: no route, everything comes back", || {
        let invoice = other.invoice(PRICE_SATS * 50, "cashback", EXPIRY_SECS);
        other.stop();
        shop.submit(&claim, &invoice).expect("the claim is taken");
        shop.wait_payout(&claim, "failed", PATIENCE);
        let hash = records::hash_of_payout(shop, &claim);
        let node_failed = records::daemon_failed(town, &hash);
        checks.reversal_restored = shop.available() == before && node_failed;
        for (kind, direction, msat, _) in shop.statement().iter().rev().take(4).rev() {
            teller.say(&format!("{kind:<22} {direction:<6} {msat:>12} msat"));
        }
        other.start_again();
    });
    teller.step("It is back, scans the same code again, and is paid", || {
        let router = town.world.router.id();
        other.wait_channel_usable(&router, PATIENCE);
        town.world.router.wait_channel_usable(&other.id(), PATIENCE);
        town.daemon.wait_usable(&town.world);
        let claimed = retry(shop, other, &claim);
        checks.retry_paid = other.received_msat(&claimed.hash) == Some(PRICE_SATS * 50)
            && records::daemon_sent(town, &satback_regtest::shop::hex(&claimed.hash)).is_some();
    });
    claim
}

/// What a customer does: scan again until it works. A route that failed is avoided for a while by whoever saw it fail.
fn retry(shop: &Shop, wallet: &Peer, claim: &Value) -> satback_regtest::wallet::Claimed {
    satback_regtest::eventually("the retry to be paid;", PATIENCE, || {
        let invoice = wallet.invoice(PRICE_SATS * 50, "cashback", EXPIRY_SECS);
        let hash = satback_regtest::peer::hash_of(&invoice)?;
        shop.submit(claim, &invoice)?;
        let now = satback_regtest::until("an outcome", PATIENCE, || {
            let now = shop.claim_now(claim);
            (now["status"] != "processing").then_some(now)
        });
        if now["status"] == "paid" {
            return Ok(satback_regtest::wallet::Claimed { invoice, hash, msat: PRICE_SATS * 50 });
        }
        Err(now["last_error"].to_string())
    })
}

fn two_at_once(teller: &Teller, town: &Town, checks: &mut Checks) -> Value {
    let (shop, customer) = (&town.shop, town.customer());
    let (first, second) = teller.step("Two more paid checkouts of the same shop", || {
        (shop.claim(customer, PRICE_SATS), shop.claim(customer, PRICE_SATS))
    });
    let hold: Hold = customer.hold_invoice(PRICE_SATS * 50, EXPIRY_SECS);
    teller.step("Both claim at once: the second has to wait", || {
        shop.submit(&first, &hold.invoice).expect("the first claim is taken");
        customer.wait_held(&hold.hash, PATIENCE);
        let invoice = customer.invoice(PRICE_SATS * 50, "cashback", EXPIRY_SECS);
        let refused = shop.submit(&second, &invoice);
        let reason = refused.as_ref().err().cloned().unwrap_or_default();
        teller.say(&format!("the second wallet shows: {reason}"));
        let hash = satback_regtest::peer::hash_of(&invoice).expect("an invoice has a hash");
        let unpaid = records::daemon_knows(town, &satback_regtest::shop::hex(&hash));
        checks.second_claim_refused =
            reason.contains("another cashback is already being processed") && !unpaid;
        customer.settle(&hold);
        shop.wait_claim(&first, "paid", PATIENCE);
    });
    teller.step("The first is paid; the second tries again", || {
        shop.redeem(customer, &second);
        shop.wait_claim(&second, "paid", PATIENCE);
    });
    second
}
