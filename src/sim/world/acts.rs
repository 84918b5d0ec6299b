//! What can happen in a world, and how often it does in this one: each seed leaves some things out and does others
//! often, so that rare combinations meet (swarm testing).

use crate::domain::time::Span;

use super::super::harness::Process;
use super::{World, marks};

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident: $weight:literal, $optional:literal,)+) => {
        /// Something that can happen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act {
            $($(#[$doc])* $act,)+
        }

        /// Every act, how often it happens beside the others, and whether a seed may leave it out.
        const ACTS: &[(Act, u64, bool)] = &[$((Act::$act, $weight, $optional),)+];
    };
}

acts! {
    /// A merchant makes a checkout.
    Checkout: 12, false,
    /// A customer pays one.
    Pay: 12, false,
    /// Customers look at their pages.
    Look: 6, false,
    /// A wallet claims.
    Claim: 24, false,
    /// A wallet claims, and behaves.
    ClaimHonestly: 6, false,
    /// A merchant pays somebody.
    Send: 4, true,
    /// The payout runner runs.
    RunPayouts: 16, false,
    /// One event of the node is taken.
    TakeEvent: 16, false,
    /// Time passes and is told of.
    Pass: 10, false,
    /// So much that what waits for a permit has waited in vain.
    PassTurn: 2, true,
    /// So much that what still hangs is stuck.
    PassLong: 2, true,
    /// The sweep asks.
    Sweep: 4, false,
    /// Held payments end.
    EndFlight: 8, false,
    /// Blocks are mined.
    Mine: 2, false,
    /// The node tells of the failure of what it has told the success of (fact 6).
    LateFailure: 2, true,
    /// So many are mined that nothing can be in flight any more.
    MineFar: 1, true,
    /// What the node queued is sent.
    SendQueued: 3, false,
    /// Books and node are reconciled.
    Reconcile: 3, true,
    /// A merchant makes a cashback.
    MakeCashback: 2, true,
    /// A merchant ends something.
    End: 2, true,
    /// A merchant makes a link.
    MakeLink: 3, true,
    /// A browser opens one.
    OpenLink: 8, true,
    /// A merchant closes a link, or opens it again.
    SwitchLink: 1, true,
    /// A merchant wants to be told by webhook.
    MakeEndpoint: 2, true,
    /// What waits is sent to receivers.
    Deliver: 6, true,
    /// Receivers begin to fail, or to work again.
    ReceiversChange: 4, true,
    /// A merchant disables or enables an endpoint, or has something sent again.
    SwitchEndpoint: 1, true,
    /// The operator moves money.
    MoveMoney: 4, true,
    /// The operator parks.
    Park: 3, true,
    /// The operator resolves.
    Resolve: 3, true,
    /// The operator drains or pauses, or the opposite.
    Close: 2, true,
    /// Somebody sends money unasked.
    SendUnasked: 2, true,
    /// Somebody guesses.
    Guess: 1, true,
    /// The journal's full segments become a snapshot.
    KeepFolderSmall: 3, true,
    /// The process will die soon.
    Arm: 6, true,
    /// It dies now.
    Kill: 2, true,
    /// It ends in order.
    EndInOrder: 2, true,
    /// The disk is nearly full.
    FillDisk: 1, true,
    /// The disk fails.
    BreakDisk: 2, true,
    /// The view is copied, to come back after a crash.
    CopyView: 2, true,
    /// The node has troubles.
    TroubleNode: 4, true,
    /// The channels can send little.
    DryChannels: 2, true,
    /// The troubles end.
    MendNode: 3, false,
    /// The clock jumps.
    JumpClock: 1, true,
}

/// Which acts a seed does, and how often.
#[derive(Clone, Debug)]
pub struct Swarm(Vec<(Act, u64)>);

impl World {
    /// Chooses what happens in this world.
    pub fn swarm(&self) -> Swarm {
        let mut chosen = vec![];
        for (act, weight, optional) in ACTS {
            if !(*optional && self.chance.one_in(3)) {
                chosen.push((*act, weight * self.chance.between(1, 3)));
            }
        }
        Swarm(chosen)
    }

    /// Something happens.
    pub fn step(&mut self, swarm: &Swarm) {
        let total = swarm.0.iter().map(|(_, weight)| weight).sum();
        let mut left = self.chance.below(total);
        for (act, weight) in &swarm.0 {
            if left < *weight {
                return self.act(*act);
            }
            left -= weight;
        }
    }

    /// Does one thing.
    pub fn act(&mut self, act: Act) {
        self.say(format!("{act:?}"));
        marks::hit(format!("act {act:?}"));
        match act {
            Act::Checkout => self.make_checkout(),
            Act::Pay => self.pay_checkout(),
            Act::Look => self.look_for_claims(),
            Act::Claim => self.claim(),
            Act::ClaimHonestly => self.claim_honestly(),
            Act::Send => self.send(),
            Act::RunPayouts => drop(self.live(Process::run_payouts)),
            Act::TakeEvent => drop(self.live(|process| process.pump_once())),
            Act::Pass => self.pass(),
            Act::PassTurn => drop(self.live(|process| process.pass(Span::from_secs(11)))),
            Act::PassLong => {
                self.live(|process| process.pass(Span::from_secs(61)));
                self.live(Process::sweep);
            }
            Act::Sweep => drop(self.live(Process::sweep)),
            Act::EndFlight => self.end_some_flight(),
            Act::Mine => {
                let blocks = u32::try_from(self.chance.between(1, 150)).unwrap_or(1);
                self.node().mine(blocks);
            }
            Act::LateFailure => self.fail_late(),
            Act::MineFar => self.node().mine(600),
            Act::SendQueued => self.node().send_queued(),
            Act::Reconcile => drop(self.live(Process::reconcile)),
            Act::MakeCashback => self.make_cashback(),
            Act::End => self.end_something(),
            Act::MakeLink => self.make_link(),
            Act::OpenLink => self.open_link(),
            Act::SwitchLink => self.switch_link(),
            Act::MakeEndpoint => self.make_endpoint(),
            Act::Deliver => self.deliver(),
            Act::ReceiversChange => self.receivers_change(),
            Act::SwitchEndpoint => self.switch_endpoint(),
            Act::MoveMoney => self.move_money(),
            Act::Park => self.park(),
            Act::Resolve => self.resolve(),
            Act::Close => self.close_or_open(),
            Act::SendUnasked => self.send_unasked(),
            Act::Guess => self.guess(),
            Act::KeepFolderSmall => self.keep_folder_small(),
            Act::Arm => self.arm(),
            Act::Kill => self.stop_process("kill"),
            Act::EndInOrder => self.end_in_order(),
            Act::FillDisk => self.fill_disk(),
            Act::BreakDisk => self.break_disk(),
            Act::CopyView => self.copy_view(),
            Act::TroubleNode => self.trouble_node(),
            Act::DryChannels => self.dry_channels(),
            Act::MendNode => self.mend_node(),
            Act::JumpClock => self.jump_clock(),
        }
    }

    fn pass(&mut self) {
        let secs = match self.chance.below(10) {
            0 => self.chance.between(600, 20_000),
            1..=3 => self.chance.between(10, 90),
            _ => self.chance.between(1, 9),
        };
        self.live(|process| process.pass(Span::from_secs(secs)));
    }

    fn keep_folder_small(&mut self) {
        if self.live(|process| process.keep_folder_small()) == Some(true) {
            marks::hit("a snapshot of the books is there");
        }
    }

    /// Both audits, as after every few things that happen.
    pub fn look_closely(&mut self) {
        super::super::fuse::disarm();
        self.outside.disk.mend();
        self.audit(false);
        self.check_payouts();
    }
}
