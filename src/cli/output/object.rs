//! One object as lines of a field and its value. Nothing is shortened: people copy from here.

use super::json::Json;
use super::moment;
use super::plain::{clean, width};

/// Between a field and its value.
const GAP: usize = 2;
/// Fields in the unit that `currency` names, and those in the one that `target_currency` names.
const IN_CURRENCY: [&str; 5] = ["amount", "amount_paid", "budget", "max_amount", "min_spend"];
const IN_TARGET: [&str; 4] =
    ["net", "net_target_amount_paid", "target_amount", "target_amount_paid"];

/// An object, with what is in it by a path with dots.
pub(super) fn render(object: Json<'_>) -> String {
    let mut lines = vec![];
    collect(object, "", &mut lines);
    let widest = lines.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let line = |(name, value): (String, String)| {
        let room = " ".repeat(widest - width(&name) + GAP);
        format!("{name}{room}{value}\n")
    };
    lines.into_iter().map(line).collect()
}

fn collect(object: Json<'_>, above: &str, lines: &mut Vec<(String, String)>) {
    for (name, value) in object.fields() {
        let path = clean(&format!("{above}{name}"));
        if value.is_list() {
            let items = value.items();
            let texts: Option<Vec<_>> = items.iter().map(|item| item.scalar()).collect();
            match texts {
                Some(texts) => lines.push((path, clean(&or_none(&texts.join(", "))))),
                None => {
                    for (number, item) in items.into_iter().enumerate() {
                        collect(item, &format!("{path}.{number}."), lines);
                    }
                }
            }
        } else if value.fields().is_empty() {
            lines.push((path, clean(&shown(object, &name, value))));
        } else {
            collect(value, &format!("{path}."), lines);
        }
    }
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

/// A scalar as people read it: moments as such, amounts with their unit.
fn shown(object: Json<'_>, name: &str, value: Json<'_>) -> String {
    let text = or_none(&value.scalar().unwrap_or_default());
    if text == "-" {
        return text;
    }
    let is_moment = matches!(name, "created" | "modified" | "failing_since")
        || name.ends_with("_at")
        || name.ends_with("_date");
    if is_moment && let Ok(millis) = text.parse() {
        return moment::iso(millis);
    }
    let currency = |field: &str| object.text(field).or_else(|| object.text("target_currency"));
    let unit = match name {
        _ if name.ends_with("_msat") => Some("msat".to_owned()),
        _ if name.ends_with("_sat") => Some("sat".to_owned()),
        _ if IN_CURRENCY.contains(&name) => currency("currency"),
        _ if IN_TARGET.contains(&name) => currency("target_currency"),
        _ => None,
    };
    unit.map_or_else(|| text.clone(), |unit| format!("{text} {unit}"))
}
