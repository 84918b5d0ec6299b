//! From what a QR code or a link holds to the URL to ask: LUD-01 and LUD-17.

use lnurl::lnurl::LnUrl;

/// Reads `LNURL1…` in either case, with or without `lightning:`, also as the parameter `lightning` of a web link, and
/// `lnurlw://`. The URL is one that a wallet may ask: https, or http to this machine or to a hidden service.
pub fn decode(lnurl: &str) -> Result<String, String> {
    let text = lnurl.trim();
    let text = strip_prefix(text, "lightning:").unwrap_or(text);
    let url = if let Some(rest) = strip_prefix(text, "lnurlw://") {
        let scheme = if may_do_without_tls(host(rest)) { "http" } else { "https" };
        format!("{scheme}://{rest}")
    } else if strip_prefix(text, "https://").or(strip_prefix(text, "http://")).is_some() {
        bech32(parameter(text, "lightning").ok_or("a web link without an LNURL in it")?)?
    } else {
        bech32(text)?
    };
    check(&url)?;
    Ok(url)
}

/// Whether a wallet may ask this URL.
pub(super) fn check(url: &str) -> Result<(), String> {
    if strip_prefix(url, "https://").is_some_and(|rest| !host(rest).is_empty()) {
        return Ok(());
    }
    match strip_prefix(url, "http://") {
        Some(rest) if may_do_without_tls(host(rest)) => Ok(()),
        _ => Err(format!("neither https nor local: {url}")),
    }
}

fn bech32(text: &str) -> Result<String, String> {
    let decoded: LnUrl = text.parse().map_err(|_| format!("no LNURL: {text}"))?;
    Ok(decoded.url)
}

/// `prefix` in either case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    let query = query.split('#').next()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The host of a URL without its scheme.
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some((inside, _)) = authority.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        return inside;
    }
    authority.split(':').next().unwrap_or_default()
}

fn may_do_without_tls(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let loopback = host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    loopback || host == "localhost" || host.ends_with(".onion")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of LUD-01.
    const CODE: &str = "LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35XVUKXEFCV5MKVV34X5EKZD3EV56NYD3HXQURZEPEXEJXXEPNXSCRVWFNV9NXZCN9XQ6XYEFHVGCXXCMYXYMNSERXFQ5FNS";
    const URL: &str = "https://service.com/api?q=3fc3645b439ce8e7f2553a69e5267081d96dcd340693afabe04be7b0ccd178df";

    fn encoded(url: &str) -> String {
        LnUrl::from_url(url.into()).encode()
    }

    #[test]
    fn every_form_of_a_code_should_lead_to_its_url() {
        let lower = CODE.to_lowercase();
        let table = [
            (CODE.to_string(), URL),
            (lower.clone(), URL),
            (format!("  {CODE}\n"), URL),
            (format!("lightning:{lower}"), URL),
            (format!("LIGHTNING:{CODE}"), URL),
            (format!("https://shop.example/pay?lightning={CODE}"), URL),
            (format!("https://shop.example/pay?a=b&lightning={lower}#top"), URL),
            (format!("http://127.0.0.1:8080/c/7?lightning={CODE}"), URL),
            ("lnurlw://shop.example/w/7?x=1".into(), "https://shop.example/w/7?x=1"),
            ("LNURLW://SHOP.EXAMPLE/W/7".into(), "https://SHOP.EXAMPLE/W/7"),
            ("lnurlw://127.0.0.1:8080/w/7".into(), "http://127.0.0.1:8080/w/7"),
            ("lnurlw://localhost/w/7".into(), "http://localhost/w/7"),
            ("lnurlw://[::1]:8080/w/7".into(), "http://[::1]:8080/w/7"),
            ("lnurlw://abc.onion/w/7".into(), "http://abc.onion/w/7"),
            (encoded("http://127.0.0.1:8080/w/7"), "http://127.0.0.1:8080/w/7"),
            (encoded("http://abc.onion/w/7"), "http://abc.onion/w/7"),
        ];
        for (code, url) in table {
            assert_eq!(decode(&code).as_deref(), Ok(url), "{code}");
        }
    }

    #[test]
    fn what_is_no_code_should_be_refused() {
        let mixed = format!("{}{}", &CODE[..20], CODE[20..].to_lowercase());
        let damaged = CODE.replace("DP68", "DP86");
        let table = [
            String::new(),
            "lightning:".into(),
            mixed,
            damaged,
            "https://shop.example/pay".into(),
            "https://shop.example/pay?lightning=lnbc1".into(),
            "lnurlp://shop.example/p/7".into(),
            "lnbcrt1pjq".into(),
            encoded("http://shop.example/w/7"),
            encoded("http://127.0.0.1.shop.example/w/7"),
            encoded("ftp://127.0.0.1/w/7"),
            encoded("https:///w/7"),
        ];
        for code in table {
            assert!(decode(&code).is_err(), "{code}");
        }
    }
}
