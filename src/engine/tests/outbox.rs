use super::kit::Shop;
use super::webhooks::OK;
use crate::domain::event::EventKind;
use crate::domain::time::Span;
use crate::ports::store::Row;
use crate::sim::fuse;
use crate::sim::harness::Outside;

#[test]
fn wherever_the_process_dies_every_event_arrives_and_first_tries_in_order() {
    for at in 0..400 {
        let outside = Outside::default();
        let shop = Shop::open_in(&outside);
        shop.endpoint(&["*"]);
        fuse::arm(at);
        let died = fuse::catch(move || {
            let mut shop = shop;
            let claim = shop.claim(10_000);
            shop.process.deliver();
            let (_, invoice) = shop.invoice(&claim);
            shop.submit(&claim, &invoice).unwrap();
            shop.process.settle_down();
            shop.process.deliver();
        });
        let lasted = died.is_ok();
        fuse::disarm();
        let process = outside.boot(2);
        process.recover();
        while process.deliver() > 0 {}
        let mut events = vec![];
        let mut look = |_, row| {
            match row {
                Row::Event(row) if row.kind != EventKind::CashbackCreated => events.push(*row),
                Row::Delivery(row) => assert!(row.is_over(), "{} waits, point {at}", row.id),
                _ => {}
            }
            Ok(())
        };
        process.rows().each(&mut look).unwrap();
        let tries = outside.receiver.tries();
        for event in &events {
            let reached = tries.iter().any(|at| at.event == event.id.as_str());
            assert!(reached, "{} never arrives, point {at}", event.kind.name());
        }
        let order: Vec<_> = tries.iter().map(|at| at.seq).collect();
        assert!(order.is_sorted(), "{order:?}, point {at}");
        assert!(tries.len() <= events.len() + 1, "at most one is sent twice, point {at}");
        assert_eq!(process.audit(), Vec::<String>::new());
        if lasted {
            assert!(at > 40, "only {at} points");
            return;
        }
    }
    panic!("it never lasts");
}

#[test]
fn events_are_kept_for_their_time_but_never_taken_from_a_message_that_needs_them() {
    let mut shop = Shop::open();
    let id = shop.endpoint(&["checkout_session.created"]);
    let lost = shop.endpoint(&["checkout_session.created"]);
    shop.session(1_000);
    let done = shop.due(9).into_iter().find(|letter| letter.endpoint.id == id).unwrap();
    shop.attempted(&done.delivery, OK);
    let before = shop.told().len();
    assert!(before >= 3);
    shop.process.pass(Span::from_secs(29 * 86_400));
    assert_eq!(shop.told().len(), before + 1, "the payment expired");
    shop.process.pass(Span::from_secs(2 * 86_400));
    shop.process.pass(Span::from_secs(1));
    let left: Vec<_> = shop.told().iter().map(|event| event.kind).collect();
    assert_eq!(left, [EventKind::SessionCreated, EventKind::PaymentExpired], "one is needed");
    assert_eq!((shop.deliveries(&id).len(), shop.deliveries(&lost).len()), (0, 1));
    shop.assert_sound();
    shop.process.outside.receiver.answer(OK);
    shop.deliver_all();
    shop.process.pass(Span::from_secs(1));
    assert_eq!((shop.told().len(), shop.deliveries(&lost).len()), (1, 0));
    shop.assert_sound();
}
