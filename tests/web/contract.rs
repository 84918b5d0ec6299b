//! Every answer of the admin listener in these tests is held against the OpenAPI document, by a judge that is not ours:
//! its status is documented, its type too, and its body is as the schema says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use boon::{Compiler, SchemaIndex, Schemas};
use satback_regtest::{Answer, Exchange, watch};
use serde_json::{Value, json};

/// Where the document lies for the judge.
const DOCUMENT: &str = "mem:///openapi.json";

static ADMINS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

thread_local! {
    static JUDGE: RefCell<Judge> = RefCell::new(Judge::new());
}

/// Holds every answer of the admin listener at this address against the document. The other one may have the port that
/// an earlier admin listener had.
pub(crate) fn hold(admin_at: SocketAddr, public_at: SocketAddr) {
    lock(&ADMINS).remove(&format!("http://{public_at}"));
    lock(&ADMINS).insert(format!("http://{admin_at}"));
    watch(|exchange| {
        if lock(&ADMINS).contains(exchange.base) {
            JUDGE.with_borrow_mut(|judge| judge.judge(exchange));
        }
    });
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Judge {
    document: Value,
    compiler: Compiler,
    schemas: Schemas,
    compiled: BTreeMap<String, SchemaIndex>,
}

/// The path of the document that a request's path is an instance of: the one with the fewest parameters.
pub(crate) fn template(document: &Value, path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap_or("");
    let parts: Vec<_> = path.split('/').collect();
    let fits = |template: &&String| {
        let known: Vec<_> = template.split('/').collect();
        let same = |(known, part): (&&str, &&str)| known.starts_with('{') || known == part;
        known.len() == parts.len() && known.iter().zip(&parts).all(same)
    };
    let paths = document["paths"].as_object().unwrap();
    paths.keys().filter(fits).min_by_key(|template| template.matches('{').count()).cloned()
}

impl Judge {
    fn new() -> Self {
        let document = satback::web::admin::document();
        let mut compiler = Compiler::new();
        compiler.add_resource(DOCUMENT, document.clone()).unwrap();
        Self { document, compiler, schemas: Schemas::new(), compiled: BTreeMap::new() }
    }

    fn judge(&mut self, exchange: &Exchange<'_>) {
        let (method, path, answer) = (exchange.method, exchange.path, exchange.answer);
        let about = format!("{method} {path} {}: {}", answer.status, answer.text);
        assert!(answer.header("request-id").is_some(), "no Request-Id: {about}");
        let Some(template) = template(&self.document, path) else {
            assert!([401, 403, 404].contains(&answer.status), "{about}");
            return;
        };
        let method = method.to_lowercase();
        let operation = &self.document["paths"][&template][&method];
        if operation.is_null() {
            assert!([401, 403, 405].contains(&answer.status), "{about}");
            return;
        }
        let mut pointer =
            format!("/paths/{}/{method}/responses/{}", template.replace('/', "~1"), answer.status);
        let response = self.document.pointer(&pointer).cloned();
        let mut response = response.unwrap_or_else(|| panic!("not documented: {about}"));
        if let Some(shared) = response["$ref"].as_str() {
            pointer = shared.trim_start_matches('#').to_owned();
            response = self.document.pointer(&pointer).unwrap().clone();
        }
        headers(&response, answer, &about);
        let kind = answer.header("content-type").unwrap_or("").to_owned();
        let content = &response["content"][&kind];
        assert!(content.is_object(), "the type {kind} is not documented: {about}");
        if kind == "application/json" {
            let kind = kind.replace('/', "~1");
            self.validate(&format!("{pointer}/content/{kind}/schema"), answer, &about);
        }
    }

    fn validate(&mut self, pointer: &str, answer: &Answer, about: &str) {
        let index = match self.compiled.get(pointer) {
            Some(index) => *index,
            None => {
                let location =
                    format!("{DOCUMENT}#{}", pointer.replace('{', "%7B").replace('}', "%7D"));
                let index = self.compiler.compile(&location, &mut self.schemas);
                let index = index.unwrap_or_else(|error| panic!("{pointer}: {error:#}"));
                self.compiled.insert(pointer.to_owned(), index);
                index
            }
        };
        let valid = self.schemas.validate(&answer.json, index);
        valid.unwrap_or_else(|error| panic!("{about}\n{error:#}"));
    }
}

fn headers(response: &Value, answer: &Answer, about: &str) {
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let is_required = header["$ref"] != "#/components/headers/Idempotent-Replayed";
        let value = answer.header(&name.to_lowercase());
        assert!(value.is_some() || !is_required, "no header {name}: {about}");
    }
}

#[test]
fn the_judge_knows_a_good_answer_from_a_bad_one() {
    let judge = |status: u16, body: Value| {
        let headers =
            [("request-id", "req_0123456789abcdef"), ("content-type", "application/json")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let answer = Answer { status, headers, text: body.to_string(), json: body };
        let exchange = Exchange { base: "", method: "POST", path: "/drain", answer: &answer };
        let judged = std::panic::catch_unwind(|| Judge::new().judge(&exchange));
        judged.is_ok()
    };
    assert!(judge(200, json!({"object": "drain", "drained": true})));
    assert!(!judge(200, json!({"object": "drain"})), "a field is missing");
    assert!(!judge(200, json!({"object": "drain", "drained": true, "x": 1})), "one is too much");
    assert!(!judge(200, json!({"object": "drain", "drained": "yes"})), "one is of another type");
    assert!(!judge(402, json!({"errors": []})), "the status is not documented");
}
