//! Checkout links and payment links.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::decimal::Decimal;
use crate::domain::id::PaymentId;
use crate::domain::link::{Link, Price};

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
    #[serde(rename = "type")]
    kind: &'static str,
    options: Option<Vec<Number>>,
    preset: Option<Preset>,
    sessions_opened: u64,
    sessions_paid: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Preset {
    min_amount: Option<Number>,
    max_amount: Option<Number>,
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
                Price::Open(None, None) => Some(Number(Decimal::ZERO)),
                Price::Options(_) | Price::Open(..) => None,
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
        let (kind, options, preset) = match &row.terms.price {
            Price::Fixed(_) | Price::Open(None, None) => ("fixed", None, None),
            Price::Options(amounts) => {
                let amounts = amounts.iter().map(|amount| Number(*amount)).collect();
                ("options", Some(amounts), None)
            }
            Price::Open(least, most) => {
                let (min_amount, max_amount) = (least.map(Number), most.map(Number));
                ("preset", None, Some(Preset { min_amount, max_amount }))
            }
        };
        Self {
            common: common(row, "payment.link", livemode),
            terms: Terms::of(row, url),
            kind,
            options,
            preset,
            sessions_opened: row.opened,
            sessions_paid: row.paid,
        }
    }
}
