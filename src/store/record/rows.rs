//! Which table holds which record.

use serde_json::Value;

use crate::ports::store::{
    AccountLock, Books, HashOwner, Key, Outcome, Row, StoredAnswer, TokenOwner,
};

use super::persist::{
    Corrupt, Persist, choice, field, object, persist_choice, persist_struct, unexpected,
};

persist_struct! {
    Books { network, node_id, epoch, process, next_seq, chain, drained, created }
    AccountLock { payout, since }
    StoredAnswer { request, created, outcome }
}

persist_choice! {
    TokenOwner {
        ApiKey(id) = "api_key",
        SessionPage(id) = "session_page",
        Link(id) = "link",
        ClaimLink(id, generation) = "claim_link",
        K1(id, generation) = "k1",
    }
    HashOwner {
        Payment(id) = "payment",
        Payout(id) = "payout",
        Suspense(id) = "suspense",
    }
    Outcome {
        Answered(snapshot) = "answered",
        Act(id) = "act",
    }
}

macro_rules! tables {
    ($($table:ident),+ $(,)?) => {
        pub(super) fn save(row: &Row) -> Value {
            match row {
                $(Row::$table(row) => row.save(),)+
            }
        }

        pub(super) fn load(key: &Key, json: &Value) -> Result<Row, Corrupt> {
            match key {
                $(Key::$table(_) => Persist::load(json).map(Row::$table),)+
            }
        }
    };
}

tables!(
    Books, Account, ApiKey, Token, Cashback, Session, Payment, Claim, Payout, Send, Hash, Lock,
    Transfer, Balance, Suspense, Event, Answer, Act, Endpoint, Delivery, List, Link, Details,
);
