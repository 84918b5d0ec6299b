//! A client of the daemon's HTTP interfaces.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

use crate::http;

/// How long a request may take on a busy machine.
const CALL_DEADLINE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub text: String,
    /// The body as JSON; `null` if it is none.
    pub json: Value,
}

impl Answer {
    /// The body of an answer that should be a good one.
    #[track_caller]
    pub fn granted(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.json
    }

    /// The first error of an answer that should be a refusal with this status: its code.
    #[track_caller]
    pub fn refused(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.text);
        self.json["errors"][0]["code"].as_str().unwrap_or("")
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A request and its answer.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The listener, as `http://address`.
    pub base: &'a str,
    /// The method.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// What was answered.
    pub answer: &'a Answer,
}

/// Who looks at every exchange of this process.
static WATCHER: OnceLock<fn(&Exchange<'_>)> = OnceLock::new();

/// From now on this function sees every exchange of this process; the first one that is given stays.
pub fn watch(watcher: fn(&Exchange<'_>)) {
    WATCHER.get_or_init(|| watcher);
}

/// A listener of the daemon, with a key.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    key: String,
    headers: Vec<(String, String)>,
}

impl Api {
    /// The listener at this address, with this key; an empty one is not sent.
    pub fn new(at: SocketAddr, key: &str) -> Api {
        Api { base: format!("http://{at}"), key: key.into(), headers: vec![] }
    }

    /// The same with this header too.
    pub fn with(mut self, name: &str, value: &str) -> Api {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Makes a request, or says why there is no answer.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, String> {
        let agent = http::client(CALL_DEADLINE);
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !self.key.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.key));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = body.map_or(String::new(), Value::to_string);
        if !body.is_empty() {
            request = request.header("Content-Type", "application/json");
        }
        let request = request.body(body).map_err(|error| error.to_string())?;
        let mut response = agent.run(request).map_err(|error| error.to_string())?;
        let headers = response.headers().iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(1 << 28).read_to_string();
        let text = text.map_err(|error| error.to_string())?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { status, headers, text, json };
        if let Some(watcher) = WATCHER.get() {
            watcher(&Exchange { base: &self.base, method, path, answer: &answer });
        }
        Ok(answer)
    }

    /// Makes a request.
    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let answer = self.try_ask(method, path, body);
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// `GET`, or why there is no answer.
    pub fn try_get(&self, path: &str) -> Result<Answer, String> {
        self.try_ask("GET", path, None)
    }

    /// `GET`.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    /// `POST`.
    #[track_caller]
    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, Some(&body))
    }
}
