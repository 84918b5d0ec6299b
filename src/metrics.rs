//! `/metrics` in the text format of Prometheus: what happened since the process began is counted here, and what is now
//! ([`Sight`]) is read when somebody asks. Label values come from closed sets, never from requests; `docs/metrics.md` lists them.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{
    Encoder, Error, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts,
    Registry, TextEncoder,
};

use crate::domain::event::EventKind;
use crate::domain::ledger::TransferKind;
use crate::domain::payout::PayoutState;
use crate::domain::time::Span;
use crate::engine::effect::Happening;

mod sight;

pub use sight::{Disk, NodeSight, Sight};

/// The type of the answer.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Seconds of what ends in milliseconds.
const SHORT: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
/// Seconds of payouts: from a direct peer to a wallet that holds on to its invoice.
const PAYOUT: [f64; 10] = [0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 600.0, 86_400.0];
/// Seconds from a paid checkout to a cashback that arrived: a customer at the till, or one that comes back next month.
const CLAIM: [f64; 9] =
    [5.0, 15.0, 60.0, 300.0, 3_600.0, 21_600.0, 86_400.0, 604_800.0, 2_592_000.0];

/// What is counted since the process began.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    events: IntCounterVec,
    transfers: IntCounterVec,
    transferred: IntCounterVec,
    payouts: IntCounterVec,
    payout_seconds: HistogramVec,
    claim_seconds: Histogram,
    claims_refused: IntCounterVec,
    webhook_attempts: IntCounterVec,
    commands: IntCounter,
    commit_seconds: Histogram,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
}

impl Metrics {
    /// Nothing has happened yet.
    ///
    /// # Errors
    /// Two metrics have one name, or a name is none: a mistake in this file.
    pub fn new() -> Result<Self, Error> {
        let registry = Registry::new();
        let with = Registered(&registry);
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        let metrics = Self {
            events: with.counter("events_total", "Events told, by type.", &["type"])?,
            transfers: with.counter(
                "ledger_transfers_total",
                "Transfers booked, by the type that a statement shows.",
                &["type"],
            )?,
            transferred: with.counter(
                "ledger_transferred_msat_total",
                "Millisatoshis that they moved.",
                &["type"],
            )?,
            payouts: with.counter("payouts_total", "Payouts that ended, by how.", &["status"])?,
            payout_seconds: with.histograms(
                "payout_duration_seconds",
                "Time from the wallet's invoice to the end of its payout.",
                &["status"],
                &PAYOUT,
            )?,
            claim_seconds: with.histogram(
                "claim_duration_seconds",
                "Time from the paid checkout to the cashback that arrived.",
                &CLAIM,
            )?,
            claims_refused: with.counter(
                "claims_refused_total",
                "Invoices of wallets that were not taken, by the reason they were told.",
                &["reason"],
            )?,
            webhook_attempts: with.counter(
                "webhook_attempts_total",
                "Tries to bring a message to a webhook endpoint, by outcome.",
                &["outcome"],
            )?,
            commands: with.keep(IntCounter::with_opts(named(
                "engine_commands_total",
                "Commands decided.",
            ))?)?,
            commit_seconds: with.histogram(
                "engine_commit_duration_seconds",
                "Time to decide a batch of commands and make it durable.",
                &SHORT,
            )?,
            requests: with.counter(
                "http_requests_total",
                "Requests answered, by listener, route, method and status.",
                &["listener", "route", "method", "status"],
            )?,
            request_seconds: with.histograms(
                "http_request_duration_seconds",
                "Time until the head of the answer, by listener and route.",
                &["listener", "route"],
                &SHORT,
            )?,
            registry,
        };
        metrics.begin();
        Ok(metrics)
    }

    /// A counter that begins to exist with its first count is not seen to grow by it: all begin with zero.
    fn begin(&self) {
        for kind in EventKind::ALL {
            self.events.with_label_values(&[kind.name()]);
        }
        for kind in TransferKind::ALL {
            self.transfers.with_label_values(&[kind.name()]);
            self.transferred.with_label_values(&[kind.name()]);
        }
        for state in [PayoutState::Paid, PayoutState::Failed] {
            self.payouts.with_label_values(&[state.name()]);
            self.payout_seconds.with_label_values(&[state.name()]);
        }
        for outcome in [true, false] {
            self.webhook_attempts.with_label_values(&[tried(outcome)]);
        }
    }

    /// A reason for which wallets' invoices may not be taken.
    pub fn may_refuse(&self, reason: &'static str) {
        self.claims_refused.with_label_values(&[reason]);
    }

    /// Counts what the engine says has happened.
    pub fn happened(&self, what: Happening) {
        match what {
            Happening::Event(kind) => self.events.with_label_values(&[kind.name()]).inc(),
            Happening::Transfer(kind, amount) => {
                self.transfers.with_label_values(&[kind.name()]).inc();
                self.transferred.with_label_values(&[kind.name()]).inc_by(amount.get());
            }
            Happening::PayoutEnded(state, took) => {
                self.payouts.with_label_values(&[state.name()]).inc();
                self.payout_seconds.with_label_values(&[state.name()]).observe(secs(took));
            }
            Happening::ClaimPaid(took) => self.claim_seconds.observe(secs(took)),
            Happening::Tried(taken) => {
                self.webhook_attempts.with_label_values(&[tried(taken)]).inc();
            }
        }
    }

    /// Counts a commit of so many commands.
    pub fn committed(&self, commands: usize, took: Span) {
        let commands = u64::try_from(commands).unwrap_or(u64::MAX);
        self.commands.inc_by(commands);
        self.commit_seconds.observe(secs(took));
    }

    /// Counts a wallet's invoice that was not taken.
    pub fn claim_refused(&self, reason: &'static str) {
        self.claims_refused.with_label_values(&[reason]).inc();
    }

    /// Counts a request. The route is the pattern that it matched, never the path.
    pub fn answered(&self, listener: &str, route: &str, method: &str, status: u16, took: Duration) {
        let status = status.to_string();
        self.requests.with_label_values(&[listener, route, method, &status]).inc();
        let seconds = self.request_seconds.with_label_values(&[listener, route]);
        seconds.observe(took.as_secs_f64());
    }

    /// The page.
    ///
    /// # Errors
    /// A metric has a value that the format cannot say: a mistake in this module.
    pub fn page(&self, sight: &Sight) -> Result<String, Error> {
        let mut families = self.registry.gather();
        families.extend(sight.gather()?);
        let mut page = vec![];
        TextEncoder::new().encode(&families, &mut page)?;
        String::from_utf8(page).map_err(|error| Error::Msg(error.to_string()))
    }
}

const fn tried(taken: bool) -> &'static str {
    if taken { "delivered" } else { "failed" }
}

/// The format has floating point only: what needs more than 53 bits (sums of more than 90,071 bitcoin in millisatoshis)
/// is rounded.
#[allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "see above")]
const fn float(number: i128) -> f64 {
    number as f64
}

#[allow(clippy::float_arithmetic, reason = "times are told in seconds, whatever they are kept in")]
fn secs(span: Span) -> f64 {
    float(i128::from(span.millis())) / 1_000.0
}

/// Makes metrics and registers them.
struct Registered<'a>(&'a Registry);

impl Registered<'_> {
    fn keep<C: Collector + Clone + 'static>(&self, metric: C) -> Result<C, Error> {
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }

    fn counter(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec, Error> {
        self.keep(IntCounterVec::new(named(name, help), labels)?)
    }

    fn histogram(&self, name: &str, help: &str, buckets: &[f64]) -> Result<Histogram, Error> {
        self.keep(Histogram::with_opts(timed(name, help, buckets))?)
    }

    fn histograms(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
        buckets: &[f64],
    ) -> Result<HistogramVec, Error> {
        self.keep(HistogramVec::new(timed(name, help, buckets), labels)?)
    }
}

fn named(name: &str, help: &str) -> Opts {
    Opts::new(name, help).namespace("satback")
}

fn timed(name: &str, help: &str, buckets: &[f64]) -> HistogramOpts {
    HistogramOpts { common_opts: named(name, help), buckets: buckets.to_vec() }
}
