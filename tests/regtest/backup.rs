//! Backup, a lost disk, restore: nothing is paid that may have been paid, and the money is all there (DESIGN D22).

use std::fs;
use std::path::{Path, PathBuf};

use satback_regtest::{DaemonSpec, Hold, PATIENCE, Shop, eventually, wallet};
use serde_json::{Value, json};

use super::kit::{EXPIRY_SECS, Town};
use super::ledger::Books;

/// Blocks after a dispatch until nothing of it can be left (DESIGN D6).
const DEADLINE_BLOCKS: u64 = 585;

/// Runs a command of the program, which must succeed: what it printed.
#[track_caller]
pub(crate) fn run(town: &Town, args: &[&str]) -> String {
    let done = town.daemon.run(args);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{args:?}: {said}{}", String::from_utf8_lossy(&done.stderr));
    said
}

pub(crate) fn export(town: &Town) -> Books {
    Books::read(&run(town, &["ledger", "export"]))
}

/// The disk is lost. What the manual says to keep is in the new folder: configuration and operator's key.
pub(crate) fn lose_disk(town: &Town) -> PathBuf {
    let lost = town.daemon.dir.with_extension("lost");
    fs::rename(&town.daemon.dir, &lost).unwrap();
    fs::create_dir(&town.daemon.dir).unwrap();
    for kept in ["satback.toml", "operator.key"] {
        fs::copy(lost.join(kept), town.daemon.dir.join(kept)).unwrap();
    }
    lost
}

fn newest_payout(shop: &Shop, claim: &Value) -> Value {
    shop.claim_now(claim)["payouts"][0]["id"].clone()
}

/// A claim whose wallet holds the payment.
fn held(town: &Town, shop: &Shop) -> (Value, Hold) {
    let claim = shop.claim(town.customer(), 20_000);
    let hold = town.customer().hold_invoice(1_000_000, EXPIRY_SECS);
    shop.submit(&claim, &hold.invoice).unwrap();
    town.customer().wait_held(&hold.hash, PATIENCE);
    shop.wait_payout(&claim, "in_flight", PATIENCE);
    (claim, hold)
}

fn park(town: &Town, shop: &Shop, claim: &Value) {
    let path = format!("/payouts/{}/park", newest_payout(shop, claim).as_str().unwrap());
    town.daemon.operator().post(&path, json!({})).granted();
}

fn resolve(town: &Town, payout: &Value, body: Value) -> satback_regtest::Answer {
    let path = format!("/payouts/{}/resolve", payout.as_str().unwrap());
    town.daemon.operator().post(&path, body)
}

/// A shop in the middle of its business.
struct Business {
    shop: Shop,
    /// Paid before the backup; still open when the disk is lost; open at the backup and paid after it.
    paid: Value,
    open: Value,
    since: Value,
    /// Held by a wallet: parked by the operator, and in flight with the account's lock.
    parked: (Value, Hold),
    in_flight: (Value, Hold),
    /// What the wallet of the open claim has of it.
    old_link: wallet::WithdrawInfo,
}

impl Business {
    fn open(town: &Town) -> Self {
        let shop = Shop::open(&town.daemon, "shop");
        let paid = shop.claim(town.customer(), 20_000);
        shop.redeem(town.customer(), &paid);
        shop.wait_claim(&paid, "paid", PATIENCE);
        let open = shop.claim(town.customer(), 20_000);
        let since = shop.claim(town.customer(), 20_000);
        let parked = held(town, &shop);
        park(town, &shop, &parked.0);
        let in_flight = held(town, &shop);
        let url = wallet::decode(open["lnurl"].as_str().unwrap()).unwrap();
        let old_link = wallet::info(&url).unwrap();
        Self { shop, paid, open, since, parked, in_flight, old_link }
    }

    /// After the backup, the open payout is parked and another claim is paid: the backup knows of neither. Then the disk
    /// is lost, and while nobody is there one wallet takes what it held and the other gives it back.
    fn go_on_and_die(&self, town: &mut Town) {
        park(town, &self.shop, &self.in_flight.0);
        self.shop.redeem(town.customer(), &self.since);
        self.shop.wait_claim(&self.since, "paid", PATIENCE);
        town.daemon.kill();
        town.customer().settle(&self.parked.1);
        town.customer().cancel(&self.in_flight.1);
    }

    /// Whatever was open is in doubt and parked; all else is as the backup has it.
    fn check_restored(&self, town: &Town, before: &Books) {
        let after = export(town);
        assert_eq!(after.transfers, before.transfers);
        assert_eq!(after.balances, before.balances);
        assert!(after.locks.is_empty());
        assert_eq!(after.open().count(), 2);
        assert!(after.open().all(|row| row["state"] == "in_doubt" && row["parked"] == true));
        assert_eq!(after.claim(&self.paid["id"]), before.claim(&self.paid["id"]));
        for claim in [&self.open, &self.since] {
            assert_eq!(after.claim(&claim["id"])["status"], "open");
        }
    }

    /// What the wallet had is worth nothing any more; the new link waits for the operator.
    fn check_links(&self, town: &Town) {
        let url = wallet::decode(self.open["lnurl"].as_str().unwrap()).unwrap();
        assert!(wallet::info(&url).unwrap_err().contains("there is no such withdraw link"));
        let invoice = town.customer().invoice(1_000_000, "restored", EXPIRY_SECS);
        let refused = wallet::callback(&self.old_link, &invoice).unwrap_err();
        assert_eq!(refused, "there is no such withdraw link");
        let now = self.shop.claim_now(&self.open);
        assert_ne!(now["lnurl"], self.open["lnurl"]);
        let new = wallet::info(&wallet::decode(now["lnurl"].as_str().unwrap()).unwrap()).unwrap();
        let old_k1 = wallet::WithdrawInfo { k1: self.old_link.k1.clone(), ..new.clone() };
        assert_eq!(wallet::callback(&old_k1, &invoice).unwrap_err(), "payment failed, scan again");
        let paused = "cashbacks of this shop are paused, try again later";
        assert_eq!(wallet::callback(&new, &invoice).unwrap_err(), paused);
    }

    /// One wallet took its money and shows the proof; of the other the deadline passes.
    fn resolve_doubts(&self, town: &Town) {
        let (taken, refused) = (&self.parked, &self.in_flight);
        let payout = newest_payout(&self.shop, &taken.0);
        let wrong = json!({"status": "paid", "preimage": "00".repeat(32)});
        assert_eq!(resolve(town, &payout, wrong).refused(400), "wrong_preimage");
        let preimage: String = taken.1.preimage.0.iter().map(|b| format!("{b:02x}")).collect();
        let paid =
            resolve(town, &payout, json!({"status": "paid", "preimage": preimage})).granted();
        assert_eq!(paid["status"], "paid");
        assert_eq!(self.shop.claim_now(&taken.0)["status"], "paid");

        let payout = newest_payout(&self.shop, &refused.0);
        let write_off = || json!({"status": "failed", "reason": "the wallet refused it"});
        assert_eq!(resolve(town, &payout, write_off()).refused(409), "before_deadline");
        for _ in 0..DEADLINE_BLOCKS.div_ceil(100) {
            town.mine_and_sync(100);
        }
        assert_eq!(self.shop.wait_payout(&refused.0, "in_doubt", PATIENCE)["parked"], true);
        // The engine learns the height with its next tick.
        let failed = eventually("the deadline to have passed;", PATIENCE, || {
            let answer = resolve(town, &payout, write_off());
            if answer.status == 409 { Err(answer.json.to_string()) } else { Ok(answer.granted()) }
        });
        assert_eq!(failed["resolution_note"], "the wallet refused it");
        assert_eq!(self.shop.claim_now(&refused.0)["status"], "cancelled");
        assert_eq!(self.shop.in_flight(), 0);
    }

    /// The operator looks through the open claims, cancels the one that was paid since, and lets the other be claimed.
    fn go_on(&self, town: &Town) {
        let cancel = format!("/claims/{}/cancel", self.since["id"].as_str().unwrap());
        assert_eq!(self.shop.api.post(&cancel, json!({})).granted()["status"], "cancelled");
        let account = format!("/accounts/{}", self.shop.account);
        let operator = town.daemon.operator();
        assert_eq!(operator.get(&account).granted()["claims_paused"], true);
        operator.post(&account, json!({"claims_paused": false})).granted();
        town.ensure_channel();
        let open = self.shop.claim_now(&self.open);
        self.shop.redeem(town.customer(), &open);
        self.shop.wait_claim(&open, "paid", PATIENCE);
    }
}

#[test]
fn a_lost_disk_is_restored_and_every_doubt_is_settled_by_hand() {
    let mut town = Town::start_with(1, &DaemonSpec::default());
    let business = Business::open(&town);
    let kept = town.world.folder().join("backup");
    let backup = kept.to_str().unwrap().to_owned();
    let before = export(&town);
    run(&town, &["backup", &backup, "--with-seed"]);
    check_backup_folder(&kept, &town);
    business.go_on_and_die(&mut town);

    let lost = lose_disk(&town);
    let said = run(&town, &["restore", &backup]);
    for expect in ["2 payouts are in doubt", "2 open claims", "1 accounts"] {
        assert!(said.contains(expect), "{said}");
    }
    business.check_restored(&town, &before);
    run(&town, &["ledger", "verify"]);

    town.daemon.restart();
    town.assert_books_sound();
    business.check_links(&town);
    business.resolve_doubts(&town);
    check_deficit_shows(&town, &business);
    business.go_on(&town);

    town.daemon.stop();
    let after = export(&town);
    assert_eq!(after.transfers[..before.transfers.len()], before.transfers[..]);
    // One cashback before the backup, one with proof whose fee is unknown, one after; five checkouts were paid.
    let account = format!("{}/available", business.shop.account);
    assert_eq!(after.balances[&account], 5 * 20_000_000 - 2 * 1_001_000 - 1_010_000);
    check_old_channel_state_is_refused(&mut town, &lost);
}

/// The books, the manifest, the list and the seed, for the owner's eyes only.
fn check_backup_folder(kept: &Path, town: &Town) {
    use std::os::unix::fs::MetadataExt;
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(kept.join(name)).unwrap()).unwrap()
    };
    let (manifest, node) = (read("manifest.json"), read("node.json"));
    assert_eq!(manifest["network"], "regtest");
    assert_eq!(manifest["node_id"], town.daemon.operator().get("/node").granted()["node_id"]);
    let (channel, peer) = (&node["channels"][0], &node["peers"][0]);
    assert_eq!(
        (&channel["peer"], &channel["capacity_sat"]),
        (&peer["node_id"], &json!(10_000_000))
    );
    assert!(channel["funding"].is_string() && channel["ours_msat"].is_u64(), "{channel}");
    assert!(peer["address"].as_str().unwrap().starts_with("127.0.0.1:"), "{peer}");
    assert_eq!(fs::metadata(kept).unwrap().mode() & 0o777, 0o700);
    let names: Vec<_> = fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    for name in names {
        assert_eq!(fs::metadata(&name).unwrap().mode() & 0o777, 0o600, "{name:?}");
    }
    assert_eq!(
        fs::read(kept.join("seed")).unwrap(),
        fs::read(town.daemon.dir.join("seed")).unwrap()
    );
}

/// The channel's money did not come back with the backup. The books say so, in the operator's account.
fn check_deficit_shows(town: &Town, business: &Business) {
    town.at_rest();
    let audit = town.daemon.operator().get("/ledger/audit").granted();
    assert_eq!(audit["internal"]["problems"], json!([]));
    assert!(audit["internal"]["balances_msat"]["operator"].as_i64().unwrap() < 0, "{audit}");
    let credits = format!("/accounts/{}/credits", business.shop.account);
    let refused = town.daemon.operator().post(&credits, json!({"amount_msat": 1_000}));
    assert_eq!(refused.refused(402), "beyond_unallocated");
}

/// The channel state of the lost disk turns up again.
fn check_old_channel_state_is_refused(town: &mut Town, lost: &Path) {
    let own = town.daemon.dir.join("ldk");
    let aside = town.daemon.dir.join("ldk.aside");
    fs::rename(&own, &aside).unwrap();
    fs::rename(lost.join("ldk"), &own).unwrap();
    town.daemon.boot();
    let ended = town.daemon.wait_end(PATIENCE);
    assert_eq!(ended.code(), Some(64), "{}", town.daemon.log());
    assert!(town.daemon.log().contains("holds channel state of epoch 1,"), "{}", town.daemon.log());
    fs::remove_dir_all(&own).unwrap();
    fs::rename(&aside, &own).unwrap();
    town.daemon.restart();
    town.assert_books_sound();
}
