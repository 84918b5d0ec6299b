//! The records of the domain's objects. Adding a field that may be absent keeps old rows readable; renaming or removing
//! one needs a migration.

use serde_json::Value;

use crate::domain::account::{Account, ApiKey, KeyKind};
use crate::domain::act::{Act, ActKind, ActOutcome};
use crate::domain::bytes::{Digest, NodeId, PaymentHash, Preimage};
use crate::domain::cashback::{
    Cashback, CashbackStatus, CashbackTerms, DeactivatedReason, NoClaim, Quote, Rule, Stated,
};
use crate::domain::checkout::{
    Choice, Payment, PaymentStatus, Receipt, Session, SessionStatus, SessionTerms, Visit,
};
use crate::domain::claim::{Claim, ClaimStatus};
use crate::domain::currency::Currency;
use crate::domain::customer::{Answer, Collection, CustomField, Details, FieldKind};
use crate::domain::decimal::Decimal;
use crate::domain::event::{Event, EventKind};
use crate::domain::fees::FeeOverrides;
use crate::domain::id::{
    AccountId, ActId, CashbackId, ClaimId, DeliveryId, EndpointId, EventId, KeyId, PaymentId,
    PayoutId, SendId, SessionId, SuspenseId, TransferId,
};
use crate::domain::invoice::InvoiceText;
use crate::domain::ledger::{LedgerAccount, Posting, Transfer, TransferKind};
use crate::domain::link::{Link, LinkId, LinkStatus, LinkTerms, Price};
use crate::domain::money::{BasisPoints, Msat, Ppm, Sat};
use crate::domain::network::Network;
use crate::domain::payout::{Dispatch, FailureCode, Payout, PayoutState, Purpose};
use crate::domain::rate::Rate;
use crate::domain::send::InstantSend;
use crate::domain::snapshot::Snapshot;
use crate::domain::suspense::SuspenseReceipt;
use crate::domain::time::{Span, Timestamp};
use crate::domain::webhook::{
    Delivery, DeliveryStatus, DisabledReason, Endpoint, EndpointTerms, SendError,
};

use super::persist::{
    Corrupt, Persist, choice, field, object, persist_choice, persist_struct, persist_text, text,
    unexpected,
};

persist_struct! {
    Account {
        id, seq, name, fees, claims_paused, low_balance, fell_to, metadata, created, modified,
    }
    FeeOverrides { base, ppm, max }
    ApiKey { id, seq, account, kind, digest, hint, created, modified, revoked }
    Act { id, seq, kind, terms, outcome, created, modified }
    Cashback { id, seq, account, version, terms, status, committed, claims, created, modified }
    CashbackTerms {
        name, description, rule, currency, stated, start, end, max_amount, min_spend, budget,
        max_claims, claim_ttl, metadata,
    }
    Stated { amount, max_amount, min_spend, budget }
    Quote { cashback, version, rule, max_amount, min_spend, claim_ttl, description }
    Session {
        id, seq, account, terms, visit, status, chosen, payments, received, claim, no_claim,
        token_generation, created, modified, paid_at,
    }
    Visit { link, browser }
    Link {
        id, seq, account, terms, status, session, opened, paid, token_generation, created, modified,
    }
    LinkTerms {
        currency, price, ttl, cashback, title, title_description, title_image,
        statement_descriptor, success_url, success_message, collects, metadata,
    }
    SessionTerms {
        currency, amount, choice, ttl, cashback, title, title_description, title_image, description,
        statement_descriptor, success_url, success_message, cancel_url, source, source_id, collects,
        metadata,
    }
    Collection { email, phone, billing_address, shipping_address, custom_fields }
    CustomField { id, label, kind, is_optional }
    Details { email, phone, billing_address, shipping_address, answers, created }
    Answer { id, label, value }
    Payment {
        id, seq, account, session, status, hash, invoice, due, amount, rate, quote, expires_at,
        receipt, created, modified,
    }
    Receipt { amount, skimmed, at, late }
    Claim {
        id, seq, account, session, payment, cashback, amount, description, status,
        link_generation, k1_generation, payout, late_payout, last_error, retry_at, expires_at,
        created, modified,
    }
    Payout {
        id, seq, account, purpose, invoice, hash, invoice_expires_at, amount, fee_budget, state, parked, late, stuck, epoch, dispatch, node_knows, fee, preimage,
        failure, stray, resolution_note, created, modified, resolved_at,
    }
    Dispatch { at, height, cltv_limit, process }
    InstantSend { id, seq, account, payout, address, note, created }
    SuspenseReceipt { id, seq, hash, amount, assigned_to, created, modified }
    Posting { kind, debit, credit, amount }
    Transfer { id, seq, created, posting, source, chain }
    Event { id, seq, account, kind, subject, request, created }
    Endpoint {
        id, seq, account, terms, disabled, secret_generation, active_since, failing_since, created,
        modified,
    }
    EndpointTerms { url, events, description }
    Delivery {
        id, seq, account, endpoint, event, kind, status, attempts, first_attempt, last_attempt,
        last_status, last_error, next_attempt, created, modified,
    }
}

persist_text! {
    AccountId: |id| id.to_string(), |text| AccountId::parse(text).ok();
    KeyId: |id| id.to_string(), |text| KeyId::parse(text).ok();
    CashbackId: |id| id.to_string(), |text| CashbackId::parse(text).ok();
    SessionId: |id| id.to_string(), |text| SessionId::parse(text).ok();
    PaymentId: |id| id.to_string(), |text| PaymentId::parse(text).ok();
    ClaimId: |id| id.to_string(), |text| ClaimId::parse(text).ok();
    PayoutId: |id| id.to_string(), |text| PayoutId::parse(text).ok();
    SendId: |id| id.to_string(), |text| SendId::parse(text).ok();
    TransferId: |id| id.to_string(), |text| TransferId::parse(text).ok();
    SuspenseId: |id| id.to_string(), |text| SuspenseId::parse(text).ok();
    ActId: |id| id.to_string(), |text| ActId::parse(text).ok();
    EventId: |id| id.to_string(), |text| EventId::parse(text).ok();
    EndpointId: |id| id.to_string(), |text| EndpointId::parse(text).ok();
    DeliveryId: |id| id.to_string(), |text| DeliveryId::parse(text).ok();
    PaymentHash: |hash| hash.to_hex(), |text| PaymentHash::parse(text).ok();
    Preimage: |preimage| preimage.to_hex(), |text| Preimage::parse(text).ok();
    Digest: |digest| digest.to_hex(), |text| Digest::parse(text).ok();
    NodeId: |node| node.to_hex(), |text| NodeId::parse(text).ok();
    InvoiceText: |invoice| invoice.as_str().to_owned(), |text| Some(InvoiceText::new(text.to_owned()));
    Decimal: |number| number.to_string(), |text| Decimal::parse(text).ok();
    Currency: |currency| currency.code().to_owned(), Currency::parse;
    Rate: |rate| rate.to_string(), |text| Decimal::parse(text).ok().and_then(Rate::new);
    Network: |network| network.name().to_owned(), Network::parse;
    KeyKind: |kind| kind.name().to_owned(), KeyKind::parse;
    ActKind: |kind| kind.name().to_owned(), ActKind::parse;
    ClaimStatus: |status| status.name().to_owned(), ClaimStatus::parse;
    PayoutState: |state| state.name().to_owned(), PayoutState::parse;
    FailureCode: |code| code.code().to_owned(), FailureCode::parse;
    NoClaim: |reason| reason.name().to_owned(), NoClaim::parse;
    TransferKind: |kind| kind.name().to_owned(), TransferKind::parse;
    DisabledReason: |reason| reason.name().to_owned(), DisabledReason::parse;
    DeliveryStatus: |status| status.name().to_owned(), DeliveryStatus::parse;
    SendError: |error| error.name().to_owned(), SendError::parse;
    EventKind: |kind| kind.name().to_owned(), EventKind::parse;
    LedgerAccount: |account| account.to_string(), parse_ledger_account;
    LinkId: |id| id.to_string(), LinkId::parse;
    LinkStatus: |status| status.name().to_owned(), LinkStatus::parse;
    SessionStatus: |status| status.name().to_owned(), SessionStatus::parse;
    PaymentStatus: |status| status.name().to_owned(), PaymentStatus::parse;
    CashbackStatus: |status| cashback_status(*status).to_owned(), |text| {
        [
            CashbackStatus::Scheduled,
            CashbackStatus::Active,
            CashbackStatus::Deactivated(DeactivatedReason::Manual),
            CashbackStatus::Deactivated(DeactivatedReason::Expired),
        ].into_iter().find(|status| cashback_status(*status) == text)
    };
}

const fn cashback_status(status: CashbackStatus) -> &'static str {
    match status {
        CashbackStatus::Scheduled => "scheduled",
        CashbackStatus::Active => "active",
        CashbackStatus::Deactivated(DeactivatedReason::Manual) => "deactivated_manual",
        CashbackStatus::Deactivated(DeactivatedReason::Expired) => "deactivated_expired",
    }
}

/// Reads the text form of an account of the books; it is part of keys too.
pub(in super::super) fn parse_ledger_account(text: &str) -> Option<LedgerAccount> {
    match text {
        "node" => Some(LedgerAccount::Node),
        "operator" => Some(LedgerAccount::Operator),
        "suspense" => Some(LedgerAccount::Suspense),
        _ => {
            let (owner, part) = text.split_once('/')?;
            let owner = AccountId::parse(owner).ok()?;
            match part {
                "available" => Some(LedgerAccount::Available(owner)),
                "in_flight" => Some(LedgerAccount::InFlight(owner)),
                _ => None,
            }
        }
    }
}

macro_rules! persist_number {
    ($($name:ty: $number:ty, $get:expr, $new:expr;)+) => {$(
        impl Persist for $name {
            fn save(&self) -> Value {
                let get: fn(&$name) -> $number = $get;
                get(self).save()
            }
            fn load(value: &Value) -> Result<Self, Corrupt> {
                let new: fn($number) -> Option<$name> = $new;
                new(Persist::load(value)?).ok_or_else(|| unexpected(stringify!($name), value))
            }
        }
    )+};
}

persist_number! {
    Msat: u64, |msat| msat.get(), |number| Some(Msat::new(number));
    Sat: u64, |sat| sat.get(), |number| Some(Sat::new(number));
    Ppm: u32, |ppm| ppm.0, |number| Some(Ppm(number));
    BasisPoints: u16, |share| share.get(), BasisPoints::new;
    Timestamp: u64, |at| at.millis(), |number| Some(Timestamp::from_millis(number));
    Span: u64, |span| span.millis(), |number| Some(Span::from_millis(number));
}

persist_choice! {
    Purpose {
        Claim(id, k1_generation) = "claim",
        Send(id) = "send",
    }
    Rule {
        Fixed(amount) = "fixed",
        Percentage(share) = "percentage",
    }
    Price {
        Fixed(amount) = "fixed",
        Chosen(choice) = "chosen",
    }
    Snapshot {
        Account(row) = "account",
        ApiKey(row) = "api_key",
        Cashback(row) = "cashback",
        Session(row, payments) = "session",
        Payment(row) = "payment",
        Link(row, payments) = "link",
        Claim(row, payout) = "claim",
        Payout(row) = "payout",
        Send(row, payout) = "send",
        Transfer(row) = "transfer",
        Suspense(row) = "suspense",
        Act(row) = "act",
        Endpoint(row) = "endpoint",
        Delivery(row) = "delivery",
        Drained(drained) = "drained",
        Address(address) = "address",
        Operator(balance) = "operator",
    }
}

impl Persist for Choice {
    fn save(&self) -> Value {
        let (word, amounts) = match self {
            Self::Any => ("any", vec![]),
            Self::Options(amounts) => ("options", amounts.clone()),
            Self::Preset(least, most) => ("preset", vec![*least, *most]),
        };
        Value::Object([(word.to_owned(), amounts.save())].into_iter().collect())
    }

    fn load(value: &Value) -> Result<Self, Corrupt> {
        let (word, content) = choice(value)?;
        let amounts: Vec<Decimal> = Persist::load(content)?;
        match (word, amounts.as_slice()) {
            ("any", []) => Ok(Self::Any),
            ("options", _) => Ok(Self::Options(amounts)),
            ("preset", [least, most]) => Ok(Self::Preset(*least, *most)),
            _ => Err(unexpected("a choice of amounts", value)),
        }
    }
}

impl Persist for FieldKind {
    fn save(&self) -> Value {
        let (word, options) = match self {
            Self::Text => ("text", vec![]),
            Self::Number => ("number", vec![]),
            Self::Dropdown(options) => ("dropdown", options.clone()),
        };
        Value::Object([(word.to_owned(), options.save())].into_iter().collect())
    }

    fn load(value: &Value) -> Result<Self, Corrupt> {
        let (word, content) = choice(value)?;
        match word {
            "text" => Ok(Self::Text),
            "number" => Ok(Self::Number),
            "dropdown" => Persist::load(content).map(Self::Dropdown),
            _ => Err(unexpected("a kind of field", value)),
        }
    }
}

impl Persist for ActOutcome {
    fn save(&self) -> Value {
        let (word, text) = match self {
            Self::Unknown => ("unknown", ""),
            Self::Done(text) => ("done", text.as_str()),
            Self::Refused(text) => ("refused", text.as_str()),
        };
        Value::Object([(word.to_owned(), Value::String(text.to_owned()))].into_iter().collect())
    }

    fn load(value: &Value) -> Result<Self, Corrupt> {
        let (word, content) = choice(value)?;
        match word {
            "unknown" => Ok(Self::Unknown),
            "done" => text(content).map(|text| Self::Done(text.to_owned())),
            "refused" => text(content).map(|text| Self::Refused(text.to_owned())),
            _ => Err(unexpected("an outcome", value)),
        }
    }
}
