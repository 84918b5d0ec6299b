//! What a browser did beside showing a page: what its console said, and what it asked of whom.

use serde_json::Value;

/// Everything that was told so far; ChromeDriver tells each thing once.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Console lines: (level, text).
    console: Vec<(String, String)>,
    /// Requests by their id.
    requests: Vec<(String, Request)>,
}

/// A request that the browser made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// What was asked for.
    pub url: String,
    /// The status of the answer; 0 while there is none.
    pub status: u16,
    /// Bytes that came over the wire for it, head and body.
    pub bytes: u64,
}

impl Log {
    /// Reads what ChromeDriver has of its `browser` log.
    pub(super) fn take_console(&mut self, entries: &Value) {
        for entry in entries.as_array().into_iter().flatten() {
            let text = |field: &str| entry[field].as_str().unwrap_or("").to_owned();
            let level = if text("source") == "security" { "SEVERE".into() } else { text("level") };
            self.console.push((level, text("message")));
        }
    }

    /// Reads what ChromeDriver has of its `performance` log: events of the DevTools protocol.
    pub(super) fn take_events(&mut self, entries: &Value) {
        for entry in entries.as_array().into_iter().flatten() {
            let message = entry["message"].as_str().unwrap_or("");
            let message: Value = serde_json::from_str(message).unwrap_or(Value::Null);
            let (event, params) = (&message["message"]["method"], &message["message"]["params"]);
            self.take_event(event.as_str().unwrap_or(""), params);
        }
    }

    fn take_event(&mut self, event: &str, params: &Value) {
        let id = params["requestId"].as_str().unwrap_or("");
        let bytes = params["encodedDataLength"].as_u64();
        match event {
            "Network.requestWillBeSent" => {
                // A redirect goes on under the same id.
                if let Some(led) = params["redirectResponse"]["encodedDataLength"].as_u64()
                    && let Some(request) = self.request(id)
                {
                    request.bytes = led;
                }
                let url = params["request"]["url"].as_str().unwrap_or("").to_owned();
                self.requests.push((id.to_owned(), Request { url, ..Request::default() }));
            }
            "Network.webSocketCreated" => {
                let url = params["url"].as_str().unwrap_or("").to_owned();
                self.requests.push((id.to_owned(), Request { url, ..Request::default() }));
            }
            "Network.responseReceived" => {
                if let Some(request) = self.request(id) {
                    let status = params["response"]["status"].as_u64().unwrap_or(0);
                    request.status = u16::try_from(status).unwrap_or(0);
                    let head = params["response"]["encodedDataLength"].as_u64();
                    request.bytes = head.unwrap_or(0);
                }
            }
            // What is still coming, a stream of events say, is counted as it comes; what is complete, once and exactly.
            "Network.dataReceived" => {
                if let (Some(request), Some(bytes)) = (self.request(id), bytes) {
                    request.bytes += bytes;
                }
            }
            "Network.loadingFinished" => {
                if let (Some(request), Some(bytes)) = (self.request(id), bytes) {
                    request.bytes = bytes;
                }
            }
            _ => {}
        }
    }

    fn request(&mut self, id: &str) -> Option<&mut Request> {
        self.requests.iter_mut().rev().find(|(known, _)| known == id).map(|(_, found)| found)
    }

    /// All requests over the network so far; the browser makes others inside of itself.
    pub(super) fn requests(&self) -> Vec<Request> {
        let all = self.requests.iter().map(|(_, request)| request);
        all.filter(|request| host(&request.url).is_some()).cloned().collect()
    }

    /// Everything that should not have been: errors in the console, reports of the content security policy among them, but
    /// for those that hold one of the `expected` words; and requests to a host that is not in `hosts`.
    pub(super) fn findings(&self, expected: &[String], hosts: &[String]) -> Vec<String> {
        let is_error = |(level, text): &&(String, String)| {
            level == "SEVERE" && !expected.iter().any(|words| text.contains(words.as_str()))
        };
        let errors =
            self.console.iter().filter(is_error).map(|(_, text)| format!("console: {text}"));
        let elsewhere = self.requests.iter().map(|(_, request)| &request.url);
        let elsewhere =
            elsewhere.filter(|url| host(url).is_some_and(|host| !hosts.contains(&host)));
        errors.chain(elsewhere.map(|url| format!("another host: {url}"))).collect()
    }
}

/// Host and port of an address on the network; `None` for `data:`, `about:` and the like.
pub(super) fn host(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let is_network = ["http", "https", "ws", "wss", "ftp"].contains(&scheme);
    is_network.then(|| rest.split(['/', '?', '#']).next().unwrap_or("").to_owned())
}
