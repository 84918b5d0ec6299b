//! The words of the API as words for people.

/// A state.
pub(in super::super) fn status(status: &str) -> String {
    let text = match status {
        "in_doubt" => "In doubt",
        "given_up" => "Given up",
        "not_usable" => "Not usable",
        "exhausted" => "Used up",
        "manual" => "by hand",
        "true" => "Yes",
        "false" => "No",
        "good_books" => "All agree",
        event if event.contains('.') => event,
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            return first.into_iter().chain(letters).collect::<String>().replace('_', " ");
        }
    };
    text.to_owned()
}

/// One of several words that a form offers.
pub(in super::super) fn choice(word: &str) -> &'static str {
    match word {
        "percentage" => "Percentage",
        "fixed" => "Fixed amount",
        "options" => "A choice of amounts",
        "preset" => "Between two amounts",
        "payment" => "Payment link (any number of payments)",
        "checkout" => "Checkout link (one payment)",
        "text" => "Text",
        "number" => "Number",
        "dropdown" => "One of several answers",
        "paid" => "Paid: I have the proof",
        "failed" => "Failed: it can never arrive any more",
        "secret" => "Secret (can do everything)",
        "restricted" => "Restricted (can only look)",
        "publishable" => "Publishable (can only begin checkouts)",
        _ => "Other",
    }
}

/// A currency.
pub(in super::super) fn currency(code: &str) -> String {
    match code {
        "SATS" => "SATS (satoshis)".to_owned(),
        "BTC" => "BTC (bitcoin)".to_owned(),
        other => other.to_owned(),
    }
}

/// Why a payout failed.
pub(in super::super) fn failure(code: &str) -> String {
    let text = match code {
        "no_route" => "No route to the wallet",
        "insufficient_liquidity" => "Not enough liquidity",
        "no_permit" => "Too many payouts at once",
        "invoice_expired" => "The wallet’s invoice expired",
        "node_not_ready" => "The node was not ready",
        "shutting_down" => "satback was ending",
        "recipient_rejected" => "The wallet refused it",
        "invalid_invoice" => "The invoice could not be paid",
        "node_error" => "The node failed",
        "deadline_passed" => "It never arrived and came back",
        "operator_resolved" => "Resolved by the operator",
        other => return status(other),
    };
    text.to_owned()
}

/// Why a paid session has no claim.
pub(in super::super) fn no_claim(code: &str) -> String {
    let text = match code {
        "cashback_not_live" => "The cashback was not live when it was paid.",
        "cashback_exhausted" => "The cashback’s budget was used up.",
        "below_min_spend" => "Less was paid than the cashback asks for.",
        "below_one_sat" => "It came to less than one satoshi.",
        other => return status(other),
    };
    text.to_owned()
}

/// Why a message did not arrive.
pub(in super::super) fn send_error(code: &str) -> String {
    let text = match code {
        "forbidden_address" => "Private addresses are not called",
        "unknown_host" => "There is no such host",
        "connection_failed" => "No connection",
        "tls_failed" => "The host’s certificate does not count",
        "timed_out" => "No answer in time",
        "bad_answer" => "Answered with an error",
        "internal_error" => "Something broke here",
        other => return status(other),
    };
    text.to_owned()
}

/// What is not ready.
pub(in super::super) fn not_ready(rule: &str, message: &str) -> String {
    match rule {
        "frozen" => format!("The books are frozen: {message}."),
        "node_held" => format!("The node was not started: {message}."),
        "drained" => "New sales and claims are switched off (drained).".to_owned(),
        "disk_low" => "The disk is nearly full: nothing new is taken.".to_owned(),
        "clock" => {
            "The machine’s clock is not to be trusted; nothing expires meanwhile.".to_owned()
        }
        "node" => format!("The Lightning node is not ready: {message}."),
        "chain" => format!("The node has not caught up with the chain: {message}."),
        "rate" => format!("No exchange rate: {message}."),
        _ => super::sentence(message),
    }
}
