//! ISO 4217: codes and minor units. Metals, funds, testing codes and "no currency" are left out.

/// The money of some country or union.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fiat {
    code: &'static str,
    places: u8,
}

impl Fiat {
    /// All of them, by the alphabet.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let groups = [(0, NONE), (2, HUNDREDTHS), (3, THOUSANDTHS)];
        let mut all: Vec<Self> = groups
            .into_iter()
            .flat_map(|(places, codes)| codes.iter().map(move |code| Self { code, places }))
            .collect();
        all.sort();
        all.into_iter()
    }

    /// The ISO code.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// Decimal places of its minor unit.
    pub const fn places(self) -> u8 {
        self.places
    }

    /// Reads an ISO code.
    pub fn parse(code: &str) -> Option<Self> {
        let find = |codes: &'static [&'static str], places| {
            codes.iter().find(|known| **known == code).map(|code| Self { code, places })
        };
        find(HUNDREDTHS, 2).or_else(|| find(NONE, 0)).or_else(|| find(THOUSANDTHS, 3))
    }
}

/// Currencies without a minor unit.
const NONE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
    "XAF", "XOF", "XPF",
];

/// Currencies with a thousandth.
const THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// Currencies with a hundredth (or a fifth, written as two places).
const HUNDREDTHS: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF",
    "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR",
    "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF",
    "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP",
    "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
    "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VED", "VES", "WST", "XCD", "XCG",
    "YER", "ZAR", "ZMW", "ZWG",
];
