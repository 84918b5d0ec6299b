//! Settings of the two listeners.

use std::net::{IpAddr, SocketAddr};

use super::keys::Keys;
use super::{BaseUrl, Secret, size};

/// The listener for wallets and customers.
#[derive(Clone, Debug)]
pub struct Public {
    /// Where it listens.
    pub listen: SocketAddr,
    /// What links are built from.
    pub base_url: BaseUrl,
    /// Proxies whose word about client addresses is taken.
    pub trusted_proxies: Vec<IpAddr>,
    /// Limits of its connections.
    pub limits: HttpLimits,
    /// Requests per minute and address, over a long time.
    pub requests_per_minute: u64,
    /// Requests of an address at once.
    pub request_burst: u64,
    /// Most pages that are being kept up to date at once.
    pub max_event_streams: usize,
    /// True if shops' pages may make sessions here with a publishable key.
    pub publishable_keys: bool,
}

/// The listener for merchants and the operator.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Where it listens.
    pub listen: SocketAddr,
    /// `Host` names beside those of the loopback interface.
    pub allowed_hosts: Vec<String>,
    /// `Origin` values beside those of the allowed hosts.
    pub allowed_origins: Vec<String>,
    /// The operator's key.
    pub operator_key: Option<Secret>,
    /// Limits of its connections.
    pub limits: HttpLimits,
}

/// Limits of a listener.
#[derive(Clone, Copy, Debug)]
pub struct HttpLimits {
    /// Most connections.
    pub max_connections: usize,
    /// How long a request's head may take.
    pub header_timeout_secs: u64,
    /// Largest body.
    pub body_max_bytes: usize,
}

impl HttpLimits {
    fn read(keys: &mut Keys, connections: u64, body: u64) -> Self {
        let about =
            "Most connections at once; for a further one, one that keeps us waiting gives way.";
        let max_connections = size(keys.number("max_connections", connections, 1..=100_000, about));
        let about = "How long the head of a request may take to arrive.";
        let header_timeout_secs = keys.number("header_timeout_secs", 10, 1..=120, about);
        let about = "Largest body of a request.";
        let body_max_bytes = size(keys.number("body_max_bytes", body, 1_024..=1_048_576, about));
        Self { max_connections, header_timeout_secs, body_max_bytes }
    }
}

impl Public {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("public");
        let listen = read_listen(keys, "127.0.0.1:8480");
        let base_url = keys.parsed(
            "base_url",
            "http://127.0.0.1:8480",
            "an https address, or http for an onion or loopback host, without a path",
            "What links and QR codes are built from; https, or http for an onion or loopback host.",
            BaseUrl::parse,
        );
        let about = "Addresses of reverse proxies whose X-Forwarded-For is believed.";
        let trusted_proxies =
            keys.list("trusted_proxies", &[], "an IP address", about, |text| text.parse().ok());
        let limits = HttpLimits::read(keys, 1_000, 16_384);
        let about = "Requests that one address may make per minute, over a long time: of wallets, and of pages.";
        let requests_per_minute = keys.number("requests_per_minute", 600, 1..=1_000_000, about);
        let about = "Requests that one address may make at once.";
        let request_burst = keys.number("request_burst", 300, 1..=1_000_000, about);
        let about = "Most hosted pages that are kept up to date at once.";
        let max_event_streams = size(keys.number("max_event_streams", 500, 0..=100_000, about));
        let about = "Whether shops' pages may make sessions here with a publishable key (/checkout-sessions, /payment-page).";
        let publishable_keys = keys.boolean("publishable_keys", false, about);
        Self {
            listen,
            base_url: base_url.unwrap_or_default(),
            trusted_proxies,
            limits,
            requests_per_minute,
            request_burst,
            max_event_streams,
            publishable_keys,
        }
    }
}

fn read_listen(keys: &mut Keys, default: &str) -> SocketAddr {
    let about = "Where it listens (address:port).";
    let listen = keys.parsed("listen", default, "address:port", about, |text| text.parse().ok());
    listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)))
}

impl Admin {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("admin");
        let listen = read_listen(keys, "127.0.0.1:8481");
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let about =
            "Host names under which it may be called, beside localhost and its own address.";
        let allowed_hosts = keys.list("allowed_hosts", &[], "a host name", about, text);
        let about = "Origins of web pages that may call it, beside its own.";
        let allowed_origins = keys.list("allowed_origins", &[], "an origin", about, text);
        let about = "The operator's key, as env:NAME or file:PATH.";
        let operator_key =
            keys.secret("operator_key", Some("file:satback-data/operator.key"), about);
        let limits = HttpLimits::read(keys, 200, 65_536);
        Self { listen, allowed_hosts, allowed_origins, operator_key, limits }
    }
}
