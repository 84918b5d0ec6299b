//! The owners of Lightning addresses in a simulated world: their wallets know every preimage.

use crate::domain::bytes::Preimage;
use crate::domain::money::Msat;
use crate::domain::time::Span;
use crate::ports::payees::{NoInvoice, Payees};

use super::super::invoice::wallet_invoice;
use super::SimNode;

/// What the owner of `choosy@…` takes.
const BOUNDS: (Msat, Msat) = (Msat::new(10_000), Msat::new(20_000));

impl Payees for SimNode {
    fn invoice(&self, address: &str, amount: Msat) -> Result<String, NoInvoice> {
        match address.split_once('@') {
            None | Some((_, "")) => Err(NoInvoice::NotAnAddress),
            Some(("nobody", _)) => Err(NoInvoice::Unreachable("no such host".to_owned())),
            Some(("rude", _)) => Err(NoInvoice::Refused("go away".to_owned())),
            Some(("choosy", _)) if !(BOUNDS.0..=BOUNDS.1).contains(&amount) => {
                Err(NoInvoice::OutOfBounds(BOUNDS.0, BOUNDS.1))
            }
            Some(_) => {
                let (number, now) = self.with(|inner| {
                    inner.addressed += 1;
                    (inner.addressed, inner.now)
                });
                let mut preimage = Preimage([0xad; 32]);
                preimage.0[..8].copy_from_slice(&number.to_be_bytes());
                self.know(&preimage);
                let invoice = wallet_invoice(&preimage, amount, now + Span::from_secs(3_600));
                Ok(invoice.text.as_str().to_owned())
            }
        }
    }
}
