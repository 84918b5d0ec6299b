//! The merchant's rule: how much of a checkout comes back, when, and up to what (DESIGN D19 for what is fixed when).

use super::account::Metadata;
use super::currency::Currency;
use super::decimal::Decimal;
use super::id::{AccountId, CashbackId};
use super::money::{BasisPoints, Msat, Sat};
use super::rate::Rate;
use super::time::{Span, Timestamp};

/// How much comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The same for every checkout, in satoshis.
    Fixed(Sat),
    /// A share of what was received.
    Percentage(BasisPoints),
}

/// Where a cashback is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CashbackStatus {
    /// Its start date has not come.
    Scheduled,
    /// Checkouts earn it.
    Active,
    /// Over, for this reason.
    Deactivated(DeactivatedReason),
}

/// Why a cashback is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeactivatedReason {
    /// The merchant ended it.
    Manual,
    /// Its end date passed.
    Expired,
}

/// Amounts of a cashback in a currency whose rate moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// What comes back, of a fixed cashback.
    pub amount: Option<Decimal>,
    /// Most that one claim is worth.
    pub max_amount: Option<Decimal>,
    /// Least that must be received.
    pub min_spend: Option<Decimal>,
    /// Most that all claims together are worth. Satoshis leave the merchant's balance, so this was turned into satoshis
    /// when it was set, and stays that many.
    pub budget: Option<Decimal>,
}

/// What a merchant may set when it makes a cashback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashbackTerms {
    /// The merchant's name for it.
    pub name: String,
    /// What the wallet shows.
    pub description: String,
    /// How much comes back.
    pub rule: Rule,
    /// The currency in which the merchant stated amounts; all are kept in satoshis.
    pub currency: Currency,
    /// The amounts as they were stated, if the currency's rate moves: all but the budget are turned into satoshis anew for
    /// each payment (DESIGN D19), and the satoshis beside them are what they came to when they were set.
    pub stated: Option<Stated>,
    /// From when on.
    pub start: Timestamp,
    /// Until when (exclusive).
    pub end: Option<Timestamp>,
    /// Most that one claim is worth.
    pub max_amount: Option<Sat>,
    /// Least that must be received for it.
    pub min_spend: Option<Sat>,
    /// Most that all claims together are worth.
    pub budget: Option<Sat>,
    /// Most claims.
    pub max_claims: Option<u64>,
    /// How long a claim is good for.
    pub claim_ttl: Span,
    /// The merchant's notes.
    pub metadata: Metadata,
}

/// What a merchant may change of a cashback: never what comes back. The inner `None` takes a limit away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CashbackChange {
    /// The merchant's name for it.
    pub name: Option<String>,
    /// What the wallet shows.
    pub description: Option<String>,
    /// Until when.
    pub end: Option<Option<Timestamp>>,
    /// Most that one claim is worth.
    pub max_amount: Option<Option<Limit>>,
    /// Least that must be received for it.
    pub min_spend: Option<Option<Limit>>,
    /// Most that all claims together are worth.
    pub budget: Option<Option<Limit>>,
    /// Most claims.
    pub max_claims: Option<Option<u64>>,
    /// How long a claim is good for.
    pub claim_ttl: Option<Span>,
    /// The merchant's notes.
    pub metadata: Option<Metadata>,
}

/// An amount that limits something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// As it was stated, in the cashback's currency.
    pub stated: Decimal,
    /// What that comes to now.
    pub sat: Sat,
}

impl CashbackTerms {
    /// Makes a change.
    pub fn change(&mut self, change: CashbackChange) {
        if let Some(name) = change.name {
            self.name = name;
        }
        if let Some(description) = change.description {
            self.description = description;
        }
        self.end = change.end.unwrap_or(self.end);
        let mut stated = self.stated;
        let mut set = |field: &mut Option<Sat>,
                       to: Option<Option<Limit>>,
                       written: fn(&mut Stated) -> &mut Option<Decimal>| {
            let Some(to) = to else { return };
            *field = to.map(|limit| limit.sat);
            if let Some(stated) = &mut stated {
                *written(stated) = to.map(|limit| limit.stated);
            }
        };
        set(&mut self.max_amount, change.max_amount, |stated| &mut stated.max_amount);
        set(&mut self.min_spend, change.min_spend, |stated| &mut stated.min_spend);
        set(&mut self.budget, change.budget, |stated| &mut stated.budget);
        self.stated = stated;
        self.max_claims = change.max_claims.unwrap_or(self.max_claims);
        self.claim_ttl = change.claim_ttl.unwrap_or(self.claim_ttl);
        if let Some(metadata) = change.metadata {
            self.metadata = metadata;
        }
    }
}

/// A merchant's cashback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cashback {
    /// Its id.
    pub id: CashbackId,
    /// Its place in commit order.
    pub seq: u64,
    /// Whose it is.
    pub account: AccountId,
    /// Counts changes of the terms; payments remember which one they were quoted.
    pub version: u32,
    /// The terms.
    pub terms: CashbackTerms,
    /// Where it is in its life.
    pub status: CashbackStatus,
    /// What its claims are worth that are open, being paid or paid.
    pub committed: Msat,
    /// How many those are.
    pub claims: u64,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

/// The part of the terms that is fixed when an invoice is made, and stored with the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Which cashback.
    pub cashback: CashbackId,
    /// Which version of its terms.
    pub version: u32,
    /// How much comes back.
    pub rule: Rule,
    /// Most that the claim is worth.
    pub max_amount: Option<Sat>,
    /// Least that must be received.
    pub min_spend: Option<Sat>,
    /// How long the claim will be good for.
    pub claim_ttl: Span,
    /// What the wallet will show.
    pub description: String,
}

/// Why a paid checkout earned no claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoClaim {
    /// The cashback was not live when the payment came.
    NotLive,
    /// Its budget or its number of claims is used up.
    Exhausted,
    /// Less was received than it asks for.
    BelowMinSpend,
    /// It comes to less than one satoshi.
    BelowOneSat,
}

impl NoClaim {
    /// All reasons.
    pub const ALL: [Self; 4] =
        [Self::NotLive, Self::Exhausted, Self::BelowMinSpend, Self::BelowOneSat];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotLive => "cashback_not_live",
            Self::Exhausted => "cashback_exhausted",
            Self::BelowMinSpend => "below_min_spend",
            Self::BelowOneSat => "below_one_sat",
        }
    }

    /// Reads the API's word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

impl Cashback {
    /// The status that the dates ask for now; a deactivated cashback stays so.
    pub fn status_at(&self, now: Timestamp) -> CashbackStatus {
        match self.status {
            CashbackStatus::Deactivated(_) => self.status,
            _ if self.terms.end.is_some_and(|end| end <= now) => {
                CashbackStatus::Deactivated(DeactivatedReason::Expired)
            }
            _ if now < self.terms.start => CashbackStatus::Scheduled,
            _ => CashbackStatus::Active,
        }
    }

    /// When the dates next change the status, if they still do.
    pub fn next_change(&self) -> Option<Timestamp> {
        match self.status {
            CashbackStatus::Scheduled => Some(self.terms.start),
            CashbackStatus::Active => self.terms.end,
            CashbackStatus::Deactivated(_) => None,
        }
    }

    /// True once no further claim fits; it can end when a claim expires or is cancelled.
    pub fn exhausted(&self) -> bool {
        self.terms.budget.is_some_and(|budget| self.committed >= budget.msat())
            || self.terms.max_claims.is_some_and(|max| self.claims >= max)
    }

    /// The currency whose rate a quote needs.
    pub fn rate_wanted(&self) -> Option<Currency> {
        let stated = self.terms.stated?;
        let moves = [stated.amount, stated.max_amount, stated.min_spend];
        moves.iter().any(Option::is_some).then_some(self.terms.currency)
    }

    /// What a payment made now will be promised, with the rate that [`rate_wanted`](Self::rate_wanted) asks for; `None`
    /// without it.
    pub fn quote(&self, rate: Option<Rate>) -> Option<Quote> {
        let terms = &self.terms;
        let mut quote = Quote {
            cashback: self.id.clone(),
            version: self.version,
            rule: terms.rule,
            max_amount: terms.max_amount,
            min_spend: terms.min_spend,
            claim_ttl: terms.claim_ttl,
            description: terms.description.clone(),
        };
        if let (Some(stated), Some(_)) = (terms.stated, self.rate_wanted()) {
            let rate = rate?;
            // What exceeds all bitcoin there can be is no less than that.
            let floor = |amount| rate.floor_sat(amount).unwrap_or(Sat::MAX);
            if let Some(amount) = stated.amount {
                quote.rule = Rule::Fixed(floor(amount));
            }
            quote.max_amount = stated.max_amount.map(floor);
            quote.min_spend =
                stated.min_spend.map(|least| rate.ceil_sat(least).unwrap_or(Sat::MAX));
        }
        Some(quote)
    }

    /// Decides in the paying commit whether `amount` may still be promised.
    pub fn admit(&self, amount: Sat, now: Timestamp) -> Result<(), NoClaim> {
        if self.status_at(now) != CashbackStatus::Active {
            return Err(NoClaim::NotLive);
        }
        let worth = self.committed + amount.msat();
        let over_budget = self.terms.budget.is_some_and(|budget| worth > budget.msat());
        let over_count = self.terms.max_claims.is_some_and(|max| self.claims >= max);
        if over_budget || over_count { Err(NoClaim::Exhausted) } else { Ok(()) }
    }
}

impl Quote {
    /// What the claim is worth if `received` came in: whole satoshis, rounded down, never more than was received.
    pub fn amount(&self, received: Msat) -> Result<Sat, NoClaim> {
        if self.min_spend.is_some_and(|least| received < least.msat()) {
            return Err(NoClaim::BelowMinSpend);
        }
        let ruled = match self.rule {
            Rule::Fixed(amount) => amount,
            Rule::Percentage(share) => share.of(received).floor_sat(),
        };
        let amount = ruled.min(self.max_amount.unwrap_or(Sat::MAX)).min(received.floor_sat());
        if amount == Sat::ZERO { Err(NoClaim::BelowOneSat) } else { Ok(amount) }
    }
}

#[cfg(test)]
mod tests;
