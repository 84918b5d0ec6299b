//! The Bitcoin networks that satback runs on.

use std::fmt;

/// A Bitcoin network. Everything but [`Network::Bitcoin`] is play money: `livemode` is false there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The real thing.
    Bitcoin,
    /// The public test network.
    Testnet,
    /// The signed test network.
    Signet,
    /// A private network of one's own.
    Regtest,
}

impl Network {
    /// All of them, in the order in which they are documented.
    pub const ALL: [Self; 4] = [Self::Regtest, Self::Signet, Self::Testnet, Self::Bitcoin];

    /// The name used in the configuration and by bitcoind's and ldk-node's own settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bitcoin => "bitcoin",
            Self::Testnet => "testnet",
            Self::Signet => "signet",
            Self::Regtest => "regtest",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|network| network.name() == name)
    }

    /// True where the money is real.
    pub const fn livemode(self) -> bool {
        matches!(self, Self::Bitcoin)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
