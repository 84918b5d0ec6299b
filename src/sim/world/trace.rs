//! What happened, line by line: hashed always, printed on demand.

use crate::secrets::sha256;

/// The story of a world.
#[derive(Debug)]
pub(super) struct Trace {
    tells: bool,
    lines: u64,
    hash: String,
}

impl Trace {
    pub(super) const fn new(tells: bool) -> Self {
        Self { tells, lines: 0, hash: String::new() }
    }

    #[expect(clippy::print_stdout, reason = "a replay is for reading")]
    pub(super) fn line(&mut self, text: &str) {
        self.lines += 1;
        self.hash = sha256(format!("{}{text}", self.hash).as_bytes()).to_hex();
        if self.tells {
            println!("{:>5} {text}", self.lines);
        }
    }

    pub(super) fn hash(&self) -> String {
        self.hash.clone()
    }
}
