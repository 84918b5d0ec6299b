//! What is said to the operator.

/// Accounts.
pub(in super::super) mod account {
    use crate::web::dashboard::words::{Said, said, words};

    words! {
        LEAD = "Every merchant has an account with its own balance, cashbacks and keys.";
        EMPTY = "No accounts yet";
        EMPTY_NEXT = "Create an account for your first merchant, then make a key for it.";
        NEW = "New account";
        CREATE = "Create account";
        CREATED = "The account is made. Next, make a key for its merchant.";
        WORK_FOR = "Work for this account";
        MONEY = "Move money";
        MONEY_HINT = "Between your own money in the node and this account’s balance.";
        CREDIT = "Credit the account";
        DEBIT = "Take back";
        CREDITED = "The account is credited.";
        DEBITED = "The money is taken back.";
        IN_FLIGHT = "On its way";
        IN_FLIGHT_HINT = "reserved for payouts";
        NO_KEYS = "No keys yet. The merchant needs one to sign in.";
        KEY_TYPE = "Type of the new key";
        MAKE_KEY = "Make key";
        NEW_KEY = "The new key";
        NEW_KEY_HINT = "Copy it now: it is shown this once and kept nowhere.";
        NEW_KEY_AGAIN = "This form was sent before: the key was made and shown then. If nobody copied it, take it back and make another.";
        REVOKE_ONE = "Take a key back";
        REVOKE = "Take back";
        REVOKED = "The key is taken back and counts no more.";
    }
    pub(in crate::web::dashboard) const NAME: Said =
        said("Name", "Customers see it on checkout pages.");
    pub(in crate::web::dashboard) const FEE_BASE: Said =
        said("Least fee budget (sat)", "What a payout may cost in any case. Empty: as configured.");
    pub(in crate::web::dashboard) const FEE_PPM: Said = said(
        "Fee budget (millionths of the amount)",
        "10000 is one percent. Empty: as configured.",
    );
    pub(in crate::web::dashboard) const FEE_MAX: Said =
        said("Largest fee budget (sat)", "Empty: as configured.");
    pub(in crate::web::dashboard) const PAUSED: Said =
        said("Pause claims", "Wallets are told to try again later; nothing is lost.");
    pub(in crate::web::dashboard) const AMOUNT: Said = said("Amount (sat)", "");
}

/// The node.
pub(in super::super) mod node {
    use crate::web::dashboard::words::{Said, said, words};

    words! {
        OUTBOUND = "Can send";
        OUTBOUND_HINT = "over Lightning, all channels";
        INBOUND = "Can receive";
        INBOUND_HINT = "over Lightning, all channels";
        ONCHAIN = "On-chain";
        CHANNELS = "Channels";
        NO_CHANNELS = "No channels yet";
        NO_CHANNELS_NEXT = "Deposit bitcoin first, then open a channel to a well-connected node.";
        PEERS = "Peers";
        NO_PEERS = "Connected to nobody.";
        ALIAS = "Alias";
        NETWORK = "Network";
        LISTENING = "Listens at";
        HEIGHT = "Block height";
        BEHIND = "Blocks behind";
        LARGEST = "Largest single payment";
        RESERVE = "Reserved for channels";
        DEPOSIT = "Deposit bitcoin";
        DEPOSIT_HINT = "Send bitcoin to this address. It is new: use it once. What arrives is the operator’s.";
        DEPOSIT_CODE = "The address as a QR code";
        OPEN = "Open a channel";
        OPEN_HINT = "On-chain money is locked into the channel; what is on our side can be sent.";
        OPENED = "The channel is being opened. It is usable after some blocks.";
        CLOSE = "Close this channel";
        CLOSE_HINT = "Both sides agree, and each has its money on-chain after some blocks. Payments on their way end first.";
        CLOSED = "The channel is being closed.";
        SEND = "Send bitcoin";
        SEND_HINT = "On-chain, and only what is the operator’s own: what accounts are owed stays, and what channels need for closing.";
        SENT = "The transaction is on its way.";
        CONNECT = "Connect with a node";
        CONNECT_HINT = "A channel needs a peer that is connected. Opening one connects by itself.";
        CONNECTED = "The node is connected.";
        DRAIN = "New sales and claims";
        DRAIN_HINT = "Before maintenance: take no new sales and claims, while everything else goes on.";
        IS_DRAINED = "No new sales and claims are taken at the moment.";
        DRAIN_NOW = "Take nothing new";
        UNDRAIN_NOW = "Take them again";
        DRAINED = "Nothing new is taken.";
        UNDRAINED = "Sales and claims are taken again.";
    }
    pub(in crate::web::dashboard) const NODE_ID: Said = said("Node ID", "66 hex digits.");
    pub(in crate::web::dashboard) const ADDRESS: Said = said("Address", "host:port");
    pub(in crate::web::dashboard) const CAPACITY: Said = said("Size (sat)", "At least 20,000.");
    pub(in crate::web::dashboard) const ANNOUNCE: Said =
        said("Announce it", "Others may then route payments through it.");

    pub(in crate::web::dashboard) const FORCE: Said = said(
        "Close it by force",
        "Only if the peer does not answer any more: our part is locked for some days, and it costs more.",
    );
    pub(in crate::web::dashboard) const SEND_TO: Said = said("To this address", "");
    pub(in crate::web::dashboard) const AMOUNT: Said = said("Amount (sat)", "At least 546.");
    pub(in crate::web::dashboard) const ALL: Said =
        said("Everything that can be spent", "Leave the amount empty then; the fee is taken off.");
    pub(in crate::web::dashboard) const FEE_RATE: Said =
        said("Fee (sat per virtual byte)", "Empty: as the node estimates.");

    /// What of the on-chain money can be spent.
    pub(in crate::web::dashboard) fn of_onchain(total: &str) -> String {
        format!("can be spent, of {total}")
    }

    /// What the bar of a channel shows.
    pub(in crate::web::dashboard) fn bar(outbound: &str, inbound: &str) -> String {
        format!("Can send {outbound}, can receive {inbound}")
    }
}

/// The audit.
pub(in super::super) mod audit {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Everything in the books computed again, and compared with what the node holds.";
        AGAIN = "Check again";
        INTERNAL = "The books in themselves";
        NO_PROBLEMS = "Every sum, lock and index agrees.";
        ROWS = "Rows";
        TRANSFERS = "Transfers";
        UNALLOCATED = "Yours to give to accounts";
        EXTERNAL = "The books and the node";
        NODE_HOLDS = "The node holds";
        BOOKED = "The books say";
        DIFFERENCE = "Difference";
        AT_REST = "Nothing under way";
        NO_NODE = "The node does not answer, so there is nothing to compare with.";
        BALANCES = "Balances";
    }
}

/// Suspense.
pub(in super::super) mod suspense {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "Money that came in without an invoice of ours. You can say whose it is.";
        EMPTY = "Nothing in suspense";
        EMPTY_NEXT = "Receipts that belong to no invoice would stand here.";
        ASSIGNED = "Belongs to";
        ASSIGN = "Assign";
        ASSIGN_HINT = "The account is credited; this cannot be undone.";
        DONE = "The receipt is assigned.";
    }
}

/// Backups.
pub(in super::super) mod backup {
    use crate::web::dashboard::words::words;

    words! {
        LEAD = "A copy holds the books and the list of channels. It is made on the machine that satback runs on, while it runs.";
    }

    /// Heading, text and command of each step.
    pub(in crate::web::dashboard) const STEPS: [(&str, &str, &str); 4] = [
        (
            "Make a copy",
            "Into a folder that is not there yet, best on another disk. Do it daily.",
            "satback backup ./backup-today",
        ),
        (
            "Keep the seed apart",
            "On-chain money and the secrets behind links come from the seed. Keep a copy of it off this machine, once.",
            "",
        ),
        (
            "Bring a copy back",
            "Into an empty folder. Payouts that were under way are then in doubt until you resolve them, links get new \
             addresses, and claims are paused on every account until you switch them on.",
            "satback restore ./backup-today",
        ),
        (
            "Never run an old copy of the node’s folder",
            "An old channel state can lose the channel’s money. satback refuses to start with one.",
            "",
        ),
    ];
}
