//! The operator's hands on the node in memory.

use crate::domain::money::{Msat, Sat};
use crate::ports::lightning::NodeDown;
use crate::ports::node_admin::{
    Attempt, ChannelInfo, Closing, ConnectError, Contact, NewChannel, NodeAdmin, NodeInfo,
    OnchainSend, PeerInfo,
};

use super::SimNode;

/// The on-chain side of the node.
#[derive(Debug, Default)]
pub(super) struct OnChain {
    wallet: Sat,
    addresses: u64,
    sent: u64,
    /// Channels that were asked for, and whether they are open still.
    opened: Vec<(NewChannel, bool)>,
    contacts: Vec<Contact>,
    next_attempt: Option<Attempt>,
}

impl SimNode {
    /// Somebody sends money to the on-chain wallet.
    pub fn deposit(&self, amount: Sat) {
        self.with(|inner| {
            let wallet = inner.onchain.wallet.get() + amount.get();
            inner.onchain.wallet = Sat::new(wallet);
        });
    }

    /// What comes of the next act, whatever the wallet holds; nothing is done.
    pub fn script_attempt(&self, attempt: Attempt) {
        self.with(|inner| inner.onchain.next_attempt = Some(attempt));
    }

    /// Channels that it was asked to open.
    pub fn opened(&self) -> Vec<NewChannel> {
        self.with(|inner| inner.onchain.opened.iter().map(|(new, _)| new.clone()).collect())
    }

    fn attempt(&self, act: impl FnOnce(&mut OnChain) -> Result<String, &'static str>) -> Attempt {
        let attempted = self.up(|inner| match inner.onchain.next_attempt.take() {
            Some(scripted) => scripted,
            None => match act(&mut inner.onchain) {
                Ok(name) => Attempt::Done(name),
                Err(why) => Attempt::Refused(why.to_owned()),
            },
        });
        attempted.unwrap_or_else(|down| Attempt::Refused(down.to_string()))
    }
}

fn channel_id(number: usize) -> String {
    format!("{number:064x}")
}

fn user_channel_id(number: usize) -> String {
    format!("{number:032x}")
}

/// A channel that was asked for and never gets ready.
fn channel(number: usize, new: &NewChannel) -> ChannelInfo {
    ChannelInfo {
        channel_id: channel_id(number),
        user_channel_id: user_channel_id(number),
        peer: new.contact.node_id,
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
            let opened = inner.onchain.opened.iter().enumerate().filter(|(_, (_, open))| *open);
            opened.map(|(number, (new, _))| channel(number, new)).collect()
        })
    }

    fn peers(&self) -> Result<Vec<PeerInfo>, NodeDown> {
        self.up(|inner| {
            let opened = inner.onchain.opened.iter().map(|(new, _)| &new.contact);
            let peer = |contact: &Contact| PeerInfo {
                node_id: contact.node_id,
                address: Some(contact.address.clone()),
                is_connected: true,
            };
            opened.chain(&inner.onchain.contacts).map(peer).collect()
        })
    }

    fn new_address(&self) -> Result<String, NodeDown> {
        self.up(|inner| {
            inner.onchain.addresses += 1;
            format!("bcrt1simulated{}", inner.onchain.addresses)
        })
    }

    fn is_address(&self, text: &str) -> bool {
        text.starts_with("bcrt1")
    }

    fn connect(&self, contact: &Contact) -> Result<(), ConnectError> {
        let connected = self.up(|inner| match inner.onchain.next_attempt.take() {
            Some(Attempt::Refused(why)) => Err(ConnectError::Unreachable(why)),
            _ => {
                inner.onchain.contacts.push(contact.clone());
                Ok(())
            }
        });
        connected?
    }

    fn open_channel(&self, new: &NewChannel) -> Attempt {
        self.attempt(|onchain| {
            onchain.take(new.capacity)?;
            onchain.opened.push((new.clone(), true));
            Ok(user_channel_id(onchain.opened.len() - 1))
        })
    }

    fn close_channel(&self, closing: &Closing) -> Attempt {
        self.attempt(|onchain| {
            let mut opened = onchain.opened.iter_mut().enumerate();
            let found = opened
                .find(|(number, (_, open))| *open && channel_id(*number) == closing.channel_id);
            let (number, (new, open)) = found.ok_or("there is no such channel any more")?;
            *open = false;
            onchain.wallet = Sat::new(onchain.wallet.get() + new.capacity.get());
            Ok(user_channel_id(number))
        })
    }

    fn send_onchain(&self, send: &OnchainSend) -> Attempt {
        let mut gone = Msat::ZERO;
        let sent = self.attempt(|onchain| {
            let amount = send.amount.unwrap_or(onchain.wallet);
            onchain.take(amount)?;
            onchain.sent += 1;
            gone = amount.msat();
            Ok(format!("{:064x}", onchain.sent))
        });
        self.with(|inner| inner.let_go(gone));
        sent
    }
}

impl OnChain {
    fn take(&mut self, amount: Sat) -> Result<(), &'static str> {
        let left = self.wallet.get().checked_sub(amount.get()).ok_or("insufficient funds")?;
        self.wallet = Sat::new(left);
        Ok(())
    }
}
