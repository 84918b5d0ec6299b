//! The real daemon in a world of real nodes: Bitcoin Core, a router, wallets, HTTP.

mod regtest {
    mod cashback;
    mod failures;
    mod funds;
    mod holding;
    mod kit;
    mod races;
}
