//! Checkout links and payment links.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::checkout;
use crate::domain::decimal::Decimal;
use crate::domain::id::PaymentId;
use crate::domain::link::{Link, Price};

use super::choice::Choice;
use super::customers::{Collections, CustomField};
use super::sessions::{Attached, TARGET};
use super::{Common, Number, Of};

/// What both kinds have.
#[derive(Debug, Serialize, JsonSchema)]
struct Terms {
    status: &'static str,
    url: Option<String>,
    currency: &'static str,
    amount: Option<Number>,
    target_currency: &'static str,
    ttl: u64,
    statement_descriptor: Option<String>,
    success_url: Option<String>,
    success_message: Option<String>,
    title: Option<String>,
    title_description: Option<String>,
    title_image: Option<String>,
    customer_collections_status: Collections,
    custom_fields: Vec<CustomField>,
    cashback: Option<Attached>,
}

/// A checkout link.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct CheckoutLink {
    #[serde(flatten)]
    common: Common,
    #[serde(flatten)]
    terms: Terms,
    payment_id: Vec<String>,
    checkout_session: Option<String>,
}

/// A payment link.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct PaymentLink {
    #[serde(flatten)]
    common: Common,
    #[serde(flatten)]
    terms: Terms,
    #[serde(flatten)]
    choice: Choice,
    sessions_opened: u64,
    sessions_paid: u64,
}

fn common(row: &Link, object: &'static str, livemode: bool) -> Common {
    Of {
        id: row.id.as_str(),
        object,
        account: Some(&row.account),
        created: row.created,
        modified: row.modified,
        metadata: Some(&row.terms.metadata),
    }
    .common(livemode)
}

impl Terms {
    fn of(row: &Link, url: Option<String>) -> Self {
        let terms = &row.terms;
        Self {
            status: row.status.name(),
            url,
            currency: terms.currency.code(),
            amount: match &terms.price {
                Price::Fixed(amount) => Some(Number(*amount)),
                // The customer says how much: an amount of zero (Speed).
                Price::Chosen(checkout::Choice::Any) => Some(Number(Decimal::ZERO)),
                Price::Chosen(_) => None,
            },
            target_currency: TARGET,
            ttl: terms.ttl.secs(),
            statement_descriptor: terms.statement_descriptor.clone(),
            success_url: terms.success_url.clone(),
            success_message: terms.success_message.clone(),
            title: terms.title.clone(),
            title_description: terms.title_description.clone(),
            title_image: terms.title_image.clone(),
            customer_collections_status: Collections::of(terms.collects.as_deref()),
            custom_fields: CustomField::all(terms.collects.as_deref()),
            cashback: terms.cashback.as_ref().map(|id| Attached { id: id.to_string() }),
        }
    }
}

impl CheckoutLink {
    /// `url` is the hosted page, for those who may see it.
    pub(in super::super) fn of(
        row: &Link,
        payments: &[PaymentId],
        url: Option<String>,
        livemode: bool,
    ) -> Self {
        Self {
            common: common(row, "checkout.link", livemode),
            terms: Terms::of(row, url),
            payment_id: payments.iter().map(ToString::to_string).collect(),
            checkout_session: row.session.as_ref().map(ToString::to_string),
        }
    }
}

impl PaymentLink {
    /// `url` is the hosted page, for those who may see it.
    pub(in super::super) fn of(row: &Link, url: Option<String>, livemode: bool) -> Self {
        let choice = match &row.terms.price {
            Price::Fixed(_) => None,
            Price::Chosen(choice) => Some(choice),
        };
        Self {
            common: common(row, "payment.link", livemode),
            terms: Terms::of(row, url),
            choice: Choice::of(choice),
            sessions_opened: row.opened,
            sessions_paid: row.paid,
        }
    }
}
