//! The public listener: whatever a wallet sends, it gets an answer that a wallet understands, and nobody's secret in it.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use super::callback::assert_reason;
use super::world::{Answer, World, within};

/// First line: method and target; second: content type; the rest: the body. `@link`, `@k1` and `@pr` stand for those of
/// an open claim, `@page` for a session's page.
pub fn wallet(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\n');
    let mut next = || parts.next().unwrap_or("").to_owned();
    let (head, content_type, body) = (next(), next(), next());
    within(|world| {
        let secrets = Secrets::of(world);
        let (method, target) = head.split_once(' ').unwrap_or(("GET", &head));
        let (target, body) = (secrets.fill(target), secrets.fill(&body));
        let Ok(method) = method.parse::<Method>() else { return };
        // `CONNECT` has no path, and never gets as far as a router.
        if method == Method::CONNECT || !target.starts_with('/') {
            return;
        }
        let sent = format!("{target}\n{body}").to_ascii_lowercase();
        let request = Request::builder()
            .method(&method)
            .uri(&target)
            .header(header::CONTENT_TYPE, &content_type)
            .body(Body::from(body));
        let Ok(request) = request else { return };
        let path = request.uri().path().to_ascii_lowercase();
        let answer = world.public(request);
        let story = format!("{method} {target}: {} {}", answer.status, answer.json);
        assert!(!answer.status.is_server_error(), "{story}");
        // Forms of a page lead back to it; what wallets ask leads nowhere.
        assert!(path.starts_with("/s/") || !answer.status.is_redirection(), "{story}");
        if path.starts_with("/s/") {
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{story}");
            assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer", "{story}");
        }
        if path.starts_with("/w/") && method != Method::HEAD {
            for_wallets(&answer, &story);
            told(&answer.json, &secrets, &sent, &story);
            world.orders += u32::from(answer.json["status"] == "OK");
        }
    });
}

/// What opens the claim and the page.
struct Secrets {
    link: String,
    k1: String,
    page: String,
    pr: String,
}

impl Secrets {
    fn of(world: &mut World) -> Self {
        let (id, key) = (world.fill("@claim"), world.mine.key.clone());
        let claim = world.admin(&key, "GET", &format!("/claims/{id}"), None, b"").json;
        let last = |url: &Value| {
            let url = url.as_str().unwrap_or_default();
            url.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let link = last(&claim["lnurlw"]);
        assert_eq!(link.len(), 32, "{claim}");
        let page = last(&world.mine.session["url"]);
        let request = Request::builder().uri(format!("/w/{link}")).body(Body::empty());
        let info = request.map(|request| world.public(request));
        let k1 = info.map_or(Value::Null, |info| info.json["k1"].clone());
        // A claim that is being paid shows no k1 any more.
        let k1 = k1.as_str().unwrap_or("spent").to_owned();
        Self { link, k1, page, pr: world.invoice() }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("@link", &self.link)
            .replace("@k1", &self.k1)
            .replace("@page", &self.page)
            .replace("@pr", &self.pr)
    }
}

/// What every answer under `/w` is like.
fn for_wallets(answer: &Answer, story: &str) {
    assert_eq!(answer.status, 200, "{story}");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json", "{story}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{story}");
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{story}");
}

/// One of the four answers there are.
fn told(answer: &Value, secrets: &Secrets, sent: &str, story: &str) {
    if let Some(reason) = answer["reason"].as_str() {
        assert_reason(reason);
        assert_eq!(*answer, json!({"status": "ERROR", "reason": reason}), "{story}");
        for secret in [&secrets.link, &secrets.k1, &secrets.page, &secrets.pr] {
            assert!(!reason.contains(secret.as_str()) || secret == "spent", "{story}");
        }
        // Whatever is longer than the words of our reasons came from the request.
        assert!(reason.split(' ').all(|word| word.len() <= 27), "{story}");
    } else if *answer == json!({"status": "OK"}) {
        let knew = sent.contains(&secrets.link) || sent.contains('%');
        assert!(knew, "paid without the link: {story}");
    } else if answer["tag"] == "withdrawRequest" {
        assert!(sent.contains(&secrets.link) || sent.contains('%'), "{story}");
        assert_eq!(answer.as_object().map(serde_json::Map::len), Some(6), "{story}");
    } else {
        assert_eq!(*answer, json!({}), "only a preflight says nothing: {story}");
    }
}
