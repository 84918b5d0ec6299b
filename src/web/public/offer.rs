//! What comes back, told before the customer pays: only while it would really be given.

use maud::{Markup, html};

use crate::domain::cashback::{Cashback, CashbackStatus, Rule};
use crate::domain::checkout::Payment;
use crate::domain::decimal::Decimal;
use crate::domain::money::Sat;
use crate::domain::time::Timestamp;

use super::{amounts, frame, texts};

/// The offer of a cashback before an invoice is made. Limits are in satoshis as they were set: those stated in another
/// currency are turned into satoshis anew for each payment.
pub(super) fn in_general(cashback: &Cashback, now: Timestamp) -> Option<Markup> {
    let is_live = cashback.status_at(now) == CashbackStatus::Active && !cashback.exhausted();
    is_live.then(|| {
        let (terms, stated) = (&cashback.terms, cashback.terms.stated.unwrap_or_default());
        let limit = |sat: Option<Sat>, stated: Option<Decimal>| {
            let stated = stated.map(|amount| amounts::money(amount, terms.currency));
            stated.or(sat.map(amounts::whole_sat))
        };
        let headline = match (terms.rule, stated.amount) {
            (Rule::Fixed(_), Some(amount)) => {
                texts::amount_back(&amounts::money(amount, terms.currency))
            }
            (rule, _) => headline(rule),
        };
        let most = limit(terms.max_amount, stated.max_amount).map(|most| texts::up_to(&most));
        let least = limit(terms.min_spend, stated.min_spend).map(|least| texts::from(&least));
        let whole: Vec<String> = [Some(headline), most, least].into_iter().flatten().collect();
        badge(&whole.join(", "), texts::GET_AFTER)
    })
}

/// The offer that is fixed with an invoice, with what it comes to.
pub(super) fn of_payment(payment: &Payment, cashback: &Cashback, now: Timestamp) -> Option<Markup> {
    let quote = payment.quote.as_ref()?;
    let amount = quote.amount(payment.due.msat()).ok()?;
    cashback.admit(amount, now).ok()?;
    let gets = amounts::whole_sat(amount);
    Some(match quote.rule {
        Rule::Percentage(_) => badge(&headline(quote.rule), &texts::you_get(&gets)),
        Rule::Fixed(_) => badge(&texts::amount_back(&gets), texts::GET_AFTER),
    })
}

fn headline(rule: Rule) -> String {
    match rule {
        Rule::Fixed(amount) => texts::amount_back(&amounts::whole_sat(amount)),
        Rule::Percentage(share) => texts::percent_back(&amounts::percent(share)),
    }
}

fn badge(headline: &str, below: &str) -> Markup {
    html! {
        p.offer {
            (frame::present())
            span { strong { (headline) } span.fine { (below) } }
        }
    }
}
