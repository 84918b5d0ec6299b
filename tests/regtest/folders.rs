//! What a daemon finds in its folder at start (DESIGN D2, D22): what can be made whole is made whole, what cannot is
//! refused with its reason, and nothing that was acknowledged is lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use satback::store::SledView;
use satback::store::view::View;
use satback_regtest::{DaemonSpec, PATIENCE, Shop};
use serde_json::json;

use super::kit::{EXPIRY_SECS, Town};

/// What sled's log is made of.
const SEGMENT: usize = 512 * 1024;

fn books(town: &Town) -> PathBuf {
    town.daemon.dir.join("books")
}

/// Files of a folder whose names begin so, oldest first.
fn files(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(prefix);
    let mut found: Vec<_> = entries.filter(named).collect();
    found.sort();
    found
}

/// Where the written part of a journal's segment ends.
fn written(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    let done = Command::new("cp").args(["-a"]).arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

/// Stops the daemon, lets `tamper` do something to its folder, starts it again, and finds everything as it was.
fn survives(town: &mut Town, shop: &Shop, what: &str, tamper: impl FnOnce(&Path)) {
    let before = (shop.statement(), shop.available());
    town.daemon.stop();
    tamper(&books(town));
    town.daemon.restart();
    assert_eq!((shop.statement(), shop.available()), before, "{what}");
    town.assert_books_sound();
}

/// Damages the bytes of sled's log that hold rows.
fn damage_sled(view: &Path) {
    let db = view.join("db");
    let mut bytes = fs::read(&db).unwrap();
    let needle = b"\"claims_paused\"";
    let at = bytes.windows(needle.len()).position(|window| window == needle).unwrap();
    bytes[at + 2] ^= 1;
    fs::write(db, bytes).unwrap();
}

/// Puts a view there whose log has lost a part, as a power cut may leave it, and over which sled panics.
fn tear_until_sled_panics(view: &Path) {
    // What lies in which part of the log is for sled's own threads to decide.
    let torn = (0..20).any(|_| {
        let scratch = tempfile::tempdir().unwrap();
        let made = scratch.path().join("made");
        fill_sled(&made);
        let whole = fs::read(made.join("db")).unwrap();
        (0..whole.len()).step_by(SEGMENT).any(|part| {
            let mut torn = whole.clone();
            let end = torn.len().min(part + SEGMENT);
            torn[part..end].fill(0);
            let trial = scratch.path().join("trial");
            copy(&made, &trial);
            fs::write(trial.join("db"), &torn).unwrap();
            let panics = std::thread::spawn(move || SledView::open(&trial).is_ok()).join().is_err();
            if panics {
                copy(&made, view);
                fs::write(view.join("db"), &torn).unwrap();
            }
            panics
        })
    });
    assert!(torn, "sled has become more patient: this test needs another way to make it panic");
}

/// A view of several parts, and nothing but its log.
fn fill_sled(folder: &Path) {
    let view = SledView::open(folder).unwrap();
    for number in 0..600_u32 {
        let row = number.to_be_bytes().repeat(1_000);
        view.apply(&[(number.to_be_bytes().to_vec(), Some(row))], None).unwrap();
    }
    drop(view);
    for snapshot in files(folder, "snap.") {
        fs::remove_file(snapshot).unwrap();
    }
}

#[test]
fn the_books_survive_whatever_happens_to_their_view_and_to_the_end_of_their_journal() {
    let mut town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let claim = shop.claim(town.customer(), 20_000);
    shop.redeem(town.customer(), &claim);
    shop.wait_claim(&claim, "paid", PATIENCE);
    town.at_rest();

    survives(&mut town, &shop, "a row of sled with a wrong checksum", |books| {
        damage_sled(&books.join("view"));
    });
    survives(&mut town, &shop, "a sled folder that is gone", |books| {
        fs::remove_dir_all(books.join("view")).unwrap();
    });
    survives(&mut town, &shop, "a sled log cut in half", |books| {
        let db = books.join("view").join("db");
        let len = fs::metadata(&db).unwrap().len();
        fs::OpenOptions::new().write(true).open(db).unwrap().set_len(len / 2).unwrap();
    });
    survives(&mut town, &shop, "a sled log that sled panics over", |books| {
        tear_until_sled_panics(&books.join("view"));
    });
    assert!(town.daemon.log().contains("opening the view panicked"));
    survives(&mut town, &shop, "a snapshot that sled never finished", |books| {
        fs::write(books.join("view").join("snap.00000000FFFFFFFF.generating"), b"half").unwrap();
    });
    survives(&mut town, &shop, "a torn record at the journal's end", |books| {
        let last = files(books, "journal-").pop().unwrap();
        let mut bytes = fs::read(&last).unwrap();
        let end = written(&bytes).next_multiple_of(8);
        bytes[end..end + 20].copy_from_slice(b"SBJ1\0\0\x01\0torn torn!!!");
        fs::write(last, bytes).unwrap();
    });
    survives(
        &mut town,
        &shop,
        "the journal's last record is damaged after it was applied",
        |books| {
            let last = files(books, "journal-").pop().unwrap();
            let mut bytes = fs::read(&last).unwrap();
            let end = written(&bytes);
            bytes[end - 1] ^= 1;
            fs::write(last, bytes).unwrap();
        },
    );
    survives(&mut town, &shop, "and the sled folder goes after that", |books| {
        fs::remove_dir_all(books.join("view")).unwrap();
    });
    let verified = {
        town.daemon.stop();
        town.daemon.run(&["ledger", "verify"])
    };
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success(), "{said}{}", String::from_utf8_lossy(&verified.stderr));
    assert!(said.contains(" 0 problems"), "{said}");
}

/// The daemon does not start, for this reason and with this exit code.
fn refuses(town: &mut Town, code: i32, reason: &str) {
    town.daemon.boot();
    let ended = town.daemon.wait_end(PATIENCE);
    let log = town.daemon.log();
    assert_eq!(ended.code(), Some(code), "{log}");
    assert!(log.contains(reason), "{log}");
}

#[test]
fn folders_that_are_not_for_this_daemon_are_refused_and_left_alone() {
    let mut town = Town::start_alone(0, &DaemonSpec::default());
    Shop::open(&town.daemon, "shop");

    let second = Command::new(&town.daemon.exe)
        .args(["serve", "--set", "public.listen=127.0.0.1:0", "--set", "admin.listen=127.0.0.1:0"])
        .arg("--config")
        .arg(town.daemon.config())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(75), "{said}");
    assert!(said.contains("another satback is using"), "{said}");

    town.daemon.stop();
    let config = fs::read_to_string(town.daemon.config()).unwrap();
    let signet = config.replace("network = \"regtest\"", "network = \"signet\"");
    fs::write(town.daemon.config(), signet).unwrap();
    refuses(&mut town, 64, "the books in this folder are for the network regtest");
    fs::write(town.daemon.config(), config).unwrap();

    let seed = town.daemon.dir.join("seed");
    let own = fs::read(&seed).unwrap();
    fs::write(&seed, [7; 64]).unwrap();
    refuses(&mut town, 64, "another seed's");
    fs::write(&seed, own).unwrap();

    let first = files(&books(&town), "journal-").remove(0);
    let bytes = fs::read(&first).unwrap();
    let head = satback::store::journal::format::SegmentHead {
        schema: satback::store::SCHEMA + 1,
        first: 1,
        before: [0; 32],
    };
    let mut newer = bytes.clone();
    newer[..64].copy_from_slice(&satback::store::journal::format::segment_head(&head));
    fs::write(&first, newer).unwrap();
    refuses(&mut town, 64, "written by a newer satback");
    fs::write(&first, bytes).unwrap();

    town.daemon.restart();
    town.assert_books_sound();
}

/// What a frozen daemon does and does not.
fn assert_frozen(town: &mut Town, rule: &str, lnurl: &str) {
    town.daemon.boot();
    town.daemon.wait_answers();
    let operator = town.daemon.operator();
    let ready = operator.get("/readyz");
    assert_eq!(ready.status, 503);
    assert!(ready.text.contains(rule), "{}", ready.text);
    let accounts = operator.get("/accounts").granted();
    assert!(!accounts["data"].as_array().unwrap().is_empty(), "admin reads work");
    let refused = operator.post("/accounts", json!({"name": "new"}));
    assert_eq!(refused.refused(503), "frozen");
    let url = satback_regtest::wallet::decode(lnurl).unwrap();
    if let Ok(info) = satback_regtest::wallet::info(&url) {
        let invoice = town.customer().invoice(info.max_msat, "frozen", EXPIRY_SECS);
        let refused = satback_regtest::wallet::callback(&info, &invoice).unwrap_err();
        assert_eq!(refused, "cashbacks are not available at the moment, try again later");
    }
}

#[test]
fn an_old_copy_of_books_or_node_is_never_run() {
    let mut town = Town::start(1);
    let shop = Shop::open(&town.daemon, "shop");
    let (spent, open) = (shop.claim(town.customer(), 20_000), shop.claim(town.customer(), 20_000));
    let lnurl = open["lnurl"].as_str().unwrap().to_owned();
    let (books, ldk) = (books(&town), town.daemon.dir.join("ldk"));
    let aside = |name: &str| town.daemon.dir.with_extension(name);
    let (old_books, old_ldk, new_books, new_ldk) =
        (aside("old-books"), aside("old-ldk"), aside("new-books"), aside("new-ldk"));
    town.at_rest();
    town.daemon.stop();
    copy(&books, &old_books);
    copy(&ldk, &old_ldk);
    town.daemon.restart();
    town.daemon.wait_usable(&town.world);
    shop.redeem(town.customer(), &spent);
    shop.wait_claim(&spent, "paid", PATIENCE);
    let available = shop.available();
    town.at_rest();
    town.daemon.stop();
    copy(&books, &new_books);
    copy(&ldk, &new_ldk);

    copy(&old_books, &books);
    assert_frozen(&mut town, "books_older_than_node", &lnurl);
    let node = town.daemon.operator().get("/node").granted();
    assert!(node["node_id"].is_string(), "the node runs");
    town.daemon.stop();
    copy(&new_books, &books);

    copy(&old_ldk, &ldk);
    assert_frozen(&mut town, "node_older_than_books", &lnurl);
    assert_eq!(town.daemon.operator().get("/node").refused(424), "node_not_ready");
    town.daemon.stop();
    copy(&new_ldk, &ldk);

    town.daemon.restart();
    town.daemon.wait_usable(&town.world);
    assert_eq!(shop.available(), available);
    shop.redeem(town.customer(), &open);
    shop.wait_claim(&open, "paid", PATIENCE);
    town.assert_sound();
}
