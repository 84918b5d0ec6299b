//! The real daemon in a world of real nodes: Bitcoin Core, a router, wallets, HTTP.
#![allow(clippy::unwrap_used, reason = "a panic that says where is the report of a test")]

mod regtest {
    mod adjustments;
    mod backup;
    mod cashback;
    mod crashes;
    mod durability;
    mod failures;
    mod folders;
    mod funds;
    mod holding;
    mod invoices;
    mod kill;
    mod kit;
    mod ledger;
    mod links;
    mod machine;
    mod power;
    mod python_wallet;
    mod races;
    mod receipts;
    mod restores;
    mod screens;
    mod secrecy;
    mod sends;
    mod story;
}
