//! LNURL-withdraw as wallets see it (`API.md` section 2; lnurl-withdraw.md, parts C.2 and 3).

use satback::domain::payout::FailureCode;
use satback::domain::time::Span;
use satback::sim::Behaviour;
use satback::sim::daemon::BASE_URL;
use satback_regtest::Answer;
use serde_json::{Value, json};

use super::kit::{Town, callback, link, raw};

fn error(reason: &str) -> Value {
    json!({"status": "ERROR", "reason": reason})
}

/// What every answer under `/w` is like.
fn assert_wallet_answer(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn the_withdraw_request_has_exactly_the_six_fields_of_lud_03() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    let answer = town.public().get(&link(&claim));
    assert_wallet_answer(&answer);
    let expect = json!({
        "tag": "withdrawRequest",
        "callback": format!("{BASE_URL}{}/callback", link(&claim)),
        "k1": answer.json["k1"],
        "defaultDescription": "5 % back",
        "minWithdrawable": 500_000,
        "maxWithdrawable": 500_000,
    });
    assert_eq!(answer.json, expect);
    let k1 = answer.json["k1"].as_str().unwrap();
    assert!(k1.len() == 64 && k1.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
}

#[test]
fn asking_changes_nothing_however_often() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    let first = town.info(&claim);
    let journal = town.daemon.process.outside.disk.syncs();
    for _ in 0..20 {
        assert_eq!(town.info(&claim), first);
        for method in ["HEAD", "OPTIONS", "PUT", "DELETE"] {
            town.public().ask(method, &link(&claim), None);
        }
    }
    assert_eq!(town.daemon.process.outside.disk.syncs(), journal);
    assert_eq!(town.again(&claim), claim);
}

#[test]
fn only_get_and_post_of_the_callback_start_a_payout() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    let k1 = town.info(&claim)["k1"].as_str().unwrap().to_owned();
    let path = callback(&claim, &k1, &town.invoice(500_000));
    for method in ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"] {
        let answer = town.public().ask(method, &path, None);
        assert_wallet_answer(&answer);
        assert_eq!(town.again(&claim)["status"], "open", "{method}");
    }
    let preflight = town.public().ask("OPTIONS", &path, None);
    assert_eq!(preflight.header("access-control-allow-methods"), Some("GET, POST, HEAD, OPTIONS"));
    assert_eq!(preflight.header("access-control-allow-headers"), Some("*"));
    let head = raw(
        town.daemon.public_at,
        &format!("HEAD {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", link(&claim)),
    );
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    let put = town.public().ask("PUT", &path, None);
    assert_eq!(put.json, error("only GET and POST are answered here"));
}

#[test]
fn parameters_come_in_query_form_or_json() {
    let town = Town::start();
    let at = town.daemon.public_at;
    let post = |claim: &Value, query: &str, content_type: &str, body: &str| {
        let path = format!("{}/callback{query}", link(claim));
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {content_type}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = raw(at, &request);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let json = answer.split("\r\n\r\n").nth(1).unwrap_or("").to_owned();
        serde_json::from_str::<Value>(&json).unwrap_or_else(|error| panic!("{error}: {answer}"))
    };
    let (_, claim) = town.claim(10_000);
    let k1 = town.info(&claim)["k1"].as_str().unwrap().to_owned();
    let pr = town.invoice(500_000);
    let (form, json_type) = ("application/x-www-form-urlencoded", "application/json");
    let ok = json!({"status": "OK"});
    assert_eq!(post(&claim, "", form, &format!("pr={pr}&k1={k1}&x=1")), ok);
    assert_eq!(post(&claim, "", json_type, &json!({"k1": k1, "pr": pr}).to_string()), ok);
    assert_eq!(post(&claim, &format!("?k1={k1}"), form, &format!("pr={pr}")), ok);
    assert_eq!(post(&claim, &format!("?pr=lightning:{pr}"), form, &format!("k1={k1}")), ok);
    let twice = post(&claim, &format!("?k1={k1}&pr={pr}"), form, &format!("k1={k1}&pr={pr}"));
    assert_eq!(twice, ok, "equal duplicates are one");
    let differ = post(&claim, &format!("?k1={k1}&pr={pr}"), form, "pr=lnsim1_other");
    assert_eq!(differ, error("pr is given twice with different values"));
    assert_eq!(post(&claim, "", json_type, "[1]")["status"], "ERROR");
    let large = format!("pr={}", "x".repeat(20_000));
    assert_eq!(post(&claim, "", form, &large), error("the request is too large"));
}

#[test]
fn what_is_wrong_with_a_request_is_said_with_status_200() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    let k1 = town.info(&claim)["k1"].as_str().unwrap().to_owned();
    let (path, pr) = (format!("{}/callback", link(&claim)), town.invoice(500_000));
    let other = "0".repeat(64);
    for (query, reason) in [
        (format!("pr={pr}"), "k1 is missing"),
        (format!("k1={k1}"), "pr is missing"),
        (format!("k1={k1}&pr=rubbish"), "pr is not a BOLT11 invoice"),
        (format!("k1={other}&pr={pr}"), "k1 is not valid for this link"),
        (format!("k1=short&pr={pr}"), "k1 is not valid for this link"),
        (format!("k1={k1}&k1={other}&pr={pr}"), "k1 is given twice with different values"),
    ] {
        let answer = town.public().get(&format!("{path}?{query}"));
        assert_wallet_answer(&answer);
        assert_eq!(answer.json, error(reason));
    }
    for unknown in ["/w/", "/w/00", "/w/0/1/2", "/w/00000000000000000000000000000000"] {
        let answer = town.public().get(unknown);
        assert_wallet_answer(&answer);
        assert_eq!(answer.json, error("there is no such withdraw link"), "{unknown}");
    }
    assert_eq!(town.submit(&claim, &pr), json!({"status": "OK"}), "nothing of this spent the k1");
}

#[test]
fn links_work_in_either_case_and_never_redirect() {
    let town = Town::start();
    let (_, claim) = town.claim(10_000);
    let info = town.public().get(&link(&claim).to_uppercase());
    assert_eq!(info.json, town.info(&claim));
    let k1 = info.json["k1"].as_str().unwrap().to_uppercase();
    let pr = town.invoice(500_000);
    let shouted =
        format!("{}/CALLBACK?K1={k1}&PR={}", link(&claim).to_uppercase(), pr.to_uppercase());
    assert_eq!(town.public().get(&shouted).json, json!({"status": "OK"}));
    let slash = town.public().get(&format!("{}/", link(&claim)));
    assert_eq!(slash.status, 200, "no redirect: {}", slash.text);
}

#[test]
fn the_same_invoice_again_is_ok_and_another_one_is_not() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    let k1 = town.info(&claim)["k1"].as_str().unwrap().to_owned();
    let (first, second) = (town.invoice(500_000), town.invoice(500_000));
    let ask = |town: &Town, pr: &str| town.public().get(&callback(&claim, &k1, pr)).json;
    let ok = json!({"status": "OK"});
    assert_eq!(ask(&town, &first), ok);
    assert_eq!(ask(&town, &first), ok);
    assert_eq!(ask(&town, &second), error("this cashback is already being processed"));
    assert_eq!(town.info(&claim), error("this cashback is already being processed"));
    town.daemon.process.settle_down();
    assert_eq!(ask(&town, &first), ok, "also after it was paid");
    assert_eq!(ask(&town, &second), error("this cashback has already been used"));
    assert_eq!(town.info(&claim), error("this cashback has already been used"));
    assert_eq!(town.daemon.process.outside.node.dispatched().len(), 1);
}

#[test]
fn after_a_failure_the_same_link_has_a_new_k1_and_the_old_one_says_so() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    let old = town.info(&claim)["k1"].as_str().unwrap().to_owned();
    let invoice = town.invoice(500_000);
    town.daemon.process.outside.node.behave(Behaviour::Fail(FailureCode::NoRoute));
    assert_eq!(town.submit(&claim, &invoice), json!({"status": "OK"}));
    town.daemon.process.settle_down();
    assert_eq!(town.again(&claim)["lnurl"], claim["lnurl"], "the QR never changes");
    let fresh = town.info(&claim)["k1"].as_str().unwrap().to_owned();
    assert_ne!(fresh, old);
    let ask = |k1: &str, pr: &str| town.public().get(&callback(&claim, k1, pr)).json;
    let another = town.invoice(500_000);
    assert_eq!(ask(&old, &invoice), error("payment failed, scan again"));
    assert_eq!(ask(&old, &another), error("payment failed, scan again"));
    let used = error("the invoice was used before, please make a new one");
    assert_eq!(ask(&fresh, &invoice), used);
    town.daemon
        .process
        .outside
        .node
        .behave(Behaviour::Arrive(satback::domain::money::Msat::new(0)));
    assert_eq!(ask(&fresh, &another), json!({"status": "OK"}));
    town.daemon.process.settle_down();
    assert_eq!(town.again(&claim)["status"], "paid");
}

#[test]
fn one_payout_at_a_time_uses_an_account_and_others_are_not_affected() {
    let mut town = Town::start();
    let (_, one) = town.claim(10_000);
    let (_, two) = town.claim(10_000);
    town.daemon.process.outside.node.behave(Behaviour::Hold);
    let invoice = town.invoice(500_000);
    town.submit(&one, &invoice);
    town.daemon.process.settle_down();
    let k1 = town.info(&two)["k1"].clone();
    let invoice = town.invoice(500_000);
    let locked = "another cashback is already being processed, try again in a few seconds";
    assert_eq!(town.submit(&two, &invoice), error(locked));
    assert_eq!(town.info(&two)["k1"], k1, "its k1 is still good");
}

#[test]
fn an_expired_claim_says_so() {
    let mut town = Town::start();
    let (_, claim) = town.claim(10_000);
    town.daemon.process.pass(Span::from_secs(31 * 86_400));
    assert_eq!(town.info(&claim), error("withdraw link expired"));
    assert_eq!(town.again(&claim)["status"], "expired");
}

#[test]
fn too_many_requests_are_refused_in_the_wallets_words_and_per_address() {
    let settings = [
        "public.request_burst=5",
        "public.requests_per_minute=60",
        "public.trusted_proxies=[\"127.0.0.1\"]",
    ];
    let town = Town::start_with(&settings);
    let from = |address: &str, path: &str| town.public().with("X-Forwarded-For", address).get(path);
    let (wallet, page) = ("/w/00000000000000000000000000000000", "/s/00");
    for _ in 0..5 {
        assert_eq!(from("10.0.0.1", wallet).json, error("there is no such withdraw link"));
    }
    let limited = from("10.0.0.1", wallet);
    assert_wallet_answer(&limited);
    assert_eq!(limited.json, error("too many requests, try again in a minute"));
    let preflight = town.public().with("X-Forwarded-For", "10.0.0.1").ask("OPTIONS", wallet, None);
    assert_eq!(preflight.header("access-control-allow-methods"), Some("GET, POST, HEAD, OPTIONS"));
    for _ in 0..5 {
        assert_eq!(from("10.0.0.1", page).status, 404, "pages do not share the wallets' requests");
    }
    let limited = from("10.0.0.1", page);
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("1")));
    assert_eq!(limited.header("cache-control"), Some("no-store"));
    assert!(limited.header("content-security-policy").is_some());
    assert!(limited.text.contains("<h1>Too many requests</h1>"), "{}", limited.text);
    assert_eq!(from("10.0.0.2", page).status, 404);
    town.daemon.process.outside.clock.advance(Span::from_secs(1));
    assert_eq!(from("10.0.0.1", page).status, 404);
}

#[test]
fn a_strangers_word_about_his_address_is_not_believed() {
    let town = Town::start_with(&["public.request_burst=2", "public.requests_per_minute=1"]);
    let ask = |address: &str| town.public().with("X-Forwarded-For", address).get("/s/00").status;
    assert_eq!([ask("10.0.0.1"), ask("10.0.0.2"), ask("10.0.0.3")], [404, 404, 429]);
}
