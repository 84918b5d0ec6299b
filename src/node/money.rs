//! What the node holds, to the millisatoshi, and whether it holds still (DESIGN D12).

use std::collections::BTreeSet;

use ldk_node::lightning::ln::types::ChannelId;
use ldk_node::payment::{ConfirmationStatus, PaymentDetails, PaymentDirection, PaymentKind};
use ldk_node::{BalanceDetails, ChannelDetails, LightningBalance, PendingSweepBalance};

use crate::domain::money::{Msat, Sat};
use crate::ports::lightning::{Holdings, Liquidity};

/// Two anchor outputs, which whoever funded the channel pays for (BOLT 3).
const ANCHORS: Msat = Sat::new(660).msat();

/// What is ours in a channel. The library tells what can be sent, which is that less the reserve that we must keep and,
/// if we funded the channel, the anchors; with nothing to send it is told from the other side's share.
pub(super) fn ours(channel: &ChannelDetails) -> Msat {
    let anchors = |pays: bool| if pays { ANCHORS } else { Msat::ZERO };
    let sendable = Msat::new(channel.outbound_capacity_msat);
    if !sendable.is_zero() {
        let reserve = Sat::new(channel.unspendable_punishment_reserve.unwrap_or(0)).msat();
        return sendable + reserve + anchors(channel.is_outbound);
    }
    let theirs = Msat::new(channel.inbound_capacity_msat)
        + Sat::new(channel.counterparty_unspendable_punishment_reserve).msat()
        + anchors(!channel.is_outbound);
    Sat::new(channel.channel_value_sats).msat().saturating_sub(theirs)
}

/// The on-chain wallet's money that is confirmed or our own change: what a stranger's unconfirmed transaction promises
/// is not money yet.
fn trusted_onchain(balances: &BalanceDetails) -> Sat {
    let spendable = balances.spendable_onchain_balance_sats;
    Sat::new(spendable.saturating_add(balances.total_anchor_channels_reserve_sats))
}

/// While nothing can be spent, the reserve that the library tells may be covered by money that is not trusted yet.
const fn reserve_may_be_untrusted(balances: &BalanceDetails) -> bool {
    balances.spendable_onchain_balance_sats == 0 && balances.total_onchain_balance_sats > 0
}

/// True for money that a stranger's unconfirmed transaction promises.
pub(super) fn is_pending_deposit(payment: &PaymentDetails) -> bool {
    let unconfirmed = matches!(
        payment.kind,
        PaymentKind::Onchain { status: ConfirmationStatus::Unconfirmed, .. }
    );
    unconfirmed && payment.direction == PaymentDirection::Inbound
}

/// All that the node holds. `has_deposit_pending` is asked only where it matters.
pub(super) fn holdings(
    channels: &[ChannelDetails],
    balances: &BalanceDetails,
    has_deposit_pending: impl FnOnce() -> bool,
) -> Holdings {
    let mut total = trusted_onchain(balances).msat();
    for channel in channels {
        total += ours(channel);
    }
    let open: BTreeSet<_> = channels.iter().map(|channel| channel.channel_id).collect();
    let at_rest = !(reserve_may_be_untrusted(balances) && has_deposit_pending())
        && channels.iter().all(|channel| channel.is_channel_ready)
        && balances.lightning_balances.iter().all(|balance| is_at_rest(balance, &open))
        && balances.pending_balances_from_channel_closures.iter().all(is_swept);
    Holdings { total, at_rest }
}

/// True for an open channel without any HTLC. One too small for an output of its own shows as rounding. A channel that is
/// being closed is no longer listed, but its balance looks like an open one's until the closing transaction confirms.
fn is_at_rest(balance: &LightningBalance, open: &BTreeSet<ChannelId>) -> bool {
    match balance {
        LightningBalance::ClaimableOnChannelClose {
            channel_id,
            outbound_payment_htlc_rounded_msat,
            outbound_forwarded_htlc_rounded_msat,
            inbound_claiming_htlc_rounded_msat,
            inbound_htlc_rounded_msat,
            ..
        } => {
            open.contains(channel_id)
                && *outbound_payment_htlc_rounded_msat == 0
                && *outbound_forwarded_htlc_rounded_msat == 0
                && *inbound_claiming_htlc_rounded_msat == 0
                && *inbound_htlc_rounded_msat == 0
        }
        LightningBalance::ClaimableAwaitingConfirmations { .. }
        | LightningBalance::ContentiousClaimable { .. }
        | LightningBalance::MaybeTimeoutClaimableHTLC { .. }
        | LightningBalance::MaybePreimageClaimableHTLC { .. }
        | LightningBalance::CounterpartyRevokedOutputClaimable { .. } => false,
    }
}

/// True while money of a closed channel is not in the on-chain wallet yet.
pub(super) fn is_closing(channels: &[ChannelDetails], balances: &BalanceDetails) -> bool {
    let open: BTreeSet<_> = channels.iter().map(|channel| channel.channel_id).collect();
    let closed = |balance: &LightningBalance| !open.contains(&channel_of(balance));
    balances.lightning_balances.iter().any(closed)
        || !balances.pending_balances_from_channel_closures.iter().all(is_swept)
}

const fn channel_of(balance: &LightningBalance) -> ChannelId {
    match balance {
        LightningBalance::ClaimableOnChannelClose { channel_id, .. }
        | LightningBalance::ClaimableAwaitingConfirmations { channel_id, .. }
        | LightningBalance::ContentiousClaimable { channel_id, .. }
        | LightningBalance::MaybeTimeoutClaimableHTLC { channel_id, .. }
        | LightningBalance::MaybePreimageClaimableHTLC { channel_id, .. }
        | LightningBalance::CounterpartyRevokedOutputClaimable { channel_id, .. } => *channel_id,
    }
}

/// True once the sweep is confirmed, and so in the on-chain wallet.
const fn is_swept(sweep: &PendingSweepBalance) -> bool {
    match sweep {
        PendingSweepBalance::AwaitingThresholdConfirmations { .. } => true,
        PendingSweepBalance::PendingBroadcast { .. }
        | PendingSweepBalance::BroadcastAwaitingConfirmation { .. } => false,
    }
}

/// What the channels can do.
pub(super) fn liquidity(channels: &[ChannelDetails]) -> Liquidity {
    let usable: Vec<_> = channels.iter().filter(|channel| channel.is_usable).collect();
    let peers: BTreeSet<_> = usable.iter().map(|channel| channel.counterparty_node_id).collect();
    let sum = |amount: fn(&ChannelDetails) -> u64| {
        Msat::new(usable.iter().map(|channel| amount(channel)).fold(0, u64::saturating_add))
    };
    let largest = usable.iter().map(|channel| channel.next_outbound_htlc_limit_msat).max();
    Liquidity {
        usable_peers: u32::try_from(peers.len()).unwrap_or(u32::MAX),
        largest_send: Msat::new(largest.unwrap_or(0)),
        outbound: sum(|channel| channel.outbound_capacity_msat),
        // A channel lets in no more at once than it said when it was opened (a tenth of it, if it is announced).
        inbound: sum(|channel| {
            let at_once = channel.inbound_htlc_maximum_msat.unwrap_or(u64::MAX);
            channel.inbound_capacity_msat.min(at_once)
        }),
    }
}
