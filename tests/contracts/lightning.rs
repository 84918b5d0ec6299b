//! The Lightning node: what the engine and the shell rely on, in one story.

use satback::domain::bytes::{PaymentHash, Preimage};
use satback::domain::invoice::Invoice;
use satback::domain::money::Msat;
use satback::domain::payout::FailureCode;
use satback::domain::time::Span;
use satback::ports::lightning::{
    FlowDirection, Lightning, NodeEvent, PayError, PayOrder, RecordStatus, Unreadable,
};
use satback::secrets::sha256;
use satback_regtest::{PATIENCE, eventually};

/// A node and those around it.
pub(super) trait Surroundings {
    fn node(&self) -> &dyn Lightning;
    /// An invoice of a wallet that takes what comes.
    fn wallet_invoice(&self, amount: Msat) -> String;
    /// An invoice of a wallet that lets what comes wait.
    fn hold_invoice(&self, amount: Msat) -> String;
    /// The wallet takes what waits.
    fn settle(&self, hash: &PaymentHash);
    /// The wallet refuses what waits.
    fn refuse(&self, hash: &PaymentHash);
    /// An invoice that no route leads to.
    fn unreachable_invoice(&self, amount: Msat) -> String;
    /// A wallet pays one of the node's invoices.
    fn pay_us(&self, invoice: &str);
    /// The node is stopped.
    fn stop(&self);
}

const AMOUNT: Msat = Msat::new(1_000_000);
const MAX_FEE: Msat = Msat::new(5_000);

pub(super) fn keeps_its_contract(around: &dyn Surroundings) {
    reads_invoices(around);
    is_paid(around);
    pays(around);
    lets_wait_and_settles(around);
    lets_wait_and_fails(around);
    finds_no_route(around);
    says_when_it_is_down(around);
}

fn order(around: &dyn Surroundings, invoice: &str) -> PayOrder {
    let invoice: Invoice = around.node().parse_invoice(invoice).unwrap();
    PayOrder { invoice: invoice.text, hash: invoice.hash, max_fee: MAX_FEE, cltv_limit: 432 }
}

/// Takes events until one is about a payment; it stays until it is acknowledged.
fn next(around: &dyn Surroundings) -> NodeEvent {
    let node = around.node();
    eventually("an event about a payment;", PATIENCE, || {
        match node.next_event(Span::from_millis(200)) {
            None => Err("none".to_owned()),
            Some(NodeEvent::Other(what)) => {
                node.acknowledge().unwrap();
                Err(what)
            }
            Some(event) => {
                assert!(node.has_event());
                assert_eq!(node.next_event(Span::default()), Some(event.clone()), "the same again");
                Ok(event)
            }
        }
    })
}

fn acknowledged(around: &dyn Surroundings) {
    around.node().acknowledge().unwrap();
}

fn status(around: &dyn Surroundings, hash: &PaymentHash) -> Option<RecordStatus> {
    around.node().record(hash).unwrap().map(|record| record.status)
}

fn reads_invoices(around: &dyn Surroundings) {
    let text = around.wallet_invoice(AMOUNT);
    let node = around.node();
    let invoice = node.parse_invoice(&text).unwrap();
    assert_eq!(invoice.amount, Some(AMOUNT));
    assert!(invoice.signature_valid && !invoice.unfit_features);
    assert_ne!(invoice.payee, node.node_id());
    for spelling in
        [text.to_uppercase(), format!("lightning:{text}"), format!(" LIGHTNING:{text}\n")]
    {
        assert_eq!(node.parse_invoice(&spelling), Ok(invoice.clone()), "{spelling}");
    }
    for rubbish in ["", "x", "lightning:", &text[..text.len() / 2]] {
        assert_eq!(node.parse_invoice(rubbish), Err(Unreadable));
    }
}

fn is_paid(around: &dyn Surroundings) {
    let node = around.node();
    let make = || node.create_invoice(AMOUNT, "coffee", Span::from_secs(600)).unwrap();
    let (one, other) = (make(), make());
    assert_ne!(one.hash, other.hash);
    let read = node.parse_invoice(one.text.as_str()).unwrap();
    assert_eq!((read.hash, read.amount, read.payee), (one.hash, Some(AMOUNT), node.node_id()));
    assert_eq!((read.text, read.expires_at), (one.text.clone(), one.expires_at));

    let before = node.holdings().unwrap().total;
    around.pay_us(one.text.as_str());
    let event = next(around);
    let record = node.record(&one.hash).unwrap().unwrap();
    let (skimmed, at) = (Msat::ZERO, record.updated);
    let expect = NodeEvent::Received { hash: one.hash, amount: AMOUNT, skimmed, at };
    assert_eq!(event, expect);
    acknowledged(around);
    assert_eq!(
        (record.direction, record.status),
        (FlowDirection::Inbound, RecordStatus::Succeeded)
    );
    assert_eq!(record.amount, Some(AMOUNT));
    assert!(node.records().unwrap().contains(&record));
    eventually("the money to be held;", PATIENCE, || {
        let holdings = node.holdings().unwrap();
        let arrived = holdings.at_rest && holdings.total.get() == before.get() + AMOUNT.get();
        if arrived { Ok(()) } else { Err(format!("{holdings:?}")) }
    });
}

fn pays(around: &dyn Surroundings) {
    let node = around.node();
    let before = node.holdings().unwrap().total;
    let order = order(around, &around.wallet_invoice(AMOUNT));
    assert_eq!(node.record(&order.hash).unwrap(), None);
    node.pay(&order).unwrap();
    let NodeEvent::Sent { hash, preimage, fee } = next(around) else { panic!("not sent") };
    assert_eq!(hash, order.hash);
    assert_proof(&hash, preimage);
    let fee = fee.unwrap();
    assert!(fee <= MAX_FEE, "{fee:?}");
    acknowledged(around);
    let record = node.record(&hash).unwrap().unwrap();
    assert_eq!(
        (record.direction, record.status),
        (FlowDirection::Outbound, RecordStatus::Succeeded)
    );
    assert_eq!((record.fee, record.preimage), (Some(fee), preimage));
    let again = node.pay(&order);
    assert!(matches!(again, Err(PayError::Unclear(_))), "a duplicate proves nothing: {again:?}");
    eventually("the money to be gone;", PATIENCE, || {
        let total = node.holdings().unwrap().total.get();
        let gone = before.get() - total;
        if gone == AMOUNT.get() + fee.get() { Ok(()) } else { Err(gone.to_string()) }
    });
}

fn assert_proof(hash: &PaymentHash, preimage: Option<Preimage>) {
    assert_eq!(sha256(&preimage.unwrap().0).0, hash.0, "the preimage is the proof");
}

fn in_flight(around: &dyn Surroundings) -> PaymentHash {
    let node = around.node();
    let order = order(around, &around.hold_invoice(AMOUNT));
    node.pay(&order).unwrap();
    eventually("the payment to be carried;", PATIENCE, || {
        if node.pending_hashes().unwrap().contains(&order.hash) {
            Ok(())
        } else {
            Err(String::new())
        }
    });
    assert_eq!(status(around, &order.hash), Some(RecordStatus::Pending));
    assert!(!node.holdings().unwrap().at_rest);
    let again = node.pay(&order);
    assert!(matches!(again, Err(PayError::Unclear(_))), "{again:?}");
    order.hash
}

fn lets_wait_and_settles(around: &dyn Surroundings) {
    let hash = in_flight(around);
    around.settle(&hash);
    let NodeEvent::Sent { hash: sent, preimage, .. } = next(around) else { panic!("not sent") };
    assert_eq!(sent, hash);
    assert_proof(&hash, preimage);
    acknowledged(around);
    rests(around);
    assert_eq!(status(around, &hash), Some(RecordStatus::Succeeded));
}

fn lets_wait_and_fails(around: &dyn Surroundings) {
    let before = around.node().holdings().unwrap().total;
    let hash = in_flight(around);
    around.refuse(&hash);
    let event = next(around);
    let code = FailureCode::RecipientRejected;
    assert_eq!(event, NodeEvent::SendFailed { hash, code });
    acknowledged(around);
    rests(around);
    assert_eq!(status(around, &hash), Some(RecordStatus::Failed));
    assert_eq!(around.node().holdings().unwrap().total, before, "nothing is lost");
}

fn rests(around: &dyn Surroundings) {
    let node = around.node();
    eventually("nothing to be carried;", PATIENCE, || {
        let carried = node.pending_hashes().unwrap();
        let at_rest = node.holdings().unwrap().at_rest;
        if carried.is_empty() && at_rest { Ok(()) } else { Err(format!("{carried:?}")) }
    });
}

/// The node says so at once, or in an event; in either way nothing left.
fn finds_no_route(around: &dyn Surroundings) {
    let node = around.node();
    let before = node.holdings().unwrap();
    let order = order(around, &around.unreachable_invoice(AMOUNT));
    match node.pay(&order) {
        Ok(()) => {
            let event = next(around);
            assert_eq!(
                event,
                NodeEvent::SendFailed { hash: order.hash, code: FailureCode::NoRoute }
            );
            acknowledged(around);
        }
        Err(PayError::Rejected(code)) => assert_eq!(code, FailureCode::NoRoute),
        Err(unclear) => panic!("{unclear:?}"),
    }
    assert_eq!(status(around, &order.hash), Some(RecordStatus::Failed));
    assert_eq!(node.holdings().unwrap(), before);
}

fn says_when_it_is_down(around: &dyn Surroundings) {
    let text = around.wallet_invoice(AMOUNT);
    let order = order(around, &text);
    let (node, id) = (around.node(), around.node().node_id());
    let chain = node.chain().unwrap();
    assert!(chain.may_pay() && chain.height > 0, "{chain:?}");
    assert_eq!(node.liquidity().unwrap().usable_peers, 1);
    let records = node.records().unwrap();
    around.stop();
    assert!(
        records.iter().all(|record| node.record(&record.hash).unwrap().as_ref() == Some(record))
    );
    assert_eq!(node.records().unwrap(), records, "they are compared with the books before a start");
    assert_eq!(node.pay(&order), Err(PayError::Rejected(FailureCode::NodeNotReady)));
    assert!(node.create_invoice(AMOUNT, "x", Span::from_secs(60)).is_err());
    assert!(node.chain().is_err() && node.liquidity().is_err() && node.holdings().is_err());
    assert!(node.pending_hashes().is_err());
    assert_eq!(node.next_event(Span::default()), None);
    assert_eq!(node.node_id(), id);
    node.parse_invoice(&text).unwrap();
}
