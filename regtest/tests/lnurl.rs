//! The wallet against a service that is as small as a service can be.
#![allow(clippy::unwrap_used, reason = "a test fails with the error")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use satback_regtest::wallet::{self, decode};
use satback_regtest::{PATIENCE, World, WorldSpec, until};
use serde_json::{Value, json};

/// Answers as many requests as there are answers; each sees the path that was asked for.
struct Service(TcpListener);

type Answer<'a> = Box<dyn FnOnce(&str) -> (u16, String) + Send + 'a>;

impl Service {
    fn new() -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Service(listener)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.0.local_addr().unwrap())
    }

    fn serve(&self, answers: Vec<Answer<'_>>) {
        for answer in answers {
            let (mut stream, _) = until("a request", PATIENCE, || self.0.accept().ok());
            stream.set_nonblocking(false).unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let request = lines.next().unwrap();
            lines.find(String::is_empty).unwrap();
            let (status, body) = answer(request.split(' ').nth(1).unwrap());
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n{body}")
                .unwrap();
        }
    }

    fn withdraw_request(&self, msat: u64) -> Value {
        json!({
            "tag": "withdrawRequest", "callback": self.url("/callback?id=7"), "k1": "a k1",
            "minWithdrawable": msat, "maxWithdrawable": msat, "defaultDescription": "cashback",
        })
    }

    /// What the wallet makes of one answer to its first question.
    fn info(&self, status: u16, body: &str) -> Result<wallet::WithdrawInfo, String> {
        thread::scope(|scope| {
            scope.spawn(|| self.serve(vec![Box::new(|_| (status, body.into()))]));
            wallet::info(&self.url("/w"))
        })
    }
}

#[test]
fn a_claim_should_end_with_the_money_in_the_wallet() {
    let world = World::start(WorldSpec { customers: 1, ..WorldSpec::default() });
    let customer = &world.customers[0];
    let service = Service::new();
    let code = service.url("/w/1").replace("http://", "LNURLW://");
    let before = customer.channels_msat();
    let claimed = thread::scope(|scope| {
        scope.spawn(|| {
            service.serve(vec![
                Box::new(|path| {
                    assert_eq!(path, "/w/1");
                    (200, service.withdraw_request(21_000).to_string())
                }),
                Box::new(|path| {
                    let invoice = path.strip_prefix("/callback?id=7&k1=a%20k1&pr=").unwrap();
                    world.router.start_pay(invoice).unwrap();
                    (200, json!({ "status": "OK" }).to_string())
                }),
            ]);
        });
        wallet::claim(customer, &code).unwrap()
    });
    assert_eq!(claimed.msat, 21_000);
    assert_eq!(customer.received_msat(&claimed.hash), Some(21_000));
    customer.wait_channels_msat(before + 21_000, PATIENCE);
}

#[test]
fn a_withdraw_request_should_be_read_whatever_its_http_status() {
    let service = Service::new();
    let request = service.withdraw_request(5_000);
    let info = service.info(404, &request.to_string()).unwrap();
    assert_eq!((info.status, info.min_msat, info.max_msat), (404, 5_000, 5_000));
    assert_eq!((&*info.k1, &*info.description), ("a k1", "cashback"));
    assert_eq!(info.callback, service.url("/callback?id=7"));
    assert_eq!(info.raw, request);
}

#[test]
fn a_refusal_should_reach_the_user_in_the_words_of_the_service() {
    let service = Service::new();
    let refusal = json!({ "status": "ERROR", "reason": "already claimed" }).to_string();
    for status in [200, 400, 500] {
        assert_eq!(service.info(status, &refusal).unwrap_err(), "already claimed");
    }
    let info = service.info(200, &service.withdraw_request(1_000).to_string()).unwrap();
    let refused = thread::scope(|scope| {
        scope.spawn(|| service.serve(vec![Box::new(|_| (200, refusal))]));
        wallet::callback(&info, "lnbcrt1")
    });
    assert_eq!(refused.unwrap_err(), "already claimed");
}

#[test]
fn a_reply_that_is_no_withdraw_request_should_be_refused() {
    let service = Service::new();
    let good = service.withdraw_request(1_000);
    let with = |name: &str, value: Value| {
        let mut reply = good.clone();
        reply[name] = value;
        reply.to_string()
    };
    let table = [
        "<html>".to_string(),
        "{}".into(),
        json!({ "status": "ERROR" }).to_string(),
        with("tag", json!("payRequest")),
        with("k1", json!("")),
        with("k1", json!(7)),
        with("callback", json!("/callback")),
        with("callback", json!("http://shop.example/callback")),
        with("minWithdrawable", json!(1_001)),
        with("maxWithdrawable", json!("1000")),
        with("maxWithdrawable", json!(1000.5)),
        with("defaultDescription", Value::Null),
    ];
    for reply in table {
        assert!(service.info(200, &reply).is_err(), "{reply}");
    }
    assert!(decode("lnurlw://127.0.0.1:1/w").and_then(|url| wallet::info(&url)).is_err());
}
