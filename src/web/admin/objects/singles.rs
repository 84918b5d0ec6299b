//! What there is one of.

use schemars::JsonSchema;
use serde::Serialize;

/// Whether new claims and sessions are taken.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Drain {
    object: &'static str,
    drained: bool,
}

impl Drain {
    pub(in super::super) const fn of(drained: bool) -> Self {
        Self { object: "drain", drained }
    }
}

/// What the books call the operator's own money.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct OperatorBalance {
    object: &'static str,
    balance_msat: i64,
}

impl OperatorBalance {
    pub(in super::super) const fn of(balance_msat: i64) -> Self {
        Self { object: "operator_balance", balance_msat }
    }
}
