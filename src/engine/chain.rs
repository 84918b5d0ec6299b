//! The hash chain over the transfers: whoever changes one afterwards, changes all that follow.

use crate::domain::bytes::Digest;
use crate::domain::ledger::Transfer;
use crate::ports::secrets::Secrets;

/// The hash of `transfer` in the chain that ends with `before`.
pub(super) fn chain_after(secrets: &dyn Secrets, before: &Digest, transfer: &Transfer) -> Digest {
    let mut bytes = before.0.to_vec();
    bytes.extend_from_slice(transfer.chained_text().as_bytes());
    secrets.digest(&bytes)
}
