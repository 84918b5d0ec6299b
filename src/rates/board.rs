//! The board: what each currency's rate is, whether it may be used, and what is made of a reading that jumps.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::currency::Currency;
use crate::domain::rate::Rate;
use crate::domain::time::{Reading, Span};
use crate::ports::clock::Clock;
use crate::ports::rates::{NoRate, RateInfo, Rates};

/// Readings in a row that must agree before a jump is believed.
const AGREEING: u32 = 3;

/// What became of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It is the rate now.
    Taken,
    /// It jumps from the one before; it counts when the next readings agree with it.
    HeldBack,
}

/// One currency's rate.
#[derive(Clone, Debug, Default)]
struct Entry {
    rate: Option<(Rate, Reading)>,
    is_fixed: bool,
    /// A reading that jumped, and how many agreed with it.
    doubtful: Option<(Rate, u32)>,
    error: Option<String>,
}

/// The board. Rates on it age by the monotonic clock, which nobody can set.
pub struct Board {
    clock: Arc<dyn Clock>,
    max_age: Span,
    max_change_percent: u64,
    entries: Mutex<BTreeMap<Currency, Entry>>,
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Board").field("entries", &self.entries).finish_non_exhaustive()
    }
}

impl Board {
    /// An empty board. A reading counts for `max_age`; one that is more than `max_change_percent` away from the rate before
    /// must be confirmed.
    pub fn new(clock: Arc<dyn Clock>, max_age: Span, max_change_percent: u64) -> Self {
        Self { clock, max_age, max_change_percent, entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<Currency, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets a rate by hand.
    pub fn fix(&self, currency: Currency, rate: Rate) {
        let entry =
            Entry { rate: Some((rate, self.clock.now())), is_fixed: true, ..Entry::default() };
        self.entries().insert(currency, entry);
    }

    /// Says that a source will be asked for this currency.
    pub fn follow(&self, currency: Currency) {
        self.entries().entry(currency).or_default();
    }

    /// Brings a reading. What has no source, or was set by hand, stays as it is.
    pub fn offer(&self, currency: Currency, rate: Rate) -> Offered {
        let now = self.clock.now();
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&currency).filter(|entry| !entry.is_fixed) else {
            return Offered::HeldBack;
        };
        let agreeing = match (entry.rate, entry.doubtful) {
            (Some((before, _)), _) if !before.jumps_to(rate, self.max_change_percent) => AGREEING,
            (None, _) => AGREEING,
            (_, Some((doubtful, count))) if !doubtful.jumps_to(rate, self.max_change_percent) => {
                count + 1
            }
            _ => 1,
        };
        if agreeing < AGREEING {
            entry.doubtful = Some((rate, agreeing));
            entry.error = Some(format!("{rate} is too far from the rate before; it is held back"));
            return Offered::HeldBack;
        }
        *entry = Entry { rate: Some((rate, now)), ..Entry::default() };
        Offered::Taken
    }

    /// Notes that a reading failed; true if the one before had not.
    pub fn failed(&self, currency: Currency, why: String) -> bool {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&currency) else { return false };
        entry.error.replace(why).is_none()
    }

    fn usable(&self, entry: &Entry, now: Reading) -> Result<Rate, NoRate> {
        let (rate, read) = entry.rate.ok_or(NoRate::Missing)?;
        let age = now.monotonic.millis().saturating_sub(read.monotonic.millis());
        if entry.is_fixed || age <= self.max_age.millis() { Ok(rate) } else { Err(NoRate::Stale) }
    }
}

impl Rates for Board {
    fn rate(&self, currency: Currency) -> Result<Rate, NoRate> {
        if let Some(rate) = currency.own_rate() {
            return Ok(rate);
        }
        let now = self.clock.now();
        let entries = self.entries();
        self.usable(entries.get(&currency).ok_or(NoRate::NoSource)?, now)
    }

    fn known(&self) -> Vec<RateInfo> {
        let now = self.clock.now();
        let info = |(currency, entry): (&Currency, &Entry)| RateInfo {
            currency: *currency,
            rate: entry.rate.map(|(rate, _)| rate),
            is_fixed: entry.is_fixed,
            fetched_at: entry.rate.filter(|_| !entry.is_fixed).map(|(_, read)| read.wall),
            missing: self.usable(entry, now).err(),
            last_error: entry.error.clone(),
        };
        self.entries().iter().map(info).collect()
    }
}

#[cfg(test)]
mod tests;
