//! The hosted pages of links, as browsers see them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use satback::domain::money::Msat;
use satback::domain::time::Span;
use serde_json::{Value, json};

use super::kit::{Town, path, raw};

/// A browser with its cookies.
struct Browser {
    at: SocketAddr,
    cookies: BTreeMap<String, String>,
}

/// What a browser got.
struct Shown {
    status: u16,
    head: String,
    body: String,
}

impl Shown {
    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        });
        line.map(str::trim)
    }

    /// Where it leads: the page of a session.
    #[track_caller]
    fn session(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.body);
        let to = self.header("location").unwrap().to_owned();
        assert!(to.starts_with("/s/"), "{to}");
        to
    }
}

impl Browser {
    fn new(town: &Town) -> Self {
        Self::at(town.daemon.public_at)
    }

    fn at(at: SocketAddr) -> Self {
        Self { at, cookies: BTreeMap::new() }
    }

    fn ask(&mut self, method: &str, path: &str, form: &str) -> Shown {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = match cookies.is_empty() {
            true => String::new(),
            false => format!("Cookie: {}\r\n", cookies.join("; ")),
        };
        let answer = raw(
            self.at,
            &format!(
                "{method} {path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n{cookies}\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
                form.len()
            ),
        );
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        for line in head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            assert!(line.contains(&format!("; Path={path};")), "{line}");
            assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
            assert!(line.ends_with("; Secure"), "{line}");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Shown { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&mut self, path: &str) -> Shown {
        self.ask("GET", path, "")
    }

    fn post(&mut self, path: &str, form: &str) -> Shown {
        self.ask("POST", path, form)
    }
}

fn sessions(town: &Town) -> Vec<Value> {
    let list = town.shop.api.get("/checkout-sessions?limit=100").granted();
    list["data"].as_array().unwrap().clone()
}

/// The session behind a page.
fn behind(town: &Town, page: &str) -> Value {
    let found =
        sessions(town).into_iter().find(|session| path(session["url"].as_str().unwrap()) == page);
    found.unwrap_or_else(|| panic!("no session has the page {page}"))
}

fn link(town: &Town, path: &str, mut body: Value) -> (Value, String) {
    body["currency"] = json!("SATS");
    body["cashback"] = json!({"id": town.shop.cashback()["id"]});
    let link = town.shop.api.post(path, body).granted();
    let at = super::kit::path(link["url"].as_str().unwrap());
    (link, at)
}

fn assert_private(shown: &Shown) {
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    assert_eq!(shown.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(shown.header("x-frame-options"), Some("DENY"));
    assert!(shown.header("content-security-policy").unwrap().contains("form-action 'self'"));
}

#[test]
fn looking_at_a_link_changes_nothing() {
    let town = Town::start();
    let (_, checkout) = link(&town, "/checkout-links", json!({"amount": 10_000, "title": "<Tea>"}));
    let (_, payment) = link(&town, "/payment-links", json!({"amount": 5_000}));
    let events = || town.operator.get("/ledger/export").text;
    let before = (sessions(&town), events());
    for at in [&checkout, &payment] {
        for method in ["GET", "HEAD", "GET"] {
            let shown = Browser::new(&town).ask(method, at, "");
            assert_eq!(shown.status, 200);
            assert_private(&shown);
        }
        assert_eq!(Browser::new(&town).ask("OPTIONS", at, "").status, 405);
    }
    assert_eq!((sessions(&town), events()), before);
    let shown = Browser::new(&town).get(&checkout);
    assert!(
        shown.body.contains("&lt;Tea&gt;") && shown.body.contains("10,000 sat"),
        "{}",
        shown.body
    );
    assert!(shown.body.contains("method=\"post\"") && !shown.body.contains("/s/"));
    let (one, other) = (checkout.replacen("/c/", "/p/", 1), payment.replacen("/p/", "/c/", 1));
    for unknown in [one, other, "/c/00".to_owned(), format!("/p/{}", "0".repeat(32))] {
        for method in ["GET", "POST"] {
            assert_eq!(Browser::new(&town).ask(method, &unknown, "").status, 404, "{unknown}");
        }
    }
}

#[test]
fn a_checkout_link_leads_anybody_to_its_session_until_it_is_paid_and_then_only_who_was_there() {
    let town = Town::start();
    let (made, at) = link(&town, "/checkout-links", json!({"amount": 10_000}));
    let (mut buyer, mut friend) = (Browser::new(&town), Browser::new(&town));
    let page = buyer.post(&at, "").session();
    assert_eq!(friend.post(&at, "").session(), page);
    assert_eq!(sessions(&town).len(), 1, "a checkout link has exactly one session");
    let session = behind(&town, &page);
    assert_eq!(session["id"], made["checkout_session"]);
    town.pay(&session);

    let mut stranger = Browser::new(&town);
    for shown in [stranger.get(&at), stranger.post(&at, ""), stranger.post(&at, "open=last")] {
        assert_eq!((shown.status, shown.header("location")), (200, None));
        assert!(shown.body.contains("This checkout has been paid."), "{}", shown.body);
        assert!(!shown.body.contains("LNURL1") && !shown.body.contains("/s/"));
        assert_private(&shown);
    }
    let shown = buyer.get(&at);
    assert!(shown.body.contains("Back to what you paid") && !shown.body.contains("/s/"));
    assert!(!shown.body.contains("LNURL1"), "the cashback is on the session's own page only");
    assert_eq!(buyer.post(&at, "open=last").session(), page);
    assert!(buyer.get(&page).body.contains("LNURL1"));

    // What another link's browser holds is worth nothing here.
    let (_, elsewhere) = link(&town, "/checkout-links", json!({"amount": 1_000}));
    let mut other = Browser::new(&town);
    other.post(&elsewhere, "");
    assert_eq!(other.post(&at, "").status, 200);
}

#[test]
fn a_payment_link_makes_a_session_for_each_buyer_and_one_for_each_browser() {
    let town = Town::start();
    let (made, at) = link(&town, "/payment-links", json!({"amount": 5_000}));
    let (mut one, mut two) = (Browser::new(&town), Browser::new(&town));
    one.get(&at);
    let page = one.post(&at, "").session();
    assert_eq!(one.post(&at, "").session(), page, "the same while it is unpaid");
    let other = two.post(&at, "").session();
    assert_ne!(other, page);
    assert_eq!(two.post(&at, "").session(), other, "a browser that was given its name by the POST");
    let session = behind(&town, &page);
    assert_eq!(session["source_id"], made["id"]);
    assert_eq!(session["source"], "payment_link");
    town.pay(&session);
    assert!(one.get(&page).body.contains("LNURL1"));
    assert!(one.get(&at).body.contains("Back to what you paid"));
    assert!(!two.get(&at).body.contains("Back to what you paid"));
    assert_eq!(one.post(&at, "open=last").session(), page);
    let again = one.post(&at, "").session();
    assert!(again != page && again != other, "who has paid may buy again");
    let now = town.shop.api.get(&format!("/payment-links/{}", made["id"].as_str().unwrap()));
    let now = now.granted();
    assert_eq!(json!([now["sessions_opened"], now["sessions_paid"]]), json!([3, 1]));

    let close = format!("/payment-links/{}/deactivate", made["id"].as_str().unwrap());
    town.shop.api.post(&close, json!({})).granted();
    for shown in [two.get(&at), two.post(&at, "")] {
        assert_eq!(shown.status, 410);
        assert!(shown.body.contains("This link is closed."));
    }
    assert_eq!(behind(&town, &other)["status"], "deactivated");
    assert_eq!(one.post(&at, "open=last").status, 303, "the way back stays open");
}

#[test]
fn the_buyers_choice_is_checked() {
    let town = Town::start();
    let amount = |page: &str| behind(&town, page)["target_amount"].clone();
    let check = |body: Value, good: &[(&str, u64)], bad: &[&str]| {
        let (_, at) = link(&town, "/payment-links", body);
        for (form, sat) in good {
            let page = Browser::new(&town).post(&at, form).session();
            assert_eq!(amount(&page), json!(sat), "{form}");
        }
        for form in bad {
            let before = sessions(&town).len();
            let shown = Browser::new(&town).post(&at, form);
            assert_eq!(shown.status, 400, "{form}");
            assert!(shown.body.contains("class=\"bad problem\"") && shown.body.contains("<form"));
            assert_private(&shown);
            assert_eq!(sessions(&town).len(), before);
        }
    };
    check(json!({"amount": 7}), &[("", 7), ("amount=1", 7)], &["amount=x"]);
    check(
        json!({"type": "options", "options": [5, 10]}),
        &[("amount=5", 5), ("amount=10.0", 10), ("x=1&amount=+10", 10)],
        &["", "amount=", "amount=7", "amount=-5"],
    );
    check(
        json!({"type": "preset", "preset": {"min_amount": 5, "max_amount": 10}}),
        &[("amount=5", 5), ("amount=9.5", 10)],
        &["", "amount=4", "amount=11", "amount=1e400", "amount=5,5"],
    );
    check(json!({"amount": 0}), &[("amount=1", 1)], &["amount=0", "", "amount=99999999999999999"]);
}

#[test]
fn another_amount_is_another_session_and_the_first_is_closed() {
    let town = Town::start();
    let (_, at) = link(&town, "/payment-links", json!({"type": "options", "options": [5, 10]}));
    let mut buyer = Browser::new(&town);
    let five = buyer.post(&at, "amount=5").session();
    assert_eq!(buyer.post(&at, "amount=5").session(), five);
    let ten = buyer.post(&at, "amount=10").session();
    assert_ne!(ten, five);
    assert_eq!(behind(&town, &five)["status"], "deactivated");
    assert_eq!(behind(&town, &ten)["status"], "active");
}

#[test]
fn many_browsers_at_once_leave_as_many_unpaid_sessions_as_there_may_be() {
    let mut town = Town::start_with(&["links.max_unpaid=3"]);
    let (made, at) = link(&town, "/payment-links", json!({"amount": 5_000}));
    let first = Browser::new(&town).post(&at, "").session();
    town.daemon.process.pass(Span::from_secs(1));
    let listener = town.daemon.public_at;
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| Browser::at(listener).post(&at, "").session());
        }
    });
    let active: Vec<_> =
        sessions(&town).into_iter().filter(|session| session["status"] == "active").collect();
    assert_eq!(active.len(), 3);
    assert_eq!(behind(&town, &first)["status"], "deactivated", "nobody looked at it");
    let now = town.shop.api.get(&format!("/payment-links/{}", made["id"].as_str().unwrap()));
    assert_eq!(now.granted()["sessions_opened"], 9);

    // A page that somebody looks at stays.
    let looked_at = path(active[2]["url"].as_str().unwrap());
    town.daemon.process.pass(Span::from_secs(1));
    Browser::new(&town).get(&looked_at);
    Browser::new(&town).post(&at, "");
    Browser::new(&town).post(&at, "");
    assert_eq!(behind(&town, &looked_at)["status"], "active");
    let audit = town.operator.get("/ledger/audit").granted();
    assert_eq!(audit["internal"]["problems"], json!([]));
}

#[test]
fn a_shop_that_cannot_take_money_now_says_so_on_the_page() {
    let town = Town::start();
    let (_, at) = link(&town, "/payment-links", json!({"amount": 5_000}));
    town.operator.post("/drain", json!({})).granted();
    let shown = Browser::new(&town).post(&at, "");
    assert_eq!(shown.status, 503);
    assert!(shown.body.contains("try again later"), "{}", shown.body);
    town.operator.post("/undrain", json!({})).granted();
    town.daemon.process.outside.node.set_liquidity(|now| now.inbound = Msat::new(4_999_999));
    let shown = Browser::new(&town).post(&at, "");
    assert_eq!(shown.status, 503);
    assert!(shown.body.contains("cannot receive that much"), "{}", shown.body);
    assert_eq!(sessions(&town), Vec::<Value>::new());
}
