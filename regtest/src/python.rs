//! Programs that are not ours, in Python: each has a folder with its requirements, and a virtual environment in the
//! user's cache folder.

use std::path::Path;
use std::process::{Command, Stdio};

/// The Python that has what this folder's `requirements.txt` asks for; it is made where it is missing.
pub fn python(folder: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("venv.sh");
    let made = Command::new(script).arg(folder).stderr(Stdio::inherit()).output();
    let made = made.expect("regtest/venv.sh can be run");
    assert!(made.status.success(), "the set-up failed, see above");
    String::from_utf8(made.stdout).expect("a path").trim_end().to_owned()
}
