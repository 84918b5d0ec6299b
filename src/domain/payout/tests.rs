use super::super::time::Span;
use super::*;

mod exhaustive;

const NOW: Timestamp = Timestamp::from_secs(1_000);
const PREIMAGE: Preimage = Preimage([9; 32]);
const CONTEXT: Context = Context { now: NOW, process: 2, epoch: 1, height: 100, cltv_limit: 432 };

fn reserved() -> Payout {
    Payout {
        id: PayoutId::new(NOW, 1),
        seq: 1,
        account: AccountId::new(NOW, 1),
        purpose: Purpose::Claim(ClaimId::new(NOW, 1), 0),
        invoice: InvoiceText::new("lnbcrt1".to_owned()),
        hash: PaymentHash([1; 32]),
        invoice_expires_at: NOW + Span::from_secs(60),
        amount: Msat::new(50_000),
        fee_budget: Msat::new(5_000),
        state: PayoutState::Reserved,
        parked: false,
        late: false,
        stuck: false,
        epoch: 1,
        dispatch: None,
        node_knows: false,
        fee: None,
        preimage: None,
        failure: None,
        stray: None,
        resolution_note: None,
        created: NOW,
        modified: NOW,
        resolved_at: None,
    }
}

fn dispatch(process: u64) -> Dispatch {
    Dispatch { at: NOW, height: 100, cltv_limit: 432, process }
}

/// A payout in `state`, dispatched by `process`.
fn payout(state: PayoutState, process: u64) -> Payout {
    let mut payout = reserved();
    payout.state = state;
    if state != PayoutState::Reserved {
        payout.dispatch = Some(dispatch(process));
    }
    payout.node_knows = state == PayoutState::InFlight;
    payout
}

fn succeeded(fee: Option<u64>) -> Input {
    Input::Succeeded { preimage: Some(PREIMAGE), fee: fee.map(Msat::new) }
}

fn inputs() -> Vec<Input> {
    vec![
        Input::Dispatch(dispatch(2)),
        Input::GiveUp(FailureCode::NoPermit),
        Input::Accepted,
        Input::Rejected(FailureCode::NoRoute),
        Input::Unclear,
        Input::Seen,
        Input::NoRecord,
        succeeded(Some(1_000)),
        Input::Failed(FailureCode::NoRoute),
        Input::Disputed(FailureCode::NoRoute),
        Input::Slow,
        Input::Overdue,
        Input::Park,
        Input::DeadlinePassed,
        Input::ResolvePaid(PREIMAGE),
        Input::ResolveFailed("lost".to_owned()),
        Input::Restored,
    ]
}

/// (state, of an earlier process, input) and the (state, money, lock, claim) that must come of it; `None`: nothing.
type Row = (PayoutState, bool, Input, Option<(PayoutState, Money, Locking, Claiming)>);

fn check(rows: Vec<Row>) {
    for (state, earlier, input, expect) in rows {
        let payout = payout(state, if earlier { 1 } else { 2 });
        let step = payout.step(input.clone(), &CONTEXT).unwrap_or(None);
        let got = step.map(|step| (step.next.state, step.money, step.lock, step.claim));
        assert_eq!(got, expect, "{state:?}, earlier process: {earlier}, {input:?}");
    }
}

#[test]
fn a_payout_is_dispatched_once() {
    let step = reserved().step(Input::Dispatch(dispatch(2)), &CONTEXT).unwrap().unwrap();
    assert_eq!(step.next.state, PayoutState::Dispatching);
    for state in PayoutState::ALL.into_iter().filter(|state| *state != PayoutState::Reserved) {
        let again = payout(state, 2).step(Input::Dispatch(dispatch(2)), &CONTEXT);
        assert_eq!(again, Err(Refused::NotReserved), "{state:?}");
    }
}

#[test]
fn success_is_booked_from_every_state_and_absorbs_all_that_follows() {
    use PayoutState::{Dispatching, InDoubt, InFlight, Paid, Reserved};
    let paid =
        Some((Paid, Money::Spend { fee: Msat::new(1_000) }, Locking::Release, Claiming::Settle));
    check(
        [Reserved, Dispatching, InFlight, InDoubt]
            .map(|state| (state, false, succeeded(Some(1_000)), paid))
            .to_vec(),
    );
    check(inputs().into_iter().map(|input| (Paid, false, input, None)).collect());
}

#[test]
fn an_unknown_fee_counts_as_the_budget() {
    let step = payout(PayoutState::InFlight, 2).step(succeeded(None), &CONTEXT).unwrap().unwrap();
    assert_eq!(step.money, Money::Spend { fee: Msat::new(5_000) });
}

#[test]
fn success_after_failure_is_booked_as_late() {
    let step =
        payout(PayoutState::Failed, 2).step(succeeded(Some(1_000)), &CONTEXT).unwrap().unwrap();
    assert!(step.next.late);
    assert_eq!(step.money, Money::SpendLate { fee: Msat::new(1_000) });
    assert_eq!(step.lock, Locking::Keep, "the lock went with the failure");
}

#[test]
fn only_proof_fails_a_payout() {
    use PayoutState::{Dispatching, Failed, InDoubt, InFlight, Reserved};
    let failed = |code| Some((Failed, Money::Return, Locking::Release, Claiming::Reopen(code)));
    let no_route = FailureCode::NoRoute;
    check(vec![
        (Reserved, false, Input::GiveUp(no_route), failed(no_route)),
        (Dispatching, false, Input::GiveUp(no_route), None),
        (Dispatching, false, Input::Rejected(no_route), failed(no_route)),
        (InFlight, false, Input::Rejected(no_route), None),
        (InDoubt, false, Input::Rejected(no_route), None),
        (Reserved, false, Input::Failed(no_route), None),
        (Dispatching, true, Input::Failed(no_route), failed(no_route)),
        (InFlight, false, Input::Failed(no_route), failed(no_route)),
        (InDoubt, true, Input::Failed(no_route), failed(no_route)),
        (Failed, false, Input::Failed(no_route), None),
        (Dispatching, false, Input::Unclear, doubt()),
        (Dispatching, true, Input::NoRecord, doubt()),
        (Dispatching, false, Input::NoRecord, None),
        (InFlight, true, Input::NoRecord, None),
        (InDoubt, true, Input::Seen, Some((InDoubt, Money::Keep, Locking::Keep, Claiming::Keep))),
    ]);
}

fn doubt() -> Option<(PayoutState, Money, Locking, Claiming)> {
    Some((PayoutState::InDoubt, Money::Keep, Locking::Keep, Claiming::Keep))
}

#[test]
fn a_pending_record_moves_only_what_an_earlier_process_dispatched() {
    use PayoutState::{Dispatching, InFlight};
    let keep = |state| Some((state, Money::Keep, Locking::Keep, Claiming::Keep));
    check(vec![
        (Dispatching, true, Input::Seen, keep(InFlight)),
        (Dispatching, false, Input::Seen, keep(Dispatching)),
        (Dispatching, false, Input::Accepted, keep(InFlight)),
        (InFlight, false, Input::Seen, None),
    ]);
}

#[test]
fn no_timer_unlocks_what_is_in_flight_in_this_process() {
    use PayoutState::{Dispatching, InDoubt, InFlight, Reserved};
    let parked = Some((InDoubt, Money::Keep, Locking::Release, Claiming::Keep));
    check(vec![
        (Reserved, false, Input::Overdue, None),
        (Dispatching, false, Input::Overdue, None),
        (InFlight, false, Input::Overdue, None),
        (InDoubt, false, Input::Overdue, parked),
        (Dispatching, true, Input::Overdue, parked),
        (InFlight, true, Input::Overdue, parked),
    ]);
}

#[test]
fn parking_frees_the_lock_once_and_keeps_the_money() {
    let parked = payout(PayoutState::InFlight, 2).step(Input::Park, &CONTEXT).unwrap().unwrap();
    assert_eq!((parked.money, parked.lock), (Money::Keep, Locking::Release));
    assert_eq!(parked.next.step(Input::Park, &CONTEXT), Err(Refused::NotParkable));
    let paid = parked.next.step(succeeded(Some(0)), &CONTEXT).unwrap().unwrap();
    assert_eq!(paid.lock, Locking::Keep, "another payout may hold the lock by now");
    assert!(!paid.next.parked);
    for state in [PayoutState::Reserved, PayoutState::Dispatching, PayoutState::Failed] {
        assert_eq!(payout(state, 2).step(Input::Park, &CONTEXT), Err(Refused::NotParkable));
    }
}

#[test]
fn the_deadline_is_the_height_at_which_nothing_can_be_left() {
    let payout = payout(PayoutState::InDoubt, 1);
    let at = |height| payout.step(Input::DeadlinePassed, &Context { height, ..CONTEXT }).unwrap();
    assert_eq!(at(100 + 584), None);
    let step = at(100 + 585).unwrap();
    assert_eq!(step.claim, Claiming::Reopen(FailureCode::DeadlinePassed));
}

#[test]
fn in_a_new_epoch_only_success_and_the_operator_resolve_old_payouts() {
    let context = Context { epoch: 2, ..CONTEXT };
    let old = reserved().step(Input::Restored, &context).unwrap().unwrap();
    assert_eq!((old.next.state, old.next.parked), (PayoutState::InDoubt, true));
    let old = old.next;
    assert_eq!(old.step(Input::Failed(FailureCode::NoRoute), &context), Ok(None));
    let much_later = Context { height: 100 + 585, ..context };
    assert_eq!(old.step(Input::DeadlinePassed, &much_later), Ok(None));
    let note = || Input::ResolveFailed("wallet never saw it".to_owned());
    assert_eq!(old.step(note(), &context), Err(Refused::BeforeDeadline));
    let step = old.step(note(), &much_later).unwrap().unwrap();
    assert_eq!((step.money, step.claim), (Money::Return, Claiming::Cancel));
    assert!(old.step(succeeded(Some(0)), &context).unwrap().is_some());
}

#[test]
fn in_the_current_epoch_the_operator_cannot_write_off() {
    let much_later = Context { height: 10_000, ..CONTEXT };
    let step = payout(PayoutState::InDoubt, 1)
        .step(Input::ResolveFailed("tired of waiting".to_owned()), &much_later);
    assert_eq!(step, Err(Refused::CurrentEpoch));
}

#[test]
fn what_is_disputed_ends_with_a_preimage_or_by_the_operator_past_the_deadline_and_by_nothing_else()
{
    let no_route = FailureCode::NoRoute;
    for state in [PayoutState::Dispatching, PayoutState::InFlight, PayoutState::InDoubt] {
        let step = payout(state, 1).step(Input::Disputed(no_route), &CONTEXT).unwrap().unwrap();
        assert_eq!(
            (step.money, step.lock, step.claim),
            (Money::Keep, Locking::Keep, Claiming::Keep)
        );
        let disputed = step.next;
        assert!(disputed.is_disputed());
        assert_eq!(disputed.failure, Some(no_route), "what the node says is told");
        let much_later = Context { height: 100 + 585, ..CONTEXT };
        for nothing in [Input::Failed(no_route), Input::Disputed(no_route), Input::DeadlinePassed] {
            assert_eq!(disputed.step(nothing, &much_later), Ok(None));
        }
        let note = || Input::ResolveFailed("no wallet has it".to_owned());
        assert_eq!(disputed.step(note(), &CONTEXT), Err(Refused::BeforeDeadline));
        let step = disputed.step(note(), &much_later).unwrap().unwrap();
        assert_eq!((step.money, step.claim), (Money::Return, Claiming::Cancel));
        let parked = disputed.step(Input::Overdue, &CONTEXT).unwrap().unwrap().next;
        assert!(parked.parked && parked.is_disputed());
        let paid = parked.step(Input::ResolvePaid(PREIMAGE), &CONTEXT).unwrap().unwrap();
        assert_eq!((paid.next.failure, paid.claim), (None, Claiming::Settle));
    }
    for state in [PayoutState::Reserved, PayoutState::Paid, PayoutState::Failed] {
        assert_eq!(payout(state, 1).step(Input::Disputed(no_route), &CONTEXT), Ok(None));
    }
}

/// Every sequence of four inputs from every state: the hold is given out exactly once, whatever happens.
#[test]
fn whatever_the_order_the_money_moves_as_the_books_allow() {
    let late = Context { height: 10_000, process: 3, ..CONTEXT };
    let mut open = vec![reserved()];
    for _ in 0..4 {
        let mut next = vec![];
        for payout in &open {
            for (input, context) in
                inputs().into_iter().flat_map(|i| [(i.clone(), CONTEXT), (i, late)])
            {
                let Ok(Some(step)) = payout.step(input.clone(), &context) else { continue };
                check_step(payout, &step, &input);
                next.push(step.next);
            }
        }
        next.sort_by_key(|payout| format!("{payout:?}"));
        next.dedup();
        open = next;
    }
}

fn check_step(before: &Payout, step: &Step, input: &Input) {
    let after = &step.next;
    let was_open = !before.state.is_terminal();
    let moved = match step.money {
        Money::Keep => was_open && !after.state.is_terminal(),
        Money::Spend { .. } => was_open && after.state == PayoutState::Paid,
        Money::Return => was_open && after.state == PayoutState::Failed,
        Money::SpendLate { .. } => before.state == PayoutState::Failed && after.late,
    };
    assert!(moved, "{before:?} -> {after:?} by {input:?} moves money wrongly: {:?}", step.money);
    let freed = before.holds_lock() && !after.holds_lock();
    assert_eq!(step.lock == Locking::Release, freed, "{before:?} -> {after:?} by {input:?}");
    if matches!(step.claim, Claiming::Settle) {
        assert!(after.preimage.is_some());
    }
}
