//! Who gets in, and what a browser keeps of it.

use satback::domain::time::Span;
use satback::sim::daemon::OPERATOR_KEY;
use satback_regtest::Api;

use super::super::kit::{Town, raw};
use super::kit::{Visitor, encoded, key, shopkeeper};

#[test]
fn pages_lead_to_the_sign_in_form_and_from_there_to_where_somebody_wanted_to_go() {
    let town = Town::start();
    let visitor = Visitor::new(town.daemon.admin_at);
    assert_eq!(visitor.get("/").leads_to(), "/dashboard/sign-in");
    let asked = visitor.get("/dashboard/links?kind=checkout").leads_to().to_owned();
    assert_eq!(asked, "/dashboard/sign-in?next=%2Fdashboard%2Flinks%3Fkind%3Dcheckout");
    let form = visitor.get(&asked).shown();
    assert_eq!(form.hidden("next"), "/dashboard/links?kind=checkout");
    let key = key(&town, &town.shop.account, "secret");
    let fields = [("csrf", form.hidden("csrf")), ("key", key), ("next", form.hidden("next"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = visitor.post("/dashboard/sign-in", &fields);
    assert_eq!(answer.leads_to(), "/dashboard/links?kind=checkout");
    visitor.get("/").shown();
    let elsewhere = visitor.get("/dashboard/sign-in?next=https%3A%2F%2Fevil.example");
    assert_eq!(elsewhere.leads_to(), "/");
}

#[test]
fn the_session_cookie_is_for_this_site_alone_and_no_script_reads_it() {
    let town = Town::start();
    let visitor = Visitor::new(town.daemon.admin_at);
    let answer = visitor.sign_in(OPERATOR_KEY);
    let cookie = answer.head.lines().find(|line| line.contains("satback_dashboard=")).unwrap();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "over plain http it would be lost");
    let mut proxied = Visitor::new(town.daemon.admin_at);
    proxied.headers.push(("Origin", format!("https://{}", town.daemon.admin_at)));
    let answer = proxied.sign_in(OPERATOR_KEY);
    let cookie = answer.head.lines().find(|line| line.contains("satback_dashboard=")).unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");
    assert!(!cookie.contains(OPERATOR_KEY));
}

#[test]
fn a_session_is_named_anew_when_somebody_signs_in_and_is_worth_nothing_after_signing_out() {
    let town = Town::start();
    let visitor = Visitor::new(town.daemon.admin_at);
    let planted = "0".repeat(64);
    visitor.cookies.borrow_mut().insert("satback_dashboard".into(), planted.clone());
    visitor.sign_in(OPERATOR_KEY).leads_to();
    let first = visitor.cookies.borrow()["satback_dashboard"].clone();
    assert_ne!(first, planted, "session fixation");
    let other = Visitor::new(town.daemon.admin_at);
    other.cookies.borrow_mut().insert("satback_dashboard".into(), planted);
    assert_eq!(other.get("/").leads_to(), "/dashboard/sign-in");

    let page = visitor.get("/").shown();
    let left = visitor.post("/dashboard/sign-out", &[("csrf", &page.hidden("csrf"))]);
    assert_eq!(left.leads_to(), "/dashboard/sign-in");
    other.cookies.borrow_mut().insert("satback_dashboard".into(), first);
    assert_eq!(other.get("/").leads_to(), "/dashboard/sign-in");
}

#[test]
fn keys_that_do_not_count_open_nothing_and_are_tried_only_so_often() {
    let mut town = Town::start();
    let visitor = Visitor::new(town.daemon.admin_at);
    let publishable = key(&town, &town.shop.account, "publishable");
    for wrong in ["", "ok_guess", publishable.as_str(), &"x".repeat(500)] {
        let answer = visitor.sign_in(wrong);
        assert_eq!(answer.status, 403, "{wrong}");
        assert!(answer.body.contains("not known here"));
    }
    let refused = (0..10).map(|_| visitor.sign_in("ok_guess")).find(|page| page.status == 429);
    let refused = refused.expect("sign-in is throttled");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(visitor.sign_in(OPERATOR_KEY).status, 429, "the right key has to wait too");
    town.daemon.process.pass(Span::from_secs(wait + 1));
    assert_eq!(visitor.sign_in(OPERATOR_KEY).status, 303);
}

#[test]
fn a_key_that_is_taken_back_ends_its_sessions() {
    let town = Town::start();
    let path = format!("/accounts/{}/keys", town.shop.account);
    let made = town.operator.post(&path, serde_json::json!({"type": "secret"})).granted();
    let visitor = Visitor::signed_in(&town, made["key"].as_str().unwrap());
    visitor.get("/").shown();
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    town.operator.ask("DELETE", &one, None).granted();
    assert_eq!(visitor.get("/").leads_to(), "/dashboard/sign-in");
}

#[test]
fn sessions_end_by_themselves() {
    let mut town = Town::start();
    let visitor = shopkeeper(&town);
    town.daemon.process.pass(Span::from_secs(2 * 3_600 + 1));
    assert_eq!(visitor.get("/").leads_to(), "/dashboard/sign-in");
}

#[test]
fn a_form_without_this_sessions_token_changes_nothing() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let other = shopkeeper(&town).get("/dashboard/cashbacks/new").shown().hidden("csrf");
    let fields = [("name", "x"), ("type", "percentage"), ("percentage", "5"), ("once", "1")];
    for token in ["", "0", other.as_str()] {
        let fields = [&[("csrf", token)], &fields[..]].concat();
        let answer = visitor.post("/dashboard/cashbacks", &fields);
        assert_eq!(answer.status, 403, "{token}");
    }
    assert_eq!(visitor.post("/dashboard/cashbacks", &fields).status, 403);
    assert_eq!(visitor.post("/dashboard/sign-out", &[]).status, 403);
    visitor.get("/").shown();
    assert_eq!(town.shop.api.get("/cashbacks").granted()["data"], serde_json::json!([]));
    let stranger = Visitor::new(town.daemon.admin_at);
    let answer = stranger.post("/dashboard/sign-in", &[("csrf", "1"), ("key", OPERATOR_KEY)]);
    assert_eq!(answer.status, 403, "nobody is signed in from another site's page");
    assert!(!stranger.cookies.borrow().contains_key("satback_dashboard"));
}

#[test]
fn bodies_that_are_no_forms_are_refused_and_the_cookie_opens_no_api() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    let token = visitor.get("/").shown().hidden("csrf");
    let cookie = format!("satback_dashboard={}", visitor.cookies.borrow()["satback_dashboard"]);
    let at = town.daemon.admin_at;
    let send = |path: &str, kind: &str, body: &str| {
        let length = body.len();
        raw(
            at,
            &format!(
                "POST {path} HTTP/1.1\r\nHost: {at}\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: \
             {length}\r\nConnection: close\r\n\r\n{body}"
            ),
        )
    };
    let fields = encoded(&[("csrf", &token), ("name", "x"), ("type", "fixed"), ("amount", "1")]);
    for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x"] {
        assert!(send("/dashboard/cashbacks", kind, &fields).starts_with("HTTP/1.1 403"), "{kind}");
    }
    let large = format!("csrf={token}&name={}", "x".repeat(2 << 20));
    let answer = send("/dashboard/cashbacks", "application/x-www-form-urlencoded", &large);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 403"), "{answer}");
    let api = send("/cashbacks", "application/json", r#"{"name":"x","type":"fixed","amount":1}"#);
    assert!(api.starts_with("HTTP/1.1 401"), "{api}");
    assert_eq!(town.shop.api.get("/cashbacks").granted()["data"], serde_json::json!([]));
}

#[test]
fn foreign_hosts_and_origins_are_refused() {
    let town = Town::start();
    let mut visitor = shopkeeper(&town);
    visitor.headers = vec![("Host", "evil.example".to_owned())];
    for path in ["/", "/dashboard/sign-in", "/dashboard/assets/dashboard.css"] {
        assert_eq!(visitor.get(path).status, 403, "DNS rebinding: {path}");
    }
    let at = town.daemon.admin_at.to_string();
    visitor.headers = vec![("Host", at), ("Origin", "http://evil.example".to_owned())];
    assert_eq!(visitor.post("/dashboard/sign-out", &[]).status, 403);
    visitor.headers[1].1 = "null".to_owned();
    assert_eq!(visitor.post("/dashboard/sign-out", &[]).status, 403);
    visitor.headers.pop();
    visitor.get("/").shown();
}

#[test]
fn no_page_can_be_framed_cached_or_load_anything_from_elsewhere() {
    let town = Town::start();
    let visitor = shopkeeper(&town);
    for path in ["/", "/dashboard/cashbacks/new", "/dashboard/nothing-here", "/dashboard/sign-in"] {
        let page = visitor.get(path);
        assert_eq!(page.status == 404, path.ends_with("nothing-here"), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'")
        );
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(page.header("x-frame-options"), Some("DENY"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        for inline in ["<style", " style=", "<script>", " onclick=", "http://", "https://"] {
            let text = page.body.replace("https://<", "").replace("begin with https://", "");
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains(inline), "{path}: {inline}");
        }
    }
}

#[test]
fn nothing_of_the_dashboard_is_reachable_through_the_public_listener() {
    let town = Town::start();
    let public = Api::new(town.daemon.public_at, OPERATOR_KEY);
    for path in
        ["/", "/dashboard/sign-in", "/dashboard/cashbacks", "/dashboard/assets/dashboard.js"]
    {
        assert_eq!(public.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_key_that_only_reads_sees_pages_but_makes_nothing() {
    let town = Town::start();
    let cashback = town.shop.cashback();
    let session = town.shop.session(1_000, &cashback);
    let visitor = Visitor::signed_in(&town, &key(&town, &town.shop.account, "restricted"));
    let list = visitor.get("/dashboard/cashbacks").shown();
    assert!(list.body.contains("5 % back") && !list.body.contains("Create New"));
    assert_eq!(visitor.get("/dashboard/cashbacks/new").status, 403);
    let id = cashback["id"].as_str().unwrap();
    let path = format!("/dashboard/cashbacks/{id}/deactivate");
    let answer = visitor.send(&path, &path, &[]);
    assert_eq!(answer.status, 403);
    let session = session["id"].as_str().unwrap();
    let page = visitor.get(&format!("/dashboard/sessions/{session}")).shown();
    assert!(!page.body.contains("/s/"), "addresses that are as good as money are not shown");
    assert_eq!(town.shop.api.get(&format!("/cashbacks/{id}")).granted()["status"], "active");
}
