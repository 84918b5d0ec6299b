//! What the API answers, as people read it on a terminal.

mod columns;
mod json;
pub(super) mod moment;
mod object;
pub(super) mod plain;
mod table;

pub(super) use json::Json;

/// An object as lines, a list as a table. What is no JSON is printed as it came, without what a terminal obeys.
pub(super) fn render(kind: &str, lists: bool, body: &str) -> String {
    match Json::parse(body) {
        Some(answer) if lists => {
            let rows = answer.at("data").map(Json::items).unwrap_or_default();
            table::render(columns::of(kind), &rows)
        }
        Some(answer) => object::render(answer),
        None => format!("{}\n", plain::clean(body)),
    }
}

#[cfg(test)]
mod tests;
