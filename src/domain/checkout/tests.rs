use super::*;
use crate::domain::account::Metadata;
use crate::domain::currency::Currency;

const CREATED: Timestamp = Timestamp::from_secs(1_000);

fn session(status: SessionStatus) -> Session {
    Session {
        id: SessionId::new(CREATED, 1),
        seq: 1,
        account: AccountId::new(CREATED, 1),
        terms: SessionTerms {
            currency: Currency::Sats,
            amount: Decimal::from_units(100, 0),
            choice: None,
            ttl: Span::from_secs(600),
            cashback: None,
            title: None,
            title_description: None,
            title_image: None,
            description: None,
            statement_descriptor: None,
            success_url: None,
            success_message: None,
            cancel_url: None,
            source: None,
            source_id: None,
            collects: None,
            metadata: Metadata::new(),
        },
        visit: None,
        status,
        chosen: None,
        payments: vec![],
        received: Msat::ZERO,
        claim: None,
        no_claim: None,
        token_generation: 0,
        created: CREATED,
        modified: CREATED,
        paid_at: None,
    }
}

fn payment() -> Payment {
    Payment {
        id: PaymentId::new(CREATED, 1),
        seq: 2,
        account: AccountId::new(CREATED, 1),
        session: SessionId::new(CREATED, 1),
        status: PaymentStatus::Unpaid,
        hash: PaymentHash([1; 32]),
        invoice: InvoiceText::new("lnbcrt1".to_owned()),
        due: Sat::new(100),
        amount: None,
        rate: None,
        quote: None,
        expires_at: CREATED + Span::from_secs(600),
        receipt: None,
        created: CREATED,
        modified: CREATED,
    }
}

fn check(status: SessionStatus, amount: u64, skimmed: u64, after_secs: u64, expect: Verdict) {
    let verdict = judge(
        &session(status),
        &payment(),
        Msat::new(amount),
        Msat::new(skimmed),
        CREATED + Span::from_secs(after_secs),
    );
    assert_eq!(verdict, expect, "{status:?} {amount} {skimmed} {after_secs}");
}

#[test]
fn the_amount_due_within_the_grace_pays_an_active_session() {
    check(SessionStatus::Active, 100_000, 0, 0, Verdict::Pays);
    check(SessionStatus::Active, 100_000, 0, 1_200, Verdict::Pays);
    check(SessionStatus::Active, 250_000, 0, 10, Verdict::Pays);
    check(SessionStatus::Active, 97_000, 3_000, 10, Verdict::Pays);
}

#[test]
fn a_receipt_too_late_too_small_or_on_a_closed_session_is_only_credited() {
    check(SessionStatus::Active, 100_000, 0, 1_201, Verdict::Late);
    check(SessionStatus::Active, 96_999, 3_000, 10, Verdict::Late);
    check(SessionStatus::Paid, 100_000, 0, 10, Verdict::Late);
    check(SessionStatus::Deactivated, 100_000, 0, 10, Verdict::Late);
}

#[test]
fn customers_choose_what_they_may() {
    let number = |text: &str| Decimal::parse(text).unwrap();
    let options = Choice::Options(vec![number("5"), number("10")]);
    let preset = Choice::Preset(number("5"), number("10"));
    for (choice, text, expect) in [
        (&Choice::Any, "123", Ok(())),
        (&Choice::Any, "0", Err(NoPrice::Missing)),
        (&options, "10.0", Ok(())),
        (&options, "7", Err(NoPrice::NotAnOption)),
        (&preset, "5", Ok(())),
        (&preset, "10", Ok(())),
        (&preset, "4.999", Err(NoPrice::TooLittle)),
        (&preset, "10.001", Err(NoPrice::TooMuch)),
        (&preset, "0", Err(NoPrice::Missing)),
    ] {
        let chosen = number(text);
        assert_eq!(choice.take(Some(chosen)), expect.map(|()| chosen), "{choice:?} {text}");
    }
    assert_eq!(options.take(None), Err(NoPrice::Missing));
}
