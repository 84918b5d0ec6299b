//! What moves the node's money beside checkouts and payouts is the operator's (DESIGN D12): the internal audit holds
//! throughout, the external one whenever everything rests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bitcoin::Address;
use satback_regtest::{Api, DaemonSpec, PATIENCE, Shop, eventually};
use serde_json::{Value, json};

use super::kit::{CHANNEL_SATS, Town};

/// Bitcoin Core's reward of one block in these heights, in msat.
const REWARD_MSAT: i64 = 5_000_000_000_000;

/// Audits the books again and again while `act` goes on.
fn audited(operator: &Api, act: impl FnOnce()) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let auditor = scope.spawn(|| {
            let mut audits = 0;
            while !done.load(Ordering::SeqCst) {
                let audit = operator.get("/ledger/audit").granted();
                assert_eq!(audit["internal"]["problems"], json!([]));
                audits += 1;
            }
            audits
        });
        act();
        done.store(true, Ordering::SeqCst);
        assert!(auditor.join().unwrap() > 0);
    });
}

fn operator_msat(town: &Town) -> i64 {
    let audit = town.daemon.operator().get("/ledger/audit").granted();
    audit["internal"]["balances_msat"]["operator"].as_i64().unwrap_or(0)
}

/// Deposits one block's reward, ready to be spent.
fn deposit(town: &Town) {
    let address = town.daemon.operator().post("/node/address", json!({})).granted();
    let address: Address<_> = address["address"].as_str().unwrap().parse().unwrap();
    town.world.fund(&[address.assume_checked()]);
}

fn channels(town: &Town) -> Vec<Value> {
    let list = town.daemon.operator().get("/node/channels").granted();
    list["data"].as_array().cloned().unwrap()
}

#[test]
fn deposits_opens_and_force_closes_are_the_operators_and_every_audit_holds() {
    let town = Town::start_alone(1, &DaemonSpec::default());
    let operator = town.daemon.operator();
    audited(&operator, || {
        deposit(&town);
        eventually("the deposit to be booked;", PATIENCE, || match operator_msat(&town) {
            REWARD_MSAT => Ok(()),
            msat => Err(msat.to_string()),
        });
    });
    audited(&operator, || open_channel(&town));
    let fees = REWARD_MSAT - operator_msat(&town);
    assert!((1..1_000_000).contains(&fees), "an open costs an on-chain fee: {fees}");

    town.daemon.connect(&town.world, CHANNEL_SATS, 0);
    let shop = Shop::open(&town.daemon, "shop");
    shop.credit(2_000_000);
    let claim = shop.claim(town.customer(), 20_000);
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    town.assert_sound();

    let merchants = shop.available();
    audited(&operator, || {
        town.world.router.force_close(&town.daemon.contact().id).unwrap();
        eventually("the channels to be closed and swept;", PATIENCE, || {
            town.world.mine(3);
            let audit = operator.get("/ledger/audit").granted();
            let rests = channels(&town).len() < 2
                && audit["external"]["at_rest"] == true
                && audit["external"]["difference_msat"] == 0;
            if rests { Ok(()) } else { Err(audit["external"].to_string()) }
        });
    });
    assert_eq!(shop.available(), merchants, "a close costs the operator, not a merchant");
    town.assert_sound();
}

/// The daemon opens a channel with the router, as an operator would; a repeat under the same key opens no other.
fn open_channel(town: &Town) {
    let router = town.world.router.contact();
    let body = json!({
        "node_id": router.id.to_string(),
        "address": router.address.to_string(),
        "capacity_sat": CHANNEL_SATS,
    });
    let without_key = town.daemon.operator().post("/node/channels", body.clone());
    assert_eq!(without_key.refused(400), "idempotency_key_required");
    let api = town.daemon.operator().with("Idempotency-Key", "open-1");
    let opened = api.post("/node/channels", body.clone());
    assert_eq!(opened.json["status"], "done", "{}", opened.text);
    let again = api.post("/node/channels", body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.json, opened.json);
    eventually("the channel to be usable;", PATIENCE, || {
        town.world.mine(1);
        let usable = channels(town).iter().filter(|channel| channel["usable"] == true).count();
        if usable == 1 { Ok(()) } else { Err(format!("{:?}", channels(town))) }
    });
    assert_eq!(channels(town).len(), 1);
    town.daemon.wait_usable(&town.world);
    town.at_rest();
}
