//! A command line as the request that it means.

use clap::ArgMatches;

use super::body::{Said, object, value};
use super::field::Field;
use super::operation::{ACT_FOR, IDEMPOTENCY_KEY, Keyed, Operation};
use crate::cli::client::Ask;
use crate::cli::tell;
use crate::domain::bytes::Digest;
use crate::ports::entropy::Entropy;
use crate::system::OsEntropy;

/// A request that can be made more than once.
pub(super) struct Request {
    method: &'static str,
    path: String,
    body: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl Request {
    pub(super) fn of(operation: &'static Operation, matches: &ArgMatches) -> Self {
        let mut headers = vec![];
        if operation.acts_for
            && let Some(account) = matches.get_one::<String>("account")
        {
            headers.push((ACT_FOR, account.clone()));
        }
        headers.extend(key(operation, matches).map(|key| (IDEMPOTENCY_KEY, key)));
        let fields = operation.body.iter().filter_map(|field| {
            let said = said(field, matches)?;
            Some((field.path.as_slice(), value(&field.shape, &said)))
        });
        let fields: Vec<Said<'_>> = fields.collect();
        let body = (operation.method != "GET").then(|| object(&fields));
        Self { method: &operation.method, path: path(operation, matches), body, headers }
    }

    pub(super) fn ask(&self) -> Ask<'_> {
        Ask {
            method: self.method,
            path: &self.path,
            body: self.body.as_deref(),
            headers: self.headers.clone(),
        }
    }
}

/// What was said of a field.
fn said(field: &Field, matches: &ArgMatches) -> Option<Vec<String>> {
    matches.get_many::<String>(&field.flag()).map(|values| values.cloned().collect())
}

/// The key that makes a repetition harmless. What cannot be taken back needs one, and gets one that is told before
/// anything is sent: after a broken connection it is the way to find out what happened.
fn key(operation: &Operation, matches: &ArgMatches) -> Option<String> {
    if operation.keyed == Keyed::No {
        return None;
    }
    let given = matches.get_one::<String>("idempotency-key").cloned();
    if given.is_some() || operation.keyed == Keyed::Optional {
        return given;
    }
    let mut bytes = [0; 32];
    OsEntropy.fill(&mut bytes);
    let key: String = Digest(bytes).to_hex().chars().take(32).collect();
    tell(&format!("if the connection breaks, repeat this with --idempotency-key {key}"));
    Some(key)
}

fn path(operation: &Operation, matches: &ArgMatches) -> String {
    let mut path = operation.path.clone();
    for name in &operation.named {
        let id = matches.get_one::<String>(name).map_or("", String::as_str);
        path = path.replace(&format!("{{{name}}}"), &encoded(id));
    }
    for field in &operation.query {
        let Some(said) = said(field, matches) else { continue };
        let mark = if path.contains('?') { '&' } else { '?' };
        let (name, text) = (encoded(&field.path.join(".")), encoded(&said.join(",")));
        path += &format!("{mark}{name}={text}");
    }
    path
}

/// The text with everything escaped that could mean something in an address.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}
