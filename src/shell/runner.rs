//! The payout runner: takes what is reserved, asks the engine for leave (commit B), calls the node, and tells what the
//! node answered (commit C). Between B and C nobody knows whether the payment left; that is what B is for.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::command::{Command, DispatchRequest};
use crate::engine::effect::Due;
use crate::engine::queue::NoAnswer;
use crate::engine::reply::{DispatchReply, Reply};
use crate::ports::lightning::Lightning;

use super::Ask;

/// Pays, one payout after the other.
#[allow(missing_debug_implementations, reason = "ports have none")]
pub struct Runner<A> {
    engine: A,
    node: Arc<dyn Lightning>,
    waiting: VecDeque<Due>,
    probe: fn(&str),
}

impl<A: Ask> Runner<A> {
    /// A runner with nothing to do. `probe` is called with the name of each step that a test may want to die at.
    pub const fn new(engine: A, node: Arc<dyn Lightning>, probe: fn(&str)) -> Self {
        Self { engine, node, waiting: VecDeque::new(), probe }
    }

    /// Takes on a reserved payout.
    pub fn add(&mut self, due: Due) {
        if !self.waiting.contains(&due) {
            self.waiting.push_back(due);
        }
    }

    /// True if some payout waits for leave.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Asks once for every payout that waits, in order, and pays those that may go.
    ///
    /// # Errors
    /// The engine has ended.
    pub fn run_once(&mut self) -> Result<(), NoAnswer> {
        for _ in 0..self.waiting.len() {
            let Some(due) = self.waiting.pop_front() else { break };
            if self.dispatch(&due)? == Waiting::Still {
                self.waiting.push_back(due);
            }
        }
        Ok(())
    }

    fn dispatch(&self, Due { payout, hash }: &Due) -> Result<Waiting, NoAnswer> {
        let request = DispatchRequest {
            payout: payout.clone(),
            known_to_node: self.node.record(hash).ok().map(|record| record.is_some()),
            liquidity: self.node.liquidity().ok(),
            chain: self.node.chain().ok(),
        };
        let order = match self.engine.ask(Command::Dispatch(request))? {
            Ok(Reply::Dispatch(DispatchReply::Go(order))) => order,
            Ok(Reply::Dispatch(DispatchReply::Wait)) => return Ok(Waiting::Still),
            // Refused means frozen: what is reserved stays so until the books are mended.
            _ => return Ok(Waiting::NoMore),
        };
        (self.probe)("pay:before");
        let answer = self.node.pay(&order);
        (self.probe)("pay:after");
        if let Err(refusal) = self.engine.ask(Command::Dispatched(payout.clone(), answer))? {
            tracing::error!(%payout, ?refusal, "the node's answer could not be booked");
        }
        Ok(Waiting::NoMore)
    }
}

/// Whether a payout still waits for leave.
#[derive(PartialEq, Eq)]
enum Waiting {
    Still,
    NoMore,
}
