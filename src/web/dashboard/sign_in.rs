//! Signing in with a key, and out again.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::super::peer_addr::PeerAddr;
use super::sessions::MAX_AGE;
use super::trouble::Trouble;
use super::visit::{CSRF, Dashboard, Sent, field, read_form, same, signed_in};
use super::{cookie, layout, words};

/// How long a sign-in form is good for.
const FORM_SECS: u64 = 3_600;

/// What is said above the form, and how the answer begins.
struct Saying {
    status: StatusCode,
    text: Option<&'static str>,
    retry_after_secs: Option<u64>,
}

const WELCOME: Saying = Saying { status: StatusCode::OK, text: None, retry_after_secs: None };

/// Asks for a key; who is signed in already goes on.
pub(super) async fn ask(State(dash): State<Dashboard>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or("").as_bytes();
    let query: Vec<(String, String)> = form_urlencoded::parse(query).into_owned().collect();
    let next = here_only(field(&query, "next"));
    if signed_in(&dash, request.headers()).is_some() {
        return Redirect::to(next).into_response();
    }
    form(&dash, request.headers(), next, &WELCOME)
}

/// A path of the dashboard's own: nobody is led anywhere else by a link to the sign-in page.
fn here_only(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if next.starts_with("/dashboard/") && plain { next } else { "/" }
}

fn form(dash: &Dashboard, headers: &HeaderMap, next: &str, say: &Saying) -> Response {
    let token = dash.sessions.random();
    let body = html! {
        h1 { (words::SIGN_IN) }
        p.lead { (words::SIGN_IN_LEAD) }
        @if let Some(text) = say.text { div.summary role="alert" { p #wrong { (text) } } }
        form.form method="post" action="/dashboard/sign-in" {
            input type="hidden" name=(CSRF) value=(token);
            input type="hidden" name="next" value=(next);
            div.field {
                label for="key" { (words::API_KEY) }
                input #key name="key" type="password" autocomplete="current-password" required autofocus
                    spellcheck="false" autocapitalize="none" maxlength="128" aria-describedby="key-hint"
                    aria-invalid=[say.text.map(|_| "true")];
                p.hint #key-hint { (words::API_KEY_HINT) }
            }
            div.submit { button.primary.wide type="submit" { (words::SIGN_IN) } }
        }
    };
    let mut response = (say.status, layout::bare(words::SIGN_IN, &body)).into_response();
    if let Some(kept) = cookie::keep(headers, cookie::SIGN_IN, &token, FORM_SECS) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    if let Some(secs) = say.retry_after_secs {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    response
}

/// Looks at a key. Whatever session the browser came with ends, and the new one has a name that it never had.
pub(super) async fn sign_in(
    State(dash): State<Dashboard>,
    request: Request,
) -> Result<Response, Trouble> {
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    let fields = read_form(&dash, headers, Body::new(body)).await?;
    let next = here_only(field(&fields, "next"));
    let token = cookie::find(headers, cookie::SIGN_IN).unwrap_or("");
    if token.is_empty() || !same(token, field(&fields, CSRF)) {
        let text = Some(words::FORM_IS_OLD);
        let say = Saying { status: StatusCode::FORBIDDEN, text, retry_after_secs: None };
        return Ok(form(&dash, headers, next, &say));
    }
    let peer = parts.extensions.get::<PeerAddr>().map(|peer| peer.0.ip());
    if let Some(Err(secs)) = peer.map(|peer| dash.attempts.take(peer)) {
        let say = Saying {
            status: StatusCode::TOO_MANY_REQUESTS,
            text: Some(words::TOO_MANY_ATTEMPTS),
            retry_after_secs: Some(secs),
        };
        return Ok(form(&dash, headers, next, &say));
    }
    let Some(holder) = dash.api.holder(field(&fields, "key").trim()) else {
        let text = Some(words::KEY_DOES_NOT_COUNT);
        let say = Saying { status: StatusCode::FORBIDDEN, text, retry_after_secs: None };
        return Ok(form(&dash, headers, next, &say));
    };
    let before = cookie::find(headers, cookie::SESSION).map(|name| dash.sessions.id(name));
    let name = dash.sessions.begin(holder.key, before);
    let mut response = Redirect::to(next).into_response();
    for (cookie, value, secs) in
        [(cookie::SESSION, name.as_str(), MAX_AGE.secs()), (cookie::SIGN_IN, "", 0)]
    {
        if let Some(kept) = cookie::keep(headers, cookie, value, secs) {
            response.headers_mut().append(header::SET_COOKIE, kept);
        }
    }
    Ok(response)
}

/// Ends the session.
pub(super) async fn sign_out(sent: Sent) -> Response {
    sent.visit.dash.sessions.end(sent.visit.id);
    let mut response = Redirect::to("/dashboard/sign-in").into_response();
    if let Some(kept) = cookie::keep(&HeaderMap::new(), cookie::SESSION, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        assert_eq!(here_only("/dashboard/links?kind=checkout"), "/dashboard/links?kind=checkout");
        for next in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/dashboard/\\\\x",
            "/dashboard/ x",
        ] {
            assert_eq!(here_only(next), "/", "{next}");
        }
    }
}
