use super::*;

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

#[test]
fn bitcoin_amounts_become_whole_satoshis_up_for_checkouts_and_down_for_cashbacks() {
    let amount = number("0.000000015");
    assert_eq!(Rate::BITCOIN.ceil_sat(amount), Some(Sat::new(2)));
    assert_eq!(Rate::BITCOIN.floor_sat(amount), Some(Sat::new(1)));
    let exact = |rate: Rate, text: &str| rate.exact_msat(number(text)).map(Msat::get);
    assert_eq!(exact(Rate::BITCOIN, "0.00000001001"), Some(1_001));
    assert_eq!(exact(Rate::ONE, "1.0001"), None);
    assert_eq!(Rate::ONE.ceil_sat(number("1.001")), Some(Sat::new(2)));
    assert_eq!(Rate::BITCOIN.ceil_sat(number("21000001")), None);
    let sats = Msat::new(1_000_000);
    assert_eq!(Rate::BITCOIN.amount_of(Currency::Btc, sats).to_string(), "0.00001");
    assert_eq!(Rate::BITCOIN.to_string(), "100000000");
}

#[test]
fn a_price_becomes_a_rate_of_twelve_places_and_stays_exact_from_there() {
    let rate = |text| Rate::from_price(number(text)).map(|rate| rate.to_string());
    assert_eq!(rate("100000").as_deref(), Some("1000"));
    assert_eq!(rate("95123.45").as_deref(), Some("1051.265487111748"));
    assert_eq!(rate("15000000").as_deref(), Some("6.666666666667"));
    assert_eq!(rate("1"), Some("100000000".to_owned()));
    assert_eq!(rate("0"), None);
    assert_eq!(rate("0.5"), None, "a bitcoin for half a unit is no price");
    assert_eq!(rate("18446744073709551615"), None);
}

#[test]
fn rates_out_of_all_proportion_do_not_exist() {
    for (text, exists) in [
        ("0", false),
        ("0.0000009", false),
        ("0.000001", true),
        ("1050.5", true),
        ("100000000", true),
        ("100000001", false),
    ] {
        assert_eq!(Rate::new(number(text)).is_some(), exists, "{text}");
    }
}

#[test]
fn a_checkout_in_fiat_rounds_up_and_what_was_paid_is_no_less_than_what_was_asked() {
    for (code, price, amount, due) in [
        ("USD", "100000", "200", 200_000),
        ("USD", "95123.45", "2", 2_103),
        ("USD", "95123.45", "0.01", 11),
        ("JPY", "15000000", "1", 7),
        ("KWD", "29000", "1.005", 3_466),
        ("IDR", "1500000000", "1", 1),
    ] {
        let rate = Rate::from_price(number(price)).unwrap();
        let asked = Price::of(number(amount), rate).unwrap();
        assert_eq!(asked.due, Sat::new(due), "{code} {amount}");
        let paid = rate.amount_of(currency(code), asked.due.msat());
        assert!(paid >= asked.amount && currency(code).fits(paid), "{code} {amount}: {paid}");
    }
    let exact = Rate::new(number("1050.5")).unwrap();
    assert_eq!(exact.amount_of(currency("USD"), Msat::new(2_101_000)).to_string(), "2");
    assert_eq!(exact.amount_of(currency("USD"), Msat::new(2_100_999)).to_string(), "1.99");
    assert_eq!(Price::of(Decimal::ZERO, exact), None);
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    let longest = number("18446744073709551615");
    let finest = number("18446744.073709551615");
    for rate in [Rate::ONE, Rate::BITCOIN, Rate::new(finest).unwrap()] {
        assert_eq!(rate.ceil_sat(longest), None);
        assert!(rate.ceil_sat(finest).is_some());
        rate.exact_msat(longest);
        for currency in Currency::all() {
            rate.amount_of(currency, Msat::MAX);
        }
    }
    let least = Rate::new(number("0.000001")).unwrap();
    assert_eq!(least.amount_of(Currency::Btc, Msat::MAX), Decimal::ZERO, "longer than numbers are");
}

#[test]
fn a_jump_is_a_share_of_the_rate_before() {
    let rate = |text| Rate::new(number(text)).unwrap();
    assert!(!rate("1000").jumps_to(rate("1200"), 20));
    assert!(rate("1000").jumps_to(rate("1200.0001"), 20));
    assert!(rate("1000").jumps_to(rate("799.9"), 20));
    assert!(rate("0.000001").jumps_to(Rate::BITCOIN, 100));
}
