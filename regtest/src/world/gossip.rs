//! Makes sure that everybody has heard of every channel. LDK 0.2.7 loses gossip now and then: a `channel_update` that
//! comes while the channel's funding output has been looked up but the channel is not yet in the graph is dropped
//! ("Couldn't find channel for update"), and so is one that is forwarded ahead of its announcement. In a world of
//! three nodes nobody else would ever repeat it. A new connection does: both sides tell their own channel's terms
//! again, and a node's first five connections ask for everything the other side knows. Whom that does not help is
//! started again, and has five more.

use std::time::{Duration, Instant};

use super::World;
use crate::peer::Peer;
use crate::until::{PATIENCE, eventually};

/// Gossip that was not lost is there by now.
const GRACE: Duration = Duration::from_secs(1);
/// A peer that has been asked so often to listen again will not hear it this way.
const ATTEMPTS: u32 = 8;

/// A channel that somebody has not heard of.
struct Unheard<'a> {
    peer: &'a Peer,
    scid: u64,
}

impl World {
    /// Waits until every peer that is not away has heard of all channels of the router and of both sides' terms.
    pub fn wait_gossip(&self) {
        let mut asked = Instant::now();
        let mut attempts = 0;
        eventually("everybody to hear of all channels;", PATIENCE, || {
            let unheard = self.unheard();
            if unheard.is_empty() {
                return Ok(());
            }
            if asked.elapsed() > GRACE {
                attempts += 1;
                let last_resort = attempts % ATTEMPTS == 0;
                unheard.iter().for_each(|unheard| self.ask_again(unheard, last_resort));
                asked = Instant::now();
            }
            let names = unheard.iter().map(|Unheard { peer, scid }| (peer.name(), *scid));
            Err(format!("not yet: {:?}", names.collect::<Vec<_>>()))
        });
    }

    fn unheard(&self) -> Vec<Unheard<'_>> {
        let ready = self.router.channels().into_iter().filter(|channel| channel.is_channel_ready);
        let scids: Vec<u64> = ready
            .filter(|channel| channel.is_announced)
            .filter_map(|channel| channel.short_channel_id)
            .collect();
        let peers = self.peers().filter(|peer| peer.is_running());
        peers
            .flat_map(|peer| scids.iter().map(move |scid| Unheard { peer, scid: *scid }))
            .filter(|unheard| !unheard.peer.knows_channel(unheard.scid))
            .collect()
    }

    /// A customer hears it from the router; the router hears it from the other side of the channel, and passes it
    /// on.
    fn ask_again(&self, Unheard { peer, scid }: &Unheard<'_>, last_resort: bool) {
        if peer.id() != self.router.id() {
            if last_resort {
                peer.stop();
                peer.start_again();
            } else {
                peer.lose_connection(&self.router.id());
            }
            return;
        }
        let channels = self.router.channels();
        let theirs = channels.iter().find(|channel| channel.short_channel_id == Some(*scid));
        if let Some(channel) = theirs {
            self.router.lose_connection(&channel.counterparty_node_id);
        }
    }
}
