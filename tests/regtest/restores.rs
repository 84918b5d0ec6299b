//! Backups and restores that cannot be, or that are cut short: nothing of them runs, and each says what is wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bitcoin::Address;
use satback_regtest::{DaemonSpec, PATIENCE, Shop, eventually};
use serde_json::{Value, json};

use super::backup::{export, lose_disk, run};
use super::kit::Town;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command of the program, which must be refused with this exit code and these words.
#[track_caller]
fn refused(town: &Town, args: &[&str], code: i32, words: &[&str]) {
    let done = town.daemon.run(args);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(code), "{args:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
}

/// Runs a command of the program, which dies at a step.
#[track_caller]
fn dies(town: &Town, args: &[&str], step: &str) -> Output {
    let mut command = Command::new(&town.daemon.exe);
    command.args(args).arg("--config").arg(town.daemon.config()).env("SATBACK_TRIPWIRE", step);
    let done = command.output().unwrap();
    let name = step.split('#').next().unwrap();
    assert!(text(&done.stderr).contains(&format!("tripwire: {name}")), "{}", text(&done.stderr));
    done
}

/// A daemon with a shop, its backup without the seed, and the disk lost after it.
fn lost() -> (Town, Shop, PathBuf, PathBuf) {
    let mut town = Town::start_alone(0, &DaemonSpec::default());
    let shop = Shop::open(&town.daemon, "shop");
    town.daemon.stop();
    let backup = town.world.folder().join("backup");
    run(&town, &["backup", backup.to_str().unwrap()]);
    let lost = lose_disk(&town);
    (town, shop, backup, lost)
}

fn edit(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::write(file, bytes).unwrap();
}

/// Spoils one thing, sees the restore refused, and puts it right again.
#[track_caller]
fn refused_while(
    town: &Town,
    backup: &Path,
    file: &Path,
    change: impl FnOnce(&mut Vec<u8>),
    code: i32,
    words: &[&str],
) {
    let whole = fs::read(file).unwrap();
    edit(file, change);
    refused(town, &["restore", backup.to_str().unwrap()], code, words);
    fs::write(file, whole).unwrap();
    assert!(!town.daemon.dir.join("books").exists() && !town.daemon.dir.join("ldk").exists());
}

fn manifest(change: impl FnOnce(&mut Value)) -> impl FnOnce(&mut Vec<u8>) {
    |bytes| {
        let mut manifest: Value = serde_json::from_slice(bytes).unwrap();
        change(&mut manifest);
        *bytes = manifest.to_string().into_bytes();
    }
}

#[test]
fn a_backup_that_does_not_fit_is_refused_with_its_reason_and_changes_nothing() {
    let (mut town, _, backup, lost) = lost();
    let path = backup.to_str().unwrap().to_owned();
    let (restore, seed) = (["restore", path.as_str()], town.daemon.dir.join("seed"));

    refused(&town, &restore, 64, &["seed is missing", "made without the seed"]);
    fs::copy(lost.join("seed"), &seed).unwrap();
    let other = |seed: &mut Vec<u8>| seed[0] ^= 1;
    refused_while(&town, &backup, &seed, other, 64, &["seed makes the node", "right seed"]);
    let config = town.daemon.config();
    let signet = |toml: &mut Vec<u8>| {
        *toml = text(toml).replace("network = \"regtest\"", "network = \"signet\"").into_bytes();
    };
    refused_while(&town, &backup, &config, signet, 64, &["of the network regtest", "signet"]);

    let books: Value =
        serde_json::from_slice(&fs::read(backup.join("manifest.json")).unwrap()).unwrap();
    let books = books["books"].as_str().unwrap();
    let flip = |bytes: &mut Vec<u8>| bytes[100] ^= 1;
    refused_while(&town, &backup, &backup.join(books), flip, 64, &[books, "is damaged"]);
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(10);
    refused_while(&town, &backup, &backup.join("node.json"), cut, 64, &["node.json", "is damaged"]);
    let file = backup.join("manifest.json");
    refused_while(&town, &backup, &file, cut, 64, &["manifest.json", "is damaged"]);
    let newer = manifest(|manifest| manifest["format"] = json!(2));
    refused_while(&town, &backup, &file, newer, 64, &["manifest.json", "newer satback"]);
    let ahead = manifest(|manifest| manifest["height"] = json!(1_000_000));
    refused_while(&town, &backup, &file, ahead, 75, &["at height", "caught up"]);
    let whole = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    refused(&town, &restore, 64, &["manifest.json", "is missing", "never finished"]);
    fs::write(&file, whole).unwrap();
    fs::rename(backup.join("node.json"), backup.join("aside")).unwrap();
    refused(&town, &restore, 64, &["node.json"]);
    fs::rename(backup.join("aside"), backup.join("node.json")).unwrap();

    for name in ["ldk", "books"] {
        fs::create_dir(town.daemon.dir.join(name)).unwrap();
        refused(&town, &restore, 64, &[name, "without books and channel state"]);
        fs::remove_dir(town.daemon.dir.join(name)).unwrap();
    }
    run(&town, &restore);
    town.daemon.restart();
    town.assert_books_sound();
    refused(&town, &restore, 75, &["another satback is using"]);
}

#[test]
fn a_restore_that_is_cut_short_never_runs_and_can_be_made_again() {
    let (mut town, shop, backup, lost) = lost();
    let restore = ["restore", backup.to_str().unwrap()];
    fs::copy(lost.join("seed"), town.daemon.dir.join("seed")).unwrap();
    let steps = [
        "restore:planted",
        "journal:written#1",
        "journal:synced#2",
        "restore:whole",
        "restore:seed",
    ];
    for step in steps {
        dies(&town, &restore, step);
        assert!(!town.daemon.dir.join("books").exists(), "{step}");
        let other = town.world.folder().join("other");
        let commands: [&[&str]; 4] = [
            &["serve"],
            &["ledger", "verify"],
            &["ledger", "export"],
            &["backup", other.to_str().unwrap()],
        ];
        for command in commands {
            refused(&town, command, 64, &["a restore that did not finish"]);
        }
        assert!(!town.daemon.dir.join("books").exists(), "{step}");
    }
    run(&town, &restore);
    assert_eq!(
        fs::read(town.daemon.dir.join("seed")).unwrap(),
        fs::read(lost.join("seed")).unwrap()
    );
    let books = export(&town);
    town.daemon.restart();
    town.assert_books_sound();
    let account = town.daemon.operator().get(&format!("/accounts/{}", shop.account)).granted();
    assert_eq!(account["claims_paused"], true);
    assert_eq!(export(&town).transfers[..books.transfers.len()], books.transfers);
}

#[test]
fn a_backup_that_is_cut_short_is_none() {
    let mut town = Town::start_alone(0, &DaemonSpec::default());
    let target = town.world.folder().join("backup");
    let (path, unfinished) = (target.to_str().unwrap(), format!("{}.unfinished", target.display()));
    for step in ["backup:copied", "backup:filled"] {
        dies(&town, &["backup", path, "--with-seed"], step);
        assert!(!target.exists());
        refused(&town, &["restore", &unfinished], 64, &["never finished"]);
        refused(&town, &["backup", path], 64, &["backup.unfinished", "remove it"]);
        fs::remove_dir_all(&unfinished).unwrap();
    }
    let mut command = Command::new(&town.daemon.exe);
    command.args(["backup", "here/", "--config"]).arg(town.daemon.config());
    let done = command.current_dir(town.world.folder()).output().unwrap();
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(town.world.folder().join("here/manifest.json").exists());

    fs::create_dir(&target).unwrap();
    fs::write(target.join("mine"), "a file").unwrap();
    refused(&town, &["backup", path], 64, &["is not empty"]);
    fs::remove_file(target.join("mine")).unwrap();
    run(&town, &["backup", path]);
    assert!(!target.join("seed").exists(), "only if it is asked for");
    town.daemon.stop();
    let offline = town.world.folder().join("offline");
    let done = town.daemon.run(&["backup", offline.to_str().unwrap()]);
    assert!(done.status.success() && text(&done.stderr).contains("the daemon is not running"));
    let list: Value =
        serde_json::from_slice(&fs::read(offline.join("node.json")).unwrap()).unwrap();
    assert_eq!(list, json!({"channels": null, "peers": null}));
    town.daemon.boot();
    town.daemon.wait_answers();
    town.assert_books_sound();
}

#[test]
fn coins_from_before_show_after_a_rescan_only() {
    let mut town = Town::start_alone(0, &DaemonSpec::default());
    let onchain = |town: &Town| {
        let node = town.daemon.operator().get("/node").granted();
        node["onchain_total_sat"].as_u64().unwrap()
    };
    let address = town.daemon.operator().post("/node/address", json!({})).granted();
    let address = address["address"].as_str().unwrap().parse().map(Address::assume_checked);
    town.world.fund(&[address.unwrap()]);
    let coins = eventually("the coins to show;", PATIENCE, || match onchain(&town) {
        0 => Err("nothing".to_owned()),
        coins => Ok(coins),
    });
    let backup = town.world.folder().join("backup");
    let path = backup.to_str().unwrap();
    run(&town, &["backup", path, "--with-seed"]);
    town.daemon.kill();
    lose_disk(&town);
    run(&town, &["restore", path]);
    town.daemon.restart();
    town.mine_and_sync(1);
    assert_eq!(onchain(&town), 0, "the manual says so: a new wallet begins at the tip");
    town.daemon.kill();
    fs::remove_dir_all(town.daemon.dir.with_extension("lost")).unwrap();
    lose_disk(&town);
    run(&town, &["restore", path, "--rescan"]);
    town.daemon.restart();
    eventually("the coins to show again;", PATIENCE, || match onchain(&town) {
        found if found == coins => Ok(()),
        found => Err(found.to_string()),
    });
    town.at_rest();
    town.assert_books_sound();
}
