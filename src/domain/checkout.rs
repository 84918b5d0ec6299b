//! Checkout sessions and their payments: what is owed, what came in, and whether that pays the session (DESIGN D21).

use super::bytes::{Digest, PaymentHash};
use super::cashback::{NoClaim, Quote};
use super::decimal::Decimal;
use super::id::{AccountId, ClaimId, PaymentId, SessionId};
use super::invoice::InvoiceText;
use super::link::LinkId;
use super::money::{Msat, Sat};
use super::rate::{Price, Rate};
use super::time::{Span, Timestamp};

mod terms;

pub use terms::{Choice, MAX_WEIGHT, NoPrice, SessionChange, SessionTerms, TwoEndings};

/// How long after its expiry a payment still pays its session: wallets and routes take their time.
pub const LATE_GRACE: Span = Span::from_secs(600);
/// Most payments of one session: a page that is left open for ever does not fill the books.
pub const MAX_PAYMENTS: usize = 100;
/// How long after its expiry a payment is still looked after: LDK accepts it for two hours of block time more.
pub const WATCH_AFTER_EXPIRY: Span = Span::from_secs(3 * 3_600);

/// Where a session is in its life. It never expires; only its payments do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// Waiting for the customer.
    Active,
    /// The full amount came in.
    Paid,
    /// Closed by the merchant.
    Deactivated,
}

impl SessionStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Paid, Self::Deactivated];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paid => "paid",
            Self::Deactivated => "deactivated",
        }
    }

    /// Reads the API's word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Where a payment is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Its invoice may be paid.
    Unpaid,
    /// Money came in on its invoice, whether in time or late.
    Paid,
    /// Nothing came in before its invoice expired.
    Expired,
    /// Its session was closed.
    Cancelled,
}

impl PaymentStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Unpaid, Self::Paid, Self::Expired, Self::Cancelled];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the API's word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Through which link a session was opened, and by which browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The link.
    pub link: LinkId,
    /// SHA-256 of what names the browser; the one session of a checkout link is of no browser's.
    pub browser: Option<Digest>,
}

/// One purchase, with its hosted page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose it is.
    pub account: AccountId,
    /// The terms.
    pub terms: SessionTerms,
    /// The link through which it was opened, if it was through one.
    pub visit: Option<Visit>,
    /// Where it is in its life.
    pub status: SessionStatus,
    /// What the customer chose to pay, in the currency of the terms.
    pub chosen: Option<Decimal>,
    /// Its payments, oldest first. All but the last are over.
    pub payments: Vec<PaymentId>,
    /// What came in on all of its payments.
    pub received: Msat,
    /// The claim that its payment opened.
    pub claim: Option<ClaimId>,
    /// Why its payment opened none, though a cashback is attached.
    pub no_claim: Option<NoClaim>,
    /// Generation of the token in its page's address (DESIGN D11).
    pub token_generation: u32,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
}

/// What came in on an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What the node got.
    pub amount: Msat,
    /// What a just-in-time provider kept of it: the customer paid this too.
    pub skimmed: Msat,
    /// When it was booked.
    pub at: Timestamp,
    /// True if it did not pay the session (too late, repeated, or the session was closed).
    pub late: bool,
}

/// One invoice of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose it is.
    pub account: AccountId,
    /// The session it pays.
    pub session: SessionId,
    /// Where it is in its life.
    pub status: PaymentStatus,
    /// The payment hash; ours for ever (DESIGN D7).
    pub hash: PaymentHash,
    /// The invoice.
    pub invoice: InvoiceText,
    /// What the invoice asks for.
    pub due: Sat,
    /// The same in the currency of the session; `None` in rows from when that could not differ from the session's amount.
    pub amount: Option<Decimal>,
    /// The rate between the two, fixed with the payment; `None` in rows from when there were no rates.
    pub rate: Option<Rate>,
    /// The cashback that was promised with it.
    pub quote: Option<Quote>,
    /// When the invoice expires.
    pub expires_at: Timestamp,
    /// What came in.
    pub receipt: Option<Receipt>,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

/// What a receipt does to its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It pays the session.
    Pays,
    /// It is credited, and that is all.
    Late,
}

/// Decides whether a first receipt on `payment` pays `session`. It never asks for more money, and never for an answer
/// from outside: every receipt is credited in full in any case.
pub fn judge(
    session: &Session,
    payment: &Payment,
    amount: Msat,
    skimmed: Msat,
    at: Timestamp,
) -> Verdict {
    let in_time = at <= payment.expires_at + LATE_GRACE;
    let covered = amount + skimmed >= payment.due.msat();
    if session.status == SessionStatus::Active && in_time && covered {
        Verdict::Pays
    } else {
        Verdict::Late
    }
}

impl Session {
    /// What the customer owes, as soon as that is known.
    pub fn owed(&self) -> Option<Decimal> {
        self.terms.owed().or(self.chosen)
    }

    /// True if the session waits for money, but its `last` payment is over without any: the next one takes its place at
    /// the rate of then.
    pub fn needs_payment(&self, last: Option<&Payment>, now: Timestamp) -> bool {
        let is_over = last.is_none_or(|payment| match payment.status {
            PaymentStatus::Unpaid => payment.expires_at <= now,
            PaymentStatus::Expired => payment.receipt.is_none(),
            PaymentStatus::Paid | PaymentStatus::Cancelled => false,
        });
        let has_room = self.payments.len() < MAX_PAYMENTS;
        self.status == SessionStatus::Active && self.owed().is_some() && is_over && has_room
    }
}

impl Payment {
    /// What the invoice asks for, with the rate that was fixed for it.
    pub fn price(&self, terms: &SessionTerms) -> Price {
        let rate = self.rate.or(terms.currency.own_rate()).unwrap_or(Rate::ONE);
        Price { amount: self.amount.unwrap_or(terms.amount), rate, due: self.due }
    }

    /// Until when a receipt must be looked for even though no event told of one.
    pub fn watched_until(&self) -> Timestamp {
        self.expires_at + WATCH_AFTER_EXPIRY
    }
}

#[cfg(test)]
mod tests;
