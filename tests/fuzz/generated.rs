//! Inputs put together from words that each parser knows, from what stands in its corpus, and from anything.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use satback::fuzz::{Body, callback, invoice, journal, lists, names, orders, row, wallet};

use super::corpora::corpus;

/// Pieces of inputs: words, seeds and parts of seeds, and anything.
fn pieces(target: &str, words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let seeds: Vec<Vec<u8>> = corpus(target).into_iter().map(|(_, seed)| seed).collect();
    let part = (select(seeds), any::<(u16, u16)>()).prop_map(|(seed, (from, to))| {
        let at = |number: u16| usize::from(number) % (seed.len() + 1);
        let (from, to) = (at(from).min(at(to)), at(from).max(at(to)));
        seed[from..to].to_vec()
    });
    prop_oneof![
        6 => select(words).prop_map(|word| word.as_bytes().to_vec()),
        2 => part,
        1 => vec(any::<u8>(), 0..6),
        1 => "\\PC{0,6}".prop_map(String::into_bytes),
    ]
}

fn check(target: &str, body: Body, words: &'static [&'static str]) {
    // What fails here is to become a test with a name; a file of seeds says less.
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) };
    let first = prop_oneof![any::<u8>(), 0..16_u8];
    let seeds: Vec<Vec<u8>> = corpus(target).into_iter().map(|(_, seed)| seed).collect();
    let changed = (select(seeds), any::<u16>(), any::<u16>(), pieces(target, words)).prop_map(
        |(mut seed, at, len, piece)| {
            let at = usize::from(at) % (seed.len() + 1);
            let end = (at + usize::from(len) % 8).min(seed.len());
            seed.splice(at..end, piece);
            seed
        },
    );
    let made = (first, vec(pieces(target, words), 0..12)).prop_map(|(first, pieces)| {
        let mut input = vec![first];
        input.extend(pieces.concat());
        input
    });
    proptest!(config, |(input in prop_oneof![made, changed])| body(&input));
}

#[test]
fn parameters_mean_the_same_in_any_order_and_place() {
    check(
        "callback",
        callback,
        &[
            "k1=",
            "pr=",
            "K1=",
            "Pr=",
            "&",
            "&",
            "=",
            "a",
            "A",
            "b",
            "%41",
            "+",
            "%",
            "\n",
            "\n",
            "application/json",
            "{\"k1\":\"a\"",
            ",\"pr\":\"b\"",
            "}",
            "null",
            "1e400",
            "é",
        ],
    );
}

#[test]
fn the_facts_of_an_invoice_are_those_that_its_text_says() {
    check(
        "invoice",
        invoice,
        &[
            "lnbcrt",
            "lnbc",
            "lntb",
            "lntbs",
            "lnsb",
            "1",
            "20u",
            "2500p",
            "1p",
            "9",
            "m",
            "n",
            "lightning:",
            "//",
            "pp5",
            "xq",
            "cq",
            "np4",
            "9q",
            "qqqq",
            "llllll",
            "x8",
            "c8",
        ],
    );
}

#[test]
fn journals_and_snapshots_are_read_as_they_are_written_or_refused() {
    check("journal", journal, &["SATBACKJ", "SATBACKS", "SBJ1", "\0", "\u{1}", "\0\0\0\u{1}"]);
}

#[test]
fn a_list_shows_a_merchant_its_own_in_order() {
    check(
        "lists",
        lists,
        &[
            "limit=",
            "starting_after=",
            "ending_before=",
            "status=",
            "created[gte]=",
            "created[lt]=",
            "account=",
            "@mine",
            "@theirs",
            "@session",
            "@foreign",
            "@claim",
            "@account",
            "&",
            "&",
            "0",
            "1",
            "100",
            "101",
            "-1",
            "18446744073709551616",
            "active",
            "paid",
            "type=",
            "%00",
        ],
    );
}

#[test]
fn a_text_is_at_most_one_thing_and_printed_it_is_that_thing_again() {
    check(
        "names",
        names,
        &[
            "acct_",
            "cb_",
            "cs_",
            "pi_",
            "clm_",
            "po_",
            "txn_",
            "lo8c7mps",
            "0000000000",
            "ab",
            "0",
            "1",
            "9",
            "00",
            ".",
            "e",
            "E",
            "-",
            "+",
            "12",
            "SATS",
            "BTC",
            "18446744073709551615",
        ],
    );
}

#[test]
fn an_order_is_done_as_it_says_or_refused_with_the_names_of_its_fields() {
    check(
        "orders",
        orders,
        &[
            "{",
            "}",
            "\"",
            ":",
            ",",
            "[",
            "]",
            "\n",
            "key-1\t",
            "\"name\":",
            "\"x\"",
            "\"amount\":",
            "\"currency\":\"SATS\"",
            "\"currency\":\"BTC\"",
            "\"type\":\"fixed\"",
            "\"cashback\":{",
            "\"id\":\"@mine\"",
            "\"metadata\":{",
            "1e400",
            "0.1",
            "1e-8",
            "10000",
            "null",
            "true",
            "\"type\":\"percentage\"",
            "\"percentage\":",
            "\"amount_msat\":",
            "\"a\":",
        ],
    );
}

#[test]
fn a_row_that_is_read_is_written_and_read_again() {
    check(
        "row",
        row,
        &[
            "{",
            "}",
            "\"",
            ":",
            ",",
            "null",
            "true",
            "0",
            "18446744073709551615",
            "-1",
            "\"id\":",
            "\"acct_lo8c7mps000000000001\"",
            "\"operator\"",
            "\"open\"",
            "\"fixed\"",
            "[]",
        ],
    );
}

#[test]
fn a_wallet_always_gets_an_answer_that_it_understands() {
    check(
        "wallet",
        wallet,
        &[
            "GET ",
            "POST ",
            "HEAD ",
            "OPTIONS ",
            "/w/",
            "/W/",
            "/s/",
            "@link",
            "@k1",
            "@pr",
            "@page",
            "/callback",
            "?k1=",
            "&pr=",
            "/status",
            "/events",
            "/invoice.svg",
            "\n",
            "\n",
            "application/json",
            "{\"k1\":\"@k1\"",
            ",\"pr\":\"@pr\"}",
            "%2e",
            "/",
            "lightning:",
        ],
    );
}
