//! Everything that the dashboard says, in one place, so that it can be said in another language.

mod operator;
mod problems;
mod shop;
mod states;

pub(super) use operator::{account, audit, backup, node, suspense};
pub(super) use problems::{problem, sentence};
pub(super) use shop::{
    cashback, claim, event, home, key, link, payment, payout, rate, session, transaction, webhook,
};
pub(super) use states::{choice, currency, failure, no_claim, not_ready, send_error, status};

/// What a field asks, and what helps to answer it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// The question.
    pub(super) label: &'static str,
    /// The help; empty for none.
    pub(super) hint: &'static str,
}

const fn said(label: &'static str, hint: &'static str) -> Said {
    Said { label, hint }
}

/// What is asked before something is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) button: &'static str,
    pub(super) done: &'static str,
    /// True if it takes something away.
    pub(super) is_grave: bool,
}

const fn asked(
    title: &'static str,
    text: &'static str,
    button: &'static str,
    done: &'static str,
    is_grave: bool,
) -> Asked {
    Asked { title, text, button, done, is_grave }
}

macro_rules! words {
    ($($name:ident = $text:expr;)+) => {
        $(pub(in crate::web::dashboard) const $name: &str = $text;)+
    };
}
pub(crate) use words;

words! {
    LANGUAGE = "en";
    BRAND = "satback";
    SKIP = "Skip to the content";
    NAVIGATION = "Main";
    MENU = "Menu";
    TRAIL = "Where you are";
    NAV_HOME = "Home";
    NAV_SEND = "Send Payments";
    NAV_CASHBACK = "Cashback";
    NAV_CLAIMS = "Claims";
    NAV_PAYOUTS = "Payouts";
    NAV_RECEIVE = "Receive Payments";
    NAV_LINKS = "Checkout / Payment Links";
    NAV_SESSIONS = "Checkout Sessions";
    NAV_PAYMENTS = "Payments";
    NAV_BALANCE = "Balance";
    NAV_TRANSACTIONS = "Transactions";
    NAV_RATES = "Exchange Rates";
    NAV_DEVELOPERS = "Developers";
    NAV_WEBHOOKS = "Webhooks";
    NAV_EVENTS = "Events";
    NAV_KEYS = "API Keys";
    NAV_OPERATOR = "Operator";
    NAV_ACCOUNTS = "Accounts";
    NAV_NODE = "Node";
    NAV_AUDIT = "Audit";
    NAV_SUSPENSE = "Suspense";
    NAV_BACKUP = "Backup";
    ALL_ACCOUNTS = "All accounts";
    NO_ACCOUNT = "No account";
    YOU_ARE_OPERATOR = "Operator";
    READ_ONLY = "Read only";
    SHOW_ALL_ACCOUNTS = "Show all accounts";
    SIGN_IN = "Sign in";
    SIGN_IN_LEAD = "Use the key that the operator of this satback gave you.";
    SIGN_OUT = "Sign out";
    API_KEY = "API key";
    API_KEY_HINT = "It begins with sk_, rk_ or ok_. A restricted key (rk_) can look but not change.";
    TOO_MANY_ATTEMPTS = "Too many attempts. Wait a little, then try again.";
    KEY_DOES_NOT_COUNT = "This key is not known here, or was taken back.";
    FORM_IS_OLD = "This form has expired. Load the page again and send it once more.";
    NOT_A_FORM = "This is not a form of this dashboard.";
    FORM_TOO_LARGE = "This form is too large, or did not arrive in full.";
    OPERATOR_ONLY = "Only the operator may see this.";
    KEY_ONLY_READS = "This key can look but not change. Sign in with a secret key (sk_) to make something.";
    CHOOSE_ACCOUNT = "Choose the account to work for first: open Accounts, then an account, then “Work for this account”.";
    BOOKS_BUSY = "Your balance is changing too fast to be read at the moment. Try again.";
    NOTHING_HERE = "There is nothing at this address.";
    NOT_FOUND = "Not found";
    NOT_DONE = "That did not work";
    BROKEN = "Something broke";
    TO_HOME = "Go to Home";
    CREATE_NEW = "Create New";
    CHANGE = "Edit";
    SAVE = "Save changes";
    SAVED = "Saved.";
    CANCEL = "Cancel";
    KEEP = "No, go back";
    DEACTIVATE = "Deactivate";
    ACTIVATE = "Activate";
    COPY = "Copy";
    COPIED = "Copied";
    OPTIONAL = "optional";
    ALL = "All";
    FILTER = "Filter";
    FILTER_BY = "Filter the list";
    FROM = "From";
    UNTIL = "To";
    SHOW_ALL = "Show all";
    NOTHING_FITS = "Nothing matches these filters";
    NEWER = "Newer";
    OLDER = "Older";
    PAGES = "Pages";
    DONE = "Done";
    DETAILS = "Details";
    NAME = "Name";
    WORTH = "Worth";
    TYPE = "Type";
    STATUS = "Status";
    AMOUNT = "Amount";
    DESCRIPTION = "Description";
    CREATED = "Created";
    CHANGED = "Last change";
    ID = "ID";
    ACCOUNT = "Account";
    SESSION = "Session";
    PAYMENT = "Payment";
    CLAIM = "Claim";
    PAYOUT = "Payout";
    WEBHOOK = "Webhook";
    NOTES = "Notes";
    DAYS = "days";
    YES = "Yes";
    NO = "No";
    PLEASE_MEND = "Please check these fields:";
    NOT_FOR_READERS = "Keys that can only look are not shown this: it is as good as money.";
}

pub(super) const METADATA: Said =
    said("Notes", "For your own records: one “name = value” a line. Customers never see them.");

pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(super) const DEACTIVATE_CASHBACK: Asked = asked(
    "Deactivate this cashback?",
    "Payments from now on earn nothing any more, and this cannot be undone. Claims that customers already have stay \
     good until they expire.",
    "Yes, deactivate it",
    "The cashback is deactivated.",
    true,
);
pub(super) const DEACTIVATE_LINK: Asked = asked(
    "Deactivate this link?",
    "Nobody can pay by it any more, and pages that are open and not paid are closed.",
    "Yes, deactivate it",
    "The link is deactivated.",
    true,
);
pub(super) const ACTIVATE_LINK: Asked = asked(
    "Activate this link again?",
    "Customers can pay by it as before.",
    "Yes, activate it",
    "The link is active.",
    false,
);
pub(super) const DEACTIVATE_SESSION: Asked = asked(
    "Deactivate this session?",
    "Its page is closed. What is paid all the same is credited to you, without a cashback.",
    "Yes, deactivate it",
    "The session is deactivated.",
    true,
);
pub(super) const FORGET_CUSTOMER: Asked = asked(
    "Delete what the customer said?",
    "The contact details and answers of this session are deleted for good. The payment stays.",
    "Yes, delete it",
    "The customer’s details are deleted.",
    true,
);
pub(super) const CANCEL_CLAIM: Asked = asked(
    "Cancel this claim?",
    "The customer’s code stops working, and the cashback stays with you.",
    "Yes, cancel it",
    "The claim is cancelled.",
    true,
);
pub(super) const PARK_PAYOUT: Asked = asked(
    "Park this payout?",
    "Its money stays reserved, and the account can pay other customers meanwhile. If it arrives after all, it is booked.",
    "Yes, park it",
    "The payout is parked.",
    false,
);
pub(super) const DISABLE_WEBHOOK: Asked = asked(
    "Disable this webhook?",
    "Nothing more is sent to it, nor what still waits for it.",
    "Yes, disable it",
    "The webhook is disabled.",
    true,
);
pub(super) const ENABLE_WEBHOOK: Asked = asked(
    "Enable this webhook?",
    "It is sent what happens from now on.",
    "Yes, enable it",
    "The webhook is enabled.",
    false,
);

/// Which of how many pages.
pub(super) fn page_of(at: usize, pages: usize) -> String {
    format!("Page {at} of {pages}")
}
