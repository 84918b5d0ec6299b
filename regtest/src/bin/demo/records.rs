//! The nodes' own records: the daemon's node and the customers' nodes, beside what the books say.

use satback_regtest::{Shop, shop::hex};
use serde_json::Value;

use super::tell::Teller;
use super::town::Town;

/// A payment that left the daemon's node.
pub(crate) struct Sent {
    pub(crate) fee_msat: u64,
}

fn of_daemon(town: &Town, hash: &str) -> Option<Value> {
    let records = town.daemon.operator().get("/node/payments").granted();
    let records = records["data"].as_array().cloned().unwrap_or_default();
    records.into_iter().find(|record| record["payment_hash"] == hash)
}

fn is(record: &Value, direction: &str, status: &str) -> bool {
    record["direction"] == direction && record["status"] == status
}

/// What the daemon's node received on a hash.
pub(crate) fn daemon_received(town: &Town, hash: &str) -> Option<u64> {
    let record = of_daemon(town, hash).filter(|record| is(record, "inbound", "succeeded"));
    record.and_then(|record| record["amount_msat"].as_u64())
}

/// What the daemon's node sent on a hash.
pub(crate) fn daemon_sent(town: &Town, hash: &str) -> Option<Sent> {
    let record = of_daemon(town, hash).filter(|record| is(record, "outbound", "succeeded"));
    record.map(|record| Sent { fee_msat: record["fee_msat"].as_u64().unwrap_or(0) })
}

/// True if the daemon's node failed to send on a hash.
pub(crate) fn daemon_failed(town: &Town, hash: &str) -> bool {
    of_daemon(town, hash).is_some_and(|record| is(&record, "outbound", "failed"))
}

/// True if the daemon's node has any record of a hash.
pub(crate) fn daemon_knows(town: &Town, hash: &str) -> bool {
    of_daemon(town, hash).is_some()
}

/// The payment hash of a claim's newest payout.
pub(crate) fn hash_of_payout(shop: &Shop, claim: &Value) -> String {
    let claim = shop.claim_now(claim);
    claim["payouts"][0]["payment_hash"].as_str().unwrap_or("").into()
}

/// Prints what both sides have on record of these claims' payouts.
pub(crate) fn print(teller: &Teller, town: &Town, claims: &[&Value]) {
    for claim in claims {
        let claim = town.shop.claim_now(claim);
        for payout in claim["payouts"].as_array().into_iter().flatten() {
            let hash = payout["payment_hash"].as_str().unwrap_or("");
            teller.say(&format!("payout {} ({})", payout["id"], payout["status"]));
            match of_daemon(town, hash) {
                Some(record) => teller.say(&format!("  the daemon's node: {record}")),
                None => teller.say("  the daemon's node: no record"),
            }
            for customer in &town.world.customers {
                let received = customer
                    .payments()
                    .into_iter()
                    .find(|payment| hex(&hash_of_id(payment.id.0)) == hash);
                if let Some(payment) = received {
                    teller.say(&format!(
                        "  {}: {:?} {:?}, {:?} msat",
                        customer.name(),
                        payment.direction,
                        payment.status,
                        payment.amount_msat
                    ));
                }
            }
        }
    }
}

/// ldk-node's id of a BOLT11 payment is its hash.
fn hash_of_id(id: [u8; 32]) -> ldk_node::lightning_types::payment::PaymentHash {
    ldk_node::lightning_types::payment::PaymentHash(id)
}
