use super::kit::{Shop, object};
use crate::domain::bytes::Digest;
use crate::domain::cashback::NoClaim;
use crate::domain::checkout::{PaymentStatus, Session, SessionStatus};
use crate::domain::decimal::Decimal;
use crate::domain::id::SessionId;
use crate::domain::link::{Link, LinkId, LinkStatus, Price};
use crate::domain::money::{Msat, Sat};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::engine::command::{
    Command, Issued, LinkOrder, NewLink, OpenLink, Order, Origin, Received,
};
use crate::engine::reply::{Refusal, Reply};
use crate::ports::lightning::Lightning;
use crate::ports::store::{List, Page, Scope, fetch, table};
use crate::sim::harness::Outside;
use crate::sim::terms;

fn amount(sat: u64) -> Decimal {
    Decimal::whole(sat)
}

fn browser(number: u8) -> Digest {
    Digest([number; 32])
}

fn link_of(reply: Result<Reply, Refusal>) -> Link {
    match object(reply) {
        Snapshot::Link(link, _) => *link,
        other => panic!("no link: {other:?}"),
    }
}

fn session_of(reply: Result<Reply, Refusal>) -> Session {
    match object(reply) {
        Snapshot::Session(session, _) => *session,
        other => panic!("no session: {other:?}"),
    }
}

impl Shop {
    fn invoice_over(&self, sat: u64) -> Issued {
        let amount = Sat::new(sat).msat();
        let node = &self.process.outside.node;
        let invoice = node.create_invoice(amount, "", Span::from_secs(600)).unwrap();
        Issued {
            price: crate::domain::rate::Price::in_sats(Sat::new(sat)),
            cashback_rate: None,
            invoice,
        }
    }

    fn link_order(&self, order: LinkOrder) -> Result<Reply, Refusal> {
        self.process.order(Order::Link(Box::new(order)))
    }

    fn new_link(&self, sat: u64) -> NewLink {
        let price = Price::Fixed(amount(sat));
        let terms = terms::link(price, Some(self.cashback.clone()));
        NewLink { account: self.account.clone(), terms }
    }

    fn payment_link(&self, sat: u64) -> Link {
        link_of(self.link_order(LinkOrder::CreatePayment(self.new_link(sat))))
    }

    fn checkout_link(&self, sat: u64) -> Link {
        let invoice = self.invoice_over(sat);
        link_of(self.link_order(LinkOrder::CreateCheckout(self.new_link(sat), invoice)))
    }

    fn opening(&self, link: &Link, number: u8, sat: u64) -> Command {
        let request =
            OpenLink { link: link.id.clone(), browser: browser(number), amount: amount(sat) };
        let order = LinkOrder::Open(request, self.invoice_over(sat));
        Command::Order(Box::new(Order::Link(Box::new(order))), Origin::default())
    }

    fn open_as(&self, link: &Link, number: u8) -> Session {
        session_of(self.process.ask(self.opening(link, number, 1_000)))
    }

    fn link_now(&self, link: &Link) -> Link {
        fetch::<table::Link>(&*self.process.rows(), link.id.clone()).unwrap().unwrap()
    }

    fn status_of(&self, id: &SessionId) -> SessionStatus {
        fetch::<table::Session>(&*self.process.rows(), id.clone()).unwrap().unwrap().status
    }

    fn payment_status(&self, session: &Session) -> PaymentStatus {
        let id = session.payments[0].clone();
        fetch::<table::Payment>(&*self.process.rows(), id).unwrap().unwrap().status
    }

    fn events_told(&self) -> Vec<String> {
        let rows = self.process.rows();
        let page = Page {
            list: List::Events,
            scope: Scope::All,
            after: None,
            before: None,
            ascending: true,
            limit: 10_000,
        };
        let names = rows.page(&page).unwrap().into_iter().map(|(_, id)| {
            let id = crate::domain::id::EventId::parse(&id).unwrap();
            fetch::<table::Event>(&*rows, id).unwrap().unwrap().kind.name().to_owned()
        });
        names.collect()
    }
}

fn narrow(per_link: usize, direct: usize) -> Shop {
    let mut outside = Outside::default();
    outside.policy.max_unpaid_per_link = per_link;
    outside.policy.max_unpaid_direct = direct;
    Shop::open_in(&outside)
}

#[test]
fn a_checkout_link_tells_of_itself_its_session_and_its_payment_and_is_paid_with_them() {
    let shop = Shop::open();
    let before = shop.events_told().len();
    let link = shop.checkout_link(10_000);
    assert_eq!(
        shop.events_told()[before..],
        ["checkout_link.created", "checkout_session.created", "payment.created"]
    );
    let id = link.session.clone().unwrap();
    let session = fetch::<table::Session>(&*shop.process.rows(), id).unwrap().unwrap();
    assert_eq!(session.terms.source.as_deref(), Some("checkout_link"));
    assert_eq!(session.terms.source_id.as_deref(), Some(link.id.as_str()));
    let paid = shop.pay(&session, 0);
    assert!(paid.claim.is_some());
    let now = shop.link_now(&link);
    assert_eq!((now.status, now.opened, now.paid), (LinkStatus::Paid, 1, 1));
    assert_eq!(shop.events_told().last().map(String::as_str), Some("checkout_link.paid"));
    let refused = shop.link_order(LinkOrder::Deactivate(link.id.clone()));
    assert_eq!(refused.unwrap_err(), Refusal::LinkNotActive);
    shop.assert_sound();
}

#[test]
fn closing_a_checkout_link_and_closing_its_session_are_the_same() {
    let shop = Shop::open();
    for by_link in [true, false] {
        let link = shop.checkout_link(10_000);
        let id = link.session.clone().unwrap();
        let session = fetch::<table::Session>(&*shop.process.rows(), id.clone()).unwrap().unwrap();
        if by_link {
            shop.link_order(LinkOrder::Deactivate(link.id.clone())).unwrap();
        } else {
            shop.process.order(Order::DeactivateSession(id)).unwrap();
        }
        assert_eq!(shop.link_now(&link).status, LinkStatus::Deactivated);
        assert_eq!(shop.status_of(&session.id), SessionStatus::Deactivated);
        assert_eq!(shop.payment_status(&session), PaymentStatus::Cancelled);
        let before = shop.events_told().len();
        let again = link_of(shop.link_order(LinkOrder::Deactivate(link.id.clone())));
        assert_eq!(again.status, LinkStatus::Deactivated);
        assert_eq!(shop.events_told().len(), before, "what is closed is not closed again");
        let refused = shop.link_order(LinkOrder::Activate(link.id.clone()));
        assert_eq!(refused.unwrap_err(), Refusal::LinkNotActive);
        let late = shop.pay(&session, 0);
        assert_eq!((late.status, late.claim), (SessionStatus::Deactivated, None));
    }
    shop.assert_sound();
}

#[test]
fn a_browser_has_one_unpaid_session_of_a_link_even_if_it_asks_twice_at_once() {
    let shop = Shop::open();
    let link = shop.payment_link(1_000);
    let asked = (0..4).map(|_| shop.opening(&link, 1, 1_000)).collect();
    let answers = shop.process.batch(asked);
    let ids: Vec<_> = answers.into_iter().map(|answer| session_of(answer).id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(shop.link_now(&link).opened, 1);
    assert_ne!(shop.open_as(&link, 2).id, ids[0], "another browser has another session");
    // Another amount is another purchase, and the first one is over.
    let other = session_of(shop.process.ask(shop.opening(&link, 1, 2_000)));
    assert_ne!(other.id, ids[0]);
    assert_eq!(shop.status_of(&ids[0]), SessionStatus::Deactivated);
    // Once paid, the browser may buy again.
    assert_eq!(shop.pay(&other, 0).status, SessionStatus::Paid);
    assert_ne!(shop.open_as(&link, 1).id, other.id);
    shop.assert_sound();
}

#[test]
fn of_too_many_unpaid_sessions_the_one_that_nobody_looked_at_for_the_longest_is_closed() {
    let shop = narrow(3, 100);
    let link = shop.payment_link(1_000);
    let mut sessions = vec![];
    for number in 1..=3 {
        sessions.push(shop.open_as(&link, number));
        shop.process.outside.clock.advance(Span::from_secs(1));
    }
    shop.process.ask(Command::Viewed(sessions[0].id.clone())).unwrap();
    shop.process.outside.clock.advance(Span::from_secs(1));
    sessions.push(shop.open_as(&link, 4));
    let active = |shop: &Shop, sessions: &[Session]| -> Vec<bool> {
        sessions.iter().map(|s| shop.status_of(&s.id) == SessionStatus::Active).collect()
    };
    assert_eq!(active(&shop, &sessions), [true, false, true, true]);
    assert_eq!(shop.payment_status(&sessions[1]), PaymentStatus::Cancelled);
    // What is known of views is gone after a crash; the bound holds all the same.
    let shop = shop.crash();
    sessions.push(shop.open_as(&link, 5));
    assert_eq!(active(&shop, &sessions), [false, false, true, true, true]);
    // Many at once: exactly as many are left as there may be.
    let asked = (10..40).map(|number| shop.opening(&link, number, 1_000)).collect();
    let opened: Vec<_> = shop.process.batch(asked).into_iter().map(session_of).collect();
    let left = opened.iter().filter(|s| shop.status_of(&s.id) == SessionStatus::Active).count();
    assert_eq!(left, 3);
    assert_eq!(shop.link_now(&link).opened, 35);
    shop.assert_sound();
}

#[test]
fn unpaid_sessions_that_a_merchant_makes_itself_have_a_bound_too() {
    let shop = narrow(100, 2);
    let (one, two) = (shop.session(1_000), shop.session(1_000));
    shop.process.outside.clock.advance(Span::from_secs(1));
    let link = shop.checkout_link(1_000);
    assert_eq!(shop.status_of(&one.id), SessionStatus::Active, "a link's session is counted apart");
    let three = shop.session(1_000);
    let left: Vec<_> = [&one, &two, &three]
        .into_iter()
        .filter(|session| shop.status_of(&session.id) == SessionStatus::Active)
        .collect();
    assert_eq!((left.len(), &left[1].id), (2, &three.id));
    assert_eq!(shop.link_now(&link).status, LinkStatus::Active);
    shop.assert_sound();
}

#[test]
fn closing_a_payment_link_closes_all_that_is_unpaid_of_it_in_one_commit() {
    let shop = Shop::open();
    let link = shop.payment_link(1_000);
    let sessions: Vec<_> = (1..=20).map(|number| shop.open_as(&link, number)).collect();
    shop.pay(&sessions[0], 0);
    let direct = shop.session(1_000);
    shop.link_order(LinkOrder::Deactivate(link.id.clone())).unwrap();
    assert_eq!(shop.status_of(&sessions[0].id), SessionStatus::Paid);
    for session in &sessions[1..] {
        assert_eq!(shop.status_of(&session.id), SessionStatus::Deactivated);
        assert_eq!(shop.payment_status(session), PaymentStatus::Cancelled);
    }
    assert_eq!(shop.status_of(&direct.id), SessionStatus::Active);
    let refused = shop.process.ask(shop.opening(&link, 50, 1_000));
    assert_eq!(refused.unwrap_err(), Refusal::LinkNotActive);
    shop.assert_sound();
    let again = link_of(shop.link_order(LinkOrder::Activate(link.id.clone())));
    assert_eq!(again.status, LinkStatus::Active);
    assert_eq!(shop.open_as(&link, 50).status, SessionStatus::Active);
    shop.assert_sound();
}

#[test]
fn a_hundred_sessions_of_a_link_that_are_paid_at_once_are_counted_once_each() {
    let shop = Shop::open();
    let link = shop.payment_link(1_000);
    let asked = (1..=100).map(|number| shop.opening(&link, number, 1_000)).collect();
    let sessions: Vec<_> = shop.process.batch(asked).into_iter().map(session_of).collect();
    let rows = shop.process.rows();
    let money = |session: &Session| {
        let id = session.payments[0].clone();
        let payment = fetch::<table::Payment>(&*rows, id).unwrap().unwrap();
        let (amount, skimmed) = (payment.due.msat(), Msat::ZERO);
        Command::Received(Received { hash: payment.hash, amount, skimmed, at: None })
    };
    // Each is told twice, as a node may.
    let told = sessions.iter().flat_map(|session| [money(session), money(session)]).collect();
    for answer in shop.process.batch(told) {
        answer.unwrap();
    }
    let now = shop.link_now(&link);
    assert_eq!((now.status, now.opened, now.paid), (LinkStatus::Active, 100, 100));
    let cashback = fetch::<table::Cashback>(&*rows, shop.cashback.clone()).unwrap().unwrap();
    assert_eq!((cashback.claims, cashback.committed), (100, Msat::new(100 * 50_000)));
    let received =
        shop.events_told().iter().filter(|name| *name == "payment_link.paymentreceived").count();
    assert_eq!(received, 100);
    shop.assert_sound();
}

#[test]
fn a_link_outlives_its_cashback_and_then_pays_none() {
    let shop = Shop::open();
    let link = shop.payment_link(1_000);
    shop.process.order(Order::DeactivateCashback(shop.cashback.clone())).unwrap();
    let refused = shop.link_order(LinkOrder::CreatePayment(shop.new_link(1_000)));
    assert_eq!(refused.unwrap_err(), Refusal::CashbackInactive);
    let paid = shop.pay(&shop.open_as(&link, 1), 0);
    assert_eq!((paid.status, paid.claim), (SessionStatus::Paid, None));
    assert_eq!(paid.no_claim, Some(NoClaim::NotLive));
    assert!(matches!(link.id, LinkId::Payment(_)));
    shop.assert_sound();
}
