//! The event pump: the one consumer of the node's events. Each is acknowledged only after the commit that used it
//! (DESIGN D1; facts, section 2).

use crate::domain::time::Span;
use crate::engine::command::{Command, Evidence, EvidenceSource, Received};
use crate::engine::queue::NoAnswer;
use crate::ports::lightning::{Lightning, NodeEvent};

use super::Ask;

/// What one turn of the pump did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// An event was used and acknowledged.
    Used,
    /// There was none.
    Idle,
    /// The engine takes none (frozen); it waits, unacknowledged.
    Refused,
}

/// Takes the next event, waiting for it no longer than `patience`.
///
/// # Errors
/// The engine has ended.
pub fn turn(
    engine: &impl Ask,
    node: &dyn Lightning,
    patience: Span,
    probe: fn(&str),
) -> Result<Turn, NoAnswer> {
    let Some(event) = node.next_event(patience) else { return Ok(Turn::Idle) };
    let name = event.name();
    probe(&format!("event:taken:{name}"));
    if let Some(command) = command(&event, node)
        && let Err(refusal) = engine.ask(command)?
    {
        tracing::warn!(?refusal, "an event of the node waits");
        return Ok(Turn::Refused);
    }
    probe(&format!("event:used:{name}"));
    if let Err(error) = node.acknowledge() {
        // Not repeated: the node may have let go of it already, and would drop the next one unseen (fact 5).
        tracing::error!(%error, "an event of the node could not be acknowledged");
    }
    probe(&format!("event:acknowledged:{name}"));
    Ok(Turn::Used)
}

fn command(event: &NodeEvent, node: &dyn Lightning) -> Option<Command> {
    match event {
        NodeEvent::Sent { hash, preimage, fee } => {
            let evidence = Evidence::Succeeded { preimage: *preimage, fee: *fee };
            Some(Command::Evidence(*hash, evidence, EvidenceSource::Event))
        }
        NodeEvent::SendFailed { hash, code } => {
            // At no height at all what it says may be taken for what it says at once when it starts.
            let height = node.chain().map_or(0, |chain| chain.height);
            let evidence = Evidence::Failed(*code, height);
            Some(Command::Evidence(*hash, evidence, EvidenceSource::Event))
        }
        NodeEvent::Received { hash, amount, skimmed, at } => {
            let money = Received { hash: *hash, amount: *amount, skimmed: *skimmed, at: *at };
            Some(Command::Received(money))
        }
        NodeEvent::Other(what) => {
            tracing::info!(what, "node");
            None
        }
    }
}
