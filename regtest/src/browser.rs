//! A real browser for tests of pages: Chromium without a window, driven through ChromeDriver.
//!
//! ```text
//! let browser = Browser::start("the_name_of_the_test", Look::phone().dark());
//! browser.open("http://127.0.0.1:8480/c/…");
//! browser.click("button[type=submit]");
//! browser.wait_text("#state", "Paid");
//! ```
//!
//! Whatever is looked for is awaited, with a deadline. When the browser is dropped, its test fails if there was an error
//! in the console (reports of the content security policy among them) or a request to a host that was not opened by the
//! test; a test that fails leaves a screenshot and the page's source under `target/screenshots/`. Every browser has a
//! fresh profile, and ends with its handle.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::until::eventually;

mod acts;
mod axe;
mod driver;
mod keyboard;
mod log;
mod picture;
mod qr;

use driver::Driver;
use log::Log;

pub use log::Request;
pub use qr::codes_in;

/// How long anything on a page may take to appear.
pub const PAGE_DEADLINE: Duration = Duration::from_secs(60);

/// What the browser looks like, and what its user asks for.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Width of the page in CSS pixels.
    pub width: u32,
    /// Height of what can be seen of it.
    pub height: u32,
    /// Device pixels for each CSS pixel.
    pub scale: u32,
    /// Whether it is a phone: touch, and no scroll bars.
    pub phone: bool,
    /// Whether dark colours are asked for.
    pub dark: bool,
    /// Whether less motion is asked for.
    pub still: bool,
    /// Whether pages may run scripts.
    pub scripts: bool,
}

impl Look {
    /// The smallest phone: 320 by 640.
    pub fn phone() -> Look {
        Look { width: 320, height: 640, scale: 2, phone: true, ..Look::laptop() }
    }

    /// A laptop: 1280 by 800.
    pub fn laptop() -> Look {
        let (width, height) = (1280, 800);
        Look { width, height, scale: 1, phone: false, dark: false, still: false, scripts: true }
    }

    /// The same with this many CSS pixels.
    pub fn sized(self, width: u32, height: u32) -> Look {
        Look { width, height, ..self }
    }

    /// The same in dark colours.
    pub fn dark(self) -> Look {
        Look { dark: true, ..self }
    }

    /// The same with less motion.
    pub fn still(self) -> Look {
        Look { still: true, ..self }
    }

    /// The same without scripts.
    pub fn without_scripts(self) -> Look {
        Look { scripts: false, ..self }
    }
}

/// A browser with one tab.
#[derive(Debug)]
pub struct Browser {
    name: String,
    driver: Driver,
    log: RefCell<Log>,
    hosts: RefCell<Vec<String>>,
    expected: RefCell<Vec<String>>,
    // The last to go: the driver writes into it.
    _folder: TempDir,
}

impl Browser {
    /// Starts one; `name` is the test's, for what a failure leaves.
    pub fn start(name: &str, look: Look) -> Browser {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let browser = Browser {
            name: name.to_owned(),
            driver: Driver::start(folder.path()),
            log: RefCell::default(),
            hosts: RefCell::default(),
            expected: RefCell::default(),
            _folder: folder,
        };
        browser.look(look);
        browser
    }

    /// The process id of the browser itself.
    pub fn pid(&self) -> u64 {
        self.driver.browser_pid
    }

    /// Changes what it looks like.
    pub fn look(&self, look: Look) {
        let Look { width, height, scale, phone, .. } = look;
        let devtools = |command, params| self.driver.devtools(command, params);
        devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone}),
        );
        let scheme = if look.dark { "dark" } else { "light" };
        let motion = if look.still { "reduce" } else { "no-preference" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion},
        ]);
        devtools("Emulation.setEmulatedMedia", json!({"media": "", "features": features}));
        let off = json!({"value": !look.scripts});
        devtools("Emulation.setScriptExecutionDisabled", off);
    }

    /// Shows the page as it would be printed; [`Browser::look`] takes that back.
    pub fn look_as_printed(&self) {
        self.driver.devtools("Emulation.setEmulatedMedia", json!({"media": "print"}));
    }

    /// Lets pages read and write the clipboard, as a person's click would.
    pub fn allow_clipboard(&self) {
        let permissions = json!(["clipboardReadWrite", "clipboardSanitizedWrite"]);
        self.driver.devtools("Browser.grantPermissions", json!({"permissions": permissions}));
    }

    /// What is in the clipboard.
    pub fn clipboard(&self) -> String {
        let script = "const done = arguments[arguments.length - 1];
             navigator.clipboard.readText().then(done, e => done('unreadable: ' + e));";
        self.run_async(script, &[]).as_str().unwrap_or("").to_owned()
    }

    /// Opens a page, and waits until it is loaded. Its host is one that pages may ask from now on.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.allow_host(url);
        self.driver.tell("POST", "/url", json!({ "url": url }));
    }

    /// Pages may ask the host of this address too.
    pub fn allow_host(&self, url: &str) {
        self.hosts.borrow_mut().extend(log::host(url));
    }

    /// Console errors that hold these words are no findings: for tests of what goes wrong.
    pub fn expect_error(&self, words: &str) {
        self.expected.borrow_mut().push(words.to_owned());
    }

    /// Loads the page anew.
    pub fn reload(&self) {
        self.driver.tell("POST", "/refresh", json!({}));
    }

    /// The page before this one.
    pub fn back(&self) {
        self.driver.tell("POST", "/back", json!({}));
    }

    /// The address of the page.
    #[track_caller]
    pub fn url(&self) -> String {
        text(self.driver.tell("GET", "/url", Value::Null))
    }

    /// The page's title.
    pub fn title(&self) -> String {
        text(self.driver.tell("GET", "/title", Value::Null))
    }

    /// The page's source as it is now.
    pub fn source(&self) -> String {
        text(self.driver.tell("GET", "/source", Value::Null))
    }

    /// The cookies that the page would send, those that no script sees too.
    pub fn cookies(&self) -> Vec<Value> {
        let cookies = self.driver.tell("GET", "/cookie", Value::Null);
        cookies.as_array().cloned().unwrap_or_default()
    }

    /// Sets a cookie for the page's host.
    pub fn set_cookie(&self, cookie: Value) {
        self.driver.tell("POST", "/cookie", json!({ "cookie": cookie }));
    }

    /// Runs the body of a function in the page: what it returns. The page's policy does not bind it.
    #[track_caller]
    pub fn run(&self, script: &str, args: &[Value]) -> Value {
        self.driver.tell("POST", "/execute/sync", json!({"script": script, "args": args}))
    }

    /// Runs the body of a function whose last argument takes the answer.
    #[track_caller]
    pub fn run_async(&self, script: &str, args: &[Value]) -> Value {
        self.driver.tell("POST", "/execute/async", json!({"script": script, "args": args}))
    }

    /// Waits until an expression in the page is true.
    #[track_caller]
    pub fn wait_for(&self, expression: &str) {
        eventually(expression, PAGE_DEADLINE, || {
            let value = self.driver.ask(
                "POST",
                "/execute/sync",
                json!({"script": format!("return !!({expression});"), "args": []}),
            )?;
            if value == true { Ok(()) } else { Err(String::new()) }
        });
    }

    /// Waits until the address holds this.
    #[track_caller]
    pub fn wait_url(&self, part: &str) {
        eventually(&format!("the address to hold {part};"), PAGE_DEADLINE, || {
            let url = self.url();
            if url.contains(part) { Ok(()) } else { Err(url) }
        });
    }

    /// Every request so far, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.read_logs();
        self.log.borrow().requests()
    }

    fn read_logs(&self) {
        let read = |kind| self.driver.ask("POST", "/se/log", json!({ "type": kind }));
        let mut log = self.log.borrow_mut();
        log.take_console(&read("browser").unwrap_or(Value::Null));
        log.take_events(&read("performance").unwrap_or(Value::Null));
    }

    /// What was in the console or on the wire and should not have been.
    pub fn findings(&self) -> Vec<String> {
        self.read_logs();
        self.log.borrow().findings(&self.expected.borrow(), &self.hosts.borrow())
    }

    /// Leaves what is to be seen of a failure, and says where.
    fn leave_traces(&self) {
        let folder = target_folder().join("screenshots");
        let _ = std::fs::create_dir_all(&folder);
        if let Ok(png) = self.try_screenshot() {
            let file = folder.join(format!("{}.png", self.name));
            let _ = std::fs::write(&file, png);
            eprintln!("screenshot: {}", file.display());
        }
        if let Ok(source) = self.driver.ask("GET", "/source", Value::Null) {
            let _ = std::fs::write(folder.join(format!("{}.html", self.name)), text(source));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let findings = self.findings();
        let fails = std::thread::panicking();
        if fails || !findings.is_empty() {
            self.leave_traces();
        }
        self.driver.quit();
        let findings = findings.join("\n");
        if fails && !findings.is_empty() {
            eprintln!("beside that:\n{findings}");
        }
        assert!(fails || findings.is_empty(), "{} found by the way:\n{findings}", self.name);
    }
}

/// Cargo's target folder of this workspace.
pub fn target_folder() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target");
    std::env::var_os("CARGO_TARGET_DIR").map_or(beside, PathBuf::from)
}

fn text(value: Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}
