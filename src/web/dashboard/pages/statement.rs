//! The rows of an account's statement with what was there after each. Rows never change, and their sum is the balance; so
//! a running balance is the balance of now, taken back row by row, at one moment of the books.

use crate::domain::id::{AccountId, TransferId};
use crate::domain::ledger::{Direction, LedgerAccount, Transfer};
use crate::ports::store::{List, Page, Rows, Scope, StoreFault, at_one_moment, fetch, table};

use super::super::trouble::Trouble;
use super::super::visit::Visit;
use super::super::words;

/// Rows that one page or one file looks at.
const MAX_ROWS: usize = 100_000;
/// Rows that are read at once.
const CHUNK: usize = 500;

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
    let (rows, account) = (std::sync::Arc::clone(&shared.rows), account.clone());
    let read = move || at_one_moment(&*rows, |rows| lines(rows, &account, since_millis));
    let done = shared.blocking.spawn_blocking(read).await;
    let read = done.ok().and_then(Result::ok).flatten();
    read.ok_or_else(|| Trouble::plain(words::BOOKS_BUSY))
}

fn lines(rows: &dyn Rows, account: &AccountId, since_millis: u64) -> Result<Statement, StoreFault> {
    let available = LedgerAccount::Available(account.clone());
    let mut balance_msat = fetch::<table::Balance>(rows, available)?.unwrap_or(0);
    let (mut lines, mut before) = (vec![], None);
    loop {
        let scope = Scope::Account(account.clone());
        let (list, after, ascending) = (List::Transfers, None, false);
        let page = rows.page(&Page { list, scope, after, before, ascending, limit: CHUNK })?;
        for (seq, id) in &page {
            before = Some(*seq);
            let id =
                TransferId::parse(id).map_err(|_| StoreFault(format!("{id} is no transfer")))?;
            let Some(transfer) = fetch::<table::Transfer>(rows, id)? else { continue };
            if transfer.created.millis() < since_millis {
                return Ok(Statement { lines, is_cut: false });
            }
            if lines.len() == MAX_ROWS {
                return Ok(Statement { lines, is_cut: true });
            }
            let Some((_, direction)) = transfer.statement() else { continue };
            let amount = i64::try_from(transfer.posting.amount.get()).unwrap_or(i64::MAX);
            let is_credit = direction == Direction::Credit;
            lines.push(Line { transfer, is_credit, balance_msat });
            balance_msat = balance_msat.saturating_sub(if is_credit { amount } else { -amount });
        }
        if page.len() < CHUNK {
            return Ok(Statement { lines, is_cut: false });
        }
    }
}
