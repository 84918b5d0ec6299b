//! The address that links are built from: never a request's own headers (LUD-01; lnurl-withdraw.md, C.2 rule 12).

use std::net::{IpAddr, Ipv6Addr};

/// Longest base URL: a link must still fit into bech32, which ends at 1,023 characters.
const MAX_LEN: usize = 200;

/// A base URL without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    scheme: &'static str,
    authority: String,
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self { scheme: "http", authority: "127.0.0.1:8480".to_owned() }
    }
}

impl BaseUrl {
    /// Reads `https://host[:port]`, or `http://` for an onion or loopback host.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (scheme, authority) = text.split_once("://")?;
        let legal = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        if text.len() > MAX_LEN || !authority.chars().all(legal) || !is_host_and_port(authority) {
            return None;
        }
        let authority = authority.to_ascii_lowercase();
        match scheme {
            "https" => Some(Self { scheme: "https", authority }),
            "http" if is_onion(&authority) || is_loopback(&authority) => {
                Some(Self { scheme: "http", authority })
            }
            _ => None,
        }
    }

    /// An address below it; `path` begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.authority)
    }

    /// The same address for LUD-17: the scheme says what it is for.
    pub fn lud17(&self, scheme: &str, path: &str) -> String {
        format!("{scheme}://{}{path}", self.authority)
    }

    /// True if browsers may keep cookies for secure connections only.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }
}

/// A host, and a port that is a number if there is one.
fn is_host_and_port(authority: &str) -> bool {
    let (host, rest) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) if host.parse::<Ipv6Addr>().is_ok() => (host, rest),
        Some(_) => return false,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_fits = rest.is_empty()
        || rest
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    !host.is_empty() && port_fits
}

fn host(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

fn is_onion(authority: &str) -> bool {
    host(authority).strip_suffix(".onion").is_some_and(|name| !name.is_empty())
}

fn is_loopback(authority: &str) -> bool {
    let host = host(authority);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_plain_http_for_onion_and_loopback_are_good() {
        for text in [
            "https://pay.example.com",
            "https://pay.example.com:8443/",
            "http://127.0.0.1:8480",
            "http://localhost",
            "http://[::1]:8480",
            "http://abcdefghijklmnop.onion",
        ] {
            let url = BaseUrl::parse(text).unwrap();
            assert_eq!(url.join("/w/x"), format!("{}/w/x", text.trim_end_matches('/')));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = format!("https://{}.com", "a".repeat(MAX_LEN));
        for text in [
            "http://pay.example.com",
            "ftp://pay.example.com",
            "pay.example.com",
            "https://",
            "https://:443",
            "https://pay.example.com:https",
            "https://pay.example.com:0",
            "https://pay.example.com:1:2",
            "https://[::1",
            "https://[x]",
            "https://user@pay.example.com",
            "https://pay.example.com/shop",
            "https://pay.example.com?x",
            "http://.onion",
            "http://127.0.0.1.example.com",
            &long,
        ] {
            assert_eq!(BaseUrl::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_lud17_form_has_the_same_host_and_path() {
        let url = BaseUrl::parse("https://Pay.example.com").unwrap();
        assert_eq!(url.lud17("lnurlw", "/w/x"), "lnurlw://pay.example.com/w/x");
    }
}
