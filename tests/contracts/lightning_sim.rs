//! The simulated node.

use std::cell::Cell;

use satback::domain::bytes::{PaymentHash, Preimage};
use satback::domain::money::Msat;
use satback::domain::payout::FailureCode;
use satback::domain::time::{Span, Timestamp};
use satback::ports::lightning::Lightning;
use satback::sim::invoice::wallet_invoice;
use satback::sim::{Behaviour, SimNode};

use super::lightning::{Surroundings, keeps_its_contract};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

struct Simulated {
    node: SimNode,
    invoices: Cell<u8>,
}

impl Simulated {
    fn invoice(&self, amount: Msat, behaviour: Behaviour) -> String {
        self.invoices.set(self.invoices.get() + 1);
        let preimage = Preimage([self.invoices.get(); 32]);
        self.node.script(&preimage, behaviour);
        wallet_invoice(&preimage, amount, NOW + Span::from_secs(3_600)).text.as_str().to_owned()
    }
}

impl Surroundings for Simulated {
    fn node(&self) -> &dyn Lightning {
        &self.node
    }

    fn wallet_invoice(&self, amount: Msat) -> String {
        self.invoice(amount, Behaviour::Arrive(Msat::new(1_000)))
    }

    fn hold_invoice(&self, amount: Msat) -> String {
        self.invoice(amount, Behaviour::Hold)
    }

    fn settle(&self, hash: &PaymentHash) {
        self.node.settle(hash, Msat::new(1_000));
    }

    fn refuse(&self, hash: &PaymentHash) {
        self.node.fail(hash, FailureCode::RecipientRejected);
    }

    fn unreachable_invoice(&self, amount: Msat) -> String {
        self.invoice(amount, Behaviour::Reject(FailureCode::NoRoute))
    }

    fn pay_us(&self, invoice: &str) {
        let invoice = self.node.parse_invoice(invoice).unwrap();
        self.node.receive(invoice.hash, invoice.amount.unwrap());
    }

    fn stop(&self) {
        self.node.set_running(false);
    }
}

#[test]
fn the_simulated_node_keeps_the_contract() {
    let node = SimNode::new(NOW);
    node.set_held(Msat::new(5_000_000_000));
    keeps_its_contract(&Simulated { node, invoices: Cell::new(0) });
}
