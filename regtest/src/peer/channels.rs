//! Connections, channels, and what a node knows of other nodes' channels.

use std::time::{Duration, Instant};

use ldk_node::bitcoin::Address;
use ldk_node::bitcoin::secp256k1::PublicKey;
use ldk_node::{ChannelDetails, Event, UserChannelId};

use super::{Contact, Peer};
use crate::until::{PATIENCE, eventually, until, within};

/// How long a partner may take to notice that a connection is gone.
const UNNOTICED: Duration = Duration::from_secs(2);

impl Peer {
    /// Connects, and stays connected: whenever the connection is lost it is made again within a second.
    pub fn connect(&self, partner: &Contact) -> Result<(), String> {
        self.partners.keep(partner);
        let what = format!("{} to connect to {partner}", self.name);
        let begin = Instant::now();
        eventually(&what, PATIENCE, || {
            let (node, id, address) = (self.node(), partner.id, partner.address.clone());
            let connected = within(&what, PATIENCE, move || node.connect(id, address, true));
            match connected.map_err(|error| format!("{what}: {error}")) {
                // A partner that has not yet noticed that the last connection is gone refuses a second one.
                Err(error) if begin.elapsed() < UNNOTICED => Err(error),
                end => Ok(end),
            }
        })
    }

    /// Disconnects, and stays so until [`Peer::connect`]. The partner may still connect from its side.
    pub fn disconnect(&self, partner: &PublicKey) {
        self.partners.forget(partner);
        self.lose_connection(partner);
    }

    /// Loses the connection, as networks do; whichever side wants it makes it again within a second.
    pub fn lose_connection(&self, partner: &PublicKey) {
        self.node().disconnect(*partner).expect("a running node can disconnect");
    }

    /// Whether there is a connection, whoever made it.
    pub fn is_connected(&self, partner: &PublicKey) -> bool {
        self.node().list_peers().iter().any(|peer| peer.node_id == *partner && peer.is_connected)
    }

    /// A new on-chain address of the node's wallet.
    pub fn new_address(&self) -> Address {
        self.node().onchain_payment().new_address().expect("a wallet has addresses")
    }

    /// Connects and opens an announced channel of `sats`, of which `push_msat` go to the partner. Returns once the
    /// funding transaction waits in the mempool: six blocks from now the channel is ready.
    pub fn open_announced_channel(
        &self,
        partner: &Contact,
        sats: u64,
        push_msat: u64,
    ) -> Result<UserChannelId, String> {
        let mark = self.events.mark();
        self.connect(partner)?;
        let (id, address) = (partner.id, partner.address.clone());
        let channel = self
            .node()
            .open_announced_channel(id, address, sats, Some(push_msat), None)
            .map_err(|error| format!("{} cannot open a channel: {error}", self.name))?;
        let what = format!("{}'s channel to {partner} to be funded", self.name);
        let funding = self.events.wait(&what, mark, PATIENCE, |event| match event {
            Event::ChannelPending { user_channel_id, funding_txo, .. }
                if *user_channel_id == channel =>
            {
                Some(Ok(*funding_txo))
            }
            Event::ChannelClosed { user_channel_id, reason, .. } if *user_channel_id == channel => {
                Some(Err(format!("the channel was closed: {reason:?}")))
            }
            _ => None,
        })?;
        let txid = funding.txid.to_string();
        until(&what, PATIENCE, || self.chain.in_mempool(&txid).then_some(()));
        Ok(channel)
    }

    /// All its channels.
    pub fn channels(&self) -> Vec<ChannelDetails> {
        self.node().list_channels()
    }

    /// Waits until it has a channel with `partner` over which a payment can go now.
    pub fn wait_channel_usable(&self, partner: &PublicKey, deadline: Duration) -> ChannelDetails {
        let what = format!("{}'s channel with {partner} to be usable;", self.name);
        eventually(&what, deadline, || {
            let channels = self.channels();
            let mut theirs = channels.iter().filter(|ours| ours.counterparty_node_id == *partner);
            let usable = theirs.clone().find(|channel| channel.is_usable).cloned();
            usable.ok_or_else(|| match theirs.next() {
                None => "there is none".into(),
                Some(channel) => format!(
                    "{:?} confirmations, ready {}, connected {}",
                    channel.confirmations,
                    channel.is_channel_ready,
                    self.is_connected(partner)
                ),
            })
        })
    }

    /// Closes its channels with `partner` without asking; the partner is forgotten, since ldk-node would not keep the
    /// connection for nothing either. Its own part of the money stays locked for some hundred blocks.
    pub fn force_close(&self, partner: &PublicKey) -> Result<(), String> {
        self.partners.forget(partner);
        let channels = self.channels();
        let mut theirs =
            channels.iter().filter(|ours| ours.counterparty_node_id == *partner).peekable();
        theirs.peek().ok_or(format!("{} has no channel with {partner}", self.name))?;
        for channel in theirs {
            self.node()
                .force_close_channel(&channel.user_channel_id, *partner, None)
                .map_err(|error| format!("{} cannot force-close: {error}", self.name))?;
        }
        Ok(())
    }

    /// Whether it has heard of an announced channel and of both sides' terms, which is what a route needs.
    pub fn knows_channel(&self, scid: u64) -> bool {
        let channel = self.node().network_graph().channel(scid);
        channel.is_some_and(|ours| ours.one_to_two.is_some() && ours.two_to_one.is_some())
    }

    /// Waits until [`Peer::knows_channel`].
    pub fn wait_knows_channel(&self, scid: u64, deadline: Duration) {
        let what = format!("{} to hear of channel {scid} and its terms", self.name);
        until(&what, deadline, || self.knows_channel(scid).then_some(()));
    }

    /// Waits until wallet and channels have seen every block that bitcoind has.
    pub fn sync(&self) {
        let target = self.chain.height();
        let node = self.node();
        let what = format!("{} to see block {target}", self.name);
        within(&what, PATIENCE, move || {
            eventually("the wallets to sync", PATIENCE, || {
                node.sync_wallets().map_err(|error| error.to_string())?;
                let seen = u64::from(node.status().current_best_block.height);
                if seen >= target { Ok(()) } else { Err(format!("only block {seen} was seen")) }
            });
        });
    }
}
