//! Rude clients: they say nothing, too little or too much, and there are many of them. Honest wallets get their answers
//! all the same, and before they give up.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use satback_regtest::{PATIENCE, until};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::time::{Instant, interval};

use super::kit::{Town, callback, link};

/// When wallets give up.
const CALL_DEADLINE: Duration = Duration::from_secs(10);
/// Connections that say nothing: twice what the listener has room for.
const IDLE: usize = 2_000;
/// Clients of each other kind.
const EACH: usize = 50;
/// How long a rude client rests between two of its bytes, or before it comes back.
const PAUSE: Duration = Duration::from_secs(1);
/// Honest claims in each phase.
const CLAIMS: u64 = 15;
/// Where honest wallets come from, and those who only take up room: behind a proxy all are alike.
const SAME: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// What rude clients have done so far.
#[derive(Default)]
struct Deeds {
    connected: AtomicUsize,
    sent_away: AtomicUsize,
    answered: AtomicUsize,
}

/// Rude clients, for as long as this lives.
struct Crowd {
    runtime: Option<Runtime>,
    at: SocketAddr,
    deeds: Arc<Deeds>,
}

async fn connect(from: Ipv4Addr, at: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    socket.connect(at).await
}

impl Crowd {
    fn gather(at: SocketAddr) -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        Self { runtime: Some(runtime), at, deeds: Arc::default() }
    }

    /// Clients that come from one of these addresses, do something, and come back when it is over.
    fn join<F: Future<Output = std::io::Result<()>> + Send>(
        &self,
        count: usize,
        from: fn(usize) -> Ipv4Addr,
        act: impl Fn(TcpStream, Arc<Deeds>) -> F + Copy + Send + 'static,
    ) {
        for number in 0..count {
            let (at, deeds) = (self.at, Arc::clone(&self.deeds));
            self.runtime.as_ref().unwrap().spawn(async move {
                let mut rest = interval(PAUSE);
                loop {
                    rest.tick().await;
                    if let Ok(stream) = connect(from(number), at).await {
                        deeds.connected.fetch_add(1, Ordering::Relaxed);
                        // How it ended does not matter to them.
                        let _ = act(stream, Arc::clone(&deeds)).await;
                        deeds.sent_away.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Waits for the other end to hang up.
async fn linger(mut stream: TcpStream) -> std::io::Result<()> {
    let mut answer = [0; 1_024];
    while stream.read(&mut answer).await? > 0 {}
    Ok(())
}

async fn say_nothing(stream: TcpStream, _: Arc<Deeds>) -> std::io::Result<()> {
    linger(stream).await
}

/// A byte at a time.
async fn drip(mut stream: TcpStream, text: String) -> std::io::Result<()> {
    let mut rest = interval(PAUSE / 5);
    for byte in text.bytes() {
        rest.tick().await;
        stream.write_all(&[byte]).await?;
    }
    linger(stream).await
}

async fn slow_head(stream: TcpStream, _: Arc<Deeds>) -> std::io::Result<()> {
    drip(stream, format!("GET /w/00 HTTP/1.1\r\nHost: {}\r\n\r\n", "x".repeat(1_000))).await
}

async fn slow_body(mut stream: TcpStream, _: Arc<Deeds>) -> std::io::Result<()> {
    let head = "POST /w/00/callback HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    drip(stream, "k1=".repeat(3_333)).await
}

async fn huge_head(mut stream: TcpStream, _: Arc<Deeds>) -> std::io::Result<()> {
    stream.write_all(b"GET /w/00 HTTP/1.1\r\n").await?;
    for number in 0..10_000 {
        stream.write_all(format!("x-{number}: {}\r\n", "y".repeat(1_000)).as_bytes()).await?;
    }
    linger(stream).await
}

async fn huge_body(mut stream: TcpStream, _: Arc<Deeds>) -> std::io::Result<()> {
    let head = "POST /w/00/callback HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    for _ in 0..100_000 {
        stream.write_all(&[b'x'; 10_000]).await?;
    }
    linger(stream).await
}

/// Guesses links, as fast as the answers come.
async fn guess(mut stream: TcpStream, deeds: Arc<Deeds>) -> std::io::Result<()> {
    let mut answer = [0; 4_096];
    for _ in 0..1_000 {
        let number = deeds.answered.fetch_add(1, Ordering::Relaxed);
        let query = format!(
            "k1={number:064x}&pr=lnsim1_{number:064x}_regtest_500000_9999999999999_\
                             {}_18_true_false",
            "03".repeat(33)
        );
        let path =
            if number.is_multiple_of(2) { String::new() } else { format!("/callback?{query}") };
        let request = format!("GET /w/{number:032x}{path} HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        if stream.read(&mut answer).await? == 0 {
            break;
        }
    }
    Ok(())
}

/// What honest wallets waited for their two answers, claim by claim.
fn claim_honestly(town: &mut Town) -> Vec<Duration> {
    let claim = |town: &mut Town| {
        let (_, claim) = town.claim(10_000);
        let invoice = town.invoice(500_000);
        let begin = Instant::now();
        let info = town.public().get(&link(&claim)).json;
        let k1 = info["k1"].as_str().unwrap_or_else(|| panic!("{info}"));
        let answer = town.public().get(&callback(&claim, k1, &invoice)).json;
        let took = begin.elapsed();
        assert_eq!(answer, json!({"status": "OK"}));
        assert!(took < CALL_DEADLINE, "a wallet would have given up: {took:?}");
        town.daemon.process.settle_down();
        assert_eq!(town.again(&claim)["status"], "paid");
        // The simulated time goes on, or the buckets of the rate limit would never fill.
        town.daemon.process.pass(satback::domain::time::Span::from_secs(1));
        took
    };
    (0..CLAIMS).map(|_| claim(town)).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[test]
fn honest_claims_are_answered_in_time_among_rude_clients() {
    let mut town = Town::start();
    claim_honestly(&mut town);
    let calm = claim_honestly(&mut town);
    let crowd = Crowd::gather(town.daemon.public_at);
    crowd.join(IDLE, |_| SAME, say_nothing);
    crowd.join(EACH, |_| SAME, slow_head);
    // Those that get as far as a request use up what their address may ask for.
    crowd.join(EACH, |_| Ipv4Addr::new(127, 0, 0, 2), slow_body);
    crowd.join(EACH, |_| Ipv4Addr::new(127, 0, 0, 3), huge_head);
    crowd.join(EACH, |_| Ipv4Addr::new(127, 0, 0, 4), huge_body);
    crowd.join(EACH, |number| Ipv4Addr::new(127, 0, 1, u8::try_from(number).unwrap()), guess);
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    let deeds = Arc::clone(&crowd.deeds);
    until("the crowd to be there", PATIENCE, || (count(&deeds.connected) > IDLE).then_some(()));
    let among_rude = claim_honestly(&mut town);
    assert!(count(&deeds.sent_away) > IDLE / 2, "there was no lack of room");
    assert!(count(&deeds.answered) > 500, "nobody guessed");
    let worst = among_rude.iter().max().copied().unwrap_or_default();
    let (calm, rude) = (median(calm), median(among_rude));
    println!(
        "honest claims: {calm:?} at rest, {rude:?} among rude clients (worst {worst:?}), {:.1} times as long; \
         {} rude connections, {} guesses",
        rude.as_secs_f64() / calm.as_secs_f64(),
        count(&deeds.connected),
        count(&deeds.answered),
    );
}
