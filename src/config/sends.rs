//! Settings of merchants' own payments.

use crate::domain::network::Network;

use super::keys::Keys;
use super::webhooks::may_be_private;

/// How the hosts of Lightning addresses are asked.
#[derive(Clone, Copy, Debug)]
pub struct Sends {
    /// Whether they may have private addresses, and speak http.
    pub allow_private: bool,
    /// How long each of both answers may take.
    pub timeout_secs: u64,
}

impl Sends {
    pub(super) fn read(keys: &mut Keys, network: Network) -> Self {
        keys.section("sends");
        let about = "yes, no, or regtest: whether the hosts of Lightning addresses may have private addresses, and speak http.";
        let allow_private = may_be_private(keys, network, about);
        let about =
            "How long the host of a Lightning address may take for each of its two answers.";
        let timeout_secs = keys.number("timeout_secs", 10, 1..=30, about);
        Self { allow_private, timeout_secs }
    }
}
