//! Why payouts fail: stable codes for programs and a few words for the customer.

/// The proven cause of a failed payout. The codes are part of the API and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureCode {
    /// No route within the fee budget and the limits was found, or every one that was tried failed.
    NoRoute,
    /// None of our channels could carry the amount before the permit's deadline.
    InsufficientLiquidity,
    /// Too many payouts were under way until the permit's deadline.
    NoPermit,
    /// The invoice was about to expire before it could be dispatched.
    InvoiceExpired,
    /// The node was not running, and stayed so until the permit's deadline.
    NodeNotReady,
    /// The daemon was shut down before it could be dispatched.
    ShuttingDown,
    /// The payee refused the payment.
    RecipientRejected,
    /// The node found the invoice impossible to pay.
    InvalidInvoice,
    /// The node gave up for a reason of its own.
    NodeError,
    /// Its deadline height passed and nothing of it was left anywhere.
    DeadlinePassed,
    /// The operator wrote it off by hand.
    OperatorResolved,
}

impl FailureCode {
    /// All codes.
    pub const ALL: [Self; 11] = [
        Self::NoRoute,
        Self::InsufficientLiquidity,
        Self::NoPermit,
        Self::InvoiceExpired,
        Self::NodeNotReady,
        Self::ShuttingDown,
        Self::RecipientRejected,
        Self::InvalidInvoice,
        Self::NodeError,
        Self::DeadlinePassed,
        Self::OperatorResolved,
    ];

    /// The code in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoRoute => "no_route",
            Self::InsufficientLiquidity => "insufficient_liquidity",
            Self::NoPermit => "no_permit",
            Self::InvoiceExpired => "invoice_expired",
            Self::NodeNotReady => "node_not_ready",
            Self::ShuttingDown => "shutting_down",
            Self::RecipientRejected => "recipient_rejected",
            Self::InvalidInvoice => "invalid_invoice",
            Self::NodeError => "node_error",
            Self::DeadlinePassed => "deadline_passed",
            Self::OperatorResolved => "operator_resolved",
        }
    }

    /// Reads the API's code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.code() == code)
    }

    /// What the customer is told. "no route found" is a phrase that wallets translate.
    pub const fn customer_text(self) -> &'static str {
        match self {
            Self::NoRoute => "no route found to your wallet",
            Self::InsufficientLiquidity => "no route found: not enough liquidity at the moment",
            Self::NoPermit => "too many payments at once, please try again",
            Self::InvoiceExpired => "your wallet's invoice expired before it could be paid",
            Self::NodeNotReady => "the payment node was not ready, please try again",
            Self::ShuttingDown => "the service was restarting, please try again",
            Self::RecipientRejected => "your wallet refused the payment",
            Self::InvalidInvoice => "your wallet's invoice could not be paid",
            Self::NodeError => "the payment failed, please try again",
            Self::DeadlinePassed => "the payment never arrived and was taken back",
            Self::OperatorResolved => "the payment was taken back by the operator",
        }
    }
}
