//! What the repository says about itself and what it depends on.

use std::fs;

use super::code::{Source, root, sources};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_dependency_says_why_it_is_there() {
    for manifest in ["Cargo.toml", "regtest/Cargo.toml"] {
        let text = read(manifest);
        let mut before = "";
        let mut in_dependencies = false;
        let mut said = 0;
        for line in text.lines() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]") && !line.contains("workspace");
            } else if in_dependencies && line.starts_with(|first: char| first.is_ascii_lowercase())
            {
                assert!(before.starts_with("# "), "{manifest}: {line}");
                said += 1;
            }
            before = line;
        }
        assert!(said > 5, "{manifest}: {said} dependencies");
    }
}

#[test]
fn lightning_is_not_older_than_its_start_up_fix() {
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let version = |name: &str| {
        let package = packages.iter().find(|package| package["name"].as_str() == Some(name));
        let version = package.unwrap()["version"].as_str().unwrap().to_owned();
        version.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>()
    };
    assert!(
        version("lightning") >= vec![0, 2, 7],
        "before 0.2.7 a stale node could refund what it had paid"
    );
    assert_eq!(version("sled"), [0, 34, 7]);
    assert_eq!(version("ldk-node"), [0, 7, 1]);
}

#[test]
fn the_simulated_world_and_the_fuzz_targets_are_in_no_release() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    for released in ["default", "daemon", "web"] {
        let features = manifest["features"][released].as_array().unwrap();
        let is_test = |feature: &toml::Value| matches!(feature.as_str(), Some("sim" | "fuzz"));
        assert!(!features.iter().any(is_test), "{released}");
    }
    assert!(read("src/lib.rs").contains("#[cfg(feature = \"fuzz\")]\npub mod fuzz;"));
    assert!(read("src/lib.rs").contains("#[cfg(feature = \"sim\")]\npub mod sim;"));
    let wire = read("src/tripwire.rs");
    assert!(wire.contains("#[cfg(feature = \"sim\")]"));
}

#[test]
fn every_planted_bug_still_applies() {
    let folder = root().join("tests/planted");
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "patch") {
            let checked = std::process::Command::new("git")
                .args(["apply", "--check"])
                .arg(&path)
                .current_dir(root())
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&checked.stderr);
            assert!(checked.status.success(), "{}: {told}", path.display());
            count += 1;
        }
    }
    assert!(count >= 25, "{count} planted bugs");
}

#[test]
fn tests_await_and_never_sleep_and_none_is_switched_off() {
    // The one bounded wait that everything else awaits with.
    let wait = "regtest/src/until.rs";
    let mut tests: Vec<Source> = sources("tests");
    tests.extend(sources("regtest"));
    tests.extend(sources("src").into_iter().filter(|source| source.path.contains("/tests")));
    let forbidden =
        [["thread", "sleep"].join("::"), ["#[", "ignore"].concat(), ["time", "sleep"].join("::")];
    for source in tests.iter().filter(|source| source.path != wait) {
        for word in &forbidden {
            assert!(!source.text.contains(word.as_str()), "{}: {word}", source.path);
        }
    }
}

#[test]
fn the_documentation_has_no_programs_that_no_test_runs() {
    let shown = |line: &&str| {
        line.trim_start().starts_with("//! ```") || line.trim_start().starts_with("/// ```")
    };
    for source in sources("src").into_iter().chain(sources("regtest")) {
        let fences: Vec<&str> = source.text.lines().filter(shown).collect();
        let opening = fences.iter().step_by(2);
        assert!(opening.into_iter().all(|fence| fence.ends_with("```text")), "{}", source.path);
    }
}

#[test]
fn no_file_names_a_registry() {
    let hosts = [["crates", "io"], ["pypi", "org"], ["npmjs", "com"], ["debian", "org"]];
    let listed =
        std::process::Command::new("git").arg("ls-files").current_dir(root()).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for path in listed.lines().filter(|path| !path.ends_with("Cargo.lock")) {
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        for host in hosts {
            assert!(!text.contains(&host.join(".")), "{path}: {}", host.join("."));
        }
    }
}

#[test]
fn the_readme_and_the_pages_beside_it_exist_and_name_the_two_commands() {
    let readme = read("README.md");
    assert!(readme.contains("make demo") && readme.contains("make test"));
    for page in ["ARCHITECTURE.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        assert!(read(page).len() > 200, "{page}");
    }
    let architecture = read("ARCHITECTURE.md");
    let modules = fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().path());
    for module in modules.filter(|path| path.is_dir()) {
        let name = format!("`{}", module.file_name().unwrap().to_string_lossy());
        assert!(architecture.contains(&name), "ARCHITECTURE.md does not speak of {name}`");
    }
}
