//! An independent check of a simulated world. It knows nothing of the program: it reads the export of the books and what
//! the others wrote down – wallets, customers, the operator – and says what does not fit.

use std::collections::{BTreeMap, BTreeSet};

use bitcoin::hashes::{Hash, sha256};
use serde_json::Value;

/// A payment that a wallet received, by the wallet's own log.
#[derive(Clone, Debug)]
pub struct Received {
    /// The payment hash in hex.
    pub hash: String,
    /// What arrived.
    pub msat: u64,
    /// What it cost on the way.
    pub fee_msat: u64,
}

/// Money that the operator or a customer put on an account, or that was taken from it, by their own logs.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The account's id.
    pub account: String,
    /// What came (or, below zero, went).
    pub msat: i64,
}

/// What everybody says.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    /// The export of the books.
    pub export: String,
    /// The wallets' logs.
    pub wallets: Vec<Received>,
    /// The customers' and the operator's logs.
    pub entries: Vec<Entry>,
    /// Payouts that the operator has asked to be parked.
    pub parked: BTreeSet<String>,
    /// What the node holds; `None` while something moves.
    pub node_holds_msat: Option<u64>,
    /// True if nothing may be open any more.
    pub at_rest: bool,
}

#[derive(Default)]
struct Books {
    balances: BTreeMap<String, i128>,
    claims: BTreeMap<String, Value>,
    payouts: BTreeMap<String, Value>,
    locks: BTreeMap<String, String>,
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or("").to_owned()
}

fn msat(row: &Value, field: &str) -> u64 {
    row[field].as_u64().unwrap_or(0)
}

fn read(export: &str) -> Books {
    let mut books = Books::default();
    for row in export.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        match row["object"].as_str() {
            Some("transfer") => {
                let amount = i128::from(msat(&row, "amount_msat"));
                let sign = |account: &str| if account == "node" { 1 } else { -1 };
                let (debit, credit) = (text(&row, "debit"), text(&row, "credit"));
                *books.balances.entry(debit.clone()).or_default() += sign(&debit) * amount;
                *books.balances.entry(credit.clone()).or_default() -= sign(&credit) * amount;
            }
            Some("claim") => {
                books.claims.insert(text(&row, "id"), row);
            }
            Some("payout") => {
                books.payouts.insert(text(&row, "id"), row);
            }
            Some("lock") => {
                books.locks.insert(text(&row, "account"), text(&row, "payout"));
            }
            _ => {}
        }
    }
    books
}

/// Everything that does not fit.
pub fn check(said: &Statements) -> Vec<String> {
    let books = read(&said.export);
    let mut wrong = vec![];
    payments(&books, said, &mut wrong);
    purposes(&books, &mut wrong);
    claims(&books, said, &mut wrong);
    locks(&books, &mut wrong);
    parking(&books, said, &mut wrong);
    balances(&books, said, &mut wrong);
    if said.at_rest {
        at_rest(&books, &mut wrong);
    }
    wrong
}

fn is_open(payout: &Value) -> bool {
    !matches!(payout["state"].as_str(), Some("paid" | "failed"))
}

/// Every payment that arrived is one payout of ours, which is paid or not yet known to be; every paid payout arrived.
fn payments(books: &Books, said: &Statements, wrong: &mut Vec<String>) {
    let mut hashes = BTreeMap::new();
    for (id, payout) in &books.payouts {
        if let Some(other) = hashes.insert(text(payout, "payment_hash"), id) {
            wrong.push(format!("{id} and {other} have one payment hash"));
        }
    }
    let mut arrived = BTreeSet::new();
    for received in &said.wallets {
        if !arrived.insert(received.hash.clone()) {
            wrong.push(format!("a wallet was paid twice for {}", received.hash));
        }
        let Some(payout) = hashes.get(&received.hash).map(|id| &books.payouts[*id]) else {
            wrong.push(format!("a wallet was paid for {}, which is no payout", received.hash));
            continue;
        };
        let (id, state) = (text(payout, "id"), text(payout, "state"));
        if state == "failed" || state == "reserved" {
            wrong.push(format!("{id} is {state} but its wallet has the money"));
        }
        if received.msat != msat(payout, "amount_msat") {
            wrong.push(format!("{id} is over another amount than arrived"));
        }
        let booked = payout["fee_msat"].as_u64();
        if state == "paid" && booked.is_some_and(|booked| booked < received.fee_msat) {
            wrong.push(format!("{id} booked less than its fee"));
        }
    }
    for (id, payout) in books.payouts.iter().filter(|(_, payout)| payout["state"] == "paid") {
        let hash = text(payout, "payment_hash");
        if !arrived.contains(&hash) {
            wrong.push(format!("{id} is paid but nothing arrived"));
        }
        if payout["late"] == true {
            wrong.push(format!("{id} was booked as failed and had left"));
        }
        let preimage = bytes(&text(payout, "preimage"));
        if preimage.is_some_and(|preimage| sha256::Hash::hash(&preimage).to_string() != hash) {
            wrong.push(format!("{id} has a preimage that is none of its hash"));
        }
    }
}

/// Each payout is for one claim or for one send, and no send has two.
fn purposes(books: &Books, wrong: &mut Vec<String>) {
    let mut sends = BTreeSet::new();
    for (id, payout) in &books.payouts {
        let (claim, send) = (text(payout, "claim"), text(payout, "send"));
        if claim.is_empty() == send.is_empty() {
            wrong.push(format!("{id} is for a claim and a send, or for neither"));
        }
        if !send.is_empty() && !sends.insert(send.clone()) {
            wrong.push(format!("{send} has two payouts"));
        }
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok());
    pairs.collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty())
}

/// Nobody gets more than one cashback for one claim, and a claim says what its payouts say.
fn claims(books: &Books, said: &Statements, wrong: &mut Vec<String>) {
    let mut got: BTreeMap<String, u64> = BTreeMap::new();
    let mut open: BTreeMap<String, u32> = BTreeMap::new();
    let arrived: BTreeMap<_, _> =
        said.wallets.iter().map(|received| (received.hash.clone(), received.msat)).collect();
    for payout in books.payouts.values() {
        let claim = text(payout, "claim");
        if let Some(amount) = arrived.get(&text(payout, "payment_hash")) {
            *got.entry(claim.clone()).or_default() += amount;
        }
        *open.entry(claim).or_default() += u32::from(is_open(payout));
    }
    for (id, claim) in &books.claims {
        let (owed, got) = (msat(claim, "amount_msat"), got.get(id).copied().unwrap_or(0));
        let (status, open) = (text(claim, "status"), open.get(id).copied().unwrap_or(0));
        if got > owed {
            wrong.push(format!("{id} is worth {owed} msat and {got} msat were paid"));
        }
        if (status == "processing") != (open == 1) || open > 1 {
            wrong.push(format!("{id} is {status} with {open} payouts under way"));
        }
        if status == "paid" && got != owed {
            wrong.push(format!("{id} is paid but {got} of {owed} msat arrived"));
        }
    }
}

/// A lock if and only if one payout of the account is under way and not parked.
fn locks(books: &Books, wrong: &mut Vec<String>) {
    let mut holders: BTreeMap<String, String> = BTreeMap::new();
    for (id, payout) in &books.payouts {
        if is_open(payout) && payout["parked"] != true {
            let account = text(payout, "account");
            if let Some(other) = holders.insert(account.clone(), id.clone()) {
                wrong.push(format!("{id} and {other} are under way at once for {account}"));
            }
        }
    }
    if holders != books.locks {
        wrong.push(format!("locks are {:?} but should be {holders:?}", books.locks));
    }
}

/// At most three are parked for an account, and what is in flight only by the operator.
fn parking(books: &Books, said: &Statements, wrong: &mut Vec<String>) {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (id, payout) in books.payouts.iter().filter(|(_, payout)| payout["parked"] == true) {
        *counts.entry(text(payout, "account")).or_default() += 1;
        if payout["state"] == "in_flight" && !said.parked.contains(id) {
            wrong.push(format!("{id} is in flight and was parked by nobody"));
        }
    }
    for (account, count) in counts.into_iter().filter(|(_, count)| *count > 3) {
        wrong.push(format!("{account} has {count} parked payouts"));
    }
}

/// What an account has is what came less what went out for it; what the node holds is what the books say.
fn balances(books: &Books, said: &Statements, wrong: &mut Vec<String>) {
    let mut expect: BTreeMap<String, i128> = BTreeMap::new();
    for entry in &said.entries {
        *expect.entry(entry.account.clone()).or_default() += i128::from(entry.msat);
    }
    for payout in books.payouts.values().filter(|payout| payout["state"] == "paid") {
        let spent = msat(payout, "amount_msat") + msat(payout, "fee_msat");
        *expect.entry(text(payout, "account")).or_default() -= i128::from(spent);
        // A fee that nobody could tell counts as the budget; what it was less is the operator's.
        let hash = text(payout, "payment_hash");
        let true_fee = said.wallets.iter().find(|received| received.hash == hash);
        let unspent = true_fee.map_or(0, |received| {
            i128::from(msat(payout, "fee_msat")) - i128::from(received.fee_msat)
        });
        if let Some(operator) = expect.get_mut("operator") {
            *operator += unspent;
        }
    }
    let of = |name: &str| books.balances.get(name).copied().unwrap_or(0);
    // Until then, receipts may be on their way into the books.
    for (account, expect) in expect.into_iter().filter(|_| said.at_rest) {
        // What nobody can be credited for waits in suspense, or has become the operator's.
        let has = match account.as_str() {
            "operator" => of("operator") + of("suspense"),
            _ => of(&format!("{account}/available")) + of(&format!("{account}/in_flight")),
        };
        if has != expect {
            wrong.push(format!("{account} has {has} msat but should have {expect}"));
        }
    }
    for (account, balance) in &books.balances {
        // The operator's own may be in the red only until the node has been looked at.
        let must_cover = account.contains('/') || account == "suspense" || said.at_rest;
        if *balance < 0 && must_cover {
            wrong.push(format!("{account} is below zero"));
        }
    }
    let sum: i128 =
        books.balances.iter().map(|(name, sum)| if name == "node" { *sum } else { -sum }).sum();
    if sum != 0 {
        wrong.push(format!("the books are off by {sum} msat"));
    }
    if let Some(holds) = said.node_holds_msat.filter(|holds| i128::from(*holds) != of("node")) {
        wrong.push(format!("the node holds {holds} msat but the books say {}", of("node")));
    }
}

/// Nothing is left open.
fn at_rest(books: &Books, wrong: &mut Vec<String>) {
    for (id, payout) in books.payouts.iter().filter(|(_, payout)| is_open(payout)) {
        wrong.push(format!("{id} never ends: it is {}", text(payout, "state")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Books of one account with one claim of 500 sat that was paid for one sat.
    fn good() -> Statements {
        let preimage = "01".repeat(32);
        let hash = sha256::Hash::hash(&[1; 32]).to_string();
        let transfer = |debit: &str, credit: &str, msat: u64| {
            format!(
                r#"{{"object":"transfer","debit":"{debit}","credit":"{credit}","amount_msat":{msat}}}"#
            )
        };
        let rows = [
            transfer("node", "a/available", 10_000_000),
            transfer("a/available", "a/in_flight", 505_000),
            transfer("a/in_flight", "node", 501_000),
            transfer("a/in_flight", "a/available", 4_000),
            format!(
                r#"{{"object":"payout","id":"p","claim":"c","account":"a","state":"paid","late":false,
                "payment_hash":"{hash}","preimage":"{preimage}","amount_msat":500000,"fee_msat":1000}}"#
            )
            .replace('\n', ""),
            r#"{"object":"claim","id":"c","status":"paid","amount_msat":500000}"#.to_owned(),
        ];
        Statements {
            export: rows.join("\n"),
            wallets: vec![Received { hash, msat: 500_000, fee_msat: 1_000 }],
            entries: vec![Entry { account: "a".to_owned(), msat: 10_000_000 }],
            parked: BTreeSet::new(),
            node_holds_msat: Some(9_499_000),
            at_rest: true,
        }
    }

    fn check_found(spoil: impl FnOnce(&mut Statements), expect: &str) {
        let mut said = good();
        spoil(&mut said);
        let wrong = check(&said);
        assert!(wrong.iter().any(|line| line.contains(expect)), "{expect}: {wrong:?}");
    }

    #[test]
    fn what_fits_is_not_complained_about() {
        assert_eq!(check(&good()), Vec::<String>::new());
    }

    #[test]
    fn each_way_to_lose_money_is_found() {
        let swap = |from: &'static str, to: &'static str| {
            move |said: &mut Statements| said.export = said.export.replace(from, to)
        };
        check_found(|said| said.wallets.push(said.wallets[0].clone()), "paid twice");
        check_found(|said| said.wallets.clear(), "nothing arrived");
        check_found(|said| said.wallets[0].msat += 1, "another amount");
        check_found(|said| said.entries[0].msat += 1, "but should have");
        check_found(|said| said.node_holds_msat = Some(1), "the node holds");
        check_found(swap(r#""state":"paid""#, r#""state":"failed""#), "has the money");
        check_found(swap(r#""state":"paid""#, r#""state":"in_flight""#), "never ends");
        check_found(swap(r#""state":"paid""#, r#""state":"in_flight""#), "locks are");
        check_found(swap(r#""late":false"#, r#""late":true"#), "had left");
        check_found(swap(r#""claim":"c","account""#, r#""account""#), "or for neither");
        check_found(swap("010101", "020202"), "none of its hash");
        check_found(
            swap(r#""id":"c","status":"paid""#, r#""id":"c","status":"processing""#),
            "under way",
        );
        check_found(swap(r#""amount_msat":500000}"#, r#""amount_msat":499999}"#), "were paid");
        check_found(swap(r#""amount_msat":501000"#, r#""amount_msat":601000"#), "below zero");
    }
}
