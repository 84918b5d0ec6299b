use super::kit::{Shop, cashback_terms, five_percent, new_account, new_cashback, session_terms};
use crate::domain::checkout::SessionStatus;
use crate::domain::time::Span;
use crate::engine::command::Order;
use crate::engine::reply::{Object, Refusal};
use crate::ports::clock::Clock;

#[test]
fn only_an_active_cashback_of_the_same_account_can_be_attached() {
    let shop = Shop::open();
    let other = new_account(&shop.process, "other");
    assert_eq!(shop.try_session(&other, 1).unwrap_err(), Refusal::NoSuch(Object::Cashback));
    let mut terms = cashback_terms(&shop.process, five_percent());
    terms.start = shop.process.outside.clock.now().wall + Span::from_secs(60);
    let scheduled = new_cashback(&shop.process, &shop.account, terms);
    let refused = shop.try_session_with(&shop.account, session_terms(1, Some(scheduled)));
    assert_eq!(refused.unwrap_err(), Refusal::CashbackInactive);
    shop.process.order(Order::DeactivateCashback(shop.cashback.clone())).unwrap();
    assert_eq!(shop.try_session(&shop.account, 1).unwrap_err(), Refusal::CashbackInactive);
}

#[test]
fn a_paid_session_cannot_be_closed_and_closing_twice_changes_nothing() {
    let shop = Shop::open();
    let paid = shop.pay(&shop.session(100), 0);
    let refused = shop.process.order(Order::DeactivateSession(paid.id)).unwrap_err();
    assert_eq!(refused, Refusal::SessionNotActive);
    let session = shop.session(100);
    let close = || shop.process.order(Order::DeactivateSession(session.id.clone())).unwrap();
    close();
    let closed = shop.reload(&session);
    close();
    assert_eq!(shop.reload(&session), closed);
    assert_eq!(closed.status, SessionStatus::Deactivated);
    shop.assert_sound();
}
