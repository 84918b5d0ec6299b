//! Acts outside the books (DESIGN D24): the intent is committed first, and while its outcome is unknown nobody acts again
//! under the same idempotency key.

use crate::domain::account::Metadata;
use crate::domain::act::{ActKind, ActOutcome};
use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::engine::command::{Command, Order, Origin};
use crate::engine::reply::{Object, Refusal};
use crate::ports::node_admin::{Attempt, Closing, NewChannel, NodeAdmin, OnchainSend};

use super::{Ask, Desk, DeskFault, Done, done};

/// What is asked of the node, in the words of the request.
struct Asked<'a> {
    kind: ActKind,
    terms: &'a [(&'static str, String)],
    /// How much of the operator's own money it takes out of the node.
    spends: Msat,
}

impl<A: Ask> Desk<A> {
    /// Opens a channel.
    ///
    /// # Errors
    /// [`DeskFault`]: the node does not answer, or the engine refuses. What the node refused is an outcome and not an
    /// error.
    pub fn open_channel(&self, new: &NewChannel, origin: Origin) -> Result<Done, DeskFault> {
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        self.admin.info()?;
        let terms = &[
            ("peer", new.contact.node_id.to_string()),
            ("address", new.contact.address.clone()),
            ("capacity_sat", new.capacity.get().to_string()),
            ("announce", new.announce.to_string()),
        ];
        let asked = Asked { kind: ActKind::OpenChannel, terms, spends: Msat::ZERO };
        self.act(asked, origin, |node| node.open_channel(new))
    }

    /// Closes a channel.
    ///
    /// # Errors
    /// As [`Desk::open_channel`]; there is no such channel.
    pub fn close_channel(&self, closing: &Closing, origin: Origin) -> Result<Done, DeskFault> {
        // Once it is closed it is no longer listed.
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        let channels = self.admin.channels()?;
        let channel = channels.iter().find(|channel| channel.channel_id == closing.channel_id);
        let channel = channel.ok_or(Refusal::NoSuch(Object::Channel))?;
        let terms = &[
            ("channel", channel.channel_id.clone()),
            ("peer", channel.peer.to_string()),
            ("force", closing.force.to_string()),
        ];
        let asked = Asked { kind: ActKind::CloseChannel, terms, spends: Msat::ZERO };
        self.act(asked, origin, |node| node.close_channel(closing))
    }

    /// Sends on-chain money, which must be the operator's own.
    ///
    /// # Errors
    /// As [`Desk::open_channel`]; accounts are owed what would be sent.
    pub fn send_onchain(&self, send: &OnchainSend, origin: Origin) -> Result<Done, DeskFault> {
        // What can be spent is less once it is sent.
        if let Some(done) = self.recall(&origin)? {
            return Ok(done);
        }
        let spendable = self.admin.info()?.onchain_spendable;
        let spends = send.amount.unwrap_or(spendable);
        let terms = &[
            ("address", send.address.clone()),
            ("amount_sat", send.amount.map_or("all".to_owned(), |sat| sat.get().to_string())),
            ("fee_rate_sat_vb", send.fee_rate.map_or("auto".to_owned(), |rate| rate.to_string())),
        ];
        let asked = Asked { kind: ActKind::SendOnchain, terms, spends: spends.msat() };
        self.act(asked, origin, |node| node.send_onchain(send))
    }

    fn act(
        &self,
        asked: Asked<'_>,
        origin: Origin,
        attempt: impl FnOnce(&dyn NodeAdmin) -> Attempt,
    ) -> Result<Done, DeskFault> {
        let terms: Metadata =
            asked.terms.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let begun = self.order(Order::BeginAct(asked.kind, terms, asked.spends), origin)?;
        let id = match &begun.snapshot {
            Snapshot::Act(act) if !begun.replayed => act.id.clone(),
            _ => return Ok(begun),
        };
        let outcome = match attempt(&*self.admin) {
            Attempt::Done(name) => ActOutcome::Done(name),
            Attempt::Refused(why) => ActOutcome::Refused(why),
            Attempt::Unknown(why) => {
                let kind = asked.kind.name();
                tracing::error!(act = %id, kind, why, "nobody knows whether it was done");
                return Err(Refusal::OutcomeUnknown.into());
            }
        };
        // What came of an act is not dropped for want of room.
        let order = Box::new(Order::FinishAct(id, outcome, asked.spends));
        done(self.engine.ask(Command::Order(order, Origin::default()))??)
    }
}
