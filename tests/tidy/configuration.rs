//! The configurations in `config/` say what the program does.

use std::fs;

use satback::config::{Sources, render_example};

use super::code::{files, root};

fn effective(sources: &Sources) -> String {
    sources.load().unwrap_or_else(|problems| panic!("{problems}")).effective()
}

#[test]
fn the_example_is_what_the_program_writes_and_says_the_defaults() {
    let file = root().join("config/satback.example.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text == render_example(&[]), "write it anew: make config/satback.example.toml");
    let from_file = effective(&Sources { file: Some(file), ..Sources::default() });
    assert_eq!(from_file, effective(&Sources::default()));
    let said: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("said.toml");
    fs::write(&file, said).unwrap();
    let all_said = effective(&Sources { file: Some(file), ..Sources::default() });
    assert_eq!(all_said, from_file, "the defaults that it shows are the built-in ones");
}

#[test]
fn every_sample_is_a_configuration_without_problems() {
    let samples = files("config", ".toml");
    assert!(samples.len() >= 3, "{samples:?}");
    for file in samples {
        effective(&Sources { file: Some(file), ..Sources::default() });
    }
}
