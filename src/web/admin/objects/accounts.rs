//! Accounts and keys.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::account;

use super::{Common, Of};

/// An account.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Account {
    #[serde(flatten)]
    common: Common,
    name: String,
    fee_limits: FeeLimits,
    claims_paused: bool,
    low_balance_msat: Option<u64>,
    fell_to_msat: Option<u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FeeLimits {
    base_sat: Option<u64>,
    ppm: Option<u32>,
    max_sat: Option<u64>,
}

impl Account {
    pub(in super::super) fn of(row: &account::Account, livemode: bool) -> Self {
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "account",
                account: None,
                created: row.created,
                modified: row.modified,
                metadata: Some(&row.metadata),
            }
            .common(livemode),
            name: row.name.clone(),
            fee_limits: FeeLimits {
                base_sat: row.fees.base.map(|sat| sat.get()),
                ppm: row.fees.ppm.map(|ppm| ppm.0),
                max_sat: row.fees.max.map(|sat| sat.get()),
            },
            claims_paused: row.claims_paused,
            low_balance_msat: row.low_balance.map(|least| least.get()),
            fell_to_msat: row.fell_to.map(|available| available.get()),
        }
    }
}

/// An API key. The key itself is there only in the answer to the request that made it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Key {
    #[serde(flatten)]
    common: Common,
    #[serde(rename = "type")]
    kind: &'static str,
    pub(in super::super) key: Option<String>,
    hint: String,
    revoked_at: Option<u64>,
}

impl Key {
    pub(in super::super) fn of(row: &account::ApiKey, livemode: bool) -> Self {
        Self {
            common: Of {
                id: row.id.as_str(),
                object: "api_key",
                account: Some(&row.account),
                created: row.created,
                modified: row.modified,
                metadata: None,
            }
            .common(livemode),
            kind: row.kind.name(),
            key: None,
            hint: format!("{}…{}", row.kind.prefix(livemode), row.hint),
            revoked_at: row.revoked.map(|at| at.millis()),
        }
    }
}
