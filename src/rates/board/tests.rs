use super::*;
use crate::domain::decimal::Decimal;
use crate::domain::time::Timestamp;
use crate::sim::SimClock;

fn dollar() -> Currency {
    Currency::parse("USD").unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::new(Decimal::parse(text).unwrap()).unwrap()
}

fn board() -> (SimClock, Board) {
    let clock = SimClock::at(Timestamp::from_secs(1_700_000_000));
    let board = Board::new(Arc::new(clock.clone()), Span::from_secs(300), 20);
    board.follow(dollar());
    (clock, board)
}

#[test]
fn a_rate_is_missing_then_good_then_stale() {
    let (clock, board) = board();
    assert_eq!(board.rate(Currency::Btc), Ok(Rate::BITCOIN));
    assert_eq!(board.rate(Currency::parse("EUR").unwrap()), Err(NoRate::NoSource));
    assert_eq!(board.rate(dollar()), Err(NoRate::Missing));
    assert_eq!(board.offer(dollar(), rate("1000")), Offered::Taken);
    clock.advance(Span::from_secs(300));
    assert_eq!(board.rate(dollar()), Ok(rate("1000")));
    clock.advance(Span::from_millis(1));
    assert_eq!(board.rate(dollar()), Err(NoRate::Stale));
    assert_eq!(board.known()[0].missing, Some(NoRate::Stale));
    board.offer(dollar(), rate("1001"));
    assert_eq!(board.rate(dollar()), Ok(rate("1001")));
}

#[test]
fn setting_the_wall_clock_makes_no_rate_younger() {
    let (clock, board) = board();
    board.offer(dollar(), rate("1000"));
    clock.advance(Span::from_secs(301));
    clock.set_wall(clock.now().wall - Span::from_secs(3_600));
    assert_eq!(board.rate(dollar()), Err(NoRate::Stale));
}

#[test]
fn a_jump_counts_when_the_third_reading_in_a_row_agrees() {
    let (_, board) = board();
    board.offer(dollar(), rate("1000"));
    assert_eq!(board.offer(dollar(), rate("100000")), Offered::HeldBack);
    assert_eq!(board.rate(dollar()), Ok(rate("1000")));
    assert_eq!(board.offer(dollar(), rate("1010")), Offered::Taken, "it was a slip");
    for (reading, expect) in [
        ("1500", Offered::HeldBack),
        ("1501", Offered::HeldBack),
        ("3000", Offered::HeldBack),
        ("3001", Offered::HeldBack),
        ("3002", Offered::Taken),
    ] {
        assert_eq!(board.offer(dollar(), rate(reading)), expect, "{reading}");
    }
    assert_eq!(board.known()[0].last_error, None);
}

#[test]
fn a_rate_that_was_set_by_hand_never_ages_and_is_not_replaced() {
    let (clock, board) = board();
    board.fix(dollar(), rate("1050.5"));
    board.offer(dollar(), rate("1051"));
    clock.advance(Span::from_secs(1_000_000));
    assert_eq!(board.rate(dollar()), Ok(rate("1050.5")));
}

#[test]
fn a_failure_is_told_once_and_the_rate_stays_while_it_is_fresh() {
    let (_, board) = board();
    board.offer(dollar(), rate("1000"));
    assert!(board.failed(dollar(), "down".to_owned()));
    assert!(!board.failed(dollar(), "down".to_owned()));
    assert_eq!(board.rate(dollar()), Ok(rate("1000")));
    assert_eq!(board.known()[0].last_error.as_deref(), Some("down"));
}
