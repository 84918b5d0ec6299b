//! A shop whose links lead to where it really listens, so that a browser can follow them.

use std::ops::{Deref, DerefMut};

use satback_regtest::ports::free_port;
use satback_regtest::{Browser, Look, browser};
use serde_json::{Value, json};

use super::super::kit::Town;

/// The shop at its counter.
pub(crate) struct Counter {
    town: Town,
    at: String,
}

impl Deref for Counter {
    type Target = Town;

    fn deref(&self) -> &Town {
        &self.town
    }
}

impl DerefMut for Counter {
    fn deref_mut(&mut self) -> &mut Town {
        &mut self.town
    }
}

impl Counter {
    pub(crate) fn open() -> Self {
        Self::open_with(&[])
    }

    /// With settings of its own.
    pub(crate) fn open_with(settings: &[&str]) -> Self {
        let at = format!("127.0.0.1:{}", free_port());
        let own = [
            format!("public.listen={at}"),
            format!("public.base_url=http://{at}"),
            "rates.fixed=[\"EUR=1100\"]".to_owned(),
        ];
        let settings: Vec<&str> =
            own.iter().map(String::as_str).chain(settings.iter().copied()).collect();
        Self { town: Town::start_with(&settings), at: format!("http://{at}") }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.at)
    }

    /// A browser, already on this page.
    pub(crate) fn browser(&self, name: &str, look: Look, url: &str) -> Browser {
        let browser = Browser::start(name, look);
        browser.allow_host(&self.at);
        browser.open(url);
        browser
    }

    /// A session over 20 euros with 5 % back, changed by `more`.
    pub(crate) fn sale(&self, more: &Value) -> Value {
        let mut body = json!({
            "currency": "EUR", "amount": 20, "title": "Two bags of coffee",
            "cashback": {"id": self.shop.cashback()["id"]},
        });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
            if value.is_null() {
                body.as_object_mut().unwrap().remove(name);
            }
        }
        self.shop.api.post("/checkout-sessions", body).granted()
    }

    /// The session as it is now.
    pub(crate) fn now(&self, session: &Value) -> Value {
        let id = session["id"].as_str().unwrap();
        self.shop.api.get(&format!("/checkout-sessions/{id}")).granted()
    }

    /// The claim that a paid session earned.
    pub(crate) fn claim_of(&self, session: &Value) -> Value {
        let claim = self.now(session)["claim"].as_str().unwrap().to_owned();
        self.shop.api.get(&format!("/claims/{claim}")).granted()
    }
}

/// The address of a session's page, or a link's.
pub(crate) fn url(of: &Value) -> &str {
    of["url"].as_str().unwrap()
}

/// Puts a picture where people look for it.
pub(crate) fn keep(name: &str, png: &[u8]) {
    let folder = browser::target_folder().join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
}

/// What the page calls the field of a question that the merchant asks.
pub(crate) fn question(session: &Value, at: usize) -> String {
    format!("f-{}", session["custom_fields"][at]["id"].as_str().unwrap())
}
