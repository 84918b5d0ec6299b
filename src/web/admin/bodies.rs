//! What may be said in the body of each request. Handlers read these fields and no others (see
//! [`declared`](super::declared)).

use crate::domain::money::Msat;
use crate::domain::webhook::API_VERSION;

use super::declared::Kind::{
    Boolean, Currency, Decimal, DecimalOrText, Decimals, LongText, Metadata, Moment, Never,
    NotOffered, Number, Object, Objects, Text, TextOrNumber, Texts, Url, Word,
};
use super::declared::{Field, field};

const CASHBACK_ID: &str = "^cb_[0-9a-z]{20}$";

const FEE_LIMITS: &[Field] = &[
    field("base_sat", Number(0, 1_000_000)),
    field("ppm", Number(0, 1_000_000)),
    field("max_sat", Number(0, 1_000_000)),
];

const LOW_BALANCE: Field = field("low_balance_msat", Number(1, Msat::MAX.get()));

pub(super) const NEW_ACCOUNT: &[Field] = &[
    field("name", Text(100)).required(),
    field("fee_limits", Object(FEE_LIMITS)),
    LOW_BALANCE,
    field("metadata", Metadata),
];

pub(super) const ACCOUNT: &[Field] = &[
    field("name", Text(100)),
    field("fee_limits", Object(FEE_LIMITS)),
    field("claims_paused", Boolean),
    LOW_BALANCE,
    field("metadata", Metadata),
];

pub(super) const KEY: &[Field] =
    &[field("type", Word(&["secret", "restricted", "publishable"])).required()];

pub(super) const REVOCATION: &[Field] = &[field("overlap_secs", Number(0, 30 * 86_400))];

pub(super) const FUNDS: &[Field] = &[
    field("currency", Word(&["SATS", "BTC"])),
    field("amount", Decimal),
    field("amount_msat", Number(1, Msat::MAX.get())),
];

pub(super) const NEW_SEND: &[Field] = &[
    field("withdraw_request", Text(4_096)).required(),
    field("withdraw_method", Word(&["lightning"])),
    field("amount", Decimal),
    field("currency", Word(&["SATS", "BTC"])),
    field("target_currency", Word(&["SATS"])),
    field("note", Text(250)),
];

const CLAIM_TTL: Field = field("claim_ttl", Number(60, 5 * 365 * 86_400));
#[allow(clippy::as_conversions, reason = "u64::from is not const")]
const MAX_CLAIMS: Field = field("max_claims", Number(1, u32::MAX as u64));

pub(super) const NEW_CASHBACK: &[Field] = &[
    field("name", Text(100)).required(),
    field("type", Word(&["fixed", "percentage"])).required(),
    field("currency", Currency),
    field("amount", Decimal),
    field("percentage", Decimal),
    field("start_date", Moment),
    field("end_date", Moment),
    CLAIM_TTL,
    field("description", Text(100)),
    field("max_amount", Decimal),
    field("min_spend", Decimal),
    field("budget", Decimal),
    MAX_CLAIMS,
    field("metadata", Metadata),
];

pub(super) const CASHBACK: &[Field] = &[
    field("name", Text(100)).said(),
    field("description", Text(100)),
    field("end_date", Moment),
    field("max_amount", Decimal),
    field("min_spend", Decimal),
    field("budget", Decimal),
    MAX_CLAIMS,
    CLAIM_TTL,
    field("metadata", Metadata),
    field("type", Never),
    field("currency", Never),
    field("amount", Never),
    field("percentage", Never),
    field("start_date", Never),
];

const ATTACHED: Field =
    field("cashback", Object(&[field("id", Text(100)).required().like(CASHBACK_ID)]));
const TTL: Field = field("ttl", Number(300, 365 * 86_400));
const TARGET: Field = field("target_currency", Word(&["SATS"]));
const METHODS: Field = field("payment_methods", Texts(1, 10));
const KINDS: Field = field("type", Word(&["fixed", "options", "preset"]));
const OPTIONS: Field = field("options", Decimals(3));
const PRESET: Field = field(
    "preset",
    Object(&[field("min_amount", Decimal).said(), field("max_amount", Decimal).said()]),
);
const COLLECTED: Field = field(
    "customer_collections_status",
    Object(&[
        field("is_email_enabled", Boolean),
        field("is_phone_enabled", Boolean),
        field("is_billing_address_enabled", Boolean),
        field("is_shipping_address_enabled", Boolean),
    ]),
);
const QUESTION_KINDS: Field = field("type", Word(&["text", "number", "dropdown"])).required();
const TITLE: Field = field("title", Text(100));
const TITLE_DESCRIPTION: Field = field("title_description", LongText(250));
const TITLE_IMAGE: Field = field("title_image", Url);
const DESCRIPTOR: Field = field("statement_descriptor", Text(100));
const SUCCESS_URL: Field = field("success_url", Url);
const SUCCESS_MESSAGE: Field = field("success_message", LongText(255));
const DESCRIPTION: Field = field("description", LongText(250));
const CANCEL_URL: Field = field("cancel_url", Url);

const QUESTION: &[Field] = &[
    field("id", Text(100)),
    field("label", Text(50)).required(),
    QUESTION_KINDS,
    field("options", Texts(0, 10)),
    field("is_optional", Boolean),
];
const QUESTIONS: Field = field("custom_fields", Objects(QUESTION, 3));
const TRANSFERS: Field = field("transfers", NotOffered);
const TOLERANCE: Field = field("amount_paid_tolerance", NotOffered);

/// What sessions have, by either of their paths.
macro_rules! session {
    ($($more:expr),+ $(,)?) => {
        &[
            field("currency", Currency).required(),
            $($more,)+
            TARGET,
            METHODS,
            TTL,
            DESCRIPTOR,
            field("metadata", Metadata),
            KINDS,
            OPTIONS,
            PRESET,
            ATTACHED,
            SUCCESS_URL,
            SUCCESS_MESSAGE,
            TITLE,
            TITLE_DESCRIPTION,
            TITLE_IMAGE,
            DESCRIPTION,
            CANCEL_URL,
            field("source", Text(100)),
            COLLECTED,
            QUESTIONS,
            TRANSFERS,
            TOLERANCE,
        ]
    };
}

pub(super) const NEW_SESSION: &[Field] =
    session![field("amount", Decimal), field("source_id", Text(100))];

/// What shop plugins read from forms and databases, they send as they got it.
pub(super) const PAYMENT_PAGE: &[Field] =
    session![field("amount", DecimalOrText), field("source_id", TextOrNumber(100))];

pub(super) const SESSION: &[Field] = &[
    TITLE,
    TITLE_DESCRIPTION,
    TITLE_IMAGE,
    DESCRIPTION,
    SUCCESS_URL,
    SUCCESS_MESSAGE,
    CANCEL_URL,
    field("metadata", Metadata),
];

pub(super) const NEW_PAYMENT: &[Field] = &[
    field("currency", Currency).required(),
    field("amount", Decimal).required(),
    TARGET,
    METHODS,
    TTL,
    DESCRIPTOR,
    field("metadata", Metadata),
    field("type", Word(&["fixed"])),
    field("options", NotOffered),
    field("preset", NotOffered),
    TRANSFERS,
    TOLERANCE,
];

/// What links of both kinds have.
macro_rules! link {
    ($($more:expr),+ $(,)?) => {
        &[
            field("currency", Currency).required(),
            $($more,)+
            TARGET,
            METHODS,
            TTL,
            ATTACHED,
            SUCCESS_URL,
            SUCCESS_MESSAGE,
            TITLE,
            TITLE_DESCRIPTION,
            TITLE_IMAGE,
            DESCRIPTOR,
            COLLECTED,
            QUESTIONS,
            field("metadata", Metadata),
            TRANSFERS,
            TOLERANCE,
        ]
    };
}

pub(super) const NEW_CHECKOUT_LINK: &[Field] = link![
    field("amount", Decimal).required(),
    field("type", Word(&["fixed"])),
    field("options", NotOffered),
    field("preset", NotOffered),
];

pub(super) const NEW_PAYMENT_LINK: &[Field] =
    link![field("amount", Decimal), KINDS, OPTIONS, PRESET];

pub(super) const NEW_WEBHOOK: &[Field] = &[
    field("url", Url).required(),
    field("enabled_events", Texts(1, 100)).required(),
    field("description", Text(255)),
    field("api_version", Word(&[API_VERSION])),
    field("connect", NotOffered),
];

pub(super) const WEBHOOK_SECRET: &[Field] =
    &[field("url", Text(1_024)).required(), field("secret", Text(255)).required()];

pub(super) const ASSIGNMENT: &[Field] =
    &[field("account", Text(100)).required().like("^acct_[0-9a-z]{20}$")];

pub(super) const RESOLUTION: &[Field] = &[
    field("status", Word(&["paid", "failed"])).required(),
    field("preimage", Text(64)),
    field("reason", Text(500)),
];

const NODE_ID: Field = field("node_id", Text(66)).required().like("^0[23][0-9a-fA-F]{64}$");
const NODE_ADDRESS: Field = field("address", Text(300)).required();

pub(super) const CONTACT: &[Field] = &[NODE_ID, NODE_ADDRESS];

pub(super) const NEW_CHANNEL: &[Field] = &[
    NODE_ID,
    NODE_ADDRESS,
    field("capacity_sat", Number(20_000, 1_000_000_000)).required(),
    field("announce", Boolean),
];

pub(super) const CLOSING: &[Field] = &[field("force", Boolean)];

pub(super) const ONCHAIN_SEND: &[Field] = &[
    field("address", Text(100)).required(),
    field("amount_sat", Number(546, 21_000_000 * 100_000_000)),
    field("all", Boolean),
    field("fee_rate_sat_vb", Number(1, 1_000)),
];
