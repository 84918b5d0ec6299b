//! What customers are asked, and what they said.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::customer::{self, Collection, Details, FieldKind};

/// What customers are asked for.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[allow(clippy::struct_excessive_bools, reason = "Speed's shape")]
pub(super) struct Collections {
    is_email_enabled: bool,
    is_phone_enabled: bool,
    is_billing_address_enabled: bool,
    is_shipping_address_enabled: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CustomField {
    id: String,
    label: String,
    #[serde(rename = "type")]
    kind: &'static str,
    options: Option<Vec<String>>,
    is_optional: bool,
}

/// What the customer said.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CustomerDetails {
    email: Option<String>,
    phone: Option<String>,
    billing_address: Option<String>,
    shipping_address: Option<String>,
    custom_fields: Vec<Answer>,
    created: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Answer {
    id: String,
    label: String,
    value: String,
}

impl Collections {
    pub(super) fn of(collects: Option<&Collection>) -> Self {
        collects.map_or_else(Self::default, |collects| Self {
            is_email_enabled: collects.email,
            is_phone_enabled: collects.phone,
            is_billing_address_enabled: collects.billing_address,
            is_shipping_address_enabled: collects.shipping_address,
        })
    }
}

impl CustomField {
    fn of(field: &customer::CustomField) -> Self {
        let (kind, options) = match &field.kind {
            FieldKind::Text => ("text", None),
            FieldKind::Number => ("number", None),
            FieldKind::Dropdown(options) => ("dropdown", Some(options.clone())),
        };
        let (id, label) = (field.id.clone(), field.label.clone());
        Self { id, label, kind, options, is_optional: field.is_optional }
    }

    /// All questions of the merchant's own.
    pub(super) fn all(collects: Option<&Collection>) -> Vec<Self> {
        collects.into_iter().flat_map(|collects| &collects.custom_fields).map(Self::of).collect()
    }
}

impl CustomerDetails {
    pub(super) fn of(details: Details) -> Self {
        let answer = |answer: customer::Answer| Answer {
            id: answer.id,
            label: answer.label,
            value: answer.value,
        };
        Self {
            email: details.email,
            phone: details.phone,
            billing_address: details.billing_address,
            shipping_address: details.shipping_address,
            custom_fields: details.answers.into_iter().map(answer).collect(),
            created: details.created.millis(),
        }
    }
}
