//! What a restore makes of the books of a backup (DESIGN D22). Between the backup and now, the daemon that is lost went
//! on: any payout that was open may have been paid, and any claim that was open may have been paid by a payout that
//! these books do not know. Nothing of that may be paid again by itself.

use crate::domain::claim::ClaimStatus;
use crate::domain::id::{AccountId, ClaimId};
use crate::domain::payout::Input;
use crate::domain::time::Timestamp;
use crate::domain::token::TokenKind;
use crate::ports::store::{Row, TokenOwner, table};

use super::payouts;
use super::reply::{Reply, Restored};
use super::tx::{Fail, Tx};

/// Begins a new node epoch, with the chain at `height`: what was open is in doubt, links lead nowhere, and no account
/// pays claims.
pub(super) fn restore(tx: &mut Tx<'_>, height: u32) -> Result<Reply, Fail> {
    let epoch = new_epoch(tx.books().epoch, tx.now());
    tx.books_mut().epoch = epoch;
    let open: Vec<_> = tx.state.open_payouts().cloned().collect();
    let (accounts, claims) = find(tx)?;
    let mut restored =
        Restored { epoch, in_doubt: open.len(), open_claims: 0, accounts: accounts.len() };
    for payout in open {
        // The cap of DESIGN D5 is for what is parked by choice; it holds back new claims all the same.
        payouts::apply(tx, payout, Input::Restored, height)?;
    }
    for id in claims {
        restored.open_claims += usize::from(renew(tx, id, epoch)?);
    }
    for id in accounts {
        let mut account = tx.named::<table::Account>(id)?;
        account.claims_paused = true;
        account.modified = tx.now();
        tx.put::<table::Account>(account.id.clone(), account);
    }
    tracing::warn!(?restored, "the books were restored from a backup");
    Ok(Reply::Restored(restored))
}

/// The second of the restore names its epoch: restoring one backup twice gives two epochs, and a node of the first is
/// never taken for one of the second.
fn new_epoch(last: u64, now: Timestamp) -> u64 {
    (now.millis() / 1_000).max(last.saturating_add(1))
}

/// All accounts, and the claims that are not over.
fn find(tx: &Tx<'_>) -> Result<(Vec<AccountId>, Vec<ClaimId>), Fail> {
    let (mut accounts, mut claims) = (vec![], vec![]);
    tx.around.rows.each(&mut |_, row| {
        match row {
            Row::Account(account) => accounts.push(account.id),
            Row::Claim(claim)
                if matches!(claim.status, ClaimStatus::Open | ClaimStatus::Processing) =>
            {
                claims.push(claim.id);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((accounts, claims))
}

/// Gives a claim a new link and a new k1. True if it is open.
fn renew(tx: &mut Tx<'_>, id: ClaimId, epoch: u64) -> Result<bool, Fail> {
    let mut claim = tx.named::<table::Claim>(id)?;
    claim.renew(u32::try_from(epoch).unwrap_or(0), tx.now());
    let (id, link, k1) = (claim.id.clone(), claim.link_generation, claim.k1_generation);
    let owner = TokenOwner::ClaimLink(id.clone(), link);
    tx.index_token(TokenKind::ClaimLink, id.as_str(), link, owner);
    tx.index_token(TokenKind::K1, id.as_str(), k1, TokenOwner::K1(id.clone(), k1));
    let open = claim.status == ClaimStatus::Open;
    tx.session_changed(&claim.session);
    tx.put::<table::Claim>(id, claim);
    Ok(open)
}
