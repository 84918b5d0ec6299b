//! What a hosted page shows: a session, its current payment and its claim, read from the books.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::domain::account::Account;
use crate::domain::cashback::Cashback;
use crate::domain::checkout::{Payment, Session, SessionStatus};
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::payout::Payout;
use crate::domain::token::{Token, TokenKind};
use crate::ports::store::{StoreFault, TokenOwner, fetch, table};

use super::super::Shared;

/// Everything that a page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) account: Account,
    pub(super) session: Session,
    /// Its newest payment; `None` until the customer has chosen an amount.
    pub(super) payment: Option<Payment>,
    /// True while the customer has to say something about itself before it may pay.
    pub(super) must_answer: bool,
    pub(super) claim: Option<Claim>,
    /// The payout that paid the claim.
    pub(super) payout: Option<Payout>,
    /// The cashback attached to the session, while that is not decided.
    pub(super) cashback: Option<Cashback>,
    /// True while another payout uses the account.
    pub(super) is_locked: bool,
}

/// Why there is nothing to show.
#[derive(Debug)]
pub(super) enum NoView {
    Unknown,
    Broken(StoreFault),
}

impl From<StoreFault> for NoView {
    fn from(fault: StoreFault) -> Self {
        Self::Broken(fault)
    }
}

impl IntoResponse for NoView {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => (StatusCode::NOT_FOUND, "there is no such page").into_response(),
            Self::Broken(fault) => {
                tracing::error!(%fault, "a page cannot be read");
                (StatusCode::INTERNAL_SERVER_ERROR, "something broke here").into_response()
            }
        }
    }
}

/// A row that another row names.
pub(super) fn named<T>(row: Option<T>) -> Result<T, NoView> {
    row.ok_or_else(|| NoView::Broken(StoreFault("a row is named but not there".to_owned())))
}

/// As [`read`], after the session got an invoice that can be paid if it waits for money (DESIGN D19).
pub(super) async fn look(shared: &Shared, token: &str) -> Result<View, NoView> {
    let view = read(shared, token)?;
    if view.session.needs_payment(view.payment.as_ref(), shared.clock.now().wall) {
        shared.renew(&view.session).await?;
        return read(shared, token);
    }
    Ok(view)
}

/// Reads what the page of this token shows.
pub(super) fn read(shared: &Shared, token: &str) -> Result<View, NoView> {
    let token = Token::parse(TokenKind::SessionPage, token).ok_or(NoView::Unknown)?;
    let rows = &*shared.rows;
    let owner = fetch::<table::Token>(rows, shared.secrets.token_digest(&token))?;
    let Some(TokenOwner::SessionPage(id)) = owner else { return Err(NoView::Unknown) };
    let session = named(fetch::<table::Session>(rows, id)?)?;
    let payment = match session.payments.last().cloned() {
        Some(id) => Some(named(fetch::<table::Payment>(rows, id)?)?),
        None => None,
    };
    let must_answer = session.terms.collects.is_some()
        && fetch::<table::Details>(rows, session.id.clone())?.is_none();
    let account = named(fetch::<table::Account>(rows, session.account.clone())?)?;
    let claim = match session.claim.clone() {
        Some(id) => Some(named(fetch::<table::Claim>(rows, id)?)?),
        None => None,
    };
    let paid = claim.as_ref().filter(|claim| claim.status == ClaimStatus::Paid);
    let payout = match paid.and_then(|claim| claim.payout.clone()) {
        Some(id) => Some(named(fetch::<table::Payout>(rows, id)?)?),
        None => None,
    };
    let offered = session.terms.cashback.clone();
    let cashback = match offered.filter(|_| session.status == SessionStatus::Active) {
        Some(id) => Some(named(fetch::<table::Cashback>(rows, id)?)?),
        None => None,
    };
    let lock = fetch::<table::Lock>(rows, account.id.clone())?;
    let is_open = claim.as_ref().is_some_and(|claim| claim.status == ClaimStatus::Open);
    let is_locked = is_open && lock.is_some();
    Ok(View { account, session, payment, must_answer, claim, payout, cashback, is_locked })
}
