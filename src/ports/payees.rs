//! The owners of Lightning addresses (LUD-16).

use std::fmt;

use crate::domain::money::Msat;

/// Why there is no invoice. Whatever a stranger said in it has a bound and no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoInvoice {
    /// It is no Lightning address.
    NotAnAddress,
    /// Its host does not answer, or not as it should.
    Unreachable(String),
    /// Its owner takes only amounts between these.
    OutOfBounds(Msat, Msat),
    /// Its host refuses, with these words.
    Refused(String),
}

impl fmt::Display for NoInvoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnAddress => f.write_str("this is no Lightning address"),
            Self::Unreachable(why) => write!(f, "the address cannot be asked: {why}"),
            Self::OutOfBounds(least, most) => {
                write!(f, "the address takes {} to {} msat", least.get(), most.get())
            }
            Self::Refused(why) => write!(f, "the address refuses: {why}"),
        }
    }
}

/// Asks for invoices. It may block, but not without a bound.
pub trait Payees: Send + Sync {
    /// An invoice of the owner of `address` that says it is over `amount`; whoever pays it checks that.
    ///
    /// # Errors
    /// [`NoInvoice`].
    fn invoice(&self, address: &str, amount: Msat) -> Result<String, NoInvoice>;
}
