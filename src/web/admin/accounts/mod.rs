//! `/accounts`: merchants' accounts, for the operator.

mod create;
mod funds;
mod keys;
mod read;
mod update;

pub(super) use create::create;
pub(super) use funds::{credit, debit};
pub(super) use keys::{create_key, list_keys, revoke_key};
pub(super) use read::{get, list};
pub(super) use update::update;

use crate::domain::fees::FeeChange;
use crate::domain::money::{Msat, Ppm, Sat};

use super::form::Form;

/// Longest name of an account.
const MAX_NAME: usize = 100;
/// Largest fee limit, in satoshis.
const MAX_FEE_SAT: u64 = 1_000_000;

/// Reads `low_balance_msat`; `null` takes it away.
fn low_balance(form: &mut Form) -> Option<Option<Msat>> {
    let name = "low_balance_msat";
    form.says(name).then(|| form.number(name, 1, Msat::MAX.get()).map(Msat::new))
}

/// Reads `fee_limits`: what is absent in it stays, what is `null` is as configured.
fn fee_limits(form: &mut Form) -> FeeChange {
    let none = form.says("fee_limits") && !form.has("fee_limits");
    let Some(mut limits) = form.object("fee_limits") else {
        let each = none.then_some(None);
        return FeeChange { base: each, ppm: none.then_some(None), max: each };
    };
    let [base, ppm, max] = ["base_sat", "ppm", "max_sat"].map(|name| limits.says(name));
    let ppm_of = |ppm| u32::try_from(ppm).ok().map(Ppm);
    let change = FeeChange {
        base: base.then(|| limits.number("base_sat", 0, MAX_FEE_SAT).map(Sat::new)),
        ppm: ppm.then(|| limits.number("ppm", 0, 1_000_000).and_then(ppm_of)),
        max: max.then(|| limits.number("max_sat", 0, MAX_FEE_SAT).map(Sat::new)),
    };
    form.absorb(limits);
    change
}
