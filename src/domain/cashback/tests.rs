use super::*;

const START: Timestamp = Timestamp::from_secs(1_000);
const END: Timestamp = Timestamp::from_secs(2_000);

fn cashback(rule: Rule) -> Cashback {
    Cashback {
        id: CashbackId::new(START, 1),
        seq: 1,
        account: AccountId::new(START, 1),
        version: 1,
        terms: CashbackTerms {
            name: "spring".to_owned(),
            description: "5 % back".to_owned(),
            rule,
            currency: Currency::Sats,
            stated: None,
            start: START,
            end: Some(END),
            max_amount: None,
            min_spend: None,
            budget: None,
            max_claims: None,
            claim_ttl: Span::from_secs(60),
            metadata: Metadata::new(),
        },
        status: CashbackStatus::Scheduled,
        committed: Msat::ZERO,
        claims: 0,
        created: START,
        modified: START,
    }
}

fn percent(hundredths: u16) -> Rule {
    Rule::Percentage(BasisPoints::new(hundredths).unwrap())
}

#[test]
fn a_percentage_is_of_the_msat_received_and_rounds_down() {
    let quote = cashback(percent(500)).quote(None).unwrap();
    assert_eq!(quote.amount(Msat::new(20_000_000)), Ok(Sat::new(1_000)));
    assert_eq!(quote.amount(Msat::new(20_019_999)), Ok(Sat::new(1_000)));
    assert_eq!(quote.amount(Msat::new(19_999)), Err(NoClaim::BelowOneSat));
}

#[test]
fn a_claim_is_never_larger_than_what_was_received() {
    let quote = cashback(Rule::Fixed(Sat::new(500))).quote(None).unwrap();
    assert_eq!(quote.amount(Msat::new(1_000_000)), Ok(Sat::new(500)));
    assert_eq!(quote.amount(Msat::new(400_999)), Ok(Sat::new(400)));
    assert_eq!(
        cashback(percent(10_000)).quote(None).unwrap().amount(Msat::new(7_999)),
        Ok(Sat::new(7))
    );
}

#[test]
fn caps_and_the_least_spend_are_those_of_the_quote() {
    let mut cashback = cashback(percent(1_000));
    cashback.terms.max_amount = Some(Sat::new(50));
    cashback.terms.min_spend = Some(Sat::new(100));
    let quote = cashback.quote(None).unwrap();
    cashback.terms.max_amount = None;
    assert_eq!(quote.amount(Sat::new(10_000).msat()), Ok(Sat::new(50)));
    assert_eq!(quote.amount(Msat::new(99_999)), Err(NoClaim::BelowMinSpend));
}

#[test]
fn the_status_follows_the_dates_and_deactivation_is_for_good() {
    let mut cashback = cashback(percent(500));
    assert_eq!(cashback.status_at(START - Span::from_millis(1)), CashbackStatus::Scheduled);
    assert_eq!(cashback.status_at(START), CashbackStatus::Active);
    assert_eq!(cashback.status_at(END), CashbackStatus::Deactivated(DeactivatedReason::Expired));
    cashback.status = CashbackStatus::Deactivated(DeactivatedReason::Manual);
    assert_eq!(cashback.status_at(START), cashback.status);
    assert_eq!(cashback.next_change(), None);
}

#[test]
fn budget_and_count_are_never_exceeded_and_come_back_with_a_claim() {
    let mut cashback = cashback(percent(500));
    cashback.terms.budget = Some(Sat::new(100));
    cashback.terms.max_claims = Some(2);
    cashback.committed = Sat::new(60).msat();
    cashback.claims = 1;
    assert_eq!(cashback.admit(Sat::new(40), START), Ok(()));
    assert_eq!(cashback.admit(Sat::new(41), START), Err(NoClaim::Exhausted));
    assert!(!cashback.exhausted());
    cashback.claims = 2;
    assert_eq!(cashback.admit(Sat::new(1), START), Err(NoClaim::Exhausted));
    assert!(cashback.exhausted());
    assert_eq!(cashback.admit(Sat::new(1), END), Err(NoClaim::NotLive));
}

#[test]
fn amounts_in_fiat_are_turned_into_satoshis_by_the_rate_of_the_quote() {
    let number = |text| Decimal::parse(text).unwrap();
    let mut cashback = cashback(Rule::Fixed(Sat::new(1_000)));
    assert_eq!(cashback.rate_wanted(), None);
    cashback.terms.currency = Currency::parse("USD").unwrap();
    cashback.terms.budget = Some(Sat::new(70));
    cashback.terms.stated = Some(Stated { budget: Some(number("0.07")), ..Stated::default() });
    assert_eq!(cashback.rate_wanted(), None, "a budget is satoshis once it is set");
    cashback.terms.stated = Some(Stated {
        amount: Some(number("0.10")),
        max_amount: Some(number("0.05")),
        min_spend: Some(number("1.01")),
        budget: None,
    });
    assert_eq!(cashback.rate_wanted(), Some(cashback.terms.currency));
    assert_eq!(cashback.quote(None), None);
    let quote = cashback.quote(Rate::new(number("1000.5"))).unwrap();
    assert_eq!(quote.rule, Rule::Fixed(Sat::new(100)), "down");
    assert_eq!(quote.max_amount, Some(Sat::new(50)), "down");
    assert_eq!(quote.min_spend, Some(Sat::new(1_011)), "up");
    let tiny = cashback.quote(Rate::new(number("0.001"))).unwrap();
    assert_eq!(tiny.rule, Rule::Fixed(Sat::ZERO));
    assert_eq!(tiny.amount(Msat::new(9_000_000)), Err(NoClaim::BelowOneSat));
}
