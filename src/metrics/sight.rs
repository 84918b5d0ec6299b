//! What is now, as gauges. What could not be asked has no value: an absent one alarms, a made-up zero does not.

use prometheus::proto::MetricFamily;
use prometheus::{Error, GaugeVec, Registry};

use crate::domain::money::Msat;
use crate::domain::time::{Span, Timestamp};
use crate::engine::figures::{Figures, Group};
use crate::ports::lightning::{ChainView, Holdings};
use crate::ports::node_admin::{ChannelInfo, NodeInfo};

use super::{float, named, secs};

/// Everything that is read when somebody asks.
#[derive(Debug)]
pub struct Sight {
    /// The program's version, and its network.
    pub build: (&'static str, &'static str),
    /// When it was read.
    pub now: Timestamp,
    /// The rules that `/readyz` names.
    pub not_ready: Vec<&'static str>,
    /// What the engine has, unless it did not answer.
    pub figures: Option<Figures>,
    /// Commands that wait for the engine.
    pub queue: usize,
    /// What the node has, unless it did not answer.
    pub node: Option<NodeSight>,
    /// The data folder, if there is one.
    pub disk: Option<Disk>,
}

/// What the node says.
#[derive(Debug)]
pub struct NodeSight {
    /// What it is.
    pub info: NodeInfo,
    /// How far it has come with the chain.
    pub chain: ChainView,
    /// Its channels.
    pub channels: Vec<ChannelInfo>,
    /// What it holds.
    pub holdings: Holdings,
}

/// The data folder.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
    /// What is free on its disk, in bytes.
    pub free: u64,
    /// The journal of the books, with its snapshots, in bytes.
    pub journal: u64,
}

impl Sight {
    pub(super) fn gather(&self) -> Result<Vec<MetricFamily>, Error> {
        let mut page = Page(Registry::new());
        let (version, network) = self.build;
        page.labelled(
            "build_info",
            "The program.",
            &["version", "network"],
            &[(&[version, network], 1.0)],
        )?;
        page.one("ready", "Whether /readyz names nothing.", flag(self.not_ready.is_empty()))?;
        let rules = self.not_ready.iter().map(|rule| (*rule, 1.0));
        page.by("not_ready", "Rules that /readyz names.", "rule", rules)?;
        page.one("engine_queue_length", "Commands that wait for the engine.", count(self.queue))?;
        if let Some(figures) = &self.figures {
            page.books(figures)?;
        }
        if let Some(node) = &self.node {
            page.node(node, self.now)?;
        }
        if let Some(disk) = self.disk {
            page.one("disk_free_bytes", "Free room on the data folder's disk.", whole(disk.free))?;
            page.one("journal_bytes", "Size of the books' journal.", whole(disk.journal))?;
        }
        Ok(page.0.gather())
    }
}

/// Gauges of one moment.
struct Page(Registry);

impl Page {
    fn books(&mut self, figures: &Figures) -> Result<(), Error> {
        let claims = [("open", figures.claims_open), ("processing", figures.claims_processing)];
        let claims = claims.map(|(status, count)| (status, whole(count)));
        self.by("claims", "Claims that are not over.", "status", claims)?;
        let flags = [("parked", figures.parked), ("stuck", figures.stuck)];
        let states = figures.payouts.iter().map(|(state, group)| (*state, *group));
        let groups: Vec<(&str, Group)> = states.collect();
        let counts = groups.iter().map(|(state, group)| (*state, whole(group.count)));
        self.by("payouts", "Payouts that are not over, by state.", "state", counts)?;
        let counts = flags.iter().map(|(flag, group)| (*flag, whole(group.count)));
        self.by("payouts_flagged", "Those of them that are parked or stuck.", "flag", counts)?;
        let ages = groups.iter().chain(&flags).map(|(name, group)| (*name, age(group.oldest)));
        self.by("payout_oldest_age_seconds", "Age of the oldest of each.", "of", ages)?;
        let balances = figures.balances.iter().map(|(name, sum)| (*name, float(*sum)));
        self.by("ledger_balance_msat", "Balances of the books.", "account", balances)?;
        let messages = figures.messages;
        self.one("webhook_messages", "Messages that wait to be sent.", whole(messages.count))?;
        let help = "For how long the most overdue of them has been due.";
        self.one("webhook_overdue_seconds", help, age(messages.oldest))
    }

    fn node(&mut self, node: &NodeSight, now: Timestamp) -> Result<(), Error> {
        let NodeSight { info, chain, channels, holdings } = node;
        self.one("node_held_msat", "What the node holds.", msat(holdings.total))?;
        let help = "Whether nothing moves in the node, so that books and node can be compared.";
        self.one("node_at_rest", help, flag(holdings.at_rest))?;
        self.one("node_peers", "Connected peers.", f64::from(info.peers))?;
        let (total, spendable) = (info.onchain_total.get(), info.onchain_spendable.get());
        self.one("onchain_total_sat", "The on-chain wallet.", whole(total))?;
        let help = "The on-chain wallet without the reserve for closing channels.";
        self.one("onchain_spendable_sat", help, whole(spendable))?;
        let usable: Vec<_> = channels.iter().filter(|channel| channel.is_usable).collect();
        let others = count(channels.len() - usable.len());
        let states = [("usable", count(usable.len())), ("other", others)];
        self.by("channels", "Channels, by whether they can be used now.", "state", states)?;
        let sum = |of: fn(&ChannelInfo) -> Msat| usable.iter().map(|c| msat(of(c))).sum();
        self.one("outbound_msat", "What usable channels can send.", sum(|c| c.outbound))?;
        self.one("inbound_msat", "What usable channels can receive.", sum(|c| c.inbound))?;
        self.one("chain_height", "The block that the node has come to.", f64::from(chain.height))?;
        if let Some(behind) = chain.behind {
            let help = "Blocks that the node is behind its chain source.";
            self.one("chain_blocks_behind", help, f64::from(behind))?;
        }
        if let Some(time) = chain.best_block_time {
            let help = "Age of the chain source's best block, by its header.";
            self.one("chain_tip_age_seconds", help, age(now.since(time)))?;
        }
        Ok(())
    }

    fn one(&mut self, name: &str, help: &str, value: f64) -> Result<(), Error> {
        self.labelled(name, help, &[], &[(&[], value)])
    }

    fn by<'a>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<(), Error> {
        let gauges = GaugeVec::new(named(name, help), &[label])?;
        for (word, value) in values {
            gauges.with_label_values(&[word]).set(value);
        }
        self.0.register(Box::new(gauges))
    }

    fn labelled(
        &mut self,
        name: &str,
        help: &str,
        labels: &[&str],
        values: &[(&[&str], f64)],
    ) -> Result<(), Error> {
        let gauges = GaugeVec::new(named(name, help), labels)?;
        for (words, value) in values {
            gauges.with_label_values(words).set(*value);
        }
        self.0.register(Box::new(gauges))
    }
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn whole(number: u64) -> f64 {
    float(i128::from(number))
}

fn count(number: usize) -> f64 {
    whole(u64::try_from(number).unwrap_or(u64::MAX))
}

fn msat(amount: Msat) -> f64 {
    whole(amount.get())
}

fn age(span: Span) -> f64 {
    secs(span)
}
