//! What an amount comes to in satoshis: the one place that sessions and links ask.

use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::money::Sat;
use crate::domain::time::Span;

/// Longest life of an invoice, which is also what counts for SATS and BTC unless the merchant says otherwise (Speed).
pub const MAX_TTL_SECS: u64 = 365 * 86_400;

/// What a customer owes, rounded up to a whole satoshi (DESIGN D19); `None` if it is none, or more than there is.
pub fn due(currency: Currency, amount: Decimal) -> Option<Sat> {
    currency.ceil_sat(amount).filter(|due| *due >= Sat::new(1))
}

/// How long an invoice is good for unless the merchant says otherwise.
pub const fn default_ttl(currency: Currency) -> Span {
    match currency {
        Currency::Sats | Currency::Btc => Span::from_secs(MAX_TTL_SECS),
    }
}
