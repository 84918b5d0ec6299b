use super::kit::{Shop, account_terms, new_account, object};
use crate::domain::account::KeyKind;
use crate::domain::bytes::Digest;
use crate::domain::ledger::LedgerAccount;
use crate::domain::money::Msat;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::engine::command::{Command, Idempotency, NewKey, Order, Origin};
use crate::engine::reply::{Object, Refusal, Reply};

fn under(key: u8, request: u8) -> Origin {
    let idempotency = Idempotency { key: Digest([key; 32]), request: Digest([request; 32]) };
    Origin { idempotency: Some(idempotency), ..Origin::default() }
}

fn create(name: &str) -> Order {
    Order::CreateAccount(account_terms(name))
}

#[test]
fn the_same_key_and_request_repeat_the_answer_and_do_nothing_again() {
    let shop = Shop::open();
    let ask = |name, origin| shop.process.ask(Command::Order(Box::new(create(name)), origin));
    let Ok(Reply::Object { snapshot: first, replayed: false }) = ask("a", under(1, 1)) else {
        panic!("not made")
    };
    let Ok(Reply::Object { snapshot: second, replayed: true }) = ask("a", under(1, 1)) else {
        panic!("not repeated")
    };
    assert_eq!(first, second);
    assert_eq!(ask("b", under(1, 2)).unwrap_err(), Refusal::IdempotencyConflict);
    assert!(matches!(ask("b", under(2, 2)), Ok(Reply::Object { replayed: false, .. })));
}

#[test]
fn a_refused_order_may_be_tried_again_under_its_key() {
    let mut shop = Shop::open();
    let credit = || Box::new(Order::Credit(shop.account.clone(), Msat::new(5)));
    let refused = shop.process.ask(Command::Order(credit(), under(1, 1)));
    assert_eq!(refused.unwrap_err(), Refusal::BeyondUnallocated);
    let credit = credit();
    shop.process.outside.node.set_held(Msat::new(5));
    shop.process.reconcile();
    assert!(shop.process.ask(Command::Order(credit, under(1, 1))).is_ok());
}

#[test]
fn the_operator_cannot_give_away_what_is_not_its_own() {
    let mut shop = Shop::open();
    shop.pay(&shop.session(100), 0);
    let credit = |msat| shop.process.order(Order::Credit(shop.account.clone(), Msat::new(msat)));
    assert_eq!(credit(1).unwrap_err(), Refusal::BeyondUnallocated);
    shop.process.outside.node.set_held(Msat::new(150_000));
    shop.process.reconcile();
    let credit = |msat| shop.process.order(Order::Credit(shop.account.clone(), Msat::new(msat)));
    assert_eq!(credit(50_001).unwrap_err(), Refusal::BeyondUnallocated);
    credit(50_000).unwrap();
    assert_eq!(shop.available(), 150_000);
    assert_eq!(shop.balance(LedgerAccount::Operator), 0);
    shop.assert_sound();
}

#[test]
fn the_operator_cannot_take_more_than_is_available() {
    let shop = Shop::open();
    shop.pay(&shop.session(100), 0);
    let debit = |msat| shop.process.order(Order::Debit(shop.account.clone(), Msat::new(msat)));
    assert_eq!(debit(100_001).unwrap_err(), Refusal::BeyondAvailable);
    debit(100_000).unwrap();
    assert_eq!(shop.available(), 0);
    shop.assert_sound();
}

#[test]
fn a_key_is_revoked_for_the_account_it_belongs_to() {
    let shop = Shop::open();
    let other = new_account(&shop.process, "other");
    let key = NewKey {
        account: shop.account.clone(),
        kind: KeyKind::Secret,
        digest: Digest([9; 32]),
        hint: "cdef".to_owned(),
    };
    let Snapshot::ApiKey(key) = object(shop.process.order(Order::CreateKey(key))) else {
        panic!("no key")
    };
    let refused = shop.process.order(Order::RevokeKey(other, key.id.clone(), Span::default()));
    assert_eq!(refused.unwrap_err(), Refusal::NoSuch(Object::ApiKey));
    let revoked =
        object(shop.process.order(Order::RevokeKey(key.account.clone(), key.id, Span::default())));
    assert!(matches!(revoked, Snapshot::ApiKey(key) if key.revoked.is_some()));
    shop.assert_sound();
}
