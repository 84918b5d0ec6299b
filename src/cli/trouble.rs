//! What went wrong with a request, and what to do next: one line for each problem, and the exit code of `API.md`.

use std::io::ErrorKind;

use crate::app::Fault;

use super::client::Answer;
use super::output::Json;
use super::output::plain::clean;

/// What to do about a problem, by its code.
const NEXT: [(&str, &str); 13] = [
    ("beyond_available", "`satback balance show --account ID` says what the account has"),
    ("beyond_unallocated", "`satback ledger audit` says what is unallocated"),
    ("disk_low", "make room on the disk that `data_dir` is on"),
    ("drained", "`satback daemon undrain` takes claims and sessions again"),
    ("frozen", "`satback ledger verify` names the rule that is broken"),
    ("idempotency_key_in_use", "repeat the command: it tells what came of the first one"),
    ("idempotency_key_reused", "take another --idempotency-key, or repeat the first request"),
    ("idempotency_key_required", "say --idempotency-key KEY"),
    ("inbound_capacity", "`satback node channels` says what can be received"),
    ("node_not_ready", "`satback api GET /readyz` says what is not ready"),
    (
        "outcome_unknown",
        "look whether it happened (`satback node channels`, `satback node show`); if it did not, \
         repeat it with another --idempotency-key",
    ),
    ("peer_unreachable", "`satback node connect` tries the address alone"),
    ("rate_unavailable", "`satback rates list` says what is wrong with the rate"),
];

/// One problem, as the API tells it.
struct Problem {
    code: String,
    message: String,
    field: String,
}

fn problems(body: &str) -> Vec<Problem> {
    let errors = Json::parse(body).and_then(|answer| answer.at("errors"));
    let text = |error: Json<'_>, name| clean(&error.text(name).unwrap_or_default());
    let problem = |error| Problem {
        code: text(error, "code"),
        message: text(error, "message"),
        field: text(error, "param"),
    };
    errors.map(Json::items).unwrap_or_default().into_iter().map(problem).collect()
}

/// A request that was not granted.
pub(super) fn refused(answer: &Answer) -> Fault {
    let problems = problems(&answer.body);
    let line = |problem: &Problem| match problem.field.as_str() {
        "" => problem.message.clone(),
        field => format!("{field}: {}", problem.message),
    };
    let mut lines: Vec<_> = problems.iter().map(line).collect();
    if lines.is_empty() {
        lines.push(format!("{} {}", answer.status, clean(answer.body.trim_end())));
    }
    lines.extend(next(answer, &problems).map(|next| format!("next: {next}")));
    let text = lines.join("\n");
    let is = |code: &str| problems.iter().any(|problem| problem.code == code);
    match answer.status {
        500 => Fault::Internal(text),
        408 | 429 | 503 => Fault::TryAgain(text),
        409 if is("idempotency_key_in_use") => Fault::TryAgain(text),
        // The request was right, but what it needs is not there: money, capacity, a rate, a peer.
        402 | 424 | 501.. => Fault::Unavailable(text),
        409 if is("outcome_unknown") => Fault::Unavailable(text),
        _ => Fault::Configuration(text),
    }
}

fn next(answer: &Answer, problems: &[Problem]) -> Option<String> {
    let known = |problem: &Problem| NEXT.iter().find(|(code, _)| *code == problem.code);
    if let Some((_, next)) = problems.iter().find_map(known) {
        return Some((*next).to_owned());
    }
    let is_about_account =
        |problem: &Problem| matches!(problem.field.as_str(), "speed-account" | "account");
    if problems.iter().any(is_about_account) {
        return Some("say --account ID; `satback accounts list` has the ids".to_owned());
    }
    let log = |request: &String| format!("look for {} in the daemon's log", clean(request));
    match answer.status {
        401 => Some(
            "admin.operator_key must name the key that the daemon runs with; `satback \
             check-config` says which configuration counts"
                .to_owned(),
        ),
        404 => Some("list what there is: the noun's `list`, or `satback --help`".to_owned()),
        429 | 503 => Some(match &answer.retry_after {
            Some(secs) => format!("try again in {} s", clean(secs)),
            None => "try again in a moment".to_owned(),
        }),
        500 => answer.request.as_ref().map(log),
        _ => None,
    }
}

/// A request that was not answered.
pub(super) fn lost(method: &str, url: &str, error: &ureq::Error) -> Fault {
    let nobody = match error {
        ureq::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        ureq::Error::ConnectionFailed | ureq::Error::HostNotFound => true,
        _ => false,
    };
    let next = if nobody {
        "start the daemon with `satback serve`, or say with --config which one is meant"
    } else if method == "GET" {
        "the daemon's log may say why it did not answer"
    } else {
        "nobody knows whether it was done: look, or repeat it under the same --idempotency-key"
    };
    Fault::Unavailable(format!("{url}: {error}\nnext: {next}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(status: u16, body: &str) -> Fault {
        let request = Some("req_1".to_owned());
        refused(&Answer {
            status,
            body: body.to_owned(),
            retry_after: Some("7".to_owned()),
            request,
        })
    }

    fn coded(status: u16, code: &str) -> Fault {
        let body = format!(r#"{{"errors":[{{"code":"{code}","message":"m","param":null}}]}}"#);
        fault(status, &body)
    }

    #[test]
    fn exit_codes_say_who_has_to_do_something() {
        for (status, code, expect) in [
            (400, "invalid_field", 64),
            (401, "unauthorized", 64),
            (402, "beyond_available", 69),
            (403, "forbidden", 64),
            (404, "not_found", 64),
            (409, "claim_not_open", 64),
            (409, "idempotency_key_in_use", 75),
            (409, "outcome_unknown", 69),
            (424, "node_not_ready", 69),
            (429, "rate_limited", 75),
            (500, "internal", 70),
            (502, "", 69),
            (503, "queue_full", 75),
        ] {
            assert_eq!(coded(status, code).exit_code(), expect, "{status} {code}");
        }
    }

    #[test]
    fn problems_are_told_one_a_line_with_what_to_do_next() {
        let body = r#"{"errors":[
            {"code":"missing_field","message":"name is required","param":"name"},
            {"code":"drained","message":"no \u001b[2J","param":null}]}"#;
        assert_eq!(
            fault(503, body).to_string(),
            "name: name is required\nno \\u{1b}[2J\n\
             next: `satback daemon undrain` takes claims and sessions again"
        );
        assert_eq!(coded(503, "queue_full").to_string(), "m\nnext: try again in 7 s");
        assert_eq!(coded(500, "x").to_string(), "m\nnext: look for req_1 in the daemon's log");
        assert_eq!(fault(502, "<html>\u{7}\n").to_string(), "502 <html>\\u{7}");
    }
}
