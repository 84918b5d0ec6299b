//! A check of `ledger export` that shares nothing with the program: it reads the JSON lines and does the sums again.

use std::collections::BTreeMap;

use serde_json::Value;

/// The books as an export has them.
#[derive(Debug)]
pub(crate) struct Books {
    /// Transfers, in order.
    pub(crate) transfers: Vec<Value>,
    claims: BTreeMap<String, Value>,
    payouts: BTreeMap<String, Value>,
    /// Account and payout of each lock.
    pub(crate) locks: BTreeMap<String, String>,
    /// What each account has: money owed counts up with credits, the node's money with debits.
    pub(crate) balances: BTreeMap<String, i64>,
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_else(|| panic!("no {field} in {row}")).to_owned()
}

fn msat(row: &Value, field: &str) -> i64 {
    row[field].as_i64().unwrap_or_else(|| panic!("no {field} in {row}"))
}

impl Books {
    /// Reads an export, and holds it to the rules that can be seen from outside.
    #[track_caller]
    pub(crate) fn read(lines: &str) -> Self {
        let (mut transfers, mut locks) = (vec![], BTreeMap::new());
        let (mut claims, mut payouts) = (BTreeMap::new(), BTreeMap::new());
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            match row["object"].as_str().unwrap() {
                "transfer" => transfers.push(row),
                "claim" => drop(claims.insert(text(&row, "id"), row)),
                "payout" => drop(payouts.insert(text(&row, "id"), row)),
                "lock" => drop(locks.insert(text(&row, "account"), text(&row, "payout"))),
                other => panic!("{other}"),
            }
        }
        let balances = sums(&transfers);
        let books = Self { transfers, claims, payouts, locks, balances };
        books.check_sums();
        books.check_open_payouts();
        books
    }

    pub(crate) fn claim(&self, id: &Value) -> &Value {
        &self.claims[id.as_str().unwrap()]
    }

    /// Payouts whose outcome is open.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Value> {
        self.payouts.values().filter(|row| row["state"] != "paid" && row["state"] != "failed")
    }

    fn check_sums(&self) {
        let owed: i64 =
            self.balances.iter().filter(|(name, _)| *name != "node").map(|(_, m)| m).sum();
        assert_eq!(
            self.balances.get("node").copied().unwrap_or(0),
            owed,
            "assets are what is owed"
        );
        for (name, balance) in self.balances.iter().filter(|(name, _)| name.starts_with("acct_")) {
            assert!(*balance >= 0, "{name}: {balance}");
        }
        let places: Vec<_> = self.transfers.iter().map(|row| msat(row, "seq")).collect();
        assert!(places.is_sorted_by(|one, next| one < next), "each at a place of its own");
    }

    /// What is in flight is what open payouts hold, and each of them that is not parked has its account's lock.
    fn check_open_payouts(&self) {
        let (mut held, mut unparked) = (BTreeMap::<String, i64>::new(), BTreeMap::new());
        for payout in self.open() {
            let account = text(payout, "account");
            let hold = msat(payout, "amount_msat") + msat(payout, "fee_budget_msat");
            *held.entry(format!("{account}/in_flight")).or_default() += hold;
            assert_eq!(self.claims[&text(payout, "claim")]["status"], "processing", "{payout}");
            if payout["parked"] == false {
                unparked.insert(account, text(payout, "id"));
            }
        }
        let booked = self.balances.iter().filter(|(name, _)| name.ends_with("/in_flight"));
        for (name, balance) in booked {
            assert_eq!(*balance, held.get(name).copied().unwrap_or(0), "{name}");
        }
        assert_eq!(self.locks, unparked);
    }
}

fn sums(transfers: &[Value]) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::<String, i64>::new();
    for row in transfers {
        let amount = msat(row, "amount_msat");
        for (side, sign) in [("debit", 1), ("credit", -1)] {
            let account = text(row, side);
            let sign = if account == "node" { sign } else { -sign };
            *sums.entry(account).or_default() += sign * amount;
        }
    }
    sums
}
