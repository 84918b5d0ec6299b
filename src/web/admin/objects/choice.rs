//! Between which amounts a customer chooses.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::checkout;

use super::Number;

/// Speed's fields about a choice; an amount that is open altogether is a fixed one of zero.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Choice {
    #[serde(rename = "type")]
    kind: &'static str,
    options: Option<Vec<Number>>,
    preset: Option<Preset>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Preset {
    min_amount: Number,
    max_amount: Number,
}

impl Choice {
    pub(super) fn of(choice: Option<&checkout::Choice>) -> Self {
        match choice {
            None | Some(checkout::Choice::Any) => {
                Self { kind: "fixed", options: None, preset: None }
            }
            Some(checkout::Choice::Options(amounts)) => {
                let options = Some(amounts.iter().copied().map(Number).collect());
                Self { kind: "options", options, preset: None }
            }
            Some(checkout::Choice::Preset(least, most)) => {
                let preset = Preset { min_amount: Number(*least), max_amount: Number(*most) };
                Self { kind: "preset", options: None, preset: Some(preset) }
            }
        }
    }
}
