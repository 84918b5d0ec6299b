//! What a node that was killed finds half done is finished before anything else can happen to it.
//!
//! LDK 0.2.7 keeps what its channels' monitors still have to be told for the first call that changes something
//! (`process_background_events`, channelmanager.rs:8052). It says that this is done *before* it does it, so a second
//! thread – that of a peer who connects meanwhile – goes on, numbers its own update of the same channel after those that
//! wait, and hands it over first: "Attempted to apply ChannelMonitorUpdates out of order", and the process ends. The
//! next start finds as much to do and ends the same way, for ever. Before `start` there is no second thread.

use ldk_node::lightning::ln::channelmanager::PaymentId;
use ldk_node::lightning_invoice::{Bolt11InvoiceDescription, Description};
use ldk_node::lightning_types::payment::PaymentHash;
use ldk_node::{Node, NodeError};

/// Nobody has a preimage for it, and nobody is ever shown an invoice with it.
const NOBODYS: [u8; 32] = *b"satback asks for nothing by this";

/// Makes the only call of ldk-node's that may be made before `start` and does what waits: a payment is refused that
/// nobody was asked for.
pub(super) fn settle(node: &Node) -> Result<(), NodeError> {
    let nothing = Description::empty();
    let payments = node.bolt11_payment();
    let hash = PaymentHash(NOBODYS);
    payments.receive_for_hash(1, &Bolt11InvoiceDescription::Direct(nothing), 1, hash)?;
    let settled = payments.fail_for_hash(hash);
    node.remove_payment(&PaymentId(NOBODYS))?;
    settled
}
