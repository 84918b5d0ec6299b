//! Fields of forms: what they ask, how they are shown, and how what was typed becomes a field of the API.

use maud::{Markup, html};

use super::form::Filled;
use super::time;
use crate::domain::decimal::Decimal;
use crate::web::dashboard::json::Json;
use crate::web::dashboard::words::{self, Said};

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// A line of text.
    Text,
    /// Several lines of text.
    Lines,
    /// A number, which may have a point.
    Number,
    /// Yes or no.
    Flag,
    /// One of some words, all in sight.
    Radio(&'static [&'static str]),
    /// One of some words, in a list; the page brings the words.
    Pick,
    /// A moment.
    Moment,
    /// A number of some unit, of which the API wants so many times as much.
    Times(u64),
    /// Several numbers.
    Numbers,
    /// Several words.
    Words,
    /// Several texts, a line each or with commas between them.
    Texts,
    /// The merchant's own notes, a line each.
    Notes,
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Field {
    /// The API's name, inner objects with dots.
    pub(in super::super) name: &'static str,
    /// What it asks.
    pub(in super::super) said: Said,
    /// What it takes.
    pub(in super::super) kind: Kind,
    /// True if it must be there.
    pub(in super::super) is_required: bool,
}

/// A field that may be empty.
pub(in super::super) const fn may(name: &'static str, said: Said, kind: Kind) -> Field {
    Field { name, said, kind, is_required: false }
}

/// A field that must be there.
pub(in super::super) const fn must(name: &'static str, said: Said, kind: Kind) -> Field {
    Field { name, said, kind, is_required: true }
}

/// The name of what a script says about a moment beside what was typed.
fn exact(name: &str) -> String {
    format!("{name}.utc")
}

impl Field {
    /// The id of the control.
    pub(in super::super) fn control_id(&self) -> String {
        format!("f-{}", self.name.replace(['.', '[', ']'], "-"))
    }

    /// Shows the field with what was typed, and what is wrong with it.
    pub(in super::super) fn show(&self, filled: &Filled) -> Markup {
        let id = self.control_id();
        let problems = filled.problems_of(self);
        let (hint, wrong) = (format!("{id}-hint"), format!("{id}-wrong"));
        let mut described = vec![];
        if !self.said.hint.is_empty() {
            described.push(hint.as_str());
        }
        if !problems.is_empty() {
            described.push(wrong.as_str());
        }
        let described = (!described.is_empty()).then(|| described.join(" "));
        let help = html! {
            @if !self.said.hint.is_empty() { p.hint id=(hint) { (self.said.hint) } }
            @if !problems.is_empty() {
                p.wrong id=(wrong) { @for problem in &problems { span { (problem) } " " } }
            }
        };
        let is_wrong = (!problems.is_empty()).then_some("true");
        let control = self.control(filled, &id, described.as_deref(), is_wrong);
        let class = format!("field only-{}", self.name.replace('.', "-"));
        match self.kind {
            Kind::Flag => html! {
                div class={ (class) " tick" } { label { (control) span { (self.said.label) } } (help) }
            },
            Kind::Radio(_) => html! {
                fieldset class={ (class) " choice" } id=(id) aria-describedby=[described.as_deref()] {
                    legend { (self.said.label) } (control) (help)
                }
            },
            _ => html! {
                div class=(class) {
                    label for=(id) {
                        (self.said.label)
                        @if !self.is_required { span.optional { (words::OPTIONAL) } }
                    }
                    (control) (help)
                }
            },
        }
    }

    fn control(
        &self,
        filled: &Filled,
        id: &str,
        described: Option<&str>,
        wrong: Option<&str>,
    ) -> Markup {
        let value = filled.value(self.name);
        let name = self.name;
        let required = self.is_required.then_some("true");
        let line = |kind: &str, mode: Option<&str>| {
            html! {
                input id=(id) name=(name) type=(kind) value=(value) inputmode=[mode] autocomplete="off"
                    aria-describedby=[described] aria-invalid=[wrong] aria-required=[required];
            }
        };
        match self.kind {
            Kind::Text | Kind::Words => line("text", None),
            Kind::Number | Kind::Times(_) | Kind::Numbers => line("text", Some("decimal")),
            Kind::Lines | Kind::Notes | Kind::Texts => html! {
                textarea id=(id) name=(name) rows="3" aria-describedby=[described]
                    aria-invalid=[wrong] aria-required=[required] { (value) }
            },
            Kind::Flag => html! {
                input id=(id) name=(name) type="checkbox" value="yes" checked[value == "yes"]
                    aria-describedby=[described] aria-invalid=[wrong];
            },
            Kind::Radio(choices) => html! {
                div.radios {
                    @for choice in choices {
                        label {
                            input type="radio" name=(name) value=(choice) checked[value == *choice];
                            span { (words::choice(choice)) }
                        }
                    }
                }
            },
            Kind::Pick => html! {
                select id=(id) name=(name) aria-describedby=[described] aria-invalid=[wrong]
                    aria-required=[required] {
                    @for (choice, text) in filled.choices(name) {
                        option value=(choice) selected[value == choice] { (text) }
                    }
                }
            },
            Kind::Moment => html! {
                input id=(id) name=(name) type="datetime-local" value=(value) data-moment=(exact(name))
                    aria-describedby=[described] aria-invalid=[wrong] aria-required=[required];
                input type="hidden" name=(exact(name)) value="";
                span.zone { "UTC" }
            },
        }
    }

    /// What was typed, as the API takes it; `None` if nothing was.
    pub(in super::super) fn json(&self, typed: &[(String, String)]) -> Option<Json> {
        let find = |name: &str| typed.iter().find(|(found, _)| found == name);
        let text = find(self.name).map_or("", |(_, text)| text.as_str()).trim();
        if self.kind == Kind::Flag {
            return Some(Json::Bool(!text.is_empty()));
        }
        if self.kind == Kind::Moment {
            let exact = find(&exact(self.name)).map_or("", |(_, text)| text.as_str());
            let moment = exact.parse().ok().or_else(|| time::parse(text));
            let given = moment.map(|moment: u64| Json::Number(moment.to_string()));
            return given.or_else(|| (!text.is_empty()).then(|| Json::Text(text.to_owned())));
        }
        if text.is_empty() {
            return None;
        }
        let parts = || text.split([',', ' ', '\n']).filter(|part| !part.trim().is_empty());
        Some(match self.kind {
            Kind::Number => number(text),
            Kind::Times(factor) => times(text, factor),
            Kind::Numbers => Json::List(parts().map(|part| number(part.trim())).collect()),
            Kind::Words => {
                Json::List(parts().map(|part| Json::Text(part.trim().to_owned())).collect())
            }
            Kind::Notes => notes(text),
            Kind::Texts => {
                let texts = text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty());
                Json::List(texts.map(|part| Json::Text(part.to_owned())).collect())
            }
            _ => Json::Text(text.to_owned()),
        })
    }

    /// What the API has, as it is typed.
    pub(in super::super) fn typed(&self, object: &Json) -> String {
        let list = || {
            let texts = object.list(self.name).iter().map(|value| match value {
                Json::Text(text) | Json::Number(text) => text.clone(),
                _ => String::new(),
            });
            texts.collect::<Vec<_>>().join(", ")
        };
        match self.kind {
            Kind::Flag => if object.is(self.name) { "yes" } else { "" }.to_owned(),
            Kind::Moment => object.number(self.name).map(time::local).unwrap_or_default(),
            Kind::Times(factor) => object.number(self.name).map_or(String::new(), |number| {
                let whole = number / factor;
                let rest = number % factor;
                let digits = u64::try_from(u128::from(rest) * 10_000 / u128::from(factor));
                let fraction = Decimal::from_units(digits.unwrap_or(0), 4);
                Decimal::whole(whole).plus(fraction).to_string()
            }),
            Kind::Numbers | Kind::Words | Kind::Texts => list(),
            Kind::Notes => {
                let line = |(name, value): &(String, Json)| match value {
                    Json::Text(text) => format!("{name} = {text}"),
                    _ => format!("{name} ="),
                };
                object.fields(self.name).iter().map(line).collect::<Vec<_>>().join("\n")
            }
            _ => object.text(self.name).to_owned(),
        }
    }
}

/// The digits of a number, or the text, of which the API says what is wrong.
fn number(text: &str) -> Json {
    if Decimal::parse(text).is_ok() {
        Json::Number(text.to_owned())
    } else {
        Json::Text(text.to_owned())
    }
}

/// So many times as much, if that is a whole number.
fn times(text: &str, factor: u64) -> Json {
    let units = Decimal::parse(text).ok().and_then(|number| number.to_units(4).ok());
    let whole = units.and_then(|units| units.checked_mul(factor)).map(|units| units / 10_000);
    whole.map_or_else(|| Json::Text(text.to_owned()), |whole| Json::Number(whole.to_string()))
}

fn notes(text: &str) -> Json {
    let pair = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        (name.trim().to_owned(), Json::Text(value.trim().to_owned()))
    };
    Json::Object(text.lines().filter(|line| !line.trim().is_empty()).map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: Field = may("ttl", Said { label: "", hint: "" }, Kind::Times(86_400));

    fn check(kind: Kind, typed: &str, expect: Option<&str>) {
        let field = may("x", Said { label: "", hint: "" }, kind);
        let json = field.json(&[("x".to_owned(), typed.to_owned())]);
        assert_eq!(json.map(|json| json.pretty(0)).as_deref(), expect, "{kind:?} {typed}");
    }

    #[test]
    fn what_is_typed_becomes_what_the_api_takes_digit_by_digit() {
        check(Kind::Text, "  a \"b\" ", Some(r#""a \"b\"""#));
        check(Kind::Text, "   ", None);
        check(Kind::Number, "0.10", Some("0.10"));
        check(Kind::Number, "1,5", Some("\"1,5\""));
        check(Kind::Number, "1e400", Some("\"1e400\""));
        check(Kind::Flag, "", Some("false"));
        check(Kind::Flag, "yes", Some("true"));
        check(Kind::Numbers, "1, 2.5", Some("[\n  1,\n  2.5\n]"));
        check(Kind::Moment, "2026-11-22T17:20", Some("1795368000000"));
        check(Kind::Moment, "soon", Some("\"soon\""));
        check(Kind::Notes, "a = b=c\n\n d", Some("{\n  \"a\": \"b=c\",\n  \"d\": \"\"\n}"));
        check(Kind::Times(60), "1.5", Some("90"));
    }

    #[test]
    fn what_a_script_says_about_a_moment_counts_before_what_was_typed() {
        let field = may("x", Said { label: "", hint: "" }, Kind::Moment);
        let typed = [("x", "2026-11-22T18:20"), ("x.utc", "1795368000000")];
        let typed = typed.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(field.json(&typed), Some(Json::Number("1795368000000".to_owned())));
    }

    #[test]
    fn what_the_api_has_is_shown_as_it_is_typed() {
        let object = Json::parse(r#"{"ttl":129600}"#);
        assert_eq!(DAYS.typed(&object), "1.5");
        assert_eq!(DAYS.typed(&Json::Null), "");
    }
}
