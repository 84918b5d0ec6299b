//! The operator's hands on the node in memory.

use crate::domain::money::{Msat, Sat};
use crate::ports::lightning::NodeDown;
use crate::ports::node_admin::{ChannelInfo, NewChannel, NodeAdmin, NodeInfo, Opening, PeerInfo};

use super::SimNode;

/// The on-chain side of the node.
#[derive(Debug, Default)]
pub(super) struct OnChain {
    wallet: Sat,
    addresses: u64,
    opened: Vec<NewChannel>,
    next_opening: Option<Opening>,
}

impl SimNode {
    /// Somebody sends money to the on-chain wallet.
    pub fn deposit(&self, amount: Sat) {
        self.with(|inner| {
            let wallet = inner.onchain.wallet.get() + amount.get();
            inner.onchain.wallet = Sat::new(wallet);
        });
    }

    /// What comes of the next order to open a channel, whatever the wallet holds.
    pub fn script_opening(&self, opening: Opening) {
        self.with(|inner| inner.onchain.next_opening = Some(opening));
    }

    /// Channels that it was asked to open.
    pub fn opened(&self) -> Vec<NewChannel> {
        self.with(|inner| inner.onchain.opened.clone())
    }
}

fn user_channel_id(number: usize) -> String {
    format!("{number:032x}")
}

/// A channel that was asked for and never gets ready.
fn channel(number: usize, new: &NewChannel) -> ChannelInfo {
    ChannelInfo {
        channel_id: format!("{number:064x}"),
        user_channel_id: user_channel_id(number),
        peer: new.peer,
        funding: None,
        capacity: new.capacity,
        outbound: Msat::ZERO,
        inbound: Msat::ZERO,
        largest_send: Msat::ZERO,
        ours: new.capacity.msat(),
        is_outbound: true,
        is_announced: new.announce,
        is_ready: false,
        is_usable: false,
        confirmations: 0,
    }
}

impl NodeAdmin for SimNode {
    fn info(&self) -> Result<NodeInfo, NodeDown> {
        self.up(|inner| NodeInfo {
            node_id: Self::ID,
            listening: vec!["127.0.0.1:9735".to_owned()],
            alias: Some("simulated".to_owned()),
            onchain_total: inner.onchain.wallet,
            onchain_spendable: inner.onchain.wallet,
            anchor_reserve: Sat::default(),
            peers: 1,
            graph_channels: 2,
            graph_directions: 4,
        })
    }

    fn channels(&self) -> Result<Vec<ChannelInfo>, NodeDown> {
        self.up(|inner| {
            let opened = inner.onchain.opened.iter().enumerate();
            opened.map(|(number, new)| channel(number, new)).collect()
        })
    }

    fn peers(&self) -> Result<Vec<PeerInfo>, NodeDown> {
        self.up(|inner| {
            let opened = inner.onchain.opened.iter().map(|new| PeerInfo {
                node_id: new.peer,
                address: Some(new.address.clone()),
                is_connected: true,
            });
            opened.collect()
        })
    }

    fn new_address(&self) -> Result<String, NodeDown> {
        self.up(|inner| {
            inner.onchain.addresses += 1;
            format!("bcrt1simulated{}", inner.onchain.addresses)
        })
    }

    fn open_channel(&self, new: &NewChannel) -> Opening {
        let opened = self.up(|inner| {
            let onchain = &mut inner.onchain;
            if let Some(scripted) = onchain.next_opening.take() {
                return scripted;
            }
            if new.capacity > onchain.wallet {
                return Opening::Refused("insufficient funds".to_owned());
            }
            onchain.wallet = Sat::new(onchain.wallet.get() - new.capacity.get());
            onchain.opened.push(new.clone());
            Opening::Asked(user_channel_id(onchain.opened.len() - 1))
        });
        opened.unwrap_or_else(|down| Opening::Refused(down.to_string()))
    }
}
