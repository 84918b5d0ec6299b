//! On-chain money that leaves (DESIGN D24).
//!
//! The wallet hears of its own transactions from bitcoind only, up to two seconds later; and of one that enters the mempool
//! in the same second as the newest that it has heard of, not before it is in a block (ldk-node 0.7.1, chain/bitcoind.rs:1118).
//! Until then it would spend the same coins again, and says that it holds what has left.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use ldk_node::Node;
use ldk_node::bitcoin::hashes::Hash;
use ldk_node::bitcoin::{Address, FeeRate, Txid};
use ldk_node::lightning::ln::channelmanager::PaymentId;

use crate::ports::lightning::Lightning;
use crate::ports::node_admin::{Attempt, OnchainSend};

use super::admin::{failed, refused};
use super::lightning::LdkLightning;
use super::seed::to_bitcoin;

/// How long a sending waits for the one before it, and then for bitcoind to show it.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

/// A transaction that the wallet has not heard of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unseen {
    txid: Txid,
    /// What the wallet said before.
    before: u64,
}

impl LdkLightning {
    pub(super) fn address(&self, text: &str) -> Option<Address> {
        text.parse::<Address<_>>().ok()?.require_network(to_bitcoin(self.network)).ok()
    }

    /// Sends, if nothing else is being sent.
    pub(super) fn send_coins(&self, node: &Node, send: &OnchainSend) -> Result<String, Attempt> {
        let _one_at_a_time = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let address = self.address(&send.address);
        let address = address.ok_or_else(|| refused("the address is none of this network"))?;
        if !self.chain().is_ok_and(|chain| chain.is_synced()) {
            return Err(refused("the node is not up to date with the chain"));
        }
        self.must_know_its_coins(node)?;

        let before = total(node);
        let rate = send.fee_rate.and_then(FeeRate::from_sat_per_vb);
        let wallet = node.onchain_payment();
        let sent = match send.amount {
            Some(amount) => wallet.send_to_address(&address, amount.get(), rate),
            None => wallet.send_all_to_address(&address, true, rate),
        };
        let txid = sent.map_err(failed)?;
        *self.unseen() = Some(Unseen { txid, before });
        let name = txid.to_string();
        if wait_until(|| !self.has_unseen(node) || self.bitcoind.has_in_mempool(&name)) {
            return Ok(name);
        }
        let why = "was handed to bitcoind, which does not have it; until the next start nothing more is sent";
        Err(Attempt::Unknown(format!("{name} {why}")))
    }

    /// Waits until the wallet knows which coins it has.
    pub(super) fn must_know_its_coins(&self, node: &Node) -> Result<(), Attempt> {
        let why = "the wallet does not know yet of what was sent last; a block will tell it";
        if wait_until(|| !self.has_unseen(node)) { Ok(()) } else { Err(refused(why)) }
    }

    /// True while something has left of which the wallet does not know.
    pub(super) fn has_unseen(&self, node: &Node) -> bool {
        let mut unseen = self.unseen();
        // A deposit may hide what has left; a transaction in a block has a record.
        let known = |sent: &Unseen| {
            let id = PaymentId(sent.txid.to_byte_array());
            total(node) < sent.before || node.payment(&id).is_some()
        };
        if unseen.as_ref().is_some_and(known) {
            *unseen = None;
        }
        unseen.is_some()
    }

    fn unseen(&self) -> MutexGuard<'_, Option<Unseen>> {
        self.unseen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn total(node: &Node) -> u64 {
    node.list_balances().total_onchain_balance_sats
}

fn wait_until(holds: impl Fn() -> bool) -> bool {
    let tries = PATIENCE.as_millis() / PAUSE.as_millis();
    (0..tries).any(|_| {
        let held = holds();
        if !held {
            std::thread::sleep(PAUSE);
        }
        held
    })
}
