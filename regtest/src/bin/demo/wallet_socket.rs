//! The customer's wallet of a demo that stays up: one line in, one line out, over a Unix socket.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::ExitCode;

use satback_regtest::{Peer, shop::hex, wallet};
use serde_json::{Value, json};

use super::town::Town;

/// How long the wallet's invoices are good for.
const EXPIRY_SECS: u32 = 3_600;

/// Serves the wallet until Ctrl-C.
pub(crate) fn serve(socket: &Path, town: &Town) {
    let listener = UnixListener::bind(socket).expect("the wallet's socket can be made");
    std::thread::scope(|scope| {
        let wallet = town.customer();
        scope.spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut line = String::new();
                if BufReader::new(&stream).read_line(&mut line).is_ok() {
                    if line.trim() == "end" {
                        return;
                    }
                    let answer = answer(wallet, line.trim());
                    let _ = writeln!(&stream, "{answer}");
                }
            }
        });
        wait_for_interrupt();
        println!("\nending");
        if let Ok(mut stream) = UnixStream::connect(socket) {
            let _ = writeln!(stream, "end");
        }
    });
}

fn wait_for_interrupt() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be made");
    runtime.block_on(async {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).expect("signals can be watched");
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    });
}

fn answer(wallet: &Peer, line: &str) -> Value {
    let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
    let done = match verb {
        "pay" => wallet
            .pay(argument)
            .map(|paid| json!({"hash": hex(&paid.hash), "fee_msat": paid.fee_msat})),
        "invoice" => {
            msat(argument).map(|msat| json!({"invoice": wallet.invoice(msat, "demo", EXPIRY_SECS)}))
        }
        "hold" => msat(argument).map(|msat| {
            let hold = wallet.hold_invoice(msat, EXPIRY_SECS);
            json!({"invoice": hold.invoice, "hash": hex(&hold.hash)})
        }),
        "claim" => wallet::claim(wallet, argument)
            .map(|claimed| json!({"hash": hex(&claimed.hash), "msat": claimed.msat})),
        "balance" => Ok(json!({"channels_msat": wallet.channels_msat()})),
        _ => Err("pay INVOICE, invoice MSAT, hold MSAT, claim LNURL or balance".into()),
    };
    done.unwrap_or_else(|error| json!({ "error": error }))
}

fn msat(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is no number of msat"))
}

/// Asks the wallet of a running demo.
pub(crate) fn ask(socket: &Path, words: &[&str]) -> ExitCode {
    let asked = || -> std::io::Result<String> {
        let mut stream = UnixStream::connect(socket)?;
        writeln!(stream, "{}", words.join(" "))?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line)
    };
    match asked() {
        Ok(line) => {
            print!("{line}");
            let failed = line.starts_with("{\"error\"");
            if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            eprintln!("the demo's wallet does not answer: {error}");
            ExitCode::from(69)
        }
    }
}
