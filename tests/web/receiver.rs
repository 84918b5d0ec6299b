//! A merchant's webhook receiver on a port of its own, which answers as it is told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// How long a message may take to come.
const DEADLINE: Duration = Duration::from_secs(20);

/// A message as it came.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// A header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> String {
        let line = self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A running receiver. Its thread ends with the test.
pub(crate) struct Hook {
    pub(crate) at: SocketAddr,
    messages: Receiver<Message>,
}

impl Hook {
    /// Answers every message with these bytes; nothing means that it never answers.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut silent = vec![];
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(message) = read(&mut stream) else { continue };
                if sender.send(message).is_err() {
                    return;
                }
                // The other side may have had enough already.
                let _ = stream.write_all(&answer);
                if answer.is_empty() {
                    silent.push(stream);
                }
            }
        });
        Self { at, messages }
    }

    pub(crate) fn with_status(status: &str) -> Self {
        Self::answering(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.at)
    }

    /// The next message.
    pub(crate) fn next(&self) -> Message {
        self.messages.recv_timeout(DEADLINE).unwrap()
    }

    /// True if nothing more has come.
    pub(crate) fn is_quiet(&self) -> bool {
        self.messages.try_recv().is_err()
    }
}

fn read(stream: &mut TcpStream) -> Option<Message> {
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let (mut bytes, mut chunk) = (vec![], [0; 4096]);
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let message =
                Message { head: String::from_utf8(bytes[..end].to_vec()).unwrap(), body: vec![] };
            let length: usize = message.header("content-length").parse().unwrap();
            if bytes.len() >= end + 4 + length {
                return Some(Message { body: bytes[end + 4..].to_vec(), ..message });
            }
        }
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
}
