//! A daemon in a world, ready to be paid and to pay.

use std::path::Path;

use bitcoin::Address;
use satback_regtest::{Daemon, DaemonSpec, PATIENCE, Peer, Shop, World, WorldSpec, eventually};
use serde_json::{Value, json};

/// What a daemon's channel holds in all.
pub(crate) const CHANNEL_SATS: u64 = 10_000_000;
/// How long an ordinary wallet's invoice is good for.
pub(crate) const EXPIRY_SECS: u32 = 3_600;

/// A world with a daemon in it. The daemon goes first when it is dropped.
pub(crate) struct Town {
    pub(crate) daemon: Daemon,
    pub(crate) world: World,
}

/// The program under test.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_satback"))
}

impl Town {
    /// A world with `customers` customers and a daemon whose one channel holds as much on either side.
    pub(crate) fn start(customers: usize) -> Self {
        Self::start_with(customers, &DaemonSpec::default())
    }

    pub(crate) fn start_with(customers: usize, spec: &DaemonSpec) -> Self {
        Self::start_pushing(customers, spec, CHANNEL_SATS / 2)
    }

    /// As above, with this much of the channel on the daemon's side.
    pub(crate) fn start_pushing(customers: usize, spec: &DaemonSpec, push_sats: u64) -> Self {
        let town = Self::start_alone(customers, spec);
        town.daemon.connect(&town.world, CHANNEL_SATS, push_sats * 1_000);
        town
    }

    /// As [`Town::start_with`], with money on the daemon's on-chain wallet, which closing a channel by force needs.
    pub(crate) fn start_funded(customers: usize, spec: &DaemonSpec) -> Self {
        let town = Self::start_alone(customers, spec);
        let address = town.daemon.operator().post("/node/address", json!({})).granted();
        let address = address["address"].as_str().unwrap().parse().map(Address::assume_checked);
        town.world.fund(&[address.unwrap()]);
        town.daemon.connect(&town.world, CHANNEL_SATS, CHANNEL_SATS / 2 * 1_000);
        town
    }

    /// A daemon without any channel.
    pub(crate) fn start_alone(customers: usize, spec: &DaemonSpec) -> Self {
        let world = World::start(WorldSpec { customers, ..WorldSpec::default() });
        let daemon = Daemon::start(&world, program(), spec);
        Self { daemon, world }
    }

    pub(crate) fn customer(&self) -> &Peer {
        &self.world.customers[0]
    }

    /// Waits until node and books rest and agree: what the daemon's channels hold, and what the books say of the node.
    pub(crate) fn at_rest(&self) -> (i64, i64) {
        let external = eventually("books and node to agree at rest;", PATIENCE, || {
            let audit = self.daemon.operator().get("/ledger/audit").granted();
            let external = audit["external"].clone();
            let agree = external["at_rest"] == true && external["difference_msat"] == 0;
            if agree { Ok(external) } else { Err(audit.to_string()) }
        });
        let channels = self.daemon.operator().get("/node/channels").granted();
        let channels = channels["data"].as_array().unwrap().iter();
        let held = channels.map(|channel| channel["ours_msat"].as_i64().unwrap()).sum();
        (held, external["booked_msat"].as_i64().unwrap())
    }

    /// Both audits hold once nothing moves, and no payout is left.
    #[track_caller]
    pub(crate) fn assert_sound(&self) {
        self.at_rest();
        let audit = self.daemon.operator().get("/ledger/audit").granted();
        assert_eq!(audit["internal"]["problems"], serde_json::json!([]));
        assert_eq!(audit["ok"], true, "{audit}");
    }

    /// The books hold; the node may be busy.
    #[track_caller]
    pub(crate) fn assert_books_sound(&self) {
        let audit = self.daemon.operator().get("/ledger/audit").granted();
        assert_eq!(audit["internal"]["problems"], serde_json::json!([]));
    }

    /// What the daemon's node has on record of a hash; `null` if nothing.
    pub(crate) fn node_record(&self, hash: &str) -> Value {
        let records = self.daemon.operator().get("/node/payments").granted();
        let records = records["data"].as_array().cloned().unwrap_or_default();
        records.into_iter().find(|record| record["payment_hash"] == hash).unwrap_or(Value::Null)
    }

    /// Payments that the daemon's node has sent or is sending.
    pub(crate) fn node_sent(&self) -> usize {
        let records = self.daemon.operator().get("/node/payments").granted();
        let records = records["data"].as_array().cloned().unwrap_or_default();
        records.iter().filter(|record| record["direction"] == "outbound").count()
    }

    /// Mines blocks and waits until the daemon has seen them, too.
    pub(crate) fn mine_and_sync(&self, blocks: u64) {
        self.world.mine(blocks);
        self.daemon.sync(&self.world);
    }

    /// Mines until a claim has a status: where a kill has cost the channel, its outcome comes on chain.
    pub(crate) fn mine_until_claim(&self, shop: &Shop, claim: &Value, status: &str) {
        for _ in 0..700 {
            if shop.claim_now(claim)["status"] == status {
                return;
            }
            if self.daemon.channel_count() == 0 {
                self.mine_and_sync(1);
            } else {
                shop.wait_claim(claim, status, PATIENCE);
            }
        }
        panic!("not {status} after 700 blocks: {}", shop.claim_now(claim));
    }

    /// Opens a channel again if a kill has cost the one there was: whether it did.
    pub(crate) fn ensure_channel(&self) -> bool {
        let node = self.daemon.operator().get("/node").granted();
        let gone = self.daemon.channel_count() == 0;
        if gone {
            open_channel(&self.daemon, &self.world);
        } else if node["usable_peers"] == 0 {
            self.daemon.wait_usable(&self.world);
        }
        gone
    }
}

/// The router opens a channel, and gives the daemon half of it.
pub(crate) fn open_channel(daemon: &Daemon, world: &World) {
    daemon.connect(world, CHANNEL_SATS, CHANNEL_SATS / 2 * 1_000);
}

/// What tests ask of a shop beside what demos do.
pub(crate) trait ShopExt {
    /// The sum of a payout's statement rows of one type, in msat.
    fn sum(&self, source: &str, kind: &str) -> i64;
}

impl ShopExt for Shop {
    fn sum(&self, source: &str, kind: &str) -> i64 {
        let rows = self.statement().into_iter();
        let rows = rows.filter(|(is, _, _, from)| is == kind && from == source);
        rows.map(|(_, _, msat, _)| i64::try_from(msat).unwrap()).sum()
    }
}
