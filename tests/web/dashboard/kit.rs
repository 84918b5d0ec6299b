//! A browser that is only HTTP: it keeps cookies, follows nothing, and fills in forms.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use satback_regtest::Answer;

use super::super::kit::{Town, raw};

/// Somebody at the dashboard.
pub(crate) struct Visitor {
    at: SocketAddr,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
    /// Headers beside the usual ones.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// What an answer was: status, headers as they were sent, and body.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Page {
    /// The value of a header, in lower case names.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    }

    /// Where it leads.
    pub(crate) fn leads_to(&self) -> &str {
        assert!((300..400).contains(&self.status), "{} {}", self.status, self.body);
        self.header("location").unwrap()
    }

    /// The value of a hidden field, the first of its name.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let begin = format!("name=\"{name}\" value=\"");
        let from = self.body.find(&begin).unwrap_or_else(|| panic!("no {name} in {}", self.body));
        let rest = &self.body[from + begin.len()..];
        rest[..rest.find('"').unwrap()].to_owned()
    }

    /// A page that should be there.
    #[track_caller]
    pub(crate) fn shown(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.body);
        self
    }
}

/// Fields as a browser sends them.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        let byte = |b: u8| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' => {
                char::from(b).to_string()
            }
            b => format!("%{b:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

impl Visitor {
    pub(crate) fn new(at: SocketAddr) -> Self {
        Self { at, cookies: RefCell::default(), headers: vec![] }
    }

    /// Somebody who has signed in with this key.
    pub(crate) fn signed_in(town: &Town, key: &str) -> Self {
        let visitor = Self::new(town.daemon.admin_at);
        let answer = visitor.sign_in(key);
        assert_eq!(answer.leads_to(), "/");
        visitor
    }

    pub(crate) fn sign_in(&self, key: &str) -> Page {
        let form = self.get("/dashboard/sign-in").shown();
        let token = form.hidden("csrf");
        self.post("/dashboard/sign-in", &[("csrf", &token), ("key", key), ("next", "/")])
    }

    pub(crate) fn get(&self, path: &str) -> Page {
        self.ask("GET", path, "")
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.ask("POST", path, &encoded(fields))
    }

    /// Sends a form with the hidden fields of the page that has it.
    #[track_caller]
    pub(crate) fn send(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(from).shown();
        let (csrf, once) = (page.hidden("csrf"), page.hidden("once"));
        let own = [("csrf", csrf.as_str()), ("once", once.as_str())];
        self.post(path, &[&own, fields].concat())
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Page {
        let at = self.at;
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        if !self.headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str(&format!("Host: {at}\r\n"));
        }
        for (name, value) in &self.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        drop(cookies);
        if !pairs.is_empty() {
            request.push_str(&format!("Cookie: {}\r\n", pairs.join("; ")));
        }
        if method == "POST" {
            request.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        }
        request.push_str(&format!(
            "Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ));
        let answer = raw(at, &request);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let page = Page {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        };
        self.keep(&page);
        page
    }

    fn keep(&self, page: &Page) {
        let set = page.head.lines().filter_map(|line| line.split_once(": "));
        for (_, cookie) in set.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A key of this kind for the town's shop.
pub(crate) fn key(town: &Town, account: &str, kind: &str) -> String {
    let path = format!("/accounts/{account}/keys");
    let made: Answer = town.operator.post(&path, serde_json::json!({ "type": kind }));
    made.granted()["key"].as_str().unwrap().to_owned()
}

/// The town's shopkeeper, signed in.
pub(crate) fn shopkeeper(town: &Town) -> Visitor {
    Visitor::signed_in(town, &key(town, &town.shop.account, "secret"))
}
