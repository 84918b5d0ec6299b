//! The rows of an account's statement with what was there after each. Rows never change, and their sum is the balance; so
//! a running balance is the balance of now, taken back row by row.

use std::sync::Arc;

use crate::domain::id::{AccountId, TransferId};
use crate::domain::ledger::{Direction, LedgerAccount, Transfer};
use crate::ports::store::{List, Page, Rows, Scope, StoreFault, fetch, table};

use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words;

/// Rows that one page or one file looks at.
const MAX_ROWS: usize = 100_000;
/// Rows that are read at once.
const CHUNK: usize = 500;
/// Rows lie in commit order; a clock that was set back may have dated later ones earlier, by this much.
const CLOCK_MARGIN_MILLIS: u64 = 86_400_000;
/// How often the balance is looked up between two commits of one account.
const TRIES: usize = 50;

/// A row of a statement.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) transfer: Transfer,
    pub(super) is_credit: bool,
    /// What was available after it, in millisatoshis.
    pub(super) balance_msat: i64,
}

/// A part of a statement.
pub(super) struct Statement {
    /// Newest first.
    pub(super) lines: Vec<Line>,
    /// True if there would be more than is looked at.
    pub(super) is_cut: bool,
}

/// An account's statement, back to this moment or to its bound.
pub(super) async fn read(
    visit: &Visit,
    account: &AccountId,
    since_millis: u64,
) -> Result<Statement, Trouble> {
    let shared = visit.dash.api.shared();
    let (rows, account) = (Arc::clone(&shared.rows), account.clone());
    let done = shared.blocking.spawn_blocking(move || lines(&*rows, &account, since_millis)).await;
    match done {
        Ok(Ok(Some(statement))) => Ok(statement),
        Ok(Ok(None)) => Err(Trouble::plain(words::BOOKS_BUSY)),
        Ok(Err(fault)) => {
            tracing::error!(%fault, "a statement cannot be read");
            Err(Trouble::plain(words::BROKEN))
        }
        Err(_) => Err(Trouble::plain(words::BROKEN)),
    }
}

/// The balance, and the place of the newest row that it counts: a commit shows both or neither, so the place is looked
/// up before and after.
fn balance(rows: &dyn Rows, account: &AccountId) -> Result<Option<(i64, u64)>, StoreFault> {
    let newest = || {
        let (list, scope) = (List::Transfers, Scope::Account(account.clone()));
        let (after, before, ascending, limit) = (None, None, false, 1);
        let page = rows.page(&Page { list, scope, after, before, ascending, limit })?;
        Ok::<_, StoreFault>(page.first().map_or(0, |(seq, _)| *seq))
    };
    for _ in 0..TRIES {
        let place = newest()?;
        let available = LedgerAccount::Available(account.clone());
        let balance = fetch::<table::Balance>(rows, available)?.unwrap_or(0);
        if newest()? == place {
            return Ok(Some((balance, place)));
        }
    }
    Ok(None)
}

fn lines(
    rows: &dyn Rows,
    account: &AccountId,
    since_millis: u64,
) -> Result<Option<Statement>, StoreFault> {
    let Some((mut balance_msat, newest)) = balance(rows, account)? else { return Ok(None) };
    let (mut lines, mut before) = (vec![], Some(newest.saturating_add(1)));
    loop {
        let scope = Scope::Account(account.clone());
        let (list, after, ascending) = (List::Transfers, None, false);
        let page = rows.page(&Page { list, scope, after, before, ascending, limit: CHUNK })?;
        for (seq, id) in &page {
            before = Some(*seq);
            let id =
                TransferId::parse(id).map_err(|_| StoreFault(format!("{id} is no transfer")))?;
            let Some(transfer) = fetch::<table::Transfer>(rows, id)? else { continue };
            let created = transfer.created.millis();
            if created.saturating_add(CLOCK_MARGIN_MILLIS) < since_millis {
                return Ok(Some(Statement { lines, is_cut: false }));
            }
            if lines.len() == MAX_ROWS {
                return Ok(Some(Statement { lines, is_cut: true }));
            }
            let Some((_, direction)) = transfer.statement() else { continue };
            let amount = i64::try_from(transfer.posting.amount.get()).unwrap_or(i64::MAX);
            let is_credit = direction == Direction::Credit;
            if created >= since_millis {
                lines.push(Line { transfer, is_credit, balance_msat });
            }
            balance_msat = balance_msat.saturating_sub(if is_credit { amount } else { -amount });
        }
        if page.len() < CHUNK {
            return Ok(Some(Statement { lines, is_cut: false }));
        }
    }
}
