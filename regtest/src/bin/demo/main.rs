//! `make demo`: satback's story on a private regtest, told with real nodes.
//!
//! `demo` tells it and stays up until Ctrl-C; `demo --once` tells it without a terminal and ends with one line of JSON;
//! `demo wallet SOCKET …` is the customer's wallet of a demo that stays up.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program that talks, and panics with a sentence when the world is not as it should be"
)]

mod checks;
mod ledger;
mod records;
mod stay;
mod story;
mod tell;
mod town;
mod wallet_socket;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => run(false),
        ["--once"] => run(true),
        ["wallet", socket, rest @ ..] => wallet_socket::ask(Path::new(socket), rest),
        _ => {
            eprintln!("usage: demo [--once] | demo wallet SOCKET pay|invoice|hold|claim ARGUMENT");
            ExitCode::from(64)
        }
    }
}

fn run(once: bool) -> ExitCode {
    let teller = tell::Teller::start(once);
    let town = town::Town::start(&teller, &satback());
    let checks = story::tell(&teller, &town);
    if !once {
        println!("\n{}", checks.in_words());
        stay::until_interrupted(&town);
        return ExitCode::SUCCESS;
    }
    println!("{}", checks.as_json(teller.seconds()));
    if checks.all_hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The daemon's program: beside this one, unless `SATBACK_EXE` says otherwise.
fn satback() -> PathBuf {
    if let Some(exe) = std::env::var_os("SATBACK_EXE") {
        return exe.into();
    }
    let own = std::env::current_exe().expect("this program has a path");
    let exe = own.with_file_name("satback");
    assert!(exe.exists(), "{} is not built; run `make demo`", exe.display());
    exe
}
