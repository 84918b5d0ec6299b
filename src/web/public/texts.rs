//! Every word that customers read on hosted pages, in one place: who translates them translates this file. (What wallets
//! are told is in `reasons.rs`, for wallets know some of it by its words.)

use crate::domain::cashback::NoClaim;
use crate::domain::payout::FailureCode;

/// The language of this file, for screen readers.
pub(super) const LANGUAGE: &str = "en";

// ---- the checkout ----

pub(super) const PAY: &str = "Pay with Lightning";
pub(super) const SCAN_TO_PAY: &str = "Scan with a Lightning wallet";
pub(super) const INVOICE_CODE: &str = "Lightning invoice as a QR code";
pub(super) const COPY_INVOICE: &str = "Copy the invoice";
pub(super) const OPEN_WALLET: &str = "Open in wallet";
pub(super) const COPY: &str = "Copy";
pub(super) const COPIED: &str = "Copied";
pub(super) const AS_TEXT: &str = "Show as text";
pub(super) const WAITING: &str = "Waiting for your payment";
pub(super) const CANCEL: &str = "Cancel and go back";
pub(super) const FOOT: &str = "Instant payments over Lightning";
pub(super) const TOO_LATE: &str =
    "Your payment came too late for this checkout. The shop has received it: please ask there.";
pub(super) const INVOICE_OVER: &str = "This invoice has expired.";
pub(super) const NO_NEW_INVOICE: &str =
    "A new one cannot be made at the moment. This page tries again by itself.";
pub(super) const CLOSED: &str = "This checkout is closed.";
pub(super) const PAID: &str = "Payment received";
pub(super) const THANKS: &str = "Thank you!";
pub(super) const BACK_TO_SHOP: &str = "Back to the shop";
pub(super) const STAY: &str = "Stay on this page";
pub(super) const LEAVING: &str = "Taking you back to the shop …";

pub(super) fn pay_to(shop: &str) -> String {
    format!("Pay {shop}")
}

pub(super) fn you_paid(amount: &str) -> String {
    format!("You paid {amount}.")
}

pub(super) fn rate(code: &str, amount: &str) -> String {
    format!("1 {code} = {amount}, fixed for ")
}

// ---- before the invoice: what the shop asks, and how much ----

pub(super) const YOUR_DETAILS: &str = "Your details";
pub(super) const DETAILS_FOR: &str =
    "The shop asks for these before you pay. Only the shop sees them.";
pub(super) const OPTIONAL: &str = "optional";
pub(super) const NO_CHOICE: &str = "–";
pub(super) const CONTINUE: &str = "Continue to payment";
pub(super) const HOW_MUCH: &str = "How much would you like to pay?";
pub(super) const CHOOSE_AMOUNT: &str = "Choose an amount";
pub(super) const NOT_AN_AMOUNT: &str = "This is not an amount.";
pub(super) const NOT_TO_BE_CHOSEN: &str = "This amount cannot be chosen (any more).";
pub(super) const TOO_MUCH_NOW: &str = "That is more than the shop can receive at the moment.";
pub(super) const NOT_NOW: &str = "It cannot be paid at the moment; please try again.";
pub(super) const BUSY: &str = "Too much to do at the moment; please try again.";
pub(super) const PLEASE_CHECK: &str = "Please check what is marked below.";

pub(super) fn amount_in(code: &str) -> String {
    format!("Amount in {code}")
}

pub(super) fn between(least: &str, most: &str) -> String {
    format!("From {least} to {most}")
}

/// A rule that an answer breaks: "must be a number".
pub(super) fn rule(rule: &str) -> String {
    format!("This {rule}.")
}

/// What a field is called that the merchant may ask for.
pub(super) fn field(name: &str) -> &str {
    match name {
        "email" => "E-mail",
        "phone" => "Phone",
        "billing_address" => "Billing address",
        "shipping_address" => "Shipping address",
        other => other,
    }
}

// ---- the cashback, before and after ----

pub(super) fn percent_back(percent: &str) -> String {
    format!("{percent} % back")
}

pub(super) fn amount_back(amount: &str) -> String {
    format!("{amount} back")
}

pub(super) fn you_get(amount: &str) -> String {
    format!("{amount}, right after you pay")
}

pub(super) const GET_AFTER: &str = "Right after you pay";

pub(super) fn up_to(amount: &str) -> String {
    format!("up to {amount}")
}

pub(super) fn from(amount: &str) -> String {
    format!("from {amount} on")
}

pub(super) const YOUR_CASHBACK: &str = "Your cashback";
pub(super) const SCAN_TO_GET: &str = "Scan with your Lightning wallet";
pub(super) const CASHBACK_CODE: &str = "Your cashback as a QR code";
pub(super) const COPY_CASHBACK: &str = "Copy the cashback code";
pub(super) const OPEN_LNURLW: &str = "Open in another wallet";
pub(super) const PRINT: &str = "Print";
pub(super) const CLOSE: &str = "Close";
pub(super) const GOOD_UNTIL: &str = "Good until ";
pub(super) const COME_BACK: &str =
    "You can come back to this page, or print it: the code stays the same.";
pub(super) const PASTE_INSTEAD: &str = "My wallet cannot scan this code";
pub(super) const GET_PAID: &str = "Send it to this invoice";
pub(super) const SENDING: &str = "One moment …";
pub(super) const UNREACHABLE: &str = "There is no connection at the moment; please try again.";
pub(super) const SCAN_AGAIN: &str = "Please scan again: the code below is still good.";
pub(super) const DID_NOT_ARRIVE: &str = "It did not arrive";
pub(super) const ANOTHER_FIRST: &str = "Another customer's cashback is being paid right now.";
pub(super) const FAILED_OFTEN: &str = "It failed too often in a row.";
pub(super) const TRY_IN: &str = "Try again in ";
pub(super) const ON_ITS_WAY: &str = "On its way to your wallet";
pub(super) const MOMENT: &str = "This usually takes a second or two.";
pub(super) const ARRIVED: &str = "It is in your wallet";
pub(super) const PROOF: &str = "Proof of payment";
pub(super) const PAYMENT_HASH: &str = "Payment hash";
pub(super) const PREIMAGE: &str = "Preimage";
pub(super) const EXPIRED: &str = "Your cashback has expired";
pub(super) const NOT_CLAIMED: &str = "It was not claimed in time.";
pub(super) const CANCELLED: &str = "Your cashback was cancelled";
pub(super) const BY_THE_SHOP: &str = "The shop took it back. Please ask there.";

pub(super) fn invoice_over(amount: &str) -> String {
    format!("Make a Lightning invoice over exactly {amount} in your wallet, and paste it here")
}

/// Why a paid checkout comes without a cashback.
pub(super) const fn no_cashback(why: NoClaim) -> &'static str {
    match why {
        NoClaim::NotLive => "There is no cashback: the offer was over when you paid.",
        NoClaim::Exhausted => "There is no cashback: all of the offer had been given away.",
        NoClaim::BelowMinSpend => "There is no cashback: it needs a larger purchase.",
        NoClaim::BelowOneSat => "There is no cashback: it comes to less than one satoshi.",
    }
}

/// Why a cashback did not arrive.
pub(super) const fn failure(code: FailureCode) -> &'static str {
    match code {
        FailureCode::NoRoute => {
            "no route found to your wallet. It may be offline, or cannot receive that much"
        }
        FailureCode::InsufficientLiquidity => "the shop cannot send that much at the moment",
        FailureCode::NoPermit => "too many payments at once",
        FailureCode::InvoiceExpired => "your wallet's invoice ran out before it could be paid",
        FailureCode::NodeNotReady => "the shop's node was not ready",
        FailureCode::ShuttingDown => "the shop's node was being restarted",
        FailureCode::RecipientRejected => "your wallet refused it",
        FailureCode::InvalidInvoice => "your wallet's invoice could not be paid",
        FailureCode::NodeError => "the payment failed",
        FailureCode::DeadlinePassed => "it got lost on the way and was taken back",
        FailureCode::OperatorResolved => "it was taken back by hand",
    }
}

// ---- the page of a link ----

pub(super) const LINK_CLOSED: &str = "This link is closed.";
pub(super) const LINK_PAID: &str = "This checkout has been paid.";
pub(super) const BACK_TO_PAID: &str = "Back to what you paid";
pub(super) const SAY_HOW_MUCH: &str = "Please say how much.";
pub(super) const ONE_OF_THESE: &str = "Please choose one of the amounts.";
pub(super) const TOO_LITTLE: &str = "This is less than the shop takes.";
pub(super) const TOO_MUCH: &str = "This is more than the shop takes.";
pub(super) const UNPAYABLE: &str = "This amount cannot be paid: it must be at least one satoshi.";
pub(super) const SHOP_CLOSED: &str = "The shop is closed for a moment; try again later.";
pub(super) const NO_RATE: &str = "The exchange rate is not known at the moment; try again later.";
pub(super) const TOO_MUCH_LATER: &str =
    "The shop cannot receive that much at the moment; try a smaller amount or come back later.";

// ---- no page ----

pub(super) const NO_PAGE: &str = "There is no such page";
pub(super) const NO_PAGE_WHY: &str =
    "The address may be incomplete. Please ask the shop for a new one.";
pub(super) const TOO_MANY: &str = "Too many requests";
pub(super) const TOO_MANY_WHY: &str =
    "Please wait a minute, and load the page again. Nothing is lost.";
pub(super) const BROKEN: &str = "Something broke here";
pub(super) const BROKEN_WHY: &str = "Nothing is lost. Please load the page again in a moment.";
