//! The committed corpora: small, one for each target, and through every body.

use std::fs;
use std::path::{Path, PathBuf};

use satback::bolt11;
use satback::fuzz::{Body, TARGETS};

/// Most files of a corpus, and the largest: what is learnt by fuzzing stays where it was learnt.
const MAX_SEEDS: usize = 20;
const MAX_BYTES: usize = 4_096;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

pub(super) fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder().join("corpus").join(target)).unwrap();
    let seed = |entry: fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap())
    };
    let mut seeds: Vec<_> = files.map(|entry| seed(entry.unwrap())).collect();
    seeds.sort();
    seeds
}

fn body(name: &str) -> Body {
    TARGETS.into_iter().find(|(target, _)| *target == name).unwrap().1
}

#[track_caller]
fn replay(target: &str) {
    let seeds = corpus(target);
    assert!((5..=MAX_SEEDS).contains(&seeds.len()), "{target} has {} seeds", seeds.len());
    for (name, seed) in seeds {
        assert!(seed.len() <= MAX_BYTES, "{target}/{name} is too large");
        // Where a panic comes from; shown only then.
        eprintln!("{target}/{name}");
        body(target)(&seed);
        for len in 0..seed.len().min(64) {
            body(target)(&seed[..len]);
        }
    }
}

#[test]
fn callbacks_of_the_corpus_hold() {
    replay("callback");
}

#[test]
fn invoices_of_the_corpus_hold() {
    replay("invoice");
}

#[test]
fn journals_of_the_corpus_hold() {
    replay("journal");
}

#[test]
fn lists_of_the_corpus_hold() {
    replay("lists");
}

#[test]
fn names_of_the_corpus_hold() {
    replay("names");
}

#[test]
fn orders_of_the_corpus_hold() {
    replay("orders");
}

#[test]
fn rows_of_the_corpus_hold() {
    replay("row");
}

#[test]
fn wallets_of_the_corpus_hold() {
    replay("wallet");
}

#[test]
fn every_body_has_a_target_and_a_corpus() {
    let manifest: toml::Table =
        fs::read_to_string(folder().join("Cargo.toml")).unwrap().parse().unwrap();
    let mut programs: Vec<_> = manifest["bin"].as_array().unwrap().iter().collect();
    programs.sort_by_key(|program| program["name"].as_str().map(str::to_owned));
    let named: Vec<_> = programs.iter().map(|program| program["name"].as_str().unwrap()).collect();
    assert_eq!(named, TARGETS.map(|(name, _)| name));
    for program in programs {
        let name = program["name"].as_str().unwrap();
        let text = fs::read_to_string(folder().join(program["path"].as_str().unwrap())).unwrap();
        assert!(text.contains(&format!("satback::fuzz::{name}(data)")), "{text}");
        assert!(!corpus(name).is_empty());
    }
}

#[test]
fn the_corpus_of_invoices_has_readable_and_unreadable_ones() {
    let seeds = corpus("invoice");
    let text = |seed: &[u8]| String::from_utf8_lossy(seed).into_owned();
    let readable = seeds.iter().filter(|(_, seed)| bolt11::parse(&text(seed)).is_ok()).count();
    assert!(readable >= 8 && readable < seeds.len(), "{readable} of {}", seeds.len());
}
