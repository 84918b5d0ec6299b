//! The lists of links: both kinds lie in one table, each has a list of its own.

use crate::domain::id::{AccountId, CheckoutLinkId, PaymentLinkId};
use crate::domain::link::{Link, LinkId, LinkStatus};
use crate::domain::time::Timestamp;
use crate::ports::store::{List, Rows, fetch, table};

use super::error::ApiError;
use super::list::Listed;
use super::objects;
use super::render::{self, named};
use super::request::Look;

/// A checkout link in its list.
pub(super) struct CheckoutLinkRow(Link);

/// A payment link in its list.
pub(super) struct PaymentLinkRow(Link);

macro_rules! links {
    ($($row:ident: $list:ident, $kind:ident, $id:ident, $shape:ident, $show:expr;)+) => {$(
        impl Listed for $row {
            type Shape = objects::$shape;
            const LIST: List = List::$list;
            const PREFIX: &'static str = $id::PREFIX;
            const WORDS: &'static [&'static str] = &["status", "cashback"];

            fn read(rows: &dyn Rows, id: &str) -> Result<Option<Self>, ApiError> {
                match $id::parse(id) {
                    Ok(id) => Ok(fetch::<table::Link>(rows, LinkId::$kind(id))?.map(Self)),
                    Err(_) => Ok(None),
                }
            }
            fn seq(&self) -> u64 {
                self.0.seq
            }
            fn account(&self) -> Option<&AccountId> {
                Some(&self.0.account)
            }
            fn created(&self) -> Timestamp {
                self.0.created
            }
            fn values(name: &str) -> Vec<&'static str> {
                match name {
                    "status" => LinkStatus::ALL.map(LinkStatus::name).to_vec(),
                    _ => vec![],
                }
            }
            fn word(&self, name: &str) -> Option<String> {
                match name {
                    "status" => Some(self.0.status.name().to_owned()),
                    _ => self.0.terms.cashback.as_ref().map(ToString::to_string),
                }
            }
            fn shape(&self, look: &Look) -> Result<Self::Shape, ApiError> {
                let show: fn(&Link, &Look) -> Result<Self::Shape, ApiError> = $show;
                show(&self.0, look)
            }
        }
    )+};
}

links! {
    CheckoutLinkRow: CheckoutLinks, Checkout, CheckoutLinkId, CheckoutLink, |link, look| {
        let shared = &look.admin.shared;
        let session = named(link.session.clone())?;
        let session = named(fetch::<table::Session>(&*shared.rows, session)?)?;
        Ok(render::checkout_link(shared, &look.caller, link, &session.payments))
    };
    PaymentLinkRow: PaymentLinks, Payment, PaymentLinkId, PaymentLink, |link, look| {
        Ok(render::payment_link(&look.admin.shared, &look.caller, link))
    };
}
