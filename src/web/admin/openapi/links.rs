//! Where one answer leads to: what was made or listed can be asked for, and acted upon, by its id.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::operation::Operation;
use super::operation_id;

/// The links of an answer. What is made or listed under a path is named by the next part of it.
pub(super) fn of(own: &Operation, all: &[Arc<Operation>]) -> Map<String, Value> {
    let id = match (own.acts(), own.query.is_empty()) {
        (true, _) => "$response.body#/id",
        (false, false) => "$response.body#/data/0/id",
        (false, true) => return Map::new(),
    };
    let below = |other: &&Arc<Operation>| {
        let rest = other.path.strip_prefix(own.path).and_then(|rest| rest.strip_prefix("/{"));
        rest.is_some_and(|rest| !rest.contains('{'))
    };
    let link = |other: &Arc<Operation>| {
        let mut named: Vec<_> = names(own.path).collect();
        named.extend(names(other.path).skip(named.len()));
        let inherited = names(own.path).count();
        let parameters: Map<String, Value> = named
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let value =
                    if at < inherited { format!("$request.path.{name}") } else { id.to_owned() };
                ((*name).to_owned(), Value::from(value))
            })
            .collect();
        let name = operation_id(other);
        (name.clone(), json!({ "operationId": name, "parameters": parameters }))
    };
    all.iter().filter(below).map(link).collect()
}

fn names(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}
