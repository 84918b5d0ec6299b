//! Which fields of an object its table shows, and how.

use super::json::Json;
use super::{moment, plain};

/// What a column shows of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell {
    /// What people copy: never shortened.
    Whole(&'static str),
    /// A text, which gives way when there is too little room.
    Text(&'static str),
    /// A moment.
    Moment(&'static str),
    /// Millisatoshis, as satoshis.
    Msat(&'static str),
    /// Satoshis.
    Sat(&'static str),
    /// An amount, and where its currency is said.
    Amount(&'static str, &'static str),
    /// A number.
    Count(&'static str),
    /// A share in percent, or else an amount.
    Worth,
    /// Which of these are true.
    Flags(&'static [&'static str]),
    /// Something long that people copy: on a line of its own below.
    Below(&'static str),
    /// From where to where: likewise.
    Ways(&'static str, &'static str),
}

/// A column: its heading and what is below it.
pub(super) type Column = (&'static str, Cell);

use Cell::{Amount, Below, Count, Flags, Moment, Msat, Sat, Text, Ways, Whole, Worth};

const ID: Column = ("ID", Whole("id"));
const STATUS: Column = ("STATUS", Whole("status"));
const TYPE: Column = ("TYPE", Whole("type"));
const AMOUNT: Column = ("AMOUNT", Amount("amount", "currency"));
const AMOUNT_MSAT: Column = ("AMOUNT", Msat("amount_msat"));
const CREATED: Column = ("CREATED", Moment("created"));

/// The columns of each kind of object, the most important first: what does not fit is left out from the end.
const COLUMNS: &[(&str, &[Column])] = &[
    ("Account", &[ID, ("NAME", Text("name")), ("", Flags(&["claims_paused"])), CREATED]),
    (
        "BalanceTransaction",
        &[ID, ("", Whole("transaction_type")), AMOUNT_MSAT, ("TYPE", Text("type")), CREATED],
    ),
    (
        "Cashback",
        &[ID, STATUS, ("WORTH", Worth), ("NAME", Text("name")), ("CLAIMS", Count("claims"))],
    ),
    (
        "Channel",
        &[
            ("CAPACITY", Sat("capacity_sat")),
            ("CAN SEND", Msat("outbound_msat")),
            ("CAN RECEIVE", Msat("inbound_msat")),
            ("STATE", Flags(&["usable", "ready", "announced"])),
            ("PEER", Text("peer")),
            ("ID", Below("id")),
        ],
    ),
    ("CheckoutLink", &[ID, STATUS, AMOUNT, CREATED, ("TITLE", Text("title"))]),
    (
        "Claim",
        &[
            ID,
            STATUS,
            AMOUNT_MSAT,
            ("EXPIRES", Moment("expires_at")),
            ("LAST ERROR", Text("last_error")),
        ],
    ),
    (
        "Delivery",
        &[
            ID,
            STATUS,
            ("EVENT", Text("event_type")),
            ("TRIES", Count("attempts")),
            ("LAST TRY", Moment("last_attempt_at")),
        ],
    ),
    ("Endpoint", &[ID, STATUS, ("URL", Text("url"))]),
    ("Event", &[ID, CREATED, ("EVENT", Text("event_type"))]),
    ("Key", &[ID, TYPE, ("HINT", Text("hint")), ("REVOKED", Moment("revoked_at"))]),
    (
        "NodePayment",
        &[
            STATUS,
            ("DIRECTION", Whole("direction")),
            AMOUNT_MSAT,
            ("FEE", Msat("fee_msat")),
            ("PAYMENT HASH", Below("payment_hash")),
        ],
    ),
    ("Payment", &[ID, STATUS, AMOUNT, CREATED, ("", Flags(&["late"]))]),
    (
        "PaymentLink",
        &[ID, STATUS, AMOUNT, ("PAID", Count("sessions_paid")), ("TITLE", Text("title"))],
    ),
    ("Payout", &[ID, STATUS, AMOUNT_MSAT, ("", Flags(&["parked", "late", "stuck"])), CREATED]),
    (
        "Peer",
        &[("", Flags(&["connected"])), ("ADDRESS", Text("address")), ("NODE ID", Below("node_id"))],
    ),
    (
        "Rate",
        &[
            ("CURRENCY", Whole("currency")),
            ("SATS", Count("exchange_rate")),
            ("", Flags(&["usable", "fixed"])),
            ("FETCHED", Moment("fetched_at")),
            ("PROBLEM", Text("problem")),
        ],
    ),
    ("Session", &[ID, STATUS, AMOUNT, CREATED, ("TITLE", Text("title"))]),
    ("Suspense", &[ID, AMOUNT_MSAT, ("ASSIGNED TO", Text("assigned_to")), CREATED]),
    (
        "Transfer",
        &[ID, AMOUNT_MSAT, ("TYPE", Text("type")), CREATED, ("", Ways("debit", "credit"))],
    ),
];

/// The columns of this kind; none if nobody has chosen any.
pub(super) fn of(kind: &str) -> &'static [Column] {
    COLUMNS.iter().find(|(known, _)| *known == kind).map_or(&[], |(_, columns)| columns)
}

impl Cell {
    /// What it shows of an object, safe for a terminal.
    pub(super) fn show(self, row: Json<'_>) -> String {
        let unit = |text: Option<String>, unit: &str| match text {
            Some(text) => format!("{text} {unit}"),
            None => String::new(),
        };
        let shown = match self {
            Self::Whole(path) | Self::Text(path) | Self::Count(path) | Self::Below(path) => {
                row.text(path).unwrap_or_default()
            }
            Self::Moment(path) => {
                let millis = row.text(path).and_then(|text| text.parse().ok());
                millis.map(moment::short).unwrap_or_default()
            }
            Self::Msat(path) => unit(row.text(path).map(|msat| sat_of_msat(&msat)), "sat"),
            Self::Sat(path) => unit(row.text(path), "sat"),
            Self::Amount(amount, currency) => {
                unit(row.text(amount), &row.text(currency).unwrap_or_default())
            }
            Self::Worth => match row.text("percentage") {
                Some(share) => format!("{share} %"),
                None => return Self::Amount("amount", "currency").show(row),
            },
            Self::Ways(from, to) => {
                let end = |path| row.text(path).unwrap_or_default();
                format!("{} → {}", end(from), end(to))
            }
            Self::Flags(names) => {
                let on: Vec<_> = names.iter().copied().filter(|name| row.is(name)).collect();
                on.join(" ")
            }
        };
        plain::clean(&shown)
    }

    /// True if it may be shortened. Half an amount or half an id would be another one.
    pub(super) const fn gives_way(self) -> bool {
        matches!(self, Self::Text(_) | Self::Flags(_))
    }

    /// True for numbers, which stand to the right.
    pub(super) const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Msat(_) | Self::Sat(_) | Self::Amount(..) | Self::Count(_) | Self::Worth
        )
    }
}

/// Digits of millisatoshis as satoshis, with a fraction only where there is one.
fn sat_of_msat(msat: &str) -> String {
    let (sign, digits) = msat.strip_prefix('-').map_or(("", msat), |digits| ("-", digits));
    let padded = format!("{digits:0>4}");
    let (whole, fraction) = padded.split_at(padded.len() - 3);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::admin::document;

    #[test]
    fn every_column_shows_a_field_that_objects_of_its_kind_have() {
        let document = document();
        for (kind, columns) in COLUMNS {
            let fields = &document["components"]["schemas"][*kind]["properties"];
            for (head, cell) in *columns {
                let paths = match cell {
                    Whole(path) | Text(path) | Moment(path) | Msat(path) | Sat(path)
                    | Count(path) | Below(path) => vec![*path],
                    Amount(first, second) | Ways(first, second) => vec![*first, *second],
                    Worth => vec!["percentage", "amount", "currency"],
                    Flags(names) => names.to_vec(),
                };
                for path in paths {
                    assert!(fields[path].is_object(), "{kind}: {head} shows {path}");
                }
            }
        }
    }

    #[test]
    fn millisatoshis_are_shown_as_satoshis_to_the_last_digit() {
        for (msat, sat) in [
            ("0", "0"),
            ("1", "0.001"),
            ("500000", "500"),
            ("-1500", "-1.5"),
            ("1234567", "1234.567"),
        ] {
            assert_eq!(sat_of_msat(msat), sat);
        }
    }
}
