//! Everything that goes wrong: crashes at any point, power cuts, disks and nodes that fail, clocks that jump.

use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;
use crate::domain::time::Span;
use crate::engine::command::Command;
use crate::ports::clock::Clock;
use crate::ports::lightning::{Lightning, NodeEvent};

use super::super::fuse;
use super::{World, marks};

impl World {
    /// The process has died at a point. What it leaves on disk and in the node depends on what it died of.
    pub(super) fn died(&mut self, point: &str) {
        fuse::disarm();
        let kind = point.split([':', ' ']).next().unwrap_or("");
        marks::hit(format!("fault: death at {kind}"));
        self.say(format!("dies at {point}"));
        self.outside.disk.mend();
        self.node().crash(&self.chance);
        if self.chance.one_in(2) {
            marks::hit("fault: power cut");
            self.outside.disk.tear(&self.chance);
        }
        match (self.chance.below(4), self.old_view.take()) {
            (0, _) => {
                marks::hit("fault: view lost");
                self.outside.lose_view();
            }
            (1, Some(view)) => {
                marks::hit("fault: view as it was before");
                self.outside.put_view(view);
            }
            _ => {}
        }
    }

    /// It is killed while nothing happens.
    pub(super) fn stop_process(&mut self, why: &str) {
        if self.process.take().is_some() {
            self.died(why);
        }
    }

    /// It is told to end, and ends.
    pub(super) fn end_in_order(&mut self) {
        if self.process.is_some() && self.ask(Command::Stop).is_some() {
            marks::hit("it ends in order");
            self.claim();
            self.stop_process("an orderly end");
        }
    }

    /// The disk has little room for a while.
    pub(super) fn fill_disk(&mut self) {
        marks::hit("fault: little room on the disk");
        self.live(|process| process.tick(true));
        self.claim();
        self.make_checkout();
        self.live(|process| process.tick(false));
    }

    /// It will be killed some points from now.
    pub(super) fn arm(&mut self) {
        let points = self.chance.below(60);
        self.say(format!("will die after {points} points"));
        fuse::arm(points);
    }

    /// A write of the disk will fail.
    pub(super) fn break_disk(&mut self) {
        marks::hit("fault: disk");
        self.outside.disk.fail_in(self.chance.below(20));
    }

    /// The view is copied; a later crash may bring the copy back.
    pub(super) fn copy_view(&mut self) {
        self.old_view = Some(self.outside.copy_view());
    }

    /// The node goes down or comes back, or its channels change, or bitcoind falls behind.
    pub(super) fn trouble_node(&mut self) {
        let node = self.node();
        match self.chance.below(6) {
            0 => {
                marks::hit("fault: node down");
                node.set_running(false);
            }
            1 => node.set_chain(|chain| chain.behind = None),
            2 => node.set_liquidity(|liquidity| liquidity.usable_peers = 0),
            3 => {
                marks::hit("fault: an event before the answer");
                if let Some(process) = &self.process {
                    process.pump_during_pay();
                }
            }
            _ => self.mend_node(),
        }
    }

    /// The channels can send little.
    pub(super) fn dry_channels(&mut self) {
        let most = Msat::new(self.chance.between(1, 100) * 1_000);
        self.node().set_liquidity(|liquidity| liquidity.largest_send = most);
    }

    /// The node tells that something failed which has arrived.
    pub(super) fn fail_late(&mut self) {
        let arrived = self.node().arrived();
        if let Some(hash) = self.chance.pick(&arrived).map(|arrival| arrival.hash)
            && matches!(self.node().record(&hash), Ok(Some(record)) if record.fee.is_some())
        {
            marks::hit("fault: failure after success");
            self.say(format!("{hash} is said to have failed"));
            self.node().repeat(NodeEvent::SendFailed { hash, code: FailureCode::NodeError });
        }
    }

    pub(super) fn mend_node(&mut self) {
        let node = self.node();
        node.set_running(true);
        node.set_chain(|chain| chain.behind = Some(0));
        node.set_liquidity(|liquidity| {
            liquidity.usable_peers = 1;
            liquidity.largest_send = liquidity.outbound;
        });
    }

    /// The wall clock jumps by up to a day, either way.
    pub(super) fn jump_clock(&mut self) {
        marks::hit("fault: clock jumps");
        self.log.clock_jumped = true;
        let (now, span) =
            (self.outside.clock.now().wall, Span::from_secs(self.chance.below(86_400)));
        let to = if self.chance.one_in(2) { now + span } else { now - span };
        self.outside.clock.set_wall(to);
    }

    /// Faults outside the process end, and the operator opens all it has closed.
    pub(super) fn mend_outside(&mut self) {
        self.mend_node();
        self.open_all();
    }
}
