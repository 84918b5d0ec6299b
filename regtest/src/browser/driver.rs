//! ChromeDriver as a child process, and W3C WebDriver over it: JSON over HTTP, blocking.
//!
//! Not a library's client: those that there are (fantoccini, thirtyfour) are asynchronous, bring a dozen packages more,
//! and leave ChromeDriver's own commands, which is half of what is used here (CDP, logs), to be spelt out all the same.

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::children::Child;
use crate::http;
use crate::ports::free_port;
use crate::until::{PATIENCE, eventually};

/// A page that loads takes its time on a busy machine.
const CALL_DEADLINE: Duration = Duration::from_secs(120);

/// Nothing but the page under test: no updates, no background traffic, no tours.
const ARGUMENTS: [&str; 13] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--password-store=basic",
    // Chromium ends when this pipe does: it does not outlive a ChromeDriver that is killed.
    "--remote-debugging-pipe",
];

/// A ChromeDriver with one session. Dropping it ends both, and the browser.
#[derive(Debug)]
pub(super) struct Driver {
    child: Child,
    base: String,
    session: String,
    /// The browser's process.
    pub(super) browser_pid: u64,
    ended: Cell<bool>,
}

impl Driver {
    /// Starts one, with the browser's profile and logs in `folder`.
    pub(super) fn start(folder: &Path) -> Driver {
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).env("TMPDIR", folder);
        let child = Child::start(
            "chromedriver (regtest/browser/setup.sh installs it)",
            &command,
            &folder.join("chromedriver.log"),
        );
        let base = format!("http://127.0.0.1:{port}");
        eventually("chromedriver to listen;", PATIENCE, || {
            let status = call("GET", &format!("{base}/status"), None)?;
            if status["ready"] == true { Ok(()) } else { Err(status.to_string()) }
        });
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([profile.as_str()]).collect();
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let made = call("POST", &format!("{base}/session"), Some(&wanted));
        let made = made.unwrap_or_else(|why| panic!("no browser: {why}\n{}", child.log_tail()));
        let session = made["sessionId"].as_str().expect("a session has an id").to_owned();
        let pid = made["capabilities"]["goog:processID"].as_u64();
        let browser_pid = pid.expect("ChromeDriver says which process its browser is");
        Driver { child, base, session, browser_pid, ended: Cell::new(false) }
    }

    /// A command of the session.
    pub(super) fn ask(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        let url = format!("{}/session/{}{path}", self.base, self.session);
        call(method, &url, (method == "POST").then_some(&body))
    }

    /// A command of the session that should work.
    #[track_caller]
    pub(super) fn tell(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.ask(method, path, body);
        answer.unwrap_or_else(|why| panic!("{method} {path}: {why}\n{}", self.child.log_tail()))
    }

    /// A command of the Chrome DevTools Protocol.
    #[track_caller]
    pub(super) fn devtools(&self, command: &str, params: Value) -> Value {
        self.tell("POST", "/goog/cdp/execute", json!({"cmd": command, "params": params}))
    }

    /// Ends the browser.
    pub(super) fn quit(&self) {
        if !self.ended.replace(true) {
            let _ = self.ask("DELETE", "", Value::Null);
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.quit();
    }
}

/// One request to ChromeDriver: the value of its answer, or the error in its own words.
fn call(method: &str, url: &str, body: Option<&Value>) -> Result<Value, String> {
    let request = ureq::http::Request::builder().method(method).uri(url);
    let request = request.header("Content-Type", "application/json");
    let request = request.body(body.map_or(String::new(), Value::to_string));
    let request = request.map_err(|error| error.to_string())?;
    let mut response =
        http::client(CALL_DEADLINE).run(request).map_err(|error| error.to_string())?;
    let text = response.body_mut().with_config().limit(1 << 28).read_to_string();
    let mut answer: Value = serde_json::from_str(&text.map_err(|error| error.to_string())?)
        .map_err(|e| e.to_string())?;
    let value = answer["value"].take();
    match (value["error"].as_str(), value["message"].as_str()) {
        (Some(error), message) => Err(format!("{error}: {}", message.unwrap_or(""))),
        (None, _) => Ok(value),
    }
}
