//! What pages are made of.

use maud::{Markup, html};

use super::json::Json;
use super::{icons, words};

pub(super) mod field;
pub(super) mod form;
pub(super) mod table;
pub(super) mod time;

pub(super) use time::moment;

/// Millisatoshis as people read them, exactly.
pub(super) fn sat(msat: u64) -> String {
    let (whole, rest) = (msat / 1_000, msat % 1_000);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    let fraction = fraction.trim_end_matches('0');
    format!("{}{fraction}\u{a0}sat", thousands(&whole.to_string()))
}

/// Digits in groups of three.
pub(super) fn thousands(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount of a currency, as it was written.
pub(super) fn amount(number: &str, currency: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let unit = if currency == "SATS" { "sat" } else { currency };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}\u{a0}{unit}", thousands(whole))
}

/// The millisatoshis of a field, or a dash.
pub(super) fn msat_of(object: &Json, field: &str) -> Markup {
    html! {
        @match object.number(field) {
            Some(msat) => span.num { (sat(msat)) },
            None => (none()),
        }
    }
}

/// Where there is nothing.
pub(super) fn none() -> Markup {
    html! { span.none { "–" } }
}

/// A text of somebody else's, which may be written in either direction.
pub(super) fn told(text: &str) -> Markup {
    html! { @if text.is_empty() { (none()) } @else { bdi { (text) } } }
}

/// A state as a word on a coloured ground.
pub(super) fn badge(status: &str) -> Markup {
    let tone = match status {
        "active" | "paid" | "succeeded" | "delivered" | "done" | "usable" | "ready"
        | "connected" | "credit" => "good",
        "scheduled" | "open" | "unpaid" | "pending" | "processing" | "not_usable" => "calm",
        "in_doubt" | "stuck" | "parked" | "exhausted" | "late" | "failing" | "paused" => "warn",
        "failed" | "cancelled" | "given_up" | "refused" => "bad",
        _ => "dull",
    };
    html! { span class={ "badge " (tone) } { (words::status(status)) } }
}

/// A part of a path, so that whatever it is it stays one.
pub(super) fn escaped(id: &str) -> String {
    form_urlencoded::byte_serialize(id.as_bytes()).collect()
}

/// An id that leads to what it names.
pub(super) fn id_link(folder: &str, id: &str) -> Markup {
    html! {
        @if id.is_empty() { (none()) }
        @else { a.id href={ "/dashboard/" (folder) "/" (id) } { (short(id)) } }
    }
}

/// An id cut where its beginning and its end are still known.
fn short(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    if letters.len() <= 22 {
        return id.to_owned();
    }
    let head: String = letters[..12].iter().collect();
    let tail: String = letters[letters.len() - 6..].iter().collect();
    format!("{head}…{tail}")
}

/// A text to copy: an address, a hash, a link.
pub(super) fn copyable(text: &str) -> Markup {
    html! {
        @if text.is_empty() { (none()) } @else {
            span.copy {
                code { (text) }
                button.small type="button" data-copy=(text) data-done=(words::COPIED) hidden {
                    (words::COPY)
                }
            }
        }
    }
}

/// A drawing beside a text.
pub(super) fn icon_beside(name: &str) -> Markup {
    icons::icon(name)
}

/// The head of a page: what it is, and what can be done.
pub(super) fn head(trail: &[(&str, &str)], title: &Markup, actions: &Markup) -> Markup {
    html! {
        div.head {
            div {
                @if !trail.is_empty() {
                    nav.trail aria-label=(words::TRAIL) {
                        @for (label, path) in trail {
                            @if path.is_empty() { span { (label) } } @else { a href=(path) { (label) } }
                            span.sep aria-hidden="true" { "›" }
                        }
                    }
                }
                h1 { (title) }
            }
            div.actions { (actions) }
        }
    }
}

/// A way to make something.
pub(super) fn create(path: &str, label: &str) -> Markup {
    html! { a.button.primary href=(path) { (icons::icon("plus")) (label) } }
}

/// A list of what something is.
pub(super) fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts {
            @for (label, value) in rows { div { dt { (label) } dd { (value) } } }
        }
    }
}

/// A part of a page with a heading.
pub(super) fn section(title: &str, body: &Markup) -> Markup {
    html! { section.card { h2 { (title) } (body) } }
}

/// A figure in a row of such.
pub(super) fn tile(label: &str, value: &Markup, note: &Markup) -> Markup {
    html! {
        div.tile { div.label { (label) } div.figure { (value) } div.note { (note) } }
    }
}

/// The merchant's own notes.
pub(super) fn notes(object: &Json) -> Markup {
    let fields = object.fields("metadata");
    html! {
        @if !fields.is_empty() {
            section.card {
                h2 { (words::NOTES) }
                dl.facts {
                    @for (name, value) in fields {
                        div { dt { bdi { (name) } } dd { (told(match value { Json::Text(t) => t, _ => "" })) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_exact() {
        assert_eq!(sat(0), "0\u{a0}sat");
        assert_eq!(sat(1_234_567_890), "1,234,567.89\u{a0}sat");
        assert_eq!(sat(999_001), "999.001\u{a0}sat");
        assert_eq!(amount("1234.50", "USD"), "1,234.50\u{a0}USD");
        assert_eq!(amount("100", "SATS"), "100\u{a0}sat");
    }
}
