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

use crate::domain::fees::FeeOverrides;
use crate::domain::money::{Ppm, Sat};

use super::form::Form;

/// Longest name of an account.
const MAX_NAME: usize = 100;
/// Largest fee limit, in satoshis.
const MAX_FEE_SAT: u64 = 1_000_000;

/// Reads `fee_limits`; what is absent in it is as configured.
fn fee_limits(form: &mut Form) -> Option<FeeOverrides> {
    let mut limits = form.object("fee_limits")?;
    let base = limits.number("base_sat", 0, MAX_FEE_SAT).map(Sat::new);
    let ppm = limits.number("ppm", 0, 1_000_000).and_then(|ppm| u32::try_from(ppm).ok()).map(Ppm);
    let max = limits.number("max_sat", 0, MAX_FEE_SAT).map(Sat::new);
    form.absorb(limits);
    Some(FeeOverrides { base, ppm, max })
}
