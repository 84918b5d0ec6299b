//! What customers are asked for before they may pay, as merchants write it.

use crate::domain::customer::{Collection, CustomField, FieldKind};

use super::super::super::Shared;
use super::super::form::Form;
use super::MAX_TITLE;

/// Most questions, and answers of which one is chosen (Speed).
const MAX_FIELDS: usize = 3;
const MAX_CHOICES: usize = 10;
/// Longest question, and longest answer to choose, in characters.
const MAX_LABEL: usize = 50;

/// What the customer is asked for; nothing is no question.
pub(in super::super) fn read(form: &mut Form, shared: &Shared) -> Option<Box<Collection>> {
    let mut collects = Collection::default();
    if let Some(mut inner) = form.object("customer_collections_status") {
        let mut asked = |name: &str| inner.boolean(name).unwrap_or(false);
        collects.email = asked("is_email_enabled");
        collects.phone = asked("is_phone_enabled");
        collects.billing_address = asked("is_billing_address_enabled");
        collects.shipping_address = asked("is_shipping_address_enabled");
        form.absorb(inner);
    }
    for mut inner in form.objects("custom_fields", MAX_FIELDS).unwrap_or_default() {
        collects.custom_fields.extend(custom_field(&mut inner, shared));
        form.absorb(inner);
    }
    (collects != Collection::default()).then(|| Box::new(collects))
}

fn custom_field(form: &mut Form, shared: &Shared) -> Option<CustomField> {
    // The ids are ours; a client that makes one thing like another may send back what it read.
    form.text("id", MAX_TITLE);
    let label = form.required_text("label", MAX_LABEL);
    let kind = kind(form);
    let is_optional = form.boolean("is_optional").unwrap_or(false);
    let mode = if shared.network.livemode() { "live" } else { "test" };
    let id = format!("cf_{mode}_{:016x}", shared.entropy.number());
    Some(CustomField { id, label: label?, kind: kind?, is_optional })
}

fn kind(form: &mut Form) -> Option<FieldKind> {
    if !form.has("type") {
        form.missing("type");
    }
    let kind = form.word("type", "text, number or dropdown", |word| match word {
        "text" => Some(FieldKind::Text),
        "number" => Some(FieldKind::Number),
        "dropdown" => Some(FieldKind::Dropdown(vec![])),
        _ => None,
    });
    match kind {
        Some(FieldKind::Dropdown(_)) => choices(form).map(FieldKind::Dropdown),
        Some(FieldKind::Text | FieldKind::Number) => {
            form.not_offered(&["options"]);
            kind
        }
        None => {
            form.forget(&["options"]);
            None
        }
    }
}

fn choices(form: &mut Form) -> Option<Vec<String>> {
    if !form.has("options") {
        form.missing("options");
        return None;
    }
    let choices: Vec<String> =
        form.texts("options")?.iter().map(|choice| choice.trim().to_owned()).collect();
    let fits = |choice: &String| {
        (1..=MAX_LABEL).contains(&choice.chars().count()) && !choice.contains(char::is_control)
    };
    let is_twice = |at: usize| choices[..at].contains(&choices[at]);
    let many = (1..=MAX_CHOICES).contains(&choices.len());
    if !many || !choices.iter().all(fits) || (0..choices.len()).any(is_twice) {
        let rule = format!(
            "options must be 1 to {MAX_CHOICES} different texts of at most {MAX_LABEL} characters"
        );
        form.problem("invalid_field", "options", rule);
        return None;
    }
    Some(choices)
}
