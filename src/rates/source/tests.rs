use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::*;
use crate::config::Sources;
use crate::domain::time::{Span, Timestamp};
use crate::ports::rates::{NoRate, Rates};
use crate::sim::SimClock;

/// What the exchange does with a request.
#[derive(Clone)]
enum Manner {
    Answer(u16, String),
    Silent,
    HangUp,
}

/// An exchange of our own; it takes note of the paths it is asked for.
struct Exchange {
    at: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<Mutex<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Exchange {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let manner = Arc::new(Mutex::new(Manner::HangUp));
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (how, paths) = (Arc::clone(&manner), Arc::clone(&asked));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut first = String::new();
                if reader.read_line(&mut first).unwrap() == 0 || first.contains("/end") {
                    return;
                }
                paths.lock().unwrap().push(first.split(' ').nth(1).unwrap().to_owned());
                let mut line = String::new();
                while reader.read_line(&mut line).unwrap() > 2 {
                    line.clear();
                }
                let manner = how.lock().unwrap().clone();
                match manner {
                    Manner::Answer(status, body) => {
                        let head = format!(
                            "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\
                             Location: /elsewhere\r\n\r\n",
                            body.len()
                        );
                        // The client may have seen enough before the end.
                        let _ = stream.write_all(head.as_bytes());
                        let _ = stream.write_all(body.as_bytes());
                    }
                    // Until the client gives up.
                    Manner::Silent => drop(reader.read(&mut [0])),
                    Manner::HangUp => {}
                }
            }
        });
        Self { at, manner, asked, thread: Some(thread) }
    }

    fn answers(&self, status: u16, body: &str) {
        *self.manner.lock().unwrap() = Manner::Answer(status, body.to_owned());
    }

    fn source(&self, unit: &str) -> Source {
        let flags = [
            format!("rates.url=http://{}/ticker/{{currency}}?c={{currency_lower}}", self.at),
            "rates.pointer=/data/XBT{currency}/last".to_owned(),
            format!("rates.unit={unit}"),
            "rates.currencies=[\"USD\"]".to_owned(),
            "rates.timeout_secs=1".to_owned(),
        ];
        let loaded = Sources { file: None, env: vec![], flags: flags.to_vec() }.load().unwrap();
        Source::of(&loaded.config.rates).unwrap()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Ok(mut stream) = std::net::TcpStream::connect(self.at) {
            let _ = stream.write_all(b"GET /end HTTP/1.1\r\n");
        }
        let _ = self.thread.take().unwrap().join();
    }
}

fn dollar() -> Currency {
    Currency::parse("USD").unwrap()
}

fn last(number: &str) -> String {
    format!("{{\"data\":{{\"XBTUSD\":{{\"last\":{number}}}}}}}")
}

#[test]
fn a_right_answer_becomes_a_rate_digit_by_digit() {
    let exchange = Exchange::open();
    let (prices, rates) = (exchange.source("currency_per_btc"), exchange.source("sats_per_unit"));
    for (number, price, rate) in [
        ("100000", Some("1000"), Some("100000")),
        ("\"95123.45\"", Some("1051.265487111748"), Some("95123.45")),
        ("9.5e4", Some("1052.631578947368"), Some("95000")),
        ("1e8", Some("1"), Some("100000000")),
        ("0.05", None, Some("0.05")),
    ] {
        exchange.answers(200, &last(number));
        let text = |source: &Source| source.fetch(dollar()).ok().map(|rate| rate.to_string());
        assert_eq!(text(&prices).as_deref(), price, "{number}");
        assert_eq!(text(&rates).as_deref(), rate, "{number}");
    }
    assert_eq!(exchange.asked.lock().unwrap()[0], "/ticker/USD?c=usd");
}

#[test]
fn a_wrong_answer_is_an_error_and_no_rate() {
    let exchange = Exchange::open();
    let source = exchange.source("currency_per_btc");
    for number in ["0", "-1", "1e400", "1e-9", "\"NaN\"", "\"\"", "null", "true", "[]", "1e30"] {
        exchange.answers(200, &last(number));
        assert!(source.fetch(dollar()).is_err(), "{number}");
    }
    for body in
        ["", "<html>", "{}", "{\"data\":", &format!("{{\"x\":\"{}\"}}", "x".repeat(2_000_000))]
    {
        exchange.answers(200, body);
        assert!(source.fetch(dollar()).is_err());
    }
    for status in [302, 404, 429, 500] {
        exchange.answers(status, &last("100000"));
        let why = source.fetch(dollar()).unwrap_err();
        assert!(why.contains(&status.to_string()), "{why}");
    }
    let asked = exchange.asked.lock().unwrap();
    assert!(!asked.iter().any(|path| path.contains("elsewhere")), "no redirect is followed");
}

#[test]
fn an_exchange_that_is_silent_hangs_up_or_is_not_there_costs_no_more_than_the_timeout() {
    let exchange = Exchange::open();
    let source = exchange.source("currency_per_btc");
    *exchange.manner.lock().unwrap() = Manner::Silent;
    // The exchange never answers: that this returns at all is the timeout's doing.
    assert!(source.fetch(dollar()).unwrap_err().contains("timeout"));
    *exchange.manner.lock().unwrap() = Manner::HangUp;
    assert!(source.fetch(dollar()).is_err());
    drop(exchange);
    assert!(source.fetch(dollar()).is_err(), "nobody is there any more");
}

#[test]
fn refreshing_keeps_the_last_good_rate_until_it_is_stale() {
    let exchange = Exchange::open();
    let source = exchange.source("currency_per_btc");
    let clock = SimClock::at(Timestamp::from_secs(1_700_000_000));
    let board = Board::new(Arc::new(clock.clone()), Span::from_secs(300), 20);
    board.follow(dollar());
    let refresh = || refresh(&source, &board, &[dollar()], || false);
    refresh();
    assert_eq!(board.rate(dollar()), Err(NoRate::Missing));
    exchange.answers(200, &last("100000"));
    refresh();
    let good = Rate::new(Decimal::whole(1_000)).unwrap();
    assert_eq!(board.rate(dollar()), Ok(good));
    exchange.answers(200, &last("1"));
    refresh();
    assert_eq!(board.rate(dollar()), Ok(good), "a jump is held back");
    exchange.answers(200, "rubbish");
    clock.advance(Span::from_secs(300));
    refresh();
    assert_eq!(board.rate(dollar()), Ok(good));
    clock.advance(Span::from_secs(1));
    assert_eq!(board.rate(dollar()), Err(NoRate::Stale));
    assert_eq!(board.known()[0].last_error.as_deref(), Some("the answer is no JSON"));
}
