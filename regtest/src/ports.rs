//! Free loopback ports, each handed out once on this machine.
//!
//! Asking the system for "any port" is not enough: a node that is stopped and started again must find its port
//! free, and in the meantime any outgoing connection may have been given it. So ports come from below the range
//! that the system takes for outgoing connections, and are kept by a locked file until this process ends, whichever
//! way it ends; other test processes see the lock.

use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;

const LOWEST: u16 = 12_000;
const COUNT: u16 = 4_000;

/// The files whose locks keep the ports that this process has been given.
static KEPT: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A loopback port that nobody uses and nobody else is given while this process lives.
pub fn free_port() -> u16 {
    let folder = std::env::temp_dir().join("satback-ports");
    fs::create_dir_all(&folder).expect("the folder for port locks can be made");
    let end = lowest_outgoing_port().min(LOWEST + COUNT);
    assert!(LOWEST < end, "no ports between {LOWEST} and the outgoing ones from {end}");
    let count = end - LOWEST;

    // Where to start differs from process to process, so that many of them do not all try the same ports.
    let start = u16::try_from(std::process::id() * 64 % u32::from(count)).unwrap_or(0);
    for step in 0..count {
        let port = LOWEST + (start + step) % count;
        let file = folder.join(format!("{port}.lock"));
        let Ok(lock) = OpenOptions::new().create(true).truncate(false).write(true).open(file)
        else {
            continue; // somebody else's file: somebody else's port
        };
        if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            KEPT.lock().expect("no holder panics").push(lock);
            return port;
        }
    }
    panic!("all loopback ports from {LOWEST} to {end} are in use");
}

/// The first port that the system may give to an outgoing connection; Linux's default where it does not say.
fn lowest_outgoing_port() -> u16 {
    fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| range.split_whitespace().next()?.parse().ok())
        .unwrap_or(32_768)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_port_should_be_handed_out_twice() {
        let ports: BTreeSet<u16> = (0..20).map(|_| free_port()).collect();
        assert_eq!(ports.len(), 20);
        assert!(ports.iter().all(|port| *port < lowest_outgoing_port()));
    }
}
