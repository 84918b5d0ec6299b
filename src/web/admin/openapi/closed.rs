//! Answers have exactly the fields that the document names: always all of them, never another one.

use serde_json::{Map, Value, json};

use crate::domain::account::KeyKind;
use crate::domain::checkout::{PaymentStatus, SessionStatus};
use crate::domain::claim::ClaimStatus;
use crate::domain::event::EventKind;
use crate::domain::ledger::TransferKind;
use crate::domain::link::LinkStatus;
use crate::domain::payout::PayoutState;
use crate::domain::webhook::{DeliveryStatus, DisabledReason, SendError};

use super::super::objects::{CASHBACK_STATUSES, ENDPOINT_STATUSES, PAYOUT_STATUSES, SEND_STATUSES};

/// Requires every field of every object, and allows no other.
pub(super) fn close(schema: &mut Value) {
    if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
        let names: Vec<_> = fields.keys().cloned().collect();
        schema["required"] = json!(names);
        schema["additionalProperties"] = json!(false);
    }
    match schema {
        Value::Object(inner) => inner.values_mut().for_each(close),
        Value::Array(inner) => inner.iter_mut().for_each(close),
        _ => {}
    }
}

/// Says which words a text may be, where the types only say that it is a text.
pub(super) fn name_words(schemas: &mut Map<String, Value>) {
    for (object, field, words) in words() {
        let Some(schema) = property(schemas, object, field) else { continue };
        let mut words: Vec<Value> = words.into_iter().map(Value::from).collect();
        if schema["type"].is_array() {
            words.push(Value::Null);
        }
        schema["enum"] = Value::Array(words);
    }
    for object in PRICED {
        if let Some(schema) = property(schemas, object, "currency") {
            *schema = json!({ "$ref": "#/components/schemas/Currency" });
        }
    }
}

/// The schema of an object's field, which there must be: otherwise what is said here has been forgotten.
fn property<'a>(
    schemas: &'a mut Map<String, Value>,
    object: &str,
    field: &str,
) -> Option<&'a mut Value> {
    let found = schemas.get_mut(object).and_then(|schema| schema["properties"].get_mut(field));
    debug_assert!(found.is_some(), "there is no field {field} of {object}");
    found
}

/// Objects that have a currency.
const PRICED: [&str; 6] = ["Cashback", "CheckoutLink", "Payment", "PaymentLink", "Rate", "Session"];

type Words = (&'static str, &'static str, Vec<&'static str>);

fn words() -> Vec<Words> {
    let mut words: Vec<Words> = vec![
        ("Cashback", "status", CASHBACK_STATUSES.to_vec()),
        ("Cashback", "deactivated_reason", vec!["manual", "expired"]),
        ("Cashback", "type", vec!["fixed", "percentage"]),
        ("CheckoutLink", "status", LinkStatus::ALL.map(LinkStatus::name).to_vec()),
        ("Claim", "status", ClaimStatus::ALL.map(ClaimStatus::name).to_vec()),
        ("Delivery", "event_type", events()),
        ("Delivery", "last_error", SendError::ALL.map(SendError::name).to_vec()),
        ("Delivery", "status", DeliveryStatus::ALL.map(DeliveryStatus::name).to_vec()),
        ("Endpoint", "deactivated_reason", DisabledReason::ALL.map(DisabledReason::name).to_vec()),
        ("Endpoint", "status", ENDPOINT_STATUSES.to_vec()),
        ("Event", "event_type", events()),
        ("Key", "type", KeyKind::ALL.map(KeyKind::name).to_vec()),
        ("Payment", "status", PaymentStatus::ALL.map(PaymentStatus::name).to_vec()),
        ("PaymentLink", "status", LinkStatus::ALL.map(LinkStatus::name).to_vec()),
        ("Payout", "state", PayoutState::ALL.map(PayoutState::name).to_vec()),
        ("Payout", "status", PAYOUT_STATUSES.to_vec()),
        ("Send", "payout_status", PAYOUT_STATUSES.to_vec()),
        ("Send", "status", SEND_STATUSES.to_vec()),
        ("Session", "status", SessionStatus::ALL.map(SessionStatus::name).to_vec()),
        ("SessionPayment", "status", PaymentStatus::ALL.map(PaymentStatus::name).to_vec()),
        ("Session", "type", vec!["fixed", "options", "preset"]),
    ];
    for object in ["BalanceTransaction", "Transfer"] {
        words.push((object, "type", TransferKind::ALL.map(TransferKind::name).to_vec()));
    }
    words
}

fn events() -> Vec<&'static str> {
    EventKind::ALL.iter().map(|kind| kind.name()).collect()
}
