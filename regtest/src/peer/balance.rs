//! What a node holds in its channels, to the millisatoshi. ldk-node's own balances are rounded to satoshis and have
//! the fee of a closing transaction taken off.

use std::time::Duration;

use ldk_node::ChannelDetails;

use super::Peer;
use crate::until::eventually;

/// The two anchor outputs of a channel, which its funder pays for.
const ANCHORS_MSAT: u64 = 660_000;

impl Peer {
    /// Its own balance in all its channels, ready or not: with an HTLC pending, what it has offered is no longer
    /// counted and what it was offered is not yet.
    pub fn channels_msat(&self) -> u64 {
        self.node().list_channels().iter().map(balance_msat).sum()
    }

    /// Waits until its balance is `expected`. A payment's event comes before the channel's last step, by some
    /// milliseconds.
    pub fn wait_channels_msat(&self, expected: u64, deadline: Duration) {
        let what = format!("{} to hold {expected} msat in channels;", self.name());
        eventually(&what, deadline, || match self.channels_msat() {
            held if held == expected => Ok(()),
            held => Err(format!("it holds {held}")),
        });
    }
}

/// LDK tells what can be sent at most (`get_available_balances_for_scope`): the balance less the reserve and, for
/// the funder, the anchors, and never below zero. Where that says zero, the other side's view says more.
fn balance_msat(channel: &ChannelDetails) -> u64 {
    let reserve_msat = channel.unspendable_punishment_reserve.unwrap_or(0) * 1000;
    let (our_anchors, their_anchors) =
        if channel.is_outbound { (ANCHORS_MSAT, 0) } else { (0, ANCHORS_MSAT) };
    if channel.outbound_capacity_msat > 0 {
        return channel.outbound_capacity_msat + reserve_msat + our_anchors;
    }
    let their_reserve_msat = channel.counterparty_unspendable_punishment_reserve * 1000;
    let theirs = channel.inbound_capacity_msat + their_reserve_msat + their_anchors;
    (channel.channel_value_sats * 1000).saturating_sub(theirs)
}
