//! Exchange rates. They fail closed: without a rate that is known to be fresh nothing is priced (DESIGN D19).

use std::fmt;

use crate::domain::currency::Currency;
use crate::domain::rate::Rate;
use crate::domain::time::Timestamp;

/// Why there is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRate {
    /// Nothing is configured for the currency.
    NoSource,
    /// The source has not answered with a usable rate since the daemon started.
    Missing,
    /// The last usable rate is older than it may be.
    Stale,
}

impl fmt::Display for NoRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSource => "no source is configured for it",
            Self::Missing => "its source has not given one yet",
            Self::Stale => "the last one is too old",
        })
    }
}

/// What is known about a currency's rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateInfo {
    /// Which currency.
    pub currency: Currency,
    /// The last usable rate.
    pub rate: Option<Rate>,
    /// True if it was set by hand and never changes.
    pub is_fixed: bool,
    /// When it was fetched, if it was.
    pub fetched_at: Option<Timestamp>,
    /// Why it is not used, if it is not.
    pub missing: Option<NoRate>,
    /// What went wrong when it was last asked for.
    pub last_error: Option<String>,
}

/// Knows rates. Asking never blocks.
pub trait Rates: Send + Sync {
    /// Satoshis in one unit of a currency now. SATS and BTC always have one.
    ///
    /// # Errors
    /// [`NoRate`].
    fn rate(&self, currency: Currency) -> Result<Rate, NoRate>;

    /// All currencies that something is configured for, by their codes.
    fn known(&self) -> Vec<RateInfo>;
}
