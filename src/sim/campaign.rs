//! Campaigns over simulated worlds: every scenario once per crash point, then thousands of seeds.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::money::Msat;
use crate::domain::payout::FailureCode;

use super::fuse;
use super::marks::{self, Counts};
use super::node::Behaviour;
use super::world::{Act, World};

/// Things that happen in the world of one seed.
const STEPS: u32 = 130;
/// After so many of them the audits look.
const AUDIT_EVERY: u32 = 65;

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

/// A story: what happens, in order.
#[derive(Clone, Copy)]
struct Scenario {
    name: &'static str,
    acts: &'static [Act],
    /// What the node does to payments, whatever the seed would have it do.
    mood: Behaviour,
    seed: u64,
}

/// One claim, from checkout to payment, with everything that the daemon does for it.
const CLAIM: &[Act] = &[
    Act::Checkout,
    Act::Pay,
    Act::TakeEvent,
    Act::Look,
    Act::ClaimHonestly,
    Act::RunPayouts,
    Act::TakeEvent,
    Act::SendQueued,
    Act::EndFlight,
    Act::TakeEvent,
    Act::LateFailure,
    Act::TakeEvent,
    Act::Sweep,
    Act::Pass,
    Act::Reconcile,
];

/// A payment that ends, and of which nobody hears before nothing can be in flight any more.
const DEADLINE: &[Act] = &[
    Act::Checkout,
    Act::Pay,
    Act::TakeEvent,
    Act::Look,
    Act::ClaimHonestly,
    Act::RunPayouts,
    Act::EndFlight,
    Act::MineFar,
    Act::Sweep,
    Act::TakeEvent,
    Act::Sweep,
];

/// The same acts again and again, `N` in all.
const fn again<const N: usize>(acts: &[Act]) -> [Act; N] {
    let mut all = [Act::Sweep; N];
    let mut at = 0;
    while at < N {
        all[at] = acts[at % acts.len()];
        at += 1;
    }
    all
}

/// Claim after claim is held, and parked.
const PARKING: &[Act] = &again::<64>(&[
    Act::Checkout,
    Act::Pay,
    Act::TakeEvent,
    Act::Look,
    Act::ClaimHonestly,
    Act::RunPayouts,
    Act::Park,
    Act::Park,
]);

/// Wallets hold what they are paid, at two shops at once.
const CROWD: &[Act] = &again::<60>(&[
    Act::Checkout,
    Act::Checkout,
    Act::Checkout,
    Act::Pay,
    Act::Pay,
    Act::Pay,
    Act::TakeEvent,
    Act::TakeEvent,
    Act::TakeEvent,
    Act::Look,
    Act::ClaimHonestly,
    Act::RunPayouts,
    Act::ClaimHonestly,
    Act::ClaimHonestly,
    Act::RunPayouts,
    Act::PassTurn,
    Act::RunPayouts,
    Act::PassLong,
    Act::Park,
    Act::ClaimHonestly,
]);

/// One claim with an operator who does everything at the wrong moment.
const MEDDLING: &[Act] = &[
    Act::MoveMoney,
    Act::Checkout,
    Act::Pay,
    Act::TakeEvent,
    Act::Look,
    Act::ClaimHonestly,
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
    Act::ClaimHonestly,
    Act::RunPayouts,
    Act::TakeEvent,
];

/// Each thing that the node can do, and how many seeds lead a short story through each: they decide the rest (what
/// settles, what the disk keeps).
const MOODS: [Behaviour; 7] = [
    Behaviour::Arrive(Msat::new(1_000)),
    Behaviour::Hold,
    Behaviour::Fail(FailureCode::NoRoute),
    Behaviour::Reject(FailureCode::NoRoute),
    Behaviour::UnclearAndSent,
    Behaviour::UnclearAndLost,
    Behaviour::Queue,
];
const SEEDS_EACH: u64 = 4;

fn scenarios() -> Vec<Scenario> {
    let stories: [(&str, &[Act], &[Behaviour], u64); 5] = [
        ("claim", CLAIM, &MOODS, SEEDS_EACH),
        ("deadline", DEADLINE, &MOODS, SEEDS_EACH),
        ("meddling", MEDDLING, &MOODS, SEEDS_EACH),
        ("parking", PARKING, &[Behaviour::Hold], 1),
        ("crowd", CROWD, &[Behaviour::Hold], 2),
    ];
    let mut all = vec![];
    for (name, acts, moods, seeds) in stories {
        for mood in moods {
            for _ in 0..seeds {
                let seed = u64::try_from(all.len()).unwrap_or(0);
                all.push(Scenario { name, acts, mood: *mood, seed });
            }
        }
    }
    all
}

/// A prime, so that every job has its turn.
const STRIDE: u64 = 7_919;

/// Plays a scenario, dying at crash point `point`; `None` for not at all. Also how many points there were.
fn play(scenario: &Scenario, point: Option<u64>, tells: bool) -> (Vec<String>, u64) {
    let mut world = World::begin(scenario.seed, tells);
    world.set_mood(scenario.mood);
    if scenario.acts == CROWD {
        // In every other world stuck payouts stop nobody, and there is a queue for the one permit.
        world.narrow_limits(if scenario.seed.is_multiple_of(2) { 1 } else { 20 });
    }
    let before = fuse::passed();
    if let Some(point) = point {
        fuse::arm(point);
    }
    for act in scenario.acts {
        world.act(*act);
    }
    let points = fuse::passed() - before;
    world.look_closely();
    (world.finish(), points)
}

/// Every scenario, once per crash point.
pub fn crash_points(threads: usize, most_failures: usize) -> Outcome {
    let mut jobs = vec![];
    for scenario in scenarios() {
        let (_, points) = play(&scenario, None, false);
        jobs.push((scenario, None));
        jobs.extend((0..points).map(|point| (scenario, Some(point))));
    }
    marks::take();
    let count = u64::try_from(jobs.len()).unwrap_or(0);
    let run = |job: u64| {
        // In another order than that of the list: what is wrong in one story shows early.
        let at = job.wrapping_mul(STRIDE) % count;
        let (scenario, point) = &jobs[usize::try_from(at).unwrap_or(0)];
        let (wrong, _) = play(scenario, *point, false);
        let point = point.map_or_else(|| "none".to_owned(), |point| point.to_string());
        (format!("SCENARIO={}:{}:{point}", scenario.name, scenario.seed), wrong)
    };
    spread(count, threads, most_failures, run, |_| {})
}

/// Plays one scenario again, telling its trace.
pub fn replay_scenario(name: &str, seed: u64, point: Option<u64>) -> Option<Vec<String>> {
    let known = |scenario: &Scenario| scenario.name == name && scenario.seed == seed;
    let scenario = scenarios().into_iter().find(known)?;
    Some(play(&scenario, point, true).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_is_one_story() {
        for seed in 1..=5 {
            let (first, second) = (run_seed(seed, false), run_seed(seed, false));
            assert_eq!(first, second);
            assert_eq!(first.0, Vec::<String>::new());
        }
        assert_ne!(run_seed(1, false).1, run_seed(2, false).1);
    }
}
