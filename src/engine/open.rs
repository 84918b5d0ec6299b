//! Opening the books: a first page for new ones, memory and audit for old ones, and a count of this run.

use std::sync::Arc;

use crate::domain::bytes::Digest;
use crate::domain::payout::PayoutState;
use crate::domain::time::Timestamp;
use crate::ports::store::{Batch, Books, Key, Row, Rows, StoreFault, fetch, table};

use super::effect::{Due, Effect};
use super::policy::Policy;
use super::state::State;
use super::{Engine, Parts, audit};

/// Why the books cannot be opened at all.
#[derive(Debug)]
pub enum OpenError {
    /// They are another network's.
    OtherNetwork(Books),
    /// They are another node's (another seed's).
    OtherNode(Books),
    /// The store is out of order.
    Store(StoreFault),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OtherNetwork(books) => {
                write!(f, "the books in this folder are for the network {}", books.network)
            }
            Self::OtherNode(books) => {
                write!(
                    f,
                    "the books in this folder belong to node {}, another seed's",
                    books.node_id
                )
            }
            Self::Store(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<StoreFault> for OpenError {
    fn from(fault: StoreFault) -> Self {
        Self::Store(fault)
    }
}

impl Engine {
    /// Opens the books, audits them, and says what was left to do. Books that fail the audit are opened frozen
    /// (DESIGN D12): they can be read, and nothing more.
    ///
    /// # Errors
    /// Books of another network or node, or a store out of order.
    pub fn open(mut parts: Parts) -> Result<(Self, Vec<Effect>), OpenError> {
        let rows = parts.store.rows();
        let started = parts.clock.now().wall;
        let books = match fetch::<table::Books>(&*rows, ())? {
            Some(books) => checked(books, &parts.policy)?,
            None => first_page(&parts.policy, started),
        };
        let report = audit::audit(&*rows, &*parts.secrets)?;
        let mut state = State::new(books, &parts.policy, started);
        if report.problems.is_empty() {
            state.books.process += 1;
            let row = Some(Row::Books(Box::new(state.books.clone())));
            parts.store.commit(Batch { rows: [(Key::Books(()), row)].into() })?;
        } else {
            for problem in &report.problems {
                tracing::error!(problem, "the books fail their audit");
            }
            state.frozen = Some(format!("books_audit: {}", report.problems[0]));
        }
        load(&mut state, &rows)?;
        let effects = left_to_do(&state);
        Ok((Self { parts, rows, state }, effects))
    }
}

fn checked(books: Books, policy: &Policy) -> Result<Books, OpenError> {
    if books.network != policy.network {
        return Err(OpenError::OtherNetwork(books));
    }
    if books.node_id != policy.node_id {
        return Err(OpenError::OtherNode(books));
    }
    Ok(books)
}

const fn first_page(policy: &Policy, created: Timestamp) -> Books {
    Books {
        network: policy.network,
        node_id: policy.node_id,
        epoch: 1,
        process: 0,
        next_seq: 1,
        chain: Digest([0; 32]),
        drained: false,
        created,
    }
}

fn load(state: &mut State, rows: &Arc<dyn Rows>) -> Result<(), StoreFault> {
    let books = state.books.clone();
    rows.each(&mut |key, row| {
        state.apply(&key, Some(&row));
        Ok(())
    })?;
    state.books = books;
    // What an earlier process sent is missing from what this one's node holds, or was never sent.
    state.sends.clear();
    Ok(())
}

/// What was reserved and never dispatched is taken up again: nothing of it was sent.
fn left_to_do(state: &State) -> Vec<Effect> {
    let reserved = state.open_payouts().filter(|payout| payout.state == PayoutState::Reserved);
    reserved
        .map(|payout| Effect::Pay(Due { payout: payout.id.clone(), hash: payout.hash }))
        .collect()
}
