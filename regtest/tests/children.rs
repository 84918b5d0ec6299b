//! Child processes end when they are told to, when their handle is dropped, and when we are killed.
#![allow(clippy::unwrap_used, reason = "a test fails with the error")]

use std::fs;
use std::path::Path;
use std::process::Command;

use satback_regtest::{Child, PATIENCE, until};

/// Tells the test below that it is the process to be killed.
const VICTIM: &str = "SATBACK_TEST_VICTIM";

fn sleeper(folder: &Path) -> Child {
    let mut command = Command::new("sleep");
    command.arg("1000");
    Child::start("sleeper", &command, &folder.join("sleeper.log"))
}

/// `R`, `S`, `T` …; nothing for a process that is gone or waits to be forgotten.
fn state(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    after_name.chars().next().filter(|state| *state != 'Z')
}

fn wait_gone(pid: u32) {
    until("the process to be gone", PATIENCE, || state(pid).is_none().then_some(()));
}

#[test]
fn a_child_should_obey_signals_and_end_with_its_handle() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = sleeper(folder.path());
    told.sigstop();
    until("it to stand still", PATIENCE, || (state(told.pid()) == Some('T')).then_some(()));
    told.sigcont();
    until("it to go on", PATIENCE, || (state(told.pid()) == Some('S')).then_some(()));
    assert_eq!(told.ended(), None);
    told.sigterm();
    assert!(!told.wait(PATIENCE).success());

    let dropped = sleeper(folder.path());
    let pid = dropped.pid();
    assert!(state(pid).is_some());
    drop(dropped);
    wait_gone(pid);
}

#[test]
fn what_a_child_prints_should_be_in_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "echo \"$SAID to $PWD\"; echo aside >&2"]);
    command.env("SAID", "hello").current_dir(folder.path());
    let mut child = Child::start("speaker", &command, &folder.path().join("speaker.log"));
    assert!(child.wait(PATIENCE).success());
    let folder = folder.path().canonicalize().unwrap();
    assert_eq!(child.log_tail(), format!("hello to {}\naside", folder.display()));
}

#[test]
fn a_child_should_not_outlive_a_killed_parent() {
    if let Ok(file) = std::env::var(VICTIM) {
        // The thread that starts the child ends long before the process does.
        let folder = Path::new(&file).parent().unwrap();
        let child = std::thread::scope(|scope| scope.spawn(|| sleeper(folder)).join().unwrap());
        fs::write(format!("{file}.new"), child.pid().to_string()).unwrap();
        fs::rename(format!("{file}.new"), &file).unwrap();
        until::<()>("being killed", PATIENCE, || None);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "a_child_should_not_outlive_a_killed_parent"]).env(VICTIM, &file);
    let mut victim = Child::start("victim", &command, &folder.path().join("victim.log"));
    let pid = until("the victim's child", PATIENCE, || {
        assert_eq!(victim.ended(), None, "{}", victim.log_tail());
        fs::read_to_string(&file).ok()?.parse().ok()
    });
    assert!(state(pid).is_some());
    victim.sigkill();
    victim.wait(PATIENCE);
    wait_gone(pid);
}
