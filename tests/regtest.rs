//! The real daemon in a world of real nodes: Bitcoin Core, a router, wallets, HTTP.

mod regtest {
    mod adjustments;
    mod cashback;
    mod crashes;
    mod durability;
    mod failures;
    mod folders;
    mod funds;
    mod holding;
    mod invoices;
    mod kit;
    mod python_wallet;
    mod races;
    mod receipts;
}
