//! The operator's hands on the node: what it is, its channels and its on-chain wallet. Nothing here moves Lightning
//! money; acts that cost something are guarded by DESIGN D24 before they get here.

use crate::domain::bytes::NodeId;
use crate::domain::money::{Msat, Sat};

use super::lightning::NodeDown;

/// What the node is and how it fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeInfo {
    /// Its public key.
    pub node_id: NodeId,
    /// Where it listens.
    pub listening: Vec<String>,
    /// Its name in the network.
    pub alias: Option<String>,
    /// The on-chain wallet: all of it.
    pub onchain_total: Sat,
    /// The on-chain wallet: what may be spent, less the reserve for closing channels.
    pub onchain_spendable: Sat,
    /// What is kept for closing channels.
    pub anchor_reserve: Sat,
    /// Connected peers.
    pub peers: u32,
    /// Channels of the network that it has heard of.
    pub graph_channels: u64,
    /// Directions of them whose terms it has heard of: what it can route over.
    pub graph_directions: u64,
}

/// One channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelInfo {
    /// The channel's id in the protocol.
    pub channel_id: String,
    /// Our own id of it, the same before and after its funding.
    pub user_channel_id: String,
    /// The peer.
    pub peer: NodeId,
    /// The funding output (`txid:index`), once there is one.
    pub funding: Option<String>,
    /// Its size.
    pub capacity: Sat,
    /// What can be sent over it.
    pub outbound: Msat,
    /// What can be received over it.
    pub inbound: Msat,
    /// The largest payment that it can send now.
    pub largest_send: Msat,
    /// What is ours in it, to the millisatoshi.
    pub ours: Msat,
    /// True if we opened it.
    pub is_outbound: bool,
    /// True if it is (to be) announced to the network.
    pub is_announced: bool,
    /// True once both sides are ready.
    pub is_ready: bool,
    /// True while it can be used: ready, connected, not closing.
    pub is_usable: bool,
    /// Confirmations of its funding transaction.
    pub confirmations: u32,
}

/// A node that we are or were connected with, or share a channel with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerInfo {
    /// Its public key.
    pub node_id: NodeId,
    /// Where it listens (`host:port`), if we know.
    pub address: Option<String>,
    /// True while it is connected.
    pub is_connected: bool,
}

/// A channel to be opened. There is no push: money leaves through payouts only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChannel {
    /// With whom.
    pub contact: Contact,
    /// Its size.
    pub capacity: Sat,
    /// Whether it is announced to the network.
    pub announce: bool,
}

/// A channel to be closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The channel's id in the protocol.
    pub channel_id: String,
    /// Whether the peer is not asked: the newest state is broadcast, and our part is locked for some days.
    pub force: bool,
}

/// Money of the on-chain wallet that leaves it. The reserve for closing channels stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnchainSend {
    /// An address of our network.
    pub address: String,
    /// How much the address gets; `None` is all that may be spent, less the fee.
    pub amount: Option<Sat>,
    /// What a virtual byte is to cost, in satoshis; `None` leaves it to the node.
    pub fee_rate: Option<u64>,
}

/// Where a node can be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its public key.
    pub node_id: NodeId,
    /// Where it listens (`host:port`).
    pub address: String,
}

/// What became of an act that cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It was set going; the text is what the node calls it: our own id of a channel, a transaction's id.
    Done(String),
    /// Nothing happened, for this reason.
    Refused(String),
    /// It may have happened.
    Unknown(String),
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// Our node cannot connect with anybody.
    Down(NodeDown),
    /// The other one cannot be reached.
    Unreachable(String),
}

impl From<NodeDown> for ConnectError {
    fn from(down: NodeDown) -> Self {
        Self::Down(down)
    }
}

/// The operator's hands on the node. Every method may block; none may be called on an async worker.
pub trait NodeAdmin: Send + Sync {
    /// What the node is.
    fn info(&self) -> Result<NodeInfo, NodeDown>;
    /// Its channels.
    fn channels(&self) -> Result<Vec<ChannelInfo>, NodeDown>;
    /// Its peers: those of its channels, and all others that it knows.
    fn peers(&self) -> Result<Vec<PeerInfo>, NodeDown>;
    /// An address of its on-chain wallet that nobody has seen before.
    fn new_address(&self) -> Result<String, NodeDown>;
    /// Whether the text is an address of our network.
    fn is_address(&self, text: &str) -> bool;
    /// Connects with a node, and remembers where it listens.
    fn connect(&self, contact: &Contact) -> Result<(), ConnectError>;
    /// Opens a channel.
    fn open_channel(&self, new: &NewChannel) -> Attempt;
    /// Closes a channel.
    fn close_channel(&self, closing: &Closing) -> Attempt;
    /// Sends on-chain money.
    fn send_onchain(&self, send: &OnchainSend) -> Attempt;
}
