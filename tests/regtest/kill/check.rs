//! What must be true when all is over.

use std::collections::{BTreeMap, BTreeSet};

use bitcoin::hashes::{Hash, sha256};
use ldk_node::payment::{PaymentDirection, PaymentKind, PaymentStatus};
use satback_regtest::{Peer, Shop, World, peer::hash_of, shop::hex};
use serde_json::{Value, json};

use super::crowd::{Purchase, times_paid};
use super::disputes::bytes;
use super::figures::Figures;
use super::ledger::{Ledger, msat};
use crate::regtest::kit::{CHANNEL_SATS, Town};
use crate::regtest::ledger::Books;

/// What closing one channel may cost beside the fees of its transactions: two anchors and what is less than a satoshi
/// or dust, on either side.
const CLOSE_LEFTOVERS_MSAT: u64 = 2 * 330_000 + 2 * 354_000 + 1_000;

/// Hash and amount of each Lightning payment of a node that succeeded in this direction.
fn succeeded(peer: &Peer, direction: PaymentDirection) -> BTreeMap<String, u64> {
    let records = peer.payments().into_iter().filter(|record| {
        let on_chain = matches!(record.kind, PaymentKind::Onchain { .. });
        !on_chain && record.direction == direction && record.status == PaymentStatus::Succeeded
    });
    records
        .map(|record| {
            let hash = ldk_node::lightning_types::payment::PaymentHash(record.id.0);
            (hex(&hash), record.amount_msat.unwrap())
        })
        .collect()
}

/// Of all customers together.
fn of_customers(world: &World, direction: PaymentDirection) -> BTreeMap<String, u64> {
    world.customers.iter().flat_map(|customer| succeeded(customer, direction)).collect()
}

/// Each claim that a wallet was told OK for was paid once, is open, or was cancelled by the operator who wrote its payout
/// off; no other was paid.
pub(super) fn claims_are_paid_once_or_open(
    town: &Town,
    shops: &[Shop],
    purchases: &[Purchase],
    figures: &mut Figures,
) {
    for purchase in purchases {
        let shop = shops.iter().find(|shop| shop.account == purchase.shop).unwrap();
        let session = shop.session_now(&json!({"id": purchase.session}));
        let paid = town.world.customers.iter().any(|customer| {
            customer.payment(&purchase.hash).is_some_and(|record| {
                record.direction == PaymentDirection::Outbound
                    && record.status == PaymentStatus::Succeeded
            })
        });
        assert_eq!(session["status"] == "paid", paid, "{session}");
        if !paid {
            assert!(purchase.invoices.is_empty());
            continue;
        }
        figures.checkouts += 1;
        figures.accepted += purchase.invoices.iter().filter(|(_, accepted)| *accepted).count();
        let claim = shop.claim_of(&session);
        let times = town.world.customers.iter().map(|customer| times_paid(customer, purchase));
        match (claim["status"].as_str().unwrap(), times.sum::<usize>()) {
            ("paid", 1) => figures.paid += 1,
            ("open", 0) => figures.open += 1,
            ("cancelled", 0) => figures.cancelled += 1,
            (status, times) => panic!("{status}, and paid {times} times: {claim}"),
        }
    }
}

/// The payouts that the books call paid are the payments that the wallets have, one to one, with amount and proof, and
/// those that the daemon's node has sent; and what the wallets paid is what the books received.
pub(super) fn wallets_node_and_books_agree(
    town: &Town,
    books: &Ledger,
    purchases: &[Purchase],
    figures: &mut Figures,
) {
    let received = of_customers(&town.world, PaymentDirection::Inbound);
    let paid = books.each("payout").filter(|payout| payout["state"] == "paid");
    let paid: BTreeMap<String, &Value> =
        paid.map(|payout| (payout["payment_hash"].as_str().unwrap().to_owned(), payout)).collect();
    let booked = paid.iter().map(|(hash, payout)| (hash.clone(), msat(payout))).collect();
    assert_eq!(received, booked, "what wallets have and what the books say was paid");
    let brought = purchases.iter().flat_map(|purchase| &purchase.invoices);
    let brought: BTreeSet<String> =
        brought.map(|(invoice, _)| hex(&hash_of(invoice).unwrap())).collect();
    for (hash, payout) in &paid {
        assert!(brought.contains(hash), "nobody asked for {payout}");
        let preimage: [u8; 32] = bytes(payout["preimage"].as_str().unwrap());
        assert_eq!(&sha256::Hash::hash(&preimage).to_string(), hash, "{payout}");
    }
    let records = town.daemon.operator().get("/node/payments").granted();
    let records = records["data"].as_array().unwrap().iter();
    let sent = records
        .filter(|record| record["direction"] == "outbound" && record["status"] == "succeeded");
    let sent: Vec<String> =
        sent.filter_map(|record| record["payment_hash"].as_str().map(Into::into)).collect();
    figures.payments_sent = sent.len();
    // Of what it had said to have failed, its record goes on saying so, whatever it says later or the wallet showed.
    let unsaid = paid.len() - sent.len();
    assert!(unsaid >= figures.disputes_paid);
    figures.told_otherwise = unsaid - figures.disputes_paid;
    assert!(sent.iter().all(|hash| paid.contains_key(hash)));

    let spent: u64 = of_customers(&town.world, PaymentDirection::Outbound).values().sum();
    assert_eq!(spent, books.sum(&["Payment"]), "what wallets paid and what the books received");
}

/// Money in is money out and what is left, to the millisatoshi, and nothing is reserved.
pub(super) fn money_adds_up(books: &Ledger, figures: &mut Figures) {
    assert_eq!(books.each("lock").count(), 0, "nothing holds a lock");
    let balances = Books::read(&books.text).balances;
    let left: i64 =
        balances.iter().filter(|(name, _)| name.starts_with("acct_")).map(|(_, of)| of).sum();
    let reserved =
        balances.iter().filter(|(name, msat)| name.ends_with("in_flight") && **msat != 0);
    assert_eq!(reserved.count(), 0, "{balances:?}");
    let sum = |types: &[&str]| i64::try_from(books.sum(types)).unwrap();
    figures.off_msat = sum(&["Payment"]) - sum(&["Settlement", "Settlement Fee"]) - left;
    assert_eq!(figures.off_msat, 0, "{balances:?}");
    assert_eq!(sum(&["Incident", "Suspense"]), 0);
}

/// What else moved the node's money: the channels that were opened again, less what closing the old ones cost.
pub(super) fn nothing_is_unexplained(
    town: &Town,
    before: &Ledger,
    after: &Ledger,
    first_block: u64,
    figures: &mut Figures,
) {
    let operator =
        |books: &Ledger| Books::read(&books.text).balances.get("operator").copied().unwrap_or(0);
    let gained = operator(after) - operator(before);
    figures.channels_closed = 1 + figures.channels_opened - town.daemon.channel_count();
    let closed = u64::try_from(figures.channels_closed).unwrap();
    let opened = u64::try_from(figures.channels_opened).unwrap();
    let pushed = i64::try_from(opened * CHANNEL_SATS / 2 * 1_000).unwrap();
    // The operator never gains by a close.
    let cost = u64::try_from(pushed - gained).unwrap();
    if closed == 0 {
        assert_eq!(cost, 0, "no channel was closed");
        return;
    }
    let mut fees_msat = 0;
    for transaction in transactions(&town.world, first_block) {
        let fee_msat = satoshis(&transaction["fee"]) * 1_000;
        println!("on chain: {} with a fee of {fee_msat} msat", transaction["txid"]);
        fees_msat += fee_msat;
    }
    figures.on_chain_fees_msat = cost;
    assert!(cost <= fees_msat + closed * CLOSE_LEFTOVERS_MSAT, "{cost} msat are gone");
}

/// All transactions since a block, but for rewards.
fn transactions(world: &World, first_block: u64) -> Vec<Value> {
    let mut found = vec![];
    for height in first_block..=world.bitcoind.height() {
        let hash = world.bitcoind.rpc("getblockhash", json!([height])).unwrap();
        let block = world.bitcoind.rpc("getblock", json!([hash, 2])).unwrap();
        found.extend(block["tx"].as_array().unwrap().iter().skip(1).cloned());
    }
    found
}

/// An amount that bitcoind writes in bitcoin.
fn satoshis(amount: &Value) -> u64 {
    bitcoin::Amount::from_btc(amount.as_f64().unwrap()).unwrap().to_sat()
}
