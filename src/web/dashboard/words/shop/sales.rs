//! Home, links, sessions, and what programs are told.

/// Home.
pub(in crate::web::dashboard) mod home {
    use crate::web::dashboard::words::words;

    words! {
        BALANCE = "Balance";
        AVAILABLE = "available";
        RECEIVED_TODAY = "Received today";
        CASHBACK_TODAY = "Cashback today";
        ATTENTION = "Needs attention";
        ALL_WELL = "Nothing. All is well.";
        LOOK = "Look";
        IN_DOUBT = "in doubt";
        PARKED = "parked";
        STUCK = "stuck at a wallet";
        FAILING = "failing to reach its webhook";
        BEGIN = "How to begin";
        STEP_CASHBACK = "Create a cashback";
        STEP_LINK = "Create a link and tick “Add Cashback”";
        STEP_SHARE = "Share the link, or show it at the till as a QR code";
        RECENT_SALES = "Latest sales";
        RECENT_CLAIMS = "Latest claims";
        TO_ACCOUNTS = "Choose an account to work for";
        TO_NODE = "See the node";
    }

    /// What is on its way.
    pub(in crate::web::dashboard) fn in_flight(amount: &str) -> String {
        format!("available, and {amount} on its way")
    }

    /// How many payments.
    pub(in crate::web::dashboard) fn payments(count: usize) -> String {
        if count == 1 { "1 payment".to_owned() } else { format!("{count} payments") }
    }

    /// How many cashbacks.
    pub(in crate::web::dashboard) fn cashbacks(count: usize) -> String {
        if count == 1 { "1 cashback".to_owned() } else { format!("{count} cashbacks") }
    }

    /// How many of something that needs attention.
    pub(in crate::web::dashboard) fn counted(count: usize, what: &str) -> String {
        match (what, count) {
            (FAILING, 1) => "A webhook cannot be reached.".to_owned(),
            (FAILING, count) => format!("{count} webhooks cannot be reached."),
            (what, 1) => format!("1 payout is {what}."),
            (what, count) => format!("{count} payouts are {what}."),
        }
    }

    /// Customers hold more than there is.
    pub(in crate::web::dashboard) fn low_balance(owed: &str, available: &str) -> String {
        format!("Low balance: customers can claim {owed}, and {available} is available.")
    }
}

/// Links.
pub(in crate::web::dashboard) mod link {
    use crate::web::dashboard::words::{Said, said, words};

    words! {
        LEAD = "Addresses at which customers pay. Share them, print them, show them at the till.";
        PAYMENT_LINK = "Payment link";
        CHECKOUT_LINK = "Checkout link";
        PAYMENT_LINKS = "Payment links";
        CHECKOUT_LINKS = "Checkout links";
        EMPTY_PAYMENT = "No payment links yet";
        EMPTY_CHECKOUT = "No checkout links yet";
        EMPTY_NEXT = "Create one, choose an amount, and add a cashback if you like.";
        NEW = "New link";
        CREATE = "Create link";
        CREATED = "The link is made. Copy its address and share it.";
        UNTITLED = "Untitled";
        WHAT = "What you sell";
        HOW_MUCH = "How much";
        EXTRAS = "Options";
        ASK_CUSTOMERS = "Ask customers for";
        AFTERWARDS = "After the payment";
        MORE = "More";
        CHOOSE = "Choose a cashback…";
        NO_CASHBACKS = "There is no cashback to choose yet.";
        ANY_AMOUNT = "Any amount";
        ADDRESS = "Address to share";
        ADDRESS_HINT = "Whoever opens it can pay.";
        NO_SESSIONS = "Nobody has opened it to pay yet.";
        USED = "Used";
    }
    pub(in crate::web::dashboard) const KIND: Said = said("Kind", "");
    pub(in crate::web::dashboard) const TITLE: Said =
        said("Title", "What customers see first. Empty: the shop’s name.");
    pub(in crate::web::dashboard) const TITLE_DESCRIPTION: Said = said("Text below the title", "");
    pub(in crate::web::dashboard) const TITLE_IMAGE: Said =
        said("Address of a picture", "It must begin with https://");
    pub(in crate::web::dashboard) const PRICE: Said = said("Price", "");
    pub(in crate::web::dashboard) const CURRENCY: Said = said("Currency", "");
    pub(in crate::web::dashboard) const AMOUNT: Said =
        said("Amount", "0 on a payment link: the customer chooses.");
    pub(in crate::web::dashboard) const OPTIONS: Said =
        said("Amounts", "Up to three, with commas between them.");
    pub(in crate::web::dashboard) const MIN_AMOUNT: Said = said("At least", "");
    pub(in crate::web::dashboard) const MAX_AMOUNT: Said = said("At most", "");
    pub(in crate::web::dashboard) const ADD_CASHBACK: Said = said("Add Cashback", "");
    pub(in crate::web::dashboard) const CASHBACK: Said =
        said("Cashback", "Customers see it before they pay.");
    pub(in crate::web::dashboard) const EMAIL: Said = said("Email", "");
    pub(in crate::web::dashboard) const PHONE: Said = said("Phone", "");
    pub(in crate::web::dashboard) const BILLING: Said = said("Billing address", "");
    pub(in crate::web::dashboard) const SHIPPING: Said = said("Shipping address", "");
    pub(in crate::web::dashboard) const QUESTION: Said = said("Question", "");
    pub(in crate::web::dashboard) const ANSWER: Said = said("Kind of answer", "");
    pub(in crate::web::dashboard) const ANSWERS: Said =
        said("Answers to choose from", "With commas between them.");
    pub(in crate::web::dashboard) const IS_OPTIONAL: Said =
        said("Customers may leave it empty", "");
    pub(in crate::web::dashboard) const SUCCESS_MESSAGE: Said =
        said("Message after the payment", "");
    pub(in crate::web::dashboard) const SUCCESS_URL: Said =
        said("Address to go on to", "Instead of a message. The customer’s cashback comes first.");
    pub(in crate::web::dashboard) const CANCEL_URL: Said =
        said("Address to go back to", "For customers who do not pay.");
    pub(in crate::web::dashboard) const TTL: Said =
        said("Minutes to pay", "Empty: 10 minutes in a currency with a moving rate, else a year.");
    pub(in crate::web::dashboard) const STATEMENT: Said = said("Text in the customer’s wallet", "");

    /// A question of the shop's own.
    pub(in crate::web::dashboard) fn own_question(number: usize) -> String {
        format!("Your own question {number}")
    }

    /// How often a link was paid.
    pub(in crate::web::dashboard) fn sessions(paid: &str, opened: &str) -> String {
        format!("paid {paid} times, opened {opened} times")
    }
}

/// Sessions.
pub(in crate::web::dashboard) mod session {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Each is one purchase with a page of its own. Links make them; you and your programs can too.";
        EMPTY = "No sessions yet";
        EMPTY_NEXT = "Somebody who opens a link begins one. You can also create one by hand.";
        NEW = "New checkout session";
        CREATE = "Create session";
        CREATED = "The session is made. Its page is ready.";
        RECEIVED = "Received";
        DUE = "Due";
        PAID_AT = "Paid";
        SOURCE = "Made by";
        ADDRESS = "The customer’s page";
        ADDRESS_HINT = "It shows the invoice, and then the cashback: give it to nobody but the customer.";
        CUSTOMER = "Customer";
        FORGET = "Delete these details";
    }
}

/// Webhooks.
pub(in crate::web::dashboard) mod webhook {
    use crate::web::dashboard::words::{Said, said, words};

    words! {
        LEAD = "Addresses of your programs, which are told what happens.";
        EMPTY = "No webhooks yet";
        EMPTY_NEXT = "If a program of yours should know of payments, create one with its address.";
        NEW = "New webhook";
        CREATE = "Create webhook";
        CREATED = "The webhook is made. Give its secret to your program.";
        DISABLE = "Disable";
        ENABLE = "Enable";
        SECRET = "Secret";
        SECRET_HINT = "Your program checks with it that a message is ours.";
        SHOW_SECRET = "Show the secret";
        DELIVERIES = "Messages";
        NO_DELIVERIES = "Nothing was sent yet.";
        EVENT = "Event";
        ATTEMPTS = "Attempts";
        ANSWER = "Answer";
        LAST = "Last attempt";
        NEXT = "Next attempt";
        SINCE = "Failing since";
        RESEND = "Send again";
        RESEND_ONE = "Send a message again";
        RESENT = "The message is sent again.";
        CHECK = "Check a secret";
        MATCHES = "That is the secret of this webhook.";
        DIFFERS = "That is not the secret of this webhook.";
    }
    pub(in crate::web::dashboard) const CHECKED: Said =
        said("The secret that your program has", "It begins with wsec_");
    pub(in crate::web::dashboard) const URL: Said = said("Address", "It must begin with https://");
    pub(in crate::web::dashboard) const EVENTS: Said = said(
        "Events",
        "* is all. Or names and families with commas between them: payment.paid, claim.*",
    );
    pub(in crate::web::dashboard) const DESCRIPTION: Said = said("Description", "");
}

/// Events.
pub(in crate::web::dashboard) mod event {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Everything that happened, in order.";
        EMPTY = "Nothing happened yet";
        EMPTY_NEXT = "Create a cashback or a link, and it is noted here.";
        ABOUT = "About";
        SEQUENCE = "Number";
        REQUEST = "Request";
        OBJECT = "The object as it was";
    }
}

/// Keys.
pub(in crate::web::dashboard) mod key {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Keys open this dashboard and the API. Only their ends are kept to tell them apart.";
        KEY = "Key";
        REVOKED = "Taken back";
        ASK_OPERATOR = "The operator of this satback makes keys and takes them back.";
        TO_ACCOUNT = "Make or take back keys";
    }
}
