//! `make bench`: how long a page of a long list takes, by where it lies in the list.
#![allow(clippy::print_stdout, reason = "a program that talks")]

use std::process::ExitCode;

use satback::bench::lists;

fn main() -> ExitCode {
    let count = std::env::args().nth(1).map_or(Some(100_000), |word| word.parse().ok());
    let Some(count) = count.filter(|count| *count >= 1_000) else {
        eprintln!("usage: bench [PAYMENTS], 1000 or more");
        return ExitCode::from(64);
    };
    for line in lists::measure(count) {
        println!("{line}");
    }
    ExitCode::SUCCESS
}
