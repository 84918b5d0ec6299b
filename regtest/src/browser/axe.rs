//! axe-core on a page: the accessibility rules that a program can check.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use super::Browser;

/// The checker's source, fetched where it is missing.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/setup.sh");
        let setup = Command::new(setup).stderr(Stdio::inherit()).output().expect("bash is there");
        assert!(setup.status.success(), "the set-up failed, see above");
        let path = String::from_utf8(setup.stdout).expect("a path");
        std::fs::read_to_string(path.trim_end()).expect("axe-core is where the set-up says")
    })
}

impl Browser {
    /// Every finding of axe-core on the page as it is now that is serious or critical, one line each.
    pub fn barriers(&self) -> Vec<String> {
        self.run(&format!("{}; return null;", source()), &[]);
        let found = self.run_async(
            "const done = arguments[arguments.length - 1];
             axe.run(document, {resultTypes: ['violations']}).then(done, e => done(String(e)));",
            &[],
        );
        let violations = found["violations"].as_array();
        let violations = violations.unwrap_or_else(|| panic!("axe did not run: {found}"));
        let is_grave =
            |found: &&Value| matches!(found["impact"].as_str(), Some("serious" | "critical"));
        violations
            .iter()
            .filter(is_grave)
            .flat_map(|found| {
                let (rule, help) = (found["id"].clone(), found["help"].clone());
                let nodes = found["nodes"].as_array().cloned().unwrap_or_default();
                nodes.into_iter().map(move |node| {
                    format!("{rule} {help}: {} {}", node["html"], node["failureSummary"])
                })
            })
            .collect()
    }

    /// Panics if the page has a serious or critical barrier.
    #[track_caller]
    pub fn assert_accessible(&self) {
        let barriers = self.barriers();
        assert!(barriers.is_empty(), "{}:\n{}", self.url(), barriers.join("\n"));
    }
}
