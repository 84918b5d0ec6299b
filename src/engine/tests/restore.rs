use super::kit::{Shop, new_account, object};
use super::payouts::submitted;
use super::restart::{dispatching, reserved};
use crate::domain::account::Metadata;
use crate::domain::bytes::Preimage;
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::id::AccountId;
use crate::domain::ledger::LedgerAccount;
use crate::domain::money::Msat;
use crate::domain::payout::{FailureCode, Payout, PayoutState, Refused};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::Span;
use crate::engine::command::{AccountChange, Command, Evidence, EvidenceSource, Order, Resolution};
use crate::engine::recovery::find_old_copy;
use crate::engine::reply::{Refusal, Reply};
use crate::ports::store::{fetch, table};
use crate::sim::{Behaviour, MemoryDisk};

/// Where the simulated chain begins, and where it is when the backup is restored.
const BACKED_UP: u32 = 100;
const RESTORED: u32 = 300;
/// Blocks after a dispatch until nothing of it can be left (DESIGN D6).
const DEADLINE: u32 = 585;

/// A state that a backup can hold an open payout in, and how it comes to be.
type Case = (&'static str, fn(&mut Shop) -> (Claim, Preimage));

const OPEN: [Case; 6] = [
    ("reserved", |shop| (reserved(shop).0, Preimage([101; 32]))),
    ("dispatching", |shop| {
        let (claim, _) = reserved(shop);
        dispatching(shop, &claim);
        (claim, Preimage([101; 32]))
    }),
    ("in_flight", |shop| without_invoice(submitted(shop, Behaviour::Hold))),
    ("in_flight parked", |shop| {
        let (claim, preimage) = without_invoice(submitted(shop, Behaviour::Hold));
        shop.process.order(Order::ParkPayout(shop.payout(&claim).id)).unwrap();
        (claim, preimage)
    }),
    ("in_doubt", |shop| without_invoice(submitted(shop, Behaviour::UnclearAndLost))),
    ("in_doubt parked", |shop| {
        let (claim, preimage) = without_invoice(submitted(shop, Behaviour::UnclearAndLost));
        shop.process.pass(Span::from_secs(60));
        (claim, preimage)
    }),
];

fn without_invoice<T>((claim, preimage, _): (Claim, Preimage, T)) -> (Claim, Preimage) {
    (claim, preimage)
}

/// A shop that was backed up in a state, lost and restored.
fn restored(case: Case) -> (Shop, Claim, Preimage, MemoryDisk) {
    let mut shop = Shop::open();
    let (claim, preimage) = case.1(&mut shop);
    let backup = shop.back_up();
    let (before, held) = (shop.available(), in_flight(&shop));
    let (shop, counted) = shop.restore(&backup, RESTORED);
    assert_eq!((counted.in_doubt, counted.open_claims, counted.accounts), (1, 0, 1), "{}", case.0);
    assert_eq!((shop.available(), in_flight(&shop)), (before, held), "{}", case.0);
    shop.assert_sound();
    (shop, claim, preimage, backup)
}

fn in_flight(shop: &Shop) -> i64 {
    shop.balance(LedgerAccount::InFlight(shop.account.clone()))
}

fn resolve(shop: &Shop, claim: &Claim, resolution: Resolution) -> Result<Payout, Refusal> {
    let order = Order::ResolvePayout(shop.payout(claim).id, resolution);
    match object(Ok(shop.process.order(order)?)) {
        Snapshot::Payout(payout) => Ok(*payout),
        other => panic!("no payout: {other:?}"),
    }
}

fn written_off() -> Resolution {
    Resolution::Failed("the wallet never saw it".to_owned())
}

fn pause(shop: &Shop, account: &AccountId, claims_paused: bool) {
    let change = AccountChange {
        low_balance: None,
        name: None,
        fees: crate::domain::fees::FeeChange::default(),
        claims_paused: Some(claims_paused),
        metadata: None::<Metadata>,
    };
    shop.process.order(Order::UpdateAccount(account.clone(), change)).unwrap();
}

fn is_paused(shop: &Shop, account: &AccountId) -> bool {
    let row = fetch::<table::Account>(&*shop.process.rows(), account.clone());
    row.unwrap().unwrap().claims_paused
}

fn epoch(shop: &Shop) -> u64 {
    fetch::<table::Books>(&*shop.process.rows(), ()).unwrap().unwrap().epoch
}

/// Everything by which time and the node resolve payouts of the current epoch.
fn wait_for_ever(shop: &mut Shop, claim: &Claim) {
    shop.process.outside.node.set_chain(|chain| chain.height = 10_000);
    shop.process.pass(Span::from_secs(86_400));
    shop.process.sweep();
    shop.process.settle_down();
    let (hash, failed) = (shop.payout(claim).hash, Evidence::Failed(FailureCode::NoRoute, 0));
    for source in [EvidenceSource::Event, EvidenceSource::Record] {
        shop.process.ask(Command::Evidence(hash, failed, source)).unwrap();
    }
}

#[test]
fn whatever_was_open_is_in_doubt_and_parked_with_its_money_and_without_its_lock() {
    for case in OPEN {
        let (mut shop, claim, _, _) = restored(case);
        let payout = shop.payout(&claim);
        assert_eq!((payout.state, payout.parked), (PayoutState::InDoubt, true), "{}", case.0);
        assert!(!shop.is_locked(), "{}", case.0);
        assert_eq!(shop.again(&claim).status, ClaimStatus::Processing);
        assert_eq!(in_flight(&shop), 505_000);
        assert_eq!(find_old_copy(&*shop.process.rows(), &[]).unwrap(), None, "{}", case.0);
        wait_for_ever(&mut shop, &claim);
        assert_eq!(shop.payout(&claim).state, PayoutState::InDoubt, "{}", case.0);
        assert_eq!(shop.process.outside.node.dispatched(), vec![], "{}", case.0);
        shop.assert_sound();
    }
}

#[test]
fn the_operator_resolves_a_doubt_with_the_preimage() {
    for case in OPEN {
        let (shop, claim, preimage, _) = restored(case);
        let wrong = resolve(&shop, &claim, Resolution::Paid(Preimage([0; 32])));
        assert_eq!(wrong, Err(Refusal::WrongPreimage), "{}", case.0);
        let paid = resolve(&shop, &claim, Resolution::Paid(preimage)).unwrap();
        assert_eq!(paid.state, PayoutState::Paid, "{}", case.0);
        // Nobody knows what routing cost: the whole budget counts.
        assert_eq!((shop.available(), in_flight(&shop)), (10_000_000 - 505_000, 0));
        assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
        shop.assert_sound();
    }
}

#[test]
fn the_operator_writes_a_doubt_off_after_its_deadline_and_the_claim_is_over() {
    for case in OPEN {
        let (mut shop, claim, _, _) = restored(case);
        // What was only reserved may have been dispatched at any height until the restore.
        let dispatched = if case.0 == "reserved" { RESTORED } else { BACKED_UP };
        let at = |shop: &mut Shop, height: u32| {
            shop.process.outside.node.set_chain(|chain| chain.height = height);
            shop.process.tick(false);
        };
        at(&mut shop, dispatched + DEADLINE - 1);
        let early = Refusal::Payout(Refused::BeforeDeadline);
        assert_eq!(resolve(&shop, &claim, written_off()), Err(early), "{}", case.0);
        at(&mut shop, dispatched + DEADLINE);
        let failed = resolve(&shop, &claim, written_off()).unwrap();
        assert_eq!(failed.failure, Some(FailureCode::OperatorResolved), "{}", case.0);
        assert_eq!(failed.resolution_note.as_deref(), Some("the wallet never saw it"));
        assert_eq!(shop.again(&claim).status, ClaimStatus::Cancelled, "{}", case.0);
        assert_eq!((shop.available(), in_flight(&shop)), (10_000_000, 0), "{}", case.0);
        shop.assert_sound();
    }
}

#[test]
fn a_success_that_shows_after_all_is_booked() {
    for case in OPEN {
        let (shop, claim, preimage, _) = restored(case);
        let hash = shop.payout(&claim).hash;
        let fee = Some(Msat::new(1_000));
        let evidence = Evidence::Succeeded { preimage: Some(preimage), fee };
        shop.process.ask(Command::Evidence(hash, evidence, EvidenceSource::Event)).unwrap();
        assert_eq!(shop.again(&claim).status, ClaimStatus::Paid, "{}", case.0);
        assert_eq!(shop.available(), 10_000_000 - 501_000, "{}", case.0);
        shop.assert_sound();
    }
}

#[test]
fn what_was_over_stays_over() {
    let mut shop = Shop::open();
    let (paid, _, _) = submitted(&mut shop, Behaviour::Arrive(Msat::new(1_000)));
    let (failed, _, _) = submitted(&mut shop, Behaviour::Fail(FailureCode::NoRoute));
    let before = (shop.payout(&paid), shop.again(&paid), shop.available());
    let backup = shop.back_up();
    let (shop, counted) = shop.restore(&backup, RESTORED);
    assert_eq!((counted.in_doubt, counted.open_claims), (0, 1));
    assert_eq!((shop.payout(&paid), shop.again(&paid), shop.available()), before);
    assert_eq!(shop.again(&failed).status, ClaimStatus::Open);
    shop.assert_sound();
}

#[test]
fn an_open_claim_has_a_new_link_and_pays_when_the_operator_says_so() {
    let shop = Shop::open();
    let claim = shop.claim(10_000);
    let backup = shop.back_up();
    let (mut shop, counted) = shop.restore(&backup, RESTORED);
    assert_eq!(counted.open_claims, 1);
    let (_, invoice) = shop.invoice(&claim);
    assert_eq!(shop.submit_with(&claim, 0, &invoice), Err(Refusal::UnknownLink));
    let new = shop.again(&claim);
    assert!(new.link_generation > claim.link_generation);
    assert_eq!(shop.submit_with(&new, 0, &invoice), Err(Refusal::OldK1));
    assert_eq!(shop.submit(&new, &invoice), Err(Refusal::Paused));
    pause(&shop, &shop.account, false);
    shop.submit(&new, &invoice).unwrap();
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Paid);
    shop.assert_sound();
}

#[test]
fn every_account_is_paused_whatever_it_was() {
    let shop = Shop::open();
    let paused = new_account(&shop.process, "paused");
    pause(&shop, &paused, true);
    let backup = shop.back_up();
    let (shop, counted) = shop.restore(&backup, RESTORED);
    assert_eq!(counted.accounts, 2);
    assert!(is_paused(&shop, &paused) && is_paused(&shop, &shop.account));
    assert!(!is_paused_when_new(&shop), "accounts made later are not");
}

fn is_paused_when_new(shop: &Shop) -> bool {
    is_paused(shop, &new_account(&shop.process, "new"))
}

#[test]
fn where_as_many_are_parked_as_may_be_claims_wait_for_the_operator() {
    let mut shop = Shop::open();
    let mut claims = vec![];
    for park in [true, true, false] {
        let (claim, _, _) = submitted(&mut shop, Behaviour::UnclearAndLost);
        if park {
            shop.process.order(Order::ParkPayout(shop.payout(&claim).id)).unwrap();
        }
        claims.push(claim);
    }
    let backup = shop.back_up();
    let (mut shop, counted) = shop.restore(&backup, RESTORED);
    assert_eq!(counted.in_doubt, 3);
    assert!(claims.iter().all(|claim| shop.payout(claim).parked) && !shop.is_locked());
    pause(&shop, &shop.account, false);
    let claim = shop.claim(10_000);
    let (_, invoice) = shop.invoice(&claim);
    assert_eq!(shop.submit(&claim, &invoice), Err(Refusal::TooManyParked));
    shop.process.outside.node.set_chain(|chain| chain.height = RESTORED + DEADLINE);
    shop.process.tick(false);
    resolve(&shop, &claims[0], written_off()).unwrap();
    shop.submit(&claim, &invoice).unwrap();
    shop.assert_sound();
}

#[test]
fn a_second_restore_begins_another_epoch_and_so_does_restoring_the_same_backup_again() {
    let (shop, claim, preimage, first) = restored(OPEN[2]);
    let (first_epoch, first_link) = (epoch(&shop), shop.again(&claim).link_generation);
    shop.process.outside.clock.advance(Span::from_secs(5));
    let second = shop.back_up();
    let (shop, counted) = shop.restore(&second, RESTORED + 1);
    assert_eq!(counted.in_doubt, 1);
    let (second_epoch, second_link) = (epoch(&shop), shop.again(&claim).link_generation);
    assert!(second_epoch > first_epoch && second_link > first_link);
    shop.process.outside.clock.advance(Span::from_secs(5));
    let (shop, _) = shop.restore(&first, RESTORED + 2);
    assert!(epoch(&shop) > second_epoch && shop.again(&claim).link_generation > second_link);
    resolve(&shop, &claim, Resolution::Paid(preimage)).unwrap();
    shop.assert_sound();
}

#[test]
fn payouts_of_the_new_epoch_follow_the_usual_proofs() {
    let (mut shop, _, _, _) = restored(OPEN[2]);
    pause(&shop, &shop.account, false);
    let (claim, _, invoice) = submitted(&mut shop, Behaviour::Hold);
    assert_eq!(resolve(&shop, &claim, written_off()), Err(Refusal::Payout(Refused::CurrentEpoch)));
    let missing = find_old_copy(&*shop.process.rows(), &[]).unwrap();
    assert!(missing.is_some(), "the node must know what it was given in this epoch");
    shop.process.outside.node.fail(&invoice.hash, FailureCode::NoRoute);
    shop.process.settle_down();
    assert_eq!(shop.again(&claim).status, ClaimStatus::Open);
    shop.assert_sound();
}

#[test]
fn frozen_books_are_not_restored_over() {
    let shop = Shop::open();
    shop.process.ask(Command::Freeze("books_audit".to_owned())).unwrap();
    let refused = shop.process.ask(Command::Restore(RESTORED)).map(|_: Reply| ());
    assert_eq!(refused, Err(Refusal::Frozen("books_audit".to_owned())));
}
