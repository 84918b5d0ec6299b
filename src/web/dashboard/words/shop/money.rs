//! Cashbacks, claims, payouts, payments and the statement.

/// Cashbacks.
pub(in crate::web::dashboard) mod cashback {
    use crate::web::dashboard::words::{Said, said, words};

    words! {
        LEAD = "Give customers some of what they paid back, at once, into any Lightning wallet.";
        EMPTY = "No cashback yet";
        EMPTY_NEXT = "Create one, then add it to a checkout or payment link.";
        NEW = "New cashback";
        CREATE = "Create cashback";
        CREATED = "The cashback is made. Next, add it to a link.";
        RULE = "What customers get";
        WHEN = "When";
        LIMITS = "Limits";
        LIMITS_HINT = "All of them may stay empty. Amounts are in the currency above.";
        TEXTS = "Texts";
        COMMITTED = "Given in all";
        PAID_OUT = "Paid out";
        STILL_OPEN = "Waiting for customers";
        NO_BUDGET = "no budget set";
        ATTACHED = "Attached links";
        NO_LINKS = "No link carries this cashback yet.";
        MAKE_LINK = "Create a link with it";
        NO_CLAIMS = "Nobody has earned it yet.";
        CLAIM_TTL_SHORT = "Claims are good for";
        WHAT_STAYS = "What customers were promised stays:";
    }
    pub(in crate::web::dashboard) const NAME: Said =
        said("Name", "For you; customers do not see it unless you leave the description empty.");
    pub(in crate::web::dashboard) const TYPE: Said = said("Type", "");
    pub(in crate::web::dashboard) const PERCENTAGE: Said =
        said("Percentage", "Of what was paid: above 0 and at most 100, for instance 2.5.");
    pub(in crate::web::dashboard) const AMOUNT: Said =
        said("Amount", "The same for every payment, but never more than was paid.");
    pub(in crate::web::dashboard) const CURRENCY: Said = said("Currency", "");
    pub(in crate::web::dashboard) const START: Said = said("Start date", "Empty: at once.");
    pub(in crate::web::dashboard) const END: Said =
        said("End date", "Empty: until you deactivate it.");
    pub(in crate::web::dashboard) const MAX_AMOUNT: Said =
        said("Largest cashback", "For one payment.");
    pub(in crate::web::dashboard) const MIN_SPEND: Said =
        said("Smallest payment", "Less than this earns nothing.");
    pub(in crate::web::dashboard) const BUDGET: Said =
        said("Budget", "For all customers together.");
    pub(in crate::web::dashboard) const MAX_CLAIMS: Said =
        said("Number of cashbacks", "How many customers can get one.");
    pub(in crate::web::dashboard) const CLAIM_TTL: Said =
        said("Days to claim it", "How long a customer’s code is good for.");
    pub(in crate::web::dashboard) const DESCRIPTION: Said =
        said("Description", "What the customer’s wallet shows. Empty: the name.");

    /// What it is worth each time.
    pub(in crate::web::dashboard) fn of_each(kind: &str) -> &'static str {
        if kind == "percentage" { "of every payment" } else { "for every payment" }
    }

    /// Of which budget.
    pub(in crate::web::dashboard) fn of_budget(budget: &str) -> String {
        format!("of {budget}")
    }

    /// How many claims.
    pub(in crate::web::dashboard) fn claims(count: usize, has_more: bool) -> String {
        match (count, has_more) {
            (1, false) => "1 claim".to_owned(),
            (count, false) => format!("{count} claims"),
            (count, true) => format!("the newest {count} claims"),
        }
    }
}

/// Claims.
pub(in crate::web::dashboard) mod claim {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Each is one customer’s right to one cashback.";
        EMPTY = "No claims yet";
        EMPTY_NEXT = "A claim appears when somebody pays a link or session that has a cashback.";
        EXPIRES = "Expires";
        CANCEL = "Cancel claim";
        NO_PAYOUTS = "No wallet has asked for it yet.";
        LAST_ERROR = "The last attempt failed:";
        FOR_CUSTOMER = "The customer’s page";
        FOR_CUSTOMER_HINT = "Whoever has this address can take the cashback. Give it to nobody but the customer.";
    }
}

/// Payouts.
pub(in crate::web::dashboard) mod payout {
    use crate::web::dashboard::words::{Said, said, words};

    words! {
        LEAD = "Each is one attempt to pay one wallet’s invoice.";
        EMPTY = "No payouts yet";
        EMPTY_NEXT = "A payout appears when a customer’s wallet asks for a cashback.";
        FEE = "Fee";
        FEE_BUDGET = "Fee budget";
        WHY = "Reason";
        NOTE = "Operator’s note";
        HASH = "Payment hash";
        ATTEMPTED = "Sent";
        RESOLVED = "Settled";
        DEADLINE = "Certain by block";
        PARKED = "Parked";
        PARK = "Park";
        RESOLVE = "Resolve";
        RESOLVE_HINT = "Only when you know it. Paid needs the preimage that proves it. Failed is taken only for payouts from before a restore, past their deadline.";
        DONE = "The payout is resolved.";
        PROOF = "Proof of payment";
        PROOF_HINT = "The preimage: only who was paid can have known it.";
        NO_PROOF = "There is none until it is paid.";
        IN_DOUBT = "The node cannot tell yet whether this payment left. Its money stays reserved until that is certain.";
        STUCK = "The wallet holds this payment up. Its money stays reserved.";
    }
    pub(in crate::web::dashboard) const OUTCOME: Said = said("What became of it", "");
    pub(in crate::web::dashboard) const PREIMAGE: Said =
        said("Preimage", "64 hex digits; for “paid”.");
    pub(in crate::web::dashboard) const REASON: Said =
        said("Why you are certain", "It is kept; for “failed”.");
}

/// Payments.
pub(in crate::web::dashboard) mod payment {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Each is one Lightning invoice of a checkout session.";
        EMPTY = "No payments yet";
        EMPTY_NEXT = "Create a payment link and share it.";
        LATE = "This money came too late for its session. It is in your balance, without a cashback.";
        SKIMMED = "Kept by the channel’s opener";
        RATE = "Exchange rate (sat)";
        INVOICE = "Invoice";
        NEW = "New payment";
        NEW_HINT = "One Lightning invoice for one amount. Its checkout session comes with it, and shows it to the customer.";
        CREATE = "Create payment";
        CREATED = "The payment is made. Its invoice is below.";
    }
}

/// The statement.
pub(in crate::web::dashboard) mod transaction {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Every movement of your balance.";
        EMPTY = "No transactions yet";
        EMPTY_NEXT = "The first payment of a customer appears here.";
        DOWNLOAD = "Download CSV";
        TOO_LONG = "These are more than 100,000 rows. Choose a later first day, and download the rest in parts.";
        SOURCE = "For";
        BALANCE = "Balance after";
    }

    /// Kinds of rows as the books call them, and as people do.
    pub(in crate::web::dashboard) const KINDS: [(&str, &str); 10] = [
        ("Payment", "Payment"),
        ("Deposit", "Deposit"),
        ("Payout", "Taken back"),
        ("Withdraw", "Cashback"),
        ("Fees", "Fee budget"),
        ("Fees Adjustment", "Fee budget returned"),
        ("Withdraw Reversal", "Cashback returned"),
        ("Network Fees Reversal", "Fee budget returned (failed)"),
        ("Incident", "Incident"),
        ("Suspense", "Assigned receipt"),
    ];

    /// A kind of row.
    pub(in crate::web::dashboard) fn kind(name: &'static str) -> &'static str {
        KINDS.iter().find(|(known, _)| *known == name).map_or(name, |(_, plain)| plain)
    }
}

/// Exchange rates.
pub(in crate::web::dashboard) mod rate {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "What one unit of a currency is worth in satoshis. Without a fresh rate nothing is sold in that currency.";
        EMPTY = "No exchange rates";
        EMPTY_NEXT = "The operator names sources in the configuration. Until then, sell in satoshis or bitcoin.";
        CURRENCY = "Currency";
        RATE = "One unit is";
        FETCHED = "As of";
        FIXED = "always";
        PROBLEM = "Problem";
    }
}
