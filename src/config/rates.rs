//! Settings of exchange rates.

use std::net::IpAddr;

use crate::domain::currency::Currency;
use crate::domain::decimal::Decimal;
use crate::domain::rate::Rate;

use super::keys::Keys;

/// Exchange rates.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Rates that were set by hand.
    pub fixed: Vec<(Currency, Rate)>,
    /// Currencies whose rates are fetched.
    pub currencies: Vec<Currency>,
    /// Where they are fetched, with `{currency}` or `{currency_lower}` for the code.
    pub url: Option<String>,
    /// The JSON pointer to the number.
    pub pointer: String,
    /// What the number is.
    pub unit: RateUnit,
    /// How often each is fetched.
    pub refresh_secs: u64,
    /// How long one may be used.
    pub max_age_secs: u64,
    /// How long an answer may take.
    pub timeout_secs: u64,
    /// How far one may be from the one before without being confirmed.
    pub max_change_percent: u64,
}

/// What a number of a rate source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateUnit {
    /// The price of one bitcoin in the currency.
    CurrencyPerBtc,
    /// Satoshis in one unit of the currency.
    SatsPerUnit,
}

impl Rates {
    pub(super) fn read(keys: &mut Keys) -> Self {
        keys.section("rates");
        let about =
            "Rates set by hand, in satoshis per unit: [\"USD=1050.5\"]. They never go stale.";
        let rule = "CODE=SATOSHIS_PER_UNIT, like USD=1050.5";
        let fixed = keys.list("fixed", &[], rule, about, parse_fixed);
        let about = "Currencies whose rates are fetched: [\"USD\", \"EUR\"].";
        let currencies = keys.list("currencies", &[], "an ISO 4217 code", about, parse_fiat);
        let about = "Where they are fetched; {currency} or {currency_lower} stands for the code.";
        let url = keys.optional_text("url", None, about);
        let about = "The JSON pointer to the number in the answer; {currency} works here too.";
        let pointer = keys.text("pointer", "", about);
        let about = "What the number is: currency_per_btc or sats_per_unit.";
        let rule = "currency_per_btc or sats_per_unit";
        let unit = keys.parsed("unit", "currency_per_btc", rule, about, |text| match text {
            "currency_per_btc" => Some(RateUnit::CurrencyPerBtc),
            "sats_per_unit" => Some(RateUnit::SatsPerUnit),
            _ => None,
        });
        let refresh_secs =
            keys.number("refresh_secs", 60, 5..=3_600, "How often each rate is fetched.");
        let about = "How long a rate may be used; afterwards sessions in its currency are refused.";
        let max_age_secs = keys.number("max_age_secs", 300, 10..=86_400, about);
        let about = "How long an answer may take.";
        let timeout_secs = keys.number("timeout_secs", 10, 1..=60, about);
        let about = "How far a rate may be from the one before, in percent, before it takes three \
                     readings in a row.";
        let max_change_percent = keys.number("max_change_percent", 20, 1..=1_000, about);
        let rates = Self {
            fixed,
            currencies,
            url,
            pointer,
            unit: unit.unwrap_or(RateUnit::CurrencyPerBtc),
            refresh_secs,
            max_age_secs,
            timeout_secs,
            max_change_percent,
        };
        rates.check(keys);
        rates
    }

    fn check(&self, keys: &mut Keys) {
        match &self.url {
            None if !self.currencies.is_empty() => {
                keys.problem("url", "must be set, for rates.currencies are to be fetched");
            }
            Some(url) if !is_safe(url) => {
                keys.problem("url", "must be https, or http for a loopback address");
            }
            Some(_) if !self.pointer.starts_with('/') => {
                keys.problem("pointer", "must be a JSON pointer, which begins with /");
            }
            _ => {}
        }
        if self.max_age_secs <= self.refresh_secs {
            keys.problem("max_age_secs", "must be longer than rates.refresh_secs");
        }
        let twice = self.currencies.iter().find(|currency| {
            self.fixed.iter().any(|(fixed, _)| fixed == *currency)
                || self.currencies.iter().filter(|other| other == currency).count() > 1
        });
        if let Some(currency) = twice {
            keys.problem("currencies", format!("{} has a rate already", currency.code()));
        }
    }
}

/// Whoever can change an answer on its way sets the price.
fn is_safe(url: &str) -> bool {
    let host = url.strip_prefix("http://").map(|rest| rest.split('/').next().unwrap_or(""));
    let host = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    let is_loopback = host.is_some_and(|host| {
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    url.starts_with("https://") || is_loopback
}

fn parse_fiat(code: &str) -> Option<Currency> {
    Currency::parse(code).filter(|currency| currency.own_rate().is_none())
}

fn parse_fixed(text: &str) -> Option<(Currency, Rate)> {
    let (code, sats) = text.split_once('=')?;
    Some((parse_fiat(code.trim())?, Rate::new(Decimal::parse(sats.trim()).ok()?)?))
}
