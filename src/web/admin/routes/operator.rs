//! What the operator does: accounts, the books, payouts that are stuck, the node.

use crate::domain::account::{Account as AccountRow, ApiKey as KeyRow};
use crate::domain::suspense::SuspenseReceipt;

use super::super::list::Envelope;
use super::super::lists::BookRow;
use super::super::objects::{
    Account, Act, Address, AuditReport, BalanceTransaction, Channel, Drain, Key, NodeObject,
    NodePayment, Payout, Peer, Suspense,
};
use super::super::operation::Keys::{Operator, Readers};
use super::super::operation::{Route, delete, get, post};
use super::super::{accounts, bodies, drain, ledger, node, payouts};

pub(super) fn routes() -> Vec<Route> {
    [accounts(), books(), stuck(), node()].into_iter().flatten().collect()
}

fn accounts() -> Vec<Route> {
    vec![
        post("/accounts", accounts::create, Operator, "Makes an account.")
            .reads(bodies::NEW_ACCOUNT)
            .answers::<Account>()
            .may(&[503]),
        get("/accounts", accounts::list, Operator, "The accounts.").lists::<AccountRow>(),
        get("/accounts/{id}", accounts::get, Operator, "One account.").answers::<Account>(),
        post("/accounts/{id}", accounts::update, Operator, "Changes an account.")
            .reads(bodies::ACCOUNT)
            .answers::<Account>()
            .may(&[503]),
        post("/accounts/{id}/keys", accounts::create_key, Operator, "Makes a key, shown once.")
            .reads(bodies::KEY)
            .answers::<Key>()
            .may(&[503]),
        get("/accounts/{id}/keys", accounts::list_keys, Readers, "The keys of an account.")
            .lists_within::<KeyRow>(),
        delete(
            "/accounts/{id}/keys/{key}",
            accounts::revoke_key,
            Operator,
            "Takes a key back, at once or after an overlap.",
        )
        .reads(bodies::REVOCATION)
        .answers::<Key>()
        .may(&[503]),
        post("/accounts/{id}/credits", accounts::credit, Operator, "Gives an account money.")
            .reads(bodies::FUNDS)
            .answers::<BalanceTransaction>()
            .may(&[402, 503]),
        post("/accounts/{id}/debits", accounts::debit, Operator, "Takes money back.")
            .reads(bodies::FUNDS)
            .answers::<BalanceTransaction>()
            .may(&[402, 503]),
    ]
}

fn books() -> Vec<Route> {
    vec![
        get("/ledger/audit", ledger::audit, Operator, "Checks the books.").answers::<AuditReport>(),
        get("/ledger/export", ledger::export, Operator, "The whole books as JSON lines.")
            .answers_text("application/x-ndjson")
            .may(&[503]),
        get("/ledger/transfers", ledger::transfers, Operator, "Every row of the books.")
            .lists::<BookRow>(),
        get("/ledger/suspense", ledger::suspense, Operator, "Receipts of nobody's.")
            .lists::<SuspenseReceipt>(),
        post("/ledger/suspense/{id}/assign", ledger::assign, Operator, "Says whose a receipt is.")
            .reads(bodies::ASSIGNMENT)
            .answers::<Suspense>()
            .may(&[503]),
    ]
}

fn stuck() -> Vec<Route> {
    vec![
        post("/payouts/{id}/park", payouts::park, Operator, "Frees the lock of a slow payout.")
            .answers::<Payout>()
            .may(&[503]),
        post("/payouts/{id}/resolve", payouts::resolve, Operator, "Says what became of a payout.")
            .reads(bodies::RESOLUTION)
            .answers::<Payout>()
            .may(&[503]),
        post("/drain", drain::drain, Operator, "Takes no new claims and sessions.")
            .answers::<Drain>()
            .may(&[503]),
        post("/undrain", drain::undrain, Operator, "Takes them again.")
            .answers::<Drain>()
            .may(&[503]),
    ]
}

fn node() -> Vec<Route> {
    vec![
        get("/node", node::get, Operator, "The node.").answers::<NodeObject>().may(&[424]),
        post("/node/address", node::new_address, Operator, "A new on-chain address.")
            .answers::<Address>()
            .may(&[424, 503]),
        get("/node/channels", node::list_channels, Operator, "The channels.")
            .answers::<Envelope<Channel>>()
            .may(&[424]),
        post("/node/channels", node::open_channel, Operator, "Opens a channel.")
            .reads(bodies::NEW_CHANNEL)
            .only_once()
            .answers::<Act>()
            .may(&[402, 503]),
        post("/node/channels/{id}/close", node::close_channel, Operator, "Closes a channel.")
            .reads(bodies::CLOSING)
            .only_once()
            .answers::<Act>()
            .may(&[402, 424, 503]),
        post("/node/send", node::send, Operator, "Sends on-chain money.")
            .reads(bodies::ONCHAIN_SEND)
            .only_once()
            .answers::<Act>()
            .may(&[402, 424, 503]),
        get("/node/payments", node::list_payments, Operator, "The node's own records.")
            .answers::<Envelope<NodePayment>>(),
        get("/node/peers", node::list_peers, Operator, "The peers.")
            .answers::<Envelope<Peer>>()
            .may(&[424]),
        post("/node/peers", node::connect, Operator, "Connects with a node.")
            .reads(bodies::CONTACT)
            .answers::<Peer>()
            .may(&[402, 424]),
    ]
}
