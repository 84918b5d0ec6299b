//! `make sim`: the campaigns of the simulated world.
//!
//! `sim` runs all of them; `sim --seeds N` runs N seeds; `sim --seed S` and `sim --scenario NAME:SEED:POINT` replay one
//! world and tell its trace; `sim --quick` is what planted bugs are looked for with.
#![allow(clippy::print_stdout, reason = "a program that talks")]

use std::process::ExitCode;
use std::time::Instant;

use satback::sim::campaign::{self, Outcome};
use satback::sim::marks::{self, Counts};

/// Seeds of an ordinary run, and of a quick one.
const SEEDS: u64 = 5_000;
const QUICK_SEEDS: u64 = 1_500;
/// Worlds that went wrong after which a campaign ends, and a quick one.
const MOST_FAILURES: usize = 5;
const QUICK_FAILURES: usize = 1;
/// What happened less often than this in an ordinary run has not been tested.
const LEAST: u64 = 100;
/// Everything that an ordinary run must have met.
const REQUIRED: &str = include_str!("../sim/required.txt");

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        [] => all(SEEDS, MOST_FAILURES, true),
        ["--quick"] => all(QUICK_SEEDS, QUICK_FAILURES, false),
        ["--seeds", count] => {
            count.parse().map_or_else(|_| usage(), |count| all(count, MOST_FAILURES, false))
        }
        ["--seed", seed] => seed.parse().map_or_else(|_| usage(), replay),
        ["--scenario", which] => replay_scenario(which).unwrap_or_else(usage),
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: sim [--quick | --seeds N | --seed S | --scenario NAME:SEED:POINT]");
    ExitCode::from(64)
}

fn verdict(wrong: &[String]) -> ExitCode {
    wrong.iter().for_each(|line| println!("WRONG {line}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn replay(seed: u64) -> ExitCode {
    let (wrong, hash) = campaign::run_seed(seed, true);
    println!("trace {hash}");
    verdict(&wrong)
}

fn replay_scenario(which: &str) -> Option<ExitCode> {
    let mut parts = which.split(':');
    let name = parts.next()?;
    let (seed, point) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok());
    campaign::replay_scenario(name, seed, point).map(|wrong| verdict(&wrong))
}

#[expect(clippy::disallowed_methods, reason = "how long a campaign took")]
fn all(count: u64, most: usize, must_meet: bool) -> ExitCode {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let crashes = campaign::crash_points(threads, most);
    println!(
        "scenarios: {} crash points in {:.1} s",
        crashes.worlds,
        began.elapsed().as_secs_f32()
    );
    let began = Instant::now();
    let tell = |done: u64| {
        if done.is_multiple_of(5_000) {
            let secs = began.elapsed().as_secs_f32();
            println!("seeds: {done} of {count} in {secs:.0} s");
        }
    };
    // A quick look for planted bugs need not go on once it has found one.
    let count = if crashes.failures.len() < most { count } else { 0 };
    let seeds = campaign::seeds(1, count, threads, most, tell);
    println!("seeds: {} in {:.1} s", seeds.worlds, began.elapsed().as_secs_f32());
    let mut counts = Counts::new();
    let mut fine = report(crashes, &mut counts) & report(seeds, &mut counts);
    for (mark, count) in &counts {
        println!("{count:>9}  {mark}");
    }
    if must_meet {
        for mark in REQUIRED.lines().filter(|line| !line.is_empty()) {
            let met = counts.get(mark).copied().unwrap_or(0);
            if met < LEAST {
                println!("WRONG met only {met} times: {mark}");
                fine = false;
            }
        }
    }
    println!("{}", if fine { "sim: all hold" } else { "sim: FAILED" });
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells what went wrong, and adds what happened to `counts`; false if something did.
fn report(outcome: Outcome, counts: &mut Counts) -> bool {
    for failure in &outcome.failures {
        println!("WRONG make sim {}", failure.replay);
        failure.wrong.iter().take(5).for_each(|line| println!("      {line}"));
    }
    marks::merge(counts, outcome.counts);
    outcome.failures.is_empty()
}
