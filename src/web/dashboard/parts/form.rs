//! Forms: what was typed stays, what is wrong stands beside its field, and a form that is sent twice counts once.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::field::{Field, Kind};
use crate::web::dashboard::json::Json;
use crate::web::dashboard::layout;
use crate::web::dashboard::trouble::{Problem, Trouble};
use crate::web::dashboard::visit::{ONCE, Sent, Visit};
use crate::web::dashboard::words;

/// What a form holds when it is shown.
#[derive(Debug, Default)]
pub(in super::super) struct Filled {
    values: Vec<(String, String)>,
    problems: Vec<Problem>,
    choices: Vec<(&'static str, Vec<(String, String)>)>,
    once: String,
}

impl Filled {
    /// A form that nobody has filled in, but for these fields.
    pub(in super::super) fn new(visit: &Visit, values: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            values: values.iter().map(own).collect(),
            once: visit.dash.sessions.random(),
            ..Self::default()
        }
    }

    /// A form to change an object with.
    pub(in super::super) fn of(visit: &Visit, object: &Json, fields: &[Field]) -> Self {
        let value = |field: &Field| (field.name.to_owned(), field.typed(object));
        Self {
            values: fields.iter().map(value).collect(),
            once: visit.dash.sessions.random(),
            ..Self::default()
        }
    }

    /// What was sent, with what was wrong about it.
    pub(in super::super) fn again(sent: &Sent, trouble: Trouble) -> Result<Self, Trouble> {
        match trouble {
            Trouble::Refused(status, problems) if !problems.is_empty() => Ok(Self {
                once: if is_over(status, &problems) {
                    sent.visit.dash.sessions.random()
                } else {
                    sent.field(ONCE).to_owned()
                },
                values: sent.fields.clone(),
                problems,
                ..Self::default()
            }),
            other => Err(other),
        }
    }

    /// Offers words to choose from.
    pub(in super::super) fn offer(&mut self, name: &'static str, words: Vec<(String, String)>) {
        self.choices.push((name, words));
    }

    /// What a field holds.
    pub(in super::super) fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// True if something was typed into a field that is not just chosen, or is wrong about it.
    pub(in super::super) fn is_touched(&self, field: &Field) -> bool {
        let is_typed = field.kind != Kind::Pick && !self.value(field.name).is_empty();
        is_typed || !self.problems_of(field).is_empty()
    }

    pub(super) fn choices(&self, name: &str) -> &[(String, String)] {
        self.choices.iter().find(|(found, _)| *found == name).map_or(&[], |(_, words)| words)
    }

    /// What is wrong with a field, in words.
    pub(super) fn problems_of(&self, field: &Field) -> Vec<String> {
        let about = self.problems.iter().filter(|problem| is_about(problem, field));
        about
            .map(|problem| words::problem(field.said.label, &problem.param, &problem.message))
            .collect()
    }

    /// Shows the form: `parts` are its fields, in order, and what stands between them.
    pub(in super::super) fn show(
        &self,
        visit: &Visit,
        action: &str,
        fields: &[Field],
        parts: &Markup,
        submit: &Markup,
    ) -> Markup {
        html! {
            form.form method="post" action=(action) novalidate {
                (layout::csrf(visit))
                input type="hidden" name=(ONCE) value=(self.once);
                (self.summary(fields))
                (parts)
                div.submit { (submit) }
            }
        }
    }

    /// Everything that is wrong, with a way to each field.
    fn summary(&self, fields: &[Field]) -> Markup {
        html! {
            @if !self.problems.is_empty() {
                div.summary role="alert" tabindex="-1" {
                    p { strong { (words::PLEASE_MEND) } }
                    ul {
                        @for problem in &self.problems {
                            @match fields.iter().find(|field| is_about(problem, field)) {
                                Some(field) => li {
                                    a href={ "#" (field.control_id()) } {
                                        (words::problem(field.said.label, &problem.param, &problem.message))
                                    }
                                },
                                None => li { (words::sentence(&problem.message)) },
                            }
                        }
                    }
                }
            }
        }
    }
}

/// True if what was asked was certainly not done: the form may be sent anew. What is still being answered, or nobody
/// knows the outcome of, keeps its word, so that it is not done twice.
fn is_over(status: StatusCode, problems: &[Problem]) -> bool {
    let undecided = ["idempotency_key_in_use", "outcome_unknown"];
    let is_undecided = problems.iter().any(|problem| undecided.contains(&problem.code.as_str()));
    status.is_client_error() && !is_undecided
}

/// True if a problem belongs beside a field: the API names inner parts of some.
fn is_about(problem: &Problem, field: &Field) -> bool {
    problem.param == field.name
        || problem.param.strip_prefix(field.name).is_some_and(|rest| rest.starts_with(['[', '.']))
}

/// The body of a request: what was typed into these fields. Of a change, what is empty takes away what was there.
pub(in super::super) fn body(
    fields: &[Field],
    typed: &[(String, String)],
    is_change: bool,
) -> Json {
    let mut body = Json::Object(vec![]);
    for field in fields {
        match field.json(typed) {
            Some(value) => put(&mut body, field.name, value),
            None if is_change => put(&mut body, field.name, Json::Null),
            None => {}
        }
    }
    body
}

/// Puts a value at a path with dots.
pub(in super::super) fn put(object: &mut Json, path: &str, value: Json) {
    let Json::Object(fields) = object else { return };
    let Some((first, rest)) = path.split_once('.') else {
        fields.push((path.to_owned(), value));
        return;
    };
    if !fields.iter().any(|(name, _)| name == first) {
        fields.push((first.to_owned(), Json::Object(vec![])));
    }
    if let Some((_, inner)) = fields.iter_mut().find(|(name, _)| name == first) {
        put(inner, rest, value);
    }
}

/// The buttons at the end of a form.
pub(in super::super) fn submit(label: &str, back: &str) -> Markup {
    html! {
        button.primary type="submit" { (label) }
        a.button href=(back) { (words::CANCEL) }
    }
}

/// A form of one button.
pub(in super::super) fn button(visit: &Visit, action: &str, label: &str, class: &str) -> Markup {
    html! {
        form.inline method="post" action=(action) {
            (layout::csrf(visit))
            (once(visit))
            button class=(class) type="submit" { (label) }
        }
    }
}

/// The word that makes a form count once.
pub(in super::super) fn once(visit: &Visit) -> Markup {
    html! { input type="hidden" name=(ONCE) value=(visit.dash.sessions.random()); }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: StatusCode, code: &str, expect: bool) {
        let problem =
            Problem { code: code.to_owned(), param: String::new(), message: String::new() };
        assert_eq!(is_over(status, &[problem]), expect, "{code}");
    }

    #[test]
    fn a_form_is_sent_anew_only_if_it_was_certainly_not_carried_out() {
        check(StatusCode::BAD_REQUEST, "missing_field", true);
        check(StatusCode::CONFLICT, "idempotency_key_reused", true);
        check(StatusCode::CONFLICT, "idempotency_key_in_use", false);
        check(StatusCode::CONFLICT, "outcome_unknown", false);
        check(StatusCode::INTERNAL_SERVER_ERROR, "internal", false);
        check(StatusCode::SERVICE_UNAVAILABLE, "queue_full", false);
    }

    #[test]
    fn bodies_have_inner_objects_and_a_change_takes_away_what_is_empty() {
        let mut json = Json::Object(vec![]);
        put(&mut json, "a.b", Json::Bool(true));
        put(&mut json, "a.c", Json::Null);
        put(&mut json, "d", Json::Number("1.50".to_owned()));
        assert_eq!(json, Json::parse(r#"{"a":{"b":true,"c":null},"d":1.50}"#));
    }
}
