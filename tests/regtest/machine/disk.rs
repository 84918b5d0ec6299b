//! A disk that fills up.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use satback_regtest::{Daemon, DaemonSpec, PATIENCE, Shop, World, WorldSpec, wallet};
use serde_json::json;

use super::super::kit::{CHANNEL_SATS, EXPIRY_SECS, Town, program};
use super::{assert_ready, names, wait_rule};

/// The whole disk.
const DISK_MB: u64 = 64;
/// What must be free for claims and sessions.
const LOW_WATER_MB: u64 = 8;

/// A small disk in memory, mounted where a daemon will have its folder. Only root can.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Self {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={DISK_MB}m"), "satback-test"]).arg(at);
        let mounted = mount.output().unwrap();
        let said = String::from_utf8_lossy(&mounted.stderr);
        assert!(mounted.status.success(), "this test mounts a disk, which only root can: {said}");
        Self(at.to_owned())
    }

    /// Fills it up to so many free bytes.
    fn fill(&self, leave: u64) {
        let free = rustix::fs::statvfs(&self.0).unwrap();
        let free = free.f_bavail * free.f_frsize;
        let filling = vec![1; usize::try_from(free.saturating_sub(leave)).unwrap()];
        fs::write(self.0.join("filling"), filling).unwrap();
    }

    fn clear(&self) {
        fs::remove_file(self.0.join("filling")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_fills_up_first_stops_claims_and_then_the_daemon_and_loses_nothing() {
    let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
    let spec = DaemonSpec::default().set(&format!("store.low_water_mb={LOW_WATER_MB}"));
    let mut daemon = Daemon::init(&world, program(), &spec);
    // The folder moves onto the small disk as it is.
    let aside = daemon.dir.with_extension("aside");
    fs::rename(&daemon.dir, &aside).unwrap();
    let disk = SmallDisk::mount(&daemon.dir);
    let moved = Command::new("cp")
        .arg("-a")
        .arg(format!("{}/.", aside.display()))
        .arg(&daemon.dir)
        .status();
    assert!(moved.unwrap().success());
    daemon.boot();
    daemon.wait_ready();
    daemon.connect(&world, CHANNEL_SATS, CHANNEL_SATS / 2 * 1_000);
    let mut town = Town { daemon, world };
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);

    disk.fill((LOW_WATER_MB - 2) << 20);
    wait_rule(&town.daemon, "disk_low");
    let body = json!({"currency": "SATS", "amount": 20_000});
    assert_eq!(shop.api.post("/checkout-sessions", body).refused(503), "disk_low");
    let invoice = town.customer().invoice(1_000_000, "cashback", EXPIRY_SECS);
    let told = shop.submit(&claim, &invoice).unwrap_err();
    assert_eq!(told, "cashbacks are not available at the moment, try again later");

    disk.clear();
    assert_ready(&town.daemon);

    // Whatever else is asked fills it up to the last byte.
    disk.fill(256 << 10);
    let operator = town.daemon.operator();
    let padding: serde_json::Map<_, _> =
        (0..45).map(|key| (format!("key-{key}"), "x".repeat(160).into())).collect();
    let mut acknowledged = vec!["shop".to_owned()];
    for number in 0..400 {
        let body = json!({
            "name": format!("cashback {number}"), "type": "fixed", "amount": 100, "currency": "SATS",
            "metadata": padding,
        });
        match shop.api.try_ask("POST", "/cashbacks", Some(&body)) {
            Ok(answer) if answer.status == 200 => {
                acknowledged.push(answer.granted()["id"].to_string())
            }
            _ => break,
        }
    }
    let ended = town.daemon.wait_end(PATIENCE);
    let log = town.daemon.log();
    assert!(!ended.success() && acknowledged.len() < 400, "{ended}");
    assert!(log.contains("No space left on device") || log.contains("disk is full"), "{log}");

    disk.clear();
    town.daemon.restart();
    town.daemon.wait_usable_or_closed(&town.world);
    town.assert_books_sound();
    assert!(names(&operator).contains(&"shop".to_owned()));
    for id in acknowledged.iter().skip(1) {
        shop.api.get(&format!("/cashbacks/{}", id.trim_matches('"'))).granted();
    }
    assert_ready(&town.daemon);
    town.ensure_channel();
    let url = wallet::decode(claim["lnurl"].as_str().unwrap()).unwrap();
    wallet::info(&url).unwrap();
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
}
