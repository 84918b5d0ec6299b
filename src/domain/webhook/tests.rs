use super::*;

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(1_700_000_000 + secs)
}

fn endpoint(events: &[&str]) -> Endpoint {
    let events = events.iter().map(|filter| (*filter).to_owned()).collect();
    Endpoint {
        id: EndpointId::new(at(0), 1),
        seq: 1,
        account: AccountId::new(at(0), 1),
        terms: EndpointTerms { url: "https://shop.example".to_owned(), events, description: None },
        disabled: None,
        secret_generation: 0,
        active_since: 1,
        failing_since: None,
        created: at(0),
        modified: at(0),
    }
}

fn delivery() -> Delivery {
    Delivery {
        id: DeliveryId::new(at(0), 1),
        seq: 2,
        account: AccountId::new(at(0), 1),
        endpoint: EndpointId::new(at(0), 1),
        event: EventId::new(at(0), 1),
        kind: EventKind::ClaimPaid,
        status: DeliveryStatus::Pending,
        attempts: 0,
        first_attempt: None,
        last_attempt: None,
        last_status: None,
        last_error: None,
        next_attempt: None,
        created: at(0),
        modified: at(0),
    }
}

#[test]
fn an_endpoint_is_told_what_its_filters_name() {
    let check = |filter: &str, kind, expect| {
        assert!(is_filter(filter), "{filter}");
        assert_eq!(endpoint(&[filter]).wants(kind), expect, "{filter} {kind:?}");
    };
    check("*", EventKind::PayoutStuck, true);
    check("claim.*", EventKind::ClaimPaid, true);
    check("claim.*", EventKind::CashbackCreated, false);
    check("payment.*", EventKind::PaymentPaid, true);
    check("claim.paid", EventKind::ClaimPaid, true);
    check("claim.paid", EventKind::ClaimFailed, false);
    check("payment.confirmed", EventKind::PaymentPaid, false);
    assert!(!endpoint(&["claim.paid", "payout.*"]).wants(EventKind::ClaimFailed));
    for none in ["", "claim", "claim*", "claim.pai", "claim.p*", "nothing.*", "**", ".*", "Claim.*"]
    {
        assert!(!is_filter(none), "{none}");
    }
}

#[test]
fn the_pauses_are_those_of_standard_webhooks_over_five_days_with_a_tenth_of_jitter() {
    let secs: [u64; 11] =
        [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400];
    for (attempts, expect) in (1..).zip(secs) {
        let pause = |random| pause_after(attempts, random).unwrap().millis();
        assert_eq!(pause(100), expect * 1_000, "after {attempts}");
        assert_eq!(pause(0), expect * 900, "the least after {attempts}");
        assert_eq!(pause(200), expect * 1_100, "the most after {attempts}");
        assert_eq!(pause(201), pause(0));
    }
    assert_eq!((pause_after(0, 0), pause_after(MAX_ATTEMPTS, 0)), (None, None));
    let days = secs.iter().sum::<u64>() / 86_400;
    assert_eq!(days, 5);
}

#[test]
fn a_message_is_pending_until_it_arrives_or_was_tried_as_often_as_it_may_be() {
    let mut message = delivery();
    for number in 1..MAX_ATTEMPTS {
        message.tried(Outcome::Answered(302), at(u64::from(number)), 100);
        assert_eq!((message.attempts, message.is_over()), (number, false));
        assert!(message.next_attempt.unwrap() > at(u64::from(number)));
    }
    let mut arrived = message.clone();
    arrived.tried(Outcome::Answered(204), at(99), 100);
    assert_eq!((arrived.status, arrived.next_attempt), (DeliveryStatus::Delivered, None));
    message.tried(Outcome::Failed(SendError::TimedOut), at(99), 100);
    assert_eq!((message.status, message.next_attempt), (DeliveryStatus::Failed, None));
    let last = (message.last_status, message.last_error);
    assert_eq!(last, (None, Some(SendError::TimedOut)));
    assert_eq!((message.first_attempt, message.last_attempt), (Some(at(1)), Some(at(99))));
}

#[test]
fn an_endpoint_is_given_up_when_it_is_gone_or_took_nothing_for_as_long_as_a_message_is_tried() {
    let failing = |target: &mut Endpoint, message: &mut Delivery| {
        let mut ends = None;
        for number in 1..=MAX_ATTEMPTS {
            let now = at(u64::from(number));
            message.tried(Outcome::Answered(500), now, 100);
            ends = target.tried(message, Outcome::Answered(500), now);
            assert!(ends.is_none() || number == MAX_ATTEMPTS);
        }
        ends
    };
    let mut target = endpoint(&["*"]);
    assert_eq!(failing(&mut target, &mut delivery()), Some(DisabledReason::Failing));

    // Something else arrives in between: only the one message is given up.
    let (mut target, mut message) = (endpoint(&["*"]), delivery());
    message.tried(Outcome::Answered(500), at(0), 100);
    target.tried(&message, Outcome::Answered(500), at(0));
    let mut other = delivery();
    other.tried(Outcome::Answered(200), at(1), 100);
    assert_eq!(target.tried(&other, Outcome::Answered(200), at(1)), None);
    assert_eq!(target.failing_since, None);
    for number in 2..=MAX_ATTEMPTS {
        message.tried(Outcome::Answered(500), at(u64::from(number)), 100);
        let ends = target.tried(&message, Outcome::Answered(500), at(u64::from(number)));
        assert_eq!(ends, None);
    }
    assert_eq!(message.status, DeliveryStatus::Failed);

    let mut message = delivery();
    message.tried(Outcome::Answered(410), at(0), 100);
    let ends = endpoint(&["*"]).tried(&message, Outcome::Answered(410), at(0));
    assert_eq!(ends, Some(DisabledReason::Gone));
}
