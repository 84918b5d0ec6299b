//! Power cuts (DESIGN D2): what the daemon writes and syncs is recorded, its folder is rebuilt as a cut at many points
//! could leave it, and opened: every commit that was acknowledged before the cut is there, and the audit passes.
//!
//! `SATBACK_IMAGES` says how many images there are to be (`make power IMAGES=1000`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use satback::sim::chance::Chance;
use satback_regtest::{DaemonSpec, PATIENCE, Shop, World, WorldSpec, eventually};
use serde_json::json;

use super::kit::{CHANNEL_SATS, Town};

mod check;
mod cuts;
mod disk;
mod image;
mod model_tests;
mod recording;
mod sqlite;
mod trace;

use check::Checker;
use cuts::{Cut, Sweep};
use disk::Disk;
use image::{Fate, build};
use recording::{Fact, Recorder};
use trace::Event;

/// Images in `make ci`.
const IMAGES: usize = 50;
/// As many images as this are opened with one of the real daemon, cut somewhere in the middle.
const IMAGES_PER_DAEMON: usize = 25;
/// Text that fills a cashback's row, so that segments of the journal fill up.
const FILLING: usize = 160;

fn images_wanted() -> usize {
    let wanted = std::env::var("SATBACK_IMAGES").ok().filter(|wanted| !wanted.is_empty());
    wanted.map_or(IMAGES, |wanted| wanted.parse().unwrap())
}

/// A daemon in a town, recorded from its first breath.
struct Recorded {
    town: Town,
    recorder: Recorder,
}

impl Recorded {
    fn start() -> Self {
        let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
        // Two snapshots and no days: old segments go while the recording runs.
        let spec = DaemonSpec::default().set("store.journal_keep_days=0");
        let (recorder, mut daemon) = Recorder::init(&world, spec);
        daemon.boot();
        daemon.wait_ready();
        daemon.connect(&world, CHANNEL_SATS, CHANNEL_SATS / 2 * 1_000);
        recorder.told(Fact::ChannelUsable);
        Self { town: Town { daemon, world }, recorder }
    }

    /// A paid checkout and a paid claim.
    fn cashback(&self, shop: &Shop) {
        let told = |fact: fn(String) -> Fact, id: &serde_json::Value| {
            self.recorder.told(fact(id.as_str().unwrap().to_owned()));
        };
        let session = shop.session(20_000);
        told(Fact::Session, &session["id"]);
        shop.pay(self.town.customer(), &session);
        told(Fact::SessionPaid, &session["id"]);
        let claim = shop.claim_of(&session);
        shop.redeem(self.town.customer(), &claim);
        shop.wait_claim(&claim, "paid", PATIENCE);
        told(Fact::ClaimPaid, &claim["id"]);
    }

    /// Several commits at once, and so in one.
    fn accounts(&self, count: usize) {
        let operator = self.town.daemon.operator();
        thread::scope(|scope| {
            for number in 0..count {
                let (operator, recorder) = (&operator, &self.recorder);
                scope.spawn(move || {
                    let name = json!({"name": format!("account {number}")});
                    let made = operator.post("/accounts", name).granted();
                    recorder.told(Fact::Account(made["id"].as_str().unwrap().to_owned()));
                });
            }
        });
    }

    /// Fills segments of the journal.
    fn cashbacks(&self, shop: &Shop, count: usize) {
        let pairs = (0..45).map(|key| (format!("key-{key}"), "x".repeat(FILLING).into()));
        let metadata: serde_json::Map<_, _> = pairs.collect();
        for number in 0..count {
            let body = json!({
                "name": format!("cashback {number}"), "type": "fixed", "amount": 100,
                "currency": "SATS", "metadata": metadata,
            });
            let made = shop.api.post("/cashbacks", body).granted();
            self.recorder.told(Fact::Cashback(made["id"].as_str().unwrap().to_owned()));
        }
    }

    /// Kills the daemon, and waits until the trace says so.
    fn kill(&mut self) {
        let process = self.town.daemon.child().pid();
        self.town.daemon.kill();
        self.recorder.wait_end(process);
    }

    /// Everything that is recorded.
    fn work(&mut self) {
        let shop = Shop::open(&self.town.daemon, "shop");
        self.recorder.told(Fact::Account(shop.account.clone()));
        self.recorder.told(Fact::Cashback(shop.cashback.clone()));
        self.cashback(&shop);
        self.accounts(12);
        self.cashbacks(&shop, 80);
        self.kill();
        self.town.daemon.restart();
        self.town.daemon.wait_usable_or_closed(&self.town.world);
        self.town.ensure_channel();
        self.cashbacks(&shop, 80);
        self.cashback(&shop);
        self.accounts(12);
        self.cashback(&shop);
        self.town.at_rest();
        self.kill();
    }
}

#[test]
fn a_power_cut_at_any_point_loses_nothing_that_was_acknowledged() {
    let mut recorded = Recorded::start();
    recorded.work();
    let dir = recorded.town.daemon.dir.clone();
    let events = trace::read(&recorded.recorder.trace, &dir);
    let root = dir.parent().unwrap();
    let images = root.join("images");

    let mut last = Disk::new(root);
    events.iter().for_each(|event| last.apply(&event.act));
    assert_is_the_folder(&last, &dir, &images);
    sqlite::assert_every_commit_is_synced(&events);
    sqlite::assert_write_ahead(&last, &dir.join("ldk/ldk_node_data.sqlite"));

    let checker = Checker::new(recorded.recorder.facts(), &dir);
    let wanted = images_wanted();
    let cuts = cuts::choose(&events, wanted);
    let mut sweep = Sweep::new(root, &events);
    sweep.run(&cuts, &images, &checker);
    println!("{}", sweep.report());
    assert_eq!(sweep.failures, Vec::<String>::new());
    assert_eq!(checker.panics(), 0, "a thread has panicked, see above");

    at_the_end_the_daemon_goes_on(&mut recorded, &last, &images);
    in_the_middle_it_starts_and_is_ready(&mut recorded, &events, &cuts, &images);
}

/// The model has followed: what it thinks the folder holds is what it holds.
fn assert_is_the_folder(disk: &Disk, dir: &Path, images: &Path) {
    let target = images.join("now");
    build(disk, &Chance::seeded(0), Some(Fate::Kept), &target);
    let (thought, real) = (contents(&target.join(dir.file_name().unwrap())), contents(dir));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&thought), names(&real));
    for (name, bytes) in &real {
        assert!(thought[name] == *bytes, "the model has lost track of {}", name.display());
    }
    fs::remove_dir_all(target).unwrap();
}

/// Every file below a folder, but for those that the model leaves out.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name != Path::new("log") && !trace::is_shared_memory(&path) {
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

impl Recorded {
    /// Puts an image in the place of the daemon's folder.
    fn lay(&mut self, disk: &Disk, chance: &Chance, fate: Option<Fate>, images: &Path) {
        let dir = &self.town.daemon.dir;
        let target = images.join("laid");
        build(disk, chance, fate, &target);
        fs::remove_dir_all(dir).unwrap();
        fs::rename(target.join(dir.file_name().unwrap()), dir).unwrap();
        fs::remove_dir_all(target).unwrap();
        self.town.daemon.under.clear();
    }

    /// LDK closes a channel if the process ended between two of its writes, whatever ended it (facts, 7).
    fn has_lost_channel(&self) -> bool {
        let channels = self.town.daemon.operator().get("/node/channels").granted();
        let lost = channels["data"].as_array().is_none_or(Vec::is_empty);
        if lost {
            let told = "a kill has cost this channel";
            eventually("the daemon to say why;", PATIENCE, || {
                if self.town.daemon.log().contains(told) { Ok(()) } else { Err(String::new()) }
            });
        }
        lost
    }

    fn assert_told(&self) {
        let operator = self.town.daemon.operator();
        for told in self.recorder.facts() {
            if let Fact::ClaimPaid(id) = told.fact {
                assert_eq!(operator.get(&format!("/claims/{id}")).granted()["status"], "paid");
            }
        }
    }
}

/// After a cut at the end of the recording, books and node are of the moment that the world remembers: the daemon starts,
/// is sound inside and out, and pays.
fn at_the_end_the_daemon_goes_on(recorded: &mut Recorded, last: &Disk, images: &Path) {
    for (seed, fate) in [Some(Fate::Lost), Some(Fate::Torn), None].into_iter().enumerate() {
        let chance = Chance::seeded(u64::try_from(seed).unwrap());
        recorded.lay(last, &chance, fate, images);
        recorded.town.daemon.restart();
        recorded.town.assert_books_sound();
        recorded.assert_told();
        if recorded.has_lost_channel() {
            return recorded.town.daemon.kill();
        }
        recorded.town.daemon.wait_usable(&recorded.town.world);
        recorded.town.assert_sound();
        recorded.town.daemon.kill();
    }
    recorded.town.daemon.restart();
    recorded.town.daemon.wait_usable(&recorded.town.world);
    let shop = Shop::open(&recorded.town.daemon, "after");
    let claim = shop.claim(recorded.town.customer(), 20_000);
    shop.redeem(recorded.town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    recorded.town.assert_sound();
    recorded.town.daemon.kill();
}

/// After a cut in the middle the world remembers more than the node does, so nobody is there; but books and node agree
/// (DESIGN D22), and the daemon is ready.
fn in_the_middle_it_starts_and_is_ready(
    recorded: &mut Recorded,
    events: &[Event],
    cuts: &[Cut],
    images: &Path,
) {
    recorded.town.world.router.stop();
    let mut disk = Disk::new(recorded.town.daemon.dir.parent().unwrap());
    let mut done = 0;
    for cut in cuts.iter().skip(IMAGES_PER_DAEMON / 2).step_by(IMAGES_PER_DAEMON) {
        events[done..cut.after].iter().for_each(|event| disk.apply(&event.act));
        done = cut.after;
        if disk.find(&recorded.town.daemon.dir.join("satback.toml")).is_none() {
            continue;
        }
        recorded.lay(&disk, &Chance::seeded(cut.seed), None, images);
        recorded.town.daemon.restart();
        recorded.town.assert_books_sound();
        recorded.town.daemon.kill();
    }
}
