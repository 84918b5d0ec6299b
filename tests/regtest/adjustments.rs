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

/// Deposits one block's reward, and waits until it is booked.
fn deposit_and_book(town: &Town) {
    deposit(town);
    eventually("the deposit to be booked;", PATIENCE, || match operator_msat(town) {
        REWARD_MSAT => Ok(()),
        msat => Err(msat.to_string()),
    });
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
        deposit_and_book(&town);
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
    open_channel_as(town, "open-1");
}

/// The same under another key.
fn open_channel_as(town: &Town, key: &str) {
    let router = town.world.router.contact();
    let body = json!({
        "node_id": router.id.to_string(),
        "address": router.address.to_string(),
        "capacity_sat": CHANNEL_SATS,
    });
    let without_key = town.daemon.operator().post("/node/channels", body.clone());
    assert_eq!(without_key.refused(400), "idempotency_key_required");
    let api = town.daemon.operator().with("Idempotency-Key", key);
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

/// Mines until everything that was closed is swept and booked.
fn come_to_rest(town: &Town) {
    let operator = town.daemon.operator();
    eventually("nothing to be under way;", PATIENCE, || {
        town.world.mine(3);
        let external = operator.get("/ledger/audit").granted()["external"].clone();
        let rests = external["at_rest"] == true && external["difference_msat"] == 0;
        if rests && channels(town).is_empty() { Ok(()) } else { Err(external.to_string()) }
    });
}

#[test]
fn a_channel_is_closed_by_agreement_or_by_force_once_and_its_cost_is_the_operators() {
    let town = Town::start_alone(1, &DaemonSpec::default());
    let operator = town.daemon.operator();
    deposit_and_book(&town);
    let router = town.world.router.contact();
    let contact = json!({"node_id": router.id.to_string(), "address": router.address.to_string()});
    assert_eq!(operator.post("/node/peers", contact).granted()["connected"], true);
    for force in [false, true] {
        open_channel_as(&town, &format!("open, then close by force: {force}"));
        let before = operator_msat(&town);
        let id = channels(&town)[0]["id"].as_str().unwrap().to_owned();
        let close = |key: &str| {
            let api = town.daemon.operator().with("Idempotency-Key", key);
            api.post(&format!("/node/channels/{id}/close"), json!({ "force": force }))
        };
        let closed = close(&id);
        assert_eq!(closed.json["status"], "done", "{}", closed.text);
        come_to_rest(&town);
        assert_eq!(close(&id).json, closed.json);
        assert_eq!(close("another").refused(404), "not_found");
        let fees = before - operator_msat(&town);
        assert!((1..2_000_000).contains(&fees), "a close costs an on-chain fee: {fees}");
    }
    town.assert_sound();
}

#[test]
fn on_chain_money_leaves_once_and_never_what_an_account_is_owed() {
    let town = Town::start_alone(1, &DaemonSpec::default());
    deposit_and_book(&town);
    let shop = Shop::open(&town.daemon, "shop");
    shop.credit(u64::try_from(REWARD_MSAT).unwrap() - 2_000_000_000);
    let address = town.customer().new_address().to_string();
    let send = |key: &str, mut body: Value| {
        body["address"] = json!(address);
        town.daemon.operator().with("Idempotency-Key", key).post("/node/send", body)
    };
    let beyond = send("all", json!({"all": true}));
    assert_eq!(beyond.refused(402), "beyond_unallocated");
    let foreign =
        json!({"address": "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "amount_sat": 600});
    let foreign = town.daemon.operator().with("Idempotency-Key", "x").post("/node/send", foreign);
    assert_eq!(foreign.refused(400), "invalid_field");

    // Two at once, from the one coin that there is. The wallet may hear of the first no sooner than with a block.
    let body = json!({"amount_sat": 500_000, "fee_rate_sat_vb": 3});
    let sent = thread::scope(|scope| {
        let (send, body) = (&send, &body);
        let both = ["a", "b"].map(|key| scope.spawn(move || (key, send(key, body.clone()))));
        both.map(|sending| sending.join().unwrap())
    });
    let (done, refused): (Vec<_>, Vec<_>) = sent.iter().partition(|(_, sent)| sent.status == 200);
    assert!(!done.is_empty());
    for (key, sent) in done {
        assert_eq!(sent.json["status"], "done", "{}", sent.text);
        assert_eq!(send(key, body.clone()).json, sent.json);
        let txid = sent.json["result"].as_str().unwrap();
        assert!(town.world.bitcoind.in_mempool(txid), "{txid}");
    }
    for (key, sent) in refused {
        assert!(sent.text.contains("does not know yet of what was sent last"), "{}", sent.text);
        assert_eq!(sent.refused(402), "send_refused");
        assert!(operator_msat(&town) > 1_400_000_000, "what was refused was not spent");
        town.world.mine(1);
        send(&format!("{key} again"), body.clone()).granted();
    }
    eventually("what was sent, and its fee, to be booked;", PATIENCE, || {
        town.world.mine(1);
        match operator_msat(&town) {
            990_000_000..1_000_000_000 => Ok(()),
            msat => Err(msat.to_string()),
        }
    });
    town.assert_sound();
}
