//! Campaigns over simulated worlds: every scenario once per crash point, then thousands of seeds.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use super::fuse;
use super::marks::{self, Counts};
use super::world::{Act, World};

/// Things that happen in the world of one seed.
const STEPS: u32 = 160;
/// After so many of them the audits look.
const AUDIT_EVERY: u32 = 40;

/// A world that went wrong.
#[derive(Clone, Debug)]
pub struct Failure {
    /// How to see it again.
    pub replay: String,
    /// What is wrong.
    pub wrong: Vec<String>,
}

/// What a campaign found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Worlds that were run.
    pub worlds: u64,
    /// How often everything happened.
    pub counts: Counts,
    /// Worlds that went wrong, the first few of them.
    pub failures: Vec<Failure>,
}

/// Runs one seed, and says what is wrong and what its trace hashes to.
pub fn run_seed(seed: u64, tells: bool) -> (Vec<String>, String) {
    let mut world = World::begin(seed, tells);
    let swarm = world.swarm();
    for step in 1..=STEPS {
        world.step(&swarm);
        if step % AUDIT_EVERY == 0 {
            world.look_closely();
        }
    }
    let wrong = world.finish();
    (wrong, world.trace_hash())
}

/// Runs `jobs` on `threads` threads; each gives what is wrong with it.
fn spread(
    jobs: u64,
    threads: usize,
    most_failures: usize,
    run: impl Fn(u64) -> (String, Vec<String>) + Sync,
    progress: impl Fn(u64) + Sync,
) -> Outcome {
    let next = AtomicU64::new(0);
    let outcome = Mutex::new(Outcome::default());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    let failed = lock(&outcome).failures.len() >= most_failures;
                    if job >= jobs || failed {
                        return;
                    }
                    let (replay, wrong) = run(job);
                    let mut outcome = lock(&outcome);
                    outcome.worlds += 1;
                    marks::merge(&mut outcome.counts, marks::take());
                    if !wrong.is_empty() {
                        outcome.failures.push(Failure { replay, wrong });
                    }
                    progress(outcome.worlds);
                }
            });
        }
    });
    outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs seeds from `first` on.
pub fn seeds(
    first: u64,
    count: u64,
    threads: usize,
    most_failures: usize,
    progress: impl Fn(u64) + Sync,
) -> Outcome {
    let run = |job| {
        let seed = first + job;
        (format!("SEED={seed}"), run_seed(seed, false).0)
    };
    spread(count, threads, most_failures, run, progress)
}

/// A story without chance in its course: what happens, in order.
struct Scenario {
    name: &'static str,
    seed: u64,
    acts: &'static [Act],
}

/// One claim, from checkout to payment, with everything that the daemon does for it.
const CLAIM: &[Act] = &[
    Act::Checkout,
    Act::Pay,
    Act::TakeEvent,
    Act::Look,
    Act::Claim,
    Act::RunPayouts,
    Act::TakeEvent,
    Act::Sweep,
    Act::EndFlight,
    Act::TakeEvent,
    Act::Pass,
    Act::Reconcile,
];

/// The same with an operator who does everything at the wrong moment.
const MEDDLING: &[Act] = &[
    Act::MoveMoney,
    Act::Checkout,
    Act::Pay,
    Act::TakeEvent,
    Act::Look,
    Act::Claim,
    Act::Park,
    Act::RunPayouts,
    Act::Park,
    Act::End,
    Act::Resolve,
    Act::SendUnasked,
    Act::Pass,
    Act::Mine,
    Act::Sweep,
    Act::EndFlight,
    Act::TakeEvent,
    Act::Claim,
    Act::RunPayouts,
    Act::TakeEvent,
];

/// Seeds that lead each story through other answers of node and wallets.
const VARIANTS: u64 = 12;

fn scenarios() -> Vec<Scenario> {
    let stories = [("claim", CLAIM), ("meddling", MEDDLING)];
    let all = stories
        .into_iter()
        .flat_map(|(name, acts)| (1..=VARIANTS).map(move |seed| Scenario { name, seed, acts }));
    all.collect()
}

/// Plays a scenario, dying at crash point `point`; `None` for not at all. Also how many points there were.
fn play(scenario: &Scenario, point: Option<u64>, tells: bool) -> (Vec<String>, u64) {
    let mut world = World::begin(scenario.seed, tells);
    let before = fuse::passed();
    if let Some(point) = point {
        fuse::arm(point);
    }
    for act in scenario.acts {
        world.act(*act);
    }
    let points = fuse::passed() - before;
    (world.finish(), points)
}

/// Every scenario, once per crash point.
pub fn crash_points(threads: usize, most_failures: usize) -> Outcome {
    let mut jobs = vec![];
    for scenario in scenarios() {
        let (wrong, points) = play(&scenario, None, false);
        let name = scenario.name;
        debug_assert!(wrong.is_empty(), "{name} {}: {wrong:?}", scenario.seed);
        jobs.extend((0..points).map(|point| (scenario.name, scenario.seed, scenario.acts, point)));
    }
    marks::take();
    let run = |job: u64| {
        let at = usize::try_from(job).unwrap_or(0);
        let (name, seed, acts, point) = jobs[at];
        let (wrong, _) = play(&Scenario { name, seed, acts }, Some(point), false);
        (format!("SCENARIO={name}:{seed}:{point}"), wrong)
    };
    let count = u64::try_from(jobs.len()).unwrap_or(0);
    spread(count, threads, most_failures, run, |_| {})
}

/// Plays one scenario again, telling its trace.
pub fn replay_scenario(name: &str, seed: u64, point: u64) -> Option<Vec<String>> {
    let scenario =
        scenarios().into_iter().find(|known| known.name == name && known.seed == seed)?;
    Some(play(&scenario, Some(point), true).0)
}
