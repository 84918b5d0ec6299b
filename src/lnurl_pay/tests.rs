use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use super::*;

/// A host that gives these answers in turn; which paths it was asked for.
fn host(answers: Vec<String>) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let (asked, paths) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            while !lines.next().unwrap().unwrap().is_empty() {}
            asked.send(first.split(' ').nth(1).unwrap().to_owned()).unwrap();
            let answer = answer.replace("HOST", &at.to_string());
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                answer.len()
            );
            stream.write_all((head + &answer).as_bytes()).unwrap();
        }
    });
    (at, paths)
}

fn offer(callback: &str) -> String {
    format!(
        r#"{{"callback":"{callback}","minSendable":1000,"maxSendable":50000,"metadata":"[]","tag":"payRequest"}}"#
    )
}

fn payees(allow_private: bool) -> LnurlPay {
    LnurlPay::new(Limits { allow_private, timeout: Duration::from_secs(5) })
}

fn ask(answers: Vec<String>, msat: u64) -> Result<String, NoInvoice> {
    let (at, _paths) = host(answers);
    payees(true).invoice(&format!("ann@{at}"), Msat::new(msat))
}

#[test]
fn an_address_is_asked_where_lud_16_says_and_for_the_amount() {
    for (callback, expect) in
        [("http://HOST/cb", "/cb?amount=2500"), ("http://HOST/cb?u=1", "/cb?u=1&amount=2500")]
    {
        let (at, paths) = host(vec![offer(callback), r#"{"pr":"lnbc1","routes":[]}"#.to_owned()]);
        let got = payees(true).invoice(&format!("ann.b-c_d+e@{at}"), Msat::new(2_500));
        assert_eq!(got, Ok("lnbc1".to_owned()));
        assert_eq!(paths.recv().unwrap(), "/.well-known/lnurlp/ann.b-c_d+e");
        assert_eq!(paths.recv().unwrap(), expect);
    }
}

#[test]
fn what_is_no_address_is_asked_of_nobody() {
    let payees = payees(false);
    for address in [
        "",
        "ann",
        "@a.example",
        "ann@",
        "Ann@a.example",
        "a b@a.example",
        "ann@a.example/x",
        "ann@a.example:80",
        "ann@user@a.example",
        "\"ann\"@a.example",
        "ann@[127.0.0.1]",
        "ann@a.example?x",
    ] {
        assert_eq!(
            payees.invoice(address, Msat::new(1)),
            Err(NoInvoice::NotAnAddress),
            "{address}"
        );
    }
}

#[test]
fn a_private_host_is_not_asked_unless_that_is_allowed() {
    for address in ["ann@localhost", "ann@127.0.0.1"] {
        let got = payees(false).invoice(address, Msat::new(1_000));
        assert!(matches!(got, Err(NoInvoice::Unreachable(_) | NoInvoice::NotAnAddress)), "{got:?}");
    }
}

#[test]
fn an_amount_outside_of_what_is_offered_is_not_asked_for() {
    let bounds = Err(NoInvoice::OutOfBounds(Msat::new(1_000), Msat::new(50_000)));
    for msat in [999, 50_001] {
        assert_eq!(ask(vec![offer("http://HOST/cb")], msat), bounds);
    }
}

#[test]
fn a_refusal_is_told_in_its_own_words_but_not_at_any_length() {
    let refusal = format!(r#"{{"status":"ERROR","reason":"no\n{}"}}"#, "x".repeat(5_000));
    for answers in [vec![refusal.clone()], vec![offer("http://HOST/cb"), refusal]] {
        let Err(NoInvoice::Refused(why)) = ask(answers, 2_000) else { panic!("not refused") };
        assert!(why.starts_with("nox") && why.len() == 200, "{why}");
    }
}

#[test]
fn an_answer_that_is_none_is_told_as_that() {
    let withdraw = offer("http://HOST/cb").replace("payRequest", "withdrawRequest");
    let endless = format!("\"{}\"", "x".repeat(100_000));
    for answers in [
        vec!["hello".to_owned()],
        vec!["{}".to_owned()],
        vec![withdraw],
        vec![endless],
        vec![offer("http://HOST/cb"), "{}".to_owned()],
        vec![offer("http://HOST/cb"), "no".to_owned()],
        vec![offer("gopher://HOST/cb")],
    ] {
        let got = ask(answers.clone(), 2_000);
        assert!(matches!(got, Err(NoInvoice::Unreachable(_))), "{got:?} for {answers:?}");
    }
}
