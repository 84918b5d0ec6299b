//! A merchant's webhook receiver that is not ours: the Standard Webhooks library from the Python registry.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use serde_json::Value;

use crate::python::python;
use crate::until::PATIENCE;

/// A running receiver.
#[derive(Debug)]
pub struct Receiver {
    child: Child,
    port: u16,
    said: mpsc::Receiver<Value>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It has no more to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Receiver {
    /// Starts it; its virtual environment is made where it is missing.
    pub fn start() -> Receiver {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python-webhooks");
        let mut command = Command::new(python("python-webhooks"));
        command.arg(folder.join("receiver.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the receiver can be run");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let port = lines.next().expect("a port").expect("a port").parse().expect("a port");
        let (sender, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let told = serde_json::from_str(&line).expect("it says JSON");
                if sender.send(told).is_err() {
                    return;
                }
            }
        });
        Receiver { child, port, said }
    }

    /// Where messages go.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// From now on it verifies with this secret, and answers.
    pub fn learn(&mut self, secret: &str) {
        let mut stdin = self.child.stdin.take().expect("it learns once");
        writeln!(stdin, "{secret}").expect("it listens");
    }

    /// What it says of the next message: `{"event", "headers", "body"}`, or `{"refused"}` with the reason.
    pub fn next(&self) -> Value {
        self.said.recv_timeout(PATIENCE).expect("a message in time")
    }
}
