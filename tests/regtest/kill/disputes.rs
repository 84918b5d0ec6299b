//! What an operator does about payouts that the node says have failed, after a start that cost it a channel: it asks the
//! wallet. LDK may have failed and forgotten what the payee has.

use ldk_node::lightning_types::payment::PaymentHash;
use ldk_node::payment::{PaymentDirection, PaymentKind, PaymentStatus};
use satback_regtest::{Daemon, World};
use serde_json::{Value, json};

use super::figures::Figures;

/// Resolves what is disputed: with the preimage of the wallet that has the money; what none has by its deadline is
/// written off.
pub(super) fn settle(daemon: &Daemon, world: &World, figures: &mut Figures) {
    let operator = daemon.operator();
    let doubted = operator.get("/payouts?status=in_doubt&limit=100").granted();
    let disputed = |payout: &&Value| !payout["failure_code"].is_null();
    for payout in doubted["data"].as_array().unwrap().iter().filter(disputed) {
        let path = format!("/payouts/{}/resolve", payout["id"].as_str().unwrap());
        if let Some(preimage) = preimage(world, payout["payment_hash"].as_str().unwrap()) {
            println!("a dispute: the wallet has {payout}");
            operator.post(&path, json!({"status": "paid", "preimage": preimage})).granted();
            figures.disputes_paid += 1;
        } else {
            let answer =
                operator.post(&path, json!({"status": "failed", "reason": "nobody has it"}));
            if answer.status == 200 {
                figures.disputes_written_off += 1;
            } else {
                assert_eq!(answer.refused(409), "before_deadline");
            }
        }
    }
}

/// The preimage with which a customer took the money on this hash.
fn preimage(world: &World, hash: &str) -> Option<String> {
    let hash = PaymentHash(bytes(hash));
    let records = world.customers.iter().filter_map(|customer| customer.payment(&hash));
    let mut taken = records.filter(|record| {
        record.direction == PaymentDirection::Inbound && record.status == PaymentStatus::Succeeded
    });
    taken.find_map(|record| match record.kind {
        PaymentKind::Bolt11 { preimage, .. } => preimage.map(|preimage| preimage.to_string()),
        _ => None,
    })
}

pub(super) fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
}
